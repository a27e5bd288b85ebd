/*
 * replay_schedule.c - a schedule file run again, held against what it says.
 *
 * Three things show that the code is no longer what it was: a line that cannot
 * be carried out, a line that makes other steps than it did, another verdict.
 */
#include "sim/cli/replay_schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/report/report.h"
#include "sim/run/schedule_blocks.h"

#define TEXT_MAX 512

struct replay {
	const struct scenario *s;
	const struct options *o;
	struct run run;
	struct schedule_blocks blocks;
};

/* ---- saying so --------------------------------------------------------- */

static void say_at(const struct replay *r, const struct mark *mark,
		   const char *what)
{
	struct diagnostics d;

	scenario_diagnostics(r->s, &d);
	diagnostics_add(&d, mark->line, mark->col,
			"the replay diverges here: %s", what);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
}

static void say_kinds(const char *which, uint32_t kinds, uint64_t steps)
{
	const char *between = "";
	int kind;

	fprintf(stderr, "  %s: %" PRIu64 " steps, ", which, steps);
	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (!(kinds >> kind & 1))
			continue;
		fprintf(stderr, "%s%s", between,
			verdict_name((enum verdict_kind)kind));
		between = ", ";
	}
	fputs(kinds ? "\n" : "no verdict\n", stderr);
}

static uint32_t kinds_of(const struct sim *sim)
{
	uint32_t i, kinds = 0;

	for (i = 0; i < sim->verdict_count; i++)
		kinds |= 1u << sim->verdicts[i].kind;
	return kinds;
}

/* ---- the first difference ---------------------------------------------- */

static bool moves_somebody(const struct schedule_line *line)
{
	switch (line->kind) {
	case LINE_THREAD:
		return line->stop != STOP_STUCK;
	case LINE_CLOCK:
	case LINE_TIMER_FIRE:
	case LINE_SIGNAL:
	case LINE_SPURIOUS:
		return true;
	case LINE_ALL_STUCK:
	case LINE_ALL_FINISH:
	case LINE_CHECK:
	case LINE_SHOW:
	case LINE_EXPLORE:
		break;
	}
	return false;
}

/* The line that the recorded block @index was made into, or NULL. */
static const struct schedule_line *line_of(const struct replay *r,
					   uint32_t index)
{
	const struct schedule *schedule = r->run.request.schedule;
	const struct schedule_line *line = schedule->lines;
	uint32_t i;

	for (i = 0; i < schedule->line_count; i++, line++) {
		if (moves_somebody(line) && !index--)
			return line;
	}
	return NULL;
}

/* The first block that is not as it was; the count of all if there is none. */
static uint32_t first_other(const struct replay *r)
{
	const struct recorded *recorded = &r->s->recorded;
	uint32_t i;

	for (i = 0; i < recorded->block_count && i < r->blocks.count; i++) {
		if (recorded->blocks[i].steps != r->blocks.items[i].steps ||
		    recorded->blocks[i].mark !=
			    schedule_block_mark(&r->blocks.items[i]))
			break;
	}
	return i;
}

/* What a block consists of now, as far as there is room. */
static void list_points(const struct replay *r, const struct schedule_block *b,
			FILE *out)
{
	const struct event *e;
	char point[POINT_NAME_MAX];
	unsigned int count = 0;
	uint32_t n;

	for (n = b->first; n <= b->last; n++) {
		e = &r->run.trace->events[n - 1];
		if (!e->step)
			continue;
		if (++count > 12) {
			fputs(", ...", out);
			return;
		}
		fprintf(out, "%s%s", count > 1 ? ", " : "",
			event_point(e->kind, e->object_kind, point));
	}
}

static void tell_other(const struct replay *r, uint32_t index, FILE *out)
{
	const struct schedule_block *b = &r->blocks.items[index];
	const struct recorded *recorded = &r->s->recorded;

	if (index >= r->blocks.count) {
		fputs("the run is over before this line", out);
		return;
	}
	if (index >= recorded->block_count)
		fprintf(out, "step %" PRIu32 " was not made, but is now: ",
			b->first);
	else if (recorded->blocks[index].steps == b->steps)
		fprintf(out, "as many steps as recorded, but others: ");
	else
		fprintf(out, "%u step%s recorded, now there %s %" PRIu32 ": ",
			recorded->blocks[index].steps,
			recorded->blocks[index].steps == 1 ? " is" : "s are",
			b->steps == 1 ? "is" : "are", b->steps);
	list_points(r, b, out);
}

