/*
 * test_classes.c - how many runs a reduction takes, where theory says it: one
 * of each class of runs that differ only in the order of independent steps.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/generate.h"
#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/suites.h"

/* ---- programs ---------------------------------------------------------- */

static char text[16384];
static size_t used;

static __attribute__((format(printf, 1, 2))) void put(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	used += (size_t)vsnprintf(text + used, sizeof(text) - used, format,
				  args);
	va_end(args);
	ck_assert_uint_lt(used, sizeof(text));
}

/* The words W0, W1 ... and nothing else yet. */
static void begin_text(int words)
{
	int i;

	used = 0;
	put("futexsim: 1\nname: counted\nprofile: linux\nmemory:\n  words: {");
	for (i = 0; i < words; i++)
		put("%sW%d: 0", i ? ", " : "", i);
	put("}\nthreads:\n");
}

/* ---- searching it ------------------------------------------------------ */

static struct search_result result;

static void search(const struct scenario *s, enum strategy strategy,
		   enum granularity granularity)
{
	struct search_request r = {
		.scenario = s,
		.profile = s->profiles.items[0],
		.explore = s->explore,
		.jobs = 1,
	};

	r.explore.strategy = strategy;
	r.explore.granularity = granularity;
	r.explore.bounds = (struct search_bounds){NO_BOUND, NO_BOUND, NO_BOUND,
						  NO_BOUND, NO_BOUND};
	run_quirks(s, r.profile, &r.quirks);
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	ck_assert_int_eq(result.end, SEARCH_COMPLETE);
}

/* The program in `text` takes @runs runs, and none that comes to nothing. */
static void assert_runs(enum strategy strategy, enum granularity granularity,
			uint64_t runs)
{
	struct scenario *s = scenario_of(text);

	search(s, strategy, granularity);
	ck_assert_uint_eq(result.runs, runs);
	ck_assert_uint_eq(result.runs_blocked, 0);
	search_result_free(&result);
	scenario_free(s);
}

static void assert_dpor(uint64_t runs)
{
	assert_runs(STRATEGY_DPOR, GRANULARITY_CALL, runs);
	assert_runs(STRATEGY_DPOR, GRANULARITY_KERNEL, runs);
}

/* ---- numbers ----------------------------------------------------------- */

/* Every thread has a word of its own: all orders are one. */
START_TEST(independent_threads_take_one_run)
{
	int n, i;

	for (n = 1; n <= 8; n++) {
		begin_text(n);
		for (i = 0; i < n; i++)
			put("  T%d: [store W%d 1, r = load W%d, mark here]\n",
			    i, i, i);
		assert_dpor(1);
		assert_runs(STRATEGY_SOURCE, GRANULARITY_KERNEL, 1);
	}
}
END_TEST

/*
 * One writes, N read: each reads before or after the write, and readers do not
 * mind each other.
 * Source: Abdulla and others, "Source sets", 2017, readers(N): 2^N.
 */
START_TEST(readers_take_two_to_the_n)
{
	int n, i;

	for (n = 1; n <= 8; n++) {
		begin_text(1);
		put("  W: [store W0 1]\n");
		for (i = 0; i < n; i++)
			put("  R%d: [r = load W0]\n", i);
		assert_dpor(UINT64_C(1) << n);
	}
}
END_TEST

/*
 * Thread j computes W[j] = W[j-1] + 1; thread 0 looks for the last W that is
 * 0, from W[N] down.
 * Source: Abdulla and others, "Source sets", 2017, table of lastzero(N): 64 for
 * N = 5, 3328 for 10, 147456 for 15, which is (N + 3) 2^(N - 2).
 */
static void put_lastzero(int n)
{
	int i;

	begin_text(n + 1);
	put("  A:\n    - r = load W%d\n", n);
	for (i = n - 1; i >= 0; i--)
		put("    - {if: r != 0, then: [r = load W%d]}\n", i);
	for (i = 1; i <= n; i++)
		put("  T%d: [r = load W%d, store W%d r+1]\n", i, i - 1, i);
}

START_TEST(lastzero_takes_what_was_published)
{
	put_lastzero(3);
	assert_dpor(12);
	put_lastzero(5);
	assert_dpor(64);
	put_lastzero(7);
	assert_dpor(320);
}
END_TEST

