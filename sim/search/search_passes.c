/*
 * search_passes.c - the passes of a search, one after the other.
 *
 * `auto` looks for bugs first: short passes of at most 0, 1 and 2 preemptions,
 * each of a limited number of runs, and then one of each class of equivalent
 * interleavings.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_cache.h"
#include "sim/search/search_lasso.h"
#include "sim/search/search_record.h"
#include "sim/search/search_shards.h"

/* Runs of a pass that looks for bugs first. */
#define FIRST_PASS_RUNS 2000u
/* Runs of a strategy that draws lots, unless a bound says otherwise. */
#define SAMPLE_RUNS 10000u
/* Between two looks at the host's clock. */
#define RUNS_A_LOOK 64u

/* ---- runs -------------------------------------------------------------- */

bool search_is_bug(uint32_t verdicts)
{
	return verdicts & ~(UINT32_C(1) << VERDICT_STEP_LIMIT);
}

void search_note_ending(struct search *s)
{
	const struct ending *e = &s->endings.items[s->endings.count - 1];

	if (!search_is_bug(e->verdicts))
		return;
	s->bug_endings++;
	if (s->first_bug_run)
		return;
	s->first_bug_run = e->first_run;
	s->first_bug_seconds = search_seconds(s);
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

	if (s->end == RUN_CUT_OFF || s->end == RUN_DIVERGED) {
		s->runs_blocked++;
		return;
	}
	s->runs++;
	s->runs_cut += s->end == RUN_AT_LIMIT;
	count_properties(s);
	endings_add(&s->endings, s);
	if (s->seen)
		seen_end(s->seen, s, s->endings.last);
	if (s->endings.count != before)
		search_note_ending(s);
}

bool search_must_stop(struct search *s)
{
	return !s->is_worker && (search_has_hit(s) || s->runs >= s->runs_max);
}

bool search_go_on(struct search *s, uint64_t budget)
{
	uint64_t events = s->events, executions = 0;

	for (;;) {
		search_run_once(s);
		count_run(s);
		if (!s->ops->end_run(s))
			return false;
		if (search_must_stop(s) || s->events - events >= budget)
			return true;
		if (++executions % RUNS_A_LOOK == 0 && !s->is_worker &&
		    search_look_around(s))
			return true;
	}
}

/* ---- a pass ------------------------------------------------------------ */

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

void search_open(struct search *s, enum strategy strategy,
		 uint64_t preemptions_max)
{
	s->strategy = strategy;
	s->preemptions_max = preemptions_max;
	s->has_patient_locks = search_has_patience(s, strategy);
	s->repeated = 0;
	s->save_count = 0;
	s->ops = ops_of(strategy);
	if (s->ops == &dfs_ops)
		s->dfs = dfs_new();
	else if (s->ops == &dpor_ops)
		s->dpor = dpor_new();
	else
		s->sample = sample_new();
	if (s->request->has_cache)
		s->cache = cache_new(s);
	if (s->seen)
		seen_begin_pass(s->seen);
}

void search_close(struct search *s)
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

struct plan {
	enum strategy strategy;
	uint64_t preemptions;
	uint64_t runs;
};

static bool has_shown(const struct search *s, enum verdict_kind kind)
{
	uint32_t i;

	for (i = 0; i < s->endings.count; i++) {
		if (s->endings.items[i].verdicts >> kind & 1)
			return true;
	}
	return false;
}

/*
 * States that lead back to themselves while others lead to an end.  That a
 * limit of steps ends the run is no bound: nothing else is left out.
 */
static void show_lasso(struct search *s)
{
	if (!s->cache || s->error || s->why != SEARCH_COMPLETE ||
	    has_shown(s, VERDICT_LIVELOCK) || !lasso_prepare(s))
		return;
	s->ops = &lasso_ops;
	s->repeated = 0;
	s->save_count = 0;
	search_run_once(s);
	count_run(s);
	s->runs_cut -= s->end == RUN_AT_LIMIT;
	s->ops = &dfs_ops;
	lasso_done(s);
}

static void do_pass(struct search *s, const struct plan *plan, bool is_last)
{
	struct search_result *result = s->result;
	struct search_pass *pass = &result->passes[result->pass_count++];

	*pass = (struct search_pass){
		.strategy = plan->strategy,
		.preemptions = plan->preemptions,
		.is_last = true,
	};
	if (result->pass_count > 1)
		pass[-1].is_last = false;
	begin_pass(s);
	s->runs_max = plan->runs;
	search_open(s, plan->strategy, plan->preemptions);
	shards_begin(s);
	if (!s->checkpoint || checkpoint_resume(s))
		shards_run(s);
	show_lasso(s);
	if (is_last || s->why != SEARCH_COMPLETE)
		checkpoint_write(s, true);
	pass->is_complete = !s->shards->first && !s->error;
	pass->runs = s->runs;
	result->states = s->cache ? cache_count(s->cache) : 0;
	shards_end(s);
	search_close(s);
}

bool search_draws_lots(enum strategy strategy)
{
	return strategy == STRATEGY_RANDOM || strategy == STRATEGY_PCT ||
	       strategy == STRATEGY_POS;
}

/*
 * Under a bound on preemptions races do not tell what is left out: reversing
 * one may take more preemptions than another linearisation of the same class.
 * Then each interleaving within the bound is run.
 */
static uint32_t plan_passes(const struct exploration *e, struct plan *plans)
{
	const struct search_bounds *b = &e->bounds;
	enum strategy strategy = e->strategy;
	bool is_bounded = b->executions != NO_BOUND || b->time_ns != NO_BOUND;
	uint32_t count = 0;

	if (search_draws_lots(strategy)) {
		plans[0] = (struct plan){strategy, NO_BOUND,
					 is_bounded ? NO_BOUND : SAMPLE_RUNS};
		return 1;
	}
	if (strategy == STRATEGY_AUTO) {
		for (; count < 3 && count < b->preemptions; count++)
			plans[count] = (struct plan){STRATEGY_DFS, count,
						     FIRST_PASS_RUNS};
		strategy = STRATEGY_DPOR;
	}
	if (b->preemptions != NO_BOUND)
		strategy = STRATEGY_DFS;
	plans[count] = (struct plan){strategy, b->preemptions, NO_BOUND};
	return count + 1;
}

void search_passes(struct search *s)
{
	struct plan plans[SEARCH_PASSES_MAX];
	uint32_t i, count = plan_passes(s->explore, plans);

	for (i = s->result->pass_count; i < count; i++) {
		if (s->error || (i && !s->checkpoint && search_has_hit(s)))
			return;
		do_pass(s, &plans[i], i + 1 == count);
		if (s->why != SEARCH_COMPLETE)
			return;
	}
}
