/*
 * search_cache.h - states that were searched already.
 *
 * A state is everything that the rest of a run depends on, its judgement
 * included, as a 128-bit hash (state_hash.h).  A run that reaches a known state
 * is cut off: whatever can follow has been tried, or is being tried.  Sound
 * with `dfs` alone: a search that looks for races needs to see what follows.
 */
#ifndef SIM_SEARCH_CACHE_H
#define SIM_SEARCH_CACHE_H

#include "sim/search_internal.h"

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

/* Was this state reached before, with as many preemptions left?  Notes it. */
bool cache_knows(struct state_cache *c, const struct search *s);

#endif
