/*
 * test_search_report.c - what is said of a search, for results made by hand,
 * and of one that goes on.
 */
#define _GNU_SOURCE
#include "tests/machine.h"
#include "tests/suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/progress.h"
#include "sim/report/report_search.h"

/* ---- a search made by hand --------------------------------------------- */

static struct property properties[] = {
	{.kind = PROPERTY_ALWAYS, .name = "one-at-a-time"},
	{.kind = PROPERTY_REACHABLE, .name = "slept"},
	{.kind = PROPERTY_NEVER, .name = "lost"},
};
static struct property_count counts[] = {
	{&properties[0], 24, 24},
	{&properties[1], 1004, 2024},
	{&properties[2], 0, 24},
};
static struct search_value good_results[] = {
	{"A.r", 0, true},
	{"B.n", 1, true},
};
static struct search_value bad_results[] = {
	{"A.r", -ETIMEDOUT, true},
	{"B.n", 0, false},
};
static struct search_value words[] = {{"F", 1, true}};
static const char *blocked[] = {"C", "D"};
static uint16_t moves[] = {0, 1};
static struct outcome outcomes[] = {
	{.runs = 1000,
	 .results = good_results,
	 .words = words,
	 .schedule = "bugs/outcome-1.yaml"},
	{.runs = 24,
	 .results = bad_results,
	 .words = words,
	 .blocked = blocked,
	 .blocked_count = 2,
	 .verdicts = 1u << VERDICT_LOST_WAKEUP | 1u << VERDICT_EXPECTATION},
};
static struct search_verdict verdicts[] = {
	{.kind = VERDICT_LOST_WAKEUP,
	 .runs = 24,
	 .preemptions = 1,
	 .movers = {moves, 2},
	 .what = "nobody acts on it",
	 .schedule = "my bugs/lost.yaml"},
	{.kind = VERDICT_EXPECTATION, .what = "x never comes to pass"},
};
static struct scenario scenario = {.name = "by-hand"};
static struct search_request request = {
	.scenario = &scenario,
	.profile = "linux",
	.explore.bounds = {NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND},
};
static const struct search_result whole = {
	.strategy = STRATEGY_DPOR,
	.coverage = COVERAGE_EXHAUSTIVE,
	.passes = {{STRATEGY_DFS, 1, 12, true, false},
		   {STRATEGY_DPOR, NO_BOUND, 1024, false, true}},
	.pass_count = 2,
	.runs = 1024,
	.runs_blocked = 3,
	.events = 1234567,
	.first_bug_run = 7,
	.seconds = 0.5,
	.peak_bytes = 3 << 20,
	.outcomes = outcomes,
	.outcome_count = 2,
	.result_count = 2,
	.word_count = 1,
	.properties = counts,
	.property_count = 3,
	.verdicts = verdicts,
	.verdict_count = 2,
};

