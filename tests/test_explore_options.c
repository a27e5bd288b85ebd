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
