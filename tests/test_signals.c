/*
 * test_signals.c - signals: handlers, masks, whom a signal goes to, what
 * becomes of the call that it interrupts.  Searches of all that are in
 * test_signals_search.c.
 */
#include "tests/machine.h"
#include "tests/suites.h"
#include "tests/written.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/signal.h"
#include "sim/run/trace_run.h"

static struct run run;

static void play_on(const char *text, const char *profile)
{
	struct run_request request = request_of(text, profile);

	request.wants_trace = true;
	play_request(&request, &run);
	ck_assert_msg(!run.error, "%d: %s", run.error_line, run.error);
}

static void play(const char *text)
{
	play_on(text, "linux");
	assert_verdicts("");
}

static uint32_t word(const char *name)
{
	const struct scenario *s = machine.scenario;
	uint32_t i;

	for (i = 0; i < s->word_count; i++) {
		if (!strcmp(s->words[i].name, name))
			return place_load32(
				&machine,
				word_place(&machine, &s->words[i], NULL));
	}
	ck_abort_msg("no word %s", name);
}

/* "A:signal.deliver A:signal.return": of all steps those of signals. */
static const char *signal_steps(void)
{
	static char text[2048];
	const struct trace *t = run.trace;
	char point[POINT_NAME_MAX];
	uint32_t i;

	text[0] = '\0';
	for (i = 0; i < t->event_count; i++) {
		if (t->events[i].object_kind != OBJECT_SIGNAL)
			continue;
		event_point(t->events[i].kind, OBJECT_SIGNAL, point);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%s:%s=%d", text[0] ? " " : "",
			 t->events[i].thread < 0
				 ? "-"
				 : t->threads[t->events[i].thread].name,
			 point + strlen("signal."), (int)t->events[i].in);
	}
	return text;
}

/* ---- handlers ---------------------------------------------------------- */

START_TEST(a_signal_in_user_mode_is_handled_before_the_next_operation)
{
	play(SCENARIO(
		"procedures: {h: [seen = load F]}\n"
		"threads:\n"
		"  A: [sigaction SIGUSR1 handler=h, store F 1, store F 2]\n"
		"schedule:\n"
		"  - A: next\n  - A: next\n  - signal: A\n"
		"  - A: until done\n"));
	ck_assert_int_eq(result_of("A", "seen"), 1);
	ck_assert_str_eq(signal_steps(), "-:send=10 A:deliver=10 A:return=10");
}
END_TEST

/* After the last operation there is no way back to the program. */
START_TEST(a_signal_in_the_last_operation_is_handled_before_the_end)
{
	play(SCENARIO("procedures: {h: [store F 1]}\n"
		      "threads: {A: [sigaction SIGUSR1 handler=h, kill A "
		      "SIGUSR1]}\n"));
	ck_assert_uint_eq(word("F"), 1);
	ck_assert_str_eq(signal_steps(), "A:kill=10 A:deliver=10 A:return=10");
}
END_TEST

/* A branch has been decided before the signal comes; the loop ends later. */
START_TEST(a_loop_over_memory_is_ended_by_a_handler)
{
	play(SCENARIO("procedures: {h: [store F 1]}\n"
		      "threads:\n"
		      "  A:\n"
		      "    - sigaction SIGUSR1 handler=h\n"
		      "    - v = load F\n"
		      "    - {while: v == 0, do: [v = load F]}\n"
		      "schedule:\n"
		      "  - A: 10 steps\n  - signal: A\n  - A: until done\n"));
	ck_assert_int_eq(result_of("A", "v"), 1);
}
END_TEST

START_TEST(an_empty_handler_is_run)
{
	play(SCENARIO("procedures: {h: []}\n"
		      "threads: {A: [sigaction 40 handler=h, kill A 40]}\n"));
	ck_assert_str_eq(signal_steps(), "A:kill=40 A:deliver=40 A:return=40");
}
END_TEST

