/* report_search_internal.h - what the parts of a search's report share. */
#ifndef SIM_REPORT_REPORT_SEARCH_INTERNAL_H
#define SIM_REPORT_REPORT_SEARCH_INTERNAL_H

#include "sim/report/report_search.h"

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_BAD,
	STYLE_GOOD,
};

struct printer {
	const struct search_report *report;
	const struct search_request *q;
	const struct search_result *r;
	FILE *out;
};

void search_styled(const struct printer *p, enum style style, const char *text);
/* "1,234,567" */
void search_print_number(const struct printer *p, uint64_t value);
/* "1 run", "2,000 runs" */
void search_print_count(const struct printer *p, uint64_t value,
			const char *what);

/*
 * The table of outcomes: at most REPORT_OUTCOMES_MAX rows; columns in which
 * nothing stands are left out.
 */
void search_print_outcomes(const struct search_result *r, FILE *out);
/* The last line: how it came out, and in what part of all interleavings. */
void search_print_conclusion(const struct printer *p);

#endif
