/*
 * scenario_threads.c - threads, alone and in groups, and whether the words
 * that they use are there.
 *
 * All threads are declared before the first program is read.
 */
#include "sim/loader/scenario_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	[TIMES] = {"count", 0},
	[SYMMETRIC] = {"symmetric", 0},
};

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
	return run;
}

/* ---- declarations ------------------------------------------------------ */

/* The value under a key of a thread, before the thread itself is read. */
static const struct tree_node *value_of(const struct tree_node *node,
					const char *key)
{
	if (node->kind != TREE_MAP)
		return NULL;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (strcmp(n->key->text, key) == 0)
			return n;
	return NULL;
}

/* How many threads it declares. */
static uint32_t thread_count(struct loader *l, const struct tree_node *node)
{
	uint64_t count = 1;

	if (!loader_integer(l, value_of(node, "count"), 1, SCENARIO_THREADS_MAX,
			    &count))
		l->threads.is_incomplete = true;
	return (uint32_t)count;
}

/* A thread called @name; @group may be NOWHERE. */
static bool add_thread(struct loader *l, const struct tree_node *key,
		       const char *name, uint32_t group, uint32_t first)
{
	struct scenario *s = l->s;
	struct scenario_thread *t = &s->threads[s->thread_count];
	uint32_t other;

	if (!name_index_add(&l->threads, name, s->thread_count)) {
		l->threads.is_incomplete = true;
		name_index_find(&l->threads, name, &other);
		/* The key itself may be there twice: that has been said. */
		if (group != NOWHERE || s->threads[other].group != NOWHERE)
			loader_error(l, key,
				     "there is a thread '%s' already, on line "
				     "%d",
				     name, s->threads[other].mark.line);
		return false;
	}
	t->mark = key->mark;
	t->name = name;
	t->group = group;
	t->first = first;
	s->thread_count++;
	return true;
}

/* T1 to Tn. */
static void add_group(struct loader *l, const struct tree_node *key,
		      uint32_t count)
{
	struct scenario *s = l->s;
	uint32_t group = s->group_count, first = s->thread_count;
	struct scenario_group *g = &s->groups[group];
	char number[16];

	g->mark = key->mark;
	g->name = loader_copy(l, key->text);
	g->threads = pool_alloc(s->pool, count, sizeof(*g->threads));
	if (!name_index_add(&l->groups, g->name, group))
		return; /* a duplicate key */
	s->group_count++;
	for (uint32_t i = 1; i <= count; i++) {
		char *name;

		snprintf(number, sizeof(number), "%u", i);
		name = (char *)pool_alloc(s->pool, 1,
					  strlen(g->name) + sizeof(number));
		strcpy(name, g->name);
		strcat(name, number);
		if (add_thread(l, key, name, group, first))
			g->threads[g->count++] = s->thread_count - 1;
	}
}

static void declare(struct loader *l, const struct tree_node *node,
		    uint32_t *symmetric)
{
	struct scenario *s = l->s;
	uint32_t first = s->thread_count;
	bool is_symmetric = false;

	if (!loader_new_name(l, node->key, "thread", false)) {
		l->threads.is_incomplete = true;
		return;
	}
	if (value_of(node, "count"))
		add_group(l, node->key, thread_count(l, node));
	else
		add_thread(l, node->key, loader_copy(l, node->key->text),
			   NOWHERE, first);
	if (!loader_flag(l, value_of(node, "symmetric"), &is_symmetric) ||
	    !is_symmetric)
		return;
	++*symmetric;
	for (uint32_t i = first; i < s->thread_count; i++)
		s->threads[i].symmetric = *symmetric;
}

/* A name is one thread, or a group of them. */
static void check_groups(struct loader *l)
{
	const struct scenario *s = l->s;
	uint32_t thread;

	for (uint32_t i = 0; i < s->group_count; i++)
		if (name_index_find(&l->threads, s->groups[i].name, &thread))
			diagnostics_add(l->d, s->groups[i].mark.line,
					s->groups[i].mark.col,
					"there is a thread '%s' already, on "
					"line %d",
					s->groups[i].name,
					s->threads[thread].mark.line);
}

/* ---- the whole --------------------------------------------------------- */

struct name_index *loader_registers(const struct loader *l, uint32_t thread)
{
	return &l->registers[l->s->threads[thread].first];
}

/* The first thread that @node declares. */
static bool first_thread(struct loader *l, const struct tree_node *node,
			 uint32_t *index)
{
	const struct scenario *s = l->s;

	if (!value_of(node, "count"))
		return name_index_find(&l->threads, node->key->text, index) &&
		       s->threads[*index].mark.line == node->key->mark.line;
	if (!name_index_find(&l->groups, node->key->text, index) ||
	    s->groups[*index].count == 0)
		return false;
	*index = s->groups[*index].threads[0];
	return true;
}