/* F is 0 and 0 is what it waits for, although the handler makes v 7. */
START_TEST(a_call_is_made_again_with_the_arguments_it_had)
{
	play(SCENARIO("procedures: {h: [v = xchg G 7, v = load G]}\n"
		      "threads:\n"
		      "  A: [v = load F, sigaction SIGUSR1 handler=h restart, "
		      "r = futex_wait F v, s = futex_wait F v]\n"
		      "  B: [n = futex_wake F 1]\n"
		      "schedule:\n"
		      "  - A: until blocked\n  - signal: A\n"
		      "  - A: until blocked\n  - B: until done\n"
		      "  - A: until done\n"));
	ck_assert_int_eq(result_of("A", "v"), 7);
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_int_eq(result_of("A", "s"), -EAGAIN);
}
END_TEST

/* In the handler, and before the call is made again, there is a second one. */
START_TEST(a_signal_before_the_restart_leaves_the_arguments_alone)
{
	play(SCENARIO("procedures:\n"
		      "  h: [v = load G]\n"
		      "  g: [w = futex_wake F v]\n"
		      "threads:\n"
		      "  A: [v = load F, sigaction SIGUSR1 handler=h restart, "
		      "sigaction SIGUSR2 handler=g, r = futex_wait F v]\n"
		      "  B: [store G 5, n = futex_wake F 1]\n"
		      "schedule:\n"
		      "  - A: until blocked\n  - B: next\n  - signal: A\n"
		      "  - A: after signal.return\n"
		      "  - {signal: A, number: SIGUSR2}\n"
		      "  - A: until blocked\n  - B: until done\n"
		      "  - A: until done\n"));
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_int_eq(result_of("A", "w"), 0);
}
END_TEST

/* Each of 100 signals is sent by the handler of the one before. */
START_TEST(handlers_in_handlers_have_a_limit)
{
	play(SCENARIO("procedures:\n"
		      "  h:\n"
		      "    - sigmask set\n"
		      "    - n = fetch_add F 1\n"
		      "    - {if: n < 99, then: [kill A SIGUSR1]}\n"
		      "threads: {A: [sigaction SIGUSR1 handler=h, kill A "
		      "SIGUSR1]}\n"));
	ck_assert_uint_eq(word("F"), 100);
	ck_assert_uint_eq(machine.tasks[0].signals.frame_count, 0);
}
END_TEST

/* It is in h when h is called, and still when a handler h has come and gone. */
START_TEST(a_handler_may_be_a_procedure_that_is_called_as_well)
{
	play(SCENARIO("procedures: {h: [fetch_add F 1, fetch_add G 1]}\n"
		      "threads: {A: [sigaction SIGUSR1 handler=h, call h]}\n"
		      "schedule:\n"
		      "  - A: next\n  - A: next\n  - signal: A\n"
		      "  - A: after signal.return\n"
		      "  - check: in(A, h) and F == 2 and G == 1\n"
		      "  - A: until done\n"
		      "expect: {words: {F: 2, G: 2}}\n"));
}
END_TEST

START_TEST(a_handler_can_end_its_thread)
{
	play(SCENARIO("procedures: {h: [exit]}\n"
		      "threads:\n"
		      "  A: [sigaction SIGUSR1 handler=h, r = futex_wait F 0]\n"
		      "  B: [first = kill A SIGUSR1, second = kill A SIGUSR1]\n"
		      "schedule:\n"
		      "  - A: until blocked\n  - B: next\n  - A: until done\n"
		      "  - B: until done\n"));
	ck_assert_int_eq(result_of("B", "first"), 0);
	ck_assert_int_eq(result_of("B", "second"), -ESRCH);
}
END_TEST

