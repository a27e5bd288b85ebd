/*
 * test_replay_schedule.c - schedule files run again, and what a replay says
 * when the code, here the file, has changed.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"
#include "tests/written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RACE                                                                   \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0 timeout=10ms]\n"                    \
		 "  C: [futex_wait F 0]\n"                                     \
		 "  B: [store F 1, n = futex_wake F 1]\n"                      \
		 "schedule:\n"                                                 \
		 "  - A: until blocked\n"                                      \
		 "  - C: until blocked\n"                                      \
		 "  - timer: fire A\n"                                         \
		 "  - A: {after: woken.load, value: 0}\n"                      \
		 "  - B: until done\n"                                         \
		 "  - A: until done\n"                                         \
		 "expect: {threads: {C: blocked}}\n")

/* The race, in which A swallows B's wake-up. */
static char *race_file(void)
{
	char *file = again(RACE, "starry-0.5.11");

	assert_has(file, "\n  verdicts: [lost-wakeup]\n");
	return file;
}

/* The file with @from, which is there once, in place of @to. */
static const char *changed(const char *file, const char *from, const char *to)
{
	const char *at = strstr(file, from);
	const char *path;
	char *text;

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", from, file);
	ck_assert_int_ge(asprintf(&text, "%.*s%s%s", (int)(at - file), file, to,
				  at + strlen(from)),
			 0);
	path = file_of("changed.yaml", text);
	free(text);
	return path;
}

START_TEST(a_schedule_replays_and_has_the_exit_code_of_its_run)
{
	char *file = race_file();
	const char *path = file_of("race.yaml", file);
	const struct outcome *o;

	o = CALL("replay", path);
	assert_code(o, 1);
	assert_whole_err(o, "");
	assert_out(o, "lost-wakeup");
	assert_code(CALL("run", path), 1);
	o = CALL_WITH(&((struct setting){.input = file}), "replay", "-");
	assert_code(o, 1);
	o = CALL("replay", path, "--trace", in_folder("t.jsonl"));
	assert_code(o, 1);
	assert_code(CALL("replay", in_folder("t.jsonl")), 1);
	o = CALL("replay", path, "--format", "json");
	assert_out(o, "\"verdicts\": [{\"kind\": \"lost-wakeup\"");
	free(file);
	file = again(SCENARIO("threads: {A: [load F]}\n"), "linux");
	assert_code(CALL("replay", file_of("good.yaml", file)), 0);
	free(file);
}
END_TEST

START_TEST(a_step_limit_replays_as_one)
{
	struct run_request request =
		request_of(SCENARIO("threads:\n"
				    "  A: [{repeat: 100, do: [load F]}]\n"),
			   "linux");
	const char *path;
	struct run run;
	char *file;

	request.wants_trace = true;
	request.steps_max = 77;
	play_request(&request, &run);
	file = written(&run);
	assert_has(file, "\n  max_steps: 77\n");
	path = file_of("limit.yaml", file);
	assert_code(CALL("replay", path), 4);
	assert_code(CALL("run", path), 4);
	free(file);
}
END_TEST

START_TEST(the_move_that_breaks_the_machine_is_in_a_trace_too)
{
	const char *path = file_of(
		"bug.yaml", SCENARIO("threads: {A: [aspace_lock, aspace_lock], "
				     "B: [load F]}\n"));
	const char *trace = in_folder("t.jsonl");
	const struct outcome *o;

	o = CALL("run", path, "--random", "--trace", trace);
	assert_code(o, 1);
	assert_out(o, "kernel-bug");
	o = CALL("replay", trace);
	assert_code(o, 1);
	assert_out(o, "kernel-bug");
}
END_TEST

START_TEST(a_line_that_cannot_be_carried_out_is_where_a_replay_diverges)
{
	char *file = race_file();
	const char *path =
		changed(file, "- B: until done", "- B: until blocked");
	const struct outcome *o = CALL("replay", path);

	assert_code(o, 5);
	assert_err(o, "changed.yaml:15:5: error: the replay diverges here: 'B: "
		      "until blocked' cannot be carried out: B has ended");
	free(file);
}
END_TEST

START_TEST(the_first_line_that_makes_other_steps_is_named)
{
	char *file = race_file();
	const struct outcome *o;

	/* As if the code had been repaired: A's last steps are others. */
	o = CALL("replay", changed(file, "schedule:\n",
				   "quirks: {without: "
				   "[timeout-swallows-wake]}\nschedule:\n"));
	assert_code(o, 5);
	assert_err(o, "changed.yaml:17:5: error: the replay diverges here: ");
	assert_err(o, "      - A: until done ");
	assert_err(o, "\n  recorded: ");
	assert_err(o, " steps, lost-wakeup\n  replayed: ");
	assert_err(o, " steps, no verdict\n");
	/* As many steps, but the first is another one. */
	o = CALL("replay", changed(file, "store F 1", "xchg F 1"));
	assert_code(o, 5);
	assert_err(o, "changed.yaml:15:5: error: the replay diverges here: as "
		      "many steps as recorded, but others: user.xchg, ");
	free(file);
}
END_TEST

START_TEST(another_verdict_diverges_too)
{
	char *file = race_file();
	const struct outcome *o;

	o = CALL("replay", changed(file, "[lost-wakeup]", "[deadlock, leak]"));
	assert_code(o, 5);
	assert_err(o, "error: the replay makes the recorded steps and ends "
		      "otherwise\n");
	assert_err(o, " steps, deadlock, leak\n");
	assert_err(o, " steps, lost-wakeup\n");
	free(file);
}
END_TEST

START_TEST(a_replay_takes_one_run)
{
	const struct outcome *o;

	o = CALL("replay",
		 file_of("none.yaml", SCENARIO("threads: {A: [load F]}\n")));
	assert_code(o, 3);
	assert_err(o, "none.yaml:1:1: error: no schedule: ");
	o = CALL("replay",
		 file_of("two.yaml", SCENARIO("threads: {A: [load F]}\n"
					      "schedules: {x: [A: next], "
					      "y: [A: next]}\n")));
	assert_code(o, 3);
	assert_err(o, "error: several schedules: ");
	o = CALL("replay", file_of("profiles.yaml",
				   SCENARIO("threads: {A: [load F]}\n"
					    "profile: [linux, starry-0.5.11]\n"
					    "schedule: [A: next]\n")));
	assert_code(o, 3);
	assert_err(o, "error: several profiles: ");
	o = CALL("replay",
		 file_of("prefix.yaml", SCENARIO("threads: {A: [load F]}\n"
						 "schedule: [A: next, "
						 "explore]\n")));
	assert_code(o, 3);
	assert_err(o, "error: a schedule that ends in `explore`: ");
	o = CALL("replay",
		 file_of("braces.yaml", "\n {\"futexsim\": 1, name: x, "
					"threads: {A: [yield]}, "
					"schedule: [A: next]}\n"));
	assert_code(o, 0);
}
END_TEST

Suite *replay_schedule_suite(void)
{
	const TTest *const tests[] = {
		a_schedule_replays_and_has_the_exit_code_of_its_run,
		a_step_limit_replays_as_one,
		the_move_that_breaks_the_machine_is_in_a_trace_too,
		a_line_that_cannot_be_carried_out_is_where_a_replay_diverges,
		the_first_line_that_makes_other_steps_is_named,
		another_verdict_diverges_too,
		a_replay_takes_one_run,
	};
	Suite *suite = suite_create("replay_schedule");
	TCase *tc = tcase_create("replay_schedule");
	size_t i;

	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	tcase_add_checked_fixture(tc, folder_setup, folder_teardown);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return suite;
}
