/*
 * futures.h - what can follow each state of a scenario, by trying everything.
 *
 * Every interleaving is run, and the ends that are reached from each place on
 * the way are collected.  Places whose states have the same hash must reach the
 * same ends: then, and only then, may a search that has been at the one leave
 * the other out.
 */
#ifndef TESTS_FUTURES_H
#define TESTS_FUTURES_H

#include "sim/search/search.h"

struct futures {
	/* what to look at */
	const struct scenario *scenario;
	const char *profile;
	struct exploration explore;
	bool up_to_renaming; /* of interchangeable threads */
	uint64_t runs_max;
	/* what was found */
	bool is_complete;
	uint64_t runs;
	uint64_t places; /* where there was a choice */
	uint64_t states; /* distinct hashes of them */
	char *difference; /* two places with one hash; NULL: there are none */
};

/* Owner: free f->difference. */
void futures_compare(struct futures *f);

#endif
