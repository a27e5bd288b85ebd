/*
 * test_quirks.c - the tables of quirks and profiles, and every quirk's race
 * twice: with the quirk it goes wrong, without it it does not.
 */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define F 0x1000u
#define G 0x2000u
#define TIME 0x3000u
#define SHM 0x10000u

/* Runs of a loop test: 1 with the quirk, 0 without it. */
#define HAS_QUIRK (_i == 1)

static void use(enum quirk q, bool with)
{
	uint64_t bit = UINT64_C(1) << q;

	fake_set_quirks(with ? starry_quirks() | bit : starry_quirks() & ~bit);
}

/* ---- the tables -------------------------------------------------------- */

START_TEST(every_quirk_says_what_it_is)
{
	unsigned int i, j;

	for (i = 0; i < QUIRK_COUNT; i++) {
		ck_assert_ptr_nonnull(quirk_table[i].name);
		ck_assert_ptr_nonnull(quirk_table[i].summary);
		ck_assert_ptr_nonnull(quirk_table[i].source);
		ck_assert_ptr_nonnull(quirk_table[i].scenario);
		ck_assert_ptr_nonnull(quirk_table[i].place);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(quirk_table[i].name,
					 quirk_table[j].name);
		ck_assert_int_eq(quirk_find(quirk_table[i].name), (int)i);
	}
}
END_TEST

START_TEST(unknown_names_are_not_found)
{
	ck_assert_int_eq(quirk_find("timeout-swallows"), -1);
	ck_assert_int_eq(quirk_find(""), -1);
	ck_assert_ptr_null(profile_find("starry"));
	ck_assert_ptr_null(profile_find(""));
}
END_TEST

START_TEST(every_profile_is_found_and_the_default_is_first)
{
	unsigned int i;

	for (i = 0; i < profile_count; i++)
		ck_assert_ptr_eq(profile_find(profile_table[i].name),
				 &profile_table[i]);
	ck_assert_str_eq(profile_table[0].name, "starry-0.5.11");
}
END_TEST

START_TEST(linux_has_no_quirk)
{
	ck_assert_uint_eq(profile_find("linux")->quirks, 0);
}
END_TEST

/* A profile has all that was not yet mended at its time. */
START_TEST(older_profiles_have_what_younger_ones_have_and_more)
{
	static const char *const names[] = {
		"starry-0.5.11",  "starry-pre-657", "starry-pre-545",
		"starry-pre-498", "starry-pre-302",
	};
	uint64_t younger, older;

	younger = profile_find(names[_i])->quirks;
	older = profile_find(names[_i + 1])->quirks;
	ck_assert_uint_eq(younger & ~older, 0);
	ck_assert_uint_ne(older & ~younger, 0);
}
END_TEST

START_TEST(every_quirk_belongs_to_some_profile)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = 0; i < profile_count; i++)
		all |= profile_table[i].quirks;
	ck_assert_uint_eq(all, (UINT64_C(1) << QUIRK_COUNT) - 1);
}
END_TEST

START_TEST(a_kernel_has_the_quirks_it_was_made_with)
{
	fake_set_quirks(WITH(KEY_FROM_AREA_START));
	ck_assert(quirk(QUIRK_KEY_FROM_AREA_START));
	ck_assert(!quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE));
}
END_TEST

/* ---- a wake-up and the end of a wait ----------------------------------- */

/*
 * A's second poll has seen "not woken" when B charges it; then A finds its
 * deadline past.
 */
START_TEST(timeout_swallows_wake)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0);

	use(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
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

	use(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
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

	use(QUIRK_TIMEOUT_SWALLOWS_WAKE, HAS_QUIRK);
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

	use(QUIRK_SIGNAL_SWALLOWS_WAKE, HAS_QUIRK);
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

	use(QUIRK_SIGNAL_SWALLOWS_WAKE, HAS_QUIRK);
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

	use(QUIRK_KEY_FROM_AREA_START, HAS_QUIRK);
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

	use(QUIRK_KEY_FROM_AREA_START, HAS_QUIRK);
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

	use(QUIRK_FILE_KEY_PER_MAPPING, HAS_QUIRK);
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

	use(QUIRK_TEARDOWN_TRY_LOCK, HAS_QUIRK);
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

	use(QUIRK_PRIVATE_TABLE_PER_PROCESS, HAS_QUIRK);
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

	use(QUIRK_PRIVATE_TABLE_PER_PROCESS, HAS_QUIRK);
	fake_store(F, 0);
	fake_task_move(a, child);
	fake_run(a);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 0);
	fake_end_all();
}
END_TEST

