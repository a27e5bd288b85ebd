/*
 * lock_order.h - mutexes of the kernel that are taken in circles.
 *
 * Who locks b while holding a makes an edge from a to b.  A circle of edges is
 * a deadlock that this run may have been spared: each thread of the circle
 * could have got its first mutex before any of them asked for its second.  So
 * an edge is that of one thread, and a circle counts if
 *
 *	its edges are of different threads
 *	no mutex is held at two of them: it would be a gate that lets only one
 *	of the threads in at a time
 *
 * A trylock does not wait, and so nothing leads to what it takes, but what it
 * has taken is held like any other.  Mutexes are told apart one by one, not by
 * kind: two queues that everybody locks in one order make no circle.
 *
 * The edges of a run are what each of its threads has done by itself, and who
 * is asleep in front of a mutex when all is at rest.  Neither changes with the
 * order of independent steps, so one run of each class is enough.
 *
 * Source:  Goodlock (Havelund, 2000), with gates as in iGoodlock (Joshi et al.,
 * 2009); Linux's lockdep goes by classes of locks instead.
 */
#ifndef SIM_JUDGE_LOCK_ORDER_H
#define SIM_JUDGE_LOCK_ORDER_H

#include "sim/machine/sim.h"

/* Watch the order of locks, unless the scenario ignores it. */
void lock_order_begin(struct sim *sim);

/* Nobody can move: who sleeps before a mutex would have locked it. */
void lock_order_rest(struct sim *sim);

/* Told by the machine, if sim->locks is set: a step of thread @mover. */
void lock_order_step(struct sim *sim, int32_t mover, const struct step *step);

static inline bool lock_order_concerns(enum event_kind kind)
{
	return kind == EVENT_LOCK || kind == EVENT_SLEEP ||
	       kind == EVENT_TRYLOCK || kind == EVENT_UNLOCK;
}

/* ---- for the hash of a state ------------------------------------------- */

/*
 * Has a mutex been locked against the order in which the futex code nests
 * them?  Without that there is no circle.
 */
bool lock_order_is_open(const struct sim *sim);

/*
 * The edges on which a circle may still close.  @name gives a number to a
 * mutex that is there, 0 to one that is gone; @rank numbers the threads.
 */
void lock_order_hash(const struct sim *sim, const uint32_t *rank,
		     uint64_t (*name)(void *arg, uint32_t mutex), void *arg,
		     uint64_t sum[2]);

#endif
