/* mutants.c - running a test with a mutation, and without one. */
#include "sim/cli/mutants.h"

#include <stdio.h>

#include "sim/judge/expect.h"
#include "sim/machine/sites.h"

/* Of a search under a mutation of a site, by each of its strategies. */
#define SITE_RUNS_MAX 4000u
/* A mutated search may take more runs than the one without, so many times. */
#define RUNS_FACTOR 4u
#define RUNS_MIN 1000u

/* ---- searches ---------------------------------------------------------- */

static struct search_request bounded(const struct test_case *c, uint64_t runs)
{
	struct search_request r = test_case_search(c);
	struct search_bounds *b = &r.explore.bounds;

	if (b->executions > runs)
		b->executions = runs;
	b->time_ns = NO_BOUND;
	b->memory = NO_BOUND;
	r.explore.coverage = COVERAGE_NONE;
	return r;
}

static bool means_bug(const struct test_case *c)
{
	return expect_means_bug(&c->run.scenario->bug, c->run.profile,
				c->run.is_overridden);
}

static uint64_t all_runs(const struct search_result *r)
{
	uint64_t runs = 0;
	uint32_t i;

	for (i = 0; i < r->pass_count; i++)
		runs += r->passes[i].runs;
	return runs;
}

static bool is_whole(const struct search_result *r)
{
	return r->end == SEARCH_COMPLETE || r->end == SEARCH_PREEMPTIONS ||
	       r->end == SEARCH_STEPS || r->end == SEARCH_SAMPLED;
}

/* One that must show and does not. */
static bool is_bug_gone(const struct test_case *c,
			const struct search_result *r)
{
	const struct expected_bug *bug = &c->run.scenario->bug;
	uint32_t i;

	if (!means_bug(c) || !bug->strict || !is_whole(r))
		return false;
	for (i = 0; i < r->verdict_count; i++) {
		if (r->verdicts[i].kind == bug->kind)
			return false;
	}
	return true;
}

/*
 * What a run shows counts always; that none of them shows something only if
 * @is_same, where the search is the one that the scenario asks for.
 */
static enum finding look_at_search(const struct test_case *c,
				   const struct search_result *r, bool is_same,
				   char text[FINDING_TEXT_MAX])
{
	bool has_bug = means_bug(c);
	const struct search_verdict *v;
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		v = &r->verdicts[i];
		if ((has_bug && v->is_expected) || (!v->runs && !is_same))
			continue;
		snprintf(text, FINDING_TEXT_MAX, "%s", verdict_name(v->kind));
		return FINDING_RED;
	}
	if (!is_same || !is_bug_gone(c, r))
		return FINDING_NOTHING;
	snprintf(text, FINDING_TEXT_MAX, "known bug gone");
	return FINDING_RED;
}

static bool requires_coverage(const struct test_case *c)
{
	return c->run.scenario->explore.coverage > COVERAGE_ANY;
}

/* Runs without end would take the whole time; one is as good as all. */
static bool go_on(const struct search_progress *p, void *arg)
{
	(void)arg;
	return !p->runs_cut;
}

static enum finding search_once(const struct mutant_test *t,
				const struct search_request *request,
				bool is_same, char text[FINDING_TEXT_MAX])
{
	struct search_result r;
	enum finding finding;

	if (search_scenario(request, &r)) {
		snprintf(text, FINDING_TEXT_MAX, "schedule:%d", r.error_line);
		finding = r.error_line ? FINDING_UNFOLLOWED : FINDING_NOTHING;
	} else {
		finding = look_at_search(&t->c, &r, is_same, text);
		if (!finding && r.runs_cut && !t->is_cut &&
		    requires_coverage(&t->c)) {
			snprintf(text, FINDING_TEXT_MAX, "step-limit");
			finding = FINDING_RED;
		}
	}
	search_result_free(&r);
	return finding;
}

static uint64_t runs_for(const struct mutant_test *t, uint64_t max)
{
	uint64_t runs = RUNS_FACTOR * t->runs;

	if (runs < RUNS_MIN)
		runs = RUNS_MIN;
	return runs < max ? runs : max;
}

static struct search_request prepared(const struct mutation *m,
				      const struct mutant_test *t, uint64_t max)
{
	struct search_request r = bounded(&t->c, runs_for(t, max));

	r.quirks = mutation_quirks(m, r.quirks);
	r.is_first_bug_enough = !means_bug(&t->c);
	r.progress = t->is_cut ? NULL : go_on;
	return r;
}

