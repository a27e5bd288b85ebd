/*
 * test_schedule.c - runs written down as schedules: what they say, and that
 * they do the same run again.
 */
#include "tests/suites.h"
#include "tests/written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int again_count;

static void write_and_do(const struct run *run)
{
	char *text = written(run);

	again_count++;
	assert_does(text, run->trace);
	free(text);
}

static void do_shipped(const struct run *run)
{
	const struct scenario *s = run->request.scenario;
	struct run_request request = run->request;
	struct run random;
	uint64_t seed;

	/* A run of many does not say what it should have reached. */
	request.is_one_of_many = true;
	run_scenario(&machine, &request, &random);
	write_and_do(&random);
	trace_free(random.trace);
	if (request.schedule && request.schedule != s->schedules)
		return;
	request.mode = RUN_RANDOM;
	request.schedule = NULL;
	for (seed = 1; seed <= 4; seed++) {
		request.seed = seed;
		run_scenario(&machine, &request, &random);
		write_and_do(&random);
		trace_free(random.trace);
	}
	request.seed = 5;
	request.steps_max = 20;
	run_scenario(&machine, &request, &random);
	write_and_do(&random);
	trace_free(random.trace);
}

/*
 * Each schedule as it stands, four random runs of each profile, and one that is
 * stopped after 20 steps.
 */
START_TEST(every_run_of_the_shipped_scenarios_survives_being_written_down)
{
	unsigned int files;

	again_count = 0;
	files = each_shipped_run(do_shipped);
	ck_assert_uint_gt(files, 100);
	ck_assert_uint_gt(again_count, 6 * files);
}
END_TEST

/* ---- what the lines say ------------------------------------------------ */

START_TEST(a_block_ends_where_its_thread_does_sleeps_or_is_stopped)
{
	char *file = again(SCENARIO("threads:\n"
				    "  A: [futex_wait F 0, load F, load F, "
				    "load F]\n"
				    "  B: [store F 1, futex_wake F 1]\n"
				    "  C: [load G]\n"
				    "schedule:\n"
				    "  - A: until blocked\n"
				    "  - B: after user.store\n"
				    "  - C: next\n"
				    "  - B: until done\n"
				    "  - A: next\n"
				    "  - A: 2 steps\n"
				    "  - A: until done\n"),
			   "linux");

	assert_has(file, "\n  - A: until blocked  ");
	assert_has(file, "\n  - B: after user.store  ");
	/* Three lines of A are one block. */
	assert_has(file, "\n  - B: until done  ");
	assert_has(file, "\n  - A: until done  ");
	free(file);
}
END_TEST

START_TEST(a_point_that_is_passed_before_is_counted)
{
	/* Of A's loads the second is the last one before B moves. */
	char *file = again(SCENARIO("threads:\n"
				    "  A: [load F, load F, load F]\n"
				    "  B: [load G]\n"
				    "schedule:\n"
				    "  - A: 2 steps\n"
				    "  - B: until done\n"
				    "  - A: until done\n"),
			   "linux");

	assert_has(file, "\n  - A: {after: user.load, nth: 2}  ");
	assert_has(file, "# 2 steps, in load F\n");
	free(file);
}
END_TEST

START_TEST(clock_timers_and_signals_have_lines_of_their_own)
{
	char *file = again(SCENARIO("threads:\n"
				    "  A: [futex_wait F 0 timeout=10ms]\n"
				    "  B: [futex_wait F 0]\n"
				    "  C: [futex_wait F 0]\n"
				    "  D: [futex_wait F 0]\n"
				    "schedule:\n"
				    "  - all: until stuck\n"
				    "  - clock: advance 1500us\n"
				    "  - clock: advance 9ms\n"
				    "  - signal: B\n"
				    "  - {signal: C, number: SIGTERM}\n"
				    "  - spurious: D\n"
				    "  - all: until stuck\n"
				    "expect: {threads: {D: blocked}}\n"),
			   "linux");

	assert_has(file, "\n  - clock: advance 1500us\n");
	/* The deadline is 10ms; 0.5ms are left of the second line. */
	assert_has(file, "\n  - timer: fire A\n");
	assert_has(file, "\n  - clock: advance 500us\n");
	assert_has(file, "\n  - signal: B\n");
	assert_has(file, "\n  - {signal: C, number: 15}\n");
	assert_has(file, "\n  - spurious: D\n");
	free(file);
}
END_TEST

