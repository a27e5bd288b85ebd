/*
 * program.c - the interpreter: each operation of a thread's program in turn.
 *
 * Only what can be left in the middle runs on the thread's own stack: system
 * calls and accesses that fault.  An operation of one step is made where the
 * step loop is.
 *
 * A system call is bracketed by the steps syscall.enter and syscall.return;
 * the return is where pending signals are handled and the interrupt flag is
 * cleared.  An access to user memory is one step and no system call.
 */
#include "sim/machine/program.h"

#include <errno.h>

#include "sim/judge/judge.h"
#include "sim/machine/local.h"
#include "sim/machine/process.h"
#include "sim/machine/program_internal.h"
#include "sim/machine/signal.h"
#include "sim/machine/sim.h"
#include "sim/search/state_hash.h"
#include "sim/machine/touches.h"
#include "sim/machine/user.h"

/* What a verb does; rows of a table at the end. */
struct action {
	void (*run)(struct task *task, const struct action *action);
	long (*call)(struct task *task, int arg); /* of run_call */
	int arg;
};

/* A call that is made again has the arguments that it had. */
static bool is_given(const struct task *task, const struct operand *operand)
{
	const struct operand *args = task->op->args;

	return task->signals.again.arguments && operand >= args &&
	       operand < args + OP_ARGS_MAX;
}

int64_t program_evaluate(struct task *task, const struct operand *operand)
{
	struct sim *sim = sim_running;

	if (is_given(task, operand))
		return task->signals.again.arguments[operand - task->op->args];
	switch (operand->kind) {
	case OPERAND_NONE:
		return 0;
	case OPERAND_INTEGER:
		return operand->value;
	case OPERAND_WORD:
		touch_map(sim, task->process->aspace, TOUCH_READ);
		return (int64_t)word_address(
			       sim, &sim->scenario->words[operand->index],
			       task->process->aspace) +
		       operand->value;
	case OPERAND_REGISTER:
		return task->registers[operand->index] + operand->value;
	}
	return 0;
}

/* Called in the step that ends the operation. */
static void finish(struct task *task, int64_t value)
{
	const struct op *op = task->op;

	if (op->result != NOWHERE) {
		task->registers[op->result] = value;
		task->is_assigned[op->result] = true;
	}
	sim_add_result(sim_running, task, value);
	signal_leave(task);
	task->is_in_op = false;
	task->op_finished++;
}

/* ---- user memory ------------------------------------------------------------
 */

static void run_access(struct task *task, const struct action *action)
{
	const struct op *op = task->op;
	enum user_operation operation = (enum user_operation)action->arg;
	uint64_t addr = (uint64_t)program_evaluate(task, &op->args[0]);
	uint32_t expected = 0, operand, old;

	operand = (uint32_t)program_evaluate(task, &op->args[1]);
	if (operation == USER_CAS) {
		expected = operand;
		operand = (uint32_t)program_evaluate(task, &op->args[2]);
	}
	if (user_access(addr, operation, operand, expected, &old, finish))
		finish(task, -EFAULT);
}

/* ---- system calls ------------------------------------------------------ */

static uint64_t operand_or(struct task *task, const struct operand *operand,
			   uint64_t otherwise)
{
	if (operand->kind == OPERAND_NONE)
		return otherwise;
	return (uint64_t)program_evaluate(task, operand);
}

static long call_get_robust_list(struct task *task, int arg)
{
	const struct op *op = task->op;

	(void)arg;
	return sys_get_robust_list(
		(uint32_t)program_evaluate(task, &op->args[0]),
		operand_or(task, &op->args[1], SCRATCH_ADDRESS),
		operand_or(task, &op->args[2], SCRATCH_ADDRESS + 8));
}

static long call_set_tid_address(struct task *task, int arg)
{
	(void)arg;
	return sys_set_tid_address(
		(uint64_t)program_evaluate(task, &task->op->args[0]));
}

