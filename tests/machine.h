/*
 * machine.h - the machine as its own tests drive it: threads made of C
 * functions, a list of moves, a log of what happened; or a scenario that is
 * written down in the test.
 *
 * There is one machine in a process.  Threads are called A, B, C ... and keep
 * what they have found in variables of the test; tests assert outside of them.
 */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include <check.h>

#include "sim/run/run.h"
#include "sim/machine/sim.h"

extern struct sim machine;

/* Fixtures of every suite that uses the machine. */
void machine_setup(void);
void machine_teardown(void);

/* A suite of one case with these fixtures. */
Suite *machine_suite(const char *name, const TTest *const *tests, size_t count);
#define MACHINE_SUITE(name, tests)                                             \
	machine_suite((name), (tests), sizeof(tests) / sizeof((tests)[0]))

/* ---- threads made of C functions --------------------------------------- */

/* Begin with @count threads, which do nothing until they are given work. */
void machine_begin(uint32_t count);
/*
 * The same with the memory of a scenario: the keys `processes` and `memory`
 * of a file, or NULL for none.
 */
void machine_begin_with(const char *memory, uint32_t count);
void machine_thread(uint32_t index, void (*main)(struct task *task));

/*
 * Run to the end of a list of moves, which must all be possible:
 *
 *	A	thread A takes its step
 *	a	the timer of A fires
 *	#	the earliest timer fires
 *	!A	A gets a signal
 *	+5	the clock goes on by 5 ns
 *	*	the first thread that can move does, until none can
 *
 * A verdict that ends the run may cut the list short.
 */
void machine_play(const char *moves);

/*
 * What the last run did, such as "A:wq.lock B:wq.trylock=0".  Results follow
 * where they say something, "(permit)" a task.block that took one, "(handed)"
 * a lock that was handed over, and [A] whom a wake or a timer is about.
 */
#define assert_log(expected) ck_assert_str_eq(machine_log(), expected)
const char *machine_log(void);

/* The last run has this verdict and no other; "" is none. */
void assert_verdicts_of(const struct sim *sim, const char *kinds);
#define assert_verdicts(kinds) assert_verdicts_of(&machine, kinds)

/* ---- scenarios --------------------------------------------------------- */

/* A scenario from its text; one that does not load fails the test. */
struct scenario *scenario_of(const char *text);
/* Lines that every scenario has, then @rest. */
#define SCENARIO(rest)                                                         \
	"futexsim: 1\nname: in-a-test\nmemory: {words: {F: 0, G: 0}}\n" rest

/*
 * Run @text as `futexsim run` does; the first schedule if it has any.
 * Owner: what is in @run lives until the next run; its trace until then too.
 */
void play_scenario(const char *text, const char *profile, struct run *run);
/* The same; fails the test if the schedule cannot be carried out. */
void machine_play_whole(const char *text, const char *profile, struct run *run);
/* The first verdict of the last run; fails the test if there is none. */
const struct verdict *machine_verdict(void);
/* A run that is requested in another way; @text is its scenario. */
struct run_request request_of(const char *text, const char *profile);
void play_request(const struct run_request *request, struct run *run);

/*
 * Every run of every shipped scenario, profiles times schedules, with a trace.
 * Returns how many scenarios there are.
 */
unsigned int each_shipped_run(void (*each)(const struct run *run));

/* Name of the thread's register to its value; fails if it was not set. */
int64_t result_of(const char *thread, const char *name);

#endif
