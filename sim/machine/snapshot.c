/* snapshot.c - saving and restoring a machine between two steps. */
#include "sim/machine/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "sim/machine/sim.h"

/* The verdicts come last in struct sim; of them those that there are. */
#define SAVED offsetof(struct sim, verdicts)

struct snapshot_buffer {
	char *bytes;
	size_t room;
};

struct snapshot {
	struct snapshot_buffer sim;
	struct snapshot_buffer objects;
	struct snapshot_buffer image;
	struct snapshot_buffer stacks; /* one after the other, by thread */
	size_t used; /* bytes of the arena's chunk */
	uint32_t object_count;
	uint32_t write_count;
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- pages ------------------------------------------------------------- */

static int by_offset(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Pages with a named word exist from the start: they are the ones in use. */
static void make_pages(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct place p;
	uint32_t i;

	for (i = 0; i < s->word_count; i++) {
		p = word_place(sim, &s->words[i], NULL);
		if (p.memory)
			place_bytes(sim, p);
	}
}

static uint32_t find_pages(const struct sim *sim, const struct memory *m,
			   size_t *offsets, uint32_t count)
{
	const char *chunk = sim->arena.first->bytes;
	uint32_t i;

	for (i = 0; m && i < m->pages; i++) {
		if (m->page[i])
			offsets[count++] =
				(size_t)((const char *)m->page[i] - chunk);
	}
	return count;
}

static uint32_t page_room(const struct scenario *s, uint32_t processes)
{
	uint32_t i, count = 0;

	for (i = 0; i < s->region_count; i++)
		count += s->regions[i].pages;
	return count * (processes + 1);
}

/* Offsets of all pages there are, ascending. */
static uint32_t list_pages(const struct sim *sim, size_t *offsets)
{
	uint32_t i, k, count = 0;

	for (i = 0; i < sim->memory.region_count; i++) {
		count = find_pages(sim, sim->memory.shared[i], offsets, count);
		for (k = 0; k < sim->process_count; k++) {
			if (sim->processes[k].aspace->owner == k)
				count = find_pages(
					sim,
					sim->processes[k].aspace->copies[i],
					offsets, count);
		}
	}
	qsort(offsets, count, sizeof(*offsets), by_offset);
	return count;
}

/* What lies between the pages; the last part is what follows them all. */
static void find_parts(const struct sim *sim, struct snapshots *snaps)
{
	size_t *offsets =
		checked(calloc(page_room(sim->scenario, sim->process_count) + 1,
			       sizeof(*offsets)));
	uint32_t i, count = list_pages(sim, offsets);
	size_t at = 0;

	snaps->parts = checked(calloc(count + 1, sizeof(*snaps->parts)));
	for (i = 0; i < count; i++) {
		if (offsets[i] > at)
			snaps->parts[snaps->part_count++] =
				(struct snapshot_part){at, offsets[i] - at};
		at = offsets[i] + PAGE_SIZE;
	}
	snaps->parts[snaps->part_count++] = (struct snapshot_part){at, 0};
	free(offsets);
}

/* ---- buffers ----------------------------------------------------------- */

static char *make_room(struct snapshot_buffer *b, size_t size)
{
	if (b->room < size) {
		free(b->bytes);
		b->room = size + size / 2;
		b->bytes = checked(malloc(b->room));
	}
	return b->bytes;
}

static void snapshot_free(struct snapshot *snap)
{
	free(snap->sim.bytes);
	free(snap->objects.bytes);
	free(snap->image.bytes);
	free(snap->stacks.bytes);
}

void snapshots_fini(struct sim *sim)
{
	struct snapshots *snaps = &sim->snapshots;
	uint32_t i;

	for (i = 0; i < snaps->room; i++)
		snapshot_free(&snaps->items[i]);
	free(snaps->items);
	free(snaps->parts);
	free(snaps->writes);
	*snaps = (struct snapshots){0};
}

static struct snapshot *push(struct snapshots *snaps)
{
	uint32_t room = snaps->room ? 2 * snaps->room : 8;

	if (snaps->count == snaps->room) {
		snaps->items = checked(
			realloc(snaps->items, room * sizeof(*snaps->items)));
		memset(snaps->items + snaps->room, 0,
		       (room - snaps->room) * sizeof(*snaps->items));
		snaps->room = room;
	}
	return &snaps->items[snaps->count++];
}

/* ---- stacks ------------------------------------------------------------ */

/* From where it goes on to the top: what it has in use. */
static size_t stack_size(const struct task *task)
{
	const char *at = task->fiber.context;

	return (size_t)(task->fiber.stack + FIBER_STACK_SIZE - at);
}

static void save_stacks(const struct sim *sim, struct snapshot *snap)
{
	size_t size = 0, at = 0;
	const struct task *task;
	uint32_t i;
	char *to;

	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].is_in_fiber)
			size += stack_size(&sim->tasks[i]);
	}
	to = make_room(&snap->stacks, size);
	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (!task->is_in_fiber)
			continue;
		memcpy(to + at, task->fiber.context, stack_size(task));
		at += stack_size(task);
	}
}

