/*
 * test_host.c - a run of the model as beats, and beats carried out on the
 * kernel of this machine.
 *
 * Where that kernel does not let us, or is not Linux 6, the tests that need it
 * say nothing: tests/host.sh tells whether they were made.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "sim/host/beats.h"
#include "sim/host/host.h"

static const struct host_options options = {
	.gap = HOST_GAP_DEFAULT,
	.patience = HOST_PATIENCE_DEFAULT,
};

static struct beats beats;
static struct host_report report;

static bool record(const char *text, const char *profile)
{
	struct run_request request = request_of(text, profile);

	memset(&report, 0, sizeof(report));
	return beats_record(&beats, &machine, &request, &report);
}

/* The beats as letters: "A( A~ B( A! B) A)". */
static const char *letters(void)
{
	static const char marks[] = {
		[BEAT_BEGIN] = '(',   [BEAT_END] = ')',
		[BEAT_BLOCK] = '~',   [BEAT_FREE] = '!',
		[BEAT_EXITED] = 'x',  [BEAT_FIRE] = '@',
		[BEAT_ADVANCE] = '+', [BEAT_SIGNAL] = 's',
		[BEAT_WORDS] = '=',   [BEAT_SIGNAL_PROCESS] = 'S',
		[BEAT_HANDLER] = '<', [BEAT_RETURN] = '>',
		[BEAT_DONE] = '.',    [BEAT_DYING] = 'X',
	};
	static char text[1024];
	char *end = text;
	uint32_t i;

	for (i = 0; i < beats.count && end < text + sizeof(text) - 4; i++) {
		if (i)
			*end++ = ' ';
		if (beats.list[i].kind != BEAT_ADVANCE &&
		    beats.list[i].kind != BEAT_WORDS)
			*end++ = (char)('A' + (int)beats.list[i].thread);
		*end++ = marks[beats.list[i].kind];
	}
	*end = 0;
	return text;
}

static bool is_possible_here(void)
{
	struct utsname name;

	return !uname(&name) && !strcmp(name.sysname, "Linux") &&
	       !strncmp(name.release, "6.", 2);
}

/* Returns false if this machine does not let us. */
static bool compare(const char *text, const char *profile)
{
	struct run_request request = request_of(text, profile);

	if (!is_possible_here())
		return false;
	host_compare(&machine, &request, &options, &report);
	return report.outcome != HOST_UNABLE;
}

/* ---- beats --------------------------------------------------------------- */

START_TEST(a_run_is_begun_slept_in_freed_and_ended)
{
	ck_assert(record(SCENARIO("threads:\n"
				  "  A: [r = futex_wait F 0]\n"
				  "  B: [n = futex_wake F 1]\n"
				  "schedule:\n"
				  "  - A: until blocked\n"
				  "  - B: until done\n"
				  "  - A: until done\n"),
			 "linux"));
	ck_assert_str_eq(letters(), "A( A~ B( A! B) B. A) A. =");
	beats_free(&beats);
}
END_TEST

START_TEST(the_clock_fires_what_is_due_and_goes_on)
{
	ck_assert(record(SCENARIO("threads:\n"
				  "  A: [r = futex_wait F 0 timeout=10ms]\n"
				  "schedule:\n"
				  "  - A: until blocked\n"
				  "  - clock: advance 15ms\n"
				  "  - A: until done\n"),
			 "linux"));
	ck_assert_str_eq(letters(), "A( A~ A@ A! + A) A. =");
	beats_free(&beats);
}
END_TEST

/* 5 and 10 ms are instants; the deadline at 1 s is not come to. */
START_TEST(instants_are_deadlines_and_moves_of_the_clock_that_come)
{
	ck_assert(record(SCENARIO("threads:\n"
				  "  A: [r = futex_wait F 0 timeout=10ms]\n"
				  "  B: [r = futex_wait F 0 timeout=1s]\n"
				  "schedule:\n"
				  "  - A: until blocked\n"
				  "  - B: until blocked\n"
				  "  - clock: advance 5ms\n"
				  "  - clock: advance 5ms\n"
				  "  - A: until done\n"),
			 "linux"));
	ck_assert_uint_eq(beats.instant_count, 2);
	ck_assert_uint_eq(beats_rank(&beats, 4999999), 0);
	ck_assert_uint_eq(beats_rank(&beats, 5000000), 1);
	ck_assert_uint_eq(beats_rank(&beats, 10000000), 2);
	beats_free(&beats);
}
END_TEST

