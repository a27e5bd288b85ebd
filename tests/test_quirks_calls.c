/*
 * test_quirks_calls.c - the quirks of arguments, their checks and keys, each
 * with and without it.  The kernel is Linux otherwise.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u
#define TIME 0x3000u
#define SHM 0x10000u
#define RODATA 0x20000u
#define LIST 0x9000u
#define PRIVATE FUTEX_PRIVATE_FLAG
#define REALTIME FUTEX_CLOCK_REALTIME

static void words_of_linux(void)
{
	linux_setup();
	fake_store(F, 0);
	fake_store(G, 0);
}

/* ---- calls that are not there ------------------------------------------ */

START_TEST(no_wake_op)
{
	use_only(QUIRK_NO_WAKE_OP, HAS_QUIRK);
	/* G = 1, whatever it was; compared with 0. */
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_OP, 1, 1, G, 0x1000),
			 HAS_QUIRK ? -ENOSYS : 0);
	ck_assert_uint_eq(fake_load(G), !HAS_QUIRK);
}
END_TEST

START_TEST(no_waitv)
{
	use_only(QUIRK_NO_WAITV, HAS_QUIRK);
	fake_store64(LIST, 7);
	fake_store64(LIST + 8, F);
	fake_store64(LIST + 16, FUTEX_32);
	ck_assert_int_eq(sys_futex_waitv(LIST, 1, 0, 0, 1),
			 HAS_QUIRK ? -ENOSYS : -EAGAIN);
}
END_TEST

/* ---- the operation ----------------------------------------------------- */

START_TEST(unknown_flag_is_invalid)
{
	const int wanted = HAS_QUIRK ? -EINVAL : -ENOSYS;

	use_only(QUIRK_UNKNOWN_FLAG_IS_INVALID, HAS_QUIRK);
	ck_assert_int_eq(sys_futex(F, 512, 0, 0, 0, 0), wanted);
	ck_assert_int_eq(sys_futex(F + 1, 0x80000000u, 0, 0, 0, 0), wanted);
	ck_assert_int_eq(sys_futex(F, 512 | PRIVATE | 2, 0, 0, 0, 0), wanted);
}
END_TEST

START_TEST(realtime_flag_is_invalid)
{
	static const uint32_t commands[] = {FUTEX_WAKE, FUTEX_WAKE_BITSET,
					    FUTEX_REQUEUE, FUTEX_CMP_REQUEUE,
					    FUTEX_WAKE_OP};
	unsigned int i;

	use_only(QUIRK_REALTIME_FLAG_IS_INVALID, HAS_QUIRK);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(
			sys_futex(F, commands[i] | REALTIME, 1, 1, G, ALL),
			HAS_QUIRK ? -EINVAL : -ENOSYS);
	ck_assert_int_eq(sys_futex(F, 2 | REALTIME, 1, 1, G, ALL), -ENOSYS);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET | REALTIME, 1, 0, 0, 1),
			 -EAGAIN);
}
END_TEST

START_TEST(realtime_wait)
{
	use_only(QUIRK_REALTIME_WAIT, HAS_QUIRK);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT | REALTIME, 1, 0, 0, 0),
			 HAS_QUIRK ? -EAGAIN : -ENOSYS);
}
END_TEST

START_TEST(timeout_after_the_word)
{
	use_only(QUIRK_TIMEOUT_AFTER_THE_WORD, HAS_QUIRK);
	fake_store_timespec(TIME, 0, 1000000000);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 1, NOWHERE, 0, 0),
			 HAS_QUIRK ? -EAGAIN : -EFAULT);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET, 1, TIME, 0, ALL),
			 HAS_QUIRK ? -EAGAIN : -EINVAL);
	/* Before the address and the mask are looked at, too. */
	ck_assert_int_eq(sys_futex(F + 1, FUTEX_WAIT, 0, NOWHERE, 0, 0),
			 HAS_QUIRK ? -EINVAL : -EFAULT);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT_BITSET, 0, NOWHERE, 0, 0),
			 HAS_QUIRK ? -EINVAL : -EFAULT);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAIT, 0, NOWHERE, 0, 0), -EFAULT);
	/* What is no wait has no timeout there. */
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE, 1, NOWHERE, 0, 0), 0);
}
END_TEST

/* ---- words and keys ---------------------------------------------------- */

