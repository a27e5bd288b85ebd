/*
 * test_draw_cli.c - `futexsim draw` as a user calls it: views, forms, themes,
 * what is shown, and what it says when it cannot.
 */
#include "tests/program.h"
#include "tests/record_fixture.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/cli/forms.h"
#include "viz/viz.h"

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"

static const char *trace_of_a_run(void)
{
	const char *trace = in_folder("t.jsonl");

	assert_code(CALL("run", SWALLOWS, "--profile", "starry-0.5.11",
			 "--trace", trace),
		    0);
	return trace;
}

/* The end of a call that wrote nothing, neither to stdout nor to a file. */
static void assert_nothing(const struct outcome *o, int code, const char *why)
{
	assert_code(o, code);
	assert_err(o, why);
	ck_assert_str_eq(o->out, "");
	ck_assert_ptr_null(content_of(in_folder("p.svg"), NULL));
}

/* ---- names ------------------------------------------------------------- */

/* The table of options has names of its own, in the order of viz.h. */
START_TEST(every_view_theme_and_fold_can_be_named)
{
	const char *trace = trace_of_a_run();

	for (int i = 0; i < VIZ_VIEW_COUNT; i++) {
		const char *name = viz_view_name((enum viz_view)i);
		const struct outcome *o =
			CALL("draw", trace, "--to", "dot", "--view", name);

		/* If it is no view of a trace, the reason is in its name. */
		if (viz_view_is_of_record((enum viz_view)i))
			assert_err(o, name);
		else
			ck_assert_int_ne(o->code, 2);
	}
	for (int i = 0; i < VIZ_THEME_COUNT; i++)
		assert_code(CALL("draw", trace, "--to", "dot", "--theme",
				 viz_theme_name((enum viz_theme)i)),
			    0);
	for (int i = 0; i < VIZ_FOLD_COUNT; i++)
		assert_code(CALL("draw", trace, "--fold",
				 viz_fold_name((enum viz_fold)i)),
			    0);
}
END_TEST

START_TEST(an_unknown_name_exits_2_and_names_the_nearest)
{
	const char *trace = trace_of_a_run();
	const char *svg = in_folder("p.svg");

	assert_nothing(CALL("draw", trace, "-o", svg, "--view", "sequences"), 2,
		       "; nearest: sequence\n");
	assert_nothing(CALL("draw", trace, "-o", svg, "--theme", "drak"), 2,
		       "; nearest: dark\n");
	assert_nothing(CALL("draw", trace, "-o", svg, "--to", "mermaidd"), 2,
		       "; nearest: mermaid\n");
	assert_nothing(CALL("draw", trace, "-o", svg, "--fold", "call"), 2,
		       "; nearest: calls\n");
}
END_TEST

/* ---- forms ------------------------------------------------------------- */

static const struct {
	const char *form;
	const char *file;
	const char *sign; /* what is in it */
} forms[] = {
	{"svg", "q.svg", "<svg "},
	{"pdf", "q.pdf", "%PDF-1."},
	{"dot", "q.dot", "digraph "},
	{"txt", "q.txt", "FUTEX"},
	{"mermaid", "q.mmd", "sequenceDiagram"},
	{"html", "q.html", "<!DOCTYPE html>"},
	{"md", "q.md", "```mermaid"},
	{"perfetto", "q.json", "\"traceEvents\""},
	{"shiviz", "q.shiviz", "{"},
};
#define FORMS ((int)(sizeof(forms) / sizeof(forms[0])))

START_TEST(the_ending_tells_the_form_and_so_does_to)
{
	const char *trace = trace_of_a_run();
	const char *path = in_folder(forms[_i].file);
	size_t size, other_size;
	char *content, *other;

	assert_code(CALL("draw", trace, "-o", path), 0);
	content = content_of(path, &size);
	ck_assert_ptr_nonnull(content);
	if (strcmp(forms[_i].form, "txt") != 0)
		ck_assert_ptr_nonnull(strstr(content, forms[_i].sign));
	/* Whatever the file is called. */
	path = in_folder("picture");
	assert_code(CALL("draw", trace, "--to", forms[_i].form, "-o", path), 0);
	other = content_of(path, &other_size);
	ck_assert_uint_eq(size, other_size);
	ck_assert_mem_eq(content, other, size);
	free(content);
	free(other);
}
END_TEST

