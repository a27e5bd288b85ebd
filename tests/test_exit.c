/* test_exit.c - the end of a thread: its tid word and its robust mutexes. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define HEAD 0x8000u
#define TID_WORD 0x3000u
#define OFFSET 16u
#define NODES 0x9000u
#define STEP 0x20u

/* The n-th list entry, from 0, and the futex word that belongs to it. */
static uint64_t node(unsigned int n)
{
	return NODES + (uint64_t)n * STEP;
}

static uint64_t word_of(unsigned int n)
{
	return node(n) + OFFSET;
}

/* A circle of @count entries, each with the word @value. */
static void make_list(unsigned int count, uint64_t pending, uint32_t value)
{
	unsigned int i;

	fake_store64(HEAD, count ? node(0) : HEAD);
	fake_store64(HEAD + 8, OFFSET);
	fake_store64(HEAD + 16, pending);
	for (i = 0; i < count; i++) {
		fake_store64(node(i), i + 1 < count ? node(i + 1) : HEAD);
		fake_store(word_of(i), value);
	}
}

/* The dying task is the second one that is made. */
#define TID 2u

static struct fake_task *die(uint64_t head, uint64_t tid_word)
{
	struct fake_task *t = exit_of("X", head, tid_word);

	ck_assert_uint_eq(fake_tid(t), TID);
	fake_run(t);
	return t;
}

/* ---- the tid word ------------------------------------------------------ */

START_TEST(a_thread_without_anything_just_ends)
{
	assert_done(die(0, 0), 0);
}
END_TEST

START_TEST(the_tid_word_is_cleared_and_one_waiter_woken)
{
	struct fake_task *x = exit_of("X", 0, TID_WORD), *a, *b;

	fake_store(TID_WORD, TID);
	a = call_wait("A", TID_WORD, FUTEX_WAIT, TID);
	b = call_wait("B", TID_WORD, FUTEX_WAIT, TID);
	fake_run(x);
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(TID_WORD), 0);
	fake_run_all();
	assert_done(a, 0);
	assert_asleep(b);
	fake_end_all();
}
END_TEST

/* Store, key, table, wake, and a yield at the end. */
START_TEST(the_tid_word_is_cleared_before_its_waiter_is_looked_for)
{
	fake_store(TID_WORD, TID);
	assert_done(die(0, TID_WORD), 0);
	fake_assert_log("X:robust_list_head.store X:clear_child_tid.store "
			"X:clear_child_tid.load X:user.store "
			"X:aspace.trylock X:aspace.unlock X:ref.get(table) "
			"X:table.lock X:table.unlock X:ref.put(table) "
			"X:task.yield X:robust_list_head.load");
}
END_TEST

START_TEST(a_tid_word_that_faults_wakes_nobody)
{
	assert_done(die(0, TID_WORD), 0);
	ck_assert_ptr_nonnull(strstr(fake_log(), "user.store"));
	ck_assert_ptr_null(strstr(fake_log(), "aspace.trylock"));
	ck_assert_ptr_null(strstr(fake_log(), "task.yield"));
}
END_TEST

START_TEST(the_tid_word_comes_before_the_robust_list)
{
	fake_store(TID_WORD, TID);
	make_list(1, 0, TID);
	assert_done(die(HEAD, TID_WORD), 0);
	ck_assert_ptr_nonnull(strstr(fake_log(), "user.store"));
	ck_assert(strstr(fake_log(), "user.store") <
		  strstr(fake_log(), "user.read"));
}
END_TEST

/* ---- the robust list --------------------------------------------------- */

START_TEST(an_empty_list_is_read_and_that_is_all)
{
	make_list(0, 0, 0);
	assert_done(die(HEAD, 0), 0);
	ck_assert_ptr_nonnull(
		strstr(fake_log(), "X:robust_list_head.load X:user.read"));
	ck_assert_ptr_null(strstr(fake_log(), "user.load"));
}
END_TEST

START_TEST(a_list_head_that_faults_is_an_error)
{
	assert_done(die(HEAD, 0), -EFAULT);
}
END_TEST

