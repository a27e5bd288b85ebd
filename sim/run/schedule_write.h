/* schedule_write.h - a run as a file that a reviewer can read and replay. */
#ifndef SIM_RUN_SCHEDULE_WRITE_H
#define SIM_RUN_SCHEDULE_WRITE_H

#include <stdio.h>

#include "sim/run/run.h"

/*
 * Write @run, which has a trace, as a scenario of its own: the text of the
 * scenario with the profile, the quirks and the parameters of the run, with
 * one schedule, made of lines that name points, and with what came of it.
 * @granularity is kept for those who look for a shorter run of the same kind.
 *
 * Quirks that are not those of profile and scenario are written into the file,
 * and then the bug that the scenario expects is left out: it is not meant.
 * Returns 0 or -errno.
 */
int schedule_write(const struct run *run, enum granularity granularity,
		   FILE *out);

#endif
