/*
 * test_races.c - which accesses race, and what puts two of them in an order.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <string.h>

#include "sim/search/search.h"
#include "viz/sequence/story.h"

static struct run run;

/* One run, as its schedule goes, on both kernels. */
static void assert_race(const char *text, const char *kinds)
{
	machine_play_whole(text, "linux", &run);
	assert_verdicts(kinds);
	machine_play_whole(text, "starry-0.5.11", &run);
	assert_verdicts(kinds);
}

/* Two threads in a row, without a word in between. */
#define ONE_BY_ONE(a, b)                                                       \
	SCENARIO("threads:\n"                                                  \
		 "  A: [" a "]\n"                                              \
		 "  B: [" b "]\n"                                              \
		 "schedule: [A: until done, B: until done]\n")

/* ---- what races -------------------------------------------------------- */

START_TEST(plain_accesses_race_if_one_of_them_writes)
{
	assert_race(ONE_BY_ONE("store F 1 plain", "r = load F plain"),
		    "data-race");
	assert_race(ONE_BY_ONE("r = load F plain", "store F 1 plain"),
		    "data-race");
	assert_race(ONE_BY_ONE("store F 1 plain", "store F 1 plain"),
		    "data-race");
	assert_race(ONE_BY_ONE("r = load F plain", "r = load F plain"), "");
	assert_race(ONE_BY_ONE("store F 1 plain", "r = load G plain"), "");
}
END_TEST

START_TEST(one_plain_access_is_enough)
{
	assert_race(ONE_BY_ONE("store F 1 plain", "r = load F"), "data-race");
	assert_race(ONE_BY_ONE("store F 1", "r = load F plain"), "data-race");
	assert_race(ONE_BY_ONE("fetch_add F 1", "store F 1 plain"),
		    "data-race");
	assert_race(ONE_BY_ONE("store F 1", "r = load F"), "");
	assert_race(ONE_BY_ONE("r = load F", "r = load F plain"), "");
}
END_TEST

/* A comparison that fails has only looked. */
START_TEST(cas_writes_only_if_it_succeeds)
{
	assert_race(ONE_BY_ONE("r = load F plain", "c = cas F 0 1 plain"),
		    "data-race");
	assert_race(ONE_BY_ONE("r = load F plain", "c = cas F 7 1 plain"), "");
	assert_race(ONE_BY_ONE("r = load F plain", "c = cas F 7 1"), "");
}
END_TEST

/* What faults has touched nothing. */
START_TEST(access_that_fails_races_with_nothing)
{
	assert_race(ONE_BY_ONE("store F 1 plain", "r = load F+2 plain"), "");
	assert_race(ONE_BY_ONE("store 8 1 plain", "r = load 8 plain"), "");
}
END_TEST

START_TEST(one_thread_does_not_race_with_itself)
{
	assert_race(ONE_BY_ONE("store F 1 plain, r = load F plain", "yield"),
		    "");
}
END_TEST

/* One word at two addresses, or one address in two copies of the memory. */
#define TWO_PROCESSES(kind)                                                    \
	"futexsim: 1\nname: in-a-test\nprocesses: {P1: , P2: }\n"              \
	"memory:\n"                                                            \
	"  regions: {R: {kind: " kind "}}\n"                                   \
	"  maps:\n"                                                            \
	"    - {process: P1, region: R, at: 0x10000}\n"                        \
	"    - {process: P2, region: R, at: 0x40000}\n"                        \
	"threads:\n"                                                           \
	"  A: {process: P1, run: [store 0x10008 1 plain]}\n"                   \
	"  B: {process: P2, run: [r = load 0x40008 plain]}\n"

START_TEST(places_race_and_not_addresses)
{
	assert_race(TWO_PROCESSES("shared"), "data-race");
	assert_race(TWO_PROCESSES("private"), "");
}
END_TEST

START_TEST(scenario_may_ignore_races)
{
	assert_race(SCENARIO("ignore: [data-race]\n"
			     "threads:\n"
			     "  A: [store F 1 plain]\n"
			     "  B: [r = load F plain]\n"),
		    "");
}
END_TEST