/* Owner: to be freed. */
static char *told(const struct search_result *r,
		  void (*tell)(const struct search_report *report, FILE *out))
{
	struct search_report report = {
		.request = &request,
		.result = r,
		.program = "futexsim",
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	tell(&report, out);
	fclose(out);
	return text;
}

static void assert_part(const char *text, const char *part)
{
	if (!strstr(text, part))
		ck_abort_msg("no '%s' in:\n%s", part, text);
}

static void assert_tells(const struct search_result *r, const char *part)
{
	char *text = told(r, report_search_text);

	assert_part(text, part);
	free(text);
}

START_TEST(the_report_has_figures_outcomes_properties_and_verdicts)
{
	char *text = told(&whole, report_search_text);

	/* 1000 of 1024 runs are 97.7 %, 24 are 2.3 %. */
	ck_assert_str_eq(
		text,
		"by-hand, profile linux: dpor at granularity kernel, "
		"exhaustive\n"
		"  1,024 runs (3 blocked), 1,234,567 events, 0.500 s, 3.0 MiB\n"
		"  passes: dfs with 1 preemption, 12 runs; dpor, 1,024 runs, "
		"not all\n"
		"\n"
		"  #  runs   part  results               words  blocked  "
		"verdicts                 schedule\n"
		"  1  1000  97.7%  A.r=0 B.n=1           F=1             "
		"                         bugs/outcome-1.yaml\n"
		"  2    24   2.3%  A.r=-ETIMEDOUT B.n=-  F=1    C D      "
		"lost-wakeup expectation\n"
		"\n"
		"properties\n"
		"  one-at-a-time  Always\n"
		"  slept          Sometimes 1,004 of 2,024\n"
		"  lost           Never\n"
		"\n"
		"verdicts\n"
		"  lost-wakeup in 24 runs, 1 preemption\n"
		"    nobody acts on it\n"
		"    replay: futexsim replay 'my bugs/lost.yaml'\n"
		"  expectation\n"
		"    x never comes to pass\n"
		"\n"
		"not as expected: lost-wakeup and 1 more, first in run 7\n");
	free(text);
}
END_TEST

static int count_of(const char *text, const char *part)
{
	int count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

START_TEST(of_many_outcomes_the_first_thirty_are_shown)
{
	struct search_result r = whole;
	struct outcome many[33];
	char *text;
	int i;

	for (i = 0; i < 33; i++)
		many[i] = outcomes[0];
	r.outcomes = many;
	r.outcome_count = 33;
	text = told(&r, report_search_text);
	assert_part(text, "\n  30  1000 ");
	ck_assert_ptr_null(strstr(text, "\n  31 "));
	assert_part(text, "\n  and 3 more: --format json has all\n");
	free(text);
	text = told(&r, report_search_json);
	ck_assert_int_eq(count_of(text, "\"runs\": 1000,"), 33);
	free(text);
	r.outcome_count = 30;
	text = told(&r, report_search_text);
	ck_assert_ptr_null(strstr(text, " more: --format"));
	free(text);
}
END_TEST

START_TEST(the_report_for_programs_has_its_shape)
{
	char *text = told(&whole, report_search_json);

	ck_assert_str_eq(
		text,
		"{\"scenario\": \"by-hand\", \"profile\": \"linux\", "
		"\"strategy\": \"dpor\", \"granularity\": \"kernel\", "
		"\"coverage\": \"exhaustive\", \"runs\": 1024, "
		"\"runs_blocked\": 3, \"events\": 1234567, "
		"\"seconds\": 0.5, \"peak_bytes\": 3145728, "
		"\"bound_hit\": null, "
		"\"outcomes\": ["
		"{\"runs\": 1000, \"results\": {\"A.r\": 0, \"B.n\": 1}, "
		"\"words\": {\"F\": 1}, \"blocked\": [], \"verdicts\": [], "
		"\"schedule\": \"bugs/outcome-1.yaml\"}, "
		"{\"runs\": 24, \"results\": {\"A.r\": \"-ETIMEDOUT\", "
		"\"B.n\": null}, \"words\": {\"F\": 1}, "
		"\"blocked\": [\"C\", \"D\"], "
		"\"verdicts\": [\"lost-wakeup\", \"expectation\"], "
		"\"schedule\": null}], "
		"\"properties\": ["
		"{\"name\": \"one-at-a-time\", \"kind\": \"always\", "
		"\"held\": 24, \"of\": 24}, "
		"{\"name\": \"slept\", \"kind\": \"reachable\", "
		"\"held\": 1004, \"of\": 2024}, "
		"{\"name\": \"lost\", \"kind\": \"never\", "
		"\"held\": 0, \"of\": 24}], "
		"\"verdicts\": ["
		"{\"kind\": \"lost-wakeup\", \"runs\": 24, "
		"\"preemptions\": 1, \"schedule\": \"my bugs/lost.yaml\", "
		"\"what\": \"nobody acts on it\"}, "
		"{\"kind\": \"expectation\", \"runs\": 0, "
		"\"preemptions\": 0, \"schedule\": null, "
		"\"what\": \"x never comes to pass\"}], "
		"\"expected\": false, "
		"\"note\": null, \"prefix\": null, \"passes\": ["
		"{\"strategy\": \"dfs\", \"preemptions\": 1, \"runs\": 12, "
		"\"complete\": true}, "
		"{\"strategy\": \"dpor\", \"preemptions\": null, "
		"\"runs\": 1024, \"complete\": false}], "
		"\"states\": 0, \"runs_cut\": 0, \"first_bug_run\": 7}\n");
	free(text);
}
END_TEST

/* ---- the conclusion ---------------------------------------------------- */

START_TEST(a_bound_that_was_hit_is_in_the_last_line)
{
	static const char *const preempted[] = {"wq.*", "user"};
	struct search_result r = whole;
	struct search_request before = request;

	r.verdict_count = 0;
	r.is_expected = true;
	assert_tells(&r, "\nok: no bug in any interleaving (1,024 runs)\n");
	request.explore.preempt_at =
		(struct name_list){(const char **)preempted, 2};
	assert_tells(&r, "(1,024 runs), preempted only at wq.*, user\n");
	request = before;
	r.coverage = COVERAGE_WITHIN_BOUNDS;
	r.end = SEARCH_PREEMPTIONS;
	request.explore.bounds.preemptions = 2;
	assert_tells(&r, "\nok: no bug in 1,024 runs within 2 preemptions "
			 "(bound hit: preemptions 2)\n");
	request.explore.bounds.executions = 1024;
	r.coverage = COVERAGE_ANY;
	r.end = SEARCH_EXECUTIONS;
	assert_tells(&r, " (bound hit: executions 1024)\n");
	assert_tells(&r, ": dpor at granularity kernel, part of it\n");
	request.explore.bounds.time_ns = 1500000000;
	r.end = SEARCH_TIME;
	assert_tells(&r, " (bound hit: time 1.5 s)\n");
	request = before;
	r.end = SEARCH_CANCELLED;
	assert_tells(&r, "\nok: no bug in 1,024 runs; interrupted\n");
	r.end = SEARCH_SAMPLED;
	assert_tells(&r, "; a sample, and no more\n");
}
END_TEST

START_TEST(what_was_not_searched_far_enough_is_inconclusive)
{
	struct search_result r = whole;

	r.verdict_count = 0;
	r.note = "coverage is any, and exhaustive is required";
	r.coverage = COVERAGE_ANY;
	r.end = SEARCH_EXECUTIONS;
	request.explore.coverage = COVERAGE_EXHAUSTIVE;
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_INCONCLUSIVE);
	assert_tells(&r, "\ninconclusive: coverage is any, and exhaustive is "
			 "required (bound hit: executions)\n");
	/* A bug is a bug, however little was searched. */
	r.verdict_count = 1;
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_BUG);
	r.is_expected = true;
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_AS_EXPECTED);
	request.explore.coverage = COVERAGE_NONE;
}
END_TEST

