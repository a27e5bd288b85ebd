/*
 * record_lattice.c - a record of the interleavings of toy threads.
 *
 * A toy thread adds to a word, reads one into its register, or waits until one
 * is great enough.  If all are done and A has read an odd number, that is
 * called a lost wake-up; if nobody can move, it is a deadlock.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/record_fixture.h"

#define THREADS 4u
#define WORDS 3u
#define OPS_MAX 14u
#define WALKS 2000u
#define OUTCOMES 40u
#define SWITCHES 64u
#define NOWHERE UINT32_MAX

enum op_kind {
	ADD,
	READ,
	AWAIT,
};

struct op {
	enum op_kind kind;
	unsigned int word, value;
};

struct state {
	uint8_t pc[THREADS], words[WORDS], reg[THREADS];
};

struct node {
	struct state state;
	uint32_t next[THREADS]; /* NOWHERE */
	uint32_t in; /* ways to it */
	uint32_t depth, number; /* in the record */
	uint32_t before; /* on the shortest way to it */
	int32_t end; /* outcome, or RECORD_OPEN, RECORD_CUT */
	bool is_shown;
};

struct lattice {
	struct record *r;
	uint64_t random;
	struct op ops[THREADS][OPS_MAX];
	unsigned int op_count;
	struct node *nodes;
	uint32_t count, max;
	uint32_t *table; /* of states */
	uint32_t table_size;
	uint64_t runs[OUTCOMES][SWITCHES];
};

static const char *const movers[THREADS] = {"A", "B", "W", "clock"};

static uint32_t next_random(struct lattice *l, uint32_t below)
{
	l->random = l->random * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(l->random >> 33) % below;
}

static void write_programs(struct lattice *l)
{
	for (unsigned int t = 0; t < THREADS; t++)
		for (unsigned int i = 0; i < l->op_count; i++) {
			struct op *op = &l->ops[t][i];
			uint32_t dice = next_random(l, 12);

			op->kind = dice < 2 ? ADD : dice < 11 ? READ : AWAIT;
			op->word = next_random(l, WORDS);
			op->value = 1 + next_random(l, 2);
		}
	/* The clock fires once or twice. */
	for (unsigned int i = 0; i < l->op_count; i++)
		l->ops[THREADS - 1][i].kind = i < 2 ? ADD : READ;
}

/* ---- states ------------------------------------------------------------ */

static bool can_move(const struct lattice *l, const struct state *s,
		     unsigned int t)
{
	const struct op *op = &l->ops[t][s->pc[t]];
	unsigned int ops = t == THREADS - 1 ? 2 : l->op_count;

	if (s->pc[t] >= ops)
		return false;
	return op->kind != AWAIT || s->words[op->word] >= op->value;
}

static struct state move(const struct lattice *l, struct state s,
			 unsigned int t)
{
	const struct op *op = &l->ops[t][s.pc[t]++];

	if (op->kind == ADD)
		s.words[op->word]++;
	else if (op->kind == READ && t == 0)
		s.reg[t] = s.words[op->word];
	return s;
}

/* Returns the node of @s, made if need be and if there is room. */
static uint32_t node_of(struct lattice *l, const struct state *s)
{
	uint32_t hash = 2166136261u, at;

	for (size_t i = 0; i < sizeof(*s); i++)
		hash = (hash ^ ((const uint8_t *)s)[i]) * 16777619u;
	for (at = hash % l->table_size; l->table[at] != NOWHERE;
	     at = (at + 1) % l->table_size)
		if (!memcmp(&l->nodes[l->table[at]].state, s, sizeof(*s)))
			return l->table[at];
	if (l->count == l->max)
		return NOWHERE;
	l->table[at] = l->count;
	l->nodes[l->count].state = *s;
	l->nodes[l->count].before = NOWHERE;
	memset(l->nodes[l->count].next, 0xff, sizeof(l->nodes[0].next));
	return l->count++;
}

static void end_node(struct lattice *l, struct node *n, bool is_cut)
{
	bool is_done = true;
	uint32_t verdicts = 0;

	for (unsigned int t = 0; t + 1 < THREADS; t++)
		is_done &= n->state.pc[t] == l->op_count;
	if (is_cut) {
		n->end = RECORD_CUT;
		return;
	}
	if (!is_done)
		verdicts = 1u << VERDICT_DEADLOCK;
	else if (n->state.reg[0] & 1)
		verdicts = 1u << VERDICT_LOST_WAKEUP;
	n->end = is_done ? n->state.reg[0] % 16 : 16 + n->state.reg[0] % 16;
	if (!l->r->outcomes[n->end].results) {
		l->r->outcomes[n->end].results =
			trace_format(l->r->memory, "A.r=%u", n->state.reg[0]);
		l->r->outcomes[n->end].verdicts = verdicts;
	}
}

