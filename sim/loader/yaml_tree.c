/*
 * yaml_tree.c - libyaml's events, put together as a tree.
 *
 * The only file that knows libyaml.  The tree is built without recursion, on
 * a stack of the collections that are open.
 */
#include "sim/loader/yaml_tree.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct builder {
	struct tree *tree;
	struct diagnostics *d;
	yaml_parser_t parser;
	/* The collections that are open, and for maps the key that waits. */
	struct tree_node *open[SCENARIO_DEPTH_MAX];
	struct tree_node *key[SCENARIO_DEPTH_MAX];
	unsigned int depth;
	unsigned int nodes;
	unsigned int documents;
	/* libyaml counts characters, we count bytes: the same place in both. */
	size_t cursor_character;
	size_t cursor_byte;
	bool failed; /* there is no tree */
};

void *tree_alloc(struct tree *tree, size_t size)
{
	return pool_alloc(tree->memory, 1, size);
}

static void refuse(struct builder *b, const yaml_mark_t *mark, const char *what)
{
	diagnostics_add(b->d, (int)mark->line + 1, (int)mark->column + 1, "%s",
			what);
}

/* No tree; the message is a printf. */
static void __attribute__((format(printf, 3, 4)))
give_up(struct builder *b, const yaml_mark_t *mark, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	refuse(b, mark, what);
	b->failed = true;
}

/* ---- places ------------------------------------------------------------ */

static bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

/* Marks come in the order of the file, or nearly so: the cursor goes along. */
static size_t byte_at(struct builder *b, const yaml_mark_t *mark)
{
	const struct tree *tree = b->tree;

	while (b->cursor_character < mark->index &&
	       b->cursor_byte < tree->size) {
		b->cursor_byte++;
		while (b->cursor_byte < tree->size &&
		       is_continuation(tree->source[b->cursor_byte]))
			b->cursor_byte++;
		b->cursor_character++;
	}
	while (b->cursor_character > mark->index) {
		b->cursor_byte--;
		while (is_continuation(tree->source[b->cursor_byte]))
			b->cursor_byte--;
		b->cursor_character--;
	}
	return b->cursor_byte;
}

/* ---- nodes ------------------------------------------------------------- */

static struct tree_node *new_node(struct builder *b, enum tree_kind kind,
				  const yaml_event_t *event)
{
	struct tree_node *node = tree_alloc(b->tree, sizeof(*node));

	node->kind = kind;
	node->mark.line = (int)event->start_mark.line + 1;
	node->mark.col = (int)event->start_mark.column + 1;
	node->start = byte_at(b, &event->start_mark);
	node->end = node->start;
	node->text = "";
	if (++b->nodes == SCENARIO_NODES_MAX)
		give_up(b, &event->start_mark,
			"more than %u values (SCENARIO_NODES_MAX): split the "
			"file into several scenarios, " RAISE(
				SCENARIO_NODES_MAX),
			SCENARIO_NODES_MAX);
	return node;
}

static void append(struct tree_node *list, struct tree_node *node)
{
	if (list->last)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
	list->count++;
}

static void check_key(struct builder *b, struct tree_node *key,
		      const yaml_event_t *event)
{
	if (key->kind == TREE_SCALAR && key->style == TREE_PLAIN &&
	    strcmp(key->text, "<<") == 0) {
		refuse(b, &event->start_mark,
		       "merge keys (`<<`) are not supported: write the keys "
		       "out");
		key->kind = TREE_BROKEN;
	} else if (key->kind == TREE_LIST || key->kind == TREE_MAP) {
		refuse(b, &event->start_mark, "a key must be text");
	}
}

/* Put a finished or freshly opened node where it belongs. */
static void place(struct builder *b, struct tree_node *node,
		  const yaml_event_t *event)
{
	struct tree_node *parent;
	struct tree_node **key;

	if (b->depth == 0) {
		b->tree->root = node;
		return;
	}
	parent = b->open[b->depth - 1];
	key = &b->key[b->depth - 1];
	if (parent->kind == TREE_LIST) {
		append(parent, node);
	} else if (!*key) {
		check_key(b, node, event);
		*key = node;
	} else {
		node->key = *key;
		*key = NULL;
		append(parent, node);
	}
}

