/*
 * measure.c - one search, in a process of its own: what is measured comes back
 * through a pipe, and the peak of its memory from the kernel.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/search/search.h"
#include "tests/bench/bench.h"

#define HERE "tests/bench/"

/* ---- in the child ------------------------------------------------------ */

static struct scenario *load(const struct search_row *row)
{
	struct scenario_params params = {&row->param, row->param ? 1 : 0};
	struct diagnostics d;
	struct scenario *s;
	char path[256];

	snprintf(path, sizeof(path), HERE "%s", row->file);
	diagnostics_init(&d, path);
	s = scenario_load_with(path, &params, &d);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	if (!s)
		give_up("a workload does not load");
	return s;
}

static void request_init(struct search_request *r, const struct search_row *row)
{
	struct search_bounds *b = &r->explore.bounds;

	memset(r, 0, sizeof(*r));
	r->scenario = load(row);
	r->profile = row->profile;
	run_quirks(r->scenario, r->profile, &r->quirks);
	r->explore = r->scenario->explore;
	r->explore.strategy = row->strategy;
	r->explore.granularity = row->granularity;
	b->preemptions = row->preemptions ? row->preemptions - 1 : NO_BOUND;
	b->executions = row->executions ? row->executions : NO_BOUND;
	b->time_ns =
		(uint64_t)((row->seconds > 0 ? row->seconds : SECONDS_DEFAULT) *
			   1e9);
	r->has_cache = row->has_cache;
	r->is_first_bug_enough = row->has_bug;
	r->jobs = row->jobs ? row->jobs : 1;
}

static void say_wrong(struct measured *m, const char *what)
{
	m->is_wrong = true;
	snprintf(m->what, sizeof(m->what), "%s", what);
}

static bool has_lost_wakeup(const struct search_result *r)
{
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		if (r->verdicts[i].kind == VERDICT_LOST_WAKEUP)
			return true;
	}
	return false;
}

/* What of a result cannot be so.  All bugs here are lost wake-ups. */
static void check(const struct search_row *row, const struct search_result *r,
		  struct measured *m)
{
	uint64_t exactly = row->target.exactly;

	if (!r->runs)
		say_wrong(m, "no run");
	else if (row->has_bug && !(r->first_bug_run && has_lost_wakeup(r)))
		say_wrong(m, "the bug was not found");
	else if (!row->has_bug && r->verdict_count)
		say_wrong(m, r->verdicts[0].what);
	else if (exactly && (r->runs != exactly || r->runs_blocked))
		say_wrong(m, "not the number of runs that there are");
}

/* A bound that the row does not ask for. */
static bool is_cut(const struct search_row *row, enum search_end end)
{
	switch (end) {
	case SEARCH_COMPLETE:
	case SEARCH_FIRST_BUG:
	case SEARCH_SAMPLED:
		return false;
	case SEARCH_PREEMPTIONS:
		return !row->preemptions;
	case SEARCH_EXECUTIONS:
		return !row->executions;
	case SEARCH_STEPS:
	case SEARCH_TIME:
	case SEARCH_MEMORY:
	case SEARCH_OUTCOMES:
	case SEARCH_CANCELLED:
		break;
	}
	return true;
}

static void fill(const struct search_row *row, const struct search_result *r,
		 struct measured *m)
{
	uint32_t i;

	m->is_done = true;
	m->runs = 0;
	for (i = 0; i < r->pass_count; i++)
		m->runs += r->passes[i].runs;
	m->blocked = r->runs_blocked;
	/* Those of earlier passes are not told. */
	m->events = r->pass_count == 1 ? r->events : 0;
	m->bug_run = r->first_bug_run;
	m->bug_seconds = r->first_bug_seconds;
	m->is_cut = is_cut(row, r->end);
	if (m->is_cut)
		snprintf(m->what, sizeof(m->what), "cut: %s",
			 search_end_name(r->end));
	check(row, r, m);
}

/* One search.  Returns ns, or less than 0 when there is nothing to measure. */
static double search_once(const struct search_row *row,
			  const struct search_request *request,
			  struct measured *m)
{
	struct search_result result;
	double begin = now_ns(), took;
	int error = search_scenario(request, &result);

	took = now_ns() - begin;
	if (error)
		say_wrong(m, result.error ? result.error : "no search");
	else
		fill(row, &result, m);
	search_result_free(&result);
	return error ? -1 : took;
}

static void measure(const struct search_row *row, struct measured *m)
{
	double all = 0, round, best = 0, took = 0, bug = 0;
	struct search_request request;
	unsigned int i, searches;

	request_init(&request, row);
	for (i = 0; i < ROUNDS && all < ROUNDS_NS; i++) {
		for (round = 0, searches = 0; round < ROUND_NS; searches++) {
			took = search_once(row, &request, m);
			if (took < 0)
				return;
			round += took;
			if (bug <= 0 || m->bug_seconds < bug)
				bug = m->bug_seconds;
		}
		if (!i || round / searches < best)
			best = round / searches;
		all += round;
	}
	m->bug_seconds = bug;
	m->seconds = best / 1e9;
}

/* ---- in the parent ----------------------------------------------------- */

static _Noreturn void be_child(const struct search_row *row, int out)
{
	struct measured m = {0};

	measure(row, &m);
	if (write(out, &m, sizeof(m)) != sizeof(m))
		_exit(1);
	_exit(0);
}

void search_measure(const struct search_row *row, struct measured *m)
{
	struct rusage usage;
	int ends[2], status;
	ssize_t got;
	pid_t child;

	memset(m, 0, sizeof(*m));
	fflush(stdout);
	if (pipe(ends))
		give_up("no pipe");
	child = fork();
	if (child < 0)
		give_up("no process");
	if (!child)
		be_child(row, ends[1]);
	close(ends[1]);
	got = read(ends[0], m, sizeof(*m));
	close(ends[0]);
	if (wait4(child, &status, 0, &usage) != child)
		give_up("a process is lost");
	m->peak_kib = (uint64_t)usage.ru_maxrss;
	if (got == sizeof(*m))
		return;
	memset(m, 0, sizeof(*m));
	m->is_wrong = true;
	if (WIFSIGNALED(status))
		snprintf(m->what, sizeof(m->what), "WRONG: died: %s",
			 strsignal(WTERMSIG(status)));
	else
		snprintf(m->what, sizeof(m->what), "WRONG: gave up");
}
