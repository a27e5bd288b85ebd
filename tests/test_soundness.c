/*
 * test_soundness.c - every way of searching finds what there is to find.
 *
 * Small scenarios - generated ones, shipped ones, and some that were hard - are
 * searched in every way there is (compare.h).  To go through COUNT seeds, or
 * through one if no COUNT is given:
 *
 *	FUTEXSIM_SOUNDNESS=FIRST:COUNT CK_RUN_CASE=generated build/tests
 */
#include <stdlib.h>

#include "sim/machine/asan.h"
#include "tests/call_texts.h"
#include "tests/compare.h"
#include "tests/generate.h"
#include "tests/machine.h"
#include "tests/memory_texts.h"
#include "tests/suites.h"

/* Sanitized code is ten times slower, and searches the same way. */
#ifdef HAS_ASAN
#define SHARE 4u
#define SHIPPED_RUNS 100u
#else
#define SHARE 1u
#define SHIPPED_RUNS 1000u
#endif

/* ---- tests ------------------------------------------------------------- */

/* @count seeds from @first, or those of FUTEXSIM_SOUNDNESS. */
static void each_seed(uint64_t first, uint64_t count,
		      void (*compare)(uint64_t seed))
{
	const char *range = getenv("FUTEXSIM_SOUNDNESS");
	uint64_t i;
	char *rest;

	count /= SHARE;
	if (range) {
		first = strtoull(range, &rest, 10);
		count = *rest ? strtoull(rest + 1, NULL, 10) : 1;
	}
	for (i = 0; i < count; i++)
		compare(first + i);
}

static void compare_seed(uint64_t seed, enum granularity granularity,
			 double runs_max)
{
	char *source = generate_scenario(seed, granularity, runs_max);
	struct scenario *s = scenario_of(source);

	compare_all(s, source, s->profiles.items[0], granularity,
		    (uint64_t)(20 * runs_max));
	scenario_free(s);
	free(source);
}

static void setup(void)
{
	machine_setup();
	compared = 0;
	with_several = 0;
}

static void compare_calls(uint64_t seed)
{
	compare_seed(seed, GRANULARITY_CALL, 400);
}

static void compare_steps(uint64_t seed)
{
	compare_seed(seed, GRANULARITY_KERNEL, 200);
}

/* Half of them at least have a race. */
START_TEST(calls_of_generated_scenarios)
{
	each_seed(0, 80, compare_calls);
	if (compared >= 80 / SHARE)
		ck_assert_uint_ge(2 * with_several, compared);
}
END_TEST

/* Fewer have one here, for they are shorter. */
START_TEST(steps_of_generated_scenarios)
{
	each_seed(0, 40, compare_steps);
	if (compared >= 40 / SHARE)
		ck_assert_uint_ge(4 * with_several, compared);
}
END_TEST

/* Signals, births, clocks: generate_more.c. */
START_TEST(calls_of_themed_scenarios)
{
	each_seed(GENERATE_THEMED, 120, compare_calls);
}
END_TEST

START_TEST(steps_of_themed_scenarios)
{
	each_seed(GENERATE_THEMED, 60, compare_steps);
}
END_TEST

static void compare_long_seed(uint64_t seed)
{
	char *source = generate_scenario(seed, GRANULARITY_CALL, 60);
	struct scenario *s = scenario_of(source);

	compare_long(s, source);
	scenario_free(s);
	free(source);
}

START_TEST(steps_of_longer_scenarios)
{
	each_seed(0, 20, compare_long_seed);
	if (!getenv("FUTEXSIM_SOUNDNESS"))
		ck_assert_uint_gt(compared, 20 / SHARE);
}
END_TEST

static void compare_shipped(const struct run *run)
{
	const struct run_request *r = &run->request;

	if (r->schedule && r->schedule != r->scenario->schedules)
		return;
	compare_all(r->scenario, r->scenario->source, r->profile,
		    GRANULARITY_CALL, SHIPPED_RUNS);
}

START_TEST(calls_of_shipped_scenarios)
{
	each_shipped_run(compare_shipped);
	ck_assert_uint_ge(compared, 60);
}
END_TEST

/*
 * Small scenarios that are harder than they look.  In each something is missed
 * by a search that is a little too sure of itself.
 */
