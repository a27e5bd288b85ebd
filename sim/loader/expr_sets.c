/*
 * expr_sets.c - the part of the property language that runs over threads:
 * quantifiers and counts.
 */
#include "sim/loader/expr_internal.h"

#include <string.h>

/* The body once for each thread; nested sets multiply. */
static struct part over_threads(struct parser *p, enum expr_kind kind,
				size_t start, struct part body,
				const struct expr *set)
{
	body.cost *= set->set_count;
	body = expr_combine(p, kind, start, body, expr_nothing,
			    kind != EXPR_COUNT);
	if (!body.expr)
		return expr_nothing;
	body.start = start;
	body.expr->set = set->set;
	body.expr->set_count = set->set_count;
	return body;
}

struct part expr_read_count(struct parser *p, size_t start)
{
	const struct expr all = {.set = p->l->all_threads,
				 .set_count = p->l->s->thread_count};
	struct variable v = {NULL, true, false, p->variables};
	struct part body;

	expr_need(p, "(");
	p->variables = &v;
	body = expr_condition(p);
	p->variables = v.outer;
	if (!expr_has_type(p, body, true))
		return expr_nothing;
	expr_need(p, ")");
	if (!v.name && !v.is_used)
		return expr_stop(
			p, start,
			"nothing to count: use a name that is no thread, "
			"as in count(done(t))");
	return over_threads(p, EXPR_COUNT, start, body, &all);
}

/* One thread of a set. */
static void add_to_set(struct parser *p, uint32_t *set, uint32_t *count)
{
	struct loader *l = p->l;
	uint32_t thread;

	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected a thread");
		return;
	}
	thread = loader_find(l, &l->threads, p->node, p->start, "thread",
			     p->word);
	if (thread == NOWHERE)
		p->is_broken = true;
	for (uint32_t i = 0; i < *count; i++)
		if (set[i] == thread)
			thread = NOWHERE; /* twice is once */
	if (thread != NOWHERE)
		set[(*count)++] = thread;
	expr_next(p);
}

static void read_set(struct parser *p, struct expr *e)
{
	struct loader *l = p->l;
	const char *close = expr_is_at(p, "{") ? "}" : "]";
	/* A thread takes two bytes of text at least. */
	uint32_t room = (uint32_t)(strlen(p->text) - p->start) / 2 + 1;
	uint32_t *set, group;

	if (p->token == TOKEN_NAME &&
	    name_index_find(&l->groups, p->word, &group)) {
		e->set = l->s->groups[group].threads;
		e->set_count = l->s->groups[group].count;
		expr_next(p);
		return;
	}
	if (expr_take(p, "threads")) {
		e->set = l->all_threads;
		e->set_count = l->s->thread_count;
		return;
	}
	if (room > l->s->thread_count)
		room = l->s->thread_count;
	set = pool_alloc(l->s->pool, room, sizeof(*set));
	e->set = set;
	if (!expr_take(p, "[") && !expr_take(p, "{")) {
		add_to_set(p, set, &e->set_count);
		return;
	}
	do
		add_to_set(p, set, &e->set_count);
	while (!p->has_failed && expr_take(p, ","));
	expr_need(p, close);
}

struct part expr_read_quantifier(struct parser *p, enum expr_kind kind,
				 size_t start)
{
	struct variable v = {NULL, false, false, p->variables};
	struct expr set = {.set = NULL};
	uint32_t taken;
	struct part body;

	if (p->token != TOKEN_NAME)
		return expr_stop(p, p->start,
				 "expected the name of a variable");
	if (name_index_find(&p->l->threads, p->word, &taken) ||
	    name_index_find(&p->l->groups, p->word, &taken))
		return expr_stop(p, p->start,
				 "a variable cannot have the name of a thread");
	v.name = loader_copy(p->l, p->word);
	expr_next(p);
	if (!expr_need(p, "in"))
		return expr_nothing;
	read_set(p, &set);
	expr_need(p, ".");
	p->variables = &v;
	body = expr_condition(p);
	p->variables = v.outer;
	if (!expr_has_type(p, body, true))
		return expr_nothing;
	return over_threads(p, kind, start, body, &set);
}
