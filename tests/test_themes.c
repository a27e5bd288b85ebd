/*
 * test_themes.c - the colours of pictures.
 *
 * What must hold of them is computed from the DOT text of pictures: a
 * label lies on its own fill, or on the last filled shape below its middle.
 */
#include "tests/suites.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/record_fixture.h"
#include "tests/trace_fixture.h"
#include "viz/canvas/dot.h"
#include "viz/canvas/theme.h"

/* ---- pictures ---------------------------------------------------------- */

static struct trace *(*const fixtures[])(void) = {
	fixture_timeout_swallows_wake, fixture_requeue_across_processes,
	fixture_contended_mutex,       fixture_signal,
	fixture_eight_threads,
};
#define FIXTURE_COUNT (sizeof(fixtures) / sizeof(fixtures[0]))

static struct record *lattice(void)
{
	return fixture_record_lattice(7, 500);
}

static struct record *(*const records[])(void) = {
	fixture_record_small,
	fixture_record_well,
	lattice,
};
#define RECORD_COUNT (sizeof(records) / sizeof(records[0]))

/* NULL if the input does not give this view. */
static char *dot_of(const struct trace *t, const struct record *r,
		    enum viz_view view, enum viz_theme theme)
{
	struct viz_options options = {.theme = theme};
	char error[VIZ_ERROR_MAX];
	char *dot;
	size_t size;
	FILE *out = open_memstream(&dot, &size);
	int result = viz_dot(view, t, r, &options, out, error);

	fclose(out);
	if (!result)
		return dot;
	free(dot);
	return NULL;
}

/* Every view of a trace or a record, in one theme. */
static void each_view(const struct trace *t, const struct record *r,
		      enum viz_theme theme,
		      void (*check)(const char *dot, enum viz_theme theme))
{
	for (int view = 0; view < VIZ_VIEW_COUNT; view++) {
		char *dot;

		if (viz_view_is_of_record((enum viz_view)view) != !t)
			continue;
		dot = dot_of(t, r, (enum viz_view)view, theme);
		ck_assert(dot || view != VIZ_SEQUENCE);
		if (dot)
			check(dot, theme);
		free(dot);
	}
}

static void each_picture(enum viz_theme theme,
			 void (*check)(const char *dot, enum viz_theme theme))
{
	for (size_t i = 0; i < FIXTURE_COUNT; i++) {
		struct trace *t = fixtures[i]();

		each_view(t, NULL, theme, check);
		trace_free(t);
	}
	for (size_t i = 0; i < RECORD_COUNT; i++) {
		struct record *r = records[i]();

		each_view(NULL, r, theme, check);
		record_free(r);
	}
}

/* ---- colours ----------------------------------------------------------- */

struct rgb {
	int red, green, blue;
};

static struct rgb rgb_of(const char *color)
{
	struct rgb c;

	ck_assert_msg(sscanf(color, "#%2x%2x%2x", (unsigned int *)&c.red,
			     (unsigned int *)&c.green,
			     (unsigned int *)&c.blue) == 3,
		      "%.8s is no colour", color);
	return c;
}

static double linear(int channel)
{
	double c = channel / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* As WCAG 2 has it. */
static double luminance(const char *color)
{
	struct rgb c = rgb_of(color);

	return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) +
	       0.0722 * linear(c.blue);
}

