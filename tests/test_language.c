/*
 * test_language.c - programs: control flow, procedures, parameters, groups of
 * threads, and what conditions say of them.
 */
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/local.h"

static struct run run;

/* Thread A does @list; @rest is more of the file. */
static void play_program(const char *list, const char *rest)
{
	static char text[4096];
	int size = snprintf(text, sizeof(text),
			    SCENARIO("threads:\n  A: %s\n%s"), list, rest);

	ck_assert_int_lt(size, (int)sizeof(text));
	play_scenario(text, "linux", &run);
}

/* "load store": what has made steps, in order. */
static const char *done_by(const char *thread)
{
	static char names[1024];
	const struct result *r;

	names[0] = '\0';
	for (r = machine.results; r; r = r->next) {
		if (strcmp(machine.tasks[r->thread].name, thread))
			continue;
		strcat(names, names[0] ? ", " : "");
		strcat(names, r->op->text);
	}
	return names;
}

static void assert_done(const char *list, const char *expected)
{
	play_program(list, "");
	assert_verdicts("");
	ck_assert_str_eq(done_by("A"), expected);
}

/* ---- blocks ------------------------------------------------------------ */

START_TEST(if_takes_one_of_two_ways)
{
	assert_done("[r = load F, {if: r == 0, then: [mark a], "
		    "else: [mark b]}, mark c]",
		    "r = load F, mark a, mark c");
	assert_done("[r = load F, {if: r != 0, then: [mark a], "
		    "else: [mark b]}, mark c]",
		    "r = load F, mark b, mark c");
	assert_done("[r = load F, {if: r != 0, then: [mark a]}, mark c]",
		    "r = load F, mark c");
	assert_done("[r = 1, {if: r == 1 and not r > 1, then: "
		    "[{if: r < 0 or r == EAGAIN, then: [mark a], else: []}], "
		    "else: [mark b]}]",
		    "");
}
END_TEST

START_TEST(while_goes_round_as_long_as_it_holds)
{
	assert_done("[n = 0, {while: n < 3, do: [n = n + 1, yield]}, mark c]",
		    "yield, yield, yield, mark c");
	assert_done("[n = 3, {while: n < 3, do: [yield]}, mark c]", "mark c");
	/* The word counts 1, 2 on; the loop sees its old values 0, 1, 2. */
	assert_done("[r = 0, {while: r < 2, do: [r = fetch_add F 1]}]",
		    "r = fetch_add F 1, r = fetch_add F 1, r = fetch_add F 1");
}
END_TEST

START_TEST(repeat_is_so_many_times_the_same)
{
	assert_done("[{repeat: 0, do: [mark a]}, {repeat: 2, do: [mark b, "
		    "{repeat: 2, do: [yield]}]}]",
		    "mark b, yield, yield, mark b, yield, yield");
	/* Branches inside go to places inside of their own copy. */
	assert_done("[n = 0, {repeat: 3, do: [n = n + 1, {if: n == 2, then: "
		    "[mark two], else: [mark other]}]}]",
		    "mark other, mark two, mark other");
}
END_TEST

START_TEST(assignments_compute_and_make_no_step)
{
	play_program("[a = 5, b = a - 7 + 1, c = b + a, d = EAGAIN, "
		     "store F a, e = load F]",
		     "expect: {words: {F: 5}}\n");
	assert_verdicts("");
	ck_assert_int_eq(result_of("A", "a"), 5);
	ck_assert_int_eq(result_of("A", "b"), -1);
	ck_assert_int_eq(result_of("A", "c"), 4);
	ck_assert_int_eq(result_of("A", "d"), -11);
	ck_assert_uint_eq(machine.step_count, 2);
}
END_TEST

/* What a branch that was not taken assigns is 0. */
START_TEST(a_result_of_a_way_not_taken_is_0)
{
	assert_done("[r = 1, {if: r == 0, then: [s = load F]}, "
		    "{if: s == 0, then: [mark a]}, store F s]",
		    "mark a, store F s");
}
END_TEST

/* Index and place: loops give an index again, local work has none. */
START_TEST(results_are_numbered_by_the_operations_that_make_steps)
{
	const struct result *r;
	static const uint32_t indexes[] = {0, 1, 1, 2};
	unsigned int i = 0;

	play_program("[yield, n = 0, {while: n < 2, do: [n = n + 1, mark a]}, "
		     "load F]",
		     "");
	for (r = machine.results; r; r = r->next) {
		ck_assert_uint_lt(i, 4);
		ck_assert_uint_eq(r->op_index, indexes[i++]);
	}
	ck_assert_uint_eq(i, 4);
}
END_TEST

