/*
 * test_workers.c - tasks in processes of their own, and the test command that
 * is made of them: the order of what is told, crashes, progress.
 */
#define _GNU_SOURCE
#include "tests/program.h"
#include "tests/suites.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/workers.h"

/* ---- tasks ------------------------------------------------------------- */

#define TASKS 20u
#define LARGE 300000u /* more than a pipe holds */

struct told {
	uint32_t next; /* the index that comes next */
	unsigned int crashes;
	char text[96];
	int exit_code;
};

/* The later the quicker, so that they do not end in order. */
static void number_slowly(uint32_t index, struct bytes *result, void *arg)
{
	(void)arg;
	usleep((TASKS - index) * 1000);
	bytes_put(result, index * index);
}

static void expect_square(uint32_t index, const struct task_end *end,
			  const struct bytes *result, void *arg)
{
	struct reader from = bytes_read(result);
	struct told *t = arg;

	ck_assert_int_eq(end->exit_code, 0);
	ck_assert_uint_eq(index, t->next++);
	ck_assert_uint_eq(reader_get(&from), index * index);
}

START_TEST(results_come_in_order_whatever_the_number_of_processes)
{
	static const uint32_t jobs[] = {1, 2, 3, JOBS_MAX};
	struct workers w = {
		.count = TASKS, .task = number_slowly, .done = expect_square};
	struct told told;
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		told = (struct told){0};
		w.jobs = jobs[i];
		w.arg = &told;
		ck_assert_int_eq(workers_run(&w), 0);
		ck_assert_uint_eq(told.next, TASKS);
	}
}
END_TEST

static void put_much(uint32_t index, struct bytes *result, void *arg)
{
	uint32_t i;

	(void)arg;
	for (i = 0; i < LARGE; i++)
		bytes_put_block(result, &"abcdefgh"[index], 1);
}

static void expect_much(uint32_t index, const struct task_end *end,
			const struct bytes *result, void *arg)
{
	struct told *t = arg;
	size_t i;

	ck_assert_int_eq(end->exit_code, 0);
	ck_assert_uint_eq(result->size, LARGE);
	for (i = 0; i < LARGE; i++)
		ck_assert_int_eq(result->data[i], "abcdefgh"[index]);
	t->next++;
}

START_TEST(a_result_may_be_larger_than_a_pipe)
{
	struct told told = {0};
	const struct workers w = {.jobs = 2,
				  .count = 4,
				  .task = put_much,
				  .done = expect_much,
				  .arg = &told};

	ck_assert_int_eq(workers_run(&w), 0);
	ck_assert_uint_eq(told.next, 4);
}
END_TEST

/* The second of three. */
static void second_ends(uint32_t index, struct bytes *result, void *arg)
{
	const int *how = arg;

	bytes_put(result, index);
	if (index == 1 && *how > 0)
		_exit(*how);
	if (index == 1)
		kill(getpid(), -*how);
}

static struct told told_of_ends;

static void note_end(uint32_t index, const struct task_end *end,
		     const struct bytes *result, void *arg)
{
	struct told *t = &told_of_ends;

	(void)arg;
	ck_assert_uint_eq(index, t->next++);
	if (!end->exit_code) {
		ck_assert_uint_eq(result->size, 1);
		return;
	}
	ck_assert_uint_eq(index, 1);
	t->crashes++;
	t->exit_code = end->exit_code;
	strcpy(t->text, end->text);
}

/* @how: an exit code, or minus a signal. */
static void assert_end(int how, int exit_code, const char *text)
{
	const struct workers w = {.jobs = 2,
				  .count = 3,
				  .task = second_ends,
				  .done = note_end,
				  .arg = &how};

	told_of_ends = (struct told){0};
	ck_assert_int_eq(workers_run(&w), 0);
	ck_assert_uint_eq(told_of_ends.next, 3);
	ck_assert_uint_eq(told_of_ends.crashes, 1);
	ck_assert_int_eq(told_of_ends.exit_code, exit_code);
	ck_assert_str_eq(told_of_ends.text, text);
}

