/*
 * search_explain.h - which step of a run made its failure certain.
 *
 * A run passes if it has no verdict.  If no run that begins with the first k
 * movers passes, none that begins with more of them does: so there is one step
 * before which it could still have ended well, and after which it could not.
 */
#ifndef SIM_SEARCH_SEARCH_EXPLAIN_H
#define SIM_SEARCH_SEARCH_EXPLAIN_H

#include "sim/search/search.h"

enum explain_end {
	EXPLAIN_STEP, /* the step is known */
	EXPLAIN_NEVER, /* no interleaving passes */
	EXPLAIN_SPENT, /* it lies somewhere between, or is not known at all */
};

struct explanation {
	enum explain_end end;
	bool has_passing;
	uint32_t possible; /* a run that passes begins with so many movers */
	uint32_t certain; /* and none that begins with so many */
	struct movers failing; /* to its end */
	struct movers passing; /* the nearest one: shares @possible movers */
	uint64_t runs;
	bool was_cut; /* some runs were ended by the bound on steps */
};

/*
 * Explain the run @failing, which has a verdict, within @budget runs.
 * Owner:   lists are in the memory of @arena.
 * Errors:  -EINVAL if the scenario cannot be searched or @failing passes.
 */
int search_explain(const struct search_request *request,
		   const struct movers *failing, uint64_t budget,
		   struct arena *arena, struct explanation *explanation);

#endif