/* Depth first, so that ends are there before the room is used up. */
static void explore(struct lattice *l)
{
	uint32_t *stack = calloc(l->max * THREADS + 1ul, sizeof(*stack));
	struct state start;
	uint32_t used = 0;

	memset(&start, 0, sizeof(start));
	stack[used++] = node_of(l, &start);
	while (used > 0) {
		struct node *n = &l->nodes[stack[--used]];
		bool is_cut = false, is_open = false;

		for (unsigned int t = 0; t < THREADS; t++) {
			uint32_t before = l->count, to;
			struct state s;

			if (!can_move(l, &n->state, t))
				continue;
			s = move(l, n->state, t);
			to = node_of(l, &s);
			n->next[t] = to;
			is_cut |= to == NOWHERE;
			if (to == NOWHERE)
				continue;
			is_open = true;
			l->nodes[to].in++;
			if (l->count > before)
				stack[used++] = to;
		}
		n->end = RECORD_OPEN;
		if (!is_open)
			end_node(l, n, is_cut);
	}
	free(stack);
}

/* ---- runs -------------------------------------------------------------- */

static void walk(struct lattice *l)
{
	uint32_t at = 0, switches = 0, preemptions = 0;
	unsigned int last = THREADS;
	struct record_outcome *o;

	while (l->nodes[at].end == RECORD_OPEN) {
		unsigned int t = next_random(l, THREADS);

		if (l->nodes[at].next[t] == NOWHERE)
			continue;
		if (last < THREADS && t != last) {
			switches++;
			preemptions += l->nodes[at].next[last] != NOWHERE;
		}
		last = t;
		at = l->nodes[at].next[t];
	}
	if (l->nodes[at].end < 0)
		return;
	o = &l->r->outcomes[l->nodes[at].end];
	switches = switches < SWITCHES ? switches : SWITCHES - 1;
	l->runs[l->nodes[at].end][switches]++;
	if (!o->runs || preemptions < o->preemptions)
		o->preemptions = preemptions;
	if (!o->runs || switches < o->switches)
		o->switches = switches;
	o->runs++;
	l->r->runs++;
}

/* Outcomes nobody came to keep no number; the others get new ones. */
static void number_outcomes(struct lattice *l)
{
	struct record *r = l->r;
	int32_t number[OUTCOMES];

	r->switches = trace_alloc(r->memory,
				  OUTCOMES * SWITCHES * sizeof(*r->switches));
	for (unsigned int i = 0; i < OUTCOMES; i++) {
		if (!r->outcomes[i].results)
			continue;
		for (uint32_t s = 0; s < SWITCHES; s++)
			if (l->runs[i][s])
				r->switches[r->switches_count++] =
					(struct record_switches){
						r->outcome_count, s,
						l->runs[i][s]};
		number[i] = (int32_t)r->outcome_count;
		r->outcomes[i].words = "F=1";
		r->outcomes[i].blocked = "";
		r->outcomes[i].is_expected = !r->outcomes[i].verdicts;
		r->outcomes[r->outcome_count++] = r->outcomes[i];
	}
	for (uint32_t n = 0; n < l->count; n++)
		if (l->nodes[n].end >= 0)
			l->nodes[n].end = number[l->nodes[n].end];
}

/* ---- the counterexample ------------------------------------------------ */

static void show_way(struct lattice *l, uint32_t to)
{
	l->r->counterexample = l->nodes[to].end;
	for (; to != NOWHERE; to = to ? l->nodes[to].before : NOWHERE)
		l->nodes[to].is_shown = true;
}

/* The shortest way to an end that is not well. */
static void find_counterexample(struct lattice *l)
{
	uint32_t *list = calloc(l->count, sizeof(*list)), done, count = 1;

	for (done = 0; done < count; done++) {
		struct node *n = &l->nodes[list[done]];

		if (n->end >= 0 && l->r->outcomes[n->end].verdicts) {
			show_way(l, list[done]);
			break;
		}
		for (unsigned int t = 0; t < THREADS; t++) {
			uint32_t to = n->next[t];

			if (to == NOWHERE || to == 0 ||
			    l->nodes[to].before != NOWHERE)
				continue;
			l->nodes[to].before = list[done];
			l->nodes[to].depth = n->depth + 1;
			list[count++] = to;
		}
	}
	free(list);
}

