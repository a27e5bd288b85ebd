/*
 * record.h - what a search saw, as data: states, moves, ends.
 *
 * A search fills a record, record_write puts it into a file, record_read gets
 * it back, viz/ draws it.  read(write(r)) equals r.
 *
 * A state is what the rest of a run depends on where the search can tell
 * (states_are_merged), else the moves that led there.  Chains of states with
 * one way in and one way out are one edge; the states that are left are those
 * where ways part or meet, the first and the ends.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "trace/trace.h"

#define RECORD_FORMAT 1
#define RECORD_NODES_MAX 2000000u
#define RECORD_EDGES_MAX 8000000u
#define RECORD_OUTCOMES_MAX 100000u
#define RECORD_SWITCHES_MAX 4000000u

/*
 * A distinct end, as in the table of the search, and in its order.  Runs are
 * those of the last pass that came to it, as there.
 */
struct record_outcome {
	const char *results; /* "A.r=0 B.n=1" */
	const char *words; /* "F=1" */
	const char *blocked; /* "A, C", or "" */
	uint32_t verdicts; /* bit per enum verdict_kind; 0: it is well */
	bool is_expected; /* no verdict but those that are expected; that the
			     limit of steps ended it is not */
	uint64_t runs;
	uint32_t preemptions; /* the fewest of its runs */
	uint32_t switches; /* of contexts; the fewest of its runs */
};

/*
 * How many runs with so many context switches end in an outcome.  A context
 * switch is that another mover moves than before, the clock included.
 */
struct record_switches {
	uint32_t outcome;
	uint32_t switches;
	uint64_t runs;
};

/* Steps of one mover in a row, on an edge. */
struct record_leg {
	const char *mover; /* "A", "clock" ... */
	const char *first, *last; /* "wq.lock", or the text of the operation */
	uint32_t steps;
};

struct record_edge {
	uint32_t from, to; /* nodes */
	struct record_leg *legs;
	uint32_t leg_count;
	uint64_t runs; /* that came to an end and took its first step; 0: only
			  such as were cut, or made for the record */
	bool is_counterexample;
};

struct record_node {
	int32_t outcome; /* an end: which; RECORD_OPEN: more follows;
			    RECORD_CUT: a bound or the strategy ended it */
	uint32_t depth; /* steps from the start, on the first way here */
};
#define RECORD_OPEN (-1)
#define RECORD_CUT (-2)

/*
 * Every node can be reached from node 0, the start.  Edges are in the order of
 * from, then of discovery; no edge begins at an end, one at least at a node
 * that is open.  The counterexample's edges form one way from the start to an
 * end, on which no node comes twice: where its run comes back to a state it has
 * nodes of its own from there on, so that it has all its steps.  Its run may be
 * none of those that are counted: it was made smaller.  Of an exhaustive search
 * there is also what could have happened instead on its way: from each state
 * one run by everybody who could move.
 *
 * A run that did not come to rest (a livelock, the limit of steps) ends in a
 * node beside the state that it was stopped in, which may go on; this end is
 * only of the ways with as many steps as the node is deep.
 *
 * Owner: everything hangs on @memory; record_free frees all.
 */
struct record {
	const char *scenario, *title, *schedule, *profile, *digest, *tool;
	const char *strategy, *granularity; /* "dpor", "kernel" */
	const char *coverage; /* "exhaustive", "within-bounds", "any" */
	uint64_t runs;
	uint64_t states, moves; /* before chains became edges */
	bool states_are_merged;
	bool is_whole; /* who could move in a state was followed from there:
			  what cannot be reached from it cannot follow it;
			  else what was left out is equivalent to something,
			  or beyond a bound */
	bool is_truncated; /* there was more than a record holds */
	struct record_outcome *outcomes;
	uint32_t outcome_count;
	struct record_switches *switches; /* by outcome, then switches */
	uint32_t switches_count;
	struct record_node *nodes;
	uint32_t node_count;
	struct record_edge *edges;
	uint32_t edge_count;
	int32_t counterexample; /* the outcome that its edges lead to; -1 */
	uint32_t decisive; /* steps of it after which no run passes, and with
			      one less some do; 0: not known */
	bool is_beside; /* another run is told: nothing is said of which step
			   of this one decides.  In no file */

	struct trace *memory; /* strings and arrays hang on it */
};

struct record *record_new(void);
void record_free(struct record *r);

/*
 * Write the whole record to @out: JSON Lines.
 * Errors: -EIO and the like from the stream.
 */
int record_write(const struct record *r, FILE *out);

/*
 * Read a record from @in; @name is for messages.  On failure returns NULL and
 * fills @error with "name:line:col: error: what".
 */
struct record *record_read(FILE *in, const char *name,
			   char error[TRACE_ERROR_MAX]);

/*
 * Does the file begin like a record?  @in is at the start, and is there again
 * afterwards if it can be sought.
 */
bool record_is_one(FILE *in);

#endif
