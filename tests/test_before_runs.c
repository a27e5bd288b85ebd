/*
 * test_before_runs.c - happens-before pictures of real runs: every line is in
 * the clocks, every way of the order is in the picture, and a race is in
 * neither.
 *
 * The runs are those of every shipped scenario, and random ones of many
 * threads.
 */
#define _GNU_SOURCE /* strndup */
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

#include "tests/machine.h"
#include "tests/views.h"
#include "viz/happens_before/order.h"

/* ---- the picture as data ------------------------------------------------ */

#define BOXES_MAX 700u

struct drawn {
	uint32_t n;
	long x, y; /* hundredths, y down */
};

struct picture {
	const struct trace *t;
	struct drawn boxes[BOXES_MAX];
	unsigned int count;
	bool leads[BOXES_MAX][BOXES_MAX]; /* one line, later: a way */
	uint32_t race[2];
};

static struct picture pic;

static int box_of(uint32_t n)
{
	for (unsigned int i = 0; i < pic.count; i++)
		if (pic.boxes[i].n == n)
			return (int)i;
	return -1;
}

static const struct event *event_at(uint32_t n)
{
	return &pic.t->events[n - 1];
}

static void read_line(const char *line)
{
	double x, y;
	uint32_t a, b;

	if (sscanf(line, " \"s%u\" -> \"s%u\"", &a, &b) == 2) {
		int from = box_of(a), to = box_of(b);

		ck_assert_int_ge(from, 0);
		ck_assert_int_ge(to, 0);
		if (strstr(line, "id=\"race\"")) {
			pic.race[0] = a < b ? a : b;
			pic.race[1] = a < b ? b : a;
		} else if (a != b) {
			pic.leads[from][to] = true;
		}
		return;
	}
	if (sscanf(line, " \"s%u\" [id=", &a) != 1)
		return;
	ck_assert_uint_lt(pic.count, BOXES_MAX);
	ck_assert(sscanf(strstr(line, "pos="), "pos=\"%lf,%lf", &x, &y) == 2);
	pic.boxes[pic.count++] =
		(struct drawn){a, (long)(x * 100), (long)(-y * 100)};
}

static void read_picture(const struct trace *t, const char *dot)
{
	memset(&pic, 0, sizeof(pic));
	pic.t = t;
	for (const char *p = dot; *p;) {
		size_t size = strcspn(p, "\n");
		char *line = strndup(p, size);

		read_line(line);
		free(line);
		p += size + (p[size] == '\n');
	}
}

/* ---- what must hold of every picture ----------------------------------- */

static bool are_threads(uint32_t a, uint32_t b)
{
	return event_at(a)->thread >= 0 && event_at(b)->thread >= 0;
}

/* By the definition of a vector clock; written again on purpose. */
static bool is_in_past(uint32_t a, uint32_t b)
{
	const struct event *x = event_at(a), *y = event_at(b);

	return y->clk[x->thread] >= x->clk[x->thread];
}

static void check_lines(void)
{
	for (unsigned int i = 0; i < pic.count; i++) {
		for (unsigned int k = 0; k < pic.count; k++) {
			uint32_t a = pic.boxes[i].n, b = pic.boxes[k].n;

			if (!pic.leads[i][k])
				continue;
			ck_assert_msg(a < b, "%s: %u leads to %u",
				      pic.t->scenario, a, b);
			ck_assert_msg(pic.boxes[i].y < pic.boxes[k].y,
				      "%s: %u stands below %u", pic.t->scenario,
				      a, b);
			ck_assert_msg(!are_threads(a, b) || is_in_past(a, b),
				      "%s: %u is not in the past of %u",
				      pic.t->scenario, a, b);
		}
	}
}

static void close_ways(void)
{
	for (unsigned int m = 0; m < pic.count; m++)
		for (unsigned int i = 0; i < m; i++)
			for (unsigned int k = m + 1;
			     pic.leads[i][m] && k < pic.count; k++)
				pic.leads[i][k] |= pic.leads[m][k];
}

/* A way in the picture is one in the order, and the other way round. */
static void check_ways(const struct order *o)
{
	close_ways();
	for (unsigned int i = 0; i < pic.count; i++) {
		for (unsigned int k = i + 1; k < pic.count; k++) {
			uint32_t a = pic.boxes[i].n, b = pic.boxes[k].n;

			if (are_threads(a, b))
				ck_assert_msg(
					pic.leads[i][k] == order_leads(o, a, b),
					"%s: %u and %u, %d in the "
					"picture",
					pic.t->scenario, a, b, pic.leads[i][k]);
		}
	}
}

