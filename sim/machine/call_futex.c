/* call_futex.c - from an operation of a program to sys_futex. */
#include <time.h>

#include "sim/machine/program_internal.h"
#include "sim/machine/sim.h"

static uint64_t timeout_pointer(const struct op *op)
{
	switch (op->timeout) {
	case TIMEOUT_NONE:
		return 0;
	case TIMEOUT_DURATION:
	case TIMEOUT_RAW:
		return TIMESPEC_ADDRESS;
	case TIMEOUT_BAD:
		return BAD_ADDRESS;
	}
	return 0;
}

static uint32_t flags(const struct op *op)
{
	return (op->is_private ? FUTEX_PRIVATE_FLAG : 0) |
	       (op->is_realtime ? FUTEX_CLOCK_REALTIME : 0);
}

/* How many a wake is to reach; some kernels take a negative count for one. */
static uint32_t wake_count(int command, uint64_t count)
{
	if (command != FUTEX_WAKE && command != FUTEX_WAKE_BITSET)
		return 0;
	return (int32_t)(uint32_t)count < 0 ? 1 : (uint32_t)count;
}

/* What kind of call it is, and the mask it carries. */
static void note_mask(struct task *task, int command, uint32_t mask)
{
	task->is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
	if (command == FUTEX_WAIT_BITSET)
		task->wait_mask = mask;
	else if (command == FUTEX_WAKE_BITSET)
		task->wake_mask = mask;
}

/* How many a requeue is to wake and move; saturates. */
static uint32_t sum(uint64_t wake, uint64_t move)
{
	uint32_t count;

	if (__builtin_add_overflow((uint32_t)wake, (uint32_t)move, &count))
		return UINT32_MAX;
	return count;
}

/* Of each word at least one, but for kernels that take 0 at its word. */
static uint32_t wake_op_count(uint64_t count)
{
	return wake_count(FUTEX_WAKE, count);
}

long call_futex(struct task *task, int command)
{
	const struct op *op = task->op;
	uint32_t cmd = (uint32_t)command | flags(op);
	uint64_t a[OP_ARGS_MAX];
	int i;

	for (i = 0; i < OP_ARGS_MAX; i++)
		a[i] = (uint64_t)program_evaluate(task, &op->args[i]);
	switch (command) {
	case FUTEX_REQUEUE: /* W G wake move */
		task->wake_count = sum(a[2], a[3]);
		return sys_futex(a[0], cmd, (uint32_t)a[2], a[3], a[1], 0);
	case FUTEX_WAKE_OP: /* W G wake wake2 */
		task->wake_count = wake_op_count(a[2]);
		task->wake_count2 = wake_op_count(a[3]);
		return sys_futex(a[0], cmd, (uint32_t)a[2], a[3], a[1],
				 op->wake_op);
	case FUTEX_CMP_REQUEUE: /* W v G wake move */
		task->wake_count = sum(a[3], a[4]);
		return sys_futex(a[0], cmd, (uint32_t)a[3], a[4], a[2],
				 (uint32_t)a[1]);
	default: /* W v mask */
		note_mask(task, command, (uint32_t)a[2]);
		task->wait_value = (uint32_t)a[1];
		task->wake_count = wake_count(command, a[1]);
		return sys_futex(a[0], cmd, (uint32_t)a[1], timeout_pointer(op),
				 0, (uint32_t)a[2]);
	}
}

long call_raw(struct task *task, int arg)
{
	const struct op *op = task->op;

	uint64_t a[OP_ARGS_MAX];
	int i, command;

	(void)arg;
	for (i = 0; i < OP_ARGS_MAX; i++)
		a[i] = (uint64_t)program_evaluate(task, &op->args[i]);
	command = (int)(a[1] &
			~(uint64_t)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME));
	note_mask(task, command, (uint32_t)a[5]);
	task->wait_value = (uint32_t)a[2];
	task->wake_count = wake_count(command, a[2]);
	if (command == FUTEX_REQUEUE || command == FUTEX_CMP_REQUEUE)
		task->wake_count = sum(a[2], a[3]);
	if (command == FUTEX_WAKE_OP) {
		task->wake_count = wake_op_count(a[2]);
		task->wake_count2 = wake_op_count(a[3]);
	}
	return sys_futex(a[0], (uint32_t)a[1], (uint32_t)a[2], a[3], a[4],
			 (uint32_t)a[5]);
}

long call_waitv(struct task *task, int arg)
{
	const struct op *op = task->op;
	uint32_t count = op->more_count / 2;
	uint32_t clock = op->is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC;

	(void)arg;
	task->is_wait = true;
	task->word_keys = arena_alloc(&sim_running->arena,
				      (count + 1) * sizeof(*task->word_keys));
	return sys_futex_waitv(WAITV_ADDRESS, count, 0, timeout_pointer(op),
			       op->has_clock ? op->clock : clock);
}