static void say_other(const struct replay *r)
{
	uint32_t index = first_other(r);
	const struct schedule_line *line = line_of(r, index);
	const struct mark *mark =
		line ? &line->mark : &r->run.request.schedule->mark;
	char what[TEXT_MAX] = "";
	FILE *out = fmemopen(what, sizeof(what) - 1, "w");

	if (!out)
		abort();
	tell_other(r, index, out);
	fclose(out);
	say_at(r, mark, what);
}

/* ---- comparing --------------------------------------------------------- */

/* Returns whether the run is what was recorded. */
static bool is_as_recorded(const struct replay *r)
{
	const struct recorded *recorded = &r->s->recorded;
	uint32_t kinds = kinds_of(r->run.sim);
	struct mark mark = {r->run.error_line, r->run.error_col};
	char digest[17];

	if (r->run.error) {
		say_at(r, &mark, r->run.error);
		return false;
	}
	if (!recorded->is_given)
		return true;
	snprintf(digest, sizeof(digest), "%016" PRIx64, r->blocks.digest);
	if (strcmp(digest, recorded->digest))
		say_other(r);
	else if (kinds != recorded->verdicts)
		fprintf(stderr,
			"%s:1:1: error: the replay makes the recorded steps "
			"and ends otherwise\n",
			r->s->path);
	else
		return true;
	say_kinds("recorded", recorded->verdicts, recorded->steps);
	say_kinds("replayed", kinds, r->blocks.steps);
	return false;
}

static int finish(struct replay *r)
{
	struct report_options options = {.color = wants_color(stdout)};
	bool is_stdout = r->o->trace && !strcmp(r->o->trace, "-");
	FILE *out = is_stdout ? stderr : stdout;
	int error = 0;

	if (r->o->trace)
		error = cli_write_trace(r->o->trace, r->run.trace);
	if (r->o->trace && !error)
		options.trace = r->o->trace;
	if (r->o->is_json)
		report_json(&r->run, out);
	else
		report_text(&r->run, &options, out);
	fflush(out);
	if (!is_as_recorded(r))
		return EXIT_DIVERGED;
	return error ? error : cli_exit_code(&r->run);
}

/* ---- the command ------------------------------------------------------- */

/* Of several, none is meant. */
static bool is_one_run(const struct scenario *s)
{
	const char *what = NULL;

	if (s->schedule_count != 1)
		what = s->schedule_count ? "several schedules" : "no schedule";
	else if (s->profiles.count != 1)
		what = "several profiles";
	else if (s->matrix.combination_count != 1)
		what = "several combinations of a matrix";
	else if (schedule_is_prefix(s->schedules))
		what = "a schedule that ends in `explore`";
	if (what)
		fprintf(stderr,
			"%s:1:1: error: %s: a replay takes a trace, or a file "
			"with one profile and one schedule\n",
			s->path, what);
	return !what;
}

static int replay(struct replay *r)
{
	const struct scenario *s = r->s;
	struct run_request request = {
		.scenario = s,
		.schedule = s->schedules,
		.profile = s->profiles.items[0],
		.mode = RUN_SCRIPT,
		.steps_max = (uint32_t)s->recorded.max_steps,
		.is_one_of_many = s->recorded.is_given,
		.wants_trace = true,
	};
	struct sim sim;
	int code;

	run_quirks(s, request.profile, &request.quirks);
	sim_init(&sim);
	run_scenario(&sim, &request, &r->run);
	schedule_blocks_of(&r->run, &r->blocks);
	code = finish(r);
	free(r->blocks.items);
	trace_free(r->run.trace);
	sim_fini(&sim);
	return code;
}

int replay_schedule(const struct options *o, const char *path)
{
	struct scenario *s = cli_load(path, o);
	struct replay r = {.s = s, .o = o};
	int code = EXIT_INVALID;

	if (s && is_one_run(s))
		code = replay(&r);
	scenario_free(s);
	return code;
}
