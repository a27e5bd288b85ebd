/*
 * test_judge.c - what is a lost wake-up, a wrong key, a leak, a deadlock, and
 * what is not.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <string.h>

static struct run run;

static void play(const char *text, const char *profile)
{
	machine_play_whole(text, profile, &run);
}

/* The sides of every comparison of a bug and its mend. */
static void assert_on(const char *text, const char *profile, const char *kinds)
{
	play(text, profile);
	assert_verdicts(kinds);
	ck_assert(run.is_expected == !*kinds);
}

/* ---- lost wake-ups: charged, yet it returns something else ------------- */

#define WAIT_AND_WAKE                                                          \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0 timeout=10ms]\n"                    \
		 "  B: [n = futex_wake F 1]\n"                                 \
		 "schedule:\n")

/* A has looked at woken when B charges it; then A looks at the timer. */
static const char swallowed_by_timeout[] =
	WAIT_AND_WAKE "  - A: until blocked\n"
		      "  - clock: advance 10ms\n"
		      "  - A: {after: woken.load, value: 0}\n"
		      "  - B: until done\n"
		      "  - A: until done\n";

START_TEST(a_charged_waiter_that_times_out_is_a_lost_wakeup)
{
	unsigned int i;

	assert_on(swallowed_by_timeout, "linux", "");
	ck_assert_int_eq(result_of("A", "r"), 0);
	assert_on(swallowed_by_timeout, "starry-0.5.11", "lost-wakeup");
	ck_assert_int_eq(result_of("A", "r"), -110);
	ck_assert_int_eq(machine_verdict()->thread, 0);
	ck_assert_int_eq(machine_verdict()->line, 5);
	/* The charge, then what came before it. */
	ck_assert_uint_ge(machine_verdict()->evidence_count, 2);
	for (i = 0; i < machine_verdict()->evidence_count; i++)
		ck_assert_uint_lt(machine_verdict()->evidence[i],
				  machine_verdict()->at);
}
END_TEST

static const char swallowed_by_signal[] = WAIT_AND_WAKE "  - A: until blocked\n"
							"  - signal: A\n"
							"  - B: until done\n"
							"  - A: until done\n";

START_TEST(a_charged_waiter_that_is_interrupted_is_a_lost_wakeup)
{
	assert_on(swallowed_by_signal, "linux", "");
	assert_on(swallowed_by_signal, "starry-0.5.11", "lost-wakeup");
	ck_assert_int_eq(result_of("A", "r"), -4);
}
END_TEST

/* The wake comes first and the poll sees it: nothing is lost. */
static const char wake_beats_timeout[] =
	WAIT_AND_WAKE "  - A: until blocked\n"
		      "  - B: until done\n"
		      "  - clock: advance 10ms\n"
		      "  - A: until done\n";

START_TEST(a_charged_waiter_that_returns_0_is_none)
{
	assert_on(wake_beats_timeout, "starry-0.5.11", "");
	ck_assert_int_eq(result_of("A", "r"), 0);
}
END_TEST

static const char timeout_before_wake[] =
	WAIT_AND_WAKE "  - A: until blocked\n"
		      "  - clock: advance 10ms\n"
		      "  - A: until done\n"
		      "  - B: until done\n";

/* Before 545 A stays in the queue: the wake is spent on a wait that is over. */
START_TEST(charging_a_wait_that_is_over_is_a_lost_wakeup)
{
	assert_on(timeout_before_wake, "starry-0.5.11", "");
	ck_assert_int_eq(result_of("B", "n"), 0);
	assert_on(timeout_before_wake, "starry-pre-545", "lost-wakeup");
	ck_assert_int_eq(result_of("B", "n"), 1);
}
END_TEST

/* ---- lost wake-ups: asleep on a word that has changed ---------------------
 */

#define STORE_WITHOUT_WAKE(rest)                                               \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0]\n"                                 \
		 "  B: [store F 1]\n" rest)

START_TEST(sleeping_on_a_word_that_has_changed_is_a_lost_wakeup)
{
	play(STORE_WITHOUT_WAKE(""), "linux");
	assert_verdicts("lost-wakeup");
	ck_assert_str_eq(machine_verdict()->what,
			 "A sleeps on F for the value 0, but it is 1 since a "
			 "step of B, and no wake-up is on its way");
	ck_assert_int_eq(machine_verdict()->thread, 0);
	ck_assert_int_eq(machine_verdict()->line, 5);
}
END_TEST

