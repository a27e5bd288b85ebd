/* test_waitv.c - futex_waitv: several words, several queues, one sleeper. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u
#define TIME 0x3000u
#define LIST 0x9000u
#define SHM 0x10000u
#define H 0x2040u
#define PRIVATE FUTEX_PRIVATE_FLAG
#define MONOTONIC FUTEX_CLOCKID_MONOTONIC
#define REALTIME FUTEX_CLOCKID_REALTIME

static void words_of_linux(void)
{
	linux_setup();
	fake_store(F, 0);
	fake_store(G, 0);
	fake_store(H, 0);
	fake_log_clear();
}

/* ---- the array --------------------------------------------------------- */

static void put_word(uint64_t at, unsigned int index, uint64_t uaddr,
		     uint64_t val, uint32_t flags)
{
	at += 24u * index;
	fake_store64(at, val);
	fake_store64(at + 8, uaddr);
	fake_store64(at + 16, flags);
}

struct waitv_call {
	uint64_t list;
	uint32_t count;
	uint64_t timeout;
	uint32_t clock;
};

static long run_waitv(void *arg)
{
	const struct waitv_call *c = arg;

	return sys_futex_waitv(c->list, c->count, 0, c->timeout, c->clock);
}

/* Waits for F, G, H to leave 0, the first @count of them; not yet run. */
static struct fake_task *waitv_of(const char *name, struct waitv_call *c)
{
	static const uint64_t words[] = {F, G, H};
	unsigned int i;

	for (i = 0; i < 3; i++)
		put_word(c->list, i, words[i], 0, FUTEX_32);
	return fake_task_new(name, run_waitv, c);
}

static long waitv(uint32_t count)
{
	return sys_futex_waitv(LIST, count, 0, 0, MONOTONIC);
}

/* ---- what is refused --------------------------------------------------- */

START_TEST(the_number_of_words_has_bounds)
{
	uint32_t i;

	for (i = 0; i < 129; i++)
		put_word(LIST, i, F, 7, FUTEX_32);
	ck_assert_int_eq(waitv(0), -EINVAL);
	ck_assert_int_eq(waitv(129), -EINVAL);
	ck_assert_int_eq(waitv(UINT32_MAX), -EINVAL);
	ck_assert_int_eq(waitv(128), -EAGAIN);
	ck_assert_int_eq(sys_futex_waitv(0, 1, 0, 0, MONOTONIC), -EINVAL);
	ck_assert_int_eq(sys_futex_waitv(NOWHERE, 1, 0, 0, MONOTONIC), -EFAULT);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 1, 0, MONOTONIC), -EINVAL);
}
END_TEST

START_TEST(the_flags_of_a_word_say_its_size_and_whose_it_is)
{
	static const uint32_t bad[] = {
		0, 1, 3, PRIVATE, FUTEX_32 | 4, FUTEX_32 | 256};
	unsigned int i;

	for (i = 0; i < 6; i++) {
		put_word(LIST, 0, F, 7, bad[i]);
		ck_assert_int_eq(waitv(1), -EINVAL);
	}
	put_word(LIST, 0, F, 7, FUTEX_32 | PRIVATE);
	ck_assert_int_eq(waitv(1), -EAGAIN);
	/* The high half of the last member is reserved. */
	fake_store(LIST + 20, 1);
	ck_assert_int_eq(waitv(1), -EINVAL);
	put_word(LIST, 0, F, UINT64_C(1) << 32, FUTEX_32);
	ck_assert_int_eq(waitv(1), -EINVAL);
}
END_TEST

