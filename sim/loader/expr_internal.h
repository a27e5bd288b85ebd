/*
 * expr_internal.h - what the parts of the expression parser share.
 */
#ifndef SIM_LOADER_EXPR_INTERNAL_H
#define SIM_LOADER_EXPR_INTERNAL_H

#include "sim/loader/scalar.h"
#include "sim/loader/scenario_internal.h"

enum token {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_SYMBOL,
};

/* A variable that is bound here, and those further out. */
struct variable {
	const char *name; /* count: NULL until it is named */
	bool is_count;
	bool is_used; /* count: by in(procedure), which names no thread */
	struct variable *outer;
};

struct parser {
	struct loader *l;
	const struct tree_node *node;
	const char *text;
	uint32_t own; /* thread whose program it is part of, or NOWHERE */
	size_t at; /* behind the token */

	enum token token;
	size_t start;
	char word[SCENARIO_TEXT_MAX + 1];
	struct number number;

	struct variable *variables; /* innermost first */
	unsigned int depth; /* of calls */
	bool has_failed; /* the grammar: stop */
	bool is_broken; /* any error */
};

/* A piece of the result.  expr is NULL after a mistake in the grammar. */
struct part {
	struct expr *expr;
	bool is_condition;
	bool is_unknown; /* an unknown name: number or condition */
	unsigned int depth;
	uint64_t cost; /* pieces that are looked at to evaluate it */
	size_t start;
	bool is_key; /* of a futex: to be compared with another one */
};

extern const struct part expr_nothing;

/* ---- tokens: expr_token.c ---------------------------------------------- */

/* Go to the next token. */
void expr_next(struct parser *p);
/* Whether the token is that name or symbol. */
bool expr_is_at(const struct parser *p, const char *word);
/* Pass over it if it is. */
bool expr_take(struct parser *p, const char *word);
/* An error if it is not. */
bool expr_need(struct parser *p, const char *word);
/* A mistake in the grammar at a byte of the text; the first one counts. */
struct part expr_stop(struct parser *p, size_t offset, const char *what);

/* ---- parts: expr_token.c ----------------------------------------------- */

struct expr *expr_new(struct parser *p, enum expr_kind kind, size_t start);
struct part expr_leaf(struct expr *expr, bool is_condition, size_t start);
/* @start: of the operator; @right may be expr_nothing. */
struct part expr_combine(struct parser *p, enum expr_kind kind, size_t start,
			 struct part left, struct part right,
			 bool is_condition);
struct part expr_too_deep(struct parser *p, size_t start);
/* Conditions and numbers do not mix. */
bool expr_has_type(struct parser *p, struct part part, bool is_condition);

#define EXPECTED_OPERAND "expected a condition or a number"

/* ---- grammar ----------------------------------------------------------- */

/* A whole condition, up to what cannot be part of it: expr_parse.c */
struct part expr_condition(struct parser *p);
/* In a program, where only its own results have names: expr_own.c */
struct part expr_read_own(struct parser *p, const char *name, size_t start);
/* Behind `count`, `forall` and `exists`: expr_sets.c */
struct part expr_read_count(struct parser *p, size_t start);
struct part expr_read_quantifier(struct parser *p, enum expr_kind kind,
				 size_t start);
/* Words that hold conditions together. */
bool expr_is_keyword(const char *name);
/* What begins with a name: expr_name.c */
struct part expr_read_name(struct parser *p);
/* A number, or an error's name, with or without a minus: expr_name.c */
void expr_read_result(struct parser *p, struct expr *e);

#endif
