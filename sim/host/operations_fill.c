/*
 * operations_fill.c - each operation as a command of an agent, and the table of
 * them.  Arguments go to the kernel as the scenario has them.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "model/futex.h"
#include "sim/host/operations_internal.h"

/* ---- system calls ------------------------------------------------------ */

static void put_call(const struct job *job, uint64_t number, uint64_t a,
		     uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	struct agent_slot *slot = job->slot;

	slot->work = AGENT_CALL;
	slot->number = number;
	slot->args[0] = a;
	slot->args[1] = b;
	slot->args[2] = c;
	slot->args[3] = d;
	slot->args[4] = e;
	slot->args[5] = f;
}

static uint64_t arg(const struct job *job, unsigned int index)
{
	return (uint64_t)job->beat->args[index];
}

static uint64_t arg_or(const struct job *job, unsigned int index,
		       uint64_t otherwise)
{
	return job->beat->op->args[index].kind == OPERAND_NONE
		       ? otherwise
		       : arg(job, index);
}

static uint64_t flags(const struct op *op)
{
	return (op->is_private ? FUTEX_PRIVATE_FLAG : 0) |
	       (op->is_realtime ? FUTEX_CLOCK_REALTIME : 0);
}

/* W v mask, or W n mask. */
static void fill_futex(const struct job *job, uint64_t command)
{
	put_call(job, SYS_futex, arg(job, 0), command | flags(job->beat->op),
		 arg(job, 1), operation_timeout(job), 0, arg(job, 2));
}

/* W G wake move */
static void fill_requeue(const struct job *job, uint64_t command)
{
	put_call(job, SYS_futex, arg(job, 0), command | flags(job->beat->op),
		 arg(job, 2), arg(job, 3), arg(job, 1), 0);
}

/* W v G wake move */
static void fill_cmp_requeue(const struct job *job, uint64_t command)
{
	put_call(job, SYS_futex, arg(job, 0), command | flags(job->beat->op),
		 arg(job, 3), arg(job, 4), arg(job, 2), arg(job, 1));
}

/* W op val val2 W2 val3 */
static void fill_raw(const struct job *job, uint64_t unused)
{
	(void)unused;
	put_call(job, SYS_futex, arg(job, 0), arg(job, 1), arg(job, 2),
		 arg(job, 3), arg(job, 4), arg(job, 5));
}

/* W G wake wake2 */
static void fill_wake_op(const struct job *job, uint64_t command)
{
	put_call(job, SYS_futex, arg(job, 0), command | flags(job->beat->op),
		 arg(job, 2), arg(job, 3), arg(job, 1), job->beat->op->wake_op);
}

static void fill_waitv(const struct job *job, uint64_t unused)
{
	const struct op *op = job->beat->op;
	uint64_t clock = operation_is_on_wall_clock(op)
				 ? FUTEX_CLOCKID_REALTIME
				 : FUTEX_CLOCKID_MONOTONIC;
	uint32_t i, count = op->more_count / 2;
	struct agent_word *word;

	(void)unused;
	for (i = 0; i < count; i++) {
		word = &job->b->words[i];
		word->address = (uint64_t)job->beat->more[2 * i];
		word->value = (uint64_t)job->beat->more[2 * i + 1];
		word->reserved = 0;
		word->flags = FUTEX_32;
		if (op->is_private)
			word->flags |= FUTEX_PRIVATE_FLAG;
		if (op->has_word_flags)
			word->flags = op->word_flags;
	}
	put_call(job, SYS_futex_waitv, (uint64_t)job->b->words, count, 0,
		 operation_timeout(job), op->has_clock ? op->clock : clock, 0);
}

static void fill_nanosleep(const struct job *job, uint64_t unused)
{
	(void)unused;
	put_call(job, SYS_nanosleep, operation_timeout(job), 0, 0, 0, 0, 0);
}

static void fill_simple(const struct job *job, uint64_t number)
{
	put_call(job, number, arg(job, 0), arg(job, 1), 0, 0, 0, 0);
}

static void fill_set_robust_list(const struct job *job, uint64_t unused)
{
	(void)unused;
	put_call(job, SYS_set_robust_list, arg(job, 0),
		 arg_or(job, 1, ROBUST_LIST_HEAD_SIZE), 0, 0, 0, 0);
}

static void fill_get_robust_list(const struct job *job, uint64_t unused)
{
	uint64_t *scratch = job->slot->scratch;

	(void)unused;
	put_call(job, SYS_get_robust_list,
		 (uint64_t)stage_tid(job->stage, job->beat->args[0]),
		 arg_or(job, 1, (uint64_t)&scratch[0]),
		 arg_or(job, 2, (uint64_t)&scratch[1]), 0, 0, 0);
}