START_TEST(bad_words_are_refused_and_nothing_is_left)
{
	put_word(LIST, 0, F, 0, FUTEX_32);
	put_word(LIST, 1, G + 2, 0, FUTEX_32);
	ck_assert_int_eq(waitv(2), -EINVAL);
	put_word(LIST, 1, NOWHERE, 0, FUTEX_32);
	ck_assert_int_eq(waitv(2), -EFAULT);
	put_word(LIST, 1, NOWHERE, 0, FUTEX_32 | PRIVATE);
	ck_assert_int_eq(waitv(2), -EFAULT);
	put_word(LIST, 1, G, 1, FUTEX_32);
	ck_assert_int_eq(waitv(2), -EAGAIN);
	ck_assert_str_eq(table_text(own_table()), "");
	/* Shared words are looked up before any word is compared. */
	put_word(LIST, 0, F, 7, FUTEX_32);
	put_word(LIST, 1, NOWHERE, 0, FUTEX_32);
	ck_assert_int_eq(waitv(2), -EFAULT);
	put_word(LIST, 1, NOWHERE, 0, FUTEX_32 | PRIVATE);
	ck_assert_int_eq(waitv(2), -EAGAIN);
}
END_TEST

START_TEST(the_timeout_is_checked_before_the_words)
{
	put_word(LIST, 0, F, 7, 0);
	fake_store_timespec(TIME, 0, 1000000000);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 0, TIME, MONOTONIC), -EINVAL);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 0, NOWHERE, MONOTONIC),
			 -EFAULT);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 0, NOWHERE, 11), -EINVAL);
	/* Without a timeout nobody asks for the clock. */
	put_word(LIST, 0, F, 7, FUTEX_32);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 0, 0, 11), -EAGAIN);
}
END_TEST

/* ---- waking ------------------------------------------------------------ */

START_TEST(the_result_is_the_word_that_was_woken)
{
	static const uint64_t words[] = {F, G, H};
	struct waitv_call c = {LIST, 3, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()),
			 "0x1000: A, 0x2000: A, 0x2040: A");
	ck_assert_int_eq(call_wake(words[_i], FUTEX_WAKE, 9), 1);
	fake_run(a);
	assert_done(a, _i);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* Both wakers count it; it tells of the last in the list. */
START_TEST(of_two_that_were_woken_one_is_told)
{
	struct waitv_call c = {LIST, 3, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 1);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

START_TEST(a_word_that_is_named_twice_is_queued_twice)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	put_word(LIST, 1, F, 0, FUTEX_32);
	fake_run(a);
	ck_assert_str_eq(table_text(own_table()), "0x1000: A A");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	ck_assert_str_eq(table_text(own_table()), "0x1000: A");
	fake_run(a);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(private_words_are_told_apart_from_shared_ones)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	put_word(LIST, 0, F, 0, FUTEX_32 | PRIVATE);
	put_word(LIST, 1, F, 0, FUTEX_32);
	fake_run(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 9), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

START_TEST(a_wake_with_any_bit_finds_it)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	ck_assert_int_eq(sys_futex(G, FUTEX_WAKE_BITSET, 1, 0, 0, 0x100), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

/* Moved from F to H it keeps its place in the list. */
START_TEST(a_requeue_moves_one_word_of_it)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 9, H, 0), 1);
	ck_assert_str_eq(table_text(own_table()),
			 "0x1000:, 0x2000: A, 0x2040: A");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 9), 0);
	ck_assert_int_eq(call_wake(H, FUTEX_WAKE, 9), 1);
	fake_run(a);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* ---- the end of a wait ------------------------------------------------- */

