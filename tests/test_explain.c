/*
 * test_explain.c - the step that decides a run: held against plain searches of
 * all that begins so.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_explain.h"
#include "sim/search/search_guide.h"
#include "tests/races.h"
#include "tests/suites.h"

static bool passes(struct guide *g, void *arg)
{
	(void)arg;
	return guide_has_passed(g);
}

/*
 * Every run that begins so, one after the other and without any reduction:
 * does one of them pass?
 */
static bool can_pass(const struct search_request *r,
		     const struct movers *movers, uint32_t count)
{
	struct guide *g = calloc(1, sizeof(*g));
	enum guide_end end;

	ck_assert_int_eq(guide_init(g, r, 1000000), 0);
	end = guide_search(g, movers, count, STRATEGY_DFS, NO_BOUND, 1000000,
			   passes, NULL);
	ck_assert_int_ne(end, GUIDE_SPENT);
	guide_fini(g);
	free(g);
	return end == GUIDE_FOUND;
}

static void assert_explained(const struct search_request *r,
			     const struct movers *failing)
{
	struct explanation e;
	struct arena arena;
	struct run run;

	arena_init(&arena);
	ck_assert_int_eq(search_explain(r, failing, BUDGET, &arena, &e), 0);
	ck_assert_int_ne(e.end, EXPLAIN_SPENT);
	ck_assert(!can_pass(r, &e.failing, e.certain));
	if (e.end == EXPLAIN_STEP) {
		ck_assert_uint_eq(e.certain, e.possible + 1);
		ck_assert(can_pass(r, &e.failing, e.possible));
		search_replay(r, &e.passing, false, &machine, &run);
		ck_assert(!run.has_diverged);
		ck_assert_uint_eq(machine.verdict_count, 0);
		ck_assert_mem_eq(e.passing.items, e.failing.items,
				 e.possible * sizeof(*e.passing.items));
		ck_assert_uint_ne(e.passing.items[e.possible],
				  e.failing.items[e.possible]);
	} else {
		ck_assert_uint_eq(e.certain, 0);
		ck_assert(!e.has_passing);
	}
	arena_fini(&arena);
}

/* Every failing outcome of a search. */
static void assert_all_explained(struct scenario *s, const char *profile,
				 uint64_t executions)
{
	struct search_request r = request_on(s, profile);
	struct search_result result;
	uint32_t i, count = 0;

	search_by(r, STRATEGY_RANDOM, executions, &result);
	for (i = 0; i < result.outcome_count && count < 6; i++) {
		if (!result.outcomes[i].verdicts)
			continue;
		assert_explained(&r, &result.outcomes[i].movers);
		count++;
	}
	ck_assert_uint_gt(count, 0);
	search_result_free(&result);
	scenario_free(s);
}

START_TEST(the_step_that_decides_is_the_one_that_every_run_shows)
{
	assert_all_explained(scenario_of(TWO_LOOKS), "linux", 20000);
	assert_all_explained(scenario_of(LOST_UPDATE), "linux", 500);
	assert_all_explained(file_scenario(MUTANT), "linux", 1000);
}
END_TEST

/*
 * F is 1 in the end as soon as both have loaded 0, that is with B's load; and
 * until then A can store first.
 */
START_TEST(a_lost_update_is_decided_by_the_second_load)
{
	struct scenario *s = scenario_of(LOST_UPDATE);
	struct search_request r = request_on(s, "linux");
	const uint16_t items[] = {0, 1, 1, 0};
	struct movers failing = movers_of(items, 4);
	struct explanation e;
	struct arena arena;

	arena_init(&arena);
	ck_assert_int_eq(search_explain(&r, &failing, BUDGET, &arena, &e), 0);
	ck_assert_int_eq(e.end, EXPLAIN_STEP);
	ck_assert_uint_eq(e.possible, 1);
	ck_assert_uint_eq(e.certain, 2);
	ck_assert_uint_eq(e.passing.count, 4);
	ck_assert_mem_eq(e.passing.items, ((uint16_t[]){0, 0, 1, 1}), 8);
	arena_fini(&arena);
	scenario_free(s);
}
END_TEST

START_TEST(a_run_that_passes_is_not_explained)
{
	struct scenario *s = scenario_of(LOST_UPDATE);
	struct search_request r = request_on(s, "linux");
	const uint16_t items[] = {0, 0, 1, 1};
	struct movers passing = movers_of(items, 4);
	struct explanation e;
	struct arena arena;

	arena_init(&arena);
	ck_assert_int_ne(search_explain(&r, &passing, BUDGET, &arena, &e), 0);
	arena_fini(&arena);
	scenario_free(s);
}
END_TEST

START_TEST(where_the_budget_ends_the_step_lies_between)
{
	struct scenario *s = file_scenario(MUTANT);
	struct search_request r = request_on(s, "linux");
	struct search_result result;
	struct movers failing;
	struct explanation e;

	r.explore.granularity = GRANULARITY_KERNEL;
	failing = bad_run(&r, VERDICT_LOST_WAKEUP, 0, &result);
	ck_assert_int_eq(search_explain(&r, &failing, 4, &result.arena, &e), 0);
	ck_assert_int_eq(e.end, EXPLAIN_SPENT);
	ck_assert_uint_le(e.runs, 4);
	ck_assert_uint_gt(e.certain, 0);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

Suite *explain_suite(void)
{
	const TTest *const tests[] = {
		the_step_that_decides_is_the_one_that_every_run_shows,
		a_lost_update_is_decided_by_the_second_load,
		a_run_that_passes_is_not_explained,
		where_the_budget_ends_the_step_lies_between,
	};

	return MACHINE_SUITE("explain", tests);
}
