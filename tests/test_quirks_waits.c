/*
 * test_quirks_waits.c - the quirks of waits and of what a thread leaves behind,
 * each with and without it.  The kernel is Linux otherwise.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define TIME 0x3000u
#define SHM 0x10000u
#define HEAD 0x8000u
#define NODE 0x9000u
#define ROBUST (NODE + 16)

static void words_of_linux(void)
{
	linux_setup();
	fake_store(F, 0);
	fake_store(G, 0);
}

/* ---- what a wait asks first -------------------------------------------- */

/* A has seen that the word is right; then it changes, and a signal comes. */
START_TEST(signal_before_the_word)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_only(QUIRK_SIGNAL_BEFORE_THE_WORD, HAS_QUIRK);
	fake_run_past(a, "user.load");
	fake_signal(a);
	fake_store(F, 1);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EINTR : -EAGAIN);
}
END_TEST

/* With the word as it should be it is a signal on both; Linux has queued. */
START_TEST(a_signal_that_is_pending_ends_the_wait)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_only(QUIRK_SIGNAL_BEFORE_THE_WORD, HAS_QUIRK);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	fake_assert_notes(HAS_QUIRK ? "entry+0x1000 entry-0x1000"
				    : "entry+0x1000 push:A remove:A "
				      "entry-0x1000");
}
END_TEST

START_TEST(signal_before_the_clock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use_only(QUIRK_SIGNAL_BEFORE_THE_CLOCK, HAS_QUIRK);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_signal(a);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EINTR : -ETIMEDOUT);
}
END_TEST

/* The first poll: the time is up before A can sleep. */
START_TEST(signal_before_the_clock_at_once)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use_only(QUIRK_SIGNAL_BEFORE_THE_CLOCK, HAS_QUIRK);
	fake_store_timespec(TIME, 0, 0);
	fake_signal(a);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EINTR : -ETIMEDOUT);
}
END_TEST

/* ---- woken for no reason ----------------------------------------------- */

/* As a waker does that outlives its wait. */
static void wake_for_no_reason(struct fake_task *t)
{
	fake_make_ready(t);
	fake_run(t);
}

START_TEST(spurious_wake_keeps_place)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0), *b;

	use_only(QUIRK_SPURIOUS_WAKE_KEEPS_PLACE, HAS_QUIRK);
	b = call_wait("B", F, FUTEX_WAIT, 0);
	wake_for_no_reason(a);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x1000: A B" : "0x1000: B A");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run_all();
	assert_done(HAS_QUIRK ? a : b, 0);
	fake_end_all();
}
END_TEST

/* Moved to G, it goes back to F, and F has changed. */
START_TEST(spurious_wake_of_one_that_was_moved)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	use_only(QUIRK_SPURIOUS_WAKE_KEEPS_PLACE, HAS_QUIRK);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, G, 0), 1);
	fake_store(F, 1);
	wake_for_no_reason(a);
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x1000:, 0x2000: A" : "");
	fake_end_all();
	assert_done(a, HAS_QUIRK ? -EINTR : -EAGAIN);
}
END_TEST

/* W charges A while A, awake for no reason, leaves the queue. */
START_TEST(a_wake_while_a_wait_starts_again_is_not_lost)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	use_only(QUIRK_SPURIOUS_WAKE_KEEPS_PLACE, HAS_QUIRK);
	if (HAS_QUIRK) {
		wake_for_no_reason(a);
	} else {
		fake_make_ready(a);
		fake_run_to(a, "cancelled.store");
	}
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* ---- faults under the lock --------------------------------------------- */

START_TEST(fault_is_a_mismatch)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_only(QUIRK_FAULT_IS_A_MISMATCH, HAS_QUIRK);
	fake_run_past(a, "user.load");
	fake_forget(F);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EAGAIN : -EFAULT);
}
END_TEST

