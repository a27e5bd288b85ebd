/*
 * kernel.c - the rest of model/kernel.h: memory, who am I, notes, bugs.
 * Mutexes, atomic words, parking, clocks, user memory and address spaces have
 * files of their own.
 */
#include <stdlib.h>

#include "model/kernel.h"
#include "sim/judge/judge.h"
#include "sim/machine/objects.h"
#include "sim/machine/sim.h"
#include "sim/search/state_hash.h"
#include "sim/machine/touches.h"

/* ---- memory ------------------------------------------------------------ */

void *kalloc(size_t size, const char *what)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	int32_t owner = task ? (int32_t)task->index : MOVER_NONE;
	uint32_t nth = task ? ++task->block_count : ++sim->boot_blocks;
	uint64_t base = task ? (uint64_t)task->index + 1 : 0;

	if (sim->hasher)
		state_hash_block(sim, what, 1);
	return arena_block_new(&sim->arena, size, what, owner,
			       base << 40 | (uint64_t)nth << 8);
}

static struct arena_block *live_block(const void *ptr, enum verdict_kind kind,
				      const char *what)
{
	struct arena_block *block = arena_block_of(ptr);

	if (!block || block->is_freed)
		sim_bug(sim_running, kind, what);
	return block;
}

void kfree(void *ptr)
{
	struct arena_block *block =
		live_block(ptr, VERDICT_DOUBLE_FREE,
			   "memory is freed that is free already");

	if (sim_running->touches)
		touches_of_free(sim_running, ptr, block->size);
	if (sim_running->hasher)
		state_hash_block(sim_running, block->what, -1);
	arena_block_free(block);
}

uint64_t kaddress(const void *ptr)
{
	return live_block(ptr, VERDICT_USE_AFTER_FREE,
			  "the address of freed memory is asked for")
		->address;
}

/* ---- who am I ---------------------------------------------------------- */

struct futex_system *kfutex_system(void)
{
	return &sim_running->futex;
}

struct futex_table *kprivate_table(enum kscope scope)
{
	struct process *process = sim_running->current->process;

	switch (scope) {
	case KSCOPE_PROCESS:
		return process->table;
	case KSCOPE_ASPACE:
		return process->aspace->table;
	}
	abort();
}

struct futex_thread *kthread(uint32_t tid)
{
	struct sim *sim = sim_running;

	if (!tid)
		return &sim->current->futex;
	sim_touch(sim, TOUCH_EXIT, TOUCH_READ, tid - 1, 0);
	if (tid > sim->task_count || sim->tasks[tid - 1].has_exited ||
	    sim->tasks[tid - 1].state == TASK_UNBORN)
		return NULL;
	return &sim->tasks[tid - 1].futex;
}

bool kaspace_has_others(void)
{
	struct sim *sim = sim_running;
	const struct task *self = sim->current, *task;
	bool has_others = false;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task == self ||
		    task->process->aspace != self->process->aspace)
			continue;
		sim_touch(sim, TOUCH_EXIT, TOUCH_READ, i, 0);
		has_others |= !task->has_exited && task->state != TASK_UNBORN;
	}
	return has_others;
}

uint32_t kthread_tid(void)
{
	return sim_running->current->index + 1;
}

/* ---- notes ------------------------------------------------------------- */

static const enum event_kind queue_notes[] = {
	[KNOTE_QUEUE_PUSH] = EVENT_QUEUE_PUSH,
	[KNOTE_QUEUE_CHARGE] = EVENT_QUEUE_CHARGE,
	[KNOTE_QUEUE_REMOVE] = EVENT_QUEUE_REMOVE,
	[KNOTE_QUEUE_DROP] = EVENT_QUEUE_DROP,
	[KNOTE_QUEUE_DRAIN] = EVENT_QUEUE_DRAIN,
	[KNOTE_QUEUE_APPEND] = EVENT_QUEUE_APPEND,
};

