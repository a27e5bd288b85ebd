/*
 * search.c - the passes of a search, what ends them, and what they amount to.
 *
 * `auto` looks for bugs first: short passes of at most 0, 1 and 2 preemptions,
 * each of a limited number of runs, and then one of each class of equivalent
 * interleavings.
 */
#include "sim/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "sim/search_cache.h"
#include "sim/search_internal.h"

/* Runs of a pass that looks for bugs first. */
#define FIRST_PASS_RUNS 2000u
/* Runs of a strategy that draws lots, unless a bound says otherwise. */
#define SAMPLE_RUNS 10000u
/* Between two looks at the host's clock. */
#define RUNS_A_LOOK 64u

const char *search_end_name(enum search_end end)
{
	static const char *const names[] = {
		[SEARCH_COMPLETE] = NULL,
		[SEARCH_PREEMPTIONS] = "preemptions",
		[SEARCH_STEPS] = "steps",
		[SEARCH_EXECUTIONS] = "executions",
		[SEARCH_TIME] = "time",
		[SEARCH_MEMORY] = "memory",
		[SEARCH_OUTCOMES] = "outcomes",
		[SEARCH_FIRST_BUG] = "first-bug",
		[SEARCH_CANCELLED] = "cancelled",
		[SEARCH_SAMPLED] = "sampled",
	};

	return names[end];
}

/* ---- the host's clock and memory, for limits and figures --------------- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t peak_bytes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_maxrss * 1024;
}

/* ---- setting up -------------------------------------------------------- */

static bool has_options(const struct exploration *e, uint32_t threads)
{
	uint32_t i;

	for (i = 0; e->signals && i < threads; i++) {
		if (e->signals[i])
			return true;
	}
	return e->spurious > 0;
}

uint32_t search_steps_max(const struct exploration *e)
{
	if (e->bounds.steps == NO_BOUND)
		return SEARCH_STEPS_DEFAULT;
	return e->bounds.steps < UINT32_MAX ? (uint32_t)e->bounds.steps
					    : UINT32_MAX;
}

/* Combinations that are not sound, with the reason. */
static const char *objection(const struct search_request *r)
{
	const struct exploration *e = &r->explore;

	if (r->scenario->thread_count > SEARCH_THREADS_MAX)
		return "a search takes at most 64 threads; lower a count with "
		       "--param";
	if (r->scenario->property_count > SEARCH_PROPERTIES_MAX)
		return "a search takes at most 64 properties; put some into "
		       "another scenario";
	if (r->has_cache && e->strategy != STRATEGY_DFS)
		return "--cache is sound with --strategy dfs alone: where a "
		       "known state cuts a run off, the races of what follows "
		       "are not seen, and lots are not drawn evenly";
	if (r->has_cache && r->jobs > 1)
		return "--cache is of one process: states that another has "
		       "seen would be counted again; use --jobs 1";
	return NULL;
}

int search_init(struct search *s, const struct search_request *r,
		struct search_result *result)
{
	const struct scenario *scenario = r->scenario;

	*s = (struct search){
		.request = r,
		.scenario = scenario,
		.explore = &r->explore,
		.thread_count = scenario->thread_count,
		.steps_max = search_steps_max(&r->explore),
		.has_options = has_options(&r->explore, scenario->thread_count),
		.why = SEARCH_COMPLETE,
	};
	result->error = objection(r);
	if (result->error)
		return -EINVAL;
	s->has_stops = search_stops(&r->explore, &s->stops);
	search_policy_init(s);
	touch_log_init(&s->log, scenario);
	endings_init(&s->endings, scenario);
	sim_init(&s->sim);
	s->property_held =
		calloc(scenario->property_count + 1, sizeof(*s->property_held));
	s->property_ever = calloc(scenario->property_count + 1, 1);
	s->word_bytes =
		calloc(scenario->word_count + 1, sizeof(*s->word_bytes));
	s->leaves = calloc(scenario->property_count + 1, sizeof(*s->leaves));
	s->is_expected_blocked = calloc(scenario->thread_count + 1, 1);
	if (!s->property_held || !s->leaves || !s->word_bytes ||
	    !s->property_ever || !s->is_expected_blocked)
		abort();
	expect_sleepers(scenario, r->schedule, s->is_expected_blocked);
	s->is_symmetric = search_is_symmetric(r, s->is_expected_blocked);
	s->started = now();
	return 0;
}

