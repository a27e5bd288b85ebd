/* test_files.h - the scenarios below some folders. */
#ifndef SIM_CLI_TEST_FILES_H
#define SIM_CLI_TEST_FILES_H

#include <stddef.h>

struct test_files {
	char **paths;
	size_t count;
	size_t room;
};

/*
 * Every scenario in @folders and below, in the order of their names.  Folders
 * named schema are left out, and so are files that do not end in .yaml.
 * Returns 0, or an exit code after an error message; also if there is none.
 */
int test_files_find(struct test_files *f, int count, char **folders);
void test_files_fini(struct test_files *f);

#endif