/* The word twice, and another one: two words are two races. */
START_TEST(each_word_is_reported_once)
{
	assert_race(ONE_BY_ONE("store F 1 plain, store G 1 plain",
			       "a = load F plain, b = load F plain, "
			       "c = load G plain"),
		    "data-race data-race");
}
END_TEST

/* ---- what puts them in an order ---------------------------------------- */

#define A_THEN_B(a, b) ONE_BY_ONE("store F 1 plain, " a, b ", r = load F plain")

START_TEST(atomic_store_orders_who_reads_it)
{
	assert_race(A_THEN_B("store G 1", "g = load G"), "");
	assert_race(A_THEN_B("fetch_add G 1", "g = fetch_add G 0"), "");
	assert_race(A_THEN_B("store G 1", "g = cas G 7 8"), "");
	/* A plain one does not, and neither does one that only reads. */
	assert_race(A_THEN_B("a = load G", "g = load G"), "data-race");
	assert_race(A_THEN_B("a = cas G 7 8", "g = load G"), "data-race");
	/* A store looks at nothing. */
	assert_race(A_THEN_B("store G 1", "store G 2"), "data-race");
}
END_TEST

/* Released before the access, it says nothing of it. */
START_TEST(what_comes_after_the_release_is_not_ordered)
{
	assert_race(ONE_BY_ONE("store G 1, store F 1 plain",
			       "g = load G, r = load F plain"),
		    "data-race");
}
END_TEST

#define THREE(c)                                                               \
	SCENARIO("threads:\n"                                                  \
		 "  A: [store F 1 plain, store G 1]\n"                         \
		 "  C: [" c "]\n"                                              \
		 "  B: [g = load G, r = load F plain]\n"                       \
		 "schedule: [A: until done, C: until done, B: until done]\n")

/* C11: a read-modify-write goes on with what was released, a store does not. */
START_TEST(release_sequences_end_with_a_store)
{
	assert_race(THREE("yield"), "");
	assert_race(THREE("fetch_add G 1"), "");
	assert_race(THREE("store G 2"), "data-race");
	assert_race(THREE("g = load G, store G 2"), "");
}
END_TEST

/* ---- the kernel -------------------------------------------------------- */

#define SLEEPER(b)                                                             \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0 timeout=1ms, d = load G plain]\n"   \
		 "  B: [store G 1 plain" b "]\n"                               \
		 "schedule: [A: until blocked, B: until done, "                \
		 "clock: advance 1ms, A: until done]\n")

START_TEST(wake_up_orders_who_it_wakes)
{
	assert_race(SLEEPER(", n = futex_wake F 1"), "");
	assert_race(SLEEPER(""), "data-race");
	/* A wake that finds nobody tells nobody. */
	assert_race(SLEEPER(", n = futex_wake G 1"), "data-race");
}
END_TEST

/* B moves A, which is not to wake it; C, who wakes it, knows nothing of B. */
START_TEST(requeue_orders_only_who_it_wakes)
{
	assert_race(SCENARIO("threads:\n"
			     "  A: [r = futex_wait F 0, d = load F+4 plain]\n"
			     "  B: [store F+4 1 plain, "
			     "n = futex_requeue F G wake=0 move=1]\n"
			     "  C: [n = futex_wake G 1]\n"
			     "schedule: [A: until blocked, B: until done, "
			     "C: until done, A: until done]\n"),
		    "data-race");
	assert_race(SCENARIO("threads:\n"
			     "  A: [r = futex_wait F 0, d = load F+4 plain]\n"
			     "  B: [store F+4 1 plain, "
			     "n = futex_requeue F G wake=1 move=1]\n"
			     "schedule: [A: until blocked, B: until done, "
			     "A: until done]\n"),
		    "");
}
END_TEST

