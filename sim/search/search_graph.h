/*
 * search_graph.h - which state leads to which, and the fair cycles in that.
 *
 * All that a search with a state cache has seen of a program with loops: its
 * states, and for each move the state that it led to.  States that reach each
 * other form a group; one walk can make every move inside of a group again and
 * again.  It is a fair cycle if every thread that can move in all states of the
 * group has a move in it: whoever can move can until it does, so a thread that
 * has none can move everywhere or nowhere.
 */
#ifndef SIM_SEARCH_SEARCH_GRAPH_H
#define SIM_SEARCH_SEARCH_GRAPH_H

#include "sim/search/search_internal.h"

struct state_graph;

struct state_graph *graph_new(void);
void graph_free(struct state_graph *g);
uint64_t graph_bytes(const struct state_graph *g);

/* State @state, by number from 0, and who can move in it. */
void graph_state(struct state_graph *g, uint32_t state,
		 const struct choices *choices);
/* A move of @mover; one that gets somebody somewhere is in no cycle. */
void graph_edge(struct state_graph *g, uint32_t from, uint32_t to,
		uint16_t mover, bool is_progress);

/*
 * The way from state 0 to the nearest fair cycle, and twice round it.
 * Units:   @threads: how many there are.
 * Owner:   list->items is the caller's, to be freed.
 * Returns whether there is one.
 */
bool graph_lasso(const struct state_graph *g, uint32_t threads,
		 struct movers *list);

#endif
