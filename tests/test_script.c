/*
 * test_script.c - every kind of line a schedule can have: how far it goes,
 * and what it says when it cannot be carried out.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdio.h>
#include <string.h>

static struct run run;

/* A scenario with these threads and this schedule. */
static const char *text_of(const char *threads, const char *schedule)
{
	static char text[4096];
	int size = snprintf(text, sizeof(text),
			    SCENARIO("ignore: [deadlock, lost-wakeup]\n"
				     "threads:\n%s"
				     "schedule:\n%s"),
			    threads, schedule);

	ck_assert_int_lt(size, (int)sizeof(text));
	return text;
}

static void play_lines(const char *threads, const char *schedule)
{
	play_scenario(text_of(threads, schedule), "linux", &run);
}

static void play(const char *threads, const char *schedule)
{
	play_lines(threads, schedule);
	if (run.error)
		ck_abort_msg("%d: %s", run.error_line, run.error);
}

/* The last line of @schedule is the one that fails, with this message. */
static void assert_error(const char *threads, const char *schedule,
			 const char *error)
{
	const char *c;
	int line = 6; /* what comes before, and `schedule:` */

	for (c = threads; *c; c++)
		line += *c == '\n';
	for (c = schedule; *c; c++)
		line += *c == '\n';
	play_lines(threads, schedule);
	ck_assert_ptr_nonnull(run.error);
	ck_assert_str_eq(run.error, error);
	ck_assert_int_eq(run.error_line, line);
	ck_assert_int_eq(run.error_col, 5);
	ck_assert(!run.is_expected);
}

static uint32_t word(const char *name)
{
	const struct state *end = run.states.last;
	uint32_t i;

	for (i = 0; i < end->word_count; i++) {
		if (!strcmp(end->words[i].name, name))
			return end->words[i].value;
	}
	ck_abort_msg("no word %s", name);
	return 0;
}

static const struct task *thread(uint32_t index)
{
	return &machine.tasks[index];
}

/* The name of the point at which a thread stands, or that it has passed. */
static const char *point_of(const struct step *step)
{
	static char point[POINT_NAME_MAX];

	return event_point(step->kind, step->object_kind, point);
}

#define assert_stands_before(index, point)                                     \
	ck_assert_str_eq(point_of(&thread(index)->step), point)
#define assert_has_passed(index, point)                                        \
	ck_assert_str_eq(point_of(&thread(index)->last), point)

#define WAIT "  A: [r = futex_wait F 0]\n"
#define WAIT_10MS "  A: [r = futex_wait F 0 timeout=10ms]\n"
#define WAKE "  B: [n = futex_wake F 1]\n"
#define STORES "  A: [store F 1, store F 2, store F 3]\n"

/* ---- next -------------------------------------------------------------- */

START_TEST(next_runs_one_operation_to_its_end)
{
	play(STORES, "  - A: next\n");
	ck_assert_uint_eq(word("F"), 1);
	play(STORES, "  - A: next\n  - A: next\n");
	ck_assert_uint_eq(word("F"), 2);
}
END_TEST

START_TEST(next_ends_the_operation_that_has_begun)
{
	play(WAKE, "  - B: 2 steps\n  - B: next\n");
	ck_assert_int_eq(result_of("B", "n"), 0);
	ck_assert_uint_eq(thread(0)->op_finished, 1);
}
END_TEST

START_TEST(next_stops_where_the_thread_blocks)
{
	play(WAIT, "  - A: next\n");
	ck_assert(task_is_blocked(thread(0)));
	assert_has_passed(0, "task.block");
}
END_TEST

/* The operation of a sleeper that was woken is the present one. */
START_TEST(next_takes_a_woken_sleeper_to_the_end_of_its_wait)
{
	play("  A: [r = futex_wait F 0, store G 1]\n" WAKE,
	     "  - A: next\n  - B: until done\n  - A: next\n");
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_uint_eq(word("G"), 0);
}
END_TEST

START_TEST(next_needs_a_thread_that_can_move)
{
	assert_error(WAIT, "  - A: next\n  - A: next\n",
		     "'A: next' cannot be carried out: A is blocked on futex "
		     "F");
	assert_error("  A: [store F 1]\n", "  - A: next\n  - A: next\n",
		     "'A: next' cannot be carried out: A has ended");
}
END_TEST

