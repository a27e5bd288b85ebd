/* trace_run.h - a trace as a request to make its run again. */
#ifndef SIM_RUN_TRACE_RUN_H
#define SIM_RUN_TRACE_RUN_H

#include "sim/run/run.h"

/* The move that a step was. */
struct move trace_move(const struct event *e);

/*
 * What to run so that @t comes out again.  @s is its scenario, and has its
 * profile.
 * Owner:   @moves is to be freed after the run.
 */
void trace_run_request(const struct trace *t, const struct scenario *s,
		       struct run_request *request, struct move **moves);

#endif
