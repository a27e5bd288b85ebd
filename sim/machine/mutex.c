/*
 * mutex.c - the sleeping mutex of model/kernel.h: FIFO with hand-off.
 *
 * An unlock gives the mutex to its oldest sleeper before that one runs.  Who
 * is woken by anything else looks again and sleeps on in its old place.
 */
#include <assert.h>

#include "model/kernel.h"
#include "sim/machine/mutation.h"
#include "sim/machine/objects.h"
#include "sim/machine/sim.h"

void kmutex_init(struct kmutex *m, enum kobject kind)
{
	struct sim *sim = sim_running;

	*m = (struct kmutex){
		.id = sim_object_new(sim, object_kind_of(kind), m),
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
	if (mutation_at(MUTATION_NO_LOCK, site)) {
		phantom_take(task, m);
		sim_commit(task);
		return;
	}
	if (m->owner == task)
		sim_bug(sim, VERDICT_KERNEL_BUG,
			"a thread locks a mutex that it owns already");
	while (m->owner && m->owner != task)
		mutex_sleep(task, m);
	if (m->owner == task) {
		task->step.in = 1;
	} else {
		/* Who sleeps in the FIFO never finds it free: it is handed. */
		assert(task->mutex != m);
		m->owner = task;
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
	if (mutation_at(MUTATION_TRYLOCK_TAKES, site) && m->owner) {
		phantom_take(task, m);
		step->out = 1;
	} else if (mutation_at(MUTATION_TRYLOCK_FAILS, site)) {
		step->out = 0;
	} else if (m->owner) {
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
	struct step *step = sim_announce(task, EVENT_UNLOCK, kind, m->id, site);
	struct task *next;

	sim_object(sim, m->id, site);
	if (phantom_drop(task, m)) {
		sim_commit(task);
		return;
	}
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
	if (m->owner != sim->current && !phantom_has(sim->current, m))
		sim_bug(sim, VERDICT_KERNEL_BUG,
			"a mutex is not held where it must be");
}
