/*
 * test_cache.c - a search that leaves known states out: it finds what there is
 * to find, meets as many states as there are, and comes to an end where loops
 * do not.
 */
#include "tests/generate.h"
#include "tests/loader.h"
#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/search.h"

/* ---- searching --------------------------------------------------------- */

struct way {
	enum granularity granularity;
	uint64_t preemptions;
	uint64_t steps;
	bool has_cache;
	bool has_symmetry;
};

static struct search_result result;

static void search(const struct scenario *s, const struct way *w)
{
	struct search_request r = {
		.scenario = s,
		.profile = s->profiles.items[0],
		.explore = s->explore,
		.has_cache = w->has_cache,
		.has_symmetry = w->has_symmetry,
		.jobs = 1,
	};

	r.explore.strategy = STRATEGY_DFS;
	r.explore.granularity = w->granularity;
	r.explore.bounds = (struct search_bounds){w->preemptions, w->steps,
						  NO_BOUND, NO_BOUND, NO_BOUND};
	run_quirks(s, r.profile, &r.quirks);
	ck_assert_int_eq(search_scenario(&r, &result), 0);
}

static struct text_set ends(const struct scenario *s, bool up_to_renaming)
{
	struct text_set set = {0};
	uint32_t i;

	for (i = 0; i < result.outcome_count; i++)
		text_set_add(&set, ending_of_outcome(s, &result.outcomes[i],
						     up_to_renaming));
	return set;
}

/* Both ways, the cache left to @w. */
static void compare(const struct scenario *s, const char *text, struct way w)
{
	struct text_set there, found;
	const char *difference;
	enum search_end end;

	w.has_cache = false;
	search(s, &w);
	end = result.end;
	there = ends(s, w.has_symmetry);
	search_result_free(&result);
	w.has_cache = true;
	search(s, &w);
	found = ends(s, w.has_symmetry);
	difference = text_set_difference(&there, &found);
	if (!difference)
		difference = text_set_difference(&found, &there);
	if (difference)
		ck_abort_msg("differs, granularity %s, preemptions %ld: %s\n%s",
			     granularity_name(w.granularity),
			     (long)w.preemptions, difference, text);
	/* Every state may be reached with fewer preemptions than it took. */
	ck_assert(result.end == end ||
		  (end == SEARCH_PREEMPTIONS && result.end == SEARCH_COMPLETE));
	search_result_free(&result);
	text_set_fini(&there);
	text_set_fini(&found);
}

static void compare_seed(uint64_t seed, enum granularity granularity)
{
	char *text = generate_scenario(seed, granularity, 500);
	struct scenario *s = scenario_of(text);
	struct way w = {granularity, NO_BOUND, NO_BOUND, true, false};

	compare(s, text, w);
	w.has_symmetry = true;
	compare(s, text, w);
	w.has_symmetry = false;
	for (w.preemptions = 0; w.preemptions < 3; w.preemptions++)
		compare(s, text, w);
	scenario_free(s);
	free(text);
}

START_TEST(calls_have_the_same_ends)
{
	uint64_t seed;

	for (seed = 1000; seed < 1150; seed++)
		compare_seed(seed, GRANULARITY_CALL);
}
END_TEST

START_TEST(steps_have_the_same_ends)
{
	uint64_t seed;

	for (seed = 2000; seed < 2100; seed++)
		compare_seed(seed, GRANULARITY_KERNEL);
}
END_TEST

/* ---- how many states there are ----------------------------------------- */

static struct scenario *file_with(const char *path, const char *param)
{
	struct scenario_params params = {&param, 1};
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, path);
	s = scenario_load_with(path, &params, &d);
	ck_assert_ptr_nonnull(s);
	diagnostics_fini(&d);
	return s;
}

