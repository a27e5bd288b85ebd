/*
 * test_sequence_marks.c - the signs of a sequence diagram: what each stands
 * for, that the legend explains exactly those that are used, and that scripts
 * find all that belongs to a step.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/suites.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pictures.h"
#include "tests/trace_fixture.h"

#define MS 1000000ull

/* ---- traces -------------------------------------------------------------- */

/* F forks P2, which has two threads, and clones T. */
static struct trace *births(void)
{
	static const char *const threads[] = {"F",  "P1", "T", "P1", "C1", "P2",
					      "C2", "P2", "N", "P2", NULL};
	struct fixture f = fixture_begin("births", threads);
	struct event *e;

	fixture_enter(&f, "fork P2");
	e = fixture_step(&f, EVENT_FORK, OBJECT_ASPACE, "aspace:P1");
	e->peer = 2;
	e->out = 3;
	fixture_return(&f, 3);
	fixture_enter(&f, "clone T");
	e = fixture_step(&f, EVENT_CLONE, OBJECT_TASK, NULL);
	e->peer = 1;
	e->out = 4;
	fixture_return(&f, 4);
	for (f.thread = 1; f.thread < 4; f.thread++)
		fixture_store(&f, "W", 0, 1);
	f.t->threads[4].end = "not started";
	return f.t;
}

/* A handler begins and ends; then the clock is set; a store is plain. */
static struct trace *signals(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("signals", threads);
	struct event *e;

	fixture_step(&f, EVENT_BLOCK, OBJECT_TASK, NULL)->has_permit = true;
	f.thread = 1;
	e = fixture_step(&f, EVENT_KILL, OBJECT_SIGNAL, NULL);
	e->peer = 0;
	e->in = 10;
	e = fixture_step(&f, EVENT_KILL, OBJECT_SIGNAL, NULL);
	e->peer = 0;
	e->in = 12;
	e->out = -ESRCH;
	f.thread = 0;
	fixture_step(&f, EVENT_RESUME, OBJECT_TASK, NULL);
	e = fixture_step(&f, EVENT_DELIVER, OBJECT_SIGNAL, NULL);
	e->in = 10;
	e->text = "handler";
	fixture_step(&f, EVENT_SIGRETURN, OBJECT_SIGNAL, NULL)->in = 10;
	fixture_step(&f, EVENT_CLOCK_SET, OBJECT_CLOCK, NULL)->in =
		7200 * 1000 * MS;
	fixture_store(&f, "F", 0, 1);
	f.t->events[f.t->event_count - 1].text = "store F 1 plain";
	return f.t;
}

/* A waits until a time on the wall clock, B runs on beside it. */
static struct trace *until(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("until", threads);

	fixture_enter(&f,
		      "futex_wait_bitset F 0 1 until=3600:15000000 realtime");
	fixture_step(&f, EVENT_TIMER_ARM, OBJECT_TIMER, "timer:A")->in =
		3600015 * MS;
	fixture_step(&f, EVENT_BLOCK, OBJECT_TASK, NULL)->has_permit = true;
	f.thread = 1;
	for (unsigned int i = 0; i < 3; i++)
		fixture_store(&f, "F", i, i + 1);
	return f.t;
}

/* B waits for a lock that A holds to the end. */
static struct trace *stuck(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("stuck", threads);
	struct verdict *v = trace_add_verdict(f.t);

	fixture_lock(&f, OBJECT_WQ, "wq:F");
	f.thread = 1;
	fixture_step(&f, EVENT_SLEEP, OBJECT_WQ, "wq:F")->peer = 0;
	f.thread = 0;
	fixture_store(&f, "F", 0, 1);
	fixture_store(&f, "F", 1, 2);
	fixture_store(&f, "F", 2, 3);
	v->kind = VERDICT_DEADLOCK;
	v->thread = 1;
	v->rule = "every thread gets on";
	v->what = "nobody can free B";
	f.t->threads[1].blocked = true;
	f.t->threads[1].end = "blocked: mutex:wq:F";
	return f.t;
}

