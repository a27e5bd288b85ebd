/*
 * yaml_tree.h - a YAML file as a tree whose nodes know where they stand.
 *
 * Scalars are text: nothing is resolved here.  Only the part of YAML that a
 * scenario needs is let in: one document, no anchors, aliases, tags, merge
 * keys or directives, keys that are scalars and are there once, UTF-8 without
 * control characters, all within the limits of limits.h.
 *
 * One addition to YAML: a plain scalar in a flow collection ends at a comma,
 * but not while a parenthesis is open, so that
 *
 *	[{name: x, that: not returned(A, ETIMEDOUT)}]
 *
 * says what it seems to say.
 */
#ifndef SIM_LOADER_YAML_TREE_H
#define SIM_LOADER_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/loader/diagnostics.h"
#include "sim/base/pool.h"
#include "sim/loader/scenario.h"

enum tree_kind {
	TREE_SCALAR,
	TREE_LIST,
	TREE_MAP,
	TREE_BROKEN, /* an error has been reported in its place */
};

enum tree_style {
	TREE_PLAIN,
	TREE_SINGLE_QUOTED,
	TREE_DOUBLE_QUOTED,
	TREE_LITERAL, /* also folded: | and > */
};

/* A piece of a scalar's text that is not as the file has it. */
struct tree_patch {
	size_t at; /* in the text */
	size_t length;
	size_t original; /* its length in the file, or in what YAML makes of it
			  */
};

struct tree_node {
	enum tree_kind kind;
	enum tree_style style;
	bool is_flow; /* list, map: in brackets */
	struct mark mark;
	size_t start; /* bytes of the source it takes up */
	size_t end;

	const char *text; /* scalar; ends with a NUL, holds none */
	size_t length;
	struct tree_patch *patches; /* in order */
	unsigned int patch_count;

	struct tree_node *key; /* in a map: the scalar it stands under */
	struct tree_node *first; /* list, map: what is in it, in order */
	struct tree_node *last;
	struct tree_node *next;
	unsigned int count;
};

struct tree {
	const char *source; /* borrowed */
	size_t size;
	struct tree_node *root; /* NULL: not one tree; errors are in @d */
	size_t dashes; /* where `---` stands; NOWHERE: it is not there */
	size_t end; /* of the document: where `...` stands, or of the text */
	struct scenario_pool *memory;
};

/*
 * Read @text.  What is wrong but leaves a tree is reported and replaced by
 * TREE_BROKEN, so that the rest can be looked at too.
 * Owner: everything hangs on the tree; the text must outlive it.
 */
void tree_init(struct tree *tree, const char *text, size_t size,
	       struct diagnostics *d);
void tree_fini(struct tree *tree);

/* Zeroed memory that lives as long as the tree. */
void *tree_alloc(struct tree *tree, size_t size);

/* Errors for keys that have become equal by patches. */
void tree_check_keys(const struct tree_node *map, struct diagnostics *d);

/*
 * Where byte @offset of the node's text stands in the file.  Inside a block
 * scalar (| or >) it is the scalar itself.
 */
struct mark tree_mark_at(const struct tree *tree, const struct tree_node *node,
			 size_t offset);

/* What the file says from @node to its end, key included; not terminated. */
const char *tree_source_of(const struct tree *tree,
			   const struct tree_node *node, size_t *length);

/*
 * The text of a plain scalar that stands at @start to @end of the source, with
 * its line breaks folded; at most @end - @start bytes and a NUL.
 */
size_t tree_fold(const struct tree *tree, size_t start, size_t end, char *text);

/*
 * Is @text UTF-8 of characters that show what they are?  If not, the first one
 * that is not goes into @d: yaml_text.c
 */
bool yaml_check_text(const char *text, size_t size, struct diagnostics *d);

#endif
