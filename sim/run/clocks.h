/*
 * clocks.h - vector clocks of a run: what happened before what.
 *
 * Program order, and an edge between two accesses to one thing of which one
 * changes it; a wake-up orders the waker before the woken.
 */
#ifndef SIM_RUN_CLOCKS_H
#define SIM_RUN_CLOCKS_H

#include "trace/event.h"

#define CLOCKS_THREADS_MAX 64u

struct clocks;

/* Errors: NULL if there are too many threads. */
struct clocks *clocks_new(uint32_t thread_count);
void clocks_free(struct clocks *c);

/*
 * The clock of @event after it happened; @object is its index in the trace, 0
 * for none.  The array has one number for each thread and is good until the
 * next call.
 */
const uint32_t *clocks_of(struct clocks *c, const struct event *event);

#endif
