/*
 * search_cache.c - a set of states, and which of them can reach an end.
 *
 * The search is depth first, and so the states that reach each other are told
 * as in Tarjan's algorithm for strongly connected components: each visit has a
 * number, and a state that is left and has led neither to an end nor to an
 * older state than itself is the first of a group that can only go round.
 */
#include "sim/search/search_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/judge/livelock.h"
#include "sim/judge/lock_order.h"
#include "sim/search/search_graph.h"
#include "sim/search/state_hash.h"

#define SLOTS_FIRST 4096u

/* What a state leads to; less: the oldest visit that it reaches, so far. */
#define LEADS_TO_END UINT32_MAX
#define LEADS_NOWHERE (UINT32_MAX - 1)

struct known {
	uint64_t hash[2];
	uint32_t leads_to;
	uint32_t preemptions; /* the fewest that it was reached with */
};

/* A state on the way of the search. */
struct visit {
	uint32_t state;
	uint32_t number;
	uint32_t oldest; /* number of the oldest visit it reaches */
	uint32_t open_count; /* of states left open when it began */
	uint32_t verdicts; /* bit per kind, when it was reached */
	bool has_end;
};

struct state_cache {
	struct state_hash *hasher;
	bool is_bounded;
	struct known *known;
	uint32_t count;
	uint32_t room;
	uint32_t *slots; /* index + 1 */
	uint32_t slot_count; /* a power of two */
	struct visit *way;
	uint32_t way_count;
	uint32_t way_room;
	uint32_t visit_count;
	uint32_t *open; /* states that are left, and may or may not end */
	uint32_t open_count;
	uint32_t open_room;
	uint32_t *shown; /* verdicts of states without end, each set once */
	uint32_t shown_count;
	uint32_t shown_room;
	struct state_graph *graph; /* NULL: nobody goes back, or a bound */
};

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
	*room = *room ? 2 * *room : 64;
	return checked(realloc(items, *room * size));
}

struct state_cache *cache_new(const struct search *s)
{
	struct state_cache *c = checked(calloc(1, sizeof(*c)));

	c->hasher = state_hash_new(s);
	c->is_bounded = s->preemptions_max != NO_BOUND;
	if (!c->is_bounded && livelock_is_possible(s->scenario))
		c->graph = graph_new();
	c->slot_count = SLOTS_FIRST;
	c->slots = checked(calloc(c->slot_count, sizeof(*c->slots)));
	return c;
}

void cache_free(struct state_cache *c)
{
	if (!c)
		return;
	state_hash_free(c->hasher);
	graph_free(c->graph);
	free(c->known);
	free(c->slots);
	free(c->way);
	free(c->open);
	free(c->shown);
	free(c);
}

struct state_hash *cache_begin_run(struct state_cache *c, struct sim *sim)
{
	state_hash_begin(c->hasher, sim);
	return c->hasher;
}

uint64_t cache_count(const struct state_cache *c)
{
	return c->count;
}

uint64_t cache_bytes(const struct state_cache *c)
{
	return (uint64_t)c->room * sizeof(*c->known) +
	       (uint64_t)c->slot_count * sizeof(*c->slots) +
	       (uint64_t)c->way_room * sizeof(*c->way) +
	       (uint64_t)c->open_room * sizeof(*c->open) +
	       (c->graph ? graph_bytes(c->graph) : 0);
}

/* ---- the set ----------------------------------------------------------- */

/* Where the hash is, or where it belongs. */
static uint32_t *find(const struct state_cache *c, const uint64_t hash[2])
{
	uint32_t at = (uint32_t)hash[0] & (c->slot_count - 1);
	const struct known *found;

	while (c->slots[at]) {
		found = &c->known[c->slots[at] - 1];
		if (found->hash[0] == hash[0] && found->hash[1] == hash[1])
			break;
		at = (at + 1) & (c->slot_count - 1);
	}
	return &c->slots[at];
}

static void grow(struct state_cache *c)
{
	uint32_t i;

	free(c->slots);
	c->slot_count *= 2;
	c->slots = checked(calloc(c->slot_count, sizeof(*c->slots)));
	for (i = 0; i < c->count; i++)
		*find(c, c->known[i].hash) = i + 1;
}

/* Returns its index. */
static uint32_t add(struct state_cache *c, uint32_t *slot,
		    const uint64_t hash[2])
{
	/* Numbers of states and visits end here. */
	if (c->count >= UINT32_MAX / 4)
		abort();
	c->known = with_room(c->known, c->count, &c->room, sizeof(*c->known));
	c->known[c->count] = (struct known){.hash = {hash[0], hash[1]}};
	*slot = ++c->count;
	if (2 * c->count > c->slot_count)
		grow(c);
	return c->count - 1;
}

/* ---- the way ----------------------------------------------------------- */

static uint32_t verdicts_of(const struct sim *sim)
{
	uint32_t i, bits = 0;

	for (i = 0; i < sim->verdict_count; i++)
		bits |= UINT32_C(1) << sim->verdicts[i].kind;
	return bits;
}

