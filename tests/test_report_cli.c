/*
 * test_report_cli.c - `futexsim report` as a user calls it: of which run it
 * tells, what it says when it cannot, and that its commands can be copied.
 */
#include "tests/program.h"
#include "tests/suites.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"
#define SEARCHED "scenarios/timeout/swallows-wake-searched.yaml"

/* The report of a call that succeeds; until the next one. */
static const char *page_of(const struct outcome *o)
{
	assert_code(o, 0);
	ck_assert_str_eq(o->err, "");
	ck_assert_int_eq(strncmp(o->out, "<!DOCTYPE html>", 15), 0);
	return o->out;
}

static void assert_has(const char *page, const char *text)
{
	ck_assert_msg(strstr(page, text) != NULL, "no %s", text);
}

static void assert_has_not(const char *page, const char *text)
{
	ck_assert_msg(strstr(page, text) == NULL, "%s", text);
}

/* What stands between @open and the next @close, with entities undone. */
static char *content(const char *page, const char *open, const char *close)
{
	const char *from = strstr(page, open), *to;
	char *text, *at;

	if (!from)
		return NULL;
	from += strlen(open);
	to = strstr(from, close);
	ck_assert_ptr_nonnull(to);
	text = strndup(from, to ? (size_t)(to - from) : 0);
	/* Of all that is escaped, commands here have apostrophes at most. */
	while ((at = strstr(text, "&#39;"))) {
		*at = '\'';
		memmove(at + 1, at + 5, strlen(at + 5) + 1);
	}
	return text;
}

/* ---- of which run ------------------------------------------------------ */

START_TEST(a_report_is_the_same_every_time)
{
	const char *first = in_folder("a.html"), *second = in_folder("b.html");
	size_t sizes[2];
	char *a, *b;

	assert_code(CALL("report", SWALLOWS, "-o", first), 0);
	assert_code(CALL("report", SWALLOWS, "-o", second), 0);
	a = content_of(first, &sizes[0]);
	b = content_of(second, &sizes[1]);
	ck_assert_uint_eq(sizes[0], sizes[1]);
	ck_assert_int_eq(memcmp(a, b, sizes[0]), 0);
	free(a);
	free(b);
}
END_TEST

/* The file has two profiles; on linux nothing is wrong. */
START_TEST(the_first_run_with_a_verdict_is_told)
{
	const char *page = page_of(CALL("report", SWALLOWS));

	assert_has(page, "LOST WAKE-UP");
	assert_has(page, "<dd>starry-0.5.11</dd>");
	page = page_of(CALL("report", SWALLOWS, "--profile", "linux"));
	assert_has(page, "✓ OK");
	assert_has(page, "<dd>linux</dd>");
	page = page_of(CALL("report", SWALLOWS, "--profile", "starry-0.5.11",
			    "--without", "timeout-swallows-wake"));
	assert_has_not(page, "LOST WAKE-UP");
}
END_TEST

/* Here A looks at its flag, and no run that begins so passes. */
START_TEST(a_failing_run_is_held_against_the_nearest_that_passes)
{
	const char *page = page_of(CALL("report", SWALLOWS));

	assert_has(page, "Step <a href=\"#step=46\">46</a> decides it");
	assert_has(page, "id=\"diff-svg\"");
}
END_TEST

/* A run that goes round for ever could have passed; so could what was cut. */
START_TEST(of_a_livelock_no_step_decides)
{
	const char *const files[] = {
		"scenarios/verdicts/livelock-fair-cycle.yaml",
		"scenarios/verdicts/livelock-fair-cycle-searched.yaml"};
	const char *page;

	for (int i = 0; i < 2; i++) {
		page = page_of(CALL("report", files[i]));
		assert_has(page, "LIVELOCK");
		assert_has_not(page, "decides it");
		assert_has_not(page, "last way out");
	}
}
END_TEST

/* Beside a run of a schedule the search has a counterexample of its own. */
START_TEST(what_decides_is_said_of_one_run)
{
	const char *page = page_of(CALL("report", SWALLOWS));

	assert_has(page, "another run than the one told");
	assert_has_not(page, "last way out");
	page = page_of(CALL("report", SEARCHED));
	assert_has(page, "decides it");
	assert_has(page, "last way out before move");
}
END_TEST

START_TEST(a_scenario_without_a_schedule_is_searched_for_a_counterexample)
{
	const char *page = page_of(CALL("report", SEARCHED));

	assert_has(page, "LOST WAKE-UP");
	assert_has(page, "id=\"tree-svg\"");
	assert_has(page, "id=\"ends-svg\"");
}
END_TEST

