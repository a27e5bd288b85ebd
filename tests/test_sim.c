/*
 * test_sim.c - the machine by itself, with threads that are C functions:
 * memory, what must not happen, and the run.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <string.h>

#include "sim/machine/asan.h"
#include "sim/judge/judge.h"

#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

/* What the threads of one test share. */
static struct {
	struct kmutex mutex;
	uint64_t values[4];
	bool answers[4];
	void *block;
} s;

static void begin(uint32_t count)
{
	memset(&s, 0, sizeof(s));
	machine_begin(count);
	kmutex_init(&s.mutex, KOBJECT_WQ);
}

static void all_threads(void (*main)(struct task *task))
{
	uint32_t i;

	for (i = 0; i < machine.task_count; i++)
		machine_thread(i, main);
}

static void lock_and_unlock(struct task *task)
{
	(void)task;
	kmutex_lock(&s.mutex);
	kmutex_unlock(&s.mutex);
}

/* ---- memory ------------------------------------------------------------ */

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

/* ---- what must not happen ---------------------------------------------- */

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

/* ---- who am I ---------------------------------------------------------- */

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
	ck_assert(s.answers[0] && s.answers[1] && s.answers[2] && s.answers[3]);
}
END_TEST

/* ---- the run itself ---------------------------------------------------- */

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
	static const char *const moves[] = {
		"", "A", "AB", "ABC", "ABCA", "ABCAB", "ABCABB", "ABCABBCC"};
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

static void some_of_everything(struct task *task)
{
	struct kwaker *w = kwaker_new();
	struct ktimer *t = ktimer_arm(KCLOCK_WALL, 30 - 10 * task->index);

	lock_and_unlock(task);
	s.block = kalloc(100, "test");
	ktimer_poll(t, w);
	kpark(w);
	kfree(s.block);
	ktimer_cancel(t);
}

static void play_some_of_everything(void)
{
	begin(3);
	all_threads(some_of_everything);
	machine_play("AB ABC A * ### *");
}

START_TEST(two_runs_on_one_machine_are_the_same)
{
	const struct arena_chunk *first;
	char log[2048];
	uint64_t bytes;
	int i;

	play_some_of_everything();
	strcpy(log, machine_log());
	bytes = machine.arena.bytes;
	first = machine.arena.first;
	for (i = 0; i < 20; i++) {
		play_some_of_everything();
		assert_log(log);
		ck_assert_uint_eq(machine.arena.bytes, bytes);
		ck_assert_ptr_eq(machine.arena.first, first);
		ck_assert_ptr_null(first->next);
		ck_assert_uint_eq(machine.stacks.used, 3);
	}
}
END_TEST

Suite *sim_suite(void)
{
	const TTest *const tests[] = {
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
