/*
 * signal_take.c - taking signals on the way back to user mode, and what then
 * becomes of the call.
 *
 * In what order pending ones are taken: those of the thread first, then those
 * of its process, each by number.  All are taken at once and the first decides
 * about the call; their handlers run in the opposite order, each on top of the
 * one before.
 * Source: Linux, dequeue_signal() and exit_to_user_mode_loop().
 */
#include <errno.h>

#include "sim/machine/program_internal.h"
#include "sim/machine/signal_internal.h"
#include "sim/machine/touches.h"

/* ---- taking ------------------------------------------------------------ */

/* The next one, of the thread before those of the process; 0: none. */
static uint32_t take(struct task *task, bool of_process)
{
	uint32_t number = signal_lowest(signal_takeable(task, false));

	if (number) {
		task->signals.pending &= ~SIGNAL_BIT(number);
		return number;
	}
	number = signal_lowest(signal_takeable(task, of_process));
	if (number) {
		task->process->pending &= ~SIGNAL_BIT(number);
		touch_signals(sim_running, task, TOUCH_WRITE);
	}
	return number;
}

/* The values that the call in progress was made with. */
static const int64_t *arguments_of(struct task *task)
{
	int64_t *values =
		arena_alloc(&sim_running->arena, OP_ARGS_MAX * sizeof(*values));
	unsigned int i;

	for (i = 0; i < OP_ARGS_MAX; i++)
		values[i] = program_evaluate(task, &task->op->args[i]);
	return values;
}

/* The handler comes before what the thread would go on with. */
static void push(struct task *task, uint32_t number, bool is_restart)
{
	const struct signal_action *action = &task->process->actions[number];
	struct task_signals *s = &task->signals;
	struct signal_frame *f;

	if (!task->thread->handlers ||
	    task->thread->handlers[action->procedure] == NOWHERE)
		return;
	f = arena_alloc(&sim_running->arena, sizeof(*f));
	f->below = s->frames;
	f->number = number;
	f->procedure = action->procedure;
	f->return_pc = task->next_pc;
	f->blocked = s->blocked;
	f->was_inside = task->regions[action->procedure];
	if (!task->is_in_op) /* it stands before a call */
		f->again = s->again;
	else if (is_restart)
		f->again.arguments = arguments_of(task);
	s->again = (struct signal_again){0};
	s->frames = f;
	s->frame_count++;
	s->blocked |= SIGNAL_BIT(number);
	task->next_pc = task->thread->handlers[action->procedure];
}

static bool is_timed(const struct op *op)
{
	if (op->verb == VERB_FUTEX)
		return op->args[3].kind != OPERAND_NONE &&
		       (op->args[3].kind != OPERAND_INTEGER ||
			op->args[3].value);
	return op->verb != VERB_FUTEX_WAITV && op->timeout != TIMEOUT_NONE;
}

/* The first signal that is taken says what becomes of a call cut short. */
static void decide(struct task *task, const struct signal_action *action,
		   int64_t value)
{
	struct task_signals *s = &task->signals;

	if (s->answer != ANSWER_NO_SIGNAL)
		return;
	s->answer = ANSWER_INTERRUPT;
	if (value == -EINTR && action->kind == SIGNAL_HANDLED &&
	    restart_after_handler(action->restarts, is_timed(task->op)))
		s->answer = ANSWER_RESTART;
}

/* Do what is to be done about @number.  Returns whether that can be seen. */
static bool act(struct task *task, struct step *step, uint32_t number,
		int64_t value)
{
	const struct signal_action *action = &task->process->actions[number];
	bool is_first = task->signals.answer == ANSWER_NO_SIGNAL;

	step->in = number;
	switch (action->kind) {
	case SIGNAL_UNSET:
		decide(task, action, value);
		return false;
	case SIGNAL_IGNORED:
		return false;
	case SIGNAL_BY_DEFAULT:
		if (signal_is_ignored_by_default(number))
			return false;
		signal_kill(sim_running, task->process, number);
		task->signals.is_dying = true;
		step->text = "ends the process";
		return true;
	case SIGNAL_HANDLED:
		decide(task, action, value);
		is_first &= task->signals.answer == ANSWER_RESTART;
		if (is_first)
			task->next_pc = task->pc;
		step->text =
			sim_running->scenario->procedures[action->procedure];
		push(task, number, is_first);
		return true;
	}
	return false;
}

/*
 * Take signals up to one about which something is done, and make a step of
 * that.  Returns false if there is none.
 */
