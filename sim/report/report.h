/*
 * report.h - a run told to a person, and to a program.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include <stdio.h>

#include "sim/run/run.h"

struct report_options {
	bool color;
	const char *trace; /* file the trace went to, or NULL */
	const char *replay; /* command that does this run again, or NULL */
};

/* Results in order of completion, the end state, the verdict. */
void report_text(const struct run *run, const struct report_options *options,
		 FILE *out);

/* One JSON object on one line. */
void report_json(const struct run *run, FILE *out);

/* A state as a compact JSON object.  Owner: the caller frees it. */
char *report_state_json(const struct state *state);

#endif
