/*
 * search_stops.c - where a thread stops for the others: granularity and the
 * points at which it may be preempted.
 */
#include <string.h>

#include "sim/loader/explore_names.h"
#include "sim/search/search_internal.h"

/* What programs do by themselves and others can tell; marks are silent. */
static const enum event_kind program_stops[] = {
	EVENT_ENTER,	EVENT_YIELD,	 EVENT_USER_LOAD,  EVENT_USER_STORE,
	EVENT_USER_CAS, EVENT_USER_XCHG, EVENT_USER_FETCH,
};

_Static_assert(EVENT_KIND_COUNT <= 64, "a kind of event is a bit of a word");

static void add_program(struct stops *stops)
{
	uint32_t i;

	for (i = 0; i < sizeof(program_stops) / sizeof(*program_stops); i++)
		stops->program |= UINT64_C(1) << program_stops[i];
}

static void add_pattern(struct stops *stops, const char *pattern)
{
	char name[POINT_NAME_MAX];
	int kind, object;

	if (!strcmp(pattern, "user")) {
		add_program(stops);
		return;
	}
	for (kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		for (object = 0; object < OBJECT_KIND_COUNT; object++) {
			event_point((enum event_kind)kind,
				    (enum object_kind)object, name);
			if (!point_matches(pattern, name))
				continue;
			stops->kernel[kind] |= UINT32_C(1) << object;
			stops->program |= UINT64_C(1) << kind;
		}
	}
}

bool search_stops(const struct exploration *e, struct stops *stops)
{
	uint32_t i;

	memset(stops, 0, sizeof(*stops));
	for (i = 0; i < e->preempt_at.count; i++)
		add_pattern(stops, e->preempt_at.items[i]);
	if (e->preempt_at.count)
		return true;
	if (e->granularity == GRANULARITY_KERNEL)
		return false;
	add_program(stops);
	return true;
}
