/*
 * scenario_procedures.c - procedures by themselves: their names, what is wrong
 * with each whoever calls it, and that they do not call themselves.
 */
#include "sim/loader/scenario_internal.h"

#include <stdlib.h>
#include <string.h>

/* Another file has it, or this one twice, which has been said. */
static void say_twice(struct loader *l, const struct tree_node *key)
{
	struct mark mark, own = key->mark;
	const char *place;
	uint32_t index;

	name_index_find(&l->procedures, key->text, &index);
	mark = l->bodies[index].list->key->mark;
	place = scenario_place(l->s, &mark.line);
	if (place != scenario_place(l->s, &own.line))
		loader_error(l, key,
			     "there is a procedure '%s' already, on line %d of "
			     "%s",
			     key->text, mark.line, place);
}

static void declare_map(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;

	if (!node)
		return;
	if (!loader_is_map(l, node)) {
		l->procedures.is_incomplete = true;
		return;
	}
	for (const struct tree_node *n = node->first; n; n = n->next) {
		const char *name;

		if (!loader_new_name(l, n->key, "procedure", true)) {
			l->procedures.is_incomplete = true;
			continue;
		}
		name = loader_copy(l, n->key->text);
		if (!name_index_add(&l->procedures, name, s->procedure_count)) {
			say_twice(l, n->key);
			continue;
		}
		s->procedures[s->procedure_count] = name;
		l->bodies[s->procedure_count++].list = n;
	}
}

void declare_procedures(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	size_t count = node ? node->count : 0;

	for (uint32_t i = 0; i < l->included_count; i++)
		if (l->included[i].procedures)
			count += l->included[i].procedures->count;
	s->procedures = pool_alloc(s->pool, count, sizeof(*s->procedures));
	l->bodies = tree_alloc(&l->tree, (count + 1) * sizeof(*l->bodies));
	declare_map(l, node);
	for (uint32_t i = 0; i < l->included_count; i++) {
		declare_map(l, l->included[i].procedures);
		l->procedures.is_incomplete |= !l->included[i].text;
	}
}

/* Who calls whom. */
struct graph {
	struct loader *l;
	struct call_list *nodes; /* by procedure: its calls */
	unsigned int *height; /* of the calls below it; 0: not known yet */
	bool *is_open; /* on the path that is being followed */
};

/* "lock, helper, lock": the path from @procedure back to itself. */
static void cycle(struct graph *g, const uint32_t *path, unsigned int depth,
		  const struct call *edge)
{
	char text[512] = "";
	unsigned int i = depth;

	while (path[i] != edge->procedure)
		i--;
	for (; i <= depth; i++) {
		strncat(text, g->l->s->procedures[path[i]],
			sizeof(text) - strlen(text) - 1);
		strncat(text, ", ", sizeof(text) - strlen(text) - 1);
	}
	loader_error(g->l, edge->node,
		     "procedures must not call themselves: %s%s", text,
		     g->l->s->procedures[edge->procedure]);
}

static void follow(struct graph *g, uint32_t *path, unsigned int depth);

static void follow_edge(struct graph *g, uint32_t *path, unsigned int depth,
			const struct call *edge)
{
	struct procedure *caller = &g->l->bodies[path[depth]];
	uint32_t callee = edge->procedure;

	if (g->is_open[callee]) {
		cycle(g, path, depth, edge);
		caller->is_broken = true;
		return;
	}
	if (!g->height[callee] && depth + 1 < SCENARIO_DEPTH_MAX) {
		path[depth + 1] = callee;
		follow(g, path, depth + 1);
	}
	if (!g->height[callee] || g->height[callee] >= SCENARIO_DEPTH_MAX) {
		loader_error(g->l, edge->node,
			     "calls nested deeper than %d "
			     "(SCENARIO_DEPTH_MAX): take out a level, " RAISE(
				     SCENARIO_DEPTH_MAX),
			     SCENARIO_DEPTH_MAX);
		caller->is_broken = true;
		return;
	}
	if (g->l->bodies[callee].is_broken)
		caller->is_broken = true;
	if (g->height[path[depth]] <= g->height[callee])
		g->height[path[depth]] = g->height[callee] + 1;
}

/* No deeper than SCENARIO_DEPTH_MAX. */
static void follow(struct graph *g, uint32_t *path, unsigned int depth)
{
	uint32_t procedure = path[depth];
	const struct call_list *node = &g->nodes[procedure];

	g->is_open[procedure] = true;
	for (uint32_t i = 0; i < node->count; i++)
		follow_edge(g, path, depth, &node->items[i]);
	g->is_open[procedure] = false;
	if (!g->height[procedure])
		g->height[procedure] = 1;
}

static void check_procedure(struct loader *l, uint32_t scratch,
			    struct procedure *body, struct call_list *node)
{
	unsigned int before = l->d->count + l->d->dropped;

	if (loader_is_list(l, body->list, "operations"))
		load_calls(l, scratch, body->list, node);
	body->is_broken = body->list->kind != TREE_LIST ||
			  l->d->count + l->d->dropped != before;
}

void check_procedures(struct loader *l, uint32_t scratch)
{
	uint32_t count = l->s->procedure_count;
	uint32_t path[SCENARIO_DEPTH_MAX + 1];
	struct graph g = {
		.l = l,
		.nodes = calloc((size_t)count + 1, sizeof(*g.nodes)),
		.height = calloc((size_t)count + 1, sizeof(*g.height)),
		.is_open = calloc((size_t)count + 1, sizeof(*g.is_open)),
	};

	if (!g.nodes || !g.height || !g.is_open)
		abort();
	for (uint32_t i = 0; i < count; i++)
		check_procedure(l, scratch, &l->bodies[i], &g.nodes[i]);
	for (uint32_t i = 0; i < count; i++) {
		path[0] = i;
		if (!g.height[i])
			follow(&g, path, 0);
	}
	for (uint32_t i = 0; i < count; i++)
		free(g.nodes[i].items);
	free(g.nodes);
	free(g.height);
	free(g.is_open);
}
