/*
 * pictures.c - from a trace to a picture, and a whole report: each as the
 * command that a user types, start of the process included.
 */
#define _GNU_SOURCE /* asprintf */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define RACE "scenarios/timeout/swallows-wake.yaml"
#define LONG "tests/bench/long.yaml"

/* The folder of this program; futexsim stands beside it. */
static const char *folder(void)
{
	static char path[4096];

	/* What is beyond the end of the name is zero already. */
	if (readlink("/proc/self/exe", path, sizeof(path) - 1) <= 0)
		give_up("where am I?");
	return dirname(path);
}

/* Do `futexsim @arguments`, in the folder of this program. */
static void command(const char *arguments)
{
	char *line;

	if (asprintf(&line, "'%s/futexsim' %s >/dev/null", folder(),
		     arguments) < 0)
		abort();
	if (system(line) != 0)
		give_up(line);
	free(line);
}

/* A path in the folder of this program, for files that are measured with. */
static const char *scratch(const char *name)
{
	static char path[4200];

	snprintf(path, sizeof(path), "%s/bench-%s", folder(), name);
	return path;
}

/* Draw the trace of @scenario, which is made the first time. */
static uint64_t draw(const char *scenario, const char *trace, bool *is_made,
		     const char *options)
{
	char line[8192];

	if (!*is_made) {
		snprintf(line, sizeof(line),
			 "run %s --profile starry-0.5.11 --trace '%s'",
			 scenario, scratch(trace));
		command(line);
		*is_made = true;
	}
	snprintf(line, sizeof(line), "draw '%s' --to svg %s -o -",
		 scratch(trace), options);
	command(line);
	return 1;
}

static uint64_t race_drawings(void)
{
	static bool is_made;

	return draw(RACE, "race.jsonl", &is_made, "--fold none");
}

static uint64_t long_drawings(void)
{
	static bool is_made;

	return draw(LONG, "long.jsonl", &is_made, "");
}

static uint64_t reports(void)
{
	char line[8192];

	snprintf(line, sizeof(line),
		 "report " RACE " --profile starry-0.5.11 -o '%s'",
		 scratch("report.html"));
	command(line);
	return 1;
}

const struct workload picture_workloads[] = {
	{"draw 92 events, none folded, SVG", "picture", race_drawings, 0.2e9},
	{"draw 2,000 events, SVG", "picture", long_drawings, 3e9},
	{"report of a race, with its search", "report", reports, 0.5e9},
	{NULL, NULL, NULL, 0},
};
