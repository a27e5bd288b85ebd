/*
 * state_hash_things.c - what threads share, as it enters the hash of a state.
 *
 * The walk begins with what has a fixed place: address spaces, the registry,
 * tables of processes, shared tables by their keys, the entries of each by
 * theirs.  What only a call in progress still holds, such as an entry that is
 * in no table any more, is met when the call is.  Whatever is met gets the next
 * number for a name, and is told of in full the first time.
 */
#include <stddef.h>
#include <stdlib.h>

#include "model/futex.h"
#include "sim/search/state_hash_internal.h"

/* Names that are not the order of a meeting. */
enum {
	NAME_NONE,
	NAME_FREED, /* memory that is given back */
	NAME_FIRST,
};

void state_grow(struct state_hash *h)
{
	h->room = h->room ? 2 * h->room : 256;
	h->words = realloc(h->words, h->room * sizeof(*h->words));
	if (!h->words)
		abort();
}

/* ---- names ------------------------------------------------------------- */

void state_names_begin(struct state_hash *h)
{
	uint32_t count = h->sim->object_count;

	h->walk++;
	h->named = NAME_FIRST;
	h->address_count = 0;
	if (count <= h->name_room)
		return;
	free(h->names);
	h->name_room = 2 * count;
	h->names = calloc(h->name_room, sizeof(*h->names));
	if (!h->names)
		abort();
}

/*
 * Put the name of the thing whose first object is at @address and has @number.
 * Returns whether it has to be told of; not if it is poisoned.
 */
static bool put_name(struct state_hash *h, uint32_t number, const void *address)
{
	struct name *n = &h->names[number];
	bool is_new;

	if (number >= h->sim->object_count ||
	    h->sim->objects[number].address != address) {
		state_put(h, NAME_FREED);
		return false;
	}
	is_new = n->walk != h->walk;
	if (is_new)
		*n = (struct name){h->walk, h->named++};
	state_put(h, n->name);
	return is_new;
}

/* ---- threads and mutexes ----------------------------------------------- */

static uint64_t rank_of(const struct state_hash *h, const struct task *task)
{
	return task ? h->rank[task->index] + 1 : 0;
}

static void put_mutex(struct state_hash *h, const struct kmutex *m)
{
	const struct task *t = m->first;

	state_put(h, rank_of(h, m->owner) << 1 | (t != NULL));
	if (!t)
		return;
	for (; t; t = t->next_sleeper)
		state_put(h, rank_of(h, t));
	state_put(h, 0);
}

/* One that is over can do no more than wake its thread out of turn. */
void state_put_waker(struct state_hash *h, const struct kwaker *w)
{
	state_put(h, rank_of(h, w->task) << 1 | w->is_over);
	if (h->has_parts)
		state_put(h, w->part);
}

/* ---- tables, entries, states of waiters -------------------------------- */

static void put_table(struct state_hash *h, const struct futex_table *t);

static void put_state(struct state_hash *h, const struct waiter_state *s)
{
	const struct futex_table *table = s->cleanup.table;

	if (!put_name(h, s->ref.id, &s->ref))
		return;
	state_put(h, s->ref.count << 2 | (s->woken.value != 0) << 1 |
			     (s->cancelled.value != 0));
	put_mutex(h, &s->cleanup_mutex);
	state_put(h, s->cleanup.key);
	if (table)
		put_table(h, table);
	else
		state_put(h, NAME_NONE);
}

/*
 * Whose entries are lower: a requeue locks in that order.  Addresses go by
 * owner and grow, so it is enough to compare with those that are there.
 */
static void put_address(struct state_hash *h, const struct futex_entry *e)
{
	uint64_t address = arena_block_of(e)->address, lower = 0;
	uint32_t i;

	for (i = 0; i < h->address_count; i++)
		lower += h->addresses[i] < address;
	state_put(h, address >> 40 << 32 | lower);
	if (h->address_count == h->address_room) {
		h->address_room = h->address_room ? 2 * h->address_room : 16;
		h->addresses = realloc(h->addresses,
				       h->address_room * sizeof(address));
		if (!h->addresses)
			abort();
	}
	h->addresses[h->address_count++] = address;
}

