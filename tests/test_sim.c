/*
 * test_sim.c - the machine behind model/kernel.h, called by threads that are C
 * functions: mutexes, parking, signals, time, memory, and the run itself.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <string.h>

#include "sim/judge.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

/* What the threads of one test share. */
static struct {
	struct kmutex mutex;
	struct katomic word;
	struct kref ref;
	struct kwaker *wakers[3];
	struct ktimer *timers[3];
	uint64_t deadlines[3];
	uint64_t values[8];
	bool answers[8];
	void *block;
} s;

static void begin(uint32_t count)
{
	memset(&s, 0, sizeof(s));
	machine_begin(count);
	kmutex_init(&s.mutex, KOBJECT_WQ);
	katomic_init(&s.word, KOBJECT_WOKEN, 0);
	kref_init(&s.ref, KOBJECT_ENTRY);
}

static void all_threads(void (*main)(struct task *task))
{
	uint32_t i;

	for (i = 0; i < machine.task_count; i++)
		machine_thread(i, main);
}

/* ---- the sleeping mutex ---------------------------------------------------- */

static void lock_and_unlock(struct task *task)
{
	(void)task;
	kmutex_lock(&s.mutex);
	kmutex_unlock(&s.mutex);
}

static void lock_and_unlock_twice(struct task *task)
{
	lock_and_unlock(task);
	lock_and_unlock(task);
}

/* A comes back while B and C sleep: it is behind them now. */
START_TEST(a_mutex_is_handed_over_in_the_order_of_arrival)
{
	begin(3);
	machine_thread(0, lock_and_unlock_twice);
	machine_thread(1, lock_and_unlock);
	machine_thread(2, lock_and_unlock);
	machine_play("A BC A A BB CC AA");
	assert_log("A:wq.lock B:wq.sleep C:wq.sleep A:wq.unlock A:wq.sleep "
		   "B:wq.lock(handed) B:wq.unlock C:wq.lock(handed) "
		   "C:wq.unlock A:wq.lock(handed) A:wq.unlock");
	assert_verdicts("");
	ck_assert_ptr_null(s.mutex.owner);
}
END_TEST

static void try_once(struct task *task)
{
	s.answers[task->index] = kmutex_trylock(&s.mutex);
}

/* B owns the mutex from A's unlock on, before it has run. */
START_TEST(a_newcomer_cannot_take_a_mutex_that_was_handed_over)
{
	begin(3);
	machine_thread(0, lock_and_unlock);
	machine_thread(1, lock_and_unlock);
	machine_thread(2, try_once);
	machine_play("A B A C BB");
	assert_log("A:wq.lock B:wq.sleep A:wq.unlock C:wq.trylock=0 "
		   "B:wq.lock(handed) B:wq.unlock");
	ck_assert(!s.answers[2]);
}
END_TEST

static void make_waker_and_lock(struct task *task)
{
	s.wakers[task->index] = kwaker_new();
	lock_and_unlock(task);
}

static void lock_wake_unlock(struct task *task)
{
	(void)task;
	kmutex_lock(&s.mutex);
	kunpark(s.wakers[1]);
	kmutex_unlock(&s.mutex);
}

/* The waker of an earlier wait frees B, who finds the mutex still busy. */
START_TEST(a_stale_waker_unblocks_a_sleeper_and_it_sleeps_again)
{
	begin(2);
	machine_thread(0, lock_wake_unlock);
	machine_thread(1, make_waker_and_lock);
	machine_play("A B A B A BB");
	assert_log("A:wq.lock B:wq.sleep A:task.wake[B]=1 B:wq.sleep "
		   "A:wq.unlock B:wq.lock(handed) B:wq.unlock");
	assert_verdicts("");
}
END_TEST

/* B was first; being woken for nothing costs it nothing. */
START_TEST(a_sleeper_that_was_woken_for_nothing_keeps_its_place)
{
	begin(3);
	machine_thread(0, lock_wake_unlock);
	machine_thread(1, make_waker_and_lock);
	machine_thread(2, lock_and_unlock);
	machine_play("A BC A B A BB CC");
	assert_log("A:wq.lock B:wq.sleep C:wq.sleep A:task.wake[B]=1 "
		   "B:wq.sleep A:wq.unlock B:wq.lock(handed) B:wq.unlock "
		   "C:wq.lock(handed) C:wq.unlock");
}
END_TEST

