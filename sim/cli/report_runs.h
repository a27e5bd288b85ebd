/*
 * report_runs.h - the run that a report tells, and what a search of the
 * scenario saw beside it.
 */
#ifndef SIM_CLI_REPORT_RUNS_H
#define SIM_CLI_REPORT_RUNS_H

#include "sim/cli/options.h"
#include "sim/machine/sim.h"
#include "viz/viz.h"

/*
 * A report in the making.  Owner: traces, record and the texts of commands are
 * freed by reporting_fini.
 */
struct reporting {
	const struct options *o;
	struct viz_options viz;
	struct sim sim;
	struct viz_report report; /* commands, and what is decisive */
	struct trace *trace;
	struct trace *passing;
	struct record *record;
	uint32_t run_count; /* so far */
	uint32_t chosen; /* which of them is told; from 1 */
	char *data;
	size_t size;
};

void reporting_init(struct reporting *r, const struct options *o);
void reporting_fini(struct reporting *r);

/*
 * The scenario at @path: its first run with a verdict, else its first run, and
 * unless that is not wanted, what a search sees.
 * Returns an exit code, after an error message.
 */
int reporting_take_scenario(struct reporting *r, const char *path);

/* Add what makes the run of the trace again, which was read from @path. */
void reporting_add_trace(struct reporting *r, const char *path);

/* Add "futexsim NAME PATH" to the commands. */
void reporting_add_command(struct reporting *r, const char *name,
			   const char *path);

#endif
