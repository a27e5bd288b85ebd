/* test_wait_queue.c - one queue: waking, counting, removing, purging. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

START_TEST(wake_of_an_empty_queue_wakes_nobody)
{
	struct wait_queue *q = queue_new();

	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 0);
	fake_assert_log("wq.lock wq.unlock");
	queue_free(q);
}
END_TEST

START_TEST(wake_takes_the_oldest_first)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);
	struct fake_task *b = waiter_new("B", q, ALL, KTIME_NEVER);

	fake_log_clear();
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 1);
	fake_assert_notes("charge:A");
	fake_run_all();
	assert_done(a, 1);
	assert_asleep(b);
	fake_end_all();
	queue_free(q);
}
END_TEST

/* Three sleepers: a count of 0 to 4 wakes min(count, 3). */
START_TEST(wake_wakes_at_most_its_count)
{
	const uint64_t count = (uint64_t)_i, expected = count < 3 ? count : 3;
	struct wait_queue *q = queue_new();
	unsigned int i, done = 0;
	struct fake_task *t[3];

	for (i = 0; i < 3; i++)
		t[i] = waiter_new("T", q, ALL, KTIME_NEVER);
	ck_assert_uint_eq(wait_queue_wake(q, count, ALL), expected);
	fake_run_all();
	for (i = 0; i < 3; i++)
		done += fake_is_done(t[i]);
	ck_assert_uint_eq(done, expected);
	fake_end_all();
	queue_free(q);
}
END_TEST

/* Two sleepers, masks 01 and 10: a wake with 10 passes the older one over. */
START_TEST(wake_skips_a_waiter_whose_bitset_does_not_match)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, 0x1, KTIME_NEVER);
	struct fake_task *b = waiter_new("B", q, 0x2, KTIME_NEVER);

	ck_assert_uint_eq(wait_queue_wake(q, 1, 0x2), 1);
	fake_run_all();
	assert_asleep(a);
	assert_done(b, 1);
	ck_assert_uint_eq(wait_queue_wake(q, 1, 0x2), 0);
	ck_assert_uint_eq(wait_queue_wake(q, 1, 0x80000001), 1);
	fake_run_all();
	assert_done(a, 1);
	queue_free(q);
}
END_TEST

START_TEST(wake_with_no_bits_wakes_nobody)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);

	ck_assert_uint_eq(wait_queue_wake(q, 1, 0), 0);
	assert_asleep(a);
	fake_end_all();
	queue_free(q);
}
END_TEST

/* All are charged under the mutex; wakers fire after it, oldest first. */
START_TEST(wake_fires_its_wakers_after_the_unlock)
{
	struct wait_queue *q = queue_new();

	waiter_new("A", q, ALL, KTIME_NEVER);
	waiter_new("B", q, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_uint_eq(wait_queue_wake(q, 2, ALL), 2);
	fake_assert_log("wq.lock cancelled.load woken.store "
			"cancelled.load woken.store "
			"ref.put(state) ref.put(state) wq.unlock "
			"task.wake task.wake");
	fake_assert_notes("charge:A charge:B");
	fake_run_all();
	queue_free(q);
}
END_TEST

/*
 * A waiter that has given up is in the queue until its sleeper gets the
 * mutex.  Returns one in that state: it has timed out and set cancelled.
 */
static struct fake_task *given_up(const char *name, struct wait_queue *q)
{
	struct fake_task *t = waiter_new(name, q, ALL, 10);

	fake_clock_advance(10);
	fake_run_past(t, "cancelled.store");
	return t;
}

START_TEST(wake_passes_over_and_drops_a_waiter_that_has_given_up)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = given_up("A", q);
	struct fake_task *b = waiter_new("B", q, ALL, KTIME_NEVER);

	fake_log_clear();
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 1);
	fake_assert_notes("drop:A charge:B");
	fake_run_all();
	assert_done(a, -ETIMEDOUT);
	assert_done(b, 1);
	queue_free(q);
}
END_TEST

/* B is behind the one that is woken, and still it goes. */
START_TEST(wake_looks_at_the_whole_queue_for_waiters_that_have_given_up)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);
	struct fake_task *b = given_up("B", q);

	fake_log_clear();
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 1);
	fake_assert_notes("charge:A drop:B");
	fake_run_all();
	assert_done(a, 1);
	assert_done(b, -ETIMEDOUT);
	queue_free(q);
}
END_TEST

