/*
 * interleavings.h - how many orders of steps end in what.
 */
#ifndef VIZ_OUTCOMES_INTERLEAVINGS_H
#define VIZ_OUTCOMES_INTERLEAVINGS_H

#include "viz/outcomes/classes.h"

/*
 * Count the ways from the start to the ends of each class, and all of them.
 * Doubles, since there can be more than any whole number holds; up to 2^53
 * they are exact.
 *
 * Returns false where the record cannot tell: it is not whole, it has loops, or
 * a bound ended some ways.
 */
bool interleavings_count(const struct record *r, double by_class[CLASS_COUNT],
			 double *all);
/* "108,760", "about 10^24". */
const char *interleavings_text(struct trace *memory, double count);
/* "79.2 %" */
const char *interleavings_part(struct trace *memory, double part, double all);

#endif
