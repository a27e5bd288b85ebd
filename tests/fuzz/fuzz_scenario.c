/*
 * fuzz_scenario.c - any bytes as a scenario: load it, lay it out anew, run a
 * few steps of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fmt/fmt.h"
#include "sim/run/run.h"

/* Beyond that a run only repeats itself. */
#define STEPS_MAX 400u
#define THREADS_MAX 64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere(void)
{
	static FILE *out;

	if (!out)
		out = fopen("/dev/null", "w");
	if (!out)
		abort();
	return out;
}

/* What is laid out is what it was, and is laid out already. */
static void lay_out(const char *text, size_t size)
{
	struct diagnostics d;
	struct tree tree, other;
	char *laid = NULL;
	size_t laid_size = 0;
	FILE *out = open_memstream(&laid, &laid_size);

	diagnostics_init(&d, "fuzz");
	tree_init(&tree, text, size, &d);
	if (!d.count && tree.root->kind == TREE_MAP &&
	    fmt_write(&tree, out, &d)) {
		fclose(out);
		tree_init(&other, laid, laid_size, &d);
		if (d.count || !fmt_is_same(&tree, &other))
			abort();
		tree_fini(&other);
	} else {
		fclose(out);
	}
	free(laid);
	tree_fini(&tree);
	diagnostics_fini(&d);
}

static void run_it(const struct scenario *s)
{
	static struct sim sim;
	static bool is_ready;
	struct run run;
	struct run_request request = {
		.scenario = s,
		.schedule = s->schedule_count ? s->schedules : NULL,
		.profile = "linux",
		.steps_max = STEPS_MAX,
		.wants_trace = true,
	};

	if (s->thread_count > THREADS_MAX ||
	    run_quirks(s, request.profile, &request.quirks))
		return;
	if (!is_ready)
		sim_init(&sim);
	is_ready = true;
	run_scenario(&sim, &request, &run);
	if (run.trace)
		trace_write(run.trace, nowhere());
	trace_free(run.trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diagnostics d;
	struct scenario *s;
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	diagnostics_init(&d, "fuzz");
	s = scenario_parse("fuzz", text, size, &d);
	/* All errors can be shown. */
	diagnostics_print(&d, nowhere());
	diagnostics_fini(&d);
	lay_out(text, size);
	if (s)
		run_it(s);
	scenario_free(s);
	free(text);
	return 0;
}