/* Threads of one process share handlers; g is of the other process. */
START_TEST(each_process_has_actions_of_its_own)
{
	play("futexsim: 1\nname: t\nprocesses: {P1: , P2: }\n"
	     "memory:\n"
	     "  regions: {a: {kind: shared}}\n"
	     "  maps: [{process: P1, region: a, at: 0x10000},\n"
	     "         {process: P2, region: a, at: 0x10000}]\n"
	     "  named: {F: {region: a}, G: {region: a, offset: 4}}\n"
	     "procedures: {h: [fetch_add F 1], g: [fetch_add G 1]}\n"
	     "threads:\n"
	     "  A: [sigaction SIGUSR1 handler=h]\n"
	     "  B: [yield, yield]\n"
	     "  C: {process: P2, run: [sigaction SIGUSR1 handler=g, yield]}\n"
	     "schedule:\n"
	     "  - A: until done\n  - C: next\n"
	     "  - signal: B\n  - signal: C\n"
	     "  - B: until done\n  - C: until done\n"
	     "expect: {words: {F: 1, G: 1}}\n");
}
END_TEST

/* ---- masks ------------------------------------------------------------- */

START_TEST(blocked_signals_wait_for_sigmask)
{
	play(SCENARIO("procedures: {h: [n = fetch_add F 1]}\n"
		      "threads:\n"
		      "  A: [sigaction SIGUSR1 handler=h, sigmask block "
		      "SIGUSR1, kill A SIGUSR1, kill A SIGUSR1, before = load "
		      "F, sigmask unblock SIGUSR1, after = load F]\n"));
	ck_assert_int_eq(result_of("A", "before"), 0);
	ck_assert_int_eq(result_of("A", "after"), 1);
}
END_TEST

/* A is chosen, and blocks the signal before it comes to user mode. */
START_TEST(a_signal_to_a_process_is_passed_on_by_who_blocks_it)
{
	play_on(SCENARIO("threads:\n"
			 "  A: [mark on, sigmask block SIGTERM]\n"
			 "  B: [r = futex_wait G 0]\n"
			 "schedule:\n"
			 "  - A: next\n  - B: until blocked\n"
			 "  - {signal: P1, number: SIGTERM}\n"
			 "  - check: blocked(B)\n"
			 "  - A: until done\n  - B: until done\n"),
		"starry-0.5.11");
	ck_assert_int_eq(result_of("B", "r"), -EINTR);
}
END_TEST

/* It looks like a thread that was called, and is not there any more. */
START_TEST(a_signal_to_a_process_is_passed_on_by_who_exits)
{
	play_on(SCENARIO("threads:\n"
			 "  A: [mark on, exit]\n"
			 "  B: [r = futex_wait G 0]\n"
			 "schedule:\n"
			 "  - A: next\n  - B: until blocked\n"
			 "  - {signal: P1, number: SIGTERM}\n"
			 "  - check: blocked(B)\n"
			 "  - A: until done\n  - B: until done\n"),
		"starry-0.5.11");
	ck_assert_int_eq(result_of("B", "r"), -EINTR);
}
END_TEST

/* ---- whom a signal goes to --------------------------------------------- */

START_TEST(a_signal_to_a_process_waits_if_nobody_wants_it)
{
	play(SCENARIO("procedures: {h: [store F 1]}\n"
		      "threads:\n"
		      "  A: [sigaction SIGTERM handler=h, sigmask block "
		      "SIGTERM, sent = kill P1 SIGTERM, r = load F, sigmask "
		      "set, s = load F]\n"));
	ck_assert_int_eq(result_of("A", "sent"), 0);
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_int_eq(result_of("A", "s"), 1);
}
END_TEST

/*
 * B sleeps on a mutex that is none of its process's, and gets it first; C makes
 * no more steps of its program.
 */
START_TEST(who_is_killed_leaves_on_the_way_back)
{
	play(SCENARIO("processes: {P1: , P2: {shares_memory_with: P1}}\n"
		      "threads:\n"
		      "  A: {process: P2, run: [aspace_lock, aspace_unlock]}\n"
		      "  B: [munmap 0x5000 4096, mark on]\n"
		      "  C: [store G 1, store G 2]\n"
		      "schedule:\n"
		      "  - A: next\n  - C: next\n  - B: until blocked\n"
		      "  - {signal: B, number: SIGKILL}\n"
		      "  - C: until done\n  - check: blocked(B)\n"
		      "  - all: until stuck\n"
		      "expect:\n"
		      "  threads: {A: done, B: done, C: done}\n"
		      "  words: {G: 1}\n"
		      "  never: [{name: on, that: \"marked(B, on)\"}]\n"));
	ck_assert(!machine.tasks[0].has_exited);
	ck_assert(machine.tasks[1].has_exited);
	ck_assert(machine.tasks[2].has_exited);
}
END_TEST

