/*
 * shown.c - the run that a file shows, as a search would have found it.
 *
 * The run is made as its file says.  Its steps, one by one, are a list of
 * movers; followed at the granularity that is wanted, with the checks and the
 * clock of a search, it must show the same kind of verdict again.
 */
#include "sim/cli/shown.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/explore_options.h"
#include "sim/run/schedule_blocks.h"
#include "sim/search/search_guide.h"
#include "sim/run/trace_run.h"

/* Beyond the bound on steps, if the run has as many already. */
#define MORE_STEPS 20000u

struct loading {
	struct shown *shown;
	const struct options *o;
	struct run_request request;
	uint32_t request_count;
	struct move *moves; /* of a trace */
	struct run run;
	struct movers steps; /* each step of the run */
};

static int refuse(const struct loading *l, const char *why)
{
	if (!l->shown->is_silent)
		fprintf(stderr, "%s:1:1: error: %s\n", l->shown->path, why);
	return EXIT_INVALID;
}

/* ---- which run --------------------------------------------------------- */

static int note_request(struct run_request *request, void *arg)
{
	struct loading *l = arg;

	if (!l->request_count++)
		l->request = *request;
	return 0;
}

static int choose_run(struct loading *l)
{
	int code = cli_each_run(l->shown->scenario, l->o, note_request, l);

	if (code)
		return code;
	if (l->request_count > 1) {
		fprintf(stderr,
			"futexsim: error: %s has %u runs; choose one with "
			"--profile, --schedule and -P\n",
			l->shown->path, l->request_count);
		return EXIT_USAGE;
	}
	if (schedule_is_prefix(l->request.schedule))
		return refuse(l, "a schedule that ends in `explore` is no "
				 "whole run");
	return 0;
}

static int load_trace(struct loading *l)
{
	struct shown *shown = l->shown;

	shown->file = cli_read_trace(shown->path);
	if (shown->file)
		shown->scenario = cli_trace_scenario(shown->file, shown->path);
	if (!shown->scenario)
		return EXIT_INVALID;
	trace_run_request(shown->file, shown->scenario, &l->request, &l->moves);
	return 0;
}

static int load_file(struct loading *l)
{
	if (cli_is_trace(l->shown->path))
		return load_trace(l);
	l->shown->scenario = cli_load(l->shown->path, l->o);
	return l->shown->scenario ? choose_run(l) : EXIT_INVALID;
}

/* ---- making it --------------------------------------------------------- */

static int say_script_error(const struct loading *l)
{
	const struct scenario *s = l->shown->scenario;
	struct diagnostics d;

	if (l->shown->is_silent)
		return EXIT_INVALID;
	scenario_diagnostics(s, &d);
	diagnostics_add(&d, l->run.error_line, l->run.error_col, "%s",
			l->run.error);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return s->recorded.is_given ? EXIT_DIVERGED : EXIT_INVALID;
}

static int make_run(struct loading *l)
{
	l->request.wants_trace = true;
	l->request.is_one_of_many = true;
	run_scenario(&l->shown->sim, &l->request, &l->run);
	if (l->run.error)
		return say_script_error(l);
	if (l->run.has_diverged) {
		refuse(l, "the replay diverges; `futexsim replay` says where");
		return EXIT_DIVERGED;
	}
	return 0;
}

/* The bug that is known, if it is one; else what came first. */
static int choose_kind(struct loading *l)
{
	const struct expected_bug *bug = &l->shown->scenario->bug;
	const struct sim *sim = l->run.sim;
	bool has_kind = false;
	uint32_t i;

	if (!sim->verdict_count)
		return refuse(l, "nothing is wrong with this run: it has no "
				 "verdict");
	for (i = sim->verdict_count; i-- > 0;) {
		if (schedule_check_of(&l->run, &sim->verdicts[i]))
			continue;
		l->shown->kind = sim->verdicts[i].kind;
		has_kind = true;
	}
	if (!has_kind)
		return refuse(l, "only a check of the schedule fails, and that "
				 "is no part of another run");
	if (bug->is_given && sim_has_verdict(sim, bug->kind))
		l->shown->kind = bug->kind;
	return 0;
}

/* ---- from steps to movers ---------------------------------------------- */

static uint16_t mover_of(const struct move *move, uint32_t threads)
{
	switch (move->kind) {
	case MOVE_STEP:
		return mover_number(threads, MOVER_IS_THREAD, move->thread);
	case MOVE_FIRE:
		return mover_number(threads, MOVER_IS_CLOCK, 0);
	case MOVE_SIGNAL:
		return mover_number(threads, MOVER_IS_SIGNAL, move->thread);
	case MOVE_SPURIOUS:
		return mover_number(threads, MOVER_IS_SPURIOUS, move->thread);
	case MOVE_SIGNAL_PROCESS:
	case MOVE_ADVANCE:
	case MOVE_STOP:
		break;
	}
	return NO_MOVER;
}

static void add_mover(struct loading *l, uint16_t mover)
{
	struct exploration *e = &l->shown->request.explore;
	uint32_t threads = l->shown->scenario->thread_count, i;

	if (mover == NO_MOVER)
		return;
	l->steps.items[l->steps.count++] = mover;
	switch (mover_kind(threads, mover, &i)) {
	case MOVER_IS_SIGNAL:
		e->signals[i]++;
		break;
	case MOVER_IS_SPURIOUS:
		e->spurious++;
		break;
	case MOVER_IS_THREAD:
	case MOVER_IS_CLOCK:
	case MOVER_IS_END:
		break;
	}
}