/* What the thread of @b knew of @a's before it came to @b. */
static bool knew_before(uint32_t a, uint32_t b)
{
	const struct event *y = event_at(b);

	for (uint32_t n = b - 1; n > 0; n--)
		if (event_at(n)->thread == y->thread)
			return is_in_past(a, n);
	return false;
}

static void check_race(const char *dot)
{
	uint32_t a = pic.race[0], b = pic.race[1];
	int first = box_of(a), second = box_of(b);

	ck_assert_int_eq(a != 0, dot_has(dot, "RACE"));
	if (!a)
		return;
	ck_assert_int_eq(pic.boxes[first].y, pic.boxes[second].y);
	ck_assert(!pic.leads[first][second]);
	ck_assert(accesses_conflict(event_at(a), event_at(b)));
	ck_assert_msg(!knew_before(a, b) || dot_has(dot, "in user memory"),
		      "%s: %u and %u are ordered", pic.t->scenario, a, b);
	/* Nobody's lane is between them. */
	for (unsigned int i = 0; i < pic.count; i++) {
		long x = pic.boxes[i].x;

		ck_assert(
			!(x > pic.boxes[first].x && x < pic.boxes[second].x) &&
			!(x < pic.boxes[first].x && x > pic.boxes[second].x));
	}
}

static void check_boxes_apart(void)
{
	for (unsigned int i = 0; i < pic.count; i++)
		for (unsigned int k = 0; k < i; k++)
			ck_assert_msg(pic.boxes[i].x != pic.boxes[k].x ||
					      pic.boxes[i].y != pic.boxes[k].y,
				      "%s: %u covers %u", pic.t->scenario,
				      pic.boxes[i].n, pic.boxes[k].n);
}

static unsigned int checked, with_race;

static void check(const struct trace *t, const struct viz_options *options)
{
	struct order *o = order_new(t);
	char *dot = view_dot(VIZ_HAPPENS_BEFORE, t, options);

	ck_assert_ptr_nonnull(o);
	for (unsigned int i = 0; i < o->edge_count; i++) {
		const struct order_edge *e = &o->edges[i];

		pic.t = t;
		ck_assert(!are_threads(e->from, e->to) ||
			  is_in_past(e->from, e->to));
	}
	if (dot) {
		read_picture(t, dot);
		check_boxes_apart();
		check_lines();
		check_ways(o);
		check_race(dot);
		checked++;
		with_race += pic.race[0] != 0;
	}
	free(dot);
	order_free(o);
}

static void check_run(const struct run *run)
{
	if (run->trace->event_count > 0)
		check(run->trace, NULL);
}

START_TEST(every_line_is_in_the_clocks_and_a_race_is_not)
{
	each_shipped_run(check_run);
	ck_assert_uint_gt(checked, 400);
	ck_assert_uint_gt(with_race, 5);
}
END_TEST

/* Threads that get in each other's way, and race for D. */
static const char crowd[] = SCENARIO(
	"threads:\n"
	"  T: {count: 11, run: [r = futex_wait F 0 timeout=1ms,\n"
	"      n = futex_wake G 1, store D 1 plain,\n"
	"      m = futex_wait G 0 timeout=2ms, k = futex_wake F 3]}\n");

static char *crowded(const char *store)
{
	char *text = strdup(crowd), *at = strstr(text, "store D 1 plain");

	memcpy(at, store, strlen(store));
	memset(at + strlen(store), ' ',
	       strlen("store D 1 plain") - strlen(store));
	return text;
}

static void check_random(const char *text, uint64_t seed,
			 const struct viz_options *options)
{
	struct run_request request = request_of(text, "starry-0.5.11");
	struct run run;

	request.mode = RUN_RANDOM;
	request.seed = seed;
	request.wants_trace = true;
	play_request(&request, &run);
	check(run.trace, options);
}

START_TEST(many_threads_at_random_are_drawn_as_the_clocks_have_them)
{
	struct viz_options o = {.fold = (enum viz_fold)(_i % VIZ_FOLD_COUNT)};
	char *plain = crowded("store G 1 plain"), *kernel = crowded("load G");

	check_random(plain, (uint64_t)_i, &o);
	ck_assert_uint_eq(with_race, 1);
	check_random(kernel, (uint64_t)_i, &o);
	free(plain);
	free(kernel);
}
END_TEST

Suite *before_runs_suite(void)
{
	const TTest *const tests[] = {
		every_line_is_in_the_clocks_and_a_race_is_not,
	};
	Suite *suite = MACHINE_SUITE("before-runs", tests);
	TCase *tc = tcase_create("random");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	tcase_add_loop_test(
		tc, many_threads_at_random_are_drawn_as_the_clocks_have_them, 0,
		6);
	suite_add_tcase(suite, tc);
	return suite;
}
