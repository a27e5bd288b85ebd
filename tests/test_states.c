/*
 * test_states.c - states are told apart where their futures differ, and are one
 * where only their pasts do.
 *
 * Most programs here have two ways to a place that differ in one thing alone.
 * If that were not part of a state, two places with one hash would reach
 * different ends (futures.h), or one step would lead from them to different
 * states (walks.h).
 */
#include "tests/futures.h"
#include "tests/generate.h"
#include "tests/machine.h"
#include "tests/suites.h"
#include "tests/walks.h"

#include <stdlib.h>
#include <string.h>

/* Interleavings of one program, at most. */
#define RUNS_MAX 300000u
/* Where every step counts: states in the graph, runs at random in it. */
#define STATES_MAX 5000u
#define WALKS 50u

#define HEAD "futexsim: 1\nname: in-a-test\n"
#define WORDS "memory: {words: {F: 0, G: 0, H: 0, R: 0}}\n"
#define LINUX HEAD "profile: linux\n" WORDS
#define STARRY HEAD WORDS

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

/* ---- programs ---------------------------------------------------------- */

struct program {
	const char *about; /* what the ways differ in */
	const char *text;
};

static const struct program programs[] = {
	{"words of memory and results",
	 LINUX "threads:\n"
	       "  A: [n = load F, store F n+1, m = load G]\n"
	       "  B: [n = load F, store F n+1, store G 1]\n"},
	{"a word that got its old value back",
	 LINUX "threads:\n"
	       "  A: [store F 1, store F 0]\n"
	       "  B: [n = load F, m = load F]\n"},
	{"a result that is there and one that is not",
	 LINUX "threads:\n"
	       "  A: [c = load F, {if: c == 1, then: [r = load G]}, c = load G,"
	       " load H]\n"
	       "  B: [store F 1]\n"},
	{"who is first in a queue",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0, a = fetch_add R 1]\n"
	       "  B: [futex_wait F 0, b = fetch_add R 1]\n"
	       "  C: [futex_wake F 1]\n"},
	{"which bits a waiter has",
	 LINUX "threads:\n"
	       "  A: [m = load G, futex_wait_bitset F 0 m+1]\n"
	       "  B: [{repeat: 1, do: [store G 1, store G 0]}]\n"
	       "  C: [n = futex_wake_bitset F 1 1]\n"},
	{"whether a thread has slept",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0]\n"
	       "  B: [store F 1, futex_wake F 1]\n"},
	{"a wake-up that is charged and not yet taken",
	 STARRY "threads:\n"
		"  A: [r = futex_wait F 0 timeout=1ms]\n"
		"  B: [futex_wake F 1]\n"},
	{"a wake-up of a wait that is over",
	 STARRY "threads:\n"
		"  A: [futex_wait F 0 timeout=1ms, r = futex_wait G 0]\n"
		"  B: [futex_wake F 1]\n"
		"  C: [futex_wake G 1]\n"},
	{"whose deadline comes first",
	 LINUX "threads:\n"
	       "  A: [h = load H, {if: h == 0, then: [futex_wait F 0 "
	       "timeout=1ms], else: [futex_wait F 0 timeout=3ms]}, "
	       "a = fetch_add R 1]\n"
	       "  B: [futex_wait F 0 timeout=2ms, b = fetch_add R 1]\n"
	       "  C: [store H 1, store H 0]\n"
	       "explore: {environment: {timeouts: idle}}\n"},
	{"who armed first a timer of the same deadline",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=1ms, a = fetch_add R 1]\n"
	       "  B: [futex_wait F 0 timeout=1ms, b = fetch_add R 1]\n"
	       "explore: {environment: {timeouts: idle}}\n"},
	{"how much of a time is left",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=2ms, a = fetch_add R 1]\n"
	       "  B: [futex_wait G 0 timeout=1ms, futex_wait F 0 "
	       "timeout=1500us, b = fetch_add R 1]\n"
	       "  C: [futex_wake G 1]\n"
	       "explore: {environment: {timeouts: idle}}\n"},
	{"what time it is",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=1ms, h = load H,\n"
	       "      {if: h == 1, then: [r = futex_wait_bitset F 0 1 "
	       "until=500us]}]\n"
	       "  B: [futex_wake F 1, store H 1]\n"
	       "explore: {environment: {timeouts: any}}\n"},
	{"when the clock was read",
	 LINUX "threads:\n"
	       "  A: [r = futex_wait F 0 timeout=2ms]\n"
	       "  B: [futex_wait G 0 timeout=1ms]\n"
	       "explore: {environment: {timeouts: idle}}\n"},
	{"a signal that was taken, came or may come",
	 LINUX "threads:\n"
	       "  A: [futex_wake G 1, h = load H,\n"
	       "      {if: h == 1, then: [r = futex_wait F 0]}]\n"
	       "  B: [store H 1]\n"
	       "explore: {environment: {signals: {A: 1}}}\n"},
	{"how many wake-ups for no reason are left",
	 STARRY "threads:\n"
		"  A: [futex_wait F 0]\n"
		"  B: [futex_wait G 0]\n"
		"  C: [store F 1]\n"
		"explore: {environment: {spurious_wakeups: 1}}\n"},
	{"whether the last wait was charged",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=1ms, h = load H,\n"
	       "      {if: h == 1, then: [store G 1]}]\n"
	       "  B: [futex_wake F 1, store H 1]\n"
	       "expect: {never: [{name: n, that: G == 1 and charged(A)}]}\n"},
	{"what the last wait returned",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=1ms, h = load H,\n"
	       "      {if: h == 1, then: [store G 1]}]\n"
	       "  B: [futex_wake F 1, store H 1]\n"
	       "expect: {never: [{name: n, that: G == 1 and "
	       "returned(A, ETIMEDOUT)}]}\n"},
	{"whether a wait has returned at all", LINUX
	 "threads:\n"
	 "  A: [c = load F, {if: c == 0, then: [futex_wait R 0]},\n"
	 "      c = load R, h = load H, {if: h == 1, then: [store G 1]}]\n"
	 "  B: [store F 1, futex_wake R 1, futex_wake R 1, store H 1]\n"
	 "expect: {never: [{name: n, that: G == 1 and "
	 "returned(A, 0)}]}\n"},
	{"whether a thread has passed a mark",
	 LINUX "threads:\n"
	       "  A: [c = load F, {if: c == 1, then: [mark m]}, c = load R,\n"
	       "      h = load H, {if: h == 1, then: [store G 1]}]\n"
	       "  B: [store F 1, store H 1]\n"
	       "expect: {never: [{name: n, that: G == 1 and "
	       "marked(A, m)}]}\n"},
	{"whether something has come to pass",
	 LINUX "threads:\n"
	       "  A: [store F 1, store F 0]\n"
	       "  B: [store G 1, store G 0]\n"
	       "expect: {eventually: [{name: n, that: F == 1 and G == 1}]}\n"},
	{"which verdicts there are",
	 LINUX "threads:\n"
	       "  A: [c = load F, assert c == 0, c = load H]\n"
	       "  B: [store F 1]\n"},
	{"exited, or at the end of its program",
	 LINUX "threads:\n"
	       "  A: [c = load F, {if: c == 0, then: [c = load R, exit]}, "
	       "c = load R]\n"
	       "  B: [store F 1]\n"
	       "  C: [r = get_robust_list 1]\n"},
	{"what is to be cleared when a thread ends",
	 LINUX "threads:\n"
	       "  A: [c = load R, {if: c == 0, then: [set_tid_address F],\n"
	       "      else: [set_tid_address G]}, c = load H, exit]\n"
	       "  B: [store R 1, store R 0]\n"
	       "  C: [store F 7, store G 7]\n"},
	{"whether the others of a process are to leave",
	 LINUX "threads:\n"
	       "  A: [c = load F, {if: c == 0, then: [exit_group]}]\n"
	       "  B: [store F 1, futex_wait G 0]\n"
	       "  C: [store R 1]\n"},
	{"who waits for a mutex, in order",
	 LINUX "threads:\n"
	       "  A: [aspace_lock, load G, aspace_unlock]\n"
	       "  B: [futex_wake F 1, b = fetch_add R 1]\n"
	       "  C: [futex_wake F 1, c = fetch_add R 1]\n"},
	{"who is moved, and where",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0, a = fetch_add R 1]\n"
	       "  B: [futex_wait F 0, b = fetch_add R 1]\n"
	       "  C: [futex_requeue F G wake=0 move=1, futex_wake G 2]\n"},
	{"a moved waiter that a wake has passed by",
	 LINUX "threads:\n"
	       "  A: [futex_wait_bitset F 0 2]\n"
	       "  B: [futex_requeue F G wake=0 move=1, store H 1]\n"
	       "  C: [futex_wake_bitset G 1 2]\n"
	       "expect: {threads: {A: blocked}}\n"},
	{"a sleeper that a wake has passed by",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0]\n"
	       "  B: [store F 1, store F 0, store F 2]\n"
	       "  C: [futex_wake F 1]\n"
	       "expect: {threads: {A: blocked}}\n"},
	{"how many a queue holds while it is counted",
	 LINUX "threads:\n"
	       "  A: [futex_wait F 0 timeout=1ms]\n"
	       "  B: [n = futex_requeue F F wake=0 move=2]\n"
	       "explore: {environment: {timeouts: any}}\n"},
	{"an entry that is left behind",
	 HEAD "profile: starry-pre-498\n" WORDS "threads:\n"
	      "  A: [futex_wake F 1]\n"
	      "  B: [futex_wait F 1]\n"
	      "  C: [futex_wait F 1]\n"},
	{"who has made an entry: requeues lock the lower one first",
	 LINUX "threads:\n"
	       "  A: [futex_requeue F G wake=0 move=1]\n"
	       "  B: [futex_requeue G F wake=0 move=1]\n"
	       "  C: [futex_wait F 0]\n"
	       "  D: [futex_wait G 0]\n"},
};