void knote_queue_at(enum knote what, const struct kmutex *queue,
		    struct kwaker *waker, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step step = {
		.kind = queue_notes[what],
		.object_kind = OBJECT_QUEUE,
		.object = queue->id,
		.site = site,
		.peer = (int32_t)waker->task->index,
	};

	sim_object(sim, queue->id, site);
	if (sim->hasher)
		state_hash_waiter(sim, what, queue->id, waker);
	judge_queue(sim, sim->current, what, queue->id, waker,
		    sim_note(sim, &step));
}

static bool leads_to(const struct sim *sim, const struct resolved *r,
		     const struct kmutex *table, uint64_t key)
{
	return r->value == key &&
	       r->identity == sim->objects[table->id].identity;
}

/* The word that an entry is made for: one that the call has looked up. */
static struct place place_of_entry(const struct sim *sim,
				   const struct task *task,
				   const struct kmutex *table, uint64_t key)
{
	uint32_t i;

	for (i = task->key_count; i > 0; i--) {
		if (leads_to(sim, &task->keys[i - 1], table, key))
			return task->keys[i - 1].place;
	}
	for (i = task->word_count; i > 0; i--) {
		if (leads_to(sim, &task->word_keys[i - 1], table, key))
			return task->word_keys[i - 1].place;
	}
	return task->key_count ? task->keys[task->key_count - 1].place
			       : (struct place){NULL, 0};
}

void knote_entry_at(bool insert, const struct kmutex *table, uint64_t key,
		    const struct kmutex *queue, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct object *object = sim_object(sim, queue->id, site);
	struct task *task = sim->current;
	struct step step = {
		.kind = insert ? EVENT_ENTRY_INSERT : EVENT_ENTRY_REMOVE,
		.object_kind = OBJECT_ENTRY,
		.object = table->id,
		.object2 = queue->id,
		.site = site,
		.peer = EVENT_NOBODY,
		.in = key,
	};

	if (insert) {
		object->has_key = true;
		object->key = key;
		object->table = table->id;
		object->place = place_of_entry(sim, task, table, key);
	}
	sim_note(sim, &step);
	if (insert)
		object->made_at = sim->event_count;
	else
		object->removed_at = sim->event_count;
}

void knote_table_at(bool insert, const struct kmutex *table, uint64_t identity,
		    const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step step = {
		.kind = insert ? EVENT_TABLE_INSERT : EVENT_TABLE_REMOVE,
		.object_kind = OBJECT_TABLE,
		.object = table->id,
		.site = site,
		.peer = EVENT_NOBODY,
		.in = identity,
	};

	sim_object(sim, table->id, site)->identity = identity;
	sim_note(sim, &step);
}

void knote_key(uint64_t addr, uint64_t key, const struct kidentity *region,
	       bool asked_private)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	struct process *process = task->process;
	bool by_process =
		sim->futex.quirks >> QUIRK_PRIVATE_TABLE_PER_PROCESS & 1;
	struct resolved resolved = {
		.address = addr,
		.value = key,
		.identity = region ? region->address : 0,
		.space = by_process ? process->index : process->aspace->index,
		.aspace = process->aspace->index,
		.asked_private = asked_private,
		.is_set = true,
		.place = aspace_place(process->aspace, addr),
	};

	/* Whoever looks at areas holds their mutex; an address needs none. */
	if (process->aspace->mutex.owner != task)
		touch_map(sim, process->aspace, TOUCH_READ);
	judge_key(sim, task, &resolved);
}

void knote_waking(unsigned int word)
{
	struct sim *sim = sim_running;

	judge_waking(sim, sim->current, word);
}

_Noreturn void kbug(const char *what, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step step = {
		.kind = EVENT_BUG,
		.object_kind = OBJECT_KERNEL,
		.site = site,
		.peer = EVENT_NOBODY,
		.text = what,
	};

	sim_note(sim, &step);
	sim_bug(sim, VERDICT_KERNEL_BUG, what);
}
