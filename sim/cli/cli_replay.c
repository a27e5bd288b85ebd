/*
 * cli_replay.c - futexsim replay: the moves of a trace on today's machine, or
 * the schedule of a file that a search has written.
 *
 * The scenario's text is in the trace.  Every event must come out as it was;
 * the first that does not is where the replay diverges.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/run/names.h"
#include "sim/cli/replay_schedule.h"
#include "sim/report/report.h"
#include "sim/run/trace_run.h"

/* ---- comparing --------------------------------------------------------- */

static bool is_same(const struct event *a, const struct event *b)
{
	return a->thread == b->thread && a->kind == b->kind &&
	       a->object_kind == b->object_kind && a->object == b->object &&
	       a->peer == b->peer && a->in == b->in && a->out == b->out &&
	       a->old_value == b->old_value && a->new_value == b->new_value &&
	       a->time_ns == b->time_ns;
}

static void say_event(const struct trace *t, const char *which,
		      const struct event *e)
{
	char point[POINT_NAME_MAX], value[RESULT_TEXT_MAX];
	const char *who = e->thread >= 0 ? t->threads[e->thread].name
			  : e->thread == MOVER_CLOCK ? "clock"
						     : "signal";

	fprintf(stderr, "  %s: step %u, %s, %s", which, e->n, who,
		event_point(e->kind, e->object_kind, point));
	if (e->object)
		fprintf(stderr, " of %s", t->objects[e->object].name);
	fprintf(stderr, ", result %s", result_text(e->out, value));
	if (e->src)
		fprintf(stderr, " (%s)", e->src);
	fputc('\n', stderr);
}

/* Returns whether the new trace is the old one. */
static bool compare(const struct trace *old, const struct trace *new_trace,
		    const char *path)
{
	uint32_t i = 0;

	while (i < old->event_count && i < new_trace->event_count &&
	       is_same(&old->events[i], &new_trace->events[i]))
		i++;
	if (i == old->event_count && i == new_trace->event_count)
		return true;
	fprintf(stderr,
		"%s:%u:1: error: the replay diverges at step %u of %u\n", path,
		i + 2, i + 1, old->event_count);
	if (i < old->event_count)
		say_event(old, "recorded", &old->events[i]);
	if (i < new_trace->event_count)
		say_event(new_trace, "replayed", &new_trace->events[i]);
	return false;
}

/* ---- the command ------------------------------------------------------- */

static bool fits(const struct scenario *s, const struct trace *t,
		 const char *path)
{
	if (s->thread_count == t->thread_count && profile_find(t->profile))
		return true;
	fprintf(stderr,
		"%s:1:1: error: the header does not fit the scenario in it\n",
		path);
	return false;
}

struct scenario *cli_trace_scenario(const struct trace *t, const char *path)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, t->file);
	s = scenario_parse(t->file, t->source, strlen(t->source), &d);
	if (!s)
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	if (s && !fits(s, t, path)) {
		scenario_free(s);
		s = NULL;
	}
	return s;
}

static int finish(const struct options *o, const struct trace *t,
		  const char *path, struct run *run)
{
	struct report_options options = {.color = wants_color(stdout)};
	bool is_stdout = o->trace && !strcmp(o->trace, "-");
	int error = 0;

	if (o->trace)
		error = cli_write_trace(o->trace, run->trace);
	if (o->is_json)
		report_json(run, is_stdout ? stderr : stdout);
	else
		report_text(run, &options, is_stdout ? stderr : stdout);
	fflush(stdout);
	if (!compare(t, run->trace, path))
		return EXIT_DIVERGED;
	return error ? error : cli_exit_code(run);
}

static int replay(const struct options *o, const struct trace *t,
		  const struct scenario *s, const char *path)
{
	struct run_request request;
	struct move *moves;
	struct sim sim;
	struct run run;
	int code;

	trace_run_request(t, s, &request, &moves);
	sim_init(&sim);
	run_scenario(&sim, &request, &run);
	code = finish(o, t, path, &run);
	trace_free(run.trace);
	sim_fini(&sim);
	free(moves);
	return code;
}

static int replay_trace(const struct options *o, const char *path)
{
	struct trace *t = cli_read_trace(path);
	struct scenario *s = t ? cli_trace_scenario(t, path) : NULL;
	int code = s ? replay(o, t, s, path) : EXIT_INVALID;

	scenario_free(s);
	trace_free(t);
	return code;
}

/* ---- which of the two -------------------------------------------------- */

static int first_letter(FILE *in)
{
	int c = getc(in);

	while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		c = getc(in);
	return c;
}

/* A trace is in braces; a scenario may be, and then has its version there. */
static bool begins_as_trace(FILE *in)
{
	static const char key[] = "futexsim";
	char text[64] = "";
	const char *word = text;

	if (first_letter(in) != '{')
		return false;
	word += fread(text, 1, sizeof(text) - 1, in) ? strspn(text, " \t\r\n\"")
						     : 0;
	return strncmp(word, key, strlen(key)) || word[strlen(key)] == '_';
}

bool cli_is_trace(const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *in = is_stdin ? stdin : fopen(path, "r");
	bool is;
	int c;

	if (!in)
		return true;
	if (is_stdin) {
		c = first_letter(in);
		is = c == '{';
		ungetc(c, in);
		return is;
	}
	is = begins_as_trace(in);
	fclose(in);
	return is;
}

int cli_replay(const struct options *o, int count, char **arguments)
{
	(void)count;
	if (cli_is_trace(arguments[0]))
		return replay_trace(o, arguments[0]);
	return replay_schedule(o, arguments[0]);
}
