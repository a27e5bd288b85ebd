/*
 * wait.h - a futex wait as a future: polled, parked, polled again, dropped.
 *
 * A wait is block_on(interruptible(timeout(t, WaitIfFuture))).  Each poll of
 * the seed asks in this order: was I interrupted?  was I woken?  has my
 * deadline passed?  Linux asks about signals last.
 */
#ifndef MODEL_WAIT_H
#define MODEL_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/wait_queue.h"

enum poll {
	POLL_PENDING,
	POLL_READY,
};

/* Source:  WaitIfFuture. */
struct wait_if_future {
	struct wait_queue *queue;
	uint32_t bitset;
	struct futex_wait_cleanup cleanup;
	struct wait_condition condition;
	bool has_condition;
	struct waiter_state *state; /* a reference, or NULL */
};

/*
 * First poll: check the condition and join the queue.  Later: look whether a
 * wake-up was charged.  When ready, @result is 1 (woken) or 0 (not queued).
 * Source:  WaitIfFuture::poll.
 */
enum poll wait_if_future_poll(struct wait_if_future *f, struct kwaker *waker,
			      int *result);

/*
 * End the wait, which is to return @result; leave the queue if still in it.
 * Returns what the wait returns in the end.
 * Source:  Drop for WaitIfFuture.
 */
int wait_if_future_drop(struct wait_if_future *f, int result);

/* How long a wait may take.  KTIME_NEVER: as long as it likes. */
struct wait_timeout {
	uint64_t ns;
	bool is_duration; /* from the beginning of the wait; else a time ... */
	enum kclock clock; /* ... on this clock */
};

/* The time at which a duration that starts now is over. */
struct wait_timeout wait_timeout_start(const struct wait_timeout *timeout);

/* A future with a deadline.  Source: future::timeout. */
struct timeout_future {
	struct wait_if_future *inner;
	bool has_deadline;
	struct wait_timeout deadline; /* a time */
	struct ktimer *timer; /* armed at the first poll that gets that far */
};

/* A duration starts to count now. */
void timeout_future_init(struct timeout_future *f, struct wait_if_future *inner,
			 const struct wait_timeout *timeout);

/* Source:  interruptible. */
enum poll interruptible_poll(struct timeout_future *f, struct kwaker *waker,
			     int *result);

/* Poll @f until it is ready; drop it; returns its result. */
int block_on_interruptible(struct timeout_future *f);

/*
 * As wait_queue_wait_if_with_cleanup, until a time on any clock.  A condition
 * that cannot be looked at ends the wait with its errno.
 * Owner:   takes over @cleanup.
 */
int wait_queue_wait_until(struct wait_queue *q, uint32_t bitset,
			  const struct wait_timeout *timeout,
			  struct futex_wait_cleanup cleanup,
			  struct wait_condition condition);

#endif