/* Woken for nothing, B has not run yet when A hands over to it. */
START_TEST(a_sleeper_on_its_way_back_can_be_handed_the_mutex)
{
	begin(3);
	machine_thread(0, lock_wake_unlock);
	machine_thread(1, make_waker_and_lock);
	machine_thread(2, try_once);
	machine_play("A B A A C BB");
	assert_log("A:wq.lock B:wq.sleep A:task.wake[B]=1 A:wq.unlock "
		   "C:wq.trylock=0 B:wq.lock(handed) B:wq.unlock");
}
END_TEST

static void try_and_unlock(struct task *task)
{
	try_once(task);
	if (s.answers[task->index])
		kmutex_unlock(&s.mutex);
}

START_TEST(trylock_takes_a_free_mutex_and_does_not_wait_for_a_busy_one)
{
	begin(2);
	all_threads(try_and_unlock);
	machine_play("A B A");
	assert_log("A:wq.trylock=1 B:wq.trylock=0 A:wq.unlock");
	ck_assert(s.answers[0] && !s.answers[1]);
	ck_assert_int_eq(machine.tasks[1].state, TASK_DONE);
}
END_TEST

static void lock_twice(struct task *task)
{
	(void)task;
	kmutex_lock(&s.mutex);
	kmutex_lock(&s.mutex);
}

START_TEST(locking_ones_own_mutex_is_a_kernel_bug)
{
	begin(2);
	machine_thread(0, lock_twice);
	machine_play("AAB");
	assert_verdicts("kernel-bug");
	ck_assert_int_eq(machine.verdicts[0].thread, 0);
}
END_TEST

static void unlock(struct task *task)
{
	(void)task;
	kmutex_unlock(&s.mutex);
}

START_TEST(unlocking_the_mutex_of_another_thread_is_a_kernel_bug)
{
	begin(2);
	machine_thread(0, lock_and_unlock);
	machine_thread(1, unlock);
	machine_play("AB");
	assert_verdicts("kernel-bug");
	ck_assert_int_eq(machine.verdicts[0].thread, 1);
}
END_TEST

START_TEST(unlocking_a_free_mutex_is_a_kernel_bug)
{
	begin(1);
	machine_thread(0, unlock);
	machine_play("A");
	assert_verdicts("kernel-bug");
}
END_TEST

static void assert_in_vain(struct task *task)
{
	(void)task;
	kyield();
	kmutex_assert_held(&s.mutex);
}

START_TEST(asserting_a_mutex_that_is_not_held_is_a_kernel_bug)
{
	begin(1);
	machine_thread(0, assert_in_vain);
	machine_play("A");
	assert_verdicts("kernel-bug");
}
END_TEST

/* ---- atomic words and references --------------------------------------------- */

static void every_atomic(struct task *task)
{
	(void)task;
	katomic_store(&s.word, 5);
	s.values[0] = katomic_add(&s.word, 3);
	s.values[1] = katomic_sub(&s.word, 1);
	s.values[2] = katomic_swap(&s.word, 40);
	s.values[3] = katomic_load(&s.word);
}

START_TEST(atomic_operations_give_the_old_value)
{
	begin(1);
	machine_thread(0, every_atomic);
	machine_play("AAAAA");
	/* 5, 5 + 3, 8 - 1, then 40. */
	ck_assert_uint_eq(s.values[0], 5);
	ck_assert_uint_eq(s.values[1], 8);
	ck_assert_uint_eq(s.values[2], 7);
	ck_assert_uint_eq(s.values[3], 40);
	assert_log("A:woken.store A:woken.add A:woken.sub A:woken.swap "
		   "A:woken.load=40");
}
END_TEST

static void increment_in_two_steps(struct task *task)
{
	uint64_t value = katomic_load(&s.word);

	(void)task;
	katomic_store(&s.word, value + 1);
}

