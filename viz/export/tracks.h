/*
 * tracks.h - what the JSON of trace events needs to know of a trace before the
 * first event is written: how long things last, and which tracks there are.
 */
#ifndef VIZ_EXPORT_TRACKS_H
#define VIZ_EXPORT_TRACKS_H

#include <jansson.h>

#include "viz/sequence/story.h"

/* Something that a thread is in, from an event on. */
struct tracks_span {
	uint32_t end; /* first time after it; 0: the event begins nothing */
	uint32_t last; /* n of the event that ends it; 0: none does */
};

struct tracks {
	const struct trace *t;
	struct story *s;
	FILE *out;
	bool has_written;
	unsigned int *pids; /* by thread */
	unsigned int kernel_pid, locks_pid, words_pid;
	struct tracks_span *spans; /* by n */
	uint32_t *holds; /* by n: end of the time a lock is held, or 0 */
	bool *is_lock; /* by object */
	uint32_t *lengths; /* by object: of a queue, so far */
	uint32_t *effects; /* by n: the first event it is the cause of */
	uint32_t *more_effects; /* by n: the next event of the same cause */
};

/* Owner: tracks_free frees; @t and @out outlive it. */
struct tracks *tracks_new(const struct trace *t, FILE *out);
void tracks_free(struct tracks *k);

/* Where a mover is; numbers of tracks are unique among all processes. */
unsigned int tracks_pid(const struct tracks *k, int32_t mover);
unsigned int tracks_tid(const struct tracks *k, int32_t mover);
unsigned int tracks_lock_tid(const struct tracks *k, uint32_t object);
/* What the event is the effect of, and comes with an arrow; or NULL. */
const struct event *tracks_cause(const struct tracks *k, const struct event *e);

/* An event of the viewer's; @tid 0: of the process. */
json_t *tracks_event(const char *phase, const char *name, uint32_t time,
		     unsigned int pid, unsigned int tid);
/* Add to its arguments; takes @value over. */
void tracks_arg(json_t *event, const char *key, json_t *value);
/* NULL is the empty string; what is no UTF-8 is a question mark. */
json_t *tracks_string(const char *s);
/* Write it and let go of it. */
void tracks_put(struct tracks *k, json_t *event);

#endif
