/*
 * beats_internal.h - what the parts of beats share: what is seen of a run.
 */
#ifndef SIM_HOST_BEATS_INTERNAL_H
#define SIM_HOST_BEATS_INTERNAL_H

#include "sim/host/agent.h"
#include "sim/host/beats.h"

/* What a thread was when last looked at. */
struct seen {
	enum task_state state;
	uint32_t level; /* of handlers it is in */
	bool has_begun[AGENT_LEVELS]; /* an operation, which has not ended */
	bool is_freed; /* from a sleep, and has not moved since */
	bool is_queued_yet; /* nobody took it out of all its queues */
	bool has_exited;
	const struct schedule_line *line; /* that moved it last */
};

struct watcher {
	struct policy policy;
	struct policy_script script;
	struct beats *beats;
	struct host_report *report;
	struct seen *seen;
	bool *is_dying; /* by process */
	struct result **next_result;
	struct move last;
	bool is_refused;
};

/* One more, of now; its fields are the caller's to fill. */
struct beat *beats_add(struct watcher *w, struct sim *sim, enum beat_kind kind,
		       uint32_t thread);
/* Room for one more thing of @size bytes in a list. */
void *beats_grown(void *list, uint32_t count, uint32_t *room, size_t size);
/* No host can do the like.  The first reason counts. */
__attribute__((format(printf, 3, 4))) void beats_refuse(struct watcher *w,
							enum host_reason reason,
							const char *format,
							...);

/* Write down what the last move did (beats_notes.c). */
void beats_look(struct watcher *w, struct sim *sim);

/* The thread begins its operation (beats_begin.c). */
void beats_begin(struct watcher *w, struct sim *sim, const struct task *task);
/* What all named words are now. */
void beats_words(struct watcher *w, struct sim *sim);

#endif
