/* names.c - names of objects, places and results. */
#define _GNU_SOURCE
#include "sim/run/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *place_label(struct sim *sim, struct place p)
{
	const char *name = place_name(sim, p);

	if (name)
		return name;
	if (!p.memory)
		return sim_format(sim, "0x%" PRIx64, p.offset);
	return sim_format(sim, "%s+0x%" PRIx64,
			  sim->scenario->regions[p.memory->region].name,
			  p.offset);
}

const char *wait_label(struct sim *sim, const struct task *task)
{
	struct kwaker *w = wait_first(task->wait);
	const char *label = place_label(sim, w->place);

	while ((w = wait_next(w)))
		label = sim_format(sim, "%s or %s", label,
				   place_label(sim, w->place));
	return label;
}

static const char *table_name(struct sim *sim, const struct object *o)
{
	if (o->identity)
		return sim_format(sim, "table:%s",
				  identity_name(sim, o->identity));
	return sim_format(sim, "table:%s", sim->processes[o->process].name);
}

/* How many queues were made under this one's key before it. */
static unsigned int generation(const struct sim *sim, uint64_t number)
{
	const struct object *o = &sim->objects[number], *other;
	unsigned int count = 1;
	uint64_t i;

	for (i = 1; i < number; i++) {
		other = &sim->objects[i];
		if (other->kind == OBJECT_WQ && other->has_key &&
		    place_is_same(other->place, o->place))
			count++;
	}
	return count;
}

static const char *queue_name(struct sim *sim, uint64_t number)
{
	const struct object *o = &sim->objects[number];
	unsigned int nth;

	if (!o->has_key)
		return sim_format(sim, "wq:%u", (unsigned int)number);
	nth = generation(sim, number);
	if (nth == 1)
		return sim_format(sim, "wq:%s", place_label(sim, o->place));
	return sim_format(sim, "wq:%s#%u", place_label(sim, o->place), nth);
}

/* One of what a thread has made: the second gets "#2". */
static const char *made_name(struct sim *sim, uint64_t number)
{
	const struct object *o = &sim->objects[number], *other;
	const char *kind = object_kind_name(o->kind);
	unsigned int count = 1;
	uint64_t i;

	for (i = 1; i < number; i++) {
		other = &sim->objects[i];
		if (other->kind == o->kind && other->owner == o->owner &&
		    other->is_ref == o->is_ref)
			count++;
	}
	if (o->is_ref)
		kind = sim_format(sim, "ref:%s", kind);
	if (count == 1)
		return sim_format(sim, "%s:%s", kind,
				  sim_mover_name(sim, o->owner));
	return sim_format(sim, "%s:%s#%u", kind, sim_mover_name(sim, o->owner),
			  count);
}

const char *object_name(struct sim *sim, uint64_t number)
{
	const struct object *o = &sim->objects[number];

	if (o->is_ref)
		return made_name(sim, number);
	switch (o->kind) {
	case OBJECT_WQ:
		return queue_name(sim, number);
	case OBJECT_TABLE:
		return table_name(sim, o);
	case OBJECT_ASPACE:
		return sim_format(sim, "aspace:%s",
				  sim->processes[o->process].name);
	case OBJECT_REGISTRY:
		return "registry";
	case OBJECT_CLEANUP:
	case OBJECT_WOKEN:
	case OBJECT_CANCELLED:
	case OBJECT_STATE:
	case OBJECT_ROBUST:
	case OBJECT_CTID:
	case OBJECT_ENTRY:
		return made_name(sim, number);
	case OBJECT_NONE:
	case OBJECT_WORD:
	case OBJECT_TASK:
	case OBJECT_TIMER:
	case OBJECT_INTERRUPT:
	case OBJECT_CLOCK:
	case OBJECT_SIGNAL:
	case OBJECT_SYSCALL:
	case OBJECT_TIMEOUT:
	case OBJECT_QUEUE:
	case OBJECT_KERNEL:
	case OBJECT_KIND_COUNT:
		break;
	}
	return object_kind_name(o->kind);
}

const char *sim_mover_name(const struct sim *sim, int32_t mover)
{
	if (mover >= 0)
		return sim->tasks[mover].name;
	if (mover == MOVER_CLOCK)
		return "clock";
	if (mover == MOVER_SIGNAL)
		return "signal";
	return "kernel";
}

char *result_text(int64_t value, char buf[RESULT_TEXT_MAX])
{
	const char *name = NULL;

	if (value < 0 && value > -4096)
		name = strerrorname_np((int)-value);
	if (name)
		snprintf(buf, RESULT_TEXT_MAX, "-%s", name);
	else
		snprintf(buf, RESULT_TEXT_MAX, "%" PRId64, value);
	return buf;
}

static const char *handle_name(struct sim *sim, const struct kidentity *id)
{
	const char *region = sim->scenario->regions[id->region].name;

	if (id->number <= 1)
		return region;
	return sim_format(sim, "%s#%u", region, id->number);
}

static const struct kidentity *find_identity(struct sim *sim, uint64_t address)
{
	const struct kidentity *id = sim->memory.identities;

	while (id->address != address)
		id = id->next;
	return id;
}

const char *identity_name(struct sim *sim, uint64_t address)
{
	return handle_name(sim, find_identity(sim, address));
}

const char *identity_region(struct sim *sim, uint64_t address)
{
	return sim->scenario->regions[find_identity(sim, address)->region].name;
}
