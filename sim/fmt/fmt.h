/*
 * fmt.h - a scenario file in canonical layout.
 *
 * The layout follows from what the file says alone: two files that say the
 * same come out alike, and what has been laid out once stays as it is.
 *
 *	- top-level keys in the order of the reference, others in the order of
 *	  the reference where it knows them, else as they stand
 *	- two spaces a level; a list below its key is one level in
 *	- what fits on a line of 80 columns is in brackets; but schedules,
 *threads, procedures, expectations and loops have a line for each of their
 *items
 *	- scalars as plain as can be; a summary folded to 80 columns
 *	- a comment stays above the item or behind the line it belongs to
 */
#ifndef SIM_FMT_FMT_H
#define SIM_FMT_FMT_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/loader/diagnostics.h"
#include "sim/loader/yaml_tree.h"

/* The columns of a line. */
#define FMT_COLUMNS 80u

/*
 * Write @tree, which is whole, to @out.
 * Errors:  false, and in @d each comment that has no place in the layout, and
 *          each key without a name; nothing has been written then.
 */
bool fmt_write(const struct tree *tree, FILE *out, struct diagnostics *d);

/* Do both say the same, comments included, whatever their layout? */
bool fmt_is_same(const struct tree *a, const struct tree *b);

#endif
