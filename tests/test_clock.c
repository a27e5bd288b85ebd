/*
 * test_clock.c - clocks and timers of model/kernel.h on the machine.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What the threads of one test share. */
static struct {
	struct ktimer *timers[3];
	uint64_t deadlines[3];
	enum kclock clocks[3]; /* all are KCLOCK_WALL unless said */
	uint64_t values[3];
	bool answers[6];
} s;

static void begin(uint32_t count)
{
	memset(&s, 0, sizeof(s));
	machine_begin(count);
}

static void read_clocks(struct task *task)
{
	(void)task;
	s.values[0] = kclock_monotonic_ns();
	s.values[1] = kclock_wall_ns();
	s.values[2] = kclock_monotonic_ns();
}

START_TEST(the_wall_clock_is_the_other_one_plus_an_offset)
{
	begin(1);
	machine.wall_offset_ns = 1000;
	machine_thread(0, read_clocks);
	machine_play("+7 A A +5 A");
	ck_assert_uint_eq(s.values[0], 7);
	ck_assert_uint_eq(s.values[1], 1007);
	ck_assert_uint_eq(s.values[2], 12);
}
END_TEST

static void sleep_until(struct task *task)
{
	uint32_t i = task->index;
	struct kwaker *w = kwaker_new();

	s.timers[i] = ktimer_arm(s.clocks[i], s.deadlines[i]);
	s.answers[i] = ktimer_poll(s.timers[i], w);
	kpark(w);
	s.answers[3 + i] = ktimer_poll(s.timers[i], w);
	ktimer_cancel(s.timers[i]);
}

static void begin_sleepers(uint64_t a, uint64_t b, uint64_t c)
{
	uint32_t i;

	begin(3);
	s.deadlines[0] = a;
	s.deadlines[1] = b;
	s.deadlines[2] = c;
	for (i = 0; i < 3; i++)
		machine_thread(i, sleep_until);
}

/* C is armed before B, so it is first among equals. */
START_TEST(timers_fire_by_deadline_and_then_in_the_order_of_arming)
{
	begin_sleepers(30, 10, 10);
	machine_play("AAA CCC BBB ###");
	ck_assert_str_eq(strstr(machine_log(), "clock:"),
			 "clock:timer.fire[C] clock:timer.fire[B] "
			 "clock:timer.fire[A]");
	ck_assert_uint_eq(machine.now_ns, 30);
}
END_TEST

START_TEST(a_timer_that_fires_frees_its_thread)
{
	begin_sleepers(30, KTIME_NEVER, KTIME_NEVER);
	machine_play("AAA # AAA");
	assert_log("A:timer.arm=0 A:timer.poll=0 A:task.block "
		   "clock:timer.fire[A] A:task.resume A:timer.poll=1 "
		   "A:timer.cancel");
	ck_assert(!s.answers[0] && s.answers[3]);
}
END_TEST

/* Not polled, it has no waker; the poll after it finds that it has fired. */
START_TEST(a_timer_that_fires_before_the_poll_is_seen_by_it)
{
	begin_sleepers(30, KTIME_NEVER, KTIME_NEVER);
	machine_play("A # A A");
	assert_log("A:timer.arm=0 clock:timer.fire[A] A:timer.poll=1 "
		   "A:task.block");
}
END_TEST

/* At its deadline it is past; the wall clock is what counts. */
START_TEST(a_deadline_that_has_passed_has_expired_when_armed)
{
	begin_sleepers(1000, 1001, KTIME_NEVER);
	machine.wall_offset_ns = 990;
	machine_play("+10 AA BB");
	assert_log("clock:clock.advance A:timer.arm=1 A:timer.poll=1 "
		   "B:timer.arm=0 B:timer.poll=0");
	ck_assert_ptr_null(task_timer(&machine, &machine.tasks[0]));
	ck_assert_ptr_eq(sim_next_timer(&machine), s.timers[1]);
}
END_TEST

