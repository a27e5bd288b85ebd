/*
 * search_cache.h - states that were searched already.
 *
 * A state is everything that the rest of a run depends on, its judgement
 * included, as a 128-bit hash (state_hash.h).  A run that reaches a known state
 * is cut off: whatever can follow has been tried, or is being tried.  Sound
 * with `dfs` alone: a search that looks for races needs to see what follows.
 *
 * A loop that can go on for ever is cut off where it comes back to itself, and
 * if nothing else can follow there is no run that ends and would tell of it.
 * So the cache keeps count of what each state leads to, and of states from
 * which no end is in reach one run is made up to the limit of steps.  Where an
 * end is in reach as well, a fair cycle among the known states is looked for
 * when the search is over (search_graph.h).
 */
#ifndef SIM_SEARCH_SEARCH_CACHE_H
#define SIM_SEARCH_SEARCH_CACHE_H

#include "sim/search/search_internal.h"

struct state_cache;

/* For the pass that @s is at. */
struct state_cache *cache_new(const struct search *s);
void cache_free(struct state_cache *c);
/*
 * A run begins: the machine is set up, and has made no step.  Returns who is to
 * be told what happens.
 */
struct state_hash *cache_begin_run(struct state_cache *c, struct sim *sim);

uint64_t cache_count(const struct state_cache *c);
uint64_t cache_bytes(const struct state_cache *c);

/*
 * Was this state reached before, with as many preemptions left?  If not it is
 * the next one on the way of the search, until cache_leave.
 */
bool cache_knows(struct state_cache *c, const struct search *s);
/* A run is over: does anything count that is not in the hash of a state? */
void cache_check(struct search *s);
/* The run came to an end, or to the limit of steps. */
void cache_end(struct state_cache *c, const struct search *s);
/*
 * All that can follow the last state on the way has been tried.  Returns
 * whether it is to be shown that no end can be reached from it.
 */
bool cache_leave(struct state_cache *c);

/*
 * A run that leads to a fair cycle of known states and twice round it.
 * Owner:   list->items is the caller's, to be freed.
 * Returns whether there is one.
 */
bool cache_lasso(const struct state_cache *c, const struct search *s,
		 struct movers *list);

#endif
