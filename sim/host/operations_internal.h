/*
 * operations_internal.h - what the parts of operations share: the table.
 */
#ifndef SIM_HOST_OPERATIONS_INTERNAL_H
#define SIM_HOST_OPERATIONS_INTERNAL_H

#include "sim/host/operations.h"
#include "sim/host/stage.h"

/* A command that is to be filled in. */
struct job {
	struct stage *stage;
	const struct beat *beat;
	const struct moment *moment;
	struct agent_block *b;
	struct agent_slot *slot; /* of @b */
};

enum operation_kind {
	OPERATION_MISSING,
	OPERATION_CALL,
	OPERATION_ACCESS, /* of a program to its memory */
	OPERATION_NOTHING, /* it leaves no trace outside of the model */
	OPERATION_REFUSED, /* no host can do it */
};

struct operation {
	enum operation_kind kind;
	/* Fills in the command. */
	void (*fill)(const struct job *job, uint64_t arg);
	uint64_t arg;
	const char *refusal; /* why */
};

/* By verb (operations_fill.c). */
extern const struct operation operation_table[VERB_COUNT];

/*
 * The address of the operation's timeout, as an argument; what is there is put
 * into the slot (operations_time.c).
 */
uint64_t operation_timeout(const struct job *job);
/* Is an absolute one meant for the wall clock? */
bool operation_is_on_wall_clock(const struct op *op);

#endif
