/*
 * test_loader_explore.c - how a scenario is to be searched, once it is loaded.
 */
#include <check.h>
#include <stdio.h>

#include "sim/loader/explore_names.h"
#include "tests/loader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char head[] = "futexsim: 1\n"
			   "name: t\n"
			   "threads: {A: [yield], B: [yield], "
			   "T: {count: 2, run: [yield]}}\n";

/* The scenario of the three lines above and @rest, which must load. */
static struct scenario *with(const char *rest)
{
	char text[1024];
	struct scenario *s;

	snprintf(text, sizeof(text), "%s%s", head, rest);
	s = loader_parse(text);
	ck_assert_msg(s, "it does not load: %s", rest);
	return s;
}

static void assert_no_bounds(const struct search_bounds *b)
{
	ck_assert_uint_eq(b->preemptions, NO_BOUND);
	ck_assert_uint_eq(b->steps, NO_BOUND);
	ck_assert_uint_eq(b->executions, NO_BOUND);
	ck_assert_uint_eq(b->time_ns, NO_BOUND);
	ck_assert_uint_eq(b->memory, NO_BOUND);
}

static void assert_defaults(const struct scenario *s)
{
	const struct exploration *e = &s->explore;

	ck_assert_int_eq(e->strategy, STRATEGY_AUTO);
	ck_assert_int_eq(e->granularity, GRANULARITY_KERNEL);
	assert_no_bounds(&e->bounds);
	ck_assert_uint_eq(e->seed, 1);
	ck_assert_uint_eq(e->depth, 3);
	ck_assert_int_eq(e->timeouts, TIMEOUTS_ANY);
	for (uint32_t i = 0; i < s->thread_count; i++)
		ck_assert_uint_eq(e->signals[i], 0);
	ck_assert_uint_eq(e->spurious, 0);
	ck_assert_uint_eq(e->preempt_at.count, 0);
	ck_assert_int_eq(e->coverage, COVERAGE_NONE);
	ck_assert(!e->has_cache);
}

START_TEST(without_the_section_everything_has_its_default)
{
	struct scenario *s = with("");

	ck_assert(!s->explore.is_given);
	assert_defaults(s);
	scenario_free(s);
}
END_TEST

START_TEST(an_empty_section_changes_nothing_but_that_it_is_given)
{
	struct scenario *s = with("explore: {bounds: {}, environment: {}}\n");

	ck_assert(s->explore.is_given);
	assert_defaults(s);
	scenario_free(s);
}
END_TEST

/* By the lines of the file; 512 MiB are 2^29 bytes, 60 s are 6 * 10^10 ns. */
START_TEST(the_section_becomes_what_it_says)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct exploration *e = &s->explore;

	ck_assert(e->is_given);
	ck_assert_int_eq(e->strategy, STRATEGY_DPOR);
	ck_assert_int_eq(e->granularity, GRANULARITY_CALL);
	ck_assert_uint_eq(e->bounds.preemptions, 3);
	ck_assert_uint_eq(e->bounds.steps, 2000);
	ck_assert_uint_eq(e->bounds.executions, 100000);
	ck_assert_uint_eq(e->bounds.time_ns, UINT64_C(60000000000));
	ck_assert_uint_eq(e->bounds.memory, UINT64_C(1) << 29);
	ck_assert_uint_eq(e->seed, 7);
	ck_assert_uint_eq(e->depth, 5);
	ck_assert_int_eq(e->timeouts, TIMEOUTS_IDLE);
	ck_assert_uint_eq(e->spurious, 1);
	ck_assert_int_eq(e->coverage, COVERAGE_WITHIN_BOUNDS);
	scenario_free(s);
}
END_TEST

/* Threads A, B, C, D, E, G1 and G2, S: signals: [A, {B: 2}, G]. */
START_TEST(signals_are_counted_by_thread)
{
	static const uint32_t counts[] = {1, 2, 0, 0, 0, 1, 1, 0};
	struct scenario *s = loader_load_good("tests/good/everything.yaml");

	ck_assert_uint_eq(s->thread_count, COUNT(counts));
	for (uint32_t i = 0; i < COUNT(counts); i++)
		ck_assert_uint_eq(s->explore.signals[i], counts[i]);
	scenario_free(s);
}
END_TEST

START_TEST(signals_may_be_a_map)
{
	struct scenario *s = with("explore: {environment: "
				  "{signals: {B: 1000, T: 2}}}\n");

	ck_assert_uint_eq(s->explore.signals[0], 0);
	ck_assert_uint_eq(s->explore.signals[1], 1000);
	ck_assert_uint_eq(s->explore.signals[2], 2);
	ck_assert_uint_eq(s->explore.signals[3], 2);
	scenario_free(s);
}
END_TEST

START_TEST(every_word_of_a_choice_can_be_written)
{
	char text[128];
	struct scenario *s;

	for (unsigned int i = 0; i < STRATEGY_COUNT; i++) {
		snprintf(text, sizeof(text), "explore: {strategy: %s}\n",
			 strategy_name(i));
		s = with(text);
		ck_assert_uint_eq(s->explore.strategy, i);
		scenario_free(s);
	}
	for (unsigned int i = 0; i <= TIMEOUTS_NEVER; i++) {
		snprintf(text, sizeof(text),
			 "explore: {environment: {timeouts: %s}}\n",
			 timeouts_name(i));
		s = with(text);
		ck_assert_uint_eq(s->explore.timeouts, i);
		scenario_free(s);
	}
	for (unsigned int i = COVERAGE_ANY; i <= COVERAGE_EXHAUSTIVE; i++) {
		snprintf(text, sizeof(text), "expect: {coverage: %s}\n",
			 coverage_name(i));
		s = with(text);
		ck_assert_uint_eq(s->explore.coverage, i);
		scenario_free(s);
	}
}
END_TEST

