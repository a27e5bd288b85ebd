/*
 * test_syscall.c - futex(2): arguments, the order of the checks, waiting and
 * waking.  Requeueing is in test_syscall_requeue.c.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u
#define TIME 0x3000u
#define SHM 0x10000u
#define CMD_NAMES 6
#define PRIVATE FUTEX_PRIVATE_FLAG

static const uint32_t commands[CMD_NAMES] = {
	FUTEX_WAIT,	   FUTEX_WAKE,	      FUTEX_REQUEUE,
	FUTEX_CMP_REQUEUE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET,
};

static bool is_wait(uint32_t cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET;
}

/* ---- steps 1 and 2: nothing is touched --------------------------------- */

/* Flags are refused before the command is looked at, in any combination. */
START_TEST(unknown_flags_are_invalid)
{
	ck_assert_int_eq(sys_futex(F, 512, 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, 0x80000000u, 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, 512 | 2, 0, 0, 0, 0), -EINVAL);
	fake_assert_log("");
}
END_TEST

/* Of the commands 0 to 127 six exist. */
START_TEST(unknown_commands_are_not_there)
{
	const uint32_t cmd = (uint32_t)_i;
	unsigned int i;

	for (i = 0; i < CMD_NAMES; i++) {
		if (commands[i] == cmd)
			return;
	}
	ck_assert_int_eq(sys_futex(F, cmd, 0, 0, 0, 0), -ENOSYS);
	ck_assert_int_eq(sys_futex(F + 1, cmd | PRIVATE, 0, 0, 0, 0), -ENOSYS);
	fake_assert_log("");
}
END_TEST

START_TEST(the_realtime_flag_is_only_for_waits)
{
	const uint32_t cmd = commands[_i];
	long result = sys_futex(F, cmd | FUTEX_CLOCK_REALTIME, 1, 0, G, ALL);

	/* The word is 0, not 1: a wait gets as far as that. */
	ck_assert_int_eq(result, is_wait(cmd) ? -EAGAIN : -EINVAL);
}
END_TEST

START_TEST(an_unaligned_word_is_invalid)
{
	uint32_t off;

	for (off = 1; off < 4; off++)
		ck_assert_int_eq(sys_futex(F + off, commands[_i], 0, 0, G, ALL),
				 -EINVAL);
	fake_assert_log("");
}
END_TEST

START_TEST(an_empty_bitset_is_invalid)
{
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET, 0, 0, 0, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_BITSET, 0, 0, 0, 0), -EINVAL);
	fake_assert_log("");
}
END_TEST

/* In both modes the key comes first; only a shared one counts. */
START_TEST(every_command_resolves_its_key_before_it_reads_the_word)
{
	const uint32_t cmd = commands[_i];

	map_shared(SHM);
	fake_store(SHM, 0);
	ck_assert_int_eq(sys_futex(SHM, cmd, 1, 0, G, ALL),
			 is_wait(cmd)		    ? -EAGAIN
			 : cmd == FUTEX_CMP_REQUEUE ? -EAGAIN
						    : 0);
	ck_assert_uint_eq(shared_lookups(), 1);
	ck_assert_int_eq(strncmp(fake_log(),
				 "aspace.lock aspace.unlock registry.lock", 39),
			 0);
	fake_log_clear();
	sys_futex(SHM, cmd | PRIVATE, 1, 0, G, ALL);
	ck_assert_uint_eq(shared_lookups(), 1);
	ck_assert_int_eq(strncmp(fake_log(), "aspace.lock aspace.unlock", 25),
			 0);
}
END_TEST

START_TEST(a_word_that_is_not_there_is_a_fault)
{
	const uint32_t cmd = commands[_i];

	/* CMP_REQUEUE reads its first word last; the second is not there. */
	ck_assert_int_eq(sys_futex(NOWHERE, cmd, 0, 0, NOWHERE, ALL), -EFAULT);
	if (cmd == FUTEX_CMP_REQUEUE)
		ck_assert_int_eq(sys_futex(NOWHERE, cmd, 0, 0, G, ALL),
				 -EFAULT);
}
END_TEST

/* ---- FUTEX_WAIT and FUTEX_WAIT_BITSET ---------------------------------- */

START_TEST(wait_for_another_value_fails_on_the_fast_path)
{
	ck_assert_int_eq(call_wake(F, FUTEX_WAIT, 1), -EAGAIN);
	fake_assert_log("aspace.lock aspace.unlock ref.get(table) user.load "
			"ref.put(table)");
}
END_TEST

/* The mismatch wins over whatever is wrong with the timeout. */
START_TEST(wait_reports_a_mismatch_before_a_bad_timeout)
{
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 1, NOWHERE, 0, 0), -EAGAIN);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 0, NOWHERE, 0, 0), -EFAULT);
}
END_TEST