/* The others of its group do the same. */
static void share(struct scenario *s, uint32_t first)
{
	const struct scenario_thread *from = &s->threads[first];
	struct scenario_thread *t;

	for (uint32_t i = first + 1;
	     i < s->thread_count && s->threads[i].first == first; i++) {
		t = &s->threads[i];
		t->process = from->process;
		t->ops = from->ops;
		t->op_count = from->op_count;
		t->main_count = from->main_count;
		t->handlers = from->handlers;
		t->registers = from->registers;
		t->register_count = from->register_count;
	}
}

static void load_thread(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *run;
	uint32_t index;

	if (node->key->kind != TREE_SCALAR || !first_thread(l, node, &index) ||
	    l->s->threads[index].ops)
		return;
	run = load_header(l, node, &l->s->threads[index]);
	if (run)
		load_program(l, index, run);
	else
		loader_registers(l, index)->is_incomplete = true;
	if (!run)
		l->marks.is_incomplete = true;
	share(l->s, index);
}

static void make_all_threads(struct loader *l)
{
	uint32_t count = l->s->thread_count;
	uint32_t *all = pool_alloc(l->s->pool, count, sizeof(*all));

	for (uint32_t i = 0; i < count; i++)
		all[i] = i;
	l->all_threads = all;
}

/* How many threads there are; 0 after an error. */
static uint32_t count_all(struct loader *l, const struct tree_node *node)
{
	struct diagnostics quiet;
	struct diagnostics *d = l->d;
	uint32_t count = 0;

	if (node->count == 0)
		loader_error(l, node, "there must be at least one thread");
	/* What is wrong with a count is said when the thread is declared. */
	diagnostics_init(&quiet, d->path);
	l->d = &quiet;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (count <= SCENARIO_THREADS_MAX)
			count += thread_count(l, n);
	l->d = d;
	diagnostics_fini(&quiet);
	if (count <= SCENARIO_THREADS_MAX)
		return count;
	loader_error(l, node->key,
		     "more than %u threads (SCENARIO_THREADS_MAX): take some "
		     "out, " RAISE(SCENARIO_THREADS_MAX),
		     SCENARIO_THREADS_MAX);
	return 0;
}

void load_threads(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	uint32_t count, symmetric = 0;

	l->threads.is_incomplete = true; /* until they are known */
	l->marks.is_incomplete = true;
	count = node && loader_is_map(l, node) ? count_all(l, node) : 0;
	/* One more, of no thread, for procedures by themselves. */
	s->threads = pool_alloc(s->pool, count + 1, sizeof(*s->threads));
	l->registers = calloc((size_t)count + 1, sizeof(*l->registers));
	if (!l->registers)
		abort();
	if (count) {
		l->threads.is_incomplete = false;
		l->marks.is_incomplete = false;
		s->groups =
			pool_alloc(s->pool, node->count, sizeof(*s->groups));
		for (const struct tree_node *n = node->first; n; n = n->next)
			declare(l, n, &symmetric);
		check_groups(l);
	}
	s->threads[s->thread_count].first = s->thread_count;
	check_procedures(l, s->thread_count);
	if (!count)
		return;
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_thread(l, n);
	load_all_handlers(l);
	for (uint32_t i = 0; i < s->thread_count; i++)
		if (s->threads[i].first == i)
			share(s, i);
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

		if (t->process == NOWHERE || t->first != i)
			continue;
		owner = memory_owner(s, t->process);
		for (uint32_t j = 0; j < t->op_count; j++)
			if (t->ops[j].verb == VERB_MMAP &&
			    t->ops[j].region != NOWHERE)
				c->made[owner * s->region_count +
					t->ops[j].region] = true;
	}
}

/* What a parent maps, its child has when it is forked later. */
static void inherit_mmap(struct checker *c)
{
	const struct scenario *s = c->l->s;
	const struct scenario_process *p;
	bool *made, *parents;

	for (uint32_t i = 0; i < s->process_count; i++) {
		p = &s->processes[i];
		if (!p->starts_later || p->forked_from == NOWHERE)
			continue;
		made = c->made + (size_t)i * s->region_count;
		parents = c->made + (size_t)memory_owner(s, p->forked_from) *
					    s->region_count;
		for (uint32_t j = 0; j < s->region_count; j++)
			made[j] |= parents[j];
	}
}

static void check_op(struct checker *c, const struct scenario_thread *t,
		     const struct op *op, uint32_t owner)
{
	const struct scenario *s = c->l->s;

	for (size_t i = 0; i < OP_ARGS_MAX + op->more_count; i++) {
		const struct operand *o = i < OP_ARGS_MAX
						  ? &op->args[i]
						  : &op->more[i - OP_ARGS_MAX];

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
	inherit_mmap(&c);
	for (uint32_t i = 0; i < s->thread_count; i++) {
		const struct scenario_thread *t = &s->threads[i];

		if (t->process == NOWHERE || t->first != i)
			continue;
		for (uint32_t j = 0; j < t->op_count; j++)
			check_op(&c, t, &t->ops[j],
				 memory_owner(s, t->process));
	}
	free(c.words);
	free(c.made);
}
