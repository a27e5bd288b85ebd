/*
 * oracle.h - searches so plain that they can be trusted: every interleaving,
 * one run each, nothing left out and nothing remembered but the runs' ends.
 * What the real search finds is held against it.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "sim/search/search.h"
#include "sim/machine/touches.h"

/* ---- sets of texts ----------------------------------------------------- */

struct text_set {
	char **items; /* sorted */
	uint32_t count;
	uint32_t room;
};

/* Take @text over.  Returns whether it is new. */
bool text_set_add(struct text_set *set, char *text);
bool text_set_has(const struct text_set *set, const char *text);
void text_set_fini(struct text_set *set);
/* The first text of @a that is not in @b, or NULL. */
const char *text_set_difference(const struct text_set *a,
				const struct text_set *b);

/* ---- how a run ends ---------------------------------------------------- */

/*
 * Results, words, who is blocked and kinds of verdicts, as one line.  If
 * @up_to_renaming, two ends that differ by who of some interchangeable threads
 * did what are one.
 * Owner: the caller frees it.
 */
char *ending_of_run(struct sim *sim, bool up_to_renaming);
char *ending_of_outcome(const struct scenario *s, const struct outcome *o,
			bool up_to_renaming);

/* ---- what can move ----------------------------------------------------- */

#define ORACLE_STEPS_MAX 4096u

/* A list of moves, with what each touched. */
struct path {
	struct move moves[ORACLE_STEPS_MAX];
	uint32_t from[ORACLE_STEPS_MAX + 1]; /* into log.items */
	uint32_t count;
	struct touch_log log;
};

/* What the environment has done already in this run. */
struct environment {
	const struct exploration *explore;
	bool is_lenient; /* a signal reaches who is done as well */
	uint32_t signals[SEARCH_THREADS_MAX];
	uint32_t spurious;
};

#define MOVES_MAX (3 * SEARCH_THREADS_MAX + 2)

/*
 * All that can happen next; a stop is one of them if nothing must.
 * Returns how many; 0: the run has ended.
 */
uint32_t environment_moves(const struct environment *env, struct sim *sim,
			   struct move moves[MOVES_MAX]);
void environment_note(struct environment *env, const struct move *move);

/*
 * Are two moves of one mover, or do they touch what conflicts?  Two puts of a
 * reference do if @is_strict, or if one of them was the last.
 */
bool path_is_dependent(const struct path *p, uint32_t a, uint32_t b,
		       bool is_strict);

/* ---- every interleaving ------------------------------------------------ */

struct oracle {
	/* what to search */
	const struct scenario *scenario;
	const char *profile;
	struct exploration explore;
	bool up_to_renaming;
	bool counts_classes;
	uint64_t runs_max;
	/* what was found */
	struct text_set endings;
	/* runs up to the order of independent moves: strictly, and not */
	struct text_set classes;
	struct text_set merged;
	uint64_t runs;
	bool is_complete;
	uint64_t held[64]; /* of each property: runs in which it held */
};

/*
 * Search on @sim.  It is not complete if there are more than runs_max runs, or
 * if one has more than ORACLE_STEPS_MAX steps.
 */
void oracle_search(struct oracle *o, struct sim *sim);
void oracle_fini(struct oracle *o);

#endif
