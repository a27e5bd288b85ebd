/* scenario.c - whole runs of a scenario, and what comes before and after. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"

#define PATH "scenarios/timeout/swallows-wake.yaml"

static struct sim sim;

static struct scenario *load(void)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, PATH);
	s = scenario_load(PATH, &d);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	if (!s)
		give_up(PATH " does not load");
	return s;
}

static struct run_request *request(void)
{
	static struct run_request r;

	if (r.scenario)
		return &r;
	sim_init(&sim);
	r.scenario = load();
	r.schedule = r.scenario->schedules;
	r.profile = "starry-0.5.11";
	run_quirks(r.scenario, r.profile, &r.quirks);
	return &r;
}

static uint64_t loads(void)
{
	scenario_free(load());
	return 1;
}

static struct trace *play(bool wants_trace)
{
	struct run_request *r = request();
	struct run run;

	r->wants_trace = wants_trace;
	run_scenario(&sim, r, &run);
	if (!run.is_expected)
		give_up(PATH " does not end as expected");
	return run.trace;
}

static uint64_t runs(void)
{
	play(false);
	return 1;
}

static uint64_t runs_by_event(void)
{
	play(false);
	return sim.event_count;
}

static uint64_t traced_runs(void)
{
	trace_free(play(true));
	return 1;
}

static uint64_t random_runs(void)
{
	struct run_request r = *request();
	static uint64_t seed;
	struct run run;

	r.mode = RUN_RANDOM;
	r.schedule = NULL;
	r.wants_trace = false;
	r.seed = ++seed;
	run_scenario(&sim, &r, &run);
	return 1;
}

/* ---- files ------------------------------------------------------------- */

static char *text;
static size_t text_size;

static void write_text(const struct trace *t)
{
	FILE *out;

	free(text);
	out = open_memstream(&text, &text_size);
	if (!out || trace_write(t, out) || fclose(out))
		give_up("a trace cannot be written");
}

static uint64_t writes(void)
{
	static struct trace *t;

	if (!t)
		t = play(true);
	write_text(t);
	return 1;
}

static uint64_t reads(void)
{
	char error[TRACE_ERROR_MAX];
	struct trace *t;
	FILE *in;

	if (!text)
		writes();
	in = fmemopen(text, text_size, "r");
	t = in ? trace_read(in, "trace", error) : NULL;
	if (!t)
		give_up("a trace cannot be read");
	fclose(in);
	trace_free(t);
	return 1;
}

const struct workload scenario_workloads[] = {
	{"load swallows-wake.yaml", "load", loads, 0},
	{"run it by its schedule", "run", runs, 0},
	{"run it by its schedule", "event", runs_by_event, 150},
	{"run it at random", "run", random_runs, 0},
	{"run it and make a trace", "run", traced_runs, 0},
	{"write the trace", "trace", writes, 0},
	{"read the trace", "trace", reads, 0},
	{0},
};