START_TEST(calls_read_their_words)
{
	const int wanted = HAS_QUIRK ? -EFAULT : 0;

	use_only(QUIRK_CALLS_READ_THEIR_WORDS, HAS_QUIRK);
	ck_assert_int_eq(call_wake(NOWHERE, FUTEX_WAKE | PRIVATE, 1), wanted);
	ck_assert_int_eq(
		sys_futex(NOWHERE, FUTEX_REQUEUE | PRIVATE, 1, 1, F, 0),
		wanted);
	ck_assert_int_eq(
		sys_futex(F, FUTEX_REQUEUE | PRIVATE, 1, 1, NOWHERE, 0),
		wanted);
	ck_assert_int_eq(
		sys_futex(NOWHERE, FUTEX_WAKE_OP | PRIVATE, 1, 1, G, 0),
		wanted);
	/* A comparison has to read. */
	ck_assert_int_eq(
		sys_futex(NOWHERE, FUTEX_CMP_REQUEUE | PRIVATE, 1, 1, F, 0),
		-EFAULT);
}
END_TEST

static void map_read_only(uint64_t start, enum karea_kind kind)
{
	fake_map(fake_process_first(),
		 (struct karea){.kind = kind,
				.start = start,
				.pages = kind == KAREA_PRIVATE
						 ? NULL
						 : fake_identity_new(0x7000),
				.is_read_only = true},
		 start + 0x1000);
	fake_store(start, 0);
}

START_TEST(keys_of_any_address)
{
	const int wanted = HAS_QUIRK ? 0 : -EFAULT;

	use_only(QUIRK_KEYS_OF_ANY_ADDRESS, HAS_QUIRK);
	map_read_only(RODATA, KAREA_PRIVATE);
	map_read_only(SHM, KAREA_SHARED);
	ck_assert_int_eq(call_wake(RODATA, FUTEX_WAKE, 1), wanted);
	ck_assert_int_eq(call_wake(NOWHERE, FUTEX_WAKE, 1), wanted);
	ck_assert_int_eq(call_wake(UINT64_C(1) << 63, FUTEX_WAKE | PRIVATE, 1),
			 wanted);
	/* Somebody else may write there. */
	ck_assert_int_eq(call_wake(SHM, FUTEX_WAKE, 1), 0);
	/* Not the caller, though. */
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_OP, 1, 1, SHM, 0), wanted);
	/* Nobody looks what is at a private address. */
	ck_assert_int_eq(call_wake(RODATA, FUTEX_WAKE | PRIVATE, 1), 0);
	/* The counts of a requeue come before the key. */
	ck_assert_int_eq(sys_futex(NOWHERE, FUTEX_REQUEUE, UINT32_MAX, 1, F, 0),
			 -EINVAL);
}
END_TEST

START_TEST(private_meets_shared)
{
	use_only(QUIRK_PRIVATE_MEETS_SHARED, HAS_QUIRK);
	call_wait("A", F, FUTEX_WAIT | PRIVATE, 0);
	call_wait("B", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 9), HAS_QUIRK ? 2 : 1);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE | PRIVATE, 9),
			 HAS_QUIRK ? 0 : 1);
	fake_run_all();
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(private_key_locks_aspace)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAKE | PRIVATE, 1, 0, 0, 0);

	use_only(QUIRK_PRIVATE_KEY_LOCKS_ASPACE, HAS_QUIRK);
	fake_aspace_lock(fake_process_first());
	fake_run(a);
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_aspace_unlock(fake_process_first());
	fake_run_all();
	assert_done(a, 0);
}
END_TEST

/* ---- the robust list calls --------------------------------------------- */

START_TEST(robust_list_head_before_length)
{
	use_only(QUIRK_ROBUST_LIST_HEAD_BEFORE_LENGTH, HAS_QUIRK);
	fake_store64(LIST, 7);
	ck_assert_int_eq(sys_set_robust_list(0x8000, ROBUST_LIST_HEAD_SIZE), 0);
	/* A bad pointer for the head: was the length written before? */
	ck_assert_int_eq(sys_get_robust_list(0, NOWHERE, LIST), -EFAULT);
	ck_assert_uint_eq(fake_load64(LIST),
			  HAS_QUIRK ? 7 : ROBUST_LIST_HEAD_SIZE);
	fake_store64(LIST, 7);
	ck_assert_int_eq(sys_get_robust_list(0, LIST, NOWHERE), -EFAULT);
	ck_assert_uint_eq(fake_load64(LIST), HAS_QUIRK ? 0x8000 : 7);
}
END_TEST

Suite *quirks_calls_suite(void)
{
	const TTest *const tests[] = {
		no_wake_op,
		no_waitv,
		unknown_flag_is_invalid,
		realtime_flag_is_invalid,
		realtime_wait,
		timeout_after_the_word,
		calls_read_their_words,
		keys_of_any_address,
		private_meets_shared,
		private_key_locks_aspace,
		robust_list_head_before_length,
	};
	Suite *suite = suite_create("quirks of calls");

	ADD_BOTH_WAYS(case_with(suite, "quirks of calls", words_of_linux),
		      tests);
	return suite;
}
