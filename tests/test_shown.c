/*
 * test_shown.c - futexsim minimize and futexsim explain as a user calls
 * them: what is written, what is said, the exit codes.
 */
#define _GNU_SOURCE
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Both load 0 before one stores: F is 1 and not 2. */
#define UPDATES                                                                \
	SCENARIO("profile: linux\n"                                            \
		 "threads:\n"                                                  \
		 "  A: [n = load F, store F n+1]\n"                            \
		 "  B: [n = load F, store F n+1]\n"                            \
		 "expect: {words: {F: 2}}\n")
/* A is put aside once, and B too: that is not needed. */
#define UPDATE_LOST                                                            \
	UPDATES                                                                \
	"schedule:\n"                                                          \
	"  - A: 1 step\n"                                                      \
	"  - B: 1 step\n"                                                      \
	"  - A: until done\n"                                                  \
	"  - B: until done\n"

/* A loses the wake-up that B has charged it with. */
#define RACE                                                                   \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0 timeout=10ms]\n"                    \
		 "  C: [futex_wait F 0]\n"                                     \
		 "  B: [store F 1, n = futex_wake F 1]\n"                      \
		 "expect: {threads: {C: blocked}}\n")
#define RACE_LOST                                                              \
	RACE "schedule:\n"                                                     \
	     "  - A: until blocked\n"                                          \
	     "  - C: until blocked\n"                                          \
	     "  - timer: fire A\n"                                             \
	     "  - A: {after: woken.load, value: 0}\n"                          \
	     "  - B: until done\n"                                             \
	     "  - A: until done\n"

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static void assert_same_files(const char *a, const char *b)
{
	char *one = content_of(a, NULL), *other = content_of(b, NULL);

	ck_assert_ptr_nonnull(one);
	ck_assert_str_eq(one, other);
	free(one);
	free(other);
}

/* ---- minimize ---------------------------------------------------------- */

START_TEST(a_minimised_schedule_replays_to_the_same_verdict)
{
	const char *path = file_of("s.yaml", UPDATE_LOST);
	const char *less = in_folder("less.yaml");
	const struct outcome *o;

	o = CALL("minimize", path, "-o", less);
	assert_code(o, 0);
	ck_assert_str_eq(o->out, "");
	/* A, B, B, A or B, A, A, B: one thread is put aside. */
	assert_whole_err(o,
			 "expectation: 2 preemptions, 4 steps before; 1 "
			 "preemption, 4 steps after\n"
			 "fewer preemptions are ruled out: every such run was "
			 "made\n");
	o = CALL("replay", less);
	assert_code(o, 1);
	assert_out(o, "F is 1, not 2");
	/* And it is as small as it gets. */
	o = CALL("minimize", less, "-o", in_folder("again.yaml"));
	assert_err(o, "expectation: 1 preemption, 4 steps before; 1 "
		      "preemption, 4 steps after\n");
	assert_same_files(less, in_folder("again.yaml"));
}
END_TEST

START_TEST(standard_output_and_input_will_do)
{
	char *file;
	const struct outcome *o;

	o = CALL_WITH(&((struct setting){.input = UPDATE_LOST}), "minimize",
		      "-");
	assert_code(o, 0);
	assert_out(o, "\nschedule:\n");
	assert_err(o, "1 preemption, 4 steps after");
	file = strdup(o->out);
	o = CALL_WITH(&((struct setting){.input = file}), "replay", "-");
	assert_code(o, 1);
	o = CALL_WITH(&((struct setting){.input = file}), "minimize", "-",
		      "--quiet");
	assert_whole_err(o, "");
	ck_assert_str_eq(o->out, file);
	free(file);
}
END_TEST

