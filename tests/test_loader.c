/*
 * test_loader.c - scenario files: what good ones become, what bad ones are
 * told.
 *
 * tests/bad/NAME.yaml must give exactly the messages in tests/bad/NAME.txt;
 * every file of tests/good/ must load.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/scenario.h"
#include "tests/loader.h"
#include "tests/suites.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- files ------------------------------------------------------------- */

static char *read_file(const char *path, size_t *size)
{
	FILE *in = fopen(path, "rb");
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	int c;

	ck_assert_msg(in && out, "%s cannot be read", path);
	while ((c = getc(in)) != EOF)
		putc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

/* What a file is told; NULL if it loads. */
static char *messages_of(const char *path)
{
	struct diagnostics d;
	struct scenario *s;
	char *text = NULL;
	size_t size;
	FILE *out;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	if (!s) {
		out = open_memstream(&text, &size);
		diagnostics_print(&d, out);
		fclose(out);
	}
	scenario_free(s);
	diagnostics_fini(&d);
	return text;
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Call @check with the path of each file; returns how many there are. */
static int for_each_file(const char *folder, void (*check)(const char *path))
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_yaml, by_name);
	char path[512];

	ck_assert_msg(count >= 0, "%s cannot be read", folder);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder,
			 entries[i]->d_name);
		check(path);
		free(entries[i]);
	}
	free(entries);
	return count;
}

static void check_bad(const char *path)
{
	char *expected, *got = messages_of(path);
	char answer[512];
	size_t size;

	snprintf(answer, sizeof(answer), "%.*s.txt", (int)strlen(path) - 5,
		 path);
	expected = read_file(answer, &size);
	ck_assert_msg(got, "%s is bad, yet it loads", path);
	ck_assert_msg(strcmp(got, expected) == 0, "%s: got\n%sinstead of\n%s",
		      path, got, expected);
	free(got);
	free(expected);
}

START_TEST(each_bad_file_gets_exactly_its_messages)
{
	ck_assert_int_ge(for_each_file("tests/bad", check_bad), 45);
}
END_TEST

static void check_good(const char *path)
{
	char *got = messages_of(path);

	ck_assert_msg(!got, "%s", got);
}

START_TEST(each_good_file_loads)
{
	ck_assert_int_ge(for_each_file("tests/good", check_good), 5);
}
END_TEST

/* ---- one scenario ------------------------------------------------------ */

struct scenario *loader_load_good(const char *path)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	if (!s)
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	ck_assert_msg(s, "%s does not load", path);
	return s;
}

struct scenario *loader_parse(const char *text)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, strlen(text), &d);
	if (!s)
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return s;
}

/* The first error of a text. */
static void assert_error(const char *text, size_t size, const char *what)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, size, &d);
	ck_assert_ptr_null(s);
	ck_assert_uint_ge(d.count, 1);
	ck_assert_msg(strstr(d.items[0].what, what), "got: %s",
		      d.items[0].what);
	diagnostics_fini(&d);
}

/* ---- limits ------------------------------------------------------------ */

/* @head, then @count times @item with its number in it, then @tail. */
static char *repeat(const char *head, const char *item, unsigned int count,
		    const char *tail, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	fputs(head, out);
	for (unsigned int i = 0; i < count; i++) {
		const char *number = strchr(item, '#');

		fprintf(out, "%.*s", number ? (int)(number - item) : 0, item);
		if (number)
			fprintf(out, "%u", i);
		fputs(number ? number + 1 : item, out);
	}
	fputs(tail, out);
	fclose(out);
	return text;
}

#define HEAD "futexsim: 1\nname: limit\n"
#define ONE "\nthreads: {A: [yield]}\n"

