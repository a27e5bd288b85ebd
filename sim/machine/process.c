/*
 * process.c - fork and clone, and the end of threads.
 *
 * A fork copies the address space in one step, with its mutex held, and starts
 * the threads of the child in that step; of a clone the last step starts the
 * thread.  What they start depends on them: its first step touches what they
 * have written, that it is there.
 */
#include "sim/machine/process.h"

#include <errno.h>

#include "sim/judge/races.h"
#include "sim/machine/program.h"
#include "sim/machine/program_internal.h"
#include "sim/machine/signal.h"
#include "sim/machine/touches.h"
#include "sim/machine/user.h"

/* ---- threads that begin ------------------------------------------------ */

/* To the first step of its program; the rest of the present step is @cause. */
static void begin(struct sim *sim, struct task *task, uint32_t cause)
{
	struct task *parent = sim->current;
	int32_t mover = sim->mover;

	sim_touch(sim, TOUCH_TASK, TOUCH_WRITE, task->index, 0);
	sim_touch(sim, TOUCH_EXIT, TOUCH_WRITE, task->index, 0);
	signal_born(sim, task, parent);
	if (sim->races)
		races_start(sim, parent, task);
	task->state = TASK_RUNNABLE;
	sim->current = task;
	sim->mover = (int32_t)task->index;
	program_prepare(task);
	sim->current = parent;
	sim->mover = mover;
	task->step.cause = cause;
}

/* Why nothing can be started, or 0. */
static long refuse(struct sim *sim, const struct task *task, bool is_there)
{
	touch_leaving(sim, task);
	if (process_takes_along(task))
		return -EINTR;
	return is_there ? -EAGAIN : 0;
}

/* ---- fork -------------------------------------------------------------- */

static bool starts_with(const struct task *task, const struct process *process)
{
	return task->process == process && !task->thread->is_cloned;
}

static struct task *first_of(struct sim *sim, const struct process *process)
{
	struct task *task = sim->tasks;

	while (!starts_with(task, process))
		task++;
	return task;
}

static void begin_all(struct sim *sim, struct process *process)
{
	uint32_t i;

	process->is_started = true;
	for (i = 0; i < sim->task_count; i++) {
		if (starts_with(&sim->tasks[i], process))
			begin(sim, &sim->tasks[i], sim->event_count + 1);
	}
}

long call_fork(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	struct process *child = &sim->processes[task->op->starts];
	struct aspace *aspace = task->process->aspace;
	struct step *step;
	long result;

	(void)arg;
	kaspace_lock_at(NULL);
	step = sim_announce(task, EVENT_FORK, OBJECT_ASPACE, aspace->mutex.id,
			    NULL);
	step->peer = (int32_t)first_of(sim, child)->index;
	result = refuse(sim, task, child->is_started);
	if (!result) {
		touch_map(sim, child->aspace, TOUCH_WRITE);
		aspace_fork(sim, child->aspace, aspace);
		begin_all(sim, child);
		result = step->peer + 1;
	}
	step->out = result;
	sim_commit(task);
	kaspace_unlock_at(NULL);
	return result;
}

/* ---- clone ------------------------------------------------------------- */

/*
 * First it is made, then its number is told, then it starts, so that the number
 * is there before the thread can end and take it away again.
 */
long call_clone(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	const struct op *op = task->op;
	struct task *made = &sim->tasks[op->starts];
	uint64_t ctid = (uint64_t)program_evaluate(task, &op->args[1]);
	uint64_t ptid = (uint64_t)program_evaluate(task, &op->args[2]);
	struct step *step =
		sim_announce(task, EVENT_CLONE, OBJECT_TASK, made->index, NULL);
	long result = refuse(sim, task, made->is_made);

	(void)arg;
	step->peer = (int32_t)made->index;
	step->out = result ? result : step->peer + 1;
	if (!result) {
		made->is_made = true;
		made->futex.clear_child_tid.value = ctid;
		if (op->args[2].kind == OPERAND_NONE)
			begin(sim, made, sim->event_count + 1);
		result = step->peer + 1;
	}
	sim_commit(task);
	if (result < 0 || op->args[2].kind == OPERAND_NONE)
		return result;
	/* A bad address is the caller's loss, and the thread starts. */
	kuser_store32_at(ptid, (uint32_t)result, NULL);
	begin(sim, made, sim->event_count);
	return result;
}

/* ---- the end of threads ------------------------------------------------ */

void process_kill(struct sim *sim, struct process *process,
		  const struct task *task)
{
	struct task *t;
	uint32_t i;

	process->is_exiting = true;
	sim_touch(sim, TOUCH_LEAVING, TOUCH_WRITE, process->index, 0);
	for (i = 0; i < sim->task_count; i++) {
		t = &sim->tasks[i];
		if (t == task || t->process != process)
			continue;
		sim_touch(sim, TOUCH_TASK, TOUCH_WRITE, i, 0);
		sim_touch(sim, TOUCH_INTERRUPT, TOUCH_WRITE, i, 0);
		task_interrupt(sim, t);
	}
}

/*
 * Who has come to the end of its program is not waited for: it got there before
 * it was killed, for who is killed ends with its present operation.
 */
bool process_is_alone(struct sim *sim, const struct task *task)
{
	const struct task *t;
	bool is_alone = true;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		t = &sim->tasks[i];
		if (t == task || t->process != task->process)
			continue;
		sim_touch(sim, TOUCH_EXIT, TOUCH_READ, i, 0);
		is_alone &= t->has_exited || t->state == TASK_DONE ||
			    t->state == TASK_UNBORN;
	}
	return is_alone;
}

/* Has any thread that can still do something this address space? */
static bool is_used(struct sim *sim, const struct aspace *aspace)
{
	const struct task *t;
	bool is_used = false;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		t = &sim->tasks[i];
		if (!t->process || t->process->aspace != aspace)
			continue;
		if (sim->touches && sim->touches->has_changing_maps)
			sim_touch(sim, TOUCH_EXIT, TOUCH_READ, i, 0);
		is_used |= !t->has_exited && t->state != TASK_UNBORN;
	}
	return is_used;
}

void process_clear_unused(struct sim *sim, struct aspace *aspace)
{
	if (is_used(sim, aspace))
		return;
	touch_map(sim, aspace, TOUCH_WRITE);
	aspace_clear(sim, aspace);
}

void process_left(struct sim *sim, const struct task *task)
{
	struct task *survivor = task->process->survivor;

	if (survivor && process_is_alone(sim, survivor)) {
		sim_touch(sim, TOUCH_TASK, TOUCH_WRITE, survivor->index, 0);
		sim_unblock(sim, survivor);
	}
	process_clear_unused(sim, task->process->aspace);
}