static const struct {
	enum granularity granularity;
	const char *text;
} hard[] = {
	/* That G is stored to sleeps, and says nothing of what C does later. */
	{GRANULARITY_KERNEL, SCENARIO("threads:\n"
				      "  A: [store G 2]\n"
				      "  B: [mark here, store F 3]\n"
				      "  C: [store F 0, r = load G]\n")},
	/* Seen after the store, the wait is one look; before it, a sleep. */
	{GRANULARITY_CALL,
	 SCENARIO("threads:\n"
		  "  A: [r = xchg F 2]\n"
		  "  B: [r = futex_wait F 0 timeout=2ms, b = load F,"
		  " store F b+1]\n"
		  "  C: [store F 2, n = futex_wake F 1]\n")},
	/* The store comes after the wait has gone to sleep on the mutex. */
	{GRANULARITY_CALL, SCENARIO("threads:\n"
				    "  A: [aspace_lock]\n"
				    "  B: [store F 1]\n"
				    "  C: [r = load F, s = futex_wait F 0]\n")},
	/* Nothing more happens, or something does after all. */
	{GRANULARITY_CALL,
	 SCENARIO("threads:\n"
		  "  A: [r = futex_wait F 0]\n"
		  "  B: [cas F 0 1]\n"
		  "explore: {environment: {spurious_wakeups: 1}}\n")},
	/* T1 and T2 are not interchangeable if one of them has to be done. */
	{GRANULARITY_CALL,
	 SCENARIO(
		 "threads:\n"
		 "  T: {count: 2, symmetric: true, run: [r = futex_wait F 0]}\n"
		 "  B: [n = futex_wake F 1]\n"
		 "expect: {threads: {T1: done}}\n")},
	{GRANULARITY_CALL,
	 SCENARIO("threads:\n"
		  "  T: {count: 2, symmetric: true, run: [r = xchg F 1]}\n"
		  "expect: {never: [{name: first, that: T2.r == 0}]}\n")},
	{GRANULARITY_CALL,
	 SCENARIO(
		 "threads:\n"
		 "  T: {count: 2, symmetric: true, run: [r = futex_wait F 0]}\n"
		 "explore: {environment: {signals: [T2]}}\n")},
	/* Who waits for a mutex sleeps, and a condition can see it. */
	{GRANULARITY_KERNEL,
	 SCENARIO("threads:\n"
		  "  A: [aspace_lock, aspace_unlock]\n"
		  "  B: [aspace_lock, aspace_unlock]\n"
		  "expect: {never: [{name: asleep, that: blocked(B)}]}\n")},
	/* C's store takes A's place in what F hands on, or is read by nobody.
	 */
	{GRANULARITY_KERNEL, SCENARIO("threads:\n"
				      "  A: [store F+4 1 plain, store F 1]\n"
				      "  B: [f = load F, d = load F+4 plain]\n"
				      "  C: [g = xchg G 1, store F 2]\n"
				      "  D: [fetch_add F 1]\n")},
	/* A may be woken, come too late, or not have been asleep yet. */
	{GRANULARITY_CALL,
	 SCENARIO("threads:\n"
		  "  A: [r = futex_wait F 0 timeout=1ms, d = load G plain]\n"
		  "  B: [store G 1 plain, n = futex_wake F 1]\n"
		  "  C: [n = futex_wake F 1]\n")},
	/* The relay may have seen the flag, or not. */
	{GRANULARITY_KERNEL,
	 SCENARIO("threads:\n"
		  "  A: [d = load F+4 plain, store F 1]\n"
		  "  B: [f = load F, store G 1]\n"
		  "  C: [g = load G, store F+4 1 plain]\n")},
	/* A faults with the mutex in its hands; B may wait for it by then. */
	{GRANULARITY_KERNEL,
	 "futexsim: 1\nname: in-a-test\nmemory:\n"
	 "  regions: {heap: {kind: private}}\n"
	 "  maps: [{region: heap, at: 0x10000, lazy: true}]\n"
	 "  named: {F: {region: heap}}\n"
	 "threads:\n"
	 "  A: [aspace_lock, r = load F, aspace_unlock]\n"
	 "  B: [r = load F]\n"},
};

START_TEST(hard_scenarios)
{
	struct scenario *s = scenario_of(hard[_i].text);

	compare_all(s, hard[_i].text, s->profiles.items[0],
		    hard[_i].granularity, 100000);
	ck_assert_uint_eq(compared, 1);
	scenario_free(s);
}
END_TEST

/* Threads that begin in the middle, memory that comes and goes. */
START_TEST(processes_and_maps)
{
	const char *text = memory_texts[_i].text;
	struct scenario *s = scenario_of(text);

	compare_all(s, text, "starry-0.5.11", memory_texts[_i].granularity,
		    100000);
	compare_all(s, text, "linux", memory_texts[_i].granularity, 100000);
	ck_assert_uint_eq(compared, 2);
	scenario_free(s);
}
END_TEST

/* Several words, several queues, several clocks. */
START_TEST(words_and_clocks)
{
	const char *text = call_texts[_i].text;
	struct scenario *s = scenario_of(text);

	compare_all(s, text, "linux", call_texts[_i].granularity, 100000);
	ck_assert_uint_eq(compared, 1);
	scenario_free(s);
}
END_TEST

/* Whatever the seed, the text loads; scenario_of fails if it does not. */
START_TEST(generated_scenarios_load)
{
	uint64_t seed, i;
	char *text, *again;

	for (i = 0; i < 2000 / SHARE; i++) {
		seed = i % 2 ? GENERATE_THEMED + i : i;
		text = generate_scenario(seed, seed % 2, 1000);
		again = generate_scenario(seed, seed % 2, 1000);
		ck_assert_str_eq(text, again);
		scenario_free(scenario_of(text));
		free(text);
		free(again);
	}
}
END_TEST

Suite *soundness_suite(void)
{
	Suite *suite = suite_create("soundness");
	TCase *generated = tcase_create("generated");
	TCase *themed = tcase_create("themed");
	TCase *others = tcase_create("others");

	tcase_add_checked_fixture(generated, setup, machine_teardown);
	tcase_set_timeout(generated, 0);
	tcase_add_test(generated, calls_of_generated_scenarios);
	tcase_add_test(generated, steps_of_generated_scenarios);
	tcase_add_test(generated, steps_of_longer_scenarios);
	suite_add_tcase(suite, themed);
	tcase_add_checked_fixture(themed, setup, machine_teardown);
	tcase_set_timeout(themed, 0);
	tcase_add_test(themed, calls_of_themed_scenarios);
	tcase_add_test(themed, steps_of_themed_scenarios);
	suite_add_tcase(suite, generated);
	tcase_add_checked_fixture(others, setup, machine_teardown);
	tcase_set_timeout(others, 0);
	tcase_add_test(others, generated_scenarios_load);
	tcase_add_loop_test(others, hard_scenarios, 0,
			    sizeof(hard) / sizeof(hard[0]));
	tcase_add_loop_test(others, processes_and_maps, 0, (int)MEMORY_TEXTS);
	tcase_add_loop_test(others, words_and_clocks, 0, (int)CALL_TEXTS);
	tcase_add_test(others, calls_of_shipped_scenarios);
	suite_add_tcase(suite, others);
	return suite;
}
