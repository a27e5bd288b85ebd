/* test_wait.c - one wait: its polls, their order, its end. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

START_TEST(a_wait_whose_condition_fails_does_not_queue)
{
	struct wait_queue *q = queue_new();

	ck_assert_int_eq(wait_queue_wait_if(q, ALL, KTIME_NEVER, fails), 0);
	fake_assert_log("interrupt.register interrupt.take wq.lock wq.unlock");
	fake_assert_notes("");
	queue_free(q);
}
END_TEST

/* A fault of the condition counts as "does not hold". */
START_TEST(a_wait_whose_condition_faults_does_not_queue)
{
	struct wait_queue *q = queue_new();

	ck_assert_int_eq(wait_queue_wait_if(q, ALL, KTIME_NEVER, faults), 0);
	fake_assert_notes("");
	queue_free(q);
}
END_TEST

START_TEST(a_wait_sleeps_until_it_is_woken)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);

	assert_asleep(a);
	fake_assert_log("A:interrupt.register A:interrupt.take A:wq.lock "
			"A:ref.get(state) A:wq.unlock A:task.block");
	fake_assert_notes("push:A");
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 1);
	fake_log_clear();
	fake_run(a);
	assert_done(a, 1);
	fake_assert_log("A:interrupt.register A:interrupt.take A:woken.load "
			"A:ref.put(state)");
	queue_free(q);
}
END_TEST

static void wake_all(void *arg)
{
	wait_queue_wake(arg, 1, ALL);
}

START_TEST(the_tests_own_task_may_sleep_if_somebody_wakes_it)
{
	struct wait_queue *q = queue_new();

	fake_on_park(wake_all, q);
	ck_assert_int_eq(wait_queue_wait_if(q, ALL, KTIME_NEVER, holds), 1);
	queue_free(q);
}
END_TEST

/*
 * B wakes A between A's poll and its sleep.  The permit is there, so A does
 * not sleep but yields and polls again.
 */
START_TEST(a_wake_between_poll_and_sleep_is_not_lost)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_of("A", q, ALL, KTIME_NEVER, holds);

	fake_run_to(a, "task.block");
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 1);
	fake_log_clear();
	fake_run(a);
	assert_done(a, 1);
	fake_assert_log("A:task.block A:task.yield A:interrupt.register "
			"A:interrupt.take A:woken.load A:ref.put(state)");
	queue_free(q);
}
END_TEST

/* Waits on two queues, one after the other. */
static long wait_twice(void *arg)
{
	struct wait_queue **queues = arg;

	wait_queue_wait_if(queues[0], ALL, KTIME_NEVER, holds);
	return wait_queue_wait_if(queues[1], ALL, KTIME_NEVER, holds);
}

/*
 * B has charged A but not yet fired A's waker when a signal ends A's wait.
 * The late waker finds A in its next wait: A looks, and sleeps on.
 */
START_TEST(a_waker_that_outlives_its_wait_does_not_end_the_next)
{
	struct wait_queue *queues[] = {queue_new(), queue_new()};
	struct fake_task *a = fake_task_new("A", wait_twice, queues);
	struct fake_task *b = waker_of("B", queues[0], 1, ALL);

	fake_run(a);
	fake_run_to(b, "task.wake");
	fake_signal(a);
	fake_run(a);
	assert_asleep(a);
	fake_run(b);
	assert_done(b, 1);
	ck_assert(!fake_is_asleep(a));
	fake_log_clear();
	fake_run(a);
	assert_asleep(a);
	fake_assert_log("A:interrupt.register A:interrupt.take A:woken.load "
			"A:wq.lock A:wq.unlock A:task.block");
	ck_assert_uint_eq(wait_queue_wake(queues[1], 1, ALL), 1);
	fake_run(a);
	assert_done(a, 1);
	queue_free(queues[0]);
	queue_free(queues[1]);
}
END_TEST

/* ---- timeouts ---------------------------------------------------------- */

START_TEST(a_wait_ends_at_its_deadline_and_leaves_the_queue)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, 10);

	fake_clock_advance(9);
	assert_asleep(a);
	ck_assert_uint_eq(fake_timer_count(), 1);
	fake_clock_advance(1);
	fake_log_clear();
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	fake_assert_notes("remove:A");
	ck_assert_uint_eq(fake_timer_count(), 0);
	ck_assert_uint_eq(wait_queue_wake(q, 1, ALL), 0);
	queue_free(q);
}
END_TEST