static uint64_t protection(const struct op *op)
{
	return (op->prot & PROT_R ? PROT_READ : 0u) |
	       (op->prot & PROT_W ? PROT_WRITE : 0u);
}

static void fill_mprotect(const struct job *job, uint64_t unused)
{
	(void)unused;
	put_call(job, SYS_mprotect, arg(job, 0), arg(job, 1),
		 protection(job->beat->op), 0, 0, 0);
}

/* Shared memory that nobody has any more is made anew, and has no file. */
static void fill_mmap(const struct job *job, uint64_t unused)
{
	const struct op *op = job->beat->op;
	int file = job->stage->files[op->region];
	uint64_t kind = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;

	(void)unused;
	if (job->beat->is_fresh) {
		job->stage->is_replaced[op->region] = true;
		kind |= MAP_ANONYMOUS;
		file = -1;
	}
	put_call(job, SYS_mmap, arg(job, 0), arg(job, 1), protection(op),
		 kind | (op->keeps ? MAP_FIXED_NOREPLACE : MAP_FIXED),
		 (uint64_t)(int64_t)file, file < 0 ? 0 : op->offset);
}

/* old old_len new_len [new] */
static void fill_mremap(const struct job *job, uint64_t unused)
{
	bool is_fixed = job->beat->op->args[3].kind != OPERAND_NONE;

	(void)unused;
	put_call(job, SYS_mremap, arg(job, 0), arg(job, 1), arg(job, 2),
		 is_fixed ? MREMAP_MAYMOVE | MREMAP_FIXED : 0, arg(job, 3), 0);
}

/* ---- processes --------------------------------------------------------- */

static void fill_fork(const struct job *job, uint64_t unused)
{
	(void)unused;
	job->slot->work = AGENT_SPAWN;
	job->slot->child =
		stage_prepare_fork(job->stage, job->beat->op->starts);
}

static void fill_clone(const struct job *job, uint64_t unused)
{
	(void)unused;
	job->slot->work = AGENT_SPAWN;
	job->slot->child = stage_prepare_clone(
		job->stage, job->beat->op->starts, job->beat->thread,
		arg(job, 1), arg(job, 2));
}

/* ---- signals ----------------------------------------------------------- */

static void fill_kill(const struct job *job, uint64_t unused)
{
	const struct op_signal *s = &job->beat->op->signal;
	const struct scenario *scenario = job->stage->scenario;

	(void)unused;
	if (s->thread == NOWHERE)
		put_call(job, SYS_kill,
			 (uint64_t)stage_pid(job->stage, s->process), s->number,
			 0, 0, 0, 0);
	else
		put_call(
			job, SYS_tgkill,
			(uint64_t)stage_pid(
				job->stage,
				scenario->threads[s->thread].process),
			(uint64_t)stage_tid(job->stage, (int64_t)s->thread + 1),
			s->number, 0, 0, 0);
}

/* An action takes as much room as there is scratch. */
_Static_assert(sizeof(struct agent_action) ==
		       sizeof(((struct agent_slot *)0)->scratch),
	       "an action fits");

static struct agent_action action_of(const struct op_signal *s)
{
	struct agent_action action = {0};

	switch (s->action) {
	case SIGNAL_UNSET:
		return agent_empty_action();
	case SIGNAL_IGNORED:
		action.handler = (uint64_t)SIG_IGN;
		return action;
	case SIGNAL_BY_DEFAULT:
		action.handler = (uint64_t)SIG_DFL;
		return action;
	case SIGNAL_HANDLED:
		return agent_handler_action(s->restarts);
	}
	return action;
}

static void fill_sigaction(const struct job *job, uint64_t unused)
{
	const struct op_signal *s = &job->beat->op->signal;
	struct agent_action action = action_of(s);

	(void)unused;
	memcpy(job->slot->scratch, &action, sizeof(action));
	put_call(job, SYS_rt_sigaction, s->number, (uint64_t)job->slot->scratch,
		 0, sizeof(action.mask), 0, 0);
}

static void fill_sigmask(const struct job *job, uint64_t unused)
{
	static const int hows[] = {
		[SIGNAL_BLOCK] = SIG_BLOCK,
		[SIGNAL_UNBLOCK] = SIG_UNBLOCK,
		[SIGNAL_SET] = SIG_SETMASK,
	};
	const struct op_signal *s = &job->beat->op->signal;

	(void)unused;
	job->slot->scratch[0] = s->set;
	put_call(job, SYS_rt_sigprocmask, (uint64_t)hows[s->how],
		 (uint64_t)job->slot->scratch, 0, sizeof(s->set), 0, 0);
}

