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
 *
 * The order of the questions is a matter of quirks, too: before the first poll
 * has looked at the word, a signal hides that it has changed, and before the
 * clock it hides that the time is up.
 */
#include "model/wait.h"

#include <errno.h>
#include <stddef.h>

#include "model/quirks.h"

static enum poll poll_first(struct wait_if_future *f, struct kwaker *waker,
			    int *result)
{
	struct wait_queue *q = f->queue;
	int holds;

	f->has_condition = false;
	kmutex_lock(&q->wq_mutex);
	holds = f->condition.check(f->condition.arg);
	if (holds <= 0) {
		kmutex_unlock(&q->wq_mutex);
		/* scenarios/wait/page-gone-under-the-lock.yaml */
		*result = quirk(QUIRK_FAULT_IS_A_MISMATCH) ? 0 : holds;
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

struct wait_timeout wait_timeout_start(const struct wait_timeout *timeout)
{
	enum kclock clock = KCLOCK_MONOTONIC;
	uint64_t now, ns;

	if (!timeout->is_duration || timeout->ns == KTIME_NEVER)
		return *timeout;
	/* scenarios/clock/set-forward.yaml */
	if (quirk(QUIRK_DEADLINES_ON_WALL_CLOCK)) {
		clock = KCLOCK_WALL;
		now = kclock_wall_ns();
	} else {
		now = kclock_monotonic_ns();
	}
	if (__builtin_add_overflow(now, timeout->ns, &ns))
		ns = KTIME_NEVER;
	return (struct wait_timeout){.ns = ns, .clock = clock};
}

void timeout_future_init(struct timeout_future *f, struct wait_if_future *inner,
			 const struct wait_timeout *timeout)
{
	*f = (struct timeout_future){.inner = inner};
	f->has_deadline = timeout->ns != KTIME_NEVER;
	f->deadline = wait_timeout_start(timeout);
}

/* Has the deadline passed? */
static enum poll deadline_poll(struct timeout_future *f, struct kwaker *waker,
			       int *result)
{
	if (!f->has_deadline)
		return POLL_PENDING;
	if (!f->timer)
		f->timer = ktimer_arm(f->deadline.clock, f->deadline.ns);
	if (!ktimer_poll(f->timer, waker))
		return POLL_PENDING;
	*result = -ETIMEDOUT;
	return POLL_READY;
}

/* When the question about signals is asked. */
enum turn {
	TURN_FIRST,
	TURN_BEFORE_THE_CLOCK,
	TURN_LAST,
};

/*
 * scenarios/signal/hides-a-changed-word.yaml, signal/swallows-wake.yaml,
 * signal/beats-a-deadline.yaml
 */
static enum turn turn_of_signals(const struct wait_if_future *f)
{
	if (quirk(f->has_condition ? QUIRK_SIGNAL_BEFORE_THE_WORD
				   : QUIRK_SIGNAL_SWALLOWS_WAKE))
		return TURN_FIRST;
	return quirk(QUIRK_SIGNAL_BEFORE_THE_CLOCK) ? TURN_BEFORE_THE_CLOCK
						    : TURN_LAST;
}

static enum poll signal_poll(enum turn now, enum turn turn, int *result)
{
	if (now != turn || !kinterrupt_take())
		return POLL_PENDING;
	*result = -EINTR;
	return POLL_READY;
}

enum poll interruptible_poll(struct timeout_future *f, struct kwaker *waker,
			     int *result)
{
	enum turn turn = turn_of_signals(f->inner);

	kinterrupt_register(waker);
	if (signal_poll(TURN_FIRST, turn, result) == POLL_READY ||
	    wait_if_future_poll(f->inner, waker, result) == POLL_READY ||
	    signal_poll(TURN_BEFORE_THE_CLOCK, turn, result) == POLL_READY ||
	    deadline_poll(f, waker, result) == POLL_READY)
		return POLL_READY;
	return signal_poll(TURN_LAST, turn, result);
}

/*
 * Awake, and neither woken nor interrupted, nor is the time up.  Linux begins
 * again: the word is looked at anew and the waiter goes to the end of the
 * queue, that of the word it called with:
 * scenarios/wait/woken-for-no-reason.yaml.  Returns whether a wake-up came
 * while it left.
 */
static bool wait_if_future_restart(struct wait_if_future *f)
{
	katomic_store(&f->state->cancelled, true);
	if (!waiter_state_remove_from_current_queue(f->state))
		wait_queue_remove_waiter(f->queue, f->state);
	if (katomic_load(&f->state->woken))
		return true;
	waiter_state_put(f->state);
	f->state = NULL;
	f->has_condition = true;
	return false;
}

int block_on_interruptible(struct timeout_future *f)
{
	struct kwaker *waker = kwaker_new();
	bool is_first = true;
	int result = 0;

	while (interruptible_poll(f, waker, &result) == POLL_PENDING) {
		if (!is_first && !quirk(QUIRK_SPURIOUS_WAKE_KEEPS_PLACE)) {
			result = 1;
			is_first = true;
			if (wait_if_future_restart(f->inner))
				break;
			continue;
		}
		is_first = false;
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
	struct futex_wait_cleanup nowhere = {NULL, 0, NULL};

	return wait_queue_wait_if_with_cleanup(q, bitset, timeout_ns, nowhere,
					       condition);
}

int wait_queue_wait_if_with_cleanup(struct wait_queue *q, uint32_t bitset,
				    uint64_t timeout_ns,
				    struct futex_wait_cleanup cleanup,
				    struct wait_condition condition)
{
	struct wait_timeout timeout = {.ns = timeout_ns, .is_duration = true};

	return wait_queue_wait_until(q, bitset, &timeout, cleanup, condition);
}

int wait_queue_wait_until(struct wait_queue *q, uint32_t bitset,
			  const struct wait_timeout *timeout,
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

	timeout_future_init(&timed, &future, timeout);
	return block_on_interruptible(&timed);
}
