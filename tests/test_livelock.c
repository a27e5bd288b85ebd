/*
 * test_livelock.c - runs that go round a fair cycle, and runs that only do not
 * end.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/trace_run.h"
#include "sim/search/search.h"

static struct run run;

/* A run of at most @steps_max steps, as the schedule says, or in turn. */
static void play(const char *text, uint32_t steps_max)
{
	struct run_request request = request_of(text, "linux");

	request.steps_max = steps_max;
	play_request(&request, &run);
	ck_assert_msg(!run.error, "%s", run.error);
}

static void assert_end(const char *text, const char *kinds)
{
	play(text, 400);
	assert_verdicts(kinds);
	ck_assert(run.is_expected == !*kinds);
}

/* ---- one run ----------------------------------------------------------- */

#define WAITS(more) "{while: f == 0, do: [" more "f = load F]}"
#define A_WAITS(more, others)                                                  \
	SCENARIO("threads:\n"                                                  \
		 "  A: [f = 0, " WAITS(more) "]\n" others)

/* Nobody else is there, or will ever move. */
START_TEST(who_waits_for_nobody_is_a_livelock)
{
	assert_end(A_WAITS("", ""), "livelock");
	assert_end(A_WAITS("yield, ", ""), "livelock");
	assert_end(A_WAITS("yield, ", "  B: [load G]\n"), "livelock");
	/* B sleeps, and only A could wake it. */
	assert_end(A_WAITS("yield, ", "  B: [futex_wait G 0]\n"), "livelock");
}
END_TEST

/* B could have moved, and was never let on. */
START_TEST(who_waits_for_one_that_is_kept_from_moving_is_none)
{
	assert_end(A_WAITS("", "  B: [store F 1]\n"), "step-limit");
	assert_end(A_WAITS("", "  B: [store F 1]\n"
			       "schedule: [A: until done]\n"),
		   "step-limit");
	assert_end(A_WAITS("yield, ", "  B: [store F 1]\n"), "");
}
END_TEST

/* Time does not pass as long as A can move, and so B sleeps on. */
START_TEST(deadline_that_never_comes_is_unfair)
{
	assert_end(A_WAITS("yield, ", "  B: [futex_wait G 0 timeout=1ms, "
				      "store F 1]\n"),
		   "step-limit");
}
END_TEST

/* Each of its sleeps ends by a deadline, and it goes to sleep again. */
START_TEST(deadlines_that_come_are_part_of_the_cycle)
{
	assert_end(A_WAITS("futex_wait F 0 timeout=1ms, ", ""), "livelock");
}
END_TEST

/* A program says itself when it has got somewhere. */
START_TEST(mark_is_progress)
{
	assert_end(A_WAITS("mark again, ", ""), "step-limit");
	assert_end(A_WAITS("yield, ", "  B: [mark once]\n"), "livelock");
}
END_TEST

/* It is in no state twice. */
START_TEST(who_counts_is_in_no_cycle)
{
	assert_end(A_WAITS("fetch_add G 1, ", ""), "step-limit");
	/* Two values, and two rounds are one cycle. */
	assert_end(A_WAITS("fetch_xor G 1, ", ""), "livelock");
}
END_TEST

#define POLITE                                                                 \
	"threads:\n"                                                           \
	"  A:\n"                                                               \
	"    - n = 1\n"                                                        \
	"    - while: n != 0\n"                                                \
	"      do:\n"                                                          \
	"        - m = cas F 0 1\n"                                            \
	"        - if: m == 0\n"                                               \
	"          then: [n = cas G 0 1, store F 0]\n"                         \
	"    - store G 0\n"                                                    \
	"  B:\n"                                                               \
	"    - m = 1\n"                                                        \
	"    - while: m != 0\n"                                                \
	"      do:\n"                                                          \
	"        - n = cas G 0 1\n"                                            \
	"        - if: n == 0\n"                                               \
	"          then: [m = cas F 0 1, store G 0]\n"                         \
	"    - store F 0\n"

