/* compare.h - ways of searching, held against trying every interleaving. */
#ifndef TESTS_COMPARE_H
#define TESTS_COMPARE_H

#include "sim/loader/scenario.h"

/* Comparisons so far, and those with more than one outcome. */
extern unsigned int compared, with_several;

/*
 * Search @s, whose text is @source, in every way, if trying each interleaving
 * takes at most @runs_max runs.  A difference fails the test.
 */
void compare_all(const struct scenario *s, const char *source,
		 const char *profile, enum granularity granularity,
		 uint64_t runs_max);

/*
 * Steps of programs too long to try each interleaving: what some of them lead
 * to, taken at random or with few preemptions, a reduction finds as well, and
 * two reductions find the same.
 */
void compare_long(const struct scenario *s, const char *source);

#endif
