/* explore_options.c - options of a search, laid over what its file says. */
#include "sim/cli/explore_options.h"

static void apply_bound(uint64_t given, uint64_t *bound)
{
	if (given != NO_BOUND)
		*bound = given;
}

/*
 * The file has a cache together with its strategy: who asks for another one
 * has none.
 */
static void apply_cache(const struct options *o, struct exploration *e)
{
	if (o->has_cache) {
		e->has_cache = true;
		e->cache_line = 0;
	} else if (o->is_without_cache || e->strategy != STRATEGY_DFS) {
		e->has_cache = false;
	}
}

void explore_options_apply(const struct options *o, struct exploration *e)
{
	apply_bound(o->bounds.preemptions, &e->bounds.preemptions);
	apply_bound(o->bounds.steps, &e->bounds.steps);
	apply_bound(o->bounds.executions, &e->bounds.executions);
	apply_bound(o->bounds.time_ns, &e->bounds.time_ns);
	apply_bound(o->bounds.memory, &e->bounds.memory);
	if (o->has_strategy)
		e->strategy = o->strategy;
	if (o->has_granularity)
		e->granularity = o->granularity;
	if (o->has_timeouts)
		e->timeouts = o->timeouts;
	if (o->has_seed)
		e->seed = o->seed;
	if (o->depth)
		e->depth = o->depth;
	apply_cache(o, e);
}
