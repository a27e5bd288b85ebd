/*
 * expr_own.c - names in the expressions of a program: a thread computes from
 * its own results, and reads memory with operations only.
 */
#include "sim/loader/expr_internal.h"

#include <string.h>

static struct part unknown(struct parser *p, const char *name, size_t start)
{
	struct loader *l = p->l;
	const struct name_index *results = loader_registers(l, p->own);
	struct expr *e = expr_new(p, EXPR_INTEGER, start);
	struct part part = expr_leaf(e, false, start);
	uint32_t word;

	p->is_broken = true;
	part.is_unknown = true;
	if (name_index_find(&l->words, name, &word))
		loader_error_in(l, p->node, start,
				"'%s' is a word: a program gets at its value "
				"with `name = load %s`",
				name, name);
	else if (!results->is_incomplete)
		loader_error_unknown(l, p->node, start, "unknown result", name,
				     results, NULL);
	return part;
}

struct part expr_read_own(struct parser *p, const char *name, size_t start)
{
	const struct name_index *results = loader_registers(p->l, p->own);
	struct expr *e;

	if (expr_is_at(p, ".") || expr_is_at(p, "(") ||
	    strcmp(name, "forall") == 0 || strcmp(name, "exists") == 0)
		return expr_stop(p, start,
				 "a program knows the results of its own "
				 "thread, by their names, and nothing else");
	e = expr_new(p, EXPR_REGISTER, start);
	if (name_index_find(results, name, &e->index))
		return expr_leaf(e, false, start);
	if (expr_is_keyword(name))
		return expr_stop(p, start, EXPECTED_OPERAND);
	if (!scalar_errno(name))
		return unknown(p, name, start);
	e->kind = EXPR_INTEGER;
	e->value = -scalar_errno(name);
	return expr_leaf(e, false, start);
}