/* ---- user memory ------------------------------------------------------- */

static void fill_load(const struct job *job, uint64_t unused)
{
	(void)unused;
	job->slot->work = AGENT_LOAD;
	job->slot->args[0] = arg(job, 0);
}

static void fill_change(const struct job *job, uint64_t change)
{
	job->slot->work = AGENT_CHANGE;
	job->slot->change = (enum agent_change)change;
	job->slot->args[0] = arg(job, 0);
	job->slot->args[1] = arg(job, 1);
	job->slot->args[2] = arg(job, 2);
}

/* ---- the table --------------------------------------------------------- */

/* clang-format off */
#define CALL(fill, arg) {OPERATION_CALL, (fill), (arg), NULL}
#define ACCESS(fill, arg) {OPERATION_ACCESS, (fill), (arg), NULL}
#define NO(why) {OPERATION_REFUSED, NULL, 0, (why)}

const struct operation operation_table[VERB_COUNT] = {
	[VERB_LOAD] = ACCESS(fill_load, 0),
	[VERB_STORE] = ACCESS(fill_change, AGENT_SET),
	[VERB_CAS] = ACCESS(fill_change, AGENT_CAS),
	[VERB_XCHG] = ACCESS(fill_change, AGENT_SET),
	[VERB_FETCH_ADD] = ACCESS(fill_change, AGENT_ADD),
	[VERB_FETCH_SUB] = ACCESS(fill_change, AGENT_SUB),
	[VERB_FETCH_OR] = ACCESS(fill_change, AGENT_OR),
	[VERB_FETCH_AND] = ACCESS(fill_change, AGENT_AND),
	[VERB_FETCH_XOR] = ACCESS(fill_change, AGENT_XOR),
	[VERB_FUTEX_WAIT] = CALL(fill_futex, FUTEX_WAIT),
	[VERB_FUTEX_WAIT_BITSET] = CALL(fill_futex, FUTEX_WAIT_BITSET),
	[VERB_FUTEX_WAKE] = CALL(fill_futex, FUTEX_WAKE),
	[VERB_FUTEX_WAKE_BITSET] = CALL(fill_futex, FUTEX_WAKE_BITSET),
	[VERB_FUTEX_REQUEUE] = CALL(fill_requeue, FUTEX_REQUEUE),
	[VERB_FUTEX_CMP_REQUEUE] = CALL(fill_cmp_requeue, FUTEX_CMP_REQUEUE),
	[VERB_FUTEX_WAKE_OP] = CALL(fill_wake_op, FUTEX_WAKE_OP),
	[VERB_FUTEX_WAITV] = CALL(fill_waitv, 0),
	[VERB_FUTEX] = CALL(fill_raw, 0),
	[VERB_SET_TID_ADDRESS] = CALL(fill_simple, SYS_set_tid_address),
	[VERB_SET_ROBUST_LIST] = CALL(fill_set_robust_list, 0),
	[VERB_GET_ROBUST_LIST] = CALL(fill_get_robust_list, 0),
	[VERB_EXIT] = CALL(fill_simple, SYS_exit),
	[VERB_EXIT_GROUP] = CALL(fill_simple, SYS_exit_group),
	[VERB_MMAP] = CALL(fill_mmap, 0),
	[VERB_MUNMAP] = CALL(fill_simple, SYS_munmap),
	[VERB_MPROTECT] = CALL(fill_mprotect, 0),
	[VERB_MREMAP] = CALL(fill_mremap, 0),
	[VERB_FORK] = CALL(fill_fork, 0),
	[VERB_CLONE] = CALL(fill_clone, 0),
	[VERB_EXEC] = NO("replaces the program that carries it out"),
	[VERB_KILL] = CALL(fill_kill, 0),
	[VERB_SIGACTION] = CALL(fill_sigaction, 0),
	[VERB_SIGMASK] = CALL(fill_sigmask, 0),
	[VERB_NANOSLEEP] = CALL(fill_nanosleep, 0),
	[VERB_CLOCK_SETTIME] = NO("would set the clock of this machine"),
	[VERB_ASPACE_LOCK] = NO("holds a lock of the model"),
	[VERB_ASPACE_UNLOCK] = NO("holds a lock of the model"),
	[VERB_YIELD] = CALL(fill_simple, SYS_sched_yield),
	[VERB_MARK] = {OPERATION_NOTHING, NULL, 0, NULL},
};
/* clang-format on */
