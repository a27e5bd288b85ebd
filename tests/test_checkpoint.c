/*
 * test_checkpoint.c - a search that was ended goes on from a file, and nothing
 * shows that it was; a file that does not fit is refused.
 */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/machine.h"
#include "tests/searches.h"
#include "tests/suites.h"

/* ---- files ------------------------------------------------------------- */

static char path[64];

static void make_path(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/futexsim-test-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	unlink(path);
}

/*
 * End the search after some runs, and then again and again, each time with
 * another number of workers.
 */
static void assert_resumed(char *expected, uint64_t step)
{
	uint64_t last = asked.explore.bounds.executions, limit;
	char *text = NULL;

	unlink(path);
	asked.checkpoint = path;
	asked.resume = NULL;
	for (limit = step;; limit += limit / 2 + step) {
		free(text);
		asked.explore.bounds.executions = limit < last ? limit : last;
		text = search_text();
		if (limit >= last || !strstr(text, "end 3,"))
			break;
		asked.resume = path;
		asked.jobs = asked.jobs % 3 + 1;
	}
	ck_assert_str_eq(text, expected);
	free(text);
	unlink(path);
	asked.explore.bounds.executions = last;
}

START_TEST(ended_and_resumed_it_gives_the_same_result)
{
	char *expected;

	search_prepare(&search_samples[_i]);
	make_path();
	expected = search_text();
	assert_resumed(expected, 1);
	asked.jobs = 1;
	assert_resumed(expected, 97);
	free(expected);
	scenario_free(searched);
}
END_TEST

/* A search that writes a file after each turn, and is killed in the midst. */
static void search_until_killed(void)
{
	pid_t child = fork();
	int tries;

	ck_assert_int_ge(child, 0);
	if (!child) {
		search_scenario(&asked, &found);
		_exit(0);
	}
	for (tries = 0; access(path, R_OK) && tries < 10000; tries++)
		usleep(100);
	usleep(2000);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(killed_and_resumed_it_gives_the_same_result)
{
	char *expected;

	search_prepare(&search_samples[10]);
	asked.explore.bounds.executions = 4000;
	make_path();
	expected = search_text();
	asked.checkpoint = path;
	asked.jobs = 2;
	search_until_killed();
	asked.resume = path;
	search_until_killed();
	assert_search(expected);
	/* The file of what is done gives it once more. */
	assert_search(expected);
	free(expected);
	unlink(path);
	scenario_free(searched);
}
END_TEST

/* ---- files that do not fit --------------------------------------------- */

static void assert_refused(const char *why)
{
	ck_assert_int_eq(search_scenario(&asked, &found), -EBADMSG);
	ck_assert_ptr_nonnull(found.error);
	ck_assert_msg(strstr(found.error, why), "%s", found.error);
	search_result_free(&found);
}

/* A file of the search of the first sample, ended in the midst. */
static void make_file(void)
{
	search_prepare(&search_samples[0]);
	make_path();
	asked.explore.bounds.executions = 100;
	asked.checkpoint = path;
	free(search_text());
	asked.checkpoint = NULL;
	asked.resume = path;
}

START_TEST(another_search_does_not_go_on_from_it)
{
	struct scenario *other = search_load("scenarios/user/once-twice.yaml");

	make_file();
	asked.explore.granularity = GRANULARITY_KERNEL;
	assert_refused("is of another search: granularity is call there, and "
		       "kernel here");
	asked.explore.granularity = GRANULARITY_CALL;
	asked.explore.bounds.preemptions = 2;
	assert_refused("bound on preemptions is none there, and 2 here");
	asked.explore.bounds.preemptions = NO_BOUND;
	asked.explore.strategy = STRATEGY_SOURCE;
	assert_refused("strategy is dpor there, and source here");
	asked.explore.strategy = STRATEGY_DPOR;
	asked.has_symmetry = false;
	assert_refused("symmetry is yes there, and no here");
	asked.has_symmetry = true;
	asked.quirks ^= 1;
	assert_refused("quirks is");
	asked.quirks ^= 1;
	asked.scenario = other;
	assert_refused("is of another scenario, or this one has changed since");
	asked.scenario = searched;
	free(search_text());
	unlink(path);
	scenario_free(other);
	scenario_free(searched);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_an_error)
{
	search_prepare(&search_samples[0]);
	asked.resume = "/nonexistent/file";
	ck_assert_int_eq(search_scenario(&asked, &found), -EIO);
	ck_assert_str_eq(found.error,
			 "the checkpoint cannot be read: /nonexistent/file: "
			 "No such file or directory");
	search_result_free(&found);
	asked.resume = NULL;
	asked.checkpoint = "/nonexistent/file";
	ck_assert_int_eq(search_scenario(&asked, &found), -EIO);
	search_result_free(&found);
	scenario_free(searched);
}
END_TEST

static size_t read_all(char **data)
{
	FILE *in = fopen(path, "rb");
	size_t size;

	ck_assert_ptr_nonnull(in);
	fseek(in, 0, SEEK_END);
	size = (size_t)ftell(in);
	rewind(in);
	*data = malloc(size);
	ck_assert_uint_eq(fread(*data, 1, size, in), size);
	fclose(in);
	return size;
}

static void write_all(const char *data, size_t size)
{
	FILE *out = fopen(path, "wb");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(data, 1, size, out), size);
	fclose(out);
}

