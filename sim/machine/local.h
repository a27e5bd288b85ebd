/*
 * local.h - the work of a program that makes no step: it changes nothing that
 * anybody else could see, so nobody needs to be let in between.
 */
#ifndef SIM_MACHINE_LOCAL_H
#define SIM_MACHINE_LOCAL_H

#include <stdbool.h>

struct task;

/* Operations of this kind in a row; more is a livelock. */
#define LOCAL_WORK_MAX 1000000u

/*
 * Go from task->pc to the next operation that makes a step.  It happens in
 * the step before that one, or before the first.
 * Returns false at the end of the program.
 */
bool local_run(struct task *task);

#endif
