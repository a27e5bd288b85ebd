/*
 * cli_explain.c - futexsim explain: the step after which no run passes any
 * more, and the nearest run that does.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/report/report_explain.h"

struct explaining {
	const struct options *o;
	struct shown shown;
	struct explanation e;
	struct explain_report report;
	struct run failing;
	struct run passing;
	FILE *out;
};

/* How many events a run has that ends after @count movers. */
static uint32_t events_after(struct explaining *x, uint32_t count)
{
	struct movers movers = {x->e.failing.items, count};
	struct run run;

	search_replay(&x->shown.request, &movers, false, &x->shown.sim, &run);
	return x->shown.sim.event_count;
}

static void make_runs(struct explaining *x)
{
	const struct search_request *r = &x->shown.request;
	struct sim *sim = &x->shown.sim;

	x->report.shared = events_after(x, x->e.possible);
	x->report.certain = events_after(x, x->e.certain);
	search_replay(r, &x->e.failing, true, sim, &x->failing);
	x->report.failing = x->failing.trace;
	if (!x->e.has_passing)
		return;
	/* Last, for its schedule is written from the machine. */
	search_replay(r, &x->e.passing, true, sim, &x->passing);
	x->report.passing = x->passing.trace;
}

/* A comparison has fewer forms than a trace. */
static bool can_compare(const char *path)
{
	enum form form;

	return form_of_path(path, &form) && form <= FORM_TXT;
}

static int write_files(struct explaining *x)
{
	const struct options *o = x->o;
	bool is_picture = o->output && cli_is_picture(o->output);
	int code = 0;

	if (o->output && !is_picture && x->e.has_passing) {
		code = cli_write_schedule(o->output, &x->passing,
					  x->shown.request.explore.granularity);
		x->report.schedule = o->output;
	}
	if (!code && o->trace) {
		code = cli_write_trace(o->trace, x->failing.trace);
		x->report.trace = o->trace;
	}
	if (!code && is_picture) {
		/* The failing run beside the nearest one that passes. */
		code = can_compare(o->output) && x->e.has_passing
			       ? cli_draw_diff(o, x->failing.trace,
					       x->passing.trace, o->output)
			       : cli_draw_trace(o, x->failing.trace, o->output);
		x->report.picture = o->output;
	}
	return code;
}

static int explain(struct explaining *x)
{
	int code;

	x->report = (struct explain_report){
		.shown = &x->shown,
		.e = &x->e,
		.budget = x->o->budget,
		.color = wants_color(x->out),
	};
	if (search_explain(&x->shown.request, &x->shown.movers, x->o->budget,
			   &x->shown.arena, &x->e)) {
		fputs("futexsim: error: the run cannot be made again\n",
		      stderr);
		return EXIT_INTERNAL;
	}
	make_runs(x);
	code = write_files(x);
	if (!code && x->o->is_json)
		report_explain_json(&x->report, x->out);
	else if (!code)
		report_explain_text(&x->report, x->out);
	fflush(x->out);
	trace_free(x->failing.trace);
	trace_free(x->passing.trace);
	if (code)
		return code;
	return x->e.end == EXPLAIN_SPENT ? EXIT_INCONCLUSIVE : 0;
}

int cli_explain(const struct options *o, int count, char **arguments)
{
	struct explaining *x = calloc(1, sizeof(*x));
	bool is_stdout = (o->trace && !strcmp(o->trace, "-")) ||
			 (o->output && !strcmp(o->output, "-"));
	int code;

	(void)count;
	if (!x)
		abort();
	x->o = o;
	x->out = is_stdout ? stderr : stdout;
	code = shown_load(&x->shown, o, arguments[0]);
	if (!code)
		code = explain(x);
	shown_fini(&x->shown);
	free(x);
	return code;
}
