/*
 * test_matrix.c - combinations of a matrix and included files, through all that
 * the program does with a scenario.
 */
#define _GNU_SOURCE
#include "tests/loader.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two profiles, two numbers of waiters, two of rounds: eight runs. */
static const char matrix[] =
	"futexsim: 1\n"
	"name: many\n"
	"matrix:\n"
	"  waiters:\n"
	"  - 1\n"
	"  - 2   # two\n"
	"  profile: [starry-0.5.11, linux]\n"
	"  rounds: [1, 3]\n"
	"params: {waiters: {default: 4, min: 1, max: 8}}\n"
	"include: [common/lock.yaml]\n"
	"memory: {words: {M: 0, N: 0}}\n"
	"threads:\n"
	"  T:\n"
	"    count: ${waiters}\n"
	"    run: [{repeat: \"${rounds}\", do: [call lock, call add, call "
	"unlock]}]\n"
	"explore: {granularity: call, bounds: {preemptions: 1}}\n"
	"expect: {threads: {T: done}}\n";

static const char lock[] = "# A lock.\n"
			   "---\n"
			   "futexsim: 1\n"
			   "params: {rounds: {default: 7, min: 1, max: 9}}\n"
			   "include: [deep/add.yaml]\n"
			   "procedures:\n"
			   "  lock:\n"
			   "    - c = cas M 0 1\n"
			   "    - while: c != 0\n"
			   "      do: [futex_wait M 1, c = cas M 0 1]\n"
			   "  unlock: [store M 0, futex_wake M 1]\n"
			   "...\n";

static const char add[] =
	"futexsim: 1\n"
	"procedures: {add: [n = load N, store N n+1, assert n < 2]}\n";

/* The scenario in the folder, with what it includes; returns its path. */
static const char *many(void)
{
	mkdir(in_folder("common"), 0777);
	mkdir(in_folder("common/deep"), 0777);
	file_of("common/lock.yaml", lock);
	file_of("common/deep/add.yaml", add);
	return file_of("many.yaml", matrix);
}

static void forget_included(void)
{
	ck_assert_int_eq(unlink(in_folder("common/lock.yaml")), 0);
	ck_assert_int_eq(unlink(in_folder("common/deep/add.yaml")), 0);
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int count = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		count++;
	return count;
}

/* ---- which runs -------------------------------------------------------- */

START_TEST(every_combination_is_a_run)
{
	const char *file = many();
	const struct outcome *o;

	assert_out(CALL("check", file),
		   ": ok: scenario 'many', 1 thread, 0 schedules, 8 runs\n");
	assert_out(CALL("check", "-P", "waiters=7", file), " 4 runs\n");
	o = CALL("run", file);
	assert_out(o, "many [starry-0.5.11, waiters=1, rounds=1]\n");
	assert_out(o, "many [linux, waiters=2, rounds=3]\n");
	ck_assert_uint_eq(count_of(o->out, "many ["), 8);
	/* A third round is what the assertion does not allow. */
	ck_assert_uint_eq(count_of(o->out, "ok: nothing is wrong"), 4);
}
END_TEST

START_TEST(the_command_line_takes_the_place_of_values)
{
	const char *file = many();
	const struct outcome *o = CALL("run", "-p", "linux", "-P", "rounds=2",
				       "-P", "waiters=1", file);

	assert_code(o, 0);
	assert_out(o, "many [linux, waiters=1, rounds=2]\n");
	ck_assert_uint_eq(count_of(o->out, "many ["), 1);
	assert_out(o, "words: M=0 N=2\n");
	/* One that the matrix does not have, and one that nobody may have. */
	o = CALL("run", "-P", "waiters=8", "-P", "rounds=1", "-p", "linux",
		 file);
	assert_out(o, "many [linux, waiters=8, rounds=1]\n");
	assert_code(CALL("run", "-P", "waiters=9", file), 3);
}
END_TEST

/* The command that a report prints makes this run and no other. */
START_TEST(a_report_says_how_to_make_one_run_again)
{
	const char *file = many();
	const struct outcome *o = CALL("run", "-p", "linux", file);
	const char *replay = strstr(o->out, "replay: ");
	char *command;

	ck_assert_ptr_nonnull(replay);
	command = strndup(replay + 8, strcspn(replay + 8, "\n"));
	ck_assert_ptr_nonnull(
		strstr(command, " --profile linux -P waiters=1 -P rounds=3"));
	o = program_shell(command);
	assert_code(o, 1);
	ck_assert_uint_eq(count_of(o->out, "many ["), 1);
	assert_out(o, "many [linux, waiters=1, rounds=3]\n");
	free(command);
}
END_TEST

