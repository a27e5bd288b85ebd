/*
 * fmt.c - lines: maps and lists, in brackets or not.
 */
#include "sim/fmt/fmt.h"

#include <stdlib.h>
#include <string.h>

#include "sim/fmt/fmt_internal.h"

/* YAML has keys of 1024 characters at most, where lines make the layout. */
#define KEY_MAX 200u

struct layout {
	const struct tree *tree;
	struct comments comments;
	FILE *out;
};

/* ---- in brackets ------------------------------------------------------- */

static void write_flow(const struct tree_node *node,
		       const struct tree_node *parent, FILE *out)
{
	bool is_map = node->kind == TREE_MAP;
	const struct tree_node **nodes, *n;
	unsigned int i;

	if (node->kind == TREE_SCALAR) {
		fmt_scalar(node, true, out);
		return;
	}
	nodes = is_map ? fmt_in_order(node, parent) : NULL;
	fputc(is_map ? '{' : '[', out);
	for (i = 0, n = node->first; n; n = n->next, i++) {
		const struct tree_node *item = is_map ? nodes[i] : n;

		if (i > 0)
			fputs(", ", out);
		if (is_map) {
			fmt_scalar(item->key, true, out);
			fputs(": ", out);
		}
		write_flow(item, node, out);
	}
	fputc(is_map ? '}' : ']', out);
	free(nodes);
}

/* A lower bound of the columns that @node takes in brackets. */
static size_t least_width(const struct tree_node *node)
{
	size_t width = node->kind == TREE_SCALAR ? node->length / 4 : 2;
	const struct tree_node *n;

	for (n = node->first; n && width <= FMT_COLUMNS; n = n->next)
		width += least_width(n) + 2;
	return width;
}

/* It in brackets, if that is how it is to be from @column on; to be freed. */
static char *flow_of(const struct layout *l, const struct tree_node *node,
		     const struct tree_node *parent, unsigned int depth,
		     size_t column)
{
	char *text = NULL;
	size_t size = 0;
	FILE *line;

	if (fmt_has_lines(node, parent, depth) ||
	    comments_are_inside(&l->comments, node) ||
	    least_width(node) > FMT_COLUMNS || fmt_has_blocks(node))
		return NULL;
	line = open_memstream(&text, &size);
	if (!line)
		abort();
	write_flow(node, parent, line);
	fclose(line);
	if (!node->first || column + fmt_width(text, size) <= FMT_COLUMNS)
		return text;
	free(text);
	return NULL;
}

/* ---- comments ---------------------------------------------------------- */

/* On lines of their own. */
static void write_comments(struct layout *l, const struct tree_node *node,
			   enum comment_place place, unsigned int indent)
{
	const struct comment *c = NULL;

	while ((c = comment_of(&l->comments, node, place, c)))
		fprintf(l->out, "%*s%.*s\n", (int)indent, "",
			(int)(c->end - c->start), l->tree->source + c->start);
}

static bool has_comment_behind(const struct layout *l,
			       const struct tree_node *node)
{
	return comment_of(&l->comments, node, COMMENT_BEHIND, NULL) ||
	       comment_of(&l->comments, node, COMMENT_BEHIND_KEY, NULL);
}

static void end_line(struct layout *l, const struct tree_node *node)
{
	static const enum comment_place places[] = {COMMENT_BEHIND_KEY,
						    COMMENT_BEHIND};

	for (unsigned int i = 0; i < 2; i++) {
		const struct comment *c =
			comment_of(&l->comments, node, places[i], NULL);

		if (c)
			fprintf(l->out, "  %.*s", (int)(c->end - c->start),
				l->tree->source + c->start);
	}
	fputc('\n', l->out);
}

/* ---- lines ------------------------------------------------------------- */

static void write_lines(struct layout *l, const struct tree_node *node,
			const struct tree_node *parent, unsigned int indent,
			unsigned int depth);

/* What stands behind a key or a dash, which end at @column. */
static void write_value(struct layout *l, const struct tree_node *node,
			const struct tree_node *parent, unsigned int indent,
			unsigned int depth, size_t column)
{
	char *flow;

	if (fmt_is_tall(node, column + 1)) {
		fputc(' ', l->out);
		fmt_tall_scalar(node, indent + 2, l->out);
		return;
	}
	if (node->kind == TREE_SCALAR) {
		if (node->length || node->style != TREE_PLAIN)
			fputc(' ', l->out);
		if (has_comment_behind(l, node) ||
		    !fmt_fold_plain(node, indent + 4, column + 1, l->out)) {
			fmt_scalar(node, false, l->out);
			end_line(l, node);
		}
		return;
	}
	flow = flow_of(l, node, parent, depth, column + 1);
	if (flow)
		fprintf(l->out, " %s", flow);
	end_line(l, node);
	if (!flow)
		write_lines(l, node, parent, indent + 2, depth);
	free(flow);
}