/* Areas, presence and keys: what shared memory needs. */
#define TWO_PROCESSES                                                          \
	HEAD "profile: starry-0.5.11\n"                                        \
	     "processes: {P1: , P2: }\n"                                       \
	     "memory:\n"                                                       \
	     "  regions: {shm: {kind: shared, pages: 2}}\n"

static const struct program mapped[] = {
	{"what is mapped where", TWO_PROCESSES
	 "  maps:\n"
	 "    - {process: P1, region: shm, at: 0x10000, pages: 2}\n"
	 "    - {process: P2, region: shm, at: 0x20000, pages: 2}\n"
	 "  named: {F: {region: shm, offset: 0}, "
	 "G: {region: shm, offset: 4096}}\n"
	 "threads:\n"
	 "  A: {process: P1, run: [munmap 0x10000 4096, "
	 "mmap 0x10000 4096 shm offset=4096]}\n"
	 "  B: {process: P1, run: [r = load 0x10000, s = load 0x10000]}\n"
	 "  C: {process: P2, run: [store G 3]}\n"},
	{"what may be written", TWO_PROCESSES
	 "  maps:\n"
	 "    - {process: P1, region: shm, at: 0x10000, pages: 2}\n"
	 "    - {process: P2, region: shm, at: 0x20000, pages: 2}\n"
	 "  named: {F: {region: shm, offset: 0}}\n"
	 "threads:\n"
	 "  A: {process: P1, run: [mprotect 0x10000 8192 r, "
	 "mprotect 0x10000 8192 rw]}\n"
	 "  B: {process: P1, run: [r = fetch_add F 1, s = fetch_add F 1]}\n"},
	{"whether a page is there", TWO_PROCESSES
	 "  maps:\n"
	 "    - {process: P1, region: shm, at: 0x10000, pages: 2, lazy: true}\n"
	 "    - {process: P2, region: shm, at: 0x20000, pages: 2}\n"
	 "  named: {F: {region: shm, offset: 0}}\n"
	 "threads:\n"
	 "  A: {process: P1, run: [r = load F]}\n"
	 "  B: {process: P1, run: [s = load F]}\n"},
	{"how many look-ups there were, and who is queued where", TWO_PROCESSES
	 "  maps:\n"
	 "    - {process: P1, region: shm, at: 0x10000, pages: 2}\n"
	 "    - {process: P2, region: shm, at: 0x20000, pages: 2}\n"
	 "  named: {F: {region: shm, offset: 0}, "
	 "G: {region: shm, offset: 4096}}\n"
	 "kernel: {shared_table_operations: 97}\n"
	 "threads:\n"
	 "  A: {process: P1, run: [a = futex_wait F 0]}\n"
	 "  B: {process: P2, run: [b = futex_wake F 1]}\n"
	 "  C: {process: P2, run: [c = futex_wake G 1]}\n"},
	{"under which key a waiter sleeps", TWO_PROCESSES
	 "  maps:\n"
	 "    - {process: P1, region: shm, at: 0x10000, pages: 2}\n"
	 "    - {process: P2, region: shm, at: 0x20000, pages: 2}\n"
	 "  named: {G: {region: shm, offset: 4096}}\n"
	 "threads:\n"
	 "  A: {process: P1, run: [mprotect 0x11000 4096 r]}\n"
	 "  B: {process: P1, run: [b = futex_wait G 0]}\n"
	 "  C: {process: P2, run: [c = futex_wake G 1]}\n"},
};

