/*
 * test_fmt.c - scenario files in canonical layout: what it is, that it says the
 * same, and that no comment gets lost.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* @text comes out as @expected, and that as itself. */
static void assert_fmt(const char *text, const char *expected)
{
	const struct outcome *o = CALL("fmt", file_of("a.yaml", text));

	assert_code(o, 0);
	assert_whole_err(o, "");
	ck_assert_str_eq(o->out, expected);
	o = CALL("fmt", file_of("b.yaml", expected));
	assert_code(o, 0);
	ck_assert_str_eq(o->out, expected);
}

START_TEST(keys_come_in_the_order_of_the_reference)
{
	assert_fmt("threads: {A: [load F]}\n"
		   "expect: {words: {F: 1}, returns: {A.r: 0}}\n"
		   "zebra: 1\n"
		   "memory:\n  words:\n    F: 1\n"
		   "name: x\n"
		   "futexsim: 1\n",
		   "futexsim: 1\n"
		   "name: x\n"
		   "memory: {words: {F: 1}}\n"
		   "threads:\n"
		   "  A: [load F]\n"
		   "expect:\n"
		   "  returns: {A.r: 0}\n"
		   "  words: {F: 1}\n"
		   "zebra: 1\n");
}
END_TEST

START_TEST(what_fits_is_in_brackets_and_what_has_steps_is_not)
{
	assert_fmt(
		"threads:\n"
		"  A:\n    - load F\n    - load G\n"
		"  B: [load F, load F, load F, load F]\n"
		"  C: [{if: 1 == 1, then: [load F]}]\n"
		"schedule: [{A: next}, {B: {after: user.load, nth: 2}}, show]\n"
		"memory: {regions: {shared_memory: {kind: shared, pages: 2}, "
		"private_memory: {kind: private, pages: 10}}}\n",
		"memory:\n"
		"  regions:\n"
		"    shared_memory: {kind: shared, pages: 2}\n"
		"    private_memory: {kind: private, pages: 10}\n"
		"threads:\n"
		"  A: [load F, load G]\n"
		"  B:\n"
		"    - load F\n    - load F\n    - load F\n    - load F\n"
		"  C:\n"
		"    - if: 1 == 1\n"
		"      then: [load F]\n"
		"schedule:\n"
		"  - A: next\n"
		"  - B: {after: user.load, nth: 2}\n"
		"  - show\n");
}
END_TEST

START_TEST(quotes_stay_where_they_mean_something)
{
	assert_fmt("name: 'x'\n"
		   "tags: ['12', \"a, b\", 'it''s', \"tab\\there\", '']\n"
		   "profile: \"a: b\"\n"
		   "quirks: '# no comment'\n"
		   "expect:\n"
		   "  always:\n"
		   "    - {name: n, that: f(A, B)}\n",
		   "name: x\n"
		   "tags: [\"12\", \"a, b\", it's, \"tab\\there\", \"\"]\n"
		   "profile: \"a: b\"\n"
		   "quirks: \"# no comment\"\n"
		   "expect:\n"
		   "  always:\n"
		   "    - {name: n, that: \"f(A, B)\"}\n");
}
END_TEST

START_TEST(a_summary_is_folded_anew_and_keeps_its_paragraphs)
{
	assert_fmt(
		"summary: >\n"
		"  one\n"
		"  two  three\n"
		"\n"
		"  aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
		"ggggggggg hhhhhhhhh iiiiiiiii\n",
		"summary: >\n"
		"  one two  three\n"
		"\n"
		"  aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
		"ggggggggg\n"
		"  hhhhhhhhh iiiiiiiii\n");
	assert_fmt("summary: |\n  as\n   it\n  is\n",
		   "summary: |\n  as\n   it\n  is\n");
}
END_TEST

START_TEST(comments_stay_with_what_they_are_about)
{
	assert_fmt("# first\n"
		   "threads: # who\n"
		   "  # A\n"
		   "  A: [load F, # one\n"
		   "      load G] # two\n"
		   "  B: [load F] # three\n"
		   "  # done\n"
		   "name: x # a name\n"
		   "summary: > # of it\n"
		   "  text # is text\n"
		   " # in between\n"
		   "# last\n",
		   "name: x  # a name\n"
		   "# of it\n"
		   "summary: >\n"
		   "  text # is text\n"
		   "# in between\n"
		   "# first\n"
		   "threads:  # who\n"
		   "  # A\n"
		   "  A:\n"
		   "    - load F  # one\n"
		   "    - load G  # two\n"
		   "  B: [load F]  # three\n"
		   "  # done\n"
		   "# last\n");
}
END_TEST