static void open_collection(struct builder *b, enum tree_kind kind,
			    bool is_flow, const yaml_event_t *event)
{
	struct tree_node *node = new_node(b, kind, event);

	node->is_flow = is_flow;
	place(b, node, event);
	if (b->depth == SCENARIO_DEPTH_MAX) {
		give_up(b, &event->start_mark,
			"nested deeper than %d (SCENARIO_DEPTH_MAX): take out "
			"a level, " RAISE(SCENARIO_DEPTH_MAX),
			SCENARIO_DEPTH_MAX);
		return;
	}
	b->open[b->depth] = node;
	b->key[b->depth] = NULL;
	b->depth++;
}

static void add_scalar(struct builder *b, const yaml_event_t *event)
{
	static const enum tree_style styles[] = {
		[YAML_ANY_SCALAR_STYLE] = TREE_PLAIN,
		[YAML_PLAIN_SCALAR_STYLE] = TREE_PLAIN,
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = TREE_SINGLE_QUOTED,
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = TREE_DOUBLE_QUOTED,
		[YAML_LITERAL_SCALAR_STYLE] = TREE_LITERAL,
		[YAML_FOLDED_SCALAR_STYLE] = TREE_LITERAL,
	};
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	struct tree_node *node = new_node(b, TREE_SCALAR, event);

	node->style = styles[event->data.scalar.style];
	node->end = byte_at(b, &event->end_mark);
	node->text = pool_string(b->tree->memory, text, length);
	node->length = length;
	if (strlen(node->text) != length) {
		refuse(b, &event->start_mark, "a character NUL in the text");
		node->kind = TREE_BROKEN;
	}
	place(b, node, event);
}

/* ---- commas inside parentheses ----------------------------------------- */

static int open_parentheses(const struct tree_node *node)
{
	int open = 0;

	for (size_t i = 0; i < node->length; i++)
		open += (node->text[i] == '(') - (node->text[i] == ')');
	return open;
}

/* The piece of a cut scalar that @node is, or NULL if it is something else. */
static const struct tree_node *piece_of(const struct tree_node *list,
					const struct tree_node *node)
{
	const struct tree_node *piece =
		list->kind == TREE_MAP ? node->key : node;

	if (list->kind == TREE_MAP &&
	    (node->kind != TREE_SCALAR || node->start != node->end))
		return NULL; /* it has a value */
	if (piece->kind != TREE_SCALAR || piece->style != TREE_PLAIN)
		return NULL;
	return piece;
}

/* Append to @node the pieces after it until its parentheses are closed. */
static void rejoin(struct builder *b, struct tree_node *list,
		   struct tree_node *node)
{
	int open = open_parentheses(node);
	size_t end = node->end;
	char *text;

	if (node->kind != TREE_SCALAR || node->style != TREE_PLAIN || open <= 0)
		return;
	while (open > 0 && node->next) {
		const struct tree_node *piece = piece_of(list, node->next);

		if (!piece)
			break;
		open += open_parentheses(piece);
		end = piece->end;
		node->next = node->next->next;
		list->count--;
	}
	if (!node->next)
		list->last = node;
	text = tree_alloc(b->tree, end - node->start + 1);
	node->length = tree_fold(b->tree, node->start, end, text);
	node->text = text;
	node->end = end;
}

/* ---- the end of a collection ------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	const struct tree_node *left = (*(struct tree_node *const *)a)->key;
	const struct tree_node *right = (*(struct tree_node *const *)b)->key;
	int order = strcmp(left->text, right->text);

	if (order != 0)
		return order;
	return left->start < right->start ? -1 : left->start > right->start;
}

/*
 * All keys sorted, so that equal ones stand side by side.  With @only_patched
 * of those pairs only in which one is patched.
 */
static void find_duplicates(const struct tree_node *map, struct diagnostics *d,
			    bool only_patched)
{
	struct tree_node **nodes, *node = map->first;

	if (map->count < 2)
		return;
	nodes = malloc(map->count * sizeof(*nodes));
	if (!nodes)
		abort();
	for (unsigned int i = 0; i < map->count; i++, node = node->next)
		nodes[i] = node;
	qsort(nodes, map->count, sizeof(*nodes), compare_keys);
	for (unsigned int i = 1, first = 0; i < map->count; i++) {
		const struct tree_node *key = nodes[i]->key;

		if (key->kind != TREE_SCALAR ||
		    strcmp(key->text, nodes[first]->key->text) != 0) {
			first = i;
			continue;
		}
		if (only_patched && !key->patch_count &&
		    !nodes[first]->key->patch_count)
			continue;
		diagnostics_add(
			d, key->mark.line, key->mark.col,
			"duplicate key '%s': it is already on line %d",
			key->text,
			diagnostics_line(d, nodes[first]->key->mark.line));
	}
	free(nodes);
}

