/*
 * record_check.c - do the lists of a record fit together?
 */
#include <inttypes.h>
#include <stdlib.h>

#include "trace/record_format.h"

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- runs -------------------------------------------------------------- */

/* Of each outcome the runs by switches add up to all of its runs. */
static bool check_runs(struct reader *r, const struct record *record)
{
	uint64_t *sums = checked(calloc(record->outcome_count + 1ul, 8));
	bool ok = true;
	uint32_t i;

	for (i = 0; i < record->switches_count; i++)
		sums[record->switches[i].outcome] += record->switches[i].runs;
	for (i = 0; i < record->outcome_count && ok; i++) {
		if (sums[i] != record->outcomes[i].runs)
			ok = reader_fail_at(
				r, 1,
				"outcome %u has %" PRIu64 " runs, and by "
				"switches they are %" PRIu64,
				i, record->outcomes[i].runs, sums[i]);
	}
	free(sums);
	return ok;
}

/* ---- ways -------------------------------------------------------------- */

/* Where the edges from each node begin: edges are in order of from. */
static uint32_t *find_firsts(const struct record *record)
{
	uint32_t *firsts =
		checked(calloc(record->node_count + 1ul, sizeof(*firsts)));
	uint32_t node, edge = 0;

	for (node = 0; node <= record->node_count; node++) {
		while (edge < record->edge_count &&
		       record->edges[edge].from < node)
			edge++;
		firsts[node] = edge;
	}
	return firsts;
}

/* Returns a node that cannot be reached, or node_count. */
static uint32_t find_lonely(const struct record *record, const uint32_t *firsts)
{
	uint32_t count = record->node_count, done = 0, waiting = 1, node, e;
	uint32_t *list = checked(malloc(count * sizeof(*list)));
	bool *is_seen = checked(calloc(count, sizeof(*is_seen)));

	list[0] = 0;
	is_seen[0] = true;
	while (done < waiting) {
		node = list[done++];
		for (e = firsts[node]; e < firsts[node + 1]; e++) {
			if (is_seen[record->edges[e].to])
				continue;
			is_seen[record->edges[e].to] = true;
			list[waiting++] = record->edges[e].to;
		}
	}
	for (node = 0; node < count && is_seen[node]; node++)
		continue;
	free(list);
	free(is_seen);
	return node;
}

static bool check_ways(struct reader *r, const struct record *record,
		       const uint32_t *firsts)
{
	uint32_t node;

	for (node = 0; node < record->node_count; node++) {
		if (record->nodes[node].outcome == RECORD_OPEN &&
		    firsts[node] == firsts[node + 1])
			return reader_fail_at(r, 1,
					      "node %u is open, and nothing "
					      "follows it",
					      node);
	}
	node = find_lonely(record, firsts);
	if (node < record->node_count)
		return reader_fail_at(r, 1, "no way leads to node %u", node);
	return true;
}

/* ---- the counterexample ------------------------------------------------ */

/* The edge of it that begins at @node; edge_count: none, or several. */
static uint32_t step_from(const struct record *record, const uint32_t *firsts,
			  uint32_t node)
{
	uint32_t e, found = record->edge_count;

	for (e = firsts[node]; e < firsts[node + 1]; e++) {
		if (!record->edges[e].is_counterexample)
			continue;
		if (found < record->edge_count)
			return record->edge_count;
		found = e;
	}
	return found;
}

static uint32_t steps_of(const struct record_edge *e)
{
	uint32_t i, steps = 0;

	for (i = 0; i < e->leg_count; i++)
		steps += e->legs[i].steps;
	return steps;
}

/* One of its steps decides, if that is known. */
static bool check_decisive(struct reader *r, const struct record *record)
{
	uint64_t steps = 0;
	uint32_t i;

	for (i = 0; i < record->edge_count; i++) {
		if (record->edges[i].is_counterexample)
			steps += steps_of(&record->edges[i]);
	}
	return record->decisive <= steps ||
	       reader_fail_at(r, 1,
			      "step %u of the counterexample decides, and it "
			      "has %" PRIu64,
			      record->decisive, steps);
}

/* One way from the start to such an end, and no other edge is marked. */
static bool check_shown(struct reader *r, const struct record *record,
			const uint32_t *firsts)
{
	uint32_t i, left = 0, node = 0, e;

	for (i = 0; i < record->edge_count; i++)
		left += record->edges[i].is_counterexample;
	if (record->counterexample < 0)
		return !left || reader_fail_at(r, 1,
					       "edges are of a counterexample, "
					       "and there is none");
	if ((uint32_t)record->counterexample >= record->outcome_count)
		return reader_fail_at(r, 1,
				      "the counterexample has outcome %d, and "
				      "there are %u outcomes",
				      record->counterexample,
				      record->outcome_count);
	for (; left; left--) {
		e = step_from(record, firsts, node);
		if (e == record->edge_count)
			break;
		node = record->edges[e].to;
	}
	if (left || record->nodes[node].outcome != record->counterexample)
		return reader_fail_at(r, 1,
				      "the edges of the counterexample are not "
				      "one way to outcome %d",
				      record->counterexample);
	return true;
}

bool record_check(struct reader *r, const struct record *record)
{
	uint32_t *firsts;
	bool ok;

	if (!record->node_count)
		return reader_fail_at(r, 1, "there is no node");
	if (!check_runs(r, record))
		return false;
	firsts = find_firsts(record);
	ok = check_ways(r, record, firsts) && check_shown(r, record, firsts) &&
	     check_decisive(r, record);
	free(firsts);
	return ok;
}
