/*
 * scenario_include.h - a scenario and the files that it includes as one text.
 *
 * The text of the scenario comes first and keeps its lines.  What it includes
 * follows under the key `included`, each file under its name as seen from the
 * folder of the scenario, and moved to the right:
 *
 *	include: [common/mutex2.yaml]
 *	...
 *	included:
 *	  "common/mutex2.yaml":
 *	    futexsim: 1
 *	    procedures:
 *
 * A text that has this key needs no other file, and so can be kept in a trace
 * or in a schedule.
 */
#ifndef SIM_LOADER_SCENARIO_INCLUDE_H
#define SIM_LOADER_SCENARIO_INCLUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/loader/diagnostics.h"

/* How far an included file is moved, from where the keys of the scenario are.
 */
#define INCLUDED_INDENT 4

/*
 * Append to @text (@size bytes), the scenario at @path, what it includes and
 * does not have yet.
 * Errors:  of files that cannot be read or are no YAML, in the lines of the
 *          new text, go into @d.  What is wrong in the scenario itself is left
 *          to whoever reads it.
 * Owner:   a new text, to be freed, or NULL if there is nothing to append.
 */
char *include_append(const char *path, const char *text, size_t size,
		     struct diagnostics *d, size_t *new_size);

/* Why a file cannot be included by that name; NULL if it can. */
const char *include_refused(const char *name);

/* "common/a.yaml" includes "b.yaml": "common/b.yaml", to be freed. */
char *include_name(const char *from, const char *name);

#endif