/* ---- assertions, loops without a step ---------------------------------- */

START_TEST(an_assertion_that_fails_is_a_verdict_at_the_step_before)
{
	const struct verdict *v = machine.verdicts;

	play_program("[r = load F, assert r == 0, yield,\n"
		     "    assert r + 1 == 0, yield]",
		     "");
	assert_verdicts("assertion");
	ck_assert_str_eq(v->what, "A: 'assert r + 1 == 0' does not hold");
	ck_assert_int_eq(v->line, 6);
	ck_assert_int_eq(v->thread, 0);
	ck_assert_uint_eq(v->at, 2); /* load, yield */
	ck_assert_uint_eq(machine.step_count, 3); /* and it goes on */
	/* In a loop it is said once. */
	play_program("[{repeat: 3, do: [r = load F, assert r != 0]}]", "");
	assert_verdicts("assertion");
}
END_TEST

START_TEST(a_loop_without_a_step_is_a_livelock)
{
	play_program("[yield, {while: 1 == 1, do: []}]", "");
	assert_verdicts("livelock");
	ck_assert_str_eq(machine.verdicts[0].what, "A runs on without a step");
	ck_assert_uint_eq(machine.verdicts[0].at, 1);
	ck_assert(!run.is_expected);
	/* Before the first step, and if nobody wants to know of it. */
	play_program("[n = 0, {while: n >= 0, do: [n = n + 1]}]", "");
	assert_verdicts("livelock");
	play_program("[{while: 1 == 1, do: []}]", "ignore: [livelock]\n");
	assert_verdicts("step-limit");
}
END_TEST

START_TEST(a_long_loop_that_ends_is_none)
{
	char list[128];

	snprintf(list, sizeof(list),
		 "[n = 0, {while: n < %u, do: [n = n + 1]}, mark c]",
		 LOCAL_WORK_MAX / 4);
	assert_done(list, "mark c");
}
END_TEST

/* ---- procedures -------------------------------------------------------- */

START_TEST(a_call_does_what_the_procedure_says_with_the_callers_names)
{
	play_program("[r = 3, call p, call p, call none]",
		     "  B: [call p-q]\n"
		     "procedures:\n"
		     "  p: [r = r + 1, call p-q, store F r]\n"
		     "  p-q: [r = 9, {if: r == 9, then: [load G]}]\n"
		     "  none: []\n"
		     "schedule: [A: until done]\n");
	assert_verdicts("");
	ck_assert_str_eq(done_by("A"), "load G, store F r, load G, store F r");
	ck_assert_int_eq(result_of("A", "r"), 9);
}
END_TEST

/* The operation after a call is not inside, the one it stands before is. */
START_TEST(a_thread_is_in_a_procedure_before_its_first_step_until_its_last)
{
	play_program("[yield, call p, yield]",
		     "  B: [call p]\n"
		     "procedures: {p: [mark a, call q], q: [mark b]}\n"
		     "schedule:\n"
		     "  - check: not in(A, p) and in(B, p) and not in(B, q)\n"
		     "  - check: count(in(p)) == 1 and count(in(q)) == 0\n"
		     "  - A: next\n"
		     "  - check: in(A, p) and count(in(p)) == 2\n"
		     "  - A: next\n"
		     "  - check: in(A, p) and in(A, q) and not in(B, q)\n"
		     "  - check: forall t in threads. in(t, p)\n"
		     "  - check: count(in(p) and not in(t, q)) == 1\n"
		     "  - A: next\n"
		     "  - check: not in(A, p) and not in(A, q)\n"
		     "  - A: until done\n"
		     "  - B: until done\n"
		     "  - check: count(in(p) or in(q)) == 0\n");
	assert_verdicts("");
	ck_assert_ptr_null(run.error);
}
END_TEST

START_TEST(who_has_ended_is_in_no_procedure)
{
	play_program("[call p, yield]", "procedures: {p: [exit]}\n"
					"schedule:\n"
					"  - check: in(A, p)\n"
					"  - A: until done\n"
					"  - check: not in(A, p)\n");
	assert_verdicts("");
	ck_assert_str_eq(done_by("A"), "exit");
}
END_TEST

/* ---- groups ------------------------------------------------------------ */

