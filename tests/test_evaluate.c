/*
 * test_evaluate.c - what conditions mean, in `check` lines at a known state.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdio.h>
#include <string.h>

/*
 * F is 3.  A holds the address space; B sleeps on F, queued; C was woken and
 * has not run, its wait charged; D timed out; E is done, with n = 1 and
 * m = -EAGAIN and a mark.
 */
static const char state[] =
	"futexsim: 1\n"
	"name: in-a-test\n"
	"ignore: [lost-wakeup, deadlock]\n"
	"profile: linux\n"
	"memory: {words: {F: 3, G: 0}}\n"
	"threads:\n"
	"  A: [mark a, aspace_lock, aspace_unlock]\n"
	"  B: [b = futex_wait F 3]\n"
	"  C: [c = futex_wait G 0]\n"
	"  D: [d = futex_wait F 3 timeout=1ms]\n"
	"  E: [n = futex_wake G 1, m = futex_wait G 1, mark e]\n"
	"schedule:\n"
	"  - C: until blocked\n"
	"  - D: until blocked\n"
	"  - E: until done\n"
	"  - clock: advance 1ms\n"
	"  - D: until done\n"
	"  - B: until blocked\n"
	"  - A: next\n"
	"  - A: next\n"
	"  - check: >\n"
	"      ";

static bool is_true(const char *condition)
{
	static struct run run;
	char text[2048];
	int size = snprintf(text, sizeof(text), "%s%s\n", state, condition);

	ck_assert_int_lt(size, (int)sizeof(text));
	play_scenario(text, "linux", &run);
	if (run.error)
		ck_abort_msg("%s", run.error);
	ck_assert_uint_le(machine.verdict_count, 1);
	return !machine.verdict_count;
}

static void assert_true(const char *condition)
{
	ck_assert_msg(is_true(condition), "%s", condition);
}

static void assert_false(const char *condition)
{
	ck_assert_msg(!is_true(condition), "%s", condition);
}

START_TEST(comparisons_compare_signed_numbers)
{
	static const char *const good[] = {
		"F == 3",	   "F != 2",	 "2 < F",      "F <= 3",
		"F > -1",	   "F >= 3",	 "F + 2 == 5", "F - 4 == -1",
		"1 - 2 - 3 == -4", "F == 0x3",	 "E.n == 1",   "E.n + F == 4",
		"E.m == EAGAIN",   "E.m == -11", "E.m < 0",    "G == 0",
	};
	static const char *const bad[] = {
		"F == 2", "F != 3", "3 < F",	  "F <= 2",
		"F > 3",  "F >= 4", "F + 2 == 6", "E.m == ETIMEDOUT",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bad[i]);
}
END_TEST

/* B has no result yet: it is neither equal to anything nor different. */
START_TEST(a_result_that_is_not_there_makes_every_comparison_false)
{
	assert_false("B.b == 0");
	assert_false("B.b != 0");
	assert_false("B.b < 1");
	assert_true("not B.b == 0");
	assert_true("F == 3 or B.b == 0");
}
END_TEST

/* The table of each connective, and which binds tighter. */
START_TEST(connectives_have_their_tables)
{
	static const char *const good[] = {
		"F == 3 and G == 0",
		"F == 3 or G == 1",
		"F == 2 or G == 0",
		"not F == 2",
		"F == 2 implies G == 1",
		"F == 2 implies G == 0",
		"F == 3 implies G == 0",
		"F == 3 iff G == 0",
		"F == 2 iff G == 1",
		"F == 3 or G == 0 and G == 1",
		"not F == 2 and G == 0",
		"F == 2 and G == 1 implies F == 9",
		"(F == 3 or G == 0) and F == 3",
	};
	static const char *const bad[] = {
		"F == 3 and G == 1",
		"F == 2 or G == 1",
		"not F == 3",
		"F == 3 implies G == 1",
		"F == 3 iff G == 1",
		"F == 2 iff G == 0",
		"(F == 3 or G == 0) and G == 1",
		"not (F == 2 or G == 0)",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bad[i]);
}
END_TEST

/* "ABCDE" with a dot for each thread of which the predicate does not hold. */
static void assert_threads(const char *predicate, const char *more,
			   const char *expected)
{
	char condition[128], found[] = "ABCDE";
	int i;

	for (i = 0; i < 5; i++) {
		snprintf(condition, sizeof(condition), "%s(%c%s)", predicate,
			 'A' + i, more);
		if (!is_true(condition))
			found[i] = '.';
	}
	ck_assert_str_eq(found, expected);
}

START_TEST(predicates_know_how_threads_stand)
{
	assert_threads("blocked", "", ".B...");
	assert_threads("done", "", "...DE");
	assert_threads("queued", "", ".B...");
	assert_threads("woken", "", "..C..");
	assert_threads("charged", "", "..C..");
	assert_threads("returned", ", ETIMEDOUT", "...D.");
	assert_threads("returned", ", EAGAIN", "....E");
	assert_threads("holds", ", aspace", "A....");
	assert_threads("holds", ", wq", ".....");
	assert_true("marked(A, a) and marked(E, e)");
}
END_TEST

