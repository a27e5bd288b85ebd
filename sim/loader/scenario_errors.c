/*
 * scenario_errors.c - errors of the loader: where they are, and what was
 * perhaps meant.
 */
#define _GNU_SOURCE /* twalk_r */
#include "sim/loader/scenario_internal.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/loader/scalar.h"

#define MESSAGE_MAX 1024

static void __attribute__((format(printf, 3, 0)))
report(struct loader *l, struct mark mark, const char *format, va_list args)
{
	char what[MESSAGE_MAX];

	vsnprintf(what, sizeof(what), format, args);
	diagnostics_add(l->d, mark.line, mark.col, "%s", what);
}

void loader_error(struct loader *l, const struct tree_node *node,
		  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(l, node->mark, format, args);
	va_end(args);
}

void loader_error_in(struct loader *l, const struct tree_node *node,
		     size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(l, tree_mark_at(&l->tree, node, offset), format, args);
	va_end(args);
}

void loader_error_name(struct loader *l, const struct tree_node *node,
		       size_t offset, const char *what, const char *name,
		       const char *const *names, unsigned int count)
{
	struct mark mark = tree_mark_at(&l->tree, node, offset);

	diagnostics_add_name(l->d, mark.line, mark.col, what, name, names,
			     count);
}

void loader_error_result(struct loader *l, const struct tree_node *node,
			 size_t offset, const char *name)
{
	const char *names[64];
	unsigned int count = 0;

	for (; count < sizeof(names) / sizeof(names[0]); count++) {
		names[count] = scalar_errno_at(count);
		if (!names[count])
			break;
	}
	loader_error_name(l, node, offset,
			  "expected an integer or the name of an error, found",
			  name, names, count);
}

struct gathered {
	const char **names;
	unsigned int count;
};

static void gather(const void *slot, VISIT visit, void *closure)
{
	struct gathered *g = closure;

	/* A name is the first member of what the tree holds. */
	if (visit == postorder || visit == leaf)
		g->names[g->count++] = **(const char *const *const *)slot;
}

void loader_error_unknown(struct loader *l, const struct tree_node *node,
			  size_t offset, const char *what, const char *name,
			  const struct name_index *names,
			  const struct name_index *more)
{
	static const struct name_index none = {NULL, 0, false};
	struct gathered g = {NULL, 0};

	if (!more)
		more = &none;
	if (l->d->count < DIAGNOSTICS_MAX) {
		g.names = calloc((size_t)names->count + more->count + 1,
				 sizeof(*g.names));
		if (!g.names)
			abort();
		twalk_r(names->root, gather, &g);
		twalk_r(more->root, gather, &g);
	}
	loader_error_name(l, node, offset, what, name, g.names, g.count);
	free(g.names);
}

uint32_t loader_find(struct loader *l, const struct name_index *names,
		     const struct tree_node *node, size_t offset,
		     const char *kind, const char *name)
{
	char what[64];
	uint32_t index;

	if (name_index_find(names, name, &index))
		return index;
	if (!names->is_incomplete) {
		snprintf(what, sizeof(what), "unknown %s", kind);
		loader_error_unknown(l, node, offset, what, name, names, NULL);
	}
	return NOWHERE;
}
