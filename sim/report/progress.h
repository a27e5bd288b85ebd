/*
 * progress.h - how far a search is, told while it goes on.
 *
 * On a terminal one line is written again and again, about ten times a second;
 * anywhere else a plain line comes every ten seconds.
 */
#ifndef SIM_REPORT_PROGRESS_H
#define SIM_REPORT_PROGRESS_H

#include <stdio.h>

#include "sim/search/search.h"

struct progress {
	FILE *out; /* NULL: say nothing */
	bool is_terminal;
	double next; /* seconds since the search began */
	bool has_line; /* on the terminal, to be wiped */
};

/* @is_quiet: never say anything.  Whether @out is a terminal is asked here. */
void progress_begin(struct progress *p, FILE *out, bool is_quiet);
/* Wipe the line. */
void progress_end(struct progress *p);

/* The callback of a search_request; @arg is a struct progress.  True. */
bool progress_tell(const struct search_progress *now, void *arg);

#endif