/* WAITERS stays, the tid goes, OWNER_DIED comes. */
START_TEST(owned_words_are_marked_and_their_waiters_woken)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a, *b;
	const uint32_t owned = TID | FUTEX_WAITERS;

	make_list(2, 0, owned);
	a = call_wait("A", word_of(0), FUTEX_WAIT, owned);
	b = call_wait("B", word_of(1), FUTEX_WAIT, owned);
	fake_run(x);
	assert_done(x, 0);
	fake_run_all();
	assert_done(a, 0);
	assert_done(b, 0);
	ck_assert_uint_eq(fake_load(word_of(0)),
			  FUTEX_WAITERS | FUTEX_OWNER_DIED);
	ck_assert_uint_eq(fake_load(word_of(1)),
			  FUTEX_WAITERS | FUTEX_OWNER_DIED);
}
END_TEST

/* The seed wakes whether or not FUTEX_WAITERS is set; only ever one. */
START_TEST(a_waiter_is_woken_without_the_waiters_bit)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a, *b;

	make_list(1, 0, TID);
	a = call_wait("A", word_of(0), FUTEX_WAIT, TID);
	b = call_wait("B", word_of(0), FUTEX_WAIT, TID);
	fake_run_all();
	assert_done(x, 0);
	assert_done(a, 0);
	assert_asleep(b);
	ck_assert_uint_eq(fake_load(word_of(0)), FUTEX_OWNER_DIED);
	fake_end_all();
}
END_TEST

START_TEST(words_of_another_owner_are_left_alone)
{
	static const uint32_t values[] = {0, TID + 1, FUTEX_WAITERS,
					  FUTEX_OWNER_DIED, TID | 0x20000000};

	make_list(1, 0, values[_i]);
	assert_done(die(HEAD, 0), 0);
	ck_assert_uint_eq(fake_load(word_of(0)), values[_i]);
	ck_assert_ptr_null(strstr(fake_log(), "user.store X:aspace"));
}
END_TEST

/* The next pointer is read first: an entry may be freed once it is marked. */
START_TEST(the_next_pointer_is_read_before_the_word_is_handled)
{
	make_list(1, 0, TID);
	assert_done(die(HEAD, 0), 0);
	ck_assert_ptr_nonnull(strstr(fake_log(),
				     "X:user.read X:user.read X:user.load "
				     "X:user.store X:aspace.trylock "
				     "X:aspace.unlock X:ref.get(table) "
				     "X:table.lock X:table.unlock "
				     "X:ref.put(table) X:task.yield"));
}
END_TEST

START_TEST(the_walk_yields_after_every_entry)
{
	const char *at;
	unsigned int yields = 0;

	make_list(3, 0, 0);
	assert_done(die(HEAD, 0), 0);
	for (at = fake_log(); (at = strstr(at, "task.yield")); at++)
		yields++;
	ck_assert_uint_eq(yields, 3);
}
END_TEST

/* ---- pending ----------------------------------------------------------- */

START_TEST(a_pending_entry_off_the_list_is_handled_at_the_end)
{
	make_list(1, node(5), TID);
	fake_store(word_of(5), TID);
	assert_done(die(HEAD, 0), 0);
	ck_assert_uint_eq(fake_load(word_of(0)), FUTEX_OWNER_DIED);
	ck_assert_uint_eq(fake_load(word_of(5)), FUTEX_OWNER_DIED);
}
END_TEST

/* On the list and pending: once, and after the others. */
START_TEST(a_pending_entry_on_the_list_is_handled_once)
{
	struct fake_task *x = exit_of("X", HEAD, 0), *a, *b;

	make_list(2, node(0), TID);
	a = call_wait("A", word_of(0), FUTEX_WAIT, TID);
	b = call_wait("B", word_of(0), FUTEX_WAIT, TID);
	fake_run_to(x, "task.wake");
	ck_assert_uint_eq(fake_load(word_of(1)), FUTEX_OWNER_DIED);
	fake_run_all();
	assert_done(a, 0);
	assert_asleep(b);
	fake_end_all();
}
END_TEST

/* With this offset the head itself would have a word that X owns. */
START_TEST(a_pending_pointer_to_the_head_means_none)
{
	make_list(0, HEAD, 0);
	fake_store64(HEAD + 8, 24);
	fake_store(HEAD + 24, TID);
	assert_done(die(HEAD, 0), 0);
	ck_assert_uint_eq(fake_load(HEAD + 24), TID);
}
END_TEST

