/*
 * cli_test.c - futexsim test: every scenario below some folders.
 *
 * A scenario passes if each of its runs (profiles times schedules) ends as it
 * expects, and so does each search: from the end of a schedule that ends in
 * `- explore`, and from the beginning if the file says how to explore.  Folders
 * named schema are left out, and so are files that do not end in .yaml.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/report/junit.h"
#include "sim/search/search.h"

struct files {
	char **paths;
	size_t count;
	size_t room;
};

/* ---- finding them ------------------------------------------------------ */

static void add_file(struct files *f, const char *path)
{
	if (f->count == f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->paths = realloc(f->paths, f->room * sizeof(*f->paths));
		if (!f->paths)
			abort();
	}
	f->paths[f->count] = strdup(path);
	if (!f->paths[f->count++])
		abort();
}

static bool is_scenario(const FTSENT *e)
{
	const char *dot = strrchr(e->fts_name, '.');

	return e->fts_info == FTS_F && dot && !strcmp(dot, ".yaml");
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int find_files(struct files *f, char *folder)
{
	char *const roots[] = {folder, NULL};
	FTS *fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	int code = 0;
	FTSENT *e;

	if (!fts)
		return EXIT_ENVIRONMENT;
	while ((e = fts_read(fts))) {
		if (e->fts_info == FTS_NS || e->fts_info == FTS_DNR ||
		    e->fts_info == FTS_ERR) {
			fprintf(stderr, "futexsim: error: %s: %s\n",
				e->fts_path, strerror(e->fts_errno));
			code = EXIT_ENVIRONMENT;
		} else if (e->fts_info == FTS_D &&
			   !strcmp(e->fts_name, "schema")) {
			fts_set(fts, e, FTS_SKIP);
		} else if (is_scenario(e)) {
			add_file(f, e->fts_path);
		}
	}
	fts_close(fts);
	return code;
}

/* ---- running them ------------------------------------------------------ */

struct tester {
	const struct options *o;
	struct sim sim;
	struct junit *junit;
	unsigned int passed;
	unsigned int failed;
	const char *path;
};

/* "timeout/swallows-wake.yaml [linux]", "a.yaml [linux, search: 24 runs]" */
static char *test_name(const struct tester *t, const char *profile,
		       const struct schedule *s,
		       const struct search_result *result)
{
	const char *schedule = s ? s->name : "";
	char *name = NULL;
	size_t size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		abort();
	fprintf(out, "%s [%s", t->path, profile);
	if (schedule[0])
		fprintf(out, ", %s", schedule);
	if (result)
		fprintf(out, ", search: %" PRIu64 " run%s", result->runs,
			result->runs == 1 ? "" : "s");
	fputc(']', out);
	fclose(out);
	return name;
}

static char *reason_of(const struct run *run)
{
	const struct sim *sim = run->sim;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	if (!out)
		abort();
	if (run->error)
		fprintf(out, "line %d: %s\n", run->error_line, run->error);
	if (run->note)
		fprintf(out, "%s\n", run->note);
	for (i = 0; i < sim->verdict_count; i++)
		fprintf(out, "%s: %s\n", verdict_name(sim->verdicts[i].kind),
			sim->verdicts[i].what);
	fclose(out);
	return text;
}

static void print_reason(const char *reason, const char *indent)
{
	const char *line = reason;
	size_t size;

	while (*line) {
		size = strcspn(line, "\n");
		printf("%s%.*s\n", indent, (int)size, line);
		line += size + (line[size] == '\n');
	}
}

static void tell(struct tester *t, const char *name, bool has_passed,
		 const char *reason)
{
	unsigned int number = t->passed + t->failed;

	if (t->o->is_tap) {
		printf("%s %u - %s\n", has_passed ? "ok" : "not ok", number,
		       name);
		if (!has_passed)
			print_reason(reason, "# ");
	} else {
		printf("%s  %s\n", has_passed ? "ok  " : "FAIL", name);
		if (!has_passed)
			print_reason(reason, "      ");
	}
	if (t->junit)
		junit_add(t->junit, name, has_passed ? NULL : reason);
	fflush(stdout);
}

static void count(struct tester *t, bool has_passed, char *name, char *reason)
{
	if (has_passed)
		t->passed++;
	else
		t->failed++;
	tell(t, name, has_passed, reason);
	free(reason);
	free(name);
}

static void test_run(struct tester *t, const struct run_request *request)
{
	struct run run;

	run_scenario(&t->sim, request, &run);
	count(t, run.is_expected,
	      test_name(t, request->profile, request->schedule, NULL),
	      reason_of(&run));
}

/* ---- searches ---------------------------------------------------------- */

static char *reason_of_search(const struct search_result *r)
{
	const struct search_verdict *v;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	if (!out)
		abort();
	if (r->error && r->error_line)
		fprintf(out, "line %d: ", r->error_line);
	if (r->error)
		fprintf(out, "%s\n", r->error);
	if (r->note)
		fprintf(out, "%s\n", r->note);
	for (i = 0; i < r->verdict_count; i++) {
		v = &r->verdicts[i];
		fprintf(out, "%s in %" PRIu64 " runs: %s\n",
			verdict_name(v->kind), v->runs, v->what);
	}
	fclose(out);
	return text;
}

/* @prefix: where it begins, or NULL. */
static void test_search(struct tester *t, const struct run_request *run,
			const struct schedule *prefix)
{
	struct search_request request = {
		.scenario = run->scenario,
		.schedule = prefix,
		.profile = run->profile,
		.quirks = run->quirks,
		.is_overridden = run->is_overridden,
		.explore = run->scenario->explore,
		.has_symmetry = true,
		.jobs = 1,
	};
	struct search_result result;
	bool has_passed = !search_scenario(&request, &result);

	has_passed = has_passed && result.is_expected;
	count(t, has_passed, test_name(t, run->profile, prefix, &result),
	      reason_of_search(&result));
	search_result_free(&result);
}

/* Does a search begin at the beginning?  What was written down by one does not
 * ask for another. */
static bool is_searched(const struct scenario *s)
{
	uint32_t i;

	if (!s->explore.is_given || s->recorded.is_given)
		return false;
	for (i = 0; i < s->schedule_count; i++) {
		if (schedule_is_prefix(&s->schedules[i]))
			return false;
	}
	return true;
}

/* All runs of a profile come one after the other; its search is the first. */
static int test_one(struct run_request *request, void *arg)
{
	struct tester *t = arg;
	const struct scenario *s = request->scenario;
	bool is_first = !request->schedule || request->schedule == s->schedules;

	if (is_first && is_searched(s))
		test_search(t, request, NULL);
	if (schedule_is_prefix(request->schedule))
		test_search(t, request, request->schedule);
	else if (request->schedule || !is_searched(s))
		test_run(t, request);
	return 0;
}

static int test_file(struct tester *t, const char *path)
{
	struct scenario *s = cli_load(path, t->o);
	int code;

	t->path = path;
	if (!s) {
		t->failed++;
		tell(t, path, false, "it does not load");
		return 0;
	}
	code = cli_each_run(s, t->o, test_one, t);
	scenario_free(s);
	return code;
}

static int test_all(struct tester *t, const struct files *f)
{
	int code = 0;
	size_t i;

	if (t->o->is_tap)
		puts("TAP version 13");
	for (i = 0; i < f->count && !code; i++)
		code = test_file(t, f->paths[i]);
	if (t->o->is_tap)
		printf("1..%u\n", t->passed + t->failed);
	else
		printf("%u passed, %u failed\n", t->passed, t->failed);
	if (!code && t->failed)
		code = EXIT_BUG;
	return code;
}

static int write_junit(FILE *out, void *arg)
{
	return junit_write(arg, out);
}

int cli_test(const struct options *o, int count, char **arguments)
{
	struct tester t = {.o = o};
	struct files files = {0};
	int i, code = 0, error = 0;
	size_t n;

	if (o->profile && !cli_has_profile(o->profile))
		return EXIT_USAGE;
	for (i = 0; i < count && !code; i++)
		code = find_files(&files, arguments[i]);
	if (!code && !files.count) {
		fputs("futexsim: error: there is no scenario to test\n",
		      stderr);
		code = EXIT_USAGE;
	}
	if (!code) {
		sim_init(&t.sim);
		t.junit = o->junit ? junit_new() : NULL;
		code = test_all(&t, &files);
		if (t.junit)
			error = cli_write(o->junit, write_junit, t.junit);
		junit_free(t.junit);
		sim_fini(&t.sim);
	}
	for (n = 0; n < files.count; n++)
		free(files.paths[n]);
	free(files.paths);
	return error > code ? error : code;
}