START_TEST(a_damaged_file_is_refused)
{
	char *data;
	size_t size, i;

	make_file();
	size = read_all(&data);
	for (i = 0; i < size; i += 1 + size / 100) {
		write_all(data, i);
		assert_refused(i < 20 ? "is no checkpoint" : path);
		data[i] ^= 0x55;
		write_all(data, size);
		assert_refused(path);
		data[i] ^= 0x55;
	}
	write_all(data, size);
	free(search_text());
	free(data);
	unlink(path);
	scenario_free(searched);
}
END_TEST

/*
 * Whoever makes a file with the right digest and nonsense in it gets an error
 * or some result, but no more.
 */
START_TEST(nonsense_with_the_right_digest_does_no_harm)
{
	unsigned char *data;
	char *text;
	size_t size, i, body;

	make_file();
	size = read_all(&text);
	data = (unsigned char *)text;
	body = (size_t)((char *)memmem(text, size, "\n\n", 2) - text) + 2;
	for (i = 0; i < 400; i++) {
		size_t at = body + i * (size - 8 - body) / 400;
		unsigned char old = data[at];

		data[at] = (unsigned char)(old + 1 + i % 200);
		checkpoint_seal(data, size);
		write_all(text, size);
		search_scenario(&asked, &found);
		search_result_free(&found);
		data[at] = old;
	}
	free(text);
	unlink(path);
	scenario_free(searched);
}
END_TEST

START_TEST(known_states_are_not_in_a_file)
{
	search_prepare(&search_samples[2]);
	asked.has_cache = true;
	asked.checkpoint = "file";
	ck_assert_int_eq(search_scenario(&asked, &found), -EINVAL);
	ck_assert_ptr_nonnull(strstr(found.error, "--cache does not go with"));
	search_result_free(&found);
	scenario_free(searched);
}
END_TEST

Suite *checkpoint_suite(void)
{
	Suite *suite = suite_create("checkpoint");
	TCase *tc = tcase_create("checkpoint");

	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, ended_and_resumed_it_gives_the_same_result, 0,
			    SEARCH_SAMPLES);
	tcase_add_test(tc, killed_and_resumed_it_gives_the_same_result);
	tcase_add_test(tc, another_search_does_not_go_on_from_it);
	tcase_add_test(tc, a_file_that_is_not_there_is_an_error);
	tcase_add_test(tc, a_damaged_file_is_refused);
	tcase_add_test(tc, nonsense_with_the_right_digest_does_no_harm);
	tcase_add_test(tc, known_states_are_not_in_a_file);
	suite_add_tcase(suite, tc);
	return suite;
}
