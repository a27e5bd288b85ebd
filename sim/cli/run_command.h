/* run_command.h - the command line that makes a run again. */
#ifndef SIM_CLI_RUN_COMMAND_H
#define SIM_CLI_RUN_COMMAND_H

#include "sim/cli/options.h"
#include "sim/run/run.h"

/*
 * Write " NAME PATH ..." with the options that choose this run of the file at
 * @path, and no other; @o are those that @request was made with.
 */
void run_arguments(const char *name, const char *path,
		   const struct run_request *request, const struct options *o,
		   FILE *out);

/*
 * Write "futexsim NAME FILE ..." with the options that choose this run of the
 * file, and no other; @o are those that @request was made with.
 */
void run_command(const char *name, const struct run_request *request,
		 const struct options *o, FILE *out);

#endif
