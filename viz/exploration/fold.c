/*
 * fold.c - leaves and arcs: what lies between and below the points.
 */
#include <string.h>

#include "viz/exploration/map.h"

/* ---- states of a point ------------------------------------------------- */

static uint32_t member_count(const struct point *p)
{
	return p->is_spine ? p->to - p->from : 1;
}

static uint32_t member(const struct map *m, const struct point *p, uint32_t i)
{
	return p->is_spine ? m->spine[p->from + i] : p->node;
}

/* ---- leaves ------------------------------------------------------------ */

/* A leaf that is being counted. */
struct count {
	uint32_t bit;
	uint64_t states;
	uint32_t reach;
	uint32_t waiting; /* nodes on the map's list */
};

/* States along an edge, between its ends. */
static uint64_t states_on(const struct record_edge *e)
{
	uint64_t steps = 0;

	for (uint32_t i = 0; i < e->leg_count; i++)
		steps += e->legs[i].steps;
	return steps > 0 ? steps - 1 : 0;
}

/*
 * The nodes that edges from @node lead to, if they are in the leaf: those with
 * its one fate, or more states that are mixed.
 */
static void follow(struct map *m, uint32_t node, struct count *c)
{
	for (uint32_t i = m->first[node]; i < m->first[node + 1]; i++) {
		const struct record_edge *e = &m->r->edges[m->order[i]];

		if (m->point[e->to] != NO_POINT)
			continue;
		if (map_leaf_bit(m, e->to) != c->bit)
			continue;
		c->states += states_on(e);
		if (m->stamp[e->to] == m->stamps)
			continue;
		m->stamp[e->to] = m->stamps;
		m->list[c->waiting++] = e->to;
		c->states++;
		c->reach |= m->reach[e->to];
	}
}

static void make_leaf(struct map *m, uint32_t index, uint32_t bit)
{
	const struct point *p = &m->points[index];
	struct count c = {.bit = bit};

	m->stamps++;
	for (uint32_t i = 0; i < member_count(p); i++)
		follow(m, member(m, p, i), &c);
	for (uint32_t done = 0; done < c.waiting; done++)
		follow(m, m->list[done], &c);
	m->leaves[m->leaf_count++] =
		(struct leaf){index, bit, c.states, c.reach};
}

/* The leaves of the states that the point @p stands for. */
static uint32_t leaves_below(const struct map *m, const struct point *p)
{
	uint32_t leaves = 0;

	for (uint32_t k = 0; k < member_count(p); k++) {
		uint32_t node = member(m, p, k);

		for (uint32_t i = m->first[node]; i < m->first[node + 1]; i++) {
			uint32_t to = m->r->edges[m->order[i]].to;

			if (m->point[to] == NO_POINT)
				leaves |= map_leaf_bit(m, to);
		}
	}
	return leaves;
}

void map_make_leaves(struct map *m)
{
	m->leaves = trace_alloc(m->memory, (m->point_count + 1ul) * FATE_BITS *
						   sizeof(*m->leaves));
	for (uint32_t i = 0; i < m->point_count; i++) {
		struct point *p = &m->points[i];

		p->leaves = leaves_below(m, p);
		for (unsigned int bit = 0; bit < FATE_BITS; bit++)
			if (p->leaves & FATE(bit))
				make_leaf(m, i, FATE(bit));
	}
}

/* ---- arcs -------------------------------------------------------------- */

/* Add legs; what one mover does in a row is one. */
static void add_legs(struct map *m, struct arc *a,
		     const struct record_leg *legs, uint32_t count)
{
	const struct record_leg **all = trace_alloc(
		m->memory, (a->leg_count + count + 1ul) * sizeof(*all));
	uint32_t used = a->leg_count;

	if (used > 0)
		memcpy(all, a->legs, used * sizeof(*all));
	for (uint32_t i = 0; i < count; i++) {
		struct record_leg *both;

		if (used == 0 || strcmp(all[used - 1]->mover, legs[i].mover)) {
			all[used++] = &legs[i];
			continue;
		}
		both = trace_alloc(m->memory, sizeof(*both));
		*both = *all[used - 1];
		both->last = legs[i].last;
		both->steps += legs[i].steps;
		all[used - 1] = both;
	}
	a->legs = all;
	a->leg_count = used;
}

