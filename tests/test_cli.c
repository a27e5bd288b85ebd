/*
 * test_cli.c - the program as a user calls it: exit codes, options, streams.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"

/* ---- exit codes -------------------------------------------------------- */

static const char unmet[] = "futexsim: 1\n"
			    "name: unmet\n"
			    "memory: {words: {F: 0}}\n"
			    "threads: {A: [store F 1]}\n"
			    "expect: {words: {F: 2}}\n";

static const char impossible[] = "futexsim: 1\n"
				 "name: impossible\n"
				 "memory: {words: {F: 0}}\n"
				 "threads: {A: [store F 1]}\n"
				 "schedule:\n"
				 "  - A: until blocked\n";

static const char two_errors[] = "futexsim: 1\n"
				 "name: two-errors\n"
				 "threads: {A: [stor F 1, yield now]}\n";

START_TEST(a_run_as_expected_exits_0)
{
	const struct outcome *o = CALL("run", SWALLOWS);

	assert_code(o, 0);
	assert_out(o, "as expected: the known bug STARRY-01 (lost-wakeup)");
	assert_out(o, "ok: nothing is wrong with this run");
	assert_whole_err(o, "");
}
END_TEST

START_TEST(a_bug_exits_1)
{
	const struct outcome *o = CALL("run", SWALLOWS, "--profile", "linux",
				       "--with", "timeout-swallows-wake");

	assert_code(o, 1);
	assert_out(o, "\nlost-wakeup (" SWALLOWS ":13)");
	assert_out(o, "not as expected");
}
END_TEST

START_TEST(an_unmet_expectation_exits_1)
{
	const struct outcome *o = CALL("run", file_of("u.yaml", unmet));

	assert_code(o, 1);
	assert_out(o, "F is 1, not 2");
}
END_TEST

START_TEST(an_expected_bug_that_does_not_show_exits_1)
{
	const struct outcome *o =
		CALL("run",
		     file_of("x.yaml", "futexsim: 1\n"
				       "name: x\n"
				       "memory: {words: {F: 0}}\n"
				       "threads: {A: [store F 1]}\n"
				       "expected_bug: {id: X, kind: leak}\n"));

	assert_code(o, 1);
	assert_out(o, "not as expected: the expected bug X (leak) did not "
		      "show");
}
END_TEST

START_TEST(an_invalid_scenario_exits_3_and_tells_all_its_errors)
{
	const char *path = file_of("two.yaml", two_errors);
	const struct outcome *o = CALL("run", path);

	assert_code(o, 3);
	ck_assert_str_eq(o->out, "");
	assert_err(o, "two.yaml:3:15: error: unknown operation 'stor'\n"
		      "    threads: {A: [stor F 1, yield now]}\n"
		      "                  ^\n"
		      "    nearest: store\n");
	assert_err(o, "two.yaml:3:31: error: too many arguments: yield\n");
	o = CALL("check", path);
	assert_code(o, 3);
	assert_err(o, "two.yaml:3:15: error: ");
}
END_TEST

START_TEST(a_schedule_that_cannot_be_carried_out_exits_3)
{
	const char *path = file_of("i.yaml", impossible);
	const struct outcome *o = CALL("run", path);
	char expected[512];

	assert_code(o, 3);
	snprintf(expected, sizeof(expected),
		 "%s:6:5: error: 'A: until blocked' cannot be carried out: A "
		 "has ended after passing user.store\n"
		 "      - A: until blocked\n"
		 "        ^\n",
		 path);
	assert_whole_err(o, expected);
}
END_TEST

START_TEST(a_scenario_that_is_not_there_exits_3)
{
	const struct outcome *o = CALL("run", "/nowhere/x.yaml");

	assert_code(o, 3);
	assert_whole_err(o, "/nowhere/x.yaml: error: cannot be opened: No such "
			    "file or directory\n");
}
END_TEST