START_TEST(a_comment_without_a_place_is_refused_with_its_reason)
{
	const struct outcome *o = CALL("fmt", file_of("a.yaml", "name: x\n"
								"tags: [a,\n"
								"  b\n"
								"] # why\n"));

	assert_code(o, 3);
	assert_err(o, "a.yaml:4:3: error: this comment cannot be kept: it is "
		      "behind the end of something that began further up; put "
		      "it on a line of its own\n"
		      "    ] # why\n"
		      "      ^\n");
	ck_assert_str_eq(o->out, "");
}
END_TEST

START_TEST(what_is_no_yaml_is_an_error_and_stays_as_it_is)
{
	const char *text = "name: [x\n";
	const char *path = file_of("a.yaml", text);
	char *left;

	assert_code(CALL("fmt", "--write", path), 3);
	left = content_of(path, NULL);
	ck_assert_str_eq(left, text);
	free(left);
	assert_code(CALL("fmt", in_folder("none.yaml")), 3);
	assert_code(CALL("fmt", path, path), 2);
}
END_TEST

START_TEST(check_names_what_write_would_change)
{
	const char *good = file_of("good.yaml", "name: x\ntags: [a]\n");
	const char *bad = file_of("bad.yaml", "tags: [a]\nname: x\n");
	const struct outcome *o = CALL("fmt", "--check", good, bad);
	char *line, *text;

	assert_code(o, 1);
	ck_assert_int_gt(asprintf(&line, "%s\n", bad), 0);
	ck_assert_str_eq(o->out, line);
	free(line);
	o = CALL("fmt", "--write", good, bad);
	assert_code(o, 0);
	ck_assert_str_eq(o->out, "");
	text = content_of(bad, NULL);
	ck_assert_str_eq(text, "name: x\ntags: [a]\n");
	free(text);
	assert_code(CALL("fmt", "--check", good, bad), 0);
}
END_TEST

START_TEST(every_scenario_runs_alike_in_either_layout)
{
	/*
	 * cli_fmt compares what comes out with what went in, and refuses to
	 * write anything else.  Here the runs are compared as well.
	 */
	const struct outcome *o = program_shell(
		"for f in $(find scenarios tests/good -name '*.yaml'); do\n"
		"  futexsim fmt \"$f\" >/dev/null || echo \"$f: $?\"\n"
		"done\n"
		"for f in scenarios/*/*.yaml; do\n"
		"  case $f in *-searched.yaml | scenarios/common/*) continue;; "
		"esac\n"
		"  grep -q '^include:\\|^explore:' \"$f\" && continue\n"
		"  futexsim fmt \"$f\" | futexsim run --format json - "
		">/tmp/fmt.$$.a 2>&1\n"
		"  futexsim run --format json \"$f\" >/tmp/fmt.$$.b 2>&1\n"
		"  sed 's/\"line\": [0-9]*//g' /tmp/fmt.$$.a >/tmp/fmt.$$.c\n"
		"  sed 's/\"line\": [0-9]*//g' /tmp/fmt.$$.b | "
		"cmp -s - /tmp/fmt.$$.c || echo \"$f differs\"\n"
		"done\n"
		"rm -f /tmp/fmt.$$.*\n");

	ck_assert_str_eq(o->out, "");
	assert_whole_err(o, "");
}
END_TEST

Suite *fmt_suite(void)
{
	const TTest *const tests[] = {
		keys_come_in_the_order_of_the_reference,
		what_fits_is_in_brackets_and_what_has_steps_is_not,
		quotes_stay_where_they_mean_something,
		a_summary_is_folded_anew_and_keeps_its_paragraphs,
		comments_stay_with_what_they_are_about,
		a_comment_without_a_place_is_refused_with_its_reason,
		what_is_no_yaml_is_an_error_and_stays_as_it_is,
		check_names_what_write_would_change,
		every_scenario_runs_alike_in_either_layout,
	};

	return PROGRAM_SUITE("fmt", tests);
}