START_TEST(wait_refuses_a_timeout_out_of_range)
{
	static const int64_t bad[][2] = {
		{-1, 0}, {0, -1}, {0, 1000000000}, {0, INT64_MAX}};

	fake_store_timespec(TIME, bad[_i][0], bad[_i][1]);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 0, TIME, 0, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET, 0, TIME, 0, ALL),
			 -EINVAL);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(wait_takes_the_largest_nanosecond)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	fake_store_timespec(TIME, 0, 999999999);
	fake_run(a);
	fake_clock_advance(999999998);
	assert_asleep(a);
	fake_clock_advance(1);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
}
END_TEST

/* The word changes between the fast path and the look under the mutex. */
START_TEST(wait_looks_again_under_the_mutex)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	fake_run_past(a, "user.load");
	fake_store(F, 1);
	fake_run(a);
	assert_done(a, -EAGAIN);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(wait_takes_a_fault_under_the_mutex_for_a_mismatch)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	fake_run_past(a, "user.load");
	fake_forget(F);
	fake_run(a);
	assert_done(a, -EAGAIN);
}
END_TEST

START_TEST(wait_sleeps_until_woken_and_leaves_no_entry)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()), "0x1000: A");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(a_signal_that_is_pending_gives_way_to_a_mismatch)
{
	fake_signal(NULL);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 1, 0, 0, 0), -EAGAIN);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 0, 0, 0, 0), -EINTR);
	fake_assert_notes("entry+0x1000 entry-0x1000");
}
END_TEST

START_TEST(wait_with_a_timeout_of_zero_times_out_at_once)
{
	fake_store_timespec(TIME, 0, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 0, TIME, 0, 0), -ETIMEDOUT);
	fake_assert_notes("entry+0x1000 push:test remove:test entry-0x1000");
}
END_TEST

/* 2^63 - 1 seconds are more nanoseconds than there are. */
START_TEST(wait_with_a_timeout_that_overflows_waits_for_ever)
{
	const uint32_t cmd = _i ? FUTEX_WAIT_BITSET : FUTEX_WAIT;
	struct fake_task *a = call_of("A", F, cmd, 0, TIME, 0, ALL);

	fake_store_timespec(TIME, INT64_MAX, 0);
	fake_run(a);
	fake_clock_advance(KTIME_NEVER - 1);
	assert_asleep(a);
	fake_end_all();
	assert_done(a, -EINTR);
}
END_TEST

/* A bitset wait until 1 s at 0.4 s has 0.6 s to go. */
START_TEST(the_timeout_of_a_bitset_wait_is_a_time)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT_BITSET, 0, TIME, 0, 1);

	fake_clock_advance(400000000);
	fake_store_timespec(TIME, 1, 0);
	fake_run(a);
	fake_clock_advance(599999999);
	assert_asleep(a);
	fake_clock_advance(1);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
}
END_TEST

/* The wall clock is 1 s ahead; the time asked for is 1.5 s on it. */
START_TEST(the_realtime_flag_chooses_the_clock_of_a_bitset_wait)
{
	const uint32_t flag = _i ? FUTEX_CLOCK_REALTIME : 0;
	struct fake_task *a =
		call_of("A", F, FUTEX_WAIT_BITSET | flag, 0, TIME, 0, 1);

	fake_set_wall_offset(1000000000);
	fake_store_timespec(TIME, 1, 500000000);
	fake_run(a);
	fake_clock_advance(500000000);
	ck_assert_int_eq(fake_is_asleep(a), !flag);
	fake_clock_advance(1000000000);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
}
END_TEST

START_TEST(a_bitset_wait_until_a_past_time_times_out_at_once)
{
	fake_clock_advance(2000000000);
	fake_store_timespec(TIME, 1, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET, 0, TIME, 0, 1),
			 -ETIMEDOUT);
	fake_assert_notes("entry+0x1000 push:test remove:test entry-0x1000");
}
END_TEST

/* A plain FUTEX_WAIT ignores val3; its waiter matches any mask. */
START_TEST(a_plain_wait_matches_any_bitset)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0x1);

	fake_run(a);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_BITSET, 1, 0, 0, 0x80), 1);
	fake_run(a);
	assert_done(a, 0);
}
END_TEST

/* ---- FUTEX_WAKE and FUTEX_WAKE_BITSET ---------------------------------- */

START_TEST(wake_without_an_entry_returns_zero_and_yields)
{
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 0);
	fake_assert_log("aspace.lock aspace.unlock ref.get(table) user.load "
			"table.lock table.unlock task.yield ref.put(table)");
}
END_TEST

START_TEST(wake_of_nobody_out_of_somebody_wakes_nobody)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 0), 0);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()), "0x1000: A");
	fake_end_all();
}
END_TEST

