/*
 * plan.h - what the events of a trace do not say by themselves: when a thread
 * begins, is freed, has come to its end.
 */
#ifndef VIZ_WORLD_PLAN_H
#define VIZ_WORLD_PLAN_H

#include <stddef.h>

#include "viz/world/world.h"

enum world_turn_kind {
	TURN_STATE, /* value: enum world_thread_state */
	TURN_PERMIT, /* value: is there one? */
	TURN_WORD, /* its page is another now */
};

/* Something changes with the event @n that does not tell of it. */
struct world_turn {
	uint32_t n;
	enum world_turn_kind kind;
	uint32_t index; /* of a thread; of an object for words */
	uint64_t value;
};

/* Found once for a trace, before anything is played. */
struct world_plan {
	struct world_turn *turns; /* in the order of their events */
	unsigned int turn_count, turn_room;
	uint32_t *touched_at; /* by object: n of its first event; 0: none */
	bool *is_late; /* by thread: it begins in the course of the trace */
	uint32_t *fires; /* by event - 1: where the timer armed there fires */
	uint64_t wall_ahead_at_start_ns; /* of the wall clock, as far as told */

	/* while events are played */
	unsigned int next_turn; /* the first that is not played yet */
	uint64_t wall_ahead_ns;
	uint32_t *armed_at; /* by thread: n of the arming; 0: none */
};

struct world_plan *plan_new(const struct trace *t);
void plan_free(struct world_plan *p);

/* Parts of plan_new. */
void plan_births(struct world_plan *p, const struct trace *t); /* births.c */
void plan_permits(struct world_plan *p, const struct trace *t); /* permits.c */
void plan_words(struct world_plan *p, const struct trace *t); /* pages.c */
void plan_timers(struct world_plan *p, const struct trace *t); /* timers.c */

/* ---- helpers of the parts ---------------------------------------------- */

void plan_turn(struct world_plan *p, uint32_t n, enum world_turn_kind kind,
	       uint32_t index, uint64_t value);
/* Zeroed memory for @count things and one more. */
void *plan_zeroed(size_t count, size_t size);
/* Is it one of the trace's threads? */
bool plan_is_thread(const struct trace *t, int32_t thread);
/* Is what is said of the thread's end of this kind: "done", "blocked"? */
bool plan_ends_as(const struct trace *t, int32_t thread, const char *end);

#endif