/* PNG is binary: with bytes of value 0. */
START_TEST(any_form_can_go_to_standard_output)
{
	const char *trace = trace_of_a_run();
	const struct outcome *o = CALL("draw", trace, "--to", "png");

	assert_code(o, 0);
	ck_assert_uint_gt(o->out_size, 1000);
	ck_assert_mem_eq(o->out, "\x89PNG\r\n\x1a\n", 8);
	o = CALL("draw", trace, "--to", "svg", "-o", "-");
	assert_code(o, 0);
	assert_out(o, "</svg>");
}
END_TEST

START_TEST(a_trace_can_come_through_a_pipe)
{
	char *trace = content_of(trace_of_a_run(), NULL);
	struct setting piped = {.input = trace};
	const struct outcome *o = CALL_WITH(&piped, "draw", "-", "--to", "dot");

	assert_code(o, 0);
	assert_out(o, "digraph ");
	free(trace);
}
END_TEST

START_TEST(forms_are_found_by_the_end_of_a_name_alone)
{
	enum form form;

	ck_assert(form_of_path("a.b/c.svg", &form));
	ck_assert_int_eq(form, FORM_SVG);
	ck_assert(form_of_path("c.d.md", &form));
	ck_assert_int_eq(form, FORM_MARKDOWN);
	ck_assert(!form_of_path("a.svg/c", &form));
	ck_assert(!form_of_path("svg", &form));
	ck_assert(!form_of_path("c.SVG", &form));
	ck_assert(!form_of_path("", &form));
}
END_TEST

/* ---- what makes no sense ----------------------------------------------- */

START_TEST(what_makes_no_sense_together_exits_2)
{
	static const struct {
		const char *arguments[4];
		const char *why;
	} cases[] = {
		{{"--ascii", "--to", "svg"}, "--ascii is for text"},
		{{"--theme=dark", "--to", "txt"}, "--theme is for pictures"},
		{{"--theme=dark", "--to", "mermaid"},
		 "--theme is for pictures"},
		{{"--view=lock-order", "--to", "txt"},
		 "--view lock-order has no form 'txt'"},
		{{"--view=queues", "--to", "txt"},
		 "--view queues has no form 'txt'"},
		{{"--view=queues", "--ascii"}, "--ascii is for text"},
		{{"--view=queues", "--hide=*"},
		 "--hide leaves nothing out of --view queues"},
		{{"--view=queues", "--fold=none"},
		 "--fold leaves nothing out of --view queues"},
		{{"--view=lock-order", "--fold=none"},
		 "--fold leaves nothing out of --view lock-order"},
		{{"--view=queues", "--to", "md"},
		 "--view queues has no form 'md'"},
		{{"--hide=ref.*", "--to", "perfetto"},
		 "--hide leaves nothing out with --to perfetto"},
		{{"--around=5", "--to", "shiviz"},
		 "--around leaves nothing out with --to shiviz"},
	};
	const char *trace = trace_of_a_run();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const *a = cases[i].arguments;

		assert_nothing(CALL("draw", trace, a[0], a[1], a[2]), 2,
			       cases[i].why);
	}
}
END_TEST

START_TEST(a_view_of_a_search_is_not_of_a_trace)
{
	const char *trace = trace_of_a_run();

	assert_nothing(CALL("draw", trace, "--view", "exploration", "-o",
			    in_folder("p.svg")),
		       3,
		       "t.jsonl is a trace; --view exploration is drawn from "
		       "the record of a search");
	/* That comes before what forms it has. */
	assert_nothing(CALL("draw", trace, "--view", "exploration"), 3,
		       "t.jsonl is a trace; --view exploration ");
	assert_nothing(CALL("draw", trace, "--view", "outcomes", "--to", "md"),
		       3, "t.jsonl is a trace; --view outcomes ");
	assert_nothing(CALL("draw", trace, "--view", "outcomes", "-o",
			    in_folder("p.svg")),
		       3, "--view outcomes is drawn from the record");
}
END_TEST