/* Both load 0, both store 1; one after the other makes 2. */
START_TEST(another_thread_may_run_between_a_load_and_a_store)
{
	begin(2);
	all_threads(increment_in_two_steps);
	machine_play("ABAB");
	ck_assert_uint_eq(s.word.value, 1);
	begin(2);
	all_threads(increment_in_two_steps);
	machine_play("AABB");
	ck_assert_uint_eq(s.word.value, 2);
}
END_TEST

static void get_and_put(struct task *task)
{
	(void)task;
	kref_get(&s.ref);
	s.values[0] = kref_count(&s.ref);
	s.answers[0] = kref_put(&s.ref);
	s.answers[1] = kref_put(&s.ref);
	kref_put(&s.ref);
}

START_TEST(the_last_holder_is_told_and_one_put_more_is_a_kernel_bug)
{
	begin(1);
	machine_thread(0, get_and_put);
	machine_play("AAAAA");
	ck_assert_uint_eq(s.values[0], 2);
	ck_assert(!s.answers[0] && s.answers[1]);
	assert_verdicts("kernel-bug");
}
END_TEST

/* ---- parking ------------------------------------------------------------------- */

static void park(struct task *task)
{
	s.wakers[task->index] = kwaker_new();
	kyield();
	s.answers[0] = kpark(s.wakers[task->index]);
	s.answers[1] = kpark(s.wakers[task->index]);
}

static void unpark_first(struct task *task)
{
	(void)task;
	kunpark(s.wakers[0]);
	kunpark(s.wakers[0]);
}

/* Two wake-ups before the park are one permit: the second park sleeps. */
START_TEST(an_unpark_before_the_park_is_remembered_once)
{
	begin(2);
	machine_thread(0, park);
	machine_thread(1, unpark_first);
	machine_play("A BB A A");
	assert_log("A:task.yield B:task.wake[A]=0 B:task.wake[A]=0 "
		   "A:task.block(permit) A:task.block");
	ck_assert(!s.answers[0]);
	ck_assert_int_eq(machine.tasks[0].state, TASK_PARKED);
	ck_assert_str_eq(task_blocked_on(&machine, &machine.tasks[0]), "futex");
}
END_TEST

/* The first unpark frees it, the second finds it running: a permit. */
START_TEST(an_unpark_after_the_park_frees_the_sleeper)
{
	begin(2);
	machine_thread(0, park);
	machine_thread(1, unpark_first);
	machine_play("A A BB A A");
	assert_log("A:task.yield A:task.block B:task.wake[A]=1 "
		   "B:task.wake[A]=0 A:task.resume A:task.block(permit)");
	ck_assert(s.answers[0] && !s.answers[1]);
	ck_assert_int_eq(machine.tasks[0].state, TASK_DONE);
}
END_TEST

static void park_after_wake(struct task *task)
{
	(void)task;
	s.wakers[0] = kwaker_new();
	s.answers[0] = kpark(s.wakers[0]);
	/* The wake-up was for the sleep that is over: no permit is left. */
	s.answers[1] = s.wakers[0]->woke;
}

/* semantics: `woke` is cleared as the task blocks. */
START_TEST(a_resumed_thread_knows_who_freed_it)
{
	begin(2);
	machine_thread(0, park_after_wake);
	machine_thread(1, unpark_first);
	machine_play("A B A");
	assert_log("A:task.block B:task.wake[A]=1 A:task.resume");
	ck_assert(s.answers[0]);
	/* The wake was the second event. */
	ck_assert_uint_eq(machine.tasks[0].last.cause, 2);
}
END_TEST

static void leave_a_waker(struct task *task)
{
	s.wakers[0] = kwaker_new();
	kyield();
	task->has_exited = true;
}

START_TEST(unparking_a_thread_that_has_exited_does_nothing)
{
	begin(2);
	machine_thread(0, leave_a_waker);
	machine_thread(1, unpark_first);
	machine_play("A BB");
	assert_log("A:task.yield B:task.wake[A]=0 B:task.wake[A]=0");
	ck_assert(!s.wakers[0]->woke);
	assert_verdicts("");
}
END_TEST

static void put_waker_twice(struct task *task)
{
	struct kwaker *w = kwaker_new();

	(void)task;
	kyield();
	kwaker_put(kwaker_get(w));
	kwaker_put(w);
	s.answers[0] = true;
	kwaker_put(w);
}