static void put_entry(struct state_hash *h, const struct futex_entry *e)
{
	const struct waiter *w;

	if (!put_name(h, e->wq.wq_mutex.id, &e->wq.wq_mutex))
		return;
	put_mutex(h, &e->wq.wq_mutex);
	state_put(h, e->ref.count);
	if (h->has_requeue)
		put_address(h, e);
	if (h->has_several_keys)
		state_put(h, place_number(
				     h->sim->objects[e->wq.wq_mutex.id].place));
	list_each(w, &e->wq.waiters) {
		state_put_waker(h, w->waker);
		state_put(h, w->bitset);
		put_state(h, w->state);
	}
	state_put(h, UINT64_MAX);
}

/* The slot with the lowest key above that of @after; of all if it is NULL. */
static const struct futex_slot *next_slot(const struct futex_table *t,
					  const struct futex_slot *after)
{
	const struct futex_slot *slot, *best = NULL;
	unsigned int i;

	for (i = 0; i < FUTEX_TABLE_BUCKETS; i++) {
		list_each(slot, &t->buckets[i]) {
			if (after && slot->key <= after->key)
				continue;
			if (!best || slot->key < best->key)
				best = slot;
		}
	}
	return best;
}

static void put_table(struct state_hash *h, const struct futex_table *t)
{
	const struct futex_slot *slot;

	if (!put_name(h, t->ref.id, &t->ref))
		return;
	put_mutex(h, &t->table_mutex);
	state_put(h, t->ref.count << 32 | t->entry_count);
	slot = t->entry_count ? next_slot(t, NULL) : NULL;
	for (; slot; slot = next_slot(t, slot)) {
		state_put(h, slot->key);
		put_entry(h, slot->entry);
	}
}

/* ---- by number --------------------------------------------------------- */

#define AROUND(type, member, pointer)                                          \
	((const type *)((const char *)(pointer)-offsetof(type, member)))

/* Does memory that was an object still hold it, or is it poisoned? */
static bool is_there(const struct sim *sim, uint64_t number)
{
	/* Each kind begins with its number. */
	const uint32_t *id = sim->objects[number].address;

	return *id == number;
}

static void put_table_around(struct state_hash *h, const struct object *o)
{
	if (o->is_ref)
		put_table(h, AROUND(struct futex_table, ref, o->address));
	else
		put_table(h,
			  AROUND(struct futex_table, table_mutex, o->address));
}

void state_put_object(struct state_hash *h, uint64_t number)
{
	const struct object *o = &h->sim->objects[number];

	if (!number) {
		state_put(h, NAME_NONE);
		return;
	}
	if (!is_there(h->sim, number)) {
		state_put(h, NAME_FREED);
		return;
	}
	if (o->kind == OBJECT_WQ)
		put_entry(h,
			  AROUND(struct futex_entry, wq.wq_mutex, o->address));
	else if (o->kind == OBJECT_ENTRY)
		put_entry(h, AROUND(struct futex_entry, ref, o->address));
	else if (o->kind == OBJECT_STATE)
		put_state(h, AROUND(struct waiter_state, ref, o->address));
	else if (o->kind == OBJECT_WOKEN)
		put_state(h, AROUND(struct waiter_state, woken, o->address));
	else if (o->kind == OBJECT_CANCELLED)
		put_state(h,
			  AROUND(struct waiter_state, cancelled, o->address));
	else if (o->kind == OBJECT_CLEANUP)
		put_state(h, AROUND(struct waiter_state, cleanup_mutex,
				    o->address));
	else if (o->kind == OBJECT_TABLE)
		put_table_around(h, o);
	else if (o->owner >= 0)
		/* Two words of each thread. */
		state_put(h, (uint64_t)h->rank[o->owner] << 32 | o->kind);
	else
		state_put(h, number << 32);
}

/* ---- all of it --------------------------------------------------------- */

static const struct futex_table *table_of(const struct process *p)
{
	if (p->table)
		return p->table;
	return p->aspace->owner == p->index ? p->aspace->table : NULL;
}

static void put_registry(struct state_hash *h)
{
	const struct futex_tables *tables = &h->sim->futex.shared_tables;
	const struct futex_tables_slot *slot;

	put_mutex(h, &tables->registry_mutex);
	state_put(h, tables->operations);
	list_each(slot, &tables->map) {
		state_put(h, slot->key);
		put_table(h, slot->table);
	}
	state_put(h, UINT64_MAX);
}

