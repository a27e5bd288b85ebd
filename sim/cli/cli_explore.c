/*
 * cli_explore.c - futexsim explore: every interleaving of a scenario, what came
 * of it, and a schedule for each outcome and each verdict.
 *
 * A search begins where a schedule that ends in `- explore` ends, or at the
 * beginning if there is none.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/explore_options.h"
#include "sim/report/progress.h"
#include "sim/report/report_search.h"

/* To find which step decides, for the record; then nobody knows. */
#define EXPLAIN_RUNS 20000u

struct explorer {
	const struct options *o;
	struct sim sim; /* for runs of what was found */
	struct progress progress;
	uint32_t search_count;
	bool is_counting;
	bool has_complained;
	bool has_trace; /* of a first verdict */
	FILE *out;
};

static atomic_bool is_cancelled;

/* The second one ends the program. */
static void on_interrupt(int number)
{
	(void)number;
	atomic_store(&is_cancelled, true);
}

static void catch_interrupts(struct sigaction *old)
{
	struct sigaction action = {
		.sa_handler = on_interrupt,
		.sa_flags = (int)SA_RESETHAND,
	};

	atomic_store(&is_cancelled, false);
	sigaction(SIGINT, &action, old);
}

/* ---- trace and picture of the first verdict ---------------------------- */

static const struct search_verdict *first_shown(const struct search_result *r)
{
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		if (r->verdicts[i].movers.items)
			return &r->verdicts[i];
	}
	return NULL;
}

static int show_verdict(struct explorer *x, const struct search_request *q,
			const struct search_result *r,
			struct search_report *report)
{
	const struct search_verdict *v = first_shown(r);
	const struct options *o = x->o;
	struct run run;
	int code = 0;

	if (x->has_trace || !v || (!o->trace && !o->output))
		return 0;
	x->has_trace = true;
	search_replay(q, &v->movers, true, &x->sim, &run);
	if (o->trace)
		code = cli_write_trace(o->trace, run.trace);
	if (o->trace && !code)
		report->trace = o->trace;
	if (o->output && !code)
		code = cli_draw_trace(o, run.trace, o->output);
	if (o->output && !code)
		report->picture = o->output;
	trace_free(run.trace);
	return code;
}

/* ---- its record -------------------------------------------------------- */

static int write_record(FILE *out, void *arg)
{
	return record_write(arg, out);
}

static int keep_record(const struct options *o, const struct search_result *r,
		       struct search_report *report)
{
	int code;

	if (!o->record)
		return 0;
	code = cli_write(o->record, write_record, r->record);
	if (!code)
		report->record = o->record;
	return code;
}

/* ---- one search -------------------------------------------------------- */

/* What is not the scenario's fault, nor the command line's. */
static int code_of_trouble(int error)
{
	if (error == -EBADMSG)
		return EXIT_INVALID;
	return error == -EPROTO ? EXIT_INTERNAL : EXIT_ENVIRONMENT;
}

static int say_error(const struct search_request *q,
		     const struct search_result *r, int error)
{
	struct diagnostics d;

	if (error != -EINVAL) {
		fprintf(stderr, "futexsim: error: %s\n", r->error);
		return code_of_trouble(error);
	}
	if (!r->error_line) {
		fprintf(stderr, "futexsim: error: %s: %s\n", q->scenario->path,
			r->error);
		return EXIT_USAGE;
	}
	scenario_diagnostics(q->scenario, &d);
	diagnostics_add(&d, r->error_line, r->error_col, "%s", r->error);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return EXIT_INVALID;
}

static int exit_code(const struct search_request *q,
		     const struct search_result *r)
{
	if (r->end == SEARCH_CANCELLED)
		return 128 + SIGINT;
	switch (search_conclusion(q, r)) {
	case SEARCH_AS_EXPECTED:
		return EXIT_EXPECTED;
	case SEARCH_BUG:
		return EXIT_BUG;
	case SEARCH_INCONCLUSIVE:
		return EXIT_INCONCLUSIVE;
	}
	return EXIT_INTERNAL;
}

static int report(struct explorer *x, const struct search_request *q,
		  struct search_result *r)
{
	struct search_report report = {
		.request = q,
		.result = r,
		.color = wants_color(x->out),
		.program = cli_program,
	};
	int code = exit_code(q, r);
	int error = 0;

	if (x->o->schedules)
		error = cli_write_schedules(x->o->schedules, q, r, &x->sim);
	if (!error)
		error = show_verdict(x, q, r, &report);
	if (!error)
		error = keep_record(x->o, r, &report);
	if (x->o->is_json)
		report_search_json(&report, x->out);
	else
		report_search_text(&report, x->out);
	fflush(x->out);
	return error > code ? error : code;
}

