/*
 * drawing.h - a trace or a record in one of the forms, made in memory and then
 * written whole.
 */
#ifndef SIM_CLI_DRAWING_H
#define SIM_CLI_DRAWING_H

#include <stddef.h>

#include "sim/cli/forms.h"
#include "viz/viz.h"

/* What is drawn, and how. */
struct drawing {
	const char *path; /* of the input; NULL: it is in no file */
	const struct trace *trace; /* or, of a search */
	const struct record *record;
	enum viz_view view;
	enum form form;
	struct viz_options viz;
	bool is_colored;
	bool is_ascii;
	char *data; /* what came of it; private */
	size_t size;
};

/*
 * Draw into the file @path ("-" is stdout).  Nothing is written if there is
 * nothing to show.
 * Returns an exit code, after an error message.
 */
int drawing_write(struct drawing *d, const char *path);

#endif
