/*
 * test_lock_order.c - mutexes that are taken in circles, and what is none.
 *
 * Threads made of C functions lock the mutexes a, b and c, which were made in
 * this order.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

#include "sim/judge/lock_order.h"
#include "sim/search/search.h"

#define MUTEXES 4

static struct kmutex mutexes[MUTEXES];
/* "ab" locks a, then b; in capitals it tries; "-" gives all back. */
static const char *works[3];
static struct run run;

static void unlock_all(struct task *task)
{
	unsigned int i;

	for (i = MUTEXES; i-- > 0;)
		if (mutexes[i].owner == task)
			kmutex_unlock(&mutexes[i]);
}

static void lock_one(char c)
{
	bool tries = c < 'a';
	struct kmutex *m = &mutexes[(c - (tries ? 'A' : 'a')) % MUTEXES];

	if (tries)
		(void)kmutex_trylock(m);
	else
		kmutex_lock(m);
}

static void work(struct task *task)
{
	const char *c;

	for (c = works[task->index]; *c; c++) {
		if (*c == '-')
			unlock_all(task);
		else
			lock_one(*c);
	}
	unlock_all(task);
}

static void begin(const char *a, const char *b, const char *c)
{
	unsigned int i;

	machine_begin(3);
	for (i = 0; i < MUTEXES; i++)
		kmutex_init(&mutexes[i], KOBJECT_WQ);
	works[0] = a;
	works[1] = b;
	works[2] = c;
	for (i = 0; i < 3; i++)
		machine_thread(i, work);
}

/* One thread after the other, so that nobody ever waits. */
static void assert_order(const char *a, const char *b, const char *c,
			 const char *kinds)
{
	begin(a, b, c);
	machine_play("*");
	assert_verdicts(kinds);
}

/* ---- circles ----------------------------------------------------------- */

START_TEST(two_threads_that_lock_in_both_orders)
{
	assert_order("ab", "ba", "", "lock-order");
	assert_order("ba", "ab", "", "lock-order");
	assert_order("ab", "ab", "", "");
	assert_order("ba", "ba", "", "");
}
END_TEST

START_TEST(circle_of_three_threads)
{
	assert_order("ab", "bc", "ca", "lock-order");
	ck_assert_uint_eq(machine_verdict()->evidence_count, 2);
	assert_order("ab", "bc", "ac", "");
}
END_TEST

/* c is locked while a and b are held: an edge from each of them. */
START_TEST(every_mutex_that_is_held_counts)
{
	assert_order("abc", "ca", "", "lock-order");
	assert_order("ab-c", "ca", "", "");
}
END_TEST

/* It cannot wait for itself. */
START_TEST(one_thread_makes_no_circle)
{
	assert_order("ab-ba", "", "", "");
	assert_order("ab-ba", "ab", "", "lock-order");
}
END_TEST

/* Whoever tries does not wait; what was got so is held all the same. */
START_TEST(trylock_leads_from_but_not_to)
{
	assert_order("ab", "bA", "", "");
	assert_order("ab", "Ba", "", "lock-order");
	assert_order("aB", "bA", "", "");
}
END_TEST

/* Only one of them gets past c at a time. */
START_TEST(gate_keeps_a_circle_open)
{
	assert_order("cab", "cba", "", "");
	assert_order("cab", "ba", "", "lock-order");
	assert_order("cab", "c-ba", "", "lock-order");
}
END_TEST

/* A comes through the gate, and later past it. */
START_TEST(edges_with_and_without_a_gate_are_two)
{
	assert_order("cab-ab", "cba", "", "lock-order");
	assert_order("cab-cab", "cba", "", "");
}
END_TEST

/* Who waits in a deadlock never gets its second mutex. */
START_TEST(deadlock_is_a_circle_at_rest)
{
	begin("ab", "ba", "");
	machine_play("A B A B");
	lock_order_rest(&machine);
	assert_verdicts("lock-order");
	/* One of them waits, and the other may still unlock. */
	begin("ab", "b", "");
	machine_play("A B A");
	lock_order_rest(&machine);
	assert_verdicts("");
}
END_TEST

/* ---- the verdict ------------------------------------------------------- */

START_TEST(verdict_says_who_holds_what)
{
	assert_order("ab", "ba", "", "lock-order");
	/* Each locks twice and unlocks twice: steps 1 to 4, and 5 to 8. */
	ck_assert_uint_eq(machine_verdict()->at, 6);
	ck_assert_int_eq(machine_verdict()->thread, 1);
	ck_assert_uint_eq(machine_verdict()->evidence[0], 2);
	ck_assert_ptr_nonnull(strstr(machine_verdict()->what, "B holds wq:"));
	ck_assert_ptr_nonnull(strstr(machine_verdict()->what, "; A holds wq:"));
	ck_assert_ptr_nonnull(
		strstr(machine_verdict()->what, "tests/test_lock_order.c:"));
}
END_TEST

/* ---- the futex code ---------------------------------------------------- */

