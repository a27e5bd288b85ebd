/*
 * choose.c - which states are points of the picture.
 *
 * First the spine and the mixed states within some distance of it, the
 * greatest that fits.  If the spine alone is too much, the states where
 * another thread goes on and those near the last way out have a point of their
 * own; the others share that of the state before them.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/exploration/map.h"

#define POINTS_MAX (MAP_UNFOLDED_MAX + MAP_BUDGET)

static uint32_t *numbers(struct map *m, uint32_t count)
{
	return trace_alloc(m->memory, (count + 1ul) * sizeof(uint32_t));
}

static unsigned int bits_in(uint32_t mask)
{
	return (unsigned int)__builtin_popcount(mask);
}

/* ---- the spine --------------------------------------------------------- */

static uint32_t steps_of(const struct record_edge *e)
{
	uint32_t steps = 0;

	for (uint32_t i = 0; i < e->leg_count; i++)
		steps += e->legs[i].steps;
	return steps;
}

static uint32_t shown_edge(const struct map *m, uint32_t node)
{
	for (uint32_t i = m->first[node]; i < m->first[node + 1]; i++)
		if (m->r->edges[m->order[i]].is_counterexample)
			return m->order[i];
	return NO_POINT;
}

void map_find_spine(struct map *m)
{
	const struct record *r = m->r;
	uint32_t length = 0, e;

	if (r->counterexample < 0)
		return;
	for (e = 0; e < r->edge_count; e++)
		length += r->edges[e].is_counterexample;
	m->spine = numbers(m, length + 1);
	m->spine_edges = numbers(m, length + 1);
	m->spine_steps = numbers(m, length + 1);
	m->spine_count = 1;
	while (m->spine_count <= length) {
		uint32_t at = m->spine_count - 1;

		e = shown_edge(m, m->spine[at]);
		if (e == NO_POINT)
			break;
		m->spine_edges[at] = e;
		m->spine[at + 1] = r->edges[e].to;
		m->spine_steps[at + 1] =
			m->spine_steps[at] + steps_of(&r->edges[e]);
		m->spine_count++;
	}
	while (m->settled < m->spine_count &&
	       reach_is_mixed(m->reach[m->spine[m->settled]]))
		m->settled++;
}

/* ---- distances --------------------------------------------------------- */

/* From the spine, or from the start, over mixed states. */
static void find_distances(struct map *m)
{
	uint32_t done = 0, count = 0, seeds;

	m->distance = numbers(m, m->r->node_count);
	memset(m->distance, 0xff, m->r->node_count * sizeof(*m->distance));
	if (m->spine_count == 0)
		m->list[count++] = 0;
	for (uint32_t i = 0; i < m->spine_count; i++)
		m->list[count++] = m->spine[i];
	seeds = count;
	for (uint32_t i = 0; i < seeds; i++)
		m->distance[m->list[i]] = 0;
	while (done < count) {
		uint32_t node = m->list[done++];

		for (uint32_t i = m->first[node]; i < m->first[node + 1]; i++) {
			uint32_t to = m->r->edges[m->order[i]].to;

			if (m->distance[to] != NO_POINT ||
			    !reach_is_mixed(m->reach[to]))
				continue;
			m->distance[to] = m->distance[node] + 1;
			m->list[count++] = to;
		}
	}
	m->near_count = count - seeds;
	m->near = numbers(m, m->near_count);
	memcpy(m->near, m->list + seeds, m->near_count * sizeof(*m->near));
}

/* ---- budget ------------------------------------------------------------ */

/* The leaves of a state, if those as far as @limit have points. */
static uint32_t leaves_of(const struct map *m, uint32_t node, uint32_t limit)
{
	uint32_t leaves = 0;

	for (uint32_t i = m->first[node]; i < m->first[node + 1]; i++) {
		uint32_t to = m->r->edges[m->order[i]].to;

		if (m->distance[to] == NO_POINT || m->distance[to] > limit)
			leaves |= map_leaf_bit(m, to);
	}
	return leaves;
}

static unsigned int cost_of(const struct map *m, uint32_t node, uint32_t limit)
{
	return 1 + bits_in(leaves_of(m, node, limit));
}

/* Of the spine with a point for each state; what is settled shares one. */
static unsigned int cost_of_spine(const struct map *m, uint32_t limit)
{
	unsigned int cost = m->spine_count > 0;
	uint32_t i, leaves = 0;

	for (i = 0; i < m->settled && cost <= MAP_BUDGET; i++)
		cost += cost_of(m, m->spine[i], limit);
	for (; i < m->spine_count; i++)
		leaves |= leaves_of(m, m->spine[i], limit);
	return cost + bits_in(leaves) + (m->settled + 1 < m->spine_count);
}

/* Of all that have points. */
static unsigned int cost_within(const struct map *m, uint32_t limit)
{
	unsigned int cost =
		m->spine_count ? cost_of_spine(m, limit) : cost_of(m, 0, limit);
	uint32_t i;

	for (i = 0; i < m->near_count && cost <= MAP_BUDGET; i++) {
		if (m->distance[m->near[i]] > limit)
			break;
		cost += cost_of(m, m->near[i], limit);
	}
	return cost;
}

