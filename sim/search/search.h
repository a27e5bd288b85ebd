/*
 * search.h - every interleaving of a scenario, or as many as the bounds allow.
 *
 * A run is a list of movers; only such lists are kept, and what happened in a
 * run is found by running it again.  A search gives every distinct outcome,
 * with the number of its executions and the list of movers that leads to it.
 */
#ifndef SIM_SEARCH_SEARCH_H
#define SIM_SEARCH_SEARCH_H

#include <stdatomic.h>

#include "sim/loader/explore_names.h" /* strategy_name, coverage_name ... */
#include "sim/run/run.h"
#include "trace/record.h"

#define SEARCH_THREADS_MAX 64u /* threads of a scenario that is searched */
#define SEARCH_PROPERTIES_MAX 64u
#define SEARCH_STEPS_DEFAULT 20000u /* bound on the steps of one run */
#define SEARCH_OUTCOMES_MAX 100000u /* distinct ones that are told apart */

/*
 * Who moves, as one number: threads by index, then the clock, then a signal to
 * each thread, then a wake-up for no reason of each thread, then the end: that
 * nothing of what may happen happens any more.
 */
struct movers {
	uint16_t *items;
	uint32_t count;
};

enum mover_kind {
	MOVER_IS_THREAD,
	MOVER_IS_CLOCK, /* to the earliest deadline */
	MOVER_IS_SIGNAL,
	MOVER_IS_SPURIOUS,
	MOVER_IS_END,
};

/* What @mover is; @thread gets whom it concerns. */
enum mover_kind mover_kind(uint32_t thread_count, uint16_t mover,
			   uint32_t *thread);
uint16_t mover_number(uint32_t thread_count, enum mover_kind kind,
		      uint32_t thread);

struct search_progress {
	uint64_t runs;
	uint64_t runs_blocked;
	uint64_t runs_cut; /* by the bound on steps */
	uint64_t outcomes;
	uint64_t bugs; /* outcomes with a verdict */
	uint32_t depth; /* steps of the last run */
	double done; /* estimate of what part is searched, 0 to 1 */
	double seconds;
	const char *pass; /* "dfs, 1 preemption" */
};

struct search_request {
	const struct scenario *scenario;
	const struct schedule *schedule; /* prefix: ends in `- explore`, or
					    NULL */
	const char *profile;
	uint64_t quirks;
	bool is_overridden; /* quirks are not those of profile and scenario */
	struct exploration explore; /* of the scenario, options applied */
	bool has_cache;
	bool has_symmetry; /* interchangeable threads up to renaming */
	bool is_first_bug_enough; /* stop at the first verdict */
	bool wants_record; /* of states and moves; jobs: 1 */
	uint64_t events_max; /* of a pass, in all its runs; 0: no bound.  When
				it is hit, SEARCH_EXECUTIONS says so */
	uint64_t minimize_runs; /* for each kind of verdict; 0: the usual */
	uint64_t explain_runs; /* to find the step of the record's
				  counterexample that decides; 0: leave it */
	uint32_t jobs; /* 1: this process alone */
	const char *checkpoint; /* file, or NULL */
	const char *resume; /* file, or NULL */
	const struct movers *prefix; /* in place of a schedule; may be NULL */
	/* Called now and then, NULL for never; may end the search: false. */
	bool (*progress)(const struct search_progress *p, void *arg);
	void *arg;
	const atomic_bool *is_cancelled; /* by a signal; may be NULL */
};

/* What hit a bound, or ended the search before its end. */
enum search_end {
	SEARCH_COMPLETE,
	SEARCH_PREEMPTIONS, /* some interleavings need more */
	SEARCH_STEPS, /* some runs were cut */
	SEARCH_EXECUTIONS,
	SEARCH_TIME,
	SEARCH_MEMORY,
	SEARCH_OUTCOMES, /* more than SEARCH_OUTCOMES_MAX */
	SEARCH_FIRST_BUG,
	SEARCH_CANCELLED,
	SEARCH_SAMPLED, /* random strategies never know */
};

struct search_value {
	const char *name; /* "A.r", "F" */
	int64_t value;
	bool is_set;
};

