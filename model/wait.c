/*
 * wait.c - the poll loop of a futex wait.
 *
 * Two races live here, each a quirk that Linux does not have, because there
 * the result of leaving the queue decides and not the order of the questions.
 *
 *	sleeper				others
 *	poll: woken? no
 *					wake: woken = true, counts 1
 *	poll: deadline passed
 *	returns ETIMEDOUT		nobody acts on the wake-up
 *
 *	asleep
 *					wake: woken = true, counts 1
 *					signal: interrupted = true
 *	poll: interrupted
 *	returns EINTR			nobody acts on the wake-up
 */
#include "model/wait.h"

#include <errno.h>
#include <stddef.h>

#include "model/quirks.h"

static enum poll poll_first(struct wait_if_future *f, struct kwaker *waker,
			    int *result)
{
	struct wait_queue *q = f->queue;

	f->has_condition = false;
	kmutex_lock(&q->wq_mutex);
	if (f->condition.check(f->condition.arg) <= 0) {
		kmutex_unlock(&q->wq_mutex);
		*result = 0;
		return POLL_READY;
	}
	f->state = waiter_state_new(futex_wait_cleanup_clone(&f->cleanup));
	wait_queue_push(q, waker, f->bitset, f->state);
	kmutex_unlock(&q->wq_mutex);
	return POLL_PENDING;
}

/* Let the next wake-up fire the waker of this poll. */
static void refresh_waker(struct wait_if_future *f, struct kwaker *waker)
{
	struct wait_queue *q = f->queue;
	struct waiter *w;

	kmutex_lock(&q->wq_mutex);
	list_each(w, &q->waiters) {
		if (w->state != f->state)
			continue;
		kwaker_get(waker);
		kwaker_put(w->waker);
		w->waker = waker;
		break;
	}
	kmutex_unlock(&q->wq_mutex);
}

enum poll wait_if_future_poll(struct wait_if_future *f, struct kwaker *waker,
			      int *result)
{
	if (f->has_condition)
		return poll_first(f, waker, result);
	*result = 1;
	if (!f->state)
		return POLL_READY;
	/*
	 * Queue entries once had no state, and any second poll was taken for a
	 * wake-up: scenarios/history/no-cancel-cleanup.yaml.
	 */
	if (quirk(QUIRK_NO_CANCEL_CLEANUP) || katomic_load(&f->state->woken)) {
		waiter_state_put(f->state);
		f->state = NULL;
		return POLL_READY;
	}
	refresh_waker(f, waker);
	return POLL_PENDING;
}

/* Does a wake-up that was charged win over this end of the wait? */
static bool wake_beats(int result)
{
	if (result == -ETIMEDOUT)
		return !quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE);
	if (result == -EINTR)
		return !quirk(QUIRK_SIGNAL_SWALLOWS_WAKE);
	return false;
}

int wait_if_future_drop(struct wait_if_future *f, int result)
{
	if (f->state && !quirk(QUIRK_NO_CANCEL_CLEANUP)) {
		katomic_store(&f->state->cancelled, true);
		if (!waiter_state_remove_from_current_queue(f->state))
			wait_queue_remove_waiter(f->queue, f->state);
		/*
		 * Out of every queue: woken cannot change any more.  Linux:
		 * futex_unqueue() in kernel/futex/waitwake.c.
		 */
		if (wake_beats(result) && katomic_load(&f->state->woken))
			result = 1;
	}
	futex_wait_cleanup_drop(&f->cleanup);
	if (f->state)
		waiter_state_put(f->state);
	f->state = NULL;
	return result;
}

void timeout_future_init(struct timeout_future *f, struct wait_if_future *inner,
			 uint64_t timeout_ns)
{
	uint64_t now;

	*f = (struct timeout_future){.inner = inner};
	if (timeout_ns == KTIME_NEVER)
		return;
	now = kclock_wall_ns();
	f->has_deadline = true;
	if (__builtin_add_overflow(now, timeout_ns, &f->deadline_ns))
		f->deadline_ns = KTIME_NEVER;
}

enum poll timeout_future_poll(struct timeout_future *f, struct kwaker *waker,
			      int *result)
{
	if (wait_if_future_poll(f->inner, waker, result) == POLL_READY)
		return POLL_READY;
	if (!f->has_deadline)
		return POLL_PENDING;
	if (!f->timer)
		f->timer = ktimer_arm(f->deadline_ns);
	if (!ktimer_poll(f->timer, waker))
		return POLL_PENDING;
	*result = -ETIMEDOUT;
	return POLL_READY;
}

enum poll interruptible_poll(struct timeout_future *f, struct kwaker *waker,
			     int *result)
{
	kinterrupt_register(waker);
	if (kinterrupt_take()) {
		*result = -EINTR;
		return POLL_READY;
	}
	return timeout_future_poll(f, waker, result);
}

int block_on_interruptible(struct timeout_future *f)
{
	struct kwaker *waker = kwaker_new();
	int result = 0;

	while (interruptible_poll(f, waker, &result) == POLL_PENDING) {
		if (!kpark(waker))
			kyield();
	}
	if (f->timer)
		ktimer_cancel(f->timer);
	result = wait_if_future_drop(f->inner, result);
	kwaker_put(waker);
	return result;
}

int wait_queue_wait_if(struct wait_queue *q, uint32_t bitset,
		       uint64_t timeout_ns, struct wait_condition condition)
{
	struct futex_wait_cleanup nowhere = {NULL, 0};

	return wait_queue_wait_if_with_cleanup(q, bitset, timeout_ns, nowhere,
					       condition);
}

int wait_queue_wait_if_with_cleanup(struct wait_queue *q, uint32_t bitset,
				    uint64_t timeout_ns,
				    struct futex_wait_cleanup cleanup,
				    struct wait_condition condition)
{
	struct wait_if_future future = {
		.queue = q,
		.bitset = bitset,
		.cleanup = cleanup,
		.condition = condition,
		.has_condition = true,
	};
	struct timeout_future timed;

	timeout_future_init(&timed, &future, timeout_ns);
	return block_on_interruptible(&timed);
}
