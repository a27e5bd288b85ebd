/*
 * compare.c - a scenario searched in every way there is.
 *
 * Each must reach exactly the outcomes that trying every interleaving reaches
 * (oracle.h), say the same of every property, and give a list of movers for
 * each outcome that leads to it again.
 */
#include "tests/compare.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/search_shards.h"
#include "tests/machine.h"
#include "tests/oracle.h"

/* ---- ways of searching ------------------------------------------------- */

struct way {
	const char *name;
	enum strategy strategy;
	bool has_cache;
	bool has_symmetry;
	bool is_divided; /* in tasks of a few runs each: search_shards.h */
};

static const struct way ways[] = {
	{"dfs", STRATEGY_DFS, false, false, false},
	{"dpor", STRATEGY_DPOR, false, false, false},
	{"source", STRATEGY_SOURCE, false, false, false},
	{"auto", STRATEGY_AUTO, false, false, false},
	{"dfs --cache", STRATEGY_DFS, true, false, false},
	{"dfs --symmetry", STRATEGY_DFS, false, true, false},
	{"dpor --symmetry", STRATEGY_DPOR, false, true, false},
	{"dfs, divided", STRATEGY_DFS, false, false, true},
	{"dpor, divided", STRATEGY_DPOR, false, false, true},
	{"source, divided", STRATEGY_SOURCE, false, false, true},
	{"dpor --symmetry, divided", STRATEGY_DPOR, false, true, true},
	{"dfs --cache --symmetry", STRATEGY_DFS, true, true, false},
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
		.jobs = 1,
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
	const struct search_pace pace = search_pace;
	struct search_request r = request_for(o, w);
	struct search_result result;
	struct text_set found, there = o->endings;

	present.way = w->name;
	if (w->is_divided)
		search_pace = (struct search_pace){60, 60, 1, 5, 1};
	if (search_scenario(&r, &result))
		complain("cannot begin", result.error, NULL);
	search_pace = pace;
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
				       false, false};
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

unsigned int compared, with_several;

static bool has_symmetric(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; i < s->thread_count; i++)
		if (s->threads[i].symmetric)
			return true;
	return false;
}

void compare_all(const struct scenario *s, const char *source,
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

void compare_long(const struct scenario *s, const char *source)
{
	static const struct way dpor = {"dpor", STRATEGY_DPOR, false, false,
					false};
	static const struct way others[] = {
		{"source", STRATEGY_SOURCE, false, false, false},
		{"random", STRATEGY_RANDOM, false, false, false},
		{"dfs", STRATEGY_DFS, false, false, false},
	};
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
}
