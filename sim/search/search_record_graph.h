/*
 * search_record_graph.h - the graph of what is seen.
 *
 *	search_record.c		fed by the search
 *	search_record_graph.c	states and moves
 *	search_record_shown.c	the counterexample
 *	search_record_build.c	from there to a struct record
 */
#ifndef SIM_SEARCH_SEARCH_RECORD_GRAPH_H
#define SIM_SEARCH_SEARCH_RECORD_GRAPH_H

#include "sim/search/search_record.h"
#include "sim/search/state_hash.h"

#define NOWHERE_YET UINT32_MAX

struct way_state {
	uint64_t hash[2];
	uint32_t first_move; /* index + 1 */
	uint32_t last_move;
	uint32_t depth; /* steps from the start, on the first way here */
	uint32_t ending; /* index + 1; 0: it is none */
	uint32_t ways_in; /* moves that lead here */
	uint32_t choices; /* how many can move */
	bool is_stop; /* an end after so many steps, not one of rest */
	bool is_kept; /* a node, whatever its ways */
};

struct way_move {
	uint32_t to;
	uint32_t next; /* from the same state: index + 1 */
	uint32_t label; /* what the step is, see seen.labels */
	uint16_t mover;
	bool is_shown; /* on the way of the counterexample */
	uint64_t runs;
};

struct state_ways {
	struct way_state *states;
	uint32_t state_count;
	uint32_t state_room;
	struct way_move *moves;
	uint32_t move_count;
	uint32_t move_room;
	uint32_t *slots; /* index + 1 */
	uint32_t slot_count; /* a power of two */
	uint32_t states_max;
	uint32_t moves_max;
	uint32_t gone; /* moves that were taken back */
	bool is_full;
};

void ways_init(struct state_ways *w);
void ways_fini(struct state_ways *w);
/* Forget all. */
void ways_clear(struct state_ways *w);
/* Returns the state, which is new if there is none and room; NOWHERE_YET. */
uint32_t ways_state(struct state_ways *w, const uint64_t hash[2],
		    uint32_t depth);
/* The same for a move. */
uint32_t ways_move(struct state_ways *w, uint32_t from, uint32_t to,
		   uint16_t mover, uint32_t label);
/* Take the move @index of state @from back; its number stays in use. */
void ways_remove(struct state_ways *w, uint32_t from, uint32_t index);
bool ways_has_move(const struct state_ways *w, uint32_t from, uint16_t mover);

/* Runs to one ending, by context switches. */
struct switch_counts {
	uint64_t *runs; /* [switches] */
	uint32_t room;
	uint32_t pass; /* of which they are */
};

struct seen {
	struct record *record; /* what is made of it hangs on its memory */
	struct state_hash *hasher; /* NULL: that of a cache */
	struct state_ways ways;
	const struct movers *followed; /* the counterexample; not counted */
	uint32_t follow_count; /* so many of them */
	uint32_t *spine; /* its states, when others are tried from there */
	uint16_t instead; /* who was tried */
	bool is_symmetric; /* the search was */

	/* the run, by depth */
	uint32_t *places; /* states */
	uint32_t *ways_on; /* moves from there */
	uint32_t *labels_on; /* of these */
	uint32_t room;
	bool is_at_rest; /* where it stands nobody can move */

	uint32_t pass;
	struct switch_counts *switches; /* [ending] */
	uint32_t switches_room;

	const char **labels;
	uint32_t label_count;
	uint32_t label_room;
	uint32_t points[EVENT_KIND_COUNT][OBJECT_KIND_COUNT]; /* label + 1 */
	uint32_t label_of_end; /* + 1 */
	uint32_t **ops; /* [thread][operation] label + 1 */
};

/* Put the first counterexample into the graph, if there is one. */
void seen_show(struct search *s, struct search_result *result);
/* From the graph and @result to seen->record. */
void seen_build(struct seen *seen, const struct search *s,
		const struct search_result *result);

#endif
