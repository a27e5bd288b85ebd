/*
 * scenario_program.c - the list of a thread or procedure, and the array of
 * operations that it becomes.
 *
 *	if: e, then: x, else: y		branch 1; x; jump 2; 1: y; 2:
 *	while: e, do: x			1: branch 2; x; jump 1; 2:
 *	repeat: n, do: x		x, n times
 *	call p				enter p; what p does; leave p
 *
 * A procedure is read at each call, for its names are those of the thread.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/verbs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A program that is being put together. */
struct program {
	struct loader *l;
	uint32_t thread;
	struct op *ops;
	uint32_t count;
	uint32_t room;
	bool is_full;
	/* A procedure by itself: its calls are noted, not followed. */
	struct call_list *calls;
};

static void load_list(struct program *p, const struct tree_node *list);

/* ---- the array --------------------------------------------------------- */

static void too_many(struct program *p, const struct tree_node *node,
		     bool is_one)
{
	if (!p->is_full)
		loader_error(
			p->l, node, "more than %u operations (%s): %s",
			is_one ? SCENARIO_OPS_MAX : SCENARIO_OPS_ALL_MAX,
			is_one ? "SCENARIO_OPS_MAX"
			       : "SCENARIO_OPS_ALL_MAX, of all threads",
			is_one ? "split the thread, " RAISE(SCENARIO_OPS_MAX)
			       : "take some out, " RAISE(SCENARIO_OPS_ALL_MAX));
	p->is_full = true;
}

/* Whether @more operations find room. */
static bool make_room(struct program *p, const struct tree_node *node,
		      uint64_t more)
{
	uint64_t count = p->count + more;

	if (count > SCENARIO_OPS_MAX ||
	    count + p->l->op_count > SCENARIO_OPS_ALL_MAX) {
		too_many(p, node, count > SCENARIO_OPS_MAX);
		return false;
	}
	if (count > p->room) {
		p->room = (uint32_t)count * 2;
		p->ops = realloc(p->ops, p->room * sizeof(*p->ops));
		if (!p->ops)
			abort();
	}
	return true;
}

/* Append one and return where it is; the last one again if it is full. */
static uint32_t add(struct program *p, const struct tree_node *node,
		    enum verb verb)
{
	struct op *op;

	if (!make_room(p, node, 1))
		return p->count ? p->count - 1 : 0;
	op = &p->ops[p->count];
	*op = (struct op){
		.mark = node->mark,
		.verb = verb,
		.text = "",
		.result = NOWHERE,
		.region = NOWHERE,
	};
	return p->count++;
}

/* ---- calls ------------------------------------------------------------- */

static void note_call(struct call_list *calls, uint32_t procedure,
		      const struct tree_node *node)
{
	if (calls->count == calls->room) {
		calls->room = calls->room * 2 + 4;
		calls->items = realloc(calls->items,
				       calls->room * sizeof(*calls->items));
		if (!calls->items)
			abort();
	}
	calls->items[calls->count++] = (struct call){procedure, node};
}

static void load_call(struct program *p, uint32_t procedure,
		      const struct tree_node *node)
{
	const struct procedure *body = &p->l->bodies[procedure];
	uint32_t at;

	if (p->calls) {
		note_call(p->calls, procedure, node);
		return;
	}
	if (body->is_broken) { /* nobody knows what it assigns and marks */
		loader_registers(p->l, p->thread)->is_incomplete = true;
		p->l->marks.is_incomplete = true;
		return;
	}
	at = add(p, node, VERB_REGION_ENTER);
	p->ops[at].procedure = procedure;
	load_list(p, body->list);
	at = add(p, node, VERB_REGION_LEAVE);
	p->ops[at].procedure = procedure;
}

/* ---- blocks ------------------------------------------------------------ */

static void load_body(struct program *p, const struct tree_node *list)
{
	if (list && loader_is_list(p->l, list, "operations"))
		load_list(p, list);
}

/* A branch with the condition that @node says. */
static uint32_t load_branch(struct program *p, const struct tree_node *node)
{
	uint32_t at = add(p, node->key, VERB_BRANCH);
	struct expr *e = parse_own(p->l, node, 0, p->thread, true);

	p->ops[at].expr = e;
	return at;
}

