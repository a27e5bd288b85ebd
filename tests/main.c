/*
 * main.c - runs the suites of this program, or those that are named:
 *
 *	build/tests-model [SUITE...]
 *	build/tests --share K/N		one in N of them, to run N at once
 *
 * Run from the top of the tree.  CK_FORK=no keeps all tests in one process.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suites.h"

/* Every suite whose number leaves @rest when divided by @shares. */
static SRunner *make_runner(unsigned int rest, unsigned int shares)
{
	SRunner *runner = srunner_create(NULL);
	unsigned int i;

	for (i = 0; suites[i]; i++) {
		if (i % shares == rest)
			srunner_add_suite(runner, suites[i]());
	}
	return runner;
}

/* "1/2" is the first of two shares. */
static SRunner *make_share(const char *text)
{
	unsigned int share, shares;

	if (sscanf(text, "%u/%u", &share, &shares) != 2 || !share ||
	    share > shares) {
		fputs("--share K/N: K is 1 to N\n", stderr);
		exit(2);
	}
	return make_runner(share - 1, shares);
}

static int run_named(SRunner *runner, int count, char **names)
{
	int i, failed = 0;

	for (i = 0; i < count; i++) {
		srunner_run(runner, names[i], NULL, CK_NORMAL);
		failed = srunner_ntests_failed(runner);
	}
	return failed;
}

int main(int argc, char **argv)
{
	bool is_share = argc == 3 && !strcmp(argv[1], "--share");
	SRunner *runner = is_share ? make_share(argv[2]) : make_runner(0, 1);
	int failed;

	/* A test that waits for input would wait for ever. */
	if (!freopen("/dev/null", "r", stdin))
		return EXIT_FAILURE;
	if (argc > 1 && !is_share) {
		failed = run_named(runner, argc - 1, argv + 1);
	} else {
		srunner_run_all(runner, CK_NORMAL);
		failed = srunner_ntests_failed(runner);
	}
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
