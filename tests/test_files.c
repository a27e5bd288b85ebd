/*
 * test_files.c - files that the program writes: traces, pictures, reports of
 * the test command.  A file appears whole or not at all.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"

static const char *trace_of_a_run(void)
{
	const char *trace = in_folder("t.jsonl");

	assert_code(
		CALL("run", SWALLOWS, "--profile", "linux", "--trace", trace),
		0);
	return trace;
}

/* ---- whole or not at all ----------------------------------------------- */

START_TEST(a_trace_is_a_file_of_its_own_and_nothing_else_is_left)
{
	struct stat status;

	trace_of_a_run();
	ck_assert_uint_eq(folder_count(), 1);
	ck_assert_int_eq(stat(in_folder("t.jsonl"), &status), 0);
	/* Not more private than any new file. */
	ck_assert_uint_eq(status.st_mode & 0400, 0400);
	ck_assert_uint_eq(status.st_mode & 0111, 0);
}
END_TEST

START_TEST(the_same_run_writes_the_same_bytes)
{
	char *first = content_of(trace_of_a_run(), NULL);
	char *second = content_of(trace_of_a_run(), NULL);

	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}
END_TEST

START_TEST(a_run_that_does_not_begin_leaves_an_old_trace_as_it_was)
{
	const char *trace = file_of("t.jsonl", "old");
	const char *bad = file_of("bad.yaml", "futexsim: 1\nname: x\n");
	char *text;

	assert_code(CALL("run", bad, "--trace", trace), 3);
	assert_code(
		CALL("run", SWALLOWS, "--profile", "none", "--trace", trace),
		2);
	assert_code(CALL("run", SWALLOWS, "--trace", trace), 2);
	text = content_of(trace, NULL);
	ck_assert_str_eq(text, "old");
	free(text);
	ck_assert_uint_eq(folder_count(), 2);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_exits_7_and_leaves_nothing)
{
	const struct outcome *o;
	const char *folder = in_folder("d");

	ck_assert_int_eq(mkdir(folder, 0777), 0);
	o = CALL("run", SWALLOWS, "--profile", "linux", "--trace",
		 "/nowhere/t.jsonl");
	assert_code(o, 7);
	assert_whole_err(o, "futexsim: error: /nowhere/t.jsonl: No such file "
			    "or directory\n");
	/* A folder is in the way. */
	o = CALL("run", SWALLOWS, "--profile", "linux", "--trace", folder);
	assert_code(o, 7);
	assert_err(o, "Is a directory");
	ck_assert_uint_eq(folder_count(), 1);
	o = CALL("draw", trace_of_a_run(), "-o", "/nowhere/t.svg");
	assert_code(o, 7);
	o = CALL("test", "scenarios/timeout", "--junit", "/nowhere/t.xml");
	assert_code(o, 7);
}
END_TEST

/* ---- pictures ---------------------------------------------------------- */

/* Draw the run into a file with this ending; its content. */
static char *drawn(const char *ending, size_t *size)
{
	const char *trace = trace_of_a_run();
	const char *path = in_folder(ending);
	const struct outcome *o = CALL("draw", trace, "-o", path);
	char *content = content_of(path, size);

	assert_code(o, 0);
	assert_whole_err(o, "");
	ck_assert_ptr_nonnull(content);
	/* The trace and the picture. */
	ck_assert_uint_eq(folder_count(), 2);
	return content;
}

static void assert_starts(const char *content, const char *start)
{
	ck_assert_int_eq(strncmp(content, start, strlen(start)), 0);
}

START_TEST(svg_is_svg)
{
	size_t size;
	char *svg = drawn("p.svg", &size);

	assert_starts(svg, "<?xml ");
	ck_assert_ptr_nonnull(strstr(svg, "<svg "));
	ck_assert_ptr_nonnull(strstr(svg, "</svg>"));
	ck_assert_uint_eq(strlen(svg), size);
	ck_assert_ptr_nonnull(strstr(svg, "swallowed"));
	free(svg);
}
END_TEST

START_TEST(png_and_pdf_have_their_signatures)
{
	size_t size;
	char *png = drawn("p.png", &size), *pdf;

	ck_assert_uint_gt(size, 1000);
	ck_assert_mem_eq(png, "\x89PNG\r\n\x1a\n", 8);
	/* The last chunk: four bytes of length, its name, four of CRC. */
	ck_assert_mem_eq(png + size - 8, "IEND", 4);
	free(png);
	remove(in_folder("p.png"));
	pdf = drawn("p.pdf", &size);
	ck_assert_uint_gt(size, 1000);
	assert_starts(pdf, "%PDF-1.");
	ck_assert_mem_eq(pdf + size - 6, "%%EOF\n", 6);
	free(pdf);
}
END_TEST