START_TEST(a_run_that_is_cut_off_exits_4)
{
	const struct outcome *o =
		CALL("run",
		     file_of("y.yaml", "futexsim: 1\n"
				       "name: y\n"
				       "threads: {A: [yield, yield]}\n"),
		     "--max-steps", "1");

	assert_code(o, 4);
	assert_out(o, "step-limit");
	assert_code(CALL("run", in_folder("y.yaml"), "--max-steps", "2"), 0);
}
END_TEST

/* What a run cut off has not come to is no unmet expectation. */
START_TEST(a_run_that_is_cut_off_is_inconclusive_whatever_is_expected)
{
	assert_code(
		CALL("run", SWALLOWS, "--profile", "linux", "--max-steps", "5"),
		4);
}
END_TEST

/* ---- usage ------------------------------------------------------------- */

static void assert_usage(const struct outcome *o, const char *error)
{
	assert_code(o, 2);
	assert_err(o, error);
	ck_assert_str_eq(o->out, "");
}

START_TEST(usage_errors_exit_2_and_name_the_nearest)
{
	assert_usage(CALL("rnu"),
		     "futexsim: error: no command 'rnu'; nearest: run\n");
	assert_usage(CALL("zzzzzz"), "futexsim: error: no command 'zzzzzz'\n");
	assert_usage(CALL("help", "nope"),
		     "futexsim: error: no command 'nope'");
	assert_usage(CALL("run", "--sede", "1", SWALLOWS),
		     "'run' has no option '--sede'; nearest: --seed\n"
		     "try 'futexsim help run'\n");
	assert_usage(CALL("run", "--ascii", SWALLOWS),
		     "'run' has no option '--ascii'");
	assert_usage(CALL("run", "-x", SWALLOWS), "'run' has no option '-x'");
	assert_usage(CALL("run", SWALLOWS, "--profile", "linx"),
		     "no profile 'linx'; nearest: linux\n");
	assert_usage(CALL("run", SWALLOWS, "--with", "timeout-swallow-wake"),
		     "no quirk 'timeout-swallow-wake'; nearest: "
		     "timeout-swallows-wake\n");
	assert_usage(CALL("run", SWALLOWS, "--without", "teardown-trylock"),
		     "nearest: teardown-try-lock\n");
	assert_usage(CALL("test", "scenarios", "--profile", "linx"),
		     "no profile 'linx'; nearest: linux\n");
	assert_usage(CALL("trace", "shw", "x"),
		     "'trace' has no command 'shw'; nearest: show\n");
}
END_TEST

static const char two_schedules[] = "futexsim: 1\n"
				    "name: two\n"
				    "memory: {words: {F: 0}}\n"
				    "threads: {A: [store F 1, store F 2]}\n"
				    "schedules:\n"
				    "  half: [A: next]\n"
				    "  whole: [A: until done]\n";

START_TEST(an_unknown_schedule_exits_2_and_names_the_nearest)
{
	const char *path = file_of("two.yaml", two_schedules);

	assert_usage(CALL("run", path, "--schedule", "wole"),
		     "no schedule 'wole'; nearest: whole\n");
	assert_code(CALL("run", path, "--schedule", "half"), 0);
}
END_TEST

START_TEST(numbers_and_formats_are_checked)
{
	static const char *const numbers[] = {
		"-1", "", "x", "1x", " 1", "18446744073709551616"};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_usage(CALL("run", "--seed", numbers[i], SWALLOWS),
			     "--seed takes a number from 0 to "
			     "18446744073709551615, not '");
	assert_usage(CALL("run", "--max-steps", "100000001", SWALLOWS),
		     "--max-steps takes a number from 1 to 100000000, not "
		     "'100000001'");
	assert_usage(CALL("run", "--format", "xml", SWALLOWS),
		     "--format is text or json, not 'xml'");
	assert_usage(CALL("run", SWALLOWS, "--seed"),
		     "'--seed' takes an argument");
}
END_TEST

