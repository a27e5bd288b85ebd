/*
 * test_outcomes.c - pictures of outcomes: the counts are those of the record,
 * and everything in it stays readable.
 */
#include "tests/suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/picture_boxes.h"
#include "tests/record_fixture.h"
#include "viz/outcomes/interleavings.h"

static const struct fixture {
	const char *name;
	struct record *(*make)(void);
} fixtures[] = {
	{"small", fixture_record_small},
	{"well", fixture_record_well},
	{"cut", fixture_record_cut},
};
#define FIXTURES ((int)(sizeof(fixtures) / sizeof(fixtures[0])))

static struct dot_text dot_of(const struct record *r)
{
	return picture_of(VIZ_OUTCOMES, r, NULL);
}

static const struct box *box_of(const struct boxes *b, const char *id)
{
	for (unsigned int i = 0; i < b->count; i++)
		if (strcmp(b->items[i].id, id) == 0)
			return &b->items[i];
	return NULL;
}

/* Runs of outcome 0 end after so many switches. */
static void spread_switches(struct record *r, uint32_t columns)
{
	r->switches = trace_alloc(r->memory, columns * sizeof(*r->switches));
	r->switches_count = columns;
	r->outcome_count = 1;
	r->counterexample = -1;
	r->outcomes[0].runs = 0;
	for (uint32_t i = 0; i < columns; i++) {
		r->switches[i] = (struct record_switches){0, i + 3, 1000 + i};
		r->outcomes[0].runs += 1000 + i;
	}
}

START_TEST(outcomes_are_the_golden_ones)
{
	struct record *r = fixtures[_i].make();
	struct dot_text a = dot_of(r), b = dot_of(r);
	char name[64];

	snprintf(name, sizeof(name), "outcomes-%s", fixtures[_i].name);
	picture_is_golden(a, name);
	ck_assert_uint_eq(a.size, b.size);
	ck_assert_mem_eq(a.data, b.data, a.size);
	free(a.data);
	free(b.data);
	record_free(r);
}
END_TEST

/*
 * 1,234 + 560 runs are well, 6 are lost: 1794 / 1800 = 99.67 %.  Of five ways
 * through the states one is lost.  A bar of 0.33 % of 280 pt is 0.93 pt: it is
 * drawn as 2.
 */
