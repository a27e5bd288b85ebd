/*
 * cli_test.c - futexsim test: every scenario below some folders.
 *
 * A scenario passes if each of its runs and searches ends as it expects.  Each
 * file is tested in a process of its own; what is printed is in the order of
 * the files, and the same for any number of processes.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli_mutate.h"
#include "sim/cli/test_cases.h"
#include "sim/cli/test_files.h"
#include "sim/cli/workers.h"
#include "sim/report/junit.h"
#include "sim/report/progress.h"

struct tester {
	const struct options *o;
	struct test_files files;
	struct junit *junit;
	struct progress progress;
	unsigned int passed;
	unsigned int failed;
	int code;
};

/* ---- one file, in its process ------------------------------------------ */

struct file_test {
	struct sim sim;
	const char *path;
	struct bytes *result; /* {has_passed, name, reason}... */
};

static FILE *text_begin(char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	if (!out)
		abort();
	return out;
}

/* "timeout/swallows-wake.yaml [linux]", "a.yaml [linux, search: 24 runs]" */
static char *test_name(const struct file_test *t, const struct test_case *c,
		       const struct search_result *result)
{
	const struct schedule *s = c->run.schedule;
	char *name = NULL;
	size_t size;
	FILE *out = text_begin(&name, &size);

	fprintf(out, "%s [%s", t->path, c->run.profile);
	if (scenario_has_combination(c->run.scenario))
		fprintf(out, ", %s", c->run.scenario->combination);
	if (s && s->name[0])
		fprintf(out, ", %s", s->name);
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
	FILE *out = text_begin(&text, &size);
	uint32_t i;

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

static char *reason_of_search(const struct search_result *r)
{
	const struct search_verdict *v;
	char *text = NULL;
	size_t size;
	FILE *out = text_begin(&text, &size);
	uint32_t i;

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

static void put(struct bytes *to, bool has_passed, const char *name,
		const char *reason)
{
	bytes_put(to, has_passed);
	bytes_put_text(to, name);
	bytes_put_text(to, has_passed ? "" : reason);
}

static void test_run(struct file_test *t, const struct test_case *c)
{
	struct run run;
	char *name, *reason;

	run_scenario(&t->sim, &c->run, &run);
	name = test_name(t, c, NULL);
	reason = reason_of(&run);
	put(t->result, run.is_expected, name, reason);
	free(reason);
	free(name);
}

static void test_search(struct file_test *t, const struct test_case *c)
{
	struct search_request request = test_case_search(c);
	struct search_result result;
	bool has_begun = !search_scenario(&request, &result);
	char *name = test_name(t, c, &result);
	char *reason = reason_of_search(&result);

	put(t->result, has_begun && result.is_expected, name, reason);
	free(reason);
	free(name);
	search_result_free(&result);
}

static void test_case(const struct test_case *c, void *arg)
{
	struct file_test *t = arg;

	if (c->is_search)
		test_search(t, c);
	else
		test_run(t, c);
}

static void test_file(uint32_t index, struct bytes *result, void *arg)
{
	const struct tester *t = arg;
	struct file_test f = {
		.path = t->files.paths[index],
		.result = result,
	};
	char *errors = NULL;
	size_t size;
	FILE *out = text_begin(&errors, &size);
	struct scenario *s = cli_load_telling(f.path, t->o, out);

	fclose(out);
	bytes_put_text(result, errors);
	free(errors);
	if (!s) {
		put(result, false, f.path, "it does not load\n");
		return;
	}
	sim_init(&f.sim);
	/* The profile is known, and so nothing can be wrong. */
	test_cases_each(s, t->o, test_case, &f);
	sim_fini(&f.sim);
	scenario_free(s);
}

/* ---- telling ----------------------------------------------------------- */

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

static void tell(struct tester *t, bool has_passed, const char *name,
		 const char *reason)
{
	t->passed += has_passed;
	t->failed += !has_passed;
	if (t->o->is_tap) {
		printf("%s %u - %s\n", has_passed ? "ok" : "not ok",
		       t->passed + t->failed, name);
		if (!has_passed)
			print_reason(reason, "# ");
	} else {
		printf("%s  %s\n", has_passed ? "ok  " : "FAIL", name);
		if (!has_passed)
			print_reason(reason, "      ");
	}
	if (t->junit)
		junit_add(t->junit, name, has_passed ? NULL : reason);
}

static void tell_crash(struct tester *t, const char *path,
		       const struct task_end *end)
{
	fprintf(stderr, "futexsim: error: %s: %s\n", path, end->text);
	tell(t, false, path, end->text);
	if (end->exit_code > t->code)
		t->code = end->exit_code;
}

static void on_done(uint32_t index, const struct task_end *end,
		    const struct bytes *result, void *arg)
{
	struct reader from = bytes_read(result);
	struct tester *t = arg;
	char *name, *reason;
	bool has_passed;

	progress_wipe(&t->progress);
	if (end->exit_code) {
		tell_crash(t, t->files.paths[index], end);
		return;
	}
	reason = reader_get_text(&from);
	fputs(reason, stderr);
	free(reason);
	while (reader_left(&from)) {
		has_passed = reader_get_below(&from, 2);
		name = reader_get_text(&from);
		reason = reader_get_text(&from);
		tell(t, has_passed, name, reason);
		free(reason);
		free(name);
	}
	fflush(stdout);
}

static void on_tick(uint32_t finished, double seconds, void *arg)
{
	struct tester *t = arg;

	progress_say(&t->progress, seconds, "%u of %zu files, %u failed",
		     finished, t->files.count, t->failed);
}

static int test_all(struct tester *t)
{
	const struct workers workers = {
		.jobs = workers_wanted(t->o),
		.count = (uint32_t)t->files.count,
		.task = test_file,
		.done = on_done,
		.tick = on_tick,
		.arg = t,
	};
	int code;

	if (t->o->is_tap)
		puts("TAP version 13");
	progress_begin(&t->progress, stderr, t->o->is_quiet);
	code = workers_run(&workers);
	progress_end(&t->progress);
	if (code)
		return code;
	if (t->o->is_tap)
		printf("1..%u\n", t->passed + t->failed);
	else
		printf("%u passed, %u failed\n", t->passed, t->failed);
	if (t->code)
		return t->code;
	return t->failed ? EXIT_BUG : EXIT_EXPECTED;
}

static int write_junit(FILE *out, void *arg)
{
	return junit_write(arg, out);
}

int cli_test(const struct options *o, int count, char **arguments)
{
	struct tester t = {.o = o};
	int code, error = 0;

	if (o->profile && !cli_has_profile(o->profile))
		return EXIT_USAGE;
	if (o->is_mutating && o->mutate && !strcmp(o->mutate, "list"))
		return cli_mutate_list();
	if (o->is_mutating && (o->is_tap || o->junit)) {
		fputs("futexsim: error: --mutate prints a table of its own, "
		      "and takes neither --tap nor --junit\n",
		      stderr);
		return EXIT_USAGE;
	}
	if (!count) {
		fputs("futexsim: error: usage: futexsim test [OPTION...] "
		      "DIR...\n",
		      stderr);
		return EXIT_USAGE;
	}
	code = test_files_find(&t.files, count, arguments);
	if (!code && o->is_mutating) {
		code = cli_mutate(o, &t.files);
	} else if (!code) {
		t.junit = o->junit ? junit_new() : NULL;
		code = test_all(&t);
		if (t.junit)
			error = cli_write(o->junit, write_junit, t.junit);
		junit_free(t.junit);
	}
	test_files_fini(&t.files);
	return error > code ? error : code;
}
