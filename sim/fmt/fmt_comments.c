/*
 * fmt_comments.c - which comment belongs to what.
 *
 * libyaml throws comments away, so they are looked for between the scalars.
 * One on a line of its own belongs to the item that begins next, or to the one
 * before if it is further in than that; one behind something to the largest
 * item that begins and ends on that line.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fmt/fmt_internal.h"

/* An item of a list or map, in the order of the file, the outer one first. */
struct anchor {
	const struct tree_node *node;
	size_t start;
};

struct finder {
	const struct tree *tree;
	struct comments *comments;
	struct diagnostics *d;
	struct anchor *anchors;
	size_t anchor_count;
	size_t anchor_room;
	size_t scalar; /* the next anchor to look at in the scan */
	bool is_whole;
};

static void *grown(void *items, size_t *room, size_t size)
{
	*room = *room ? 2 * *room : 64;
	items = realloc(items, *room * size);
	if (!items)
		abort();
	return items;
}

static size_t start_of(const struct tree_node *node)
{
	return node->key ? node->key->start : node->start;
}

static void add_anchors(struct finder *f, const struct tree_node *collection)
{
	const struct tree_node *n;

	for (n = collection->first; n; n = n->next) {
		if (f->anchor_count == f->anchor_room)
			f->anchors = grown(f->anchors, &f->anchor_room,
					   sizeof(*f->anchors));
		f->anchors[f->anchor_count++] = (struct anchor){n, start_of(n)};
		add_anchors(f, n);
	}
}

/* ---- where scalars are ------------------------------------------------- */

static size_t line_end(const struct tree *t, size_t at)
{
	while (at < t->size && t->source[at] != '\n')
		at++;
	return at;
}

static size_t line_start(const struct tree *t, size_t at)
{
	while (at > 0 && t->source[at - 1] != '\n')
		at--;
	return at;
}

static size_t indent_of(const struct tree *t, size_t line)
{
	size_t at = line;

	while (at < t->size && t->source[at] == ' ')
		at++;
	return at - line;
}

/*
 * The end of a block scalar (| or >), whose lines are empty or indented as far
 * as the first one is.  libyaml counts comments below it in.
 */
static size_t end_of_block(const struct tree *t, const struct tree_node *node)
{
	size_t at, end = line_end(t, node->start), least = 0;

	for (at = end + 1; at < t->size; at = line_end(t, at) + 1) {
		size_t indent = indent_of(t, at);

		if (at + indent >= line_end(t, at) ||
		    t->source[at + indent] == '\r')
			continue;
		if (!least)
			least = 1 + indent_of(t, line_start(t, node->start));
		if (indent < least)
			break;
		if (end == line_end(t, node->start) &&
		    !isdigit((unsigned char)t->source[node->start + 1]) &&
		    !isdigit((unsigned char)t->source[node->start + 2]))
			least = indent;
		end = line_end(t, at);
	}
	return end;
}

static size_t end_of(const struct tree *t, const struct tree_node *node)
{
	if (node->kind == TREE_SCALAR && node->style == TREE_LITERAL)
		return end_of_block(t, node);
	return node->end;
}

/* Is the byte at @at in a scalar?  Then pass to where that ends. */
static bool pass_scalar(struct finder *f, size_t *at)
{
	for (; f->scalar < f->anchor_count; f->scalar++) {
		const struct tree_node *node = f->anchors[f->scalar].node;
		const struct tree_node *key = node->key;
		size_t end;

		if (key && *at >= key->start && *at < key->end) {
			*at = key->end;
			return true;
		}
		if (key && *at < key->start)
			return false;
		if (node->kind != TREE_SCALAR)
			continue;
		if (*at < node->start)
			return false;
		end = end_of(f->tree, node);
		if (node->style == TREE_LITERAL &&
		    *at < line_end(f->tree, node->start))
			return false;
		if (*at < end) {
			*at = end;
			return true;
		}
	}
	return false;
}

/* ---- what a comment belongs to ----------------------------------------- */

static void refuse(struct finder *f, const struct comment *c, const char *why)
{
	diagnostics_add(f->d, c->mark.line, c->mark.col,
			"this comment cannot be kept: %s", why);
	f->is_whole = false;
}

