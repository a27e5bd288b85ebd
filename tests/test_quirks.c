/*
 * test_quirks.c - every quirk's race twice: with the quirk it goes wrong,
 * without it it does not.  Those of queues and entries are in
 * test_quirks_queues.c.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define TIME 0x3000u
#define SHM 0x10000u

/* ---- a wake-up and the end of a wait ----------------------------------- */

/*
 * A's second poll has seen "not woken" when B charges it; then A finds its
 * deadline past.
 */
START_TEST(timeout_swallows_wake)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use_quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
	fake_store(F, 0);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_run_past(a, "woken.load");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -ETIMEDOUT : 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* The last moment: A has decided to give up but not yet said so. */
START_TEST(timeout_swallows_wake_to_the_last_moment)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use_quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
	fake_store(F, 0);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_run_to(a, "cancelled.store");
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -ETIMEDOUT : 0);
}
END_TEST

START_TEST(a_timeout_without_a_wake_is_a_timeout)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use_quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
	fake_store(F, 0);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	fake_clock_advance(10);
	fake_run(a);
	assert_done(a, -ETIMEDOUT);
}
END_TEST

/* A is woken and then, before it has looked, interrupted. */
START_TEST(signal_swallows_wake)
{
	struct fake_task *a;

	use_quirk(QUIRK_SIGNAL_SWALLOWS_WAKE, HAS_QUIRK);
	fake_store(F, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_signal(a);
	fake_run(a);
	assert_done(a, HAS_QUIRK ? -EINTR : 0);
}
END_TEST

START_TEST(a_signal_without_a_wake_is_a_signal)
{
	struct fake_task *a;

	use_quirk(QUIRK_SIGNAL_SWALLOWS_WAKE, HAS_QUIRK);
	fake_store(F, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
}
END_TEST

/* ---- keys -------------------------------------------------------------- */

static void map_pages(uint64_t start, uint64_t offset, struct kidentity *pages)
{
	fake_map(fake_process_first(),
		 (struct karea){.kind = KAREA_SHARED,
				.start = start,
				.offset = offset,
				.pages = pages},
		 start + 0x1000);
}

/* One area of two pages is split under A, who sleeps in the second page. */
START_TEST(key_from_area_start)
{
	struct kidentity *pages = fake_identity_new(0x7000);
	struct fake_task *a;

	use_quirk(QUIRK_KEY_FROM_AREA_START, HAS_QUIRK);
	fake_store(SHM + 0x1000, 0);
	fake_map(fake_process_first(),
		 (struct karea){
			 .kind = KAREA_SHARED, .start = SHM, .pages = pages},
		 SHM + 0x2000);
	a = call_wait("A", SHM + 0x1000, FUTEX_WAIT, 0);
	fake_unmap_all(fake_process_first());
	map_pages(SHM, 0, pages);
	map_pages(SHM + 0x1000, 0x1000, pages);
	ck_assert_int_eq(call_wake(SHM + 0x1000, FUTEX_WAKE, 1), !HAS_QUIRK);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* After the split the second page's first word has the first page's key. */
START_TEST(key_from_area_start_makes_two_words_one)
{
	struct kidentity *pages = fake_identity_new(0x7000);
	struct fake_task *a;

	use_quirk(QUIRK_KEY_FROM_AREA_START, HAS_QUIRK);
	fake_store(SHM, 0);
	fake_store(SHM + 0x1000, 0);
	map_pages(SHM, 0, pages);
	map_pages(SHM + 0x1000, 0x1000, pages);
	a = call_wait("A", SHM, FUTEX_WAIT, 0);
	ck_assert_int_eq(call_wake(SHM + 0x1000, FUTEX_WAKE, 1), HAS_QUIRK);
	fake_run_all();
	ck_assert_int_eq(fake_is_done(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* Two mmaps of one file. */
START_TEST(file_key_per_mapping)
{
	struct kidentity *file = fake_identity_new(0x7000);
	unsigned int i;

	use_quirk(QUIRK_FILE_KEY_PER_MAPPING, HAS_QUIRK);
	for (i = 0; i < 2; i++)
		fake_map(
			fake_process_first(),
			(struct karea){.kind = KAREA_FILE,
				       .start = SHM + i * 0x1000u,
				       .pages = file,
				       .handle = fake_identity_new(0x8000 + i)},
			SHM + (i + 1) * 0x1000u);
	fake_store(SHM, 0);
	fake_store(SHM + 0x1000, 0);
	call_wait("A", SHM, FUTEX_WAIT, 0);
	ck_assert_int_eq(call_wake(SHM + 0x1000, FUTEX_WAKE, 1), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* X dies while a sibling holds the address space; A waits in shared memory. */
START_TEST(teardown_try_lock)
{
	struct fake_task *x = exit_of("X", 0, SHM), *a;

	use_quirk(QUIRK_TEARDOWN_TRY_LOCK, HAS_QUIRK);
	fake_store(SHM, 1);
	map_pages(SHM, 0, fake_identity_new(0x7000));
	a = call_wait("A", SHM, FUTEX_WAIT, 1);
	fake_aspace_lock(fake_process_first());
	fake_run(x);
	ck_assert_int_eq(fake_is_done(x), HAS_QUIRK);
	fake_aspace_unlock(fake_process_first());
	fake_run_all();
	assert_done(x, 0);
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* Two processes, one address space. */
START_TEST(private_table_per_process)
{
	struct fake_process *child = fake_process_new(fake_process_first());
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_quirk(QUIRK_PRIVATE_TABLE_PER_PROCESS, HAS_QUIRK);
	fake_store(F, 0);
	fake_task_move(a, child);
	fake_run(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

START_TEST(processes_with_memory_of_their_own_never_meet)
{
	struct fake_process *child = fake_process_new(NULL);
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);

	use_quirk(QUIRK_PRIVATE_TABLE_PER_PROCESS, HAS_QUIRK);
	fake_store(F, 0);
	fake_task_move(a, child);
	fake_run(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 0);
	fake_end_all();
}
END_TEST

START_TEST(private_flag_ignored)
{
	use_quirk(QUIRK_PRIVATE_FLAG_IGNORED, HAS_QUIRK);
	fake_store(SHM, 0);
	map_pages(SHM, 0, fake_identity_new(0x7000));
	call_wait("A", SHM, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0);
	ck_assert_int_eq(call_wake(SHM, FUTEX_WAKE, 1), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* ---- counts, and the words of the dead --------------------------------- */

/* Linux: a count of 0 wakes one, and so does one below it. */
START_TEST(wake_count_as_given)
{
	static const uint32_t counts[] = {0, UINT32_MAX, 0x80000000u};
	unsigned int i;
	long result;

	use_quirk(QUIRK_WAKE_COUNT_AS_GIVEN, HAS_QUIRK);
	fake_store(F, 0);
	for (i = 0; i < 3; i++) {
		call_wait("A", F, FUTEX_WAIT, 0);
		call_wait("B", F, FUTEX_WAIT, 0);
		result = call_wake(F, FUTEX_WAKE, counts[i]);
		if (HAS_QUIRK)
			ck_assert_int_eq(result, i ? -EINVAL : 0);
		else
			ck_assert_int_eq(result, 1);
		fake_end_all();
	}
}
END_TEST

#define HEAD 0x8000u
#define NODE 0x9000u
#define ROBUST (NODE + 16)

/* A list of one entry, whose word holds @value. */
static void make_robust(uint32_t value)
{
	fake_store64(HEAD, NODE);
	fake_store64(HEAD + 8, ROBUST - NODE);
	fake_store64(HEAD + 16, 0);
	fake_store64(NODE, HEAD);
	fake_store(ROBUST, value);
}

/* X has read its word; a waiter sets FUTEX_WAITERS; X writes. */
START_TEST(owner_death_in_two_steps)
{
	struct fake_task *x = exit_of("X", HEAD, 0);
	const uint32_t tid = fake_tid(x);

	use_quirk(QUIRK_OWNER_DEATH_IN_TWO_STEPS, HAS_QUIRK);
	make_robust(tid);
	fake_run_past(x, "user.load");
	fake_store(ROBUST, tid | FUTEX_WAITERS);
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(ROBUST),
			  HAS_QUIRK ? FUTEX_OWNER_DIED
				    : FUTEX_OWNER_DIED | FUTEX_WAITERS);
}
END_TEST

/* Another thread has taken the word over in the meantime. */
START_TEST(owner_death_in_two_steps_takes_a_word_from_its_owner)
{
	struct fake_task *x = exit_of("X", HEAD, 0);
	const uint32_t tid = fake_tid(x);

	use_quirk(QUIRK_OWNER_DEATH_IN_TWO_STEPS, HAS_QUIRK);
	make_robust(tid);
	fake_run_past(x, "user.load");
	fake_store(ROBUST, tid + 1);
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(ROBUST),
			  HAS_QUIRK ? FUTEX_OWNER_DIED : tid + 1);
}
END_TEST

/* Nobody has set FUTEX_WAITERS, yet A waits. */
START_TEST(owner_death_always_wakes)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a;
	const uint32_t tid = fake_tid(x);

	use_quirk(QUIRK_OWNER_DEATH_ALWAYS_WAKES, HAS_QUIRK);
	make_robust(tid);
	a = call_wait("A", ROBUST, FUTEX_WAIT, tid);
	fake_run(x);
	assert_done(x, 0);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(a), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

START_TEST(owner_death_wakes_if_the_word_says_somebody_waits)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a;
	const uint32_t word = fake_tid(x) | FUTEX_WAITERS;

	use_quirk(QUIRK_OWNER_DEATH_ALWAYS_WAKES, HAS_QUIRK);
	make_robust(word);
	a = call_wait("A", ROBUST, FUTEX_WAIT, word);
	fake_run_all();
	assert_done(x, 0);
	assert_done(a, 0);
}
END_TEST

/* Whoever sees its tid word cleared takes the list away. */
START_TEST(tid_cleared_before_robust_list)
{
	struct fake_task *x = exit_of("X", HEAD, F);

	use_quirk(QUIRK_TID_CLEARED_BEFORE_ROBUST_LIST, HAS_QUIRK);
	make_robust(fake_tid(x));
	fake_store(F, 1);
	fake_run_past(x, "user.store");
	if (fake_load(F) == 0)
		fake_forget(HEAD);
	fake_run(x);
	assert_done(x, HAS_QUIRK ? -EFAULT : 0);
	ck_assert_uint_eq(fake_load(F), 0);
	ck_assert_int_eq(fake_load(ROBUST) == FUTEX_OWNER_DIED, !HAS_QUIRK);
}
END_TEST

Suite *quirks_suite(void)
{
	const TTest *const tests[] = {
		timeout_swallows_wake,
		timeout_swallows_wake_to_the_last_moment,
		a_timeout_without_a_wake_is_a_timeout,
		signal_swallows_wake,
		a_signal_without_a_wake_is_a_signal,
		key_from_area_start,
		key_from_area_start_makes_two_words_one,
		file_key_per_mapping,
		teardown_try_lock,
		private_table_per_process,
		processes_with_memory_of_their_own_never_meet,
		private_flag_ignored,
		wake_count_as_given,
		owner_death_in_two_steps,
		owner_death_in_two_steps_takes_a_word_from_its_owner,
		owner_death_always_wakes,
		owner_death_wakes_if_the_word_says_somebody_waits,
		tid_cleared_before_robust_list,
	};
	Suite *suite = suite_create("quirks");

	ADD_BOTH_WAYS(case_with(suite, "quirks", starry_setup), tests);
	return suite;
}