START_TEST(quantifiers_run_over_threads)
{
	assert_true("exists t in threads. woken(t)");
	assert_false("forall t in threads. done(t)");
	assert_true("forall t in [D, E]. done(t)");
	assert_true("exists t in [B, C]. blocked(t)");
	assert_false("exists t in [C, D]. blocked(t)");
	assert_true("count(done(t)) == 2");
	assert_true("count(not done(t)) == 3");
	/* Each of B and D has somebody in another state. */
	assert_true("forall t in [B, D]. exists u in threads. "
		    "blocked(t) iff done(u)");
	assert_false("exists t in threads. blocked(t) and done(t)");
	assert_true("count(blocked(t)) + count(done(t)) == 3");
}
END_TEST

/* A has made no call; B and D looked up F, C and E G. */
START_TEST(keys_are_those_of_the_last_call_and_of_words)
{
	assert_true("key(B) == key(F) and key(D) == key(F)");
	assert_true("key(C) == key(G) and key(E) == key(C)");
	assert_true("key(B) != key(C) and key(F) != key(G)");
	assert_true("forall t in [B, D]. key(t) == key(F)");
	assert_false("key(B) == key(G)");
	/* What is not there is neither the same nor another one. */
	assert_false("key(A) == key(F)");
	assert_false("key(A) != key(F)");
	assert_false("key(A) == key(A)");
}
END_TEST

/* P1 sees both pages of shm, P2 the second one. */
static const char views[] =
	"futexsim: 1\nname: views\n"
	"ignore: [wrong-key, lost-wakeup, deadlock]\n"
	"processes: {P1: , P2: }\n"
	"memory:\n"
	"  regions: {shm: {kind: shared, pages: 2}}\n"
	"  maps:\n"
	"    - {process: P1, region: shm, at: 0x10000}\n"
	"    - {process: P2, region: shm, at: 0x40000, offset: 4096}\n"
	"  named: {V: {region: shm}, W: {region: shm, offset: 4096}}\n"
	"threads:\n"
	"  A: {process: P1, run: [futex_wait W 0]}\n"
	"  B: {process: P2, run: [futex_wake W 1, futex_wake W 1 private]}\n"
	"  C: {process: P1, run: [futex_wake V 1]}\n"
	"schedule:\n"
	"  - A: until blocked\n"
	"  - B: next\n"
	"  - C: next\n"
	"  - check: %s\n"
	"  - B: next\n"
	"  - check: key(A) == key(W) and key(B) != key(W)\n";

static void assert_views(const char *profile, const char *condition)
{
	static struct run run;
	char text[2048];
	int size = snprintf(text, sizeof(text), views, condition);

	ck_assert_int_lt(size, (int)sizeof(text));
	play_scenario(text, profile, &run);
	ck_assert_ptr_null(run.error);
	ck_assert_msg(!machine.verdict_count, "%s: %s", profile, condition);
}

/* A key that counts from where the mapping begins takes W for V. */
START_TEST(a_key_is_the_same_wherever_a_word_is_mapped_unless_it_is_wrong)
{
	assert_views("linux", "key(A) == key(B) and key(B) == key(W) and "
			      "key(C) == key(V) and key(C) != key(A)");
	assert_views("starry-0.5.11",
		     "key(A) != key(B) and key(B) == key(V) and "
		     "key(B) == key(C)");
}
END_TEST

/* From F to G; what is asked for is where it sleeps, then what it called. */
START_TEST(a_sleeper_that_is_moved_has_the_key_of_the_target)
{
	static struct run run;

	play_scenario("futexsim: 1\nname: moved\n"
		      "memory: {words: {F: 0, G: 0}}\n"
		      "threads:\n"
		      "  A: [futex_wait F 0]\n"
		      "  B: [futex_requeue F G wake=0 move=1, futex_wake G 1]\n"
		      "schedule:\n"
		      "  - A: until blocked\n"
		      "  - check: key(A) == key(F)\n"
		      "  - B: next\n"
		      "  - check: key(A) == key(G) and key(B) == key(F)\n"
		      "  - B: next\n"
		      "  - check: key(B) == key(G)\n"
		      "  - A: until done\n"
		      "  - check: key(A) == key(F)\n",
		      "linux", &run);
	ck_assert_ptr_null(run.error);
	ck_assert_uint_eq(machine.verdict_count, 0);
}
END_TEST

Suite *evaluate_suite(void)
{
	const TTest *const tests[] = {
		comparisons_compare_signed_numbers,
		a_result_that_is_not_there_makes_every_comparison_false,
		connectives_have_their_tables,
		predicates_know_how_threads_stand,
		quantifiers_run_over_threads,
		keys_are_those_of_the_last_call_and_of_words,
		a_key_is_the_same_wherever_a_word_is_mapped_unless_it_is_wrong,
		a_sleeper_that_is_moved_has_the_key_of_the_target,
	};

	return MACHINE_SUITE("evaluate", tests);
}
