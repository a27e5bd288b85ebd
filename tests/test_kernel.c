/*
 * test_kernel.c - model/kernel.h on the machine, called by threads that are C
 * functions: mutexes, atomic words, references, parking, signals.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <string.h>

/* What the threads of one test share. */
static struct {
	struct kmutex mutex;
	struct katomic word;
	struct kref ref;
	struct kwaker *wakers[3];
	uint64_t values[4];
	bool answers[3];
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

/* ---- the sleeping mutex ------------------------------------------------ */

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

/* ---- atomic words and references --------------------------------------- */

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

/* ---- parking ----------------------------------------------------------- */

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

/* ---- the interrupt flag ------------------------------------------------ */

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
	s.values[0] = task->interrupt_waker != NULL;
}

/* A second signal finds no waker: it fires once for each registration. */
START_TEST(a_signal_wakes_the_registered_waker_once)
{
	begin(1);
	machine_thread(0, register_and_park);
	machine_play("AA !A AA");
	assert_log("A:interrupt.register A:task.block signal:signal.send[A] "
		   "A:task.resume A:interrupt.take=1");
	ck_assert(s.answers[0] && s.answers[1] && !s.values[0]);
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

Suite *kernel_suite(void)
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
		a_signal_wakes_the_registered_waker_once,
		a_signal_before_the_park_leaves_a_permit,
		a_signal_does_not_free_a_thread_from_a_mutex,
	};

	return MACHINE_SUITE("kernel", tests);
}