enum {
	IF,
	THEN,
	ELSE
};

static const struct field if_fields[] = {
	[IF] = {"if", FIELD_REQUIRED},
	[THEN] = {"then", FIELD_REQUIRED},
	[ELSE] = {"else", 0},
};

static void load_if(struct program *p, const struct tree_node *map)
{
	const struct tree_node *values[COUNT(if_fields)];
	uint32_t branch, jump;

	loader_fields(p->l, map, if_fields, COUNT(if_fields), values);
	branch = load_branch(p, values[IF]);
	load_body(p, values[THEN]);
	if (!values[ELSE]) {
		p->ops[branch].target = p->count;
		return;
	}
	jump = add(p, map, VERB_JUMP);
	p->ops[branch].target = p->count;
	load_body(p, values[ELSE]);
	p->ops[jump].target = p->count;
}

/* Of `while` and `repeat`. */
enum {
	HEAD,
	DO
};

static void load_while(struct program *p, const struct tree_node *map)
{
	static const struct field fields[] = {
		[HEAD] = {"while", FIELD_REQUIRED},
		[DO] = {"do", FIELD_REQUIRED},
	};
	const struct tree_node *values[COUNT(fields)];
	uint32_t start = p->count, branch, jump;

	loader_fields(p->l, map, fields, COUNT(fields), values);
	branch = load_branch(p, values[HEAD]);
	load_body(p, values[DO]);
	jump = add(p, map, VERB_JUMP);
	p->ops[jump].target = start;
	p->ops[branch].target = p->count;
}

/* What begins at @start once more; its targets are inside of it. */
static void copy_body(struct program *p, uint32_t start, uint32_t size)
{
	uint32_t shift = p->count - start;
	struct op *op;

	for (uint32_t i = start; i < start + size; i++) {
		op = &p->ops[p->count++];
		*op = p->ops[i];
		op->target += shift;
	}
}

static void load_repeat(struct program *p, const struct tree_node *map)
{
	static const struct field fields[] = {
		[HEAD] = {"repeat", FIELD_REQUIRED},
		[DO] = {"do", FIELD_REQUIRED},
	};
	const struct tree_node *values[COUNT(fields)];
	uint32_t start = p->count, size;
	uint64_t times = 1;

	loader_fields(p->l, map, fields, COUNT(fields), values);
	loader_integer(p->l, values[HEAD], 0, SCENARIO_OPS_MAX, &times);
	load_body(p, values[DO]);
	size = p->count - start;
	if (times == 0)
		p->count = start;
	else if (size && make_room(p, map, (times - 1) * size))
		while (--times)
			copy_body(p, start, size);
}

static void load_block(struct program *p, const struct tree_node *map)
{
	static const struct {
		const char *name;
		void (*load)(struct program *p, const struct tree_node *map);
	} blocks[] = {
		{"if", load_if},
		{"while", load_while},
		{"repeat", load_repeat},
	};

	for (const struct tree_node *n = map->first; n; n = n->next)
		for (size_t i = 0; i < COUNT(blocks); i++)
			if (strcmp(blocks[i].name, n->key->text) == 0) {
				blocks[i].load(p, map);
				return;
			}
	loader_error(p->l, map,
		     "expected an operation, or a block that begins with "
		     "`if:`, `while:` or `repeat:`, found a map");
	loader_registers(p->l, p->thread)->is_incomplete = true;
}

/* ---- lists ------------------------------------------------------------- */

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

/* Returns the verb if it ends the thread, VERB_COUNT if not. */
static enum verb load_item(struct program *p, const struct tree_node *node)
{
	struct op op = {.verb = VERB_LOAD};

	if (!load_op(p->l, p->thread, node, &op))
		op.verb = VERB_LOAD; /* the file is refused anyway */
	if (op.verb == VERB_CALL) {
		load_call(p, op.procedure, node);
		return VERB_COUNT;
	}
	if (op.verb == VERB_MARK && !p->calls)
		note_mark(p->l, &p->l->s->threads[p->thread], op.name);
	if (!make_room(p, node, 1))
		return VERB_COUNT;
	p->ops[p->count++] = op;
	return verb_table[op.verb].ends_thread ? op.verb : VERB_COUNT;
}

