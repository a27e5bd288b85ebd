/*
 * test_queues.c - wait queues before and after some steps.
 */
#define _GNU_SOURCE /* memmem */
#include "tests/machine.h"
#include "tests/picture_boxes.h"
#include "tests/suites.h"
#include "tests/trace_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/canvas/dot.h"
#include "viz/queues/queues.h"
#include "viz/queues/snapshot.h"

static char error[VIZ_ERROR_MAX];

/* ---- helpers ----------------------------------------------------------- */

/* The scenario @text with a trace; it has to be carried out whole. */
static void play_traced(const char *text, const char *profile, struct run *run)
{
	struct run_request request = request_of(text, profile);

	request.wants_trace = true;
	play_request(&request, run);
	ck_assert_msg(!run->error, "%d: %s", run->error_line, run->error);
}

static struct dot_text dot_of(const struct trace *t,
			      const struct viz_options *o)
{
	struct dot_text dot;
	FILE *out = open_memstream(&dot.data, &dot.size);

	ck_assert_msg(viz_dot(VIZ_QUEUES, t, NULL, o, out, error) == 0, "%s",
		      error);
	fclose(out);
	return dot;
}

/* "F: A wake →, B → G, C; G: " */
static char *row_texts(const struct snapshot *s, unsigned int side)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct queue_side *q = &s->rows[i].sides[side];

		fprintf(out, "%s%s:", i ? "; " : "", s->rows[i].name);
		for (unsigned int k = 0; k < q->count; k++)
			fprintf(out, " %s%s%s%s%s", q->waiters[k].name,
				q->waiters[k].mark ? " " : "",
				q->waiters[k].mark ? q->waiters[k].mark : "",
				q->waiters[k].is_bad ? " bad" : "",
				k + 1 < q->count ? "," : "");
	}
	fclose(out);
	return text;
}

static void assert_sides(const struct snapshot *s, const char *before,
			 const char *after)
{
	char *texts[2] = {row_texts(s, 0), row_texts(s, 1)};

	ck_assert_str_eq(texts[0], before);
	ck_assert_str_eq(texts[1], after);
	free(texts[0]);
	free(texts[1]);
}

static struct snapshot *take(const struct trace *t, uint32_t around,
			     uint32_t span)
{
	const struct viz_options o = {.around = around, .span = span};
	struct snapshot *s = snapshot_new(t, &o, error);

	ck_assert_msg(s != NULL, "%s", error);
	return s;
}

/* The nth event of this kind, from 1. */
static const struct event *nth(const struct trace *t, enum event_kind kind,
			       unsigned int n)
{
	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].kind == kind && --n == 0)
			return &t->events[i];
	ck_abort_msg("there is no such event");
}

/* Three wait on F; R wakes one of them and moves one to G. */
static const char requeue[] =
	SCENARIO("threads:\n"
		 "  A: [r = futex_wait F 0 timeout=10ms]\n"
		 "  B: [r = futex_wait F 0]\n"
		 "  C: [r = futex_wait F 0]\n"
		 "  R: [n = futex_requeue F G wake=1 move=1]\n"
		 "schedule:\n"
		 "  - A: until blocked\n"
		 "  - B: until blocked\n"
		 "  - C: until blocked\n"
		 "  - R: until done\n"
		 "  - A: until done\n"
		 "expect: {threads: {B: blocked, C: blocked}}\n");

/* ---- who goes where ---------------------------------------------------- */

START_TEST(requeue_wakes_the_first_and_moves_the_next)
{
	struct run run;
	struct snapshot *s;
	const struct event *enter, *end;

	play_traced(requeue, "linux", &run);
	s = take(run.trace, 0, 0);
	assert_sides(s, "F: A wake →, B → G, C; G:", "F: C; G: B from F");
	ck_assert_uint_eq(s->fates[FATE_WOKEN], 1);
	ck_assert_uint_eq(s->fates[FATE_MOVED], 1);
	ck_assert_uint_eq(s->fates[FATE_JOINED], 0);
	ck_assert_str_eq(s->rows[0].sides[0].waiters[0].state, "until 10 ms");
	ck_assert_str_eq(s->rows[0].sides[0].waiters[1].state, "no timer");
	ck_assert_str_eq(s->rows[0].sides[0].value, "0");
	/* R's is the fourth call; its return is the first. */
	enter = nth(run.trace, EVENT_ENTER, 4);
	end = nth(run.trace, EVENT_RETURN, 1);
	ck_assert_uint_eq(s->call, enter->n);
	ck_assert_uint_eq(s->before, enter->n - 1);
	ck_assert_uint_eq(s->after, end->n);
	ck_assert(!s->is_bad);
	snapshot_free(s);
}
END_TEST

