/*
 * bench.h - measuring: a workload is done many times in each of some rounds;
 * the fastest round and the median are told, in nanoseconds for each unit.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdint.h>

#define ROUNDS 15

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

/* Ends the program with a message: what is measured must work. */
_Noreturn void give_up(const char *what);

#endif