START_TEST(dropping_a_waker_that_nobody_holds_is_a_double_free)
{
	begin(1);
	machine_thread(0, put_waker_twice);
	machine_play("A");
	ck_assert(s.answers[0]);
	assert_verdicts("double-free");
}
END_TEST

/* ---- the interrupt flag ----------------------------------------------------------- */

static void take_twice(struct task *task)
{
	(void)task;
	kyield();
	s.answers[0] = kinterrupt_take();
	s.answers[1] = kinterrupt_take();
}

START_TEST(a_signal_sets_the_flag_and_taking_it_clears_it)
{
	begin(1);
	machine_thread(0, take_twice);
	machine_play("A !A !A A A");
	assert_log("A:task.yield signal:signal.send[A] signal:signal.send[A] "
		   "A:interrupt.take=1 A:interrupt.take=0");
	ck_assert(s.answers[0] && !s.answers[1]);
}
END_TEST

static void register_and_park(struct task *task)
{
	struct kwaker *w = kwaker_new();

	kinterrupt_register(w);
	s.answers[0] = kpark(w);
	s.answers[1] = kinterrupt_take();
	s.values[0] = task->interrupt_waker == w;
}

START_TEST(a_signal_wakes_the_registered_waker)
{
	begin(1);
	machine_thread(0, register_and_park);
	machine_play("AA !A AA");
	assert_log("A:interrupt.register A:task.block signal:signal.send[A] "
		   "A:task.resume A:interrupt.take=1");
	ck_assert(s.answers[0] && s.answers[1] && s.values[0]);
}
END_TEST

/* It lands after the waker is registered and before the park. */
START_TEST(a_signal_before_the_park_leaves_a_permit)
{
	begin(1);
	machine_thread(0, register_and_park);
	machine_play("A !A A A");
	assert_log("A:interrupt.register signal:signal.send[A] "
		   "A:task.block(permit) A:interrupt.take=1");
}
END_TEST

static void register_and_lock(struct task *task)
{
	kinterrupt_register(kwaker_new());
	lock_and_unlock(task);
}

START_TEST(a_signal_does_not_free_a_thread_from_a_mutex)
{
	begin(2);
	machine_thread(0, lock_and_unlock);
	machine_thread(1, register_and_lock);
	machine_play("A BB !B B A BB");
	assert_log("A:wq.lock B:interrupt.register B:wq.sleep "
		   "signal:signal.send[B] B:wq.sleep A:wq.unlock "
		   "B:wq.lock(handed) B:wq.unlock");
}
END_TEST

/* ---- clocks and timers --------------------------------------------------------------- */

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

	s.timers[i] = ktimer_arm(s.deadlines[i]);
	s.answers[i] = ktimer_poll(s.timers[i], w);
	kpark(w);
	s.answers[3 + i] = ktimer_poll(s.timers[i], w);
	ktimer_cancel(s.timers[i]);
}

