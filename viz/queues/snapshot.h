/*
 * snapshot.h - wait queues before and after some steps, before anything is
 * drawn: which steps, which queues, who is on them and what becomes of whom.
 */
#ifndef VIZ_QUEUES_SNAPSHOT_H
#define VIZ_QUEUES_SNAPSHOT_H

#include "viz/viz.h"
#include "viz/world/world.h"

#define QUEUE_ROWS_MAX 12u

/* What becomes of a waiter in these steps, or how it got where it is. */
enum fate {
	FATE_STAYS,
	FATE_WOKEN, /* counted as woken */
	FATE_MOVED, /* requeued; after: it came from another queue */
	FATE_LEFT, /* went by itself: timeout, signal */
	FATE_DROPPED, /* had given up already, and was taken off on the way */
	FATE_JOINED, /* after only */
	FATE_COUNT,
};

struct queue_waiter {
	int32_t thread;
	enum fate fate;
	uint32_t n; /* the note that tells it; 0: none */
	const char *name;
	const char *state; /* "until 10 ms", "no timer", "awake" */
	const char *mark; /* "wake →", "→ G"; NULL: stays */
	bool is_bad; /* part of the violation */
};

/* A queue at one of the two moments. */
struct queue_side {
	struct queue_waiter *waiters; /* head first */
	unsigned int count;
	const char *value; /* of the word; NULL: not known */
	const char *holder; /* of the queue's lock; NULL: nobody */
};

struct queue_row {
	const uint32_t *objects; /* one word's queues, one after the other */
	unsigned int object_count;
	const char *name;
	const char *key;
	bool is_changed; /* or bad */
	struct queue_side sides[2]; /* before, after */
};

struct snapshot {
	const struct trace *t;
	struct trace *memory; /* strings and arrays hang on it */
	uint32_t before,
		after; /* n of the events just before the two moments */
	uint32_t call; /* n of the enter that they lie in; 0: in none */
	const struct event **notes; /* of queues, in these steps */
	uint32_t note_count;
	int32_t mover; /* whose steps they are, or MOVER_NONE */
	struct queue_row *rows;
	unsigned int row_count;
	unsigned int left_out; /* rows that do not change, left out */
	unsigned int fates[FATE_COUNT]; /* how often in these steps */
	const char *times[2]; /* before, after */
	bool is_bad; /* the violation or evidence lies in these steps */
};

/*
 * Errors: -ENODATA, with the reason in @error, if nobody is on a queue.
 * Owner:  snapshot_free frees; @t outlives it.
 */
struct snapshot *snapshot_new(const struct trace *t,
			      const struct viz_options *o,
			      char error[VIZ_ERROR_MAX]);
void snapshot_free(struct snapshot *s);

/* window.c: which steps; fills in before, after, call, mover. */
void snapshot_choose(struct snapshot *s, const struct viz_options *o);

/* ---- helpers ----------------------------------------------------------- */

/* Is it one of the notes of a waiter that joins or leaves a queue? */
bool is_queue_note(const struct event *e);
bool is_joining(const struct event *e);
/* Is the event the violation's, or evidence of it? */
bool is_of_violation(const struct trace *t, uint32_t n);

#endif