static double contrast(const char *a, const char *b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* ---- what the DOT text says ---------------------------------------------- */

struct node {
	double x, y, width, height; /* points */
	char fill[8], text[8]; /* "": none */
};

/* The value of @key in the line at @line; false if there is none. */
static bool value_of(const char *line, const char *key, char *value,
		     size_t size)
{
	const char *end = strchr(line, '\n');
	const char *at = strstr(line, key);

	if (!at || at > end)
		return false;
	at += strlen(key);
	snprintf(value, size, "%.*s", (int)strcspn(at, "\" ]"), at);
	return true;
}

static bool read_node(const char *line, enum viz_theme theme, struct node *n)
{
	char text[64];

	if (strncmp(line, " \"", 2) != 0 ||
	    !value_of(line, "\" [id=\"", text, sizeof(text)))
		return false;
	ck_assert(value_of(line, " pos=\"", text, sizeof(text)));
	ck_assert_int_eq(sscanf(text, "%lf,%lf", &n->x, &n->y), 2);
	ck_assert(value_of(line, " width=", text, sizeof(text)));
	n->width = atof(text) * 72;
	ck_assert(value_of(line, " height=", text, sizeof(text)));
	n->height = atof(text) * 72;
	if (!value_of(line, " fillcolor=\"", n->fill, sizeof(n->fill)))
		n->fill[0] = '\0';
	n->text[0] = '\0';
	if (value_of(line, " label=", text, sizeof(text)) &&
	    !value_of(line, " fontcolor=\"", n->text, sizeof(n->text)))
		strcpy(n->text, theme_color(theme, INK));
	return true;
}

static bool covers(const struct node *n, const struct node *what)
{
	return fabs(n->x - what->x) <= n->width / 2 &&
	       fabs(n->y - what->y) <= n->height / 2;
}

/* What of it is in a quoted attribute, not in a label. */
static const char *next_color(const char *dot)
{
	while ((dot = strstr(dot, "olor=\"#")))
		return dot + strlen("olor=\"");
	return NULL;
}

/* ---- what must hold ---------------------------------------------------- */

static void assert_only_colors_of_theme(const char *dot, enum viz_theme theme)
{
	for (const char *c = next_color(dot); c; c = next_color(c)) {
		bool is_known = false;

		for (unsigned int i = 0; i < theme_row_count; i++)
			is_known |=
				strncmp(c, theme_rows[i].colors[theme], 7) == 0;
		ck_assert_msg(is_known, "%.7s is not in the theme %s", c,
			      viz_theme_name(theme));
	}
}

START_TEST(a_picture_has_the_colours_of_its_theme_and_no_other)
{
	each_picture((enum viz_theme)_i, assert_only_colors_of_theme);
}
END_TEST

#define NODES_MAX 4000

static void assert_legible(const char *dot, enum viz_theme theme)
{
	static struct node nodes[NODES_MAX];
	unsigned int count = 0;

	for (const char *line = dot; line; line = strchr(line, '\n')) {
		struct node *n = &nodes[count];
		const char *below = theme_color(theme, PAPER);

		line += *line == '\n';
		if (!*line)
			break;
		if (!read_node(line, theme, n))
			continue;
		for (unsigned int i = 0; i <= count; i++)
			if (nodes[i].fill[0] && covers(&nodes[i], n))
				below = nodes[i].fill;
		ck_assert_msg(!n->text[0] || contrast(n->text, below) >= 4.5,
			      "%s: %s on %s: contrast %.2f: %.120s",
			      viz_theme_name(theme), n->text, below,
			      contrast(n->text, below), line);
		ck_assert_uint_lt(++count, NODES_MAX);
	}
	ck_assert_uint_gt(count, 10);
}

/* 4.5 is what WCAG 2 asks of text of this size. */
START_TEST(text_stands_out_from_what_it_is_on)
{
	each_picture((enum viz_theme)_i, assert_legible);
}
END_TEST

START_TEST(print_has_no_hue)
{
	for (unsigned int i = 0; i < theme_row_count; i++) {
		struct rgb c = rgb_of(theme_rows[i].colors[VIZ_PRINT]);

		ck_assert_int_eq(c.red, c.green);
		ck_assert_int_eq(c.green, c.blue);
	}
	ck_assert_str_eq(theme_color(VIZ_PRINT, PAPER), "#FFFFFF");
}
END_TEST

/* A violation is the blackest there is, and no fill of a box comes near. */
START_TEST(in_print_a_violation_is_black_on_what_is_nearly_white)
{
	static const char *const fills[] = {
		PAPER,	    PANEL_FILL, CALL_FILL,  OK_FILL,	BAD_FILL,
		TIMER_FILL, LOCK0_FILL, LOCK1_FILL, LOCK2_FILL, LOCK3_FILL};

	ck_assert_str_eq(theme_color(VIZ_PRINT, BAD_STROKE), "#000000");
	for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++)
		ck_assert_double_ge(
			contrast("#000000", theme_color(VIZ_PRINT, fills[i])),
			15);
}
END_TEST

