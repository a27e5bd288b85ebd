/*
 * options.h - one table of options and commands; the help text is made of it.
 */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cli/forms.h"
#include "sim/loader/scenario.h"
#include "viz/viz.h"

/* Exit codes. */
#define EXIT_EXPECTED 0
#define EXIT_BUG 1
#define EXIT_USAGE 2
#define EXIT_INVALID 3
#define EXIT_INCONCLUSIVE 4
#define EXIT_DIVERGED 5
#define EXIT_INTERNAL 6
#define EXIT_ENVIRONMENT 7

#define OPTION_LIST_MAX 32u
#define JOBS_MAX 64u
#define SCHEDULES_DEFAULT "bugs"
#define BUDGET_DEFAULT 100000u /* runs */

/* Rows of the option table; a command takes a set of them. */
enum option_id {
	OPTION_SCHEDULE,
	OPTION_PROFILE,
	OPTION_WITH,
	OPTION_WITHOUT,
	OPTION_TRACE,
	OPTION_RANDOM,
	OPTION_SEED,
	OPTION_FORMAT,
	OPTION_MAX_STEPS,
	OPTION_PARAM,
	OPTION_OUTPUT,
	OPTION_FOCUS,
	OPTION_HIDE,
	OPTION_VIEW,
	OPTION_TO,
	OPTION_FOLD,
	OPTION_AROUND,
	OPTION_THEME,
	OPTION_ASCII,
	OPTION_TAP,
	OPTION_JUNIT,
	OPTION_STRATEGY,
	OPTION_GRANULARITY,
	OPTION_PREEMPTIONS,
	OPTION_STEPS,
	OPTION_EXECUTIONS,
	OPTION_TIME,
	OPTION_MEMORY,
	OPTION_DEPTH,
	OPTION_TIMEOUTS,
	OPTION_CACHE,
	OPTION_NO_CACHE,
	OPTION_NO_SYMMETRY,
	OPTION_NO_SEARCH,
	OPTION_FIRST_BUG,
	OPTION_JOBS,
	OPTION_CHECKPOINT,
	OPTION_RESUME,
	OPTION_RECORD,
	OPTION_SCHEDULES,
	OPTION_BUDGET,
	OPTION_QUIET,
	OPTION_MUTATE,
	OPTION_MATRIX,
	OPTION_CHECK,
	OPTION_WRITE,
	OPTION_GAP,
	OPTION_PATIENCE,
	OPTION_HELP,
	OPTION_COUNT,
};

struct options {
	const char *schedule;
	const char *profile;
	const char *with[OPTION_LIST_MAX];
	unsigned int with_count;
	const char *without[OPTION_LIST_MAX];
	unsigned int without_count;
	const char *trace;
	bool is_random;
	bool has_seed;
	uint64_t seed; /* 1 unless given */
	bool is_json;
	uint32_t max_steps; /* 0: the default */
	const char *params[OPTION_LIST_MAX]; /* NAME=VALUE */
	unsigned int param_count;
	const char *output;
	const char *focus[OPTION_LIST_MAX];
	unsigned int focus_count;
	const char *hide[OPTION_LIST_MAX];
	unsigned int hide_count;
	bool has_view;
	enum viz_view view;
	bool has_form;
	enum form form;
	bool has_fold;
	enum viz_fold fold;
	const char *around; /* STEP±N; NULL: everything */
	bool has_theme;
	enum viz_theme theme;
	bool is_ascii;
	bool is_tap;
	const char *junit;

	/* of a search; explore_options_apply passes on what is given */
	bool has_strategy;
	enum strategy strategy;
	bool has_granularity;
	enum granularity granularity;
	struct search_bounds bounds; /* each: NO_BOUND if not given */
	uint32_t depth; /* 0: not given */
	bool has_timeouts;
	enum timeouts timeouts;
	bool has_cache;
	bool is_without_cache;
	bool is_without_symmetry;
	bool is_without_search; /* of a report */
	bool is_first_bug_enough;
	bool has_jobs;
	uint32_t jobs; /* 1 unless given */
	const char *checkpoint;
	const char *resume;
	const char *record; /* of a search */
	const char *schedules; /* folder; NULL: none are written */
	uint64_t budget; /* runs; BUDGET_DEFAULT unless given */
	bool is_quiet;
	bool is_mutating;
	const char *mutate; /* one mutation, or "list"; NULL: all */
	bool is_matrix;
	bool check_only;
	bool write_back;

	/* of host; ns, 0: not given */
	uint64_t gap;
	uint64_t patience;

	bool wants_help;
};

struct command {
	const char *name;
	const char *arguments; /* "FILE..." */
	const char *summary;
	uint64_t options; /* bit per enum option_id */
	int arguments_min;
	int arguments_max; /* -1: any number */
	int (*run)(const struct options *o, int count, char **arguments);
};

extern const struct command commands[];
extern const unsigned int command_count;

const struct command *command_find(const char *name);

/*
 * Parse the words after the command.  Returns the index of the first argument
 * that is no option, or -1 after an error message.
 */
int options_parse(const struct command *c, int argc, char **argv,
		  struct options *o);

/* All commands, or one of them (NULL: all). */
void options_help(const struct command *c, FILE *out);

/* Is @out a terminal that may be coloured? */
bool wants_color(FILE *out);

#endif