/* ---- until ------------------------------------------------------------- */

START_TEST(until_blocked_stops_where_the_thread_sleeps)
{
	play("  A: [store F 0, r = futex_wait F 0]\n",
	     "  - A: until blocked\n  - A: until blocked\n");
	ck_assert_int_eq(thread(0)->state, TASK_PARKED);
	play("  A: [aspace_lock, aspace_unlock]\n" WAKE,
	     "  - A: next\n  - B: until blocked\n");
	ck_assert_int_eq(thread(1)->state, TASK_SLEEPING);
}
END_TEST

START_TEST(until_blocked_fails_if_the_thread_ends)
{
	assert_error("  A: [store F 1, mark m]\n", "  - A: until blocked\n",
		     "'A: until blocked' cannot be carried out: A has ended "
		     "after passing user.store, task.mark");
}
END_TEST

START_TEST(until_done_runs_to_the_end_of_the_program)
{
	play(STORES, "  - A: until done\n");
	ck_assert_uint_eq(word("F"), 3);
	ck_assert_int_eq(thread(0)->state, TASK_DONE);
}
END_TEST

START_TEST(until_done_fails_if_the_thread_blocks)
{
	assert_error("  A: [aspace_lock]\n" WAKE,
		     "  - A: next\n  - B: until done\n",
		     "'B: until done' cannot be carried out: B is blocked on "
		     "aspace:P1, held by A after passing syscall.enter, "
		     "aspace.sleep");
	assert_error("  A: [aspace_lock]\n" WAKE,
		     "  - A: next\n  - B: next\n  - B: until done\n",
		     "'B: until done' cannot be carried out: B is blocked on "
		     "aspace:P1, held by A");
}
END_TEST

START_TEST(long_lists_of_passed_points_end_in_dots)
{
	play_lines(WAKE, "  - B: until blocked\n");
	ck_assert_ptr_nonnull(run.error);
	ck_assert_ptr_nonnull(strstr(run.error, "B has ended after passing "
						"syscall.enter, aspace.lock, "
						"aspace.unlock, "));
	/* Fifty marks are more than four hundred letters. */
	play_lines("  A: [mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a, mark a, mark a, mark a, mark a, mark a, "
		   "mark a, mark a]\n",
		   "  - A: until blocked\n");
	ck_assert_ptr_nonnull(run.error);
	ck_assert_str_eq(run.error + strlen(run.error) - 5, ", ...");
}
END_TEST

START_TEST(until_blocked_or_done_takes_either)
{
	play(WAIT WAKE, "  - A: until blocked or done\n"
			"  - B: until blocked or done\n"
			"  - A: until blocked or done\n");
	ck_assert_int_eq(thread(0)->state, TASK_DONE);
	ck_assert_int_eq(thread(1)->state, TASK_DONE);
}
END_TEST

START_TEST(until_stuck_needs_everybody_at_rest)
{
	play(WAIT "  B: [store G 1]\n",
	     "  - B: until done\n  - A: until stuck\n");
	ck_assert(task_is_blocked(thread(0)));
	assert_error(WAIT WAKE, "  - A: until stuck\n",
		     "A is blocked but not stuck: B can still move");
	assert_error(WAIT "  B: [futex_wait F 0 timeout=1s]\n",
		     "  - B: until blocked\n  - A: until stuck\n",
		     "A is blocked but not stuck: a timer of B is armed");
	assert_error("  A: [store F 1]\n", "  - A: until stuck\n",
		     "'A: until stuck' cannot be carried out: A has ended "
		     "after passing user.store");
}
END_TEST

/* ---- before and after -------------------------------------------------- */

START_TEST(before_stops_ahead_of_a_point_and_after_behind_it)
{
	play(WAKE, "  - B: before aspace.unlock\n");
	assert_stands_before(0, "aspace.unlock");
	assert_has_passed(0, "aspace.lock");
	play(WAKE, "  - B: after aspace.unlock\n");
	assert_has_passed(0, "aspace.unlock");
}
END_TEST

