/* test_requeue.c - waking and moving between two queues at once. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define FROM 0x1000u
#define TO 0x2000u

/* The source and target entries in one table, guarded for the test's time. */
static struct futex_table *table;
static struct futex_guard source, target;
static struct wait_queue *src, *dst;

static struct futex_guard guard_of(uint64_t value)
{
	struct futex_key key = {.value = value};

	return futex_table_get_or_insert(table, &key);
}

/* Entries are made source first, unless @reversed: then dst is lower. */
static void make_queues(bool reversed)
{
	table = futex_table_new();
	if (reversed)
		target = guard_of(TO);
	source = guard_of(FROM);
	if (!reversed)
		target = guard_of(TO);
	src = &source.inner->wq;
	dst = &target.inner->wq;
	ck_assert((kaddress(src) > kaddress(dst)) == reversed);
}

static void starry_with_queues(void)
{
	starry_setup();
	make_queues(false);
}

static void starry_with_queues_reversed(void)
{
	starry_setup();
	make_queues(true);
}

static void teardown_queues(void)
{
	fake_end_all();
	futex_guard_drop(&source);
	futex_guard_drop(&target);
	ck_assert(futex_table_is_empty(table));
	futex_table_put(table);
	model_teardown();
}

static struct futex_wait_cleanup cleanup_for(uint64_t value)
{
	struct futex_key key = {.value = value};

	return futex_table_cleanup_for(table, &key);
}

struct wait_args {
	uint64_t key;
	uint32_t bitset;
	uint64_t timeout_ns;
};

/* As FUTEX_WAIT does: guarded, and with cleanup. */
static long run_guarded_wait(void *arg)
{
	const struct wait_args *w = arg;
	struct futex_guard guard = guard_of(w->key);
	int result = wait_queue_wait_if_with_cleanup(
		&guard.inner->wq, w->bitset, w->timeout_ns, cleanup_for(w->key),
		holds);

	futex_guard_drop(&guard);
	return result;
}

static struct wait_args wait_args[8];
static unsigned int wait_count;

static struct fake_task *sleeper(const char *name, uint64_t key,
				 uint32_t bitset, uint64_t timeout_ns)
{
	struct wait_args *w = &wait_args[wait_count++ % 8];
	struct fake_task *t = fake_task_new(name, run_guarded_wait, w);

	*w = (struct wait_args){key, bitset, timeout_ns};
	fake_run(t);
	assert_asleep(t);
	return t;
}

static int64_t requeue(uint64_t wake, uint64_t move)
{
	return wait_queue_wake_requeue_if(src, wake, ALL, move, cleanup_for(TO),
					  dst, holds);
}

static long run_requeue(void *arg)
{
	(void)arg;
	return requeue(0, 1);
}

START_TEST(requeue_moves_waiters_to_the_tail_of_the_target)
{
	sleeper("A", FROM, ALL, KTIME_NEVER);
	sleeper("B", FROM, ALL, KTIME_NEVER);
	sleeper("T", TO, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_int_eq(requeue(0, 2), 2);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000: T A B");
	fake_assert_notes("drain:A append:A drain:B append:B");
	ck_assert_ptr_null(strstr(fake_log(), "task.wake"));
}
END_TEST

/* Of A B C D: A is woken, B and C move, D stays. */
START_TEST(requeue_wakes_the_first_and_moves_the_next)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);

	sleeper("B", FROM, ALL, KTIME_NEVER);
	sleeper("C", FROM, ALL, KTIME_NEVER);
	sleeper("D", FROM, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_int_eq(requeue(1, 2), 3);
	fake_assert_notes("charge:A drain:B append:B drain:C append:C");
	fake_run(a);
	assert_done(a, 1);
	ck_assert_str_eq(table_text(table), "0x1000: D, 0x2000: B C");
}
END_TEST

/* wake + move of three sleepers, for each count from 0 to 3. */
START_TEST(requeue_counts_what_it_woke_and_what_it_moved)
{
	const uint64_t wake = (uint64_t)_i % 4, move = (uint64_t)_i / 4;
	const uint64_t all = wake + move;

	sleeper("A", FROM, ALL, KTIME_NEVER);
	sleeper("B", FROM, ALL, KTIME_NEVER);
	sleeper("C", FROM, ALL, KTIME_NEVER);
	ck_assert_int_eq(requeue(wake, move), all < 3 ? (int64_t)all : 3);
	fake_run_all();
}
END_TEST

START_TEST(requeue_of_nobody_moves_nobody)
{
	ck_assert_int_eq(requeue(1, 1), 0);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000:");
}
END_TEST

/* The mask passes A over when waking; moving asks no mask. */
START_TEST(the_wake_part_goes_by_its_mask_and_the_move_part_does_not)
{
	struct fake_task *a = sleeper("A", FROM, 0x1, KTIME_NEVER);
	struct fake_task *b = sleeper("B", FROM, 0x2, KTIME_NEVER);

	ck_assert_int_eq(wait_queue_wake_requeue_if(
				 src, 1, 0x2, 1, cleanup_for(TO), dst, holds),
			 2);
	fake_run_all();
	assert_done(b, 1);
	assert_asleep(a);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000: A");
}
END_TEST