/* A has F, B has G, both fail, both give back: again and again. */
#define ROUND                                                                  \
	"A: 1 steps, B: 1 steps, A: 1 steps, B: 1 steps, "                     \
	"A: 1 steps, B: 1 steps, "

/*
 * A goes back after the fifth step, and one round later, after the eleventh,
 * all is as it was then.
 */
START_TEST(limit_after_a_cycle_tells_it)
{
	play(SCENARIO(POLITE "schedule: [" ROUND ROUND ROUND "]\n"), 11);
	assert_verdicts("livelock");
	ck_assert_uint_eq(run.lasso.first_step, 5);
	ck_assert_uint_eq(run.lasso.last_step, 11);
	ck_assert_uint_eq(run.lasso.threads, 3);
	play(SCENARIO(POLITE "schedule: [" ROUND ROUND ROUND "]\n"), 10);
	assert_verdicts("step-limit");
}
END_TEST

/* A cycle that is left is none that goes on for ever. */
START_TEST(run_that_ends_is_no_livelock)
{
	assert_end(SCENARIO(POLITE "schedule: [" ROUND ROUND ROUND
				   "A: until done, B: until done]\n"),
		   "");
}
END_TEST

START_TEST(scenario_may_ignore_livelocks)
{
	assert_end(SCENARIO("ignore: [livelock]\n"
			    "threads:\n"
			    "  A: [f = 0, " WAITS("yield, ") "]\n"),
		   "step-limit");
}
END_TEST

/* Where everybody moves in turn there is no need to wait for the limit. */
START_TEST(turns_end_where_they_repeat)
{
	play(A_WAITS("yield, ", ""), 0);
	assert_verdicts("livelock");
	/* yield, load; yield, load: the states after them are equal. */
	ck_assert_uint_le(machine.step_count, 6);
	ck_assert_str_eq(machine_verdict()->rule,
			 "a fair schedule gets threads somewhere");
	ck_assert_uint_eq(machine_verdict()->at, machine.step_count);
}
END_TEST

/* The trace ends where the run did, and leads there again. */
START_TEST(livelock_is_replayed)
{
	struct run_request request =
		request_of(A_WAITS("yield, ", ""), "linux");
	struct run_request again;
	const char *what;
	struct move *moves;

	request.wants_trace = true;
	play_request(&request, &run);
	assert_verdicts("livelock");
	what = strdup(machine_verdict()->what);
	trace_run_request(run.trace, request.scenario, &again, &moves);
	again.wants_trace = false;
	run_scenario(&machine, &again, &run);
	assert_verdicts("livelock");
	ck_assert_str_eq(machine_verdict()->what, what);
	free((void *)(uintptr_t)what);
	free(moves);
}
END_TEST

/* ---- searches ---------------------------------------------------------- */

static struct search_request asked_for;
static struct search_result found;
static struct scenario *searched;

static void search(const char *text, bool has_cache, uint64_t steps)
{
	searched = scenario_of(text);
	asked_for = (struct search_request){
		.scenario = searched,
		.profile = "linux",
		.explore = searched->explore,
		.has_cache = has_cache,
		.jobs = 1,
	};
	asked_for.explore.strategy = STRATEGY_DFS;
	asked_for.explore.bounds.steps = steps;
	run_quirks(searched, "linux", &asked_for.quirks);
	ck_assert_int_eq(search_scenario(&asked_for, &found), 0);
}

static void search_end(void)
{
	search_result_free(&found);
	scenario_free(searched);
}

/* The run that is kept leads to the verdict, and ends where it does. */
static void assert_shown(void)
{
	ck_assert_uint_eq(found.verdict_count, 1);
	ck_assert_int_eq(found.verdicts->kind, VERDICT_LIVELOCK);
	search_replay(&asked_for, &found.verdicts->movers, false, &machine,
		      &run);
	assert_verdicts("livelock");
	ck_assert(!run.has_diverged);
	ck_assert_uint_eq(run.lasso.last_step, found.verdicts->movers.count);
}

