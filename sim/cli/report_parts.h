/* report_parts.h - the parts of report_runs.c; private to them. */
#ifndef SIM_CLI_REPORT_PARTS_H
#define SIM_CLI_REPORT_PARTS_H

#include "sim/cli/report_runs.h"
#include "sim/search/search_explain.h"

/* How many runs may be made for one thing, such as a search. */
uint64_t reporting_runs(const struct reporting *r);

/* ---- report_commands.c ------------------------------------------------- */

/* What makes the run again. */
void reporting_add_run(struct reporting *r, const struct run_request *q);
/* What explains it. */
void reporting_add_explain(struct reporting *r, const struct run_request *q);
/* What searches the scenario of @run. */
void reporting_add_explore(struct reporting *r, const struct run_request *run);
/* What makes and explains the run that this search has written to a file. */
void reporting_add_replay(struct reporting *r, const struct search_request *q,
			  const struct search_verdict *v);
void reporting_drop_commands(struct reporting *r);

/* ---- report_nearest.c -------------------------------------------------- */

/*
 * Look for the nearest run that passes, and for the step that decides it.
 * @known: what a search found about a counterexample; NULL: nothing.
 */
void reporting_explain(struct reporting *r, const struct search_request *q,
		       const struct movers *movers,
		       const struct explanation *known);
/* The same of the run that is told, if it is one that a search could make. */
void reporting_explain_run(struct reporting *r,
			   const struct run_request *request);
void reporting_forget_passing(struct reporting *r);

#endif
