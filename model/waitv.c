/*
 * waitv.c - futex_waitv: asleep in the queues of several words at once.
 *
 * Each word is compared, and its waiter queued, under the mutex of its queue
 * alone; nobody holds several.  So one word may be woken while the next is not
 * queued yet, and what then stands in the way of going on - a word that
 * differs, a page that is not there - must not hide that wake-up:
 *
 *	sleeper				waker
 *	queues on F
 *					wakes on F: counts the sleeper
 *	G differs: leaves F
 *	returns 0, for F was woken; EAGAIN would lose the wake-up
 *
 * The latter is the quirk waitv-setup-swallows-wake.  Asleep, the waiter may be
 * woken on several words before it has left all queues; it tells of one, and
 * the wakers have counted all.
 *
 * A waiter of one word may be moved by a requeue like any other, and then
 * waits on the target in its stead; the place in the array stays the same.
 */
#include <errno.h>
#include <stddef.h>

#include "model/futex.h"
#include "model/syscall.h"

/* One word that is waited on. */
struct futex_vector {
	struct kwaitv w;
	enum futex_key_mode mode;
	struct futex_key key;
	struct futex_table *table; /* a reference */
	struct futex_guard guard;
	struct kwaker *waker; /* a part of the wait's */
	struct waiter_state *state; /* a reference; NULL: in no queue */
};

struct futex_waitv {
	struct futex_vector *words;
	uint32_t count;
	struct wait_timeout timeout;
	struct ktimer *timer; /* NULL: none */
	struct kwaker *waker;
};

/* Not a result: all words are queued, or all are to be queued anew. */
enum {
	QUEUED = 1 << 16,
	AGAIN,
};

/* ---- words ------------------------------------------------------------- */

static int parse_word(struct futex_vector *v, uint64_t array, uint32_t index)
{
	const uint32_t known = FUTEX_32 | FUTEX_PRIVATE_FLAG;
	int error = kuser_read_waitv(array, index, &v->w);

	if (error)
		return error;
	if ((v->w.flags & ~known) || v->w.reserved || !(v->w.flags & FUTEX_32))
		return -EINVAL;
	/* It could never be equal. */
	if (v->w.val > UINT32_MAX)
		return -EINVAL;
	v->mode = v->w.flags & FUTEX_PRIVATE_FLAG ? FUTEX_KEY_PRIVATE
						  : FUTEX_KEY_AUTO;
	return 0;
}

static int parse_words(struct futex_waitv *f, uint64_t array)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < f->count && !error; i++)
		error = parse_word(&f->words[i], array, i);
	return error;
}

/* The entry of a word: in the table as long as the guard holds it. */
static int find_word(struct futex_vector *v)
{
	int error = -EINVAL;

	if (v->w.uaddr % 4 == 0)
		error = futex_key_get(v->w.uaddr, v->mode, FUTEX_READ, &v->key);
	if (error)
		return error;
	v->table = futex_table_for(&v->key);
	v->guard = futex_table_get_or_insert(v->table, &v->key);
	return 0;
}

static int find_words(struct futex_waitv *f)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < f->count && !error; i++)
		error = find_word(&f->words[i]);
	return error;
}

static void drop_words(struct futex_waitv *f)
{
	struct futex_vector *v;
	uint32_t i;

	for (i = f->count; i > 0; i--) {
		v = &f->words[i - 1];
		if (v->waker)
			kwaker_put(v->waker);
		if (!v->table)
			continue;
		futex_guard_drop(&v->guard);
		futex_table_put(v->table);
		futex_key_drop(&v->key);
	}
}

/* ---- queues ------------------------------------------------------------ */

/* Returns 1 if it is in the queue now, 0 if the word differs, or -errno. */
static int queue_word(struct futex_vector *v)
{
	struct wait_queue *q = &v->guard.inner->wq;
	uint32_t word;
	int result;

	kmutex_lock(&q->wq_mutex);
	result = futex_load_locked(v->w.uaddr, &word);
	if (!result && word == (uint32_t)v->w.val) {
		v->state = waiter_state_new(
			futex_table_cleanup_for(v->table, &v->key));
		wait_queue_push(q, v->waker, FUTEX_BITSET_MATCH_ANY, v->state);
		result = 1;
	}
	kmutex_unlock(&q->wq_mutex);
	return result;
}