START_TEST(the_number_of_arguments_is_checked)
{
	const struct outcome *o = CALL(NULL);

	assert_code(o, 2);
	assert_err(o, "usage: futexsim COMMAND");
	assert_usage(CALL("run"), "usage: futexsim run [OPTION...] FILE...");
	assert_usage(CALL("check"), "usage: futexsim check");
	assert_usage(CALL("replay"), "usage: futexsim replay");
	assert_usage(CALL("replay", "a", "b"), "usage: futexsim replay");
	assert_usage(CALL("draw", "a", "b"), "usage: futexsim draw");
	assert_usage(CALL("trace", "show"), "usage: futexsim trace");
	assert_usage(CALL("points", "a"), "usage: futexsim points");
	assert_usage(CALL("test"), "usage: futexsim test");
}
END_TEST

START_TEST(one_trace_takes_one_run)
{
	const char *trace = in_folder("t.jsonl");

	assert_usage(CALL("run", SWALLOWS, "--trace", trace),
		     "--trace takes one run");
	assert_usage(CALL("run", SWALLOWS, SWALLOWS, "--profile", "linux",
			  "--trace", trace),
		     "--trace takes one run");
	ck_assert_uint_eq(folder_count(), 0);
}
END_TEST

/* ---- help -------------------------------------------------------------- */

static const char *const commands[] = {
	"run",	"check", "replay",  "draw",    "trace",	   "points",  "quirks",
	"test", "help",	 "version", "explore", "minimize", "explain",
};

START_TEST(every_command_has_help_and_is_listed)
{
	const struct outcome *o;
	char *text, usage[64];
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		snprintf(usage, sizeof(usage), "usage: futexsim %s ",
			 commands[i]);
		o = CALL("help", commands[i]);
		assert_code(o, 0);
		ck_assert_int_eq(strncmp(o->out, usage, strlen(usage)), 0);
		assert_out(o, "--help");
		text = strdup(o->out);
		ck_assert_str_eq(CALL(commands[i], "--help")->out, text);
		ck_assert_str_eq(CALL(commands[i], "-h")->out, text);
		assert_code(CALL(commands[i], "-h"), 0);
		free(text);
		snprintf(usage, sizeof(usage), "\n  %s ", commands[i]);
		assert_out(CALL("help"), usage);
	}
}
END_TEST

/* An option that several commands have says what is so for each. */
START_TEST(help_tells_the_forms_that_a_command_has)
{
	const struct outcome *o = CALL("help", "draw");

	assert_out(o, "mermaid");
	assert_out(o, "--view queues");
	o = CALL("help", "diff");
	assert_out(o, ".svg .png .pdf .dot .txt\n");
	ck_assert_ptr_null(strstr(o->out, "mermaid"));
	ck_assert_ptr_null(strstr(o->out, "shiviz"));
	ck_assert_ptr_null(strstr(o->out, "--view"));
}
END_TEST

START_TEST(help_as_an_option_is_the_command)
{
	char *text = strdup(CALL("help")->out);

	ck_assert_str_eq(CALL("--help")->out, text);
	ck_assert_str_eq(CALL("-h")->out, text);
	assert_code(CALL("-h"), 0);
	assert_out(CALL("help"), "exit codes:");
	free(text);
}
END_TEST

START_TEST(the_version_is_one_line)
{
	const struct outcome *o = CALL("version");
	int major, minor, patch, used = 0;

	assert_code(o, 0);
	ck_assert_int_eq(sscanf(o->out, "futexsim %d.%d.%d\n%n", &major, &minor,
				&patch, &used),
			 3);
	ck_assert_uint_eq(o->out_size, (size_t)used);
	assert_out(CALL("--version"), "futexsim ");
}
END_TEST

/* ---- streams ----------------------------------------------------------- */

START_TEST(a_scenario_can_come_from_standard_input)
{
	struct setting setting = {.input = unmet};

	assert_code(CALL_WITH(&setting, "run", "-"), 1);
	assert_out(CALL_WITH(&setting, "check", "-"), "scenario 'unmet'");
	setting.input = two_errors;
	assert_err(CALL_WITH(&setting, "run", "-"),
		   "<stdin>:3:15: error: unknown operation 'stor'");
}
END_TEST

