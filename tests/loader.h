/*
 * loader.h - what the tests of the loader share.
 */
#ifndef TESTS_LOADER_H
#define TESTS_LOADER_H

#include <check.h>

#include "sim/loader/scenario.h"

/* A file that must load; the test fails, with its messages, if it does not. */
struct scenario *loader_load_good(const char *path);
/* A text; NULL, with its messages on stderr, if it does not load. */
struct scenario *loader_parse(const char *text);

TCase *loader_fields_case(void);
TCase *loader_conditions_case(void);
TCase *loader_explore_case(void);

#endif
