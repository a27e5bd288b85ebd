/*
 * order.h - what comes before what in a trace, by its vector clocks.
 *
 * The clock of an event counts, for each thread, the steps of it that come
 * before the event (or are it).  They know program order, all that is done to
 * one thing of which one part changes it, and who wakes or begins whom.  Of
 * this, edges tell what is meant to order: locks handed over, wake-ups that
 * were taken up, timers, signals, births, and words that are read after they
 * were written.  No edge is kept that the clocks do not have.
 *
 * Two accesses to one word are always in the clocks' order, since one of them
 * came first.  They race if nothing but that orders them: just before the
 * second, its thread knew nothing of the first.
 *
 * After a data race only what orders accesses to user memory counts: atomic
 * accesses, wake-ups that end a wait, births.  A mutex of the kernel does not.
 */
#ifndef VIZ_HAPPENS_BEFORE_ORDER_H
#define VIZ_HAPPENS_BEFORE_ORDER_H

#include "trace/trace.h"

/* So many events are looked at, those up to the violation and a few more. */
#define ORDER_EVENTS_MAX 20000u

enum order_kind {
	ORDER_LOCK, /* unlocked, then locked by another thread */
	ORDER_BUSY, /* locked, so that another thread waits or fails */
	ORDER_WAKE, /* its permit was taken */
	ORDER_ARM, /* a timer, which fires */
	ORDER_FIRE, /* what the timer ends */
	ORDER_SIGNAL,
	ORDER_BIRTH,
	ORDER_WORD, /* written, then read by another thread */
	ORDER_THROUGH, /* by steps that are not drawn */
	ORDER_KIND_COUNT,
};

struct order_edge {
	uint32_t from, to; /* n of events of two lanes, from < to */
	enum order_kind kind;
	uint32_t object; /* lock or word */
	bool is_needed; /* no other way leads there */
};

/*
 * Lanes are threads by number, then the clock, then the sender of signals.
 * What is by event is at [n - begin]; see order_index.
 */
struct order {
	const struct trace *t;
	uint32_t begin, end; /* n of the first event, and behind the last */
	unsigned int lane_count;
	struct order_edge *edges; /* by where they lead */
	unsigned int edge_count, edge_room;
	uint32_t *before; /* by event: the one before it in its lane; 0 */
	/* by event and lane: the last of it that comes before or is it; 0 */
	uint32_t *past;
	bool *is_unread; /* by event: a wake whose permit nobody took */
	uint32_t first, second; /* they race; 0: no such pair */
	bool is_of_words; /* only what orders accesses to user memory */
	bool is_known; /* the pair, to the clocks, by locks of the kernel */
};

/* Has every step of a thread its clock? */
bool order_has_clocks(const struct trace *t);

/* Errors: NULL if the trace has no clocks. */
struct order *order_new(const struct trace *t);
void order_free(struct order *o);

static inline uint32_t order_index(const struct order *o, uint32_t n)
{
	return n - o->begin;
}

/* The lane of an event; -1 if it has none. */
int order_lane(const struct order *o, uint32_t n);
bool order_is_thread(const struct order *o, unsigned int lane);
/* Does a way lead from @a to @b?  True if they are one. */
bool order_leads(const struct order *o, uint32_t a, uint32_t b);

/* ---- by the clocks alone ----------------------------------------------- */

/* Is the step of a thread @a in the past of @b, or @b itself? */
bool clocks_have(const struct trace *t, uint32_t a, uint32_t b);
/* Did the thread of @b know nothing of @a until it made the step @b? */
bool clocks_part(const struct trace *t, uint32_t a, uint32_t b);
/* Two accesses by different threads to one thing, of which one writes. */
bool accesses_conflict(const struct event *a, const struct event *b);

/* ---- between the parts ------------------------------------------------- */

bool access_reads(const struct event *e);
bool access_writes(const struct event *e);
/* "store D 1 plain" */
bool access_is_plain(const struct event *e);
/* order_edges.c: find all edges, and the wakes that nobody took up. */
void order_find_edges(struct order *o);
/* Remove what the clocks do not know for sure. */
void order_drop_kernel_reads(struct order *o);

#endif