/* Standing there counts for before; having passed it earlier does not. */
START_TEST(before_is_reached_where_the_thread_stands_and_after_is_not)
{
	play(WAKE, "  - B: before aspace.unlock\n"
		   "  - B: before aspace.unlock\n");
	assert_stands_before(0, "aspace.unlock");
	assert_error(WAKE,
		     "  - B: after aspace.unlock\n"
		     "  - B: {after: aspace.unlock}\n",
		     "'B: {after: aspace.unlock}' cannot be carried out: B "
		     "has ended after passing ref.get, table.lock, "
		     "table.unlock, task.yield, ref.put, syscall.return");
}
END_TEST

START_TEST(nth_counts_the_passings_of_this_line)
{
	play(STORES, "  - A: {after: user.store, nth: 2}\n");
	ck_assert_uint_eq(word("F"), 2);
	play(STORES, "  - A: {before: user.store, nth: 3}\n");
	ck_assert_uint_eq(word("F"), 2);
	play(STORES, "  - A: after user.store\n"
		     "  - A: {after: user.store, nth: 2}\n");
	ck_assert_uint_eq(word("F"), 3);
	assert_error(STORES, "  - A: {after: user.store, nth: 4}\n",
		     "'A: {after: user.store, nth: 4}' cannot be carried out: "
		     "A has ended after passing user.store, user.store, "
		     "user.store");
}
END_TEST

START_TEST(value_waits_for_a_result)
{
	play(STORES, "  - A: {after: user.store, value: 2}\n");
	ck_assert_uint_eq(word("F"), 2);
	play("  A: [load F, store F 7, load F, store F 8]\n",
	     "  - A: {after: user.load, value: 7}\n");
	ck_assert_uint_eq(word("F"), 7);
	/* A system call gives -EAGAIN; a cas gives the old value. */
	play("  A: [futex_wait F 1, cas F 0 5, cas F 5 6]\n",
	     "  - A: {after: syscall.return, value: EAGAIN}\n"
	     "  - A: {after: user.cas, value: 5}\n");
	ck_assert_uint_eq(word("F"), 6);
	assert_error(STORES, "  - A: {after: user.store, value: 9}\n",
		     "'A: {after: user.store, value: 9}' cannot be carried "
		     "out: A has ended after passing user.store, user.store, "
		     "user.store");
}
END_TEST

START_TEST(of_picks_a_word)
{
	play("  A: [store F 1, store G 1, store F 2]\n",
	     "  - A: {after: user.store, of: G}\n");
	ck_assert_uint_eq(word("G"), 1);
	ck_assert_uint_eq(word("F"), 1);
	play("  A: [store F 1, store G 1, store F 2]\n",
	     "  - A: {before: user.store, of: F, nth: 2}\n");
	ck_assert_uint_eq(word("G"), 1);
	ck_assert_uint_eq(word("F"), 1);
	/* The queue of a word: B sleeps on G, so wq of F is never locked. */
	play("  A: [futex_wait F 0]\n  B: [futex_wait G 0]\n"
	     "  C: [futex_wake F 1, futex_wake G 1]\n",
	     "  - A: until blocked\n  - B: until blocked\n"
	     "  - C: {before: wq.lock, of: G}\n");
	ck_assert_uint_eq(thread(2)->op_finished, 1);
}
END_TEST

/* Both are woken; the one whose flag or wake-up is meant decides. */
START_TEST(of_picks_the_thread_that_something_belongs_to)
{
	const char *threads = "  A: [futex_wait F 0]\n"
			      "  B: [futex_wait F 0]\n"
			      "  C: [futex_wake F 2]\n";
	const char *up_to = "  - A: until blocked\n  - B: until blocked\n";
	char schedule[256];

	snprintf(schedule, sizeof(schedule),
		 "%s  - C: {after: task.wake, of: A}\n", up_to);
	play(threads, schedule);
	ck_assert(task_can_move(thread(0)) && !task_can_move(thread(1)));
	snprintf(schedule, sizeof(schedule),
		 "%s  - C: {after: task.wake, of: B}\n", up_to);
	play(threads, schedule);
	ck_assert(task_can_move(thread(0)) && task_can_move(thread(1)));
	snprintf(schedule, sizeof(schedule),
		 "%s  - C: {after: woken.store, of: B}\n", up_to);
	play(threads, schedule);
	assert_has_passed(2, "woken.store");
	ck_assert(!task_can_move(thread(0)));
}
END_TEST