static void begin_sleepers(uint64_t a, uint64_t b, uint64_t c)
{
	begin(3);
	s.deadlines[0] = a;
	s.deadlines[1] = b;
	s.deadlines[2] = c;
	all_threads(sleep_until);
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

static void arm_and_cancel(struct task *task)
{
	(void)task;
	s.timers[0] = ktimer_arm(10);
	s.timers[1] = ktimer_arm(20);
	s.timers[2] = ktimer_arm(30);
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

/* ---- memory ------------------------------------------------------------------------------ */

static void allocate(struct task *task)
{
	uint32_t i = task->index;

	s.values[2 * i] = kaddress(kalloc(8 + 100 * i, "test"));
	kyield();
	s.values[2 * i + 1] = kaddress(kalloc(24, "test"));
	kyield();
}

static void assert_addresses(const char *moves)
{
	begin(2);
	all_threads(allocate);
	machine_play(moves);
	/* (thread + 1) << 40 | nth << 8. */
	ck_assert_uint_eq(s.values[0], 1ull << 40 | 1 << 8);
	ck_assert_uint_eq(s.values[1], 1ull << 40 | 2 << 8);
	ck_assert_uint_eq(s.values[2], 2ull << 40 | 1 << 8);
	ck_assert_uint_eq(s.values[3], 2ull << 40 | 2 << 8);
}

START_TEST(addresses_depend_on_the_thread_and_on_how_often_it_has_asked)
{
	assert_addresses("AABB");
	assert_addresses("BBAA");
	assert_addresses("ABBA");
}
END_TEST

static void free_twice(struct task *task)
{
	(void)task;
	s.block = kalloc(16, "test");
	kyield();
	kfree(s.block);
	s.answers[0] = true;
	kfree(s.block);
}

START_TEST(freeing_twice_is_a_double_free)
{
	begin(1);
	machine_thread(0, free_twice);
	machine_play("A");
	ck_assert(s.answers[0]);
	assert_verdicts("double-free");
}
END_TEST

struct thing {
	struct kmutex mutex;
	struct katomic word;
	struct kref ref;
};

static void use(struct thing *thing, uint64_t how)
{
	if (how == 0)
		kmutex_lock(&thing->mutex);
	else if (how == 1)
		katomic_load(&thing->word);
	else if (how == 2)
		kref_get(&thing->ref);
	else
		s.values[1] = kaddress(thing);
}

static void use_after_free(struct task *task)
{
	struct thing *thing = kalloc(sizeof(*thing), "thing");

	(void)task;
	kmutex_init(&thing->mutex, KOBJECT_WQ);
	katomic_init(&thing->word, KOBJECT_WOKEN, 1);
	kref_init(&thing->ref, KOBJECT_ENTRY);
	kyield();
	kfree(thing);
	use(thing, s.values[0]);
}

START_TEST(using_something_in_freed_memory_is_a_use_after_free)
{
	uint64_t how;

	for (how = 0; how < 4; how++) {
		begin(1);
		s.values[0] = how;
		machine_thread(0, use_after_free);
		machine_play("A");
		assert_verdicts("use-after-free");
	}
}
END_TEST

static void free_while_waited_for(struct task *task)
{
	struct thing *thing = s.block;

	(void)task;
	kmutex_lock(&thing->mutex);
	kfree(thing);
}

static void lock_in_block(struct task *task)
{
	struct thing *thing = s.block;

	(void)task;
	kmutex_lock(&thing->mutex);
}

/* B has announced the lock when A frees what it is part of. */
START_TEST(memory_that_is_freed_before_an_announced_step_is_found)
{
	struct thing *thing;

	begin(2);
	thing = kalloc(sizeof(*thing), "thing");
	kmutex_init(&thing->mutex, KOBJECT_WQ);
	s.block = thing;
	machine_thread(0, free_while_waited_for);
	machine_thread(1, lock_in_block);
	machine_play("A B");
	assert_verdicts("use-after-free");
	ck_assert_int_eq(machine.verdicts[0].thread, 1);
}
END_TEST

static void write_after_free(struct task *task)
{
	char *block = kalloc(16, "test");

	(void)task;
	kyield();
	kfree(block);
	block[15] = 0;
}

/* Nothing notices the store itself; the quarantine is looked at in the end. */
START_TEST(a_write_to_freed_memory_is_found_at_the_end)
{
	const bool nobody[1] = {false};

	begin(1);
	machine_thread(0, write_after_free);
	machine_play("A");
	assert_verdicts("");
	judge_rest(&machine, nobody);
	assert_verdicts("use-after-free");
	ck_assert_str_eq(machine.verdicts[0].what,
			 "a test was written to after it was freed");
}
END_TEST

/* ---- what must not happen ------------------------------------------------------------------ */

static void bug(struct task *task)
{
	kyield();
	kbug_on(task->index == 0);
}

START_TEST(a_bug_in_the_model_ends_the_run_with_a_verdict)
{
	begin(2);
	all_threads(bug);
	machine_play("B A B");
	assert_log("B:task.yield A:task.yield A:kernel.bug");
	assert_verdicts("kernel-bug");
	ck_assert_str_eq(machine.verdicts[0].what, "task->index == 0");
	ck_assert(machine.is_over);
}
END_TEST

static void follow_null(struct task *task)
{
	int *volatile pointer = NULL;

	(void)task;
	kyield();
	s.values[0] = (uint64_t)*pointer;
}

/* AddressSanitizer keeps the signal for itself. */
START_TEST(following_a_null_pointer_is_a_verdict_and_not_a_crash)
{
	if (HAS_ASAN)
		return;
	begin(2);
	machine_thread(1, follow_null);
	machine_play("B");
	assert_verdicts("use-after-free");
	ck_assert_int_eq(machine.verdicts[0].thread, 1);
	/* The machine is as good as new. */
	begin(1);
	machine_thread(0, lock_and_unlock);
	machine_play("AA");
	assert_verdicts("");
}
END_TEST

static __attribute__((noinline)) int dig(volatile char *above, int depth)
{
	volatile char room[512];

	room[0] = *above;
	if (depth == 0)
		return room[0];
	return dig(room, depth - 1) + room[0];
}

static void overflow(struct task *task)
{
	volatile char start = 1;

	(void)task;
	kyield();
	s.values[0] = (uint64_t)dig(&start, 1000000);
}

START_TEST(running_out_of_stack_is_a_verdict_and_not_a_crash)
{
	if (HAS_ASAN)
		return;
	begin(1);
	machine_thread(0, overflow);
	machine_play("A");
	assert_verdicts("use-after-free");
}
END_TEST

/* ---- who am I ---------------------------------------------------------------------------------- */

static void ask(struct task *task)
{
	kyield();
	s.values[0] = kthread_tid();
	s.answers[0] = kthread(0) == &task->futex;
	s.answers[1] = kthread(1) == &machine.tasks[0].futex;
	s.answers[2] = kthread(3) == NULL;
	machine.tasks[0].has_exited = true;
	s.answers[3] = kthread(1) == NULL;
}

START_TEST(thread_ids_count_from_one_and_end_with_their_thread)
{
	begin(2);
	machine_thread(1, ask);
	machine_play("B");
	ck_assert_uint_eq(s.values[0], 2);
	ck_assert(s.answers[0] && s.answers[1] && s.answers[2] &&
		  s.answers[3]);
}
END_TEST

/* ---- the run itself ------------------------------------------------------------------------------- */

static void yield_for_ever(struct task *task)
{
	(void)task;
	for (;;)
		kyield();
}

START_TEST(a_run_that_does_not_end_is_stopped_at_its_limit)
{
	begin(1);
	machine.steps_max = 10;
	machine_thread(0, yield_for_ever);
	machine_play("*");
	assert_verdicts("step-limit");
	ck_assert_uint_eq(machine.step_count, 10);
	ck_assert_uint_eq(machine.event_count, 10);
}
END_TEST

START_TEST(a_run_that_ends_at_its_limit_is_not_stopped)
{
	begin(1);
	machine.steps_max = 2;
	machine_thread(0, lock_and_unlock);
	machine_play("*");
	assert_verdicts("");
}
END_TEST

START_TEST(a_verdict_that_is_ignored_is_not_given)
{
	begin(1);
	machine.ignore = 1u << VERDICT_STEP_LIMIT;
	machine.steps_max = 10;
	machine_thread(0, yield_for_ever);
	machine_play("*");
	assert_verdicts("");
	ck_assert_uint_eq(machine.step_count, 10);
}
END_TEST

START_TEST(verdicts_beyond_the_limit_are_dropped)
{
	uint32_t i;

	begin(1);
	for (i = 0; i < SIM_VERDICTS_MAX; i++)
		ck_assert_ptr_nonnull(
		    sim_verdict(&machine, VERDICT_LEAK, EVENT_NOBODY));
	ck_assert_ptr_null(sim_verdict(&machine, VERDICT_LEAK, EVENT_NOBODY));
	ck_assert_uint_eq(machine.verdict_count, SIM_VERDICTS_MAX);
}
END_TEST

/* A run that was left in the middle leaves nothing behind for the next. */
START_TEST(a_run_can_be_abandoned_at_any_step)
{
	static const char *const moves[] = {"", "A", "AB", "ABC", "ABCA",
					    "ABCAB", "ABCABB", "ABCABBCC"};
	const char *expected = "A:wq.lock B:wq.sleep C:wq.sleep A:wq.unlock "
			       "B:wq.lock(handed) B:wq.unlock "
			       "C:wq.lock(handed) C:wq.unlock";
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		begin(3);
		all_threads(lock_and_unlock);
		machine_play(moves[i]);
		begin(3);
		all_threads(lock_and_unlock);
		machine_play("A BC A BB CC");
		assert_log(expected);
	}
}
END_TEST

/* What threads do with an empty machine; repeated, it is the same in bytes. */
START_TEST(two_runs_on_one_machine_are_the_same)
{
	const struct arena_chunk *first;
	char log[1024];
	uint64_t bytes;
	int i;

	begin_sleepers(30, 10, 10);
	machine_play("AAA CCC BBB ### *");
	strcpy(log, machine_log());
	bytes = machine.arena.bytes;
	first = machine.arena.first;
	for (i = 0; i < 20; i++) {
		begin_sleepers(30, 10, 10);
		machine_play("AAA CCC BBB ### *");
		assert_log(log);
		ck_assert_uint_eq(machine.arena.bytes, bytes);
		ck_assert_ptr_eq(machine.arena.first, first);
		ck_assert_uint_eq(machine.stacks.used, 3);
	}
}
END_TEST

Suite *sim_suite(void)
{
	const TTest *const tests[] = {
	    a_mutex_is_handed_over_in_the_order_of_arrival,
	    a_newcomer_cannot_take_a_mutex_that_was_handed_over,
	    a_stale_waker_unblocks_a_sleeper_and_it_sleeps_again,
	    a_sleeper_that_was_woken_for_nothing_keeps_its_place,
	    a_sleeper_on_its_way_back_can_be_handed_the_mutex,
	    trylock_takes_a_free_mutex_and_does_not_wait_for_a_busy_one,
	    locking_ones_own_mutex_is_a_kernel_bug,
	    unlocking_the_mutex_of_another_thread_is_a_kernel_bug,
	    unlocking_a_free_mutex_is_a_kernel_bug,
	    asserting_a_mutex_that_is_not_held_is_a_kernel_bug,
	    atomic_operations_give_the_old_value,
	    another_thread_may_run_between_a_load_and_a_store,
	    the_last_holder_is_told_and_one_put_more_is_a_kernel_bug,
	    an_unpark_before_the_park_is_remembered_once,
	    an_unpark_after_the_park_frees_the_sleeper,
	    a_resumed_thread_knows_who_freed_it,
	    unparking_a_thread_that_has_exited_does_nothing,
	    dropping_a_waker_that_nobody_holds_is_a_double_free,
	    a_signal_sets_the_flag_and_taking_it_clears_it,
	    a_signal_wakes_the_registered_waker,
	    a_signal_before_the_park_leaves_a_permit,
	    a_signal_does_not_free_a_thread_from_a_mutex,
	    the_wall_clock_is_the_other_one_plus_an_offset,
	    timers_fire_by_deadline_and_then_in_the_order_of_arming,
	    a_timer_that_fires_frees_its_thread,
	    a_timer_that_fires_before_the_poll_is_seen_by_it,
	    a_deadline_that_has_passed_has_expired_when_armed,
	    firing_takes_the_clock_to_the_deadline_on_the_wall,
	    a_deadline_that_never_comes_is_no_timer_that_can_fire,
	    a_cancelled_timer_does_not_fire,
	    addresses_depend_on_the_thread_and_on_how_often_it_has_asked,
	    freeing_twice_is_a_double_free,
	    using_something_in_freed_memory_is_a_use_after_free,
	    memory_that_is_freed_before_an_announced_step_is_found,
	    a_write_to_freed_memory_is_found_at_the_end,
	    a_bug_in_the_model_ends_the_run_with_a_verdict,
	    following_a_null_pointer_is_a_verdict_and_not_a_crash,
	    running_out_of_stack_is_a_verdict_and_not_a_crash,
	    thread_ids_count_from_one_and_end_with_their_thread,
	    a_run_that_does_not_end_is_stopped_at_its_limit,
	    a_run_that_ends_at_its_limit_is_not_stopped,
	    a_verdict_that_is_ignored_is_not_given,
	    verdicts_beyond_the_limit_are_dropped,
	    a_run_can_be_abandoned_at_any_step,
	    two_runs_on_one_machine_are_the_same,
	};

	return MACHINE_SUITE("sim", tests);
}