static uint64_t count_states(const struct scenario *s, bool has_symmetry)
{
	struct way w = {GRANULARITY_CALL, NO_BOUND, NO_BOUND, true,
			has_symmetry};
	uint64_t states;

	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
	states = result.states;
	search_result_free(&result);
	return states;
}

static void assert_states(const char *text, uint64_t states)
{
	struct scenario *s = scenario_of(text);

	ck_assert_uint_eq(count_states(s, false), states);
	scenario_free(s);
}

/* Two and three steps, none of which matters to the other: 3 places times 4. */
START_TEST(independent_threads_multiply)
{
	assert_states(SCENARIO("threads:\n"
			       "  A: [store F 1, store F 2]\n"
			       "  B: [store G 1, store G 2, store G 3]\n"),
		      12);
}
END_TEST

/*
 * A: before its load, after it with 1 or with 0, twice for B's two places; not
 * with 1 before B's store: 2 * 3 - 1.
 */
START_TEST(impossible_states_are_not_met)
{
	assert_states(SCENARIO("threads:\n"
			       "  A: [r = load F]\n"
			       "  B: [store F 1]\n"),
		      5);
}
END_TEST

/*
 * Which of two orders of stores it was does not show: 2 * 2 places, and after
 * both of them F is 1 or 2.
 */
START_TEST(orders_that_do_not_show_are_one_state)
{
	assert_states(SCENARIO("threads:\n"
			       "  A: [store F 1]\n"
			       "  B: [store F 2]\n"),
		      5);
}
END_TEST

/* As many as Spin stores for the same lock: tests/bench/drepper.pml. */
START_TEST(lock_of_three_values_has_as_many_states_as_its_model)
{
	struct scenario *s = file_with("tests/bench/drepper.yaml", "threads=3");

	ck_assert_uint_eq(count_states(s, false), 1777);
	scenario_free(s);
	s = file_with("tests/bench/drepper.yaml", "threads=4");
	ck_assert_uint_eq(count_states(s, false), 40893);
	scenario_free(s);
}
END_TEST

/*
 * Each of T's 3 places by itself: 27 states, or 10 multisets of 3 out of 3,
 * if the words do not tell who was there.
 */
#define THREE_ALIKE(symmetric)                                                 \
	SCENARIO("threads: {T: {count: 3, " symmetric "run: [store F 1, "      \
		 "store G 1]}}\n")

START_TEST(interchangeable_threads_are_not_told_apart)
{
	struct scenario *s = scenario_of(THREE_ALIKE("symmetric: true, "));
	/* F is 1 when anyone has begun, G when anyone is done: no more. */
	ck_assert_uint_eq(count_states(s, false), 27);
	ck_assert_uint_eq(count_states(s, true), 10);
	scenario_free(s);
}
END_TEST

/* ---- loops ------------------------------------------------------------- */

#define LOOP(rest)                                                             \
	"futexsim: 1\nname: loop\nmemory: {words: {F: 0, G: 0, R: 0}}\n" rest

/* In each of them A goes round until r is not 0. */
static const char *const loops[] = {
	/* Gives way until it finds it set. */
	LOOP("threads:\n"
	     "  A: [r = load F, {while: r == 0, do: [yield, r = load F]}]\n"
	     "  B: [store F 1]\n"),
	/* Asks to sleep on a value that is not there, and comes back at once.
	 */
	LOOP("profile: linux\n"
	     "threads:\n"
	     "  A: [r = load F, {while: r == 0, do: [futex_wait F 1, "
	     "r = load F]}]\n"
	     "  B: [store F 1, futex_wake F 1]\n"),
	/* Two that wake each other until a third one ends it. */
	LOOP("profile: linux\n"
	     "threads:\n"
	     "  A: [r = load R, {while: r == 0, do: [futex_wake G 1, "
	     "futex_wait F 0, r = load R]}, futex_wake G 1]\n"
	     "  B: [r = load R, {while: r == 0, do: [futex_wake F 1, "
	     "futex_wait G 0, r = load R]}, futex_wake F 1]\n"
	     "  C: [store R 1, futex_wake F 1, futex_wake G 1]\n"),
	/* A time that passes again and again. */
	LOOP("profile: linux\n"
	     "threads:\n"
	     "  A: [r = load F, {while: r == 0, do: [futex_wait F 0 "
	     "timeout=1ms, r = load F]}]\n"
	     "  B: [r = load F, {while: r == 0, do: [futex_wait F 0 "
	     "timeout=3ms, r = load F]}]\n"
	     "  C: [store F 1]\n"),
	/* Waiters are moved over and woken there, for ever. */
	LOOP("profile: linux\n"
	     "threads:\n"
	     "  A: [r = load R, {while: r == 0, do: [futex_wait F 0, "
	     "r = load R]}]\n"
	     "  B: [r = load R, {while: r == 0, do: [futex_requeue F G "
	     "wake=0 move=1, futex_wake G 1, r = load R]}]\n"
	     "  C: [store R 1]\n"),
};