/* Two sleepers and one wake-up, which A gets: C sleeps on as expected. */
#define ONE_WAKE_FOR_TWO(count, rest)                                          \
	SCENARIO("threads:\n"                                                  \
		 "  A: [r = futex_wait F 0]\n"                                 \
		 "  C: [r = futex_wait F 0]\n"                                 \
		 "  B: [store F 1, n = futex_wake F " count "]\n" rest)

START_TEST(a_sleeper_that_is_expected_is_lost_only_if_a_wakeup_is_owed)
{
	play(ONE_WAKE_FOR_TWO("1", "expect: {threads: {C: blocked}}\n"),
	     "linux");
	assert_verdicts("");
	play(ONE_WAKE_FOR_TWO("1", "schedule: [A: until blocked, "
				   "C: until blocked, B: until done, "
				   "A: until done, C: until stuck]\n"),
	     "linux");
	assert_verdicts("");
	/* Nobody has woken at all. */
	play(STORE_WITHOUT_WAKE("expect: {threads: {A: blocked}}\n"), "linux");
	assert_verdicts("lost-wakeup");
	play(STORE_WITHOUT_WAKE("schedule: [A: until blocked, B: until done, "
				"A: until stuck]\n"),
	     "linux");
	assert_verdicts("lost-wakeup");
}
END_TEST

/* The removed entry of A: the wake asks for one and finds none. */
START_TEST(a_wake_that_falls_short_owes_even_an_expected_sleeper)
{
	play(SCENARIO("threads:\n"
		      "  X: [r = futex_wait F 0]\n"
		      "  S: [store F 1]\n"
		      "  A: [r = futex_wait F 1]\n"
		      "  B: [store F 2, n = futex_wake F 1]\n"
		      "schedule:\n"
		      "  - X: {before: table.lock}\n"
		      "  - S: until done\n"
		      "  - X: {after: wq.unlock, nth: 2}\n"
		      "  - A: until blocked\n"
		      "  - X: until done\n"
		      "  - B: until done\n"
		      "  - A: until stuck\n"),
	     "starry-pre-498");
	assert_verdicts("lost-wakeup");
	ck_assert_int_eq(result_of("B", "n"), 0);
}
END_TEST

/* Changed and changed back: the sleeper would sleep again. */
START_TEST(sleeping_on_a_word_that_has_its_value_again_is_a_deadlock)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0]\n"
		      "  B: [store F 1, store F 0]\n"),
	     "linux");
	assert_verdicts("deadlock");
	ck_assert_str_eq(machine_verdict()->what,
			 "nobody can free A (futex F); no thread can move");
}
END_TEST

/* A waits on G after the requeue, for no value of it and whatever F is. */
START_TEST(a_waiter_that_was_moved_waits_for_a_wake_and_no_value)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0]\n"
		      "  B: [futex_requeue F G wake=0 move=1, store F 1]\n"),
	     "linux");
	assert_verdicts("deadlock");
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0]\n"
		      "  B: [futex_requeue F G wake=0 move=1, store G 1]\n"
		      "expect: {threads: {A: blocked}}\n"),
	     "linux");
	assert_verdicts("");
}
END_TEST

/* The wake on G falls between the two sections of the requeue. */
START_TEST(a_moved_waiter_that_a_wake_has_passed_by_is_a_lost_wakeup)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0]\n"
		      "  R: [futex_requeue F G wake=0 move=1]\n"
		      "  V: [n = futex_wake G 1]\n"
		      "schedule:\n"
		      "  - A: until blocked\n"
		      "  - R: after wq.unlock\n"
		      "  - V: until done\n"
		      "  - R: until done\n"
		      "  - A: until stuck\n"),
	     "starry-pre-302");
	assert_verdicts("lost-wakeup");
	ck_assert_int_eq(result_of("V", "n"), 0);
}
END_TEST

/* ---- rest, and what is not yet at rest --------------------------------- */