START_TEST(the_default_of_most_signals_ends_the_process)
{
	play(SCENARIO("threads:\n"
		      "  A: [sigaction SIGTERM handler=default, r = futex_wait "
		      "F 0]\n"
		      "  B: [sent = kill A SIGTERM, also = kill P1 SIGTERM]\n"
		      "schedule:\n"
		      "  - A: until blocked\n  - B: next\n  - A: until done\n"
		      "  - B: until done\n"));
	ck_assert(machine.tasks[0].has_exited);
	ck_assert(machine.tasks[1].has_exited);
	ck_assert_int_eq(result_of("B", "sent"), 0);
}
END_TEST

START_TEST(a_child_has_the_actions_of_its_parent)
{
	play("futexsim: 1\nname: t\n"
	     "processes: {P1: , P2: {forked_from: P1}}\n"
	     "memory:\n"
	     "  regions: {a: {kind: shared}}\n"
	     "  maps: [{process: P1, region: a, at: 0x10000}]\n"
	     "  named: {F: {region: a}}\n"
	     "procedures: {h: [fetch_add F 1]}\n"
	     "threads:\n"
	     "  A: [sigaction SIGUSR1 handler=h, sigmask block SIGUSR2, fork "
	     "P2]\n"
	     "  C: {process: P2, run: [kill C SIGUSR2, sigaction SIGUSR2 "
	     "handler=h, kill C SIGUSR1, sigmask set]}\n"
	     "expect: {words: {F: 2}}\n");
}
END_TEST

/* ---- time -------------------------------------------------------------- */

/*
 * B takes what was sent to the process, because it was called for itself, too.
 * A was interrupted after 8 of its 10 ms and goes on with the 2 that are left.
 */
static const char taken_away[] = SCENARIO(
	"procedures: {h: [store G 1]}\n"
	"threads:\n"
	"  A: [sigaction SIGTERM handler=h, r = futex_wait F 0 timeout=10ms]\n"
	"  B: [n = futex_wake G 1]\n"
	"schedule:\n"
	"  - A: until blocked\n  - B: after syscall.enter\n"
	"  - clock: advance 8ms\n"
	"  - {signal: P1, number: SIGTERM}\n  - signal: B\n"
	"  - B: until done\n  - A: until blocked or done\n"
	"  - clock: advance 2ms\n  - A: until blocked or done\n");

START_TEST(who_was_called_in_vain_goes_on_with_the_time_that_is_left)
{
	play(taken_away);
	ck_assert_int_eq(result_of("A", "r"), -ETIMEDOUT);
	ck_assert_uint_eq(machine.now_ns, 10000000);
	ck_assert_uint_eq(word("G"), 1);
}
END_TEST

START_TEST(who_was_called_in_vain_says_so_in_the_kernel_at_hand)
{
	play_on(taken_away, "starry-0.5.11");
	ck_assert_int_eq(result_of("A", "r"), -EINTR);
}
END_TEST

START_TEST(an_absolute_deadline_stays_what_it_is)
{
	play_on(SCENARIO("procedures: {h: [store G 1]}\n"
			 "threads:\n"
			 "  A: [sigaction SIGUSR1 handler=h restart, r = "
			 "futex_wait_bitset F 0 1 until=10ms]\n"
			 "schedule:\n"
			 "  - A: until blocked\n  - clock: advance 8ms\n"
			 "  - signal: A\n  - A: until blocked\n"
			 "  - clock: advance 2ms\n  - A: until done\n"),
		"starry-0.5.11");
	ck_assert_int_eq(result_of("A", "r"), -ETIMEDOUT);
	ck_assert_uint_eq(machine.now_ns, 10000000);
}
END_TEST

