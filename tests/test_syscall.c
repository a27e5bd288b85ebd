/*
 * test_syscall.c - futex(2) and the robust list calls: arguments, the order
 * of the checks, and what each command returns.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define F 0x1000u
#define G 0x2000u
#define NOWHERE 0x5000u
#define TIME 0x3000u
#define SHM 0x10000u
#define CMD_NAMES 6
#define PRIVATE FUTEX_PRIVATE_FLAG

static const uint32_t commands[CMD_NAMES] = {
	FUTEX_WAIT,	   FUTEX_WAKE,	      FUTEX_REQUEUE,
	FUTEX_CMP_REQUEUE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET,
};

static void words_setup(void)
{
	starry_setup();
	fake_store(F, 0);
	fake_store(G, 0);
	fake_log_clear();
}

static bool is_wait(uint32_t cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET;
}

static struct kidentity *map_shm(void)
{
	struct kidentity *id = fake_identity_new(0x7000);

	fake_map(
		fake_process_first(),
		(struct karea){.kind = KAREA_SHARED, .start = SHM, .pages = id},
		SHM + 0x1000);
	return id;
}

static uint64_t lookups(void)
{
	return kfutex_system()->shared_tables.operations;
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

	map_shm();
	fake_store(SHM, 0);
	ck_assert_int_eq(sys_futex(SHM, cmd, 1, 0, G, ALL),
			 is_wait(cmd)		    ? -EAGAIN
			 : cmd == FUTEX_CMP_REQUEUE ? -EAGAIN
						    : 0);
	ck_assert_uint_eq(lookups(), 1);
	ck_assert_int_eq(strncmp(fake_log(),
				 "aspace.lock aspace.unlock registry.lock", 39),
			 0);
	fake_log_clear();
	sys_futex(SHM, cmd | PRIVATE, 1, 0, G, ALL);
	ck_assert_uint_eq(lookups(), 1);
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

	map_shm();
	ck_assert_int_eq(call_wake(SHM, cmd, 0x80000000u), -EINVAL);
	ck_assert_uint_eq(lookups(), 1);
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

/* ---- FUTEX_REQUEUE and FUTEX_CMP_REQUEUE ------------------------------- */

START_TEST(requeue_refuses_negative_counts_before_it_reads_anything)
{
	const uint32_t cmd = _i ? FUTEX_CMP_REQUEUE : FUTEX_REQUEUE;

	ck_assert_int_eq(sys_futex(F, cmd, 0x80000000u, 0, G + 1, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, cmd, 0, 0x80000000u, G + 1, 0), -EINVAL);
	ck_assert_ptr_null(strstr(fake_log(), "user.load"));
}
END_TEST

/* Cut to 32 bits, 2^32 is no more than 0. */
START_TEST(requeue_cuts_its_second_count_to_32_bits)
{
	call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(
		sys_futex(F, FUTEX_REQUEUE, 0, UINT64_C(1) << 32, G, 0), 0);
	ck_assert_int_eq(
		sys_futex(F, FUTEX_REQUEUE, 0, UINT64_C(0x180000000), G, 0),
		-EINVAL);
	ck_assert_int_eq(
		sys_futex(F, FUTEX_REQUEUE, 0, (UINT64_C(1) << 32) + 1, G, 0),
		1);
	ck_assert_str_eq(table_text(own_table()), "0x1000:, 0x2000: A");
	fake_end_all();
}
END_TEST

/* FUTEX_REQUEUE reads its word, then checks the second; the other does not. */
START_TEST(requeue_checks_its_words_in_order)
{
	ck_assert_int_eq(sys_futex(NOWHERE, FUTEX_REQUEUE, 0, 0, G + 1, 0),
			 -EFAULT);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 0, G + 1, 0), -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 0, NOWHERE, 0),
			 -EFAULT);
	ck_assert_int_eq(sys_futex(NOWHERE, FUTEX_CMP_REQUEUE, 0, 0, G + 1, 0),
			 -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 0, 0, NOWHERE, 1),
			 -EFAULT);
}
END_TEST