START_TEST(a_queue_of_waiters_that_have_given_up_is_empty)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = given_up("A", q);

	ck_assert(wait_queue_is_empty(q));
	ck_assert(list_is_empty(&q->waiters));
	fake_run_all();
	assert_done(a, -ETIMEDOUT);
	queue_free(q);
}
END_TEST

START_TEST(a_queue_with_a_sleeper_is_not_empty)
{
	struct wait_queue *q = queue_new();

	ck_assert(wait_queue_is_empty(q));
	waiter_new("A", q, ALL, KTIME_NEVER);
	ck_assert(!wait_queue_is_empty(q));
	fake_end_all();
	ck_assert(wait_queue_is_empty(q));
	queue_free(q);
}
END_TEST

static const struct waiter *first_waiter(const struct wait_queue *q)
{
	return (const void *)q->waiters.next;
}

/* Of A and B, B is removed and then A: only then is the queue empty. */
START_TEST(remove_takes_one_waiter_off_and_tells_whether_none_is_left)
{
	struct wait_queue *q = queue_new();
	const struct waiter_state *a, *b;

	waiter_new("A", q, ALL, KTIME_NEVER);
	waiter_new("B", q, ALL, KTIME_NEVER);
	a = first_waiter(q)->state;
	b = ((const struct waiter *)(const void *)first_waiter(q)->node.next)
		    ->state;
	fake_log_clear();
	ck_assert(!wait_queue_remove_waiter(q, b));
	ck_assert(!wait_queue_remove_waiter(q, b));
	ck_assert(wait_queue_remove_waiter(q, a));
	fake_assert_notes("remove:B remove:A");
	fake_end_all();
	queue_free(q);
}
END_TEST

START_TEST(remove_does_not_purge_others_that_have_given_up)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = given_up("A", q);

	waiter_new("B", q, ALL, KTIME_NEVER);
	ck_assert(!wait_queue_remove_waiter(
		q,
		((const struct waiter *)(const void *)q->waiters.prev)->state));
	ck_assert_ptr_eq(first_waiter(q), q->waiters.prev);
	fake_end_all();
	assert_done(a, -ETIMEDOUT);
	queue_free(q);
}
END_TEST

/* ---- the state of a waiter --------------------------------------------- */

static struct futex_wait_cleanup cleanup_of(struct futex_table *table,
					    uint64_t key)
{
	futex_table_get_ref(table);
	return (struct futex_wait_cleanup){table, key, NULL};
}

START_TEST(cleanup_may_be_set_until_the_wait_is_cancelled)
{
	struct futex_table *t = futex_table_new();
	struct waiter_state *s = waiter_state_new(cleanup_of(t, 0x1000));

	ck_assert(waiter_state_set_cleanup_if_not_cancelled(
		s, cleanup_of(t, 0x2000)));
	ck_assert_uint_eq(s->cleanup.key, 0x2000);
	ck_assert_uint_eq(t->ref.count, 2);

	katomic_store(&s->cancelled, true);
	ck_assert(!waiter_state_set_cleanup_if_not_cancelled(
		s, cleanup_of(t, 0x3000)));
	ck_assert_uint_eq(s->cleanup.key, 0x2000);
	ck_assert_uint_eq(t->ref.count, 2);
	waiter_state_put(s);
	ck_assert_uint_eq(t->ref.count, 1);
	futex_table_put(t);
}
END_TEST

START_TEST(cancelled_is_looked_at_under_the_cleanup_mutex)
{
	struct waiter_state *s =
		waiter_state_new((struct futex_wait_cleanup){NULL, 0, NULL});

	fake_log_clear();
	waiter_state_set_cleanup_if_not_cancelled(
		s, (struct futex_wait_cleanup){NULL, 0, NULL});
	fake_assert_log("cleanup.lock cancelled.load cleanup.unlock");
	waiter_state_put(s);
}
END_TEST

START_TEST(a_state_without_cleanup_is_in_no_current_queue)
{
	struct waiter_state *s =
		waiter_state_new((struct futex_wait_cleanup){NULL, 0, NULL});

	fake_log_clear();
	ck_assert(!waiter_state_remove_from_current_queue(s));
	fake_assert_log("cleanup.lock cleanup.unlock");
	waiter_state_put(s);
}
END_TEST