static int search(struct explorer *x, struct search_request *q)
{
	struct search_result result;
	int code;

	progress_begin(&x->progress, stderr, x->o->is_quiet);
	q->progress = progress_tell;
	q->arg = &x->progress;
	code = search_scenario(q, &result);
	progress_end(&x->progress);
	code = code ? say_error(q, &result, code) : report(x, q, &result);
	search_result_free(&result);
	return code;
}

/* ---- which searches ---------------------------------------------------- */

static bool has_prefix(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; i < s->schedule_count; i++) {
		if (schedule_is_prefix(&s->schedules[i]))
			return true;
	}
	return false;
}

/* Of schedules that are no prefixes the first one stands for the search. */
static bool is_wanted(const struct run_request *run)
{
	if (!run->schedule || schedule_is_prefix(run->schedule))
		return true;
	return !has_prefix(run->scenario) &&
	       run->schedule == run->scenario->schedules;
}

static struct search_request request_of(const struct explorer *x,
					const struct run_request *run)
{
	const struct options *o = x->o;
	struct search_request q = {
		.scenario = run->scenario,
		.profile = run->profile,
		.quirks = run->quirks,
		.is_overridden = run->is_overridden,
		.explore = run->scenario->explore,
		.has_symmetry = !o->is_without_symmetry,
		.is_first_bug_enough = o->is_first_bug_enough,
		.jobs = o->jobs,
		.checkpoint = o->checkpoint,
		.resume = o->resume,
		.wants_record = o->record != NULL,
		.explain_runs = o->record ? EXPLAIN_RUNS : 0,
		.is_cancelled = &is_cancelled,
	};

	if (schedule_is_prefix(run->schedule))
		q.schedule = run->schedule;
	explore_options_apply(o, &q.explore);
	q.has_cache = q.explore.has_cache;
	return q;
}

/* Once, however many profiles there are. */
static void say_no_prefix(struct explorer *x, const struct schedule *schedule)
{
	if (!x->has_complained)
		fprintf(stderr,
			"futexsim: error: schedule '%s' does not end in "
			"`- explore`: no search begins there\n",
			schedule->name);
	x->has_complained = true;
}

static int each(struct run_request *run, void *arg)
{
	struct explorer *x = arg;
	struct search_request q;

	if (x->o->schedule && !schedule_is_prefix(run->schedule)) {
		say_no_prefix(x, run->schedule);
		return EXIT_USAGE;
	}
	if (!is_wanted(run) || atomic_load(&is_cancelled))
		return 0;
	x->search_count++;
	if (x->is_counting)
		return 0;
	if (x->search_count > 1 && !x->o->is_json)
		fputc('\n', x->out);
	q = request_of(x, run);
	return search(x, &q);
}

/* ---- the command ------------------------------------------------------- */

/* A file holds one search. */
static int check_single(struct explorer *x, const struct scenario *s, int files)
{
	const struct options *o = x->o;
	int error;

	x->is_counting = true;
	error = cli_each_run(s, o, each, x);
	x->is_counting = false;
	if (error)
		return error;
	if ((o->checkpoint || o->resume || o->record) &&
	    (x->search_count > 1 || files > 1)) {
		fputs("futexsim: error: --checkpoint, --resume and --record "
		      "take one search; choose it with --profile, --schedule "
		      "and -P\n",
		      stderr);
		return EXIT_USAGE;
	}
	return 0;
}

static int explore_file(struct explorer *x, const char *path, int files)
{
	struct scenario *s = cli_load(path, x->o);
	uint32_t before = x->search_count;
	int code;

	if (!s)
		return EXIT_INVALID;
	code = check_single(x, s, files);
	x->search_count = before;
	if (!code)
		code = cli_each_run(s, x->o, each, x);
	scenario_free(s);
	return code;
}

int cli_explore(const struct options *o, int count, char **arguments)
{
	bool is_stdout = (o->trace && !strcmp(o->trace, "-")) ||
			 (o->output && !strcmp(o->output, "-")) ||
			 (o->record && !strcmp(o->record, "-"));
	struct explorer x = {.o = o, .out = is_stdout ? stderr : stdout};
	struct sigaction old;
	int i, one, code = 0;

	if (o->output && !cli_can_draw(o->output))
		return EXIT_USAGE;
	sim_init(&x.sim);
	catch_interrupts(&old);
	for (i = 0; i < count && !atomic_load(&is_cancelled); i++) {
		one = explore_file(&x, arguments[i], count);
		if (one > code)
			code = one;
	}
	sigaction(SIGINT, &old, NULL);
	sim_fini(&x.sim);
	return code;
}
