/*
 * happens_before.h - what orders what in a trace, and the pair that nothing
 * orders.
 */
#ifndef VIZ_HAPPENS_BEFORE_HAPPENS_BEFORE_H
#define VIZ_HAPPENS_BEFORE_HAPPENS_BEFORE_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int happens_before_dot(const struct trace *t, const struct viz_options *o,
		       FILE *out, char error[VIZ_ERROR_MAX]);

#endif
