/*
 * test_diff.c - two traces compared: where they differ first, which rows stand
 * beside each other, and what the command says.
 */
#define _GNU_SOURCE /* memmem */
#include "tests/machine.h"
#include "tests/picture_boxes.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "viz/diff/compare.h"
#include "viz/diff/pages.h"

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"
#define PROFILE "starry-0.5.11"

/* ---- alignment ----------------------------------------------------------- */

static uint32_t pairs_of(const char *a, const char *b, uint32_t *pair)
{
	uint64_t x[64], y[64];
	uint32_t count = 0, last = 0;

	for (size_t i = 0; a[i]; i++)
		x[i] = (unsigned char)a[i];
	for (size_t i = 0; b[i]; i++)
		y[i] = (unsigned char)b[i];
	ck_assert(align_keys(x, (uint32_t)strlen(a), y, (uint32_t)strlen(b),
			     pair));
	for (size_t i = 0; a[i]; i++) {
		if (pair[i] == ALIGN_NONE)
			continue;
		ck_assert_int_eq(a[i], b[pair[i]]);
		ck_assert(count == 0 || pair[i] > last);
		last = pair[i];
		count++;
	}
	return count;
}

/* Length of a longest common subsequence, the slow and plain way. */
static uint32_t longest(const char *a, const char *b)
{
	uint32_t best[64][64] = {0};
	size_t n = strlen(a), m = strlen(b);

	for (size_t i = n; i-- > 0;)
		for (size_t k = m; k-- > 0;) {
			uint32_t skip = best[i + 1][k] > best[i][k + 1]
						? best[i + 1][k]
						: best[i][k + 1];

			best[i][k] =
				a[i] == b[k] ? best[i + 1][k + 1] + 1 : skip;
		}
	return best[0][0];
}

START_TEST(as_many_as_possible_are_paired)
{
	uint32_t pair[64];
	char a[40], b[40];
	unsigned int seed = 7;

	/* The example of Myers' article: four. */
	ck_assert_uint_eq(pairs_of("ABCABBA", "CBABAC", pair), 4);
	ck_assert_uint_eq(pairs_of("", "ABC", pair), 0);
	ck_assert_uint_eq(pairs_of("ABC", "ABC", pair), 3);
	ck_assert_uint_eq(pairs_of("ABC", "XYZ", pair), 0);
	for (unsigned int round = 0; round < 300; round++) {
		size_t n = (seed = seed * 1103515245 + 12345) / 65536 % 39;
		size_t m = (seed = seed * 1103515245 + 12345) / 65536 % 39;

		for (size_t i = 0; i < n; i++)
			a[i] = (char)('a' + (seed = seed * 1103515245 + 12345) /
						    65536 % 4);
		for (size_t i = 0; i < m; i++)
			b[i] = (char)('a' + (seed = seed * 1103515245 + 12345) /
						    65536 % 4);
		a[n] = b[m] = '\0';
		ck_assert_uint_eq(pairs_of(a, b, pair), longest(a, b));
	}
}
END_TEST

/* ---- the first difference ---------------------------------------------- */

/* The same scenario, with or without one more block in its schedule. */
#define RACE(schedule)                                                         \
	SCENARIO("threads:\n"                                                  \
		 "  A: [v = load F, store G 1]\n"                              \
		 "  B: [store F 1]\n"                                          \
		 "schedule:\n" schedule)

/* The scenario @text with a trace; it has to be carried out whole. */
static void play_traced(const char *text, const char *profile, struct run *run)
{
	struct run_request request = request_of(text, profile);

	request.wants_trace = true;
	play_request(&request, run);
	ck_assert_msg(!run->error, "%d: %s", run->error_line, run->error);
}

static struct trace *trace_of(const char *text)
{
	struct run run;
	struct trace *copy;
	char error[TRACE_ERROR_MAX];
	char *data;
	size_t size;
	FILE *file;

	play_traced(text, "linux", &run);
	file = open_memstream(&data, &size);
	ck_assert_int_eq(trace_write(run.trace, file), 0);
	fclose(file);
	file = fmemopen(data, size, "r");
	copy = trace_read(file, "copy", error);
	ck_assert_msg(copy != NULL, "%s", error);
	fclose(file);
	free(data);
	return copy;
}

