/*
 * scenario_threads.c - threads and their programs as lists of operations.
 *
 * All threads are declared before the first program is read.  A list item may
 * one day be a map (control flow); it will become operations in this array.
 */
#include "sim/scenario_internal.h"

#include <stdlib.h>
#include <string.h>

#include "sim/verbs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PROCESS,
	RUN,
	TIMES,
	SYMMETRIC
};

static const struct field thread_fields[] = {
	[PROCESS] = {"process", 0},
	[RUN] = {"run", FIELD_REQUIRED},
	[TIMES] = {"count", FIELD_LATER},
	[SYMMETRIC] = {"symmetric", FIELD_LATER},
};

/* ---- programs ---------------------------------------------------------- */

static void note_mark(struct loader *l, const struct scenario_thread *t,
		      const char *name)
{
	size_t length = strlen(t->name) + strlen(name) + 2;
	char *both = tree_alloc(&l->tree, length);

	strcpy(both, t->name);
	strcat(both, ".");
	strcat(both, name);
	name_index_add(&l->marks, name, 0);
	name_index_add(&l->marks, both, 0);
}

static void load_program(struct loader *l, uint32_t thread,
			 const struct tree_node *list)
{
	struct scenario_thread *t = &l->s->threads[thread];
	const struct op *end = NULL; /* the operation that ends the thread */

	t->ops = pool_alloc(l->s->pool, list->count, sizeof(*t->ops));
	t->registers = pool_alloc(l->s->pool, list->count, sizeof(char *));
	for (const struct tree_node *n = list->first; n; n = n->next) {
		struct op *op = &t->ops[t->op_count++];
		bool is_good = load_op(l, thread, n, op);

		if (end) {
			loader_error(l, n,
				     "never reached: `%s` on line %d ends the "
				     "thread",
				     verb_name(end->verb), end->mark.line);
			return;
		}
		if (!is_good)
			continue;
		if (verb_table[op->verb].ends_thread)
			end = op;
		if (op->verb == VERB_MARK)
			note_mark(l, t, op->name);
	}
}

/* ---- headers ----------------------------------------------------------- */

/* The list of operations of a thread; NULL after an error. */
static const struct tree_node *load_header(struct loader *l,
					   const struct tree_node *node,
					   struct scenario_thread *t)
{
	const struct tree_node *values[COUNT(thread_fields)];
	const struct tree_node *run = node;
	const char *text;

	if (node->kind == TREE_MAP) {
		loader_fields(l, node, thread_fields, COUNT(thread_fields),
			      values);
		run = values[RUN];
		if (values[PROCESS] &&
		    loader_text(l, values[PROCESS], "the name of a process",
				&text))
			t->process =
				loader_find(l, &l->processes, values[PROCESS],
					    0, "process", text);
		else if (values[PROCESS])
			t->process = NOWHERE;
	}
	if (!run || !loader_is_list(l, run, "operations"))
		return NULL;
	if (run->count > SCENARIO_OPS_MAX) {
		loader_error(l, run,
			     "more than %u operations (SCENARIO_OPS_MAX): "
			     "split the thread",
			     SCENARIO_OPS_MAX);
		return NULL;
	}
	return run;
}

static void declare(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	struct scenario_thread *t = &s->threads[s->thread_count];

	if (!loader_new_name(l, node->key, "thread", false)) {
		l->threads.is_incomplete = true;
		return;
	}
	t->mark = node->key->mark;
	t->name = loader_copy(l, node->key->text);
	if (name_index_add(&l->threads, t->name, s->thread_count))
		s->thread_count++;
}

static void load_thread(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *run;
	uint32_t index;

	if (!name_index_find(&l->threads, node->key->text, &index) ||
	    l->s->threads[index].ops)
		return;
	run = load_header(l, node, &l->s->threads[index]);
	if (run)
		load_program(l, index, run);
	else
		l->registers[index].is_incomplete = true;
	if (!run)
		l->marks.is_incomplete = true;
}

static void make_all_threads(struct loader *l)
{
	uint32_t count = l->s->thread_count;
	uint32_t *all = pool_alloc(l->s->pool, count, sizeof(*all));

	for (uint32_t i = 0; i < count; i++)
		all[i] = i;
	l->all_threads = all;
}

