/* test_syscall_requeue.c - FUTEX_REQUEUE and FUTEX_CMP_REQUEUE. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u
#define SHM 0x10000u
#define PRIVATE FUTEX_PRIVATE_FLAG

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
	map_shared(SHM);
	fake_store(SHM, 0);
	fake_store(SHM + 4, 0);
	ck_assert_int_eq(sys_futex(SHM, FUTEX_REQUEUE, 1, 1, SHM + 4, 0), 0);
	ck_assert_uint_eq(shared_lookups(), 2);
	fake_assert_notes("table+0x7000 entry+0x4 entry-0x4");
	ck_assert_int_eq(
		sys_futex(SHM, FUTEX_REQUEUE | PRIVATE, 1, 1, SHM + 4, 0), 0);
	ck_assert_uint_eq(shared_lookups(), 2);
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

	map_shared(SHM);
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

Suite *syscall_requeue_suite(void)
{
	const TTest *const tests[] = {
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
	};
	Suite *suite = suite_create("syscall requeue");
	TCase *tcase = case_with(suite, "syscall requeue", words_setup);

	ADD_TESTS(tcase, tests);
	tcase_add_loop_test(
		tcase, requeue_refuses_negative_counts_before_it_reads_anything,
		0, 2);
	return suite;
}
