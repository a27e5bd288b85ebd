/* search.c - which searches are measured, and the table of what came of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/loader/explore_names.h"
#include "tests/bench/bench.h"

#define MUTEX "drepper.yaml"
#define MUTANT "mutant.yaml"
#define READERS "readers.yaml"

#define CALL .granularity = GRANULARITY_CALL
#define KERNEL .granularity = GRANULARITY_KERNEL
#define RANDOM .strategy = STRATEGY_RANDOM
#define DFS .strategy = STRATEGY_DFS
#define DPOR .strategy = STRATEGY_DPOR
#define AUTO .strategy = STRATEGY_AUTO
#define WITHIN(n) .preemptions = (n) + 1
#define LINUX .profile = "linux"
#define STARRY .profile = "starry-0.5.11"
#define SPIN .profile = NULL

/* A search of one run is what a search costs beside its runs. */
#define ONE_RUN .executions = 1

/* clang-format off */
const struct search_row search_rows[] = {
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, CALL, DPOR, ONE_RUN},
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, CALL, RANDOM,
	 .executions = 100000, .target = {.us = 0.5}},
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, CALL, DFS,
	 .target = {.us = 0.5}},
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, CALL, DPOR,
	 .target = {.us = 2, .runs = 24}},
	{"mutex, 2 threads", "drepper.pml", "N=2", SPIN},
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, KERNEL, RANDOM,
	 .executions = 20000},
	{"mutex, 2 threads", MUTEX, "threads=2", STARRY, KERNEL, DPOR,
	 .target = {.seconds = 1}},

	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, CALL, RANDOM,
	 .executions = 100000},
	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, CALL, DPOR,
	 .target = {.seconds = 0.5}},
	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, CALL, DFS,
	 .has_cache = true},
	{"mutex, 3 threads", "drepper.pml", "N=3", SPIN},
	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, KERNEL, RANDOM,
	 .executions = 20000},
	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, KERNEL, DFS, WITHIN(2),
	 .seconds = 12, .target = {.seconds = 10}},
	{"mutex, 3 threads", MUTEX, "threads=3", STARRY, KERNEL, DPOR},

	{"mutex, 4 threads", MUTEX, "threads=4", STARRY, CALL, RANDOM,
	 .executions = 100000},
	{"mutex, 4 threads", MUTEX, "threads=4", STARRY, CALL, DPOR},
	{"mutex, 4 threads", MUTEX, "threads=4", STARRY, CALL, DFS,
	 .has_cache = true, .target = {.seconds = 2}},
	{"mutex, 4 threads", "drepper.pml", "N=4", SPIN},
	{"mutex, 4 threads", MUTEX, "threads=4", STARRY, KERNEL, RANDOM,
	 .executions = 20000},
	{"mutex, 4 threads", MUTEX, "threads=4", STARRY, KERNEL, DPOR},

	{"mutant, 3 threads", MUTANT, "threads=3", STARRY, CALL, DFS, WITHIN(1),
	 .has_bug = true, .target = {.bug_runs = 10, .bug_seconds = 0.01}},
	{"mutant, 3 threads", MUTANT, "threads=3", STARRY, CALL, AUTO,
	 .has_bug = true, .target = {.bug_seconds = 0.01}},
	{"mutant, 3 threads", MUTANT, "threads=3", STARRY, KERNEL, AUTO,
	 .has_bug = true},
	{"mutant, 3 threads", "drepper.pml", "N=3 AGAIN=1", SPIN, .has_bug = true},

	{"readers(10)", READERS, "readers=10", STARRY, CALL, DPOR,
	 .target = {.us = 5, .exactly = 1 << 10}},
	{"readers(10)", "readers.pml", "N=10", SPIN},
	{"readers(11)", READERS, "readers=11", STARRY, CALL, DPOR,
	 .target = {.us = 5, .exactly = 1 << 11}},
	{"readers(11)", "readers.pml", "N=11", SPIN},
	{"readers(12)", READERS, "readers=12", STARRY, CALL, DPOR,
	 .target = {.us = 5, .exactly = 1 << 12}},
	{"readers(12)", "readers.pml", "N=12", SPIN},
	{"readers(13)", READERS, "readers=13", STARRY, CALL, DPOR,
	 .target = {.us = 5, .exactly = 1 << 13}},
	{"readers(13)", "readers.pml", "N=13", SPIN},
	{"readers(14)", READERS, "readers=14", STARRY, CALL, DPOR,
	 .target = {.us = 5, .exactly = 1 << 14}},
	{"readers(14)", "readers.pml", "N=14", SPIN},

	{"timeout against wake", "p01.yaml", NULL, STARRY, KERNEL, AUTO,
	 .has_bug = true, .target = {.bug_seconds = 1}},
	{"timeout against wake", "p01.yaml", NULL, LINUX, KERNEL, DPOR,
	 .seconds = 6},
	{"requeue against cancel", "requeue-cancel.yaml", NULL, STARRY, KERNEL,
	 DPOR},
	{"requeue against cancel", "requeue-cancel.yaml", NULL, LINUX, KERNEL,
	 DPOR},
	{"requeue against cancel", "requeue-cancel.yaml", NULL, LINUX, KERNEL,
	 DFS, WITHIN(2)},

	/* From here on each second row is held against the one before. */
	{"two processes", MUTEX, "threads=3", STARRY, KERNEL, DFS, WITHIN(3),
	 .seconds = 12},
	{"two processes", MUTEX, "threads=3", STARRY, KERNEL, DFS, WITHIN(3),
	 .seconds = 12, .jobs = 2, .target = {.speedup = 1.7}},
	{"two processes", "p01.yaml", NULL, LINUX, KERNEL, DPOR},
	{"two processes", "p01.yaml", NULL, LINUX, KERNEL, DPOR, .jobs = 2,
	 .target = {.speedup = 1.7}},
	{"memory", MUTEX, "threads=4", STARRY, CALL, DPOR,
	 .executions = 20000},
	{"memory", MUTEX, "threads=4", STARRY, CALL, DPOR,
	 .executions = 200000, .seconds = 6, .target = {.growth = 1.1}},
	{"memory", MUTEX, "threads=3", STARRY, KERNEL, RANDOM,
	 .executions = 5000},
	{"memory", MUTEX, "threads=3", STARRY, KERNEL, RANDOM,
	 .executions = 50000, .seconds = 6, .target = {.growth = 1.1}},
	{0},
};
/* clang-format on */

