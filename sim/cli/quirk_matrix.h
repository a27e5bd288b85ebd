/* quirk_matrix.h - futexsim quirks --matrix. */
#ifndef SIM_CLI_QUIRK_MATRIX_H
#define SIM_CLI_QUIRK_MATRIX_H

#include "sim/cli/cli.h"

/*
 * Which scenario below the folders notices which quirk: turned on in profiles
 * without it, turned off in profiles with it.
 * Returns an exit code: EXIT_BUG if nobody notices one of them.
 */
int quirk_matrix(const struct options *o, int count, char **folders);

#endif
