/*
 * expr_name.c - the part of the property language that begins with a name:
 * words, results, predicates over threads, quantifiers.
 */
#include "sim/expr_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- threads and variables --------------------------------------------- */

static bool find_variable(const struct parser *p, const char *name,
			  uint32_t *depth)
{
	*depth = 0;
	for (const struct variable *v = p->variables; v; v = v->outer) {
		if (v->name && strcmp(v->name, name) == 0)
			return true;
		++*depth;
	}
	return false;
}

/* In count(done(t)) the first name that is expr_nothing else is the variable.
 */
static bool bind_count(struct parser *p, const char *name)
{
	struct variable *v = p->variables;

	if (!v || !v->is_count || v->name)
		return false;
	v->name = loader_copy(p->l, name);
	return true;
}

/* The thread a predicate is about. */
static void read_thread(struct parser *p, struct expr *e)
{
	struct loader *l = p->l;

	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected a thread");
		return;
	}
	if (find_variable(p, p->word, &e->index)) {
		e->is_bound = true;
	} else if (!name_index_find(&l->threads, p->word, &e->thread)) {
		e->index = 0;
		e->is_bound = bind_count(p, p->word);
		if (!e->is_bound) {
			p->is_broken = true;
			loader_find(l, &l->threads, p->node, p->start,
				    p->variables ? "thread or variable"
						 : "thread",
				    p->word);
		}
	} else {
		e->index = e->thread;
	}
	expr_next(p);
}

/* ---- predicates -------------------------------------------------------- */

/* What stands behind the thread. */
enum extra {
	EXTRA_NONE,
	EXTRA_RESULT,
	EXTRA_MARK,
	EXTRA_LOCK
};

static const struct predicate {
	const char *name;
	enum expr_kind kind;
	enum extra extra;
} predicates[] = {
	{"blocked", EXPR_BLOCKED, EXTRA_NONE},
	{"done", EXPR_DONE, EXTRA_NONE},
	{"queued", EXPR_QUEUED, EXTRA_NONE},
	{"woken", EXPR_WOKEN, EXTRA_NONE},
	{"charged", EXPR_CHARGED, EXTRA_NONE},
	{"returned", EXPR_RETURNED, EXTRA_RESULT},
	{"marked", EXPR_MARKED, EXTRA_MARK},
	{"holds", EXPR_HOLDS, EXTRA_LOCK},
};

static const enum object_kind locks[] = {
	OBJECT_WQ, OBJECT_TABLE, OBJECT_REGISTRY, OBJECT_CLEANUP, OBJECT_ASPACE,
};

void expr_read_result(struct parser *p, struct expr *e)
{
	bool is_negative = expr_take(p, "-");

	if (p->token == TOKEN_NUMBER) {
		e->value = (int64_t)(is_negative ? -p->number.bits
						 : p->number.bits);
	} else if (p->token == TOKEN_NAME && scalar_errno(p->word)) {
		e->value = -scalar_errno(p->word);
	} else if (p->token == TOKEN_NAME) {
		p->is_broken = true;
		loader_error_result(p->l, p->node, p->start, p->word);
	} else {
		expr_stop(p, p->start,
			  "expected an integer or the name of an error");
		return;
	}
	expr_next(p);
}

/* A mark's name may have dashes, which are no minus here. */
static void read_mark(struct parser *p, struct expr *e)
{
	struct loader *l = p->l;
	size_t length = strlen(p->word);
	char both[2 * SCENARIO_TEXT_MAX + 2];
	uint32_t unused;

	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected the name of a mark");
		return;
	}
	while (scalar_is_name_part(p->text[p->at]) || p->text[p->at] == '-')
		p->word[length++] = p->text[p->at++];
	p->word[length] = '\0';
	e->name = loader_copy(l, p->word);
	both[0] = '\0';
	if (e->thread != NOWHERE) {
		strcpy(both, l->s->threads[e->thread].name);
		strcat(both, ".");
	}
	strcat(both, p->word);
	if (!name_index_find(&l->marks, both, &unused) &&
	    !l->marks.is_incomplete) {
		p->is_broken = true;
		loader_error_unknown(
			l, p->node, p->start,
			e->thread == NOWHERE
				? "no thread has the mark"
				: "that thread does not have the mark",
			p->word, &l->marks, NULL);
	}
	expr_next(p);
}

static void read_lock(struct parser *p, struct expr *e)
{
	const char *names[COUNT(locks)];

	for (size_t i = 0; i < COUNT(locks); i++) {
		names[i] = object_kind_name(locks[i]);
		if (!expr_is_at(p, names[i]))
			continue;
		e->object = locks[i];
		expr_next(p);
		return;
	}
	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected a kind of lock");
		return;
	}
	p->is_broken = true;
	loader_error_name(p->l, p->node, p->start, "unknown kind of lock",
			  p->word, names, COUNT(names));
	expr_next(p);
}

static struct part read_predicate(struct parser *p,
				  const struct predicate *predicate,
				  size_t start)
{
	struct expr *e = expr_new(p, predicate->kind, start);

	expr_need(p, "(");
	read_thread(p, e);
	if (predicate->extra != EXTRA_NONE)
		expr_need(p, ",");
	switch (predicate->extra) {
	case EXTRA_NONE:
		break;
	case EXTRA_RESULT:
		expr_read_result(p, e);
		break;
	case EXTRA_MARK:
		read_mark(p, e);
		break;
	case EXTRA_LOCK:
		read_lock(p, e);
		break;
	}
	expr_need(p, ")");
	return p->has_failed ? expr_nothing : expr_leaf(e, true, start);
}

