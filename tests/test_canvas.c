/*
 * test_canvas.c - lines and forms, heads and legends.
 */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exports.h"
#include "tests/trace_fixture.h"
#include "viz/canvas/sheet.h"

/* ---- lines ------------------------------------------------------------- */

struct paper {
	struct canvas c;
	char *dot;
	size_t size;
};

static void paper_begin(struct paper *p, enum viz_theme theme)
{
	FILE *out = open_memstream(&p->dot, &p->size);

	ck_assert_ptr_nonnull(out);
	canvas_begin(&p->c, out, "paper", theme);
}

static void paper_end(struct paper *p)
{
	canvas_end(&p->c);
	fclose(p->c.out);
}

static void put_ends(struct paper *p)
{
	struct shape end = {.id = "a", .width = PT, .height = PT};

	canvas_shape(&p->c, &end);
	end.id = "b";
	canvas_shape(&p->c, &end);
}

static void assert_dot(const struct paper *p, const char *text)
{
	ck_assert_msg(strstr(p->dot, text) != NULL, "%s is not in\n%s", text,
		      p->dot);
}

/* No picture of Graphviz comes of what it warns of. */
static void assert_renders(const struct paper *p)
{
	char error[VIZ_ERROR_MAX];
	char *data;
	size_t size;

	ck_assert_msg(viz_render(p->dot, p->size, "svg", &data, &size, error) ==
			      0,
		      "%s", error);
	free(data);
}

/*
 * A tip of size 0.7 covers 5.25 points.  The tangent at the end goes from
 * (60, 0) to (60, 100): the curve stops at y = 100 - 5.25.
 */
