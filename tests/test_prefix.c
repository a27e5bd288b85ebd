/*
 * test_prefix.c - searches that begin where a schedule ends, or with a list of
 * movers: what they find is what plain dfs finds from there.
 */
#include <stdlib.h>

#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/suites.h"

/* Two sleepers stand in the queue when the search begins. */
static const char asleep[] = "futexsim: 1\n"
			     "name: in-a-test\n"
			     "memory: {words: {F: 0}}\n"
			     "threads:\n"
			     "  A: [r = futex_wait F 0 timeout=10ms]\n"
			     "  C: [r = futex_wait F 0]\n"
			     "  B: [store F 1, n = futex_wake F 1]\n"
			     "schedule:\n"
			     "  - A: until blocked\n"
			     "  - C: until blocked\n"
			     "  - explore\n"
			     "expect:\n"
			     "  always: [{name: w, that: not done(C)}]\n";

static struct search_request search_of(const struct scenario *s,
				       enum strategy strategy,
				       enum granularity granularity)
{
	struct search_request r = {
		.scenario = s,
		.schedule = s->schedule_count ? s->schedules : NULL,
		.profile = s->profiles.items[0],
		.explore = s->explore,
		.jobs = 1,
	};

	r.explore.strategy = strategy;
	r.explore.granularity = granularity;
	run_quirks(s, r.profile, &r.quirks);
	return r;
}

static struct text_set ends_of(const struct search_request *r)
{
	struct search_result result;
	struct text_set set = {0};
	uint32_t i;

	ck_assert_int_eq(search_scenario(r, &result), 0);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
	for (i = 0; i < result.outcome_count; i++)
		text_set_add(&set,
			     ending_of_outcome(r->scenario, &result.outcomes[i],
					       false));
	search_result_free(&result);
	return set;
}

static void assert_same(const struct search_request *a,
			const struct search_request *b)
{
	struct text_set x = ends_of(a), y = ends_of(b);

	ck_assert_ptr_null(text_set_difference(&x, &y));
	ck_assert_ptr_null(text_set_difference(&y, &x));
	ck_assert_uint_gt(x.count, 1);
	text_set_fini(&x);
	text_set_fini(&y);
}

static const enum strategy ways[] = {STRATEGY_DPOR, STRATEGY_SOURCE,
				     STRATEGY_AUTO};

START_TEST(a_search_from_the_end_of_a_schedule_finds_what_dfs_finds)
{
	struct scenario *s = scenario_of(asleep);
	struct search_request dfs =
		search_of(s, STRATEGY_DFS, GRANULARITY_CALL);
	struct search_request other = search_of(s, ways[_i], GRANULARITY_CALL);

	assert_same(&dfs, &other);
	scenario_free(s);
}
END_TEST

/* At each kernel step there are too many runs for dfs: two reductions agree. */
START_TEST(two_reductions_agree_on_what_follows_a_schedule)
{
	struct scenario *s = scenario_of(asleep);
	struct search_request dpor =
		search_of(s, STRATEGY_DPOR, GRANULARITY_KERNEL);
	struct search_request source =
		search_of(s, STRATEGY_SOURCE, GRANULARITY_KERNEL);

	assert_same(&dpor, &source);
	scenario_free(s);
}
END_TEST

/* The first steps of B and of A, whatever they be, are given. */
START_TEST(a_search_from_a_list_of_movers_finds_what_dfs_finds)
{
	uint16_t items[] = {2, 0};
	struct movers prefix = {items, 2};
	struct scenario *s = scenario_of("futexsim: 1\n"
					 "name: in-a-test\n"
					 "memory: {words: {F: 0, G: 0}}\n"
					 "threads:\n"
					 "  A: [a = xchg F 1, b = load G]\n"
					 "  C: [c = xchg F 2, d = xchg G 2]\n"
					 "  B: [e = xchg F 3, f = load G]\n");
	struct search_request dfs =
		search_of(s, STRATEGY_DFS, GRANULARITY_KERNEL);
	struct search_request other =
		search_of(s, ways[_i], GRANULARITY_KERNEL);

	dfs.prefix = &prefix;
	other.prefix = &prefix;
	assert_same(&dfs, &other);
	scenario_free(s);
}
END_TEST

Suite *prefix_suite(void)
{
	Suite *s = suite_create("prefix");
	TCase *t = tcase_create("prefix");

	tcase_add_loop_test(
		t, a_search_from_the_end_of_a_schedule_finds_what_dfs_finds, 0,
		3);
	tcase_add_test(t, two_reductions_agree_on_what_follows_a_schedule);
	tcase_add_loop_test(
		t, a_search_from_a_list_of_movers_finds_what_dfs_finds, 0, 3);
	suite_add_tcase(s, t);
	return s;
}