START_TEST(wake_with_the_largest_count_wakes_all)
{
	call_wait("A", F, FUTEX_WAIT, 0);
	call_wait("B", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, INT32_MAX), 2);
	fake_run_all();
}
END_TEST

/* After the look-up, which counts, and before the word is read. */
START_TEST(wake_refuses_a_negative_count_after_the_key)
{
	const uint32_t cmd = _i ? FUTEX_WAKE_BITSET : FUTEX_WAKE;

	map_shared(SHM);
	ck_assert_int_eq(call_wake(SHM, cmd, 0x80000000u), -EINVAL);
	ck_assert_uint_eq(shared_lookups(), 1);
	ck_assert_ptr_null(strstr(fake_log(), "user.load"));
	ck_assert_int_eq(call_wake(SHM, cmd, UINT32_MAX), -EINVAL);
}
END_TEST

START_TEST(wake_bitset_wakes_those_whose_bits_it_shares)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT_BITSET, 0, 0, 0, 1);
	struct fake_task *b = call_of("B", F, FUTEX_WAIT_BITSET, 0, 0, 0, 2);

	fake_run_all();
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_BITSET, 9, 0, 0, 2), 1);
	fake_run_all();
	assert_asleep(a);
	assert_done(b, 0);
	fake_end_all();
}
END_TEST

/* ---- modes ------------------------------------------------------------- */

START_TEST(private_and_shared_calls_meet_only_on_private_memory)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT | PRIVATE, 0), *b;

	map_shared(SHM);
	fake_store(SHM, 0);
	b = call_wait("B", SHM, FUTEX_WAIT | PRIVATE, 0);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	ck_assert_int_eq(call_wake(SHM, FUTEX_WAKE, 1), 0);
	ck_assert_int_eq(call_wake(SHM, FUTEX_WAKE | PRIVATE, 1), 1);
	fake_run_all();
	assert_done(a, 0);
	assert_done(b, 0);
}
END_TEST

START_TEST(a_private_call_too_waits_for_the_address_space_mutex)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAKE | PRIVATE, 1, 0, 0, 0);

	fake_aspace_lock(fake_process_first());
	fake_run(a);
	assert_asleep(a);
	fake_aspace_unlock(fake_process_first());
	fake_run(a);
	assert_done(a, 0);
}
END_TEST

Suite *syscall_suite(void)
{
	const TTest *const tests[] = {
		unknown_flags_are_invalid,
		an_empty_bitset_is_invalid,
		wait_for_another_value_fails_on_the_fast_path,
		wait_reports_a_mismatch_before_a_bad_timeout,
		wait_takes_the_largest_nanosecond,
		wait_looks_again_under_the_mutex,
		wait_takes_a_fault_under_the_mutex_for_a_mismatch,
		wait_sleeps_until_woken_and_leaves_no_entry,
		a_signal_that_is_pending_gives_way_to_a_mismatch,
		wait_with_a_timeout_of_zero_times_out_at_once,
		the_timeout_of_a_bitset_wait_is_a_time,
		a_bitset_wait_until_a_past_time_times_out_at_once,
		a_plain_wait_matches_any_bitset,
		wake_without_an_entry_returns_zero_and_yields,
		wake_of_nobody_out_of_somebody_wakes_nobody,
		wake_with_the_largest_count_wakes_all,
		wake_bitset_wakes_those_whose_bits_it_shares,
		private_and_shared_calls_meet_only_on_private_memory,
		a_private_call_too_waits_for_the_address_space_mutex,
	};
	Suite *suite = suite_create("syscall");
	TCase *tcase = case_with(suite, "syscall", words_setup);

	ADD_TESTS(tcase, tests);
	tcase_add_loop_test(tcase, unknown_commands_are_not_there, 0, 128);
	tcase_add_loop_test(tcase, the_realtime_flag_is_only_for_waits, 0,
			    CMD_NAMES);
	tcase_add_loop_test(tcase, an_unaligned_word_is_invalid, 0, CMD_NAMES);
	tcase_add_loop_test(
		tcase, every_command_resolves_its_key_before_it_reads_the_word,
		0, CMD_NAMES);
	tcase_add_loop_test(tcase, a_word_that_is_not_there_is_a_fault, 0,
			    CMD_NAMES);
	tcase_add_loop_test(tcase, wait_refuses_a_timeout_out_of_range, 0, 4);
	tcase_add_loop_test(
		tcase, wait_with_a_timeout_that_overflows_waits_for_ever, 0, 2);
	tcase_add_loop_test(
		tcase, the_realtime_flag_chooses_the_clock_of_a_bitset_wait, 0,
		2);
	tcase_add_loop_test(tcase, wake_refuses_a_negative_count_after_the_key,
			    0, 2);
	return suite;
}
