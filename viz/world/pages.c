/*
 * pages.c - words that change although nobody writes to them.
 *
 * Who unmaps, moves or maps an area changes what its words hold, and the trace
 * tells of it only when the word is looked at again.
 */
#include "viz/world/plan.h"

#include <stdlib.h>

static bool changes_map(const struct event *e)
{
	return e->kind == EVENT_MAP || e->kind == EVENT_UNMAP ||
	       e->kind == EVENT_REMAP || e->kind == EVENT_EXEC;
}

/* What the word held just before @e, as @e tells it. */
static bool tells_value(const struct event *e, uint64_t *value)
{
	if (e->object_kind != OBJECT_WORD || !e->object)
		return false;
	if (e->has_values) {
		*value = e->old_value;
		return true;
	}
	*value = (uint64_t)e->out;
	return e->kind == EVENT_USER_LOAD && e->out >= 0;
}

void plan_words(struct world_plan *p, const struct trace *t)
{
	uint64_t *words = plan_zeroed(t->object_count, sizeof(*words));
	uint32_t mapped_at = 0;
	uint64_t told;

	for (unsigned int i = 0; i < t->object_count; i++)
		words[i] = t->objects[i].value;
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (changes_map(e))
			mapped_at = e->n;
		if (e->object >= t->object_count || !tells_value(e, &told))
			continue;
		if (told != words[e->object] && mapped_at)
			plan_turn(p, mapped_at, TURN_WORD, (uint32_t)e->object,
				  told);
		words[e->object] = e->has_values ? e->new_value : told;
	}
	free(words);
}