START_TEST(a_test_names_each_combination)
{
	const struct outcome *o;

	many();
	o = CALL("test", "-p", "linux", folder_path());
	assert_code(o, 1);
	assert_out(o, "/many.yaml [linux, waiters=1, rounds=1, search: ");
	assert_out(o, "/many.yaml [linux, waiters=2, rounds=3, search: ");
	assert_out(o, "2 passed, 2 failed\n");
	/* What is there to be included is no scenario. */
	ck_assert_ptr_null(strstr(o->out, "common"));
	assert_whole_err(o, "");
}
END_TEST

START_TEST(json_has_the_values)
{
	const struct outcome *o = CALL("run", "-p", "linux", "-P", "rounds=3",
				       "-f", "json", many());
	json_t *object = json_loads(o->out, JSON_DISABLE_EOF_CHECK, NULL);
	json_t *params, *verdict;

	ck_assert_ptr_nonnull(object);
	params = json_object_get(object, "params");
	ck_assert_int_eq(json_integer_value(json_object_get(params, "waiters")),
			 1);
	ck_assert_int_eq(json_integer_value(json_object_get(params, "rounds")),
			 3);
	/* The assertion is on the second line of the innermost file. */
	verdict = json_array_get(json_object_get(object, "verdicts"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(verdict, "line")),
			 2);
	ck_assert_ptr_nonnull(
		strstr(json_string_value(json_object_get(verdict, "file")),
		       "/common/deep/add.yaml"));
	json_decref(object);
}
END_TEST

START_TEST(what_takes_one_run_says_how_to_choose_it)
{
	const char *file = many();

	assert_code(CALL("run", "-t", in_folder("t.jsonl"), file), 2);
	assert_err(CALL("run", "-t", in_folder("t.jsonl"), file),
		   "choose it with --profile, --schedule and -P");
	assert_code(CALL("minimize", file), 2);
	assert_code(CALL("replay", file), 3);
}
END_TEST

/* ---- traces and schedules ---------------------------------------------- */

START_TEST(a_trace_replays_as_its_combination_and_needs_no_file)
{
	const char *file = many(), *trace = in_folder("t.jsonl");
	const struct outcome *o = CALL("run", "-p", "linux", "-P", "waiters=2",
				       "-P", "rounds=3", "-t", trace, file);

	assert_code(o, 1);
	assert_out(o, "/common/deep/add.yaml:2) at step ");
	forget_included();
	unlink(file);
	o = CALL("replay", trace);
	assert_code(o, 1);
	assert_whole_err(o, "");
	assert_out(o, "many [linux, waiters=2, rounds=3]\n");
	assert_out(o, "(common/deep/add.yaml:2) at step ");
	assert_code(CALL("draw", trace, "-o", in_folder("t.svg")), 0);
	assert_code(CALL("minimize", trace, "-o", in_folder("m.yaml")), 0);
}
END_TEST

START_TEST(schedules_of_a_search_hold_what_was_included)
{
	const char *bugs = in_folder("bugs");
	const char *schedule =
		in_folder("bugs/many-linux-waiters-2-rounds-3-assertion.yaml");
	const struct outcome *o = CALL("explore", "-p", "linux", "-P",
				       "rounds=3", "--schedules", bugs, many());
	char *text;

	assert_code(o, 1);
	assert_out(o, "many [linux, waiters=2, rounds=3]: ");
	assert_out(o, "many-linux-waiters-1-rounds-3-outcome-1.yaml");
	forget_included();
	text = content_of(schedule, NULL);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strstr(text, "matrix"));
	ck_assert_ptr_nonnull(strstr(text, "waiters: {default: 2, min: 1"));
	ck_assert_ptr_nonnull(strstr(text, "rounds: {default: 3, min: 1"));
	ck_assert_ptr_nonnull(strstr(text, "  \"common/deep/add.yaml\":\n"));
	free(text);
	o = CALL("replay", schedule);
	assert_code(o, 1);
	assert_whole_err(o, "");
	assert_code(CALL("minimize", schedule, "-o", in_folder("m.yaml")), 0);
	assert_code(CALL("replay", in_folder("m.yaml")), 1);
	assert_out(CALL("check", schedule), "2 threads, 1 schedule, 1 run\n");
}
END_TEST

