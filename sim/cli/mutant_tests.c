/*
 * mutant_tests.c - all tests there are, as they are without a mutation.
 *
 * Every test leaves what it costs and which scheduling points of the model it
 * passes: a mutation of any other point changes nothing for it.
 */
#include "sim/cli/mutants.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/workers.h"
#include "sim/machine/sites.h"

void mutant_test_print(const struct mutant_test *t, FILE *out)
{
	const struct schedule *s = t->c.run.schedule;

	fprintf(out, "%s [%s", t->path, t->c.run.profile);
	if (scenario_has_combination(t->c.run.scenario))
		fprintf(out, ", %s", t->c.run.scenario->combination);
	if (s && s->name[0])
		fprintf(out, ", %s", s->name);
	fputs(t->c.is_search ? ", search]" : "]", out);
}

/* ---- without a mutation ------------------------------------------------ */

static void survey(uint32_t index, struct bytes *result, void *arg)
{
	struct mutant_tests *tests = arg;
	struct mutant_test *t = &tests->items[index];
	bool *passed = calloc(site_count() + 1, sizeof(*passed));
	char text[FINDING_TEXT_MAX] = "it does not run";
	bool is_green;

	if (!passed)
		abort();
	mutation_record(passed, &t->asked);
	is_green = mutant_survey(t, text);
	mutation_record(NULL, NULL);
	bytes_put(result, is_green);
	bytes_put_text(result, text);
	bytes_put(result, t->asked);
	bytes_put(result, t->events);
	bytes_put(result, t->runs);
	bytes_put(result, t->is_cut);
	bytes_put_block(result, passed, site_count());
	free(passed);
}

static void say_red(struct mutant_tests *tests, const struct mutant_test *t,
		    const char *why)
{
	progress_wipe(&tests->progress);
	fputs("futexsim: error: without a mutation ", stderr);
	mutant_test_print(t, stderr);
	fprintf(stderr, " fails: %s\n", why);
	tests->failed++;
}

static void take_survey(uint32_t index, const struct task_end *end,
			const struct bytes *result, void *arg)
{
	struct mutant_tests *tests = arg;
	struct mutant_test *t = &tests->items[index];
	struct reader from = bytes_read(result);
	const uint8_t *passed;
	bool is_green;
	char *text;

	t->passed = calloc(site_count() + 1, sizeof(*t->passed));
	if (!t->passed)
		abort();
	if (end->exit_code) {
		say_red(tests, t, end->text);
		return;
	}
	is_green = reader_get_below(&from, 2);
	text = reader_get_text(&from);
	t->asked = reader_get(&from);
	t->events = reader_get(&from);
	t->runs = reader_get(&from);
	t->is_cut = reader_get_below(&from, 2);
	passed = reader_get_block(&from, site_count());
	if (passed)
		memcpy(t->passed, passed, site_count());
	if (!is_green)
		say_red(tests, t, text);
	free(text);
}

static void on_tick(uint32_t finished, double seconds, void *arg)
{
	struct mutant_tests *t = arg;

	progress_say(&t->progress, seconds,
		     "without a mutation: %u of %u tests", finished, t->count);
}

static int survey_all(struct mutant_tests *t)
{
	const struct workers workers = {
		.jobs = workers_wanted(t->o),
		.count = t->count,
		.task = survey,
		.done = take_survey,
		.tick = on_tick,
		.arg = t,
	};
	int code;

	progress_begin(&t->progress, stderr, t->o->is_quiet);
	code = workers_run(&workers);
	progress_end(&t->progress);
	if (code)
		return code;
	return t->failed ? EXIT_BUG : 0;
}

/* ---- loading ----------------------------------------------------------- */

struct adder {
	struct mutant_tests *tests;
	const char *path;
};

static void add_test(const struct test_case *c, void *arg)
{
	const struct adder *a = arg;
	struct mutant_tests *t = a->tests;

	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 256;
		t->items = realloc(t->items, t->room * sizeof(*t->items));
		if (!t->items)
			abort();
	}
	t->items[t->count++] = (struct mutant_test){.c = *c, .path = a->path};
}

/* @s stays, and with it what its tests point at. */
static void add_scenario(struct adder *a, struct scenario *s)
{
	struct mutant_tests *t = a->tests;

	t->scenarios =
		realloc(t->scenarios, (t->scenario_count + 1) * sizeof(s));
	if (!t->scenarios)
		abort();
	t->scenarios[t->scenario_count++] = s;
	test_cases_each_of_one(s, t->o, add_test, a);
}

static void add_combinations(struct adder *a, const struct scenario *s)
{
	struct scenario *combination;
	struct diagnostics d;
	uint32_t i;

	for (i = 1; i < s->matrix.combination_count; i++) {
		scenario_diagnostics(s, &d);
		combination = scenario_combination(s, i, &d);
		diagnostics_fini(&d);
		if (combination)
			add_scenario(a, combination);
	}
}

int mutant_tests_init(struct mutant_tests *t, const struct options *o,
		      const struct test_files *files)
{
	struct adder adder = {.tests = t};
	struct scenario *s;
	int code = 0;
	size_t i;

	*t = (struct mutant_tests){.o = o};
	for (i = 0; i < files->count; i++) {
		s = cli_load(files->paths[i], o);
		if (!s) {
			code = EXIT_INVALID;
			continue;
		}
		adder.path = files->paths[i];
		add_scenario(&adder, s);
		add_combinations(&adder, s);
	}
	return code ? code : survey_all(t);
}

void mutant_tests_fini(struct mutant_tests *t)
{
	uint32_t i;

	for (i = 0; i < t->count; i++)
		free(t->items[i].passed);
	free(t->items);
	/* Combinations go before the one they are of. */
	while (t->scenario_count)
		scenario_free(t->scenarios[--t->scenario_count]);
	free(t->scenarios);
}