/* The trace alone is on stdout, the report is on stderr. */
START_TEST(a_trace_can_go_to_standard_output)
{
	const struct outcome *o =
		CALL("run", SWALLOWS, "--profile", "linux", "--trace", "-");
	struct setting setting;
	char *trace;

	assert_code(o, 0);
	assert_err(o, "ok: nothing is wrong with this run");
	ck_assert_int_eq(strncmp(o->out, "{\"futexsim_trace\":1,", 20), 0);
	trace = strdup(o->out);
	setting = (struct setting){.input = trace};
	assert_code(CALL_WITH(&setting, "replay", "-"), 0);
	assert_code(CALL_WITH(&setting, "draw", "-"), 0);
	free(trace);
}
END_TEST

START_TEST(a_full_device_exits_7)
{
	struct setting full = {.output = "/dev/full"};
	const struct outcome *o = CALL_WITH(&full, "run", SWALLOWS, "--profile",
					    "linux", "--trace", "-");

	assert_code(o, 7);
	assert_err(o, "standard output: No space left on device");
	assert_code(CALL_WITH(&full, "run", SWALLOWS), 7);
	assert_code(CALL_WITH(&full, "help"), 7);
	assert_code(CALL_WITH(&full, "points"), 7);
	assert_code(CALL_WITH(&full, "test", "scenarios/timeout"), 7);
}
END_TEST

/* ---- JSON -------------------------------------------------------------- */

static void assert_member(const json_t *object, const char *key, json_type type)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(value && json_typeof(value) == type,
		      "'%s' is missing or of another type", key);
}

static void assert_run(const json_t *run)
{
	const json_t *state;

	assert_member(run, "scenario", JSON_STRING);
	assert_member(run, "schedule", JSON_STRING);
	assert_member(run, "profile", JSON_STRING);
	assert_member(run, "results", JSON_ARRAY);
	assert_member(run, "states", JSON_ARRAY);
	assert_member(run, "verdicts", JSON_ARRAY);
	state = json_array_get(json_object_get(run, "states"), 0);
	assert_member(state, "at", JSON_STRING);
	assert_member(state, "time", JSON_INTEGER);
	assert_member(state, "shared", JSON_OBJECT);
	assert_member(state, "tables", JSON_ARRAY);
	assert_member(state, "words", JSON_OBJECT);
	assert_member(state, "blocked", JSON_ARRAY);
}

START_TEST(json_is_one_object_for_each_run)
{
	char *line = CALL("run", "--format", "json", SWALLOWS)->out, *end;
	unsigned int count = 0;
	json_t *run;

	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		ck_assert_ptr_nonnull(end);
		run = json_loadb(line, (size_t)(end - line), 0, NULL);
		ck_assert_ptr_nonnull(run);
		assert_run(run);
		ck_assert_str_eq(
			json_string_value(json_object_get(run, "profile")),
			count ? "linux" : "starry-0.5.11");
		ck_assert(json_is_true(json_object_get(run, "expected")));
		json_decref(run);
		count++;
	}
	/* Two profiles, one schedule. */
	ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(json_of_a_bug_says_what_it_is)
{
	const struct outcome *o =
		CALL("run", "--format", "json", "--profile", "linux", "--with",
		     "timeout-swallows-wake", SWALLOWS);
	json_t *run = json_loads(o->out, 0, NULL);
	const json_t *verdict;

	assert_code(o, 1);
	ck_assert_ptr_nonnull(run);
	ck_assert(json_is_false(json_object_get(run, "expected")));
	verdict = json_array_get(json_object_get(run, "verdicts"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(verdict, "kind")),
			 "lost-wakeup");
	assert_member(verdict, "what", JSON_STRING);
	ck_assert_int_eq(json_integer_value(json_object_get(verdict, "line")),
			 13);
	json_decref(run);
}
END_TEST

/* ---- several files and schedules --------------------------------------- */