/* ---- comparing futures ------------------------------------------------- */

static const struct search_bounds unbounded = {NO_BOUND, NO_BOUND, NO_BOUND,
					       NO_BOUND, NO_BOUND};

static struct futures look(const struct scenario *s, const char *profile)
{
	struct futures f = {
		.scenario = s,
		.profile = profile,
		.explore = s->explore,
		.runs_max = RUNS_MAX,
	};

	f.explore.granularity = GRANULARITY_CALL;
	f.explore.bounds = unbounded;
	futures_compare(&f);
	return f;
}

static void assert_same_futures(const struct futures *f, const char *about,
				const char *text)
{
	if (f->difference)
		ck_abort_msg("%s, profile %s:\n%s\n%s", about, f->profile,
			     f->difference, text);
}

/* Every step of a thread, of which there are too many to try all. */
static void walk(const struct scenario *s, const char *profile,
		 const char *about, const char *text)
{
	struct walks w = {
		.scenario = s,
		.profile = profile,
		.explore = s->explore,
		.states_max = STATES_MAX,
		.runs = WALKS,
		.seed = 1,
	};

	w.explore.granularity = GRANULARITY_KERNEL;
	w.explore.bounds = unbounded;
	walks_compare(&w);
	if (w.difference)
		ck_abort_msg("%s, profile %s: %s\n%s", about, profile,
			     w.difference, text);
	/* A run at random is mostly among the states that are there. */
	ck_assert_uint_gt(w.steps, 0);
}