/* The inner future is polled, and queues, before the timer is made. */
START_TEST(the_timer_is_armed_after_the_first_look_at_the_word)
{
	struct wait_queue *q = queue_new();

	waiter_new("A", q, ALL, 10);
	fake_assert_log("A:clock.read A:interrupt.register A:interrupt.take "
			"A:wq.lock A:ref.get(state) A:wq.unlock "
			"A:timer.arm A:timer.poll A:task.block");
	fake_end_all();
	queue_free(q);
}
END_TEST

/* It queues, finds its deadline past and leaves, all in the first poll. */
START_TEST(a_timeout_of_zero_queues_and_ends_in_one_poll)
{
	struct wait_queue *q = queue_new();

	ck_assert_int_eq(wait_queue_wait_if(q, ALL, 0, holds), -ETIMEDOUT);
	fake_assert_notes("push:test remove:test");
	ck_assert_ptr_null(strstr(fake_log(), "task.block"));
	queue_free(q);
}
END_TEST

START_TEST(a_timeout_of_zero_does_not_hide_a_mismatch)
{
	struct wait_queue *q = queue_new();

	ck_assert_int_eq(wait_queue_wait_if(q, ALL, 0, fails), 0);
	ck_assert_uint_eq(fake_timer_count(), 0);
	queue_free(q);
}
END_TEST

START_TEST(a_wait_without_a_timeout_has_no_timer)
{
	struct wait_queue *q = queue_new();

	waiter_new("A", q, ALL, KTIME_NEVER);
	ck_assert_uint_eq(fake_timer_count(), 0);
	ck_assert_ptr_null(strstr(fake_log(), "clock.read"));
	fake_end_all();
	queue_free(q);
}
END_TEST

/* now + (2^64 - 2) overflows once the clock has moved by 2. */
START_TEST(a_deadline_that_overflows_never_comes)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a;

	fake_clock_advance(2);
	a = waiter_new("A", q, ALL, KTIME_NEVER - 1);
	fake_clock_advance(KTIME_NEVER / 2);
	assert_asleep(a);
	fake_end_all();
	assert_done(a, -EINTR);
	queue_free(q);
}
END_TEST

/* The wall clock is an hour ahead; a duration is none the longer for it. */
START_TEST(a_duration_is_counted_on_the_wall_clock)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a;

	fake_set_wall_offset(3600);
	a = waiter_new("A", q, ALL, 10);
	fake_clock_advance(9);
	assert_asleep(a);
	fake_clock_advance(1);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	queue_free(q);
}
END_TEST

/* Time runs on between the call and its first poll. */
START_TEST(a_deadline_that_passes_before_the_timer_is_armed_has_expired)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_of("A", q, ALL, 10, holds);

	fake_run_to(a, "timer.arm");
	fake_clock_advance(10);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	queue_free(q);
}
END_TEST

/* ---- the order of the questions ---------------------------------------- */

/* Both are there when A looks; whichever came first. */
START_TEST(a_wake_beats_a_deadline)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, 10);

	if (_i == 0)
		fake_clock_advance(10);
	wait_queue_wake(q, 1, ALL);
	if (_i == 1)
		fake_clock_advance(10);
	fake_run(a);
	assert_done(a, 1);
	queue_free(q);
}
END_TEST

START_TEST(a_signal_beats_a_deadline)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, 10);

	fake_clock_advance(10);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	queue_free(q);
}
END_TEST

START_TEST(a_signal_beats_a_wake)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);

	wait_queue_wake(q, 1, ALL);
	fake_signal(a);
	fake_log_clear();
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_ptr_null(strstr(fake_log(), "woken.load"));
	queue_free(q);
}
END_TEST

START_TEST(a_signal_ends_a_wait_and_takes_it_off_the_queue)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);

	fake_signal(a);
	fake_log_clear();
	fake_run(a);
	assert_done(a, -EINTR);
	fake_assert_notes("remove:A");
	fake_assert_log("A:interrupt.register A:interrupt.take "
			"A:cancelled.store A:cleanup.lock A:cleanup.unlock "
			"A:wq.lock A:ref.put(state) A:wq.unlock "
			"A:ref.put(state)");
	queue_free(q);
}
END_TEST

/* The flag is asked before anything else, even before the condition. */
START_TEST(a_signal_that_is_pending_at_entry_ends_the_wait_unqueued)
{
	struct wait_queue *q = queue_new();

	fake_signal(NULL);
	ck_assert_int_eq(wait_queue_wait_if(q, ALL, 0, unasked), -EINTR);
	fake_assert_notes("");
	ck_assert(!fake_clear_interrupt(NULL));
	queue_free(q);
}
END_TEST

