/*
 * search_lasso.c - from a run that does not end to the part of it that shows
 * why: the way to a fair cycle, and once round.
 *
 * Whether a state came again is not known while a search without a cache goes
 * on, nor does it have to be.  The few runs that come to the limit of steps are
 * made once more, on a machine of their own, and watched.
 */
#include "sim/search/search_lasso.h"

#include <stdlib.h>

#include "sim/judge/livelock.h"
#include "sim/search/search_cache.h"
#include "sim/search/search_graph.h"

static struct sim *twin_of(struct search *s)
{
	if (!s->twin) {
		s->twin = malloc(sizeof(*s->twin));
		if (!s->twin)
			abort();
		sim_init(s->twin);
	}
	return s->twin;
}

void lasso_fini(struct search *s)
{
	if (!s->twin)
		return;
	sim_fini(s->twin);
	free(s->twin);
}

/* There may be a cycle in the schedule that comes first, which is no matter. */
bool lasso_measure(struct search *s, const struct movers *list)
{
	struct run run;
	uint32_t rest;

	search_replay(s->request, list, false, twin_of(s), &run);
	sim_running = &s->sim;
	s->lasso = (struct search_lasso){0};
	rest = run.has_lasso ? run.move_count - run.lasso.last : 0;
	if (!run.has_lasso || run.has_diverged || rest > list->count)
		return false;
	s->lasso.depth = list->count - rest;
	s->lasso.steps = run.lasso.last_step;
	return true;
}

static const char *what_of(const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		if (sim->verdicts[i].kind == VERDICT_LIVELOCK)
			return sim->verdicts[i].what;
	}
	return "";
}

void lasso_judge(struct search *s)
{
	struct movers list = {s->trail, s->depth};
	struct sim *sim = &s->sim;
	uint32_t i;

	s->lasso = (struct search_lasso){0};
	if (!livelock_is_possible(s->scenario) || !lasso_measure(s, &list) ||
	    !sim_has_verdict(s->twin, VERDICT_LIVELOCK))
		return;
	for (i = 0; i < sim->verdict_count; i++) {
		if (sim->verdicts[i].kind != VERDICT_STEP_LIMIT)
			continue;
		sim->verdicts[i].kind = VERDICT_LIVELOCK;
		sim->verdicts[i].what = sim_format(sim, "%s", what_of(s->twin));
	}
}

/* ---- with a cache ------------------------------------------------------ */

bool lasso_prepare(struct search *s)
{
	struct movers list;

	if (s->is_symmetric || !cache_lasso(s->cache, s, &list))
		return false;
	if (!lasso_measure(s, &list)) {
		free(list.items);
		return false;
	}
	s->lasso_list = list;
	return true;
}

void lasso_done(struct search *s)
{
	free(s->lasso_list.items);
	s->lasso_list = (struct movers){NULL, 0};
}

static void begin_run(struct search *s)
{
	s->sim.steps_max = s->lasso.steps;
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	const struct movers *list = &s->lasso_list;

	if (s->depth < list->count &&
	    choices_have(c, s->thread_count, list->items[s->depth]))
		return list->items[s->depth];
	s->end = RUN_DIVERGED;
	return NO_MOVER;
}

const struct strategy_ops lasso_ops = {
	.begin_run = begin_run,
	.choose = choose,
};
