/*
 * search_dpor.h - what the parts of the reduction share.
 *
 *	search_dpor.c	nodes, sleep sets, one run after the other
 *	search_race.c	happens-before and races of the steps of a run
 *	search_wakeup.c	what is yet to be tried at each node
 *
 * A search keeps the present run as a list of nodes.  Step k leads from node k
 * to node k + 1; its number in clocks is k + 1, and 0 is "none".
 */
#ifndef SIM_SEARCH_DPOR_H
#define SIM_SEARCH_DPOR_H

#include "sim/search_internal.h"

/* Movers of a search, and what a step or the tail of a sequence may touch. */
#define LANES_MAX (3 * SEARCH_THREADS_MAX + 2)

/* A step that was made: whose, and what it touched. */
struct footprint {
	uint16_t mover;
	bool is_sure; /* else it may touch more: see wakeup_is_free */
	uint32_t count;
	struct touch touches[];
};

/* Sequences yet to be tried, as a tree: children in order of insertion. */
struct wakeup {
	struct wakeup *next;
	struct wakeup *child;
	struct footprint *step;
};

/* Movers that need not be tried: what follows them has been. */
struct sleeper {
	const struct footprint *step;
	bool is_own; /* done at this node: freed with it */
};

struct dpor_node {
	struct choices choices;
	struct choices freed; /* who could not move before the step to it */
	uint16_t mover; /* of the step that is being explored */
	bool is_lock; /* the step takes a mutex and does no more */
	bool is_unlock;
	bool is_forced; /* of a prefix: nothing else is tried */
	uint32_t first_access;
	uint32_t access_count;
	uint32_t previous; /* step of the same mover before it */
	uint32_t everything; /* dpor.everything before it */
	struct sleeper *sleepers;
	uint32_t sleeper_count;
	uint32_t sleeper_room;
	struct wakeup *pending;
	uint32_t tried; /* steps so far, for the estimate */
};

/* One touch of one step, linked to the one before it at the same place. */
struct access {
	struct touch touch;
	uint32_t step; /* index of the node */
	uint32_t slot;
	uint32_t previous; /* index + 1 */
};

struct place_slot {
	uint64_t place;
	uint32_t kind;
	uint32_t last; /* access index + 1 */
	bool is_used;
};

struct race {
	uint32_t first; /* steps, as indexes of nodes */
	uint32_t second;
};

struct dpor {
	bool is_optimal;
	bool is_coarse; /* steps of several events */
	struct dpor_node *nodes;
	uint32_t count; /* nodes of the present run */
	uint32_t room;
	uint32_t replayed; /* nodes that the run repeats */
	uint32_t lanes;
	uint32_t *clocks; /* [node][lane] */
	uint32_t last_of[LANES_MAX]; /* mover -> its last step */
	uint32_t freed_at[LANES_MAX]; /* mover -> step that enabled it */
	struct access *accesses;
	uint32_t access_count;
	uint32_t access_room;
	uint32_t everything; /* last step that touches all, index + 1 */
	struct place_slot *slots;
	uint32_t slot_count; /* a power of two */
	uint32_t slots_used;
	struct race *races; /* of the steps that are new in this run */
	uint32_t race_count;
	uint32_t race_room;
	uint32_t *members; /* scratch: the sequence of a race */
	uint32_t member_room;
	struct wakeup *next_subtree; /* for the node that comes next */
	uint64_t infeasible; /* sequences that could not be followed */
};

/* ---- search_race.c ----------------------------------------------------- */

/* The step of the last node is over and touched s->log. */
void race_add_step(struct dpor *d, struct search *s);
/* Forget the steps from @count on. */
void race_truncate(struct dpor *d, uint32_t count);
bool race_happens_before(const struct dpor *d, uint32_t a, uint32_t b);

/* ---- search_wakeup.c --------------------------------------------------- */

struct footprint *footprint_new(uint16_t mover, const struct touch *touches,
				uint32_t count, bool is_sure);
/* Of step @index of the present run. */
struct footprint *footprint_of_step(const struct dpor *d, uint32_t index,
				    bool is_sure);
bool footprint_is_dependent(const struct footprint *a, const struct touch *b,
			    uint32_t count);
/* Does step @made, which has just been made, disturb who sleeps? */
bool footprint_wakes(const struct footprint *sleeper, const struct touch *made);
void wakeup_free(struct wakeup *w);
/* A sequence of one mover of which nothing is known. */
struct wakeup *wakeup_guess(uint16_t mover);
/* Reverse @race: what has to be tried instead, unless it is covered. */
void wakeup_insert(struct dpor *d, const struct race *race);

#endif