void search_fini(struct search *s)
{
	touch_log_fini(&s->log);
	endings_fini(&s->endings);
	sim_fini(&s->sim);
	free(s->property_held);
	free(s->property_ever);
	free(s->leaves);
	free(s->word_bytes);
	free(s->is_expected_blocked);
	free(s->trail);
	free(s->stations);
}

/* ---- limits ------------------------------------------------------------ */

static bool say_progress(struct search *s, double seconds)
{
	const struct search_request *r = s->request;
	struct search_progress p = {
		.runs = s->runs_before + s->runs,
		.runs_blocked = s->runs_blocked,
		.outcomes = s->endings.count,
		.bugs = s->bug_endings,
		.depth = s->depth,
		.done = s->ops->estimate(s),
		.seconds = seconds,
		.pass = strategy_name(s->strategy),
	};

	return r->progress(&p, r->arg);
}

/* Looked at now and then: what costs a system call. */
static enum search_end look_around(struct search *s)
{
	const struct search_request *r = s->request;
	double seconds = now() - s->started;

	if (r->is_cancelled && atomic_load(r->is_cancelled))
		return SEARCH_CANCELLED;
	if (s->explore->bounds.time_ns != NO_BOUND &&
	    seconds * 1e9 >= (double)s->explore->bounds.time_ns)
		return SEARCH_TIME;
	if (s->explore->bounds.memory != NO_BOUND &&
	    peak_bytes() >= s->explore->bounds.memory)
		return SEARCH_MEMORY;
	if (r->progress && !say_progress(s, seconds))
		return SEARCH_CANCELLED;
	return SEARCH_COMPLETE;
}

static enum search_end limit_hit(struct search *s, uint64_t executions)
{
	if (s->request->is_first_bug_enough && s->first_bug_run)
		return SEARCH_FIRST_BUG;
	if (s->runs_before + s->runs >= s->explore->bounds.executions)
		return SEARCH_EXECUTIONS;
	if (s->endings.count >= SEARCH_OUTCOMES_MAX)
		return SEARCH_OUTCOMES;
	if (executions % RUNS_A_LOOK == 0)
		return look_around(s);
	return SEARCH_COMPLETE;
}

/* ---- a pass ------------------------------------------------------------ */

static bool is_bug(uint32_t verdicts)
{
	return verdicts & ~(UINT32_C(1) << VERDICT_STEP_LIMIT);
}

static void count_properties(struct search *s)
{
	uint32_t i;
	bool held;

	for (i = 0; i < s->scenario->property_count; i++) {
		held = properties_has_held(s->properties, &s->sim, i);
		s->property_held[i] += held;
		s->property_ever[i] |= held;
	}
}

static void count_run(struct search *s)
{
	uint32_t before = s->endings.count;
	const struct ending *e;

	if (s->end == RUN_CUT_OFF || s->end == RUN_DIVERGED) {
		s->runs_blocked++;
		return;
	}
	s->runs++;
	s->runs_cut += s->end == RUN_AT_LIMIT;
	count_properties(s);
	endings_add(&s->endings, s);
	if (s->endings.count == before)
		return;
	e = &s->endings.items[before];
	if (!is_bug(e->verdicts))
		return;
	s->bug_endings++;
	if (s->first_bug_run)
		return;
	s->first_bug_run = s->runs_before + s->runs;
	s->first_bug_seconds = now() - s->started;
}

static bool mentions_blocked(const struct expr *e)
{
	return e && (e->kind == EXPR_BLOCKED || mentions_blocked(e->left) ||
		     mentions_blocked(e->right));
}

/* Then who waits for a mutex must be seen to sleep. */
static bool looks_at_blocked(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; i < s->property_count; i++) {
		if (mentions_blocked(s->properties[i].that))
			return true;
	}
	return false;
}

