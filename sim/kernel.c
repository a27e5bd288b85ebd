/*
 * kernel.c - model/kernel.h on the simulated machine: mutexes, atomic words,
 * parking, memory, notes.  Clocks and user memory have files of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "sim/judge.h"
#include "sim/sim.h"

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

/* ---- sleeping mutex: FIFO with hand-off ------------------------------------ */

void kmutex_init(struct kmutex *m, enum kobject kind)
{
	struct sim *sim = sim_running;

	*m = (struct kmutex){
		.id = sim_object_new(sim, object_kinds[kind]),
		.kind = kind,
	};
	sim->objects[m->id].mutex = m;
}

static void fifo_push(struct kmutex *m, struct task *task)
{
	task->next_sleeper = NULL;
	if (m->last)
		((struct task *)m->last)->next_sleeper = task;
	else
		m->first = task;
	m->last = task;
}

static struct task *fifo_pop(struct kmutex *m)
{
	struct task *task = m->first;

	if (!task)
		return NULL;
	m->first = task->next_sleeper;
	if (!m->first)
		m->last = NULL;
	return task;
}

/* Somewhere in the middle: it was woken by a waker of an earlier wait. */
static void fifo_remove(struct kmutex *m, struct task *task)
{
	struct task *t, *previous = NULL;

	for (t = m->first; t && t != task; t = t->next_sleeper)
		previous = t;
	if (!t)
		return;
	if (previous)
		previous->next_sleeper = task->next_sleeper;
	else
		m->first = task->next_sleeper;
	if (m->last == task)
		m->last = previous;
}

/* Busy: into the FIFO, unless there already, and sleep. */
static void mutex_sleep(struct task *task, struct kmutex *m)
{
	struct step lock = task->step;

	task->step.kind = EVENT_SLEEP;
	task->step.peer = (int32_t)((struct task *)m->owner)->index;
	if (task->mutex != m) {
		fifo_push(m, task);
		task->mutex = m;
	}
	sim_commit(task);
	task->step = lock;
	sim_block(task, TASK_SLEEPING);
	task->step.cause = task->freed_by;
}

void kmutex_lock_at(struct kmutex *m, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	enum object_kind kind = sim_object(sim, m->id, site)->kind;

	sim_announce(task, EVENT_LOCK, kind, m->id, site);
	sim_object(sim, m->id, site);
	if (m->owner == task)
		sim_bug(sim, VERDICT_KERNEL_BUG,
			"a thread locks a mutex that it owns already");
	while (m->owner && m->owner != task)
		mutex_sleep(task, m);
	if (m->owner == task) {
		task->step.in = 1;
	} else {
		m->owner = task;
		if (task->mutex == m)
			fifo_remove(m, task);
	}
	task->mutex = NULL;
	sim_commit(task);
}

bool kmutex_trylock_at(struct kmutex *m, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	enum object_kind kind = sim_object(sim, m->id, site)->kind;
	struct step *step =
		sim_announce(task, EVENT_TRYLOCK, kind, m->id, site);

	sim_object(sim, m->id, site);
	if (m->owner) {
		step->peer = (int32_t)((struct task *)m->owner)->index;
	} else {
		m->owner = task;
		step->out = 1;
	}
	sim_commit(task);
	return step->out;
}

void kmutex_unlock_at(struct kmutex *m, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	enum object_kind kind = sim_object(sim, m->id, site)->kind;
	struct step *step =
		sim_announce(task, EVENT_UNLOCK, kind, m->id, site);
	struct task *next;

	sim_object(sim, m->id, site);
	if (m->owner != task)
		sim_bug(sim, VERDICT_KERNEL_BUG,
			"a thread unlocks a mutex that it does not own");
	next = fifo_pop(m);
	m->owner = next;
	if (next) {
		step->peer = (int32_t)next->index;
		sim_unblock(sim, next);
	}
	sim_commit(task);
}