START_TEST(an_alias_is_the_same_point)
{
	play(WAIT, "  - A: after task.park\n");
	assert_has_passed(0, "task.block");
}
END_TEST

/* A mutex that is slept for is passed when it is taken, once. */
START_TEST(a_lock_is_passed_when_it_is_taken)
{
	play("  A: [aspace_lock, aspace_unlock]\n" WAKE,
	     "  - A: next\n"
	     "  - B: until blocked\n"
	     "  - A: next\n"
	     "  - B: after aspace.lock\n");
	assert_has_passed(1, "aspace.lock");
	assert_stands_before(1, "aspace.unlock");
	assert_error("  A: [aspace_lock, aspace_unlock]\n" WAKE,
		     "  - A: next\n  - B: after aspace.lock\n",
		     "'B: after aspace.lock' cannot be carried out: B is "
		     "blocked on aspace:P1, held by A after passing "
		     "syscall.enter, aspace.sleep");
}
END_TEST

/* ---- steps ------------------------------------------------------------- */

START_TEST(a_number_of_steps_is_taken_exactly)
{
	play(STORES, "  - A: 2 steps\n");
	ck_assert_uint_eq(word("F"), 2);
	play(WAKE, "  - B: 1 steps\n");
	assert_has_passed(0, "syscall.enter");
	assert_error(STORES, "  - A: 4 steps\n",
		     "'A: 4 steps' cannot be carried out: A has ended after "
		     "passing user.store, user.store, user.store");
}
END_TEST

/* ---- clock, timers, signals -------------------------------------------- */

#define TWO_SLEEPERS                                                           \
	"  A: [r = futex_wait F 0 timeout=10ms]\n"                             \
	"  B: [r = futex_wait G 0 timeout=20ms]\n"
#define BOTH_BLOCKED "  - A: until blocked\n  - B: until blocked\n"

START_TEST(the_clock_fires_what_is_due_and_ends_where_it_should)
{
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - clock: advance 9999us\n");
	ck_assert_uint_eq(machine.now_ns, 9999000);
	ck_assert(task_is_blocked(thread(0)));
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - clock: advance 10ms\n");
	ck_assert_uint_eq(machine.now_ns, 10000000);
	ck_assert(task_can_move(thread(0)) && task_is_blocked(thread(1)));
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - clock: advance 1s\n");
	ck_assert_uint_eq(machine.now_ns, 1000000000);
	ck_assert(task_can_move(thread(0)) && task_can_move(thread(1)));
}
END_TEST

/* Time does not pass by itself: 4 + 6 is the deadline, and firing is no end. */
START_TEST(time_is_what_clock_lines_have_added_up_to)
{
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - clock: advance 4ms\n"
					"  - clock: advance 6ms\n"
					"  - A: until done\n");
	ck_assert_int_eq(result_of("A", "r"), -110);
	ck_assert_uint_eq(machine.now_ns, 10000000);
	ck_assert_uint_eq(machine.results->time_ns, 10000000);
}
END_TEST

START_TEST(timer_fire_takes_the_clock_to_the_deadline)
{
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - timer: fire B\n");
	ck_assert_uint_eq(machine.now_ns, 20000000);
	ck_assert(task_is_blocked(thread(0)) && task_can_move(thread(1)));
	/* A's is overdue; firing it does not turn the clock back. */
	play(TWO_SLEEPERS, BOTH_BLOCKED "  - timer: fire B\n"
					"  - timer: fire A\n");
	ck_assert_uint_eq(machine.now_ns, 20000000);
	ck_assert(task_can_move(thread(0)));
}
END_TEST

