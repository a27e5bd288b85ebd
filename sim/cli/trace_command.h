/* trace_command.h - the command line that makes the run of a trace again. */
#ifndef SIM_CLI_TRACE_COMMAND_H
#define SIM_CLI_TRACE_COMMAND_H

#include <stdio.h>

#include "trace/trace.h"

/* What the program is called where nobody knows how it was called here. */
#define COMMAND_PROGRAM "futexsim"

/*
 * @path as it may be told to others: one from the root, which they do not
 * have, is its last part.  Owner: as @path.
 */
const char *command_path(const char *path);

/*
 * The command for those who have the scenario and not the trace:
 * "futexsim run FILE ..." as far as options choose the run, else "futexsim
 * replay PATH", where @path is that of the trace; NULL or "-": it has none.
 * Returns NULL if there is no such command; the caller frees it.
 */
char *trace_command(const struct trace *t, const char *path);

#endif