START_TEST(without_a_search_a_scenario_is_run_as_run_does)
{
	const char *page = page_of(CALL("report", SEARCHED, "--no-search"));

	assert_has(page, "✓ OK");
	assert_has_not(page, "id=\"tree-svg\"");
	page = page_of(CALL("report", SWALLOWS, "--no-search"));
	assert_has(page, "LOST WAKE-UP");
	assert_has_not(page, "id=\"tree-svg\"");
	assert_has_not(page, "id=\"diff-svg\"");
}
END_TEST

START_TEST(a_trace_is_told_as_it_is)
{
	const char *trace = in_folder("t.jsonl");
	char *text;
	const char *page;

	assert_code(CALL("run", SWALLOWS, "--profile", "starry-0.5.11",
			 "--trace", trace),
		    0);
	page = page_of(CALL("report", trace));
	assert_has(page, "LOST WAKE-UP");
	/* For those who have the scenario, and neither trace nor program. */
	assert_has(page, "id=\"command-1\">futexsim run swallows-wake.yaml "
			 "--profile starry-0.5.11<");
	assert_has_not(page, in_folder(""));
	assert_has(page, "of no search");
	text = content_of(trace, NULL);
	page = page_of(
		CALL_WITH(&(struct setting){.input = text}, "report", "-"));
	assert_has(page, "LOST WAKE-UP");
	assert_has(page, "id=\"command-1\">futexsim run ");
	free(text);
}
END_TEST

/* Each command of a report, in a shell that has its program in place. */
static void run_commands(const char *report, unsigned int wanted)
{
	char *page = content_of(report, NULL);
	unsigned int count = 0;
	char open[32], *command;

	for (;; count++) {
		snprintf(open, sizeof(open), "id=\"command-%u\">", count + 1);
		command = content(page, open, "<");
		if (!command)
			break;
		assert_code(program_shell(command), 0);
		free(command);
	}
	ck_assert_uint_eq(count, wanted);
	free(page);
}

START_TEST(commands_of_a_report_do_what_they_say)
{
	const char *report = in_folder("r.html");

	/* run, explain, explore: the last one writes files, elsewhere. */
	assert_code(CALL("report", SWALLOWS, "--no-search", "-o", report), 0);
	run_commands(report, 1);
	assert_code(CALL("report", "scenarios/verdicts/deadlock.yaml",
			 "--no-search", "-o", report),
		    0);
	run_commands(report, 1);
	assert_has(page_of(CALL("report", SWALLOWS)), " explain " SWALLOWS);
	assert_has(page_of(CALL("report", SWALLOWS)), " explore " SWALLOWS);
}
END_TEST

START_TEST(a_schedule_of_a_search_is_told_and_replayed)
{
	const char *folder = in_folder("bugs");
	char command[512], *path;
	const char *page;

	/* Bounded, and so without an answer. */
	assert_code(CALL("explore", SEARCHED, "--profile", "starry-0.5.11",
			 "--executions", "3000", "--schedules", folder),
		    4);
	snprintf(command, sizeof(command),
		 "%s/timeout-swallows-wake-searched-starry-0.5.11-"
		 "lost-wakeup.yaml",
		 folder);
	page = page_of(CALL("report", command));
	assert_has(page, "LOST WAKE-UP");
	path = content(page, "id=\"command-1\">", "<");
	assert_has(path, "futexsim replay timeout-");
	snprintf(command, sizeof(command), "cd %s && %s", folder, path);
	assert_code(program_shell(command), 0);
	free(path);
}
END_TEST

/* ---- a comment for a review -------------------------------------------- */

/* The options of a run, and the command that its trace gives. */
static const struct {
	const char *path;
	const char *options[6];
	const char *command;
} again[] = {
	{SWALLOWS,
	 {"-p", "starry-0.5.11"},
	 "run swallows-wake.yaml --profile starry-0.5.11"},
	/* This profile has no-waitv as it is. */
	{SWALLOWS,
	 {"-p", "starry-0.5.11", "--without", "timeout-swallows-wake", "--with",
	  "no-waitv"},
	 "run swallows-wake.yaml --profile starry-0.5.11 "
	 "--without timeout-swallows-wake"},
	{SWALLOWS,
	 {"-p", "linux", "--with", "timeout-swallows-wake", "--max-steps", "9"},
	 "run swallows-wake.yaml --profile linux --with timeout-swallows-wake "
	 "--max-steps 9"},
	{"scenarios/user/spin-then-sleep.yaml",
	 {"-plinux", "-P", "spins=2", "--random", "--seed", "3"},
	 "run spin-then-sleep.yaml --profile linux -P spins=2 --random "
	 "--seed 3"},
};
#define AGAIN ((int)(sizeof(again) / sizeof(again[0])))