static void enter(struct state_cache *c, const struct search *s, uint32_t index)
{
	struct known *k = &c->known[index];
	uint32_t number = c->visit_count++;

	c->way = with_room(c->way, c->way_count, &c->way_room, sizeof(*c->way));
	c->way[c->way_count++] = (struct visit){
		.state = index,
		.number = number,
		.oldest = number,
		.open_count = c->open_count,
		.verdicts = verdicts_of(&s->sim),
		.has_end = k->leads_to == LEADS_TO_END,
	};
	if (c->graph)
		graph_state(c->graph, index, &s->choices);
	k->preemptions = s->preemptions;
	if (k->leads_to != LEADS_TO_END)
		k->leads_to = number;
}

/* The last state on the way leads to one that leads there. */
static void note(struct state_cache *c, uint32_t leads_to)
{
	struct visit *last;

	if (!c->way_count || leads_to == LEADS_NOWHERE)
		return;
	last = &c->way[c->way_count - 1];
	if (leads_to == LEADS_TO_END)
		last->has_end = true;
	else if (leads_to < last->oldest)
		last->oldest = leads_to;
}

/* A program marks that it has got somewhere. */
static bool has_got_on(const struct search *s)
{
	uint16_t mover = s->trail[s->depth - 1];
	const struct step *last;

	if (mover >= s->thread_count)
		return false;
	last = &s->sim.tasks[mover].last;
	return last->kind == EVENT_MARK && !last->site;
}

/* The last state on the way leads to @state by the last move. */
static void note_edge(struct state_cache *c, const struct search *s,
		      uint32_t state)
{
	if (c->graph && c->way_count)
		graph_edge(c->graph, c->way[c->way_count - 1].state, state,
			   s->trail[s->depth - 1], has_got_on(s));
}

bool cache_knows(struct state_cache *c, const struct search *s)
{
	const struct known *k;
	uint64_t hash[2];
	uint32_t *slot, index;

	state_hash_take(c->hasher, s, hash);
	slot = find(c, hash);
	if (!*slot) {
		index = add(c, slot, hash);
		note_edge(c, s, index);
		enter(c, s, index);
		return false;
	}
	note_edge(c, s, *slot - 1);
	k = &c->known[*slot - 1];
	if (c->is_bounded && s->preemptions < k->preemptions) {
		enter(c, s, *slot - 1);
		return false;
	}
	note(c, k->leads_to);
	return true;
}

void cache_check(struct search *s)
{
	if (!lock_order_is_open(&s->sim) ||
	    state_hash_has_locks(s->cache->hasher))
		return;
	search_fail(s, -EINVAL,
		    "--cache does not keep in which order locks were taken, "
		    "and here it matters, for one was taken against the order "
		    "of the futex code; search without it");
}

void cache_end(struct state_cache *c, const struct search *s)
{
	uint64_t hash[2];
	uint32_t *slot, index;

	note(c, LEADS_TO_END);
	/* An end is a state too; after a bug of the kernel nothing is sure. */
	if (s->end != RUN_AT_REST || s->sim.is_over)
		return;
	state_hash_take(c->hasher, s, hash);
	slot = find(c, hash);
	if (*slot)
		return;
	index = add(c, slot, hash);
	c->known[index].leads_to = LEADS_TO_END;
}

/* That goes for all that it has led to and that was left open. */
static void resolve(struct state_cache *c, const struct visit *v,
		    uint32_t leads_to)
{
	struct known *k = &c->known[v->state];

	for (;;) {
		if (k->leads_to != LEADS_TO_END)
			k->leads_to = leads_to;
		if (c->open_count == v->open_count)
			break;
		k = &c->known[c->open[--c->open_count]];
	}
}

/* Of all that show the same verdicts one is enough. */
static bool is_to_be_shown(struct state_cache *c, uint32_t verdicts)
{
	uint32_t i;

	for (i = 0; i < c->shown_count; i++) {
		if (c->shown[i] == verdicts)
			return false;
	}
	c->shown = with_room(c->shown, c->shown_count, &c->shown_room,
			     sizeof(*c->shown));
	c->shown[c->shown_count++] = verdicts;
	return true;
}

bool cache_lasso(const struct state_cache *c, const struct search *s,
		 struct movers *list)
{
	const struct movers *prefix = s->request->prefix;
	uint16_t *items;
	uint32_t before = prefix ? prefix->count : 0;

	if (!c->graph || !graph_lasso(c->graph, s->thread_count, list))
		return false;
	items = checked(malloc((before + list->count) * sizeof(*items)));
	if (before)
		memcpy(items, prefix->items, before * sizeof(*items));
	memcpy(items + before, list->items, list->count * sizeof(*items));
	free(list->items);
	*list = (struct movers){items, before + list->count};
	return true;
}

bool cache_leave(struct state_cache *c)
{
	struct visit v = c->way[--c->way_count];

	if (v.has_end) {
		resolve(c, &v, LEADS_TO_END);
		note(c, LEADS_TO_END);
		return false;
	}
	if (v.oldest == v.number) {
		resolve(c, &v, LEADS_NOWHERE);
		return is_to_be_shown(c, v.verdicts);
	}
	c->known[v.state].leads_to = v.oldest;
	c->open = with_room(c->open, c->open_count, &c->open_room,
			    sizeof(*c->open));
	c->open[c->open_count++] = v.state;
	note(c, v.oldest);
	return false;
}
