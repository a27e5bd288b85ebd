/*
 * wait_queue.c - queueing, waking and removing waiters of one word.
 *
 * The queue's mutex sleeps: whoever holds it re-checks user memory, which may
 * fault.  Wakers are collected under it and fired after it is released, for a
 * woken task takes it at once.
 */
#include "model/wait_queue.h"

#include "model/quirks.h"
#include "model/table.h"

struct futex_wait_cleanup
futex_wait_cleanup_clone(const struct futex_wait_cleanup *cleanup)
{
	if (cleanup->table)
		futex_table_get_ref(cleanup->table);
	if (cleanup->region)
		kidentity_get_weak(cleanup->region);
	return *cleanup;
}

void futex_wait_cleanup_drop(struct futex_wait_cleanup *cleanup)
{
	if (cleanup->table)
		futex_table_put(cleanup->table);
	if (cleanup->region)
		kidentity_put_weak(cleanup->region);
	cleanup->table = NULL;
	cleanup->region = NULL;
}

struct waiter_state *waiter_state_new(struct futex_wait_cleanup cleanup)
{
	struct waiter_state *state = kalloc(sizeof(*state), "waiter_state");

	kref_init(&state->ref, KOBJECT_STATE);
	katomic_init(&state->woken, KOBJECT_WOKEN, false);
	katomic_init(&state->cancelled, KOBJECT_CANCELLED, false);
	kmutex_init(&state->cleanup_mutex, KOBJECT_CLEANUP);
	state->cleanup = cleanup;
	return state;
}

void waiter_state_put(struct waiter_state *state)
{
	if (!kref_put(&state->ref))
		return;
	futex_wait_cleanup_drop(&state->cleanup);
	kfree(state);
}

bool waiter_state_set_cleanup_if_not_cancelled(
	struct waiter_state *state, struct futex_wait_cleanup cleanup)
{
	kmutex_lock(&state->cleanup_mutex);
	if (katomic_load(&state->cancelled)) {
		kmutex_unlock(&state->cleanup_mutex);
		futex_wait_cleanup_drop(&cleanup);
		return false;
	}
	futex_wait_cleanup_drop(&state->cleanup);
	state->cleanup = cleanup;
	kmutex_unlock(&state->cleanup_mutex);
	return true;
}

bool waiter_state_remove_from_current_queue(struct waiter_state *state)
{
	struct futex_wait_cleanup cleanup;

	kmutex_lock(&state->cleanup_mutex);
	cleanup = futex_wait_cleanup_clone(&state->cleanup);
	kmutex_unlock(&state->cleanup_mutex);
	if (!cleanup.table)
		return false;
	futex_table_remove_waiter(cleanup.table, cleanup.key, state);
	futex_wait_cleanup_drop(&cleanup);
	return true;
}

/* Waiter's drop: the waker first, then the reference to the state. */
static void waiter_drop(struct waiter *w)
{
	kwaker_put(w->waker);
	waiter_state_put(w->state);
	kfree(w);
}

static void waiters_drop(struct list *removed)
{
	struct waiter *w;

	while ((w = list_pop_front(removed)))
		waiter_drop(w);
}

bool waiter_is_cancelled(struct waiter *w)
{
	/* Before there was a state, a queue could not know. */
	if (quirk(QUIRK_NO_CANCEL_CLEANUP))
		return false;
	return katomic_load(&w->state->cancelled);
}

static void waiter_move(struct waiter *w, struct list *to)
{
	list_remove(&w->node);
	list_push_back(to, &w->node);
}

void waiter_charge(struct wait_queue *q, struct waiter *w, struct list *woken)
{
	if (!quirk(QUIRK_NO_CANCEL_CLEANUP))
		katomic_store(&w->state->woken, true);
	knote_queue(KNOTE_QUEUE_CHARGE, &q->wq_mutex, w->waker);
	waiter_move(w, woken);
}

