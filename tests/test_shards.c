/*
 * test_shards.c - a search in several tasks: whoever takes them, the result is
 * the same.
 *
 * A result is compared as text, with all that is in it but times and memory.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/machine.h"
#include "tests/searches.h"
#include "tests/suites.h"

static void assert_no_children(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

/* ---- workers ----------------------------------------------------------- */

START_TEST(any_number_of_workers_gives_the_same_result)
{
	char *expected;

	search_prepare(&search_samples[_i]);
	expected = search_text();
	asked.jobs = 2;
	assert_search(expected);
	asked.jobs = 3;
	assert_search(expected);
	free(expected);
	assert_no_children();
	scenario_free(searched);
}
END_TEST

/* Dividing a search neither loses nor doubles a run of it. */
START_TEST(divided_or_not_it_takes_the_same_runs)
{
	const struct search_sample *s = &search_samples[_i];
	uint64_t runs, outcomes;

	search_prepare(s);
	if (s->executions) {
		scenario_free(searched);
		return;
	}
	ck_assert_int_eq(search_scenario(&asked, &found), 0);
	runs = found.runs;
	outcomes = found.outcome_count;
	search_result_free(&found);
	search_pace.budget_min = UINT64_MAX;
	ck_assert_int_eq(search_scenario(&asked, &found), 0);
	ck_assert_uint_eq(found.runs, runs);
	ck_assert_uint_eq(found.outcome_count, outcomes);
	search_result_free(&found);
	scenario_free(searched);
}
END_TEST

/* Where theory gives a number, it is that number: readers(10). */
START_TEST(divided_readers_take_two_to_the_ten)
{
	search_prepare(&(struct search_sample){"tests/bench/readers.yaml",
					       STRATEGY_DPOR, GRANULARITY_CALL,
					       false, 0, NULL});
	asked.jobs = 2;
	ck_assert_int_eq(search_scenario(&asked, &found), 0);
	ck_assert_uint_eq(found.runs, 1024);
	ck_assert_uint_eq(found.runs_blocked, 0);
	ck_assert_int_eq(found.end, SEARCH_COMPLETE);
	search_result_free(&found);
	scenario_free(searched);
}
END_TEST

static const struct search_sample long_one = {"tests/bench/drepper.yaml",
					      STRATEGY_DFS,
					      GRANULARITY_KERNEL,
					      false,
					      0,
					      NULL};

START_TEST(a_bound_on_executions_is_met_exactly)
{
	char *expected;

	search_prepare(&long_one);
	asked.explore.bounds.executions = 777;
	expected = search_text();
	ck_assert_ptr_nonnull(strstr(expected, "777 runs,"));
	asked.jobs = 2;
	assert_search(expected);
	free(expected);
	scenario_free(searched);
}
END_TEST

START_TEST(the_first_bug_is_the_same_run)
{
	char *expected;

	search_prepare(&search_samples[7]);
	asked.is_first_bug_enough = true;
	expected = search_text();
	ck_assert_ptr_nonnull(strstr(expected, "end 7, coverage 1"));
	asked.jobs = 2;
	assert_search(expected);
	free(expected);
	scenario_free(searched);
}
END_TEST

static bool say_stop(const struct search_progress *p, void *arg)
{
	(void)arg;
	return p->runs < 1000;
}

START_TEST(who_watches_can_end_it)
{
	search_prepare(&long_one);
	asked.jobs = 2;
	asked.progress = say_stop;
	ck_assert_int_eq(search_scenario(&asked, &found), 0);
	ck_assert_int_eq(found.end, SEARCH_CANCELLED);
	ck_assert_uint_ge(found.runs, 1000);
	search_result_free(&found);
	assert_no_children();
	scenario_free(searched);
}
END_TEST

START_TEST(time_ends_it)
{
	search_prepare(&long_one);
	asked.jobs = 2;
	asked.explore.bounds.time_ns = 100000000;
	ck_assert_int_eq(search_scenario(&asked, &found), 0);
	ck_assert_int_eq(found.end, SEARCH_TIME);
	ck_assert(found.seconds < 10);
	search_result_free(&found);
	scenario_free(searched);
}
END_TEST

/* Whose parent this process is: the last number of its file's fourth field. */
static bool is_my_child(const char *pid)
{
	char path[300], line[512], *at;
	FILE *in;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	in = fopen(path, "r");
	if (!in)
		return false;
	at = fgets(line, sizeof(line), in) ? strrchr(line, ')') : NULL;
	fclose(in);
	return at && sscanf(at + 1, " %*c %d", &parent) == 1 &&
	       parent == getpid();
}

static bool kill_a_worker(const struct search_progress *p, void *arg)
{
	DIR *proc = opendir("/proc");
	bool *has_killed = arg;
	struct dirent *e;

	(void)p;
	while (proc && !*has_killed && (e = readdir(proc))) {
		if (atoi(e->d_name) > 0 && is_my_child(e->d_name)) {
			kill(atoi(e->d_name), SIGKILL);
			*has_killed = true;
		}
	}
	if (proc)
		closedir(proc);
	return true;
}

START_TEST(a_worker_that_dies_ends_it_with_an_error)
{
	bool has_killed = false;

	search_prepare(&long_one);
	asked.jobs = 2;
	asked.progress = kill_a_worker;
	asked.arg = &has_killed;
	ck_assert_int_eq(search_scenario(&asked, &found), -EPROTO);
	ck_assert(has_killed);
	ck_assert_str_eq(found.error,
			 "a worker was ended by signal 9 (Killed)");
	search_result_free(&found);
	assert_no_children();
	scenario_free(searched);
}
END_TEST

/* ---- bytes ------------------------------------------------------------- */

START_TEST(numbers_come_back_and_nothing_is_read_behind_the_end)
{
	static const uint64_t numbers[] = {0, 127, 128, 1u << 31, UINT64_MAX};
	struct bytes b = {NULL, 0, 0};
	struct reader r;
	size_t i, count = sizeof(numbers) / sizeof(numbers[0]);

	for (i = 0; i < count; i++)
		bytes_put(&b, numbers[i]);
	r = bytes_read(&b);
	for (i = 0; i < count; i++)
		ck_assert_uint_eq(reader_get(&r), numbers[i]);
	ck_assert(!r.is_bad);
	ck_assert_uint_eq(reader_get(&r), 0);
	ck_assert(r.is_bad);
	r = bytes_read(&b);
	r.end--;
	for (i = 0; i < count; i++)
		reader_get(&r);
	ck_assert(r.is_bad);
	bytes_fini(&b);
}
END_TEST

Suite *shards_suite(void)
{
	Suite *suite = suite_create("shards");
	TCase *tc = tcase_create("shards");

	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, any_number_of_workers_gives_the_same_result, 0,
			    SEARCH_SAMPLES);
	tcase_add_loop_test(tc, divided_or_not_it_takes_the_same_runs, 0,
			    SEARCH_SAMPLES);
	tcase_add_test(tc, divided_readers_take_two_to_the_ten);
	tcase_add_test(tc, a_bound_on_executions_is_met_exactly);
	tcase_add_test(tc, the_first_bug_is_the_same_run);
	tcase_add_test(tc, who_watches_can_end_it);
	tcase_add_test(tc, time_ends_it);
	tcase_add_test(tc, a_worker_that_dies_ends_it_with_an_error);
	tcase_add_test(tc,
		       numbers_come_back_and_nothing_is_read_behind_the_end);
	suite_add_tcase(suite, tc);
	return suite;
}