/* Its word is one that is waited on: the look is an atomic load. */
START_TEST(wait_reads_its_word)
{
	assert_race(ONE_BY_ONE("store F 1 plain", "r = futex_wait F 0"),
		    "data-race");
	assert_race(A_THEN_B("store G 1", "w = futex_wait G 0"), "");
	/* A wake asks only whether there is memory. */
	assert_race(ONE_BY_ONE("store F 1 plain", "r = futex_wake F 1"), "");
	assert_race(A_THEN_B("store G 1", "w = futex_wake G 1"), "data-race");
}
END_TEST

START_TEST(exit_clears_the_tid_word_for_who_joins)
{
	static const char text[] =
		SCENARIO("threads:\n"
			 "  A: [set_tid_address G, store F 1 plain, exit]\n"
			 "  B: [%s, r = load F plain]\n"
			 "schedule: [A: until done, B: until done]\n");
	char buf[512];

	snprintf(buf, sizeof(buf), text, "t = load G");
	assert_race(buf, "");
	snprintf(buf, sizeof(buf), text, "yield");
	assert_race(buf, "data-race");
}
END_TEST

/* It has in its past what its maker has done until then, and no more. */
START_TEST(thread_begins_after_what_its_maker_did)
{
	assert_race(SCENARIO("threads:\n"
			     "  A: [store F 1 plain, c = clone B]\n"
			     "  B: [r = load F plain]\n"),
		    "");
	assert_race(SCENARIO("threads:\n"
			     "  A: [c = clone B, store F 1 plain]\n"
			     "  B: [r = load F plain]\n"),
		    "data-race");
}
END_TEST

/* ---- the verdict ------------------------------------------------------- */

START_TEST(verdict_names_both_accesses)
{
	static const char text[] =
		ONE_BY_ONE("store F 1 plain, store G 1", "r = load F plain");

	machine_play_whole(text, "linux", &run);
	ck_assert_str_eq(machine_verdict()->what,
			 "'store F 1 plain' of A (line 5, step 1) and 'r = "
			 "load F plain' of B (line 6, step 3) race for F: B "
			 "would have to read G, to which A has stored since "
			 "(step 2), before its access");
	ck_assert_int_eq(machine_verdict()->line, 6);
	ck_assert_int_eq(machine_verdict()->thread, 1);
	ck_assert_uint_eq(machine_verdict()->at, 3);
	ck_assert_uint_eq(machine_verdict()->evidence_count, 1);
	ck_assert_uint_eq(machine_verdict()->evidence[0], 1);
}
END_TEST

START_TEST(verdict_without_a_release_says_what_would_do)
{
	machine_play_whole(ONE_BY_ONE("store F 1 plain", "store F 2 plain"),
			   "linux", &run);
	ck_assert_ptr_nonnull(strstr(machine_verdict()->what,
				     "an atomic store of A after its access "
				     "that B reads before its own"));
}
END_TEST

/* Marked like a violation, and no row is that is in neither. */
START_TEST(picture_marks_both_accesses)
{
	struct run_request request =
		request_of(ONE_BY_ONE("store F 1 plain, store G 1",
				      "r = load F plain, load G"),
			   "linux");
	struct story *story;
	unsigned int i, marked = 0;

	request.wants_trace = true;
	play_request(&request, &run);
	story = story_new(run.trace, NULL);
	for (i = 0; i < story->row_count; i++) {
		ck_assert_int_eq(story->rows[i].is_violation,
				 story->rows[i].n == 1 ||
					 story->rows[i].n == 3);
		marked += story->rows[i].is_violation;
	}
	ck_assert_uint_eq(marked, 2);
	ck_assert_uint_eq(story->rows[story->violation_row].n, 3);
	story_free(story);
}
END_TEST

