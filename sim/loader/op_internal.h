/*
 * op_internal.h - what the parts of the reader of operations share.
 */
#ifndef SIM_LOADER_OP_INTERNAL_H
#define SIM_LOADER_OP_INTERNAL_H

#include "sim/loader/scenario_internal.h"
#include "sim/loader/verbs.h"

#define OP_TOKENS_USUAL 16
/* Enough for all words that an operation may name. */
#define OP_TOKENS_MAX (2 * OP_WORDS_MAX + 16)

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
	size_t signal_at; /* where the signal is */
	bool has_handler;
	bool has_prot;
	bool has_operation; /* op= and cmp= of futex_wake_op */
	bool has_comparison;
};

/* "@what: " and how the operation is written; returns false. */
bool op_usage_error(struct op_reader *r, size_t offset, const char *what);

/* One token behind the verb: op_operand.c */
bool op_read_token(struct op_reader *r, const struct op_token *t);

/* An address or a value: op_operand.c */
bool op_read_operand(struct op_reader *r, const struct op_token *t,
		     bool is_address, struct operand *o);

/* What stands behind op= and cmp=: op_futex.c */
bool op_read_operation(struct op_reader *r, const struct op_token *t);
bool op_read_comparison(struct op_reader *r, const struct op_token *t);
/* One more word of a list, or the value that it is to have. */
bool op_read_word(struct op_reader *r, const struct op_token *t);
/* What is left to say when all tokens are read; @offset is the verb's. */
bool op_check_futex(struct op_reader *r, size_t offset);

/* What the operations of processes and mmap take: op_process.c */
bool op_read_fork(struct op_reader *r, const struct op_token *t);
bool op_read_clone(struct op_reader *r, const struct op_token *t);
/* What stands behind ctid=, or ptid= if it @is_parents. */
bool op_read_tid_word(struct op_reader *r, const struct op_token *t,
		      bool is_parents);
bool op_read_prot(struct op_reader *r, const struct op_token *t);

/* What the operations on signals take: op_signal.c */
bool op_read_target(struct op_reader *r, const struct op_token *t);
bool op_read_signal(struct op_reader *r, const struct op_token *t);
bool op_read_how(struct op_reader *r, const struct op_token *t);
/* One more signal of a set. */
bool op_read_member(struct op_reader *r, const struct op_token *t);
/* What stands behind handler=. */
bool op_read_handler(struct op_reader *r, const struct op_token *t);
/* What is left to say when all tokens are read; @offset is the verb's. */
bool op_check_signal(struct op_reader *r, size_t offset);

#endif