/*
 * What commutes and what not is known of the model as it is.  Where a lock is
 * missing it may be otherwise, and so nothing is left out but by bounds.
 */
static enum finding search_site(const struct mutation *m,
				const struct mutant_test *t,
				char text[FINDING_TEXT_MAX])
{
	static const struct {
		enum strategy strategy;
		uint64_t preemptions;
	} ways[] = {
		{STRATEGY_DFS, 1},
		{STRATEGY_DFS, 2},
		{STRATEGY_POS, NO_BOUND},
	};
	struct search_request r = prepared(m, t, SITE_RUNS_MAX);
	uint64_t preemptions_max = r.explore.bounds.preemptions;
	enum finding finding = FINDING_NOTHING;
	size_t i;

	/* It needs its cache to end, and that knows no phantoms. */
	if (r.has_cache)
		return FINDING_NOTHING;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) && !finding; i++) {
		r.explore.strategy = ways[i].strategy;
		r.explore.bounds.preemptions = ways[i].preemptions;
		if (preemptions_max < ways[i].preemptions &&
		    ways[i].preemptions != NO_BOUND)
			r.explore.bounds.preemptions = preemptions_max;
		finding = search_once(t, &r, false, text);
	}
	return finding;
}

/* ---- a test under a mutation ------------------------------------------- */

bool mutant_concerns(const struct mutation *m, const struct mutant_test *t)
{
	if (m->site)
		return t->passed[site_number(m->site)];
	if (!(t->asked >> m->quirk & 1))
		return false;
	return mutation_quirks(m, t->c.run.quirks) != t->c.run.quirks;
}

static enum finding look_at_run(const struct run *run,
				char text[FINDING_TEXT_MAX])
{
	const struct expected_bug *bug = &run->request.scenario->bug;
	const struct sim *sim = run->sim;
	const char *what = "known bug gone";
	uint32_t i;

	if (run->is_expected)
		return FINDING_NOTHING;
	for (i = 0; i < sim->verdict_count; i++) {
		if (run->is_bug_expected &&
		    expect_excuses(bug, sim->verdicts[i].kind))
			continue;
		what = verdict_name(sim->verdicts[i].kind);
		break;
	}
	if (run->error || run->has_diverged) {
		snprintf(text, FINDING_TEXT_MAX, "schedule:%d",
			 run->error_line);
		return FINDING_UNFOLLOWED;
	}
	snprintf(text, FINDING_TEXT_MAX, "%s", what);
	return FINDING_RED;
}

static enum finding try_run(const struct mutation *m,
			    const struct mutant_test *t, struct sim *sim,
			    char text[FINDING_TEXT_MAX])
{
	struct run_request request = t->c.run;
	struct run run;

	request.quirks = mutation_quirks(m, request.quirks);
	run_scenario(sim, &request, &run);
	return look_at_run(&run, text);
}

enum finding mutant_try(const struct mutation *m, const struct mutant_test *t,
			uint64_t runs_max, struct sim *sim,
			char text[FINDING_TEXT_MAX])
{
	struct search_request r;
	enum finding finding;

	mutation_set(m);
	if (!t->c.is_search) {
		finding = try_run(m, t, sim, text);
	} else if (m->site) {
		finding = search_site(m, t, text);
	} else {
		r = prepared(m, t, runs_max);
		finding = search_once(t, &r, true, text);
	}
	mutation_set(NULL);
	return finding;
}

/* ---- without a mutation ------------------------------------------------ */

static bool survey_run(struct mutant_test *t, char text[FINDING_TEXT_MAX])
{
	struct sim sim;
	struct run run;
	bool is_green;

	sim_init(&sim);
	run_scenario(&sim, &t->c.run, &run);
	is_green = !look_at_run(&run, text);
	t->events = sim.event_count;
	sim_fini(&sim);
	return is_green;
}

static bool survey_search(struct mutant_test *t, char text[FINDING_TEXT_MAX])
{
	struct search_request request = bounded(&t->c, MUTANT_RUNS_MAX);
	struct search_result r;
	bool is_green = !search_scenario(&request, &r) &&
			!look_at_search(&t->c, &r, true, text);

	t->runs = all_runs(&r);
	t->events = r.events + t->runs;
	t->is_cut = r.runs_cut > 0;
	search_result_free(&r);
	return is_green;
}

bool mutant_survey(struct mutant_test *t, char text[FINDING_TEXT_MAX])
{
	return t->c.is_search ? survey_search(t, text) : survey_run(t, text);
}
