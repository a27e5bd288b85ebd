/*
 * state_hash.h - what the rest of a run depends on, as 128 bits.
 *
 * Two runs that stand in equal states have the same futures, and are judged
 * alike: their rests can be exchanged.  A state is not the bytes of the
 * machine.  What a run has been through leaves traces that nothing asks for -
 * numbers of events and blocks, addresses, how often a loop went round - and
 * they are left out, or a loop would never come back to where it was.
 *
 *	threads		place in the program, results, flags; within a call
 *			what the call has learned so far
 *	memory		words that differ from the start, areas, presence
 *	the kernel	tables, entries, queues in their order, mutexes with
 *			owner and FIFO, reference counts, states of waiters
 *	time		what is left until each deadline
 *	the search	signals and preemptions left, who moved last
 *	judgement	verdicts, properties, wakes that may be owed
 *
 * Within a call a thread has a stack, with pointers and dead bytes.  But it is
 * deterministic: what it knows follows from what its steps since the beginning
 * of the operation have told it, and these are kept in a list.  Memory that
 * it reads without a step is guarded by a mutex that it holds; what such a read
 * finds shows in the steps that follow (an entry is found, a waiter charged)
 * or is taken down when the mutex is taken.  In front of a sleep nothing is
 * live but the queue, the waiter's state, the deadline and the arguments, and
 * the list begins anew.
 *
 * Things have no numbers of their own here: a queue is the one under a key of a
 * table, a waker that of the present wait of a thread or one that is over.
 * They are named in the order in which a walk through the state meets them.
 */
#ifndef SIM_SEARCH_STATE_HASH_H
#define SIM_SEARCH_STATE_HASH_H

#include "sim/search/search_internal.h"

struct state_hash;

#define STATE_MARKS_MAX 64u /* that properties ask for */

/* Are there no more marks than that? */
bool state_hash_has_room(const struct scenario *s);

/* For all runs of the pass that @s is at. */
struct state_hash *state_hash_new(const struct search *s);
void state_hash_free(struct state_hash *h);

/* Is the order in which locks were taken part of the state? */
bool state_hash_has_locks(const struct state_hash *h);

/* A run begins: the machine is set up, and has made no step. */
void state_hash_begin(struct state_hash *h, struct sim *sim);

/*
 * The state between two steps.  Preemptions are not in it: with more of them
 * left the same state has more futures.
 */
void state_hash_take(struct state_hash *h, const struct search *s,
		     uint64_t hash[2]);

/* ---- told by the machine, if sim->hasher is set ------------------------ */

/* @task stands before an operation of its program. */
void state_hash_op(struct sim *sim, const struct task *task);
/* A step is made. */
void state_hash_step(struct sim *sim, int32_t mover, const struct step *step);
/* The present step tells the thread @value besides its result. */
void state_hash_value(struct sim *sim, uint64_t value);
/* The present thread puts @waker into a queue, or takes it off. */
void state_hash_waiter(struct sim *sim, enum knote what, uint32_t queue,
		       const struct kwaker *waker);
/* The page at @place comes (@by 1) with what is in it, or goes (-1). */
void state_hash_page(struct sim *sim, struct place place, int by);
/* A block of the model is made (@by 1) or freed (-1). */
void state_hash_block(struct sim *sim, const char *what, int by);

#endif