static const char three[] =
	SCENARIO("threads:\n"
		 "  X: [yield]\n"
		 "  T: {count: 3, symmetric: true, run: [n = fetch_add F 1, "
		 "mark m]}\n"
		 "  U: {symmetric: true, run: [yield]}\n"
		 "schedule:\n"
		 "  - T2: until done\n"
		 "  - check: marked(T2, m) and exists t in T. not done(t)\n"
		 "  - check: not exists t in T. not done(t) and marked(t, m)\n"
		 "  - T1: until done\n"
		 "  - T3: until done\n"
		 "  - check: forall t in T. done(t) and marked(t, m)\n"
		 "  - check: not forall t in threads. done(t)\n"
		 "expect:\n"
		 "  threads: {T: done}\n"
		 "  returns: {T1.n: 1, T2.n: 0, T3.n: 2}\n");

START_TEST(a_group_is_threads_with_numbers)
{
	play_scenario(three, "linux", &run);
	assert_verdicts("");
	ck_assert_ptr_null(run.error);
	ck_assert_uint_eq(machine.task_count, 5);
	ck_assert_str_eq(machine.tasks[3].name, "T3");
}
END_TEST

START_TEST(groups_of_interchangeable_threads_are_numbered)
{
	struct scenario *s = scenario_of(three);
	static const uint32_t expected[] = {0, 1, 1, 1, 2};

	ck_assert_uint_eq(s->thread_count, 5);
	for (unsigned int i = 0; i < 5; i++)
		ck_assert_uint_eq(s->threads[i].symmetric, expected[i]);
	ck_assert_uint_eq(s->group_count, 1);
	ck_assert_uint_eq(s->groups[0].count, 3);
	ck_assert_ptr_eq(s->threads[3].ops, s->threads[1].ops);
	scenario_free(s);
}
END_TEST

/* ---- parameters -------------------------------------------------------- */

static const char with_params[] =
	SCENARIO("params: {n: {default: 2, min: 1, max: 4}, "
		 "ms: {default: 10}}\n"
		 "threads:\n"
		 "  T${n}0: [yield]\n"
		 "  T:\n"
		 "    count: ${n}\n"
		 "    run:\n"
		 "      - r = futex_wait F 0 timeout=${ms}ms\n"
		 "      - store G ${n}${ms}\n"
		 "expect: {words: {G: \"${n}${ms}\"}}\n");

/* The scenario with values given; NULL, and the first error, if it is bad. */
static struct scenario *parse_with(const char *const *items, unsigned int count,
				   char *error)
{
	struct scenario_params params = {items, count};
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse_with("test.yaml", with_params, strlen(with_params),
				&params, &d);
	strcpy(error, s ? "" : d.items[0].what);
	diagnostics_fini(&d);
	return s;
}

START_TEST(parameters_stand_wherever_there_is_text)
{
	play_scenario(with_params, "linux", &run);
	assert_verdicts("");
	ck_assert_uint_eq(machine.task_count, 3);
	ck_assert_str_eq(machine.tasks[0].name, "T20");
	ck_assert_int_eq(result_of("T2", "r"), -110);
	ck_assert_uint_eq(machine.now_ns, 10000000);
}
END_TEST

/* What was kept of the text is the same scenario without the values. */
START_TEST(values_can_be_given_and_are_kept_in_the_source)
{
	const char *const items[] = {"n=9", "n=4", "ms=7"};
	char error[512];
	struct scenario *s = parse_with(items, 3, error), *again;

	ck_assert_msg(s, "%s", error);
	ck_assert_uint_eq(s->thread_count, 5);
	ck_assert_int_eq(s->threads[1].ops[0].timeout_nsec, 7000000);
	ck_assert_ptr_nonnull(strstr(s->source, "n: {default: 4, min: 1, max"));
	ck_assert_ptr_nonnull(strstr(s->source, "ms: {default: 7}}"));
	ck_assert_uint_eq(strlen(s->source), s->source_size);
	again = scenario_of(s->source);
	ck_assert_uint_eq(again->thread_count, 5);
	ck_assert_str_eq(again->source, s->source);
	scenario_free(again);
	scenario_free(s);
}
END_TEST