START_TEST(a_sleeper_with_a_deadline_is_not_stuck)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0 timeout=1s]\n"
		      "schedule: [A: until blocked]\n"),
	     "linux");
	assert_verdicts("");
}
END_TEST

START_TEST(a_deadline_that_overflows_is_none)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0 "
		      "timeout=9223372036854775807:0]\n"
		      "schedule: [A: until blocked]\n"),
	     "linux");
	assert_verdicts("deadlock");
}
END_TEST

START_TEST(nothing_is_judged_at_rest_while_a_thread_can_move)
{
	play(STORE_WITHOUT_WAKE("schedule: [A: until blocked]\n"), "linux");
	assert_verdicts("");
}
END_TEST

START_TEST(a_deadlock_names_everybody_and_what_each_is_blocked_on)
{
	play(SCENARIO("threads:\n"
		      "  A: [r = futex_wait F 0]\n"
		      "  B: [aspace_lock]\n"
		      "  C: [n = futex_wake G 1]\n"),
	     "linux");
	assert_verdicts("deadlock");
	ck_assert_str_eq(
		machine_verdict()->what,
		"nobody can free A (futex F), C (mutex:aspace, held by B)");
	ck_assert_int_eq(machine_verdict()->thread, 0);
}
END_TEST

START_TEST(a_kind_of_verdict_can_be_ignored)
{
	play(SCENARIO("ignore: [deadlock]\n"
		      "threads: {A: [r = futex_wait F 0]}\n"),
	     "linux");
	assert_verdicts("");
	ck_assert(run.is_expected);
}
END_TEST

/* ---- wrong keys -------------------------------------------------------- */

/* One region, seen whole and from its second page on. */
#define TWO_VIEWS                                                              \
	"futexsim: 1\nname: in-a-test\n"                                       \
	"memory:\n"                                                            \
	"  regions: {R: {kind: shared, pages: 2}}\n"                           \
	"  maps:\n"                                                            \
	"    - {process: P1, region: R, at: 0x10000, pages: 2}\n"              \
	"    - {process: P1, region: R, at: 0x20000, offset: 4096, "           \
	"pages: 1}\n"                                                          \
	"  named: {low: {region: R, offset: 8}, high: {region: R, "            \
	"offset: 4104}}\n"

/* 0x10008 is low, 0x20008 is high; 8 from the start of their areas, both. */
static const char charged_on_another_word[] =
	TWO_VIEWS "threads:\n"
		  "  A: [r = futex_wait 0x10008 0]\n"
		  "  B: [n = futex_wake 0x20008 1]\n"
		  "expect: {threads: {A: blocked}}\n";

START_TEST(charging_a_waiter_on_another_word_is_a_wrong_key)
{
	play(charged_on_another_word, "linux");
	assert_verdicts("");
	play(charged_on_another_word, "starry-0.5.11");
	ck_assert_int_eq(machine_verdict()->kind, VERDICT_WRONG_KEY);
	ck_assert_str_eq(machine_verdict()->what,
			 "B wakes on high, but A, who waits "
			 "on low, is charged");
	ck_assert_int_eq(machine_verdict()->thread, 1);
}
END_TEST

/* Both addresses are high, 4104 and 8 from the start of their areas. */
static const char passed_over[] = TWO_VIEWS "threads:\n"
					    "  A: [r = futex_wait 0x11008 0]\n"
					    "  B: [n = futex_wake 0x20008 1]\n";

START_TEST(passing_over_a_waiter_on_the_same_word_is_a_wrong_key)
{
	play(passed_over, "linux");
	assert_verdicts("");
	ck_assert_int_eq(result_of("B", "n"), 1);
	play(passed_over, "starry-0.5.11");
	ck_assert_int_eq(machine_verdict()->kind, VERDICT_WRONG_KEY);
	ck_assert_int_eq(result_of("B", "n"), 0);
}
END_TEST

/* Private and shared futexes are told apart by the caller, not by mistake. */
START_TEST(a_private_wake_on_a_shared_waiter_is_no_wrong_key)
{
	play(TWO_VIEWS "threads:\n"
		       "  A: [r = futex_wait low 0]\n"
		       "  B: [n = futex_wake low 1 private]\n"
		       "expect: {threads: {A: blocked}}\n",
	     "linux");
	assert_verdicts("");
	ck_assert_int_eq(result_of("B", "n"), 0);
}
END_TEST