START_TEST(bars_have_counts_and_the_fewest_preemptions)
{
	struct record *r = fixture_record_small();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(
		boxes_with_label(&b, "1,794 runs  99.7 %  2 distinct ends"), 1);
	ck_assert_uint_eq(boxes_with_label(&b, "6 runs  0.3 %"), 1);
	ck_assert_uint_eq(
		boxes_with_label(&b, "1 preemption, 2 context switches"), 1);
	ck_assert_uint_eq(
		boxes_with_label(&b, "20.0 % of all interleavings (1)"), 1);
	ck_assert_ptr_nonnull(strstr(dot.data, "✗ 6 FAIL"));
	ck_assert_float_eq_tol(box_of(&b, "bar_lost")->width, 2, 0.01);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(what_is_not_all_is_said_to_be_at_least)
{
	struct record *r = fixture_record_cut();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_label(&b, "≥ 6 runs  0.3 %"), 1);
	ck_assert_uint_eq(
		boxes_with_label(&b, "≤ 1 preemption, ≤ 2 context switches"),
		1);
	ck_assert_uint_eq(boxes_with_label(&b, "runs ≥"), 1);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* Segments of a column together are 170 points, and none is invisible. */
START_TEST(columns_are_full)
{
	struct record *r = fixture_record_lattice(3, 5000);
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);
	double heights[64] = {0};
	unsigned int columns = 0;

	for (unsigned int i = 0; i < b.count; i++) {
		unsigned int n;

		if (sscanf(b.items[i].id, "column%u_", &n) != 1)
			continue;
		ck_assert_float_ge(b.items[i].height, 1.99);
		columns += heights[n] == 0;
		heights[n] += b.items[i].height;
	}
	for (unsigned int n = 0; n < 64; n++)
		if (heights[n] > 0)
			ck_assert_float_eq_tol(heights[n], 170, 0.05);
	ck_assert_uint_gt(columns, 10);
	boxes_are_readable(&b);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* 24 numbers have a column each; 25 are 13 bins of 2, 200 are 14 of 15. */
START_TEST(many_numbers_of_switches_share_columns)
{
	static const struct {
		uint32_t numbers;
		unsigned int columns;
		const char *first;
	} cases[] = {{24, 24, "3"}, {25, 13, "3–4"}, {200, 14, "3–17"}};

	for (unsigned int i = 0; i < 3; i++) {
		struct record *r = fixture_record_small();
		struct dot_text dot;
		struct boxes b;

		spread_switches(r, cases[i].numbers);
		dot = dot_of(r);
		b = picture_boxes(dot);
		ck_assert_uint_eq(boxes_with_id(&b, "column"),
				  cases[i].columns);
		ck_assert_uint_eq(boxes_with_label(&b, cases[i].first), 1);
		boxes_are_readable(&b);
		free(b.items);
		free(dot.data);
		record_free(r);
	}
}
END_TEST

/* 60 ends: 16 rows, of which 4 are well, and a line for the other 44. */
START_TEST(a_long_table_keeps_those_that_fail)
{
	struct record *r = fixture_record_small();
	struct dot_text dot;
	struct boxes b;

	r->outcomes = trace_alloc(r->memory, 60 * sizeof(*r->outcomes));
	r->outcome_count = 60;
	for (uint32_t i = 0; i < 60; i++)
		r->outcomes[i] = (struct record_outcome){
			.results = trace_format(r->memory, "A.r=%u", i),
			.words = "F=1",
			.blocked = "",
			.verdicts = i < 30 ? 0 : 1u << VERDICT_DEADLOCK,
			.runs = 1,
		};
	r->switches_count = 0;
	dot = dot_of(r);
	b = picture_boxes(dot);
	ck_assert_uint_eq(boxes_with_label(&b, "✗ deadlock"), 12);
	ck_assert_uint_eq(boxes_with_label(&b, "⋯ 44 ends more, in 44 runs"),
			  1);
	/* Words are the same in all ends. */
	ck_assert_uint_eq(boxes_with_label(&b, "F=1"), 0);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(every_theme_renders)
{
	for (int i = 0; i < FIXTURES; i++) {
		struct viz_options o = {.theme = (enum viz_theme)_i};
		struct record *r = fixtures[i].make();
		struct dot_text dot = picture_of(VIZ_OUTCOMES, r, &o);

		picture_renders(dot);
		free(dot.data);
		record_free(r);
	}
}
END_TEST

START_TEST(every_class_can_be_drawn)
{
	struct record *r = fixture_record_small();
	struct dot_text dot;
	struct boxes b;

	r->outcomes[2].verdicts = 1u << _i;
	dot = dot_of(r);
	b = picture_boxes(dot);
	picture_renders(dot);
	ck_assert_uint_ge(boxes_with_label(&b, end_classes[_i + 1].words), 1);
	free(b.items);
	free(dot.data);
	dot = picture_of(VIZ_EXPLORATION, r, NULL);
	picture_renders(dot);
	free(dot.data);
	record_free(r);
}
END_TEST

/* ---- numbers ----------------------------------------------------------- */

START_TEST(numbers_are_as_in_the_table_of_the_search)
{
	struct trace *m = trace_new(0);

	ck_assert_str_eq(number_text(m, 0), "0");
	ck_assert_str_eq(number_text(m, 999), "999");
	ck_assert_str_eq(number_text(m, 1000), "1,000");
	ck_assert_str_eq(number_text(m, 28486001), "28,486,001");
	ck_assert_str_eq(number_text(m, UINT64_MAX),
			 "18,446,744,073,709,551,615");
	ck_assert_str_eq(number_short(m, 999), "999");
	ck_assert_str_eq(number_short(m, 1250), "1.2k");
	ck_assert_str_eq(number_short(m, 9999), "9.9k");
	ck_assert_str_eq(number_short(m, 999999), "999k");
	ck_assert_str_eq(number_short(m, 3400000), "3.4M");
	trace_free(m);
}
END_TEST

START_TEST(parts_are_never_rounded_to_none_or_all)
{
	struct trace *m = trace_new(0);

	ck_assert_str_eq(part_text(m, 4074, 28486), "14.3 %");
	ck_assert_str_eq(part_text(m, 1, 100000), "< 0.1 %");
	ck_assert_str_eq(part_text(m, 99999, 100000), "> 99.9 %");
	ck_assert_str_eq(part_text(m, 0, 5), "0.0 %");
	ck_assert_str_eq(part_text(m, 5, 5), "100.0 %");
	ck_assert_str_eq(part_text(m, UINT64_MAX / 4, UINT64_MAX), "25.0 %");
	trace_free(m);
}
END_TEST

/* 0 2 3, 0 2 5, 0 1 2 3, 0 1 2 5 are well, 0 1 4 is lost. */
START_TEST(interleavings_are_the_ways_through_the_states)
{
	struct record *r = fixture_record_small();
	double ways[CLASS_COUNT], all;

	ck_assert(interleavings_count(r, ways, &all));
	ck_assert_float_eq(all, 5);
	ck_assert_float_eq(ways[CLASS_OK], 4);
	ck_assert_float_eq(ways[CLASS_OF(VERDICT_LOST_WAKEUP)], 1);
	ck_assert_str_eq(interleavings_text(r->memory, 2.5e36),
			 "about 2 × 10^36");
	r->is_whole = false;
	ck_assert(!interleavings_count(r, ways, &all));
	record_free(r);
	r = fixture_record_loop();
	ck_assert(!interleavings_count(r, ways, &all));
	record_free(r);
}
END_TEST

START_TEST(a_record_without_ends_is_no_picture)
{
	struct record *r = record_new();
	char error[VIZ_ERROR_MAX] = "", *data;
	size_t size;
	FILE *out = open_memstream(&data, &size);

	ck_assert_int_eq(viz_dot(VIZ_OUTCOMES, NULL, r, NULL, out, error),
			 -ENODATA);
	ck_assert_ptr_nonnull(strstr(error, "no run"));
	fclose(out);
	free(data);
	record_free(r);
}
END_TEST

Suite *outcomes_suite(void)
{
	Suite *s = suite_create("outcomes");
	TCase *t = tcase_create("outcomes");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, outcomes_are_the_golden_ones, 0, FIXTURES);
	tcase_add_test(t, bars_have_counts_and_the_fewest_preemptions);
	tcase_add_test(t, what_is_not_all_is_said_to_be_at_least);
	tcase_add_test(t, columns_are_full);
	tcase_add_test(t, many_numbers_of_switches_share_columns);
	tcase_add_test(t, a_long_table_keeps_those_that_fail);
	tcase_add_loop_test(t, every_theme_renders, 0, VIZ_THEME_COUNT);
	tcase_add_loop_test(t, every_class_can_be_drawn, 0, VERDICT_KIND_COUNT);
	tcase_add_test(t, numbers_are_as_in_the_table_of_the_search);
	tcase_add_test(t, parts_are_never_rounded_to_none_or_all);
	tcase_add_test(t, interleavings_are_the_ways_through_the_states);
	tcase_add_test(t, a_record_without_ends_is_no_picture);
	return s;
}