bool search_has_patience(const struct search *s, enum strategy strategy)
{
	return strategy != STRATEGY_DFS && !s->has_stops &&
	       !looks_at_blocked(s->scenario);
}

/* Everything of a pass that counts from nothing. */
static void begin_pass(struct search *s)
{
	uint32_t i;

	s->runs_before += s->runs;
	s->runs = 0;
	s->runs_blocked = 0;
	s->runs_cut = 0;
	s->events = 0;
	s->was_bounded = false;
	s->repeated = 0;
	s->save_count = 0;
	memset(s->property_held, 0,
	       s->scenario->property_count * sizeof(*s->property_held));
	for (i = 0; i < s->endings.count; i++)
		s->endings.items[i].is_of_last_pass = false;
}

static const struct strategy_ops *ops_of(enum strategy strategy)
{
	switch (strategy) {
	case STRATEGY_AUTO:
	case STRATEGY_COUNT:
		break;
	case STRATEGY_DFS:
		return &dfs_ops;
	case STRATEGY_DPOR:
	case STRATEGY_SOURCE:
		return &dpor_ops;
	case STRATEGY_RANDOM:
	case STRATEGY_PCT:
		return &sample_ops;
	case STRATEGY_POS:
		return &pos_ops;
	}
	abort();
}

static void open_strategy(struct search *s)
{
	s->ops = ops_of(s->strategy);
	if (s->ops == &dfs_ops)
		s->dfs = dfs_new();
	else if (s->ops == &dpor_ops)
		s->dpor = dpor_new();
	else
		s->sample = sample_new();
	if (s->request->has_cache)
		s->cache = cache_new(s);
}

static void close_strategy(struct search *s)
{
	dfs_free(s->dfs);
	dpor_free(s->dpor);
	sample_free(s->sample);
	cache_free(s->cache);
	s->dfs = NULL;
	s->dpor = NULL;
	s->sample = NULL;
	s->cache = NULL;
}

/* Returns whether all of it was searched. */
static bool run_pass(struct search *s)
{
	uint64_t executions = 0;

	for (;;) {
		search_run_once(s);
		count_run(s);
		if (!s->ops->end_run(s))
			return true;
		s->why = limit_hit(s, ++executions);
		if (s->why != SEARCH_COMPLETE || s->runs >= s->runs_max)
			return false;
	}
}

static void do_pass(struct search *s, struct search_result *result,
		    enum strategy strategy, uint64_t preemptions, uint64_t runs)
{
	struct search_pass *pass = &result->passes[result->pass_count++];

	begin_pass(s);
	s->strategy = strategy;
	s->preemptions_max = preemptions;
	s->runs_max = runs;
	s->has_patient_locks = search_has_patience(s, strategy);
	open_strategy(s);
	*pass = (struct search_pass){
		.strategy = strategy,
		.preemptions = preemptions,
		.is_complete = run_pass(s),
		.is_last = true,
	};
	pass->runs = s->runs;
	result->states = s->cache ? cache_count(s->cache) : 0;
	close_strategy(s);
	if (result->pass_count > 1)
		pass[-1].is_last = false;
}

static bool draws_lots(enum strategy strategy)
{
	return strategy == STRATEGY_RANDOM || strategy == STRATEGY_PCT ||
	       strategy == STRATEGY_POS;
}

static bool is_going_on(const struct search *s)
{
	return s->why == SEARCH_COMPLETE;
}

/*
 * Under a bound on preemptions races do not tell what is left out: reversing
 * one may take more preemptions than another linearisation of the same class.
 * Then each interleaving within the bound is run.
 */
static void do_passes(struct search *s, struct search_result *result)
{
	const struct search_bounds *b = &s->explore->bounds;
	enum strategy strategy = s->explore->strategy;
	uint64_t bound;

	if (draws_lots(strategy)) {
		do_pass(s, result, strategy, NO_BOUND,
			b->executions == NO_BOUND && b->time_ns == NO_BOUND
				? SAMPLE_RUNS
				: NO_BOUND);
		return;
	}
	if (strategy == STRATEGY_AUTO) {
		for (bound = 0; bound < 3 && bound < b->preemptions; bound++) {
			if (is_going_on(s))
				do_pass(s, result, STRATEGY_DFS, bound,
					FIRST_PASS_RUNS);
		}
		strategy = STRATEGY_DPOR;
	}
	if (!is_going_on(s))
		return;
	if (b->preemptions != NO_BOUND)
		strategy = STRATEGY_DFS;
	do_pass(s, result, strategy, b->preemptions, NO_BOUND);
}