/* Is there an end with this value, and nobody blocked? */
static bool has_end_with(const char *name, int64_t value)
{
	const struct outcome *o;
	uint32_t i, k;

	for (i = 0; i < result.outcome_count; i++) {
		o = &result.outcomes[i];
		for (k = 0; k < result.result_count; k++) {
			if (!strcmp(o->results[k].name, name) &&
			    o->results[k].is_set &&
			    o->results[k].value == value && !o->blocked_count)
				return true;
		}
	}
	return false;
}

/* Without the cache some runs never end; with it all do. */
START_TEST(loops_come_to_an_end)
{
	struct scenario *s = scenario_of(loops[_i]);
	struct way w = {GRANULARITY_CALL, 2, 60, false, false};

	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_STEPS);
	search_result_free(&result);
	w = (struct way){GRANULARITY_CALL, NO_BOUND, NO_BOUND, true, false};
	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
	ck_assert_int_eq(result.coverage, COVERAGE_EXHAUSTIVE);
	ck_assert_uint_eq(result.runs_cut, 0);
	ck_assert(has_end_with("A.r", 1));
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* Nobody stores what A waits for. */
#define ENDLESS(then)                                                          \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = load F, " then                                     \
		 "{while: r == 0, do: [yield, r = load F]}]\n"                 \
		 "  B: [s = load G]\n")

