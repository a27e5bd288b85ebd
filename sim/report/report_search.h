/*
 * report_search.h - what a search has found, told to a person and to a program.
 */
#ifndef SIM_REPORT_REPORT_SEARCH_H
#define SIM_REPORT_REPORT_SEARCH_H

#include <stdio.h>

#include "sim/search/search.h"

#define REPORT_OUTCOMES_MAX 30u /* rows of the table for a person */

struct search_report {
	const struct search_request *request;
	const struct search_result *result;
	bool color;
	const char *program; /* as it was called, for commands */
	const char *trace; /* files of the first verdict, or NULL */
	const char *picture;
	const char *record; /* file of what the search saw, or NULL */
};

/* The figures, a table of outcomes, properties, verdicts, the conclusion. */
void report_search_text(const struct search_report *report, FILE *out);

/* One JSON object on one line. */
void report_search_json(const struct search_report *report, FILE *out);

/* All in all: what the exit code says. */
enum search_conclusion {
	SEARCH_AS_EXPECTED,
	SEARCH_BUG, /* or an expectation that is not met */
	SEARCH_INCONCLUSIVE, /* more would have to be searched to know */
};
enum search_conclusion search_conclusion(const struct search_request *request,
					 const struct search_result *result);

#endif