START_TEST(timer_fire_needs_an_armed_timer)
{
	assert_error(WAIT_10MS, "  - timer: fire A\n", "A has no armed timer");
	assert_error(WAIT, "  - A: until blocked\n  - timer: fire A\n",
		     "A has no armed timer");
	assert_error(WAIT_10MS,
		     "  - A: until blocked\n  - timer: fire A\n"
		     "  - timer: fire A\n",
		     "A has no armed timer");
}
END_TEST

START_TEST(a_signal_interrupts_a_wait)
{
	play(WAIT, "  - A: until blocked\n  - signal: A\n  - A: until done\n");
	ck_assert_int_eq(result_of("A", "r"), -4);
}
END_TEST

START_TEST(a_signal_to_a_thread_that_has_ended_reaches_nobody)
{
	play("  A: [store F 1, exit]\n",
	     "  - A: until done\n  - signal: A\n  - check: F == 1\n");
	ck_assert_ptr_null(run.error);
	ck_assert(run.is_expected);
}
END_TEST

START_TEST(a_signal_has_a_number)
{
	struct run_request request = request_of(
		text_of(WAIT, "  - signal: {thread: A, number: SIGTERM}\n"
			      "  - signal: A\n"),
		"linux");

	request.wants_trace = true;
	play_request(&request, &run);
	ck_assert_int_eq(run.trace->events[0].kind, EVENT_SIGNAL);
	ck_assert_uint_eq(run.trace->events[0].in, 15);
	ck_assert_uint_eq(run.trace->events[1].in, SIGNAL_DEFAULT);
}
END_TEST

/* ---- check and show ---------------------------------------------------- */

START_TEST(a_check_that_fails_is_an_unmet_expectation_and_the_run_goes_on)
{
	play(STORES, "  - A: next\n"
		     "  - check: F == 1\n"
		     "  - check: F == 2\n"
		     "  - A: next\n");
	assert_verdicts("expectation");
	ck_assert_str_eq(machine.verdicts[0].what,
			 "'check: F == 2' does not hold");
	/* Six lines come before the schedule; it is the third in it. */
	ck_assert_int_eq(machine.verdicts[0].line, 10);
	ck_assert_uint_eq(word("F"), 2);
	ck_assert(!run.is_expected);
}
END_TEST

START_TEST(show_takes_the_state_down_as_it_is)
{
	play(WAIT, "  - show\n  - A: until blocked\n  - show\n");
	ck_assert_str_eq(run.states.first->at, "show");
	ck_assert_uint_eq(run.states.first->table_count, 0);
	ck_assert_str_eq(run.states.first->next->at, "show");
	ck_assert_uint_eq(run.states.first->next->table_count, 1);
	ck_assert_str_eq(run.states.last->at, "end");
	ck_assert_ptr_eq(run.states.first->next->next, run.states.last);
}
END_TEST

/* ---- all --------------------------------------------------------------- */

/* In the order of declaration: A sleeps, B wakes it, then A again. */
START_TEST(all_until_stuck_goes_round_until_nobody_can_move)
{
	play(WAIT WAKE "  C: [futex_wait G 0]\n", "  - all: until stuck\n");
	ck_assert_int_eq(result_of("A", "r"), 0);
	ck_assert_int_eq(result_of("B", "n"), 1);
	ck_assert(task_is_blocked(thread(2)));
	/* It fires no timer. */
	play(WAIT_10MS, "  - all: until stuck\n");
	ck_assert(task_is_blocked(thread(0)));
	ck_assert_uint_eq(machine.now_ns, 0);
}
END_TEST

/* A is inside its call; B has not begun, and C is between two. */
START_TEST(all_finish_moves_only_threads_inside_an_operation)
{
	play("  A: [futex_wake F 1, store F 1]\n"
	     "  B: [store F 2]\n"
	     "  C: [store G 1, store G 2]\n",
	     "  - A: 1 steps\n  - C: next\n  - all: finish\n");
	ck_assert_uint_eq(thread(0)->op_finished, 1);
	ck_assert_uint_eq(thread(1)->op_finished, 0);
	ck_assert_uint_eq(thread(2)->op_finished, 1);
	ck_assert_uint_eq(word("F"), 0);
	ck_assert_uint_eq(word("G"), 1);
}
END_TEST

