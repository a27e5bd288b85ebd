/*
 * main.c - what a switch, an event, a run and a search cost:
 *
 *	build/bench [WORD]
 *
 * Run from the top of the tree.  One row for each workload; the last column
 * says whether the fastest round is within the target, if there is one.  A
 * missed target is no failure; a search that finds what cannot be is one.  With
 * a word, only the searches that have it in their names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

_Noreturn void give_up(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

double now_ns(void)
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

static void report_all(void)
{
	const struct workload *w;

	printf("%-36s %-8s %12s %12s %10s\n", "workload", "unit", "min ns",
	       "median ns", "target ns");
	for (w = machine_workloads; w->name; w++)
		report(w);
	for (w = scenario_workloads; w->name; w++)
		report(w);
	for (w = picture_workloads; w->name; w++)
		report(w);
}

/* In a process of its own: searches begin with little memory. */
static bool report_apart(void)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		give_up("no process");
	if (!child) {
		report_all();
		exit(0);
	}
	return waitpid(child, &status, 0) == child && !status;
}

int main(int argc, char **argv)
{
	bool is_right = true;

	if (argc > 2) {
		fprintf(stderr, "usage: %s [WORD]\n", argv[0]);
		return 2;
	}
	if (argc == 1)
		is_right = report_apart();
	is_right &= search_report(argv[1]);
	return is_right ? 0 : 1;
}