static long call_set_robust_list(struct task *task, int arg)
{
	const struct op *op = task->op;

	(void)arg;
	return sys_set_robust_list(
		(uint64_t)program_evaluate(task, &op->args[0]),
		operand_or(task, &op->args[1], ROBUST_LIST_HEAD_SIZE));
}

static long call_aspace_lock(struct task *task, int arg)
{
	(void)task;
	(void)arg;
	kaspace_lock_at(NULL);
	return 0;
}

static long call_aspace_unlock(struct task *task, int arg)
{
	(void)task;
	(void)arg;
	kaspace_unlock_at(NULL);
	return 0;
}

/* What the verdicts know of a call: nothing yet. */
static void forget_call(struct task *task)
{
	task->key_count = 0;
	task->op_charged = 0;
	task->passed_over = NULL;
	task->wait_mask = FUTEX_BITSET_MATCH_ANY;
	task->wake_mask = FUTEX_BITSET_MATCH_ANY;
	task->wake_count = 0;
	task->wake_count2 = 0;
	task->word_keys = NULL;
	task->word_count = 0;
	task->is_wait = false;
}

static struct step *enter_call(struct task *task)
{
	struct step *step = sim_announce(task, EVENT_ENTER, OBJECT_SYSCALL,
					 task->index, NULL);

	step->text = task->op->text;
	task->is_in_op = true;
	task->entered_at = sim_running->event_count + 1;
	forget_call(task);
	signal_enter(task);
	sim_commit(task);
	return step;
}

/* Half an mmap is not a system call: it does not return to user mode. */
static bool returns_to_user(enum verb verb)
{
	return verb != VERB_ASPACE_LOCK && verb != VERB_ASPACE_UNLOCK;
}

static void run_call(struct task *task, const struct action *action)
{
	struct sim *sim = sim_running;
	struct step *step;
	long value;

	enter_call(task);
	value = action->call(task, action->arg);
	step = returns_to_user(task->op->verb)
		       ? signal_way_back(task, value)
		       : sim_announce(task, EVENT_RETURN, OBJECT_SYSCALL,
				      task->index, NULL);
	step->out = value;
	step->text = task->op->text;
	if (signal_restarts(task, value))
		step->in = 1;
	else if (!process_takes_along(task))
		finish(task, value);
	judge_return(sim, task, value);
	task->is_in_op = false;
	sim_commit(task);
}

/* ---- the end of a thread ----------------------------------------------- */

/*
 * The thread leaves.  A robust walk that was cut short leaves the operation
 * without a result, as in the recorded cases.
 */
static void leave(struct task *task, bool has_result)
{
	struct step *step;
	int error;

	forget_call(task);
	touch_signals(sim_running, task, TOUCH_WRITE);
	task->is_leaving = true;
	signal_pass_on(sim_running, task->process, UINT64_MAX);
	task->wake_count = 1; /* for each word it lets go of */
	error = futex_thread_exit();
	step = sim_announce(task, EVENT_EXIT, OBJECT_TASK, task->index, NULL);
	step->out = error;
	task->has_exited = true;
	process_left(sim_running, task);
	judge_return(sim_running, task, error);
	if (has_result && !error)
		finish(task, 0);
	task->is_in_op = false;
	sim_commit(task);
}

static void run_exit(struct task *task, const struct action *action)
{
	(void)action;
	enter_call(task);
	if (task->op->verb == VERB_EXIT_GROUP)
		process_kill(sim_running, task->process, task);
	leave(task, true);
}

/* ---- the rest ---------------------------------------------------------- */

static void run_yield(struct task *task, const struct action *action)
{
	(void)action;
	sim_announce(task, EVENT_YIELD, OBJECT_TASK, task->index, NULL);
	finish(task, 0);
	sim_commit(task);
}

static void run_mark(struct task *task, const struct action *action)
{
	struct mark_list *mark;
	struct step *step =
		sim_announce(task, EVENT_MARK, OBJECT_TASK, task->index, NULL);

	(void)action;
	mark = arena_alloc(&sim_running->arena, sizeof(*mark));
	mark->name = task->op->name;
	mark->next = task->marks;
	task->marks = mark;
	step->text = task->op->name;
	finish(task, 0);
	sim_commit(task);
}

