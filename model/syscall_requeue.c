/*
 * syscall_requeue.c - FUTEX_REQUEUE and FUTEX_CMP_REQUEUE: two keys, two
 * queues, one comparison.
 */
#include "model/syscall.h"

#include <errno.h>
#include <stddef.h>

#include "model/futex.h"

/* The condition of FUTEX_CMP_REQUEUE; FUTEX_REQUEUE has none. */
static int word_is_val3(void *arg)
{
	const struct futex_call *c = arg;
	uint32_t word;
	int error;

	if (c->cmd != FUTEX_CMP_REQUEUE)
		return true;
	error = futex_load_locked(c->uaddr, &word);
	return error ? error : word == c->val3;
}

static int always(void *arg)
{
	(void)arg;
	return true;
}

/* Nobody waits on the source: only the comparison is left to do. */
static long requeue_nobody(struct futex_call *c)
{
	uint32_t word;
	int error;

	if (c->cmd != FUTEX_CMP_REQUEUE)
		return 0;
	error = kuser_load32(c->uaddr, &word);
	if (error)
		return error;
	return word == c->val3 ? 0 : -EAGAIN;
}

/* The source entry exists and is guarded. */
static long requeue_from(struct futex_call *c, struct futex_guard *source,
			 struct futex_guard *target,
			 struct futex_wait_cleanup target_cleanup)
{
	struct wait_condition condition = {word_is_val3, c};
	int64_t count;

	/*
	 * Compared before the queues are locked, the word may change in
	 * between, and those who wait for its new value are moved:
	 * scenarios/history/compare-outside-lock.yaml.
	 */
	if (quirk(QUIRK_COMPARE_OUTSIDE_LOCK)) {
		long result = requeue_nobody(c);

		if (result) {
			futex_wait_cleanup_drop(&target_cleanup);
			return result;
		}
		condition.check = always;
	}
	count = wait_queue_wake_requeue_if(&source->inner->wq, c->val,
					   FUTEX_BITSET_MATCH_ANY,
					   (uint32_t)c->timeout, target_cleanup,
					   &target->inner->wq, condition);
	if (count > 0)
		kyield();
	return (long)count;
}

static long requeue_to(struct futex_call *c, const struct futex_key *key2,
		       struct futex_table *table2)
{
	struct futex_guard target = futex_table_get_or_insert(table2, key2);
	struct futex_wait_cleanup target_cleanup;
	struct futex_guard source;
	uint32_t word;
	long result;

	do {
		target_cleanup = futex_table_cleanup_for(table2, key2);
		source = futex_table_get(c->table, &c->key);
		if (source.inner) {
			result = requeue_from(c, &source, &target,
					      target_cleanup);
		} else {
			result = requeue_nobody(c);
			futex_wait_cleanup_drop(&target_cleanup);
		}
		futex_guard_drop(&source);
		/* The page is gone, or it has to be brought in. */
	} while (result == -EFAULT &&
		 !quirk(QUIRK_FAULT_WITH_THE_QUEUE_LOCKED) &&
		 !kuser_load32(c->uaddr, &word));
	futex_guard_drop(&target);
	return result;
}

/* scenarios/syscall/private-words-are-not-read.yaml */
static int read_words(const struct futex_call *c)
{
	uint32_t word;
	int error = 0;

	if (c->cmd == FUTEX_REQUEUE)
		error = kuser_load32(c->uaddr, &word);
	if (error)
		return error;
	if (c->uaddr2 % 4)
		return -EINVAL;
	return kuser_load32(c->uaddr2, &word);
}

long futex_requeue(struct futex_call *c)
{
	struct futex_table *table2;
	struct futex_key key2;
	long result = 0;

	if ((int32_t)c->val < 0 || (int32_t)(uint32_t)c->timeout < 0)
		return -EINVAL;
	if (quirk(QUIRK_CALLS_READ_THEIR_WORDS))
		result = read_words(c);
	else if (c->uaddr2 % 4)
		result = -EINVAL;
	if (!result)
		result = futex_key_get(c->uaddr2, c->mode, FUTEX_READ, &key2);
	if (result)
		return result;
	table2 = futex_table_for(&key2);
	result = requeue_to(c, &key2, table2);
	futex_table_put(table2);
	futex_key_drop(&key2);
	return result;
}
