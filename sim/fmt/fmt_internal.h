/*
 * fmt_internal.h - what the parts of the layout share.
 *
 *	fmt.c		lines: maps and lists, in brackets or not
 *	fmt_scalar.c	texts: plain, quoted, folded
 *	fmt_order.c	the order of keys, and what has lines of its own
 *	fmt_comments.c	which comment belongs to what
 */
#ifndef SIM_FMT_FMT_INTERNAL_H
#define SIM_FMT_FMT_INTERNAL_H

#include "sim/fmt/fmt.h"

/* ---- fmt_comments.c --------------------------------------------------------
 */

enum comment_place {
	COMMENT_ABOVE, /* on lines of its own, above an item */
	COMMENT_BELOW, /* the same, below it */
	COMMENT_BEHIND, /* at the end of the line that an item ends on */
	COMMENT_BEHIND_KEY, /* behind a key whose value is below it */
};

struct comment {
	size_t start; /* bytes of the source */
	size_t end;
	struct mark mark;
	enum comment_place place;
	const struct tree_node *node; /* NULL: the end of the file */
	size_t anchor; /* where that begins, its key included */
};

struct comments {
	struct comment *items; /* by anchor */
	size_t count;
	size_t room;
};

/* All comments of @tree.  Errors: false, and in @d those without a place. */
bool comments_find(struct comments *c, const struct tree *tree,
		   struct diagnostics *d);
void comments_fini(struct comments *c);

/* Have both the same comments, whatever these belong to? */
bool comments_are_same(const struct tree *a, const struct tree *b);

/* Is one inside of @node, or between its key and it? */
bool comments_are_inside(const struct comments *c,
			 const struct tree_node *node);
/* The next one of @place that belongs to @node after @last; NULL: the first. */
const struct comment *comment_of(const struct comments *c,
				 const struct tree_node *node,
				 enum comment_place place,
				 const struct comment *last);

/* ---- fmt_scalar.c -----------------------------------------------------------
 */

/* How many columns a text takes. */
size_t fmt_width(const char *text, size_t length);

/* A scalar on one line; in brackets fewer of them can be plain. */
void fmt_scalar(const struct tree_node *node, bool in_brackets, FILE *out);

/* Does it want lines of its own below its key?  Then write them. */
bool fmt_is_tall(const struct tree_node *node, size_t column);
void fmt_tall_scalar(const struct tree_node *node, unsigned int indent,
		     FILE *out);

/* One that is plain and too long for the rest of its line, on several. */
bool fmt_fold_plain(const struct tree_node *node, unsigned int indent,
		    size_t column, FILE *out);

/* Would it be another value without its quotes, or with some? */
bool fmt_needs_quotes(const struct tree_node *node);

/* ---- fmt_order.c ------------------------------------------------------------
 */

/*
 * The entries of @map in the order in which they are written.
 * Owner:   the caller's, to free.
 */
const struct tree_node **fmt_in_order(const struct tree_node *map,
				      const struct tree_node *parent);

/* Has it a line for each of its items, even if it would fit on one? */
bool fmt_has_lines(const struct tree_node *node, const struct tree_node *parent,
		   unsigned int depth);
/* Has anything in it? */
bool fmt_has_blocks(const struct tree_node *node);

#endif
