/* cli_mutate.h - futexsim test --mutate. */
#ifndef SIM_CLI_CLI_MUTATE_H
#define SIM_CLI_CLI_MUTATE_H

#include "sim/cli/cli.h"
#include "sim/cli/test_files.h"

/* The names of all mutations.  Returns an exit code. */
int cli_mutate_list(void);

/*
 * Each mutation of the model, or the one that the options name, and which test
 * of @files notices it.  Returns an exit code: EXIT_BUG if one survives.
 */
int cli_mutate(const struct options *o, const struct test_files *files);

#endif
