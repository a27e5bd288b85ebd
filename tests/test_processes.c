/*
 * test_processes.c - fork, clone, exec and the end of processes: what is there
 * when, who gets what, and who waits for whom.
 */
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <string.h>

static struct run run;

static const struct task *task_called(const char *name)
{
	uint32_t i;

	for (i = 0; i < machine.task_count; i++)
		if (!strcmp(machine.tasks[i].name, name))
			return &machine.tasks[i];
	ck_abort_msg("no thread %s", name);
	return NULL;
}

#define HEAD "futexsim: 1\nname: in-a-test\n"
#define CHILD                                                                  \
	HEAD "processes: {P1: , P2: {forked_from: P1}}\n"                      \
	     "memory: {words: {F: 3, G: 0}}\n"

/* ---- fork -------------------------------------------------------------- */

START_TEST(a_child_is_not_there_before_its_fork)
{
	machine_play_whole(CHILD "threads:\n"
				 "  A: [store F 4, t = fork P2]\n"
				 "  C: {process: P2, run: [x = load F]}\n"
				 "schedule:\n  - A: 1 steps\n"
				 "ignore: [deadlock]\n",
			   "linux", &run);
	ck_assert_int_eq(task_called("C")->state, TASK_UNBORN);
	ck_assert(!task_can_move(task_called("C")));
	ck_assert(!task_is_blocked(task_called("C")));
	ck_assert_uint_eq(machine.processes[1].aspace->area_count, 0);
}
END_TEST

START_TEST(a_child_has_the_memory_of_the_moment_of_its_fork)
{
	machine_play_whole(CHILD
			   "threads:\n"
			   "  A: [store F 4, t = fork P2, store F 5]\n"
			   "  C: {process: P2, run: [x = load F, store F 6]}\n"
			   "  D: {process: P2, run: [y = load F]}\n",
			   "linux", &run);
	assert_verdicts("");
	ck_assert_int_eq(result_of("A", "t"), 2);
	ck_assert_int_eq(result_of("C", "x"), 4);
	ck_assert_int_eq(result_of("D", "y"), 6);
	/* What a report calls F is the parent's. */
	ck_assert_uint_eq(run.states.last->words[0].value, 5);
}
END_TEST

START_TEST(a_process_is_forked_once)
{
	machine_play_whole(CHILD "threads:\n"
				 "  A: [{repeat: 2, do: [t = fork P2]}]\n"
				 "  C: {process: P2, run: [x = load F]}\n",
			   "linux", &run);
	ck_assert_int_eq(result_of("A", "t"), -11); /* EAGAIN */
	ck_assert_uint_eq(machine.result_count, 3);
}
END_TEST

/* What stands in the declaration but in no operation, is forked at once. */
START_TEST(without_an_operation_a_child_is_there_from_the_start)
{
	machine_play_whole(CHILD "threads:\n"
				 "  A: [store F 4]\n"
				 "  C: {process: P2, run: [x = load F]}\n",
			   "linux", &run);
	ck_assert_int_eq(result_of("C", "x"), 3);
}
END_TEST

START_TEST(a_grandchild_has_what_the_child_had)
{
	machine_play_whole(HEAD
			   "processes: {P1: , P2: {forked_from: P1}, "
			   "P3: {forked_from: P2}}\n"
			   "memory: {words: {F: 3}}\n"
			   "threads:\n"
			   "  A: [store F 4, t = fork P2, store F 9]\n"
			   "  B: {process: P2, run: [store F 5, t = fork P3]}\n"
			   "  C: {process: P3, run: [x = load F]}\n",
			   "linux", &run);
	ck_assert_int_eq(result_of("C", "x"), 5);
	ck_assert_int_eq(result_of("B", "t"), 3);
}
END_TEST

