/*
 * op_internal.h - what the parts of the reader of operations share.
 */
#ifndef SIM_LOADER_OP_INTERNAL_H
#define SIM_LOADER_OP_INTERNAL_H

#include "sim/loader/scenario_internal.h"
#include "sim/loader/verbs.h"

#define OP_TOKENS_MAX 16

struct op_token {
	char *text;
	size_t offset;
};

/* An operation that is being read. */
struct op_reader {
	struct loader *l;
	const struct tree_node *node;
	uint32_t thread;
	struct op *op;
	const struct verb_info *verb;
	struct op_token tokens[OP_TOKENS_MAX];
	unsigned int count;
	unsigned int args; /* positional ones so far */
	size_t offset_at; /* where the value of offset= is */
};

/* "@what: " and how the operation is written; returns false. */
bool op_usage_error(struct op_reader *r, size_t offset, const char *what);

/* One token behind the verb: op_operand.c */
bool op_read_token(struct op_reader *r, const struct op_token *t);

#endif