static void assert_no_circle(const struct run *r)
{
	const struct expected_bug *bug = &r->request.scenario->bug;

	if (bug->is_given && bug->kind == VERDICT_LOCK_ORDER)
		ck_assert(sim_has_verdict(r->sim, VERDICT_LOCK_ORDER));
	else
		ck_assert(!lock_order_is_open(r->sim));
}

/* Registry, table, queue, then cleanup or the address space. */
START_TEST(futex_code_nests_its_mutexes)
{
	ck_assert_uint_ge(each_shipped_run(assert_no_circle), 100);
}
END_TEST

/* Two queues, in both directions: by address either way. */
START_TEST(requeues_in_both_directions_make_no_circle)
{
	machine_play_whole(
		SCENARIO("threads:\n"
			 "  A: [a = futex_wait F 0]\n"
			 "  B: [b = futex_wait G 0]\n"
			 "  C: [n = futex_requeue F G wake=0 move=1]\n"
			 "  D: [n = futex_requeue G F wake=0 move=2]\n"
			 "schedule: [A: until blocked, B: until blocked,\n"
			 "  C: until done, D: until done]\n"
			 "expect: {queues: {F: [B, A]}}\n"),
		"starry-0.5.11", &run);
	ck_assert_int_eq(result_of("D", "n"), 2);
	assert_verdicts("");
}
END_TEST

/* ---- searches ---------------------------------------------------------- */

/*
 * A is about to look at F with the queue locked, and its page is gone; B has
 * given up and is about to lock the table; X may or may not end its thread
 * with the address-space mutex in its hands.
 */
static const char three[] =
	"futexsim: 1\nname: in-a-test\nprofile: starry-0.5.11\nmemory:\n"
	"  regions: {heap: {kind: private}, stack: {kind: private}}\n"
	"  maps:\n"
	"    - {region: heap, at: 0x10000}\n"
	"    - {region: stack, at: 0x20000}\n"
	"  named: {F: {region: heap}, G: {region: stack},\n"
	"    tid: {region: stack, offset: 4}}\n"
	"threads:\n"
	"  A: [r = futex_wait F 0]\n"
	"  B: [r = futex_wait F 0 timeout=1ms]\n"
	"  M: [r = mmap F 4096 heap lazy]\n"
	"  X: [set_tid_address tid, g = load G,\n"
	"      {if: g == 0, then: [aspace_lock, exit]}]\n"
	"  Y: [store G 1]\n"
	"schedule:\n"
	"  - B: until blocked\n"
	"  - A: after user.load\n"
	"  - clock: advance 1ms\n"
	"  - B: before table.lock\n"
	"  - A: after wq.lock\n"
	"  - M: until done\n"
	"  - X: next\n"
	"  - explore\n";

/*
 * Which outcomes there are: bit 1 if X leaves the mutex alone, bit 3 for a
 * circle that everybody gets past, bit 7 for one that nobody does.
 */
static uint64_t verdicts_found(enum strategy strategy, bool has_cache)
{
	struct scenario *s = scenario_of(three);
	struct search_request r = {
		.scenario = s,
		.schedule = s->schedules,
		.profile = "starry-0.5.11",
		.explore = s->explore,
		.has_cache = has_cache,
		.jobs = 1,
	};
	struct search_result result;
	uint64_t found = 0;
	uint32_t i, v;

	r.explore.strategy = strategy;
	run_quirks(s, r.profile, &r.quirks);
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	ck_assert_int_eq(result.coverage, COVERAGE_EXHAUSTIVE);
	for (i = 0; i < result.outcome_count; i++) {
		v = result.outcomes[i].verdicts;
		found |= UINT64_C(1)
			 << (1 | (v >> VERDICT_LOCK_ORDER & 1) << 1 |
			     (result.outcomes[i].blocked_count == 3) << 2);
	}
	search_result_free(&result);
	scenario_free(s);
	return found;
}

/* The order of locks is part of a state: equal ones may have come by others. */
START_TEST(searches_agree_on_circles)
{
	uint64_t all = 1 << 1 | 1 << 3 | 1 << 7;

	ck_assert_uint_eq(verdicts_found(STRATEGY_DPOR, false), all);
	ck_assert_uint_eq(verdicts_found(STRATEGY_SOURCE, false), all);
	ck_assert_uint_eq(verdicts_found(STRATEGY_DFS, true), all);
}
END_TEST

Suite *lock_order_suite(void)
{
	const TTest *const tests[] = {
		two_threads_that_lock_in_both_orders,
		circle_of_three_threads,
		every_mutex_that_is_held_counts,
		one_thread_makes_no_circle,
		trylock_leads_from_but_not_to,
		gate_keeps_a_circle_open,
		edges_with_and_without_a_gate_are_two,
		deadlock_is_a_circle_at_rest,
		verdict_says_who_holds_what,
		futex_code_nests_its_mutexes,
		requeues_in_both_directions_make_no_circle,
		searches_agree_on_circles,
	};

	return MACHINE_SUITE("lock_order", tests);
}
