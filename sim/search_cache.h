/*
 * search_cache.h - states that were searched already.
 *
 * A state is everything that the rest of a run depends on, its judgement
 * included, as a 128-bit hash.  A run that reaches a known state is cut off:
 * whatever can follow has been tried.  Sound with `dfs` alone: a search that
 * looks for races needs to see what follows.
 */
#ifndef SIM_SEARCH_CACHE_H
#define SIM_SEARCH_CACHE_H

#include "sim/search_internal.h"

struct state_cache;

struct state_cache *cache_new(void);
void cache_free(struct state_cache *c);
uint64_t cache_count(const struct state_cache *c);
uint64_t cache_bytes(const struct state_cache *c);

/* Was this state reached before, with as many preemptions left?  Notes it. */
bool cache_knows(struct state_cache *c, struct search *s);

#endif