static const char *record_of_a_search(void)
{
	struct record *r = fixture_record_small();
	const char *path = file_of("r.jsonl", "");
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(record_write(r, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	record_free(r);
	return path;
}

START_TEST(a_record_is_drawn_as_exploration_or_outcomes)
{
	const char *record = record_of_a_search();
	char *text = content_of(record, NULL);
	struct setting piped = {.input = text};
	const struct outcome *o = CALL("draw", record, "--to", "dot");
	char *exploration;

	assert_code(o, 0);
	exploration = strdup(o->out);
	o = CALL("draw", record, "--to", "dot", "--view", "exploration");
	ck_assert_str_eq(o->out, exploration);
	o = CALL_WITH(&piped, "draw", "-", "--to", "dot");
	ck_assert_str_eq(o->out, exploration);
	o = CALL("draw", record, "--to", "dot", "--view", "outcomes");
	assert_code(o, 0);
	ck_assert_str_ne(o->out, exploration);
	free(exploration);
	free(text);
}
END_TEST

/* On a terminal: ends in lines, as the record has them. */
START_TEST(a_record_as_text_is_the_table_of_its_outcomes)
{
	const char *record = record_of_a_search();
	struct record *r = fixture_record_small();
	const struct outcome *o = CALL("draw", record);
	char *text;

	assert_code(o, 0);
	assert_out(o, "end ");
	assert_out(o, "preemptions  switches");
	for (uint32_t i = 0; i < r->outcome_count; i++)
		assert_out(o, r->outcomes[i].results);
	text = strdup(o->out);
	o = CALL("draw", record, "--view", "outcomes", "--to", "txt");
	ck_assert_str_eq(o->out, text);
	o = CALL("draw", record, "--ascii");
	assert_code(o, 0);
	for (const char *c = o->out; *c; c++)
		ck_assert_int_gt(*c, 0);
	record_free(r);
	free(text);
}
END_TEST

START_TEST(a_view_without_text_is_dot_on_standard_output)
{
	const char *trace = trace_of_a_run();
	const char *record = record_of_a_search();
	const struct outcome *o = CALL("draw", record, "--view", "exploration");

	assert_code(o, 0);
	ck_assert_int_eq(strncmp(o->out, "digraph ", 8), 0);
	o = CALL("draw", trace, "--view", "queues", "--theme", "dark");
	assert_code(o, 0);
	ck_assert_int_eq(strncmp(o->out, "digraph ", 8), 0);
}
END_TEST

/* A chain of more states than are drawn one by one. */
START_TEST(too_many_states_without_folding_are_a_matter_of_usage)
{
	const char *record = in_folder("big.jsonl");

	assert_code(CALL("explore", SWALLOWS, "--profile", "starry-0.5.11",
			 "--preemptions", "1", "--quiet", "--schedules", "none",
			 "--record", record),
		    1);
	assert_nothing(CALL("draw", record, "--view", "exploration", "--fold",
			    "none", "-o", in_folder("p.svg")),
		       2, "can be drawn without folding");
}
END_TEST

START_TEST(a_view_of_a_trace_is_not_of_a_record)
{
	const char *record = record_of_a_search();
	const char *svg = in_folder("p.svg");

	assert_nothing(CALL("draw", record, "--view", "sequence", "-o", svg), 3,
		       "r.jsonl is the record of a search; --view sequence is "
		       "drawn from a trace");
	assert_nothing(CALL("draw", record, "--around", "5", "-o", svg), 2,
		       "--around picks events of a trace");
	assert_nothing(
		CALL("draw", record, "--view", "exploration", "--to", "txt"), 2,
		"--view exploration has no form 'txt'");
	assert_nothing(CALL("draw", record, "--view", "outcomes", "--fold",
			    "none", "-o", svg),
		       2, "--fold leaves nothing out of --view outcomes");
	assert_nothing(CALL("draw", record, "--to", "md"), 2,
		       "--view exploration has no form 'md'");
}
END_TEST

/* ---- what is shown ----------------------------------------------------- */

START_TEST(names_of_nothing_in_the_trace_exit_2_all_at_once)
{
	const char *trace = trace_of_a_run();
	const struct outcome *o =
		CALL("draw", trace, "--focus", "wq.lok", "--focus", "Z",
		     "--hide", "woken.laod", "-o", in_folder("p.svg"));

	assert_nothing(o, 2,
		       "--hide 'woken.laod' matches no point of the trace; "
		       "nearest: woken.load\n");
	assert_err(o, "--focus 'wq.lok' matches no thread, object, kind or "
		      "point of the trace; nearest: wq.lock\n");
	assert_err(o, "--focus 'Z' matches no thread, object, kind or point "
		      "of the trace; nearest: A, C or B, its threads\n");
	/* A thread is no point. */
	assert_code(CALL("draw", trace, "--hide", "A"), 2);
	assert_code(CALL("draw", trace, "--hide", "ref.*", "--focus", "A",
			 "--focus", "wq", "--focus", "F"),
		    0);
}
END_TEST

START_TEST(around_takes_a_step_and_how_many)
{
	static const char *const good[] = {"40±5", "40+-5", "40+/-5", "40+5",
					   "40"};
	static const char *const bad[] = {"",	   "0",	   "-1",   "40±",
					  "40±-5", "x",	   "40-5", "40±5x",
					  "4 0",   "40.5", "±5",   "99999999"};
	const char *trace = trace_of_a_run();
	char *first = NULL;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct outcome *o =
			CALL("draw", trace, "--around", good[i]);

		assert_code(o, 0);
		if (!first)
			first = strdup(o->out);
		if (i < 4)
			ck_assert_str_eq(o->out, first);
	}
	free(first);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_nothing(CALL("draw", trace, "--around", bad[i]), 2,
			       "--around takes STEP or STEP±N");
	assert_nothing(CALL("draw", trace, "--around", "46±99999999999"), 2,
		       ": 99999999999 is too large, at most 2000000\n");
}
END_TEST

START_TEST(around_beyond_the_trace_names_its_end)
{
	assert_nothing(CALL("draw", trace_of_a_run(), "--around", "500000"), 2,
		       "--around 500000 is beyond the trace; nearest: ");
}
END_TEST

START_TEST(themes_have_their_paper)
{
	const char *trace = trace_of_a_run();
	const struct outcome *o =
		CALL("draw", trace, "--to", "dot", "--theme", "dark");

	assert_out(o, "bgcolor=\"#0D1117\"");
	ck_assert_ptr_null(strstr(o->out, "#FFFFFF"));
	o = CALL("draw", trace, "--to", "dot", "--theme", "print");
	assert_out(o, "bgcolor=\"#FFFFFF\"");
	ck_assert_ptr_null(strstr(o->out, "#B3001B"));
}
END_TEST

/* ---- files ------------------------------------------------------------- */

static const char *const readers[][2] = {{"draw", NULL},     {"replay", NULL},
					 {"trace", "show"},  {"run", NULL},
					 {"check", NULL},    {"explore", NULL},
					 {"minimize", NULL}, {"explain", NULL},
					 {"test", NULL},     {"host", NULL}};
#define READERS ((int)(sizeof(readers) / sizeof(readers[0])))

START_TEST(a_file_that_is_not_there_exits_3_whoever_reads_it)
{
	const char *const arguments[] = {
		readers[_i][0], readers[_i][1] ? readers[_i][1] : "/nowhere/x",
		readers[_i][1] ? "/nowhere/x" : NULL, NULL};
	const struct outcome *o = program_call(NULL, arguments);

	assert_code(o, 3);
	assert_whole_err(o, "/nowhere/x: error: cannot be opened: No such file "
			    "or directory\n");
}
END_TEST

START_TEST(a_folder_is_no_trace)
{
	const struct outcome *o = CALL("draw", folder_path());

	assert_code(o, 3);
	assert_err(o, ": error: cannot be read: Is a directory\n");
}
END_TEST

START_TEST(a_full_device_is_said_to_be_full)
{
	const char *trace = trace_of_a_run();
	struct setting full = {.output = "/dev/full"};
	const struct outcome *o =
		CALL("draw", trace, "--to", "svg", "-o", "/dev/full");

	assert_code(o, 7);
	assert_whole_err(o, "futexsim: error: /dev/full: No space left on "
			    "device\n");
	o = CALL_WITH(&full, "draw", trace);
	assert_code(o, 7);
	assert_err(o, "futexsim: error: standard output: No space left on "
		      "device\n");
	/* The name alone does not tell the form. */
	o = CALL("draw", trace, "-o", "/dev/full");
	assert_code(o, 2);
	assert_err(o, "'/dev/full' does not end in one of .svg ");
}
END_TEST

/* A PNG ends at 32,767 pixels; nothing else does. */
START_TEST(what_is_too_large_for_a_png_is_said_to_be)
{
	const char *trace = in_folder("long.jsonl");
	const char *png = in_folder("p.png");

	assert_code(CALL("run", "tests/bench/long.yaml", "--trace", trace), 0);
	assert_nothing(CALL("draw", trace, "--fold", "none", "-o", png), 2,
		       "too large for a PNG; SVG and PDF have no such limit");
	ck_assert_ptr_null(content_of(png, NULL));
	assert_code(CALL("draw", trace, "-o", png), 0);
}
END_TEST

START_TEST(an_old_picture_stays_if_there_is_no_new_one)
{
	const char *svg = file_of("old.svg", "old");
	const char *trace = trace_of_a_run();
	char *text;

	assert_code(CALL("draw", trace, "-o", svg, "--focus", "nobody"), 2);
	assert_code(CALL("draw", SWALLOWS, "-o", svg), 3);
	text = content_of(svg, NULL);
	ck_assert_str_eq(text, "old");
	free(text);
}
END_TEST

Suite *draw_cli_suite(void)
{
	const TTest *const tests[] = {
		every_view_theme_and_fold_can_be_named,
		an_unknown_name_exits_2_and_names_the_nearest,
		any_form_can_go_to_standard_output,
		a_trace_can_come_through_a_pipe,
		forms_are_found_by_the_end_of_a_name_alone,
		what_makes_no_sense_together_exits_2,
		a_view_of_a_search_is_not_of_a_trace,
		a_record_is_drawn_as_exploration_or_outcomes,
		a_record_as_text_is_the_table_of_its_outcomes,
		a_view_without_text_is_dot_on_standard_output,
		too_many_states_without_folding_are_a_matter_of_usage,
		a_view_of_a_trace_is_not_of_a_record,
		names_of_nothing_in_the_trace_exit_2_all_at_once,
		around_takes_a_step_and_how_many,
		around_beyond_the_trace_names_its_end,
		themes_have_their_paper,
		a_folder_is_no_trace,
		a_full_device_is_said_to_be_full,
		what_is_too_large_for_a_png_is_said_to_be,
		an_old_picture_stays_if_there_is_no_new_one,
	};
	Suite *s = PROGRAM_SUITE("draw_cli", tests);
	TCase *c = tcase_create("each");

	tcase_add_checked_fixture(c, folder_setup, folder_teardown);
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, the_ending_tells_the_form_and_so_does_to, 0,
			    FORMS);
	tcase_add_loop_test(c,
			    a_file_that_is_not_there_exits_3_whoever_reads_it,
			    0, READERS);
	suite_add_tcase(s, c);
	return s;
}