START_TEST(the_worst_of_several_files_is_the_exit_code)
{
	const char *bug = file_of("u.yaml", unmet);
	const char *bad = file_of("two.yaml", two_errors);

	assert_code(CALL("run", SWALLOWS, bug), 1);
	assert_code(CALL("run", bug, SWALLOWS), 1);
	assert_code(CALL("run", bad, SWALLOWS, bug), 3);
	assert_out(CALL("run", bad, SWALLOWS), "timeout-swallows-wake");
	assert_code(CALL("check", SWALLOWS, bug), 0);
	assert_code(CALL("check", bad, SWALLOWS), 3);
	assert_out(CALL("check", bad, SWALLOWS), SWALLOWS ": ok: ");
}
END_TEST

START_TEST(all_schedules_are_run_unless_one_is_chosen)
{
	const char *path = file_of("two.yaml", two_schedules);
	const struct outcome *o = CALL("run", path);

	assert_out(o, "two, schedule half, profile starry-0.5.11");
	assert_out(o, "two, schedule whole, profile starry-0.5.11");
	o = CALL("run", path, "-s", "whole");
	ck_assert_ptr_null(strstr(o->out, "half"));
	assert_out(o, "F=2");
}
END_TEST

/* ---- colour ------------------------------------------------------------ */

static const char *terminal;
static int terminal_fd;

/* Some containers have no terminals to give. */
static bool has_terminals(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0) {
		fputs("no terminal can be had: colours are not tested\n",
		      stderr);
		return false;
	}
	close(fd);
	return true;
}

static void open_terminal(void)
{
	terminal_fd = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_ge(terminal_fd, 0);
	ck_assert_int_eq(grantpt(terminal_fd), 0);
	ck_assert_int_eq(unlockpt(terminal_fd), 0);
	terminal = ptsname(terminal_fd);
	ck_assert_ptr_nonnull(terminal);
}

/* What a run prints on a terminal, with @env in its environment. */
static bool is_colored(const char *env)
{
	struct setting setting = {.env = env};
	char text[4096];
	ssize_t size;

	open_terminal();
	setting.output = terminal;
	CALL_WITH(&setting, "run", SWALLOWS, "--profile", "linux");
	size = read(terminal_fd, text, sizeof(text) - 1);
	close(terminal_fd);
	ck_assert_int_gt(size, 0);
	text[size] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "timeout-swallows-wake"));
	return strchr(text, '\033');
}

START_TEST(only_terminals_get_colour_and_no_color_takes_it_away)
{
	if (!has_terminals())
		return;
	unsetenv("NO_COLOR");
	ck_assert(is_colored(NULL));
	ck_assert(is_colored("NO_COLOR="));
	ck_assert(!is_colored("NO_COLOR=1"));
	ck_assert_ptr_null(strchr(CALL("run", SWALLOWS)->out, '\033'));
}
END_TEST

Suite *cli_suite(void)
{
	const TTest *const tests[] = {
		a_run_as_expected_exits_0,
		a_bug_exits_1,
		an_unmet_expectation_exits_1,
		an_expected_bug_that_does_not_show_exits_1,
		an_invalid_scenario_exits_3_and_tells_all_its_errors,
		a_schedule_that_cannot_be_carried_out_exits_3,
		a_scenario_that_is_not_there_exits_3,
		a_run_that_is_cut_off_exits_4,
		a_run_that_is_cut_off_is_inconclusive_whatever_is_expected,
		usage_errors_exit_2_and_name_the_nearest,
		an_unknown_schedule_exits_2_and_names_the_nearest,
		numbers_and_formats_are_checked,
		the_number_of_arguments_is_checked,
		one_trace_takes_one_run,
		every_command_has_help_and_is_listed,
		help_tells_the_forms_that_a_command_has,
		help_as_an_option_is_the_command,
		the_version_is_one_line,
		a_scenario_can_come_from_standard_input,
		a_trace_can_go_to_standard_output,
		a_full_device_exits_7,
		json_is_one_object_for_each_run,
		json_of_a_bug_says_what_it_is,
		the_worst_of_several_files_is_the_exit_code,
		all_schedules_are_run_unless_one_is_chosen,
		only_terminals_get_colour_and_no_color_takes_it_away,
	};

	return PROGRAM_SUITE("cli", tests);
}