/* Threads of m and n steps that all depend on each other: (m + n) over m. */
START_TEST(dependent_steps_take_a_binomial_coefficient)
{
	int m, n, i;
	uint64_t runs;

	for (m = 1; m <= 4; m++) {
		for (n = 1; n <= 4; n++) {
			runs = 1;
			for (i = 1; i <= m; i++)
				runs = runs * (uint64_t)(n + i) / (uint64_t)i;
			begin_text(1);
			put("  A:\n    - {repeat: %d, do: [fetch_add W0 1]}\n",
			    m);
			put("  B:\n    - {repeat: %d, do: [fetch_add W0 1]}\n",
			    n);
			assert_dpor(runs);
			assert_runs(STRATEGY_DFS, GRANULARITY_KERNEL, runs);
			assert_runs(STRATEGY_SOURCE, GRANULARITY_KERNEL, runs);
		}
	}
}
END_TEST

/*
 * Three threads, one step each, all dependent: 3! orders, or one up to
 * renaming.
 */
START_TEST(interchangeable_threads_take_one_of_their_orders)
{
	struct search_request r = {.profile = "linux", .jobs = 1};
	struct scenario *s;

	begin_text(1);
	put("  T: {count: 3, symmetric: true, run: [r = fetch_add W0 1]}\n");
	assert_dpor(6);
	s = scenario_of(text);
	r.scenario = s;
	r.explore = s->explore;
	r.has_symmetry = true;
	r.explore.strategy = STRATEGY_DPOR;
	ck_assert_int_eq(search_scenario(&r, &result), 0);
	ck_assert_uint_eq(result.runs, 1);
	ck_assert_uint_eq(result.outcome_count, 1);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/* ---- classes, counted one by one --------------------------------------- */

static unsigned int counted;
static uint64_t all_runs, all_blocked;

/* Conditions and options order steps in ways that their touches do not say. */
static bool is_plain(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; s->explore.signals && i < s->thread_count; i++)
		if (s->explore.signals[i])
			return false;
	return !s->property_count && !s->explore.spurious &&
	       s->explore.timeouts == TIMEOUTS_ANY;
}

static void count_classes(const struct scenario *s, const char *source)
{
	struct oracle o = {
		.scenario = s,
		.profile = s->profiles.items[0],
		.explore = s->explore,
		.runs_max = 5000,
		.counts_classes = true,
	};

	o.explore.granularity = GRANULARITY_CALL;
	oracle_search(&o, &machine);
	if (o.is_complete) {
		search(s, STRATEGY_DPOR, GRANULARITY_CALL);
		ck_assert_msg(result.runs >= o.merged.count &&
				      result.runs <= o.classes.count,
			      "%lu runs, %u to %u classes:\n%s",
			      (unsigned long)result.runs, o.merged.count,
			      o.classes.count, source);
		all_runs += result.runs;
		all_blocked += result.runs_blocked;
		search_result_free(&result);
		counted++;
	}
	oracle_fini(&o);
}

/*
 * Two places of the store to G beside the first call, a third behind the
 * second, which looks at F and at G: 3 orders; and the exchange comes before or
 * after the second: 6.
 */
START_TEST(a_call_leaves_room_for_what_is_left_of_a_sequence)
{
	static const char requeue[] =
		SCENARIO("threads:\n"
			 "  A: [cas G 0 3]\n"
			 "  B: [xchg F 0]\n"
			 "  C: [futex_wake G 1 private,"
			 " futex_cmp_requeue F 0 G wake=1 move=1]\n");
	struct scenario *s = scenario_of(requeue);

	search(s, STRATEGY_DPOR, GRANULARITY_CALL);
	ck_assert_uint_eq(result.runs, 6);
	search_result_free(&result);
	scenario_free(s);
}
END_TEST

/*
 * Which of two puts of a reference is the last depends on others, so the number
 * of classes is known up to that.
 * A call does something else where it comes earlier than it was seen.  What it
 * would have been is found out by trying, and so a few runs come to nothing.
 */
START_TEST(each_class_is_run_once)
{
	struct scenario *s;
	uint64_t seed;
	char *source;

	for (seed = 0; seed < 300; seed++) {
		source = generate_scenario(seed, GRANULARITY_CALL, 200);
		s = scenario_of(source);
		if (is_plain(s))
			count_classes(s, source);
		scenario_free(s);
		free(source);
	}
	ck_assert_uint_gt(counted, 30);
	ck_assert_uint_lt(20 * all_blocked, all_runs);
}
END_TEST

Suite *classes_suite(void)
{
	const TTest *const tests[] = {
		independent_threads_take_one_run,
		readers_take_two_to_the_n,
		lastzero_takes_what_was_published,
		dependent_steps_take_a_binomial_coefficient,
		interchangeable_threads_take_one_of_their_orders,
		a_call_leaves_room_for_what_is_left_of_a_sequence,
		each_class_is_run_once,
	};

	return MACHINE_SUITE("classes", tests);
}
