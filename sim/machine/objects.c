/* objects.c - the table of numbered objects. */
#include "sim/machine/objects.h"

#include <stdlib.h>

#include "sim/judge/judge.h"

static const enum object_kind object_kinds[KOBJECT_COUNT] = {
	[KOBJECT_WQ] = OBJECT_WQ,
	[KOBJECT_TABLE] = OBJECT_TABLE,
	[KOBJECT_REGISTRY] = OBJECT_REGISTRY,
	[KOBJECT_CLEANUP] = OBJECT_CLEANUP,
	[KOBJECT_WOKEN] = OBJECT_WOKEN,
	[KOBJECT_CANCELLED] = OBJECT_CANCELLED,
	[KOBJECT_STATE] = OBJECT_STATE,
	[KOBJECT_ENTRY] = OBJECT_ENTRY,
	[KOBJECT_ROBUST] = OBJECT_ROBUST,
	[KOBJECT_CTID] = OBJECT_CTID,
};

enum object_kind object_kind_of(enum kobject kind)
{
	return object_kinds[kind];
}

static void grow(struct sim *sim)
{
	uint32_t room = sim->object_room ? sim->object_room * 2 : 64;

	sim->objects = realloc(sim->objects, room * sizeof(*sim->objects));
	if (!sim->objects)
		abort();
	sim->object_room = room;
}

uint32_t sim_object_new(struct sim *sim, enum object_kind kind,
			const void *address)
{
	struct task *task = sim->current;
	struct object *object;

	if (sim->object_count >= sim->object_room)
		grow(sim);
	object = &sim->objects[sim->object_count];
	*object = (struct object){.kind = kind};
	object->address = address;
	object->owner = task ? (int32_t)task->index : MOVER_NONE;
	object->wait = task ? task->op_index : 0;
	object->serial =
		task ? ((uint64_t)task->index + 1) << 32 | ++task->object_count
		     : ++sim->boot_objects;
	return sim->object_count++;
}

struct object *sim_object(struct sim *sim, uint32_t number,
			  const struct ksite *site)
{
	if (number && number < sim->object_count)
		return &sim->objects[number];
	judge_bad_object(sim, number, site);
}