/* Other runs end, so that it is not states without an end that tell. */
START_TEST(fair_cycle_is_found_among_known_states)
{
	search(SCENARIO(POLITE), true, NO_BOUND);
	assert_shown();
	/* A round of 6 steps, and a first one that is not yet part of it. */
	ck_assert_uint_le(found.verdicts->movers.count, 12);
	ck_assert_int_eq(found.end, SEARCH_COMPLETE);
	ck_assert_int_eq(found.coverage, COVERAGE_EXHAUSTIVE);
	ck_assert_uint_eq(found.runs_cut, 0);
	search_end();
}
END_TEST

START_TEST(fair_cycle_is_found_in_runs_that_are_cut)
{
	search(SCENARIO(POLITE), false, 13);
	assert_shown();
	search_end();
}
END_TEST

/* Both begin with F: who has it gets G as well, whoever waits meanwhile. */
START_TEST(one_order_of_locks_has_no_fair_cycle)
{
	static const char text[] =
		SCENARIO("threads:\n"
			 "  T:\n"
			 "    count: 2\n"
			 "    run:\n"
			 "      - n = 1\n"
			 "      - while: n != 0\n"
			 "        do:\n"
			 "          - m = cas F 0 1\n"
			 "          - if: m == 0\n"
			 "            then: [n = cas G 0 1, store F 0]\n"
			 "      - store G 0\n");

	search(text, true, NO_BOUND);
	ck_assert_uint_eq(found.verdict_count, 0);
	ck_assert_int_eq(found.coverage, COVERAGE_EXHAUSTIVE);
	search_end();
}
END_TEST

/* A goes round as long as B is not let on, and no longer. */
START_TEST(unfair_cycle_is_not_found_among_known_states)
{
	search(A_WAITS("", "  B: [store F 1]\n"), true, NO_BOUND);
	ck_assert_uint_eq(found.verdict_count, 0);
	search_end();
	search(A_WAITS("", "  B: [store F 1, store F 0]\n"), true, NO_BOUND);
	assert_shown();
	search_end();
}
END_TEST

/* A deadline may come at any time, and one that is armed comes some time. */
START_TEST(clock_is_fair_among_known_states)
{
	search(A_WAITS("", "  B: [futex_wait G 0 timeout=1ms, store F 1]\n"),
	       true, NO_BOUND);
	ck_assert_uint_eq(found.verdict_count, 0);
	search_end();
	search(A_WAITS("futex_wait F 0 timeout=1ms, ", ""), true, NO_BOUND);
	ck_assert_uint_ge(found.verdict_count, 1);
	ck_assert_int_eq(found.verdicts->kind, VERDICT_LIVELOCK);
	search_end();
}
END_TEST

START_TEST(mark_is_progress_among_known_states)
{
	search(A_WAITS("", "  B: [g = 0, {while: g == 0, do: [g = load G]}]\n"),
	       true, 200);
	ck_assert_uint_eq(found.verdict_count, 1);
	search_end();
	search(A_WAITS("mark here, ", ""), true, 200);
	ck_assert_uint_eq(found.verdict_count, 0);
	search_end();
}
END_TEST

Suite *livelock_suite(void)
{
	const TTest *const tests[] = {
		who_waits_for_nobody_is_a_livelock,
		who_waits_for_one_that_is_kept_from_moving_is_none,
		deadline_that_never_comes_is_unfair,
		deadlines_that_come_are_part_of_the_cycle,
		mark_is_progress,
		who_counts_is_in_no_cycle,
		limit_after_a_cycle_tells_it,
		run_that_ends_is_no_livelock,
		scenario_may_ignore_livelocks,
		turns_end_where_they_repeat,
		livelock_is_replayed,
		fair_cycle_is_found_among_known_states,
		fair_cycle_is_found_in_runs_that_are_cut,
		one_order_of_locks_has_no_fair_cycle,
		unfair_cycle_is_not_found_among_known_states,
		clock_is_fair_among_known_states,
		mark_is_progress_among_known_states,
	};

	return MACHINE_SUITE("livelock", tests);
}