/* The way back from a handler to where it came in between. */
static void run_sigreturn(struct task *task, const struct action *action)
{
	struct step *step = sim_announce(task, EVENT_SIGRETURN, OBJECT_SIGNAL,
					 task->index, NULL);

	(void)action;
	signal_return(task, step);
	sim_commit(task);
}

static const struct action actions[VERB_COUNT] = {
	[VERB_LOAD] = {run_access, NULL, USER_LOAD},
	[VERB_STORE] = {run_access, NULL, USER_STORE},
	[VERB_CAS] = {run_access, NULL, USER_CAS},
	[VERB_XCHG] = {run_access, NULL, USER_XCHG},
	[VERB_FETCH_ADD] = {run_access, NULL, USER_ADD},
	[VERB_FETCH_SUB] = {run_access, NULL, USER_SUB},
	[VERB_FETCH_OR] = {run_access, NULL, USER_OR},
	[VERB_FETCH_AND] = {run_access, NULL, USER_AND},
	[VERB_FETCH_XOR] = {run_access, NULL, USER_XOR},
	[VERB_FUTEX_WAIT] = {run_call, call_futex, FUTEX_WAIT},
	[VERB_FUTEX_WAIT_BITSET] = {run_call, call_futex, FUTEX_WAIT_BITSET},
	[VERB_FUTEX_WAKE] = {run_call, call_futex, FUTEX_WAKE},
	[VERB_FUTEX_WAKE_BITSET] = {run_call, call_futex, FUTEX_WAKE_BITSET},
	[VERB_FUTEX_REQUEUE] = {run_call, call_futex, FUTEX_REQUEUE},
	[VERB_FUTEX_CMP_REQUEUE] = {run_call, call_futex, FUTEX_CMP_REQUEUE},
	[VERB_FUTEX_WAKE_OP] = {run_call, call_futex, FUTEX_WAKE_OP},
	[VERB_FUTEX_WAITV] = {run_call, call_waitv, 0},
	[VERB_FUTEX] = {run_call, call_raw, 0},
	[VERB_SET_TID_ADDRESS] = {run_call, call_set_tid_address, 0},
	[VERB_SET_ROBUST_LIST] = {run_call, call_set_robust_list, 0},
	[VERB_GET_ROBUST_LIST] = {run_call, call_get_robust_list, 0},
	[VERB_EXIT] = {run_exit, NULL, 0},
	[VERB_EXIT_GROUP] = {run_exit, NULL, 0},
	[VERB_MMAP] = {run_call, call_map, EVENT_MAP},
	[VERB_MUNMAP] = {run_call, call_map, EVENT_UNMAP},
	[VERB_MPROTECT] = {run_call, call_map, EVENT_PROTECT},
	[VERB_MREMAP] = {run_call, call_map, EVENT_REMAP},
	[VERB_FORK] = {run_call, call_fork, 0},
	[VERB_CLONE] = {run_call, call_clone, 0},
	[VERB_EXEC] = {run_call, call_exec, 0},
	[VERB_ASPACE_LOCK] = {run_call, call_aspace_lock, 0},
	[VERB_ASPACE_UNLOCK] = {run_call, call_aspace_unlock, 0},
	[VERB_CLOCK_SETTIME] = {run_call, call_clock_settime, 0},
	[VERB_KILL] = {run_call, call_kill, 0},
	[VERB_SIGACTION] = {run_call, call_sigaction, 0},
	[VERB_SIGMASK] = {run_call, call_sigmask, 0},
	[VERB_NANOSLEEP] = {run_call, call_nanosleep, 0},
	[VERB_SIGRETURN] = {run_sigreturn, NULL, 0},
	[VERB_YIELD] = {run_yield, NULL, 0},
	[VERB_MARK] = {run_mark, NULL, 0},
};

