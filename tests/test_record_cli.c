/*
 * test_record_cli.c - futexsim explore --record as a user calls it.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/record.h"

/* Two interleavings; in one of them F is not 2. */
#define STORES(profile)                                                        \
	SCENARIO("profile: " profile "\n"                                      \
		 "threads: {A: [store F 1], B: [store F 2]}\n"                 \
		 "expect: {words: {F: 2}}\n")

static struct record *read_record(const char *path)
{
	char error[TRACE_ERROR_MAX];
	FILE *in = fopen(path, "r");
	struct record *r;

	ck_assert_ptr_nonnull(in);
	ck_assert(record_is_one(in));
	r = record_read(in, path, error);
	ck_assert_msg(r != NULL, "%s", error);
	fclose(in);
	return r;
}

/*
 * A then B, or B then A: each is one edge of one step by each.  The word tells
 * the ends apart.
 */
START_TEST(a_search_writes_what_it_has_seen)
{
	const char *path = file_of("s.yaml", STORES("linux"));
	const char *to = in_folder("r.jsonl");
	const struct outcome *o;
	struct record *r;

	o = CALL("explore", path, "--quiet", "--schedules", "none", "--record",
		 to);
	assert_code(o, 1);
	assert_out(o, "\nrecord: ");
	r = read_record(to);
	ck_assert_str_eq(r->scenario, "in-a-test");
	ck_assert_str_eq(r->profile, "linux");
	ck_assert_str_eq(r->coverage, "exhaustive");
	ck_assert(r->is_whole);
	ck_assert_uint_eq(r->runs, 2);
	ck_assert_uint_eq(r->outcome_count, 2);
	ck_assert_str_eq(r->outcomes[0].words, "F=2 G=0");
	ck_assert(r->outcomes[0].is_expected);
	ck_assert_uint_eq(r->outcomes[0].switches, 1);
	ck_assert_uint_eq(r->outcomes[1].verdicts, 1u << VERDICT_EXPECTATION);
	ck_assert(!r->outcomes[1].is_expected);
	ck_assert_int_eq(r->counterexample, 1);
	/* The first step decides, so that there is a state after it. */
	ck_assert_uint_eq(r->decisive, 1);
	ck_assert_uint_eq(r->node_count, 4);
	ck_assert_uint_eq(r->edge_count, 3);
	ck_assert_uint_eq(r->edges[0].leg_count, 2);
	ck_assert_str_eq(r->edges[0].legs[0].mover, "A");
	ck_assert_str_eq(r->edges[0].legs[0].first, "store F 1");
	ck_assert_str_eq(r->edges[1].legs[0].mover, "B");
	ck_assert(!r->edges[0].is_counterexample);
	ck_assert(r->edges[1].is_counterexample);
	record_free(r);
}
END_TEST

START_TEST(a_record_to_stdout_leaves_the_report_to_stderr)
{
	const char *path = file_of("s.yaml", STORES("linux"));
	const struct outcome *o;

	o = CALL("explore", path, "--quiet", "--schedules", "none", "--record",
		 "-");
	assert_code(o, 1);
	ck_assert(!strncmp(o->out, "{\"futexsim_record\":1,", 21));
	ck_assert_ptr_nonnull(strstr(o->err, "2 runs (0 blocked)"));
}
END_TEST

START_TEST(several_processes_or_searches_leave_no_record)
{
	const char *path = file_of("s.yaml", STORES("linux"));
	const char *to = in_folder("none.jsonl");
	const struct outcome *o;

	o = CALL("explore", path, "--quiet", "-j", "2", "--record", to);
	assert_code(o, 2);
	ck_assert_ptr_nonnull(
		strstr(o->err, "--record is of one process: states that "
			       "another has seen are not told; use --jobs 1"));
	o = CALL("explore", path, "--quiet", "--checkpoint", in_folder("c"),
		 "--record", to);
	assert_code(o, 2);
	ck_assert_ptr_nonnull(strstr(o->err, "--record does not go with"));
	path = file_of("t.yaml", STORES("[linux, starry-0.5.11]"));
	o = CALL("explore", path, "--quiet", "--record", to);
	assert_code(o, 2);
	ck_assert_ptr_nonnull(strstr(o->err, "--record take one search"));
	ck_assert_int_ne(access(to, F_OK), 0);
}
END_TEST

START_TEST(a_record_that_cannot_be_written_is_said)
{
	const char *path = file_of("s.yaml", STORES("linux"));
	const struct outcome *o;

	o = CALL("explore", path, "--quiet", "--schedules", "none", "--record",
		 in_folder("nowhere/r.jsonl"));
	assert_code(o, 7);
	ck_assert_ptr_nonnull(strstr(o->err, "nowhere/r.jsonl: "));
}
END_TEST

/* Of a state it is known which of 64 marks were passed. */
START_TEST(more_marks_than_a_state_knows_are_refused)
{
	char text[8192] = SCENARIO("profile: linux\n"
				   "threads:\n"
				   "  A: [store F 1");
	const struct outcome *o;
	const char *path;
	int i;

	for (i = 0; i < 65; i++)
		sprintf(text + strlen(text), ", mark m%d", i);
	strcat(text, "]\nexpect:\n  never:\n");
	for (i = 0; i < 65; i++) {
		if (i % 33 == 0)
			sprintf(text + strlen(text),
				"    - {name: p%d, that: \"F == 9", i);
		sprintf(text + strlen(text), " or marked(A, m%d)%s", i,
			i == 32 || i == 64 ? "\"}\n" : "");
	}
	path = file_of("s.yaml", text);
	o = CALL("explore", path, "--quiet", "--record", in_folder("r"));
	assert_code(o, 2);
	ck_assert_ptr_nonnull(strstr(o->err, "--record knows a state by at "
					     "most 64 marks"));
	o = CALL("explore", path, "--quiet", "--strategy", "dfs", "--cache",
		 "--schedules", "none");
	assert_code(o, 2);
	ck_assert_ptr_nonnull(strstr(o->err, "--cache knows a state by at "
					     "most 64 marks"));
}
END_TEST

START_TEST(an_interrupt_leaves_the_record_of_what_was_seen)
{
	const char *path = file_of(
		"long.yaml",
		SCENARIO("profile: linux\n"
			 "threads: {T: {count: 6, run: [{repeat: 20, do: "
			 "[fetch_add F 1]}]}}\n"));
	const char *to = in_folder("r.jsonl");
	const struct outcome *o;
	struct record *r;
	char *command;

	ck_assert_int_gt(
		asprintf(&command,
			 "'%s' explore --strategy dfs --schedules none --quiet "
			 "--time 60s --record '%s' '%s' &\n"
			 "sleep 1; kill -INT $!; wait $!\n",
			 program_path(), to, path),
		0);
	o = program_shell(command);
	free(command);
	assert_code(o, 130);
	r = read_record(to);
	ck_assert_str_eq(r->coverage, "any");
	ck_assert_uint_gt(r->runs, 0);
	ck_assert_uint_gt(r->edge_count, 0);
	record_free(r);
}
END_TEST

Suite *record_cli_suite(void)
{
	const TTest *const tests[] = {
		a_search_writes_what_it_has_seen,
		a_record_to_stdout_leaves_the_report_to_stderr,
		several_processes_or_searches_leave_no_record,
		a_record_that_cannot_be_written_is_said,
		more_marks_than_a_state_knows_are_refused,
		an_interrupt_leaves_the_record_of_what_was_seen,
	};

	return PROGRAM_SUITE("record_cli", tests);
}
