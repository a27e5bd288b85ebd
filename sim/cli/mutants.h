/*
 * mutants.h - tests under mutations of the model: does one notice?
 *
 * A test notices a mutation if it is as expected without it, and not with it.
 * Searches have bounds on their runs, never on time, so that the answer is the
 * same each time.
 */
#ifndef SIM_CLI_MUTANTS_H
#define SIM_CLI_MUTANTS_H

#include "sim/cli/test_cases.h"
#include "sim/cli/test_files.h"
#include "sim/machine/mutation.h"
#include "sim/report/progress.h"

struct mutant_test {
	struct test_case c;
	const char *path;
	/* without a mutation */
	bool *passed; /* [site_count()] calls of scheduling points it makes */
	uint64_t asked; /* quirks that the model asks for, bit per enum */
	uint64_t events; /* what it costs */
	uint64_t runs; /* of a search */
	bool is_cut; /* some of its runs hit the limit of steps */
};

struct mutant_tests {
	const struct options *o;
	struct scenario **scenarios;
	size_t scenario_count;
	struct mutant_test *items;
	uint32_t count;
	uint32_t room;
	struct progress progress;
	unsigned int failed;
};

/* How a test ended under a mutation. */
enum finding {
	FINDING_NOTHING, /* as without it */
	FINDING_UNFOLLOWED, /* a schedule cannot be followed any more */
	FINDING_RED, /* a verdict, or none where one belongs */
};

#define FINDING_TEXT_MAX 48

/*
 * Load all scenarios and run their tests without a mutation.
 * Owner: @files stays the caller's until mutant_tests_fini.
 * Returns 0, or an exit code after an error message; a test that fails as it
 * is tells nothing under a mutation.
 */
int mutant_tests_init(struct mutant_tests *t, const struct options *o,
		      const struct test_files *files);
void mutant_tests_fini(struct mutant_tests *t);

/* Can the mutation make a difference to the test at all? */
bool mutant_concerns(const struct mutation *m, const struct mutant_test *t);

/* Runs of one search, with a mutation or without. */
#define MUTANT_RUNS_MAX 20000u

/*
 * Run it, a search with at most @runs_max runs; @text gets what was found:
 * "lost-wakeup", "known bug gone" ...
 */
enum finding mutant_try(const struct mutation *m, const struct mutant_test *t,
			uint64_t runs_max, struct sim *sim,
			char text[FINDING_TEXT_MAX]);

/*
 * Run it as it is; it gets what it costs.  Returns whether nothing is found;
 * else @text says what.
 */
bool mutant_survey(struct mutant_test *t, char text[FINDING_TEXT_MAX]);

/* "timeout/swallows-wake.yaml [linux, one]" */
void mutant_test_print(const struct mutant_test *t, FILE *out);

#endif
