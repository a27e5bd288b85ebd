/*
 * exploration.h - the ways of a search, folded by where they can end.
 */
#ifndef VIZ_EXPLORATION_EXPLORATION_H
#define VIZ_EXPLORATION_EXPLORATION_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int exploration_dot(const struct record *r, const struct viz_options *o,
		    FILE *out, char error[VIZ_ERROR_MAX]);

#endif