void waiters_drop_states(struct list *woken)
{
	struct waiter *w;

	list_each(w, woken) {
		if (!w->state)
			continue;
		waiter_state_put(w->state);
		w->state = NULL;
	}
}

void waiters_wake_all(struct list *woken)
{
	struct waiter *w;

	while ((w = list_pop_front(woken))) {
		kunpark(w->waker);
		kwaker_put(w->waker);
		kfree(w);
	}
}

void wait_queue_init(struct wait_queue *q)
{
	kmutex_init(&q->wq_mutex, KOBJECT_WQ);
	list_init(&q->waiters);
}

void wait_queue_push(struct wait_queue *q, struct kwaker *waker,
		     uint32_t bitset, struct waiter_state *state)
{
	struct waiter *w = kalloc(sizeof(*w), "waiter");

	kmutex_assert_held(&q->wq_mutex);
	w->waker = kwaker_get(waker);
	w->bitset = bitset;
	kref_get(&state->ref);
	w->state = state;
	list_push_back(&q->waiters, &w->node);
	knote_queue(KNOTE_QUEUE_PUSH, &q->wq_mutex, waker);
}

void wait_queue_drop_cancelled(struct wait_queue *q)
{
	struct waiter *w, *next;
	struct list removed;

	kmutex_assert_held(&q->wq_mutex);
	list_init(&removed);
	list_each_safe(w, next, &q->waiters) {
		if (!waiter_is_cancelled(w))
			continue;
		knote_queue(KNOTE_QUEUE_DROP, &q->wq_mutex, w->waker);
		waiter_move(w, &removed);
	}
	waiters_drop(&removed);
}

uint64_t wait_queue_take(struct wait_queue *q, uint64_t count, uint32_t mask,
			 struct list *woken)
{
	struct waiter *w, *next;
	struct list removed;
	uint64_t woke = 0;

	kmutex_assert_held(&q->wq_mutex);
	list_init(&removed);
	list_each_safe(w, next, &q->waiters) {
		if (waiter_is_cancelled(w)) {
			knote_queue(KNOTE_QUEUE_DROP, &q->wq_mutex, w->waker);
			waiter_move(w, &removed);
			continue;
		}
		if (woke >= count || !(w->bitset & mask))
			continue;
		waiter_charge(q, w, woken);
		woke++;
	}
	waiters_drop(&removed);
	waiters_drop_states(woken);
	return woke;
}

uint64_t wait_queue_wake(struct wait_queue *q, uint64_t count, uint32_t mask)
{
	struct list woken;
	uint64_t woke;

	list_init(&woken);
	kmutex_lock(&q->wq_mutex);
	woke = wait_queue_take(q, count, mask, &woken);
	kmutex_unlock(&q->wq_mutex);

	/*
	 * A deadline that passes between the store of woken above and the
	 * sleeper's own look at it loses this wake-up under the quirk
	 * timeout-swallows-wake: scenarios/timeout/swallows-wake.yaml.
	 */
	waiters_wake_all(&woken);
	return woke;
}

bool wait_queue_remove_waiter(struct wait_queue *q,
			      const struct waiter_state *state)
{
	struct waiter *w, *next;
	struct list removed;
	bool is_empty;

	list_init(&removed);
	kmutex_lock(&q->wq_mutex);
	list_each_safe(w, next, &q->waiters) {
		if (w->state != state)
			continue;
		knote_queue(KNOTE_QUEUE_REMOVE, &q->wq_mutex, w->waker);
		waiter_move(w, &removed);
	}
	waiters_drop(&removed);
	is_empty = list_is_empty(&q->waiters);
	kmutex_unlock(&q->wq_mutex);
	return is_empty;
}

bool wait_queue_is_empty(struct wait_queue *q)
{
	bool is_empty;

	kmutex_lock(&q->wq_mutex);
	wait_queue_drop_cancelled(q);
	is_empty = list_is_empty(&q->waiters);
	kmutex_unlock(&q->wq_mutex);
	return is_empty;
}