void tree_check_keys(const struct tree_node *map, struct diagnostics *d)
{
	find_duplicates(map, d, true);
}

static void close_collection(struct builder *b, const yaml_event_t *event)
{
	struct tree_node *node = b->open[--b->depth];

	if (node->is_flow) {
		for (struct tree_node *n = node->first; n; n = n->next)
			rejoin(b, node, n);
		node->end = byte_at(b, &event->end_mark);
	} else if (node->last) {
		node->end = node->last->end;
	}
	if (node->kind == TREE_MAP)
		find_duplicates(node, b->d, false);
}

/* ---- events ------------------------------------------------------------ */

static void start_document(struct builder *b, const yaml_event_t *event)
{
	if (!event->data.document_start.implicit && !b->documents)
		b->tree->dashes = byte_at(b, &event->start_mark);
	if (b->documents++ > 0)
		give_up(b, &event->start_mark,
			"a second document: one file is one scenario");
	else if (event->data.document_start.version_directive ||
		 event->data.document_start.tag_directives.start !=
			 event->data.document_start.tag_directives.end)
		refuse(b, &event->start_mark,
		       "directives (%YAML, %TAG) are not supported: leave "
		       "them out");
}

static void check_properties(struct builder *b, const yaml_event_t *event,
			     const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		refuse(b, &event->start_mark,
		       "anchors (`&name`) are not supported: write the value "
		       "out");
	if (tag)
		refuse(b, &event->start_mark,
		       "tags (`!name`) are not supported: leave it out");
}

/* Returns false after the last one. */
static bool take_event(struct builder *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
		return true;
	case YAML_DOCUMENT_END_EVENT:
		if (!e->data.document_end.implicit)
			b->tree->end = byte_at(b, &e->start_mark);
		return true;
	case YAML_STREAM_END_EVENT:
		return false;
	case YAML_DOCUMENT_START_EVENT:
		start_document(b, e);
		return true;
	case YAML_ALIAS_EVENT:
		refuse(b, &e->start_mark,
		       "aliases (`*name`) are not supported: write the value "
		       "out");
		place(b, new_node(b, TREE_BROKEN, e), e);
		return true;
	case YAML_SCALAR_EVENT:
		check_properties(b, e, e->data.scalar.anchor,
				 e->data.scalar.tag);
		add_scalar(b, e);
		return true;
	case YAML_SEQUENCE_START_EVENT:
		check_properties(b, e, e->data.sequence_start.anchor,
				 e->data.sequence_start.tag);
		open_collection(b, TREE_LIST,
				e->data.sequence_start.style ==
					YAML_FLOW_SEQUENCE_STYLE,
				e);
		return true;
	case YAML_MAPPING_START_EVENT:
		check_properties(b, e, e->data.mapping_start.anchor,
				 e->data.mapping_start.tag);
		open_collection(b, TREE_MAP,
				e->data.mapping_start.style ==
					YAML_FLOW_MAPPING_STYLE,
				e);
		return true;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_collection(b, e);
		return true;
	}
	return true;
}

static void report_syntax(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	const yaml_mark_t *mark = &p->problem_mark;

	b->failed = true;
	diagnostics_add(b->d, (int)mark->line + 1, (int)mark->column + 1,
			"not valid YAML: %s%s%s",
			p->problem ? p->problem : "no memory left",
			p->context ? " " : "", p->context ? p->context : "");
}

static void build(struct builder *b)
{
	bool more = true;

	while (more && !b->failed) {
		yaml_event_t event;

		if (!yaml_parser_parse(&b->parser, &event)) {
			report_syntax(b);
			return;
		}
		more = take_event(b, &event);
		yaml_event_delete(&event);
	}
}

/* ---- the whole --------------------------------------------------------- */

void tree_init(struct tree *tree, const char *text, size_t size,
	       struct diagnostics *d)
{
	struct builder b = {.tree = tree, .d = d};

	tree->source = text;
	tree->size = size;
	tree->root = NULL;
	tree->dashes = NOWHERE;
	tree->end = size;
	tree->memory = pool_new();
	if (!yaml_check_text(text, size, d))
		return;
	if (!yaml_parser_initialize(&b.parser))
		abort();
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text,
				     size);
	build(&b);
	yaml_parser_delete(&b.parser);
	if (b.failed)
		tree->root = NULL;
	else if (!tree->root)
		diagnostics_add(d, 1, 1, "the file is empty");
}

void tree_fini(struct tree *tree)
{
	pool_free(tree->memory);
	tree->memory = NULL;
}