/* ---- steps ------------------------------------------------------------- */

/* The end of an operation: on to the next, or out with all of the process. */
static void go_on(struct task *task)
{
	touch_leaving(sim_running, task);
	if (process_takes_along(task) && !task->has_exited)
		leave(task, false);
	task->pc = task->next_pc;
	task->is_in_fiber = false;
}

static void fiber_of_operation(void *arg)
{
	struct task *task = arg;
	const struct action *action = &actions[task->op->verb];

	action->run(task, action);
	go_on(task);
	fiber_finish(&task->fiber);
}

static void fiber_of_leaving(void *arg)
{
	struct task *task = arg;

	go_on(task);
	fiber_finish(&task->fiber);
}

static void run_on_fiber(struct task *task, void (*entry)(void *arg))
{
	task->is_in_fiber = true;
	fiber_init(&task->fiber, task->fiber.stack, entry, task);
	fiber_enter(&task->fiber);
}

/* Does the operation end in the very step that it stands before? */
static bool is_one_step(struct task *task)
{
	const struct op *op = task->op;
	const struct action *action = &actions[op->verb];

	if (action->run != run_access)
		return op->verb == VERB_YIELD || op->verb == VERB_MARK ||
		       op->verb == VERB_SIGRETURN;
	return user_is_direct(task,
			      (uint64_t)program_evaluate(task, &op->args[0]),
			      (enum user_operation)action->arg);
}

static void run_operation(struct task *task)
{
	const struct action *action = &actions[task->op->verb];

	task->is_announced = true;
	task->next_pc = task->pc + 1;
	touch_signals(sim_running, task, TOUCH_READ);
	if (!is_one_step(task)) {
		run_on_fiber(task, fiber_of_operation);
		return;
	}
	action->run(task, action);
	if (process_takes_along(task))
		run_on_fiber(task, fiber_of_leaving);
	else
		go_on(task);
}

/* In front of an operation: a signal has come. */
static void run_delivery(struct task *task)
{
	signal_step(task);
	if (process_takes_along(task))
		run_on_fiber(task, fiber_of_leaving);
}

/* The first step of the operation, as far as it is known. */
static void announce_operation(struct task *task)
{
	const struct op *op = task->op;
	const struct action *action = &actions[op->verb];

	if (action->run == run_access)
		user_announce(task,
			      (uint64_t)program_evaluate(task, &op->args[0]),
			      (enum user_operation)action->arg);
	else if (op->verb == VERB_YIELD)
		sim_prepare(task, EVENT_YIELD, OBJECT_TASK, task->index, NULL);
	else if (op->verb == VERB_MARK)
		sim_prepare(task, EVENT_MARK, OBJECT_TASK, task->index, NULL);
	else if (op->verb == VERB_SIGRETURN)
		sim_prepare(task, EVENT_SIGRETURN, OBJECT_SIGNAL, task->index,
			    NULL);
	else
		sim_prepare(task, EVENT_ENTER, OBJECT_SYSCALL, task->index,
			    NULL);
}

void program_prepare(struct task *task)
{
	touch_signals(sim_running, task, TOUCH_READ);
	if (signal_is_due(task)) {
		signal_announce(task);
		return;
	}
	signal_settle(task);
	if (task->has_exited || !local_run(task)) {
		task->state = TASK_DONE;
		return;
	}
	task->op = &task->thread->ops[task->pc];
	task->op_index = task->op->index;
	if (sim_running->hasher)
		state_hash_op(sim_running, task);
	announce_operation(task);
}

void program_step(struct task *task)
{
	struct sim *sim = sim_running;

	do {
		if (task->is_in_fiber)
			fiber_enter(&task->fiber);
		else if (task->step.kind == EVENT_DELIVER)
			run_delivery(task);
		else
			run_operation(task);
		if (task->is_in_fiber || sim->is_over)
			return;
		program_prepare(task);
	} while (task->state == TASK_RUNNABLE && !sim->is_over &&
		 !sim_stops_at(sim, task, &task->step));
}