/* ---- the record -------------------------------------------------------- */

static unsigned int ways_from(const struct node *n)
{
	unsigned int count = 0;

	for (unsigned int t = 0; t < THREADS; t++)
		count += n->next[t] != NOWHERE;
	return count;
}

static bool is_on_a_chain(const struct lattice *l, uint32_t at)
{
	const struct node *n = &l->nodes[at];

	return at != 0 && n->end == RECORD_OPEN && n->in == 1 &&
	       ways_from(n) == 1;
}

static unsigned int only_mover(const struct node *n)
{
	unsigned int t = 0;

	while (n->next[t] == NOWHERE)
		t++;
	return t;
}

static const char *step_text(struct lattice *l, uint32_t at, unsigned int t)
{
	static const char *const names[] = {"add", "load", "await"};
	const struct op *op = &l->ops[t][l->nodes[at].state.pc[t]];

	return trace_format(l->r->memory, "%s w%u", names[op->kind], op->word);
}

static void add_step(struct lattice *l, struct record_edge *e, uint32_t at,
		     unsigned int t)
{
	const char *text = step_text(l, at, t);
	struct record_leg *leg = &e->legs[e->leg_count - 1];

	if (e->leg_count == 0 || strcmp(leg->mover, movers[t]) != 0) {
		leg = &e->legs[e->leg_count++];
		leg->mover = movers[t];
		leg->first = text;
	}
	leg->last = text;
	leg->steps++;
}

static void add_edge(struct lattice *l, uint32_t from, unsigned int t)
{
	struct record *r = l->r;
	struct record_edge *e = &r->edges[r->edge_count++];
	uint32_t at = from, to = l->nodes[from].next[t];

	e->from = l->nodes[from].number;
	e->legs = trace_alloc(r->memory, (4 * OPS_MAX + 1) * sizeof(*e->legs));
	e->is_counterexample = l->nodes[from].is_shown &&
			       l->nodes[to].is_shown &&
			       l->nodes[to].before == from;
	for (;;) {
		add_step(l, e, at, t);
		r->moves++;
		if (!is_on_a_chain(l, to))
			break;
		at = to;
		t = only_mover(&l->nodes[at]);
		to = l->nodes[at].next[t];
	}
	e->to = l->nodes[to].number;
}

static void make_graph(struct lattice *l)
{
	struct record *r = l->r;

	r->nodes = trace_alloc(r->memory, l->count * sizeof(*r->nodes));
	r->edges =
		trace_alloc(r->memory, l->count * THREADS * sizeof(*r->edges));
	for (uint32_t n = 0; n < l->count; n++) {
		if (is_on_a_chain(l, n))
			continue;
		l->nodes[n].number = r->node_count;
		r->nodes[r->node_count].outcome = l->nodes[n].end;
		r->nodes[r->node_count++].depth = l->nodes[n].depth;
	}
	for (uint32_t n = 0; n < l->count; n++)
		for (unsigned int t = 0; t < THREADS; t++)
			if (!is_on_a_chain(l, n) &&
			    l->nodes[n].next[t] != NOWHERE)
				add_edge(l, n, t);
	r->states = l->count;
}

struct record *fixture_record_lattice(uint64_t seed, uint32_t states)
{
	struct lattice l = {.r = record_new(), .random = seed, .max = states};
	struct record *r = l.r;

	l.op_count = states > 1000 ? 12 : 7;
	l.nodes = calloc(states, sizeof(*l.nodes));
	l.table_size = states * 3 + 7;
	l.table = malloc(l.table_size * sizeof(*l.table));
	memset(l.table, 0xff, l.table_size * sizeof(*l.table));
	r->outcomes = trace_alloc(r->memory, OUTCOMES * sizeof(*r->outcomes));
	r->scenario = trace_format(r->memory, "lattice-%u", states);
	r->schedule = "";
	r->profile = "toy";
	r->digest = "0123456789abcdef0123456789abcdef";
	r->strategy = "dfs";
	r->granularity = "kernel";
	r->coverage = "within-bounds";
	r->states_are_merged = true;
	write_programs(&l);
	explore(&l);
	for (uint32_t i = 0; i < WALKS; i++)
		walk(&l);
	number_outcomes(&l);
	find_counterexample(&l);
	make_graph(&l);
	free(l.nodes);
	free(l.table);
	return r;
}
