/*
 * test_explore.c - futexsim explore and futexsim test as a user calls them:
 * what is written, what is said, the exit codes.
 */
#define _GNU_SOURCE
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Two stores to one word: two interleavings, and F is 1 or 2 in the end.  The
 * expectation holds in one of them.
 */
#define STORES                                                                 \
	SCENARIO("profile: linux\n"                                            \
		 "threads: {A: [store F 1], B: [store F 2]}\n")
#define STORES_RIGHT_ONCE STORES "expect: {words: {F: 2}}\n"

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

START_TEST(every_outcome_and_verdict_gets_a_schedule_that_replays)
{
	const char *path = file_of("s.yaml", STORES_RIGHT_ONCE);
	const char *bugs = in_folder("bugs");
	const struct outcome *o;

	o = CALL("explore", path, "--schedules", bugs);
	assert_code(o, 1);
	assert_out(o, "in-a-test, profile linux: dpor at granularity kernel, "
		      "exhaustive\n  2 runs (0 blocked), ");
	assert_out(o, "  expectation in 1 run, 0 preemptions\n    F is 1, not "
		      "2\n    replay: ");
	assert_out(o, "\nnot as expected: expectation");
	assert_code(CALL("replay", in_folder("bugs/in-a-test-linux-"
					     "expectation.yaml")),
		    1);
	/* Outcomes come by verdicts: the good one is the first. */
	assert_code(CALL("replay",
			 in_folder("bugs/in-a-test-linux-outcome-1.yaml")),
		    0);
	o = CALL("replay", in_folder("bugs/in-a-test-linux-outcome-2.yaml"));
	assert_code(o, 1);
	assert_out(o, "F is 1, not 2");
	ck_assert(!is_there(in_folder("bugs/in-a-test-linux-outcome-3.yaml")));
}
END_TEST

START_TEST(the_command_that_a_search_tells_replays_the_bug)
{
	const char *path = file_of("s.yaml", STORES_RIGHT_ONCE);
	const struct outcome *o;
	char *report, *command;

	o = CALL("explore", path, "--schedules", in_folder("it's $HOME"));
	report = strdup(o->out);
	command = strstr(report, "    replay: ");
	ck_assert_ptr_nonnull(command);
	command += strlen("    replay: ");
	*strchr(command, '\n') = '\0';
	o = program_shell(command);
	assert_code(o, 1);
	assert_out(o, "F is 1, not 2");
	free(report);
}
END_TEST

START_TEST(no_folder_is_made_for_nothing)
{
	const char *path = file_of("s.yaml", STORES);

	assert_code(CALL("explore", path, "--schedules", "none"), 0);
	ck_assert_uint_eq(folder_count(), 1);
	assert_code(CALL("explore", path, "--schedules",
			 in_folder("no/such/folder")),
		    7);
	ck_assert_uint_eq(folder_count(), 1);
}
END_TEST

START_TEST(the_first_verdict_gets_a_trace_and_a_picture)
{
	const char *path = file_of("s.yaml", STORES_RIGHT_ONCE);
	const char *trace = in_folder("t.jsonl");
	const struct outcome *o;

	o = CALL("explore", path, "--schedules", "none", "--trace", trace, "-o",
		 in_folder("p.txt"));
	assert_code(o, 1);
	assert_out(o, "    trace: ");
	ck_assert(is_there(in_folder("p.txt")));
	o = CALL("replay", trace);
	assert_code(o, 1);
	assert_out(o, "F is 1, not 2");
	o = CALL("explore", path, "-o", in_folder("p.xyz"));
	assert_code(o, 2);
	assert_err(o, "p.xyz' does not end in one of .svg ");
}
END_TEST

START_TEST(a_run_of_a_search_need_not_reach_what_others_do)
{
	/* F is 2 at the end if B comes last; B comes first in the other. */
	const char *path = file_of("s.yaml", STORES
				   "expect:\n"
				   "  words: {F: 1}\n"
				   "  reachable:\n"
				   "    - {name: b-first, that: F == 2 and not "
				   "done(A)}\n");
	const char *trace = in_folder("t.jsonl");
	const struct outcome *o;

	o = CALL("explore", path, "--schedules", in_folder("bugs"), "--trace",
		 trace);
	assert_code(o, 1);
	assert_out(o, "  b-first  Sometimes 1 of 2\n");
	o = CALL("replay", trace);
	assert_code(o, 1);
	ck_assert_ptr_null(strstr(o->out, "b-first"));
	o = CALL("replay", in_folder("bugs/in-a-test-linux-expectation.yaml"));
	assert_code(o, 1);
	ck_assert_ptr_null(strstr(o->out, "b-first"));
	o = CALL("run", in_folder("bugs/in-a-test-linux-expectation.yaml"));
	ck_assert_ptr_null(strstr(o->out, "b-first"));
}
END_TEST