/* ---- leaks ------------------------------------------------------------- */

/* B has looked, and not let go; A looks and sees B: the entry of G stays. */
static const char two_guards[] =
	SCENARIO("threads:\n"
		 "  A: [r = futex_requeue F G wake=1 move=1]\n"
		 "  B: [r = futex_requeue F G wake=1 move=1]\n"
		 "schedule:\n"
		 "  - A: {after: table.unlock, nth: 2}\n"
		 "  - B: {after: table.unlock, nth: 3}\n"
		 "  - A: until done\n"
		 "  - B: until done\n");

START_TEST(an_entry_that_nobody_holds_is_a_leak)
{
	assert_on(two_guards, "linux", "");
	assert_on(two_guards, "starry-0.5.11", "leak");
	/* Words are 0x40 apart from 0x1000 on. */
	ck_assert_str_eq(machine_verdict()->what,
			 "the entry 0x1040 stays in table:P1 although nobody "
			 "holds it and nobody waits");
}
END_TEST

static const char nobody_wakes[] =
	SCENARIO("threads:\n"
		 "  A: [r = futex_wait F 0 timeout=10ms]\n"
		 "schedule: [A: until blocked, clock: advance 10ms, "
		 "A: until done]\n");

START_TEST(a_waiter_whose_wait_is_over_is_a_leak)
{
	assert_on(nobody_wakes, "starry-0.5.11", "");
	assert_on(nobody_wakes, "starry-pre-545", "leak");
	ck_assert_str_eq(machine_verdict()->what,
			 "wq:F of table:P1 still lists 1 "
			 "waiter whose wait is over");
}
END_TEST

START_TEST(an_entry_with_a_sleeper_is_no_leak)
{
	play(SCENARIO("threads: {A: [r = futex_wait F 0]}\n"
		      "expect: {threads: {A: blocked}}\n"),
	     "starry-0.5.11");
	assert_verdicts("");
}
END_TEST

/* ---- steps ------------------------------------------------------------- */

START_TEST(a_run_beyond_its_steps_is_a_verdict_of_its_own)
{
	struct run_request request = request_of(
		SCENARIO("threads: {A: [yield, yield, yield]}\n"), "linux");

	request.steps_max = 3;
	play_request(&request, &run);
	assert_verdicts("");
	request.steps_max = 2;
	play_request(&request, &run);
	assert_verdicts("step-limit");
	ck_assert(!run.is_expected);
}
END_TEST

Suite *judge_suite(void)
{
	const TTest *const tests[] = {
		a_charged_waiter_that_times_out_is_a_lost_wakeup,
		a_charged_waiter_that_is_interrupted_is_a_lost_wakeup,
		a_charged_waiter_that_returns_0_is_none,
		charging_a_wait_that_is_over_is_a_lost_wakeup,
		sleeping_on_a_word_that_has_changed_is_a_lost_wakeup,
		a_sleeper_that_is_expected_is_lost_only_if_a_wakeup_is_owed,
		a_wake_that_falls_short_owes_even_an_expected_sleeper,
		sleeping_on_a_word_that_has_its_value_again_is_a_deadlock,
		a_waiter_that_was_moved_waits_for_a_wake_and_no_value,
		a_moved_waiter_that_a_wake_has_passed_by_is_a_lost_wakeup,
		a_sleeper_with_a_deadline_is_not_stuck,
		a_deadline_that_overflows_is_none,
		nothing_is_judged_at_rest_while_a_thread_can_move,
		a_deadlock_names_everybody_and_what_each_is_blocked_on,
		a_kind_of_verdict_can_be_ignored,
		charging_a_waiter_on_another_word_is_a_wrong_key,
		passing_over_a_waiter_on_the_same_word_is_a_wrong_key,
		a_private_wake_on_a_shared_waiter_is_no_wrong_key,
		an_entry_that_nobody_holds_is_a_leak,
		a_waiter_whose_wait_is_over_is_a_leak,
		an_entry_with_a_sleeper_is_no_leak,
		a_run_beyond_its_steps_is_a_verdict_of_its_own,
	};

	return MACHINE_SUITE("judge", tests);
}
