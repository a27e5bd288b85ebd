/*
 * test_soundness.c - every way of searching finds what there is to find.
 *
 * Small scenarios, generated ones and shipped ones, are searched in every way
 * there is, and each must reach exactly the outcomes that trying every
 * interleaving reaches (oracle.h), say the same of every property, and give a
 * list of movers for each outcome that leads to it again.
 *
 *	FUTEXSIM_SOUNDNESS=FIRST:COUNT build/tests soundness
 *
 * goes through that many seeds; =FIRST through one.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/generate.h"
#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/suites.h"

/* ---- ways of searching ------------------------------------------------- */

struct way {
	const char *name;
	enum strategy strategy;
	bool has_cache;
	bool has_symmetry;
	uint32_t jobs;
};

static const struct way ways[] = {
	{"dfs", STRATEGY_DFS, false, false, 1},
	{"dpor", STRATEGY_DPOR, false, false, 1},
	{"source", STRATEGY_SOURCE, false, false, 1},
	{"auto", STRATEGY_AUTO, false, false, 1},
	{"dfs --cache", STRATEGY_DFS, true, false, 1},
	{"dfs --symmetry", STRATEGY_DFS, false, true, 1},
	{"dpor --symmetry", STRATEGY_DPOR, false, true, 1},
	{"dfs --cache --symmetry", STRATEGY_DFS, true, true, 1},
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static struct search_request request_for(const struct oracle *o,
					 const struct way *w)
{
	struct search_request r = {
		.scenario = o->scenario,
		.profile = o->profile,
		.explore = o->explore,
		.has_cache = w->has_cache,
		.has_symmetry = w->has_symmetry,
		.jobs = w->jobs,
	};

	r.explore.strategy = w->strategy;
	run_quirks(r.scenario, r.profile, &r.quirks);
	return r;
}

/* ---- complaints -------------------------------------------------------- */

/* What is being searched, for messages. */
static struct {
	const char *source;
	const struct oracle *oracle;
	const char *way;
} present;

static void put_set(FILE *out, const char *title, const struct text_set *set)
{
	uint32_t i;

	fprintf(out, "%s\n", title);
	for (i = 0; i < set->count && i < 60; i++)
		fprintf(out, "  %s\n", set->items[i]);
}

static _Noreturn void complain(const char *what, const char *which,
			       const struct text_set *found)
{
	const struct oracle *o = present.oracle;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "%s, profile %s, granularity %s: %s: %s\n%s\n",
		present.way, o->profile,
		o->explore.granularity == GRANULARITY_CALL ? "call" : "kernel",
		what, which, present.source);
	put_set(out, "there is:", &o->endings);
	if (found)
		put_set(out, "found:", found);
	fclose(out);
	ck_abort_msg("%s", text);
}

/* ---- comparing --------------------------------------------------------- */

static struct text_set endings_of(const struct scenario *s,
				  const struct search_result *result,
				  bool up_to_renaming)
{
	struct text_set set = {0};
	uint32_t i;

	for (i = 0; i < result->outcome_count; i++)
		text_set_add(&set, ending_of_outcome(s, &result->outcomes[i],
						     up_to_renaming));
	return set;
}

static void compare_endings(const struct text_set *there,
			    const struct text_set *found)
{
	const char *missing = text_set_difference(there, found);
	const char *invented = text_set_difference(found, there);

	if (missing)
		complain("does not find", missing, found);
	if (invented)
		complain("invents", invented, found);
}

/* 0: never, 1: always, 2: sometimes. */
static int how_often(uint64_t held, uint64_t of)
{
	return held == of ? 1 : held ? 2 : 0;
}

static void compare_properties(const struct oracle *o,
			       const struct search_result *result)
{
	uint32_t i;

	ck_assert_uint_eq(result->property_count, o->scenario->property_count);
	for (i = 0; i < result->property_count; i++)
		if (how_often(result->properties[i].held,
			      result->properties[i].of) !=
		    how_often(o->held[i], o->runs))
			complain("counts differently",
				 o->scenario->properties[i].name, NULL);
}

static void replay_each(const struct search_request *r,
			const struct search_result *result)
{
	const struct outcome *o;
	struct run run;
	char *there, *found;
	uint32_t i;

	for (i = 0; i < result->outcome_count; i++) {
		o = &result->outcomes[i];
		search_replay(r, &o->movers, false, &machine, &run);
		there = ending_of_outcome(r->scenario, o, false);
		found = ending_of_run(&machine, false);
		if (run.has_diverged)
			complain("cannot replay", there, NULL);
		if (strcmp(there, found))
			complain("replays to something else", there, NULL);
		free(there);
		free(found);
	}
}