void kmutex_assert_held(const struct kmutex *m)
{
	struct sim *sim = sim_running;

	sim_object(sim, m->id, NULL);
	if (m->owner != sim->current)
		sim_bug(sim, VERDICT_KERNEL_BUG,
			"a mutex is not held where it must be");
}

/* ---- atomic words -------------------------------------------------------------- */

void katomic_init(struct katomic *a, enum kobject kind, uint64_t value)
{
	*a = (struct katomic){
		.id = sim_object_new(sim_running, object_kinds[kind]),
		.kind = kind,
		.value = value,
	};
}

/* Announce; on return it is this thread's turn to act. */
static struct step *atomic_step(struct katomic *a, enum event_kind kind,
				const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step;
	enum object_kind object = sim_object(sim, a->id, site)->kind;

	step = sim_announce(sim->current, kind, object, a->id, site);
	sim_object(sim, a->id, site);
	step->old_value = a->value;
	step->new_value = a->value;
	step->has_values = kind != EVENT_LOAD;
	step->out = (int64_t)a->value;
	return step;
}

static uint64_t atomic_write(struct katomic *a, struct step *step,
			     uint64_t value)
{
	step->new_value = value;
	a->value = value;
	sim_commit(sim_running->current);
	return step->old_value;
}

uint64_t katomic_load_at(struct katomic *a, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	uint64_t value = (uint64_t)atomic_step(a, EVENT_LOAD, site)->out;

	sim_commit(task);
	if (!value && task->wait && task->last.object_kind == OBJECT_WOKEN)
		task->wait->read_at = sim->event_count;
	return value;
}

void katomic_store_at(struct katomic *a, uint64_t value,
		      const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_STORE, site);

	step->out = 0;
	atomic_write(a, step, value);
}

uint64_t katomic_swap_at(struct katomic *a, uint64_t value,
			 const struct ksite *site)
{
	return atomic_write(a, atomic_step(a, EVENT_SWAP, site), value);
}

uint64_t katomic_add_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_ADD, site);

	return atomic_write(a, step, step->old_value + value);
}

uint64_t katomic_sub_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_SUB, site);

	return atomic_write(a, step, step->old_value - value);
}

/* ---- reference counts -------------------------------------------------------------- */

void kref_init(struct kref *r, enum kobject kind)
{
	*r = (struct kref){
		.id = sim_object_new(sim_running, object_kinds[kind]),
		.kind = kind,
		.count = 1,
	};
}

static struct step *ref_step(struct kref *r, enum event_kind kind,
			     const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step;
	enum object_kind object = sim_object(sim, r->id, site)->kind;

	step = sim_announce(sim->current, kind, object, r->id, site);
	sim_object(sim, r->id, site);
	step->old_value = r->count;
	step->new_value = r->count;
	return step;
}

void kref_get_at(struct kref *r, const struct ksite *site)
{
	struct step *step = ref_step(r, EVENT_REF_GET, site);

	step->has_values = true;
	step->new_value = ++r->count;
	sim_commit(sim_running->current);
}

bool kref_put_at(struct kref *r, const struct ksite *site)
{
	struct step *step = ref_step(r, EVENT_REF_PUT, site);
	uint64_t left;

	if (!r->count)
		sim_bug(sim_running, VERDICT_KERNEL_BUG,
			"a reference is dropped that nobody holds");
	left = --r->count;
	step->has_values = true;
	step->new_value = left;
	sim_commit(sim_running->current);
	return !left;
}

uint64_t kref_count_at(struct kref *r, const struct ksite *site)
{
	struct step *step = ref_step(r, EVENT_REF_COUNT, site);

	step->out = (int64_t)r->count;
	sim_commit(sim_running->current);
	return (uint64_t)step->out;
}

/* ---- wakers --------------------------------------------------------------------------- */

struct kwaker *kwaker_new(void)
{
	struct sim *sim = sim_running;
	struct kwaker *w = arena_alloc(&sim->arena, sizeof(*w));

