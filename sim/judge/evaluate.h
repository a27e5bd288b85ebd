/* evaluate.h - the property language on a running machine. */
#ifndef SIM_JUDGE_EVALUATE_H
#define SIM_JUDGE_EVALUATE_H

#include "sim/machine/sim.h"

/*
 * The value of @e now; a property holds if it is not 0.  A result that does
 * not exist yet makes every comparison with it false.
 */
int64_t evaluate_expr(struct sim *sim, const struct expr *e);

/*
 * All that @e looks at, as one number: it changes whenever one of them does,
 * whether or not the value of @e does.
 */
uint64_t evaluate_leaves(struct sim *sim, const struct expr *e);

/* In a program: over the results of its own thread; those not there are 0. */
int64_t evaluate_own(struct task *task, const struct expr *e);

#endif
