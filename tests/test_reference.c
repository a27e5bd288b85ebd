/*
 * test_reference.c - scenarios/README.md, the reference of the language: what
 * it shows is what the program takes and does.
 *
 * Each block of YAML is run, or, if it is a part of a scenario, put into one
 * and loaded.  A first line `# NAME.yaml` is the name of its file.  Each
 * command is run where `scenarios` and `my.yaml`, the first scenario, are.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REFERENCE "scenarios/README.md"

struct counts {
	unsigned int whole;
	unsigned int parts;
	unsigned int included;
};

/* ---- blocks ------------------------------------------------------------ */

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* "# common/counter.yaml" gives the file in the folder, with its folder. */
static const char *file_of_block(const char *block, unsigned int number)
{
	char name[128] = "", *slash;

	if (sscanf(block, "# %100[a-z0-9/.-]", name) != 1 ||
	    !strstr(name, ".yaml"))
		snprintf(name, sizeof(name), "block-%u.yaml", number);
	slash = strchr(name, '/');
	if (slash) {
		*slash = '\0';
		mkdir(in_folder(name), 0777);
		*slash = '/';
	}
	return file_of(name, block);
}

/* What a part of a scenario needs around it to be one. */
static const char *completed(const char *block)
{
	static char text[8192];
	bool is_of_expect = begins(block, "always:");
	bool has_words = strstr(block, "memory:") != NULL;
	const char *line = block;
	size_t used;

	used = (size_t)snprintf(text, sizeof(text),
				"futexsim: 1\nname: part\n%s%s",
				has_words ? "threads: {A: [yield]}\n"
					  : "memory: {words: {F: 0}}\n"
					    "threads: {A: [futex_wait F 0]}\n",
				is_of_expect ? "expect:\n" : "");
	while (*line) {
		size_t size = strcspn(line, "\n") + 1;

		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%.*s", is_of_expect ? "  " : "",
					 (int)size, line);
		line += size;
	}
	ck_assert_uint_lt(used, sizeof(text));
	return text;
}

static void check_block(const char *block, unsigned int number,
			struct counts *counts)
{
	bool is_whole = strstr(block, "futexsim: 1") != NULL;
	const char *file =
		file_of_block(is_whole ? block : completed(block), number);
	const struct outcome *o = CALL("check", file);

	ck_assert_msg(o->code == 0, "%s%s", block, o->err);
	if (!is_whole) {
		counts->parts++;
		return;
	}
	if (strstr(o->out, ": to be included: ")) {
		counts->included++;
		return;
	}
	counts->whole++;
	o = CALL("test", file);
	ck_assert_msg(o->code == 0, "%s%s%s", block, o->out, o->err);
}

/* Calls @each for what is between two lines of the reference. */
static char *next_block(char **at)
{
	static const char open[] = "\n```yaml\n", close[] = "\n```\n";
	char *begin = strstr(*at, open), *end;

	if (!begin)
		return NULL;
	begin += strlen(open);
	end = strstr(begin, close);
	ck_assert_ptr_nonnull(end);
	end[1] = '\0';
	*at = end + 2;
	return begin;
}

START_TEST(every_block_of_the_reference_does_what_it_says)
{
	char *text = content_of(REFERENCE, NULL), *at = text, *block;
	struct counts counts = {0};
	unsigned int number = 0;

	ck_assert_ptr_nonnull(text);
	while ((block = next_block(&at)))
		check_block(block, ++number, &counts);
	ck_assert_uint_ge(counts.whole, 9);
	ck_assert_uint_ge(counts.parts, 4);
	ck_assert_uint_ge(counts.included, 1);
	free(text);
}
END_TEST

/* ---- commands ---------------------------------------------------------- */

/* "# does not" is a run that does not end well. */
static void check_command(const char *line)
{
	const char *remark = strstr(line, "  #");
	bool is_bad = remark && strstr(remark, "does not");
	const struct outcome *o;
	char *command;

	ck_assert_int_gt(
		asprintf(&command, "cd '%s' && %s", folder_path(), line), 0);
	o = program_shell(command);
	ck_assert_msg(o->code == is_bad, "%s exits %d\n%s%s", line, o->code,
		      o->out, o->err);
	free(command);
}

/* In the folder: the scenarios, and the first of the reference. */
static void furnish(char *text)
{
	char *here = realpath("scenarios", NULL), *at = text;

	ck_assert_ptr_nonnull(here);
	ck_assert_int_eq(symlink(here, in_folder("scenarios")), 0);
	free(here);
	file_of("my.yaml", next_block(&at));
}

/* All scenarios at once are tests of their own. */
START_TEST(every_command_of_the_reference_runs)
{
	char *text = content_of(REFERENCE, NULL);
	char *copy = strdup(text), *line;
	unsigned int count = 0;

	furnish(text);
	for (line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
		if (!begins(line, "    futexsim ") ||
		    begins(line, "    futexsim test scenarios "))
			continue;
		check_command(line + 4);
		count++;
	}
	ck_assert_uint_ge(count, 4);
	free(copy);
	free(text);
}
END_TEST

