/*
 * quirk_matrix.c - every test under every quirk: who notices which one.
 *
 * Quirks are many, and most scenarios notice few: a row has the numbers of
 * those it notices, and nothing for the others.
 */
#include "sim/cli/quirk_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/json.h"
#include "sim/cli/mutants.h"
#include "sim/cli/workers.h"

/* Of one search; each is made once for each quirk. */
#define RUNS_MAX 3000u

#define NOTICES_ON 1u
#define NOTICES_OFF 2u

struct matrix {
	struct mutant_tests tests;
	struct test_files files;
	unsigned char (*cells)[QUIRK_COUNT]; /* [file] */
	unsigned int file_count[QUIRK_COUNT]; /* that notice it */
	int code;
};

/* ---- a test, in its process -------------------------------------------- */

static void try_all(uint32_t index, struct bytes *result, void *arg)
{
	struct matrix *x = arg;
	const struct mutant_test *t = &x->tests.items[index];
	char text[FINDING_TEXT_MAX];
	struct mutation m = {.kind = MUTATION_QUIRK_ON};
	struct sim sim;
	bool is_on;
	int q;

	mutation_guard_steps();
	sim_init(&sim);
	for (q = 0; q < QUIRK_COUNT; q++) {
		is_on = t->c.run.quirks >> q & 1;
		m.quirk = (enum quirk)q;
		m.kind = is_on ? MUTATION_QUIRK_OFF : MUTATION_QUIRK_ON;
		if (mutant_concerns(&m, t) &&
		    mutant_try(&m, t, RUNS_MAX, &sim, text))
			bytes_put(result, is_on ? NOTICES_OFF : NOTICES_ON);
		else
			bytes_put(result, 0);
	}
	sim_fini(&sim);
}

static uint32_t file_of(const struct matrix *x, const struct mutant_test *t)
{
	uint32_t i = 0;

	while (x->files.paths[i] != t->path)
		i++;
	return i;
}

static void on_done(uint32_t index, const struct task_end *end,
		    const struct bytes *result, void *arg)
{
	struct matrix *x = arg;
	const struct mutant_test *t = &x->tests.items[index];
	struct reader from = bytes_read(result);
	uint32_t q, noticed, file = file_of(x, t);

	if (end->exit_code) {
		progress_wipe(&x->tests.progress);
		fprintf(stderr, "futexsim: error: %s: %s\n", t->path,
			end->text);
		x->code = end->exit_code;
		return;
	}
	for (q = 0; q < QUIRK_COUNT; q++) {
		noticed = reader_get_below(&from, 3);
		x->cells[file][q] |= (unsigned char)noticed;
	}
}

static void on_tick(uint32_t finished, double seconds, void *arg)
{
	struct matrix *x = arg;

	progress_say(&x->tests.progress, seconds, "%u of %u tests", finished,
		     x->tests.count);
}

/* ---- as text ----------------------------------------------------------- */

static bool notices_any(const struct matrix *x, size_t file)
{
	int q;

	for (q = 0; q < QUIRK_COUNT; q++) {
		if (x->cells[file][q])
			return true;
	}
	return false;
}

static void print_quirks(const struct matrix *x)
{
	int q;

	for (q = 0; q < QUIRK_COUNT; q++)
		printf("%3d  %-32s  %u scenario%s\n", q + 1,
		       quirk_table[q].name, x->file_count[q],
		       x->file_count[q] == 1 ? "" : "s");
}

/* "*1 +8" after the name of the scenario. */
static void print_row(const struct matrix *x, size_t file, int width)
{
	static const char marks[] = {' ', '+', '-', '*'};
	int q;

	printf("%-*s", width, x->files.paths[file]);
	for (q = 0; q < QUIRK_COUNT; q++) {
		if (x->cells[file][q])
			printf(" %c%d", marks[x->cells[file][q]], q + 1);
	}
	putchar('\n');
}

static void print_text(const struct matrix *x)
{
	int width = 0, size;
	size_t i;

	print_quirks(x);
	puts("\n+ notices the quirk of that number turned on, - turned off, * "
	     "both\n");
	for (i = 0; i < x->files.count; i++) {
		size = (int)strlen(x->files.paths[i]);
		if (notices_any(x, i) && size > width)
			width = size;
	}
	for (i = 0; i < x->files.count; i++) {
		if (notices_any(x, i))
			print_row(x, i, width);
	}
	putchar('\n');
}

/* ---- as JSON ----------------------------------------------------------- */

static json_t *scenarios_of(const struct matrix *x, int q)
{
	json_t *list = json_array(), *one;
	size_t i;

	for (i = 0; i < x->files.count; i++) {
		if (!x->cells[i][q])
			continue;
		one = json_object();
		json_set(one, "scenario", json_string(x->files.paths[i]));
		json_set(one, "on", json_boolean(x->cells[i][q] & NOTICES_ON));
		json_set(one, "off",
			 json_boolean(x->cells[i][q] & NOTICES_OFF));
		json_append(list, one);
	}
	return list;
}

static void print_json(const struct matrix *x)
{
	json_t *all = json_object(), *list = json_array(), *one;
	int q;

	for (q = 0; q < QUIRK_COUNT; q++) {
		one = json_object();
		json_set(one, "quirk", json_string(quirk_table[q].name));
		json_set(one, "noticed_by", scenarios_of(x, q));
		json_append(list, one);
	}
	json_set(all, "quirks", list);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

/* ---- all of it --------------------------------------------------------- */

static int try_tests(struct matrix *x, const struct options *o)
{
	const struct workers workers = {
		.jobs = workers_wanted(o),
		.count = x->tests.count,
		.task = try_all,
		.done = on_done,
		.tick = on_tick,
		.arg = x,
	};
	int code;

	progress_begin(&x->tests.progress, stderr, o->is_quiet);
	code = workers_run(&workers);
	progress_end(&x->tests.progress);
	return code ? code : x->code;
}

/* Returns an exit code. */
static int print(struct matrix *x, const struct options *o)
{
	unsigned int unnoticed = 0;
	size_t i;
	int q;

	for (q = 0; q < QUIRK_COUNT; q++) {
		for (i = 0; i < x->files.count; i++)
			x->file_count[q] += x->cells[i][q] != 0;
		unnoticed += !x->file_count[q];
	}
	if (o->is_json)
		print_json(x);
	else
		print_text(x);
	if (!o->is_json)
		printf("%d quirks, %u noticed, %u not\n", QUIRK_COUNT,
		       QUIRK_COUNT - unnoticed, unnoticed);
	return unnoticed ? EXIT_BUG : EXIT_EXPECTED;
}

int quirk_matrix(const struct options *o, int count, char **folders)
{
	struct matrix x = {.code = 0};
	int code = test_files_find(&x.files, count, folders);

	if (!code) {
		code = mutant_tests_init(&x.tests, o, &x.files);
		x.cells = calloc(x.files.count, sizeof(*x.cells));
		if (!x.cells)
			abort();
		if (!code)
			code = try_tests(&x, o);
		if (!code)
			code = print(&x, o);
		mutant_tests_fini(&x.tests);
		free(x.cells);
	}
	test_files_fini(&x.files);
	return code;
}
