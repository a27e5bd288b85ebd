/*
 * world.h - what there is after each event: locks, queues, words, threads.
 *
 * The events of a trace are played through, one after the other; pictures and
 * the report ask what the state is in between.  A waiter that a requeue moves
 * is on neither queue between the two notes that tell of it.
 */
#ifndef VIZ_WORLD_WORLD_H
#define VIZ_WORLD_WORLD_H

#include "trace/trace.h"

enum world_thread_state {
	WORLD_UNBORN, /* not begun: some clone or fork begins it */
	WORLD_RUNNING, /* can move */
	WORLD_PARKED, /* until it is unparked */
	WORLD_WAITING, /* for a lock: world_thread.object */
	WORLD_DONE, /* at the end of its program */
	WORLD_EXITED,
};

struct world_thread {
	enum world_thread_state state;
	uint32_t object; /* the lock it waits for; 0: none */
	uint32_t since; /* n of the event that put it there; 0: the start */
	uint32_t call; /* n of the enter it is in; 0: in user mode */
	bool has_permit; /* the next park takes it and does not sleep */
	bool has_timer; /* armed, and has not fired */
	uint64_t deadline_ns; /* of it, virtual time; UINT64_MAX: never */
};

struct world_queue {
	int32_t *threads; /* waiters, head first */
	uint32_t count, room;
};

/* Arrays by number of object and of thread. */
struct world {
	const struct trace *t;
	uint32_t n; /* the last event that was played; 0: none */
	struct world_thread *threads;
	int32_t *holders; /* of a lock: thread, or EVENT_NOBODY */
	struct world_queue *queues; /* OBJECT_WQ */
	uint64_t *words; /* OBJECT_WORD */
	struct world_plan *plan; /* private to viz/world */
};

/* The state before the first event.  Owner: world_free frees. */
struct world *world_new(const struct trace *t);
void world_free(struct world *w);
/* Play events up to and with @n; from the start if @n is behind. */
void world_go(struct world *w, uint32_t n);
/* Is anything known of the object: was it touched up to now? */
bool world_is_touched(const struct world *w, uint32_t object);
/* "parked" and so on. */
const char *world_state_name(enum world_thread_state state);

#endif