START_TEST(values_that_do_not_fit_are_refused)
{
	static const struct {
		const char *item;
		const char *error;
	} rows[] = {
		{"n=5", "the value given for 'n' is 5: it must be from 1 to 4"},
		{"n=0", "the value given for 'n' is 0: it must be from 1 to 4"},
		{"n=-1",
		 "the value given for 'n' is -1: it must be from 1 to 4"},
		{"n=", "the value given for 'n' is '', not an integer"},
		{"n=two", "the value given for 'n' is 'two', not an integer"},
		{"n=18446744073709551615",
		 "the value given for 'n' is 18446744073709551615: it must be "
		 "from 1 to 4"},
		{"N=1", "unknown parameter 'N'"},
	};
	char error[512];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scenario *s = parse_with(&rows[i].item, 1, error);

		ck_assert_ptr_null(s);
		ck_assert_str_eq(error, rows[i].error);
	}
}
END_TEST

/* An argument too many, an unknown word, a duration without its unit. */
START_TEST(columns_are_those_of_the_file)
{
	static const char text[] =
		"futexsim: 1\nname: x\nmemory: {words: {F: 0}}\n"
		"params: {long: {default: 123456}, n: {default: 1}}\n"
		"threads:\n"
		"  A:\n"
		"    - store F ${long} ${n}\n"
		"    - store G ${long}\n"
		"    - futex_wait F ${long} timeout=1${n}\n";
	static const int columns[] = {23, 13, 36};
	struct diagnostics d;

	diagnostics_init(&d, "test.yaml");
	ck_assert_ptr_null(scenario_parse("test.yaml", text, strlen(text), &d));
	ck_assert_uint_eq(d.count, 3);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_int_eq(d.items[i].col, columns[i]);
	diagnostics_fini(&d);
}
END_TEST

/* ---- what reports make of it ------------------------------------------- */

START_TEST(a_trace_of_a_run_with_values_replays)
{
	const char *file, *trace;

	folder_setup();
	file = file_of("s.yaml", with_params);
	trace = in_folder("t.jsonl");
	assert_code(CALL("run", "-P", "n=3", "-P", "ms=5", "-t", trace, file),
		    0);
	assert_code(CALL("replay", trace), 0);
	assert_code(CALL("check", "--param", "n=4", file), 0);
	assert_code(CALL("check", "-P", "n=5", file), 3);
	assert_code(CALL("run", "-P", "n", file), 2);
	assert_code(CALL("run", "-P", "=1", file), 2);
	assert_code(CALL("test", "-P", "n=1", folder_path()), 2);
	folder_teardown();
}
END_TEST

START_TEST(a_report_names_the_operation_of_each_turn)
{
	const struct outcome *o;
	const char *file;

	folder_setup();
	file = file_of("s.yaml", SCENARIO("params: {n: {default: 1}}\n"
					  "threads:\n  A:\n    - n = 0\n"
					  "    - while: n < ${n}\n"
					  "      do: [n = n + 1, r = load F]\n"
					  "    - store G n\n"
					  "expect: {words: {G: 7}}\n"));
	o = CALL("run", "-P", "n=2", "-f", "json", file);
	assert_code(o, 1);
	assert_out(o, "\"op\": \"store\"");
	o = CALL("run", "-P", "n=2", file);
	assert_out(o, "     2  A       r = load F");
	assert_out(o, "     3  A       store G n");
	assert_out(o, " -P n=2\n");
	folder_teardown();
}
END_TEST

Suite *language_suite(void)
{
	const TTest *const tests[] = {
		if_takes_one_of_two_ways,
		while_goes_round_as_long_as_it_holds,
		repeat_is_so_many_times_the_same,
		assignments_compute_and_make_no_step,
		a_result_of_a_way_not_taken_is_0,
		results_are_numbered_by_the_operations_that_make_steps,
		an_assertion_that_fails_is_a_verdict_at_the_step_before,
		a_loop_without_a_step_is_a_livelock,
		a_long_loop_that_ends_is_none,
		a_call_does_what_the_procedure_says_with_the_callers_names,
		a_thread_is_in_a_procedure_before_its_first_step_until_its_last,
		who_has_ended_is_in_no_procedure,
		a_group_is_threads_with_numbers,
		groups_of_interchangeable_threads_are_numbered,
		parameters_stand_wherever_there_is_text,
		values_can_be_given_and_are_kept_in_the_source,
		values_that_do_not_fit_are_refused,
		columns_are_those_of_the_file,
		a_trace_of_a_run_with_values_replays,
		a_report_names_the_operation_of_each_turn,
	};

	return MACHINE_SUITE("language", tests);
}
