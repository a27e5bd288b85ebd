/*
 * wait_queue.h - the tasks asleep on one futex word, oldest first.
 *
 * A waiter is in at most one queue; who sleeps on several words has one for
 * each.  Its state outlives it: the sleeper's future and the queue each hold a
 * reference, so that a waker never touches freed memory.  Who looks at a state
 * finds out two things without a lock: whether a wake-up has been charged to it
 * (woken) and whether its sleeper has given up (cancelled).
 *
 * Lock order: table, then queue, then cleanup.  Two queues are taken lower
 * address first.
 */
#ifndef MODEL_WAIT_QUEUE_H
#define MODEL_WAIT_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"
#include "model/list.h"

struct futex_table;

/*
 * Where a waiter is to be looked for when its wait is cancelled.  @table is a
 * reference, or NULL for "nowhere special" (Rust: None).  @region is a weak
 * reference to what a shared key is of, or NULL; the source has none.
 * Source:  FutexWaitCleanup.
 */
struct futex_wait_cleanup {
	struct futex_table *table;
	uint64_t key;
	struct kidentity *region;
};

/* A copy with its own reference. */
struct futex_wait_cleanup
futex_wait_cleanup_clone(const struct futex_wait_cleanup *cleanup);
void futex_wait_cleanup_drop(struct futex_wait_cleanup *cleanup);

/* Source:  WaiterState. */
struct waiter_state {
	struct kref ref;
	struct katomic woken;
	struct katomic cancelled;
	struct kmutex cleanup_mutex;
	struct futex_wait_cleanup cleanup; /* guarded by cleanup_mutex */
};

/* One reference.  Owner: takes over @cleanup.  Source: WaiterState::new. */
struct waiter_state *waiter_state_new(struct futex_wait_cleanup cleanup);
void waiter_state_put(struct waiter_state *state);

/*
 * Let a cancelled wait look in another place from now on.  Returns false, and
 * changes nothing, if the wait is cancelled already.
 *
 * Owner:   takes over @cleanup in either case.
 * Source:  WaiterState::set_cleanup_if_not_cancelled.
 */
bool waiter_state_set_cleanup_if_not_cancelled(
	struct waiter_state *state, struct futex_wait_cleanup cleanup);

/*
 * Take the waiter of @state off the queue that its cleanup names.  Returns
 * false if it names none.
 * Source:  WaiterState::remove_from_current_queue.
 */
bool waiter_state_remove_from_current_queue(struct waiter_state *state);

/* Source:  Waiter. */
struct waiter {
	struct list node; /* guarded by the queue's mutex */
	struct kwaker *waker;
	uint32_t bitset;
	struct waiter_state *state;
};

/* Source:  WaitQueue and WaitQueueInner. */
struct wait_queue {
	struct kmutex wq_mutex;
	struct list waiters; /* guarded by wq_mutex */
};

void wait_queue_init(struct wait_queue *q);

/* What a waiter checks under the queue's mutex: 1, 0, or -errno. */
struct wait_condition {
	int (*check)(void *arg);
	void *arg;
};

/*
 * Wait until woken if @condition holds.  @timeout_ns is a duration or
 * KTIME_NEVER.
 *
 * Returns 1 after a wake-up, 0 if the condition did not hold.
 * Errors:  -EINTR, -ETIMEDOUT.
 * Source:  WaitQueue::wait_if.
 */
int wait_queue_wait_if(struct wait_queue *q, uint32_t bitset,
		       uint64_t timeout_ns, struct wait_condition condition);

/*
 * The same for a waiter that a requeue may move to another queue.
 * Owner:   takes over @cleanup.
 * Source:  WaitQueue::wait_if_with_cleanup.
 */
int wait_queue_wait_if_with_cleanup(struct wait_queue *q, uint32_t bitset,
				    uint64_t timeout_ns,
				    struct futex_wait_cleanup cleanup,
				    struct wait_condition condition);

/*
 * Wake at most @count waiters whose bitset shares a bit with @mask, oldest
 * first; waiters that have given up are dropped on the way.
 *
 * Returns the number of waiters charged with a wake-up.
 * Source:  WaitQueue::wake; futex(2), FUTEX_WAKE_BITSET.
 */
uint64_t wait_queue_wake(struct wait_queue *q, uint64_t count, uint32_t mask);

/*
 * If @condition holds, wake up to @wake_count waiters of @src and move up to
 * @requeue_count others to the tail of @dst.  The check, the wakes and the
 * moves are one critical section over both queues.
 *
 * Returns the number woken and moved, only woken if @src is @dst; -EAGAIN if
 * the condition does not hold; what the condition returned if that is below
 * zero.
 * Owner:   takes over @target_cleanup, which names @dst.
 * Source:  WaitQueue::wake_requeue_if.
 */
int64_t wait_queue_wake_requeue_if(struct wait_queue *src, uint64_t wake_count,
				   uint32_t wake_mask, uint64_t requeue_count,
				   struct futex_wait_cleanup target_cleanup,
				   struct wait_queue *dst,
				   struct wait_condition condition);

/*
 * Take the waiter of @state off, if it is there.  Returns whether the queue is
 * empty then.
 * Source:  WaitQueue::remove_waiter.
 */
bool wait_queue_remove_waiter(struct wait_queue *q,
			      const struct waiter_state *state);

/* Drops waiters that have given up.  Source: WaitQueue::is_empty. */
bool wait_queue_is_empty(struct wait_queue *q);

/* ---- shared by wait_queue.c, requeue.c and wait.c ---------------------- */

/* Append a new waiter; called with the queue's mutex held. */
void wait_queue_push(struct wait_queue *q, struct kwaker *waker,
		     uint32_t bitset, struct waiter_state *state);

/* Has its sleeper given up? */
bool waiter_is_cancelled(struct waiter *w);

/* Drop the waiters that have given up; called with the mutex held. */
void wait_queue_drop_cancelled(struct wait_queue *q);

/*
 * Charge a wake-up to @w and move it to @woken; called with the mutex held.
 * Its waker fires in waiters_wake_all.
 */
void waiter_charge(struct wait_queue *q, struct waiter *w, struct list *woken);

/*
 * The locked part of wait_queue_wake: the waiters that are to be woken go to
 * @woken.  Returns how many; called with the mutex held.
 */
uint64_t wait_queue_take(struct wait_queue *q, uint64_t count, uint32_t mask,
			 struct list *woken);

/* Drop the states of charged waiters: they are out of the queue for good. */
void waiters_drop_states(struct list *woken);

/* Fire the wakers, oldest first, and free the list.  Called unlocked. */
void waiters_wake_all(struct list *woken);

#endif
