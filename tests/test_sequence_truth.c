/*
 * test_sequence_truth.c - a sequence diagram claims nothing that is not so:
 * who writes, which memory there is, who holds a lock still, who runs on.
 */
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pictures.h"
#include "tests/trace_fixture.h"

/* A compare-and-swap of 0 by 1 finds 0, another finds that 1. */
static struct trace *swaps(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("swaps", threads);

	for (f.thread = 0; f.thread < 2; f.thread++) {
		struct event *e =
			fixture_step(&f, EVENT_USER_CAS, OBJECT_WORD, "W");

		e->has_values = true;
		e->old_value = (uint64_t)f.thread;
		e->new_value = 1;
		e->out = f.thread;
	}
	return f.t;
}

/* The outline of what writes is 1.8 points, of what reads 1. */
START_TEST(a_swap_that_fails_is_drawn_as_a_read)
{
	struct trace *t = swaps();
	struct text dot = picture_dot_of(t);
	const char *first = strstr(dot.data, "id=\"s1\"");
	const char *second = strstr(dot.data, "id=\"s2\"");

	ck_assert(picture_has(dot, "label=\"cas W 0: is 1\""));
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_nonnull(second);
	ck_assert(strstr(first, "penwidth=1.8") < strchr(first, '\n'));
	first = strstr(second, "penwidth=1.8");
	ck_assert(!first || first > strchr(second, '\n'));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* What a column of the text has: its cells, one after the other. */
static bool has_line(const struct trace *t, const char *step, const char *value)
{
	struct text text = picture_text_of(t, false, false);
	const char *line = strstr(text.data, step);
	const char *end = line ? strchr(line, '\n') : NULL;
	const char *found = line ? strstr(line, value) : NULL;
	bool has = found && end && found < end;

	free(text.data);
	return has;
}

static void change_map(struct fixture *f, enum event_kind kind)
{
	struct event *e = fixture_step(f, kind, OBJECT_ASPACE, "aspace:P1");

	e->in = 0x1000;
	e->in2 = 4096;
}

/*
 * All at 0x1000, where fixture_store writes: M up to step 2, N from step 3.
 * What fails changes nothing.
 */
START_TEST(a_word_is_there_while_it_is_mapped)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("maps", threads);

	fixture_store(&f, "M", 5, 6);
	change_map(&f, EVENT_UNMAP);
	change_map(&f, EVENT_MAP);
	fixture_store(&f, "N", 7, 8);
	change_map(&f, EVENT_UNMAP);
	f.t->events[4].out = -22;
	f.t->objects[1].value = 5;
	ck_assert(has_line(f.t, "M         N\n", "N"));
	ck_assert(has_line(f.t, "5         −\n", "5"));
	ck_assert(has_line(f.t, "unmap 0x1000+4096", "unmapped"));
	ck_assert(has_line(f.t, " map 0x1000+4096", "7"));
	ck_assert(has_line(f.t, "store N = 8", "8"));
	ck_assert(!has_line(f.t, "EINVAL", "unmapped"));
	trace_free(f.t);
}
END_TEST

/* W#2 is what the child has instead of W, from the fork in step 2 on. */
START_TEST(a_copy_is_there_from_the_fork_on)
{
	static const char *const threads[] = {"A", "P1", "C", "P2", NULL};
	struct fixture f = fixture_begin("copies", threads);
	struct event *e;

	fixture_store(&f, "W", 0, 3);
	e = fixture_step(&f, EVENT_FORK, OBJECT_ASPACE, "aspace:P1");
	e->peer = 1;
	e->out = 2;
	f.thread = 1;
	fixture_store(&f, "W#2", 3, 4);
	f.t->objects[3].value = 3;
	ck_assert_str_eq(f.t->objects[3].name, "W#2");
	ck_assert(has_line(f.t, "0  −\n", "−"));
	ck_assert(has_line(f.t, "copy mm, start C", "3"));
	ck_assert(has_line(f.t, "store W#2 = 4", "4"));
	trace_free(f.t);
}
END_TEST