START_TEST(who_is_stopped_inside_a_call_is_named_with_the_line)
{
	ck_assert(!record(SCENARIO("threads:\n"
				   "  A: [r = futex_wait F 0]\n"
				   "  B: [store F 1]\n"
				   "schedule:\n"
				   "  - A: {after: user.load}\n"
				   "  - B: until done\n"
				   "  - A: until done\n"),
			  "linux"));
	ck_assert_int_eq(report.outcome, HOST_REFUSED);
	ck_assert_int_eq(report.reason, HOST_INSIDE);
	ck_assert_ptr_nonnull(strstr(report.text, "stops A inside a call"));
	beats_free(&beats);
}
END_TEST

/* Alone it may stop wherever it likes: nobody comes in between. */
START_TEST(a_stop_inside_a_call_that_nobody_uses_is_none)
{
	ck_assert(record(SCENARIO("threads:\n"
				  "  A: [r = futex_wait F 1]\n"
				  "schedule:\n"
				  "  - A: {after: user.load}\n"
				  "  - check: F == 0\n"
				  "  - A: until done\n"),
			 "linux"));
	ck_assert_str_eq(letters(), "A( A) A. =");
	beats_free(&beats);
}
END_TEST

/* Held back, A is still in the queue, and B's wake would count it. */
START_TEST(whose_deadline_has_passed_is_not_held_back)
{
	ck_assert(!record(SCENARIO("threads:\n"
				   "  A: [r = futex_wait F 0 timeout=10ms]\n"
				   "  B: [n = futex_wake F 1]\n"
				   "schedule:\n"
				   "  - A: until blocked\n"
				   "  - clock: advance 10ms\n"
				   "  - B: until done\n"
				   "  - A: until done\n"),
			  "linux"));
	ck_assert_int_eq(report.reason, HOST_INSIDE);
	beats_free(&beats);
}
END_TEST

START_TEST(a_deadline_out_of_turn_is_refused)
{
	ck_assert(!record(SCENARIO("threads:\n"
				   "  A: [r = futex_wait F 0 timeout=10ms]\n"
				   "  B: [r = futex_wait F 0 timeout=20ms]\n"
				   "schedule:\n"
				   "  - A: until blocked\n"
				   "  - B: until blocked\n"
				   "  - timer: fire B\n"),
			  "linux"));
	ck_assert_int_eq(report.reason, HOST_TIME);
	beats_free(&beats);
}
END_TEST

START_TEST(locks_of_the_model_are_refused)
{
	ck_assert(!record(SCENARIO("threads:\n"
				   "  A: [aspace_lock, aspace_unlock]\n"),
			  "linux"));
	ck_assert_int_eq(report.reason, HOST_MODEL_ONLY);
	beats_free(&beats);
}
END_TEST

/* ---- the kernel ---------------------------------------------------------- */

