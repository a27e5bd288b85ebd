/*
 * test_viz.c - sequence diagrams: golden DOT and text, and what must hold of
 * every picture.
 *
 * The golden files are in tests/golden; with GOLDEN=write in the environment
 * the test writes them instead, to be looked at before they are kept.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pictures.h"
#include "tests/trace_fixture.h"

static struct trace *many_wakes(void)
{
	return fixture_many_wakes(97);
}

static const struct golden {
	const char *name;
	struct trace *(*make)(void);
} goldens[] = {
	{"timeout-swallows-wake", fixture_timeout_swallows_wake},
	{"requeue-across-processes", fixture_requeue_across_processes},
	{"contended-mutex", fixture_contended_mutex},
	{"signal", fixture_signal},
	{"eight-threads", fixture_eight_threads},
	{"many-wakes", many_wakes},
};
#define GOLDEN_COUNT ((int)(sizeof(goldens) / sizeof(goldens[0])))

/* ---- helpers ----------------------------------------------------------------
 */

static void compare(struct text text, const char *name, const char *kind)
{
	struct text golden;
	char *path;

	ck_assert_int_gt(asprintf(&path, "tests/golden/%s.%s", name, kind), 0);
	if (getenv("GOLDEN")) {
		FILE *out = fopen(path, "w");

		fwrite(text.data, 1, text.size, out);
		fclose(out);
	}
	golden = picture_load(path);
	ck_assert_msg(text.size == golden.size &&
			      memcmp(text.data, golden.data, text.size) == 0,
		      "the picture is not that of %s", path);
	free(golden.data);
	free(path);
}

/* ---- golden ------------------------------------------------------------ */