START_TEST(dot_is_a_graph_for_graphviz)
{
	size_t size;
	char *dot = drawn("p.dot", &size);

	ck_assert_ptr_nonnull(strstr(dot, "digraph"));
	ck_assert_ptr_nonnull(strchr(dot, '{'));
	assert_starts(dot + size - 2, "}\n");
	free(dot);
}
END_TEST

START_TEST(text_has_no_colour_and_is_what_goes_to_standard_output)
{
	size_t size;
	char *text = drawn("p.txt", &size);
	const struct outcome *o = CALL("draw", in_folder("t.jsonl"));

	ck_assert_ptr_nonnull(strstr(text, "wake-up swallowed by a timeout"));
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_str_eq(o->out, text);
	ck_assert_str_eq(CALL("draw", in_folder("t.jsonl"), "-o", "-")->out,
			 text);
	free(text);
}
END_TEST

START_TEST(ascii_is_ascii)
{
	const struct outcome *o = CALL("draw", "--ascii", trace_of_a_run());
	const char *c;

	assert_code(o, 0);
	assert_out(o, "futex_wake");
	for (c = o->out; *c; c++)
		ck_assert_msg((*c >= ' ' && *c <= '~') || *c == '\n',
			      "byte 0x%02x", (unsigned char)*c);
}
END_TEST

#define FORMS 5

static void draw_all(char *contents[FORMS], size_t sizes[FORMS])
{
	static const char *const endings[FORMS] = {"p.svg", "p.png", "p.pdf",
						   "p.dot", "p.txt"};
	size_t i;

	for (i = 0; i < FORMS; i++) {
		contents[i] = drawn(endings[i], &sizes[i]);
		remove(in_folder(endings[i]));
	}
}

/* Neither the time of day nor the place on earth is in a picture. */
START_TEST(the_same_trace_draws_the_same_bytes)
{
	size_t sizes[2][FORMS], i;
	char *contents[2][FORMS];

	draw_all(contents[0], sizes[0]);
	sleep(1);
	setenv("TZ", "Asia/Tokyo", 1);
	setenv("LC_ALL", "de_DE.UTF-8", 1);
	draw_all(contents[1], sizes[1]);
	unsetenv("TZ");
	unsetenv("LC_ALL");
	for (i = 0; i < FORMS; i++) {
		ck_assert_uint_eq(sizes[0][i], sizes[1][i]);
		ck_assert_mem_eq(contents[0][i], contents[1][i], sizes[0][i]);
		free(contents[0][i]);
		free(contents[1][i]);
	}
}
END_TEST

START_TEST(an_ending_that_is_no_form_exits_2)
{
	static const char *const names[] = {"p.jpg", "p", "p.SVG", "p.svg.gz"};
	const struct outcome *o;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		o = CALL("draw", trace_of_a_run(), "-o", in_folder(names[i]));
		assert_code(o, 2);
		assert_err(o,
			   "does not end in one of .svg .png .pdf .dot .txt ");
	}
	ck_assert_uint_eq(folder_count(), 1);
}
END_TEST

START_TEST(what_is_no_trace_leaves_no_picture)
{
	assert_code(CALL("draw", SWALLOWS, "-o", in_folder("p.svg")), 3);
	ck_assert_uint_eq(folder_count(), 0);
}
END_TEST

START_TEST(points_can_be_hidden)
{
	const char *trace = trace_of_a_run();
	const struct outcome *o = CALL("trace", "show", trace);

	assert_out(o, "wq.lock");
	assert_out(o, "woken.load");
	o = CALL("trace", "--hide", "wq.*", "show", trace);
	ck_assert_ptr_null(strstr(o->out, " wq.lock"));
	assert_out(o, "woken.load");
	assert_code(CALL("draw", trace, "--hide", "wq.*", "--focus", "A"), 0);
}
END_TEST

/* ---- the test command -------------------------------------------------- */

static const char good[] = "futexsim: 1\n"
			   "name: good\n"
			   "profile: [linux, starry-0.5.11]\n"
			   "threads: {A: [yield]}\n"
			   "schedules: {one: [A: next], two: [A: 1 steps]}\n";