/* The outcomes of @o, with those that are the same but for names as one. */
static struct text_set renamed(const struct oracle *o)
{
	struct oracle again = {
		.scenario = o->scenario,
		.profile = o->profile,
		.explore = o->explore,
		.runs_max = o->runs_max,
		.up_to_renaming = true,
	};

	oracle_search(&again, &machine);
	return again.endings;
}

static void search_one_way(const struct oracle *o, const struct way *w)
{
	struct search_request r = request_for(o, w);
	struct search_result result;
	struct text_set found, there = o->endings;

	present.way = w->name;
	if (search_scenario(&r, &result))
		complain("cannot begin", result.error, NULL);
	if (w->has_symmetry)
		there = renamed(o);
	found = endings_of(o->scenario, &result, w->has_symmetry);
	compare_endings(&there, &found);
	if (result.end != SEARCH_COMPLETE ||
	    result.coverage != COVERAGE_EXHAUSTIVE)
		complain("is not complete", search_end_name(result.end), NULL);
	if (!w->has_cache)
		compare_properties(o, &result);
	if (w->strategy == STRATEGY_DFS && !w->has_cache && !w->has_symmetry)
		ck_assert_uint_eq(result.runs, o->runs);
	replay_each(&r, &result);
	text_set_fini(&found);
	if (w->has_symmetry)
		text_set_fini(&there);
	search_result_free(&result);
}

/* ---- bounds ------------------------------------------------------------ */

/* Each bound lets through what the one before did, and the last lets all. */
static void deepen(const struct oracle *o)
{
	static const struct way way = {"dfs, deepening", STRATEGY_DFS, false,
				       false, 1};
	struct search_request r = request_for(o, &way);
	struct search_result result;
	struct text_set found, before = {0};
	bool is_done = false;
	uint32_t k;

	present.way = way.name;
	for (k = 0; !is_done; k++) {
		r.explore.bounds.preemptions = k;
		ck_assert_int_eq(search_scenario(&r, &result), 0);
		found = endings_of(o->scenario, &result, false);
		if (text_set_difference(&before, &found))
			complain("a higher bound does not find",
				 text_set_difference(&before, &found), &found);
		if (text_set_difference(&found, &o->endings))
			complain("invents",
				 text_set_difference(&found, &o->endings),
				 &found);
		replay_each(&r, &result);
		is_done = result.end == SEARCH_COMPLETE;
		text_set_fini(&before);
		before = found;
		search_result_free(&result);
	}
	compare_endings(&o->endings, &before);
	text_set_fini(&before);
}

/* ---- what is searched -------------------------------------------------- */

static unsigned int compared, with_several;

static bool has_symmetric(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; i < s->thread_count; i++)
		if (s->threads[i].symmetric)
			return true;
	return false;
}