START_TEST(a_checkpoint_is_of_one_combination)
{
	const char *file = many(), *checkpoint = in_folder("c");

	assert_code(CALL("explore", "--checkpoint", checkpoint, file), 2);
	assert_code(CALL("explore", "-p", "linux", "-P", "waiters=2", "-P",
			 "rounds=1", "--schedules", "none", "--checkpoint",
			 checkpoint, file),
		    0);
}
END_TEST

/* ---- the loader -------------------------------------------------------- */

START_TEST(the_source_of_a_combination_is_that_combination)
{
	static const char text[] =
		"futexsim: 1\nname: x\n"
		"matrix:\n  a:\n  - 1\n  # no\n  - 2\n  b: [3,\n   4]\n"
		"params: {a: {default: 9}, b: {default: 8}}\n"
		"threads: {A: ['n = ${a}'], B: [n = 1]}\n";
	static const char second[] =
		"futexsim: 1\nname: x\n"
		"matrix:\n  a:\n  - 1\n      \n     \n  b: [4 \n    ]\n"
		"params: {a: {default: 1}, b: {default: 4}}\n"
		"threads: {A: ['n = ${a}'], B: [n = 1]}\n";
	struct scenario *s = loader_parse(text), *c, *again;
	struct diagnostics d;
	char *name;

	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->matrix.combination_count, 4);
	ck_assert_str_eq(s->combination, "a=1, b=3");
	name = scenario_combination_name(s, 3);
	ck_assert_str_eq(name, "a=2, b=4");
	free(name);
	diagnostics_init(&d, "test.yaml");
	c = scenario_combination(s, 1, &d);
	ck_assert_ptr_nonnull(c);
	ck_assert_str_eq(c->combination, "a=1, b=4");
	ck_assert_str_eq(c->source, second);
	again = loader_parse(c->source);
	ck_assert_uint_eq(again->matrix.combination_count, 1);
	ck_assert_str_eq(again->combination, "a=1, b=4");
	ck_assert_str_eq(again->source, second);
	diagnostics_fini(&d);
	scenario_free(again);
	scenario_free(c);
	scenario_free(s);
}
END_TEST

START_TEST(a_line_of_the_source_is_one_of_a_file)
{
	struct scenario *s = loader_load_good(many());
	int line = 12;

	ck_assert_uint_eq(s->include_count, 2);
	ck_assert_str_eq(scenario_place(s, &line), s->path);
	ck_assert_int_eq(line, 12);
	/* Behind the 17 lines of the scenario: `included:` and a name. */
	line = 17 + 2 + 8;
	ck_assert_ptr_nonnull(
		strstr(scenario_place(s, &line), "/common/lock.yaml"));
	ck_assert_int_eq(line, 8);
	scenario_free(s);
}
END_TEST

/* Seven files include one another below the first: eight at most. */
START_TEST(files_include_one_another_eight_deep)
{
	char name[32], text[128];

	for (int i = 1; i <= SCENARIO_INCLUDE_DEPTH_MAX; i++) {
		snprintf(name, sizeof(name), "%d.yaml", i);
		snprintf(text, sizeof(text),
			 "futexsim: 1\nparams: {}\ninclude: [%s%d%s]\n",
			 i < SCENARIO_INCLUDE_DEPTH_MAX ? "" : "# ", i + 1,
			 i < SCENARIO_INCLUDE_DEPTH_MAX ? ".yaml" : "\n]# ");
		file_of(name, text);
	}
	scenario_free(loader_load_good(
		file_of("s.yaml", "futexsim: 1\nname: x\ninclude: [1.yaml]\n"
				  "threads: {A: []}\n")));
	/* One more, and it is too deep. */
	snprintf(name, sizeof(name), "%d.yaml", SCENARIO_INCLUDE_DEPTH_MAX);
	file_of(name, "futexsim: 1\nparams: {}\ninclude: [9.yaml]\n");
	file_of("9.yaml", "futexsim: 1\nparams: {}\n");
	assert_err(CALL("check", in_folder("s.yaml")),
		   "SCENARIO_INCLUDE_DEPTH_MAX");
}
END_TEST

/* For more files than file_of() remembers the names of. */
static void put_file(const char *name, const char *text)
{
	char *path;
	FILE *file;

	ck_assert_int_gt(asprintf(&path, "%s/%s", folder_path(), name), 0);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

START_TEST(as_many_files_as_there_may_be)
{
	unsigned int count = SCENARIO_INCLUDES_MAX;
	char name[32];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("futexsim: 1\nname: x\nthreads: {A: []}\ninclude:\n", out);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%u.yaml", i);
		put_file(name, "futexsim: 1\nparams: {}\n");
		fprintf(out, "  - %s\n", name);
	}
	fflush(out);
	scenario_free(loader_load_good(file_of("s.yaml", text)));
	file_of("one.yaml", "futexsim: 1\nparams: {}\n");
	fputs("  - one.yaml\n", out);
	fclose(out);
	assert_err(CALL("check", file_of("s.yaml", text)),
		   "more than 256 files (SCENARIO_INCLUDES_MAX)");
	free(text);
}
END_TEST

