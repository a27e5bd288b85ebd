/*
 * state_hash_judge.c - what the judges remember of a run, as it enters the hash
 * of a state: which thread knows of which access, and the order of locks.
 *
 * A circle of locks can close only if one is taken against the order in which
 * the futex code nests them, and that takes a program that holds one itself.
 * In other scenarios the order is not in the state, or each queue that was ever
 * made would be; should one be taken against it all the same, the search says
 * so (cache_check).
 */
#include <stddef.h>

#include "model/futex.h"
#include "sim/judge/lock_order.h"
#include "sim/judge/races.h"
#include "sim/search/state_hash_internal.h"

#define AROUND(type, member, pointer)                                          \
	((const type *)((const char *)(pointer)-offsetof(type, member)))

/* Mutexes that are always there have a name of their own. */
#define FIXED (UINT64_C(1) << 62)

/* A thing goes by the name of one of its objects. */
static uint32_t named_object(const struct object *o, uint32_t mutex)
{
	if (o->kind == OBJECT_TABLE)
		return AROUND(struct futex_table, table_mutex, o->address)
			->ref.id;
	if (o->kind == OBJECT_CLEANUP)
		return AROUND(struct waiter_state, cleanup_mutex, o->address)
			->ref.id;
	return mutex;
}

/* Called when the walk has met all that is there. */
static uint64_t name_of(void *arg, uint32_t mutex)
{
	const struct state_hash *h = arg;
	const struct object *o = &h->sim->objects[mutex];
	const uint32_t *id = o->address;
	uint32_t named;

	if (o->kind == OBJECT_ASPACE || o->kind == OBJECT_REGISTRY)
		return FIXED | o->serial;
	if (*id != mutex)
		return 0;
	named = named_object(o, mutex);
	return h->names[named].walk == h->walk ? h->names[named].name : 0;
}

void state_put_history(struct state_hash *h)
{
	uint64_t sum[2] = {0, 0};

	if (!h->sim->races && !h->has_lock_order)
		return;
	if (h->sim->races)
		races_hash(h->sim, h->rank, sum);
	if (h->has_lock_order)
		lock_order_hash(h->sim, h->rank, name_of, h, sum);
	state_put(h, sum[0]);
	state_put(h, sum[1]);
}
