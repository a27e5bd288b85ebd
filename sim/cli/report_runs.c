/*
 * report_runs.c - the run that a report tells, and what a search of the
 * scenario saw beside it.
 *
 * Of several runs the first with a verdict is told, else the first.  Where no
 * schedule says how to run, a search finds the run: its first counterexample,
 * else its first outcome.  Searches are short, and their bound is a number of
 * steps, so that a report is made at once and is always the same.
 */
#include "sim/cli/report_runs.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/explore_options.h"
#include "sim/cli/report_parts.h"

/*
 * Steps of all runs of a search, of those that look for a run that passes, and
 * of those that make a counterexample shorter: a tenth of a second's each.
 */
#define STEPS_BUDGET 200000u
#define RUNS_MIN 20u
#define EVENTS_MAX 300000u /* if runs are longer than the one told */
/* Of runs that go round, which are far longer than what is told of them. */
#define ROUND_RUNS_MAX 200u
#define ROUND_EVENTS_MAX 100000u
#define MINIMIZE_STEPS 50000u /* for each kind of verdict */
#define MINIMIZE_RUNS_MIN 50u
#define MINIMIZE_RUNS_MAX 500u
/* Beyond, states are too many to be told apart at once, or too large. */
#define RECORD_STEPS_MAX 4000u
#define RECORD_COST_MAX 12000u
/* Looking at so many threads and objects takes as long as the step itself. */
#define THINGS_A_STEP 32u
/* Of a run that is not known yet. */
#define STEPS_GUESS 100u

/* ---- searches ---------------------------------------------------------- */

/* A step of a scenario with many threads and objects counts for several. */
static uint32_t cost_of_run(const struct reporting *r)
{
	const struct trace *t = r->trace;
	uint32_t steps = t ? t->step_count : STEPS_GUESS;
	uint64_t things = t ? t->thread_count + t->object_count : 0;
	uint64_t cost = steps + steps * things / THINGS_A_STEP;

	if (cost > UINT32_MAX)
		return UINT32_MAX;
	return cost ? (uint32_t)cost : 1;
}

static bool goes_round(const struct reporting *r)
{
	uint32_t i;

	for (i = 0; r->trace && i < r->trace->verdict_count; i++) {
		if (r->trace->verdicts[i].kind == VERDICT_LIVELOCK ||
		    r->trace->verdicts[i].kind == VERDICT_STEP_LIMIT)
			return true;
	}
	return false;
}

uint64_t reporting_runs(const struct reporting *r)
{
	uint64_t runs = STEPS_BUDGET / cost_of_run(r);

	if (goes_round(r) && runs > ROUND_RUNS_MAX)
		runs = ROUND_RUNS_MAX;
	return runs > RUNS_MIN ? runs : RUNS_MIN;
}

static uint64_t minimize_runs(const struct reporting *r)
{
	uint64_t runs = MINIMIZE_STEPS / cost_of_run(r);

	if (runs > MINIMIZE_RUNS_MAX)
		return MINIMIZE_RUNS_MAX;
	return runs > MINIMIZE_RUNS_MIN ? runs : MINIMIZE_RUNS_MIN;
}

/*
 * The search of @run.  @is_quick: one pass for all, which sees most ends in as
 * many runs, in place of several.
 */
static struct search_request request_of(const struct reporting *r,
					const struct run_request *run,
					bool is_quick)
{
	struct search_request q = {
		.scenario = run->scenario,
		.profile = run->profile,
		.quirks = run->quirks,
		.is_overridden = run->is_overridden,
		.explore = run->scenario->explore,
		.has_symmetry = true,
		.jobs = 1,
		.minimize_runs = minimize_runs(r),
		.explain_runs = reporting_runs(r),
		.wants_record = true,
	};
	struct search_bounds *b = &q.explore.bounds;
	uint64_t runs = reporting_runs(r);

	if (schedule_is_prefix(run->schedule))
		q.schedule = run->schedule;
	explore_options_apply(r->o, &q.explore);
	q.has_cache = q.explore.has_cache;
	if (is_quick && q.explore.strategy == STRATEGY_AUTO && !q.has_cache)
		q.explore.strategy = STRATEGY_DPOR;
	/* What is measured would differ from run to run. */
	b->time_ns = NO_BOUND;
	b->memory = NO_BOUND;
	if (r->o->bounds.executions != NO_BOUND)
		return q;
	if (b->executions > runs)
		b->executions = runs;
	q.events_max = goes_round(r) ? ROUND_EVENTS_MAX : EVENTS_MAX;
	return q;
}

/* Its record is of use, whatever else comes of the search. */
static void take_record(struct reporting *r, struct search_result *result)
{
	record_free(r->record);
	r->record = result->record;
	result->record = NULL;
}

static const struct search_verdict *
first_verdict(const struct search_result *result)
{
	uint32_t i;

	for (i = 0; i < result->verdict_count; i++) {
		if (result->verdicts[i].movers.items)
			return &result->verdicts[i];
	}
	return NULL;
}

/* ---- a run as it is told to go ----------------------------------------- */

static int say_error(const struct run *run)
{
	struct diagnostics d;

	scenario_diagnostics(run->request.scenario, &d);
	diagnostics_add(&d, run->error_line, run->error_col, "%s", run->error);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return EXIT_INVALID;
}

