/*
 * walks.h - runs at random, held against the graph of states.
 *
 * A search that goes on from every state once draws a graph: from each state
 * and mover to the next state, or to an end.  Then runs are made at random, and
 * none may leave the graph: where two places have one hash, whoever moves must
 * come to the same state from both, and at the end to the same end.
 */
#ifndef TESTS_WALKS_H
#define TESTS_WALKS_H

#include "sim/search/search.h"

struct walks {
	/* what to look at */
	const struct scenario *scenario;
	const char *profile;
	struct exploration explore;
	uint64_t states_max; /* the graph has no more */
	uint64_t runs; /* at random */
	uint64_t seed;
	/* what was found */
	bool is_whole; /* all states are in the graph */
	uint64_t states;
	uint64_t steps; /* that were compared */
	char *difference; /* where a run left the graph; NULL: none did */
};

/* Owner: free w->difference. */
void walks_compare(struct walks *w);

#endif
