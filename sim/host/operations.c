/*
 * operations.c - what a host can and cannot do, and one operation from its
 * command to its result.
 */
#include "sim/host/operations.h"

#include <errno.h>

#include "model/futex.h"
#include "sim/host/operations_internal.h"

#define COMMAND_MASK 127u

bool operation_may_reach(enum verb verb)
{
	return verb == VERB_FUTEX_WAKE || verb == VERB_FUTEX_WAKE_BITSET ||
	       verb == VERB_FUTEX_REQUEUE || verb == VERB_FUTEX_CMP_REQUEUE ||
	       verb == VERB_FUTEX || verb == VERB_FUTEX_WAKE_OP ||
	       verb == VERB_EXIT || verb == VERB_EXIT_GROUP ||
	       verb == VERB_KILL || verb == VERB_SIGACTION ||
	       verb == VERB_SIGMASK;
}

static bool is_access(enum verb verb)
{
	return operation_table[verb].kind == OPERATION_ACCESS;
}

/* ---- what a host cannot do --------------------------------------------- */

/* A raw wait with a time in user memory, which is not the host's. */
static bool has_time_in_memory(struct sim *sim, const struct beat *beat)
{
	uint64_t command = (uint64_t)beat->args[1] & COMMAND_MASK;
	struct aspace *space = sim->tasks[beat->thread].process->aspace;

	return beat->op->verb == VERB_FUTEX &&
	       (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET) &&
	       aspace_find(space, (uint64_t)beat->args[3]);
}

/* Whoever is being killed gets out of these without having done anything. */
static bool is_wait(enum verb verb)
{
	return verb == VERB_FUTEX_WAIT || verb == VERB_FUTEX_WAIT_BITSET ||
	       verb == VERB_FUTEX_WAITV || verb == VERB_NANOSLEEP;
}

const char *operation_refusal(struct sim *sim, const struct beat *beat)
{
	const struct operation *o = &operation_table[beat->op->verb];

	if (o->kind == OPERATION_REFUSED)
		return o->refusal;
	if (o->kind == OPERATION_MISSING)
		return "has no counterpart here";
	if (has_time_in_memory(sim, beat))
		return "has a timeout in user memory";
	if (beat->is_lost && !is_wait(beat->op->verb))
		return "is made by a thread that is being killed";
	return NULL;
}

static bool is_of_map(enum verb verb)
{
	return verb == VERB_MMAP || verb == VERB_MUNMAP ||
	       verb == VERB_MPROTECT || verb == VERB_MREMAP;
}

static bool is_safe(const struct stage *stage, const struct beat *beat)
{
	uint64_t addr = (uint64_t)beat->args[0];
	uint64_t len = (uint64_t)beat->args[1];

	if (beat->op->verb == VERB_MREMAP &&
	    (!stage_is_free(stage, addr, (uint64_t)beat->args[2]) ||
	     !stage_is_free(stage, (uint64_t)beat->args[3],
			    (uint64_t)beat->args[2])))
		return false;
	if (is_of_map(beat->op->verb))
		return stage_is_free(stage, addr, len);
	return !is_access(beat->op->verb) || stage_is_free(stage, addr, 4);
}

/* Is what the operation is to start there already? */
static bool starts_again(const struct stage *stage, const struct op *op)
{
	if (op->verb == VERB_CLONE)
		return stage_agent(stage, op->starts)->place[0];
	return op->verb == VERB_FORK && stage->leaders[op->starts];
}

/* Has it to do with a thread whose number its own thread cannot know? */
static bool crosses_namespaces(const struct stage *stage,
			       const struct beat *beat)
{
	const struct scenario *s = stage->scenario;
	int64_t tid = beat->args[0];

	if (!stage->is_nested)
		return false;
	if (beat->op->verb == VERB_KILL)
		return true;
	return beat->op->verb == VERB_GET_ROBUST_LIST && tid > 0 &&
	       tid <= (int64_t)s->thread_count &&
	       stage_is_inner(stage, s->threads[tid - 1].process) !=
		       stage_is_inner(stage, s->threads[beat->thread].process);
}

const char *operation_objection(const struct stage *stage,
				const struct beat *beat,
				enum host_reason *reason)
{
	const struct op *op = beat->op;

	*reason = HOST_MEMORY;
	if (beat->is_beyond)
		return "maps more than there is of the region";
	if (!is_safe(stage, beat))
		return "is about this program's own memory";
	if (op->verb == VERB_MMAP && !beat->is_fresh &&
	    stage->is_replaced[op->region])
		return "maps memory that has come after other memory";
	*reason = HOST_MODEL_ONLY;
	if (starts_again(stage, op))
		return "starts again what has started already";
	if (crosses_namespaces(stage, beat))
		return "is made while the first thread has to have tid 1";
	return NULL;
}

/* ---- for one beat ------------------------------------------------------ */

bool operation_prepare(struct stage *stage, const struct beat *beat,
		       const struct moment *moment, struct agent_block *b,
		       int64_t *result)
{
	const struct operation *o = &operation_table[beat->op->verb];
	const struct job job = {stage, beat, moment, b, &b->slots[beat->level]};

	*result = 0;
	if (o->kind == OPERATION_NOTHING || beat->is_lost)
		return false;
	/* The machine has no word that is not aligned; x86 has. */
	if (is_access(beat->op->verb) && beat->args[0] % 4) {
		*result = -EFAULT;
		return false;
	}
	o->fill(&job, o->arg);
	return true;
}

bool operation_finish(struct stage *stage, const struct beat *beat)
{
	if (beat->op->verb == VERB_MMAP)
		return stage_write(stage, stage_agent(stage, beat->thread),
				   beat->values, beat->value_count);
	if (beat->op->verb == VERB_FORK)
		return stage_forked(stage, beat->op->starts);
	if (beat->op->verb == VERB_CLONE)
		return stage_cloned(stage, beat->op->starts);
	return true;
}

int64_t operation_result(const struct stage *stage, const struct beat *beat,
			 int64_t raw)
{
	enum verb verb = beat->op->verb;

	if (raw < 0)
		return raw;
	if (verb == VERB_STORE)
		return 0;
	if (verb == VERB_MMAP && raw == beat->args[0])
		return 0;
	if (verb == VERB_MREMAP &&
	    raw == (beat->op->args[3].kind == OPERAND_NONE ? beat->args[0]
							   : beat->args[3]))
		return 0;
	if (verb == VERB_SET_TID_ADDRESS || verb == VERB_FORK ||
	    verb == VERB_CLONE)
		return stage_tid_back(stage, raw);
	return raw;
}
