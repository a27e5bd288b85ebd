/*
 * search.c - setting a search up, what ends it, and what it amounts to.
 */
#include "sim/search/search.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "sim/search/search_lasso.h"
#include "sim/search/search_record.h"
#include "sim/search/search_shards.h"
#include "sim/search/state_hash.h"

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

static const char *objection_to_record(const struct search_request *r)
{
	if (r->jobs > 1)
		return "--record is of one process: states that another has "
		       "seen are not told; use --jobs 1";
	if (r->checkpoint || r->resume)
		return "--record does not go with --checkpoint and --resume: "
		       "a file does not hold the states that were seen";
	if (!state_hash_has_room(r->scenario))
		return "--record knows a state by at most 64 marks that "
		       "properties ask for; put some into another scenario";
	return NULL;
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
	if (r->has_cache && (r->checkpoint || r->resume))
		return "--cache does not go with --checkpoint and --resume: "
		       "a file does not hold the states that are known";
	if (r->has_cache && !state_hash_has_room(r->scenario))
		return "--cache knows a state by at most 64 marks that "
		       "properties ask for; put some into another scenario";
	return r->wants_record ? objection_to_record(r) : NULL;
}

/* In the file, if it is there that the cache was asked for. */
static void blame_cache(const struct search_request *r,
			struct search_result *result)
{
	if (!r->has_cache || strncmp(result->error, "--cache ", 8) != 0)
		return;
	result->error_line = r->explore.cache_line;
	result->error_col = r->explore.cache_col;
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
	if (result->error) {
		blame_cache(r, result);
		return -EINVAL;
	}
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
	s->seen = r->wants_record ? seen_new(s) : NULL;
	s->started = now();
	return 0;
}

void search_fini(struct search *s)
{
	touch_log_fini(&s->log);
	endings_fini(&s->endings);
	lasso_fini(s);
	seen_free(s->seen, s->thread_count);
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

/* An estimate: how much there is at all comes to light bit by bit. */
static double part_done(const struct search *s)
{
	const struct shard *first = s->shards->first;
	double waiting = s->waiting_elsewhere;

	if (search_draws_lots(s->strategy))
		return 1 - s->ops->waiting(s);
	if (s->is_at_work)
		waiting += s->ops->waiting(s);
	else if (first)
		waiting += first->waiting;
	return waiting < 1 ? 1 - waiting : 0;
}

static bool say_progress(struct search *s, double seconds)
{
	const struct search_request *r = s->request;
	struct search_progress p = {
		.runs = s->runs_before + s->runs,
		.runs_blocked = s->runs_blocked,
		.runs_cut = s->runs_cut,
		.outcomes = s->endings.count,
		.bugs = s->bug_endings,
		.depth = s->depth,
		.done = part_done(s),
		.seconds = seconds,
		.pass = strategy_name(s->strategy),
	};

	return r->progress(&p, r->arg);
}

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
	    peak_bytes() + s->peak_elsewhere >= s->explore->bounds.memory)
		return SEARCH_MEMORY;
	if (r->progress && !say_progress(s, seconds))
		return SEARCH_CANCELLED;
	return SEARCH_COMPLETE;
}

bool search_look_around(struct search *s)
{
	s->why = look_around(s);
	return s->why != SEARCH_COMPLETE;
}

bool search_has_hit(struct search *s)
{
	uint64_t events_max = s->request->events_max;

	if (s->request->is_first_bug_enough && s->first_bug_run)
		s->why = SEARCH_FIRST_BUG;
	else if (s->runs_before + s->runs >= s->explore->bounds.executions ||
		 (events_max && s->events >= events_max))
		s->why = SEARCH_EXECUTIONS;
	else if (s->endings.count >= SEARCH_OUTCOMES_MAX)
		s->why = SEARCH_OUTCOMES;
	return s->why != SEARCH_COMPLETE;
}

void search_fail(struct search *s, int error, const char *format, ...)
{
	va_list args;

	if (s->error)
		return;
	s->error = error;
	va_start(args, format);
	vsnprintf(s->error_text, sizeof(s->error_text), format, args);
	va_end(args);
}

double search_seconds(const struct search *s)
{
	return now() - s->started;
}

/* ---- who may wait ------------------------------------------------------ */

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

/* ---- the conclusion ---------------------------------------------------- */

static enum search_end end_of(const struct search *s,
			      const struct search_pass *last)
{
	if (s->why != SEARCH_COMPLETE)
		return s->why;
	if (search_draws_lots(last->strategy))
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
	r->peak_bytes = peak_bytes() + s->peak_elsewhere;
}

/* A schedule that cannot be carried out up to where the search begins. */
static int check_prefix(struct search *s, struct search_result *result)
{
	if (s->script.error) {
		result->error =
			memcpy(arena_alloc(&result->arena,
					   strlen(s->script.error) + 1),
			       s->script.error, strlen(s->script.error) + 1);
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

/* What cannot be gone on with, whatever was found. */
static int check_error(struct search *s, struct search_result *result)
{
	size_t size = strlen(s->error_text) + 1;

	if (s->error) {
		result->error = memcpy(arena_alloc(&result->arena, size),
				       s->error_text, size);
		blame_cache(s->request, result);
	}
	return s->error ? s->error : check_prefix(s, result);
}

static void report(struct search *s, struct search_result *result)
{
	report_figures(s, result);
	report_properties(s, result);
	endings_report(&s->endings, s, result);
	search_conclude(s, result);
	if (s->seen)
		result->record = seen_finish(s, result);
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
	s->result = result;
	if (!request->resume || !checkpoint_read(s))
		search_passes(s);
	crew_free(s->crew);
	error = check_error(s, result);
	if (!error)
		report(s, result);
	checkpoint_free(s->checkpoint);
	search_fini(s);
	free(s);
	return error;
}

void search_result_free(struct search_result *result)
{
	record_free(result->record);
	result->record = NULL;
	arena_fini(&result->arena);
}
