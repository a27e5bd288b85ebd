/*
 * cli_replay.c - futexsim replay: the moves of a trace on today's machine, or
 * the schedule of a file that a search has written.
 *
 * The scenario's text is in the trace.  Every event must come out as it was;
 * the first that does not is where the replay diverges.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/cli.h"
#include "sim/names.h"
#include "sim/replay_schedule.h"
#include "sim/report.h"

/* ---- from events back to moves ----------------------------------------- */

static struct move move_of(const struct event *e)
{
	if (e->thread >= 0)
		return (struct move){.kind = MOVE_STEP,
				     .thread = (uint32_t)e->thread};
	if (e->kind == EVENT_TIMER_FIRE)
		return (struct move){.kind = MOVE_FIRE,
				     .thread = (uint32_t)e->peer};
	if (e->kind == EVENT_SIGNAL)
		return (struct move){.kind = MOVE_SIGNAL,
				     .thread = (uint32_t)e->peer,
				     .ns = e->in};
	if (e->kind == EVENT_SPURIOUS)
		return (struct move){.kind = MOVE_SPURIOUS,
				     .thread = (uint32_t)e->peer};
	return (struct move){.kind = MOVE_ADVANCE, .ns = e->in};
}

/* A run that was stopped is to be stopped at the same step. */
static uint32_t steps_max_of(const struct trace *t)
{
	unsigned int i;

	for (i = 0; i < t->verdict_count; i++) {
		if (t->verdicts[i].kind == VERDICT_STEP_LIMIT)
			return t->step_count;
	}
	return 0;
}

static bool breaks_the_machine(enum verdict_kind kind)
{
	return kind == VERDICT_KERNEL_BUG || kind == VERDICT_USE_AFTER_FREE ||
	       kind == VERDICT_DOUBLE_FREE;
}

/* The thread whose last move broke the machine and may have left no event. */
static int32_t breaker_of(const struct trace *t)
{
	const struct verdict *v;
	unsigned int i;

	for (i = 0; i < t->verdict_count; i++) {
		v = &t->verdicts[i];
		if (breaks_the_machine(v->kind) && v->thread >= 0 &&
		    v->at == t->event_count &&
		    !strcmp(t->threads[v->thread].end, "runnable"))
			return v->thread;
	}
	return EVENT_NOBODY;
}

static struct move *moves_of(const struct trace *t, uint32_t *count)
{
	struct move *moves = calloc(t->event_count + 3, sizeof(*moves));
	uint32_t i;

	if (!moves)
		abort();
	*count = 0;
	for (i = 0; i < t->event_count; i++) {
		if (t->events[i].step)
			moves[(*count)++] = move_of(&t->events[i]);
	}
	if (breaker_of(t) >= 0)
		moves[(*count)++] = (struct move){
			.kind = MOVE_STEP, .thread = (uint32_t)breaker_of(t)};
	/* One more, which the limit of steps keeps from being made. */
	if (steps_max_of(t))
		moves[(*count)++] = (struct move){.kind = MOVE_ADVANCE};
	return moves;
}

static uint64_t quirks_of(const struct trace *t)
{
	uint64_t quirks = 0;
	unsigned int i;
	int q;

	for (i = 0; i < t->quirks.count; i++) {
		q = quirk_find(t->quirks.items[i]);
		if (q >= 0)
			quirks |= UINT64_C(1) << q;
	}
	return quirks;
}

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

static const struct schedule *schedule_of(const struct scenario *s,
					  const struct trace *t)
{
	uint32_t i;

	for (i = 0; i < s->schedule_count; i++) {
		if (!strcmp(s->schedules[i].name, t->schedule))
			return &s->schedules[i];
	}
	return NULL;
}

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

/*
 * A schedule is followed line by line again, for its checks are part of the
 * verdict; any other run is repeated move by move.
 */
static enum run_mode mode_of(const struct trace *t)
{
	return strcmp(t->policy, "script") ? RUN_REPLAY : RUN_SCRIPT;
}

static int replay(const struct options *o, const struct trace *t,
		  const struct scenario *s, const char *path)
{
	struct run_request request = {
		.scenario = s,
		.schedule = schedule_of(s, t),
		.profile = t->profile,
		.quirks = quirks_of(t),
		.mode = mode_of(t),
		.seed = t->seed,
		.steps_max = steps_max_of(t),
		.is_one_of_many = !strcmp(t->policy, "search"),
		.wants_trace = true,
	};
	struct sim sim;
	struct run run;
	uint64_t own;
	struct move *moves = moves_of(t, &request.move_count);
	int code;

	run_quirks(s, t->profile, &own);
	request.is_overridden = own != request.quirks;
	request.moves = moves;
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
	struct diagnostics d;
	struct scenario *s;
	int code = EXIT_INVALID;

	if (!t)
		return EXIT_INVALID;
	diagnostics_init(&d, t->file);
	s = scenario_parse(t->file, t->source, strlen(t->source), &d);
	if (!s)
		diagnostics_print(&d, stderr);
	else if (fits(s, t, path))
		code = replay(o, t, s, path);
	diagnostics_fini(&d);
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

static bool is_trace(const char *path)
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
	if (is_trace(arguments[0]))
		return replay_trace(o, arguments[0]);
	return replay_schedule(o, arguments[0]);
}