void load_threads(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;

	l->threads.is_incomplete = true; /* until they are known */
	l->marks.is_incomplete = true;
	if (!node || !loader_is_map(l, node))
		return;
	if (node->count == 0) {
		loader_error(l, node, "there must be at least one thread");
		return;
	}
	if (node->count > SCENARIO_THREADS_MAX) {
		loader_error(l, node->key,
			     "more than %u threads (SCENARIO_THREADS_MAX): "
			     "take some out",
			     SCENARIO_THREADS_MAX);
		return;
	}
	l->threads.is_incomplete = false;
	l->marks.is_incomplete = false;
	s->threads = pool_alloc(s->pool, node->count, sizeof(*s->threads));
	for (const struct tree_node *n = node->first; n; n = n->next)
		declare(l, n);
	l->registers = calloc(node->count, sizeof(*l->registers));
	if (!l->registers)
		abort();
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_thread(l, n);
	make_all_threads(l);
}

/* ---- words are mapped where they are used ------------------------------ */

/* For each word, what was found out when it was last asked for. */
struct reach {
	uint32_t owner;
	bool is_known;
	bool is_mapped;
};

struct checker {
	struct loader *l;
	struct reach *words;
	bool *made; /* [owner][region]: a program maps it */
};

static bool is_in_map(const struct scenario_map *m,
		      const struct scenario_word *w)
{
	return m->region == w->region && w->offset >= m->offset &&
	       w->offset - m->offset < (uint64_t)m->pages * PAGE_SIZE;
}

static bool is_mapped(struct checker *c, uint32_t word, uint32_t owner)
{
	const struct scenario *s = c->l->s;
	const struct scenario_word *w = &s->words[word];
	struct reach *reach = &c->words[word];

	if (w->region == NOWHERE)
		return true; /* has been reported */
	if (reach->is_known && reach->owner == owner)
		return reach->is_mapped;
	reach->is_known = true;
	reach->owner = owner;
	reach->is_mapped = c->made[(size_t)owner * s->region_count + w->region];
	for (uint32_t i = 0; i < c->l->map_count && !reach->is_mapped; i++)
		reach->is_mapped = c->l->maps[i].process == owner &&
				   is_in_map(&c->l->maps[i], w);
	return reach->is_mapped;
}

static void note_mmap(struct checker *c)
{
	const struct scenario *s = c->l->s;

	for (uint32_t i = 0; i < s->thread_count; i++) {
		const struct scenario_thread *t = &s->threads[i];
		size_t owner;

		if (t->process == NOWHERE)
			continue;
		owner = memory_owner(s, t->process);
		for (uint32_t j = 0; j < t->op_count; j++)
			if (t->ops[j].verb == VERB_MMAP &&
			    t->ops[j].region != NOWHERE)
				c->made[owner * s->region_count +
					t->ops[j].region] = true;
	}
}

static void check_op(struct checker *c, const struct scenario_thread *t,
		     const struct op *op, uint32_t owner)
{
	const struct scenario *s = c->l->s;

	for (size_t i = 0; i < OP_ARGS_MAX; i++) {
		const struct operand *o = &op->args[i];

		if (o->kind == OPERAND_WORD && !is_mapped(c, o->index, owner))
			diagnostics_add(c->l->d, op->mark.line, o->col,
					"word '%s' is not mapped in process "
					"'%s'",
					s->words[o->index].name,
					s->processes[t->process].name);
	}
}

void check_words_mapped(struct loader *l)
{
	const struct scenario *s = l->s;
	struct checker c = {.l = l};

	if (l->is_map_broken || l->processes.is_incomplete)
		return;
	c.words = calloc((size_t)s->word_count + 1, sizeof(*c.words));
	c.made = calloc((size_t)s->process_count * s->region_count + 1, 1);
	if (!c.words || !c.made)
		abort();
	note_mmap(&c);
	for (uint32_t i = 0; i < s->thread_count; i++) {
		const struct scenario_thread *t = &s->threads[i];

		if (t->process == NOWHERE)
			continue;
		for (uint32_t j = 0; j < t->op_count; j++)
			check_op(&c, t, &t->ops[j],
				 memory_owner(s, t->process));
	}
	free(c.words);
	free(c.made);
}