/* A's step before the fork happens before C's first, and not A's after it. */
START_TEST(in_a_trace_a_child_comes_after_its_fork)
{
	struct run_request request =
		request_of(CHILD "threads:\n"
				 "  A: [store F 4, t = fork P2, store F 5]\n"
				 "  C: {process: P2, run: [x = load F]}\n",
			   "linux");
	const struct event *e;
	uint32_t i, fork = 0;

	request.wants_trace = true;
	play_request(&request, &run);
	for (i = 0; i < run.trace->event_count; i++) {
		e = &run.trace->events[i];
		if (e->kind == EVENT_FORK)
			fork = e->n;
		if (e->thread != 1)
			continue;
		ck_assert_uint_eq(e->cause, fork);
		/* store, enter, lock, fork: four steps of A. */
		ck_assert_uint_eq(e->clk[0], 4);
		break;
	}
	ck_assert_uint_gt(fork, 0);
}
END_TEST

/* ---- clone ------------------------------------------------------------- */

#define WORDS HEAD "memory: {words: {F: 0, G: 0}}\n"

START_TEST(a_thread_begins_when_it_is_cloned)
{
	machine_play_whole(WORDS
			   "threads:\n"
			   "  T: [x = load F]\n"
			   "  A: [store F 1, t = clone T, again = clone T]\n",
			   "linux", &run);
	ck_assert_int_eq(result_of("T", "x"), 1);
	ck_assert_int_eq(result_of("A", "t"), 1);
	ck_assert_int_eq(result_of("A", "again"), -11); /* EAGAIN */
}
END_TEST

/* T runs first: the word has its number already. */
START_TEST(the_number_is_there_before_the_thread)
{
	machine_play_whole(WORDS "threads:\n"
				 "  A: [t = clone T ptid=F ctid=G]\n"
				 "  T: [x = load F, store G 7, exit]\n"
				 "schedule:\n"
				 "  - A: {after: user.store}\n"
				 "  - T: until done\n"
				 "  - A: until done\n"
				 "expect: {words: {F: 2, G: 0}}\n",
			   "starry-0.5.11", &run);
	assert_verdicts("");
	ck_assert_int_eq(result_of("T", "x"), 2);
}
END_TEST

START_TEST(a_bad_word_for_the_number_is_the_callers_loss)
{
	machine_play_whole(WORDS "threads:\n"
				 "  A: [t = clone T ptid=0x90000]\n"
				 "  T: [x = load F]\n"
				 "expect: {threads: {T: done}}\n",
			   "linux", &run);
	assert_verdicts("");
	ck_assert_int_eq(result_of("A", "t"), 2);
}
END_TEST

START_TEST(who_ends_with_the_process_starts_nobody)
{
	machine_play_whole(WORDS "threads:\n"
				 "  A: [t = clone T]\n"
				 "  T: [x = load F]\n"
				 "  X: [exit_group]\n"
				 "schedule:\n"
				 "  - A: before task.clone\n"
				 "  - X: until done\n"
				 "  - A: until done\n",
			   "linux", &run);
	assert_verdicts("");
	ck_assert_int_eq(task_called("T")->state, TASK_UNBORN);
	ck_assert(task_called("A")->has_exited);
}
END_TEST

START_TEST(a_thread_that_never_starts_is_neither_done_nor_missed)
{
	machine_play_whole(WORDS
			   "threads:\n"
			   "  A: [r = load F, {if: r == 1, then: [clone T]}]\n"
			   "  T: [futex_wait F 0]\n",
			   "linux", &run);
	assert_verdicts("");
	machine_play_whole(WORDS
			   "threads:\n"
			   "  A: [r = load F, {if: r == 1, then: [clone T]}]\n"
			   "  T: [futex_wait F 0]\n"
			   "expect: {threads: {T: done}}\n",
			   "linux", &run);
	assert_verdicts("expectation");
	ck_assert_str_eq(machine_verdict()->what, "T is not started, not done");
}
END_TEST

/* ---- exec -------------------------------------------------------------- */

