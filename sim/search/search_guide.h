/*
 * search_guide.h - runs with the help of a list of movers: along it as far as
 * it goes, or all of those that begin with it.
 */
#ifndef SIM_SEARCH_SEARCH_GUIDE_H
#define SIM_SEARCH_SEARCH_GUIDE_H

#include "sim/search/search_internal.h"

/* A run with more steps than these counts for as many runs as it has. */
#define GUIDE_STEPS_A_RUN 1000u

struct guide {
	struct search search; /* first: it is cast back */
	struct search_request request; /* what the search is of */
	struct movers prefix;
	const struct movers *list; /* that is followed */
	uint32_t next; /* of it */
	uint32_t steps_max; /* of a run along a list; 0: that of all */
	uint32_t skipped; /* movers of it that could not move */
	bool joins_steps; /* the list has each step, see guide_join_steps */
	uint32_t stepped; /* steps before the last mover */
	uint32_t looked_at; /* before which step to note who could move */
	struct choices seen; /* who could */
	uint64_t runs; /* so far, of all kinds */
	uint64_t runs_max; /* what there is to spend */
	bool is_symmetric; /* when it searches; a list says who begins */
	double until; /* of the host's clock; 0: no bound */
	bool is_stopped; /* cancelled, or out of time */
};

/* How a search ended. */
enum guide_end {
	GUIDE_ALL, /* every run was made */
	GUIDE_FOUND, /* the caller has what it wants */
	GUIDE_SPENT, /* no budget left */
};

/*
 * The same scenario, quirks, schedule and environment as @request, within
 * @budget runs.
 * Errors: -EINVAL if the scenario cannot be searched.
 */
int guide_init(struct guide *g, const struct search_request *request,
	       uint64_t budget);
void guide_fini(struct guide *g);

bool guide_has_budget(struct guide *g);

/*
 * One run along @list.  Who cannot move is skipped; where the list ends, who
 * moved last goes on, then the next.
 */
void guide_follow(struct guide *g, const struct movers *list);

/*
 * The same along a list in which each step is one.  Where threads stop less
 * often a mover stands for several; that they are of one thread is part of
 * what is counted in `skipped`.
 */
void guide_join_steps(struct guide *g, const struct movers *list);

/*
 * Runs that begin with the first @count movers of @list, by @strategy with at
 * most @preemptions, until @is_wanted says of the run just made that it will
 * do, or @budget runs are spent.
 */
enum guide_end guide_search(struct guide *g, const struct movers *list,
			    uint32_t count, enum strategy strategy,
			    uint64_t preemptions, uint64_t budget,
			    bool (*is_wanted)(struct guide *g, void *arg),
			    void *arg);

/* ---- of the run just made ---------------------------------------------- */

/* Did it come to its end, or to the limit of steps? */
bool guide_is_whole(const struct guide *g);
/* Bit per enum verdict_kind. */
uint32_t guide_kinds(const struct guide *g);
/* It came to its end, and nothing is wrong with it. */
bool guide_has_passed(const struct guide *g);
/* Its movers; good until the next run. */
struct movers guide_trail(const struct guide *g);
/* The same for good, in the memory of @arena. */
struct movers movers_copy(const struct movers *movers, struct arena *arena);

#endif