static bool take_one(struct task *task, struct step *step, bool of_process,
		     int64_t value)
{
	uint32_t killed_by = task->process->killed_by;
	uint32_t number;

	touch_signals(sim_running, task, TOUCH_READ);
	if (killed_by) {
		step->in = killed_by;
		step->text = "ends the process";
		step->kind = EVENT_DELIVER;
		step->object_kind = OBJECT_SIGNAL;
		return !task->signals.is_dying;
	}
	while ((number = take(task, of_process))) {
		if (!act(task, step, number, value))
			continue;
		step->kind = EVENT_DELIVER;
		step->object_kind = OBJECT_SIGNAL;
		return true;
	}
	return false;
}

void signal_step(struct task *task)
{
	struct step *step;

	task->is_announced = true;
	step = sim_announce(task, EVENT_DELIVER, OBJECT_SIGNAL, task->index,
			    NULL);
	task->next_pc = task->pc;
	task->signals.answer = ANSWER_INTERRUPT;
	if (!take_one(task, step, task->signals.is_called, 0))
		step->in = 0;
	if (task->process->killed_by)
		task->signals.is_dying = true;
	if (!signal_takeable(task, task->signals.is_called)) {
		task->is_interrupted = false;
		task->signals.is_called = false;
	}
	sim_commit(task);
	task->pc = task->next_pc;
}

/* ---- the end of a call ------------------------------------------------- */

void signal_enter(struct task *task)
{
	task->signals.answer = ANSWER_NO_SIGNAL;
	task->signals.armed_due_ns = 0;
	touch_signals(sim_running, task, TOUCH_READ);
}

struct step *signal_way_back(struct task *task, int64_t value)
{
	bool of_process;
	struct step *step;

	for (;;) {
		step = sim_announce(task, EVENT_RETURN, OBJECT_SYSCALL,
				    task->index, NULL);
		of_process = task->signals.is_called || restart_any_takes();
		if (!take_one(task, step, of_process, value))
			break;
		if (task->process->killed_by)
			task->signals.is_dying = true;
		sim_commit(task);
	}
	step->in = 0;
	step->kind = EVENT_RETURN;
	step->object_kind = OBJECT_SYSCALL;
	task->is_interrupted = false;
	task->signals.is_called = false;
	return step;
}

/* Does the call give up after a duration, rather than at a time? */
static bool is_relative(struct task *task)
{
	const struct op *op = task->op;

	if (op->verb == VERB_FUTEX)
		return (program_evaluate(task, &op->args[1]) & 127) ==
		       FUTEX_WAIT;
	return op->verb == VERB_FUTEX_WAIT || op->verb == VERB_NANOSLEEP;
}

bool signal_restarts(struct task *task, int64_t value)
{
	struct task_signals *s = &task->signals;

	if (value != -EINTR || task->process->is_exiting)
		return false;
	if (s->answer == ANSWER_RESTART)
		return true;
	if (s->answer != ANSWER_NO_SIGNAL || !restart_without_signal())
		return false;
	/* Its registers are what they were. */
	task->next_pc = task->pc;
	if (s->armed_due_ns && is_relative(task))
		s->again.due_ns = s->armed_due_ns;
	return true;
}

void signal_leave(struct task *task)
{
	task->signals.again = (struct signal_again){0};
}

void signal_remaining(struct task *task, struct ktimespec *time)
{
	struct sim *sim = sim_running;
	uint64_t due = task->signals.again.due_ns, left = 0;

	if (!due)
		return;
	sim_touch(sim, TOUCH_CLOCK, TOUCH_READ, 0, 0);
	if (due > sim->now_ns)
		left = due - sim->now_ns;
	time->sec = (int64_t)(left / 1000000000u);
	time->nsec = (int64_t)(left % 1000000000u);
}

/* ---- the end of a handler ---------------------------------------------- */

void signal_return(struct task *task, struct step *step)
{
	struct task_signals *s = &task->signals;
	const struct signal_frame *f = s->frames;

	step->in = f->number;
	step->text = sim_running->scenario->procedures[f->procedure];
	touch_signals(sim_running, task, TOUCH_WRITE);
	s->blocked = f->blocked;
	s->again = f->again;
	s->frames = f->below;
	s->frame_count--;
	task->regions[f->procedure] = f->was_inside;
	task->next_pc = f->return_pc;
	if (task->process->pending & ~s->blocked)
		s->is_called = true;
}