/* ---- how a row is searched --------------------------------------------- */

static bool is_for_spin(const struct search_row *row)
{
	return strstr(row->file, ".pml") != NULL;
}

static void print_how(const struct search_row *row)
{
	char how[64];
	int n;

	if (is_for_spin(row)) {
		printf("%-22s", "Spin: states");
		return;
	}
	n = snprintf(
		how, sizeof(how), "%s %s%s", granularity_name(row->granularity),
		strategy_name(row->strategy), row->has_cache ? " --cache" : "");
	if (row->preemptions)
		n += snprintf(how + n, sizeof(how) - n, " <= %" PRIu64 " pre.",
			      row->preemptions - 1);
	if (row->profile && !strcmp(row->profile, "linux"))
		n += snprintf(how + n, sizeof(how) - n, " linux");
	if (row->jobs > 1)
		snprintf(how + n, sizeof(how) - n, " -j%" PRIu32, row->jobs);
	printf("%-22s", how);
}

/* ---- targets ----------------------------------------------------------- */

/* One figure: what is asked, and whether it is so. */
static void judge(const char *sign, double wanted, const char *unit, double is,
		  bool is_met)
{
	if (wanted <= 0)
		return;
	printf("  %s %g %s ", sign, wanted, unit);
	if (is_met)
		printf("ok");
	else
		printf("MISSED (%.3g)", is);
}

static void print_target(const struct search_row *row, const struct measured *m,
			 const struct measured *before)
{
	const struct target *t = &row->target;
	double us = m->seconds * 1e6 / (double)(m->runs + m->blocked);
	double speed = (double)m->runs / m->seconds;
	double speed_before = (double)before->runs / before->seconds;
	double growth = (double)m->peak_kib / (double)before->peak_kib;

	judge("<=", t->us, "us/run", us, us <= t->us);
	judge("<=", (double)t->runs, "runs", (double)m->runs,
	      m->runs <= t->runs && !m->is_cut);
	judge("=", (double)t->exactly, "runs", (double)m->runs,
	      m->runs == t->exactly);
	judge("<=", t->seconds, "s", m->seconds,
	      m->seconds <= t->seconds && !m->is_cut);
	judge("bug <=", (double)t->bug_runs, "runs", (double)m->bug_run,
	      m->bug_run <= t->bug_runs);
	judge("bug <=", t->bug_seconds, "s", m->bug_seconds,
	      m->bug_seconds <= t->bug_seconds);
	judge(">=", t->speedup, "times as fast", speed / speed_before,
	      speed >= t->speedup * speed_before);
	judge("<=", t->growth, "times as much", growth, growth <= t->growth);
}

/* ---- table ------------------------------------------------------------- */

static void print_measured(const struct measured *m)
{
	double all = (double)(m->runs + m->blocked);

	printf(" %8" PRIu64 " %7" PRIu64 " %9.0f %9.2f", m->runs, m->blocked,
	       all / m->seconds, m->seconds * 1e6 / all);
	if (m->events)
		printf(" %8.1f", m->seconds * 1e9 / (double)m->events);
	else
		printf(" %8s", "-");
	printf(" %9.4f %7.1f", m->seconds, (double)m->peak_kib / 1024);
}

/* Returns whether it is right. */
static bool print_row(const struct search_row *row, const struct measured *m,
		      const struct measured *before, const char *name)
{
	printf("%-22s ", name);
	print_how(row);
	if (!m->is_done) {
		printf(" %s\n", m->what);
		return !m->is_wrong;
	}
	print_measured(m);
	if (m->bug_run)
		printf("  bug: run %" PRIu64 ", %.2f ms", m->bug_run,
		       m->bug_seconds * 1e3);
	if (m->compile_seconds > 0)
		printf("  and %.1f s to compile", m->compile_seconds);
	if (m->is_wrong)
		printf("  WRONG: %s", m->what);
	else if (m->is_cut)
		printf("  %s", m->what);
	print_target(row, m, before);
	putchar('\n');
	return !m->is_wrong;
}

bool search_report(const char *word)
{
	struct measured before = {0}, m;
	const struct search_row *row;
	const char *last = "";
	bool is_right = true;

	printf("\n%-22s %-21s %9s %7s %9s %9s %8s %9s %7s\n", "search", "how",
	       "runs", "blocked", "runs/s", "us/run", "ns/event", "seconds",
	       "MiB");
	for (row = search_rows; row->name; row++) {
		if (word && !strstr(row->name, word))
			continue;
		if (is_for_spin(row))
			spin_measure(row, &m);
		else
			search_measure(row, &m);
		is_right &= print_row(row, &m, &before,
				      strcmp(row->name, last) ? row->name : "");
		fflush(stdout);
		last = row->name;
		before = m;
	}
	return is_right;
}
