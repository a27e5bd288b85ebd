/*
 * races.h - data races on user memory, by happens-before.
 *
 * Two accesses race if they touch a common byte, are of different threads, at
 * least one writes, at least one is plain, and neither happens before the
 * other.  What happens before what, between threads:
 *
 *	an atomic store, or a read-modify-write, and the atomic read that sees
 *	it, or a read-modify-write in between (release sequences of C11)
 *	a wake that charges a waiter, and that waiter's return from its call
 *	the start of a thread, and all that the thread does
 *
 * What the kernel does to user memory is atomic: a wait reads its word, an exit
 * stores into the tid word.  What else goes on in the kernel orders nothing: a
 * mutex of the kernel, a deadline, a signal, a wake that finds nobody.
 *
 * Each of these edges joins two steps that the search takes for dependent: two
 * accesses to a word of which one writes (TOUCH_WORD), the charge of a wait
 * and its end (TOUCH_WAIT), the start of a thread and its first step.  What
 * each of them hands on follows from the steps before it in that order, and
 * whether a store replaces what was released follows from the order of the
 * accesses to that word, which is fixed, too.  So two runs that differ in the
 * order of independent steps have the same accesses in the same partial order,
 * and with them the same races: one run of each class is enough.
 *
 * Source:  FastTrack (Flanagan and Freund, 2009), with a clock for every
 * access in place of epochs alone; C11 7.17.3 for release sequences.
 */
#ifndef SIM_JUDGE_RACES_H
#define SIM_JUDGE_RACES_H

#include "sim/machine/sim.h"

/* Watch for races if the scenario has a plain access and does not ignore them.
 */
void races_begin(struct sim *sim);

/* ---- told by the machine, if sim->races is set ------------------------- */

/* A step on a word of user memory is made. */
void races_step(struct sim *sim, int32_t mover, const struct step *step);
/* @task counts @w as woken. */
void races_charge(struct sim *sim, const struct task *task,
		  const struct kwaker *w);
/* A call of @task returns @value. */
void races_return(struct sim *sim, const struct task *task, int64_t value);
/* @parent starts @child, which has done nothing yet. */
void races_start(struct sim *sim, const struct task *parent,
		 const struct task *child);

/* ---- for the hash of a state ------------------------------------------- */

/*
 * Which thread, word and wake-up has which access in its past: all that future
 * races depend on.  @rank numbers the threads.
 */
void races_hash(const struct sim *sim, const uint32_t *rank, uint64_t sum[2]);

#endif
