/* test_fake.c - the fake kernel notices misuse, and its mutex is fair. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

static struct kmutex wq_mutex;
static struct kref ref;

static long lock_and_unlock(void *arg)
{
	(void)arg;
	kmutex_lock(&wq_mutex);
	kmutex_unlock(&wq_mutex);
	return 0;
}

static void mutex_setup(void)
{
	starry_setup();
	kmutex_init(&wq_mutex, KOBJECT_WQ);
	kref_init(&ref, KOBJECT_ENTRY);
}

/* The test unlocks: A, who came first, owns it before B has run. */
START_TEST(a_mutex_is_handed_over_to_the_oldest_sleeper)
{
	struct fake_task *a = fake_task_new("A", lock_and_unlock, NULL);
	struct fake_task *b = fake_task_new("B", lock_and_unlock, NULL);

	kmutex_lock(&wq_mutex);
	fake_run(a);
	fake_run(b);
	assert_asleep(a);
	kmutex_unlock(&wq_mutex);
	ck_assert_ptr_eq(wq_mutex.owner, a);
	ck_assert(!kmutex_trylock(&wq_mutex));
	assert_asleep(b);
	fake_run(a);
	ck_assert_ptr_eq(wq_mutex.owner, b);
	fake_run(b);
	ck_assert_ptr_null(wq_mutex.owner);
}
END_TEST

START_TEST(locking_ones_own_mutex_is_a_kernel_bug)
{
	kmutex_lock(&wq_mutex);
	fake_assert_bug(kmutex_lock(&wq_mutex));
}
END_TEST

START_TEST(unlocking_a_free_mutex_is_a_kernel_bug)
{
	fake_assert_bug(kmutex_unlock(&wq_mutex));
}
END_TEST

START_TEST(locking_what_was_never_made_is_a_kernel_bug)
{
	struct kmutex nothing = {0};

	fake_assert_bug(kmutex_lock(&nothing));
}
END_TEST

static long unlock(void *arg)
{
	(void)arg;
	kmutex_unlock(&wq_mutex);
	return 0;
}

START_TEST(a_kernel_bug_ends_the_task_that_has_it)
{
	struct fake_task *a = fake_task_new("A", unlock, NULL);

	kmutex_lock(&wq_mutex);
	fake_run(a);
	ck_assert(!fake_is_done(a));
	ck_assert_ptr_nonnull(fake_bug(a));
}
END_TEST

START_TEST(a_reference_to_what_is_gone_is_a_kernel_bug)
{
	ck_assert(kref_put(&ref));
	if (_i)
		fake_assert_bug(kref_get(&ref));
	else
		fake_assert_bug(kref_put(&ref));
}
END_TEST

START_TEST(freeing_twice_is_a_kernel_bug)
{
	void *block = kalloc(8, "block");

	ck_assert_uint_eq(fake_alive("block"), 1);
	kfree(block);
	ck_assert_uint_eq(fake_alive("block"), 0);
	fake_assert_bug(kfree(block));
}
END_TEST

/* Timers fire by deadline, whatever the order they were armed in. */
START_TEST(a_timer_fires_at_its_deadline_and_not_before)
{
	struct kwaker *w = kwaker_new();
	struct ktimer *late = ktimer_arm(KCLOCK_WALL, 20),
		      *early = ktimer_arm(KCLOCK_WALL, 10);

	ck_assert(!ktimer_poll(late, w));
	ck_assert(!ktimer_poll(early, w));
	fake_clock_advance(10);
	ck_assert(!ktimer_poll(late, w));
	ck_assert(ktimer_poll(early, w));
	ck_assert(!kpark(w));
	ktimer_cancel(early);
	ktimer_cancel(late);
	kwaker_put(w);
}
END_TEST

START_TEST(the_log_has_points_tasks_and_what_a_reference_is_to)
{
	struct fake_task *a = fake_task_new("A", lock_and_unlock, NULL);

	kref_get(&ref);
	fake_run_past(a, "wq.lock");
	kyield();
	fake_run(a);
	fake_assert_log("ref.get(entry) A:wq.lock task.yield A:wq.unlock");
}
END_TEST

Suite *fake_suite(void)
{
	const TTest *const tests[] = {
		a_mutex_is_handed_over_to_the_oldest_sleeper,
		locking_ones_own_mutex_is_a_kernel_bug,
		unlocking_a_free_mutex_is_a_kernel_bug,
		locking_what_was_never_made_is_a_kernel_bug,
		a_kernel_bug_ends_the_task_that_has_it,
		freeing_twice_is_a_kernel_bug,
		a_timer_fires_at_its_deadline_and_not_before,
		the_log_has_points_tasks_and_what_a_reference_is_to,
	};
	Suite *suite = suite_create("fake");
	TCase *tcase = tcase_create("fake");
	size_t i;

	tcase_add_checked_fixture(tcase, mutex_setup, model_teardown);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, a_reference_to_what_is_gone_is_a_kernel_bug,
			    0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