START_TEST(private_flag_ignored)
{
	use(QUIRK_PRIVATE_FLAG_IGNORED, HAS_QUIRK);
	fake_store(SHM, 0);
	map_pages(SHM, 0, fake_identity_new(0x7000));
	call_wait("A", SHM, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0);
	ck_assert_int_eq(call_wake(SHM, FUTEX_WAKE, 1), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* ---- requeue ----------------------------------------------------------- */

/* Of A B C one is woken; of the other two one would be moved in place. */
START_TEST(requeue_same_key_counts_woken)
{
	use(QUIRK_REQUEUE_SAME_KEY_COUNTS_WOKEN, HAS_QUIRK);
	fake_store(F, 0);
	call_wait("A", F, FUTEX_WAIT, 0);
	call_wait("B", F, FUTEX_WAIT, 0);
	call_wait("C", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 1, 1, F, 0),
			 HAS_QUIRK ? 1 : 2);
	ck_assert_str_eq(table_text(own_table()), "0x1000: B C");
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 9, F, 0),
			 HAS_QUIRK ? 0 : 2);
	fake_run_all();
	fake_end_all();
}
END_TEST

/*
 * R has compared the word; B changes it and waits for the new value; R goes
 * on and moves B, who had nothing to do with it.
 */
START_TEST(compare_outside_lock)
{
	struct fake_task *r = call_of("R", F, FUTEX_CMP_REQUEUE, 0, 9, G, 0);
	struct fake_task *a;

	use(QUIRK_COMPARE_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	fake_run_to(r, "wq.lock");
	fake_store(F, 1);
	call_wait("B", F, FUTEX_WAIT, 1);
	fake_run(r);
	assert_done(r, HAS_QUIRK ? 2 : -EAGAIN);
	assert_asleep(a);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x1000:, 0x2000: A B" : "0x1000: A B");
	fake_end_all();
}
END_TEST

START_TEST(compare_outside_lock_still_compares)
{
	use(QUIRK_COMPARE_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 1), -EAGAIN);
	ck_assert_int_eq(sys_futex(F, FUTEX_CMP_REQUEUE, 1, 1, G, 0), 1);
	fake_run_all();
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/* A is moved to G and then interrupted: it stays listed where it was moved. */
START_TEST(cleanup_names_old_queue)
{
	struct fake_task *a;

	use(QUIRK_CLEANUP_NAMES_OLD_QUEUE, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	ck_assert_int_eq(sys_futex(F, FUTEX_REQUEUE, 0, 1, G, 0), 1);
	fake_signal(a);
	fake_run(a);
	assert_done(a, -EINTR);
	ck_assert_str_eq(table_text(own_table()),
			 HAS_QUIRK ? "0x2000: A(cancelled)" : "");
	/* At least nobody takes it for a sleeper. */
	ck_assert_int_eq(call_wake(G, FUTEX_WAKE, 1), 0);
	ck_assert_str_eq(table_text(own_table()), "");
}
END_TEST

/*
 * R has drained A from F and not yet appended it to G when W wakes G.  With
 * both queues held W waits for R, and finds A.
 */
START_TEST(requeue_in_two_sections)
{
	struct fake_task *r = call_of("R", F, FUTEX_REQUEUE, 0, 1, G, 0);
	struct fake_task *w = call_of("W", G, FUTEX_WAKE, 1, 0, 0, 0), *a;

	use(QUIRK_REQUEUE_IN_TWO_SECTIONS, HAS_QUIRK);
	fake_store(F, 0);
	fake_store(G, 0);
	a = call_wait("A", F, FUTEX_WAIT, 0);
	/* After the first unlock: the source is free, A is nowhere. */
	fake_run_past(r, "wq.unlock");
	fake_run(w);
	fake_run_all();
	assert_done(r, 1);
	assert_done(w, !HAS_QUIRK);
	ck_assert_int_eq(fake_is_asleep(a), HAS_QUIRK);
	fake_end_all();
}
END_TEST

/* ---- the life of waiters and entries ----------------------------------- */

/* A has timed out and gone; C's wake-up is spent on what is left of it. */
START_TEST(no_cancel_cleanup)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, TIME, 0, 0), *b;

	use(QUIRK_NO_CANCEL_CLEANUP, HAS_QUIRK);
	fake_store(F, 0);
	fake_store_timespec(TIME, 0, 10);
	fake_run(a);
	b = call_wait("B", F, FUTEX_WAIT, 0);
	fake_clock_advance(10);
	fake_run(a);
	/* Its second poll passes for a wake-up, too. */
	assert_done(a, HAS_QUIRK ? 0 : -ETIMEDOUT);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), 1);
	fake_run_all();
	ck_assert_int_eq(fake_is_asleep(b), HAS_QUIRK);
	fake_end_all();
	/* What is left of B holds the table that it is in. */
	call_wake(F, FUTEX_WAKE, 9);
}
END_TEST