/* ---- the conclusion ---------------------------------------------------- */

static enum search_end end_of(const struct search *s,
			      const struct search_pass *last)
{
	if (s->why != SEARCH_COMPLETE)
		return s->why;
	if (draws_lots(last->strategy))
		return SEARCH_SAMPLED;
	if (s->runs_cut)
		return SEARCH_STEPS;
	return s->was_bounded ? SEARCH_PREEMPTIONS : SEARCH_COMPLETE;
}

static enum coverage coverage_of(const struct search *s,
				 const struct search_result *result)
{
	switch (result->end) {
	case SEARCH_COMPLETE:
		return s->explore->preempt_at.count ? COVERAGE_WITHIN_BOUNDS
						    : COVERAGE_EXHAUSTIVE;
	case SEARCH_PREEMPTIONS:
	case SEARCH_STEPS:
		return s->has_gaps ? COVERAGE_ANY : COVERAGE_WITHIN_BOUNDS;
	case SEARCH_EXECUTIONS:
	case SEARCH_TIME:
	case SEARCH_MEMORY:
	case SEARCH_OUTCOMES:
	case SEARCH_FIRST_BUG:
	case SEARCH_CANCELLED:
	case SEARCH_SAMPLED:
		break;
	}
	return COVERAGE_ANY;
}

static void report_properties(const struct search *s, struct search_result *r)
{
	uint32_t i, count = s->scenario->property_count;

	r->properties = arena_alloc(&r->arena, count * sizeof(*r->properties));
	r->property_count = count;
	for (i = 0; i < count; i++) {
		r->properties[i].property = &s->scenario->properties[i];
		r->properties[i].held = s->property_held[i];
		r->properties[i].of = s->runs;
	}
}

static void report_figures(const struct search *s, struct search_result *r)
{
	const struct search_pass *last = &r->passes[r->pass_count - 1];

	r->strategy = last->strategy;
	r->granularity = s->explore->granularity;
	r->end = end_of(s, last);
	r->coverage = coverage_of(s, r);
	r->runs = s->runs;
	r->runs_blocked = s->runs_blocked;
	r->runs_cut = s->runs_cut;
	r->events = s->events;
	r->first_bug_run = s->first_bug_run;
	r->first_bug_seconds = s->first_bug_seconds;
	r->seconds = now() - s->started;
	r->peak_bytes = peak_bytes();
}

/* A schedule that cannot be carried out up to where the search begins. */
static int check_prefix(struct search *s, struct search_result *result)
{
	if (s->script.error) {
		result->error = memcpy(arena_alloc(&result->arena,
						   strlen(s->script.error) + 1),
				       s->script.error,
				       strlen(s->script.error) + 1);
		result->error_line = s->script.error_line;
		result->error_col = s->script.error_col;
		return -EINVAL;
	}
	if (s->end == RUN_DIVERGED) {
		result->error = "the list of movers cannot be followed";
		return -EINVAL;
	}
	return 0;
}

int search_scenario(const struct search_request *request,
		    struct search_result *result)
{
	struct search *s = malloc(sizeof(*s));
	int error;

	if (!s)
		abort();
	*result = (struct search_result){0};
	arena_init(&result->arena);
	error = search_init(s, request, result);
	if (error) {
		free(s);
		return error;
	}
	do_passes(s, result);
	error = check_prefix(s, result);
	if (!error) {
		report_figures(s, result);
		report_properties(s, result);
		endings_report(&s->endings, s, result);
		search_conclude(s, result);
	}
	search_fini(s);
	free(s);
	return error;
}

void search_result_free(struct search_result *result)
{
	arena_fini(&result->arena);
}
