/*
 * test_happens_before.c - what comes before what, in small traces: which pair
 * races, what filters leave, golden pictures.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/trace_fixture.h"
#include "tests/views.h"
#include "viz/happens_before/order.h"

/* ---- traces ------------------------------------------------------------ */

/* Two threads of one process, A and B. */
static struct fixture two_threads(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};

	return fixture_begin("two-threads", threads);
}

static struct trace *judged(struct fixture *f, enum verdict_kind kind,
			    uint32_t first, uint32_t second)
{
	struct verdict *v = trace_add_verdict(f->t);

	v->kind = kind;
	v->what = "they race";
	v->rule = "two accesses are ordered";
	v->thread = 1;
	v->at = second;
	verdict_add_evidence(v, first);
	return with_clocks(f->t);
}

static struct trace *two_stores(void)
{
	struct fixture f = two_threads();

	fixture_store(&f, "F", 0, 1);
	f.thread = 1;
	fixture_store(&f, "F", 1, 2);
	f.t->events[0].text = "store F 1 plain";
	return judged(&f, VERDICT_DATA_RACE, 1, 2);
}

static struct trace *swallows_wake(void)
{
	struct trace *t = fixture_timeout_swallows_wake();

	/* The store that the load of step 46 came too early for. */
	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].kind == EVENT_STORE &&
		    t->events[i].object_kind == OBJECT_WOKEN)
			verdict_add_evidence(&t->verdicts[0], i + 1);
	return with_clocks(t);
}

static struct trace *across_processes(void)
{
	return with_clocks(fixture_requeue_across_processes());
}

static struct trace *contended(void)
{
	return with_clocks(fixture_contended_mutex());
}

static struct trace *interrupted(void)
{
	return with_clocks(fixture_signal());
}

static struct trace *eight_threads(void)
{
	return with_clocks(fixture_eight_threads());
}

/* ---- golden and themes ------------------------------------------------- */

static const struct golden {
	const char *name;
	struct trace *(*make)(void);
} goldens[] = {
	{"two-stores", two_stores},
	{"timeout-swallows-wake", swallows_wake},
	{"requeue-across-processes", across_processes},
	{"contended-mutex", contended},
	{"signal", interrupted},
	{"eight-threads", eight_threads},
};
#define GOLDEN_COUNT ((int)(sizeof(goldens) / sizeof(goldens[0])))

START_TEST(dot_is_the_golden_one)
{
	struct trace *t = goldens[_i].make();
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, NULL), *path;

	ck_assert_int_gt(
		asprintf(&path, "tests/golden/%s.before.dot", goldens[_i].name),
		0);
	assert_golden_view(dot, path);
	assert_renders(dot);
	free(path);
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(every_theme_and_form_renders)
{
	static const char *const forms[] = {"svg", "png", "pdf"};
	struct trace *t = goldens[_i].make();

	for (unsigned int theme = 0; theme < VIZ_THEME_COUNT; theme++) {
		struct viz_options o = {.theme = (enum viz_theme)theme};
		char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, &o), *picture;
		char error[VIZ_ERROR_MAX];
		size_t size;

		ck_assert_msg(viz_render(dot, strlen(dot), forms[theme],
					 &picture, &size, error) == 0,
			      "%s", error);
		free(picture);
		free(dot);
	}
	trace_free(t);
}
END_TEST

/* ---- races ------------------------------------------------------------- */

START_TEST(accesses_that_nothing_orders_race)
{
	struct trace *t = two_stores();
	struct order *o = order_new(t);
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, NULL);

	ck_assert_uint_eq(o->first, 1);
	ck_assert_uint_eq(o->second, 2);
	ck_assert(dot_has(dot, "no path 1 → 2 and none 2 → 1"));
	ck_assert(dot_has(dot, "happens-before: race on F"));
	free(dot);
	order_free(o);
	trace_free(t);
}
END_TEST

/* A stores F, then G; B loads G, then F: G orders the accesses to F. */
static struct trace *by_a_flag(enum verdict_kind kind)
{
	struct fixture f = two_threads();

