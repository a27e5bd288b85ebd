/*
 * expr_token.c - the tokens of an expression, and the pieces it is made of.
 */
#include "sim/loader/expr_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct part expr_nothing;

/* ---- tokens ------------------------------------------------------------ */

struct part expr_stop(struct parser *p, size_t offset, const char *what)
{
	if (!p->has_failed)
		loader_error_in(p->l, p->node, offset, "%s", what);
	p->has_failed = true;
	p->is_broken = true;
	p->token = TOKEN_END;
	return expr_nothing;
}

static void read_number(struct parser *p)
{
	size_t length = 0;

	while (scalar_is_name_part(p->text[p->at]))
		p->word[length++] = p->text[p->at++];
	p->word[length] = '\0';
	p->token = TOKEN_NUMBER;
	if (scalar_integer(p->word, &p->number) == SCALAR_OK)
		return;
	p->token = TOKEN_END;
	expr_stop(p, p->start, "not a number of 64 bits, decimal or 0x");
}

static void read_symbol(struct parser *p)
{
	static const char *const symbols[] = {
		"==", "!=", "<=", ">=", "<", ">", "+", "-",
		"(",  ")",  "[",  "]",	"{", "}", ",", ".",
	};

	p->token = TOKEN_SYMBOL;
	for (size_t i = 0; i < COUNT(symbols); i++) {
		size_t length = strlen(symbols[i]);

		if (strncmp(p->text + p->at, symbols[i], length) == 0) {
			strcpy(p->word, symbols[i]);
			p->at += length;
			return;
		}
	}
	p->token = TOKEN_END;
	expr_stop(p, p->start,
		  p->text[p->at] == '=' ? "one = is no comparison: write =="
					: "this has no meaning in a condition");
}

void expr_next(struct parser *p)
{
	size_t length = 0;

	p->at += strspn(p->text + p->at, " \t\n");
	p->start = p->at;
	p->word[0] = '\0';
	if (p->text[p->at] == '\0' || p->has_failed) {
		p->token = TOKEN_END;
	} else if (scalar_is_name_start(p->text[p->at])) {
		while (scalar_is_name_part(p->text[p->at]))
			p->word[length++] = p->text[p->at++];
		p->word[length] = '\0';
		p->token = TOKEN_NAME;
	} else if (p->text[p->at] >= '0' && p->text[p->at] <= '9') {
		read_number(p);
	} else {
		read_symbol(p);
	}
}

bool expr_is_at(const struct parser *p, const char *word)
{
	return (p->token == TOKEN_NAME || p->token == TOKEN_SYMBOL) &&
	       strcmp(p->word, word) == 0;
}

/* Take the token if it is @word. */
bool expr_take(struct parser *p, const char *word)
{
	if (!expr_is_at(p, word))
		return false;
	expr_next(p);
	return true;
}

bool expr_need(struct parser *p, const char *word)
{
	char what[64] = "expected ";

	if (expr_take(p, word))
		return true;
	strcat(what, word);
	expr_stop(p, p->start, what);
	return false;
}

/* ---- parts ------------------------------------------------------------- */

struct expr *expr_new(struct parser *p, enum expr_kind kind, size_t start)
{
	struct expr *e = pool_alloc(p->l->s->pool, 1, sizeof(*e));

	e->kind = kind;
	e->col = tree_mark_at(&p->l->tree, p->node, start).col;
	e->thread = NOWHERE;
	return e;
}

struct part expr_leaf(struct expr *expr, bool is_condition, size_t start)
{
	return (struct part){expr, is_condition, false, 1, 1, start, false};
}

struct part expr_too_deep(struct parser *p, size_t start)
{
	return expr_stop(
		p, start,
		"deeper than 64 (SCENARIO_EXPR_DEPTH_MAX): split it into "
		"several conditions");
}

struct part expr_combine(struct parser *p, enum expr_kind kind, size_t start,
			 struct part left, struct part right, bool is_condition)
{
	struct part part = {NULL, is_condition, false, 0, 0, left.start, false};

	if (p->has_failed)
		return expr_nothing;
	part.depth = 1 + (left.depth > right.depth ? left.depth : right.depth);
	if (part.depth > SCENARIO_EXPR_DEPTH_MAX)
		return expr_too_deep(p, start);
	part.cost = 1 + left.cost + right.cost;
	if (part.cost > SCENARIO_EXPR_COST_MAX)
		return expr_stop(p, start,
				 "takes more than 1000000 steps to evaluate "
				 "(SCENARIO_EXPR_COST_MAX): use smaller sets");
	part.expr = expr_new(p, kind, start);
	part.expr->left = left.expr;
	part.expr->right = right.expr;
	return part;
}

bool expr_has_type(struct parser *p, struct part part, bool is_condition)
{
	if (!part.expr || part.is_unknown || part.is_condition == is_condition)
		return part.expr;
	expr_stop(p, part.start,
		  is_condition ? "this is a number, not a condition: compare it"
			       : "this is a condition, not a number");
	return false;
}
