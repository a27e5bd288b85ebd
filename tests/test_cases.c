/*
 * test_cases.c - recorded cases: what the original code did with a scenario,
 * every operation's result in order of completion and the state at the end.
 *
 * NAME.yaml has a NAME.json beside it.  Besides tests/cases/, the folder that
 * the environment variable FUTEXSIM_CASES names is run, however many it has.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report.h"

/* Further ones are counted and not shown. */
#define SHOWN_MAX 10

/* The members @keys, "" ends them, of each object of @array. */
static json_t *project(const json_t *array, const char *const *keys)
{
	json_t *projected = json_array(), *item, *object;
	const char *const *key;
	size_t i;

	json_array_foreach(array, i, item)
	{
		object = json_object();
		for (key = keys; *key; key++)
			json_object_set(object, *key,
					json_object_get(item, *key));
		json_array_append_new(projected, object);
	}
	return projected;
}

static bool is_in(const json_t *array, const json_t *wanted)
{
	json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
	{
		if (json_equal(item, wanted))
			return true;
	}
	return false;
}

static json_t *without_empty(const json_t *tables)
{
	json_t *rest = json_array(), *table;
	size_t i;

	json_array_foreach(tables, i, table)
	{
		if (json_array_size(json_object_get(table, "entries")))
			json_array_append(rest, table);
	}
	return rest;
}

/* The same tables, in whatever order. */
static bool is_same_tables(const json_t *a, const json_t *b)
{
	json_t *x = without_empty(a), *y = without_empty(b), *table;
	bool is_same = json_array_size(x) == json_array_size(y);
	size_t i;

	json_array_foreach(x, i, table) is_same = is_same && is_in(y, table);
	json_decref(x);
	json_decref(y);
	return is_same;
}

static bool is_same_projected(const json_t *expected, const json_t *found,
			      const char *const *keys)
{
	json_t *x = project(expected, keys), *y = project(found, keys);
	bool is_same = json_equal(x, y);

	json_decref(x);
	json_decref(y);
	return is_same;
}

/* What of @found is not as in @expected, or NULL. */
static const char *difference(const json_t *expected, const json_t *found)
{
	static const char *const result_keys[] = {"thread", "index", "result",
						  NULL};
	static const char *const blocked_keys[] = {"thread", "index", "on",
						   NULL};
	const json_t *states = json_object_get(found, "states");
	const json_t *is = json_array_get(states, json_array_size(states) - 1);
	const json_t *should = json_object_get(expected, "end");

	if (!is_same_projected(json_object_get(expected, "results"),
			       json_object_get(found, "results"), result_keys))
		return "results";
	if (!json_equal(json_object_get(should, "shared"),
			json_object_get(is, "shared")))
		return "end.shared";
	if (!is_same_tables(json_object_get(should, "tables"),
			    json_object_get(is, "tables")))
		return "end.tables";
	if (!is_same_projected(json_object_get(should, "blocked"),
			       json_object_get(is, "blocked"), blocked_keys))
		return "end.blocked";
	return NULL;
}

/* ---- one case ---------------------------------------------------------- */

/* The report as it is printed, read again. */
static json_t *report_of(const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *report;

	ck_assert_ptr_nonnull(out);
	report_json(run, out);
	fclose(out);
	report = json_loads(text, 0, NULL);
	free(text);
	ck_assert_ptr_nonnull(report);
	return report;
}

static const char *run_case(const struct scenario *s, const json_t *expected)
{
	struct run_request request = {
		.scenario = s,
		.schedule = s->schedule_count ? s->schedules : NULL,
		.profile = s->profiles.items[0],
	};
	const char *difference_found;
	json_t *report;
	struct run run;

	run_quirks(s, request.profile, &request.quirks);
	run_scenario(&machine, &request, &run);
	if (run.error)
		return "a line that cannot be carried out";
	report = report_of(&run);
	difference_found = difference(expected, report);
	if (difference_found)
		json_dumpf(report, stdout, JSON_INDENT(1));
	json_decref(report);
	return difference_found;
}

/* Load both files and compare; NULL if all is as it should be. */
static const char *check_case(const char *yaml, const char *json)
{
	struct diagnostics d;
	struct scenario *s;
	json_t *expected = json_load_file(json, 0, NULL);
	const char *wrong = "its .json";

	diagnostics_init(&d, yaml);
	s = scenario_load(yaml, &d);
	diagnostics_print(&d, stdout);
	diagnostics_fini(&d);
	if (!s)
		wrong = "loading it";
	else if (expected)
		wrong = run_case(s, expected);
	scenario_free(s);
	json_decref(expected);
	return wrong;
}

/* ---- a folder ---------------------------------------------------------- */

struct tally {
	unsigned int count;
	unsigned int failed;
};