START_TEST(a_moved_waiter_keeps_its_bitset)
{
	struct fake_task *a = sleeper("A", FROM, 0x1, KTIME_NEVER);

	requeue(0, 1);
	ck_assert_uint_eq(wait_queue_wake(dst, 1, 0x2), 0);
	ck_assert_uint_eq(wait_queue_wake(dst, 1, 0x1), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

START_TEST(wakers_fire_after_both_queues_are_unlocked)
{
	const char *last_unlock, *wake;

	sleeper("A", FROM, ALL, KTIME_NEVER);
	fake_log_clear();
	requeue(1, 0);
	wake = strstr(fake_log(), "task.wake");
	last_unlock = strstr(fake_log(), "wq.unlock wq.unlock");
	ck_assert_ptr_nonnull(wake);
	ck_assert_ptr_nonnull(last_unlock);
	ck_assert(last_unlock < wake);
	fake_run_all();
}
END_TEST

/* ---- the condition ----------------------------------------------------- */

START_TEST(a_condition_that_fails_leaves_everything_as_it_is)
{
	sleeper("A", FROM, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_int_eq(wait_queue_wake_requeue_if(
				 src, 1, ALL, 1, cleanup_for(TO), dst, fails),
			 -EAGAIN);
	fake_assert_notes("");
	ck_assert_ptr_null(src->wq_mutex.owner);
	ck_assert_ptr_null(dst->wq_mutex.owner);
}
END_TEST

START_TEST(a_condition_that_faults_gives_its_error)
{
	sleeper("A", FROM, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_int_eq(wait_queue_wake_requeue_if(
				 src, 1, ALL, 1, cleanup_for(TO), dst, faults),
			 -EFAULT);
	fake_assert_notes("");
	ck_assert_ptr_null(src->wq_mutex.owner);
	ck_assert_ptr_null(dst->wq_mutex.owner);
}
END_TEST

static int assert_both_held(void *arg)
{
	(void)arg;
	kmutex_assert_held(&src->wq_mutex);
	kmutex_assert_held(&dst->wq_mutex);
	return 1;
}

START_TEST(the_condition_is_asked_with_both_queues_held)
{
	const struct wait_condition condition = {assert_both_held, NULL};

	ck_assert_int_eq(wait_queue_wake_requeue_if(src, 1, ALL, 1,
						    cleanup_for(TO), dst,
						    condition),
			 0);
}
END_TEST

/*
 * Whoever waits for the lower queue does not hold the higher one yet.  Runs
 * with the source lower and with the target lower.
 */
START_TEST(the_queue_with_the_lower_address_is_locked_first)
{
	struct wait_queue *low = kaddress(src) < kaddress(dst) ? src : dst;
	struct wait_queue *high = low == src ? dst : src;
	struct fake_task *r = fake_task_new("R", run_requeue, NULL);

	kmutex_lock(&low->wq_mutex);
	fake_run(r);
	assert_asleep(r);
	ck_assert_ptr_null(high->wq_mutex.owner);
	kmutex_lock(&high->wq_mutex);
	kmutex_unlock(&low->wq_mutex);
	fake_run(r);
	assert_asleep(r);
	ck_assert_ptr_nonnull(low->wq_mutex.owner);
	kmutex_unlock(&high->wq_mutex);
	fake_run(r);
	assert_done(r, 0);
}
END_TEST

/* ---- waiters that have given up ---------------------------------------- */

START_TEST(requeue_drops_waiters_that_have_given_up)
{
	struct fake_task *a = sleeper("A", FROM, ALL, 10);

	sleeper("B", FROM, ALL, KTIME_NEVER);
	fake_clock_advance(10);
	fake_run_past(a, "cancelled.store");
	fake_log_clear();
	ck_assert_int_eq(requeue(0, 2), 1);
	fake_assert_notes("drop:A drain:B append:B");
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000: B");
}
END_TEST

/*
 * A gives up after the purge and before its move: retargeting its cleanup
 * fails, it is dropped and not counted, and the next one moves instead.
 */
START_TEST(a_waiter_that_gives_up_during_the_requeue_is_not_moved)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);
	struct fake_task *r = fake_task_new("R", run_requeue, NULL);

	sleeper("B", FROM, ALL, KTIME_NEVER);
	fake_run_to(r, "cleanup.lock");
	fake_signal(a);
	fake_run_past(a, "cancelled.store");
	fake_log_clear();
	fake_run(r);
	assert_done(r, 1);
	fake_assert_notes("drop:A drain:B append:B");
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000: B");
}
END_TEST

/* A is moved between its setting of cancelled and its look at the cleanup. */
START_TEST(a_waiter_that_gives_up_after_the_move_leaves_the_target)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);
	struct fake_task *r = fake_task_new("R", run_requeue, NULL);

	fake_run_past(r, "cancelled.load");
	fake_signal(a);
	fake_run_to(a, "cancelled.store");
	fake_run_to(r, "wq.unlock");
	fake_run(a);
	assert_asleep(a);
	fake_run(r);
	assert_done(r, 1);
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000:");
}
END_TEST

