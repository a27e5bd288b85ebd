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

bool map_rests(const struct map *m)
{
	uint32_t verdicts = m->r->outcomes[m->r->counterexample].verdicts;

	return !(verdicts >> VERDICT_LIVELOCK & 1) &&
	       !(verdicts >> VERDICT_STEP_LIMIT & 1);
}

/* Fates that are well. */
static uint32_t good_fates(const struct map *m)
{
	uint32_t good = 0;

	for (unsigned int i = 0; i < m->fate_count; i++)
		if (m->fates[i].class == CLASS_OK)
			good |= FATE(i);
	return good;
}

/* The step that the record names, if both its states are there. */
static uint32_t find_named(const struct map *m)
{
	uint32_t i = 1;

	while (i < m->spine_count && m->spine_steps[i] < m->r->decisive)
		i++;
	if (i < m->spine_count && m->spine_steps[i] == m->r->decisive &&
	    m->spine_steps[i - 1] + 1 == m->r->decisive)
		return i;
	return m->spine_count;
}

static uint32_t find_decided(const struct map *m)
{
	uint32_t good = good_fates(m), i = 0;

	if (m->r->is_beside || !map_rests(m))
		return m->spine_count;
	if (m->r->decisive)
		return find_named(m);
	if (!map_is_sure(m))
		return m->spine_count;
	while (i < m->spine_count && m->reach[m->spine[i]] & good)
		i++;
	return i;
}

/* What is settled has one fate, and nothing is said of it. */
static void find_settled(struct map *m)
{
	while (m->settled < m->spine_count &&
	       reach_is_mixed(m->reach[m->spine[m->settled]]))
		m->settled++;
	m->decided = find_decided(m);
	if (m->decided < m->spine_count && m->decided > m->settled)
		m->settled = m->decided;
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
	find_settled(m);
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

static const char *mark_of(const struct map *m, uint32_t i)
{
	if (m->decided == m->spine_count)
		return NULL;
	if (i + 1 == m->decided)
		return "last way out";
	return i == m->decided && i + 1 < m->spine_count ? "unavoidable" : NULL;
}

/* The less the sooner it gets a point. */
static uint64_t urgency(const struct map *m, uint32_t i)
{
	uint32_t last = m->spine_count - 1;
	uint32_t away = i < m->settled ? m->settled - i : i - m->settled;

	if (i == 0 || i == last)
		return 0;
	if (i == m->settled || i + 1 == m->settled || mark_of(m, i))
		return 1;
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