static struct arc *find_arc(struct map *m, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < m->arc_count; i++)
		if (!m->arcs[i].is_spine && m->arcs[i].from == from &&
		    m->arcs[i].to == to)
			return &m->arcs[i];
	return NULL;
}

/*
 * Of several edges between two points the legs are alternatives, of which only
 * the movers are told.
 */
static void add_edge(struct map *m, uint32_t from, const struct record_edge *e)
{
	uint32_t to = m->point[e->to];
	struct arc *a;

	if (to == NO_POINT || e->is_counterexample)
		return;
	if (to == from && (m->points[from].is_spine || e->from != e->to))
		return;
	a = find_arc(m, from, to);
	if (!a) {
		a = &m->arcs[m->arc_count++];
		a->from = from;
		a->to = to;
	}
	add_legs(m, a, e->legs, e->leg_count);
}

static void add_spine_arc(struct map *m, uint32_t from)
{
	const struct point *p = &m->points[from];
	struct arc *a;

	if (!p->is_spine || p->to >= m->spine_count)
		return;
	a = &m->arcs[m->arc_count++];
	*a = (struct arc){.from = from, .to = from + 1, .is_spine = true};
	for (uint32_t i = p->from; i < p->to; i++) {
		const struct record_edge *e = &m->r->edges[m->spine_edges[i]];

		add_legs(m, a, e->legs, e->leg_count);
	}
}

/* So many arcs there can be. */
static uint64_t edges_of_points(const struct map *m)
{
	uint64_t edges = m->point_count;

	for (uint32_t i = 0; i < m->point_count; i++)
		for (uint32_t k = 0; k < member_count(&m->points[i]); k++) {
			uint32_t node = member(m, &m->points[i], k);

			edges += m->first[node + 1] - m->first[node];
		}
	return edges;
}

void map_make_arcs(struct map *m)
{
	m->arcs = trace_alloc(m->memory,
			      (edges_of_points(m) + 1) * sizeof(*m->arcs));
	for (uint32_t i = 0; i < m->point_count; i++) {
		const struct point *p = &m->points[i];

		add_spine_arc(m, i);
		for (uint32_t k = 0; k < member_count(p); k++) {
			uint32_t node = member(m, p, k);

			for (uint32_t e = m->first[node];
			     e < m->first[node + 1]; e++)
				add_edge(m, i, &m->r->edges[m->order[e]]);
		}
	}
}

/* ---- chains ------------------------------------------------------------ */

/* The only arc that ends (or begins) at @point; NULL: none, or several. */
static struct arc *only_arc(struct map *m, uint32_t point, bool is_in)
{
	struct arc *found = NULL;

	for (uint32_t i = 0; i < m->arc_count; i++) {
		struct arc *a = &m->arcs[i];

		if (a->is_gone || (is_in ? a->to : a->from) != point)
			continue;
		if (found)
			return NULL;
		found = a;
	}
	return found;
}

/* A point on a way, where nothing parts or meets, is no decision. */
static bool contract(struct map *m, uint32_t index)
{
	struct point *p = &m->points[index];
	struct arc *in, *out;

	if (p->is_gone || p->leaves || p->mark || index == 0 ||
	    m->r->nodes[p->node].outcome != RECORD_OPEN)
		return false;
	in = only_arc(m, index, true);
	out = only_arc(m, index, false);
	if (!in || !out || in == out || in->is_spine != out->is_spine)
		return false;
	for (uint32_t i = 0; i < out->leg_count; i++)
		add_legs(m, in, out->legs[i], 1);
	in->to = out->to;
	out->is_gone = true;
	p->is_gone = true;
	return true;
}

void map_contract(struct map *m)
{
	bool is_changed = !m->is_unfolded;

	while (is_changed) {
		is_changed = false;
		for (uint32_t i = 0; i < m->point_count; i++)
			is_changed |= contract(m, i);
	}
}
