/*
 * operations.h - what each operation of a scenario is on the host: rows of a
 * table by verb.
 */
#ifndef SIM_HOST_OPERATIONS_H
#define SIM_HOST_OPERATIONS_H

#include "sim/host/agent.h"
#include "sim/host/beats.h"

struct stage;

/* When an operation is to be done, on the host's clocks. */
struct moment {
	uint64_t now_ns; /* monotonic */
	uint64_t deadline_ns; /* real, of the beat's; not if that is never */
	int64_t wall_offset_ns; /* wall clock minus monotonic */
};

/* The deadline of a beat on the model's monotonic clock, or KTIME_NEVER. */
uint64_t operation_deadline(const struct beat *beat);

/* Why a host cannot do it, or NULL. */
const char *operation_refusal(struct sim *sim, const struct beat *beat);

/*
 * Can it matter to a thread that is on its way out of a call: take it out of a
 * queue, or change what its signals do?
 */
bool operation_may_reach(enum verb verb);

/* The same when all is set up; @reason says of what kind it is. */
const char *operation_objection(const struct stage *stage,
				const struct beat *beat,
				enum host_reason *reason);

/*
 * Fill in the command of an agent, in the slot of the beat's level.  Returns
 * false if there is nothing to do: then @result is what it gives.
 */
bool operation_prepare(struct stage *stage, const struct beat *beat,
		       const struct moment *moment, struct agent_block *b,
		       int64_t *result);

/*
 * An operation that began with @beat has given something other than an error:
 * do what is left of it. Returns false if that failed: the report of the stage
 * says why.
 */
bool operation_finish(struct stage *stage, const struct beat *beat);

/* What a program sees of what the agent got. */
int64_t operation_result(const struct stage *stage, const struct beat *beat,
			 int64_t raw);

#endif
