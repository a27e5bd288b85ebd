/* test_wake_op.c - FUTEX_WAKE_OP: the word, the comparison, the two queues. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define NOWHERE 0x5000u
#define SHM 0x10000u
#define PRIVATE FUTEX_PRIVATE_FLAG

enum {
	SET,
	ADD,
	OR,
	ANDN,
	XOR,
	SHIFT = 8,
};

enum {
	EQ,
	NE,
	LT,
	LE,
	GT,
	GE,
};

/* As FUTEX_OP() of linux/futex.h. */
static uint32_t encode(uint32_t op, int operand, uint32_t cmp, int compared)
{
	return op << 28 | cmp << 24 | ((uint32_t)operand & 0xfff) << 12 |
	       ((uint32_t)compared & 0xfff);
}

static void words_of_linux(void)
{
	linux_setup();
	fake_store(F, 0);
	fake_store(G, 0);
	fake_log_clear();
}

static long wake_op(uint32_t wake, uint32_t wake2, uint32_t val3)
{
	return sys_futex(F, FUTEX_WAKE_OP, wake, wake2, G, val3);
}

/* ---- the word ---------------------------------------------------------- */

static const struct {
	uint32_t op;
	int operand;
	uint32_t before;
	uint32_t after;
} changes[] = {
	{SET, 42, 7, 42},
	{ADD, 5, 10, 15},
	{OR, 3, 0x10, 0x13},
	{ANDN, 5, 0x1f, 0x1a},
	{XOR, 0x0f, 0x55, 0x5a},
	/* Twelve bits with a sign. */
	{ADD, -1, 0, UINT32_MAX},
	{SET, 0x800, 0, 0xfffff800},
	{SET, 0x7ff, 0, 0x7ff},
	/* A power of two, by the low five bits. */
	{SET | SHIFT, 5, 0, 32},
	{OR | SHIFT, 31, 1, 0x80000001},
	{SET | SHIFT, 37, 0, 32},
	{ANDN | SHIFT, -1, UINT32_MAX, 0x7fffffff},
	/* Sums wrap around. */
	{ADD, 1, UINT32_MAX, 0},
};

START_TEST(each_operation_changes_the_second_word)
{
	fake_store(G, changes[_i].before);
	ck_assert_int_eq(
		wake_op(1, 1,
			encode(changes[_i].op, changes[_i].operand, EQ, 0)),
		0);
	ck_assert_uint_eq(fake_load(G), changes[_i].after);
	ck_assert_uint_eq(fake_load(F), 0);
}
END_TEST

/* old, compared with, and which of EQ NE LT LE GT GE hold (bit by number). */
static const struct {
	uint32_t old;
	int compared;
	uint32_t that_hold;
} comparisons[] = {
	{5, 5, 1 << EQ | 1 << LE | 1 << GE},
	{4, 5, 1 << NE | 1 << LT | 1 << LE},
	{6, 5, 1 << NE | 1 << GT | 1 << GE},
	/* With a sign: -1 < 0, and 0x800 is -2048. */
	{UINT32_MAX, 0, 1 << NE | 1 << LT | 1 << LE},
	{0x800, 0x800, 1 << NE | 1 << GT | 1 << GE},
	{UINT32_MAX, -1, 1 << EQ | 1 << LE | 1 << GE},
};

/* The old value is compared, not the new one, which is always 77 here. */
START_TEST(each_comparison_decides_on_the_second_queue)
{
	uint32_t cmp;
	bool holds_now;

	for (cmp = EQ; cmp <= GE; cmp++) {
		fake_store(G, comparisons[_i].old);
		call_wait("A", G, FUTEX_WAIT, comparisons[_i].old);
		holds_now = comparisons[_i].that_hold >> cmp & 1;
		ck_assert_int_eq(
			wake_op(1, 1,
				encode(SET, 77, cmp, comparisons[_i].compared)),
			holds_now);
		ck_assert_uint_eq(fake_load(G), 77);
		fake_end_all();
	}
}
END_TEST

START_TEST(an_unknown_operation_changes_nothing)
{
	uint32_t op;

	for (op = XOR + 1; op < SHIFT; op++)
		ck_assert_int_eq(wake_op(1, 1, encode(op, 1, EQ, 0)), -ENOSYS);
	ck_assert_uint_eq(fake_load(G), 0);
}
END_TEST