START_TEST(a_signal_ends_it_and_empties_all_queues)
{
	struct waitv_call c = {LIST, 3, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* The wall clock is 1000 ahead. */
START_TEST(the_timeout_is_a_time_on_the_clock_asked_for)
{
	struct waitv_call c = {LIST, 2, TIME, _i ? REALTIME : MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_set_wall_offset(1000);
	fake_store_timespec(TIME, 0, _i ? 1010 : 10);
	fake_run(a);
	fake_clock_advance(9);
	assert_asleep(a);
	fake_clock_advance(1);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* A wake-up that is seen with an expired deadline and a signal wins. */
START_TEST(a_wake_wins_over_a_deadline_and_a_signal)
{
	struct waitv_call c = {LIST, 2, TIME, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_signal(a);
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

START_TEST(a_deadline_wins_over_a_signal)
{
	struct waitv_call c = {LIST, 2, TIME, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
}
END_TEST

/* It looks at its words again, and goes to the ends of the queues. */
START_TEST(woken_for_no_reason_it_starts_again)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run(a);
	call_wait("B", G, FUTEX_WAIT, 0);
	fake_make_ready(a);
	fake_run(a);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()), "0x1000: A, 0x2000: B A");
	fake_store(G, 1);
	fake_make_ready(a);
	fake_run(a);
	assert_done(a, -EAGAIN);
	fake_end_all();
}
END_TEST

/* ---- while it queues --------------------------------------------------- */

/* On F already, and woken there, it finds that G differs. */
START_TEST(waitv_setup_swallows_wake)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	use_only(QUIRK_WAITV_SETUP_SWALLOWS_WAKE, HAS_QUIRK);
	fake_run_past(a, "user.load");
	fake_run_past(a, "wq.unlock");
	ck_assert_str_eq(table_text(own_table()), "0x1000: A, 0x2000:");
	fake_store(G, 1);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EAGAIN : 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* The same with a fault. */
START_TEST(waitv_setup_swallows_wake_at_a_fault)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	use_only(QUIRK_WAITV_SETUP_SWALLOWS_WAKE, HAS_QUIRK);
	fake_run_past(a, "user.load");
	fake_run_past(a, "wq.unlock");
	fake_forget(G);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EFAULT : 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* In no queue while the page comes; then in both. */
START_TEST(a_page_is_brought_in_between_two_attempts)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	put_word(LIST, 0, F, 0, FUTEX_32 | PRIVATE);
	put_word(LIST, 1, G, 0, FUTEX_32 | PRIVATE);
	fake_make_lazy(G);
	fake_aspace_lock(fake_process_first());
	fake_run(a);
	assert_asleep(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE | PRIVATE, 1), 0);
	fake_aspace_unlock(fake_process_first());
	fake_run(a);
	assert_asleep(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE | PRIVATE, 1), 1);
	fake_run(a);
	assert_done(a, 0);
}
END_TEST

/* W charges A after A has looked at its timer and before it sleeps. */
START_TEST(a_wake_between_the_queues_and_the_sleep_is_not_lost)
{
	struct waitv_call c = {LIST, 2, 0, MONOTONIC};
	struct fake_task *a = waitv_of("A", &c);

	fake_run_to(a, "task.block");
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, 1);
}
END_TEST

Suite *waitv_suite(void)
{
	const TTest *const tests[] = {
		the_number_of_words_has_bounds,
		the_flags_of_a_word_say_its_size_and_whose_it_is,
		bad_words_are_refused_and_nothing_is_left,
		the_timeout_is_checked_before_the_words,
		of_two_that_were_woken_one_is_told,
		a_word_that_is_named_twice_is_queued_twice,
		private_words_are_told_apart_from_shared_ones,
		a_wake_with_any_bit_finds_it,
		a_requeue_moves_one_word_of_it,
		a_signal_ends_it_and_empties_all_queues,
		a_wake_wins_over_a_deadline_and_a_signal,
		a_deadline_wins_over_a_signal,
		woken_for_no_reason_it_starts_again,
		a_page_is_brought_in_between_two_attempts,
		a_wake_between_the_queues_and_the_sleep_is_not_lost,
	};
	const TTest *const both_ways[] = {
		waitv_setup_swallows_wake,
		waitv_setup_swallows_wake_at_a_fault,
	};
	Suite *suite = suite_create("waitv");
	TCase *tcase = case_with(suite, "waitv", words_of_linux);

	ADD_TESTS(tcase, tests);
	ADD_BOTH_WAYS(tcase, both_ways);
	tcase_add_loop_test(tcase, the_result_is_the_word_that_was_woken, 0, 3);
	tcase_add_loop_test(tcase, the_timeout_is_a_time_on_the_clock_asked_for,
			    0, 2);
	return suite;
}