static int make_run(struct reporting *r, struct run_request *request)
{
	struct run run;

	request->wants_trace = true;
	run_scenario(&r->sim, request, &run);
	if (run.error) {
		trace_free(run.trace);
		return say_error(&run);
	}
	if (r->trace && !run.trace->verdict_count) {
		trace_free(run.trace);
		return 0;
	}
	trace_free(r->trace);
	reporting_forget_passing(r);
	r->trace = run.trace;
	r->chosen = r->run_count;
	reporting_drop_commands(r);
	reporting_add_run(r, request);
	return 0;
}

/* ---- what a search tells ----------------------------------------------- */

/* Tell the run that the search has found, unless one with a verdict is told. */
static void take_found(struct reporting *r, const struct run_request *request,
		       const struct search_request *q,
		       struct search_result *result)
{
	const struct search_verdict *v = first_verdict(result);
	const struct movers *movers = v ? &v->movers : NULL;
	struct run run;

	if (!v && result->outcome_count)
		movers = &result->outcomes[0].movers;
	if (!movers || (r->trace && !v))
		return;
	trace_free(r->trace);
	reporting_forget_passing(r);
	search_replay(q, movers, true, &r->sim, &run);
	r->trace = run.trace;
	r->chosen = r->run_count;
	take_record(r, result);
	reporting_drop_commands(r);
	reporting_add_explore(r, request);
	reporting_add_replay(r, q, v);
	if (v)
		reporting_explain(r, q, movers, result->explanation);
}

static int say_search_error(const struct search_request *q,
			    const struct search_result *result)
{
	struct diagnostics d;

	if (!result->error_line) {
		fprintf(stderr, "futexsim: error: %s: %s\n", q->scenario->path,
			result->error);
		return EXIT_INVALID;
	}
	scenario_diagnostics(q->scenario, &d);
	diagnostics_add(&d, result->error_line, result->error_col, "%s",
			result->error);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return EXIT_INVALID;
}

static int find_with(struct reporting *r, const struct run_request *request,
		     bool is_quick, bool *is_done)
{
	struct search_request q = request_of(r, request, is_quick);
	struct search_result result;
	struct run_request run = *request;
	int code = 0;

	if (!search_scenario(&q, &result))
		take_found(r, request, &q, &result);
	else if (q.schedule)
		code = say_search_error(&q, &result);
	else
		code = make_run(r, &run);
	*is_done = code || first_verdict(&result) ||
		   result.end == SEARCH_COMPLETE ||
		   request_of(r, request, false).explore.strategy ==
			   q.explore.strategy;
	search_result_free(&result);
	return code;
}

/*
 * No schedule says how it is run.  What saves most runs may be slow to come to
 * a bug; then those with few preemptions are tried.
 */
static int find_run(struct reporting *r, const struct run_request *request)
{
	bool is_done;
	int code = find_with(r, request, true, &is_done);

	return is_done ? code : find_with(r, request, false, &is_done);
}

static bool is_too_long(const struct reporting *r)
{
	return r->trace->step_count > RECORD_STEPS_MAX ||
	       cost_of_run(r) > RECORD_COST_MAX;
}

/* Beside a run that a schedule has made. */
static int search_beside(struct run_request *request, void *arg)
{
	struct reporting *r = arg;
	struct search_request q;
	struct search_result result;

	if (++r->run_count != r->chosen)
		return 0;
	if (is_too_long(r) && r->o->bounds.executions == NO_BOUND) {
		r->report.no_record =
			"A run of so many steps among so many threads and "
			"objects is not searched here unless `--executions` "
			"says how often. `futexsim explore` does it.";
		return 0;
	}
	if (r->trace->verdict_count)
		reporting_explain_run(r, request);
	q = request_of(r, request, true);
	q.explain_runs = 0;
	if (search_scenario(&q, &result)) {
		r->report.no_record =
			trace_format(r->trace, "No search: %s.", result.error);
	} else {
		take_record(r, &result);
		r->record->is_beside = r->trace->verdict_count > 0;
		reporting_add_explore(r, request);
	}
	search_result_free(&result);
	return 0;
}

/* ---- which run -------------------------------------------------------- */

static bool is_searched(const struct reporting *r,
			const struct run_request *request)
{
	if (schedule_is_prefix(request->schedule))
		return true;
	return !request->schedule && !r->o->is_without_search;
}

static int look_at_run(struct run_request *request, void *arg)
{
	struct reporting *r = arg;

	r->run_count++;
	if (r->trace && r->trace->verdict_count)
		return 0;
	if (is_searched(r, request))
		return find_run(r, request);
	return make_run(r, request);
}

int reporting_take_scenario(struct reporting *r, const char *path)
{
	struct scenario *s = cli_load(path, r->o);
	int code;

	if (!s)
		return EXIT_INVALID;
	code = cli_each_run(s, r->o, look_at_run, r);
	if (!code && !r->record && !r->o->is_without_search) {
		r->run_count = 0;
		code = cli_each_run(s, r->o, search_beside, r);
	}
	scenario_free(s);
	return code;
}

void reporting_init(struct reporting *r, const struct options *o)
{
	*r = (struct reporting){.o = o};
	sim_init(&r->sim);
}

void reporting_fini(struct reporting *r)
{
	sim_fini(&r->sim);
	reporting_drop_commands(r);
	trace_free(r->trace);
	trace_free(r->passing);
	record_free(r->record);
	free(r->data);
}