static const struct limit {
	const char *name;
	const char *head, *item, *tail;
	unsigned int max;
} limits[] = {
	{"SCENARIO_THREADS_MAX", HEAD "threads: {", "T#: [],", "}\n",
	 SCENARIO_THREADS_MAX},
	{"SCENARIO_PROCESSES_MAX", HEAD "processes: {", "P#: {},", "}" ONE,
	 SCENARIO_PROCESSES_MAX},
	{"SCENARIO_OPS_MAX", HEAD "threads: {A: [", "yield,", "]}\n",
	 SCENARIO_OPS_MAX},
	{"SCENARIO_STEPS_MAX", HEAD "threads: {A: [yield]}\nschedule: [",
	 "show,", "]\n", SCENARIO_STEPS_MAX},
	{"SCENARIO_REGIONS_MAX", HEAD "memory: {regions: {",
	 "R#: {kind: private},", "}}" ONE, SCENARIO_REGIONS_MAX},
	{"SCENARIO_PAGES_MAX", HEAD "memory: {words: {", "w#: 0,", "}}" ONE,
	 SCENARIO_PAGES_MAX * 64},
	{"EXPLORE_PATTERNS_MAX",
	 HEAD "threads: {A: [yield]}\n"
	      "explore: {preempt_at: [",
	 "wq,", "]}\n", EXPLORE_PATTERNS_MAX},
};

START_TEST(a_limit_can_be_reached_but_not_passed)
{
	const struct limit *limit = &limits[_i];
	size_t size;
	char *text = repeat(limit->head, limit->item, limit->max, limit->tail,
			    &size);
	struct scenario *s = loader_parse(text);

	ck_assert_ptr_nonnull(s);
	scenario_free(s);
	free(text);
	text = repeat(limit->head, limit->item, limit->max + 1, limit->tail,
		      &size);
	assert_error(text, size, limit->name);
	free(text);
}
END_TEST

START_TEST(a_file_that_is_too_long_is_refused)
{
	size_t size;
	char *text = repeat(HEAD "threads: {A: [yield]}\n", "# filling\n",
			    SCENARIO_BYTES_MAX / 10, "", &size);

	ck_assert_uint_gt(size, SCENARIO_BYTES_MAX);
	assert_error(text, size, "SCENARIO_BYTES_MAX");
	free(text);
}
END_TEST

START_TEST(more_nodes_than_allowed_are_refused)
{
	size_t size;
	char *text = repeat(HEAD "tags: [", "a,", SCENARIO_NODES_MAX,
			    "]\nthreads: {A: [yield]}\n", &size);

	assert_error(text, size, "SCENARIO_NODES_MAX");
	free(text);
}
END_TEST

/* Of 1024 processes each sees 17 maps: 17408 of at most 16384. */
START_TEST(inherited_maps_count_too)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	fputs(HEAD "processes:\n  P1: {}\n", out);
	for (int i = 2; i <= 1024; i++)
		fprintf(out, "  P%d: {forked_from: P1}\n", i);
	fputs("memory:\n  regions: {R: {kind: shared}}\n  maps:\n", out);
	for (int i = 1; i <= 17; i++)
		fprintf(out, "    - {region: R, at: 0x%x000}\n", i);
	fputs("threads: {A: [yield]}\n", out);
	fclose(out);
	assert_error(text, size, "SCENARIO_MAPS_MAX");
	free(text);
}
END_TEST

/* 65 processes see 4096 pages each: 266240 of at most 262144. */
START_TEST(mapped_pages_are_limited)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs(HEAD "processes:\n  P1: {}\n", out);
	for (int i = 2; i <= 65; i++)
		fprintf(out, "  P%d: {forked_from: P1}\n", i);
	fputs("memory:\n  regions: {R: {kind: shared, pages: 4096}}\n"
	      "  maps: [{region: R, at: 0x10000}]\n"
	      "threads: {A: [yield]}\n",
	      out);
	fclose(out);
	assert_error(text, size, "SCENARIO_MAPPED_MAX");
	free(text);
}
END_TEST

/* ---- files that cannot be read ----------------------------------------- */

START_TEST(a_missing_file_is_an_error_without_a_line)
{
	char *got = messages_of("tests/no-such-file.yaml");

	ck_assert_str_eq(got, "tests/no-such-file.yaml: error: cannot be "
			      "opened: No such file or directory\n");
	free(got);
}
END_TEST

START_TEST(a_folder_is_no_scenario)
{
	char *got = messages_of("tests");

	ck_assert_str_eq(got, "tests: error: cannot be read: Is a directory\n");
	free(got);
}
END_TEST

/* tests/main.c gives /dev/null as standard input. */
START_TEST(a_dash_is_standard_input)
{
	char *got = messages_of("-");

	ck_assert_str_eq(got, "<stdin>:1:1: error: the file is empty\n");
	free(got);
}
END_TEST