static void compare_program(const struct program *p)
{
	struct scenario *s = scenario_of(p->text);
	const char *profile = s->profiles.items[0];
	struct futures f = look(s, profile);

	assert_same_futures(&f, p->about, p->text);
	if (!f.is_complete)
		ck_abort_msg("%s: too big", p->about);
	walk(s, profile, p->about, p->text);
	free(f.difference);
	scenario_free(s);
}

START_TEST(states_are_told_apart)
{
	compare_program(&programs[_i]);
}
END_TEST

START_TEST(states_of_mapped_memory_are_told_apart)
{
	compare_program(&mapped[_i]);
}
END_TEST

/* What comes of a number; most have some race in them. */
static void compare_seed(uint64_t seed)
{
	char *text = generate_scenario(seed, seed % 2, 1000);
	struct scenario *s = scenario_of(text);
	const char *profile = s->profiles.items[0];
	struct futures f = look(s, profile);

	assert_same_futures(&f, "generated", text);
	walk(s, profile, "generated", text);
	free(f.difference);
	scenario_free(s);
	free(text);
}

START_TEST(states_of_generated_programs_are_told_apart)
{
	uint64_t seed;

	for (seed = 0; seed < 200; seed++)
		compare_seed(seed);
}
END_TEST

START_TEST(states_of_themed_programs_are_told_apart)
{
	uint64_t seed;

	for (seed = 0; seed < 60; seed++)
		compare_seed(GENERATE_THEMED + seed);
}
END_TEST

/* Three threads that are one but for their names. */
START_TEST(renamed_states_have_renamed_futures)
{
	struct scenario *s = scenario_of(
		LINUX "threads:\n"
		      "  T: {count: 3, symmetric: true, run: [n = load F, "
		      "futex_wait F 0, store F n+1]}\n"
		      "  C: [futex_wake F 2]\n");
	struct futures plain = look(s, "linux"), f = plain;

	f.up_to_renaming = true;
	f.runs = 0;
	f.places = 0;
	f.states = 0;
	futures_compare(&f);
	assert_same_futures(&f, "symmetric", "");
	ck_assert(plain.is_complete && f.is_complete);
	/* Of 3! renamings most lead to another state. */
	ck_assert_uint_lt(4 * f.states, plain.states);
	scenario_free(s);
}
END_TEST

Suite *states_suite(void)
{
	Suite *suite = suite_create("states");
	TCase *c = tcase_create("states");

	tcase_add_checked_fixture(c, machine_setup, machine_teardown);
	tcase_set_timeout(c, 0);
	tcase_add_loop_test(c, states_are_told_apart, 0, COUNT(programs));
	tcase_add_loop_test(c, states_of_mapped_memory_are_told_apart, 0,
			    COUNT(mapped));
	tcase_add_test(c, states_of_generated_programs_are_told_apart);
	tcase_add_test(c, states_of_themed_programs_are_told_apart);
	tcase_add_test(c, renamed_states_have_renamed_futures);
	suite_add_tcase(suite, c);
	return suite;
}