static void write_entry(struct layout *l, const struct tree_node *node,
			const struct tree_node *map, unsigned int indent,
			unsigned int depth, bool is_begun)
{
	char *text = NULL;
	size_t size = 0, column;
	FILE *key = open_memstream(&text, &size);

	if (!key)
		abort();
	fmt_scalar(node->key, false, key);
	fclose(key);
	column = indent + fmt_width(text, size) + 1;
	if (!is_begun) {
		write_comments(l, node, COMMENT_ABOVE, indent);
		if (fmt_is_tall(node, column + 1))
			write_comments(l, node, COMMENT_BEHIND, indent);
		fprintf(l->out, "%*s", (int)indent, "");
	}
	fprintf(l->out, "%s:", text);
	write_value(l, node, map, indent, depth, column);
	write_comments(l, node, COMMENT_BELOW, indent);
	free(text);
}

/* With @is_begun the first line has its dash already. */
static void write_map(struct layout *l, const struct tree_node *map,
		      const struct tree_node *parent, unsigned int indent,
		      unsigned int depth, bool is_begun)
{
	const struct tree_node **nodes = fmt_in_order(map, parent);

	for (unsigned int i = 0; nodes[i]; i++)
		write_entry(l, nodes[i], map, indent, depth + 1,
			    is_begun && i == 0);
	free(nodes);
}

/* Comments of the first line, for which there is no room behind the dash. */
static void write_first_comments(struct layout *l, const struct tree_node *map,
				 const struct tree_node *list,
				 unsigned int indent)
{
	const struct tree_node **nodes = fmt_in_order(map, list);

	write_comments(l, map, COMMENT_BEHIND, indent);
	if (nodes[0]) {
		write_comments(l, nodes[0], COMMENT_ABOVE, indent);
		if (fmt_is_tall(nodes[0], FMT_COLUMNS))
			write_comments(l, nodes[0], COMMENT_BEHIND, indent);
	}
	free(nodes);
}

static void write_item(struct layout *l, const struct tree_node *node,
		       const struct tree_node *list, unsigned int indent,
		       unsigned int depth)
{
	char *flow = NULL;

	write_comments(l, node, COMMENT_ABOVE, indent);
	if (node->kind == TREE_MAP) {
		flow = flow_of(l, node, list, depth, indent + 2);
		if (!flow)
			write_first_comments(l, node, list, indent);
	}
	fprintf(l->out, "%*s-", (int)indent, "");
	if (node->kind != TREE_MAP) {
		write_value(l, node, list, indent, depth, indent + 1);
	} else if (flow) {
		fprintf(l->out, " %s", flow);
		end_line(l, node);
	} else {
		fputc(' ', l->out);
		write_map(l, node, list, indent + 2, depth, true);
	}
	write_comments(l, node, COMMENT_BELOW, indent);
	free(flow);
}

static void write_lines(struct layout *l, const struct tree_node *node,
			const struct tree_node *parent, unsigned int indent,
			unsigned int depth)
{
	const struct tree_node *n;

	if (node->kind == TREE_MAP) {
		write_map(l, node, parent, indent, depth, false);
		return;
	}
	for (n = node->first; n; n = n->next)
		write_item(l, n, node, indent, depth + 1);
}

static bool has_all_keys(const struct tree_node *node, struct diagnostics *d)
{
	const struct tree_node *n;
	bool is_whole = true;

	for (n = node->first; n; n = n->next) {
		size_t length = n->key ? n->key->length : 1;

		if (!length || length > KEY_MAX) {
			diagnostics_add(d, n->key->mark.line, n->key->mark.col,
					length ? "a key that is too long for "
						 "a line"
					       : "a key without a name");
			is_whole = false;
		}
		is_whole = has_all_keys(n, d) && is_whole;
	}
	return is_whole;
}

bool fmt_write(const struct tree *tree, FILE *out, struct diagnostics *d)
{
	struct layout l = {.tree = tree};
	char *text = NULL;
	size_t size = 0;
	bool is_whole = comments_find(&l.comments, tree, d);

	is_whole = has_all_keys(tree->root, d) && is_whole;
	if (is_whole) {
		l.out = open_memstream(&text, &size);
		if (!l.out)
			abort();
		write_lines(&l, tree->root, NULL, 0, 0);
		write_comments(&l, NULL, COMMENT_ABOVE, 0);
		fclose(l.out);
		fwrite(text, 1, size, out);
		free(text);
	}
	comments_fini(&l.comments);
	return is_whole;
}

/* ---- the same, whatever the layout ------------------------------------- */

static const struct tree_node *entry_of(const struct tree_node *map,
					const char *key)
{
	const struct tree_node *n;

	for (n = map->first; n; n = n->next) {
		if (!strcmp(n->key->text, key))
			return n;
	}
	return NULL;
}

static bool nodes_are_same(const struct tree_node *a, const struct tree_node *b)
{
	const struct tree_node *left = a->first, *right = b->first;

	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == TREE_SCALAR)
		return !strcmp(a->text, b->text) &&
		       fmt_needs_quotes(a) == fmt_needs_quotes(b);
	for (; left; left = left->next) {
		if (a->kind == TREE_MAP)
			right = entry_of(b, left->key->text);
		if (!right || !nodes_are_same(left, right))
			return false;
		right = right->next;
	}
	return true;
}

bool fmt_is_same(const struct tree *a, const struct tree *b)
{
	return nodes_are_same(a->root, b->root) && comments_are_same(a, b);
}
