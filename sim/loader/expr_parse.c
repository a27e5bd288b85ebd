/*
 * expr_parse.c - the property language: text to struct expr.
 *
 * Recursive descent, loosest binding first:
 *
 *	condition:  either [(implies | iff) condition]
 *	either:     both {or both}
 *	both:       negation {and negation}
 *	negation:   not negation | comparison
 *	comparison: sum [(== != < <= > >=) sum]
 *	sum:        primary {(+ | -) primary}
 *	primary:    number, errno, word, thread.result (in a program: result),
 *	            ( condition ), true,
 *	            false, predicate(thread, ...), key(thread or word),
 *	            count(predicate(t)),
 *	            (forall | exists) t in threads. condition
 *
 * A mistake in the grammar ends the expression; an unknown name is reported
 * and the rest is looked at too.
 */
#include "sim/loader/expr_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- operators --------------------------------------------------------- */

static struct part read_minus(struct parser *p, size_t start)
{
	struct expr *e = expr_new(p, EXPR_INTEGER, start);

	expr_read_result(p, e);
	return p->has_failed ? expr_nothing : expr_leaf(e, false, start);
}

static struct part parse_primary(struct parser *p)
{
	size_t start = p->start;
	struct part part;
	struct expr *e;

	if (p->token == TOKEN_NAME)
		return expr_read_name(p);
	if (p->token == TOKEN_NUMBER) {
		e = expr_new(p, EXPR_INTEGER, start);
		e->value = (int64_t)p->number.bits;
		expr_next(p);
		return expr_leaf(e, false, start);
	}
	if (expr_is_at(p, "-"))
		return read_minus(p, start);
	if (!expr_take(p, "("))
		return expr_stop(p, start,
				 p->token == TOKEN_END
					 ? "something is missing here"
					 : EXPECTED_OPERAND);
	part = expr_condition(p);
	expr_need(p, ")");
	part.start = start;
	return p->has_failed ? expr_nothing : part;
}

static struct part parse_sum(struct parser *p)
{
	struct part left = parse_primary(p);

	while (left.expr && (expr_is_at(p, "+") || expr_is_at(p, "-"))) {
		enum expr_kind kind = expr_is_at(p, "+") ? EXPR_ADD : EXPR_SUB;
		size_t start = p->start;
		struct part right;

		expr_next(p);
		right = parse_primary(p);
		if (!expr_has_type(p, left, false) ||
		    !expr_has_type(p, right, false))
			return expr_nothing;
		if (left.is_key || right.is_key)
			return expr_stop(p, start,
					 "keys are no numbers to "
					 "compute with");
		left = expr_combine(p, kind, start, left, right, false);
	}
	return left;
}

static bool comparison_kind(const struct parser *p, enum expr_kind *kind)
{
	static const struct {
		const char *symbol;
		enum expr_kind kind;
	} rows[] = {
		{"==", EXPR_EQ}, {"!=", EXPR_NE}, {"<", EXPR_LT},
		{"<=", EXPR_LE}, {">", EXPR_GT},  {">=", EXPR_GE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (expr_is_at(p, rows[i].symbol)) {
			*kind = rows[i].kind;
			return true;
		}
	}
	return false;
}

static struct part parse_comparison(struct parser *p)
{
	struct part left = parse_sum(p), right;
	size_t start = p->start;
	enum expr_kind kind, again;

	if (!left.expr || !comparison_kind(p, &kind))
		return left;
	expr_next(p);
	right = parse_sum(p);
	if (!expr_has_type(p, left, false) || !expr_has_type(p, right, false))
		return expr_nothing;
	if (left.is_key != right.is_key ||
	    (left.is_key && kind != EXPR_EQ && kind != EXPR_NE))
		return expr_stop(p, start,
				 "a key is compared with another key only, and "
				 "is the same or not: key(A) == key(B)");
	if (comparison_kind(p, &again))
		return expr_stop(
			p, p->start,
			"comparisons do not chain: join two with `and`");
	return expr_combine(p, kind, start, left, right, true);
}

static struct part parse_negation(struct parser *p)
{
	size_t start = p->start;
	struct part part;

	if (!expr_is_at(p, "not"))
		return parse_comparison(p);
	if (p->depth == SCENARIO_EXPR_DEPTH_MAX)
		return expr_too_deep(p, start);
	expr_next(p);
	p->depth++;
	part = parse_negation(p);
	p->depth--;
	if (!expr_has_type(p, part, true))
		return expr_nothing;
	part = expr_combine(p, EXPR_NOT, start, part, expr_nothing, true);
	part.start = start;
	return part;
}

/* A chain of conditions joined by one word. */
static struct part parse_chain(struct parser *p, const char *word,
			       enum expr_kind kind,
			       struct part (*parse)(struct parser *p))
{
	struct part left = parse(p);

	while (left.expr && expr_is_at(p, word)) {
		size_t start = p->start;
		struct part right;

		expr_next(p);
		right = parse(p);
		if (!expr_has_type(p, left, true) ||
		    !expr_has_type(p, right, true))
			return expr_nothing;
		left = expr_combine(p, kind, start, left, right, true);
	}
	return left;
}

static struct part parse_both(struct parser *p)
{
	return parse_chain(p, "and", EXPR_AND, parse_negation);
}

struct part expr_condition(struct parser *p)
{
	struct part left, right;
	enum expr_kind kind = EXPR_IMPLIES;
	size_t start = p->start;

	if (p->depth == SCENARIO_EXPR_DEPTH_MAX)
		return expr_too_deep(p, start);
	p->depth++;
	left = parse_chain(p, "or", EXPR_OR, parse_both);
	start = p->start;
	if (expr_is_at(p, "iff"))
		kind = EXPR_IFF;
	if (left.expr && (expr_take(p, "implies") || expr_take(p, "iff"))) {
		right = expr_condition(p);
		if (!expr_has_type(p, left, true) ||
		    !expr_has_type(p, right, true))
			left = expr_nothing;
		else
			left = expr_combine(p, kind, start, left, right, true);
	}
	p->depth--;
	return left;
}

/* ---- the whole --------------------------------------------------------- */

static bool has_text(struct loader *l, const struct tree_node *node,
		     const char **text)
{
	if (!node || !loader_text(l, node, "a condition", text))
		return false;
	if (node->length <= SCENARIO_TEXT_MAX)
		return true;
	loader_error(l, node,
		     "a condition of more than %u bytes (SCENARIO_TEXT_MAX): "
		     "split it",
		     SCENARIO_TEXT_MAX);
	return false;
}

static struct expr *parse(struct parser *p, bool is_condition)
{
	struct part part;

	expr_next(p);
	part = expr_condition(p);
	if (expr_has_type(p, part, is_condition) && p->token != TOKEN_END)
		expr_stop(p, p->start, "this is too much here");
	return p->is_broken ? NULL : part.expr;
}

struct expr *parse_own(struct loader *l, const struct tree_node *node,
		       size_t offset, uint32_t thread, bool is_condition)
{
	struct parser p = {.l = l, .node = node, .own = thread, .at = offset};

	if (!has_text(l, node, &p.text))
		return NULL;
	return parse(&p, is_condition);
}

struct expr *parse_condition(struct loader *l, const struct tree_node *node)
{
	struct parser p = {.l = l, .node = node, .own = NOWHERE};

	if (!has_text(l, node, &p.text))
		return NULL;
	return parse(&p, true);
}