START_TEST(a_check_that_failed_is_written_where_it_failed)
{
	char *file = again(SCENARIO("threads:\n"
				    "  A: [store F 1, store F 2]\n"
				    "schedule:\n"
				    "  - A: next\n"
				    "  - check: F == 1\n"
				    "  - check: F == 2\n"
				    "  - A: next\n"
				    "  - {check: F == 3}\n"),
			   "linux");

	assert_has_not(file, "F == 1");
	assert_has(file, "  # 1 step, in store F 1\n"
			 "  - check: F == 2\n"
			 "  - A: until done ");
	assert_has(file, "\n  - {check: F == 3}\n");
	assert_has(file, "\n  verdicts: [expectation]\n");
	free(file);
}
END_TEST

START_TEST(who_is_meant_to_be_stuck_may_sleep_in_the_replay_too)
{
	char *file = again(SCENARIO("threads: {A: [futex_wait F 0]}\n"
				    "schedule: [A: until stuck]\n"),
			   "linux");

	assert_has(file, "\n  - A: until stuck\n");
	assert_has(file, "\n  verdicts: []\n");
	free(file);
}
END_TEST

START_TEST(the_move_that_breaks_the_machine_is_part_of_the_schedule)
{
	/* It is announced and never made: no event tells of it. */
	char *file = again(SCENARIO("threads: {A: [aspace_lock, "
				    "aspace_lock]}\n"),
			   "linux");

	assert_has(file, "\n  - A: next ");
	assert_has(file, "\n  verdicts: [kernel-bug]\n");
	free(file);
}
END_TEST

START_TEST(a_limit_that_only_the_clock_would_pass_is_kept)
{
	struct run_request request =
		request_of(SCENARIO("threads:\n"
				    "  A: [futex_wait F 0 timeout=1ms]\n"),
			   "linux");
	struct run run;
	char *file;

	/* Whatever A takes to get to sleep, its timer comes right after. */
	request.mode = RUN_SCRIPT;
	request.wants_trace = true;
	play_request(&request, &run);
	for (request.steps_max = 0;
	     run.trace->events[request.steps_max].kind != EVENT_TIMER_FIRE;
	     request.steps_max++)
		continue;
	request.steps_max -= run.trace->event_count - run.trace->step_count;
	for (; request.steps_max < 100; request.steps_max++) {
		play_request(&request, &run);
		if (!sim_can_any_move(&machine))
			break;
	}
	ck_assert(sim_has_verdict(&machine, VERDICT_STEP_LIMIT));
	file = written(&run);
	assert_has(file, "\n  - clock: advance 1ns ");
	assert_has(file, "\n  verdicts: [step-limit]\n");
	assert_does(file, run.trace);
	free(file);
}
END_TEST

START_TEST(quirks_that_were_asked_for_are_in_the_file_and_no_bug_is_meant)
{
	struct run_request request =
		request_of(SCENARIO("expected_bug: {id: X, kind: deadlock}\n"
				    "threads: {A: [store F 1]}\n"),
			   "starry-0.5.11");
	uint64_t own = request.quirks;
	struct scenario *s;
	uint64_t quirks;
	struct run run;
	char *file;

	request.wants_trace = true;
	request.is_overridden = true;
	request.quirks &= ~(UINT64_C(1) << quirk_find("timeout-swallows-wake"));
	request.quirks |= UINT64_C(1) << quirk_find("no-cancel-cleanup");
	ck_assert_uint_ne(request.quirks, own);
	play_request(&request, &run);
	file = written(&run);
	assert_has(file, "\nquirks: {with: [no-cancel-cleanup], "
			 "without: [timeout-swallows-wake]}\n");
	assert_has_not(file, "expected_bug");
	s = scenario_of(file);
	ck_assert_int_eq(run_quirks(s, "starry-0.5.11", &quirks), 0);
	ck_assert_uint_eq(quirks, request.quirks);
	scenario_free(s);
	assert_does(file, run.trace);
	free(file);
}
END_TEST

/* ---- the text around them ---------------------------------------------- */

START_TEST(what_belongs_to_a_cut_key_goes_with_it_and_no_more)
{
	char *file = again("# of the file\n"
			   "futexsim: 1\n"
			   "name: cut\n"
			   "# of the profile\n"
			   "profile: [linux, starry-0.5.11]\n"
			   "\n"
			   "# of the summary\n"
			   "summary: \"has\n"
			   "\n"
			   "# a sign in it\"\n"
			   "# of the schedules\n"
			   "schedules:\n"
			   "  one:\n"
			   "    - A: next # in a line\n"
			   "    # in a list\n"
			   "\n"
			   "  # at the end of one\n"
			   "# of the memory\n"
			   "memory: {words: {F: 0}} # behind\n"
			   "threads:\n"
			   "  A: [load F]\n"
			   "...\n"
			   "# after the end\n",
			   "linux");

	assert_has(file, "# of the file\nfutexsim: 1\nname: cut\n\n"
			 "# of the summary\nsummary: \"has\n\n"
			 "# a sign in it\"\n"
			 "# of the memory\nmemory: {words: {F: 0}} # behind\n"
			 "threads:\n  A: [load F]\nprofile: linux\n"
			 "schedule:\n  - A: until done");
	assert_has_not(file, "of the profile");
	assert_has_not(file, "of the schedules");
	assert_has_not(file, "in a l");
	assert_has_not(file, "at the end of one");
	assert_has_not(file, "...");
	free(file);
}
END_TEST

