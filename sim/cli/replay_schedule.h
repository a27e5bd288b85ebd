/* replay_schedule.h - a schedule file run again, held against what it says. */
#ifndef SIM_CLI_REPLAY_SCHEDULE_H
#define SIM_CLI_REPLAY_SCHEDULE_H

#include <stdbool.h>

#include "sim/cli/options.h"

/*
 * Run the one schedule of the scenario at @path as it was recorded, and report.
 * Returns an exit code: 5 if something else came out than what is recorded.
 */
int replay_schedule(const struct options *o, const char *path);

#endif