/* Leave the queues of the first @count words.  Returns a woken one, or -1. */
static int unqueue_words(struct futex_waitv *f, uint32_t count)
{
	struct futex_vector *v;
	int woken = -1;
	uint32_t i;

	for (i = 0; i < count; i++) {
		v = &f->words[i];
		katomic_store(&v->state->cancelled, true);
		waiter_state_remove_from_current_queue(v->state);
		/* Out of every queue: woken cannot change any more. */
		if (katomic_load(&v->state->woken))
			woken = (int)i;
		waiter_state_put(v->state);
		v->state = NULL;
	}
	return woken;
}

/* The word at @index could not be queued, and why. */
static int give_up(struct futex_waitv *f, uint32_t index, int error)
{
	int woken = unqueue_words(f, index);
	uint32_t word;

	/* scenarios/waitv/woken-while-it-queues.yaml */
	if (woken >= 0 && !quirk(QUIRK_WAITV_SETUP_SWALLOWS_WAKE))
		return woken;
	if (!error)
		return -EAGAIN;
	/* In no queue, so that no wake-up is missed while the page comes. */
	error = kuser_load32(f->words[index].w.uaddr, &word);
	return error ? error : AGAIN;
}

static int queue_words(struct futex_waitv *f)
{
	uint32_t i;
	int result;

	for (i = 0; i < f->count; i++) {
		result = queue_word(&f->words[i]);
		if (result <= 0)
			return give_up(f, i, result);
	}
	return QUEUED;
}

/* ---- the wait ---------------------------------------------------------- */

static bool has_expired(struct futex_waitv *f)
{
	return f->timer && ktimer_poll(f->timer, f->waker);
}

/* All words are queued.  Returns which was woken, -errno, or AGAIN. */
static int sleep_once(struct futex_waitv *f)
{
	bool is_over = has_expired(f), is_interrupted = false;
	int woken;

	if (!is_over) {
		is_interrupted = kinterrupt_take();
		if (!is_interrupted)
			kpark(f->waker);
	}
	woken = unqueue_words(f, f->count);
	if (woken >= 0)
		return woken;
	if (is_over || has_expired(f))
		return -ETIMEDOUT;
	if (is_interrupted || kinterrupt_take())
		return -EINTR;
	return AGAIN;
}

static int wait_on_words(struct futex_waitv *f)
{
	bool has_deadline = f->timeout.ns != KTIME_NEVER;
	int result;

	f->timeout = wait_timeout_start(&f->timeout);
	if (has_deadline)
		f->timer = ktimer_arm(f->timeout.clock, f->timeout.ns);
	do {
		kinterrupt_register(f->waker);
		result = queue_words(f);
		if (result == QUEUED)
			result = sleep_once(f);
	} while (result == AGAIN);
	if (f->timer)
		ktimer_cancel(f->timer);
	return result;
}

/* ---- the call ---------------------------------------------------------- */

static int wait_with_wakers(struct futex_waitv *f)
{
	int result;
	uint32_t i;

	f->waker = kwaker_new();
	for (i = 0; i < f->count; i++)
		f->words[i].waker = kwaker_new_part(f->waker, i);
	result = wait_on_words(f);
	kwaker_put(f->waker);
	return result;
}

static int waitv(struct futex_waitv *f, uint64_t array)
{
	int result;

	f->words = kalloc(f->count * sizeof(*f->words), "futex_vector");
	result = parse_words(f, array);
	if (!result)
		result = find_words(f);
	if (!result)
		result = wait_with_wakers(f);
	drop_words(f);
	kfree(f->words);
	return result;
}

long sys_futex_waitv(uint64_t waiters, uint32_t nr, uint32_t flags,
		     uint64_t timeout, uint32_t clockid)
{
	struct futex_waitv f = {.count = nr};
	enum kclock clock = clockid == FUTEX_CLOCKID_REALTIME
				    ? KCLOCK_WALL
				    : KCLOCK_MONOTONIC;
	int error;

	/* scenarios/waitv/not-there.yaml */
	if (quirk(QUIRK_NO_WAITV))
		return -ENOSYS;
	if (flags || !nr || nr > FUTEX_WAITV_MAX || !waiters)
		return -EINVAL;
	if (timeout && clockid != FUTEX_CLOCKID_REALTIME &&
	    clockid != FUTEX_CLOCKID_MONOTONIC)
		return -EINVAL;
	error = futex_read_timeout(timeout, true, clock, &f.timeout);
	return error ? error : waitv(&f, waiters);
}