START_TEST(a_pending_word_that_faults_is_an_error)
{
	make_list(1, node(5), TID);
	assert_done(die(HEAD, 0), -EFAULT);
	ck_assert_uint_eq(fake_load(word_of(0)), FUTEX_OWNER_DIED);
}
END_TEST

/* ---- lists that lead nowhere ------------------------------------------- */

START_TEST(an_unreadable_entry_ends_the_walk_pending_included)
{
	make_list(2, node(5), TID);
	fake_store(word_of(5), TID);
	fake_store64(node(0), 0xdead0000);
	assert_done(die(HEAD, 0), -EFAULT);
	ck_assert_uint_eq(fake_load(word_of(0)), FUTEX_OWNER_DIED);
	ck_assert_uint_eq(fake_load(word_of(1)), TID);
	ck_assert_uint_eq(fake_load(word_of(5)), TID);
}
END_TEST

START_TEST(an_unreadable_word_ends_the_walk)
{
	make_list(2, 0, TID);
	fake_forget(word_of(0));
	assert_done(die(HEAD, 0), -EFAULT);
	ck_assert_uint_eq(fake_load(word_of(1)), TID);
}
END_TEST

/*
 * Of 2049 entries the last is not reached; pending is, for stopping at the
 * limit is no error.
 */
START_TEST(the_walk_stops_at_its_limit_and_handles_pending)
{
	struct fake_task *x = exit_of("X", HEAD, 0);

	make_list(ROBUST_LIST_LIMIT + 1, node(5000), TID);
	fake_store(word_of(5000), TID);
	while (!fake_is_done(x)) {
		/* The log has no room for all of it. */
		fake_log_clear();
		if (fake_load(word_of(ROBUST_LIST_LIMIT - 2)) == TID)
			fake_run_past(x, "task.yield");
		else
			fake_run(x);
	}
	assert_done(x, 0);
	ck_assert_uint_eq(fake_load(word_of(ROBUST_LIST_LIMIT - 1)),
			  FUTEX_OWNER_DIED);
	ck_assert_uint_eq(fake_load(word_of(ROBUST_LIST_LIMIT)), TID);
	ck_assert_uint_eq(fake_load(word_of(5000)), FUTEX_OWNER_DIED);
}
END_TEST

/* A list that bites its tail ends at the limit, too. */
START_TEST(a_list_without_an_end_is_left_at_the_limit)
{
	struct fake_task *x = exit_of("X", HEAD, 0);
	unsigned int yields = 0;

	make_list(1, 0, 0);
	fake_store64(node(0), node(0));
	while (yields < ROBUST_LIST_LIMIT - 1) {
		fake_run_past(x, "task.yield");
		fake_log_clear();
		yields++;
	}
	fake_run(x);
	assert_done(x, 0);
}
END_TEST

Suite *exit_suite(void)
{
	const TTest *const tests[] = {
		a_thread_without_anything_just_ends,
		the_tid_word_is_cleared_and_one_waiter_woken,
		the_tid_word_is_cleared_before_its_waiter_is_looked_for,
		a_tid_word_that_faults_wakes_nobody,
		the_tid_word_comes_before_the_robust_list,
		an_empty_list_is_read_and_that_is_all,
		a_list_head_that_faults_is_an_error,
		owned_words_are_marked_and_their_waiters_woken,
		a_waiter_is_woken_without_the_waiters_bit,
		the_next_pointer_is_read_before_the_word_is_handled,
		the_walk_yields_after_every_entry,
		a_pending_entry_off_the_list_is_handled_at_the_end,
		a_pending_entry_on_the_list_is_handled_once,
		a_pending_pointer_to_the_head_means_none,
		a_pending_word_that_faults_is_an_error,
		an_unreadable_entry_ends_the_walk_pending_included,
		an_unreadable_word_ends_the_walk,
		the_walk_stops_at_its_limit_and_handles_pending,
		a_list_without_an_end_is_left_at_the_limit,
	};
	Suite *suite = MODEL_SUITE("exit", tests);
	TCase *loop = tcase_create("words");

	tcase_add_checked_fixture(loop, starry_setup, model_teardown);
	tcase_add_loop_test(loop, words_of_another_owner_are_left_alone, 0, 5);
	suite_add_tcase(suite, loop);
	return suite;
}