static const char a_first[] = RACE("  - A: until done\n"
				   "  - B: until done\n");
static const char b_first[] = RACE("  - B: until done\n"
				   "  - A: until done\n");

START_TEST(a_trace_is_equal_to_itself)
{
	struct trace *t = trace_of(a_first);
	struct comparison c;

	compare_traces(t, t, &c);
	ck_assert(comparison_is_equal(&c));
	ck_assert_uint_eq(c.alike, t->event_count);
	ck_assert_int_eq(c.effect.kind, DIFFERENCE_NONE);
	trace_free(t);
}
END_TEST

/*
 * Left: A loads 0, A stores, B stores.  Right: B stores, A loads 1, A stores.
 * They differ at once by who moves; the first step of a thread that differs is
 * A's load, the first on the left and the second on the right.  Two events can
 * be paired at most: A's store and ... B's store comes before it on the right,
 * after it on the left, so it is one of them, and A's load is unlike.
 */
START_TEST(another_order_differs_by_the_mover_and_then_by_a_value)
{
	struct trace *left = trace_of(a_first), *right = trace_of(b_first);
	struct comparison c;

	ck_assert_uint_eq(left->event_count, 3);
	compare_traces(left, right, &c);
	ck_assert_int_eq(c.first.kind, DIFFERENCE_MOVER);
	ck_assert_uint_eq(c.first.n[0], 1);
	ck_assert_uint_eq(c.first.n[1], 1);
	ck_assert_int_eq(c.effect.kind, DIFFERENCE_VALUE);
	ck_assert_uint_eq(c.effect.n[0], 1);
	ck_assert_uint_eq(c.effect.n[1], 2);
	ck_assert_uint_eq(c.alike, 1);
	ck_assert_uint_eq(c.only[0], 2);
	ck_assert_uint_eq(c.only[1], 2);
	trace_free(left);
	trace_free(right);
}
END_TEST

START_TEST(value_point_end_and_verdict_are_told_apart)
{
	struct trace *left = trace_of(a_first), *right = trace_of(a_first);
	struct comparison c;

	right->events[0].out = 5;
	compare_traces(left, right, &c);
	ck_assert_int_eq(c.first.kind, DIFFERENCE_VALUE);
	ck_assert_uint_eq(c.first.n[0], 1);
	right->events[0].kind = EVENT_USER_FAULT;
	compare_traces(left, right, &c);
	ck_assert_int_eq(c.first.kind, DIFFERENCE_POINT);
	right->events[0] = left->events[0];
	/* Neither the time nor the place in the source is a difference. */
	right->events[1].time_ns++;
	right->events[1].src = "elsewhere.c:1";
	compare_traces(left, right, &c);
	ck_assert(comparison_is_equal(&c));
	right->event_count--;
	compare_traces(left, right, &c);
	ck_assert_int_eq(c.first.kind, DIFFERENCE_END);
	ck_assert_uint_eq(c.first.n[0], 3);
	ck_assert_uint_eq(c.first.n[1], 0);
	right->event_count++;
	trace_add_verdict(right)->kind = VERDICT_LEAK;
	compare_traces(left, right, &c);
	ck_assert_int_eq(c.first.kind, DIFFERENCE_VERDICT);
	trace_free(left);
	trace_free(right);
}
END_TEST

/* ---- rows beside each other -------------------------------------------- */

static struct trace *before;
static unsigned int pages_seen;

/* Each row once and in order; what is alike says the same. */
static void check_levels(const struct pages *p)
{
	int next[2] = {0, 0};

	for (unsigned int i = 0; i < p->count; i++) {
		const struct level *level = &p->levels[i];

		for (unsigned int side = 0; side < 2; side++) {
			if (level->row[side] < 0)
				continue;
			ck_assert_int_eq(level->row[side], next[side]++);
			ck_assert_uint_eq(p->level_of[side][next[side] - 1], i);
		}
		if (level->mark == LEVEL_ALIKE && level->row[0] >= 0 &&
		    level->row[1] >= 0)
			ck_assert_str_eq(p->s[0]->rows[level->row[0]].text,
					 p->s[1]->rows[level->row[1]].text);
		ck_assert(i >= p->first || level->mark == LEVEL_ALIKE ||
			  level->mark == LEVEL_CHANGED);
	}
	ck_assert_int_eq(next[0], (int)p->s[0]->row_count);
	ck_assert_int_eq(next[1], (int)p->s[1]->row_count);
}

