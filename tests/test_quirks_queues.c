/*
 * test_quirks_queues.c - the quirks of requeueing and of what becomes of
 * waiters and entries, each with and without it.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define TIME 0x3000u

/* ---- requeue ----------------------------------------------------------- */

/* Of A B C one is woken; of the other two one would be moved in place. */
START_TEST(requeue_same_key_counts_woken)
{
	use_quirk(QUIRK_REQUEUE_SAME_KEY_COUNTS_WOKEN, HAS_QUIRK);
	fake_store(F, 0);
	call_wait("A", F, FUTEX_WAIT, 0);
	call_wait("B", F, FUTEX_WAIT, 0);
	call_wait("C", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 1, 1, F, 0),
			 HAS_QUIRK ? 1 : 2);
	ck_assert_str_eq(table_text(own_table()), "0x1000: B C");
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 9, F, 0),
			 HAS_QUIRK ? 0 : 2);
	fake_run_all();
	fake_end_all();
}
END_TEST

/*
 * R has compared the word; B changes it and waits for the new value; R goes
 * on and moves B, who had nothing to do with it.
 */
START_TEST(compare_outside_lock)
{
	struct fake_task *r = call_of("R", F, FUTEX_CMP_REQUEUE, 0, 9, G, 0);
	struct fake_task *a;

	use_quirk(QUIRK_COMPARE_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	fake_run_to(r, "wq.lock");
	fake_store(F, 1);
	call_wait("B", F, FUTEX_WAIT, 1);
	fake_run(r);
	assert_done(r, HAS_QUIRK ? 2 : -EAGAIN);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x1000:, 0x2000: A B" : "0x1000: A B");
	fake_end_all();
}
END_TEST

START_TEST(compare_outside_lock_still_compares)
{
	use_quirk(QUIRK_COMPARE_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 1), -EAGAIN);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 0), 1);
	fake_run_all();
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* A is moved to G and then interrupted: it stays listed where it was moved. */
START_TEST(cleanup_names_old_queue)
{
	struct fake_task *a;

	use_quirk(QUIRK_CLEANUP_NAMES_OLD_QUEUE, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, G, 0), 1);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x2000: A(cancelled)" : "");
	/* At least nobody takes it for a sleeper. */
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/*
 * R has drained A from F and not yet appended it to G when W wakes G.  With
 * both queues held W waits for R, and finds A.
 */
START_TEST(requeue_in_two_sections)
{
	struct fake_task *r = call_of("R", F, FUTEX_REQUEUE, 0, 1, G, 0);
	struct fake_task *w = call_of("W", G, FUTEX_WAKE, 1, 0, 0, 0), *a;

	use_quirk(QUIRK_REQUEUE_IN_TWO_SECTIONS, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	/* After the first unlock: the source is free, A is nowhere. */
	fake_run_past(r, "wq.unlock");
	fake_run(w);
	fake_run_all();
	assert_done(r, 1);
	assert_done(w, !HAS_QUIRK);
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* ---- the life of waiters and entries ----------------------------------- */

/* A has timed out and gone; C's wake-up is spent on what is left of it. */
START_TEST(no_cancel_cleanup)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0), *b;

	use_quirk(QUIRK_NO_CANCEL_CLEANUP, HAS_QUIRK);
	fake_store(F, 0);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	b = call_wait("B", F, FUTEX_WAIT, 0);
	fake_clock_advance(10);
	fake_run(a);
	/* Its second poll passes for a wake-up, too. */
	assert_done(a, HAS_QUIRK ? 0 : -ETIMEDOUT);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(b), HAS_QUIRK);
	fake_end_all();
	/* What is left of B holds the table that it is in. */
	call_wake(F, FUTEX_WAKE, 9);
}
END_TEST

/*
 * A's wait ends without queueing, and A has found its entry unused; B queues
 * in that entry; A takes it out of the table.
 */
START_TEST(guard_check_outside_lock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0), *b;

	use_quirk(QUIRK_GUARD_CHECK_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_run_past(a, "user.load");
	fake_store(F, 1);
	fake_run_past(a, "ref.count");
	if (HAS_QUIRK) {
		/* Past its look at the queue. */
		fake_run_past(a, "wq.unlock");
		fake_store(F, 0);
		b = call_wait("B", F, FUTEX_WAIT, 0);
	} else {
		/* B waits for the table's mutex, which A holds. */
		fake_store(F, 0);
		b = call_wait("B", F, FUTEX_WAIT, 0);
	}
	fake_run(a);
	assert_done(a, -EAGAIN);
	fake_run_all();
	assert_asleep(b);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

/*
 * Two guards of one empty entry are dropped: A has unlocked the table and
 * still holds its reference when B counts.
 */
START_TEST(guard_put_after_unlock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);
	struct fake_task *b = call_of("B", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_quirk(QUIRK_GUARD_PUT_AFTER_UNLOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_run_past(a, "user.load");
	fake_run_past(b, "user.load");
	fake_store(F, 1);
	/* Both have their guard; neither queues. */
	fake_run_to(a, "wq.lock");
	fake_run_to(b, "wq.lock");
	/* A: the first table.unlock after that is the drop's. */
	fake_run_past(a, "table.unlock");
	fake_run(b);
	fake_run_all();
	assert_done(a, -EAGAIN);
	assert_done(b, -EAGAIN);
	ck_assert_str_eq(table_text(own_table()), HAS_QUIRK ? "0x1000:" : "");
}
END_TEST

Suite *quirks_queues_suite(void)
{
	const TTest *const tests[] = {
		requeue_same_key_counts_woken,
		compare_outside_lock,
		compare_outside_lock_still_compares,
		cleanup_names_old_queue,
		requeue_in_two_sections,
		no_cancel_cleanup,
		guard_check_outside_lock,
		guard_put_after_unlock,
	};
	Suite *suite = suite_create("quirks of queues");

	ADD_BOTH_WAYS(case_with(suite, "quirks of queues", starry_setup),
		      tests);
	return suite;
}
