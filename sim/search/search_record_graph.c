/*
 * search_record_graph.c - states and the moves between them.
 *
 * States are found by their hash, moves among those from one state: they are
 * few.
 */
#include "sim/search/search_record_graph.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 1024u

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* Room for one more item of @size in @items. */
static void *with_room(void *items, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 256;
	return checked(realloc(items, *room * size));
}

void ways_init(struct state_ways *w)
{
	*w = (struct state_ways){.slot_count = SLOTS_FIRST};
	w->slots = checked(calloc(w->slot_count, sizeof(*w->slots)));
}

void ways_fini(struct state_ways *w)
{
	free(w->states);
	free(w->moves);
	free(w->slots);
}

void ways_clear(struct state_ways *w)
{
	w->state_count = 0;
	w->move_count = 0;
	w->gone = 0;
	w->is_full = false;
	memset(w->slots, 0, w->slot_count * sizeof(*w->slots));
}

static uint32_t *find(const struct state_ways *w, const uint64_t hash[2])
{
	uint32_t at = (uint32_t)hash[0] & (w->slot_count - 1);
	const struct way_state *found;

	while (w->slots[at]) {
		found = &w->states[w->slots[at] - 1];
		if (found->hash[0] == hash[0] && found->hash[1] == hash[1])
			break;
		at = (at + 1) & (w->slot_count - 1);
	}
	return &w->slots[at];
}

static void grow(struct state_ways *w)
{
	uint32_t i;

	free(w->slots);
	w->slot_count *= 2;
	w->slots = checked(calloc(w->slot_count, sizeof(*w->slots)));
	for (i = 0; i < w->state_count; i++)
		*find(w, w->states[i].hash) = i + 1;
}

uint32_t ways_state(struct state_ways *w, const uint64_t hash[2],
		    uint32_t depth)
{
	uint32_t *slot = find(w, hash);

	if (*slot)
		return *slot - 1;
	/* A state is of no use without a move that leads to it. */
	if (w->state_count >= w->states_max || w->move_count >= w->moves_max) {
		w->is_full = true;
		return NOWHERE_YET;
	}
	w->states = with_room(w->states, w->state_count, &w->state_room,
			      sizeof(*w->states));
	w->states[w->state_count] = (struct way_state){
		.hash = {hash[0], hash[1]},
		.depth = depth,
	};
	*slot = ++w->state_count;
	if (2 * w->state_count > w->slot_count)
		grow(w);
	return w->state_count - 1;
}

static uint32_t find_move(const struct state_ways *w, uint32_t from,
			  uint32_t to, uint16_t mover)
{
	uint32_t m;

	for (m = w->states[from].first_move; m; m = w->moves[m - 1].next) {
		if (w->moves[m - 1].to == to && w->moves[m - 1].mover == mover)
			return m - 1;
	}
	return NOWHERE_YET;
}

bool ways_has_move(const struct state_ways *w, uint32_t from, uint16_t mover)
{
	uint32_t m;

	for (m = w->states[from].first_move; m; m = w->moves[m - 1].next) {
		if (w->moves[m - 1].mover == mover)
			return true;
	}
	return false;
}

void ways_remove(struct state_ways *w, uint32_t from, uint32_t index)
{
	struct way_state *state = &w->states[from];
	uint32_t *at = &state->first_move, before = 0;

	while (*at != index + 1) {
		before = *at;
		at = &w->moves[*at - 1].next;
	}
	*at = w->moves[index].next;
	if (state->last_move == index + 1)
		state->last_move = before;
	w->states[w->moves[index].to].ways_in--;
	w->gone++;
}

uint32_t ways_move(struct state_ways *w, uint32_t from, uint32_t to,
		   uint16_t mover, uint32_t label)
{
	uint32_t found = find_move(w, from, to, mover);
	struct way_state *state = &w->states[from];

	if (found != NOWHERE_YET)
		return found;
	if (w->move_count >= w->moves_max) {
		w->is_full = true;
		return NOWHERE_YET;
	}
	w->moves = with_room(w->moves, w->move_count, &w->move_room,
			     sizeof(*w->moves));
	w->moves[w->move_count++] = (struct way_move){
		.to = to,
		.mover = mover,
		.label = label,
	};
	if (state->last_move)
		w->moves[state->last_move - 1].next = w->move_count;
	else
		state->first_move = w->move_count;
	state->last_move = w->move_count;
	w->states[to].ways_in++;
	return w->move_count - 1;
}