START_TEST(a_known_bug_that_does_not_show_is_a_failure_if_all_was_searched)
{
	struct search_result r = whole;

	scenario.bug = (struct expected_bug){
		.is_given = true,
		.id = "X-1",
		.kind = VERDICT_LOST_WAKEUP,
		.strict = true,
	};
	r.verdict_count = 0;
	r.note = "the expected bug X-1 (lost-wakeup) did not show";
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_BUG);
	assert_tells(&r, "\nnot as expected, first in run 7: the expected bug "
			 "X-1 (lost-wakeup) did not show\n");
	r.end = SEARCH_TIME;
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_INCONCLUSIVE);
	r.end = SEARCH_COMPLETE;
	r.verdict_count = 1;
	verdicts[0].is_expected = true;
	r.is_expected = true;
	r.note = NULL;
	assert_tells(&r, "\nas expected: the known bug X-1 (lost-wakeup) "
			 "shows\n");
	/* What it brings with it does not stand for it. */
	verdicts[0].kind = VERDICT_DEADLOCK;
	r.is_expected = false;
	ck_assert_int_eq(search_conclusion(&request, &r), SEARCH_BUG);
	verdicts[0].kind = VERDICT_LOST_WAKEUP;
	verdicts[0].is_expected = false;
	scenario.bug.is_given = false;
}
END_TEST

/* ---- progress ---------------------------------------------------------- */

/* What is said at each of some moments, when stderr is no terminal. */
static char *said(bool is_quiet, const double *seconds, size_t count)
{
	struct search_progress now = {
		.runs = 50000,
		.depth = 88,
		.done = 0.25,
		.bugs = 1,
		.pass = "dfs, 1 preemption",
	};
	struct progress p;
	FILE *out = tmpfile();
	char *text;
	size_t i, size;

	ck_assert_ptr_nonnull(out);
	progress_begin(&p, out, is_quiet);
	for (i = 0; i < count; i++) {
		now.seconds = seconds[i];
		ck_assert(progress_tell(&now, &p));
	}
	progress_end(&p);
	fflush(out);
	size = (size_t)ftell(out);
	rewind(out);
	text = calloc(size + 1, 1);
	ck_assert_uint_eq(fread(text, 1, size, out), size);
	fclose(out);
	return text;
}

START_TEST(progress_is_told_every_ten_seconds_and_not_before)
{
	static const double seconds[] = {0.9, 9.9, 10, 10.5, 19, 20.1};
	char *text = said(false, seconds, 2);

	ck_assert_str_eq(text, "");
	free(text);
	/*
	 * 50,000 runs in 10 s are 5,000/s, in 20.1 s 2,488/s.  A quarter in
	 * 10 s leaves 30 s, in 20.1 s 60 s.
	 */
	text = said(false, seconds, 6);
	ck_assert_str_eq(text, "dfs, 1 preemption: 50000 runs, 5000/s, depth "
			       "88, 25% done, 30 s left, 1 bug\n"
			       "dfs, 1 preemption: 50000 runs, 2488/s, depth "
			       "88, 25% done, 60 s left, 1 bug\n");
	free(text);
	text = said(true, seconds, 6);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

Suite *search_report_suite(void)
{
	const TTest *const tests[] = {
		the_report_has_figures_outcomes_properties_and_verdicts,
		of_many_outcomes_the_first_thirty_are_shown,
		the_report_for_programs_has_its_shape,
		a_bound_that_was_hit_is_in_the_last_line,
		what_was_not_searched_far_enough_is_inconclusive,
		a_known_bug_that_does_not_show_is_a_failure_if_all_was_searched,
		progress_is_told_every_ten_seconds_and_not_before,
	};

	return MACHINE_SUITE("search_report", tests);
}
