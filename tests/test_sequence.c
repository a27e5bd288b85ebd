/*
 * test_sequence.c - what of a trace a sequence diagram shows: folding, windows,
 * filters and limits.
 */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pictures.h"
#include "tests/trace_fixture.h"

static unsigned int count_rows(struct text dot)
{
	return picture_count(dot, "class=\"row\"") +
	       picture_count(dot, "class=\"row badrow\"");
}

/* ---- too much ------------------------------------------------------------ */

/* 97 rounds of store, enter, load, return: the first and the last stay. */
START_TEST(repetitions_are_folded)
{
	struct trace *t = fixture_many_wakes(97);
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "⋯95 rounds more"));
	ck_assert(picture_has(dot, "store F = 1\""));
	ck_assert(picture_has(dot, "store F = 97\""));
	ck_assert(!picture_has(dot, "store F = 50\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* A and B in turn: no run of one thread repeats, so nothing folds by itself. */
static struct trace *long_trace(unsigned int rounds)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("long", threads);

	for (unsigned int i = 0; i < rounds; i++) {
		f.thread = (int32_t)(i % 2);
		fixture_enter(&f, "futex_wake F 1");
		fixture_lock(&f, OBJECT_WQ, "wq:F");
		fixture_load(&f, "F", 0);
		fixture_unlock(&f, OBJECT_WQ, "wq:F");
		fixture_return(&f, 0);
		fixture_store(&f, "F", i, i + 1);
	}
	return f.t;
}

/* 30 calls of 6 rows are 180; folding one saves 4, and 15 must be folded. */
START_TEST(whole_calls_fold_when_there_are_too_many_rows)
{
	struct trace *t = long_trace(30);
	struct text dot = picture_dot_of(t);

	ck_assert_uint_le(picture_count(dot, "class=\"row\""), 120);
	ck_assert(picture_has(dot, "15 calls folded"));
	ck_assert(picture_has(dot, "⋯5 futex_wake F 1 → 0"));
	ck_assert(!picture_has(dot, "left out"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(a_very_long_trace_has_gaps_and_says_so)
{
	struct trace *t = long_trace(5000);
	struct text dot = picture_dot_of(t), svg = picture_render(dot, "svg");

	ck_assert_uint_le(picture_count(dot, "class=\"row\""), 120);
	ck_assert(picture_has(dot, "steps left out"));
	free(svg.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* A hundred threads: the picture has twelve, and names how many it has not. */
START_TEST(too_many_threads_are_left_out_and_counted)
{
	const char *threads[201];
	char names[100][8];
	struct fixture f;
	struct text dot;

	for (int i = 0; i < 100; i++) {
		snprintf(names[i], sizeof(names[i]), "T%d", i);
		threads[2 * i] = names[i];
		threads[2 * i + 1] = "P1";
	}
	threads[200] = NULL;
	f = fixture_begin("crowd", threads);
	for (int i = 0; i < 100; i++) {
		f.thread = i;
		fixture_store(&f, "F", 0, 1);
	}
	dot = picture_dot_of(f.t);
	ck_assert_uint_eq(picture_count(dot, "class=\"head\""), 12);
	ck_assert(picture_has(dot, "88 threads not drawn"));
	free(dot.data);
	trace_free(f.t);
}
END_TEST

/* ---- fold --------------------------------------------------------------- */

/*
 * The race has 86 events, 83 of them steps; the other 3 are notes of the
 * queue, which are always shown.
 */
START_TEST(without_folding_every_step_has_its_row)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct viz_options options = {.fold = VIZ_FOLD_NONE};
	struct text dot = picture_dot_with(t, &options);
	char id[16];

	ck_assert_uint_eq(t->step_count, 83);
	ck_assert_uint_eq(count_rows(dot), 86);
	for (unsigned int n = 1; n <= 86; n++) {
		snprintf(id, sizeof(id), "id=\"s%u\"", n);
		ck_assert_msg(picture_has(dot, id), "no %s", id);
	}
	ck_assert(!picture_has(dot, "⋯"));
	ck_assert(picture_has(dot, "every step, by --fold none"));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* 8 threads, 91 rows: all there, and nothing of it folded but empty locks. */
START_TEST(eight_threads_and_sixty_events_lose_nothing)
{
	struct trace *t = fixture_eight_threads();
	struct text dot = picture_dot_of(t);

	ck_assert_uint_ge(count_rows(dot), 60);
	ck_assert_uint_eq(picture_count(dot, "class=\"head\""), 8 + 1);
	ck_assert(!picture_has(dot, "folded by"));
	ck_assert(!picture_has(dot, "left out"));
	/* Five wakes, the timer's arming, with its dot, and its firing. */
	ck_assert_uint_eq(picture_count(dot, "id=\"a"), 5 + 2 + 1);
	free(dot.data);
	trace_free(t);
}
END_TEST

static void add_call(struct fixture *f, const char *text, const char *word,
		     const char *queue)
{
	fixture_enter(f, text);
	fixture_lock(f, OBJECT_WQ, queue);
	fixture_load(f, word, 0);
	fixture_unlock(f, OBJECT_WQ, queue);
	fixture_return(f, 0);
}

/* A calls on F and G in turn, 40 rows each; at the end B writes F. */
static struct trace *two_words(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("two-words", threads);

	for (unsigned int i = 0; i < 4; i++) {
		f.thread = 0;
		add_call(&f, "futex_wake F 1", "F", "wq:F");
		f.thread = 1;
		add_call(&f, "futex_wake G 1", "G", "wq:G");
	}
	for (unsigned int i = 0; i < 9; i++) {
		f.thread = (int32_t)(i % 2);
		fixture_store(&f, "F", i, i + 1);
	}
	return f.t;
}

/*
 * The last row is the middle, F what is written near it.  So the calls on G
 * fold, 4 of them, and those on F stay: 4 x 5 + 4 + 9 rows.
 */
START_TEST(calls_that_touch_nothing_nearby_fold)
{
	struct trace *t = two_words();
	struct viz_options options = {.fold = VIZ_FOLD_CALLS};
	struct text dot = picture_dot_with(t, &options);
	struct text all = picture_dot_of(t);

	ck_assert_uint_eq(count_rows(all), 8 * 5 + 9);
	ck_assert_uint_eq(count_rows(dot), 4 * 5 + 4 + 9);
	ck_assert_uint_eq(picture_count(dot, "label=\"⋯5 futex_wake G 1 → 0\""),
			  4);
	ck_assert(!picture_has(dot, "⋯5 futex_wake F"));
	ck_assert(picture_says(dot, "4 calls folded by --fold calls"));
	free(all.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- around ------------------------------------------------------------- */

/*
 * In the race A parks in step 21 and C in 40, B stores 1 to F in 47 and locks
 * the queue in 55, A goes on in 43.  From 56 to 66 C is parked, B has the
 * queue's lock, F is 1, and A and C are in the queue.
 */
START_TEST(a_window_begins_with_the_state_there)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct viz_options options = {.around = 61, .span = 5};
	struct text dot = picture_dot_with(t, &options);
	struct text text;
	FILE *out = open_memstream(&text.data, &text.size);
	char error[VIZ_ERROR_MAX];

	ck_assert(!picture_has(dot, "id=\"row55\""));
	ck_assert(picture_has(dot, "id=\"row56\""));
	ck_assert(picture_has(dot, "id=\"row61\""));
	ck_assert(!picture_has(dot, "id=\"row67\""));
	ck_assert(picture_says(
		dot, "--around 61±5 leaves out 55 before and 20 after"));
	ck_assert(picture_has(dot, "class=\"parkbar forever from0 to0\""));
	ck_assert(picture_has(dot, "class=\"hold lock1 lk from0 to58\"") ||
		  picture_has(dot, "class=\"lk hold lock1 from0 to58\""));
	ck_assert(picture_says(dot, "That is step 86, after this picture."));
	ck_assert_int_eq(
		viz_sequence_text(t, &options, false, false, out, error), 0);
	fclose(out);
	ck_assert(picture_has(text, "1  [A C]\n"));
	free(text.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* A's timer is armed in step 19 and fires in 42. */
START_TEST(a_timer_that_was_armed_before_is_there_at_the_top)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct viz_options options = {.around = 42, .span = 3};
	struct text dot = picture_dot_with(t, &options);

	ck_assert(picture_has(dot, "timerbar from0 to42"));
	ck_assert(picture_has(dot, "class=\"parkbar from0 to42\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* What goes on after the picture does not end in it. */
START_TEST(caps_of_a_window_tell_what_is_then)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct viz_options options = {.around = 30, .span = 9};
	struct text dot = picture_dot_with(t, &options);

	ck_assert(picture_has(dot, "label=\"parked\""));
	ck_assert(picture_has(dot, "label=\"goes on\""));
	ck_assert(!picture_has(dot, "returned"));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- nothing to show --------------------------------------------------- */

static void expect_reason(const struct trace *t,
			  const struct viz_options *options, const char *reason)
{
	char *error = picture_refusal(t, options);

	ck_assert_str_eq(error, reason);
	free(error);
}

START_TEST(an_empty_picture_is_refused_with_the_filter_that_emptied_it)
{
	struct trace *t = fixture_signal();
	const char *all[] = {"*"}, *some[] = {"*.*", "task"};
	struct viz_options hide = {.hide = {all, 1}};
	struct viz_options both = {.hide = {some, 2}, .around = 5, .span = 2};
	struct viz_options beyond = {.around = 500, .span = 10};

	expect_reason(t, &hide, "--hide '*' leaves no step");
	expect_reason(t, &both,
		      "--hide '*.*', 'task' leaves no step in --around 5±2");
	expect_reason(t, &beyond,
		      "--around 500±10: the trace has no step 500, its last "
		      "one is 32");
	trace_free(t);
}
END_TEST

START_TEST(what_the_scenario_hides_is_told_apart)
{
	struct trace *t = fixture_signal();

	trace_strings_add(t, &t->hide, "*");
	expect_reason(t, NULL,
		      "'hide' of the scenario's diagram, '*', leaves no step");
	trace_free(t);
}
END_TEST

START_TEST(a_trace_without_events_has_no_picture)
{
	static const char *const threads[] = {"A", "P1", NULL};
	static const char *const nobody[] = {NULL};
	struct fixture f = fixture_begin("nothing", threads);
	struct fixture g = fixture_begin("nobody", nobody);

	expect_reason(f.t, NULL, "the trace has no events");
	expect_reason(g.t, NULL, "the trace has no events");
	trace_free(f.t);
	trace_free(g.t);
}
END_TEST

/* Only a reference was taken, which is shown on demand alone. */
START_TEST(a_trace_in_which_nothing_happens_says_how_to_see_it)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("quiet", threads);
	struct viz_options none = {.fold = VIZ_FOLD_NONE};
	struct text dot;

	fixture_step(&f, EVENT_YIELD, OBJECT_TASK, NULL);
	expect_reason(f.t, NULL,
		      "no step of the trace changes anything; --fold none "
		      "shows all steps");
	dot = picture_dot_with(f.t, &none);
	ck_assert_uint_eq(count_rows(dot), 1);
	free(dot.data);
	trace_free(f.t);
}
END_TEST

/* wq.lock and wq.unlock: 2 in the wait, 2 after the signal. */
START_TEST(hidden_steps_are_counted_in_the_header)
{
	struct trace *t = fixture_signal();
	const char *globs[] = {"wq.*"};
	struct viz_options options = {.hide = {globs, 1}};
	struct text dot = picture_dot_with(t, &options);

	ck_assert(picture_says(dot, "4 steps hidden by --hide"));
	free(dot.data);
	trace_free(t);
}
END_TEST

Suite *sequence_suite(void)
{
	Suite *suite = suite_create("sequence");
	TCase *tests = tcase_create("content");

	tcase_add_test(tests, repetitions_are_folded);
	tcase_add_test(tests, whole_calls_fold_when_there_are_too_many_rows);
	tcase_add_test(tests, a_very_long_trace_has_gaps_and_says_so);
	tcase_add_test(tests, too_many_threads_are_left_out_and_counted);
	tcase_add_test(tests, without_folding_every_step_has_its_row);
	tcase_add_test(tests, eight_threads_and_sixty_events_lose_nothing);
	tcase_add_test(tests, calls_that_touch_nothing_nearby_fold);
	tcase_add_test(tests, a_window_begins_with_the_state_there);
	tcase_add_test(tests,
		       a_timer_that_was_armed_before_is_there_at_the_top);
	tcase_add_test(tests, caps_of_a_window_tell_what_is_then);
	tcase_add_test(
		tests,
		an_empty_picture_is_refused_with_the_filter_that_emptied_it);
	tcase_add_test(tests, what_the_scenario_hides_is_told_apart);
	tcase_add_test(tests, a_trace_without_events_has_no_picture);
	tcase_add_test(tests,
		       a_trace_in_which_nothing_happens_says_how_to_see_it);
	tcase_add_test(tests, hidden_steps_are_counted_in_the_header);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return suite;
}