static const char failing[] = "futexsim: 1\n"
			      "name: failing\n"
			      "profile: linux\n"
			      "memory: {words: {\"F\": 0}}\n"
			      "threads: {A: [yield]}\n"
			      "expect: {always: [{name: p, that: F == 1, "
			      "because: \"<&> \\\"quoted\\\"\"}]}\n";

/* Four runs that pass, one that fails, one that does not load. */
static const char *mixed_folder(void)
{
	const char *folder = in_folder("s");

	ck_assert_int_eq(mkdir(folder, 0777), 0);
	ck_assert_int_eq(mkdir(in_folder("s/deep"), 0777), 0);
	ck_assert_int_eq(mkdir(in_folder("s/schema"), 0777), 0);
	file_of("s/deep/good.yaml", good);
	file_of("s/failing.yaml", failing);
	file_of("s/bad.yaml", "futexsim: 1\n");
	file_of("s/schema/skipped.yaml", "no scenario");
	file_of("s/README.md", "no scenario");
	return folder;
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int count = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		count++;
	return count;
}

START_TEST(the_shipped_scenarios_pass)
{
	const struct outcome *o = CALL("test", "--quiet", "scenarios");

	assert_code(o, 0);
	assert_whole_err(o, "");
	assert_out(o, " passed, 0 failed\n");
	assert_out(o, "ok    " SWALLOWS " [linux]\n");
	ck_assert_uint_eq(count_of(o->out, "FAIL"), 0);
}
END_TEST

START_TEST(a_failing_scenario_is_told_with_its_reason)
{
	const struct outcome *o = CALL("test", mixed_folder());

	assert_code(o, 1);
	assert_out(o, "4 passed, 2 failed\n");
	ck_assert_uint_eq(count_of(o->out, "\nok    ") +
				  (strncmp(o->out, "ok", 2) == 0),
			  4);
	ck_assert_uint_eq(count_of(o->out, "/s/deep/good.yaml [linux, one]\n"),
			  1);
	assert_out(o, "/s/failing.yaml [linux]\n"
		      "      expectation: p does not always hold: <&> "
		      "\"quoted\"\n");
	assert_out(o, "/s/bad.yaml\n      it does not load\n");
	assert_err(o, "/s/bad.yaml:");
	ck_assert_uint_eq(count_of(o->out, "skipped"), 0);
	/* By another profile only half of the good ones are left. */
	assert_out(CALL("test", in_folder("s/deep"), "--profile", "linux"),
		   "2 passed, 0 failed\n");
}
END_TEST

/* The numbers of a TAP stream count from 1, and the plan is their count. */
static void assert_tap(char *text, unsigned int expected_bad)
{
	unsigned int number = 0, bad = 0, plan = 0;
	char *line;

	ck_assert_int_eq(strncmp(text, "TAP version 13\n", 15), 0);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strncmp(line, "not ok ", 7)) {
			bad++;
			line += 4;
		}
		if (!strncmp(line, "ok ", 3)) {
			ck_assert_uint_eq(strtoul(line + 3, &line, 10),
					  ++number);
			assert_starts(line, " - ");
		} else if (!strncmp(line, "1..", 3)) {
			ck_assert_uint_eq(plan, 0);
			plan = (unsigned int)strtoul(line + 3, NULL, 10);
		} else {
			ck_assert_msg(*line == '#' ||
					      !strcmp(line, "TAP version 13"),
				      "%s", line);
		}
	}
	ck_assert_uint_gt(number, 0);
	ck_assert_uint_eq(plan, number);
	ck_assert_uint_eq(bad, expected_bad);
}

START_TEST(tap_has_a_plan_and_numbers_that_agree)
{
	const struct outcome *o = CALL("test", "--tap", mixed_folder());

	assert_code(o, 1);
	assert_tap(o->out, 2);
	o = CALL("test", "--tap", "scenarios");
	assert_code(o, 0);
	assert_tap(o->out, 0);
}
END_TEST

/* ---- JUnit ------------------------------------------------------------- */

/* A name of an element or attribute at *@at, which is moved behind it. */
static size_t name_size(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyz");
}