/* ---- nearest names ----------------------------------------------------- */

static const struct {
	const char *name;
	const char *nearest;
} slips[] = {
	{"woken.laod", "woken.load"}, /* two letters swapped */
	{"WOKEN.LOAD", "woken.load"}, /* case is no slip */
	{"wqlock", "wq.lock"}, /* one is missing */
	{"f", "F"},
	{"G", NULL}, /* nothing of F is left */
	{"something", NULL},
	{"", NULL},
};

START_TEST(the_nearest_name_is_a_slip_away_or_none)
{
	static const char *const names[] = {"woken.load", "wq.lock", "F"};
	const char *got = nearest_name(slips[_i].name, names, COUNT(names));

	if (slips[_i].nearest)
		ck_assert_str_eq(got, slips[_i].nearest);
	else
		ck_assert_ptr_null(got);
}
END_TEST

/* ---- damaged files ----------------------------------------------------- */

static void load_and_drop(const char *text, size_t size)
{
	struct diagnostics d;
	struct scenario *s;
	FILE *out = fopen("/dev/null", "w");

	diagnostics_init(&d, "damaged");
	s = scenario_parse("damaged", text, size, &d);
	ck_assert(!s == (d.count > 0));
	diagnostics_print(&d, out);
	fclose(out);
	scenario_free(s);
	diagnostics_fini(&d);
}

START_TEST(a_file_cut_off_anywhere_does_no_harm)
{
	size_t size;
	char *text = read_file("tests/good/everything.yaml", &size);

	for (size_t i = 0; i < size; i++) {
		/* Of its own length, so that reading past it is seen. */
		char *copy = malloc(i + 1);

		memcpy(copy, text, i);
		load_and_drop(copy, i);
		free(copy);
	}
	free(text);
}
END_TEST

START_TEST(a_file_with_a_byte_changed_does_no_harm)
{
	static const char bytes[] = "\0\n\t #&*!|>'\"%@`{}[](),:?-.x0\xff\x80";
	size_t size;
	char *text = read_file("tests/good/everything.yaml", &size);

	/* Each byte becomes one of these in turn. */
	for (size_t i = 0; i < size; i++) {
		char kept = text[i];

		text[i] = bytes[i % (sizeof(bytes) - 1)];
		load_and_drop(text, size);
		text[i] = kept ^ 1;
		load_and_drop(text, size);
		text[i] = kept;
	}
	free(text);
}
END_TEST

/* ---- the suite --------------------------------------------------------- */

static TCase *good_case(void)
{
	TCase *c = tcase_create("good files");

	tcase_add_test(c, each_good_file_loads);
	return c;
}

static TCase *bad_case(void)
{
	TCase *c = tcase_create("bad files");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, each_bad_file_gets_exactly_its_messages);
	tcase_add_loop_test(c, a_limit_can_be_reached_but_not_passed, 0,
			    COUNT(limits));
	tcase_add_test(c, a_file_that_is_too_long_is_refused);
	tcase_add_test(c, more_nodes_than_allowed_are_refused);
	tcase_add_test(c, inherited_maps_count_too);
	tcase_add_test(c, mapped_pages_are_limited);
	tcase_add_test(c, a_missing_file_is_an_error_without_a_line);
	tcase_add_test(c, a_folder_is_no_scenario);
	tcase_add_test(c, a_dash_is_standard_input);
	tcase_add_loop_test(c, the_nearest_name_is_a_slip_away_or_none, 0,
			    COUNT(slips));
	return c;
}

static TCase *damaged_case(void)
{
	TCase *c = tcase_create("damaged files");

	tcase_set_timeout(c, 300);
	tcase_add_test(c, a_file_cut_off_anywhere_does_no_harm);
	tcase_add_test(c, a_file_with_a_byte_changed_does_no_harm);
	return c;
}

Suite *loader_suite(void)
{
	Suite *s = suite_create("loader");

	suite_add_tcase(s, good_case());
	suite_add_tcase(s, loader_fields_case());
	suite_add_tcase(s, loader_conditions_case());
	suite_add_tcase(s, loader_explore_case());
	suite_add_tcase(s, bad_case());
	suite_add_tcase(s, damaged_case());
	return s;
}