START_TEST(a_trace_is_as_good_as_a_schedule)
{
	const char *path = file_of("s.yaml", RACE_LOST);
	const char *trace = in_folder("t.jsonl");
	const char *less = in_folder("less.yaml");
	const struct outcome *o;

	assert_code(CALL("run", path, "-p", "starry-0.5.11", "--trace", trace),
		    1);
	o = CALL("minimize", trace, "-o", less, "--trace",
		 in_folder("less.jsonl"));
	assert_code(o, 0);
	assert_err(o, "lost-wakeup: 1 preemption, ");
	o = CALL("replay", less);
	assert_code(o, 1);
	assert_out(o, "lost-wakeup");
	assert_code(CALL("replay", in_folder("less.jsonl")), 1);
	o = CALL("explain", trace);
	assert_code(o, 0);
	assert_out(o, " decides it: ");
}
END_TEST

START_TEST(minimize_tells_a_program_as_well)
{
	const char *path = file_of("s.yaml", UPDATE_LOST);
	const struct outcome *o;

	o = CALL("minimize", path, "-o", in_folder("less.yaml"), "--format",
		 "json");
	assert_code(o, 0);
	assert_out(o, "\"verdict\": \"expectation\", \"granularity\": "
		      "\"kernel\", \"before\": {\"preemptions\": 2, \"steps\": "
		      "4}, \"after\": {\"preemptions\": 1, \"steps\": 4}, "
		      "\"fewer_ruled_out\": true, \"schedule\": ");
	o = CALL("minimize", path, "-o", in_folder("p.txt"));
	assert_code(o, 0);
	assert_out(o, "\nrecorded:\n");
	ck_assert(is_there(in_folder("p.txt")));
}
END_TEST

/* With one run there is no telling. */
START_TEST(a_budget_that_is_too_small_is_said_so)
{
	const char *path = file_of("s.yaml", UPDATE_LOST);
	const struct outcome *o;

	o = CALL("minimize", path, "-o", in_folder("less.yaml"), "--budget",
		 "1");
	assert_code(o, 0);
	assert_err(o, "fewer preemptions were not found with --budget 1, and "
		      "are not ruled out\n");
	o = CALL("explain", path, "--budget", "1");
	assert_code(o, 4);
	assert_out(o, "inconclusive: --budget 1 was not enough\n");
	o = CALL("explain", path, "--budget", "1", "--format", "json");
	assert_code(o, 4);
	assert_out(o, "\"conclusion\": \"inconclusive\"");
}
END_TEST

/* What the schedule does, the environment need not let happen by itself. */
START_TEST(signals_and_deadlines_of_the_schedule_may_happen)
{
	const char *path = file_of(
		"s.yaml",
		SCENARIO("profile: linux\n"
			 "threads:\n"
			 "  A: [r = futex_wait F 0, assert r == 0]\n"
			 "  B: [s = futex_wait G 0 timeout=1ms, store F 1,\n"
			 "      futex_wake F 1]\n"
			 "explore: {environment: {timeouts: never}}\n"
			 "schedule:\n"
			 "  - A: until blocked\n"
			 "  - B: until blocked\n"
			 "  - clock: advance 3ms\n"
			 "  - signal: A\n"
			 "  - A: until done\n"
			 "  - B: until done\n"));
	const struct outcome *o;

	o = CALL("minimize", path, "-o", in_folder("less.yaml"));
	assert_code(o, 0);
	o = CALL("replay", in_folder("less.yaml"));
	assert_code(o, 1);
	assert_out(o, "assertion");
	/* Until A gives up for the signal, a wake-up that comes is its own. */
	o = CALL("explain", path, "--format", "json");
	assert_code(o, 0);
	assert_out(o, "\"thread\": \"A\", \"point\": \"cancelled.store\"");
}
END_TEST

/* A call that is preempted is not one of granularity `call`. */
START_TEST(a_run_that_is_finer_is_taken_as_it_is)
{
	const char *path = file_of("s.yaml", RACE_LOST);
	const struct outcome *o;

	o = CALL("minimize", path, "-p", "starry-0.5.11", "--granularity",
		 "call", "-o", in_folder("less.yaml"));
	assert_code(o, 0);
	assert_err(o, "minimised at granularity kernel\nlost-wakeup: ");
	o = CALL("minimize", file_of("u.yaml", UPDATE_LOST), "--granularity",
		 "call");
	assert_code(o, 0);
	assert_out(o, "\n  granularity: call\n");
}
END_TEST

