/*
 * expr_name.c - the part of the property language that begins with a name:
 * words, results, predicates over threads.
 */
#include "sim/loader/expr_internal.h"

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

/* done(T), where T is T1, T2 and T3. */
static bool refuse_group(struct parser *p)
{
	struct variable *v = p->variables;
	uint32_t group;

	if (!name_index_find(&p->l->groups, p->word, &group))
		return false;
	if (v)
		v->is_used = true;
	p->is_broken = true;
	loader_error_in(p->l, p->node, p->start,
			"'%s' is a group of threads: use a variable, as in "
			"forall t in %s. done(t)",
			p->word, p->word);
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
	} else if (refuse_group(p)) {
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
	EXTRA_LOCK,
	EXTRA_REGION
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
	{"in", EXPR_IN, EXTRA_REGION},
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

/* The name of a mark or procedure may have dashes, which are no minus here. */
static void read_dashes(struct parser *p)
{
	size_t length = strlen(p->word);

	while (scalar_is_name_part(p->text[p->at]) || p->text[p->at] == '-')
		p->word[length++] = p->text[p->at++];
	p->word[length] = '\0';
}

static void read_mark(struct parser *p, struct expr *e)
{
	struct loader *l = p->l;
	char both[2 * SCENARIO_TEXT_MAX + 2];
	uint32_t unused;

	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected the name of a mark");
		return;
	}
	read_dashes(p);
	e->name = loader_copy(l, p->word);
	both[0] = '\0';
	if (e->thread != NOWHERE) {
		uint32_t first = l->s->threads[e->thread].first;

		strcpy(both, l->s->threads[first].name);
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

static void read_region(struct parser *p, struct expr *e)
{
	if (p->token != TOKEN_NAME) {
		expr_stop(p, p->start, "expected the name of a procedure");
		return;
	}
	read_dashes(p);
	e->procedure = loader_find(p->l, &p->l->procedures, p->node, p->start,
				   "procedure", p->word);
	if (e->procedure == NOWHERE)
		p->is_broken = true;
	expr_next(p);
}

/* in(p) is about the thread that the innermost count() is at. */
static bool names_no_thread(struct parser *p, struct expr *e)
{
	size_t at = p->at;

	while (scalar_is_name_part(p->text[at]) || p->text[at] == '-')
		at++;
	at += strspn(p->text + at, " \t\n");
	if (e->kind != EXPR_IN || p->token != TOKEN_NAME || p->text[at] != ')')
		return false;
	e->is_bound = true;
	e->index = 0;
	for (struct variable *v = p->variables; v; v = v->outer) {
		if (v->is_count) {
			v->is_used = true;
			return true;
		}
		e->index++;
	}
	expr_stop(p, p->start,
		  "which thread? in(thread, procedure), or in(procedure) "
		  "inside of count()");
	return true;
}

static struct part read_predicate(struct parser *p,
				  const struct predicate *predicate,
				  size_t start)
{
	struct expr *e = expr_new(p, predicate->kind, start);

	expr_need(p, "(");
	if (!names_no_thread(p, e)) {
		read_thread(p, e);
		if (predicate->extra != EXTRA_NONE)
			expr_need(p, ",");
	}
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
	case EXTRA_REGION:
		read_region(p, e);
		break;
	}
	expr_need(p, ")");
	return p->has_failed ? expr_nothing : expr_leaf(e, true, start);
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
		e->index = loader_find(l, loader_registers(l, e->thread),
				       p->node, p->start, "result", p->word);
	if (e->index == NOWHERE)
		p->is_broken = true;
	expr_next(p);
	return expr_leaf(e, false, start);
}

/* The key of a thread's futex, or that of a word. */
static struct part read_key(struct parser *p, size_t start)
{
	struct expr *e = expr_new(p, EXPR_KEY, start);
	struct part part;
	uint32_t unused;

	expr_need(p, "(");
	if (p->token == TOKEN_NAME && !find_variable(p, p->word, &unused) &&
	    !name_index_find(&p->l->threads, p->word, &unused) &&
	    name_index_find(&p->l->words, p->word, &e->index)) {
		e->kind = EXPR_WORD_KEY;
		expr_next(p);
	} else {
		read_thread(p, e);
	}
	expr_need(p, ")");
	if (p->has_failed)
		return expr_nothing;
	part = expr_leaf(e, false, start);
	part.is_key = true;
	return part;
}

static struct part unknown_call(struct parser *p, const char *name,
				size_t start)
{
	const char *names[COUNT(predicates) + 2];

	p->has_failed = true;
	p->is_broken = true;
	for (size_t i = 0; i < COUNT(predicates); i++)
		names[i] = predicates[i].name;
	names[COUNT(predicates)] = "count";
	names[COUNT(predicates) + 1] = "key";
	loader_error_name(p->l, p->node, start, "unknown predicate", name,
			  names, COUNT(names));
	return expr_nothing;
}

bool expr_is_keyword(const char *name)
{
	static const char *const words[] = {"and", "or", "not", "implies",
					    "iff"};

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
	if (expr_is_keyword(name))
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
	if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
		return read_bool(p, name[0] == 't', start);
	if (p->own != NOWHERE)
		return expr_read_own(p, name, start);
	if (strcmp(name, "forall") == 0)
		return expr_read_quantifier(p, EXPR_FORALL, start);
	if (strcmp(name, "exists") == 0)
		return expr_read_quantifier(p, EXPR_EXISTS, start);
	if (expr_take(p, "."))
		return read_register(p, name, start);
	if (!expr_is_at(p, "("))
		return read_value(p, name, start);
	if (strcmp(name, "count") == 0)
		return expr_read_count(p, start);
	if (strcmp(name, "key") == 0)
		return read_key(p, start);
	if (find_predicate(name))
		return read_predicate(p, find_predicate(name), start);
	return unknown_call(p, name, start);
}
