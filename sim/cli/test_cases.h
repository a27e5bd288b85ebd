/*
 * test_cases.h - what a scenario is tested by: its runs and its searches.
 *
 * Runs are profiles times schedules.  A search goes from the end of a schedule
 * that ends in `- explore`, or from the beginning if the file says how to
 * explore; that one comes first of its profile.
 */
#ifndef SIM_CLI_TEST_CASES_H
#define SIM_CLI_TEST_CASES_H

#include "sim/cli/cli.h"
#include "sim/search/search.h"

struct test_case {
	struct run_request run; /* of a search: what it shares with runs */
	bool is_search; /* from the end of the schedule, or the beginning */
};

/* Returns 0, or an exit code after an error message. */
int test_cases_each(const struct scenario *s, const struct options *o,
		    void (*each)(const struct test_case *c, void *arg),
		    void *arg);

/* The same for this combination of its matrix alone. */
int test_cases_each_of_one(const struct scenario *s, const struct options *o,
			   void (*each)(const struct test_case *c, void *arg),
			   void *arg);

/* How the search is made. */
struct search_request test_case_search(const struct test_case *c);

#endif