START_TEST(a_sleep_lasts_as_long_as_it_says)
{
	play(SCENARIO(
		"threads: {A: [r = nanosleep 3ms, s = nanosleep 0ns]}\n"));
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_int_eq(result_of("A", "s"), 0);
	ck_assert_uint_eq(machine.now_ns, 3000000);
}
END_TEST

/* No sum of times wraps around: this one ends with the signal. */
START_TEST(a_sleep_can_be_endless)
{
	play(SCENARIO("threads: {A: [r = nanosleep 9223372036854775807:0]}\n"
		      "schedule:\n"
		      "  - A: until blocked\n  - signal: A\n"
		      "  - A: until done\n"));
	ck_assert_int_eq(result_of("A", "r"), -EINTR);
}
END_TEST

/* ---- written down ------------------------------------------------------ */

/* To a thread, to a process, by a thread; handlers; a call made again. */
static const char many[] = SCENARIO(
	"processes: {P1: , P2: }\n"
	"procedures: {h: [store G 1]}\n"
	"threads:\n"
	"  A: [sigaction SIGTERM handler=h restart, r = futex_wait F 0]\n"
	"  B: [kill A SIGTERM, n = futex_wake F 1]\n"
	"  C: [r = nanosleep 5ms]\n"
	"schedule:\n"
	"  - A: until blocked\n  - C: until blocked\n"
	"  - {signal: P1, number: SIGTERM}\n  - A: until blocked\n"
	"  - B: next\n  - A: until blocked\n"
	"  - {signal: C, number: 33}\n  - C: until done\n"
	"  - B: until done\n  - A: until done\n");

START_TEST(a_run_with_signals_is_written_and_done_again)
{
	char *text = again(many, "starry-0.5.11");

	assert_has(text, "{signal: P1, number: 15}");
	assert_has(text, "{signal: C, number: 33}");
	free(text);
}
END_TEST

START_TEST(moves_are_repeated_one_by_one)
{
	const struct trace *t;
	struct run_request request;
	struct move moves[1000];
	struct run second;
	uint32_t i, count = 0;

	play_on(many, "linux");
	request = run.request;
	t = run.trace;
	for (i = 0; i < t->event_count; i++)
		if (t->events[i].step)
			moves[count++] = trace_move(&t->events[i]);
	request.mode = RUN_REPLAY;
	request.moves = moves;
	request.move_count = count;
	play_request(&request, &second);
	ck_assert(!second.has_diverged);
	ck_assert_int_eq(result_of("C", "r"), -EINTR);
	ck_assert_int_eq(result_of("A", "r"), 0);
}
END_TEST

/* ---- the suite --------------------------------------------------------- */

Suite *signals_suite(void)
{
	const TTest *const tests[] = {
		a_signal_in_user_mode_is_handled_before_the_next_operation,
		a_signal_in_the_last_operation_is_handled_before_the_end,
		a_loop_over_memory_is_ended_by_a_handler,
		an_empty_handler_is_run,
		a_call_is_made_again_with_the_arguments_it_had,
		a_signal_before_the_restart_leaves_the_arguments_alone,
		handlers_in_handlers_have_a_limit,
		a_handler_may_be_a_procedure_that_is_called_as_well,
		a_handler_can_end_its_thread,
		each_process_has_actions_of_its_own,
		blocked_signals_wait_for_sigmask,
		a_signal_to_a_process_is_passed_on_by_who_blocks_it,
		a_signal_to_a_process_is_passed_on_by_who_exits,
		a_signal_to_a_process_waits_if_nobody_wants_it,
		who_is_killed_leaves_on_the_way_back,
		the_default_of_most_signals_ends_the_process,
		a_child_has_the_actions_of_its_parent,
		who_was_called_in_vain_goes_on_with_the_time_that_is_left,
		who_was_called_in_vain_says_so_in_the_kernel_at_hand,
		an_absolute_deadline_stays_what_it_is,
		a_sleep_lasts_as_long_as_it_says,
		a_sleep_can_be_endless,
		a_run_with_signals_is_written_and_done_again,
		moves_are_repeated_one_by_one,
	};

	return MACHINE_SUITE("signals", tests);
}
