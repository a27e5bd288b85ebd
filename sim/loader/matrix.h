/*
 * matrix.h - what a scenario is made of besides its own text: files that it
 * includes, and values that its parameters run through.
 */
#ifndef SIM_LOADER_MATRIX_H
#define SIM_LOADER_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/loader/exploration.h"

/* An included file: its first line is line @first of the source. */
struct scenario_include {
	const char *path;
	int first;
	int indent; /* by how many columns it was moved */
};

/* A parameter that runs through several values. */
struct matrix_axis {
	const char *name;
	int64_t *values;
	uint32_t count; /* at least one */
};

/*
 * `matrix`: a scenario for each combination of values.  What was loaded is the
 * first one.
 */
struct scenario_matrix {
	bool is_given;
	struct matrix_axis *axes; /* the profiles are no axis */
	uint32_t axis_count;
	uint32_t combination_count; /* of values; 1 if there are none */
	const char *text; /* what each of them is read from */
	size_t text_size;
	struct name_list given; /* values of parameters, "name=value" */
};

#endif