/* The line and column of the key; `false` is as good as nothing. */
START_TEST(a_cache_goes_with_dfs)
{
	struct scenario *s = with("explore:\n  strategy: dfs\n  cache: true\n");

	ck_assert(s->explore.has_cache);
	ck_assert_int_eq(s->explore.cache_line, 6);
	ck_assert_int_eq(s->explore.cache_col, 3);
	scenario_free(s);
	s = with("explore: {strategy: dpor, cache: false}\n");
	ck_assert(!s->explore.has_cache);
	scenario_free(s);
}
END_TEST

static void assert_memory(const char *text, uint64_t bytes)
{
	char line[128];
	struct scenario *s;

	snprintf(line, sizeof(line), "explore: {bounds: {memory: %s}}\n", text);
	s = with(line);
	ck_assert_uint_eq(s->explore.bounds.memory, bytes);
	scenario_free(s);
}

START_TEST(memory_is_bytes_or_has_a_unit)
{
	assert_memory("1", 1);
	assert_memory("0x1000", 4096);
	assert_memory("3KiB", 3 * 1024);
	assert_memory("64MiB", 64 << 20);
	assert_memory("2GiB", UINT64_C(2) << 30);
}
END_TEST

/* The most that each bound takes, and the least. */
START_TEST(limits_themselves_are_allowed)
{
	struct scenario *s = with("explore:\n"
				  "  depth: 64\n"
				  "  bounds: {preemptions: 1000000, "
				  "steps: 100000000, "
				  "executions: 18446744073709551614}\n"
				  "  environment: {spurious_wakeups: 1000}\n");
	const struct exploration *e = &s->explore;

	ck_assert_uint_eq(e->depth, 64);
	ck_assert_uint_eq(e->bounds.preemptions, 1000000);
	ck_assert_uint_eq(e->bounds.steps, 100000000);
	ck_assert_uint_eq(e->bounds.executions, NO_BOUND - 1);
	ck_assert_uint_eq(e->spurious, 1000);
	scenario_free(s);
	s = with("explore: {depth: 1, bounds: {preemptions: 0, steps: 1, "
		 "executions: 1, time: 1ns}}\n");
	ck_assert_uint_eq(s->explore.bounds.preemptions, 0);
	ck_assert_uint_eq(s->explore.bounds.time_ns, 1);
	scenario_free(s);
}
END_TEST

/* "task.park" is another name of "task.block", "table" stands for "table.*". */
START_TEST(patterns_are_kept_or_written_the_usual_way)
{
	static const char *const patterns[] = {"wq.*", "*.load", "user",
					       "task.block", "table.*"};
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct name_list *list = &s->explore.preempt_at;

	ck_assert_uint_eq(list->count, COUNT(patterns));
	for (uint32_t i = 0; i < COUNT(patterns); i++)
		ck_assert_str_eq(list->items[i], patterns[i]);
	scenario_free(s);
}
END_TEST

START_TEST(patterns_match_whole_names_their_first_part_or_by_one_star)
{
	ck_assert(point_matches("wq.lock", "wq.lock"));
	ck_assert(!point_matches("wq.loc", "wq.lock"));
	ck_assert(!point_matches("wq.lock", "wq.loc"));
	ck_assert(point_matches("wq", "wq.lock"));
	ck_assert(!point_matches("w", "wq.lock"));
	ck_assert(point_matches("wq.*", "wq.lock"));
	ck_assert(point_matches("*.lock", "wq.lock"));
	ck_assert(!point_matches("*.lock", "wq.unlock"));
	ck_assert(point_matches("*lock", "wq.unlock"));
	ck_assert(point_matches("w*k", "wq.lock"));
	ck_assert(point_matches("*", "wq.lock"));
	/* What is before the star and what is after it do not overlap. */
	ck_assert(!point_matches("wq.lo*ock", "wq.lock"));
}
END_TEST

/* "spurious: A" and "explore" are the last two lines of the second one. */
START_TEST(lines_of_a_schedule_for_searches)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct schedule *schedule = &s->schedules[1];
	const struct schedule_line *lines = schedule->lines;

	ck_assert_str_eq(schedule->name, "short");
	ck_assert_uint_eq(schedule->line_count, 5);
	ck_assert_int_eq(lines[3].kind, LINE_SPURIOUS);
	ck_assert_uint_eq(lines[3].thread, 0);
	ck_assert_str_eq(lines[3].text, "spurious: A");
	ck_assert_int_eq(lines[4].kind, LINE_EXPLORE);
	ck_assert_str_eq(lines[4].text, "explore");
	scenario_free(s);
}
END_TEST

TCase *loader_explore_case(void)
{
	TCase *c = tcase_create("explore");

	tcase_add_test(c, without_the_section_everything_has_its_default);
	tcase_add_test(c,
		       an_empty_section_changes_nothing_but_that_it_is_given);
	tcase_add_test(c, the_section_becomes_what_it_says);
	tcase_add_test(c, signals_are_counted_by_thread);
	tcase_add_test(c, signals_may_be_a_map);
	tcase_add_test(c, every_word_of_a_choice_can_be_written);
	tcase_add_test(c, a_cache_goes_with_dfs);
	tcase_add_test(c, memory_is_bytes_or_has_a_unit);
	tcase_add_test(c, limits_themselves_are_allowed);
	tcase_add_test(c, patterns_are_kept_or_written_the_usual_way);
	tcase_add_test(
		c, patterns_match_whole_names_their_first_part_or_by_one_star);
	tcase_add_test(c, lines_of_a_schedule_for_searches);
	return c;
}
