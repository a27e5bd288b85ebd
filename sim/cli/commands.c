/* commands.c - the table of subcommands. */
#include <string.h>

#include "sim/cli/cli.h"

#define O(name) (UINT64_C(1) << OPTION_##name)
#define O_RUN                                                                  \
	(O(SCHEDULE) | O(PROFILE) | O(WITH) | O(WITHOUT) | O(TRACE) |          \
	 O(RANDOM) | O(SEED) | O(FORMAT) | O(MAX_STEPS) | O(PARAM))

/* What a search and work on its results have in common. */
#define O_SEARCHED                                                             \
	(O(SCHEDULE) | O(PROFILE) | O(WITH) | O(WITHOUT) | O(PARAM) |          \
	 O(FORMAT) | O(GRANULARITY) | O(STEPS) | O(TIME) | O(TIMEOUTS) |       \
	 O(TRACE) | O(OUTPUT) | O(QUIET))
#define O_EXPLORE                                                              \
	(O_SEARCHED | O(STRATEGY) | O(PREEMPTIONS) | O(EXECUTIONS) |           \
	 O(MEMORY) | O(SEED) | O(DEPTH) | O(CACHE) | O(NO_CACHE) |             \
	 O(NO_SYMMETRY) | O(FIRST_BUG) | O(JOBS) | O(CHECKPOINT) | O(RESUME) | \
	 O(SCHEDULES) | O(RECORD))

const struct command commands[] = {
	{"run", "FILE...", "run scenarios and report what happened", O_RUN, 1,
	 -1, cli_run},
	{"check", "FILE...", "load scenarios and report their errors", O(PARAM),
	 1, -1, cli_check},
	{"fmt", "FILE...", "lay scenario files out in one way",
	 O(CHECK) | O(WRITE), 1, -1, cli_fmt},
	{"explore", "FILE", "search the interleavings of a scenario", O_EXPLORE,
	 1, 1, cli_explore},
	{"minimize", "SCHEDULE",
	 "find a run with the same verdict and fewer preemptions",
	 O_SEARCHED | O(BUDGET), 1, 1, cli_minimize},
	{"explain", "SCHEDULE",
	 "say which step made a failure certain, and how it can be avoided",
	 O_SEARCHED | O(BUDGET), 1, 1, cli_explain},
	{"replay", "FILE",
	 "run again what a trace or a schedule has recorded, and compare",
	 O(TRACE) | O(FORMAT), 1, 1, cli_replay},
	{"draw", "TRACE|RECORD", "draw a trace, or what a search has recorded",
	 O(OUTPUT) | O(VIEW) | O(TO) | O(FOCUS) | O(HIDE) | O(FOLD) |
		 O(AROUND) | O(THEME) | O(ASCII),
	 1, 1, cli_draw},
	{"diff", "TRACE TRACE",
	 "compare two traces side by side, say where they differ first",
	 O(OUTPUT) | O(TO) | O(FOCUS) | O(HIDE) | O(FOLD) | O(AROUND) |
		 O(THEME) | O(ASCII) | O(FORMAT),
	 2, 2, cli_diff},
	{"report", "FILE", "write one HTML page on a run and its search",
	 O(OUTPUT) | O(SCHEDULE) | O(PROFILE) | O(WITH) | O(WITHOUT) |
		 O(PARAM) | O(NO_SEARCH) | O(EXECUTIONS) | O(FOCUS) | O(HIDE) |
		 O(FOLD) | O(THEME),
	 1, 1, cli_report},
	{"trace", "show TRACE", "print the events of a trace", O(HIDE), 2, 2,
	 cli_trace},
	{"points", "", "list the points at which threads can be stopped", 0, 0,
	 0, cli_points},
	{"quirks", "[DIR...]",
	 "list quirks and profiles, or who notices which quirk",
	 O(MATRIX) | O(FORMAT) | O(JOBS) | O(QUIET), 0, -1, cli_quirks},
	{"test", "DIR...", "run every scenario below some folders",
	 O(TAP) | O(JUNIT) | O(PROFILE) | O(JOBS) | O(QUIET) | O(MUTATE), 0, -1,
	 cli_test},
	{"host", "FILE|DIR...",
	 "carry scenarios out on this machine's kernel and compare",
	 O(PROFILE) | O(WITH) | O(WITHOUT) | O(PARAM) | O(SCHEDULE) |
		 O(FORMAT) | O(GAP) | O(PATIENCE),
	 1, -1, cli_host},
	{"help", "[COMMAND]", "print this, or the options of a command", 0, 0,
	 1, cli_help},
	{"version", "", "print the version", 0, 0, 0, cli_version},
};

const unsigned int command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < command_count; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}
