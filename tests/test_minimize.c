/*
 * test_minimize.c - runs with fewer preemptions: numbers that can be derived,
 * and held against bounded searches.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/races.h"
#include "tests/suites.h"

/* ---- counting ---------------------------------------------------------- */

static uint32_t total_counted;

static void assert_counts_agree(const struct search_request *r,
				enum strategy strategy)
{
	struct search_result result;
	const struct outcome *o;
	uint32_t i;

	search_by(*r, strategy, 300, &result);
	for (i = 0; i < result.outcome_count; i++) {
		o = &result.outcomes[i];
		ck_assert_uint_eq(o->preemptions,
				  search_preemptions(r, &o->movers, &machine));
		total_counted += o->preemptions;
	}
	search_result_free(&result);
}

static void assert_counts_agree_on(struct scenario *s, const char *profile)
{
	static const enum strategy strategies[] = {
		STRATEGY_DFS,	 STRATEGY_DPOR, STRATEGY_SOURCE,
		STRATEGY_RANDOM, STRATEGY_PCT,	STRATEGY_POS,
	};
	struct search_request r = request_on(s, profile);
	size_t i;
	int granularity;

	for (granularity = 0; granularity < 2; granularity++) {
		r.explore.granularity = (enum granularity)granularity;
		for (i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++)
			assert_counts_agree(&r, strategies[i]);
	}
	scenario_free(s);
}

START_TEST(a_search_and_a_replay_count_preemptions_alike)
{
	total_counted = 0;
	assert_counts_agree_on(file_scenario(P01), "starry-0.5.11");
	assert_counts_agree_on(file_scenario(MUTANT), "linux");
	/* Threads wait for locks: with patience, and asleep. */
	assert_counts_agree_on(
		file_scenario("scenarios/wake/stale-waker-at-a-mutex-"
			      "searched.yaml"),
		"starry-0.5.11");
	/* Yields, signals, wake-ups for no reason. */
	assert_counts_agree_on(
		file_scenario("scenarios/user/spin-then-sleep-searched.yaml"),
		"linux");
	assert_counts_agree_on(
		file_scenario("scenarios/signal/swallows-wake-searched.yaml"),
		"starry-0.5.11");
	assert_counts_agree_on(
		file_scenario("scenarios/user/event-searched.yaml"), "linux");
	ck_assert_uint_gt(total_counted, 100);
}
END_TEST

/* ---- minimising -------------------------------------------------------- */

/* Bounded search, all of it: is there such a verdict? */
static bool shows_within(struct search_request r, enum verdict_kind kind,
			 uint64_t bound)
{
	struct search_result result;
	bool shows = false;
	uint32_t i;

	r.explore.strategy = STRATEGY_DFS;
	r.explore.bounds.preemptions = bound;
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	ck_assert(result.passes[result.pass_count - 1].is_complete);
	for (i = 0; i < result.outcome_count; i++)
		shows |= result.outcomes[i].verdicts >> kind & 1;
	search_result_free(&result);
	return shows;
}

/* From a bad run to one with exactly @fewest preemptions, for sure. */
static void assert_minimum(const struct search_request *r,
			   enum verdict_kind kind, uint32_t fewest)
{
	struct search_result result;
	struct movers movers = bad_run(r, kind, fewest, &result);
	bool is_sure;

	ck_assert(replays_to(r, &movers, kind));
	is_sure = search_minimize(r, kind, BUDGET, &result.arena, &movers);
	ck_assert(replays_to(r, &movers, kind));
	ck_assert_uint_eq(search_preemptions(r, &movers, &machine), fewest);
	ck_assert(is_sure);
	if (fewest)
		ck_assert(!shows_within(*r, kind, fewest - 1));
	search_result_free(&result);
}

static void assert_minimum_of(struct scenario *s, const char *profile,
			      enum verdict_kind kind, uint32_t fewest)
{
	struct search_request r = request_on(s, profile);

	assert_minimum(&r, kind, fewest);
	scenario_free(s);
}

START_TEST(the_fewest_preemptions_are_found_and_fewer_are_ruled_out)
{
	assert_minimum_of(scenario_of(THREE_LOOKS), "linux", VERDICT_ASSERTION,
			  3);
	assert_minimum_of(scenario_of(TWO_LOOKS), "linux", VERDICT_ASSERTION,
			  2);
	assert_minimum_of(scenario_of(LOST_UPDATE), "linux",
			  VERDICT_EXPECTATION, 1);
	assert_minimum_of(file_scenario(MUTANT), "linux", VERDICT_LOST_WAKEUP,
			  1);
	assert_minimum_of(file_scenario(P01), "starry-0.5.11",
			  VERDICT_LOST_WAKEUP, 1);
	/* R has to be put aside where A is in neither queue. */
	assert_minimum_of(
		file_scenario("scenarios/history/requeue-in-two-sections-"
			      "searched.yaml"),
		"starry-pre-302", VERDICT_LOST_WAKEUP, 1);
	/* It is the clock that comes between, and that is no preemption. */
	assert_minimum_of(file_scenario("scenarios/history/no-cancel-cleanup-"
					"searched.yaml"),
			  "starry-pre-545", VERDICT_LOST_WAKEUP, 0);
}
END_TEST