static int is_case(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".yaml");
}

static void run_entry(const char *folder, const char *name, struct tally *t)
{
	char yaml[4096], json[4096];
	const char *wrong;
	int stem = (int)strlen(name) - 5;

	snprintf(yaml, sizeof(yaml), "%s/%s", folder, name);
	snprintf(json, sizeof(json), "%s/%.*s.json", folder, stem, name);
	wrong = check_case(yaml, json);
	t->count++;
	if (!wrong)
		return;
	if (t->failed++ < SHOWN_MAX)
		printf("%s: not as recorded: %s\n", yaml, wrong);
}

static struct tally run_folder(const char *folder)
{
	struct dirent **entries;
	struct tally t = {0, 0};
	int i, count = scandir(folder, &entries, is_case, alphasort);

	ck_assert_msg(count >= 0, "%s cannot be read", folder);
	for (i = 0; i < count; i++) {
		run_entry(folder, entries[i]->d_name, &t);
		free(entries[i]);
	}
	free(entries);
	fflush(stdout);
	return t;
}

START_TEST(every_recorded_case_comes_out_as_recorded)
{
	struct tally t = run_folder("tests/cases");

	ck_assert_uint_ge(t.count, 265);
	ck_assert_uint_eq(t.failed, 0);
}
END_TEST

START_TEST(cases_of_the_folder_that_is_asked_for_come_out_as_recorded)
{
	const char *folder = getenv("FUTEXSIM_CASES");
	struct tally t;

	if (!folder || !*folder)
		return;
	t = run_folder(folder);
	printf("%s: %u cases, %u not as recorded\n", folder, t.count, t.failed);
	fflush(stdout);
	ck_assert_uint_gt(t.count, 0);
	ck_assert_uint_eq(t.failed, 0);
}
END_TEST

/* ---- the comparison itself --------------------------------------------- */

static const char recorded[] =
	"{\"results\": [{\"thread\": \"A\", \"index\": 0, \"result\": 0},"
	"              {\"thread\": \"B\", \"index\": 0, \"result\": 1}],"
	" \"end\": {\"shared\": {\"tables\": 1, \"operations\": 2},"
	"  \"tables\": [{\"kind\": \"private\", \"process\": \"P1\","
	"              \"entries\": [{\"key\": \"0x1000\", \"waiters\": []}]}],"
	"  \"blocked\": [{\"thread\": \"C\", \"index\": 0, \"on\": "
	"\"futex\"}]}}";

/* A report with other times and operations, and an empty table more. */
#define REPORT(first, tables, key, on)                                         \
	"{\"results\": [{\"thread\": \"" first "\", \"index\": 0, "            \
	"\"op\": \"x\", \"result\": 0, \"time\": 5},"                          \
	"{\"thread\": \"B\", \"index\": 0, \"result\": 1}],"                   \
	"\"states\": [{}, {\"shared\": {\"tables\": " tables ", "              \
	"\"operations\": 2}, \"tables\": [{\"kind\": \"shared\", "             \
	"\"region\": \"R\", \"entries\": []}, {\"kind\": \"private\", "        \
	"\"process\": \"P1\", \"entries\": [{\"key\": \"" key "\", "           \
	"\"waiters\": []}]}], \"blocked\": [{\"thread\": \"C\", "              \
	"\"index\": 0, \"op\": \"x\", \"on\": \"" on "\"}]}]}"

static void assert_difference(const char *report, const char *expected)
{
	json_t *a = json_loads(recorded, 0, NULL);
	json_t *b = json_loads(report, 0, NULL);
	const char *found;

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	found = difference(a, b);
	if (expected)
		ck_assert_str_eq(found ? found : "nothing", expected);
	else
		ck_assert_ptr_null(found);
	json_decref(a);
	json_decref(b);
}

START_TEST(the_comparison_sees_every_part)
{
	assert_difference(REPORT("A", "1", "0x1000", "futex"), NULL);
	assert_difference(REPORT("B", "1", "0x1000", "futex"), "results");
	assert_difference(REPORT("A", "2", "0x1000", "futex"), "end.shared");
	assert_difference(REPORT("A", "1", "0x1004", "futex"), "end.tables");
	assert_difference(REPORT("A", "1", "0x1000", "mutex:wq"),
			  "end.blocked");
}
END_TEST

Suite *cases_suite(void)
{
	Suite *suite = suite_create("cases");
	TCase *tc = tcase_create("cases");

	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	/* Thousands of cases take their time. */
	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, every_recorded_case_comes_out_as_recorded);
	tcase_add_test(
		tc, cases_of_the_folder_that_is_asked_for_come_out_as_recorded);
	tcase_add_test(tc, the_comparison_sees_every_part);
	suite_add_tcase(suite, tc);
	return suite;
}