/* A was not asleep: the signal came after its poll, before its sleep. */
START_TEST(a_signal_between_poll_and_sleep_is_not_lost)
{
	struct wait_queue *q = queue_new();
	struct fake_task *a = waiter_of("A", q, ALL, KTIME_NEVER, holds);

	fake_run_to(a, "task.block");
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	queue_free(q);
}
END_TEST

/* ---- the future by itself ---------------------------------------------- */

START_TEST(a_future_that_is_polled_after_its_end_is_ready)
{
	struct wait_if_future f = {.queue = NULL};
	int result = -1;

	ck_assert_int_eq(wait_if_future_poll(&f, NULL, &result), POLL_READY);
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(wait_if_future_drop(&f, result), 1);
	fake_assert_log("");
}
END_TEST

/* The queue fires the waker of the latest poll. */
START_TEST(a_poll_with_another_waker_replaces_the_queued_one)
{
	struct wait_queue *q = queue_new();
	struct kwaker *first = kwaker_new(), *second = kwaker_new();
	struct wait_if_future f = {
		.queue = q,
		.bitset = ALL,
		.condition = holds,
		.has_condition = true,
	};
	int result = 0;

	ck_assert_int_eq(wait_if_future_poll(&f, first, &result), POLL_PENDING);
	ck_assert_int_eq(wait_if_future_poll(&f, second, &result),
			 POLL_PENDING);
	ck_assert_ptr_eq(((struct waiter *)(void *)q->waiters.next)->waker,
			 second);
	wait_queue_wake(q, 1, ALL);
	ck_assert(!kpark(second));
	ck_assert_int_eq(wait_if_future_poll(&f, second, &result), POLL_READY);
	ck_assert_int_eq(wait_if_future_drop(&f, result), 1);
	kwaker_put(first);
	kwaker_put(second);
	queue_free(q);
}
END_TEST

START_TEST(a_future_that_is_dropped_while_queued_leaves_the_queue)
{
	struct wait_queue *q = queue_new();
	struct kwaker *waker = kwaker_new();
	struct wait_if_future f = {
		.queue = q,
		.bitset = ALL,
		.condition = holds,
		.has_condition = true,
	};
	int result = 0;

	ck_assert_int_eq(wait_if_future_poll(&f, waker, &result), POLL_PENDING);
	ck_assert_int_eq(wait_if_future_drop(&f, -EINTR), -EINTR);
	ck_assert(wait_queue_is_empty(q));
	kwaker_put(waker);
	queue_free(q);
}
END_TEST

Suite *wait_suite(void)
{
	const TTest *const tests[] = {
		a_wait_whose_condition_fails_does_not_queue,
		a_wait_whose_condition_faults_does_not_queue,
		a_wait_sleeps_until_it_is_woken,
		the_tests_own_task_may_sleep_if_somebody_wakes_it,
		a_wake_between_poll_and_sleep_is_not_lost,
		a_waker_that_outlives_its_wait_does_not_end_the_next,
		a_wait_ends_at_its_deadline_and_leaves_the_queue,
		the_timer_is_armed_after_the_first_look_at_the_word,
		a_timeout_of_zero_queues_and_ends_in_one_poll,
		a_timeout_of_zero_does_not_hide_a_mismatch,
		a_wait_without_a_timeout_has_no_timer,
		a_deadline_that_overflows_never_comes,
		a_duration_is_counted_on_the_wall_clock,
		a_deadline_that_passes_before_the_timer_is_armed_has_expired,
		a_signal_beats_a_deadline,
		a_signal_beats_a_wake,
		a_signal_ends_a_wait_and_takes_it_off_the_queue,
		a_signal_that_is_pending_at_entry_ends_the_wait_unqueued,
		a_signal_between_poll_and_sleep_is_not_lost,
		a_future_that_is_polled_after_its_end_is_ready,
		a_poll_with_another_waker_replaces_the_queued_one,
		a_future_that_is_dropped_while_queued_leaves_the_queue,
	};
	Suite *suite = MODEL_SUITE("wait", tests);
	TCase *loop = tcase_create("order");

	tcase_add_checked_fixture(loop, starry_setup, model_teardown);
	tcase_add_loop_test(loop, a_wake_beats_a_deadline, 0, 2);
	suite_add_tcase(suite, loop);
	return suite;
}