START_TEST(what_shows_nothing_cannot_be_made_less)
{
	const char *const good = UPDATES "schedule: [A: until done, B: until "
					 "done]\n";
	const struct outcome *o;

	o = CALL("minimize", file_of("s.yaml", good));
	assert_code(o, 3);
	assert_err(o, "s.yaml:1:1: error: nothing is wrong with this run");
	assert_code(CALL("explain", file_of("s.yaml", good)), 3);
	o = CALL("minimize", file_of("s.yaml", UPDATES "schedule: [A: until "
						       "done, check: F == "
						       "7, B: until done]\n"));
	assert_code(o, 3);
	assert_err(o, "only a check of the schedule fails");
	o = CALL("minimize",
		 file_of("s.yaml", UPDATES "schedule: [A: 1 step, explore]\n"));
	assert_code(o, 3);
	assert_err(o, "ends in `explore`");
	/* It ends in the middle: carried on, nothing is wrong with it. */
	o = CALL("minimize", file_of("s.yaml", UPDATES "schedule: [A: until "
						       "done]\n"));
	assert_code(o, 3);
	assert_err(o, "a search cannot make this run");
	o = CALL("minimize",
		 file_of("s.yaml", UPDATES "schedule: [A: until blocked]\n"));
	assert_code(o, 3);
	assert_err(o, "s.yaml:9:12: error: 'A: until blocked' cannot be "
		      "carried out");
}
END_TEST

START_TEST(one_run_is_to_be_chosen)
{
	const char *path = file_of("s.yaml", UPDATES
				   "schedules:\n"
				   "  one: [A: 1 step, B: until done, A: until "
				   "done]\n"
				   "  other: [A: 1 step, B: 1 step, A: until "
				   "done, B: until done]\n");
	const struct outcome *o;

	o = CALL("minimize", path);
	assert_code(o, 2);
	assert_err(o, "has 2 runs; choose one with --profile, --schedule "
		      "and -P");
	o = CALL("minimize", path, "--schedule", "one");
	assert_code(o, 0);
	assert_err(o, "expectation: 1 preemption, 4 steps before");
	o = CALL("explain", path, "--schedule", "other");
	assert_code(o, 0);
	assert_code(CALL("explain", path, "--profile", "linus"), 2);
	assert_code(CALL("explain", in_folder("none.yaml")), 3);
}
END_TEST

/* ---- explain ----------------------------------------------------------- */

/*
 * F is 1 in the end once both have loaded 0; before B's load A can store.
 */
START_TEST(the_step_that_decides_is_named)
{
	const char *path = file_of("s.yaml", UPDATE_LOST);
	const struct outcome *o = CALL("explain", path);

	assert_code(o, 0);
	ck_assert_str_eq(
		o->out,
		"in-a-test, profile linux: expectation\n"
		"  4 steps, 2 preemptions\n"
		"\n"
		"step 2 decides it: no run that begins so passes\n"
		"    B: user.load F, in load F, line 7\n"
		"  a run could still pass, if instead\n"
		"    A: user.store F 0 -> 1, in store F n+1, line 6\n"
		"\n"
		"  the failing run                             the nearest "
		"that passes\n"
		"      1  A: user.load F\n"
		">     2  B: user.load F                           2  A: "
		"user.store F 0 -> 1\n"
		"      3  A: user.store F 0 -> 1                   3  B: "
		"user.load F = 1\n"
		"      4  B: user.store F 1 -> 1                   4  B: "
		"user.store F 1 -> 2\n"
		"  A: returned 0                               A: returned 0\n"
		"  B: returned 0                               B: returned 0\n"
		"  expectation                                 no verdict\n");
}
END_TEST

/*
 * Who is asleep as the deadline passes has one more look at the flag; with
 * that nothing keeps B from charging A, who does not look again.
 */
