/* junit.h - test results as JUnit XML. */
#ifndef SIM_REPORT_JUNIT_H
#define SIM_REPORT_JUNIT_H

#include <stdio.h>

struct junit;

struct junit *junit_new(void);
void junit_free(struct junit *j);
/* @reason is NULL for a test that passed; both strings are copied. */
void junit_add(struct junit *j, const char *name, const char *reason);
/* Returns 0 or -EIO. */
int junit_write(const struct junit *j, FILE *out);

#endif
