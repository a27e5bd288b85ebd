/*
 * signal.c - sending signals.
 *
 * Which thread a signal to a process goes to: the first, in the order of
 * declaration, that does not block it and is not on its way out.  It is
 * interrupted, and it or whoever else looks first takes the signal.
 * Source: Linux, complete_signal(): the main thread if it wants the signal,
 * else the next that does.
 */
#include "sim/machine/signal.h"

#include "sim/machine/signal_internal.h"
#include "sim/machine/touches.h"

/* Source: signal(7). */
#define SIGCHLD_NUMBER 17u
#define SIGCONT_NUMBER 18u
#define SIGURG_NUMBER 23u
#define SIGWINCH_NUMBER 28u

void touch_signals(struct sim *sim, const struct task *task,
		   enum touch_mode mode)
{
	const struct touch_log *log = sim->touches;

	if (!log || !(log->has_signals ||
		      (log->has_sent_signals && !restart_flag_is_kept())))
		return;
	sim_touch(sim, TOUCH_SIGNAL, mode, task->process->index, 0);
	sim_touch(sim, TOUCH_INTERRUPT, mode, task->index, 0);
}

/* ---- what there is ----------------------------------------------------- */

bool signal_is_ignored_by_default(uint32_t number)
{
	return number == SIGCHLD_NUMBER || number == SIGCONT_NUMBER ||
	       number == SIGURG_NUMBER || number == SIGWINCH_NUMBER;
}

bool signal_is_ignored(const struct process *process, uint32_t number)
{
	enum signal_kind kind = process->actions[number].kind;

	return kind == SIGNAL_IGNORED || (kind == SIGNAL_BY_DEFAULT &&
					  signal_is_ignored_by_default(number));
}

/* Does it get signals at all? */
static bool is_there(const struct task *task)
{
	return !task->has_exited && !task->is_leaving &&
	       task->state != TASK_DONE && task->state != TASK_UNBORN;
}

/* Half an mmap is done in the kernel, however it is written. */
static bool is_in_user_mode(const struct task *task)
{
	return !task->main && !task->is_in_fiber &&
	       task->state == TASK_RUNNABLE && is_there(task) &&
	       task->process->aspace->mutex.owner != task;
}

uint64_t signal_takeable(const struct task *task, bool of_process)
{
	uint64_t set = task->signals.pending;

	if (task->signals.frame_count == SIGNAL_DEPTH_MAX)
		return 0;
	if (of_process)
		set |= task->process->pending;
	return set & ~task->signals.blocked;
}

bool signal_is_due(const struct task *task)
{
	uint64_t set = signal_takeable(task, task->signals.is_called);
	uint32_t number;

	if (!is_in_user_mode(task))
		return false;
	if (task->process->killed_by)
		return true;
	for (; (number = signal_lowest(set)); set &= set - 1) {
		if (task->process->actions[number].kind != SIGNAL_UNSET)
			return true;
	}
	return false;
}

void signal_announce(struct task *task)
{
	sim_prepare(task, EVENT_DELIVER, OBJECT_SIGNAL, task->index, NULL);
}

/* ---- sending ----------------------------------------------------------- */

/* It looks for signals when it comes back to user mode, or is there. */
static bool call(struct sim *sim, struct task *task)
{
	bool was_blocked;

	if (task->state == TASK_UNBORN)
		return false;
	sim_touch(sim, TOUCH_INTERRUPT, TOUCH_WRITE, task->index, 0);
	sim_touch(sim, TOUCH_TASK, TOUCH_WRITE, task->index, 0);
	task->signals.is_called = true;
	was_blocked = task_interrupt(sim, task);
	if (signal_is_due(task))
		signal_announce(task);
	return was_blocked;
}

void signal_kill(struct sim *sim, struct process *process, uint32_t number)
{
	uint32_t i;

	if (process->killed_by)
		return;
	process->is_exiting = true;
	process->survivor = NULL;
	process->killed_by = number;
	sim_touch(sim, TOUCH_LEAVING, TOUCH_WRITE, process->index, 0);
	sim_touch(sim, TOUCH_SIGNAL, TOUCH_WRITE, process->index, 0);
	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].process == process)
			call(sim, &sim->tasks[i]);
	}
}

/*
 * Of an empty handler that runs in user mode nothing is left, unless the flag
 * is.
 */
static bool leaves_nothing(const struct task *task, uint32_t number)
{
	return task->process->actions[number].kind == SIGNAL_UNSET &&
	       is_in_user_mode(task) && !restart_flag_is_kept();
}

void signal_settle(struct task *task)
{
	struct task_signals *s = &task->signals;

	if (!task->is_interrupted || task->process->is_exiting ||
	    !is_in_user_mode(task) || restart_flag_is_kept())
		return;
	touch_signals(sim_running, task, TOUCH_WRITE);
	if (s->is_called)
		task->process->pending &= s->blocked;
	s->pending &= s->blocked;
	s->is_called = false;
	task->is_interrupted = false;
}

bool signal_send(struct sim *sim, struct task *task, uint32_t number)
{
	bool was_blocked = task_is_blocked(task);

	if (sim->touches && sim->touches->has_signals)
		sim_touch(sim, TOUCH_SIGNAL, TOUCH_READ, task->process->index,
			  0);
	if (number == SIGNAL_KILL) {
		signal_kill(sim, task->process, number);
		return was_blocked && !task_is_blocked(task);
	}
	if (task->signals.blocked & SIGNAL_BIT(number)) {
		task->signals.pending |= SIGNAL_BIT(number);
		return false;
	}
	if (signal_is_ignored(task->process, number) ||
	    leaves_nothing(task, number))
		return false;
	task->signals.pending |= SIGNAL_BIT(number);
	return call(sim, task);
}

/* Whom a signal of the process goes to; NULL: it waits for somebody. */
static struct task *choose(struct sim *sim, const struct process *process,
			   uint32_t number)
{
	struct task *task;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task->process == process && is_there(task) &&
		    !(task->signals.blocked & SIGNAL_BIT(number)))
			return task;
	}
	return NULL;
}

/* The choice depends on all threads of the process. */
static void touch_choice(struct sim *sim, const struct process *process)
{
	uint32_t i;

	sim_touch(sim, TOUCH_SIGNAL, TOUCH_WRITE, process->index, 0);
	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].process == process)
			sim_touch(sim, TOUCH_INTERRUPT, TOUCH_WRITE, i, 0);
	}
}

bool signal_send_process(struct sim *sim, struct process *process,
			 uint32_t number, struct task **chosen)
{
	*chosen = choose(sim, process, number);
	touch_choice(sim, process);
	if (number == SIGNAL_KILL) {
		signal_kill(sim, process, number);
		return false;
	}
	if (*chosen && (signal_is_ignored(process, number) ||
			leaves_nothing(*chosen, number)))
		return false;
	process->pending |= SIGNAL_BIT(number);
	return *chosen && call(sim, *chosen);
}

void signal_pass_on(struct sim *sim, struct process *process, uint64_t set)
{
	struct task *task;
	uint32_t number;

	set &= process->pending;
	for (; (number = signal_lowest(set)); set &= set - 1) {
		touch_choice(sim, process);
		task = choose(sim, process, number);
		if (task)
			call(sim, task);
	}
}
