/*
 * machine.c - the parts that every run is made of: a switch, an event, a mutex
 * that is fought for.
 */
#include "tests/bench/bench.h"

#include "sim/machine/sim.h"

#define COUNT 20000u

static struct sim sim;

/* ---- a switch ---------------------------------------------------------- */

static struct fiber fiber;

static _Noreturn void leave_for_ever(void *arg)
{
	struct fiber *f = arg;

	for (;;)
		fiber_leave(f);
}

/* Into the fiber and back are two switches. */
static uint64_t switches(void)
{
	static struct fiber_pool pool;
	char *stack = fiber_pool_stack(&pool, 0);
	uint32_t i;

	if (!stack)
		give_up("no memory for a stack");
	fiber_init(&fiber, stack, leave_for_ever, &fiber);
	for (i = 0; i < COUNT; i++)
		fiber_enter(&fiber);
	return 2 * (uint64_t)COUNT;
}

/* ---- events ------------------------------------------------------------ */

/* The next thread that can move, in turn. */
static struct move choose(struct policy *policy, struct sim *s)
{
	static uint32_t last;
	uint32_t i, thread;

	(void)policy;
	for (i = 1; i <= s->task_count; i++) {
		thread = (last + i) % s->task_count;
		if (task_can_move(&s->tasks[thread])) {
			last = thread;
			return (struct move){MOVE_STEP, thread, 0};
		}
	}
	return (struct move){.kind = MOVE_STOP};
}

static void nothing(struct policy *policy, struct sim *s)
{
	(void)policy;
	(void)s;
}

static struct policy in_turn = {"in-turn", nothing, choose, nothing};

/* Run @count threads of @main to their end; returns the number of events. */
static uint64_t events_of(uint32_t count, void (*main)(struct task *task))
{
	uint32_t i;

	for (i = 0; i < count; i++)
		sim_set_task(&sim, i, "T", main, 0);
	sim_run(&sim, &in_turn, 0);
	if (sim.verdict_count)
		give_up("a verdict where none should be");
	return sim.event_count;
}

static void begin(uint32_t count)
{
	static int is_initialised;

	if (!is_initialised)
		sim_init(&sim);
	is_initialised = 1;
	sim_begin_empty(&sim, 0, count);
}

static void yield_often(struct task *task)
{
	uint32_t i;

	(void)task;
	for (i = 0; i < COUNT; i++)
		kyield();
}

static uint64_t yields(void)
{
	begin(1);
	return events_of(1, yield_often);
}

static struct katomic word;

static void add_often(struct task *task)
{
	uint32_t i;

	(void)task;
	for (i = 0; i < COUNT; i++)
		katomic_add(&word, 1);
}

static uint64_t atomics(void)
{
	begin(2);
	katomic_init(&word, KOBJECT_WOKEN, 0);
	return events_of(2, add_often);
}

static struct kmutex mutex;

static void lock_often(struct task *task)
{
	uint32_t i;

	(void)task;
	for (i = 0; i < COUNT; i++) {
		kmutex_lock(&mutex);
		kmutex_unlock(&mutex);
	}
}

/* In turn, each finds it held: it sleeps, and it is handed over. */
static uint64_t contended(void)
{
	begin(3);
	kmutex_init(&mutex, KOBJECT_WQ);
	return events_of(3, lock_often);
}

const struct workload machine_workloads[] = {
	{"switch", "switch", switches, 30},
	{"event, one thread yields", "event", yields, 150},
	{"event, two threads add to a word", "event", atomics, 150},
	{"event, three threads and a mutex", "event", contended, 150},
	{0},
};