struct outcome {
	uint64_t runs;
	struct search_value *results; /* every named result of every thread */
	struct search_value *words;
	const char **blocked; /* names of threads */
	uint32_t blocked_count;
	uint32_t verdicts; /* bit per enum verdict_kind */
	uint64_t first_run; /* which run reached it first; from 1 */
	uint32_t number; /* which one it was to be found; from 0 */
	uint32_t preemptions; /* of the run below, the fewest that was seen */
	struct movers movers; /* a run that ends so */
	const char *schedule; /* file it is written to, or NULL */
};

struct property_count {
	const struct property *property;
	uint64_t held;
	uint64_t of;
};

struct search_verdict {
	enum verdict_kind kind;
	uint64_t runs;
	uint32_t preemptions;
	struct movers movers; /* minimised */
	const char *what;
	const char *schedule; /* file, or NULL */
	bool is_expected;
};

/* One of the passes of `auto`, in order. */
struct search_pass {
	enum strategy strategy;
	uint64_t preemptions; /* bound, or NO_BOUND */
	uint64_t runs;
	bool is_complete; /* all of it was searched */
	bool is_last;
};
#define SEARCH_PASSES_MAX 8u

struct search_result {
	enum strategy strategy; /* of the last pass */
	enum granularity granularity;
	enum coverage coverage; /* reached: any, within-bounds, exhaustive */
	enum search_end end;
	struct search_pass passes[SEARCH_PASSES_MAX];
	uint32_t pass_count;
	uint64_t runs; /* complete executions */
	uint64_t runs_blocked; /* cut off by a sleep set */
	uint64_t runs_cut; /* that the bound on steps has ended */
	uint64_t states; /* with a cache: distinct ones */
	uint64_t events;
	uint64_t first_bug_run; /* 0: none */
	double first_bug_seconds;
	double seconds;
	uint64_t peak_bytes;
	struct outcome *outcomes; /* by verdicts, then runs, then values */
	uint32_t outcome_count;
	uint32_t result_count; /* of each outcome */
	uint32_t word_count;
	struct property_count *properties;
	uint32_t property_count;
	struct search_verdict *verdicts;
	uint32_t verdict_count;
	bool is_expected; /* what was searched is as the scenario says */
	const char *note; /* why not, or NULL */
	struct record *record; /* if it is wanted */
	struct explanation *explanation; /* of its counterexample, as
					    search_explain.h has it; or NULL */
	const char *error; /* the search could not begin; the rest is empty */
	int error_line; /* in the scenario; 0: none */
	int error_col;
	struct arena arena; /* of all of it */
};

/*
 * Search.  Fills @result even when a bound or the caller ends it early.
 * Owner:   @result is the caller's, to be freed with search_result_free.
 * Returns 0, or with result->error
 *	-EINVAL		a combination that is not sound, a prefix that cannot
 *			be carried out
 *	-EBADMSG	the file to go on from is damaged, or of another search
 *	-EIO		a file cannot be read or written
 *	-EAGAIN		no worker can be started
 *	-EPROTO		a worker has ended, or nothing fits together any more
 */
int search_scenario(const struct search_request *request,
		    struct search_result *result);
void search_result_free(struct search_result *result);

/*
 * Run the list @movers once, with a trace if @wants_trace, and judge the end.
 * Owner:   as run_scenario.  @sim is initialised; run->has_diverged says that a
 * mover could not move.
 */
void search_replay(const struct search_request *request,
		   const struct movers *movers, bool wants_trace,
		   struct sim *sim, struct run *run);

/* How often a thread that could go on was put aside for another thread. */
uint32_t search_preemptions(const struct search_request *request,
			    const struct movers *movers, struct sim *sim);

/*
 * Another run of the same kind of verdict with as few preemptions, and then as
 * few steps, as it finds within @budget runs; one of many steps counts for
 * several.  @movers is replaced (memory of @arena) if it finds one.
 * Returns whether it is sure that fewer preemptions do not do.
 */
bool search_minimize(const struct search_request *request,
		     enum verdict_kind kind, uint64_t budget,
		     struct arena *arena, struct movers *movers);

/* "preemptions", "steps" ...; NULL for none. */
const char *search_end_name(enum search_end end);

#endif
