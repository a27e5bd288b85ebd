/*
 * cli_minimize.c - futexsim minimize: a run with the same kind of verdict as
 * the one that a file shows, and as few preemptions as can be.
 *
 * The new one goes to a schedule file, what has become less to stderr.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/loader/explore_names.h"
#include "sim/cli/shown.h"

struct minimizing {
	const struct options *o;
	struct shown shown;
	struct run run; /* the new one */
	struct movers movers;
	uint32_t preemptions;
	uint32_t steps;
	bool is_sure; /* fewer preemptions will not do */
};

/* ---- files ------------------------------------------------------------- */

static const char *schedule_path(const struct options *o)
{
	return o->output && !cli_is_picture(o->output) ? o->output : "-";
}

static int write_files(struct minimizing *m)
{
	const struct options *o = m->o;
	enum granularity granularity = m->shown.request.explore.granularity;
	int code = cli_write_schedule(schedule_path(o), &m->run, granularity);

	if (!code && o->trace)
		code = cli_write_trace(o->trace, m->run.trace);
	if (!code && o->output && cli_is_picture(o->output))
		code = cli_draw_trace(o, m->run.trace, o->output);
	return code;
}

/* ---- saying so --------------------------------------------------------- */

static void say_count(FILE *out, uint32_t count, const char *what)
{
	fprintf(out, "%" PRIu32 " %s%s", count, what, count == 1 ? "" : "s");
}

static void say_text(const struct minimizing *m, FILE *out)
{
	const struct shown *shown = &m->shown;

	if (shown->is_finer)
		fputs("a thread is preempted where the granularity wanted lets "
		      "none be: minimised at granularity kernel\n",
		      out);
	fprintf(out, "%s: ", verdict_name(shown->kind));
	say_count(out, shown->preemptions, "preemption");
	fputs(", ", out);
	say_count(out, shown->steps, "step");
	fputs(" before; ", out);
	say_count(out, m->preemptions, "preemption");
	fputs(", ", out);
	say_count(out, m->steps, "step");
	fputs(" after\n", out);
	if (!m->preemptions)
		return;
	if (m->is_sure)
		fputs("fewer preemptions are ruled out: every such run was "
		      "made\n",
		      out);
	else
		fprintf(out,
			"fewer preemptions were not found with --budget "
			"%" PRIu64 ", and are not ruled out\n",
			m->o->budget);
}

static json_t *figures(uint32_t preemptions, uint32_t steps)
{
	return json_pack("{s:i, s:i}", "preemptions", (int)preemptions, "steps",
			 (int)steps);
}

static void say_json(const struct minimizing *m, FILE *out)
{
	const struct shown *s = &m->shown;
	json_t *root = json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:s}", "scenario",
		s->scenario->name, "profile", s->request.profile, "verdict",
		verdict_name(s->kind), "granularity",
		granularity_name(s->request.explore.granularity), "before",
		figures(s->preemptions, s->steps), "after",
		figures(m->preemptions, m->steps), "fewer_ruled_out",
		m->is_sure, "schedule", schedule_path(m->o));

	if (!root)
		abort();
	json_dumpf(root, out, 0);
	fputc('\n', out);
	json_decref(root);
}

/* Where the schedule does not go. */
static void say(const struct minimizing *m)
{
	bool is_stdout = !strcmp(schedule_path(m->o), "-");

	if (m->o->is_json)
		say_json(m, is_stdout ? stderr : stdout);
	else if (!m->o->is_quiet)
		say_text(m, stderr);
}

/* ---- the command ------------------------------------------------------- */

/* The run that is written is made once more, and held against what it is. */
static int make_again(struct minimizing *m)
{
	const struct search_request *r = &m->shown.request;
	struct sim *sim = &m->shown.sim;

	m->preemptions = search_preemptions(r, &m->movers, sim);
	search_replay(r, &m->movers, true, sim, &m->run);
	m->steps = sim->step_count;
	if (!m->run.has_diverged && sim_has_verdict(sim, m->shown.kind))
		return 0;
	fputs("futexsim: error: the minimised run cannot be made again\n",
	      stderr);
	return EXIT_INTERNAL;
}

static int minimize(struct minimizing *m)
{
	const struct shown *shown = &m->shown;
	int code;

	m->movers = shown->movers;
	m->is_sure = search_minimize(&shown->request, shown->kind, m->o->budget,
				     &m->shown.arena, &m->movers);
	code = make_again(m);
	if (!code)
		code = write_files(m);
	if (!code)
		say(m);
	trace_free(m->run.trace);
	return code;
}

int cli_minimize(const struct options *o, int count, char **arguments)
{
	struct minimizing *m = calloc(1, sizeof(*m));
	int code;

	(void)count;
	if (!m)
		abort();
	m->o = o;
	code = shown_load(&m->shown, o, arguments[0]);
	if (!code)
		code = minimize(m);
	shown_fini(&m->shown);
	free(m);
	return code;
}