static void find_limit(struct map *m)
{
	uint32_t farthest =
		m->near_count ? m->distance[m->near[m->near_count - 1]] : 0;

	/*
	 * A greater distance can cost less, where it makes leaves needless;
	 * but more than a point for each distance cannot fit.
	 */
	m->reach_limit = 0;
	for (uint32_t limit = 1; limit <= farthest && limit < MAP_BUDGET;
	     limit++)
		if (cost_within(m, limit) <= MAP_BUDGET)
			m->reach_limit = limit;
}

/* ---- a long spine ------------------------------------------------------ */

/* Does another mover go on after the spine's state @i? */
static bool is_switch(const struct map *m, uint32_t i)
{
	const struct record_edge *in = &m->r->edges[m->spine_edges[i - 1]];
	const struct record_edge *out = &m->r->edges[m->spine_edges[i]];

	if (in->leg_count == 0 || out->leg_count == 0)
		return false;
	return strcmp(in->legs[in->leg_count - 1].mover, out->legs[0].mover) !=
	       0;
}

/* The less the sooner it gets a point. */
static uint64_t urgency(const struct map *m, uint32_t i)
{
	uint32_t last = m->spine_count - 1;
	uint32_t away = i < m->settled ? m->settled - i : i - m->settled;

	if (i == 0 || i == last || i == m->settled || i + 1 == m->settled)
		return i == 0 || i == last ? 0 : 1;
	if (i > m->settled)
		return UINT64_MAX;
	return is_switch(m, i) ? 2 + away : (1ull << 32) + away;
}

/* Of the spine alone, if those up to @urgency have points. */
static unsigned int cost_up_to(const struct map *m, uint64_t bound)
{
	uint32_t leaves = 0;
	unsigned int cost = 0;

	for (uint32_t i = 0; i < m->spine_count; i++) {
		if (urgency(m, i) <= bound) {
			cost += 1 + bits_in(leaves);
			leaves = 0;
		}
		leaves |= leaves_of(m, m->spine[i], 0);
	}
	return cost + bits_in(leaves);
}

static uint64_t next_bound(const struct map *m, uint64_t bound)
{
	uint64_t next = UINT64_MAX;

	for (uint32_t i = 0; i < m->spine_count; i++)
		if (urgency(m, i) > bound && urgency(m, i) < next)
			next = urgency(m, i);
	return next;
}

static uint64_t find_bound(const struct map *m)
{
	uint64_t bound = 1, next = next_bound(m, bound);

	if (m->is_unfolded)
		return UINT64_MAX;
	if (cost_within(m, m->reach_limit) <= MAP_BUDGET)
		return UINT64_MAX - 1;
	while (next != UINT64_MAX && cost_up_to(m, next) <= MAP_BUDGET) {
		bound = next;
		next = next_bound(m, bound);
	}
	return bound;
}

/* ---- points ------------------------------------------------------------ */

static struct point *add_point(struct map *m, uint32_t node)
{
	struct point *p = &m->points[m->point_count];

	p->node = node;
	m->point[node] = m->point_count++;
	return p;
}

static const char *mark_of(const struct map *m, uint32_t i)
{
	bool is_sure = m->r->is_whole && !m->r->is_truncated;

	if (i + 1 == m->settled && m->settled < m->spine_count)
		return is_sure ? "last way out" : "last way out seen";
	if (i == m->settled && i + 1 < m->spine_count)
		return is_sure ? "unavoidable" : "no way out seen";
	return NULL;
}

static void add_spine(struct map *m, uint64_t bound)
{
	struct point *p = NULL;

	for (uint32_t i = 0; i < m->spine_count; i++) {
		if (!p || urgency(m, i) <= bound) {
			p = add_point(m, m->spine[i]);
			p->is_spine = true;
			p->from = i;
			p->step = m->spine_steps[i];
			p->mark = mark_of(m, i);
		}
		p->to = i + 1;
		m->point[m->spine[i]] = m->point_count - 1;
	}
}

static void add_others(struct map *m)
{
	if (m->spine_count == 0)
		add_point(m, 0);
	for (uint32_t i = 0; i < m->near_count && !m->is_unfolded; i++) {
		if (m->distance[m->near[i]] > m->reach_limit)
			break;
		add_point(m, m->near[i]);
	}
	for (uint32_t n = 0; n < m->r->node_count && m->is_unfolded; n++)
		if (m->point[n] == NO_POINT)
			add_point(m, n);
}

void map_choose_points(struct map *m)
{
	uint32_t nodes = m->r->node_count;

	find_distances(m);
	find_limit(m);
	m->points = trace_alloc(m->memory, POINTS_MAX * sizeof(*m->points));
	m->point = numbers(m, nodes);
	memset(m->point, 0xff, nodes * sizeof(*m->point));
	add_spine(m, find_bound(m));
	add_others(m);
}
