/*
 * shown.h - the run that a file shows, as a search would have found it: a
 * schedule or a trace, made again, and turned into a list of movers.
 */
#ifndef SIM_CLI_SHOWN_H
#define SIM_CLI_SHOWN_H

#include "sim/cli/options.h"
#include "sim/search/search.h"

struct shown {
	const char *path;
	struct trace *file; /* if it is a trace */
	struct scenario *scenario;
	struct search_request request; /* of which the run is one */
	uint32_t signals[SEARCH_THREADS_MAX]; /* of its environment */
	struct sim sim;
	struct arena arena;
	struct movers movers; /* to the end of the run */
	enum verdict_kind kind; /* what is wrong with it */
	uint32_t preemptions;
	uint32_t steps;
	bool is_finer; /* than the granularity that was asked for */
	bool is_silent; /* nothing is said of what goes wrong */
	bool is_borrowed; /* the scenario is the caller's */
};

/*
 * Load @path and make its run.  What it does that the environment of the
 * scenario does not let happen is added to that.
 * Owner:   @shown is to be freed with shown_fini, come what may.
 * Returns 0, or an exit code after an error message: 3 too if the run has no
 * verdict, or is none that a search could find.
 */
int shown_load(struct shown *shown, const struct options *o, const char *path);
void shown_fini(struct shown *shown);

/*
 * The same for a run of a scenario that is loaded.  Without a message.
 * Owner:   the scenario of @request stays the caller's.
 */
int shown_make(struct shown *shown, const struct options *o,
	       const struct run_request *request);

#endif
