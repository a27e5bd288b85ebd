/*
 * main.c - runs the suites of this program, or those that are named:
 *
 *	build/tests-model [SUITE...]
 *
 * Run from the top of the tree.  CK_FORK=no keeps all tests in one process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suites.h"

static SRunner *make_runner(void)
{
	SRunner *runner = srunner_create(NULL);
	suite_maker *const *make;

	for (make = suites; *make; make++)
		srunner_add_suite(runner, (*make)());
	return runner;
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
	SRunner *runner = make_runner();
	int failed;

	/* A test that waits for input would wait for ever. */
	if (!freopen("/dev/null", "r", stdin))
		return EXIT_FAILURE;
	if (argc > 1) {
		failed = run_named(runner, argc - 1, argv + 1);
	} else {
		srunner_run_all(runner, CK_NORMAL);
		failed = srunner_ntests_failed(runner);
	}
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