static void restore_stacks(struct sim *sim, const struct snapshot *snap)
{
	const struct task *task;
	size_t at = 0;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (!task->is_in_fiber)
			continue;
		memcpy(task->fiber.context, snap->stacks.bytes + at,
		       stack_size(task));
		at += stack_size(task);
	}
}

/* ---- taking and restoring ---------------------------------------------- */

static size_t part_size(const struct snapshots *snaps,
			const struct snapshot *snap, uint32_t part)
{
	const struct snapshot_part *p = &snaps->parts[part];

	return part == snaps->part_count - 1 ? snap->used - p->offset : p->size;
}

static void save_arena(const struct sim *sim, struct snapshot *snap)
{
	const struct snapshots *snaps = &sim->snapshots;
	const char *from = sim->arena.first->bytes;
	char *to = make_room(&snap->image, snap->used);
	uint32_t i;

	for (i = 0; i < snaps->part_count; i++)
		memcpy(to + snaps->parts[i].offset,
		       from + snaps->parts[i].offset,
		       part_size(snaps, snap, i));
}

static void save_sim(const struct sim *sim, struct snapshot *snap)
{
	size_t verdicts = sim->verdict_count * sizeof(*sim->verdicts);
	size_t objects = sim->object_count * sizeof(*sim->objects);

	memcpy(make_room(&snap->sim, SAVED + verdicts), sim, SAVED + verdicts);
	memcpy(make_room(&snap->objects, objects), sim->objects, objects);
	snap->object_count = sim->object_count;
	snap->write_count = sim->snapshots.write_count;
}

static bool has_foreign_stacks(const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].is_in_fiber)
			return !fiber_can_be_copied();
	}
	return false;
}

bool snapshot_take(struct sim *sim)
{
	struct snapshots *snaps = &sim->snapshots;
	struct snapshot *snap;

	if (!snaps->count)
		make_pages(sim);
	if (sim->arena.current != sim->arena.first || has_foreign_stacks(sim))
		return false;
	if (!snaps->count)
		find_parts(sim, snaps);
	snap = push(snaps);
	snap->used = sim->arena.first->used;
	save_arena(sim, snap);
	save_sim(sim, snap);
	save_stacks(sim, snap);
	return true;
}

static void undo_writes(struct snapshots *snaps, uint32_t count)
{
	struct snapshot_write *w;

	while (snaps->write_count > count) {
		w = &snaps->writes[--snaps->write_count];
		memcpy(w->bytes, &w->old, sizeof(w->old));
	}
}

static void restore_sim(struct sim *sim, const struct snapshot *snap)
{
	const struct sim *from = (const struct sim *)(void *)snap->sim.bytes;
	/* This array may have grown, and moved. */
	struct object *objects = sim->objects;
	uint32_t room = sim->object_room;

	memcpy(sim, from, SAVED);
	memcpy(sim->verdicts, snap->sim.bytes + SAVED,
	       sim->verdict_count * sizeof(*sim->verdicts));
	sim->objects = objects;
	sim->object_room = room;
	memcpy(sim->objects, snap->objects.bytes,
	       snap->object_count * sizeof(*sim->objects));
}

static void restore_arena(struct sim *sim, const struct snapshot *snap)
{
	const struct snapshots *snaps = &sim->snapshots;
	struct arena_chunk *chunk = sim->arena.first, *c;
	uint32_t i;

	for (i = 0; i < snaps->part_count; i++)
		memcpy(chunk->bytes + snaps->parts[i].offset,
		       snap->image.bytes + snaps->parts[i].offset,
		       part_size(snaps, snap, i));
	chunk->used = snap->used;
	for (c = chunk->next; c; c = c->next)
		c->used = 0;
}

void snapshot_restore(struct sim *sim, uint32_t index)
{
	const struct snapshot *snap = &sim->snapshots.items[index];

	sim->snapshots.count = index + 1;
	undo_writes(&sim->snapshots, snap->write_count);
	restore_sim(sim, snap);
	restore_arena(sim, snap);
	restore_stacks(sim, snap);
	sim_running = sim;
}

void snapshot_note(struct sim *sim, unsigned char *bytes)
{
	struct snapshots *snaps = &sim->snapshots;
	struct snapshot_write *w;

	if (snaps->write_count == snaps->write_room) {
		snaps->write_room =
			snaps->write_room ? 2 * snaps->write_room : 64;
		snaps->writes = checked(
			realloc(snaps->writes, snaps->write_room * sizeof(*w)));
	}
	w = &snaps->writes[snaps->write_count++];
	w->bytes = (unsigned char *)((uintptr_t)bytes & ~(uintptr_t)7);
	memcpy(&w->old, w->bytes, sizeof(w->old));
}