/* Target table first, then the source; both keys in the mode of the call. */
START_TEST(requeue_looks_both_keys_up_in_the_mode_of_the_call)
{
	map_shm();
	fake_store(SHM, 0);
	fake_store(SHM + 4, 0);
	ck_assert_int_eq(sys_futex(SHM, FUTEX_REQUEUE, 1, 1, SHM + 4, 0), 0);
	ck_assert_uint_eq(lookups(), 2);
	fake_assert_notes("table+0x7000 entry+0x4 entry-0x4");
	ck_assert_int_eq(
		sys_futex(SHM, FUTEX_REQUEUE | PRIVATE, 1, 1, SHM + 4, 0), 0);
	ck_assert_uint_eq(lookups(), 2);
	fake_assert_notes("entry+0x10004 entry-0x10004");
}
END_TEST

START_TEST(cmp_requeue_with_nobody_waiting_still_compares)
{
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 0), 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 1), -EAGAIN);
	ck_assert_int_eq(sys_futex(NOWHERE, FUTEX_CMP_REQUEUE, 1, 1, G, 1),
			 -EFAULT);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 1, 1, G, 1), 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(cmp_requeue_compares_under_both_mutexes)
{
	call_wait("A", F, FUTEX_WAIT, 0);
	fake_log_clear();
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 7), -EAGAIN);
	ck_assert_ptr_nonnull(strstr(fake_log(), "wq.lock wq.lock user.load "
						 "wq.unlock wq.unlock"));
	ck_assert_ptr_null(strstr(fake_log(), "task.yield"));
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 0, 1, G, 0), 1);
	ck_assert_str_eq(table_text(own_table()), "0x1000:, 0x2000: A");
	fake_end_all();
}
END_TEST

START_TEST(cmp_requeue_passes_a_fault_under_the_mutexes_on)
{
	struct fake_task *r = call_of("R", F, FUTEX_CMP_REQUEUE, 1, 1, G, 0);

	call_wait("A", F, FUTEX_WAIT, 0);
	fake_run_to(r, "wq.lock");
	fake_forget(F);
	fake_run(r);
	assert_done(r, -EFAULT);
	fake_end_all();
}
END_TEST

START_TEST(requeue_yields_only_if_it_did_something)
{
	call_wait("A", F, FUTEX_WAIT, 0);
	fake_log_clear();
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 0, G, 0), 0);
	ck_assert_ptr_null(strstr(fake_log(), "task.yield"));
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, G, 0), 1);
	ck_assert_ptr_nonnull(strstr(fake_log(), "task.yield"));
	fake_end_all();
}
END_TEST

/* Its own bitset is 1; the wake part of a requeue asks for any. */
START_TEST(the_wake_part_of_a_requeue_ignores_bitsets)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT_BITSET, 0, 0, 0, 1);

	fake_run(a);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 1, 0, G, 0x2), 1);
	fake_run(a);
	assert_done(a, 0);
}
END_TEST

/* A's own guard pins the entry it came from until A has returned. */
START_TEST(an_emptied_source_entry_lives_until_its_waiter_returns)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, G, 0), 1);
	ck_assert_str_eq(table_text(own_table()), "0x1000:, 0x2000: A");
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 1);
	/*
	 * The waker drops its guard on the empty target: that entry goes at
	 * once, for nobody else holds it.
	 */
	ck_assert_str_eq(table_text(own_table()), "0x1000:");
	fake_run(a);
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(requeue_to_its_own_word_only_wakes)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	call_wait("B", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, F, 0), 1);
	fake_run_all();
	assert_done(a, 0);
	ck_assert_str_eq(table_text(own_table()), "0x1000: B");
	fake_end_all();
}
END_TEST

/* From one table to another; the waiter pins the target's. */
START_TEST(requeue_moves_between_private_and_shared_tables)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);

	map_shm();
	fake_store(SHM + 8, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, SHM + 8, 0), 1);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 0);
	kfutex_system()->shared_tables.operations = FUTEX_TABLES_SWEEP - 1;
	fake_log_clear();
	ck_assert_int_eq(call_wake(SHM + 8, FUTEX_WAKE, 1), 1);
	fake_assert_notes("charge:A entry-0x8");
	fake_run(a);
	assert_done(a, 0);
}
END_TEST