/* The page is absent at the second look, and the fault handler has to wait. */
START_TEST(fault_with_the_queue_locked)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);
	struct fake_task *w;

	use_only(QUIRK_FAULT_WITH_THE_QUEUE_LOCKED, HAS_QUIRK);
	fake_run_past(a, "user.load");
	w = call_of("W", F, FUTEX_WAKE, 1, 0, 0, 0);
	fake_run_to(w, "table.lock");
	fake_make_lazy(F);
	fake_aspace_lock(fake_process_first());
	fake_run(a);
	assert_asleep(a);
	fake_run(w);
	ck_assert_int_eq(fake_is_asleep(w), HAS_QUIRK);
	fake_aspace_unlock(fake_process_first());
	fake_run_all();
	/* Behind A it finds A; before A it finds nobody. */
	assert_done(w, HAS_QUIRK);
	ck_assert_int_eq(fake_is_asleep(a), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* A requeue compares under both locks. */
START_TEST(a_requeue_brings_the_page_in_and_compares_again)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0), *r;

	use_only(QUIRK_FAULT_WITH_THE_QUEUE_LOCKED, HAS_QUIRK);
	r = call_of("R", F, FUTEX_CMP_REQUEUE, 1, 0, G, 0);
	fake_make_lazy(F);
	fake_run_all();
	assert_done(r, 1);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* ---- clocks ------------------------------------------------------------ */

/* Ten nanoseconds to go, and the wall clock is set forward by as much. */
START_TEST(deadlines_on_wall_clock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);
	struct fake_task *b = call_of("B", F, FUTEX_WAIT_BITSET, 0, TIME, 0, 1);
	struct fake_task *c =
		call_of("C", F, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0,
			TIME + 16, 0, 1);

	use_only(QUIRK_DEADLINES_ON_WALL_CLOCK, HAS_QUIRK);
	fake_set_wall_offset(1000);
	fake_store_timespec(TIME, 0, 10);
	fake_store_timespec(TIME + 16, 0, 1010);
	fake_run_all();
	fake_set_wall_offset(1010);
	fake_run_all();
	ck_assert_int_eq(fake_is_done(a), HAS_QUIRK);
	ck_assert_int_eq(fake_is_done(b), HAS_QUIRK);
	/* It asked for that clock. */
	assert_done(c, -ETIMEDOUT);
	fake_clock_advance(10);
	fake_run_all();
	assert_done(a, -ETIMEDOUT);
	assert_done(b, -ETIMEDOUT);
}
END_TEST

/* ---- exit -------------------------------------------------------------- */

static void map_shm(bool is_read_only)
{
	fake_map(fake_process_first(),
		 (struct karea){.kind = KAREA_SHARED,
				.start = SHM,
				.pages = fake_identity_new(0x7000),
				.is_read_only = is_read_only},
		 SHM + 0x1000);
}

/* Nothing is at the word, but its area is: the write fails. */
START_TEST(failed_clear_wakes_nobody)
{
	struct fake_task *x = exit_of("X", 0, SHM), *a;

	use_only(QUIRK_FAILED_CLEAR_WAKES_NOBODY, HAS_QUIRK);
	map_shm(true);
	fake_store(SHM, 1);
	a = call_wait("A", SHM, FUTEX_WAIT, 1);
	fake_forget(SHM);
	fake_run(x);
	assert_done(x, 0);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* X alone is in its memory. */
START_TEST(tid_cleared_when_alone)
{
	struct fake_task *x = exit_of("X", 0, F);

	use_only(QUIRK_TID_CLEARED_WHEN_ALONE, HAS_QUIRK);
	fake_task_move(x, fake_process_new(NULL));
	fake_store(F, 7);
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(F), HAS_QUIRK ? 0 : 7);
}
END_TEST

/* The test itself is there. */
START_TEST(the_tid_word_of_one_of_several_is_cleared)
{
	struct fake_task *x = exit_of("X", 0, F);

	use_only(QUIRK_TID_CLEARED_WHEN_ALONE, HAS_QUIRK);
	fake_store(F, 7);
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(F), 0);
}
END_TEST

/* A list head: first entry, offset of its word, what is pending. */
static void make_head(uint64_t first, uint64_t offset, uint64_t pending)
{
	fake_store64(HEAD, first);
	fake_store64(HEAD + 8, offset);
	fake_store64(HEAD + 16, pending);
}