/* Two waits, a load, a store, a wake; the words F and G. */
START_TEST(a_wait_and_a_wake_agree)
{
	if (!compare(SCENARIO("threads:\n"
			      "  A: [r = futex_wait F 0, v = load F]\n"
			      "  C: [r = futex_wait F 0]\n"
			      "  B: [store F 1, n = futex_wake F 9]\n"
			      "schedule:\n"
			      "  - A: until blocked\n"
			      "  - C: until blocked\n"
			      "  - B: until done\n"
			      "  - all: until stuck\n"),
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 5);
	ck_assert_uint_eq(report.words, 2);
}
END_TEST

/* The seed wakes nobody if told to wake 0; Linux wakes one. */
START_TEST(a_difference_names_thread_operation_and_both_results)
{
	const struct host_difference *d = &report.difference;

	if (!compare(SCENARIO("threads:\n"
			      "  A: [r = futex_wait F 0]\n"
			      "  B: [store F 0, n = futex_wake F 0]\n"
			      "schedule:\n"
			      "  - A: until blocked\n"
			      "  - B: until done\n"),
		     "starry-0.5.11"))
		return;
	ck_assert_int_eq(report.outcome, HOST_DIFFERS);
	ck_assert_str_eq(d->thread, "B");
	ck_assert_uint_eq(d->op_index, 1);
	ck_assert_str_eq(d->op, "n = futex_wake F 0");
	ck_assert_str_eq(d->model, "0");
	ck_assert_str_eq(d->kernel, "1");
}
END_TEST

/* A and B wait on one word; the wake is for A, who came first. */
START_TEST(deadlines_keep_their_order)
{
	if (!compare(SCENARIO("threads:\n"
			      "  A: [r = futex_wait F 0 timeout=20ms]\n"
			      "  B: [r = futex_wait F 0 timeout=10ms]\n"
			      "  C: [n = futex_wake F 1, m = futex_wake F 1]\n"
			      "schedule:\n"
			      "  - A: until blocked\n"
			      "  - B: until blocked\n"
			      "  - clock: advance 10ms\n"
			      "  - B: until done\n"
			      "  - C: next\n"
			      "  - A: until done\n"
			      "  - C: until done\n"),
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 4);
}
END_TEST

/*
 * With SA_RESTART the wait goes on after the handler, without it is over; the
 * handler itself runs in between.
 */
START_TEST(handlers_run_and_restart_calls)
{
	if (!compare("futexsim: 1\n"
		     "name: handlers\n"
		     "memory: {words: {F: 0, G: 0}}\n"
		     "procedures: {h: [a = fetch_add G 1]}\n"
		     "threads:\n"
		     "  A:\n"
		     "    - sigaction SIGUSR1 handler=h restart\n"
		     "    - sigaction SIGUSR2 handler=h\n"
		     "    - r = futex_wait F 0\n"
		     "    - s = futex_wait F 0\n"
		     "  B: [n = futex_wake F 1]\n"
		     "schedule:\n"
		     "  - A: until blocked\n"
		     "  - {signal: A, number: SIGUSR1}\n"
		     "  - A: until blocked\n"
		     "  - check: G == 1\n"
		     "  - B: until done\n"
		     "  - A: until blocked\n"
		     "  - {signal: A, number: SIGUSR2}\n"
		     "  - A: until done\n"
		     "  - check: A.r == 0 and A.s == EINTR and G == 2\n",
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 7);
}
END_TEST

/* The robust word holds the tid, so X has to have the one of the scenario. */
START_TEST(the_first_thread_has_tid_one_if_a_robust_word_says_so)
{
	if (!compare("futexsim: 1\n"
		     "name: robust\n"
		     "memory:\n"
		     "  regions: {heap: {kind: private}}\n"
		     "  maps: [{region: heap, at: 0x10000}]\n"
		     "  named:\n"
		     "    head: {region: heap, value: 0x10020}\n"
		     "    offset: {region: heap, offset: 8, value: 0x10}\n"
		     "    entry: {region: heap, offset: 0x20, value: 0x10000}\n"
		     "    M: {region: heap, offset: 0x30, value: 0x80000001}\n"
		     "threads:\n"
		     "  X: [set_robust_list head, exit]\n"
		     "  A: [r = futex_wait M 0x80000001, v = load M]\n"
		     "schedule:\n"
		     "  - A: until blocked\n"
		     "  - X: until done\n"
		     "  - A: until done\n"
		     "  - check: A.v == 0xc0000000\n",
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 4);
	ck_assert_uint_eq(report.words, 4);
}
END_TEST

/*
 * The second signal comes while the handler of the first runs, waits for its
 * end, and has one of its own right then: the call ends only after both.
 */
START_TEST(a_signal_during_its_handler_is_handled_after_it)
{
	if (!compare("futexsim: 1\n"
		     "name: twice\n"
		     "memory: {words: {F: 0, G: 0}}\n"
		     "procedures: {h: [a = fetch_add G 1]}\n"
		     "threads:\n"
		     "  A: [sigaction SIGUSR1 handler=h, r = futex_wait F 0]\n"
		     "  B: [n = futex_wake F 1]\n"
		     "schedule:\n"
		     "  - A: until blocked\n"
		     "  - {signal: A, number: SIGUSR1}\n"
		     "  - A: {after: syscall.return}\n"
		     "  - {signal: A, number: SIGUSR1}\n"
		     "  - A: until done\n"
		     "  - check: A.r == EINTR and G == 2\n",
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 4);
}
END_TEST

/*
 * A's process, with tid 1 for its robust word, is killed as a whole; what was
 * forked from it lives on and gets the mutex, and then all that it wakes.
 */
START_TEST(children_outlive_the_process_of_the_first_thread)
{
	if (!compare("futexsim: 1\n"
		     "name: outlive\n"
		     "processes: {P1: , P2: {forked_from: P1}}\n"
		     "memory:\n"
		     "  regions: {shm: {kind: shared}}\n"
		     "  maps: [{process: P1, region: shm, at: 0x10000}]\n"
		     "  named:\n"
		     "    head: {region: shm, value: 0x10020}\n"
		     "    offset: {region: shm, offset: 8, value: 0x10}\n"
		     "    entry: {region: shm, offset: 0x20, value: 0x10000}\n"
		     "    M: {region: shm, offset: 0x30, value: 0x80000001}\n"
		     "    F: {region: shm, offset: 0x40}\n"
		     "threads:\n"
		     "  A: [set_robust_list head, exit_group]\n"
		     "  B: {process: P2, run: [r = futex_wait M 0x80000001,\n"
		     "                         n = futex_wake F 1]}\n"
		     "  C: {process: P2, run: [r = futex_wait F 0]}\n"
		     "schedule:\n"
		     "  - B: until blocked\n"
		     "  - C: until blocked\n"
		     "  - A: until done\n"
		     "  - B: until done\n"
		     "  - C: until done\n"
		     "  - check: M == 0xc0000000 and B.n == 1\n",
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 5);
	ck_assert_uint_eq(report.words, 5);
}
END_TEST

/* The child's F is its own, the shared word S everybody's. */
START_TEST(forks_and_clones_run_when_they_are_made)
{
	if (!compare("futexsim: 1\n"
		     "name: made\n"
		     "processes: {P1: , child: {forked_from: P1}}\n"
		     "memory:\n"
		     "  words: {F: 0, tid: 0}\n"
		     "  regions: {shm: {kind: shared}}\n"
		     "  maps: [{process: P1, region: shm, at: 0x10000}]\n"
		     "  named: {S: {region: shm}}\n"
		     "threads:\n"
		     "  A:\n"
		     "    - store F 1\n"
		     "    - f = fork child\n"
		     "    - t = clone T ctid=tid ptid=tid\n"
		     "    - w = futex_wait tid t\n"
		     "    - v = load F\n"
		     "  B: {process: child, run: [x = fetch_add F 4,\n"
		     "                            n = futex_wake S 1]}\n"
		     "  T: [r = futex_wait S 0, exit]\n"
		     "schedule:\n"
		     "  - A: until blocked\n"
		     "  - T: until blocked\n"
		     "  - B: until done\n"
		     "  - T: until done\n"
		     "  - A: until done\n"
		     "  - check: B.x == 1 and A.v == 1 and A.w == 0\n",
		     "linux"))
		return;
	ck_assert_int_eq(report.outcome, HOST_AGREES);
	ck_assert_uint_eq(report.operations, 9);
}
END_TEST

START_TEST(nothing_is_left_behind)
{
	if (!compare(SCENARIO("threads: {A: [futex_wait F 0]}\n"
			      "schedule: [{A: until stuck}]\n"),
		     "linux"))
		return;
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

Suite *host_suite(void)
{
	const TTest *const tests[] = {
		a_run_is_begun_slept_in_freed_and_ended,
		the_clock_fires_what_is_due_and_goes_on,
		instants_are_deadlines_and_moves_of_the_clock_that_come,
		who_is_stopped_inside_a_call_is_named_with_the_line,
		a_stop_inside_a_call_that_nobody_uses_is_none,
		whose_deadline_has_passed_is_not_held_back,
		a_deadline_out_of_turn_is_refused,
		locks_of_the_model_are_refused,
		a_wait_and_a_wake_agree,
		a_difference_names_thread_operation_and_both_results,
		deadlines_keep_their_order,
		handlers_run_and_restart_calls,
		the_first_thread_has_tid_one_if_a_robust_word_says_so,
		a_signal_during_its_handler_is_handled_after_it,
		children_outlive_the_process_of_the_first_thread,
		forks_and_clones_run_when_they_are_made,
		nothing_is_left_behind,
	};

	return MACHINE_SUITE("host", tests);
}
