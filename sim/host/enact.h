/*
 * enact.h - the beats of a run, carried out by real threads.
 */
#ifndef SIM_HOST_ENACT_H
#define SIM_HOST_ENACT_H

#include "sim/host/beats.h"
#include "sim/host/stage.h"

/*
 * Carry out @beats on @stage and fill in the report.  Returns false if a
 * deadline passed before its time, because the machine was too slow for
 * @options->gap: then nothing is known.
 */
bool enact(struct stage *stage, const struct beats *beats,
	   const struct host_options *options, struct host_report *report);

#endif
