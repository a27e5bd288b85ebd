/*
 * fates.c - which ends follow from each state.
 *
 * From the ends of each fate the edges are followed backwards, so that loops
 * need no care.
 */
#include <stdlib.h>

#include "viz/canvas/measure.h"
#include "viz/exploration/map.h"

#define RESULTS_MAX 7u /* fates of a search without failures; then "others" */
#define RESULTS_COLUMNS 70u

/* ---- what counts as a fate ---------------------------------------------- */

static unsigned int add_fate(struct map *m, unsigned int class,
			     const char *leaf, const char *words)
{
	m->fates[m->fate_count] = (struct fate){class, leaf, words};
	return m->fate_count++;
}

static void fates_by_class(struct map *m)
{
	unsigned int of[CLASS_COUNT];

	for (unsigned int i = 0; i < CLASS_COUNT; i++)
		of[i] = FATES_MAX;
	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		for (uint32_t o = 0; o < m->r->outcome_count; o++) {
			if (class_of(&m->r->outcomes[o]) != i)
				continue;
			if (of[i] == FATES_MAX)
				of[i] = add_fate(m, i, end_classes[i].leaf,
						 end_classes[i].words);
			m->fate_of[o] = of[i];
		}
	}
}

static const char *results_of(struct map *m, uint32_t outcome)
{
	const char *results = results_text(m->memory, m->r, outcome, false);
	const char *words = results_text(m->memory, m->r, outcome, true);
	const char *text = trace_format(m->memory, "%s%s%s", results,
					*results && *words ? " " : "", words);

	return text_cut(m->memory, *text ? text : "no results",
			RESULTS_COLUMNS);
}

/* All is well: what comes back is the difference. */
static void fates_by_results(struct map *m)
{
	for (uint32_t o = 0; o < m->r->outcome_count; o++) {
		if (m->fate_count > RESULTS_MAX) {
			m->fate_of[o] = RESULTS_MAX;
			continue;
		}
		if (m->fate_count < RESULTS_MAX)
			m->fate_of[o] =
				add_fate(m, CLASS_OK,
					 trace_format(m->memory, "#%u", o + 1),
					 results_of(m, o));
		else
			m->fate_of[o] = add_fate(m, CLASS_OK, "others",
						 "other results");
	}
}

static void choose_fates(struct map *m)
{
	bool is_well = true;

	m->fate_of = trace_alloc(m->memory, (m->r->outcome_count + 1ul) *
						    sizeof(*m->fate_of));
	for (uint32_t o = 0; o < m->r->outcome_count; o++)
		is_well &= class_of(&m->r->outcomes[o]) == CLASS_OK;
	if (is_well && m->r->outcome_count > 1)
		fates_by_results(m);
	else
		fates_by_class(m);
}

/* ---- edges of a node --------------------------------------------------- */

/*
 * Edges in the order of one of their ends: @first has where those of each
 * node begin in @order, and one more.
 */
static void sort_edges(const struct record *r, bool by_target, uint32_t *first,
		       uint32_t *order)
{
	uint32_t e, n;

	for (e = 0; e < r->edge_count; e++)
		first[by_target ? r->edges[e].to : r->edges[e].from]++;
	for (n = 0, e = 0; n <= r->node_count; n++) {
		uint32_t count = first[n];

		first[n] = e;
		e += count;
	}
	for (e = 0; e < r->edge_count; e++) {
		n = by_target ? r->edges[e].to : r->edges[e].from;
		order[first[n]++] = e;
	}
	for (n = r->node_count; n > 0; n--)
		first[n] = first[n - 1];
	first[0] = 0;
}

static uint32_t *numbers(struct map *m, uint32_t count)
{
	return trace_alloc(m->memory, (count + 2ul) * sizeof(uint32_t));
}

/* ---- reach ------------------------------------------------------------- */

static uint32_t bit_of_end(const struct map *m, uint32_t node)
{
	int32_t outcome = m->r->nodes[node].outcome;

	if (outcome == RECORD_CUT)
		return FATE_CUT;
	if (outcome < 0)
		return 0;
	return FATE(m->fate_of[outcome]);
}

static void spread(struct map *m, uint32_t bit, const uint32_t *first,
		   const uint32_t *order)
{
	uint32_t done = 0, count = 0;

	for (uint32_t n = 0; n < m->r->node_count; n++) {
		if (bit_of_end(m, n) != bit)
			continue;
		m->reach[n] |= bit;
		m->list[count++] = n;
	}
	while (done < count) {
		uint32_t node = m->list[done++];

		for (uint32_t i = first[node]; i < first[node + 1]; i++) {
			uint32_t from = m->r->edges[order[i]].from;

			if (m->reach[from] & bit)
				continue;
			m->reach[from] |= bit;
			m->list[count++] = from;
		}
	}
}

void map_find_fates(struct map *m)
{
	const struct record *r = m->r;
	uint32_t *first = calloc(r->node_count + 2ul, sizeof(*first));
	uint32_t *order = calloc(r->edge_count + 1ul, sizeof(*order));

	if (!first || !order)
		abort();
	choose_fates(m);
	m->first = numbers(m, r->node_count);
	m->order = numbers(m, r->edge_count);
	m->reach = numbers(m, r->node_count);
	m->list = numbers(m, r->node_count);
	m->stamp = numbers(m, r->node_count);
	sort_edges(r, false, m->first, m->order);
	sort_edges(r, true, first, order);
	for (unsigned int i = 0; i <= FATES_MAX; i++)
		if (i < m->fate_count || i == FATES_MAX)
			spread(m, FATE(i), first, order);
	free(first);
	free(order);
}

/* ---- questions --------------------------------------------------------- */

bool reach_is_mixed(uint32_t reach)
{
	reach &= FATES_ALL;
	return (reach & (reach - 1)) != 0;
}

bool map_is_sure(const struct map *m)
{
	return m->r->is_whole && !m->r->is_truncated;
}

uint32_t map_leaf_bit(const struct map *m, uint32_t node)
{
	uint32_t reach = m->reach[node];

	if (reach_is_mixed(reach))
		return FATE_MIXED;
	if (reach & FATES_ALL)
		return reach & FATES_ALL;
	return reach & FATE_CUT ? FATE_CUT : FATE_ENDLESS;
}

const char *map_reach_words(const struct map *m, uint32_t reach)
{
	const char *text = "";

	for (unsigned int i = 0; i < m->fate_count; i++)
		if (reach & FATE(i))
			text = trace_format(m->memory, "%s%s%s", text,
					    *text ? ", " : "",
					    m->fates[i].words);
	return text;
}
