/*
 * sequence.h - the sequence diagram.
 */
#ifndef VIZ_SEQUENCE_SEQUENCE_H
#define VIZ_SEQUENCE_SEQUENCE_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int sequence_dot(const struct trace *t, const struct viz_options *o, FILE *out,
		 char error[VIZ_ERROR_MAX]);

#endif
