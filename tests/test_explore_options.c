/*
 * test_explore_options.c - options of a search: what they become, what they
 * change, and what bad ones are told.
 */
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <string.h>

#include "sim/cli/explore_options.h"

#define FILE_ARGUMENT "x.yaml"
#define WORDS_MAX 40

/* The options of `explore`, which must be good ones. */
static struct options parsed(const char *const *words)
{
	char *argv[WORDS_MAX];
	struct options o;
	int argc = 0, first;

	argv[argc++] = (char *)"explore";
	for (; *words; words++)
		argv[argc++] = (char *)*words;
	argv[argc++] = (char *)FILE_ARGUMENT;
	argv[argc] = NULL;
	first = options_parse(command_find("explore"), argc, argv, &o);
	ck_assert_int_eq(first, argc - 1);
	return o;
}

#define PARSED(...) parsed((const char *const[]){__VA_ARGS__, NULL})

/* ---- what they become -------------------------------------------------- */

static const struct exploration of_file = {
	.is_given = true,
	.strategy = STRATEGY_PCT,
	.granularity = GRANULARITY_CALL,
	.bounds = {1, 2, 3, 4, 5},
	.seed = 6,
	.depth = 7,
	.timeouts = TIMEOUTS_NEVER,
	.spurious = 8,
	.coverage = COVERAGE_EXHAUSTIVE,
};

static void assert_same(const struct exploration *a,
			const struct exploration *b)
{
	ck_assert_int_eq(a->strategy, b->strategy);
	ck_assert_int_eq(a->granularity, b->granularity);
	ck_assert_mem_eq(&a->bounds, &b->bounds, sizeof(a->bounds));
	ck_assert_uint_eq(a->seed, b->seed);
	ck_assert_uint_eq(a->depth, b->depth);
	ck_assert_int_eq(a->timeouts, b->timeouts);
	ck_assert_uint_eq(a->spurious, b->spurious);
	ck_assert_int_eq(a->coverage, b->coverage);
	ck_assert_int_eq(a->has_cache, b->has_cache);
	ck_assert_int_eq(a->cache_line, b->cache_line);
}

START_TEST(without_options_the_file_decides)
{
	struct options o = PARSED(NULL);
	struct exploration e = of_file;

	explore_options_apply(&o, &e);
	assert_same(&e, &of_file);
	ck_assert(!o.has_cache && !o.is_without_symmetry);
	ck_assert(!o.is_first_bug_enough && !o.is_quiet);
	ck_assert_uint_eq(o.jobs, 1);
	ck_assert_ptr_null(o.checkpoint);
	ck_assert_ptr_null(o.resume);
	ck_assert_str_eq(o.schedules, "bugs");
	ck_assert_uint_eq(o.budget, BUDGET_DEFAULT);
}
END_TEST

/* 30 s are 3 * 10^10 ns, 2 GiB are 2^31 bytes. */
START_TEST(options_win_over_the_file)
{
	struct options o =
		PARSED("--strategy", "source", "--granularity", "kernel",
		       "--preemptions", "0", "--steps", "100", "--executions",
		       "0x10", "--time", "30s", "--memory", "2GiB", "--seed",
		       "0", "--depth", "64", "--timeouts", "any");
	struct exploration e = of_file;
	struct exploration expected = {
		.strategy = STRATEGY_SOURCE,
		.granularity = GRANULARITY_KERNEL,
		.bounds = {0, 100, 16, UINT64_C(30000000000),
			   UINT64_C(1) << 31},
		.seed = 0,
		.depth = 64,
		.timeouts = TIMEOUTS_ANY,
		.spurious = 8,
		.coverage = COVERAGE_EXHAUSTIVE,
	};

	explore_options_apply(&o, &e);
	assert_same(&e, &expected);
}
END_TEST

/* Each option changes its own field, and no other. */
START_TEST(one_option_leaves_the_rest_to_the_file)
{
	static const char *const options[][2] = {
		{"--strategy", "dfs"},	{"--granularity", "kernel"},
		{"--preemptions", "9"}, {"--steps", "9"},
		{"--executions", "9"},	{"--time", "9ns"},
		{"--memory", "9"},	{"--seed", "9"},
		{"--depth", "9"},	{"--timeouts", "idle"},
	};
	struct exploration expected[10];
	size_t i;

	for (i = 0; i < 10; i++)
		expected[i] = of_file;
	expected[0].strategy = STRATEGY_DFS;
	expected[1].granularity = GRANULARITY_KERNEL;
	expected[2].bounds.preemptions = 9;
	expected[3].bounds.steps = 9;
	expected[4].bounds.executions = 9;
	expected[5].bounds.time_ns = 9;
	expected[6].bounds.memory = 9;
	expected[7].seed = 9;
	expected[8].depth = 9;
	expected[9].timeouts = TIMEOUTS_IDLE;
	for (i = 0; i < 10; i++) {
		struct options o = PARSED(options[i][0], options[i][1]);
		struct exploration e = of_file;

		explore_options_apply(&o, &e);
		assert_same(&e, &expected[i]);
	}
}
END_TEST