/* The queue of F is freed and made anew; @overlap: while it is in use. */
static struct trace *two_queues(bool overlap)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("two-queues", threads);

	fixture_store(&f, "F", 0, 1);
	fixture_note(&f, EVENT_QUEUE_PUSH, "wq:F", 0);
	if (!overlap)
		fixture_note(&f, EVENT_QUEUE_REMOVE, "wq:F", 0);
	f.thread = 1;
	fixture_note(&f, EVENT_QUEUE_PUSH, "wq:F#2", 1);
	f.t->objects[f.t->object_count - 1].word = "F";
	if (overlap)
		fixture_note(&f, EVENT_QUEUE_REMOVE, "wq:F", 0);
	fixture_note(&f, EVENT_QUEUE_REMOVE, "wq:F#2", 1);
	return f.t;
}

static struct trace *many_wakes(void)
{
	return fixture_many_wakes(9);
}

static struct trace *(*const traces[])(void) = {
	fixture_timeout_swallows_wake,
	fixture_requeue_across_processes,
	fixture_contended_mutex,
	fixture_signal,
	fixture_eight_threads,
	many_wakes,
	births,
	signals,
	until,
	stuck,
};
#define TRACE_COUNT ((int)(sizeof(traces) / sizeof(traces[0])))

/* ---- classes -------------------------------------------------------------
 */

