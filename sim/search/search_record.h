/*
 * search_record.h - what a search saw, as a graph of states (trace/record.h).
 *
 * States are told apart by what the rest of a run depends on, as 128 bits
 * (state_hash.h), whatever the strategy: the ways that runs took are put
 * together where they meet.  So every way through the graph is one that the
 * machine can go, and if it comes to rest it ends as the graph says, though the
 * search may not have made that very run, nor one with so many preemptions.
 * Threads that are
 * interchangeable are told apart here even where the search does not.
 *
 * Of `auto` it is the last pass.  A run that a bug of the kernel has ended, or
 * the choice that nothing more happens, leads to an end beside the states: the
 * state that it stands in may go on in another run.  So does one that the bound
 * on steps has ended; and whether it ends there is a matter of its steps, not
 * of the state, so that such an end has its depth, and is not that of other
 * states.
 *
 * When it is full no state is added any more; what leads on from there is not
 * in the record, and all figures are exact nevertheless.
 */
#ifndef SIM_SEARCH_SEARCH_RECORD_H
#define SIM_SEARCH_SEARCH_RECORD_H

#include "sim/search/search_internal.h"
#include "trace/record.h"

struct seen;

/*
 * How many states a search may add; a test lowers it.  Room is left for a
 * counterexample.
 */
#define SEEN_RESERVE 100000u
extern uint32_t seen_states_max;

/* For all passes of @s. */
struct seen *seen_new(const struct search *s);
void seen_free(struct seen *r, uint32_t thread_count);

/* A pass begins: forget what the one before has seen. */
void seen_begin_pass(struct seen *r);
/*
 * A run begins: the machine is set up, and has made no step.  Returns who is to
 * be told what happens.  With a cache the search has somebody already.
 */
struct state_hash *seen_begin_run(struct seen *r, struct search *s);
/*
 * The run stands at s->depth, and @mover moves next; NO_MOVER: nobody can, or
 * the strategy cuts the run off.
 */
void seen_stand(struct seen *r, struct search *s, uint16_t mover);
/*
 * A run is over: does anything count that is not in the hash of a state?  Then
 * the search cannot go on.
 */
void seen_check(struct search *s);
/* The run is over and judged, and counts as one of s->endings. */
void seen_end(struct seen *r, const struct search *s, uint32_t ending);

/*
 * The search is over, and @result is all there: put the first counterexample
 * into the graph, explain it if that is wanted (result->explanation), and make
 * a record of it.
 * Owner:   the caller, by record_free.
 */
struct record *seen_finish(struct search *s, struct search_result *result);

#endif