/* It leaves the target, not the source, and is nowhere then. */
START_TEST(a_moved_waiter_that_times_out_leaves_the_target)
{
	struct fake_task *a = sleeper("A", FROM, ALL, 10);

	ck_assert_int_eq(requeue(0, 1), 1);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000: A");
	fake_clock_advance(10);
	fake_log_clear();
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	fake_assert_notes("remove:A");
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000:");
}
END_TEST

START_TEST(a_moved_waiter_that_is_interrupted_leaves_the_target)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);

	ck_assert_int_eq(requeue(0, 1), 1);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(table), "0x1000:, 0x2000:");
}
END_TEST

START_TEST(a_moved_waiter_is_woken_through_the_target_only)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);

	requeue(0, 1);
	ck_assert_uint_eq(wait_queue_wake(src, 1, ALL), 0);
	ck_assert_uint_eq(wait_queue_wake(dst, 1, ALL), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

/* The table is held by its maker, and by the waiter's future and state. */
START_TEST(the_cleanup_of_a_moved_waiter_holds_the_table_as_before)
{
	uint64_t before;

	sleeper("A", FROM, ALL, KTIME_NEVER);
	before = table->ref.count;
	requeue(0, 1);
	ck_assert_uint_eq(table->ref.count, before);
}
END_TEST

/* ---- one queue --------------------------------------------------------- */

static int64_t requeue_same(uint64_t wake, uint64_t move,
			    struct wait_condition condition)
{
	return wait_queue_wake_requeue_if(src, wake, ALL, move,
					  cleanup_for(FROM), src, condition);
}

START_TEST(within_one_queue_only_the_wake_part_runs)
{
	struct fake_task *a = sleeper("A", FROM, ALL, KTIME_NEVER);

	sleeper("B", FROM, ALL, KTIME_NEVER);
	sleeper("C", FROM, ALL, KTIME_NEVER);
	fake_log_clear();
	ck_assert_int_eq(requeue_same(1, 2, holds), 1);
	fake_assert_notes("charge:A");
	fake_run(a);
	ck_assert_str_eq(table_text(table), "0x1000: B C, 0x2000:");
}
END_TEST

START_TEST(within_one_queue_the_condition_is_asked_too)
{
	sleeper("A", FROM, ALL, KTIME_NEVER);
	ck_assert_int_eq(requeue_same(1, 1, fails), -EAGAIN);
	ck_assert_int_eq(requeue_same(1, 1, faults), -EFAULT);
	ck_assert_ptr_null(src->wq_mutex.owner);
	ck_assert_str_eq(table_text(table), "0x1000: A, 0x2000:");
}
END_TEST

START_TEST(within_one_queue_waiters_that_have_given_up_are_dropped)
{
	struct fake_task *a = sleeper("A", FROM, ALL, 10);

	fake_clock_advance(10);
	fake_run_past(a, "cancelled.store");
	fake_log_clear();
	ck_assert_int_eq(requeue_same(1, 1, holds), 0);
	fake_assert_notes("drop:A");
}
END_TEST

static TCase *case_of(const char *name, SFun setup, const TTest *const *tests,
		      size_t count)
{
	TCase *tcase = tcase_create(name);
	size_t i;

	tcase_add_checked_fixture(tcase, setup, teardown_queues);
	for (i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(
		tcase, requeue_counts_what_it_woke_and_what_it_moved, 0, 16);
	return tcase;
}

/* Everything runs with the source lower, and again with the target lower. */
Suite *requeue_suite(void)
{
	const TTest *const tests[] = {
		requeue_moves_waiters_to_the_tail_of_the_target,
		requeue_wakes_the_first_and_moves_the_next,
		requeue_of_nobody_moves_nobody,
		the_wake_part_goes_by_its_mask_and_the_move_part_does_not,
		a_moved_waiter_keeps_its_bitset,
		wakers_fire_after_both_queues_are_unlocked,
		a_condition_that_fails_leaves_everything_as_it_is,
		a_condition_that_faults_gives_its_error,
		the_condition_is_asked_with_both_queues_held,
		the_queue_with_the_lower_address_is_locked_first,
		requeue_drops_waiters_that_have_given_up,
		a_waiter_that_gives_up_during_the_requeue_is_not_moved,
		a_waiter_that_gives_up_after_the_move_leaves_the_target,
		a_moved_waiter_that_times_out_leaves_the_target,
		a_moved_waiter_that_is_interrupted_leaves_the_target,
		a_moved_waiter_is_woken_through_the_target_only,
		the_cleanup_of_a_moved_waiter_holds_the_table_as_before,
		within_one_queue_only_the_wake_part_runs,
		within_one_queue_the_condition_is_asked_too,
		within_one_queue_waiters_that_have_given_up_are_dropped,
	};
	const size_t count = sizeof(tests) / sizeof(tests[0]);
	Suite *suite = suite_create("requeue");

	suite_add_tcase(suite, case_of("source lower", starry_with_queues,
				       tests, count));
	suite_add_tcase(suite,
			case_of("target lower", starry_with_queues_reversed,
				tests, count));
	return suite;
}