START_TEST(an_unknown_comparison_is_told_after_the_change)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);
	uint32_t cmp;

	for (cmp = GE + 1; cmp < 16; cmp++)
		ck_assert_int_eq(wake_op(1, 1, encode(ADD, 1, cmp, 0)),
				 -ENOSYS);
	ck_assert_uint_eq(fake_load(G), 16 - (GE + 1));
	assert_asleep(a);
	fake_end_all();
}
END_TEST

/* ---- who is woken ------------------------------------------------------ */

START_TEST(both_queues_are_woken_and_counted)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);
	struct fake_task *b = call_wait("B", F, FUTEX_WAIT, 0);
	struct fake_task *c = call_wait("C", G, FUTEX_WAIT, 0);

	ck_assert_int_eq(wake_op(1, 9, encode(ADD, 1, EQ, 0)), 2);
	fake_run_all();
	assert_done(a, 0);
	assert_asleep(b);
	assert_done(c, 0);
	ck_assert_str_eq(table_text(own_table()), "0x1000: B");
	/* Now G is 1. */
	ck_assert_int_eq(wake_op(9, 9, encode(ADD, 1, EQ, 0)), 1);
	fake_run_all();
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* Linux compares the counts after it has woken; others take them as given. */
START_TEST(counts_below_one_wake_one)
{
	use_only(QUIRK_WAKE_COUNT_AS_GIVEN, HAS_QUIRK);
	call_wait("A", F, FUTEX_WAIT, 0);
	call_wait("B", F, FUTEX_WAIT, 0);
	call_wait("C", G, FUTEX_WAIT, 0);
	ck_assert_int_eq(wake_op(0, 0, encode(ADD, 0, EQ, 0)),
			 HAS_QUIRK ? 0 : 2);
	/* As a number without a sign that is more than there are. */
	ck_assert_int_eq(wake_op(UINT32_MAX, UINT32_MAX, encode(ADD, 0, EQ, 0)),
			 HAS_QUIRK ? 3 : 1);
	fake_run_all();
}
END_TEST

START_TEST(one_word_may_be_both)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT, 0);
	struct fake_task *b = call_wait("B", F, FUTEX_WAIT, 0);
	struct fake_task *c = call_wait("C", F, FUTEX_WAIT, 0);

	ck_assert_int_eq(
		sys_futex(F, FUTEX_WAKE_OP, 1, 1, F, encode(SET, 1, EQ, 0)), 2);
	fake_run_all();
	assert_done(a, 0);
	assert_done(b, 0);
	assert_asleep(c);
	fake_end_all();
}
END_TEST

START_TEST(a_call_that_finds_nobody_leaves_no_entry)
{
	ck_assert_int_eq(wake_op(1, 1, encode(ADD, 1, EQ, 0)), 0);
	ck_assert_str_eq(table_text(own_table()), "");
	ck_assert_int_eq(wake_op(1, 1, encode(7, 1, EQ, 0)), -ENOSYS);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

START_TEST(private_and_shared_words_are_told_apart)
{
	struct fake_task *a = call_wait("A", F, FUTEX_WAIT | PRIVATE, 0);

	ck_assert_int_eq(wake_op(1, 1, encode(SET, 0, EQ, 0)), 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_OP | PRIVATE, 1, 1, G,
				   encode(SET, 0, EQ, 0)),
			 1);
	fake_run_all();
	assert_done(a, 0);
}
END_TEST

/* ---- one step ---------------------------------------------------------- */

/* W stands before the change, with both queues locked. */
START_TEST(both_queues_are_held_while_the_word_changes)
{
	struct fake_task *w =
		call_of("W", F, FUTEX_WAKE_OP, 1, 1, G, encode(SET, 1, EQ, 0));
	struct fake_task *a, *b, *c;

	fake_run_to(w, "user.fetch");
	a = call_wait("A", F, FUTEX_WAIT, 0);
	b = call_wait("B", G, FUTEX_WAIT, 0);
	c = call_of("C", F, FUTEX_REQUEUE, 1, 1, G, 0);
	fake_run(c);
	assert_asleep(a);
	assert_asleep(b);
	assert_asleep(c);
	ck_assert_str_eq(table_text(own_table()), "0x1000:, 0x2000:");
	fake_run(w);
	fake_run_all();
	/* Neither was there before the change; B sees it. */
	assert_done(w, 0);
	assert_done(b, -EAGAIN);
	fake_end_all();
}
END_TEST

