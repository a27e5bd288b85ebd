/* written.h - runs written down as schedule files, for tests of those. */
#ifndef TESTS_WRITTEN_H
#define TESTS_WRITTEN_H

#include "tests/machine.h"

/* The text of @run, which has a trace, as a file.  Owner: to be freed. */
char *written(const struct run *run);

/*
 * The file @text must do every event that @t has, with the same kinds of
 * verdicts, which are also those that it says it has recorded.
 */
void assert_does(const char *text, const struct trace *t);

/* Run the scenario @text, write it down, run that.  Owner: to be freed. */
char *again(const char *text, const char *profile);

void assert_has(const char *text, const char *part);
void assert_has_not(const char *text, const char *part);

#endif