/* The cache of a file is part of its strategy, which has to be dfs. */
START_TEST(the_cache_of_the_file_can_be_had_and_left_out)
{
	const struct exploration with = {
		.strategy = STRATEGY_DFS, .has_cache = true, .cache_line = 9};
	static const struct {
		const char *words[3];
		bool has_cache;
		int line; /* whom a refusal is told about */
	} rows[] = {
		{{NULL}, true, 9},
		{{"--no-cache"}, false, 9},
		{{"--cache"}, true, 0},
		{{"--strategy", "dfs"}, true, 9},
		{{"--strategy", "dpor"}, false, 9},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct options o = parsed(rows[i].words);
		struct exploration e = with;

		explore_options_apply(&o, &e);
		ck_assert_int_eq(e.has_cache, rows[i].has_cache);
		ck_assert_int_eq(e.cache_line, rows[i].line);
	}
}
END_TEST

#define CACHED                                                                 \
	"futexsim: 1\n"                                                        \
	"name: t\n"                                                            \
	"threads: {A: [yield], B: [yield]}\n"                                  \
	"explore:\n"                                                           \
	"  strategy: dfs\n"                                                    \
	"  cache: true\n"

/* The same words as for the option, at line 6, column 3. */
START_TEST(what_the_cache_of_the_file_does_not_go_with_is_told_its_line)
{
	const char *path = file_of("t.yaml", CACHED);
	const struct outcome *o =
		CALL("explore", "--quiet", "--jobs", "2", path);
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "%s:6:3: error: --cache is of one process: ", path);
	assert_code(o, 3);
	assert_err(o, expected);
	o = CALL("explore", "--quiet", "--checkpoint", in_folder("c"), path);
	snprintf(expected, sizeof(expected),
		 "%s:6:3: error: --cache does not go with --checkpoint", path);
	assert_code(o, 3);
	assert_err(o, expected);
	o = CALL("explore", "--quiet", "--jobs", "2", "--no-cache", path);
	assert_code(o, 0);
}
END_TEST

/* With a cache the report has the number of states. */
START_TEST(the_cache_of_the_file_is_used)
{
	const char *path = file_of("t.yaml", CACHED);

	assert_out(CALL("explore", "--quiet", path), " states, ");
	ck_assert_ptr_null(
		strstr(CALL("explore", "--quiet", "--no-cache", path)->out,
		       " states, "));
}
END_TEST

START_TEST(the_other_options_are_kept_as_they_are)
{
	struct options o = PARSED("--cache", "--no-symmetry", "--first-bug",
				  "-j", "64", "--checkpoint", "c", "--resume",
				  "r", "--schedules", "d", "--quiet", "-o",
				  "p.svg", "--trace", "t.jsonl", "-f", "json");

	ck_assert(o.has_cache && o.is_without_symmetry);
	ck_assert(o.is_first_bug_enough && o.is_quiet && o.is_json);
	ck_assert_uint_eq(o.jobs, 64);
	ck_assert_str_eq(o.checkpoint, "c");
	ck_assert_str_eq(o.resume, "r");
	ck_assert_str_eq(o.schedules, "d");
	ck_assert_str_eq(o.output, "p.svg");
	ck_assert_str_eq(o.trace, "t.jsonl");
}
END_TEST

START_TEST(no_folder_for_schedules_is_none)
{
	struct options o = PARSED("--schedules", "none");

	ck_assert_ptr_null(o.schedules);
}
END_TEST

START_TEST(the_last_of_several_wins)
{
	struct options o = PARSED("--jobs", "2", "-j3", "--strategy=dfs",
				  "--strategy=pos");

	ck_assert_uint_eq(o.jobs, 3);
	ck_assert_int_eq(o.strategy, STRATEGY_POS);
}
END_TEST

/* ---- bad ones ---------------------------------------------------------- */

static void assert_usage(const char *option, const char *value,
			 const char *error)
{
	const struct outcome *o = CALL("explore", option, value, FILE_ARGUMENT);
	char expected[512];

	snprintf(expected, sizeof(expected), "futexsim: error: %s\n", error);
	assert_code(o, 2);
	assert_whole_err(o, expected);
	ck_assert_str_eq(o->out, "");
}

START_TEST(an_unknown_word_is_told_the_nearest)
{
	assert_usage("--strategy", "dpro",
		     "--strategy is auto, dfs, dpor, source, random, pct or "
		     "pos, not 'dpro'; nearest: dpor");
	assert_usage("--granularity", "calls",
		     "--granularity is kernel or call, not 'calls'; nearest: "
		     "call");
	assert_usage("--timeouts", "idel",
		     "--timeouts is any, idle or never, not 'idel'; nearest: "
		     "idle");
	assert_usage("--timeouts", "sometimes",
		     "--timeouts is any, idle or never, not 'sometimes'");
	assert_usage("--format", "jsn",
		     "--format is text or json, not 'jsn'; nearest: json");
}
END_TEST

