/*
 * generate.h - small scenarios made from a number, for tests that compare ways
 * of searching.
 *
 * The same seed gives the same text.  A text loads without errors, has some
 * race in it more often than not, and is small: the number of its
 * interleavings is estimated while operations are added.
 */
#ifndef TESTS_GENERATE_H
#define TESTS_GENERATE_H

#include <stdint.h>

#include "sim/loader/scenario.h"

/* Scenarios of seeds from here on have a theme, such as signals. */
#define GENERATE_THEMED 1000000u

/*
 * The text of a scenario, format version 1.
 * Units:   @runs_max: interleavings at @granularity, roughly, not more.
 * Owner:   the caller frees it.
 */
char *generate_scenario(uint64_t seed, enum granularity granularity,
			double runs_max);

#endif
