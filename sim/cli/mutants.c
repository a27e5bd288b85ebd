/*
 * mutants.c - running tests without a mutation and with one.
 *
 * Without one every test leaves what it costs and which scheduling points of
 * the model it passes: a mutation of any other point changes nothing for it.
 */
#include "sim/cli/mutants.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/workers.h"
#include "sim/judge/expect.h"

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
		finding = FINDING_UNFOLLOWED;
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

void mutant_test_print(const struct mutant_test *t, FILE *out)
{
	const struct schedule *s = t->c.run.schedule;

	fprintf(out, "%s [%s", t->path, t->c.run.profile);
	if (scenario_has_combination(t->c.run.scenario))
		fprintf(out, ", %s", t->c.run.scenario->combination);
	if (s && s->name[0])
		fprintf(out, ", %s", s->name);
	fputs(t->c.is_search ? ", search]" : "]", out);
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

static void survey(uint32_t index, struct bytes *result, void *arg)
{
	struct mutant_tests *tests = arg;
	struct mutant_test *t = &tests->items[index];
	bool *passed = calloc(site_count() + 1, sizeof(*passed));
	char text[FINDING_TEXT_MAX] = "it does not run";
	bool is_green;

	if (!passed)
		abort();
	mutation_record(passed);
	is_green =
		t->c.is_search ? survey_search(t, text) : survey_run(t, text);
	mutation_record(NULL);
	bytes_put(result, is_green);
	bytes_put_text(result, text);
	bytes_put(result, t->events);
	bytes_put(result, t->runs);
	bytes_put(result, t->is_cut);
	bytes_put_block(result, passed, site_count());
	free(passed);
}

static void say_red(struct mutant_tests *tests, const struct mutant_test *t,
		    const char *why)
{
	progress_wipe(&tests->progress);
	fputs("futexsim: error: without a mutation ", stderr);
	mutant_test_print(t, stderr);
	fprintf(stderr, " fails: %s\n", why);
	tests->failed++;
}

static void take_survey(uint32_t index, const struct task_end *end,
			const struct bytes *result, void *arg)
{
	struct mutant_tests *tests = arg;
	struct mutant_test *t = &tests->items[index];
	struct reader from = bytes_read(result);
	const uint8_t *passed;
	bool is_green;
	char *text;

	t->passed = calloc(site_count() + 1, sizeof(*t->passed));
	if (!t->passed)
		abort();
	if (end->exit_code) {
		say_red(tests, t, end->text);
		return;
	}
	is_green = reader_get_below(&from, 2);
	text = reader_get_text(&from);
	t->events = reader_get(&from);
	t->runs = reader_get(&from);
	t->is_cut = reader_get_below(&from, 2);
	passed = reader_get_block(&from, site_count());
	if (passed)
		memcpy(t->passed, passed, site_count());
	if (!is_green)
		say_red(tests, t, text);
	free(text);
}

static void on_tick(uint32_t finished, double seconds, void *arg)
{
	struct mutant_tests *t = arg;

	progress_say(&t->progress, seconds,
		     "without a mutation: %u of %u tests", finished, t->count);
}

static int survey_all(struct mutant_tests *t)
{
	const struct workers workers = {
		.jobs = workers_wanted(t->o),
		.count = t->count,
		.task = survey,
		.done = take_survey,
		.tick = on_tick,
		.arg = t,
	};
	int code;

	progress_begin(&t->progress, stderr, t->o->is_quiet);
	code = workers_run(&workers);
	progress_end(&t->progress);
	if (code)
		return code;
	return t->failed ? EXIT_BUG : 0;
}

/* ---- loading ----------------------------------------------------------- */

struct adder {
	struct mutant_tests *tests;
	const char *path;
};

static void add_test(const struct test_case *c, void *arg)
{
	const struct adder *a = arg;
	struct mutant_tests *t = a->tests;

	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 256;
		t->items = realloc(t->items, t->room * sizeof(*t->items));
		if (!t->items)
			abort();
	}
	t->items[t->count++] = (struct mutant_test){.c = *c, .path = a->path};
}

/* @s stays, and with it what its tests point at. */
static void add_scenario(struct adder *a, struct scenario *s)
{
	struct mutant_tests *t = a->tests;

	t->scenarios =
		realloc(t->scenarios, (t->scenario_count + 1) * sizeof(s));
	if (!t->scenarios)
		abort();
	t->scenarios[t->scenario_count++] = s;
	test_cases_each_of_one(s, t->o, add_test, a);
}

static void add_combinations(struct adder *a, const struct scenario *s)
{
	struct scenario *combination;
	struct diagnostics d;
	uint32_t i;

	for (i = 1; i < s->matrix.combination_count; i++) {
		scenario_diagnostics(s, &d);
		combination = scenario_combination(s, i, &d);
		diagnostics_fini(&d);
		if (combination)
			add_scenario(a, combination);
	}
}

int mutant_tests_init(struct mutant_tests *t, const struct options *o,
		      const struct test_files *files)
{
	struct adder adder = {.tests = t};
	struct scenario *s;
	int code = 0;
	size_t i;

	*t = (struct mutant_tests){.o = o};
	for (i = 0; i < files->count; i++) {
		s = cli_load(files->paths[i], o);
		if (!s) {
			code = EXIT_INVALID;
			continue;
		}
		adder.path = files->paths[i];
		add_scenario(&adder, s);
		add_combinations(&adder, s);
	}
	return code ? code : survey_all(t);
}

void mutant_tests_fini(struct mutant_tests *t)
{
	uint32_t i;

	for (i = 0; i < t->count; i++)
		free(t->items[i].passed);
	free(t->items);
	/* Combinations go before the one they are of. */
	while (t->scenario_count)
		scenario_free(t->scenarios[--t->scenario_count]);
	free(t->scenarios);
}