/* In the folder of the scenario, it makes the same trace again. */
START_TEST(the_comment_has_the_command_that_makes_the_run_again)
{
	const char *const *o = again[_i].options;
	const char *first = in_folder("t.jsonl"),
		   *second = in_folder("u.jsonl");
	int folder = (int)(strrchr(again[_i].path, '/') - again[_i].path);
	char text[1024], *a, *b;
	size_t size = 0, other = 0;

	CALL("run", again[_i].path, "--trace", first, o[0], o[1], o[2], o[3],
	     o[4], o[5]);
	snprintf(text, sizeof(text), "```sh\nfutexsim %s\n```\n",
		 again[_i].command);
	assert_out(CALL("draw", first, "--to", "md"), text);
	snprintf(text, sizeof(text), "cd %.*s && futexsim %s --trace %s",
		 folder, again[_i].path, again[_i].command, second);
	program_shell(text);
	a = content_of(first, &size);
	b = content_of(second, &other);
	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(size, other);
	ck_assert_mem_eq(a, b, size);
	free(a);
	free(b);
}
END_TEST

/* A trace that was replayed does not say how it came about. */
START_TEST(what_no_option_chooses_is_replayed)
{
	const char *first = in_folder("t.jsonl"),
		   *second = in_folder("u.jsonl");

	CALL("run", SEARCHED, "-p", "linux", "--random", "--trace", first);
	CALL("replay", first, "--trace", second);
	assert_out(CALL("draw", second, "--to", "md"),
		   "```sh\nfutexsim replay u.jsonl\n```\n");
}
END_TEST

START_TEST(a_file_from_the_root_is_told_by_its_name)
{
	char path[PATH_MAX];
	const char *page;

	ck_assert_ptr_nonnull(realpath(SWALLOWS, path));
	page = page_of(CALL("report", path));
	assert_has(page, ">futexsim explain swallows-wake.yaml ");
	assert_has(page, ">futexsim explore swallows-wake.yaml ");
	assert_has_not(page, path);
}
END_TEST

/* ---- what it cannot ---------------------------------------------------- */

START_TEST(trouble_leaves_no_file)
{
	const char *report = in_folder("r.html");
	const char *bad = file_of("bad.yaml", "futexsim: 1\nnaem: x\n");

	assert_code(CALL("report", "nothing.yaml", "-o", report), 3);
	assert_code(CALL("report", bad, "-o", report), 3);
	assert_code(CALL("report", SWALLOWS, "-s", "nope", "-o", report), 2);
	assert_code(CALL("report", SWALLOWS, "-p", "linus", "-o", report), 2);
	assert_err(CALL("report", SWALLOWS, "-p", "linus", "-o", report),
		   "nearest: linux");
	assert_code(CALL("report", SWALLOWS, "--focus", "nope", "-o", report),
		    2);
	assert_code(CALL("report", "-o", report), 2);
	ck_assert_ptr_null(content_of(report, NULL));
	assert_code(CALL("report", SWALLOWS, "-o", in_folder("no/r.html")), 7);
}
END_TEST

START_TEST(what_is_there_stays_if_the_new_one_cannot_be_made)
{
	const char *report = file_of("r.html", "old");
	char *text;

	assert_code(CALL("report", SWALLOWS, "-s", "nope", "-o", report), 2);
	text = content_of(report, NULL);
	ck_assert_str_eq(text, "old");
	free(text);
}
END_TEST

START_TEST(the_help_names_its_options)
{
	const struct outcome *o = CALL("help", "report");

	assert_code(o, 0);
	assert_out(o, "--no-search");
	assert_out(o, "--schedule");
	assert_out(o, "report.html");
}
END_TEST

Suite *report_cli_suite(void)
{
	const TTest *const tests[] = {
		a_report_is_the_same_every_time,
		the_first_run_with_a_verdict_is_told,
		a_failing_run_is_held_against_the_nearest_that_passes,
		of_a_livelock_no_step_decides,
		what_decides_is_said_of_one_run,
		a_scenario_without_a_schedule_is_searched_for_a_counterexample,
		without_a_search_a_scenario_is_run_as_run_does,
		a_trace_is_told_as_it_is,
		commands_of_a_report_do_what_they_say,
		a_schedule_of_a_search_is_told_and_replayed,
		what_no_option_chooses_is_replayed,
		a_file_from_the_root_is_told_by_its_name,
		trouble_leaves_no_file,
		what_is_there_stays_if_the_new_one_cannot_be_made,
		the_help_names_its_options,
	};

	Suite *s = PROGRAM_SUITE("report-cli", tests);
	TCase *c = tcase_create("again");

	tcase_add_checked_fixture(c, folder_setup, folder_teardown);
	tcase_add_loop_test(
		c, the_comment_has_the_command_that_makes_the_run_again, 0,
		AGAIN);
	suite_add_tcase(s, c);
	return s;
}