START_TEST(after_exec_nothing_is_mapped)
{
	machine_play_whole(WORDS "threads:\n"
				 "  A: [store F 5, e = exec, x = load F, "
				 "n = futex_wake F 1]\n",
			   "linux", &run);
	ck_assert_int_eq(result_of("A", "e"), 0);
	ck_assert_int_eq(result_of("A", "x"), -14); /* EFAULT */
	ck_assert_uint_eq(machine.processes[0].aspace->area_count, 0);
	/* The word as it was left behind. */
	ck_assert_uint_eq(run.states.last->words[0].value, 5);
}
END_TEST

/* Alone in its memory, nobody could see the tid word: Linux leaves it. */
START_TEST(exec_clears_the_tid_word_only_for_others)
{
	static const char *const alone = WORDS
		"threads:\n  A: [set_tid_address F, store F 5, e = exec]\n";
	static const char *const shared =
		HEAD "processes: {P1: , P2: {shares_memory_with: P1}}\n"
		     "memory: {words: {F: 0}}\n"
		     "threads:\n  A: [set_tid_address F, store F 5, e = exec]\n"
		     "  B: {process: P2, run: [yield]}\n";

	machine_play_whole(alone, "linux", &run);
	ck_assert_uint_eq(run.states.last->words[0].value, 5);
	machine_play_whole(shared, "linux", &run);
	ck_assert_uint_eq(run.states.last->words[0].value, 0);
}
END_TEST

START_TEST(after_exec_a_thread_has_no_list_and_no_tid_word)
{
	machine_play_whole(
		WORDS "threads:\n"
		      "  A: [set_tid_address F, set_robust_list G, exec]\n",
		"linux", &run);
	ck_assert_uint_eq(task_called("A")->futex.robust_list_head.value, 0);
	ck_assert_uint_eq(task_called("A")->futex.clear_child_tid.value, 0);
}
END_TEST

START_TEST(exec_waits_for_those_it_ends)
{
	machine_play_whole(WORDS
			   "threads:\n"
			   "  X: [e = exec]\n"
			   "  A: [aspace_lock, aspace_unlock]\n"
			   "schedule:\n  - A: next\n  - X: until blocked\n",
			   "linux", &run);
	ck_assert_int_eq(task_called("X")->state, TASK_WAITING);
	ck_assert_str_eq(run.states.last->blocked[0].on, "threads");
	ck_assert_str_eq(run.states.last->blocked[0].what, "P1");
}
END_TEST

/* B sleeps for a mutex that nobody will give back. */
START_TEST(an_exec_that_waits_for_ever_is_a_deadlock)
{
	machine_play_whole(HEAD
			   "processes: {P1: , P2: {shares_memory_with: P1}}\n"
			   "memory: {words: {F: 0}}\n"
			   "threads:\n"
			   "  X: [e = exec]\n"
			   "  B: [r = load F, futex_wait F 0 timeout=1ms]\n"
			   "  C: {process: P2, run: [aspace_lock]}\n"
			   "schedule:\n"
			   "  - C: until done\n"
			   "  - B: until blocked or done\n"
			   "  - X: until blocked\n"
			   "  - all: until stuck\n",
			   "starry-0.5.11", &run);
	assert_verdicts("deadlock");
	ck_assert_ptr_nonnull(
		strstr(machine_verdict()->what, "X (threads of P1)"));
}
END_TEST

START_TEST(of_two_execs_one_wins)
{
	machine_play_whole(WORDS "threads:\n"
				 "  X: [e = exec, mark on]\n"
				 "  Y: [e = exec, mark on]\n"
				 "schedule:\n"
				 "  - X: after syscall.enter\n"
				 "  - Y: until done\n"
				 "  - X: until done\n",
			   "linux", &run);
	assert_verdicts("");
	ck_assert_int_eq(result_of("X", "e"), 0);
	ck_assert_ptr_nonnull(task_called("X")->marks);
	ck_assert(task_called("Y")->has_exited);
	ck_assert_ptr_null(task_called("Y")->marks);
}
END_TEST

