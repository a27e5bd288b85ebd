/*
 * main.c - what a switch, an event and a run cost:
 *
 *	build/bench
 *
 * Run from the top of the tree.  One row for each workload; the last column
 * says whether the fastest round is within the target, if there is one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/bench.h"

_Noreturn void give_up(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Long enough that reading the clock does not matter. */
#define ROUND_NS 10e6

/* One round: ns for each unit. */
static double measure(const struct workload *w)
{
	double begin = now_ns(), took;
	uint64_t units = 0;

	do {
		units += w->run();
		took = now_ns() - begin;
	} while (took < ROUND_NS);
	return took / (double)units;
}

static void report(const struct workload *w)
{
	double rounds[ROUNDS];
	unsigned int i;

	measure(w); /* warms up */
	for (i = 0; i < ROUNDS; i++)
		rounds[i] = measure(w);
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
	printf("%-36s %-8s %12.1f %12.1f", w->name, w->unit, rounds[0],
	       rounds[ROUNDS / 2]);
	if (w->target_ns > 0)
		printf(" %10.0f  %s", w->target_ns,
		       rounds[0] < w->target_ns ? "ok" : "MISSED");
	putchar('\n');
	fflush(stdout);
}

int main(void)
{
	const struct workload *w;

	printf("%-36s %-8s %12s %12s %10s\n", "workload", "unit", "min ns",
	       "median ns", "target ns");
	for (w = machine_workloads; w->name; w++)
		report(w);
	for (w = scenario_workloads; w->name; w++)
		report(w);
	return 0;
}