START_TEST(a_search_begins_where_a_schedule_ends_that_says_so)
{
	const char *path = file_of("s.yaml", STORES
				   "schedules:\n"
				   "  plain: [A: next]\n"
				   "  a-first: [A: next, explore]\n"
				   "  stuck: [A: until stuck, explore]\n");
	const struct outcome *o;

	/* A has stored already: one interleaving is left. */
	o = CALL("explore", path, "--schedules", in_folder("bugs"),
		 "--schedule", "a-first");
	assert_code(o, 0);
	assert_out(o, "in-a-test, from the end of schedule a-first, profile");
	assert_out(o, "  1 run (0 blocked)");
	assert_out(o, "  1 schedule left aside: ");
	ck_assert(is_there(
		in_folder("bugs/in-a-test-linux-a-first-outcome-1.yaml")));
	o = CALL("explore", path, "--schedule", "plain");
	assert_code(o, 2);
	assert_whole_err(o, "futexsim: error: schedule 'plain' does not end in "
			    "`- explore`: no search begins there\n");
	o = CALL("explore", path, "--schedule", "stuck");
	assert_code(o, 3);
	assert_err(o, "s.yaml:9:11: error: 'A: until stuck' cannot be");
}
END_TEST

START_TEST(the_highest_exit_code_of_several_searches_counts)
{
	/* The quirk is in the first profile only; each is told by itself. */
	const struct outcome *o =
		CALL("explore",
		     file_of("p.yaml", SCENARIO("profile: [starry-0.5.11, "
						"linux]\n"
						"threads: {A: [load F]}\n")),
		     "--schedules", "none", "--format", "json");
	const char *second;

	assert_code(o, 0);
	assert_out(o, "{\"scenario\": \"in-a-test\", \"profile\": "
		      "\"starry-0.5.11\", ");
	second = strstr(o->out, "}\n{\"scenario\": \"in-a-test\", "
				"\"profile\": \"linux\", ");
	ck_assert_ptr_nonnull(second);
	o = CALL("explore", file_of("s.yaml", STORES), "--executions", "1",
		 "--schedules", "none");
	assert_code(o, 0);
	o = CALL("explore",
		 file_of("c.yaml", STORES "expect: {coverage: exhaustive}\n"),
		 "--executions", "1", "--schedules", "none");
	assert_code(o, 4);
	assert_out(o, "(bound hit: executions 1)\n");
}
END_TEST

START_TEST(an_interrupt_ends_a_search_and_not_its_report)
{
	const char *path = file_of(
		"long.yaml",
		SCENARIO("profile: linux\n"
			 "threads: {T: {count: 6, run: [{repeat: 20, do: "
			 "[fetch_add F 1]}]}}\n"));
	const struct outcome *o;
	char *command;

	/* A file of its state says that it is at work, with runs behind it. */
	ck_assert_int_gt(
		asprintf(&command,
			 "'%s' explore --strategy dfs --schedules none "
			 "--checkpoint '%s/state' '%s' &\n"
			 "for i in $(seq 600); do "
			 "[ -s '%s/state' ] && break; sleep 0.1; done\n"
			 "kill -INT $!; wait $!\n",
			 program_path(), folder_path(), path, folder_path()),
		0);
	o = program_shell(command);
	free(command);
	assert_code(o, 130);
	assert_out(o, "; interrupted\n");
	assert_out(o, "F=120");
	assert_whole_err(o, "");
}
END_TEST

START_TEST(the_test_command_searches_where_a_file_asks_for_it)
{
	const struct outcome *o;

	file_of("a.yaml", STORES "explore: {strategy: dpor}\n");
	file_of("b.yaml", STORES "schedules:\n"
				 "  plain: [A: next, B: next]\n"
				 "  searched: [A: next, explore]\n");
	file_of("c.yaml", STORES);
	o = CALL("test", folder_path());
	assert_code(o, 0);
	assert_out(o, "/a.yaml [linux, search: 2 runs]\n");
	assert_out(o, "/b.yaml [linux, plain]\n");
	assert_out(o, "/b.yaml [linux, searched, search: 1 run]\n");
	assert_out(o, "/c.yaml [linux]\n4 passed, 0 failed\n");
	ck_assert_uint_eq(folder_count(), 3);
	file_of("a.yaml", STORES_RIGHT_ONCE "explore: {strategy: dpor}\n");
	o = CALL("test", folder_path());
	assert_code(o, 1);
	assert_out(o, "FAIL  ");
	assert_out(o, "      expectation in 1 runs: F is 1, not 2\n");
}
END_TEST

START_TEST(what_a_search_has_written_is_run_and_not_searched_again)
{
	const struct outcome *o;

	CALL("explore", file_of("s.yaml", STORES "explore: {strategy: dpor}\n"),
	     "--schedules", folder_path());
	ck_assert_uint_eq(folder_count(), 3);
	o = CALL("test", folder_path());
	assert_code(o, 0);
	assert_out(o, "/in-a-test-linux-outcome-1.yaml [linux]\n");
	assert_out(o, "3 passed, 0 failed\n");
}
END_TEST

Suite *explore_suite(void)
{
	const TTest *const tests[] = {
		every_outcome_and_verdict_gets_a_schedule_that_replays,
		the_command_that_a_search_tells_replays_the_bug,
		no_folder_is_made_for_nothing,
		the_first_verdict_gets_a_trace_and_a_picture,
		a_run_of_a_search_need_not_reach_what_others_do,
		a_search_begins_where_a_schedule_ends_that_says_so,
		the_highest_exit_code_of_several_searches_counts,
		an_interrupt_ends_a_search_and_not_its_report,
		the_test_command_searches_where_a_file_asks_for_it,
		what_a_search_has_written_is_run_and_not_searched_again,
	};

	return PROGRAM_SUITE("explore", tests);
}
