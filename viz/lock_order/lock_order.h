/*
 * lock_order.h - which lock is taken while which is held.
 */
#ifndef VIZ_LOCK_ORDER_LOCK_ORDER_H
#define VIZ_LOCK_ORDER_LOCK_ORDER_H

#include "viz/viz.h"

/* Write the view as DOT text; errors as in viz.h. */
int lock_order_dot(const struct trace *t, const struct viz_options *o,
		   FILE *out, char error[VIZ_ERROR_MAX]);

#endif
