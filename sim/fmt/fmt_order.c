/*
 * fmt_order.c - the order of keys, and what has lines of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/fmt/fmt_internal.h"

/* So many operations are read as well from left to right. */
#define PROGRAM_ON_A_LINE 3

/* Rows as the reference of the language has them; NULL: the file itself. */
static const struct {
	const char *parent;
	const char *keys;
} orders[] = {
	{NULL, "futexsim name summary tags refs profile quirks ignore params "
	       "matrix include kernel processes memory procedures threads "
	       "schedule schedules explore expect expected_bug diagram "
	       "recorded"},
	{"memory", "words regions maps named"},
	{"expect", "returns threads queues words coverage always never "
		   "eventually reachable"},
	{"expected_bug", "id kind profiles strict"},
	{"explore", "strategy cache granularity bounds seed depth environment "
		    "preempt_at"},
	{"diagram", "title focus hide highlight"},
	{"quirks", "with without"},
	{"kernel", "time wall_offset shared_table_operations"},
};

/* Every map anywhere that has the first of these. */
static const struct {
	const char *mark;
	const char *keys;
} shapes[] = {
	{"run", "process count symmetric run"},
	{"that", "name that because"},
	{"builtin", "name builtin because"},
	{"if", "if then else"},
	{"while", "while do"},
	{"repeat", "repeat do"},
	{"region", "process region at offset pages prot lazy handle value"},
	{"kind", "kind pages"},
	{"default", "default min max"},
	{"before", "before nth of value"},
	{"after", "after nth of value"},
};

static bool has_key(const struct tree_node *map, const char *key)
{
	const struct tree_node *n;

	for (n = map->first; n; n = n->next) {
		if (!strcmp(n->key->text, key))
			return true;
	}
	return false;
}

static const char *order_of(const struct tree_node *map,
			    const struct tree_node *parent)
{
	const char *name = map->key ? map->key->text : NULL;
	size_t i;

	if (!parent)
		return orders[0].keys;
	if (!parent->key && parent->kind == TREE_MAP && name) {
		for (i = 1; i < sizeof(orders) / sizeof(orders[0]); i++) {
			if (!strcmp(orders[i].parent, name))
				return orders[i].keys;
		}
	}
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (has_key(map, shapes[i].mark))
			return shapes[i].keys;
	}
	return NULL;
}

/* Which of the words of @order is @key?  Others come last. */
static size_t rank_of(const char *order, const char *key)
{
	size_t rank = 0, length = strlen(key);

	for (const char *at = order; at && *at; rank++) {
		size_t word = strcspn(at, " ");

		if (word == length && !strncmp(at, key, length))
			return rank;
		at += word + (at[word] == ' ');
	}
	return rank;
}

const struct tree_node **fmt_in_order(const struct tree_node *map,
				      const struct tree_node *parent)
{
	const char *order = order_of(map, parent);
	const struct tree_node **nodes, *n;
	unsigned int count = 0, i;

	nodes = calloc(map->count + 1, sizeof(*nodes));
	if (!nodes)
		abort();
	for (n = map->first; n; n = n->next) {
		nodes[count++] = n;
		if (!order)
			continue;
		for (i = count - 1;
		     i > 0 && rank_of(order, nodes[i - 1]->key->text) >
				      rank_of(order, n->key->text);
		     i--)
			nodes[i] = nodes[i - 1];
		nodes[i] = n;
	}
	return nodes;
}

/* ---- lines ------------------------------------------------------------- */

static bool is_one_of(const struct tree_node *node, const char *words)
{
	return node->key &&
	       rank_of(words, node->key->text) < rank_of(words, "");
}

bool fmt_has_lines(const struct tree_node *node, const struct tree_node *parent,
		   unsigned int depth)
{
	if (!node->first)
		return false;
	if (depth == 0)
		return true;
	if (depth == 1)
		return is_one_of(node, "threads procedures schedule schedules "
				       "expect params diagram");
	if (depth == 2 && is_one_of(parent, "schedules"))
		return true;
	if (depth == 2 && is_one_of(parent, "threads procedures"))
		return node->kind == TREE_LIST &&
		       node->count > PROGRAM_ON_A_LINE;
	if (depth == 2 && is_one_of(parent, "expect"))
		return is_one_of(node, "always never eventually reachable");
	return parent->kind == TREE_LIST && node->kind == TREE_MAP &&
	       node->count == 1;
}

/* Of a program, which is read downwards. */
static bool is_long_program(const struct tree_node *node)
{
	return node->kind == TREE_LIST && node->count > PROGRAM_ON_A_LINE &&
	       node->key && is_one_of(node, "run do then else");
}

static bool is_nothing(const struct tree_node *node)
{
	return node->kind == TREE_SCALAR && node->style == TREE_PLAIN &&
	       !node->length;
}

bool fmt_has_blocks(const struct tree_node *node)
{
	const struct tree_node *n;

	if (is_long_program(node))
		return true;
	if (node->kind == TREE_MAP &&
	    (has_key(node, "if") || has_key(node, "while") ||
	     has_key(node, "repeat")))
		return true;
	for (n = node->first; n; n = n->next) {
		/* Between commas nothing is nothing at all. */
		if (node->kind == TREE_LIST && is_nothing(n))
			return true;
		if (fmt_has_blocks(n))
			return true;
	}
	return false;
}