/* The shortest run that shows one is one that shows one. */
START_TEST(minimised_run_still_races)
{
	struct scenario *s = scenario_of(SCENARIO(
		"threads:\n"
		"  A: [yield, store F 1 plain, yield, store G 1]\n"
		"  B: [yield, g = load G, r = load F plain, yield]\n"));
	struct search_request r = {
		.scenario = s,
		.profile = "linux",
		.explore = s->explore,
		.jobs = 1,
	};
	struct search_result result;

	run_quirks(s, r.profile, &r.quirks);
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	ck_assert_uint_eq(result.verdict_count, 1);
	ck_assert_int_eq(result.verdicts->kind, VERDICT_DATA_RACE);
	ck_assert_uint_eq(result.verdicts->preemptions, 0);
	search_replay(&r, &result.verdicts->movers, false, &machine, &run);
	assert_verdicts("data-race");
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* ---- searches ---------------------------------------------------------- */

/* Every other run is that of a class: which runs race must not differ. */
static uint32_t kinds_found(const char *text, enum strategy strategy,
			    bool has_cache)
{
	struct scenario *s = scenario_of(text);
	struct search_request r = {
		.scenario = s,
		.profile = "linux",
		.explore = s->explore,
		.has_cache = has_cache,
		.jobs = 1,
	};
	struct search_result result;
	uint32_t i, kinds = 0;

	r.explore.strategy = strategy;
	run_quirks(s, r.profile, &r.quirks);
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	for (i = 0; i < result.outcome_count; i++)
		kinds |= 1u << !!result.outcomes[i].verdicts;
	search_result_free(&result);
	scenario_free(s);
	return kinds;
}

/* B looks before it reads: it races only if it reads all the same. */
START_TEST(searches_find_the_runs_that_race)
{
	static const char careless[] =
		SCENARIO("threads:\n"
			 "  A: [store F 1 plain, store G 1]\n"
			 "  B: [g = load G, r = load F plain]\n");
	static const char careful[] =
		SCENARIO("threads:\n"
			 "  A: [store F 1 plain, store G 1]\n"
			 "  B: [g = load G, {if: g == 1, then: "
			 "[r = load F plain]}]\n");
	static const enum strategy strategies[] = {
		STRATEGY_DFS, STRATEGY_DPOR, STRATEGY_SOURCE, STRATEGY_AUTO};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		ck_assert_uint_eq(kinds_found(careless, strategies[i], false),
				  3);
		ck_assert_uint_eq(kinds_found(careful, strategies[i], false),
				  1);
	}
	ck_assert_uint_eq(kinds_found(careless, STRATEGY_DFS, true), 3);
	ck_assert_uint_eq(kinds_found(careful, STRATEGY_DFS, true), 1);
}
END_TEST

/*
 * Two ways to F == 1 and G == 1 with C about to read: through A, who has read
 * B's flag, or past it.  The words are equal and the pasts are not.
 */
START_TEST(states_with_other_pasts_are_other_states)
{
	static const char text[] =
		SCENARIO("threads:\n"
			 "  A: [g = load G, store F 1]\n"
			 "  B: [store F+4 1 plain, store G 1]\n"
			 "  C: [f = load F, r = load F+4 plain]\n");
	uint32_t found = kinds_found(text, STRATEGY_DFS, false);

	ck_assert_uint_eq(found, 3);
	ck_assert_uint_eq(kinds_found(text, STRATEGY_DFS, true), found);
	ck_assert_uint_eq(kinds_found(text, STRATEGY_DPOR, false), found);
}
END_TEST

Suite *races_suite(void)
{
	const TTest *const tests[] = {
		plain_accesses_race_if_one_of_them_writes,
		one_plain_access_is_enough,
		cas_writes_only_if_it_succeeds,
		access_that_fails_races_with_nothing,
		one_thread_does_not_race_with_itself,
		places_race_and_not_addresses,
		scenario_may_ignore_races,
		each_word_is_reported_once,
		atomic_store_orders_who_reads_it,
		what_comes_after_the_release_is_not_ordered,
		release_sequences_end_with_a_store,
		wake_up_orders_who_it_wakes,
		requeue_orders_only_who_it_wakes,
		wait_reads_its_word,
		exit_clears_the_tid_word_for_who_joins,
		thread_begins_after_what_its_maker_did,
		verdict_names_both_accesses,
		verdict_without_a_release_says_what_would_do,
		picture_marks_both_accesses,
		minimised_run_still_races,
		searches_find_the_runs_that_race,
		states_with_other_pasts_are_other_states,
	};

	return MACHINE_SUITE("races", tests);
}
