/*
 * search_dpor.h - what the parts of the reduction share.
 *
 *	search_dpor.c	nodes, sleep sets, one run after the other
 *	search_race.c	happens-before and races of the steps of a run
 *	search_wakeup.c	what is yet to be tried at each node
 *	search_footprint.c	what a step touched
 *	search_dpor_state.c	all of it between two runs, as bytes
 *	search_shared.c	what several tasks of one search have in common
 *
 * A search keeps the present run as a list of nodes.  Step k leads from node k
 * to node k + 1; its number in clocks is k + 1, and 0 is "none".
 */
#ifndef SIM_SEARCH_SEARCH_DPOR_H
#define SIM_SEARCH_SEARCH_DPOR_H

#include "sim/search/search_bytes.h"
#include "sim/search/search_internal.h"

/* Movers of a search, and what a step or the tail of a sequence may touch. */
#define LANES_MAX (3 * SEARCH_THREADS_MAX + 2)

/* A step that was made: whose, and what it touched. */
struct footprint {
	uint16_t mover;
	bool is_sure; /* else it may touch more: see search_wakeup.c */
	uint32_t count;
	struct touch touches[];
};

/* Sequences yet to be tried, as a tree: children in order of insertion. */
struct wakeup {
	struct wakeup *next;
	struct wakeup *child;
	struct footprint *step;
	bool is_new; /* since the state was read: see search_dpor_state.c */
};

/* Movers that need not be tried: what follows them has been. */
struct sleeper {
	const struct footprint *step;
	bool is_own; /* done at this node: freed with it */
	bool is_late; /* tried elsewhere, later than what follows this node */
	bool is_settled; /* tried before all that is tried now, by this task */
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
	bool is_cut_off; /* the run that is over */
	struct dpor_node *nodes;
	uint32_t count; /* nodes of the present run */
	uint32_t room;
	uint32_t frozen; /* nodes whose branches others try */
	uint32_t saved; /* nodes of a state that was read, until it has run */
	uint32_t replayed; /* nodes that the run repeats */
	uint16_t end; /* the mover that is no step */
	uint32_t lanes; /* of clocks: movers that there can be */
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
/*
 * Do two touches of one run depend on each other?  Of two puts of a reference
 * the last frees: unless one of them was the last, they commute.  Who gets one
 * holds one, or borrows from one that is held.
 */
bool race_is_between(const struct touch *a, const struct touch *b);
bool race_happens_before(const struct dpor *d, uint32_t a, uint32_t b);

/* ---- search_footprint.c ----------------------------------------------- */

struct footprint *footprint_new(uint16_t mover, const struct touch *touches,
				uint32_t count, bool is_sure);
/* Of step @index of the present run. */
struct footprint *footprint_of_step(const struct dpor *d, uint32_t index,
				    bool is_sure);
bool footprint_is_dependent(const struct footprint *a, const struct touch *b,
			    uint32_t count);
/* Does step @made, which has just been made, disturb who sleeps? */
bool footprint_wakes(const struct footprint *sleeper, const struct touch *made);
void footprint_write(struct bytes *to, const struct footprint *f);
struct footprint *footprint_read(struct reader *from);

/* ---- search_wakeup.c --------------------------------------------------- */

void wakeup_free(struct wakeup *w);
/* Owner: @step is the branch's. */
struct wakeup *wakeup_of(struct footprint *step);
/* A sequence of one mover of which nothing is known, unless one is there. */
void wakeup_add_guess(struct wakeup **pending, uint16_t mover);
/* Reverse @race: what has to be tried instead, unless it is covered. */
void wakeup_insert(struct dpor *d, const struct race *race);
/* The same for what another process has found and passed on. */
void wakeup_insert_steps(struct wakeup **pending,
			 const struct sleeper *sleepers, uint32_t sleeper_count,
			 const struct footprint *const *steps, uint32_t count,
			 bool is_coarse);

/* ---- search_dpor.c ----------------------------------------------------- */

/* Room for @count nodes; sets lanes. */
void dpor_reserve(struct dpor *d, const struct search *s, uint32_t count);
/* Forget everything, to begin with another state. */
void dpor_clear(struct dpor *d);
void dpor_add_sleeper(struct dpor_node *n, const struct footprint *step,
		      bool is_own, bool is_settled);
void dpor_node_clear(struct dpor_node *n);

/* ---- search_dpor_state.c ----------------------------------------------- */

void dpor_write(const struct search *s, struct bytes *to);
bool dpor_read(struct search *s, struct reader *from);
/* What part of the whole this state has left, about. */
double dpor_waiting(const struct search *s);

/* Parts of a state, for who keeps what is shared (search_shared.c). */
void wakeup_write(struct bytes *to, const struct wakeup *w);
struct wakeup *wakeup_read(struct reader *from);

/* A node without what was found by running; @step may be NULL. */
struct saved_node {
	uint16_t mover;
	bool is_forced;
	uint32_t tried;
	struct choices choices;
	const struct sleeper *sleepers; /* own ones alone are written */
	uint32_t sleeper_count;
	const struct wakeup *pending;
	const struct footprint *step;
};
void saved_node_write(struct bytes *to, const struct saved_node *n);
/*
 * @is_settled: of its sleepers; not so at frozen nodes.
 * Owner:   @n gets sleepers and branches; *step, if asked for, the step's.
 */
void saved_node_read(struct reader *from, struct dpor_node *n, bool is_settled,
		     struct footprint **step);

#endif
