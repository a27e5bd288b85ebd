/*
 * requeue.c - waking and moving waiters between two queues at once.
 *
 * Both queues are held, lower address first, while the word is compared and
 * the waiters are woken and moved, so that no waker can look into the target
 * while a waiter is in neither queue:
 *
 *	requeuer			waker
 *	lock F, take A off, unlock F
 *					lock G: empty, wakes nobody
 *	lock G, append A, unlock G
 *					A sleeps on; the wake-up is lost
 *
 * That is the quirk requeue-in-two-sections, which older kernels had:
 * scenarios/history/requeue-in-two-sections.yaml.
 */
#include "model/wait_queue.h"

#include <errno.h>

#include "model/quirks.h"

struct requeue {
	struct wait_queue *src;
	struct wait_queue *dst;
	uint64_t wake_count;
	uint32_t wake_mask;
	uint64_t requeue_count;
	struct futex_wait_cleanup *target_cleanup;
	struct list woken;
};

/* The wake part: the first waiters that match; source: both match arms. */
static uint64_t wake_locked(struct requeue *r)
{
	struct waiter *w, *next;
	uint64_t woke = 0;

	wait_queue_drop_cancelled(r->src);
	list_each_safe(w, next, &r->src->waiters) {
		if (woke >= r->wake_count)
			break;
		if (!(w->bitset & r->wake_mask))
			continue;
		waiter_charge(r->src, w, &r->woken);
		waiter_state_put(w->state);
		w->state = NULL;
		woke++;
	}
	return woke;
}

/*
 * Point the waiter's cleanup at the target.  Returns false if it has given
 * up, and then it is not to be moved.
 */
static bool retarget(struct requeue *r, struct waiter *w)
{
	/*
	 * Before cleanup travelled with the waiter, one that was cancelled
	 * after the move looked for itself in the source queue and stayed in
	 * the target: scenarios/history/cleanup-names-old-queue.yaml.
	 */
	if (quirk(QUIRK_CLEANUP_NAMES_OLD_QUEUE))
		return !waiter_is_cancelled(w);
	return waiter_state_set_cleanup_if_not_cancelled(
		w->state, futex_wait_cleanup_clone(r->target_cleanup));
}

static void drop_given_up(struct requeue *r, struct waiter *w)
{
	knote_queue(KNOTE_QUEUE_DROP, &r->src->wq_mutex, w->waker);
	kwaker_put(w->waker);
	waiter_state_put(w->state);
	kfree(w);
}

/* Take the head of the source off and append it to @to. */
static uint64_t move_locked(struct requeue *r, struct list *to)
{
	struct kmutex *target = &r->dst->wq_mutex;
	struct waiter *w;
	uint64_t moved = 0;

	while (moved < r->requeue_count) {
		w = list_pop_front(&r->src->waiters);
		if (!w)
			break;
		if (!retarget(r, w)) {
			drop_given_up(r, w);
			continue;
		}
		knote_queue(KNOTE_QUEUE_DRAIN, &r->src->wq_mutex, w->waker);
		if (to == &r->dst->waiters)
			knote_queue(KNOTE_QUEUE_APPEND, target, w->waker);
		list_push_back(to, &w->node);
		moved++;
	}
	return moved;
}

/* Source:  WaitQueue::wake_requeue_locked. */
static int64_t wake_requeue_locked(struct requeue *r)
{
	uint64_t woke = wake_locked(r);
	uint64_t moved = move_locked(r, &r->dst->waiters);

	futex_wait_cleanup_drop(r->target_cleanup);
	return (int64_t)(woke + moved);
}

/* The condition's answer as a result: 0 to go on, or -errno. */
static int check(struct wait_condition condition)
{
	int holds = condition.check(condition.arg);

	if (holds < 0)
		return holds;
	return holds ? 0 : -EAGAIN;
}

static int64_t requeue_to_other(struct requeue *r,
				struct wait_condition condition)
{
	struct wait_queue *first = r->src, *second = r->dst;
	int64_t count;

	if (kaddress(r->src) > kaddress(r->dst)) {
		first = r->dst;
		second = r->src;
	}
	kmutex_lock(&first->wq_mutex);
	kmutex_lock(&second->wq_mutex);
	count = check(condition);
	if (!count)
		count = wake_requeue_locked(r);
	kmutex_unlock(&second->wq_mutex);
	kmutex_unlock(&first->wq_mutex);
	return count;
}

/* How many the Linux profile counts as moved within one queue. */
static uint64_t count_kept(const struct requeue *r)
{
	const struct waiter *w;
	uint64_t kept = 0;

	list_each(w, &r->src->waiters) {
		if (kept == r->requeue_count)
			break;
		kept++;
	}
	return kept;
}

/*
 * Source and target are one queue: only the wake part runs.  Linux leaves the
 * order as it is too, but counts those it would have moved: requeue-same-key-
 * counts-woken, scenarios/requeue/same-key-counts-woken.yaml.
 */
static int64_t requeue_to_same(struct requeue *r,
			       struct wait_condition condition)
{
	int64_t count;

	kmutex_lock(&r->src->wq_mutex);
	count = check(condition);
	if (!count) {
		count = (int64_t)wake_locked(r);
		if (!quirk(QUIRK_REQUEUE_SAME_KEY_COUNTS_WOKEN))
			count += (int64_t)count_kept(r);
	}
	kmutex_unlock(&r->src->wq_mutex);
	return count;
}

static int64_t requeue_in_two_sections(struct requeue *r,
				       struct wait_condition condition)
{
	struct list drained;
	struct waiter *w;
	int64_t count;

	list_init(&drained);
	kmutex_lock(&r->src->wq_mutex);
	count = check(condition);
	if (!count) {
		count = (int64_t)wake_locked(r);
		count += (int64_t)move_locked(r, &drained);
	}
	kmutex_unlock(&r->src->wq_mutex);

	kmutex_lock(&r->dst->wq_mutex);
	while ((w = list_pop_front(&drained))) {
		list_push_back(&r->dst->waiters, &w->node);
		knote_queue(KNOTE_QUEUE_APPEND, &r->dst->wq_mutex, w->waker);
	}
	kmutex_unlock(&r->dst->wq_mutex);
	return count;
}

int64_t wait_queue_wake_requeue_if(struct wait_queue *src, uint64_t wake_count,
				   uint32_t wake_mask, uint64_t requeue_count,
				   struct futex_wait_cleanup target_cleanup,
				   struct wait_queue *dst,
				   struct wait_condition condition)
{
	struct requeue r = {
		.src = src,
		.dst = dst,
		.wake_count = wake_count,
		.wake_mask = wake_mask,
		.requeue_count = requeue_count,
		.target_cleanup = &target_cleanup,
	};
	int64_t count;

	list_init(&r.woken);
	if (src == dst)
		count = requeue_to_same(&r, condition);
	else if (quirk(QUIRK_REQUEUE_IN_TWO_SECTIONS))
		count = requeue_in_two_sections(&r, condition);
	else
		count = requeue_to_other(&r, condition);
	waiters_wake_all(&r.woken);
	futex_wait_cleanup_drop(&target_cleanup);
	return count;
}