START_TEST(numbers_are_told_their_range)
{
	assert_usage("--preemptions", "1000001",
		     "--preemptions takes a number from 0 to 1000000, not "
		     "'1000001'");
	assert_usage("--steps", "0",
		     "--steps takes a number from 1 to 100000000, not '0'");
	assert_usage("--executions", "0",
		     "--executions takes a number from 1 to "
		     "18446744073709551614, not '0'");
	assert_usage("--depth", "65",
		     "--depth takes a number from 1 to 64, not '65'");
	assert_usage("--jobs", "0",
		     "--jobs takes a number from 1 to 64, not '0'");
	assert_usage("-j", "65",
		     "--jobs takes a number from 1 to 64, not '65'");
	/* No octal numbers, here as in files. */
	assert_usage("--jobs", "010",
		     "--jobs takes a number from 1 to 64, not '010'");
}
END_TEST

START_TEST(durations_and_bytes_are_told_their_units)
{
	static const char *const durations[] = {"30", "0s", "-1s", "", "1d"};
	static const char *const sizes[] = {"0",   "-1",     "",
					    "1MB", "1.5GiB", "17179869184GiB"};
	char error[256];
	size_t i;

	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		snprintf(error, sizeof(error),
			 "--time takes a duration of at least 1ns, with its "
			 "unit (ns, us, ms, s, m or h), such as 30s, not '%s'",
			 durations[i]);
		assert_usage("--time", durations[i], error);
	}
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(error, sizeof(error),
			 "--memory takes a number of bytes, KiB, MiB or GiB, "
			 "at least 1, such as 512MiB, not '%s'",
			 sizes[i]);
		assert_usage("--memory", sizes[i], error);
	}
}
END_TEST

START_TEST(a_search_has_its_own_options_only)
{
	const struct outcome *o = CALL("explore", "--max-steps", "1", "x");

	assert_code(o, 2);
	assert_err(o, "'explore' has no option '--max-steps'");
	assert_code(CALL("explore", "--budget", "1", "x"), 2);
	assert_code(CALL("minimize", "--jobs", "1", "x"), 2);
	assert_code(CALL("explain", "--cache", "x"), 2);
	assert_code(CALL("run", "--strategy", "dfs", "x"), 2);
	assert_code(CALL("explore"), 2);
	assert_code(CALL("explore", "a", "b"), 2);
	assert_code(CALL("minimize", "a", "b"), 2);
	assert_code(CALL("explain"), 2);
}
END_TEST

/* ---- help -------------------------------------------------------------- */

START_TEST(help_has_the_defaults_that_the_program_has)
{
	char text[64];

	snprintf(text, sizeof(text), "(default: %u)", BUDGET_DEFAULT);
	assert_out(CALL("help", "minimize"), text);
	assert_out(CALL("help", "explain"), text);
	snprintf(text, sizeof(text), "1 to %u (default", JOBS_MAX);
	assert_out(CALL("help", "explore"), text);
	snprintf(text, sizeof(text), "or %u)\n", EXPLORE_DEPTH_DEFAULT);
	assert_out(CALL("help", "explore"), text);
}
END_TEST

/* Long texts are broken at blanks, so that a terminal need not do it. */
START_TEST(help_of_a_command_fits_into_80_columns)
{
	static const char *const names[] = {"explore", "minimize", "explain",
					    "run", "draw"};
	size_t i, size;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *line = CALL("help", names[i])->out;

		for (; *line; line += size + (line[size] == '\n')) {
			size = strcspn(line, "\n");
			ck_assert_msg(size <= 80, "%.*s", (int)size, line);
		}
	}
}
END_TEST

Suite *explore_options_suite(void)
{
	const TTest *const tests[] = {
		without_options_the_file_decides,
		options_win_over_the_file,
		one_option_leaves_the_rest_to_the_file,
		the_cache_of_the_file_can_be_had_and_left_out,
		what_the_cache_of_the_file_does_not_go_with_is_told_its_line,
		the_cache_of_the_file_is_used,
		the_other_options_are_kept_as_they_are,
		no_folder_for_schedules_is_none,
		the_last_of_several_wins,
		an_unknown_word_is_told_the_nearest,
		numbers_are_told_their_range,
		durations_and_bytes_are_told_their_units,
		a_search_has_its_own_options_only,
		help_has_the_defaults_that_the_program_has,
		help_of_a_command_fits_into_80_columns,
	};

	return PROGRAM_SUITE("explore_options", tests);
}