START_TEST(firing_takes_the_clock_to_the_deadline_on_the_wall)
{
	begin_sleepers(1500, KTIME_NEVER, KTIME_NEVER);
	machine.wall_offset_ns = 1000;
	machine_play("AAA a");
	ck_assert_uint_eq(machine.now_ns, 500);
}
END_TEST

START_TEST(a_deadline_that_never_comes_is_no_timer_that_can_fire)
{
	begin_sleepers(KTIME_NEVER, KTIME_NEVER, KTIME_NEVER);
	machine_play("AAA");
	ck_assert_ptr_null(sim_next_timer(&machine));
	ck_assert_ptr_null(task_timer(&machine, &machine.tasks[0]));
	ck_assert(task_is_blocked(&machine.tasks[0]));
}
END_TEST

/* The wall clock is 1000 ahead: due at 30, 20 and 10. */
START_TEST(timers_on_both_clocks_fire_when_they_are_due)
{
	begin_sleepers(1030, 20, 1010);
	machine.wall_offset_ns = 1000;
	s.clocks[1] = KCLOCK_MONOTONIC;
	machine_play("AAA BBB CCC ###");
	ck_assert_str_eq(strstr(machine_log(), "clock:"),
			 "clock:timer.fire[C] clock:timer.fire[B] "
			 "clock:timer.fire[A]");
	ck_assert_uint_eq(machine.now_ns, 30);
}
END_TEST

START_TEST(a_deadline_on_the_monotonic_clock_may_have_passed_as_well)
{
	begin_sleepers(10, 10, KTIME_NEVER);
	machine.wall_offset_ns = 1000;
	s.clocks[0] = KCLOCK_MONOTONIC;
	s.clocks[1] = KCLOCK_MONOTONIC;
	machine_play("+9 AA +1 BB");
	assert_log("clock:clock.advance A:timer.arm=0 A:timer.poll=0 "
		   "clock:clock.advance B:timer.arm=1 B:timer.poll=1");
}
END_TEST

/* ---- clock_settime ----------------------------------------------------- */

static struct run run;

/* A sleeps for 20ms; B until 30ms and C until 40ms on the wall clock. */
#define THREE_SLEEP                                                            \
	"threads:\n"                                                           \
	"  A: [r = futex_wait F 0 timeout=20ms]\n"                             \
	"  B: [r = futex_wait_bitset F 0 1 until=30ms realtime]\n"             \
	"  C: [r = futex_wait_bitset F 0 1 until=40ms realtime]\n"

/* Each wait that is over, in the order in which it ended, and when. */
static const char *ends(void)
{
	static char text[256];
	const struct result *r;
	size_t used = 0;

	text[0] = '\0';
	for (r = machine.results; r; r = r->next)
		if (r->value == -ETIMEDOUT)
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, "%s%s:%llu",
				used ? " " : "", machine.tasks[r->thread].name,
				(unsigned long long)r->time_ns / 1000000);
	return text;
}

/* Set to 25ms at 0 the wall clock leaves B and C 5 and 15, and A its 20. */
START_TEST(setting_the_wall_clock_changes_the_order_of_timers)
{
	machine_play_whole(SCENARIO(THREE_SLEEP
				    "  S: [s = clock_settime 25ms]\n"
				    "schedule:\n  - all: until stuck\n"
				    "  - clock: advance 5ms\n"
				    "  - all: until stuck\n"
				    "  - clock: advance 10ms\n"
				    "  - all: until stuck\n"
				    "  - clock: advance 10ms\n"
				    "  - all: until stuck\n"),
			   "linux", &run);
	ck_assert_str_eq(ends(), "B:5 C:15 A:25");
	ck_assert_int_eq(result_of("S", "s"), 0);
	/* On a kernel with one clock A has its 20ms on that: due at once. */
	machine_play_whole(SCENARIO(THREE_SLEEP
				    "  S: [s = clock_settime 25ms]\n"
				    "schedule:\n  - all: until stuck\n"
				    "  - clock: advance 1ms\n"
				    "  - all: until stuck\n"),
			   "starry-0.5.11", &run);
	ck_assert_str_eq(ends(), "A:1");
}
END_TEST