START_TEST(the_last_look_at_the_flag_decides_the_race)
{
	const char *path = file_of("s.yaml", RACE_LOST);
	const char *pass = in_folder("pass.yaml");
	const struct outcome *o;

	o = CALL("explain", path, "-p", "starry-0.5.11", "--format", "json",
		 "-o", pass, "--trace", in_folder("t.jsonl"));
	assert_code(o, 0);
	assert_out(o, "\"verdict\": \"lost-wakeup\", \"conclusion\": \"step\"");
	assert_out(o, "\"thread\": \"A\", \"point\": \"woken.load\", "
		      "\"object\": \"woken:A\", \"src\": \"model/wait.c:");
	assert_out(o, "\"operation\": \"futex_wait F 0 timeout=10ms\"");
	assert_out(o, "\"passing\": {\"steps\": ");
	assert_out(o, "\"verdicts\": [], \"threads\": {\"A\": \"returned 0\"");
	o = CALL("replay", pass);
	assert_code(o, 0);
	assert_out(o, "ok: nothing is wrong with this run");
	assert_code(CALL("replay", in_folder("t.jsonl")), 1);
}
END_TEST

START_TEST(nothing_passes_where_nothing_can)
{
	const char *path = file_of(
		"s.yaml", SCENARIO("profile: linux\n"
				   "threads: {A: [futex_wait F 0], B: [load "
				   "G]}\n"
				   "schedule: [B: until done, A: until "
				   "blocked]\n"));
	const struct outcome *o = CALL("explain", path);

	assert_code(o, 0);
	assert_out(o, "\nno interleaving passes: every one of them has a "
		      "verdict\n");
	o = CALL("explain", path, "-f", "json", "-o", in_folder("pass.yaml"));
	assert_code(o, 0);
	assert_out(o, "\"conclusion\": \"no-interleaving-passes\"");
	assert_out(o, "\"passing\": null, \"schedule\": null");
	ck_assert(!is_there(in_folder("pass.yaml")));
	o = CALL("explain", path, "-o", in_folder("p.txt"));
	assert_out(o, "picture: ");
	ck_assert(is_there(in_folder("p.txt")));
}
END_TEST

/* A call runs in one go: what decides is the whole of it. */
START_TEST(at_granularity_call_a_move_is_several_steps)
{
	const char *path = file_of(
		"s.yaml", SCENARIO("profile: linux\n"
				   "threads:\n"
				   "  A: [f = load F, r = futex_wait F f]\n"
				   "  B: [n = futex_wake F 1]\n"
				   "explore: {granularity: call}\n"
				   "schedule:\n"
				   "  - A: 1 step\n"
				   "  - B: until done\n"
				   "  - A: until blocked\n"));
	const struct outcome *o = CALL("explain", path);

	/* B's wake finds nobody: A, who sleeps after it, sleeps on. */
	assert_code(o, 0);
	assert_out(o, "\nsteps 2 to ");
	assert_out(o, " decide it: no run that begins so passes\n"
		      "    B: syscall.enter, in futex_wake F 1, line 7\n"
		      "  a run could still pass, if instead\n"
		      "    A: syscall.enter, in futex_wait F f, line 6\n");
	/* Of calls only where they begin, block and end. */
	ck_assert_ptr_null(strstr(o->out, "table.lock"));
	assert_out(o, "A: task.block");
}
END_TEST

Suite *shown_suite(void)
{
	const TTest *const tests[] = {
		a_minimised_schedule_replays_to_the_same_verdict,
		standard_output_and_input_will_do,
		a_trace_is_as_good_as_a_schedule,
		minimize_tells_a_program_as_well,
		a_budget_that_is_too_small_is_said_so,
		signals_and_deadlines_of_the_schedule_may_happen,
		a_run_that_is_finer_is_taken_as_it_is,
		what_shows_nothing_cannot_be_made_less,
		one_run_is_to_be_chosen,
		the_step_that_decides_is_named,
		the_last_look_at_the_flag_decides_the_race,
		nothing_passes_where_nothing_can,
		at_granularity_call_a_move_is_several_steps,
	};

	return PROGRAM_SUITE("shown", tests);
}