/* ---- modes ------------------------------------------------------------- */

START_TEST(private_and_shared_calls_meet_only_on_private_memory)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT | PRIVATE, 0), *b;

	map_shm();
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

/* ---- the other calls --------------------------------------------------- */

START_TEST(set_robust_list_wants_the_one_size)
{
	ck_assert_int_eq(sys_set_robust_list(0x9000, 23), -EINVAL);
	ck_assert_int_eq(sys_set_robust_list(0x9000, 0), -EINVAL);
	fake_assert_log("");
	ck_assert_int_eq(sys_set_robust_list(0x9000, 24), 0);
	ck_assert_uint_eq(kthread(0)->robust_list_head.value, 0x9000);
}
END_TEST

START_TEST(get_robust_list_writes_head_and_size)
{
	fake_store64(F, 0);
	fake_store64(G, 0);
	sys_set_robust_list(0x123456789000, ROBUST_LIST_HEAD_SIZE);
	ck_assert_int_eq(sys_get_robust_list((uint32_t)_i, F, G), 0);
	ck_assert_uint_eq(fake_load64(F), 0x123456789000);
	ck_assert_uint_eq(fake_load64(G), 24);
}
END_TEST

START_TEST(get_robust_list_reads_that_of_another_thread)
{
	struct fake_task *a = exit_of("A", 0x9000, 0);

	fake_store64(F, 1);
	fake_store64(G, 1);
	fake_run(a);
	ck_assert_int_eq(sys_get_robust_list(fake_tid(a), F, G), 0);
	ck_assert_uint_eq(fake_load64(F), 0x9000);
}
END_TEST

START_TEST(get_robust_list_reports_what_is_wrong)
{
	fake_store64(F, 1);
	fake_store64(G, 1);
	ck_assert_int_eq(sys_get_robust_list(99, NOWHERE, NOWHERE), -ESRCH);
	ck_assert_int_eq(sys_get_robust_list(0, NOWHERE, G), -EFAULT);
	ck_assert_uint_eq(fake_load64(G), 1);
	ck_assert_int_eq(sys_get_robust_list(0, F, NOWHERE), -EFAULT);
}
END_TEST

START_TEST(set_tid_address_returns_the_tid)
{
	ck_assert_int_eq(sys_set_tid_address(F), 1);
	ck_assert_uint_eq(kthread(0)->clear_child_tid.value, F);
}
END_TEST

static TCase *case_with(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, words_setup, model_teardown);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static void add_all(TCase *tcase, const TTest *const *tests, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
}

static void add_loops(TCase *tcase)
{
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
	tcase_add_loop_test(
		tcase, requeue_refuses_negative_counts_before_it_reads_anything,
		0, 2);
	tcase_add_loop_test(tcase, get_robust_list_writes_head_and_size, 0, 2);
}

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
		requeue_cuts_its_second_count_to_32_bits,
		requeue_checks_its_words_in_order,
		requeue_looks_both_keys_up_in_the_mode_of_the_call,
		cmp_requeue_with_nobody_waiting_still_compares,
		cmp_requeue_compares_under_both_mutexes,
		cmp_requeue_passes_a_fault_under_the_mutexes_on,
		requeue_yields_only_if_it_did_something,
		the_wake_part_of_a_requeue_ignores_bitsets,
		an_emptied_source_entry_lives_until_its_waiter_returns,
		requeue_to_its_own_word_only_wakes,
		requeue_moves_between_private_and_shared_tables,
		private_and_shared_calls_meet_only_on_private_memory,
		a_private_call_too_waits_for_the_address_space_mutex,
		set_robust_list_wants_the_one_size,
		get_robust_list_reads_that_of_another_thread,
		get_robust_list_reports_what_is_wrong,
		set_tid_address_returns_the_tid,
	};
	Suite *suite = suite_create("syscall");
	TCase *tcase = case_with(suite, "syscall");

	add_all(tcase, tests, sizeof(tests) / sizeof(tests[0]));
	add_loops(tcase);
	return suite;
}