/* All before the first difference is the same in both. */
static void check_prefix(const struct comparison *c)
{
	uint32_t n = c->first.n[0] ? c->first.n[0] : c->first.n[1];

	for (uint32_t i = 0; i + 1 < n; i++) {
		ck_assert_int_eq(c->t[0]->events[i].kind,
				 c->t[1]->events[i].kind);
		ck_assert_int_eq(c->t[0]->events[i].out,
				 c->t[1]->events[i].out);
	}
}

/* Each run beside the one before it, which is often of the same scenario. */
static void check_pair(const struct run *run)
{
	char error[VIZ_ERROR_MAX];
	struct pages p;
	FILE *file;
	char *data;
	size_t size;

	if (before && !pages_init(&p, before, run->trace, NULL, error)) {
		check_levels(&p);
		check_prefix(&p.c);
		pages_fini(&p);
		pages_seen++;
	}
	trace_free(before);
	file = open_memstream(&data, &size);
	trace_write(run->trace, file);
	fclose(file);
	file = fmemopen(data, size, "r");
	before = trace_read(file, "before", error);
	fclose(file);
	free(data);
}

START_TEST(rows_keep_their_order_and_are_all_there)
{
	each_shipped_run(check_pair);
	trace_free(before);
	before = NULL;
	ck_assert_uint_gt(pages_seen, 300);
}
END_TEST

START_TEST(dot_is_the_golden_one)
{
	struct trace *left = trace_of(a_first), *right = trace_of(b_first);
	char error[VIZ_ERROR_MAX];
	struct dot_text dot;
	FILE *out = open_memstream(&dot.data, &dot.size);

	ck_assert_int_eq(viz_diff_dot(left, right, NULL, out, error), 0);
	fclose(out);
	picture_is_golden(dot, "diff-load-and-store");
	picture_renders(dot);
	free(dot.data);
	trace_free(left);
	trace_free(right);
}
END_TEST

/* ---- the command ------------------------------------------------------- */

static const char *made(const char *name, const char *profile)
{
	const char *path = in_folder(name);

	CALL("run", SWALLOWS, "--profile", profile, "--trace", path);
	return path;
}

START_TEST(exit_code_says_whether_they_differ)
{
	const char *fail = made("fail.jsonl", PROFILE);
	const char *pass = made("pass.jsonl", "linux");

	assert_code(CALL("diff", fail, fail), 0);
	assert_code(CALL("diff", fail, pass), 1);
	assert_code(CALL("diff", fail), 2);
	assert_code(CALL("diff", "-", "-"), 2);
	assert_code(CALL("diff", fail, in_folder("none.jsonl")), 3);
	assert_code(CALL("diff", fail, SWALLOWS), 3);
	assert_code(CALL("diff", fail, pass, "-o", in_folder("d.html")), 2);
	assert_code(CALL("diff", fail, pass, "-o", in_folder("d")), 2);
	assert_code(CALL("diff", fail, pass, "--theme", "dark"), 2);
	assert_code(CALL("diff", fail, pass, "--to", "svg", "--ascii"), 2);
	assert_code(CALL("diff", fail, pass, "--around", "5000"), 2);
	assert_err(CALL("diff", fail, pass, "--focus", "Q"),
		   "'Q' matches no thread");
}
END_TEST

/*
 * Linux and starry go the same way up to where A has been woken by its timer:
 * the one leaves the queue first, the other looks at its timer.
 */
