/*
 * races_internal.h - what the parts of the race detector share.
 *
 *	races.c		clocks, accesses, what orders them
 *	races_tell.c	the verdict
 *	races_hash.c	all of it as part of a state
 */
#ifndef SIM_JUDGE_RACES_INTERNAL_H
#define SIM_JUDGE_RACES_INTERNAL_H

#include "sim/judge/races.h"

#define RACE_BUCKETS 64u

enum access_kind {
	PLAIN_READ,
	PLAIN_WRITE,
	ATOMIC_READ,
	ATOMIC_WRITE, /* read-modify-writes, too */
	ACCESS_KIND_COUNT,
};

/* The last access of its kind by one thread. */
struct past_access {
	struct past_access *next;
	uint32_t thread;
	uint32_t number; /* of the thread's accesses */
	uint32_t event;
	const struct op *op; /* NULL in unit tests */
	bool is_kernel;
};

struct race_word {
	struct race_word *next; /* in its bucket */
	uint64_t number; /* of its place */
	struct place place;
	struct past_access *past[ACCESS_KIND_COUNT];
	uint32_t *released; /* clock, or NULL */
	uint32_t released_at; /* n of the event */
	int32_t released_by;
	bool is_told;
};

struct races {
	uint32_t count; /* threads */
	uint32_t told;
	uint32_t **threads; /* [thread] its clock, or NULL: nothing yet */
	uint32_t **wakes; /* [thread] of what has charged its wait, or NULL */
	struct race_word *words[RACE_BUCKETS];
};

/* Did @a happen before what @clock stands for? */
static inline bool race_has_in_past(const uint32_t *clock,
				    const struct past_access *a)
{
	return clock && clock[a->thread] >= a->number;
}

/* @first and @second, which comes later, are in no order. */
void race_tell(struct sim *sim, struct race_word *w,
	       const struct past_access *first,
	       const struct past_access *second);

#endif