/* ---- quantifiers ------------------------------------------------------- */

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

static struct part read_count(struct parser *p, size_t start)
{
	const struct expr all = {.set = p->l->all_threads,
				 .set_count = p->l->s->thread_count};
	struct variable v = {NULL, true, p->variables};
	struct part body;

	expr_need(p, "(");
	p->variables = &v;
	body = expr_condition(p);
	p->variables = (struct variable *)v.outer;
	if (!expr_has_type(p, body, true))
		return expr_nothing;
	expr_need(p, ")");
	if (!v.name)
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
	uint32_t *set;

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

static struct part read_quantifier(struct parser *p, enum expr_kind kind,
				   size_t start)
{
	struct variable v = {NULL, false, p->variables};
	struct expr set = {.set = NULL};
	uint32_t taken;
	struct part body;

	if (p->token != TOKEN_NAME)
		return expr_stop(p, p->start,
				 "expected the name of a variable");
	if (name_index_find(&p->l->threads, p->word, &taken))
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
	p->variables = (struct variable *)v.outer;
	if (!expr_has_type(p, body, true))
		return expr_nothing;
	return over_threads(p, kind, start, body, &set);
}

/* ---- names ------------------------------------------------------------- */

/* Behind "thread." */
static struct part read_register(struct parser *p, const char *thread,
				 size_t start)
{
	struct loader *l = p->l;
	struct expr *e = expr_new(p, EXPR_RESULT, start);
	uint32_t depth;

	if (p->token != TOKEN_NAME)
		return expr_stop(p, p->start, "expected the name of a result");
	if (find_variable(p, thread, &depth))
		return expr_stop(
			p, start,
			"results of a variable are not supported: name "
			"the thread, or use returned(t, value)");
	e->thread =
		loader_find(l, &l->threads, p->node, start, "thread", thread);
	e->index = NOWHERE;
	if (e->thread != NOWHERE)
		e->index = loader_find(l, &l->registers[e->thread], p->node,
				       p->start, "result", p->word);
	if (e->index == NOWHERE)
		p->is_broken = true;
	expr_next(p);
	return expr_leaf(e, false, start);
}

static bool is_later(const char *name)
{
	return strcmp(name, "in") == 0 || strcmp(name, "key") == 0;
}

static struct part unknown_call(struct parser *p, const char *name,
				size_t start)
{
	const char *names[COUNT(predicates) + 1];

	p->has_failed = true;
	p->is_broken = true;
	if (is_later(name)) {
		loader_error_in(p->l, p->node, start,
				"`%s()` is not supported by this version of "
				"futexsim",
				name);
		return expr_nothing;
	}
	for (size_t i = 0; i < COUNT(predicates); i++)
		names[i] = predicates[i].name;
	names[COUNT(predicates)] = "count";
	loader_error_name(p->l, p->node, start, "unknown predicate", name,
			  names, COUNT(names));
	return expr_nothing;
}

static bool is_keyword(const char *name)
{
	static const char *const words[] = {"and",     "or",  "not",
					    "implies", "iff", "in"};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static const struct predicate *find_predicate(const char *name)
{
	for (size_t i = 0; i < COUNT(predicates); i++)
		if (strcmp(predicates[i].name, name) == 0)
			return &predicates[i];
	return NULL;
}

static struct part read_value(struct parser *p, const char *name, size_t start)
{
	struct loader *l = p->l;
	struct expr *e = expr_new(p, EXPR_WORD, start);
	struct part part;
	uint32_t thread;

	if (name_index_find(&l->words, name, &e->index))
		return expr_leaf(e, false, start);
	if (scalar_errno(name)) {
		e->kind = EXPR_INTEGER;
		e->value = -scalar_errno(name);
		return expr_leaf(e, false, start);
	}
	if (is_keyword(name))
		return expr_stop(p, start, EXPECTED_OPERAND);
	if (find_predicate(name))
		return expr_stop(p, start,
				 "a predicate wants a thread in parentheses, "
				 "as in done(A)");
	if (name_index_find(&l->threads, name, &thread))
		return expr_stop(
			p, start,
			"a thread has no value: name a result of it, as "
			"in A.r, or use a predicate");
	p->is_broken = true;
	if (name[0] == 'E' && name[1] >= 'A' && name[1] <= 'Z')
		loader_error_result(l, p->node, start, name);
	else if (!l->words.is_incomplete)
		loader_error_unknown(l, p->node, start, "unknown word", name,
				     &l->words, NULL);
	e->kind = EXPR_INTEGER;
	part = expr_leaf(e, false, start);
	part.is_unknown = true;
	return part;
}

static struct part read_bool(struct parser *p, bool value, size_t start)
{
	struct expr *e = expr_new(p, EXPR_INTEGER, start);

	e->value = value;
	return expr_leaf(e, true, start);
}

struct part expr_read_name(struct parser *p)
{
	char name[SCENARIO_TEXT_MAX + 1];
	size_t start = p->start;

	strcpy(name, p->word);
	expr_next(p);
	if (strcmp(name, "forall") == 0)
		return read_quantifier(p, EXPR_FORALL, start);
	if (strcmp(name, "exists") == 0)
		return read_quantifier(p, EXPR_EXISTS, start);
	if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
		return read_bool(p, name[0] == 't', start);
	if (expr_take(p, "."))
		return read_register(p, name, start);
	if (!expr_is_at(p, "("))
		return read_value(p, name, start);
	if (strcmp(name, "count") == 0)
		return read_count(p, start);
	if (find_predicate(name))
		return read_predicate(p, find_predicate(name), start);
	return unknown_call(p, name, start);
}