START_TEST(a_step_stands_for_its_call_up_to_where_it_sleeps)
{
	struct run run;
	struct snapshot *s;

	play_traced(requeue, "linux", &run);
	/* B's push is the second; its call is the second, as is its sleep. */
	s = take(run.trace, nth(run.trace, EVENT_QUEUE_PUSH, 2)->n, 0);
	ck_assert_uint_eq(s->before, nth(run.trace, EVENT_ENTER, 2)->n - 1);
	ck_assert_uint_eq(s->after, nth(run.trace, EVENT_BLOCK, 2)->n);
	assert_sides(s, "F: A", "F: A, B joins");
	snapshot_free(s);
	/* What A does after it was woken changes no queue. */
	s = take(run.trace, nth(run.trace, EVENT_RESUME, 1)->n, 0);
	ck_assert_uint_eq(s->before, nth(run.trace, EVENT_RESUME, 1)->n - 1);
	ck_assert_uint_eq(s->after, nth(run.trace, EVENT_RETURN, 2)->n);
	assert_sides(s, "F: C; G: B", "F: C; G: B");
	snapshot_free(s);
}
END_TEST

START_TEST(a_span_is_so_many_events_on_both_sides)
{
	struct run run;
	struct snapshot *s;
	uint32_t n;

	play_traced(requeue, "linux", &run);
	n = nth(run.trace, EVENT_QUEUE_CHARGE, 1)->n;
	s = take(run.trace, n, 1);
	ck_assert_uint_eq(s->before, n - 2);
	ck_assert_uint_eq(s->after, n + 1);
	/* Both locks are held there, and B is not moved yet. */
	assert_sides(s, "F: A wake →, B, C; G:", "F: B, C; G:");
	ck_assert_str_eq(s->rows[0].sides[0].holder, "R");
	ck_assert_str_eq(s->rows[1].sides[1].holder, "R");
	snapshot_free(s);
	/* Between the drain and the append B is on neither. */
	n = nth(run.trace, EVENT_QUEUE_DRAIN, 1)->n;
	s = take(run.trace, n - 1, 1);
	assert_sides(s, "F: B taken off →, C; G:", "F: C; G:");
	snapshot_free(s);
	/* Beyond the ends there is nothing. */
	s = take(run.trace, n, 1000000);
	ck_assert_uint_eq(s->before, 0);
	ck_assert_uint_eq(s->after, run.trace->event_count);
	snapshot_free(s);
}
END_TEST

START_TEST(violation_is_shown_first_and_nothing_else_is_red)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct snapshot *s = take(t, 0, 0);
	struct dot_text dot;
	struct run run;

	/* B's wake-up is charged to A, which is evidence. */
	assert_sides(s, "F: A wake → bad, C", "F: C");
	ck_assert(s->is_bad);
	snapshot_free(s);
	dot = dot_of(t, NULL);
	ck_assert_ptr_nonnull(strstr(dot.data, "#B3001B"));
	ck_assert_ptr_nonnull(strstr(dot.data, "• A"));
	free(dot.data);
	trace_free(t);
	play_traced(requeue, "linux", &run);
	dot = dot_of(run.trace, NULL);
	ck_assert_ptr_null(strstr(dot.data, "#B3001B"));
	free(dot.data);
}
END_TEST

/* A gives up at its deadline and takes itself off; C stays. */
START_TEST(who_times_out_leaves_by_itself)
{
	struct run run;
	struct snapshot *s;

	play_traced(SCENARIO("threads:\n"
			     "  A: [r = futex_wait F 0 timeout=10ms]\n"
			     "  C: [r = futex_wait F 0]\n"
			     "schedule:\n"
			     "  - A: until blocked\n"
			     "  - C: until blocked\n"
			     "  - clock: advance 10ms\n"
			     "  - A: until done\n"
			     "expect: {threads: {C: blocked}}\n"),
		    "linux", &run);
	s = take(run.trace, nth(run.trace, EVENT_QUEUE_REMOVE, 1)->n, 0);
	assert_sides(s, "F: A timed out →, C", "F: C");
	/* Its timer has fired before these steps. */
	ck_assert_str_eq(s->rows[0].sides[0].waiters[0].state, "awake");
	snapshot_free(s);
}
END_TEST

/* ---- the picture ------------------------------------------------------- */

