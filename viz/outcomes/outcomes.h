/*
 * outcomes.h - how often a search ended in what.
 */
#ifndef VIZ_OUTCOMES_OUTCOMES_H
#define VIZ_OUTCOMES_OUTCOMES_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int outcomes_dot(const struct record *r, const struct viz_options *o, FILE *out,
		 char error[VIZ_ERROR_MAX]);

#endif