START_TEST(a_file_that_stands_further_right_stays_there)
{
	char *file = again("---\n"
			   "  futexsim: 1\n"
			   "  name: right\n"
			   "  threads:\n"
			   "    A: [yield]\n"
			   "  schedule:\n"
			   "  - A: next",
			   "linux");

	assert_has(file, "\n  schedule:\n    - A: until done");
	free(file);
}
END_TEST

START_TEST(a_file_in_braces_becomes_one_in_lines)
{
	char *file = again("{futexsim: 1, name: braces,\n"
			   "summary: one line\n and another \\ \"one\",\n"
			   "schedule: [A: next, {check: F == 0}],\n"
			   "memory: {words:\n"
			   "{F: 0}\n"
			   "}, # a remark\n"
			   "threads: {A: [\n"
			   "load F, # another\n"
			   "load F]},\n"
			   "expect: {always: [{name: x, "
			   "that: not returned(A, ETIMEDOUT)}]}}\n",
			   "linux");

	assert_has(file, "futexsim: 1\nname: braces\n"
			 "summary: \"one line and another \\\\ \\\"one\\\"\"\n"
			 "memory: {words:\n{F: 0}\n}\nthreads: {A: [\n");
	free(file);
}
END_TEST

START_TEST(what_is_written_down_can_be_written_down_again)
{
	char *file = again(SCENARIO("threads:\n"
				    "  A: [futex_wait F 0]\n"
				    "  B: [store F 1, futex_wake F 1]\n"),
			   "linux");
	char *second = again(file, "linux");

	/* All but the remarks, which are of the same operations too. */
	ck_assert_str_eq(second, file);
	free(second);
	free(file);
}
END_TEST

START_TEST(what_is_recorded_has_to_be_whole)
{
	static const char *const broken[] = {
		"recorded: {verdicts: [], steps: 1}\n",
		"recorded: {verdicts: [bug], steps: 1, digest: "
		"\"0123456789abcdef\"}\n",
		"recorded: {verdicts: [], steps: 1, digest: 0123}\n",
		"recorded: {verdicts: [], steps: 1, digest: "
		"\"0123456789abcdef\", blocks: [1]}\n",
		"recorded: {verdicts: [], steps: 1, digest: "
		"\"0123456789abcdef\", blocks: [1-12345]}\n",
		"recorded: {verdicts: [], steps: x, digest: "
		"\"0123456789abcdef\"}\n",
	};
	size_t i;

	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char text[512];
		struct diagnostics d;

		snprintf(text, sizeof(text),
			 SCENARIO("threads: {A: [load F]}\n%s"), broken[i]);
		diagnostics_init(&d, "test.yaml");
		ck_assert_ptr_null(
			scenario_parse("test.yaml", text, strlen(text), &d));
		ck_assert_uint_eq(d.count, 1);
		ck_assert_int_eq(d.items[0].line, 5);
		diagnostics_fini(&d);
	}
}
END_TEST

Suite *schedule_suite(void)
{
	const TTest *const tests[] = {
		every_run_of_the_shipped_scenarios_survives_being_written_down,
		a_block_ends_where_its_thread_does_sleeps_or_is_stopped,
		a_point_that_is_passed_before_is_counted,
		clock_timers_and_signals_have_lines_of_their_own,
		a_check_that_failed_is_written_where_it_failed,
		who_is_meant_to_be_stuck_may_sleep_in_the_replay_too,
		the_move_that_breaks_the_machine_is_part_of_the_schedule,
		a_limit_that_only_the_clock_would_pass_is_kept,
		quirks_that_were_asked_for_are_in_the_file_and_no_bug_is_meant,
		what_belongs_to_a_cut_key_goes_with_it_and_no_more,
		a_file_that_stands_further_right_stays_there,
		a_file_in_braces_becomes_one_in_lines,
		what_is_written_down_can_be_written_down_again,
		what_is_recorded_has_to_be_whole,
	};

	return MACHINE_SUITE("schedule", tests);
}