START_TEST(a_task_that_crashes_takes_no_other_along)
{
	assert_end(-SIGKILL, EXIT_INTERNAL,
		   "its process was ended by signal 9 (Killed)");
	assert_end(
		-SIGUSR1, EXIT_INTERNAL,
		"its process was ended by signal 10 (User defined signal 1)");
	assert_end(3, EXIT_INTERNAL, "its process ended with exit code 3");
	/* No memory left, as a search says. */
	assert_end(EXIT_ENVIRONMENT, EXIT_ENVIRONMENT,
		   "its process ended with exit code 7");
}
END_TEST

START_TEST(no_task_is_no_trouble)
{
	const struct workers w = {
		.jobs = 4, .task = number_slowly, .done = expect_square};

	ck_assert_int_eq(workers_run(&w), 0);
}
END_TEST

/* ---- the test command -------------------------------------------------- */

#define FOLDERS "scenarios/wait", "scenarios/timeout"

static void assert_same_with(const char *form)
{
	static const char *const jobs[] = {"1", "3", "64"};
	char *first = NULL;
	const struct outcome *o;
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		o = CALL("test", "--quiet", form, "-j", jobs[i], FOLDERS);
		assert_code(o, 0);
		assert_whole_err(o, "");
		if (first)
			ck_assert_str_eq(o->out, first);
		else
			first = strdup(o->out);
	}
	free(first);
}

START_TEST(the_same_bytes_for_any_number_of_processes)
{
	assert_same_with("--quiet");
	assert_same_with("--tap");
}
END_TEST

/* Two of one name, one that fails, one that does not load. */
static void fill_folder(void)
{
	static const char good[] = "futexsim: 1\nname: good\n"
				   "threads: {A: [yield]}\n";

	file_of("a.yaml", good);
	file_of("b.yaml", "futexsim: 1\n");
	file_of("c.yaml", "futexsim: 1\nname: bad\n"
			  "memory: {words: {F: 0}}\nthreads: {A: [yield]}\n"
			  "expect: {words: {F: 1}}\n");
	file_of("d.yaml", good);
}

START_TEST(files_are_told_in_order_and_so_are_their_errors)
{
	char *first_out, *first_err;
	const struct outcome *o;

	fill_folder();
	o = CALL("test", "-j", "1", folder_path());
	assert_code(o, 1);
	assert_out(o, "2 passed, 2 failed\n");
	assert_err(o, "/b.yaml:");
	first_out = strdup(o->out);
	first_err = strdup(o->err);
	o = CALL("test", "-j", "4", folder_path());
	assert_code(o, 1);
	ck_assert_str_eq(o->out, first_out);
	assert_whole_err(o, first_err);
	free(first_out);
	free(first_err);
}
END_TEST

/* Its process has a second; the search would take hours. */
START_TEST(a_scenario_that_crashes_fails_alone_and_is_named)
{
	const struct outcome *o;
	char command[256];

	fill_folder();
	file_of("c.yaml", "futexsim: 1\nname: endless\n"
			  "memory: {words: {F: 0}}\n"
			  "threads: {T: {count: 8, run: [store F 1, load F, "
			  "store F 2, load F]}}\n"
			  "explore: {strategy: dfs}\n");
	snprintf(command, sizeof(command), "ulimit -t 1; futexsim test -j 2 %s",
		 folder_path());
	o = program_shell(command);
	assert_code(o, 6);
	assert_out(o, "2 passed, 2 failed\n");
	assert_out(o, "/c.yaml\n      its process was ended by signal ");
	assert_err(o, "/c.yaml: its process was ended by signal ");
	assert_out(o, "/d.yaml [starry-0.5.11]\n");
}
END_TEST

START_TEST(a_number_of_processes_is_from_1_to_64)
{
	assert_code(CALL("test", "-j", "0", "scenarios/wait"), 2);
	assert_code(CALL("test", "-j", "65", "scenarios/wait"), 2);
	assert_code(CALL("test"), 2);
}
END_TEST

Suite *workers_suite(void)
{
	const TTest *const tests[] = {
		results_come_in_order_whatever_the_number_of_processes,
		a_result_may_be_larger_than_a_pipe,
		a_task_that_crashes_takes_no_other_along,
		no_task_is_no_trouble,
		the_same_bytes_for_any_number_of_processes,
		files_are_told_in_order_and_so_are_their_errors,
		a_scenario_that_crashes_fails_alone_and_is_named,
		a_number_of_processes_is_from_1_to_64,
	};

	return PROGRAM_SUITE("workers", tests);
}