/* In every way, if trying every interleaving takes at most @runs_max runs. */
static void compare_all(const struct scenario *s, const char *source,
			const char *profile, enum granularity granularity,
			uint64_t runs_max)
{
	struct oracle o = {
		.scenario = s,
		.profile = profile,
		.explore = s->explore,
		.runs_max = runs_max,
	};
	size_t i;

	o.explore.granularity = granularity;
	o.explore.preempt_at.count = 0;
	o.explore.bounds = (struct search_bounds){NO_BOUND, NO_BOUND, NO_BOUND,
						  NO_BOUND, NO_BOUND};
	present.source = source;
	present.oracle = &o;
	oracle_search(&o, &machine);
	if (o.is_complete) {
		for (i = 0; i < WAYS; i++)
			if (!ways[i].has_symmetry || has_symmetric(s))
				search_one_way(&o, &ways[i]);
		deepen(&o);
		compared++;
		with_several += o.endings.count > 1;
	}
	oracle_fini(&o);
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

/* ---- where no search comes to an end ----------------------------------- */

/* What @w finds in at most @runs_max runs. */
static struct text_set found_by(const struct oracle *o, const struct way *w,
				uint64_t preemptions, uint64_t runs_max,
				bool *is_complete)
{
	struct search_request r = request_for(o, w);
	struct search_result result;
	struct text_set found;

	present.way = w->name;
	r.explore.bounds.executions = runs_max;
	r.explore.bounds.preemptions = preemptions;
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	found = endings_of(o->scenario, &result, false);
	*is_complete = result.end == SEARCH_COMPLETE;
	if (*is_complete)
		replay_each(&r, &result);
	search_result_free(&result);
	return found;
}

/*
 * Steps of programs too long to try each interleaving: what some of them lead
 * to, taken at random or with few preemptions, a reduction finds as well, and
 * two reductions find the same.
 */
static void compare_long(uint64_t seed)
{
	static const struct way dpor = {"dpor", STRATEGY_DPOR, false, false, 1};
	static const struct way others[] = {
		{"source", STRATEGY_SOURCE, false, false, 1},
		{"random", STRATEGY_RANDOM, false, false, 1},
		{"dfs", STRATEGY_DFS, false, false, 1},
	};
	char *source = generate_scenario(seed, GRANULARITY_CALL, 60);
	struct scenario *s = scenario_of(source);
	struct oracle o = {
		.scenario = s,
		.profile = s->profiles.items[0],
		.explore = s->explore,
	};
	struct text_set found;
	bool is_complete;
	size_t i;

	present.source = source;
	present.oracle = &o;
	o.endings = found_by(&o, &dpor, NO_BOUND, 4000, &is_complete);
	for (i = 0; i < 3 && is_complete; i++) {
		found = found_by(&o, &others[i], i == 2 ? 2 : NO_BOUND,
				 i ? 300 : NO_BOUND, &is_complete);
		if (text_set_difference(&found, &o.endings))
			complain("finds more than dpor",
				 text_set_difference(&found, &o.endings),
				 &found);
		if (i == 0)
			compare_endings(&o.endings, &found);
		text_set_fini(&found);
		is_complete = true;
		compared++;
	}
	text_set_fini(&o.endings);
	scenario_free(s);
	free(source);
}

/* ---- tests ------------------------------------------------------------- */

/* @count seeds, or those of FUTEXSIM_SOUNDNESS. */
static void each_seed(uint64_t count, void (*compare)(uint64_t seed))
{
	const char *range = getenv("FUTEXSIM_SOUNDNESS");
	uint64_t first = 0, i;
	char *rest;

	if (range) {
		first = strtoull(range, &rest, 10);
		count = *rest ? strtoull(rest + 1, NULL, 10) : 1;
	}
	for (i = 0; i < count; i++)
		compare(first + i);
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
	each_seed(80, compare_calls);
	if (compared >= 80)
		ck_assert_uint_ge(2 * with_several, compared);
}
END_TEST

/* Fewer have one here, for they are shorter. */
START_TEST(steps_of_generated_scenarios)
{
	each_seed(40, compare_steps);
	if (compared >= 40)
		ck_assert_uint_ge(4 * with_several, compared);
}
END_TEST

START_TEST(steps_of_longer_scenarios)
{
	each_seed(20, compare_long);
	if (!getenv("FUTEXSIM_SOUNDNESS"))
		ck_assert_uint_gt(compared, 20);
}
END_TEST

static void compare_shipped(const struct run *run)
{
	const struct run_request *r = &run->request;

	if (r->schedule && r->schedule != r->scenario->schedules)
		return;
	compare_all(r->scenario, r->scenario->source, r->profile,
		    GRANULARITY_CALL, 3000);
}

START_TEST(calls_of_shipped_scenarios)
{
	each_shipped_run(compare_shipped);
	ck_assert_uint_ge(compared, 60);
}
END_TEST

/* Whatever the seed, the text loads; scenario_of fails if it does not. */
START_TEST(generated_scenarios_load)
{
	uint64_t seed;
	char *text, *again;

	for (seed = 0; seed < 1000; seed++) {
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
	TCase *others = tcase_create("others");

	tcase_add_checked_fixture(generated, machine_setup, machine_teardown);
	tcase_set_timeout(generated, 0);
	tcase_add_test(generated, calls_of_generated_scenarios);
	tcase_add_test(generated, steps_of_generated_scenarios);
	tcase_add_test(generated, steps_of_longer_scenarios);
	suite_add_tcase(suite, generated);
	tcase_add_checked_fixture(others, machine_setup, machine_teardown);
	tcase_set_timeout(others, 0);
	tcase_add_test(others, generated_scenarios_load);
	tcase_add_test(others, calls_of_shipped_scenarios);
	suite_add_tcase(suite, others);
	return suite;
}