/* A signal that it could handle leaves it there; SIGKILL does not. */
START_TEST(who_waits_in_exec_can_be_killed)
{
	machine_play_whole(HEAD "processes: {P1: , P2: }\n"
				"memory: {words: {F: 0}}\n"
				"threads:\n"
				"  X: [e = exec, mark on]\n"
				"  A: [aspace_lock, aspace_unlock]\n"
				"  K: {process: P2, run: [kill X SIGTERM, "
				"kill P1 SIGKILL]}\n"
				"schedule:\n"
				"  - A: next\n"
				"  - X: until blocked\n"
				"  - K: next\n"
				"  - check: blocked(X)\n"
				"  - K: until done\n"
				"  - check: not blocked(X)\n"
				"  - all: until stuck\n",
			   "linux", &run);
	assert_verdicts("");
	ck_assert(task_called("X")->has_exited);
	ck_assert_ptr_null(task_called("X")->marks);
	ck_assert_uint_eq(machine.processes[0].aspace->area_count, 0);
}
END_TEST

START_TEST(a_sibling_in_another_process_keeps_the_old_memory)
{
	machine_play_whole(
		HEAD
		"processes: {P1: , P2: {shares_memory_with: P1}}\n"
		"memory: {words: {F: 0}}\n"
		"threads:\n"
		"  X: [e = exec]\n"
		"  B: {process: P2, run: [x = load F, store F 2, y = load F]}\n"
		"schedule:\n  - X: until done\n  - B: until done\n"
		"expect: {words: {F: 2}}\n",
		"linux", &run);
	assert_verdicts("");
	ck_assert_int_eq(result_of("B", "y"), 2);
	ck_assert_ptr_ne(machine.processes[0].aspace,
			 machine.processes[1].aspace);
	ck_assert_uint_eq(machine.processes[1].aspace->owner, 1);
}
END_TEST

/* ---- the end ----------------------------------------------------------- */

START_TEST(the_last_thread_takes_the_mappings_along)
{
	machine_play_whole(WORDS "threads:\n  A: [exit]\n  B: [exit]\n"
				 "schedule:\n  - A: until done\n",
			   "linux", &run);
	ck_assert_uint_eq(machine.processes[0].aspace->area_count, 1);
	machine_play_whole(WORDS "threads:\n  A: [exit]\n  B: [exit]\n",
			   "linux", &run);
	ck_assert_uint_eq(machine.processes[0].aspace->area_count, 0);
}
END_TEST

/* ---- what the loader refuses ------------------------------------------- */