/* What the file lets happen may happen, and what the run shows as well. */
static void widen(struct exploration *e, const struct exploration *own,
		  uint32_t threads)
{
	uint32_t i;

	for (i = 0; own->signals && i < threads; i++) {
		if (e->signals[i] < own->signals[i])
			e->signals[i] = own->signals[i];
	}
	if (e->spurious < own->spurious)
		e->spurious = own->spurious;
}

static void take_movers(struct loading *l)
{
	const struct trace *t = l->run.trace;
	const struct sim *sim = l->run.sim;
	struct shown *shown = l->shown;
	struct move move;
	uint32_t i;

	shown->request.explore.signals = shown->signals;
	shown->request.explore.spurious = 0;
	l->steps.items = arena_alloc(
		&shown->arena, (t->event_count + 2) * sizeof(*l->steps.items));
	for (i = 0; i < t->event_count; i++) {
		if (!t->events[i].step)
			continue;
		move = trace_move(&t->events[i]);
		add_mover(l, mover_of(&move, sim->task_count));
	}
	/* The one that broke the machine may have left no event. */
	if (sim->step_count > t->step_count && sim->is_over && sim->mover >= 0)
		add_mover(l, (uint16_t)sim->mover);
	widen(&shown->request.explore, &shown->scenario->explore,
	      sim->task_count);
}

/* ---- as a run of a search ---------------------------------------------- */

static void fill_request(struct loading *l)
{
	const struct scenario *s = l->shown->scenario;
	struct search_request *r = &l->shown->request;
	struct search_bounds *b = &r->explore.bounds;

	*r = (struct search_request){
		.scenario = s,
		.profile = l->request.profile,
		.quirks = l->request.quirks,
		.is_overridden = l->request.is_overridden,
		.explore = s->explore,
		.has_symmetry = true,
		.jobs = 1,
	};
	if (s->recorded.is_given)
		r->explore.granularity = s->recorded.granularity;
	explore_options_apply(l->o, &r->explore);
	b->preemptions = NO_BOUND;
	b->executions = NO_BOUND;
	if (l->o->bounds.steps != NO_BOUND)
		return;
	if (l->run.sim->is_at_limit)
		b->steps = l->run.sim->step_count;
	else if (search_steps_max(&r->explore) <= l->run.sim->step_count)
		b->steps = l->run.sim->step_count + MORE_STEPS;
}

/* Is the run, made so, still what it was? */
static bool follow(struct loading *l)
{
	struct shown *shown = l->shown;
	struct movers trail;
	struct guide *g = malloc(sizeof(*g));
	bool is_same = false;

	if (!g)
		abort();
	if (!guide_init(g, &shown->request, 1)) {
		guide_join_steps(g, &l->steps);
		is_same = !g->skipped && guide_is_whole(g) &&
			  guide_kinds(g) >> shown->kind & 1;
		trail = guide_trail(g);
		shown->movers = movers_copy(&trail, &shown->arena);
		shown->preemptions = g->search.preemptions;
		shown->steps = g->search.sim.step_count;
		guide_fini(g);
	}
	free(g);
	return is_same;
}

static bool follow_at_any_time(struct loading *l)
{
	struct exploration *e = &l->shown->request.explore;
	enum timeouts own = e->timeouts;

	if (follow(l))
		return true;
	e->timeouts = TIMEOUTS_ANY;
	if (own != TIMEOUTS_ANY && follow(l))
		return true;
	e->timeouts = own;
	return false;
}

static int find_in_search(struct loading *l)
{
	struct exploration *e = &l->shown->request.explore;
	bool is_coarse =
		e->granularity != GRANULARITY_KERNEL || e->preempt_at.count;

	if (follow_at_any_time(l))
		return 0;
	e->granularity = GRANULARITY_KERNEL;
	e->preempt_at.count = 0;
	l->shown->is_finer = is_coarse;
	if (is_coarse && follow_at_any_time(l))
		return 0;
	return refuse(l, "a search cannot make this run: its clock goes to the "
			 "next deadline and no further, its signals are all "
			 "alike, and it ends when nobody can move");
}

/* ---- the whole --------------------------------------------------------- */

static int make(struct loading *l)
{
	int code = 0;

	if (l->shown->scenario->thread_count > SEARCH_THREADS_MAX)
		code = refuse(l, "a search takes at most 64 threads");
	if (!code)
		code = make_run(l);
	if (!code)
		code = choose_kind(l);
	if (code)
		return code;
	fill_request(l);
	take_movers(l);
	return find_in_search(l);
}

static struct loading *begin(struct shown *shown, const struct options *o,
			     const char *path)
{
	struct loading *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	memset(shown, 0, sizeof(*shown));
	shown->path = path;
	sim_init(&shown->sim);
	arena_init(&shown->arena);
	l->shown = shown;
	l->o = o;
	return l;
}

static int end(struct loading *l, int code)
{
	trace_free(l->run.trace);
	free(l->moves);
	free(l);
	return code;
}

int shown_load(struct shown *shown, const struct options *o, const char *path)
{
	struct loading *l = begin(shown, o, path);
	int code = load_file(l);

	return end(l, code ? code : make(l));
}

int shown_make(struct shown *shown, const struct options *o,
	       const struct run_request *request)
{
	struct loading *l = begin(shown, o, request->scenario->path);

	shown->is_silent = true;
	shown->is_borrowed = true;
	shown->scenario = (struct scenario *)request->scenario;
	l->request = *request;
	return end(l, make(l));
}

void shown_fini(struct shown *shown)
{
	sim_fini(&shown->sim);
	arena_fini(&shown->arena);
	if (!shown->is_borrowed)
		scenario_free(shown->scenario);
	trace_free(shown->file);
}