/* ---- scenarios of others ----------------------------------------------- */

START_TEST(scenarios_from_elsewhere_do_what_the_format_says)
{
	const struct outcome *o = CALL("test", "tests/elsewhere");

	ck_assert_msg(o->code == 0, "%s%s", o->out, o->err);
	assert_out(o, " passed, 0 failed\n");
	ck_assert_ptr_null(strstr(o->out, "common/"));
}
END_TEST

/* One sleeper and one that was moved; a wall clock that nobody asks. */
START_TEST(a_run_as_json_has_the_shape_that_scripts_rely_on)
{
	static const char expected[] =
		"{\"scenario\": \"queues-and-sleepers\", \"schedule\": \"\", "
		"\"profile\": \"linux\", "
		"\"results\": [{\"thread\": \"D\", \"index\": 0, "
		"\"op\": \"futex_requeue\", \"result\": 1, \"time\": 0}], "
		"\"states\": [";
	static const char state[] =
		"\"shared\": {\"tables\": 0, \"operations\": 0}, "
		"\"tables\": [{\"kind\": \"private\", \"process\": \"P1\", "
		"\"entries\": [{\"key\": \"0x1000\", \"waiters\": "
		"[{\"thread\": \"B\", \"bitset\": \"0xffffffff\"}]}, "
		"{\"key\": \"0x1040\", \"waiters\": "
		"[{\"thread\": \"C\", \"bitset\": \"0xffffffff\"}, "
		"{\"thread\": \"A\", \"bitset\": \"0xffffffff\"}]}]}], "
		"\"words\": {\"F\": 0, \"G\": 0}, "
		"\"blocked\": [{\"thread\": \"A\", \"index\": 0, "
		"\"op\": \"futex_wait\", \"on\": \"futex\"}, ";
	static const char end[] = "\"verdicts\": [], \"expected\": true}\n";
	const struct outcome *o =
		CALL("run", "-p", "linux", "-f", "json",
		     "tests/elsewhere/queues-and-sleepers.yaml");
	const char *first, *second;

	assert_code(o, 0);
	ck_assert_msg(begins(o->out, expected), "%s", o->out);
	first = strstr(o->out, "{\"at\": \"show\", \"time\": 0, ");
	second = strstr(o->out, "{\"at\": \"end\", \"time\": 0, ");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_nonnull(strstr(first, state));
	ck_assert_ptr_nonnull(strstr(second, state));
	ck_assert_str_eq(o->out + o->out_size - strlen(end), end);
}
END_TEST

static void assert_keys(const json_t *object, const char *const *keys)
{
	void *at = json_object_iter((json_t *)object);

	for (; *keys; keys++) {
		ck_assert_ptr_nonnull(at);
		ck_assert_str_eq(json_object_iter_key(at), *keys);
		at = json_object_iter_next((json_t *)object, at);
	}
}

/* More may follow, but these come first and in this order. */
START_TEST(a_search_as_json_has_the_shape_that_scripts_rely_on)
{
	static const char *const whole[] = {
		"scenario",   "profile",    "strategy",	    "granularity",
		"coverage",   "runs",	    "runs_blocked", "events",
		"seconds",    "peak_bytes", "bound_hit",    "outcomes",
		"properties", "verdicts",   "expected",	    NULL};
	static const char *const outcome[] = {"runs",	 "results",  "words",
					      "blocked", "verdicts", "schedule",
					      NULL};
	static const char *const property[] = {"name", "kind", "held", "of",
					       NULL};
	static const char *const verdict[] = {"kind",	  "runs", "preemptions",
					      "schedule", "what", NULL};
	const struct outcome *o = CALL(
		"explore", "-p", "starry-0.5.11", "-f", "json", "--schedules",
		"none", "scenarios/timeout/swallows-wake-searched.yaml");
	json_t *object = json_loads(o->out, 0, NULL);

	assert_code(o, 0);
	ck_assert_ptr_nonnull(object);
	assert_keys(object, whole);
	assert_keys(json_array_get(json_object_get(object, "outcomes"), 0),
		    outcome);
	assert_keys(json_array_get(json_object_get(object, "properties"), 0),
		    property);
	assert_keys(json_array_get(json_object_get(object, "verdicts"), 0),
		    verdict);
	json_decref(object);
}
END_TEST

Suite *reference_suite(void)
{
	const TTest *const tests[] = {
		every_block_of_the_reference_does_what_it_says,
		every_command_of_the_reference_runs,
		scenarios_from_elsewhere_do_what_the_format_says,
		a_run_as_json_has_the_shape_that_scripts_rely_on,
		a_search_as_json_has_the_shape_that_scripts_rely_on,
	};

	return PROGRAM_SUITE("reference", tests);
}