/* The look-up happens with a copy, after the cleanup mutex is released. */
START_TEST(a_state_with_cleanup_is_removed_through_the_table)
{
	struct futex_table *t = futex_table_new();
	struct waiter_state *s = waiter_state_new(cleanup_of(t, 0x1000));

	fake_log_clear();
	ck_assert(waiter_state_remove_from_current_queue(s));
	fake_assert_log("cleanup.lock ref.get(table) cleanup.unlock "
			"table.lock table.unlock ref.put(table)");
	waiter_state_put(s);
	futex_table_put(t);
}
END_TEST

START_TEST(a_copy_of_a_cleanup_holds_its_table)
{
	struct futex_table *t = futex_table_new();
	struct futex_wait_cleanup a = cleanup_of(t, 0x1000), b;

	b = futex_wait_cleanup_clone(&a);
	ck_assert_uint_eq(t->ref.count, 3);
	ck_assert_uint_eq(b.key, 0x1000);
	futex_wait_cleanup_drop(&b);
	futex_wait_cleanup_drop(&b);
	ck_assert_uint_eq(t->ref.count, 2);
	futex_wait_cleanup_drop(&a);
	futex_table_put(t);
}
END_TEST

/* ---- the mutex of a queue ---------------------------------------------- */

static int touch_lazy_word(void *arg)
{
	uint32_t word;

	(void)arg;
	return kuser_load32(0x1000, &word) == 0 && word == 7;
}

/*
 * A's look at its word faults while a sibling holds the address space; B,
 * who wants to wake A, waits for the queue that A holds asleep.
 */
START_TEST(a_sleeper_may_hold_the_queue_while_its_word_faults)
{
	const struct wait_condition condition = {touch_lazy_word, NULL};
	struct wait_queue *q = queue_new();
	struct fake_task *a, *b;

	fake_store(0x1000, 7);
	fake_make_lazy(0x1000);
	fake_aspace_lock(fake_process_first());
	a = waiter_of("A", q, ALL, KTIME_NEVER, condition);
	fake_run(a);
	b = waker_of("B", q, 1, ALL);
	fake_run(b);
	assert_asleep(a);
	assert_asleep(b);
	fake_aspace_unlock(fake_process_first());
	fake_run_all();
	assert_done(a, 1);
	assert_done(b, 1);
	queue_free(q);
}
END_TEST

START_TEST(pushing_without_the_mutex_is_a_kernel_bug)
{
	struct wait_queue *q = queue_new();
	struct waiter_state *s =
		waiter_state_new((struct futex_wait_cleanup){NULL, 0, NULL});

	fake_assert_bug(wait_queue_push(q, kwaker_new(), ALL, s));
}
END_TEST

START_TEST(purging_without_the_mutex_is_a_kernel_bug)
{
	struct wait_queue *q = queue_new();

	fake_assert_bug(wait_queue_drop_cancelled(q));
}
END_TEST

Suite *wait_queue_suite(void)
{
	const TTest *const tests[] = {
		wake_of_an_empty_queue_wakes_nobody,
		wake_takes_the_oldest_first,
		wake_skips_a_waiter_whose_bitset_does_not_match,
		wake_with_no_bits_wakes_nobody,
		wake_fires_its_wakers_after_the_unlock,
		wake_passes_over_and_drops_a_waiter_that_has_given_up,
		wake_looks_at_the_whole_queue_for_waiters_that_have_given_up,
		a_queue_of_waiters_that_have_given_up_is_empty,
		a_queue_with_a_sleeper_is_not_empty,
		remove_takes_one_waiter_off_and_tells_whether_none_is_left,
		remove_does_not_purge_others_that_have_given_up,
		cleanup_may_be_set_until_the_wait_is_cancelled,
		cancelled_is_looked_at_under_the_cleanup_mutex,
		a_state_without_cleanup_is_in_no_current_queue,
		a_state_with_cleanup_is_removed_through_the_table,
		a_copy_of_a_cleanup_holds_its_table,
		a_sleeper_may_hold_the_queue_while_its_word_faults,
		pushing_without_the_mutex_is_a_kernel_bug,
		purging_without_the_mutex_is_a_kernel_bug,
	};
	Suite *suite = MODEL_SUITE("wait_queue", tests);
	TCase *loop = tcase_create("counts");

	tcase_add_checked_fixture(loop, starry_setup, model_teardown);
	tcase_add_loop_test(loop, wake_wakes_at_most_its_count, 0, 5);
	suite_add_tcase(suite, loop);
	return suite;
}