	w->references = 1;
	w->number = ++sim->waker_count;
	w->task = sim->current;
	w->charged_by = EVENT_NOBODY;
	judge_wait(sim, w);
	return w;
}

struct kwaker *kwaker_get(struct kwaker *w)
{
	w->references++;
	return w;
}

void kwaker_put(struct kwaker *w)
{
	if (!w->references)
		sim_bug(sim_running, VERDICT_DOUBLE_FREE,
			"a waker is dropped that nobody holds");
	w->references--;
}

bool kpark_at(struct kwaker *w, const struct ksite *site)
{
	struct task *task = sim_running->current;
	struct step *step = sim_announce(task, EVENT_BLOCK, OBJECT_TASK,
					 task->index, site);

	step->has_permit = true;
	step->permit = w->woke;
	if (w->woke) {
		w->woke = false;
		sim_commit(task);
		return false;
	}
	sim_commit(task);
	*step = (struct step){
		.kind = EVENT_RESUME,
		.object_kind = OBJECT_TASK,
		.object = task->index,
		.site = site,
		.peer = EVENT_NOBODY,
	};
	sim_block(task, TASK_PARKED);
	step->cause = task->freed_by;
	sim_commit(task);
	return true;
}

void kunpark_at(struct kwaker *w, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step = sim_announce(sim->current, EVENT_WAKE, OBJECT_TASK,
					 w->task->index, site);

	step->peer = (int32_t)w->task->index;
	step->out = waker_fire(sim, w);
	sim_commit(sim->current);
}

void kyield_at(const struct ksite *site)
{
	struct task *task = sim_running->current;

	sim_announce(task, EVENT_YIELD, OBJECT_TASK, task->index, site);
	sim_commit(task);
}

void kinterrupt_register_at(struct kwaker *w, const struct ksite *site)
{
	struct task *task = sim_running->current;

	sim_announce(task, EVENT_INTERRUPT_REGISTER, OBJECT_INTERRUPT,
		     task->index, site);
	if (task->interrupt_waker)
		kwaker_put(task->interrupt_waker);
	task->interrupt_waker = kwaker_get(w);
	sim_commit(task);
}

bool kinterrupt_take_at(const struct ksite *site)
{
	struct task *task = sim_running->current;
	struct step *step = sim_announce(task, EVENT_INTERRUPT_TAKE,
					 OBJECT_INTERRUPT, task->index, site);

	step->out = task->is_interrupted;
	task->is_interrupted = false;
	sim_commit(task);
	return step->out;
}

/* ---- memory ------------------------------------------------------------------------------ */

void *kalloc(size_t size, const char *what)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	int32_t owner = task ? (int32_t)task->index : MOVER_NONE;
	uint32_t nth = task ? ++task->block_count : ++sim->boot_blocks;
	uint64_t base = task ? (uint64_t)task->index + 1 : 0;

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
	arena_block_free(live_block(ptr, VERDICT_DOUBLE_FREE,
				    "memory is freed that is free already"));
}

uint64_t kaddress(const void *ptr)
{
	return live_block(ptr, VERDICT_USE_AFTER_FREE,
			  "the address of freed memory is asked for")
		->address;
}

/* ---- who am I ---------------------------------------------------------------------------- */

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
	if (tid > sim->task_count || sim->tasks[tid - 1].has_exited)
		return NULL;
	return &sim->tasks[tid - 1].futex;
}

uint32_t kthread_tid(void)
{
	return sim_running->current->index + 1;
}

/* ---- notes ---------------------------------------------------------------------------------- */

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
	judge_queue(sim, sim->current, what, queue->id, waker,
		    sim_note(sim, &step));
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
		if (task->key_count)
			object->place = task->keys[task->key_count - 1].place;
	}
	sim_note(sim, &step);
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
		.asked_private = asked_private,
		.is_set = true,
		.place = aspace_place(process->aspace, addr),
	};

	judge_key(sim, task, &resolved);
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