/* Text up to @stop: no bare < and only known entities. */
static const char *skip_text(const char *at, char stop)
{
	static const char *const entities[] = {"&lt;", "&gt;", "&amp;",
					       "&quot;"};
	size_t i;

	for (; *at && *at != stop; at++) {
		ck_assert_msg(*at != '<', "a bare <: %.40s", at);
		if (*at != '&')
			continue;
		for (i = 0; i < 4; i++) {
			if (!strncmp(at, entities[i], strlen(entities[i])))
				break;
		}
		ck_assert_msg(i < 4, "an unknown entity: %.40s", at);
	}
	ck_assert_msg(*at == stop, "text does not end");
	return at;
}

/* From behind the name of an element to its > or />. */
static const char *skip_attributes(const char *at)
{
	while (*at == ' ') {
		at += 1 + name_size(at + 1);
		assert_starts(at, "=\"");
		at = skip_text(at + 2, '"') + 1;
	}
	return at;
}

#define DEPTH_MAX 8

struct xml_counts {
	unsigned int cases;
	unsigned int failures;
};

/* One element, its content included.  Returns what comes after it. */
static const char *skip_element(const char *at, int depth,
				struct xml_counts *counts)
{
	const char *name = at + 1;
	size_t size = name_size(name);

	ck_assert_int_lt(depth, DEPTH_MAX);
	ck_assert_msg(*at == '<' && size > 0, "no element: %.40s", at);
	counts->cases += size == 8 && !strncmp(name, "testcase", 8);
	counts->failures += size == 7 && !strncmp(name, "failure", 7);
	at = skip_attributes(name + size);
	if (!strncmp(at, "/>", 2))
		return at + 2;
	ck_assert_msg(*at == '>', "an element does not end: %.40s", at);
	for (at = skip_text(at + 1, '<'); at[1] != '/'; at = skip_text(at, '<'))
		at = skip_element(at, depth + 1, counts);
	ck_assert_int_eq(strncmp(at + 2, name, size), 0);
	ck_assert_int_eq(at[2 + size], '>');
	return at + 3 + size;
}

static void assert_junit(const char *path, unsigned int cases,
			 unsigned int failures)
{
	static const char head[] =
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct xml_counts counts = {0, 0};
	char *text = content_of(path, NULL), expected[64];

	ck_assert_ptr_nonnull(text);
	assert_starts(text, head);
	ck_assert_str_eq(skip_element(text + strlen(head), 0, &counts), "\n");
	snprintf(expected, sizeof(expected), " tests=\"%u\" failures=\"%u\"",
		 cases, failures);
	ck_assert_ptr_nonnull(strstr(text, expected));
	ck_assert_uint_eq(counts.cases, cases);
	ck_assert_uint_eq(counts.failures, failures);
	free(text);
}

START_TEST(junit_is_well_formed_and_its_numbers_agree)
{
	const char *xml = in_folder("r.xml");

	assert_code(CALL("test", mixed_folder(), "--junit", xml), 1);
	assert_junit(xml, 6, 2);
	assert_code(CALL("test", in_folder("s/deep"), "--tap", "--junit", xml),
		    0);
	assert_junit(xml, 4, 0);
}
END_TEST

START_TEST(nothing_to_test_is_an_error)
{
	const struct outcome *o;

	ck_assert_int_eq(mkdir(in_folder("empty"), 0777), 0);
	o = CALL("test", in_folder("empty"));
	assert_code(o, 2);
	assert_err(o, "there is no scenario to test");
	o = CALL("test", "/nowhere");
	assert_code(o, 3);
	assert_whole_err(o, "/nowhere: error: cannot be opened: No such file "
			    "or directory\n");
}
END_TEST

Suite *files_suite(void)
{
	const TTest *const tests[] = {
		a_trace_is_a_file_of_its_own_and_nothing_else_is_left,
		the_same_run_writes_the_same_bytes,
		a_run_that_does_not_begin_leaves_an_old_trace_as_it_was,
		a_file_that_cannot_be_written_exits_7_and_leaves_nothing,
		svg_is_svg,
		png_and_pdf_have_their_signatures,
		dot_is_a_graph_for_graphviz,
		text_has_no_colour_and_is_what_goes_to_standard_output,
		ascii_is_ascii,
		the_same_trace_draws_the_same_bytes,
		an_ending_that_is_no_form_exits_2,
		what_is_no_trace_leaves_no_picture,
		points_can_be_hidden,
		the_shipped_scenarios_pass,
		a_failing_scenario_is_told_with_its_reason,
		tap_has_a_plan_and_numbers_that_agree,
		junit_is_well_formed_and_its_numbers_agree,
		nothing_to_test_is_an_error,
	};

	return PROGRAM_SUITE("files", tests);
}
