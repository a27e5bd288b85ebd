/*
 * draw_filter.h - what of a trace is to be shown, checked against the trace.
 */
#ifndef SIM_CLI_DRAW_FILTER_H
#define SIM_CLI_DRAW_FILTER_H

#include "sim/cli/options.h"
#include "trace/trace.h"
#include "viz/viz.h"

#define AROUND_SPAN 20u /* events before and after, unless it says how many */

/*
 * What --focus, --hide, --fold, --around and --theme say.  Owner: lists stay
 * those of @o.
 * Returns false after an error message.
 */
bool draw_filter_read(const struct options *o, struct viz_options *viz);

/*
 * Does each name match something in @t?  Says what the nearest valid one is
 * where it does not, all errors in one go.
 */
bool draw_filter_check(const struct viz_options *viz, const struct trace *t);

/* Does it leave anything out? */
bool draw_filter_is_empty(const struct viz_options *viz);

#endif