/* 32 columns for a box: of the name the middle goes, not what is done. */
START_TEST(a_long_name_is_cut_in_its_middle)
{
	static const char *const threads[] = {
		"A_thread_with_a_very_very_very_long_name", "P1", NULL};
	struct fixture f = fixture_begin("names", threads);
	struct text dot;

	fixture_step(&f, EVENT_STORE, OBJECT_WOKEN,
		     "woken:A_thread_with_a_very_very_very_long_name")
		->has_values = true;
	f.t->events[0].new_value = 1;
	fixture_store(&f, "a_word_with_a_name_that_is_too_long_to_show", 0, 77);
	dot = picture_dot_of(f.t);
	ck_assert(picture_has(dot, "_long_name.woken = 1\""));
	ck_assert(picture_has(dot, "label=\"store a_word_"));
	ck_assert(picture_has(dot, "long_to_show = 77\"") ||
		  picture_has(dot, "_to_show = 77\""));
	free(dot.data);
	trace_free(f.t);
}
END_TEST

/* A's loop makes no step: its program is not over. */
START_TEST(who_loops_without_a_step_runs_on)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("loop", threads);
	struct verdict *v;
	struct text dot;

	fixture_enter(&f, "futex_wake F 1");
	fixture_return(&f, 0);
	f.t->threads[0].end = "returned 0";
	v = trace_add_verdict(f.t);
	v->kind = VERDICT_LIVELOCK;
	v->thread = 0;
	v->at = 2;
	v->what = "A runs on without a step";
	v->rule = "every loop of a program makes a step";
	dot = picture_dot_of(f.t);
	ck_assert(picture_has(dot, "label=\"runs on\"") ||
		  picture_has(dot, "<b>runs on</b>"));
	ck_assert(!picture_has(dot, "returned 0"));
	free(dot.data);
	trace_free(f.t);
}
END_TEST

/*
 * B wakes A across the bar of C, which holds the queue's lock: a label there
 * would seem to end it.
 */
START_TEST(a_label_leaves_the_bars_whole)
{
	static const char *const threads[] = {"A", "P1", "C", "P1",
					      "B", "P1", NULL};
	struct fixture f = fixture_begin("labels", threads);
	struct text dot;
	double label_x, label_width, bar_x;
	const char *at;
	struct event *e;

	fixture_step(&f, EVENT_BLOCK, OBJECT_TASK, NULL)->has_permit = true;
	f.thread = 1;
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	f.thread = 2;
	fixture_store(&f, "F", 0, 1);
	f.thread = 0;
	e = fixture_step(&f, EVENT_RESUME, OBJECT_TASK, NULL);
	e = fixture_step(&f, EVENT_WAKE, OBJECT_TASK, NULL);
	e->peer = 2;
	e->out = 1;
	dot = picture_dot_of(f.t);
	at = strstr(dot.data, "label=\"wake\"");
	ck_assert_ptr_nonnull(at);
	while (at > dot.data && at[-1] != '\n')
		at--;
	ck_assert_ptr_nonnull(strstr(at, "pos=\""));
	ck_assert_int_eq(sscanf(strstr(at, "pos=\""), "pos=\"%lf", &label_x),
			 1);
	ck_assert_int_eq(
		sscanf(strstr(at, "width="), "width=%lf", &label_width), 1);
	at = strstr(dot.data, "class=\"lk hold");
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(strstr(at, "pos=\""), "pos=\"%lf", &bar_x), 1);
	ck_assert(label_x + 36 * label_width < bar_x - 2.5 ||
		  label_x - 36 * label_width > bar_x + 2.5);
	free(dot.data);
	trace_free(f.t);
}
END_TEST

Suite *sequence_truth_suite(void)
{
	Suite *suite = suite_create("sequence-truth");
	TCase *tests = tcase_create("truth");

	tcase_add_test(tests, a_swap_that_fails_is_drawn_as_a_read);
	tcase_add_test(tests, a_word_is_there_while_it_is_mapped);
	tcase_add_test(tests, a_copy_is_there_from_the_fork_on);
	tcase_add_test(tests, a_long_name_is_cut_in_its_middle);
	tcase_add_test(tests, who_loops_without_a_step_runs_on);
	tcase_add_test(tests, a_label_leaves_the_bars_whole);
	suite_add_tcase(suite, tests);
	return suite;
}
