/*
 * record_fixture.c - records of searches that never were, to draw.
 */
#include "tests/record_fixture.h"

/* ---- the small one ----------------------------------------------------- */

struct small_edge {
	uint32_t from, to;
	struct record_leg legs[2];
	uint32_t leg_count;
	bool is_shown;
};

static const struct small_edge small_edges[] = {
	{0, 1, {{"A", "r = futex_wait F 0", "wq.unlock", 3}}, 1, true},
	{0, 2, {{"B", "store F 1", "store F 1", 1}}, 1, false},
	{1,
	 4,
	 {{"A", "user.load", "task.block", 2},
	  {"B", "store F 1", "store F 1", 1}},
	 2,
	 true},
	{1, 2, {{"B", "store F 1", "store F 1", 1}}, 1, false},
	{2, 3, {{"A", "user.load", "user.load", 1}}, 1, false},
	{2,
	 5,
	 {{"clock", "timer.fire", "timer.fire", 1},
	  {"A", "timer.poll", "syscall.return", 2}},
	 2,
	 false},
};
#define SMALL_EDGES (sizeof(small_edges) / sizeof(small_edges[0]))
#define SMALL_NODES 6u

static void put_outcome(struct record *r, const char *results,
			uint32_t verdicts, uint64_t runs, uint32_t preemptions)
{
	struct record_outcome *o = &r->outcomes[r->outcome_count++];

	o->results = results;
	o->words = "F=1";
	o->blocked = verdicts ? "A" : "";
	o->verdicts = verdicts;
	o->is_expected = verdicts == 0;
	o->runs = runs;
	o->preemptions = preemptions;
	o->switches = preemptions + 1;
	r->switches[r->switches_count++] = (struct record_switches){
		r->outcome_count - 1, o->switches, runs};
	r->runs += runs;
}

static struct record *begin(const char *scenario)
{
	struct record *r = record_new();

	r->scenario = trace_string(r->memory, scenario);
	r->schedule = "";
	r->profile = "starry-0.5.11";
	r->digest = "0123456789abcdef0123456789abcdef";
	r->tool = "0.1.0";
	r->strategy = "dfs";
	r->granularity = "kernel";
	r->coverage = "exhaustive";
	r->states_are_merged = true;
	r->is_whole = true;
	return r;
}

/* @loop_to: where node 2 leads back to; 0: nowhere. */
static void put_edges(struct record *r, bool with_lost, uint32_t loop_to)
{
	r->edges =
		trace_alloc(r->memory, (SMALL_EDGES + 3) * sizeof(*r->edges));
	for (uint32_t i = 0; i < SMALL_EDGES; i++) {
		const struct small_edge *s = &small_edges[i];
		struct record_edge *e = &r->edges[r->edge_count];

		if (s->to == 4 && !with_lost)
			continue;
		e->from = s->from;
		e->to = s->to;
		e->legs = trace_alloc(r->memory, sizeof(s->legs));
		for (uint32_t k = 0; k < s->leg_count; k++)
			e->legs[k] = s->legs[k];
		e->leg_count = s->leg_count;
		e->runs = 1;
		e->is_counterexample = s->is_shown && with_lost;
		r->edge_count++;
	}
	if (loop_to) {
		r->edges[r->edge_count] = r->edges[1];
		r->edges[r->edge_count].from = 2;
		r->edges[r->edge_count++].to = loop_to;
	}
}

static struct record *small(const char *scenario, bool with_lost,
			    uint32_t results, uint32_t loop_to)
{
	static const int32_t ends[SMALL_NODES] = {
		RECORD_OPEN, RECORD_OPEN, RECORD_OPEN, 0, 2, 1};
	struct record *r = begin(scenario);

	r->outcomes = trace_alloc(r->memory, 3 * sizeof(*r->outcomes));
	r->switches = trace_alloc(r->memory, 3 * sizeof(*r->switches));
	put_outcome(r, "A.r=-EAGAIN", 0, 1234, 0);
	if (results > 1)
		put_outcome(r, "A.r=-ETIMEDOUT", 0, 560, 1);
	if (with_lost)
		put_outcome(r, "A.r=-", 1u << VERDICT_LOST_WAKEUP, 6, 1);
	r->nodes = trace_alloc(r->memory, 8 * sizeof(*r->nodes));
	r->node_count = SMALL_NODES;
	for (uint32_t i = 0; i < SMALL_NODES; i++)
		r->nodes[i].outcome =
			ends[i] == 1 && results == 1 ? 0 : ends[i];
	put_edges(r, with_lost, loop_to);
	r->counterexample = with_lost ? 2 : -1;
	/* Six, and two on each edge of three steps. */
	r->states = 12;
	r->moves = 12;
	return r;
}

struct record *fixture_record_small(void)
{
	return small("small", true, 2, 0);
}

/* Node 4 is what no way leads to: the last node takes its place. */
static struct record *without_lost(uint32_t results)
{
	struct record *r = small("well", false, results, 0);

	r->nodes[4] = r->nodes[5];
	r->node_count = 5;
	for (uint32_t i = 0; i < r->edge_count; i++)
		if (r->edges[i].to == 5)
			r->edges[i].to = 4;
	return r;
}

struct record *fixture_record_well(void)
{
	return without_lost(2);
}

struct record *fixture_record_single(void)
{
	return without_lost(1);
}

struct record *fixture_record_loop(void)
{
	struct record *r = small("loop", true, 2, 1);
	struct record_edge *e;

	/* 2 -B-> 6 -B-> 6: nothing follows but itself. */
	for (uint32_t i = 0; i < 2; i++) {
		e = &r->edges[r->edge_count++];
		*e = r->edges[1];
		e->from = i ? 6 : 2;
		e->to = 6;
	}
	r->nodes[6].outcome = RECORD_OPEN;
	r->node_count = 7;
	return r;
}

struct record *fixture_record_cut(void)
{
	struct record *r = small("cut", true, 2, 0);

	r->nodes[3].outcome = RECORD_CUT;
	r->nodes[5].outcome = RECORD_CUT;
	r->coverage = "within-bounds";
	r->is_whole = false;
	return r;
}