/* Nine waiters: the first three, a card for four, the last two. */
START_TEST(long_queues_are_folded_and_panels_stacked)
{
	struct run run;
	struct dot_text dot;
	struct boxes b;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	double left = 0, right = 0;

	fputs("futexsim: 1\nname: many\nmemory: {words: {F: 0, G: 0}}\n"
	      "threads:\n",
	      out);
	for (char c = 'A'; c < 'J'; c++)
		fprintf(out, "  %c: [r = futex_wait F 0]\n", c);
	fputs("  R: [n = futex_requeue F G wake=1 move=100]\nschedule:\n", out);
	for (char c = 'A'; c < 'J'; c++)
		fprintf(out, "  - %c: until blocked\n", c);
	fputs("  - R: until done\n"
	      "expect: {threads: {B: blocked, C: blocked}}\n",
	      out);
	fclose(out);
	play_traced(text, "linux", &run);
	dot = dot_of(run.trace, NULL);
	b = picture_boxes(dot);
	ck_assert_ptr_nonnull(strstr(dot.data, "⋯4")); /* of 9 */
	ck_assert_ptr_nonnull(strstr(dot.data, "⋯3")); /* of 8 */
	ck_assert_uint_eq(boxes_with_label(&b, "4× → G"), 1);
	/* Six boxes before; empty and six after: F and G on both panels. */
	ck_assert_uint_eq(boxes_with_id(&b, "w0_0_"), 6);
	ck_assert_uint_eq(boxes_with_id(&b, "w1_1_"), 6);
	for (unsigned int i = 0; i < b.count; i++) {
		if (!strcmp(b.items[i].id, "panel0"))
			left = b.items[i].x;
		if (!strcmp(b.items[i].id, "panel1"))
			right = b.items[i].x;
	}
	ck_assert(left > 0 && left == right);
	picture_renders(dot);
	free(b.items);
	free(dot.data);
	free(text);
}
END_TEST

START_TEST(dot_is_the_golden_one)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct dot_text dot = dot_of(t, NULL);

	picture_is_golden(dot, "queues-timeout-swallows-wake");
	picture_renders(dot);
	free(dot.data);
	trace_free(t);
	t = fixture_requeue_across_processes();
	dot = dot_of(t, NULL);
	picture_is_golden(dot, "queues-requeue-across-processes");
	picture_renders(dot);
	free(dot.data);
	trace_free(t);
}
END_TEST

static unsigned int drawn, empty;

/* Each run has a picture, or nobody ever waits in it. */
static void check_run(const struct run *run)
{
	bool has_waiter = false;
	struct dot_text dot;
	FILE *out = open_memstream(&dot.data, &dot.size);
	int result = viz_dot(VIZ_QUEUES, run->trace, NULL, NULL, out, error);

	fclose(out);
	for (unsigned int i = 0; i < run->trace->event_count; i++)
		has_waiter |= run->trace->events[i].kind == EVENT_QUEUE_PUSH;
	if (result == -ENODATA) {
		ck_assert_msg(!has_waiter, "%s", run->trace->scenario);
		ck_assert_str_eq(error, "no wait queue ever has a waiter");
		empty++;
	} else {
		ck_assert_int_eq(result, 0);
		ck_assert(has_waiter);
		if (drawn++ % 16 == 0)
			picture_renders(dot);
	}
	free(dot.data);
}

START_TEST(every_run_with_a_waiter_has_a_picture)
{
	each_shipped_run(check_run);
	ck_assert_uint_gt(drawn, 200);
	ck_assert_uint_gt(empty, 5);
}
END_TEST

START_TEST(nothing_to_show_says_why)
{
	struct viz_options o = {.around = 1, .span = 1};
	struct run run;
	char *wanted;

	play_traced(requeue, "linux", &run);
	ck_assert_ptr_null(snapshot_new(run.trace, &o, error));
	ck_assert_int_gt(
		asprintf(&wanted,
			 "--around: no wait queue has a waiter before or after "
			 "steps 1 to 2; the first to join one does so at step "
			 "%u",
			 nth(run.trace, EVENT_QUEUE_PUSH, 1)->n),
		0);
	ck_assert_str_eq(error, wanted);
	free(wanted);
	o.around = run.trace->event_count + 1;
	ck_assert_ptr_null(snapshot_new(run.trace, &o, error));
	ck_assert_ptr_nonnull(strstr(error, "there is no step"));
}
END_TEST

Suite *queues_view_suite(void)
{
	const TTest *const tests[] = {
		requeue_wakes_the_first_and_moves_the_next,
		a_step_stands_for_its_call_up_to_where_it_sleeps,
		a_span_is_so_many_events_on_both_sides,
		violation_is_shown_first_and_nothing_else_is_red,
		who_times_out_leaves_by_itself,
		long_queues_are_folded_and_panels_stacked,
		dot_is_the_golden_one,
		every_run_with_a_waiter_has_a_picture,
		nothing_to_show_says_why,
	};

	return MACHINE_SUITE("queues_view", tests);
}
