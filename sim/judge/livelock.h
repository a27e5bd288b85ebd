/*
 * livelock.h - runs that do not end: a fair cycle of states.
 *
 * A run that has come to its limit of steps is a livelock if it has been in one
 * state twice, and in between
 *
 *	every thread that could move has moved: it is not that somebody was
 *	never let on.  (A thread that can move can until it does; and a timer
 *	that was armed all the while has fired.)
 *	nobody has got anywhere: no thread has passed a `mark`, and nothing has
 *	come from outside, such as a signal
 *
 * Then all of it can go on for ever, however fair the scheduler.  What follows
 * the first time may follow the second time, too; so a run may well leave the
 * cycle, and only one that has not ended is asked.  Anything else that has not
 * ended is a `step-limit`: most often a loop that waits for a thread that the
 * schedule has left aside.
 *
 * States are compared by the hash of --cache (state_hash.h), and only where a
 * thread has gone back in its program, as somebody does in every cycle.
 */
#ifndef SIM_JUDGE_LIVELOCK_H
#define SIM_JUDGE_LIVELOCK_H

#include "sim/machine/sim.h"

struct property_watch;

/*
 * Watch the run that @sim is set up for and that has not begun.  Does nothing
 * if no cycle is possible, or none is looked for.
 * Owner:   until livelock_free, which may come at any time before @sim is set
 * up anew.
 */
void livelock_new(struct sim *sim, const bool *is_expected_blocked,
		  const struct property_watch *properties);
void livelock_free(struct sim *sim);

/* Can a thread of @s go back in its program? */
bool livelock_is_possible(const struct scenario *s);

/* ---- told by the loop, if sim->livelock is set ------------------------- */

/* Between two moves. */
void livelock_look(struct sim *sim);
/* The limit is reached.  Returns whether it was a livelock: the verdict. */
bool livelock_judge(struct sim *sim);

/* ---- what was found ---------------------------------------------------- */

/* The first cycle of a run; moves are counted from 1. */
struct lasso {
	uint32_t first; /* move after which the state is there */
	uint32_t last; /* move after which it is there again */
	uint32_t first_step;
	uint32_t last_step;
	uint32_t first_event;
	uint32_t last_event;
	uint64_t threads; /* that move in it: bit per thread */
};

/* NULL: none.  @moves gets how many the run has made so far. */
const struct lasso *livelock_lasso(const struct sim *sim, uint32_t *moves);

#endif
