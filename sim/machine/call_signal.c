/*
 * call_signal.c - the system calls that are about signals, and the sleep that
 * signals end.
 */
#include <errno.h>

#include "sim/machine/program_internal.h"
#include "sim/machine/signal.h"
#include "sim/machine/touches.h"

/* Source: signal(7): these can be neither caught nor blocked. */
#define UNBLOCKABLE (SIGNAL_BIT(SIGNAL_KILL) | SIGNAL_BIT(SIGNAL_STOP))

/* ---- kill -------------------------------------------------------------- */

static bool has_ended(const struct sim *sim, const struct process *process)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].process == process &&
		    sim->tasks[i].state != TASK_UNBORN &&
		    !sim->tasks[i].has_exited)
			return false;
	}
	return true;
}

/*
 * A thread that has come to the end of its list is there until it exits.
 * Source:  tgkill(2), kill(2).
 */
long call_kill(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	const struct op_signal *op = &task->op->signal;
	struct task *to = NULL;
	struct process *process;
	struct step *step = sim_announce(task, EVENT_KILL, OBJECT_SIGNAL,
					 task->index, NULL);
	long result = 0;

	(void)arg;
	if (op->thread != NOWHERE) {
		to = &sim->tasks[op->thread];
		if (to->has_exited || to->state == TASK_UNBORN)
			result = -ESRCH;
		else
			signal_send(sim, to, op->number);
	} else {
		process = &sim->processes[op->process];
		if (has_ended(sim, process))
			result = -ESRCH;
		else
			signal_send_process(sim, process, op->number, &to);
	}
	step->in = op->number;
	step->out = result;
	step->peer = to ? (int32_t)to->index : EVENT_NOBODY;
	sim_commit(task);
	return result;
}

/* ---- sigaction --------------------------------------------------------- */

/* What is ignored does not stay pending. */
static void forget_pending(struct sim *sim, struct process *process,
			   uint32_t number)
{
	uint32_t i;

	process->pending &= ~SIGNAL_BIT(number);
	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].process == process)
			sim->tasks[i].signals.pending &= ~SIGNAL_BIT(number);
	}
}

/* Who stands in user mode may have something to do now. */
static void look_again(struct sim *sim, const struct process *process)
{
	struct task *task;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task->process != process)
			continue;
		sim_touch(sim, TOUCH_INTERRUPT, TOUCH_WRITE, i, 0);
		if (signal_is_due(task))
			signal_announce(task);
	}
}

/* Source:  sigaction(2). */
long call_sigaction(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	const struct op_signal *op = &task->op->signal;
	struct process *process = task->process;

	(void)arg;
	if (SIGNAL_BIT(op->number) & UNBLOCKABLE)
		return -EINVAL;
	touch_signals(sim, task, TOUCH_WRITE);
	process->actions[op->number] = (struct signal_action){
		.kind = op->action,
		.procedure = op->handler,
		.restarts = op->restarts,
	};
	if (signal_is_ignored(process, op->number))
		forget_pending(sim, process, op->number);
	look_again(sim, process);
	return 0;
}

/* ---- sigmask ----------------------------------------------------------- */

static uint64_t masked(uint64_t blocked, const struct op_signal *op)
{
	switch (op->how) {
	case SIGNAL_BLOCK:
		return blocked | op->set;
	case SIGNAL_UNBLOCK:
		return blocked & ~op->set;
	case SIGNAL_SET:
		return op->set;
	}
	return blocked;
}

/*
 * What this thread was to take and does not want any more goes to another.
 * Source:  pthread_sigmask(3); Linux, retarget_shared_pending().
 */
long call_sigmask(struct task *task, int arg)
{
	struct task_signals *s = &task->signals;
	uint64_t before = s->blocked;

	(void)arg;
	touch_signals(sim_running, task, TOUCH_WRITE);
	s->blocked = masked(before, &task->op->signal) & ~UNBLOCKABLE;
	if (task->process->pending & ~s->blocked)
		s->is_called = true;
	signal_pass_on(sim_running, task->process, s->blocked & ~before);
	return 0;
}

/* ---- nanosleep --------------------------------------------------------- */

static bool is_over(struct ktimer *timer, struct kwaker *waker, long *result)
{
	kinterrupt_register_at(waker, NULL);
	*result = -EINTR;
	if (kinterrupt_take_at(NULL))
		return true;
	*result = 0;
	return ktimer_poll_at(timer, waker, NULL);
}

static long sleep_until(uint64_t deadline_ns)
{
	struct kwaker *waker = kwaker_new_bare();
	struct ktimer *timer =
		ktimer_arm_at(KCLOCK_MONOTONIC, deadline_ns, NULL);
	long result;

	while (!is_over(timer, waker, &result))
		kpark_at(waker, NULL);
	ktimer_cancel_at(timer, NULL);
	waker->is_over = true;
	kwaker_put(waker);
	return result;
}

/* Source:  nanosleep(2). */
long call_nanosleep(struct task *task, int arg)
{
	const struct op *op = task->op;
	struct ktimespec time;
	uint64_t ns, deadline;

	(void)arg;
	if (kuser_read_timespec_at(
		    op->timeout == TIMEOUT_BAD ? BAD_ADDRESS : TIMESPEC_ADDRESS,
		    &time, NULL))
		return -EFAULT;
	if (time.sec < 0 || time.nsec < 0 || time.nsec >= 1000000000)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)time.sec, UINT64_C(1000000000),
				   &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)time.nsec, &ns) ||
	    __builtin_add_overflow(kclock_monotonic_ns_at(NULL), ns, &deadline))
		deadline = KTIME_NEVER;
	return sleep_until(deadline);
}

/* ---- processes and threads that are made ------------------------------- */

static bool is_first_of_process(const struct sim *sim, const struct task *task)
{
	const struct task *t;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		t = &sim->tasks[i];
		if (t != task && t->process == task->process &&
		    t->state != TASK_UNBORN)
			return false;
	}
	return true;
}

/* Source:  fork(2), clone(2). */
void signal_born(struct sim *sim, struct task *child, const struct task *parent)
{
	uint32_t i;

	child->signals.blocked = parent->signals.blocked;
	touch_signals(sim, parent, TOUCH_READ);
	touch_signals(sim, child, TOUCH_WRITE);
	if (child->process == parent->process ||
	    !is_first_of_process(sim, child))
		return;
	for (i = 0; i <= SIGNALS_MAX; i++)
		child->process->actions[i] = parent->process->actions[i];
}

/* Source:  execve(2). */
void signal_exec(struct process *process)
{
	uint32_t i;

	for (i = 0; i <= SIGNALS_MAX; i++) {
		if (process->actions[i].kind == SIGNAL_HANDLED)
			process->actions[i].kind = SIGNAL_BY_DEFAULT;
	}
}