/*
 * A's wait ends without queueing, and A has found its entry unused; B queues
 * in that entry; A takes it out of the table.
 */
START_TEST(guard_check_outside_lock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0), *b;

	use(QUIRK_GUARD_CHECK_OUTSIDE_LOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_run_past(a, "user.load");
	fake_store(F, 1);
	fake_run_past(a, "ref.count");
	if (HAS_QUIRK) {
		/* Past its look at the queue. */
		fake_run_past(a, "wq.unlock");
		fake_store(F, 0);
		b = call_wait("B", F, FUTEX_WAIT, 0);
	} else {
		/* B waits for the table's mutex, which A holds. */
		fake_store(F, 0);
		b = call_wait("B", F, FUTEX_WAIT, 0);
	}
	fake_run(a);
	assert_done(a, -EAGAIN);
	fake_run_all();
	assert_asleep(b);
	ck_assert_int_eq(call_wake(F, FUTEX_WAKE, 1), !HAS_QUIRK);
	fake_end_all();
}
END_TEST

/*
 * Two guards of one empty entry are dropped: A has unlocked the table and
 * still holds its reference when B counts.
 */
START_TEST(guard_put_after_unlock)
{
	struct fake_task *a = call_of("A", F, FUTEX_WAIT, 0, 0, 0, 0);
	struct fake_task *b = call_of("B", F, FUTEX_WAIT, 0, 0, 0, 0);

	use(QUIRK_GUARD_PUT_AFTER_UNLOCK, HAS_QUIRK);
	fake_store(F, 0);
	fake_run_past(a, "user.load");
	fake_run_past(b, "user.load");
	fake_store(F, 1);
	/* Both have their guard; neither queues. */
	fake_run_to(a, "wq.lock");
	fake_run_to(b, "wq.lock");
	/* A: the first table.unlock after that is the drop's. */
	fake_run_past(a, "table.unlock");
	fake_run(b);
	fake_run_all();
	assert_done(a, -EAGAIN);
	assert_done(b, -EAGAIN);
	ck_assert_str_eq(table_text(own_table()), HAS_QUIRK ? "0x1000:" : "");
}
END_TEST

/* ---- counts, and the words of the dead
 * -------------------------------------------------- */

/* Linux: a count of 0 wakes one, and so does one below it. */
START_TEST(wake_count_as_given)
{
	static const uint32_t counts[] = {0, UINT32_MAX, 0x80000000u};
	unsigned int i;
	long result;

	use(QUIRK_WAKE_COUNT_AS_GIVEN, HAS_QUIRK);
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

	use(QUIRK_OWNER_DEATH_IN_TWO_STEPS, HAS_QUIRK);
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

	use(QUIRK_OWNER_DEATH_IN_TWO_STEPS, HAS_QUIRK);
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

	use(QUIRK_OWNER_DEATH_ALWAYS_WAKES, HAS_QUIRK);
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

	use(QUIRK_OWNER_DEATH_ALWAYS_WAKES, HAS_QUIRK);
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

	use(QUIRK_TID_CLEARED_BEFORE_ROBUST_LIST, HAS_QUIRK);
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

static TCase *case_with(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, starry_setup, model_teardown);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static void add_both_ways(TCase *tcase)
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
		requeue_same_key_counts_woken,
		compare_outside_lock,
		compare_outside_lock_still_compares,
		cleanup_names_old_queue,
		requeue_in_two_sections,
		no_cancel_cleanup,
		guard_check_outside_lock,
		guard_put_after_unlock,
		wake_count_as_given,
		owner_death_in_two_steps,
		owner_death_in_two_steps_takes_a_word_from_its_owner,
		owner_death_always_wakes,
		tid_cleared_before_robust_list,
		owner_death_wakes_if_the_word_says_somebody_waits,
	};
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_loop_test(tcase, tests[i], 0, 2);
}

Suite *quirks_suite(void)
{
	const TTest *const tests[] = {
		every_quirk_says_what_it_is,
		unknown_names_are_not_found,
		every_profile_is_found_and_the_default_is_first,
		linux_has_no_quirk,
		every_quirk_belongs_to_some_profile,
		a_kernel_has_the_quirks_it_was_made_with,
	};
	Suite *suite = MODEL_SUITE("quirks", tests);

	add_both_ways(case_with(suite, "with and without"));
	tcase_add_loop_test(case_with(suite, "profiles"),
			    older_profiles_have_what_younger_ones_have_and_more,
			    0, 4);
	return suite;
}