START_TEST(what_is_not_needed_is_left_out)
{
	struct scenario *s = scenario_of(LOST_UPDATE);
	struct search_request r = request_on(s, "linux");
	/* A loads, gets a signal; B loads and stores; A stores. */
	const uint16_t items[] = {0, 3, 1, 1, 0};
	struct movers movers = movers_of(items, 5);
	struct arena arena;

	arena_init(&arena);
	ck_assert_uint_eq(mover_number(2, MOVER_IS_SIGNAL, 0), 3);
	ck_assert(replays_to(&r, &movers, VERDICT_EXPECTATION));
	ck_assert_uint_eq(machine.step_count, 5);
	ck_assert(search_minimize(&r, VERDICT_EXPECTATION, BUDGET, &arena,
				  &movers));
	/* A B B A, or B A A B; the list that is known is nearer the first. */
	ck_assert_uint_eq(movers.count, 4);
	ck_assert_mem_eq(movers.items, ((uint16_t[]){0, 1, 1, 0}), 8);
	arena_fini(&arena);
	scenario_free(s);
}
END_TEST

START_TEST(of_two_that_are_as_good_the_given_one_stays)
{
	struct scenario *s = scenario_of(LOST_UPDATE);
	struct search_request r = request_on(s, "linux");
	const uint16_t items[] = {1, 0, 0, 1};
	struct movers movers = movers_of(items, 4);
	struct arena arena;

	arena_init(&arena);
	ck_assert(search_minimize(&r, VERDICT_EXPECTATION, BUDGET, &arena,
				  &movers));
	ck_assert_ptr_eq(movers.items, items);
	ck_assert_uint_eq(movers.count, 4);
	arena_fini(&arena);
	scenario_free(s);
}
END_TEST

START_TEST(without_budget_nothing_is_lost_and_nothing_ruled_out)
{
	struct scenario *s = scenario_of(THREE_LOOKS);
	struct search_request r = request_on(s, "linux");
	struct search_result result;
	struct movers movers = bad_run(&r, VERDICT_ASSERTION, 3, &result);
	uint32_t before = search_preemptions(&r, &movers, &machine);

	ck_assert(!search_minimize(&r, VERDICT_ASSERTION, 1, &result.arena,
				   &movers));
	ck_assert(replays_to(&r, &movers, VERDICT_ASSERTION));
	ck_assert_uint_eq(search_preemptions(&r, &movers, &machine), before);
	/* Enough for small changes, and not for every run with one or two. */
	ck_assert(!search_minimize(&r, VERDICT_ASSERTION, 80, &result.arena,
				   &movers));
	ck_assert(replays_to(&r, &movers, VERDICT_ASSERTION));
	ck_assert_uint_ge(search_preemptions(&r, &movers, &machine), 3);
	/* No run has such a verdict. */
	ck_assert(!search_minimize(&r, VERDICT_LEAK, BUDGET, &result.arena,
				   &movers));
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

START_TEST(the_same_run_becomes_the_same_run)
{
	struct scenario *s = file_scenario(P01);
	struct search_request r = request_on(s, "starry-0.5.11");
	struct search_result result;
	struct movers given, one, other;

	given = bad_run(&r, VERDICT_LOST_WAKEUP, 1, &result);
	one = given;
	other = given;
	search_minimize(&r, VERDICT_LOST_WAKEUP, 4000, &result.arena, &one);
	search_minimize(&r, VERDICT_LOST_WAKEUP, 4000, &result.arena, &other);
	ck_assert_uint_eq(one.count, other.count);
	ck_assert_mem_eq(one.items, other.items,
			 one.count * sizeof(*one.items));
	ck_assert_ptr_ne(one.items, given.items);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

START_TEST(a_given_beginning_is_kept)
{
	struct scenario *s = scenario_of(LOST_UPDATE);
	struct search_request r = request_on(s, "linux");
	/* B first; without that, what is given is A's and stays as it is. */
	const uint16_t items[] = {1, 3, 0, 0, 1};
	struct movers movers = movers_of(items, 5),
		      prefix = movers_of(items, 2);
	struct arena arena;

	arena_init(&arena);
	r.prefix = &prefix;
	ck_assert(search_minimize(&r, VERDICT_EXPECTATION, BUDGET, &arena,
				  &movers));
	ck_assert_uint_eq(movers.count, 5);
	ck_assert_mem_eq(movers.items, items, sizeof(items));
	arena_fini(&arena);
	scenario_free(s);
}
END_TEST

START_TEST(a_run_that_hits_the_limit_of_steps_replays_so)
{
	struct scenario *s =
		scenario_of(SCENARIO("threads:\n"
				     "  A: [{while: 1 == 1, do: [load F]}]\n"
				     "  B: [store F 1, store F 2]\n"));
	struct search_request r = request_on(s, "linux");
	struct search_result result;
	const struct outcome *o;
	uint32_t i, count = 0;

	r.explore.bounds.steps = 50;
	search_by(r, STRATEGY_DPOR, 100, &result);
	for (i = 0; i < result.outcome_count; i++) {
		o = &result.outcomes[i];
		if (!(o->verdicts >> VERDICT_STEP_LIMIT & 1))
			continue;
		count++;
		ck_assert(replays_to(&r, &o->movers, VERDICT_STEP_LIMIT));
		ck_assert_uint_eq(machine.step_count, 50);
	}
	ck_assert_uint_gt(count, 0);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

Suite *minimize_suite(void)
{
	const TTest *const tests[] = {
		a_search_and_a_replay_count_preemptions_alike,
		the_fewest_preemptions_are_found_and_fewer_are_ruled_out,
		what_is_not_needed_is_left_out,
		of_two_that_are_as_good_the_given_one_stays,
		without_budget_nothing_is_lost_and_nothing_ruled_out,
		the_same_run_becomes_the_same_run,
		a_given_beginning_is_kept,
		a_run_that_hits_the_limit_of_steps_replays_so,
	};

	return MACHINE_SUITE("minimize", tests);
}
