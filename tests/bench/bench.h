/*
 * bench.h - measuring: a workload is done many times in each of some rounds;
 * the fastest round and the median are told, in nanoseconds for each unit.
 * Searches, which differ in more than their speed, have a table of their own.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/loader/scenario.h"

#define ROUNDS 15
/* A round is long enough that reading the clock does not matter. */
#define ROUND_NS 10e6
/* Rounds of long searches end when they have taken so long together. */
#define ROUNDS_NS 1e9

struct workload {
	const char *name;
	const char *unit; /* what is counted */
	/* Does it once, however big that is.  Returns how many units it was. */
	uint64_t (*run)(void);
	double target_ns; /* for each unit; 0: none */
};

/* The tables of the files beside this one; a row with no name ends each. */
extern const struct workload machine_workloads[];
extern const struct workload scenario_workloads[];
extern const struct workload picture_workloads[];

/* ---- searches ---------------------------------------------------------- */

/* What a row should reach; 0: nothing is asked. */
struct target {
	double us; /* for each run */
	double seconds; /* to the end */
	uint64_t runs; /* at most */
	uint64_t exactly; /* so many, and none cut off by a sleep set */
	uint64_t bug_runs; /* to the first bug */
	double bug_seconds;
	double speedup; /* over the row before */
	double growth; /* of memory, over the row before */
};

struct search_row {
	const char *name; /* the same as that of the row before: one group */
	const char *file; /* beside this one; a .pml is for Spin */
	const char *param; /* "threads=3"; for Spin "N=3", or two of them */
	const char *profile;
	enum granularity granularity;
	enum strategy strategy;
	uint64_t preemptions; /* 1 more than the bound; 0: no bound */
	uint64_t executions; /* bound; 0: none */
	double seconds; /* where to give up; 0: SECONDS_DEFAULT */
	uint32_t jobs; /* 0: 1 */
	bool has_cache;
	bool has_bug; /* stop at the first, and there has to be one */
	struct target target;
};
#define SECONDS_DEFAULT 3

extern const struct search_row search_rows[];

/* What was measured. */
struct measured {
	bool is_done; /* false: what says why there is nothing */
	bool is_wrong; /* what says why it cannot be so */
	bool is_cut; /* what says which bound has ended it */
	char what[120];
	uint64_t runs; /* Spin: states stored */
	uint64_t blocked;
	uint64_t events; /* Spin: transitions */
	uint64_t bug_run;
	double bug_seconds;
	double seconds; /* of the fastest round */
	double compile_seconds; /* Spin only */
	uint64_t peak_kib; /* of the whole process */
};

/* Each in a process of its own, so that none finds memory warm or grown. */
void search_measure(const struct search_row *row, struct measured *m);
void spin_measure(const struct search_row *row, struct measured *m);
/*
 * Prints all rows, or those with @word in their names, if it is not NULL.
 * Returns whether none of them is wrong.
 */
bool search_report(const char *word);

/* Of a clock that only goes forward. */
double now_ns(void);

/* Ends the program with a message: what is measured must work. */
_Noreturn void give_up(const char *what);

#endif
