/*
 * exec.c - a thread replaces its program.
 *
 * The other threads of the process are killed, and the caller sleeps until all
 * have gone; then it lets go of what it has in the old address space (robust
 * mutexes, its tid word) and gets a new one.
 */
#include <errno.h>

#include "sim/machine/process.h"
#include "sim/machine/signal.h"
#include "sim/machine/touches.h"

/* Or has it been killed, with all the others? */
static bool is_over(struct sim *sim, const struct task *task)
{
	touch_leaving(sim, task);
	return process_takes_along(task) || process_is_alone(sim, task);
}

/* Only what kills it gets it out of there. */
static void wait_for_others(struct sim *sim, struct task *task)
{
	struct step *step;

	while (!is_over(sim, task)) {
		step = sim_announce(task, EVENT_BLOCK, OBJECT_TASK, task->index,
				    NULL);
		step->has_permit = true;
		step->permit = is_over(sim, task);
		sim_commit(task);
		if (step->permit)
			return;
		sim_prepare(task, EVENT_RESUME, OBJECT_TASK, task->index, NULL);
		sim_block(task, TASK_WAITING);
		step->cause = task->freed_by;
		sim_commit(task);
	}
}

/* The process that has it from now on, if @process was named as its owner. */
static void pass_on(struct sim *sim, struct aspace *aspace)
{
	uint32_t i;

	for (i = 0; i < sim->process_count; i++) {
		if (sim->processes[i].aspace != aspace)
			continue;
		aspace->owner = i;
		return;
	}
}

static struct futex_table *table_for(struct sim *sim,
				     const struct process *process)
{
	struct futex_table *table = futex_table_new();

	sim->objects[table->table_mutex.id].process = process->index;
	return table;
}

/* Nobody can look into the old table any more: it goes with the old space. */
static void change_space(struct sim *sim, struct process *process)
{
	struct aspace *old = process->aspace;

	process->aspace = aspace_new(sim, process->index);
	if (process->table)
		process->table = table_for(sim, process);
	else
		process->aspace->table = table_for(sim, process);
	pass_on(sim, old);
	process_clear_unused(sim, old);
}

static void enter_new_space(struct sim *sim, struct task *task)
{
	struct aspace *old = task->process->aspace;

	kaspace_lock_at(NULL);
	sim_announce(task, EVENT_EXEC, OBJECT_ASPACE, old->mutex.id, NULL);
	/* Others that share the old one ask who does. */
	sim_touch(sim, TOUCH_EXIT, TOUCH_WRITE, task->index, 0);
	change_space(sim, task->process);
	signal_exec(task->process);
	sim_commit(task);
	kmutex_unlock_at(&old->mutex, NULL);
}

long call_exec(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	struct process *process = task->process;

	(void)arg;
	touch_leaving(sim, task);
	if (process->is_exiting)
		return -EAGAIN;
	process->survivor = task;
	process_kill(sim, process, task);
	wait_for_others(sim, task);
	if (process_takes_along(task))
		return -EINTR;
	sim_touch(sim, TOUCH_LEAVING, TOUCH_WRITE, process->index, 0);
	process->survivor = NULL;
	process->is_exiting = false;
	task->is_leaving = true;
	task->wake_count = 1; /* for each word it lets go of */
	futex_thread_exec();
	task->is_leaving = false;
	enter_new_space(sim, task);
	return 0;
}