/* Kinds of signs; several classes may be one kind. */
static const char *const kinds[][2] = {
	{"ev-call", "ev-call"},	  {"ev-read", "ev-read"},
	{"ev-store", "ev-store"}, {"ev-queue", "ev-queue"},
	{"ev-park", "ev-park"},	  {"ev-wake", "ev-wake"},
	{"ev-timer", "ev-timer"}, {"ev-gap", "ev-gap"},
	{"ev-lock", "lock"},	  {"hold", "lock"},
	{"ev-wait", "wait"},	  {"waitbar", "wait"},
	{"parkbar", "parkbar"},	  {"forever", "forever"},
	{"timerbar", "timerbar"}, {"wake", "wake"},
	{"permit", "permit"},	  {"hand", "hand"},
	{"arm", "arm"},		  {"fire", "fire"},
	{"signal", "signal"},	  {"deliver", "deliver"},
	{"birth", "birth"},	  {"chip", "chip"},
	{"ghost", "ghost"},	  {"value", "value"},
	{"card", "card"},	  {"run", "run"},
	{"bad-step", "bad-step"}, {"evidence", "evidence"},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/* The classes of the line at @line, with a blank around each; false: none. */
static bool classes_of(const char *line, char classes[256])
{
	const char *end = strchr(line, '\n');
	const char *found = strstr(line, " class=\"");
	size_t size;

	if (!found || !end || found > end)
		return false;
	found += strlen(" class=\"");
	size = strcspn(found, "\"");
	ck_assert_uint_lt(size, 250);
	snprintf(classes, 256, " %.*s ", (int)size, found);
	return true;
}

static bool has_class(const char *classes, const char *class)
{
	char token[64];

	snprintf(token, sizeof(token), " %s ", class);
	return strstr(classes, token) != NULL;
}

/* Mark the first row of the table that has the same kind. */
static void mark_kinds(const char *classes, bool *marks)
{
	bool is_forever = has_class(classes, "forever");

	for (size_t i = 0; i < KIND_COUNT; i++) {
		size_t first = 0;

		if (!has_class(classes, kinds[i][0]))
			continue;
		if (is_forever && strcmp(kinds[i][0], "forever") != 0)
			continue;
		while (strcmp(kinds[first][1], kinds[i][1]) != 0)
			first++;
		marks[first] = true;
	}
}

START_TEST(the_legend_explains_exactly_what_is_used)
{
	struct trace *t = traces[_i]();
	struct text dot = picture_dot_of(t);
	bool used[KIND_COUNT] = {0}, explained[KIND_COUNT] = {0};
	char classes[256];

	for (const char *line = dot.data; *line;
	     line = strchr(line, '\n') + 1) {
		if (!classes_of(line, classes))
			continue;
		mark_kinds(classes,
			   has_class(classes, "legend") ? explained : used);
	}
	for (size_t i = 0; i < KIND_COUNT; i++)
		ck_assert_msg(used[i] == explained[i], "%s: %s %s", t->scenario,
			      kinds[i][1],
			      used[i] ? "is not explained" : "is not there");
	free(dot.data);
	trace_free(t);
}
END_TEST

/* What is no step's: around the picture, or as long as a lane. */
static bool is_of_no_step(const char *classes)
{
	static const char *const names[] = {
		"title", "verdict", "muted", "panel", "run",  "rule",  "row",
		"head",	 "head2",   "life",  "cap",   "chip", "legend"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has_class(classes, names[i]))
			return true;
	return false;
}

/*
 * "at12" of what belongs to step 12; what began before the picture has
 * "from0" in its place.
 */
START_TEST(all_that_belongs_to_a_step_has_its_class)
{
	struct trace *t = traces[_i]();
	struct text dot = picture_dot_of(t);
	char classes[256], id[32];
	unsigned int n, found = 0;

	for (const char *line = dot.data; *line;
	     line = strchr(line, '\n') + 1) {
		const char *at;

		if (!classes_of(line, classes) || is_of_no_step(classes))
			continue;
		at = strstr(classes, " at");
		ck_assert_msg(at && sscanf(at, " at%u", &n) == 1, "%.120s",
			      line);
		snprintf(id, sizeof(id), "id=\"row%u\"", n);
		ck_assert_msg(picture_has(dot, id), "no %s", id);
		snprintf(id, sizeof(id), "id=\"s%u\"", n);
		ck_assert_msg(picture_has(dot, id), "no %s", id);
		found++;
	}
	ck_assert_uint_gt(found, 4);
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(graphviz_takes_it_without_a_word)
{
	struct trace *t = traces[_i]();
	struct text dot = picture_dot_of(t), svg = picture_render(dot, "svg");

	free(svg.data);
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- births -------------------------------------------------------------- */

/* The fork in step 2 begins C1 and C2, the clone in step 5 begins T. */
START_TEST(each_thread_that_begins_has_an_arrow)
{
	struct trace *t = births();
	struct text dot = picture_dot_of(t);

	ck_assert_uint_eq(picture_count(dot, "\"s2\" -> \"lane2\""), 1);
	/* Before and after the label, as is that of the clone. */
	ck_assert_uint_eq(picture_count(dot, "\"s2\" -> \"lane3\""), 2);
	ck_assert_uint_ge(picture_count(dot, "\"s5\" -> \"lane1\""), 1);
	ck_assert(!picture_has(dot, "-> \"lane4\""));
	ck_assert(picture_has(dot, "class=\"birth at2\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* F's line is as long as the picture, N has none, the others are shorter. */
START_TEST(a_line_of_life_begins_with_the_thread)
{
	struct trace *t = births();
	struct text dot = picture_dot_of(t);

	ck_assert_uint_eq(picture_count(dot, "class=\"life\""), 4);
	ck_assert_uint_eq(picture_count(dot, "class=\"head\""), 5);
	ck_assert(picture_has(dot, "label=\"not started\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- signals, clocks, accesses ------------------------------------------- */

START_TEST(a_handler_has_an_arrow_and_a_failed_kill_has_none)
{
	struct trace *t = signals();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"handle SIGUSR1\""));
	ck_assert(picture_has(dot, "class=\"timer deliver at5\""));
	ck_assert(picture_has(dot, "label=\"sigreturn SIGUSR1\""));
	ck_assert(picture_has(dot, "class=\"timer signal at2\""));
	ck_assert(!picture_has(dot, "class=\"timer signal at3\""));
	ck_assert(picture_has(dot, "label=\"SIGUSR2 → ESRCH\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(a_plain_access_says_that_it_is_one)
{
	struct trace *t = signals();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"plain store F = 1\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(the_wall_clock_is_told_when_it_is_set)
{
	struct trace *t = signals();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"wall clock = 7200 s\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* 3600 s and 15,000,000 ns are 3,600,015 ms. */
START_TEST(a_time_on_the_wall_clock_is_told)
{
	struct trace *t = until();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"until 3600015 ms wall\\l\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- locks --------------------------------------------------------------- */

/*
 * A gives the lock to B in step 5, which B goes on with in step 7: from 5 to
 * its unlock in 8 it is B's.  B sleeps from 4 to 7.
 */
START_TEST(a_lock_that_is_handed_over_is_held_from_then_on)
{
	struct trace *t = fixture_contended_mutex();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "at5 from5 to8\""));
	ck_assert(picture_has(dot, "class=\"waitbar at4 from4 to7\""));
	ck_assert(picture_has(dot, "class=\"lk hand at5\""));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(a_deadlock_says_who_waits_for_what_and_who_has_it)
{
	struct trace *t = stuck();
	struct text dot = picture_dot_of(t);

	ck_assert(picture_has(dot, "label=\"held by A\\l\""));
	ck_assert(picture_has(dot, "class=\"waitbar forever at2 from2 to0\""));
	ck_assert(picture_says(dot, "done, holds wq"));
	ck_assert(picture_has(dot, "waits for wq:F forever"));
	free(dot.data);
	trace_free(t);
}
END_TEST

/* ---- state --------------------------------------------------------------- */

START_TEST(a_queue_made_anew_is_the_same_one)
{
	struct trace *t = two_queues(false);
	struct text dot = picture_dot_of(t);

	/* A column of the word and one of the queue. */
	ck_assert_uint_eq(picture_count(dot, "class=\"head2\""), 2);
	ck_assert(!picture_has(dot, "F#2"));
	free(dot.data);
	trace_free(t);
}
END_TEST

START_TEST(two_queues_of_a_word_at_once_are_two)
{
	struct trace *t = two_queues(true);
	struct text dot = picture_dot_of(t);

	ck_assert_uint_eq(picture_count(dot, "class=\"head2\""), 3);
	ck_assert(picture_has(dot, "enqueue B on F#2") ||
		  picture_has(dot, "enqueue B"));
	free(dot.data);
	trace_free(t);
}
END_TEST

Suite *sequence_marks_suite(void)
{
	Suite *suite = suite_create("sequence-marks");
	TCase *tests = tcase_create("marks");

	tcase_add_loop_test(tests, the_legend_explains_exactly_what_is_used, 0,
			    TRACE_COUNT);
	tcase_add_loop_test(tests, all_that_belongs_to_a_step_has_its_class, 0,
			    TRACE_COUNT);
	tcase_add_loop_test(tests, graphviz_takes_it_without_a_word, 0,
			    TRACE_COUNT);
	tcase_add_test(tests, each_thread_that_begins_has_an_arrow);
	tcase_add_test(tests, a_line_of_life_begins_with_the_thread);
	tcase_add_test(tests,
		       a_handler_has_an_arrow_and_a_failed_kill_has_none);
	tcase_add_test(tests, a_plain_access_says_that_it_is_one);
	tcase_add_test(tests, the_wall_clock_is_told_when_it_is_set);
	tcase_add_test(tests, a_time_on_the_wall_clock_is_told);
	tcase_add_test(tests, a_lock_that_is_handed_over_is_held_from_then_on);
	tcase_add_test(tests,
		       a_deadlock_says_who_waits_for_what_and_who_has_it);
	tcase_add_test(tests, a_queue_made_anew_is_the_same_one);
	tcase_add_test(tests, two_queues_of_a_word_at_once_are_two);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return suite;
}