	fixture_store(&f, "F", 0, 1);
	fixture_store(&f, "G", 0, 1);
	f.thread = 1;
	fixture_load(&f, "G", 1);
	fixture_load(&f, "F", 1);
	return judged(&f, kind, 1, 4);
}

START_TEST(accesses_that_a_flag_orders_do_not_race)
{
	struct trace *t = by_a_flag(VERDICT_LOST_WAKEUP);
	struct order *o = order_new(t);
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, NULL);

	ck_assert_uint_eq(o->first, 0);
	ck_assert(order_leads(o, 1, 4));
	ck_assert(!dot_has(dot, "RACE"));
	ck_assert(dot_has(dot, "all evidence is ordered: 1 → 4"));
	free(dot);
	order_free(o);
	trace_free(t);
}
END_TEST

/* A plain store to the flag orders nothing. */
START_TEST(plain_accesses_order_nothing)
{
	struct trace *t = by_a_flag(VERDICT_DATA_RACE);
	struct order *o;

	t->events[1].text = "store G 1 plain";
	o = order_new(t);
	ck_assert(!order_leads(o, 1, 4));
	ck_assert_uint_eq(o->first, 1);
	order_free(o);
	trace_free(t);
}
END_TEST

/* A stores F and unlocks the queue, which B locks before it loads F. */
static struct trace *by_a_mutex(enum verdict_kind kind)
{
	struct fixture f = two_threads();

	fixture_store(&f, "F", 0, 1);
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	fixture_unlock(&f, OBJECT_WQ, "wq:F");
	f.thread = 1;
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	fixture_load(&f, "F", 1);
	return judged(&f, kind, 1, 5);
}

/* But for user memory, mutexes of the kernel are not there. */
START_TEST(mutex_of_the_kernel_orders_all_but_user_memory)
{
	struct trace *t = by_a_mutex(VERDICT_LOST_WAKEUP);
	struct order *o = order_new(t);
	char *dot;

	ck_assert(order_leads(o, 1, 5));
	ck_assert_uint_eq(o->first, 0);
	order_free(o);
	trace_free(t);
	t = by_a_mutex(VERDICT_DATA_RACE);
	o = order_new(t);
	dot = view_dot(VIZ_HAPPENS_BEFORE, t, NULL);
	ck_assert(!order_leads(o, 1, 5));
	ck_assert_uint_eq(o->first, 1);
	ck_assert(o->is_known);
	ck_assert(dot_has(dot, "no path 1 → 5 and none 5 → 1 in user memory"));
	free(dot);
	order_free(o);
	trace_free(t);
}
END_TEST

/* The timer ended the park; nobody took the permit of B's wake-up. */
START_TEST(wake_that_nobody_took_is_no_line)
{
	struct trace *t = swallows_wake();
	struct order *o = order_new(t);
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, NULL);

	for (unsigned int i = 0; i < o->edge_count; i++)
		ck_assert_int_ne(o->edges[i].kind, ORDER_WAKE);
	ck_assert(dot_has(dot, "arrowhead=tee"));
	ck_assert(dot_has(dot, "unread"));
	ck_assert(dot_has(dot, "wake, permit not taken"));
	free(dot);
	order_free(o);
	trace_free(t);
}
END_TEST

/* ---- filters ----------------------------------------------------------- */

static bool has_box(const char *dot, uint32_t n)
{
	char id[32];

	snprintf(id, sizeof(id), "[id=\"s%u\"", n);
	return dot_has(dot, id);
}

START_TEST(nothing_left_names_the_filter)
{
	const char *globs[] = {"*.*", "wq.*"};
	struct viz_options o = {.hide = {globs, 1}};
	struct trace *t = contended();

	t->verdict_count = 0;
	assert_no_view(VIZ_HAPPENS_BEFORE, t, &o,
		       "nothing is left by --hide '*.*'");
	o = (struct viz_options){.around = 9999, .span = 3};
	assert_no_view(VIZ_HAPPENS_BEFORE, t, &o,
		       "--around 9999±3: the trace has no step 9999");
	trace_free(t);
}
END_TEST

