/*
 * expect.h - what a scenario says is right, held against what happened.
 */
#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include "sim/run.h"

/*
 * For each thread whether it may be blocked in the end: `expect` says so, or a
 * line of the schedule says that it gets stuck.
 */
bool *expect_blocked(struct sim *sim, const struct schedule *schedule);

/* Returns, threads, words and queues; each that differs is a verdict. */
void expect_check(struct sim *sim);

/* Is the run as expected, all in all, an expected bug included? */
void expect_conclude(struct run *run);

struct property_watch;

/* NULL if there is nothing to watch. */
struct property_watch *properties_begin(struct sim *sim);
/* Look at the state between two steps.  Does nothing for NULL. */
void properties_look(struct property_watch *w, struct sim *sim);
void properties_end(struct property_watch *w, struct sim *sim);

#endif