/* From no state is an end in reach, and one run is made that shows it. */
START_TEST(loop_without_an_end_is_shown_once)
{
	struct scenario *s = scenario_of(ENDLESS(""));
	struct way w = {GRANULARITY_CALL, NO_BOUND, 100, true, false};

	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
	ck_assert_int_eq(result.coverage, COVERAGE_EXHAUSTIVE);
	ck_assert_uint_eq(result.runs_cut, 0);
	ck_assert_uint_eq(result.runs, 1);
	ck_assert_uint_eq(result.outcome_count, 1);
	ck_assert_uint_eq(result.outcomes->verdicts,
			  UINT32_C(1) << VERDICT_LIVELOCK);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

START_TEST(verdict_before_a_loop_without_an_end_is_kept)
{
	struct scenario *s = scenario_of(ENDLESS("assert r == 1, "));
	struct way w = {GRANULARITY_CALL, NO_BOUND, 100, true, false};

	search(s, &w);
	ck_assert_uint_eq(result.verdict_count, 2);
	ck_assert_int_eq(result.verdicts[0].kind, VERDICT_LIVELOCK);
	ck_assert_int_eq(result.verdicts[1].kind, VERDICT_ASSERTION);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/*
 * If C is late, A ends before it or goes round for ever after; both are found,
 * and of the endless ones, which differ in what B has seen, one is shown.
 */
START_TEST(some_runs_end_and_some_do_not)
{
	struct scenario *s = scenario_of(
		SCENARIO("threads:\n"
			 "  A: [r = load F, {while: r == 1, do: [yield, "
			 "r = load F]}]\n"
			 "  B: [s = load F]\n"
			 "  C: [store F 1]\n"));
	struct way w = {GRANULARITY_CALL, NO_BOUND, 100, true, false};

	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
	ck_assert_uint_eq(result.runs_cut, 0);
	ck_assert(has_end_with("A.r", 0));
	ck_assert(has_end_with("A.r", 1));
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* A way of 40 steps under a limit of 20: what follows known states is open. */
START_TEST(limit_of_steps_leaves_gaps)
{
	struct scenario *s =
		scenario_of(SCENARIO("threads:\n"
				     "  A: [{repeat: 20, do: [store F 1]}]\n"
				     "  B: [{repeat: 20, do: [store G 1]}]\n"));
	struct way w = {GRANULARITY_CALL, NO_BOUND, 20, true, false};

	search(s, &w);
	ck_assert_int_eq(result.end, SEARCH_STEPS);
	ck_assert_int_eq(result.coverage, COVERAGE_ANY);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* It has come to pass in runs that were cut off, or in others. */
START_TEST(reachable_conditions_are_reached)
{
	struct scenario *s =
		scenario_of(SCENARIO("threads:\n"
				     "  A: [store F 1, store F 0]\n"
				     "  B: [store G 1, store G 0]\n"
				     "expect: {reachable: [{name: both, "
				     "that: F == 1 and G == 1}]}\n"));
	struct way w = {GRANULARITY_CALL, NO_BOUND, NO_BOUND, true, false};

	search(s, &w);
	ck_assert_uint_eq(result.verdict_count, 0);
	ck_assert_uint_gt(result.properties->held, 0);
	ck_assert_uint_lt(result.properties->held, result.runs);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* ---- what goes with it ------------------------------------------------- */

START_TEST(other_strategies_are_refused)
{
	static const enum strategy strategies[] = {
		STRATEGY_AUTO,	 STRATEGY_DPOR, STRATEGY_SOURCE,
		STRATEGY_RANDOM, STRATEGY_PCT,	STRATEGY_POS};
	struct scenario *s = scenario_of(THREE_ALIKE(""));
	struct search_request r = {.scenario = s,
				   .profile = "linux",
				   .explore = s->explore,
				   .has_cache = true,
				   .jobs = 1};

	r.explore.strategy = strategies[_i];
	ck_assert_int_ne(search_scenario(&r, &result), 0);
	ck_assert_ptr_nonnull(strstr(result.error, "--cache"));
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

Suite *cache_suite(void)
{
	Suite *suite = suite_create("cache");
	TCase *c = tcase_create("cache");

	tcase_add_checked_fixture(c, machine_setup, machine_teardown);
	tcase_set_timeout(c, 0);
	tcase_add_test(c, calls_have_the_same_ends);
	tcase_add_test(c, steps_have_the_same_ends);
	tcase_add_test(c, independent_threads_multiply);
	tcase_add_test(c, impossible_states_are_not_met);
	tcase_add_test(c, orders_that_do_not_show_are_one_state);
	tcase_add_test(c, lock_of_three_values_has_as_many_states_as_its_model);
	tcase_add_test(c, interchangeable_threads_are_not_told_apart);
	tcase_add_loop_test(c, loops_come_to_an_end, 0,
			    sizeof(loops) / sizeof(loops[0]));
	tcase_add_test(c, loop_without_an_end_is_shown_once);
	tcase_add_test(c, verdict_before_a_loop_without_an_end_is_kept);
	tcase_add_test(c, some_runs_end_and_some_do_not);
	tcase_add_test(c, limit_of_steps_leaves_gaps);
	tcase_add_test(c, reachable_conditions_are_reached);
	tcase_add_loop_test(c, other_strategies_are_refused, 0, 6);
	suite_add_tcase(suite, c);
	return suite;
}
