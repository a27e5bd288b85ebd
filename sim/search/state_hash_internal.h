/*
 * state_hash_internal.h - what the parts of a state's hash share.
 *
 *	state_hash.c	threads, time, judgement; the whole
 *	state_hash_past.c	what calls in progress have learned
 *	state_hash_things.c	tables, queues, mutexes, areas
 *	state_hash_judge.c	accesses and the order of locks
 *	state_hash_signals.c	signals
 */
#ifndef SIM_SEARCH_STATE_HASH_INTERNAL_H
#define SIM_SEARCH_STATE_HASH_INTERNAL_H

#include "sim/search/state_hash.h"

/* One thing that a call has learned. */
struct lesson {
	uint32_t what; /* kind of step and place in the source */
	uint32_t object; /* number of what it was about; 0: nothing */
	union {
		uint64_t value; /* what it was told */
		const struct kwaker *waker; /* LESSON_WAKER: came to hold */
	};
};
#define LESSON_WAKER (UINT32_C(1) << 31)

/* Of an operation in progress. */
struct past {
	struct lesson *items;
	uint32_t count;
	uint32_t room;
	uint32_t home; /* the queue that its waiter joined; 0: none */
	uint32_t state; /* reference count of that waiter's state */
	uint32_t last_state; /* of the state that it referred to last */
	bool has_read; /* looked at the clock, and still goes by that ... */
	uint64_t read_at_ns; /* ... which it did then */
};

/* What is taken down as the run goes on; in its arena, and restored with it. */
struct hash_record {
	uint64_t memory[2]; /* sum over words that were changed */
	uint64_t wait_blocks; /* of waits, not freed */
	struct past past[]; /* [thread] */
};

/* A thing has met the walk number @walk as number @name. */
struct name {
	uint32_t walk;
	uint32_t name;
};

struct state_hash {
	struct sim *sim;
	struct hash_record *record;
	const struct scenario *scenario;
	uint32_t thread_count;

	/* what this scenario can tell apart at all */
	bool has_absolute_time;
	bool has_requeue; /* the order of addresses matters */
	bool has_clock_settime;
	bool has_parts; /* waits on several words */
	bool has_changing_maps;
	bool has_several_keys;
	bool has_exit_group;
	bool has_lock_order; /* a program holds a mutex of the kernel */
	bool has_signals;
	bool has_thread_words; /* set_tid_address, set_robust_list */
	bool has_owed_wakes;
	bool asks_charged;
	bool asks_returned;
	bool asks_keys;
	const char *marks[STATE_MARKS_MAX];
	uint32_t mark_count;
	bool has_too_many_marks;

	/* the walk */
	uint64_t *words;
	uint32_t count;
	uint32_t room;
	struct name *names; /* by number of an object */
	uint32_t name_room;
	uint32_t walk;
	uint32_t named;
	uint64_t *addresses; /* of entries met so far */
	uint32_t address_count;
	uint32_t address_room;
	uint32_t order[SEARCH_THREADS_MAX]; /* threads as the walk goes */
	uint32_t rank[SEARCH_THREADS_MAX]; /* [thread] where it is in that */
	uint32_t in_line[SEARCH_THREADS_MAX]; /* [thread] place in a queue */
};

void state_grow(struct state_hash *h);

static inline void state_put(struct state_hash *h, uint64_t word)
{
	if (h->count == h->room)
		state_grow(h);
	h->words[h->count++] = word;
}

/* ---- state_hash_past.c ------------------------------------------------------
 */

/* What does not depend on names; then the rest. */
void state_put_past(struct state_hash *h, const struct task *task);
void state_put_past_links(struct state_hash *h, const struct task *task);

/* ---- state_hash_signals.c ---------------------------------------------- */

void state_put_signals(struct state_hash *h, const struct task *task);
void state_put_actions(struct state_hash *h, const struct process *p);

/* ---- state_hash_judge.c ----------------------------------------------------
 */

/* Accesses and locks that verdicts to come depend on; the walk is over. */
void state_put_history(struct state_hash *h);

/* ---- state_hash_things.c ----------------------------------------------------
 */

/* Begin to name things. */
void state_names_begin(struct state_hash *h);
void state_put_object(struct state_hash *h, uint64_t number);
void state_put_waker(struct state_hash *h, const struct kwaker *w);
/* Mutexes of address spaces, the registry, all tables. */
void state_put_kernel(struct state_hash *h);
/* Areas and which pages are there. */
void state_put_areas(struct state_hash *h, const struct aspace *aspace);
/* Where each thread is in the queue or FIFO it is in. */
void state_find_lines(struct state_hash *h);

#endif