/* A store between the load and the store of the draft is lost. */
START_TEST(wake_op_in_two_steps)
{
	struct fake_task *w =
		call_of("W", F, FUTEX_WAKE_OP, 1, 1, G, encode(ADD, 1, EQ, 0));

	use_only(QUIRK_WAKE_OP_IN_TWO_STEPS, HAS_QUIRK);
	fake_run_past(w, HAS_QUIRK ? "user.load" : "user.fetch");
	fake_store(G, fake_load(G) + 10);
	fake_run(w);
	assert_done(w, 0);
	ck_assert_uint_eq(fake_load(G), HAS_QUIRK ? 1 : 11);
}
END_TEST

/* B has seen the new value when the draft locks the queues. */
START_TEST(wake_op_outside_locks)
{
	struct fake_task *w =
		call_of("W", F, FUTEX_WAKE_OP, 1, 1, G, encode(SET, 1, EQ, 0));
	struct fake_task *b;

	use_only(QUIRK_WAKE_OP_OUTSIDE_LOCKS, HAS_QUIRK);
	fake_run_past(w, "user.fetch");
	b = call_wait("B", G, FUTEX_WAIT, 1);
	fake_run(w);
	fake_run_all();
	assert_done(w, HAS_QUIRK);
	ck_assert_int_eq(fake_is_asleep(b), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* ---- faults and bad addresses ------------------------------------------ */

START_TEST(bad_words_are_refused)
{
	const uint32_t val3 = encode(SET, 1, EQ, 0);

	ck_assert_int_eq(sys_futex(F + 2, FUTEX_WAKE_OP, 1, 1, G, val3),
			 -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_OP, 1, 1, G + 2, val3),
			 -EINVAL);
	ck_assert_int_eq(sys_futex(F, FUTEX_WAKE_OP, 1, 1, NOWHERE, val3),
			 -EFAULT);
	ck_assert_int_eq(
		sys_futex(F, FUTEX_WAKE_OP | PRIVATE, 1, 1, NOWHERE, val3),
		-EFAULT);
	ck_assert_int_eq(sys_futex(NOWHERE, FUTEX_WAKE_OP, 1, 1, G, val3),
			 -EFAULT);
	ck_assert_uint_eq(fake_load(G), 0);
	/* A private first word need not be there. */
	ck_assert_int_eq(
		sys_futex(NOWHERE, FUTEX_WAKE_OP | PRIVATE, 1, 1, G, val3), 0);
	ck_assert_uint_eq(fake_load(G), 1);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* No lock is held while the page is brought in. */
START_TEST(a_page_is_brought_in_with_no_queue_locked)
{
	struct fake_task *w = call_of("W", F, FUTEX_WAKE_OP | PRIVATE, 1, 1, G,
				      encode(ADD, 1, EQ, 0));

	fake_make_lazy(G);
	fake_aspace_lock(fake_process_first());
	fake_run(w);
	assert_asleep(w);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE | PRIVATE, 1), 0);
	fake_aspace_unlock(fake_process_first());
	fake_run_all();
	assert_done(w, 0);
	ck_assert_uint_eq(fake_load(G), 1);
}
END_TEST

Suite *wake_op_suite(void)
{
	const TTest *const tests[] = {
		an_unknown_operation_changes_nothing,
		an_unknown_comparison_is_told_after_the_change,
		both_queues_are_woken_and_counted,
		one_word_may_be_both,
		a_call_that_finds_nobody_leaves_no_entry,
		private_and_shared_words_are_told_apart,
		both_queues_are_held_while_the_word_changes,
		bad_words_are_refused,
		a_page_is_brought_in_with_no_queue_locked,
	};
	const TTest *const both_ways[] = {
		counts_below_one_wake_one,
		wake_op_in_two_steps,
		wake_op_outside_locks,
	};
	Suite *suite = suite_create("wake_op");
	TCase *tcase = case_with(suite, "wake_op", words_of_linux);

	ADD_TESTS(tcase, tests);
	ADD_BOTH_WAYS(tcase, both_ways);
	tcase_add_loop_test(tcase, each_operation_changes_the_second_word, 0,
			    sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(tcase, each_comparison_decides_on_the_second_queue,
			    0, sizeof(comparisons) / sizeof(comparisons[0]));
	return suite;
}
