/*
 * search_saves.c - snapshots on the way of a run, for the runs that repeat its
 * beginning.
 */
#include <string.h>

#include "sim/search/search_internal.h"

/*
 * Events between two snapshots: about what it costs to take one is what it
 * costs to make so many anew.
 */
#define EVENTS_A_SNAPSHOT 8u

void search_save(struct search *s)
{
	struct search_save *save;
	uint32_t events = s->sim.event_count;

	if (!s->ops->comes_back || !s->sim.snapshots.count)
		return;
	if (s->save_count)
		events -= s->saves[s->save_count - 1].events;
	if (events < EVENTS_A_SNAPSHOT || s->save_count == SEARCH_SAVES_MAX ||
	    !snapshot_take(&s->sim))
		return;
	save = &s->saves[s->save_count++];
	save->depth = s->depth;
	save->events = s->sim.event_count;
	save->last = s->last;
	save->has_yielded = s->has_yielded;
	save->preemptions = s->preemptions;
	save->spurious_left = s->spurious_left;
	memcpy(save->signals_left, s->signals_left, sizeof(s->signals_left));
}

bool search_resume(struct search *s)
{
	const struct search_save *save;

	while (s->save_count && s->saves[s->save_count - 1].depth > s->repeated)
		s->save_count--;
	if (!s->save_count)
		return false;
	save = &s->saves[s->save_count - 1];
	/* The first snapshot is that of the beginning. */
	snapshot_restore(&s->sim, s->save_count);
	s->depth = save->depth;
	s->last = save->last;
	s->has_yielded = save->has_yielded;
	s->has_begun = save->depth > 0;
	s->preemptions = save->preemptions;
	s->spurious_left = save->spurious_left;
	memcpy(s->signals_left, save->signals_left, sizeof(s->signals_left));
	s->end = RUN_AT_REST;
	s->is_in_script = false;
	s->sim.touches = s->ops->wants_touches && !s->repeated ? &s->log : NULL;
	return true;
}