START_TEST(what_is_included_counts_as_part_of_the_file)
{
	size_t size = SCENARIO_BYTES_MAX / 2 + 1000;
	char *text = malloc(size + 1);

	ck_assert_ptr_nonnull(text);
	memset(text, '#', size);
	memcpy(text, "futexsim: 1\nparams: {}\n# ", 25);
	text[size] = '\0';
	file_of("a.yaml", text);
	file_of("b.yaml", text);
	free(text);
	assert_err(CALL("check", file_of("s.yaml", "futexsim: 1\nname: x\n"
						   "include: [a.yaml, b.yaml]\n"
						   "threads: {A: []}\n")),
		   "s.yaml:3:19: error: more than 4194304 bytes with what is "
		   "included (SCENARIO_BYTES_MAX)");
}
END_TEST

/* A pipe would never end, a folder has no text. */
START_TEST(only_files_can_be_included)
{
	ck_assert_int_eq(mkfifo(in_folder("pipe.yaml"), 0600), 0);
	assert_err(CALL("check", file_of("s.yaml", "futexsim: 1\nname: x\n"
						   "include: [pipe.yaml]\n"
						   "threads: {A: []}\n")),
		   "it is no file");
}
END_TEST

START_TEST(a_file_for_inclusion_is_checked_by_itself)
{
	const struct outcome *o;

	many();
	o = CALL("check", in_folder("common/lock.yaml"));
	assert_code(o, 0);
	assert_out(o, ": ok: to be included: 3 procedures, 1 parameter\n");
	assert_code(CALL("run", in_folder("common/lock.yaml")), 3);
	file_of("common/deep/add.yaml",
		"futexsim: 1\nprocedures: {add: [laod N]}\n");
	o = CALL("check", in_folder("common/lock.yaml"));
	assert_code(o, 3);
	assert_err(o, "/common/deep/add.yaml:2:20: error: unknown operation "
		      "'laod'\n");
	/* It has a name, and is a bad scenario. */
	o = CALL("test",
		 file_of("s.yaml", "futexsim: 1\nname: x\nprocedures: {}\n"));
	assert_code(o, 1);
}
END_TEST

START_TEST(scenarios_have_names_of_their_own)
{
	static const char text[] =
		"futexsim: 1\nname: same\nthreads: {A: []}\n";
	const char *a = file_of("a.yaml", text), *b = file_of("b.yaml", text);
	const struct outcome *o = CALL("check", a, b);

	assert_code(o, 3);
	assert_err(o, "/b.yaml:2:7: error: the name 'same' is that of ");
	assert_code(CALL("check", a, a), 0);
}
END_TEST

/* Here, for all other limits are told by the loader. */
START_TEST(the_limit_of_steps_says_how_to_raise_it)
{
	const struct outcome *o = CALL("run", "--max-steps", "1",
				       "tests/elsewhere/user-memory.yaml");

	assert_code(o, 4);
	assert_out(o, "step-limit");
	assert_out(o, "which --max-steps or, in a search, --steps raises");
}
END_TEST

Suite *matrix_suite(void)
{
	const TTest *const tests[] = {
		every_combination_is_a_run,
		the_command_line_takes_the_place_of_values,
		a_report_says_how_to_make_one_run_again,
		a_test_names_each_combination,
		json_has_the_values,
		what_takes_one_run_says_how_to_choose_it,
		a_trace_replays_as_its_combination_and_needs_no_file,
		schedules_of_a_search_hold_what_was_included,
		a_checkpoint_is_of_one_combination,
		the_source_of_a_combination_is_that_combination,
		a_line_of_the_source_is_one_of_a_file,
		files_include_one_another_eight_deep,
		as_many_files_as_there_may_be,
		what_is_included_counts_as_part_of_the_file,
		only_files_can_be_included,
		a_file_for_inclusion_is_checked_by_itself,
		scenarios_have_names_of_their_own,
		the_limit_of_steps_says_how_to_raise_it,
	};

	return PROGRAM_SUITE("matrix", tests);
}