/* B's time has passed when the clock is set; it fires next. */
START_TEST(what_has_passed_by_setting_the_clock_fires_next)
{
	machine_play_whole(SCENARIO(THREE_SLEEP
				    "  S: [s = clock_settime 1h]\n"
				    "schedule:\n  - all: until stuck\n"
				    "  - timer: fire C\n  - timer: fire B\n"
				    "  - all: until stuck\n"),
			   "linux", &run);
	ck_assert_str_eq(ends(), "B:0 C:0");
	ck_assert_uint_eq(machine.now_ns, 0);
}
END_TEST

START_TEST(the_wall_clock_does_not_go_behind_the_other_one)
{
	machine_play_whole(
		SCENARIO("threads:\n"
			 "  S: [a = clock_settime 9ms, b = clock_settime 10ms, "
			 "c = clock_settime bad, d = clock_settime -1:0, "
			 "e = clock_settime 0:1000000000, "
			 "f = clock_settime 9223372036854775807:0]\n"
			 "kernel: {time: 10ms, wall_offset: 5ms}\n"),
		"linux", &run);
	ck_assert_int_eq(result_of("S", "a"), -EINVAL);
	ck_assert_int_eq(result_of("S", "b"), 0);
	ck_assert_int_eq(result_of("S", "c"), -EFAULT);
	ck_assert_int_eq(result_of("S", "d"), -EINVAL);
	ck_assert_int_eq(result_of("S", "e"), -EINVAL);
	ck_assert_int_eq(result_of("S", "f"), -EINVAL);
	ck_assert_uint_eq(machine.wall_offset_ns, 0);
}
END_TEST

static void arm_and_cancel(struct task *task)
{
	(void)task;
	s.timers[0] = ktimer_arm(KCLOCK_WALL, 10);
	s.timers[1] = ktimer_arm(KCLOCK_WALL, 20);
	s.timers[2] = ktimer_arm(KCLOCK_WALL, 30);
	ktimer_cancel(s.timers[1]);
	ktimer_cancel(s.timers[0]);
	ktimer_cancel(s.timers[2]);
}

/* Of 10, 20, 30 the middle one goes first, then the ends. */
START_TEST(a_cancelled_timer_does_not_fire)
{
	begin(1);
	machine_thread(0, arm_and_cancel);
	machine_play("AAA A");
	ck_assert_ptr_eq(sim_next_timer(&machine), s.timers[0]);
	ck_assert_ptr_eq(s.timers[0]->next, s.timers[2]);
	ck_assert_ptr_eq(s.timers[2]->previous, s.timers[0]);
	begin(1);
	machine_thread(0, arm_and_cancel);
	machine_play("AAA A A #");
	ck_assert_uint_eq(machine.now_ns, 30);
	begin(1);
	machine_thread(0, arm_and_cancel);
	machine_play("AAA AAA");
	ck_assert_ptr_null(machine.timers);
}
END_TEST

Suite *clock_suite(void)
{
	const TTest *const tests[] = {
		the_wall_clock_is_the_other_one_plus_an_offset,
		timers_fire_by_deadline_and_then_in_the_order_of_arming,
		a_timer_that_fires_frees_its_thread,
		a_timer_that_fires_before_the_poll_is_seen_by_it,
		a_deadline_that_has_passed_has_expired_when_armed,
		firing_takes_the_clock_to_the_deadline_on_the_wall,
		a_deadline_that_never_comes_is_no_timer_that_can_fire,
		a_cancelled_timer_does_not_fire,
		timers_on_both_clocks_fire_when_they_are_due,
		a_deadline_on_the_monotonic_clock_may_have_passed_as_well,
		setting_the_wall_clock_changes_the_order_of_timers,
		what_has_passed_by_setting_the_clock_fires_next,
		the_wall_clock_does_not_go_behind_the_other_one,
	};

	return MACHINE_SUITE("clock", tests);
}