START_TEST(what_cannot_start_is_an_error)
{
	static const struct {
		const char *text;
		const char *error;
	} bad[] = {
		{CHILD "threads:\n  A: [fork P3]\n",
		 ":6:12: error: unknown process 'P3'"},
		{CHILD
		 "threads:\n  A: [fork P1]\n  C: {process: P2, run: []}\n",
		 ":6:12: error: process 'P1' is not forked"},
		{CHILD "threads:\n  A: [fork P2]\n",
		 ":3:19: error: process 'P2' has no thread"},
		{CHILD
		 "threads:\n  A: []\n  C: {process: P2, run: [fork P2]}\n",
		 "is forked from 'P1', and this thread is not of that one"},
		{CHILD
		 "threads:\n  A: [clone B]\n  C: {process: P2, run: []}\n",
		 ":6:13: error: unknown thread 'B'"},
		{CHILD
		 "threads:\n  A: [clone C]\n  C: {process: P2, run: []}\n",
		 "does not share memory with this one: use `fork`"},
		{CHILD "threads:\n  A: [clone A]\n",
		 "thread 'A' cannot start itself"},
		{CHILD "threads:\n  A: [clone A ctid=F ctid=G]\n",
		 "given twice"},
		{CHILD "threads:\n  A: [exec F]\n", "too many arguments: exec"},
		{CHILD "threads:\n  A: [fork]\n",
		 "missing arguments: fork process"},
		{HEAD
		 "processes: {P1: , P2: {forked_from: P1}, P3: "
		 "{forked_from: P2}}\nthreads:\n  A: [fork P2]\n"
		 "  B: {process: P2, run: []}\n  C: {process: P3, run: []}\n",
		 "start this one with `fork P3` in a thread of it"},
		{HEAD
		 "processes: {P1: , P2: {forked_from: P1}, P3: "
		 "{shares_memory_with: P2}}\nthreads:\n  A: [fork P2]\n"
		 "  B: {process: P2, run: []}\n  C: {process: P3, run: []}\n",
		 "start it with `clone C`"},
		{HEAD "processes: {P1: , P2: {forked_from: P1}}\n"
		      "memory:\n  regions: {s: {kind: shared}}\n"
		      "  maps: [{process: P2, region: s, at: 0x20000}]\n"
		      "threads:\n  A: [fork P2]\n  C: {process: P2, run: []}\n",
		 ":6:10: error: process 'P2' has the maps of 'P1' when it is "
		 "forked"},
		{WORDS "threads:\n  A: [mmap 0x20000 4096 words prot=x]\n",
		 "unknown protection 'x'"},
		{WORDS "threads:\n  A: [munmap 0x20000 4096 noreplace]\n",
		 "`munmap` does not take 'noreplace'"},
		{WORDS "threads:\n  A: [mremap 0x20000 4096]\n",
		 "missing arguments: mremap old old_len new_len [new]"},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct outcome *o =
			CALL("check", file_of("bad.yaml", bad[i].text));

		assert_code(o, 3);
		if (!strstr(o->err, bad[i].error))
			ck_abort_msg("%s\nsays\n%s\nand not\n%s", bad[i].text,
				     o->err, bad[i].error);
	}
}
END_TEST

Suite *processes_suite(void)
{
	Suite *suite = suite_create("processes");
	TCase *runs = tcase_create("runs");
	TCase *loading = tcase_create("loading");

	tcase_add_checked_fixture(runs, machine_setup, machine_teardown);
	tcase_add_test(runs, a_child_is_not_there_before_its_fork);
	tcase_add_test(runs, a_child_has_the_memory_of_the_moment_of_its_fork);
	tcase_add_test(runs, a_process_is_forked_once);
	tcase_add_test(runs,
		       without_an_operation_a_child_is_there_from_the_start);
	tcase_add_test(runs, a_grandchild_has_what_the_child_had);
	tcase_add_test(runs, in_a_trace_a_child_comes_after_its_fork);
	tcase_add_test(runs, a_thread_begins_when_it_is_cloned);
	tcase_add_test(runs, the_number_is_there_before_the_thread);
	tcase_add_test(runs, a_bad_word_for_the_number_is_the_callers_loss);
	tcase_add_test(runs, who_ends_with_the_process_starts_nobody);
	tcase_add_test(runs,
		       a_thread_that_never_starts_is_neither_done_nor_missed);
	tcase_add_test(runs, after_exec_nothing_is_mapped);
	tcase_add_test(runs, exec_clears_the_tid_word_only_for_others);
	tcase_add_test(runs, after_exec_a_thread_has_no_list_and_no_tid_word);
	tcase_add_test(runs, exec_waits_for_those_it_ends);
	tcase_add_test(runs, an_exec_that_waits_for_ever_is_a_deadlock);
	tcase_add_test(runs, of_two_execs_one_wins);
	tcase_add_test(runs, who_waits_in_exec_can_be_killed);
	tcase_add_test(runs, a_sibling_in_another_process_keeps_the_old_memory);
	tcase_add_test(runs, the_last_thread_takes_the_mappings_along);
	suite_add_tcase(suite, runs);
	tcase_add_checked_fixture(loading, folder_setup, folder_teardown);
	tcase_add_test(loading, what_cannot_start_is_an_error);
	suite_add_tcase(suite, loading);
	return suite;
}