/* Outlines of boxes, on the paper and on the box: 3 by WCAG 2. */
START_TEST(outlines_stand_out_in_the_dark)
{
	static const char *const pairs[][2] = {{INK, PAPER},
					       {NEUTRAL, PAPER},
					       {NEUTRAL, CALL_FILL},
					       {OK_STROKE, OK_FILL},
					       {TIMER_STROKE, TIMER_FILL},
					       {BAD_STROKE, BAD_FILL},
					       {LOCK0_STROKE, LOCK0_FILL},
					       {LOCK1_STROKE, LOCK1_FILL},
					       {LOCK2_STROKE, LOCK2_FILL},
					       {LOCK3_STROKE, LOCK3_FILL}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *stroke = theme_color(VIZ_DARK, pairs[i][0]);

		ck_assert_double_ge(
			contrast(stroke, theme_color(VIZ_DARK, pairs[i][1])),
			3);
		ck_assert_double_ge(
			contrast(stroke, theme_color(VIZ_DARK, PANEL_FILL)), 3);
	}
}
END_TEST

/*
 * Who does not tell red from green sees which of two bars is darker: half as
 * much light again at least.
 */
START_TEST(bars_of_good_and_bad_differ_in_luminance)
{
	for (int theme = 0; theme < VIZ_THEME_COUNT; theme++)
		ck_assert_double_ge(
			contrast(
				theme_color((enum viz_theme)theme, OK_BAR),
				theme_color((enum viz_theme)theme, BAD_STROKE)),
			1.5);
}
END_TEST

START_TEST(what_is_no_colour_of_the_canvas_stays)
{
	ck_assert_str_eq(theme_color(VIZ_DARK, "transparent"), "transparent");
	ck_assert_str_eq(theme_color(VIZ_LIGHT, INK), INK);
	ck_assert_str_eq(theme_color(VIZ_DARK, PAPER), "#0D1117");
}
END_TEST

START_TEST(words_about_a_lock_are_not_in_its_colour)
{
	for (unsigned int i = 0; i < LOCK_COLOURS; i++)
		ck_assert_str_eq(theme_text_color(VIZ_LIGHT, lock_stroke(i)),
				 INK);
	ck_assert_str_eq(theme_text_color(VIZ_DARK, LOCK1_STROKE), "#E6EDF3");
	ck_assert_str_eq(theme_text_color(VIZ_LIGHT, BAD_STROKE), BAD_STROKE);
}
END_TEST

/* 8 tenths of a point would be 10.4; 6 would be 7.8 and is made 10. */
START_TEST(lines_are_heavier_in_print)
{
	ck_assert_int_eq(theme_pen(VIZ_LIGHT, 8), 8);
	ck_assert_int_eq(theme_pen(VIZ_PRINT, 20), 26);
	ck_assert_int_eq(theme_pen(VIZ_PRINT, 6), 10);
	ck_assert_int_eq(theme_pen(VIZ_PRINT, 0), 0);
}
END_TEST

Suite *themes_suite(void)
{
	Suite *s = suite_create("themes");
	TCase *c = tcase_create("themes");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c,
			    a_picture_has_the_colours_of_its_theme_and_no_other,
			    0, VIZ_THEME_COUNT);
	tcase_add_loop_test(c, text_stands_out_from_what_it_is_on, 0,
			    VIZ_THEME_COUNT);
	tcase_add_test(c, print_has_no_hue);
	tcase_add_test(c,
		       in_print_a_violation_is_black_on_what_is_nearly_white);
	tcase_add_test(c, outlines_stand_out_in_the_dark);
	tcase_add_test(c, bars_of_good_and_bad_differ_in_luminance);
	tcase_add_test(c, what_is_no_colour_of_the_canvas_stays);
	tcase_add_test(c, words_about_a_lock_are_not_in_its_colour);
	tcase_add_test(c, lines_are_heavier_in_print);
	suite_add_tcase(s, c);
	return s;
}
