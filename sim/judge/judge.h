/*
 * judge.h - what is wrong with an execution, as it runs and when it is at rest.
 *
 * Charge: a wake or requeue that counts a waiter as woken charges it, and a
 * charged waiter must return 0.  A wake-up is lost when a charged waiter
 * returns anything else, when a wait that is over is charged, or when at rest
 * a thread sleeps on a word whose value is no longer the one it waits on.
 */
#ifndef SIM_JUDGE_JUDGE_H
#define SIM_JUDGE_JUDGE_H

#include "sim/machine/sim.h"

/* A wait begins: @w stands for it from now on. */
void judge_wait(struct sim *sim, struct kwaker *w);
/* One of the words of a wait on several: @w is a part of it. */
void judge_part(struct kwaker *w);
/* The model has resolved an address to a key. */
void judge_key(struct sim *sim, struct task *task, const struct resolved *key);
/* A waiter joins, leaves or changes a queue; @at is the n of the note. */
void judge_queue(struct sim *sim, struct task *task, enum knote what,
		 uint64_t queue, struct kwaker *w, uint32_t at);
/* A system call is about to return @value. */
void judge_return(struct sim *sim, struct task *task, int64_t value);
/* A wake of an operation is over: did it pass somebody over? */
void judge_wake_done(struct sim *sim, struct task *task);
/* The call goes on to wake on the @word-th of its words. */
void judge_waking(struct sim *sim, struct task *task, unsigned int word);

/*
 * Does @w sleep for a wake-up that went amiss?  One that waits for a value does
 * not if every wake since the word changed was used up by others; one that was
 * moved by a requeue does if a wake on its new word, since the requeue began,
 * found fewer than it asked for.
 */
bool judge_is_owed(const struct kwaker *w, const struct change *c);

/* The model touched memory it must not; ends the run. */
_Noreturn void judge_bad_object(struct sim *sim, uint32_t number,
				const struct ksite *site);
void judge_crash(struct sim *sim);

/*
 * No thread can move: deadlock, stranded waiters, leaks.  @is_expected_blocked
 * says for each thread whether it is to be blocked in the end.
 */
void judge_rest(struct sim *sim, const bool *is_expected_blocked);

#endif
