/*
 * locks.h - which lock was taken while which was held, by whom, and circles.
 *
 * A *step* is one thread's way from one lock to another, with all that it held
 * there; a *pair* is what the picture draws: all steps from one lock to one
 * other.  A circle of steps is a deadlock that may happen if they are of
 * different threads and no lock is held at two of them: such a gate lets one
 * thread in at a time.
 */
#ifndef VIZ_LOCK_ORDER_LOCKS_H
#define VIZ_LOCK_ORDER_LOCKS_H

#include "viz/viz.h"

/* Steps of a circle, as many as a verdict has evidence for. */
#define LOCKS_CIRCLE_MAX VERDICT_EVIDENCE_MAX

struct locks_step {
	uint32_t from, to; /* objects */
	int32_t thread;
	uint32_t n; /* event */
	uint32_t held_count;
	uint32_t *held; /* objects, @from among them */
	bool is_closing; /* on the circle that is told */
};

struct locks_pair {
	uint32_t from, to; /* objects */
	unsigned int first; /* step; they come pair by pair */
	unsigned int count;
};

enum locks_circle {
	CIRCLE_NONE,
	CIRCLE_DEADLOCK, /* may happen */
	CIRCLE_GATED, /* a lock held at two steps prevents it */
	CIRCLE_ONE_THREAD, /* some thread makes two steps of every circle */
};

/* Locks that lead to each other, by however many steps. */
struct locks_knot {
	enum locks_circle circle;
	uint32_t gate; /* object, if it is gated */
	unsigned int size; /* locks */
};

struct locks {
	const struct trace *t;
	const struct viz_options *options;
	struct locks_step *steps; /* sorted by pair, then by event */
	unsigned int step_count, step_room;
	struct locks_pair *pairs;
	unsigned int pair_count;
	bool *is_lock; /* by object: in some pair */
	unsigned int lock_count;
	int *knot_of; /* by object: -1: none */
	struct locks_knot *knots;
	unsigned int knot_count;
	unsigned int hidden; /* steps that a filter took away */
};

/* Owner: locks_fini frees. */
void locks_init(struct locks *l, const struct trace *t,
		const struct viz_options *options);
void locks_fini(struct locks *l);

/* circles.c: find knots, and what their circles are worth. */
void locks_find_knots(struct locks *l);

#endif
