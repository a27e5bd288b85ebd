/*
 * searches.h - small searches of many kinds, and their results as text.
 *
 * There is one search in a process, like the machine.
 */
#ifndef TESTS_SEARCHES_H
#define TESTS_SEARCHES_H

#include "sim/search/search_shards.h"

struct search_sample {
	const char *path;
	enum strategy strategy;
	enum granularity granularity;
	bool has_symmetry;
	uint64_t executions; /* 0: to the end */
	const char *profile; /* NULL: the first of the file */
};

#define SEARCH_SAMPLES 15
extern const struct search_sample search_samples[SEARCH_SAMPLES];

extern struct search_request asked;
extern struct search_result found;
extern struct scenario *searched; /* tests free it */

/* Load a scenario; fails the test if it does not load. */
struct scenario *search_load(const char *path);

/*
 * Make `asked` the search of @s, by one process, in tasks of a few runs each,
 * so that small searches are divided at all.
 */
void search_prepare(const struct search_sample *s);

/*
 * The result of `asked`: all that is in it but times and memory.
 * Owner: the caller frees it.
 */
char *search_text(void);
/* It leads to @expected. */
void assert_search(const char *expected);

#endif
