/*
 * queues.h - wait queues before and after some steps.
 */
#ifndef VIZ_QUEUES_QUEUES_H
#define VIZ_QUEUES_QUEUES_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int queues_dot(const struct trace *t, const struct viz_options *o, FILE *out,
	       char error[VIZ_ERROR_MAX]);

#endif
