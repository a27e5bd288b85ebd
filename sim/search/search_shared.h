/*
 * search_shared.h - nodes of a reduction at which several tasks search.
 *
 * A task is a branch at a shared node and all that follows it.  Nodes on the
 * way there belong to all tasks that pass them, and are kept here: which
 * branches were started, in order, and which are yet to be.  A branch sleeps
 * in those that are started later; so each class of runs is found by the first
 * of the branches that lead to it.
 *
 * What a task does is decided by the bytes it begins with; what it finds for
 * shared nodes is taken over in the order of tasks.  So nothing depends on
 * who was done first.
 */
#ifndef SIM_SEARCH_SEARCH_SHARED_H
#define SIM_SEARCH_SEARCH_SHARED_H

#include "sim/search/search_dpor.h"

struct shared_node {
	struct shared_node *parent;
	uint32_t branch; /* of the parent, that leads here */
	uint32_t depth;
	struct shared_node *previous, *next; /* in order of age */
	uint32_t users; /* tasks and nodes right below */
	uint32_t number; /* while it is written or read */
	struct choices choices;
	bool is_forced;
	/* Branches that were started, in order, by their first step. */
	struct sleeper *started;
	uint32_t started_count;
	uint32_t started_room;
	/* What the last of them touches is not known before it was made. */
	bool is_opening;
	struct wakeup *pending;
};

struct shared {
	struct shared_node *first; /* oldest first */
	struct shared_node *last;
	uint32_t count;
	bool is_coarse; /* steps of several events */
};

/* Where a task is: below branch @branch of @node; NULL: it has all. */
struct shared_place {
	struct shared_node *node;
	uint32_t branch;
};

void shared_init(struct shared *h, bool is_coarse);
void shared_fini(struct shared *h);

/*
 * A state comes back from a run: take what it found for shared nodes, and
 * leave in @rest what is its own, for shared_put.  False if it makes no sense.
 */
bool shared_take(struct shared *h, struct shared_place *place,
		 const struct bytes *state, struct bytes *rest);
/* What the task begins with next: the way there, and @rest. */
void shared_put(const struct shared_place *place, const struct bytes *rest,
		struct bytes *state);
/* The task is over. */
void shared_leave(struct shared *h, struct shared_place *place);

/*
 * Share out the node of @rest nearest to the beginning that has branches to be
 * started, and those before it.  False if there is none.
 */
bool shared_split(struct shared *h, struct shared_place *place,
		  struct bytes *rest);
bool shared_can_start(const struct shared *h);
/* Start the next branch.  False if there is none that can be now. */
bool shared_start(struct shared *h, uint32_t threads,
		  struct shared_place *place, struct bytes *rest);
/* What part of the whole one branch of @n is, about. */
double shared_part(const struct shared_node *n);
/* What part of the whole waits at shared nodes, about. */
double shared_waiting(const struct shared *h);

/* A node below branch @branch of @parent, or the first. */
struct shared_node *
shared_node_new(struct shared *h, struct shared_node *parent, uint32_t branch);
/* @step becomes the node's. */
void shared_add_started(struct shared_node *n, struct footprint *step);

/* ---- search_shared_file.c ---------------------------------------------- */

/* All of it, for a file; places become numbers. */
void shared_write(const struct shared *h, struct bytes *to);
bool shared_read(struct shared *h, struct reader *from);
void shared_place_write(const struct shared_place *place, struct bytes *to);
bool shared_place_read(const struct shared *h, struct reader *from,
		       struct shared_place *place);

#endif
