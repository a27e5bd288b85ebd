/*
 * search_graph.c - groups of states that reach each other (Tarjan), and a walk
 * round one of them.
 */
#include "sim/search/search_graph.h"

#include <stdlib.h>
#include <string.h>

#define NO_STATE UINT32_MAX

struct edge {
	uint32_t from;
	uint32_t to;
	uint16_t mover;
	bool is_progress;
};

/* Who can move, or does: bit per thread. */
struct movement {
	uint64_t threads;
	bool clock;
};

struct state_graph {
	struct edge *edges;
	uint32_t edge_count;
	uint32_t edge_room;
	struct movement *can; /* [state] */
	uint32_t state_count;
	uint32_t state_room;
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* At least one item. */
static void *array(uint64_t count, size_t size)
{
	return checked(calloc(count + 1, size));
}

struct state_graph *graph_new(void)
{
	return array(0, sizeof(struct state_graph));
}

void graph_free(struct state_graph *g)
{
	if (!g)
		return;
	free(g->edges);
	free(g->can);
	free(g);
}

uint64_t graph_bytes(const struct state_graph *g)
{
	return (uint64_t)g->edge_room * sizeof(*g->edges) +
	       (uint64_t)g->state_room * sizeof(*g->can);
}

static void need_state(struct state_graph *g, uint32_t state)
{
	uint32_t room = g->state_room;

	if (state >= room) {
		g->state_room = 2 * state + 64;
		g->can = checked(
			realloc(g->can, g->state_room * sizeof(*g->can)));
		memset(g->can + room, 0,
		       (g->state_room - room) * sizeof(*g->can));
	}
	if (state >= g->state_count)
		g->state_count = state + 1;
}

void graph_state(struct state_graph *g, uint32_t state,
		 const struct choices *choices)
{
	need_state(g, state);
	g->can[state] = (struct movement){choices->threads, choices->clock};
}

void graph_edge(struct state_graph *g, uint32_t from, uint32_t to,
		uint16_t mover, bool is_progress)
{
	need_state(g, from);
	need_state(g, to);
	if (g->edge_count == g->edge_room) {
		g->edge_room = g->edge_room ? 2 * g->edge_room : 256;
		g->edges = checked(
			realloc(g->edges, g->edge_room * sizeof(*g->edges)));
	}
	g->edges[g->edge_count++] = (struct edge){from, to, mover, is_progress};
}

/* ---- by state ---------------------------------------------------------- */

/* Edges in the order of where they begin. */
struct sorted {
	const struct state_graph *graph;
	uint32_t threads;
	uint32_t *first; /* [state] into .edges; [count] ends the last */
	uint32_t *edges; /* numbers of edges */
	uint32_t *group; /* [state] */
	uint32_t group_count;
};

static void sort_edges(struct sorted *s)
{
	const struct state_graph *g = s->graph;
	uint32_t i, *at = array(g->state_count, sizeof(*at));

	s->first = array((uint64_t)g->state_count + 1, sizeof(*s->first));
	s->edges = array(g->edge_count, sizeof(*s->edges));
	for (i = 0; i < g->edge_count; i++)
		s->first[g->edges[i].from + 1]++;
	for (i = 0; i < g->state_count; i++)
		s->first[i + 1] += s->first[i];
	memcpy(at, s->first, g->state_count * sizeof(*at));
	for (i = 0; i < g->edge_count; i++)
		s->edges[at[g->edges[i].from]++] = i;
	free(at);
}

static void sorted_fini(struct sorted *s)
{
	free(s->first);
	free(s->edges);
	free(s->group);
}

static const struct edge *edge_at(const struct sorted *s, uint32_t i)
{
	return &s->graph->edges[s->edges[i]];
}

/* ---- groups ------------------------------------------------------------ */

struct tarjan {
	struct sorted *s;
	uint32_t *number; /* [state] order of visits, from 1 */
	uint32_t *oldest; /* [state] that it reaches */
	uint32_t *next; /* [state] edge to follow next */
	uint32_t *way;
	uint32_t way_count;
	uint32_t *open;
	uint32_t open_count;
	uint32_t visits;
};

static void visit(struct tarjan *t, uint32_t state)
{
	t->number[state] = t->oldest[state] = ++t->visits;
	t->next[state] = t->s->first[state];
	t->way[t->way_count++] = state;
	t->open[t->open_count++] = state;
}

/* All that follows has been seen. */
static void leave(struct tarjan *t)
{
	uint32_t state = t->way[--t->way_count], one, before;

	if (t->oldest[state] == t->number[state]) {
		do {
			one = t->open[--t->open_count];
			t->s->group[one] = t->s->group_count;
		} while (one != state);
		t->s->group_count++;
	}
	if (!t->way_count)
		return;
	before = t->way[t->way_count - 1];
	if (t->oldest[state] < t->oldest[before])
		t->oldest[before] = t->oldest[state];
}

static void follow(struct tarjan *t, uint32_t state)
{
	const struct edge *e = edge_at(t->s, t->next[state]++);

	if (e->is_progress)
		return;
	if (!t->number[e->to])
		visit(t, e->to);
	else if (t->s->group[e->to] == NO_STATE &&
		 t->number[e->to] < t->oldest[state])
		t->oldest[state] = t->number[e->to];
}

static void find_from(struct tarjan *t, uint32_t root)
{
	uint32_t state;

	visit(t, root);
	while (t->way_count) {
		state = t->way[t->way_count - 1];
		if (t->next[state] == t->s->first[state + 1])
			leave(t);
		else
			follow(t, state);
	}
}

static void find_groups(struct sorted *s)
{
	uint32_t i, count = s->graph->state_count;
	struct tarjan t = {.s = s};

	s->group = array(count, sizeof(*s->group));
	memset(s->group, 0xff, count * sizeof(*s->group));
	t.number = array(count, sizeof(*t.number));
	t.oldest = array(count, sizeof(*t.oldest));
	t.next = array(count, sizeof(*t.next));
	t.way = array(count, sizeof(*t.way));
	t.open = array(count, sizeof(*t.open));
	for (i = 0; i < count; i++) {
		if (!t.number[i])
			find_from(&t, i);
	}
	free(t.number);
	free(t.oldest);
	free(t.next);
	free(t.way);
	free(t.open);
}

static bool is_inside(const struct sorted *s, const struct edge *e)
{
	return !e->is_progress && s->group[e->from] == s->group[e->to];
}

/* ---- fairness ---------------------------------------------------------- */

static void add_mover(const struct sorted *s, struct movement *m,
		      uint16_t mover)
{
	if (mover < s->threads)
		m->threads |= UINT64_C(1) << mover;
	else
		m->clock |= mover == s->threads;
}

/*
 * For each group, whether it is a fair cycle.  Owner: the caller's, to be
 * freed.
 */
static bool *fair_groups(const struct sorted *s)
{
	const struct state_graph *g = s->graph;
	struct movement *always = array(s->group_count, sizeof(*always));
	struct movement *moves = array(s->group_count, sizeof(*moves));
	bool *is_fair = array(s->group_count, sizeof(*is_fair));
	uint32_t i, group;

	for (i = 0; i < s->group_count; i++)
		always[i] = (struct movement){UINT64_MAX, true};
	for (i = 0; i < g->state_count; i++) {
		group = s->group[i];
		always[group].threads &= g->can[i].threads;
		always[group].clock &= g->can[i].clock;
	}
	for (i = 0; i < g->edge_count; i++) {
		if (is_inside(s, &g->edges[i]))
			add_mover(s, &moves[s->group[g->edges[i].from]],
				  g->edges[i].mover);
	}
	for (i = 0; i < s->group_count; i++)
		is_fair[i] = moves[i].threads &&
			     !(always[i].threads & ~moves[i].threads) &&
			     (!always[i].clock || moves[i].clock);
	free(always);
	free(moves);
	return is_fair;
}

/* ---- walks ------------------------------------------------------------- */

/* A breadth-first search: the edge by which each state was reached. */
struct walk {
	const struct sorted *s;
	uint32_t *by; /* [state] edge; NO_STATE: not yet */
	uint32_t *line;
	uint32_t line_count;
};

static void walk_begin(struct walk *w, const struct sorted *s)
{
	*w = (struct walk){.s = s};
	w->by = array(s->graph->state_count, sizeof(*w->by));
	w->line = array(s->graph->state_count, sizeof(*w->line));
}

static void walk_end(struct walk *w)
{
	free(w->by);
	free(w->line);
}

/*
 * From @from to the nearest state for which @is_goal holds, in one group unless
 * that is NO_STATE.  Returns the state, or NO_STATE.
 */
static uint32_t walk_to(struct walk *w, uint32_t from, uint32_t group,
			bool (*is_goal)(const struct walk *w, uint32_t state,
					const void *arg),
			const void *arg)
{
	const struct sorted *s = w->s;
	const struct edge *e;
	uint32_t at, i, state;

	memset(w->by, 0xff, s->graph->state_count * sizeof(*w->by));
	w->line[0] = from;
	w->line_count = 1;
	w->by[from] = s->graph->edge_count;
	for (at = 0; at < w->line_count; at++) {
		state = w->line[at];
		if (is_goal(w, state, arg))
			return state;
		for (i = s->first[state]; i < s->first[state + 1]; i++) {
			e = edge_at(s, i);
			if (w->by[e->to] != NO_STATE ||
			    (group != NO_STATE &&
			     (s->group[e->to] != group || e->is_progress)))
				continue;
			w->by[e->to] = s->edges[i];
			w->line[w->line_count++] = e->to;
		}
	}
	return NO_STATE;
}

struct trail {
	struct movers list;
	uint32_t room;
};

static void put(struct trail *t, uint16_t mover)
{
	if (t->list.count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->list.items = checked(realloc(
			t->list.items, t->room * sizeof(*t->list.items)));
	}
	t->list.items[t->list.count++] = mover;
}

/* The movers by which a walk has come to @to. */
static void put_walk(struct trail *t, const struct walk *w, uint32_t to)
{
	const struct edge *edges = w->s->graph->edges;
	uint32_t first = t->list.count, i, k;
	uint16_t mover;

	for (; w->by[to] != w->s->graph->edge_count; to = edges[w->by[to]].from)
		put(t, edges[w->by[to]].mover);
	for (i = first, k = t->list.count; i + 1 < k; i++) {
		mover = t->list.items[--k];
		t->list.items[k] = t->list.items[i];
		t->list.items[i] = mover;
	}
}

/* ---- goals ------------------------------------------------------------- */

static bool is_in_fair_group(const struct walk *w, uint32_t state,
			     const void *arg)
{
	const bool *is_fair = arg;

	return is_fair[w->s->group[state]];
}

/* An edge from @state by @mover that stays in the group, or NULL. */
static const struct edge *edge_by(const struct sorted *s, uint32_t state,
				  uint16_t mover)
{
	uint32_t i;

	for (i = s->first[state]; i < s->first[state + 1]; i++) {
		if (edge_at(s, i)->mover == mover &&
		    is_inside(s, edge_at(s, i)))
			return edge_at(s, i);
	}
	return NULL;
}

static bool can_be_moved_by(const struct walk *w, uint32_t state,
			    const void *arg)
{
	return edge_by(w->s, state, *(const uint16_t *)arg) != NULL;
}

static bool is_state(const struct walk *w, uint32_t state, const void *arg)
{
	(void)w;
	return state == *(const uint32_t *)arg;
}

/* ---- the lasso --------------------------------------------------------- */

static bool has_moved(const struct trail *t, uint32_t first, uint16_t mover)
{
	uint32_t i;

	for (i = first; i < t->list.count; i++) {
		if (t->list.items[i] == mover)
			return true;
	}
	return false;
}

/* On to the nearest move of @mover, and behind it.  Returns where that is. */
static uint32_t go_by(struct trail *t, struct walk *w, uint32_t at,
		      uint16_t mover)
{
	uint32_t group = w->s->group[at];
	uint32_t before = walk_to(w, at, group, can_be_moved_by, &mover);

	if (before == NO_STATE)
		return at;
	put_walk(t, w, before);
	put(t, mover);
	return edge_by(w->s, before, mover)->to;
}

/* Round the group of @start: each who has a move in it makes one. */
static void go_round(struct trail *t, struct walk *w, uint32_t start)
{
	uint32_t first = t->list.count, at = start;
	uint16_t mover;

	for (mover = 0; mover <= w->s->threads; mover++) {
		if (!has_moved(t, first, mover))
			at = go_by(t, w, at, mover);
	}
	walk_to(w, at, w->s->group[start], is_state, &start);
	put_walk(t, w, start);
}

static bool find_lasso(const struct sorted *s, const bool *is_fair,
		       struct movers *list)
{
	struct trail t = {.room = 0};
	uint32_t start, first, i, count;
	struct walk w;

	walk_begin(&w, s);
	start = walk_to(&w, 0, NO_STATE, is_in_fair_group, is_fair);
	if (start != NO_STATE) {
		put_walk(&t, &w, start);
		first = t.list.count;
		go_round(&t, &w, start);
		count = t.list.count;
		for (i = first; i < count; i++)
			put(&t, t.list.items[i]);
	}
	walk_end(&w);
	*list = t.list;
	return start != NO_STATE;
}

bool graph_lasso(const struct state_graph *g, uint32_t threads,
		 struct movers *list)
{
	struct sorted s = {.graph = g, .threads = threads};
	bool *is_fair;
	bool is_found = false;

	*list = (struct movers){NULL, 0};
	if (!g->edge_count)
		return false;
	sort_edges(&s);
	find_groups(&s);
	is_fair = fair_groups(&s);
	is_found = find_lasso(&s, is_fair, list);
	free(is_fair);
	sorted_fini(&s);
	return is_found;
}