START_TEST(a_curve_stops_before_its_tip)
{
	const struct spot at[] = {
		{0, 0}, {30 * PT, 0}, {60 * PT, 0}, {60 * PT, 100 * PT}};
	struct line_style style = {
		.id = "x", .color = OK_STROKE, .pen = 18, .has_tip = true};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	put_ends(&p);
	canvas_curve(&p.c, "a", "b", at, 4, &style);
	paper_end(&p);
	assert_dot(&p, "\"a\" -> \"b\" [pos=\"e,60.00,-100.00 0.00,0.00 "
		       "30.00,0.00 60.00,0.00 60.00,-94.75\" "
		       "color=\"#00795A\" penwidth=1.8 id=\"x\"];");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

/* 3-4-5: a slanting end goes back 3 parts in x and 4 in y. */
START_TEST(a_slanting_tip_is_on_its_tangent)
{
	const struct spot at[] = {{0, 0}, {0, 0}, {0, 0}, {30 * PT, 40 * PT}};
	struct line_style style = {.color = INK, .pen = 10, .has_tip = true};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	put_ends(&p);
	canvas_curve(&p.c, "a", "b", at, 4, &style);
	paper_end(&p);
	assert_dot(&p, " 26.85,-35.80\"");
	free(p.dot);
}
END_TEST

START_TEST(a_curve_whose_last_control_point_is_its_end_has_a_tangent_too)
{
	const struct spot at[] = {
		{0, 0}, {0, 50 * PT}, {0, 100 * PT}, {0, 100 * PT}};
	struct line_style style = {.color = INK, .pen = 10, .has_tip = true};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	put_ends(&p);
	canvas_curve(&p.c, "a", "b", at, 4, &style);
	paper_end(&p);
	assert_dot(&p, " 0.00,-94.75\"");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(curves_follow_each_other_and_may_end_in_nothing)
{
	const struct spot at[] = {
		{0, 0},	  {10, 0},  {20, 0},	       {30, 0},
		{40, 10}, {50, 20}, {60 * PT, 70 * PT}};
	struct line_style style = {
		.color = NEUTRAL, .pen = 11, .is_dashed = true};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	put_ends(&p);
	canvas_curve(&p.c, "a", "b", at, 7, &style);
	paper_end(&p);
	assert_dot(&p, "pos=\"0.00,0.00 0.10,0.00 0.20,0.00 0.30,0.00 "
		       "0.40,-0.10 0.50,-0.20 60.00,-70.00\"");
	assert_dot(&p, "style=dashed penwidth=1.1 arrowhead=none");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(a_line_to_nobody_ends_in_a_bar)
{
	struct line_style style = {.color = OK_STROKE,
				   .pen = 16,
				   .is_dashed = true,
				   .has_tee = true};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	put_ends(&p);
	canvas_line(&p.c, "a", "b", 0, 20 * PT, 0, &style);
	paper_end(&p);
	assert_dot(&p, "pos=\"e,20.00,0.00 ");
	assert_dot(&p, "arrowhead=tee");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

/* Wakes and timers are both level arrows; only their colours differ. */
START_TEST(in_print_timers_are_dotted)
{
	struct line_style style = {
		.color = TIMER_STROKE, .pen = 13, .has_tip = true};
	struct paper p;

	paper_begin(&p, VIZ_PRINT);
	put_ends(&p);
	canvas_line(&p.c, "a", "b", 0, 20 * PT, 0, &style);
	paper_end(&p);
	assert_dot(&p, "style=dotted penwidth=1.6");
	free(p.dot);
}
END_TEST

START_TEST(forms_are_those_of_graphviz)
{
	static const char *const forms[] = {"circle", "octagon", "diamond",
					    "triangle"};
	struct paper p;

	paper_begin(&p, VIZ_DARK);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		canvas_shape(&p.c, &(struct shape){.id = forms[i],
						   .form = forms[i],
						   .width = 40 * PT,
						   .height = 40 * PT,
						   .fill = BAD_FILL,
						   .stroke = BAD_STROKE});
	paper_end(&p);
	assert_dot(&p, "\"octagon\" [id=\"octagon\" shape=\"octagon\" ");
	assert_dot(&p, "fillcolor=\"#3A1519\" color=\"#FF6B7A\"");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

/* \N is the name of a node to Graphviz, \l ends a line; a text is a text. */
START_TEST(backslashes_are_shown_as_they_are)
{
	struct shape shape = {.width = 200 * PT,
			      .height = 20 * PT,
			      .label = "x \\l \\N \\G \\\\ a\\z"};
	char error[VIZ_ERROR_MAX];
	struct paper p;
	char *svg;
	size_t size;

	paper_begin(&p, VIZ_LIGHT);
	for (int i = 0; i < 4; i++) {
		shape.is_bold = i & 1;
		shape.is_left = i & 2;
		canvas_shape(&p.c, &shape);
	}
	paper_end(&p);
	ck_assert_int_eq(viz_render(p.dot, p.size, "svg", &svg, &size, error),
			 0);
	ck_assert_uint_eq(count_of(svg, ">x \\l \\N \\G \\\\ a\\z</text>"), 4);
	free(svg);
	free(p.dot);
}
END_TEST

/* ---- head and legend --------------------------------------------------- */

static const char facts[] = "scenario one   hash 12345678   profile linux";

static struct sheet sheet(long width)
{
	return (struct sheet){
		.title = "a <title> & more",
		.lines = {facts},
		.line_count = 1,
		.badge = "✗ DATA RACE",
		.is_bad = true,
		.width = width,
	};
}

/* The head takes 48 points, and 14 for each line of facts. */
START_TEST(facts_are_wrapped_to_the_width)
{
	struct sheet s = sheet(470 * PT);
	struct paper p;

	ck_assert_int_eq(sheet_top(&s), (48 + 14) * PT);
	/* 170 points take 29 characters of 5.27: two lines. */
	s.width = 170 * PT;
	ck_assert_int_eq(sheet_top(&s), (48 + 2 * 14) * PT);
	paper_begin(&p, VIZ_LIGHT);
	sheet_draw(&s, &p.c);
	paper_end(&p);
	assert_dot(&p, "\"scenario one   hash 12345678\\l\"");
	assert_dot(&p, "\"profile linux\\l\"");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(title_and_badge_fit_the_least_width)
{
	struct sheet s = sheet(0);
	struct paper p;

	s.width = sheet_width(&s);
	paper_begin(&p, VIZ_DARK);
	sheet_draw(&s, &p.c);
	paper_end(&p);
	assert_dot(&p, "<b>a &lt;title&gt; &amp; more</b>");
	assert_dot(&p, "[id=\"verdict\" class=\"verdict bad\"");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(a_long_title_is_cut)
{
	struct sheet s = sheet(0);
	struct paper p;

	s.title = "a title that is longer than any picture that has it for a "
		  "title is ever going to be wide";
	s.width = sheet_width(&s);
	ck_assert_int_le(s.width, 900 * PT);
	paper_begin(&p, VIZ_LIGHT);
	sheet_draw(&s, &p.c);
	paper_end(&p);
	assert_dot(&p, "…</b>");
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(a_legend_tells_each_thing_once_and_wraps)
{
	struct shape lock = {
		.width = 5 * PT, .height = 12 * PT, .fill = LOCK0_STROKE};
	struct line_style wake = {
		.color = OK_STROKE, .pen = 18, .has_tip = true};
	struct legend l = {0};
	struct paper p;

	legend_add_shape(&l, &lock, "holds table");
	legend_add_shape(&l, &lock, "holds table");
	legend_add_line(&l, &wake, "wake");
	ck_assert_uint_eq(l.count, 2);
	paper_begin(&p, VIZ_LIGHT);
	/* Both fit one row of 15 points, but not within 90 points. */
	ck_assert_int_eq(legend_draw(&l, &p.c, 100 * PT, 470 * PT), 115 * PT);
	ck_assert_int_eq(legend_draw(&l, &p.c, 200 * PT, 90 * PT), 230 * PT);
	paper_end(&p);
	ck_assert_uint_eq(count_of(p.dot, "\"holds table\\l\""), 2);
	ck_assert_uint_eq(count_of(p.dot, "arrowhead"), 0);
	assert_renders(&p);
	free(p.dot);
}
END_TEST

START_TEST(an_empty_legend_takes_no_room)
{
	struct legend l = {0};
	struct paper p;

	paper_begin(&p, VIZ_LIGHT);
	ck_assert_int_eq(legend_draw(&l, &p.c, 100 * PT, 470 * PT), 100 * PT);
	paper_end(&p);
	free(p.dot);
}
END_TEST

START_TEST(the_head_of_a_trace_says_what_was_run)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct trace *memory = trace_new(0);
	const char *text = sheet_facts(memory, t);

	ck_assert_int_eq(strncmp(text, "scenario ", 9), 0);
	ck_assert_ptr_nonnull(strstr(text, t->scenario));
	ck_assert_str_eq(sheet_badge(memory, t), "✗ LOST WAKE-UP");
	t->verdicts[0].kind = VERDICT_USE_AFTER_FREE;
	ck_assert_str_eq(sheet_badge(memory, t), "✗ USE AFTER FREE");
	t->verdict_count = 0;
	ck_assert_str_eq(sheet_badge(memory, t), "✓ OK");
	trace_free(memory);
	trace_free(t);
}
END_TEST

/* ---- all of it ---------------------------------------------------------- */

static void put_lines(struct canvas *c, struct legend *l)
{
	static const struct spot bow[] = {{40 * PT, 120 * PT},
					  {80 * PT, 120 * PT},
					  {120 * PT, 160 * PT},
					  {160 * PT, 160 * PT}};
	struct line_style wake = {
		.color = OK_STROKE, .pen = 18, .has_tip = true};
	struct line_style timer = {
		.color = TIMER_STROKE, .pen = 13, .has_tip = true};
	struct line_style unread = {.color = OK_STROKE,
				    .pen = 16,
				    .is_dashed = true,
				    .has_tee = true};

	canvas_curve(c, "box", "circle", bow, 4, &timer);
	canvas_line(c, "box", "circle", 40 * PT, 160 * PT, 100 * PT, &wake);
	canvas_line(c, "box", "circle", 40 * PT, 60 * PT, 110 * PT, &unread);
	legend_add_line(l, &wake, "wake");
	legend_add_line(l, &timer, "timer");
	legend_add_line(l, &unread, "wake that nobody reads");
}

/* Everything a canvas has, in one picture of each theme. */
START_TEST(a_sheet_is_the_golden_one)
{
	static const char *const forms[] = {"box", "circle", "octagon",
					    "diamond"};
	const enum viz_theme theme = (enum viz_theme)_i;
	struct sheet s = sheet(470 * PT);
	struct legend l = {0};
	struct paper p;
	char name[64];

	paper_begin(&p, theme);
	sheet_draw(&s, &p.c);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned int lock = (unsigned int)i;
		struct shape shape = {.id = forms[i],
				      .form = forms[i],
				      .x = (40 + 60 * (long)i) * PT,
				      .y = 80 * PT,
				      .width = 30 * PT,
				      .height = 30 * PT,
				      .fill = lock_fill(lock),
				      .stroke = lock_stroke(lock),
				      .pen = 12};

		canvas_shape(&p.c, &shape);
		shape.width = shape.height = 12 * PT;
		legend_add_shape(&l, &shape, forms[i]);
	}
	put_lines(&p.c, &l);
	legend_draw(&l, &p.c, 180 * PT, s.width);
	paper_end(&p);
	snprintf(name, sizeof(name), "canvas-%s.dot", viz_theme_name(theme));
	assert_golden(p.dot, name);
	assert_renders(&p);
	free(p.dot);
}
END_TEST

Suite *canvas_suite(void)
{
	Suite *s = suite_create("canvas");
	TCase *c = tcase_create("canvas");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_curve_stops_before_its_tip);
	tcase_add_test(c, a_slanting_tip_is_on_its_tangent);
	tcase_add_test(
		c,
		a_curve_whose_last_control_point_is_its_end_has_a_tangent_too);
	tcase_add_test(c, curves_follow_each_other_and_may_end_in_nothing);
	tcase_add_test(c, a_line_to_nobody_ends_in_a_bar);
	tcase_add_test(c, in_print_timers_are_dotted);
	tcase_add_test(c, forms_are_those_of_graphviz);
	tcase_add_test(c, backslashes_are_shown_as_they_are);
	tcase_add_test(c, facts_are_wrapped_to_the_width);
	tcase_add_test(c, title_and_badge_fit_the_least_width);
	tcase_add_test(c, a_long_title_is_cut);
	tcase_add_test(c, a_legend_tells_each_thing_once_and_wraps);
	tcase_add_test(c, an_empty_legend_takes_no_room);
	tcase_add_test(c, the_head_of_a_trace_says_what_was_run);
	tcase_add_loop_test(c, a_sheet_is_the_golden_one, 0, VIZ_THEME_COUNT);
	suite_add_tcase(s, c);
	return s;
}