START_TEST(without_clocks_the_reason_says_how_to_get_them)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct trace *empty = trace_new(1);

	assert_no_view(VIZ_HAPPENS_BEFORE, t, NULL, "no vector clocks");
	assert_no_view(VIZ_HAPPENS_BEFORE, t, NULL,
		       "futexsim run FILE --trace");
	assert_no_view(VIZ_HAPPENS_BEFORE, empty, NULL,
		       "the trace has no events");
	trace_free(t);
	trace_free(empty);
}
END_TEST

START_TEST(hidden_events_go_but_evidence_stays)
{
	const char *globs[] = {"wq.*", "woken.*"};
	struct viz_options o = {.hide = {globs, 2}};
	struct trace *t = swallows_wake();
	char *whole = view_dot(VIZ_HAPPENS_BEFORE, t, NULL),
	     *dot = view_dot(VIZ_HAPPENS_BEFORE, t, &o);

	ck_assert(dot_has(whole, "unlock wq"));
	ck_assert(!dot_has(dot, "  unlock wq"));
	ck_assert(dot_has(dot, "RACE"));
	/* What the mutex orders stays ordered: "through folded steps". */
	ck_assert(dot_has(dot, "through folded steps"));
	free(dot);
	free(whole);
	trace_free(t);
}
END_TEST

START_TEST(focus_shows_what_is_usually_folded)
{
	const char *names[] = {"ref.*"};
	struct viz_options o = {.focus = {names, 1}};
	struct trace *t = swallows_wake();
	char *whole = view_dot(VIZ_HAPPENS_BEFORE, t, NULL),
	     *dot = view_dot(VIZ_HAPPENS_BEFORE, t, &o);

	ck_assert(!dot_has(whole, "  get "));
	ck_assert(dot_has(dot, "  get "));
	free(dot);
	free(whole);
	trace_free(t);
}
END_TEST

/* Every step has its box; notes, too, but nothing is left out. */
START_TEST(unfolded_every_event_has_its_box)
{
	struct viz_options o = {.fold = VIZ_FOLD_NONE};
	struct trace *t = swallows_wake();
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, &o);

	for (uint32_t n = 1; n <= t->event_count; n++)
		ck_assert(has_box(dot, n));
	ck_assert(!dot_has(dot, "folded"));
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(around_shows_no_step_beyond)
{
	struct viz_options o = {.around = 40, .span = 8};
	struct trace *t = swallows_wake();
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, &o);

	for (uint32_t n = 1; n <= t->event_count; n++)
		ck_assert(!has_box(dot, n) || (n >= 32 && n <= 48));
	ck_assert(has_box(dot, 40));
	ck_assert(dot_has(dot, "around 40±8"));
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(the_same_trace_gives_the_same_bytes)
{
	struct trace *t = eight_threads();
	char *one = view_dot(VIZ_HAPPENS_BEFORE, t, NULL),
	     *two = view_dot(VIZ_HAPPENS_BEFORE, t, NULL);

	ck_assert_str_eq(one, two);
	free(one);
	free(two);
	trace_free(t);
}
END_TEST

Suite *happens_before_suite(void)
{
	const TTest *const tests[] = {
		accesses_that_nothing_orders_race,
		accesses_that_a_flag_orders_do_not_race,
		plain_accesses_order_nothing,
		mutex_of_the_kernel_orders_all_but_user_memory,
		wake_that_nobody_took_is_no_line,
		nothing_left_names_the_filter,
		without_clocks_the_reason_says_how_to_get_them,
		hidden_events_go_but_evidence_stays,
		focus_shows_what_is_usually_folded,
		unfolded_every_event_has_its_box,
		around_shows_no_step_beyond,
		the_same_trace_gives_the_same_bytes,
	};
	Suite *suite = suite_create("happens-before");
	TCase *tc = tcase_create("happens-before");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	tcase_add_loop_test(tc, dot_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(tc, every_theme_and_form_renders, 0, GOLDEN_COUNT);
	suite_add_tcase(suite, tc);
	return suite;
}