START_TEST(text_has_the_sides_and_a_rule)
{
	const char *fail = made("fail.jsonl", PROFILE);
	const char *pass = made("pass.jsonl", "linux");
	const struct outcome *o = CALL("diff", fail, pass);

	assert_out(o, "left:  timeout-swallows-wake, profile " PROFILE);
	assert_out(o, "first difference: ");
	assert_out(o, "─── first difference: ");
	assert_out(o, "left: ✗ LOST WAKE-UP");
	assert_out(o, "right: ✓ OK");
	assert_out(o, "✗ 92  A ");
	o = CALL("diff", fail, pass, "--ascii");
	for (const char *c = o->out; *c; c++)
		ck_assert_int_gt(*c, 0);
	o = CALL("diff", fail, fail);
	assert_out(o, "the traces are equal: 92 events");
	ck_assert_ptr_null(strstr(o->out, "first difference"));
}
END_TEST

START_TEST(json_has_both_events)
{
	const char *fail = made("fail.jsonl", PROFILE);
	const char *pass = made("pass.jsonl", "linux");
	json_error_t error;
	const struct outcome *o = CALL("diff", "-f", "json", fail, pass);
	json_t *root = json_loads(o->out, 0, &error), *first;

	ck_assert_msg(root != NULL, "%s", error.text);
	ck_assert(json_is_false(json_object_get(root, "equal")));
	first = json_object_get(root, "first");
	ck_assert(json_is_integer(
		json_object_get(json_object_get(first, "left"), "step")));
	ck_assert(json_is_string(
		json_object_get(json_object_get(first, "right"), "point")));
	json_decref(root);
	o = CALL("diff", "-f", "json", fail, fail);
	root = json_loads(o->out, 0, &error);
	ck_assert(json_is_true(json_object_get(root, "equal")));
	ck_assert(json_is_null(json_object_get(root, "first")));
	json_decref(root);
}
END_TEST

static void assert_svg(const char *path)
{
	size_t size;
	char *svg = content_of(path, &size);

	ck_assert_ptr_nonnull(svg);
	ck_assert_ptr_nonnull(strstr(svg, "id=\"first_difference\""));
	/* Boxes of step 1 on both sides, and both badges. */
	ck_assert_ptr_nonnull(strstr(svg, "id=\"l_s1\""));
	ck_assert_ptr_nonnull(strstr(svg, "id=\"r_s1\""));
	ck_assert_ptr_nonnull(strstr(svg, "✗ LOST WAKE"));
	ck_assert_ptr_nonnull(strstr(svg, "✓ OK"));
	free(svg);
}

START_TEST(picture_has_both_runs)
{
	const char *fail = made("fail.jsonl", PROFILE);
	const char *pass = made("pass.jsonl", "linux");
	const char *path = in_folder("d.svg");

	assert_code(CALL("diff", fail, pass, "-o", path), 1);
	assert_svg(path);
	assert_code(CALL("diff", fail, pass, "-o", in_folder("e.png"),
			 "--theme", "dark"),
		    1);
	assert_code(CALL("diff", fail, fail, "-o", in_folder("e.dot")), 0);
}
END_TEST

START_TEST(explain_draws_the_failing_run_beside_the_passing_one)
{
	const char *path = in_folder("d.svg");

	CALL("explore", "scenarios/timeout/swallows-wake-searched.yaml",
	     "--profile", PROFILE, "--executions", "3000", "--schedules",
	     folder_path());
	assert_code(CALL("explain",
			 in_folder("timeout-swallows-wake-searched-" PROFILE
				   "-lost-wakeup.yaml"),
			 "-o", path),
		    0);
	assert_svg(path);
}
END_TEST

Suite *diff_suite(void)
{
	const TTest *const tests[] = {
		as_many_as_possible_are_paired,
		a_trace_is_equal_to_itself,
		another_order_differs_by_the_mover_and_then_by_a_value,
		value_point_end_and_verdict_are_told_apart,
		rows_keep_their_order_and_are_all_there,
		dot_is_the_golden_one,
	};
	const TTest *const commands[] = {
		exit_code_says_whether_they_differ,
		text_has_the_sides_and_a_rule,
		json_has_both_events,
		picture_has_both_runs,
		explain_draws_the_failing_run_beside_the_passing_one,
	};
	Suite *suite = MACHINE_SUITE("diff", tests);
	TCase *tc = tcase_create("command");

	tcase_add_checked_fixture(tc, folder_setup, folder_teardown);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		tcase_add_test(tc, commands[i]);
	suite_add_tcase(suite, tc);
	return suite;
}