START_TEST(released_pending_word_ignored)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a;

	use_only(QUIRK_RELEASED_PENDING_WORD_IGNORED, HAS_QUIRK);
	make_head(HEAD, ROBUST - NODE, NODE);
	fake_store(ROBUST, 0);
	a = call_wait("A", ROBUST, FUTEX_WAIT, 0);
	fake_run(x);
	assert_done(x, 0);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	ck_assert_uint_eq(fake_load(ROBUST), 0);
	fake_end_all();
}
END_TEST

/* On the list, and not pending, a word of 0 is nobody's business. */
START_TEST(a_released_word_on_the_list_is_left_alone)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a;

	use_only(QUIRK_RELEASED_PENDING_WORD_IGNORED, HAS_QUIRK);
	make_head(NODE, ROBUST - NODE, 0);
	fake_store64(NODE, HEAD);
	fake_store(ROBUST, 0);
	a = call_wait("A", ROBUST, FUTEX_WAIT, 0);
	fake_run(x);
	assert_done(x, 0);
	fake_run_all();
	assert_asleep(a);
	fake_end_all();
}
END_TEST

START_TEST(robust_pi_bit_in_the_way)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a;
	const uint32_t word = fake_tid(x) | FUTEX_WAITERS;

	use_only(QUIRK_ROBUST_PI_BIT_IN_THE_WAY, HAS_QUIRK);
	make_head(NODE | 1, ROBUST - NODE, 0);
	fake_store64(NODE, HEAD);
	fake_store(ROBUST, word);
	a = call_wait("A", ROBUST, FUTEX_WAIT, word);
	fake_run(x);
	assert_done(x, HAS_QUIRK ? -EFAULT : 0);
	ck_assert_uint_eq(fake_load(ROBUST),
			  HAS_QUIRK ? word : FUTEX_WAITERS | FUTEX_OWNER_DIED);
	/* Who waits for such a mutex does not wait here. */
	fake_run_all();
	assert_asleep(a);
	fake_end_all();
}
END_TEST

/* The entry itself cannot be read, its word can. */
START_TEST(robust_next_comes_first)
{
	struct fake_task *x = exit_of("X", HEAD, 0);

	use_only(QUIRK_ROBUST_NEXT_COMES_FIRST, HAS_QUIRK);
	make_head(NODE, ROBUST - NODE, 0);
	fake_store(ROBUST, fake_tid(x));
	fake_run(x);
	assert_done(x, -EFAULT);
	ck_assert_uint_eq(fake_load(ROBUST),
			  HAS_QUIRK ? fake_tid(x) : FUTEX_OWNER_DIED);
}
END_TEST

START_TEST(robust_pending_head_ignored)
{
	struct fake_task *x = exit_of("X", HEAD, 0);

	use_only(QUIRK_ROBUST_PENDING_HEAD_IGNORED, HAS_QUIRK);
	make_head(HEAD, ROBUST - HEAD, HEAD);
	fake_store(ROBUST, fake_tid(x));
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(ROBUST),
			  HAS_QUIRK ? fake_tid(x) : FUTEX_OWNER_DIED);
}
END_TEST

Suite *quirks_waits_suite(void)
{
	const TTest *const tests[] = {
		signal_before_the_word,
		a_signal_that_is_pending_ends_the_wait,
		signal_before_the_clock,
		signal_before_the_clock_at_once,
		spurious_wake_keeps_place,
		spurious_wake_of_one_that_was_moved,
		a_wake_while_a_wait_starts_again_is_not_lost,
		fault_is_a_mismatch,
		fault_with_the_queue_locked,
		a_requeue_brings_the_page_in_and_compares_again,
		deadlines_on_wall_clock,
		failed_clear_wakes_nobody,
		tid_cleared_when_alone,
		the_tid_word_of_one_of_several_is_cleared,
		released_pending_word_ignored,
		a_released_word_on_the_list_is_left_alone,
		robust_pi_bit_in_the_way,
		robust_next_comes_first,
		robust_pending_head_ignored,
	};
	Suite *suite = suite_create("quirks of waits");

	ADD_BOTH_WAYS(case_with(suite, "quirks of waits", words_of_linux),
		      tests);
	return suite;
}