static void load_list(struct program *p, const struct tree_node *list)
{
	enum verb end = VERB_COUNT, verb;
	int end_line = 0;

	for (const struct tree_node *n = list->first; n && !p->is_full;
	     n = n->next) {
		verb = VERB_COUNT;
		if (n->kind == TREE_MAP)
			load_block(p, n);
		else
			verb = load_item(p, n);
		if (end != VERB_COUNT) {
			loader_error(p->l, n,
				     "never reached: `%s` on line %d ends the "
				     "thread",
				     verb_name(end), end_line);
			return;
		}
		end = verb;
		end_line = n->mark.line;
	}
}

/* Operations that make steps count; the others are between them. */
static void number(struct program *p)
{
	uint32_t index = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		p->ops[i].index = index;
		index += !verb_is_local(p->ops[i].verb);
	}
}

static void take_program(struct program *p)
{
	struct scenario_thread *t = &p->l->s->threads[p->thread];

	number(p);
	p->l->op_count += p->count;
	t->op_count = p->count;
	t->ops = pool_alloc(p->l->s->pool, p->count, sizeof(*t->ops));
	if (p->count)
		memcpy(t->ops, p->ops, p->count * sizeof(*t->ops));
	free(p->ops);
}

void load_program(struct loader *l, uint32_t thread,
		  const struct tree_node *list)
{
	struct program p = {.l = l, .thread = thread};

	load_list(&p, list);
	take_program(&p);
	l->s->threads[thread].main_count = p.count;
}

/* A call from nowhere, which ends with the way back. */
static void load_handler(struct program *p, uint32_t procedure)
{
	const struct procedure *body = &p->l->bodies[procedure];
	struct scenario_thread *t = &p->l->s->threads[p->thread];
	uint32_t at;

	if (body->is_broken)
		return;
	/* Where the program ends no handler begins. */
	if (p->count == t->main_count)
		add(p, body->list->key, VERB_JUMP);
	t->handlers[procedure] = p->count;
	at = add(p, body->list->key, VERB_REGION_ENTER);
	p->ops[at].procedure = procedure;
	load_list(p, body->list);
	at = add(p, body->list->key, VERB_SIGRETURN);
	p->ops[at].procedure = procedure;
	p->ops[at].text = p->l->s->procedures[procedure];
}

/* Is a handler of @used not there yet? */
static bool needs_more(const struct scenario_thread *t, const bool *used,
		       uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (used[i] && (!t->handlers || t->handlers[i] == NOWHERE))
			return true;
	return false;
}

void load_handlers(struct loader *l, uint32_t thread, const bool *used)
{
	struct scenario_thread *t = &l->s->threads[thread];
	struct program p = {.l = l, .thread = thread};
	uint32_t i;

	if (!needs_more(t, used, l->s->procedure_count))
		return;
	if (!t->handlers) {
		t->handlers = pool_alloc(l->s->pool, l->s->procedure_count,
					 sizeof(*t->handlers));
		for (i = 0; i < l->s->procedure_count; i++)
			t->handlers[i] = NOWHERE;
	}
	l->op_count -= t->op_count;
	if (make_room(&p, NULL, t->op_count) && t->op_count)
		memcpy(p.ops, t->ops, t->op_count * sizeof(*t->ops));
	p.count = t->op_count;
	for (i = 0; i < l->s->procedure_count; i++)
		if (used[i] && t->handlers[i] == NOWHERE)
			load_handler(&p, i);
	take_program(&p);
}

void load_calls(struct loader *l, uint32_t scratch,
		const struct tree_node *list, struct call_list *calls)
{
	struct program p = {.l = l, .thread = scratch, .calls = calls};

	/* What its callers assign is not known here. */
	l->registers[scratch].is_incomplete = true;
	load_list(&p, list);
	free(p.ops);
}
