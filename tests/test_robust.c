/* test_robust.c - the calls that say what a thread will leave behind. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u

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

Suite *robust_suite(void)
{
	const TTest *const tests[] = {
		set_robust_list_wants_the_one_size,
		get_robust_list_reads_that_of_another_thread,
		get_robust_list_reports_what_is_wrong,
		set_tid_address_returns_the_tid,
	};
	Suite *suite = suite_create("robust");
	TCase *tcase = case_with(suite, "robust", words_setup);

	ADD_TESTS(tcase, tests);
	tcase_add_loop_test(tcase, get_robust_list_writes_head_and_size, 0, 2);
	return suite;
}
