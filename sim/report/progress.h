/*
 * progress.h - how far a search, or another long work, is, told while it goes
 * on.
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
/* Wipe the line; before anything else is written, if it may be a terminal. */
void progress_wipe(struct progress *p);
void progress_end(struct progress *p);

/* What is to be said, if it is time to; @seconds since the beginning. */
void progress_say(struct progress *p, double seconds, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The callback of a search_request; @arg is a struct progress.  True. */
bool progress_tell(const struct search_progress *now, void *arg);

#endif