START_TEST(dot_is_the_golden_one)
{
	struct trace *t = goldens[_i].make();
	struct text dot = picture_dot_of(t);

	compare(dot, goldens[_i].name, "dot");
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(text_is_the_golden_one)
{
	struct trace *t = goldens[_i].make();
	struct text text = picture_text_of(t, false, false);

	compare(text, goldens[_i].name, "txt");
	free(text.data);
	trace_free(t);
}
END_TEST

START_TEST(drawing_twice_gives_the_same_bytes)
{
	struct trace *t = goldens[_i].make();
	struct text a = picture_dot_of(t), b = picture_dot_of(t);

	ck_assert_uint_eq(a.size, b.size);
	ck_assert_mem_eq(a.data, b.data, a.size);
	free(a.data);
	free(b.data);
	trace_free(t);
}
END_TEST

/* ---- rendering --------------------------------------------------------- */

START_TEST(graphviz_has_nothing_to_complain_of)
{
	struct trace *t = goldens[_i].make();
	struct text dot = picture_dot_of(t), svg = picture_render(dot, "svg");

	ck_assert(picture_has(svg, "</svg>"));
	free(svg.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* Elements nest, attributes are quoted: enough for what Graphviz writes. */
static bool is_well_formed(struct text svg)
{
	int depth = 0;
	const char *p = strstr(svg.data, "<svg");

	for (; p && *p; p++) {
		const char *end;

		if (*p != '<')
			continue;
		end = strchr(p, '>');
		if (!end)
			return false;
		if (strncmp(p, "<!--", 4) == 0)
			end = strstr(p, "-->");
		else if (p[1] == '/')
			depth--;
		else if (end[-1] != '/')
			depth++;
		if (!end || depth < 0)
			return false;
		p = end;
	}
	return depth == 0;
}

/*
 * In the race, the step that violates is event 86; its box, row and class have
 * the ids that pages with scripts look for.
 */
START_TEST(svg_is_well_formed_and_has_the_ids_of_steps)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct text dot = picture_dot_of(t), svg = picture_render(dot, "svg");

	ck_assert_uint_eq(t->verdicts[0].at, 86);
	ck_assert(is_well_formed(svg));
	ck_assert(picture_has(svg, "id=\"s86\""));
	ck_assert(picture_has(svg, "id=\"row86\""));
	ck_assert(picture_has(svg, "at86\""));
	ck_assert(picture_has(svg, "id=\"callout\""));
	/* The wake's arrow. */
	ck_assert(picture_has(svg, "id=\"a59\""));
	free(svg.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(png_and_pdf_begin_as_such_files_do)
{
	struct trace *t = fixture_signal();
	struct text dot = picture_dot_of(t);
	struct text png = picture_render(dot, "png"),
		    pdf = picture_render(dot, "pdf");

	ck_assert_uint_gt(png.size, 1000);
	ck_assert_mem_eq(png.data, "\x89PNG\r\n", 6);
	ck_assert_mem_eq(pdf.data, "%PDF-", 5);
	free(png.data);
	free(pdf.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

static void expect_refusal(const char *dot, const char *format,
			   const char *words)
{
	char error[VIZ_ERROR_MAX];
	char *data;
	size_t size;

	ck_assert_int_lt(
		viz_render(dot, strlen(dot), format, &data, &size, error), 0);
	ck_assert_ptr_null(data);
	ck_assert_msg(strstr(error, words) != NULL, "%s", error);
}

START_TEST(what_graphviz_warns_of_is_an_error)
{
	expect_refusal("digraph {", "svg", "syntax error");
	expect_refusal("", "svg", "");
	expect_refusal("digraph { a [pos=\"0,0\"] }", "exe", "svg, png or pdf");
	/* A text that is too long for its box. */
	expect_refusal("digraph { a [pos=\"0,0\" fixedsize=true width=0.1 "
		       "height=0.1 label=\"much too long\"] }",
		       "svg", "too small for label");
}
END_TEST

/* ---- what is shown ----------------------------------------------------- */

/*
 * The race has 86 events.  Hidden by default are 2 lock steps of the address
 * space in each of 3 calls, all references, clock readings and the like.
 */
START_TEST(a_race_of_two_waiters_has_about_thirty_rows)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct text dot = picture_dot_of(t);
	unsigned int rows = picture_count(dot, "class=\"row\"") +
			    picture_count(dot, "class=\"row badrow\"");

	ck_assert_uint_ge(rows, 25);
	ck_assert_uint_le(rows, 35);
	ck_assert(!picture_has(dot, "aspace"));
	ck_assert(!picture_has(dot, "ref."));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(evidence_and_violation_are_marked)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct text dot = picture_dot_of(t);

	/* Two steps of evidence: gutter marks, and once in the legend. */
	ck_assert_uint_eq(picture_count(dot, "label=\"• "), 2 + 1);
	ck_assert_uint_eq(picture_count(dot, "label=\"✗ "), 1 + 1);
	ck_assert_uint_eq(picture_count(dot, "class=\"row badrow\""), 1);
	ck_assert(picture_has(dot, "✗ LOST WAKE-UP"));
	ck_assert(picture_has(dot, "a thread that a wake was charged to"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(only_the_victim_is_parked_forever)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct text dot = picture_dot_of(t);

	ck_assert_uint_eq(picture_count(dot, "parkbar forever"), 1);
	ck_assert_uint_eq(picture_count(dot, "parked forever"), 1);
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(red_is_only_for_violations)
{
	struct trace *t = fixture_requeue_across_processes();
	struct text dot = picture_dot_of(t);

	ck_assert(!picture_has(dot, "#B3001B"));
	ck_assert(!picture_has(dot, "#FDECEE"));
	ck_assert(picture_has(dot, "✓ OK"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(a_contended_mutex_is_shown_with_who_waits_for_it)
{
	struct trace *t = fixture_contended_mutex();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "lock aspace"));
	ck_assert(picture_has(dot, "wait for aspace"));
	ck_assert(picture_has(dot, "lock aspace, handed"));
	ck_assert(picture_has(dot, "holds aspace"));
	ck_assert(picture_has(dot, "lock handed over"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(the_legend_lists_only_what_is_used)
{
	struct trace *t = fixture_signal();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"parked\\l\""));
	ck_assert(picture_has(dot, "label=\"signal\\l\""));
	ck_assert(!picture_has(dot, "label=\"wake\\l\""));
	ck_assert(!picture_has(dot, "evidence"));
	ck_assert(!picture_has(dot, "violating step"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(hidden_points_are_not_shown_and_named_ones_are)
{
	struct trace *t = fixture_signal();
	const char *hide[] = {"wq.*"}, *focus[] = {"ref.put", "aspace"};
	struct viz_options options = {.hide = {hide, 1}, .focus = {focus, 2}};
	struct text dot = picture_dot_with(t, &options);

	ck_assert(!picture_has(dot, "lock wq"));
	ck_assert(picture_has(dot, "unlock aspace"));
	ck_assert(!picture_has(dot, "get entry F"));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* The entry of a queue with a waiter in it, and then that of an empty one. */
START_TEST(only_an_entry_that_goes_with_a_sleeper_inside_is_shown)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("entries", threads);
	struct text dot;

	fixture_note(&f, EVENT_QUEUE_PUSH, "wq:F", 0);
	for (int i = 0; i < 2; i++) {
		const char *queue = i == 0 ? "wq:F" : "wq:G";
		struct event *e = fixture_note(&f, EVENT_ENTRY_REMOVE, queue,
					       EVENT_NOBODY);

		e->object_kind = OBJECT_ENTRY;
		e->object2 = e->object;
	}
	dot = picture_dot_of(f.t);
	ck_assert(picture_has(dot, "label=\"remove entry F\""));
	ck_assert(!picture_has(dot, "remove entry G"));
	free(dot.data);
	trace_free(f.t);
}
END_TEST

START_TEST(evidence_is_shown_even_if_it_is_hidden)
{
	struct trace *t = fixture_timeout_swallows_wake();
	const char *hide[] = {"*"};
	struct viz_options options = {.hide = {hide, 1}};
	struct text dot = picture_dot_with(t, &options);

	ck_assert_uint_eq(picture_count(dot, "class=\"row\""), 2);
	ck_assert_uint_eq(picture_count(dot, "class=\"row badrow\""), 1);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- any names, any verdict ------------------------------------------------
 */

/* Quotes, markup and wide characters come through as they are. */
START_TEST(names_may_hold_any_character)
{
	static const char *const threads[] = {"<A&\"\\>", "{P|1}", "日本", "P2",
					      NULL};
	struct fixture f = fixture_begin("a\"b", threads);
	struct text dot, svg;

	f.t->title = "x < y & \"z\" 日本語";
	f.thread = 0;
	fixture_enter(&f, "mark <&\"\\N\\l> 日本語");
	f.thread = 1;
	fixture_store(&f, "F", 0, 1);
	dot = picture_dot_of(f.t);
	svg = picture_render(dot, "svg");
	ck_assert(is_well_formed(svg));
	ck_assert(picture_has(svg, "&lt;A&amp;"));
	free(svg.data);
	free(dot.data);
	trace_free(f.t);
}
END_TEST

/* A verdict about the end has no step: its callout is below the last row. */
START_TEST(a_verdict_about_the_end_has_its_callout_there)
{
	struct trace *t = fixture_many_wakes(3);
	struct verdict *v = trace_add_verdict(t);
	struct text dot, svg;

	v->kind = VERDICT_DEADLOCK;
	v->rule = "no thread may be blocked when nobody can move";
	v->what = "A waits and nobody is left to wake it";
	v->thread = 0;
	dot = picture_dot_of(t);
	svg = picture_render(dot, "svg");
	ck_assert(picture_has(dot, "✗ DEADLOCK"));
	ck_assert(picture_has(dot, "id=\"callout\""));
	ck_assert(!picture_has(dot, "badrow"));
	ck_assert(!picture_has(dot, "violating step"));
	ck_assert_uint_eq(picture_count(dot, "parkbar forever"), 1);
	free(svg.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- text -------------------------------------------------------------- */

START_TEST(ascii_text_is_ascii)
{
	struct trace *t = goldens[_i].make();
	struct text text = picture_text_of(t, false, true);

	for (size_t i = 0; i < text.size; i++)
		ck_assert_msg((unsigned char)text.data[i] < 0x80,
			      "byte %zu of %s", i, goldens[_i].name);
	free(text.data);
	trace_free(t);
}
END_TEST

START_TEST(text_has_no_trailing_blanks)
{
	struct trace *t = goldens[_i].make();
	struct text text = picture_text_of(t, false, false);

	ck_assert(!picture_has(text, " \n"));
	free(text.data);
	trace_free(t);
}
END_TEST

/* Without the colours, coloured text is the plain one. */
START_TEST(colour_changes_nothing_but_colour)
{
	struct trace *t = goldens[_i].make();
	struct text plain = picture_text_of(t, false, false);
	struct text color = picture_text_of(t, true, false);
	size_t kept = 0;

	for (size_t i = 0; i < color.size; i++) {
		if (color.data[i] == '\033')
			i += strcspn(color.data + i, "m");
		else
			color.data[kept++] = color.data[i];
	}
	ck_assert_uint_eq(kept, plain.size);
	ck_assert_mem_eq(color.data, plain.data, kept);
	ck_assert_uint_gt(color.size, plain.size);
	free(plain.data);
	free(color.data);
	trace_free(t);
}
END_TEST

static void add_loops(TCase *tests)
{
	tcase_add_loop_test(tests, dot_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(tests, text_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(tests, drawing_twice_gives_the_same_bytes, 0,
			    GOLDEN_COUNT);
	tcase_add_loop_test(tests, graphviz_has_nothing_to_complain_of, 0,
			    GOLDEN_COUNT);
	tcase_add_loop_test(tests, ascii_text_is_ascii, 0, GOLDEN_COUNT);
	tcase_add_loop_test(tests, text_has_no_trailing_blanks, 0,
			    GOLDEN_COUNT);
	tcase_add_loop_test(tests, colour_changes_nothing_but_colour, 0,
			    GOLDEN_COUNT);
}

static void add_content(TCase *tests)
{
	tcase_add_test(tests, a_race_of_two_waiters_has_about_thirty_rows);
	tcase_add_test(tests, evidence_and_violation_are_marked);
	tcase_add_test(tests, only_the_victim_is_parked_forever);
	tcase_add_test(tests, red_is_only_for_violations);
	tcase_add_test(tests, a_contended_mutex_is_shown_with_who_waits_for_it);
	tcase_add_test(tests, the_legend_lists_only_what_is_used);
	tcase_add_test(tests, hidden_points_are_not_shown_and_named_ones_are);
	tcase_add_test(tests,
		       only_an_entry_that_goes_with_a_sleeper_inside_is_shown);
	tcase_add_test(tests, evidence_is_shown_even_if_it_is_hidden);
	tcase_add_test(tests, names_may_hold_any_character);
	tcase_add_test(tests, a_verdict_about_the_end_has_its_callout_there);
}

Suite *viz_suite(void)
{
	Suite *suite = suite_create("viz");
	TCase *golden = tcase_create("golden");
	TCase *rendering = tcase_create("rendering");
	TCase *content = tcase_create("content");

	add_loops(golden);
	tcase_set_timeout(golden, 60);
	suite_add_tcase(suite, golden);
	tcase_add_test(rendering, svg_is_well_formed_and_has_the_ids_of_steps);
	tcase_add_test(rendering, png_and_pdf_begin_as_such_files_do);
	tcase_add_test(rendering, what_graphviz_warns_of_is_an_error);
	tcase_set_timeout(rendering, 60);
	suite_add_tcase(suite, rendering);
	add_content(content);
	tcase_set_timeout(content, 60);
	suite_add_tcase(suite, content);
	return suite;
}
