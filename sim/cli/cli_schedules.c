/*
 * cli_schedules.c - what a search has found as schedule files.
 *
 * Only the list of movers is kept of a run; it is made once more, with a trace,
 * for its file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/cli/cli.h"
#include "sim/run/schedule_write.h"
#include "sim/search/search.h"

#define OUTCOME_FILES_MAX 1000u

/* ---- one file ---------------------------------------------------------- */

struct writing {
	const struct run *run;
	enum granularity granularity;
};

static int write_schedule(FILE *out, void *arg)
{
	const struct writing *w = arg;

	return schedule_write(w->run, w->granularity, out);
}

int cli_write_schedule(const char *path, const struct run *run,
		       enum granularity granularity)
{
	struct writing w = {run, granularity};

	return cli_write(path, write_schedule, &w);
}

/* ---- all of a search --------------------------------------------------- */

struct files {
	const char *folder;
	const struct search_request *request;
	struct search_result *result;
	struct sim *sim;
	bool has_folder;
};

/* A folder is made when there is something to put into it. */
static int make_folder(struct files *f)
{
	if (f->has_folder)
		return 0;
	if (mkdir(f->folder, 0777) && errno != EEXIST) {
		fprintf(stderr, "futexsim: error: %s: %s\n", f->folder,
			strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	f->has_folder = true;
	return 0;
}

/* "waiters=2, n=1" as "-waiters-2-n-1". */
static void put_combination(FILE *out, const char *text)
{
	fputc('-', out);
	for (; *text; text++) {
		if (*text != ' ')
			fputc(*text == '=' || *text == ',' ? '-' : *text, out);
	}
}

/*
 * "bugs/NAME-PROFILE[-COMBINATION][-SCHEDULE]-what.yaml", in the memory of the
 * result.
 */
static const char *path_of(const struct files *f, const char *what)
{
	const struct search_request *q = f->request;
	const char *schedule = q->schedule ? q->schedule->name : "";
	char *path = NULL, *copy;
	size_t size;
	FILE *out = open_memstream(&path, &size);

	if (!out)
		abort();
	fprintf(out, "%s/%s-%s", f->folder, q->scenario->name, q->profile);
	if (scenario_has_combination(q->scenario))
		put_combination(out, q->scenario->combination);
	fprintf(out, "%s%s-%s.yaml", schedule[0] ? "-" : "", schedule, what);
	fclose(out);
	copy = arena_alloc(&f->result->arena, strlen(path) + 1);
	strcpy(copy, path);
	free(path);
	return copy;
}

/* A verdict on all runs together has none of its own to show. */
static int write_run(struct files *f, const struct movers *movers,
		     const char *what, const char **path)
{
	struct run run;
	int code = movers->items ? make_folder(f) : 0;

	if (code || !movers->items)
		return code;
	search_replay(f->request, movers, true, f->sim, &run);
	if (run.has_diverged || run.error) {
		fputs("futexsim: error: a run of the search cannot be made "
		      "again\n",
		      stderr);
		code = EXIT_INTERNAL;
	} else {
		*path = path_of(f, what);
		code = cli_write_schedule(*path, &run, f->result->granularity);
	}
	if (code)
		*path = NULL;
	trace_free(run.trace);
	return code;
}

int cli_write_schedules(const char *folder,
			const struct search_request *request,
			struct search_result *result, struct sim *sim)
{
	struct files f = {folder, request, result, sim, false};
	struct search_verdict *v = result->verdicts;
	struct outcome *o = result->outcomes;
	char what[32];
	uint32_t i;
	int code = 0;

	for (i = 0; i < result->verdict_count && !code; i++, v++)
		code = write_run(&f, &v->movers, verdict_name(v->kind),
				 &v->schedule);
	for (i = 0; i < result->outcome_count && i < OUTCOME_FILES_MAX && !code;
	     i++, o++) {
		snprintf(what, sizeof(what), "outcome-%" PRIu32, i + 1);
		code = write_run(&f, &o->movers, what, &o->schedule);
	}
	return code;
}