/* The first anchor that begins at @at or later. */
static size_t anchor_from(const struct finder *f, size_t at)
{
	size_t low = 0, high = f->anchor_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->anchors[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The column that an item's line begins in. */
static int column_of(const struct anchor *a)
{
	const struct tree_node *node = a->node;

	if (node->key)
		return node->key->mark.col;
	return node->mark.col > 2 ? node->mark.col - 2 : 1;
}

/* Further in than what comes next: the last word on what came before. */
static bool attach_below(struct finder *f, struct comment *c, size_t next)
{
	int column = next < f->anchor_count ? column_of(&f->anchors[next]) : 1;

	while (c->mark.col > column && next-- > 0) {
		if (column_of(&f->anchors[next]) > c->mark.col)
			continue;
		c->place = COMMENT_BELOW;
		c->node = f->anchors[next].node;
		c->anchor = f->anchors[next].start;
		return true;
	}
	return false;
}

static void attach_above(struct finder *f, struct comment *c)
{
	size_t next = anchor_from(f, c->end);

	if (attach_below(f, c, next))
		return;
	c->place = COMMENT_ABOVE;
	if (next == f->anchor_count) {
		c->node = NULL;
		c->anchor = f->tree->size;
		return;
	}
	c->node = f->anchors[next].node;
	c->anchor = f->anchors[next].start;
}

static void attach_behind(struct finder *f, struct comment *c)
{
	size_t line = line_start(f->tree, c->start);
	size_t i = anchor_from(f, line), end = anchor_from(f, c->start);

	for (; i < end; i++) {
		const struct tree_node *node = f->anchors[i].node;
		bool is_tall = node->kind == TREE_SCALAR &&
			       node->style == TREE_LITERAL &&
			       node->start < c->start;

		/* An item with one entry is a line; so is that entry. */
		if (!node->key && node->kind == TREE_MAP && node->count == 1)
			continue;
		c->node = node;
		c->anchor = f->anchors[i].start;
		c->place = is_tall ? COMMENT_ABOVE : COMMENT_BEHIND;
		if (is_tall || end_of(f->tree, node) <= c->start)
			return;
		c->place = COMMENT_BEHIND_KEY;
		if (node->key && i + 1 == end)
			return;
	}
	refuse(f, c,
	       "it is behind the end of something that began further up; put "
	       "it on a line of its own");
}

static void add_comment(struct finder *f, size_t at, struct mark mark)
{
	struct comments *all = f->comments;
	const struct tree *t = f->tree;
	struct comment c = {.start = at, .end = line_end(t, at), .mark = mark};
	size_t line = line_start(t, at);

	while (c.end > c.start && strchr(" \t\r", t->source[c.end - 1]))
		c.end--;
	while (line < at && (t->source[line] == ' ' || t->source[line] == '\t'))
		line++;
	if (line == at)
		attach_above(f, &c);
	else
		attach_behind(f, &c);
	if (all->count == all->room)
		all->items = grown(all->items, &all->room, sizeof(c));
	all->items[all->count++] = c;
}

static void scan(struct finder *f)
{
	const char *source = f->tree->source;
	struct mark mark = {1, 1};
	size_t at = 0, line = 0;

	while (at < f->tree->size) {
		if (pass_scalar(f, &at))
			continue;
		if (source[at] == '#' &&
		    (at == 0 || strchr(" \t\r\n", source[at - 1]))) {
			for (; line < at; line++) {
				mark.line += source[line] == '\n';
			}
			mark.col =
				(int)fmt_width(source + line_start(f->tree, at),
					       at - line_start(f->tree, at)) +
				1;
			add_comment(f, at, mark);
			at = line_end(f->tree, at);
		} else {
			at++;
		}
	}
}

static int compare_anchors(const void *a, const void *b)
{
	const struct comment *left = a, *right = b;

	if (left->anchor != right->anchor)
		return left->anchor < right->anchor ? -1 : 1;
	return left->start < right->start ? -1 : 1;
}

bool comments_find(struct comments *c, const struct tree *tree,
		   struct diagnostics *d)
{
	struct finder f = {
		.tree = tree, .comments = c, .d = d, .is_whole = true};

	*c = (struct comments){0};
	add_anchors(&f, tree->root);
	scan(&f);
	free(f.anchors);
	if (c->count)
		qsort(c->items, c->count, sizeof(*c->items), compare_anchors);
	return f.is_whole;
}

void comments_fini(struct comments *c)
{
	free(c->items);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The texts of all comments, sorted; to be freed one by one. */
static char **texts_of(const struct tree *t, size_t *count)
{
	struct diagnostics ignored;
	struct comments c;
	char **texts;

	diagnostics_init(&ignored, "");
	comments_find(&c, t, &ignored);
	diagnostics_fini(&ignored);
	texts = calloc(c.count + 1, sizeof(*texts));
	if (!texts)
		abort();
	for (size_t i = 0; i < c.count; i++) {
		texts[i] = strndup(t->source + c.items[i].start,
				   c.items[i].end - c.items[i].start);
		if (!texts[i])
			abort();
	}
	*count = c.count;
	if (c.count)
		qsort(texts, c.count, sizeof(*texts), compare_texts);
	comments_fini(&c);
	return texts;
}

bool comments_are_same(const struct tree *a, const struct tree *b)
{
	size_t count, other;
	char **left = texts_of(a, &count), **right = texts_of(b, &other);
	bool same = count == other;

	for (size_t i = 0; same && i < count; i++)
		same = !strcmp(left[i], right[i]);
	for (size_t i = 0; i < count; i++)
		free(left[i]);
	for (size_t i = 0; i < other; i++)
		free(right[i]);
	free(left);
	free(right);
	return same;
}

/* ---- questions --------------------------------------------------------- */

static size_t comment_from(const struct comments *c, size_t anchor)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->items[middle].anchor < anchor)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* An item that is a map begins where its first entry does. */
static bool is_below(const struct comment *c, const struct tree_node *node)
{
	if (c->node == node)
		return c->place == COMMENT_BEHIND_KEY;
	return c->anchor > start_of(node) || !node->key;
}

bool comments_are_inside(const struct comments *c, const struct tree_node *node)
{
	size_t i;

	for (i = comment_from(c, start_of(node));
	     i < c->count && c->items[i].anchor < node->end; i++) {
		if (is_below(&c->items[i], node))
			return true;
	}
	return false;
}

const struct comment *comment_of(const struct comments *c,
				 const struct tree_node *node,
				 enum comment_place place,
				 const struct comment *last)
{
	size_t anchor, i;

	if (!c->count)
		return NULL;
	if (node)
		anchor = start_of(node);
	else
		anchor = c->items[c->count - 1].anchor;
	i = last ? (size_t)(last - c->items) + 1 : comment_from(c, anchor);
	for (; i < c->count && c->items[i].anchor == anchor; i++) {
		if (c->items[i].node == node && c->items[i].place == place)
			return &c->items[i];
	}
	return NULL;
}