START_TEST(all_finish_goes_round_until_none_can_move)
{
	play(WAIT "  B: [aspace_lock, aspace_unlock]\n"
		  "  C: [futex_wake F 1]\n",
	     "  - A: until blocked\n  - B: next\n  - C: until blocked\n"
	     "  - all: finish\n");
	/* C waits for B, which is between two operations. */
	ck_assert_int_eq(thread(2)->state, TASK_SLEEPING);
	play("  A: [aspace_lock, futex_wait F 0]\n" WAKE, "  - all: finish\n");
	ck_assert_uint_eq(machine.step_count, 0);
}
END_TEST

/* ---- the end of a schedule --------------------------------------------- */

START_TEST(nothing_moves_after_the_last_line)
{
	play(STORES, "  - A: next\n");
	ck_assert_uint_eq(machine.step_count, 1);
	ck_assert(task_can_move(thread(0)));
}
END_TEST

START_TEST(without_a_schedule_everybody_goes_on_and_then_the_clock)
{
	play_scenario(SCENARIO("threads:\n"
			       "  A: [r = futex_wait F 0 timeout=20ms]\n"
			       "  B: [r = futex_wait F 0 timeout=10ms]\n"),
		      "linux", &run);
	ck_assert_int_eq(result_of("A", "r"), -110);
	ck_assert_int_eq(result_of("B", "r"), -110);
	/* B is the first in time. */
	ck_assert_uint_eq(machine.results->thread, 1);
	ck_assert_uint_eq(machine.now_ns, 20000000);
}
END_TEST

START_TEST(an_error_ends_the_schedule_and_expectations_are_not_held_against_it)
{
	const char *text = SCENARIO("threads: {A: [store F 1]}\n"
				    "schedule: [A: 2 steps, check: F == 9]\n"
				    "expect: {words: {F: 9}}\n");

	play_scenario(text, "linux", &run);
	ck_assert_str_eq(run.error, "'A: 2 steps' cannot be carried out: A "
				    "has ended after passing user.store");
	ck_assert_int_eq(run.error_line, 5);
	assert_verdicts("");
	ck_assert(!run.is_expected);
}
END_TEST

Suite *script_suite(void)
{
	const TTest *const tests[] = {
		next_runs_one_operation_to_its_end,
		next_ends_the_operation_that_has_begun,
		next_stops_where_the_thread_blocks,
		next_takes_a_woken_sleeper_to_the_end_of_its_wait,
		next_needs_a_thread_that_can_move,
		until_blocked_stops_where_the_thread_sleeps,
		until_blocked_fails_if_the_thread_ends,
		until_done_runs_to_the_end_of_the_program,
		until_done_fails_if_the_thread_blocks,
		long_lists_of_passed_points_end_in_dots,
		until_blocked_or_done_takes_either,
		until_stuck_needs_everybody_at_rest,
		before_stops_ahead_of_a_point_and_after_behind_it,
		before_is_reached_where_the_thread_stands_and_after_is_not,
		nth_counts_the_passings_of_this_line,
		value_waits_for_a_result,
		of_picks_a_word,
		of_picks_the_thread_that_something_belongs_to,
		an_alias_is_the_same_point,
		a_lock_is_passed_when_it_is_taken,
		a_number_of_steps_is_taken_exactly,
		the_clock_fires_what_is_due_and_ends_where_it_should,
		time_is_what_clock_lines_have_added_up_to,
		timer_fire_takes_the_clock_to_the_deadline,
		timer_fire_needs_an_armed_timer,
		a_signal_interrupts_a_wait,
		a_signal_to_a_thread_that_has_ended_reaches_nobody,
		a_signal_has_a_number,
		a_check_that_fails_is_an_unmet_expectation_and_the_run_goes_on,
		show_takes_the_state_down_as_it_is,
		all_until_stuck_goes_round_until_nobody_can_move,
		all_finish_moves_only_threads_inside_an_operation,
		all_finish_goes_round_until_none_can_move,
		nothing_moves_after_the_last_line,
		without_a_schedule_everybody_goes_on_and_then_the_clock,
		an_error_ends_the_schedule_and_expectations_are_not_held_against_it,
	};

	return MACHINE_SUITE("script", tests);
}