void state_put_areas(struct state_hash *h, const struct aspace *aspace)
{
	const struct area *a;
	uint64_t page;
	uint32_t i;

	state_put(h, aspace->area_count);
	for (i = 0; i < aspace->area_count; i++) {
		a = &aspace->areas[i];
		state_put(h, a->start);
		state_put(h, a->end);
		state_put(h, (uint64_t)a->memory->index << 32 |
				     (uint64_t)a->prot << 1 |
				     (a->is_present != NULL));
		state_put(h, a->offset);
		state_put(h, a->handle ? a->handle->address : 0);
		for (page = 0;
		     a->is_present && page < (a->end - a->start) / PAGE_SIZE;
		     page++)
			state_put(h, a->is_present[page]);
	}
}

/* Which of its pages are gone when they are unmapped; and which it is. */
static void put_memory(struct state_hash *h, const struct memory *m)
{
	uint64_t bits = 0;
	uint32_t i;

	if (!m) {
		state_put(h, 0);
		return;
	}
	state_put(h, m->index + 1);
	for (i = 0; i < m->pages; i++) {
		bits = bits << 1 | m->was_mapped[i];
		if (i % 64 == 63 || i == m->pages - 1)
			state_put(h, bits);
	}
}

/* Which addresses a new thing may get. */
static void put_memories(struct state_hash *h)
{
	const struct machine_memory *memory = &h->sim->memory;
	const struct kidentity *id;
	uint32_t i;

	for (id = memory->identities; id; id = id->next) {
		if (id->is_replaced)
			continue;
		state_put(h, id->address);
		state_put(h, (uint64_t)id->region << 32 | id->number);
		state_put(h, (uint64_t)id->strong_count << 33 |
				     (uint64_t)id->weak_count << 1 |
				     id->was_held);
	}
	for (i = 0; i < memory->region_count; i++)
		put_memory(h, memory->shared[i]);
}

static void put_spaces(struct state_hash *h, const struct process *p)
{
	uint32_t i;

	state_put_areas(h, p->aspace);
	for (i = 0; i < h->sim->memory.region_count; i++)
		put_memory(h, p->aspace->copies[i]);
}

static void put_process(struct state_hash *h, const struct process *p)
{
	const struct futex_table *table = table_of(p);

	if (h->has_changing_maps) {
		state_put(h, p->aspace->owner);
		state_put(h, p->aspace->index);
		state_put(h, (uint64_t)p->is_started << 32 |
				     rank_of(h, p->survivor));
	}
	if (p->aspace->owner == p->index) {
		put_mutex(h, &p->aspace->mutex);
		if (h->has_changing_maps)
			put_spaces(h, p);
	}
	state_put_actions(h, p);
	if (h->has_exit_group)
		state_put(h, p->is_exiting);
	if (table)
		put_table(h, table);
}

void state_put_kernel(struct state_hash *h)
{
	uint32_t i;

	put_registry(h);
	if (h->has_changing_maps)
		put_memories(h);
	for (i = 0; i < h->sim->process_count; i++)
		put_process(h, &h->sim->processes[i]);
	state_put(h, h->record->wait_blocks);
}

/* ---- places in lines --------------------------------------------------- */

static void find_waiters(struct state_hash *h, const struct futex_table *t)
{
	const struct futex_slot *slot;
	const struct waiter *w;
	uint32_t i, place;

	for (i = 0; i < FUTEX_TABLE_BUCKETS; i++) {
		list_each(slot, &t->buckets[i]) {
			place = 0;
			list_each(w, &slot->entry->wq.waiters) {
				place++;
				if (!w->waker->is_over)
					h->in_line[w->waker->task->index] =
						place;
			}
		}
	}
}

static uint32_t place_in_fifo(const struct task *task)
{
	const struct task *t = task->mutex ? task->mutex->first : NULL;
	uint32_t place = 1;

	for (; t && t != task; t = t->next_sleeper)
		place++;
	return place;
}

void state_find_lines(struct state_hash *h)
{
	const struct futex_tables_slot *slot;
	const struct futex_table *table;
	uint32_t i;

	for (i = 0; i < h->thread_count; i++)
		h->in_line[i] = 0;
	list_each(slot, &h->sim->futex.shared_tables.map)
		find_waiters(h, slot->table);
	for (i = 0; i < h->sim->process_count; i++) {
		table = table_of(&h->sim->processes[i]);
		if (table)
			find_waiters(h, table);
	}
	for (i = 0; i < h->thread_count; i++) {
		if (h->sim->tasks[i].state == TASK_SLEEPING)
			h->in_line[i] = place_in_fifo(&h->sim->tasks[i]);
	}
}
