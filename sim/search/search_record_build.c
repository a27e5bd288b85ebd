/*
 * search_record_build.c - from what a search saw to its record.
 *
 * Ways without a choice become one edge.  States and moves stay in the order in
 * which they were found.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/base/version.h"
#include "sim/loader/explore_names.h"
#include "sim/run/names.h"
#include "sim/search/search_record_graph.h"

struct builder {
	struct seen *seen;
	struct record *record;
	const struct search *s;
	const struct search_result *result;
	uint32_t *outcomes; /* [ending] which outcome it became */
	uint32_t *nodes; /* [state] which node it becomes, or NOWHERE_YET */
	const char **movers; /* [mover] its name */
	uint16_t *trail; /* scratch: movers and labels of an edge */
	uint32_t *labels;
	uint32_t room;
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- texts ------------------------------------------------------------- */

static const char *text_of(struct builder *b, const char *text)
{
	return text ? trace_string(b->record->memory, text) : NULL;
}

static const char *join(struct builder *b, FILE *out, char **text)
{
	const char *copy;

	fclose(out);
	copy = trace_string(b->record->memory, *text);
	free(*text);
	return copy;
}

static FILE *begin_text(char **text, size_t *size)
{
	return checked(open_memstream(text, size));
}

static const char *values_text(struct builder *b, const struct search_value *v,
			       uint32_t count)
{
	char buf[RESULT_TEXT_MAX], *text;
	size_t size;
	FILE *out = begin_text(&text, &size);
	uint32_t i;

	for (i = 0; i < count; i++)
		fprintf(out, "%s%s=%s", i ? " " : "", v[i].name,
			v[i].is_set ? result_text(v[i].value, buf) : "-");
	return join(b, out, &text);
}

static const char *blocked_text(struct builder *b, const struct outcome *o)
{
	char *text;
	size_t size;
	FILE *out = begin_text(&text, &size);
	uint32_t i;

	for (i = 0; i < o->blocked_count; i++)
		fprintf(out, "%s%s", i ? ", " : "", o->blocked[i]);
	return join(b, out, &text);
}

static const char *digest_text(struct builder *b)
{
	const struct scenario *s = b->s->scenario;
	XXH128_hash_t h = XXH3_128bits(s->source, s->source_size);

	return trace_format(b->record->memory, "%016llx%016llx",
			    (unsigned long long)h.high64,
			    (unsigned long long)h.low64);
}

static void name_movers(struct builder *b)
{
	struct trace *memory = b->record->memory;
	uint32_t n = b->s->thread_count, i;

	b->movers = checked(calloc(3 * n + 2ul, sizeof(*b->movers)));
	for (i = 0; i < n; i++) {
		const char *name = b->s->scenario->threads[i].name;

		b->movers[i] = trace_string(memory, name);
		b->movers[mover_number(n, MOVER_IS_SIGNAL, i)] =
			trace_format(memory, "signal to %s", name);
		b->movers[mover_number(n, MOVER_IS_SPURIOUS, i)] =
			trace_format(memory, "spurious to %s", name);
	}
	b->movers[mover_number(n, MOVER_IS_CLOCK, 0)] = "clock";
	b->movers[mover_number(n, MOVER_IS_END, 0)] = "end";
}

/* ---- outcomes ---------------------------------------------------------- */

/* Kinds of verdicts that the scenario expects, as bits. */
static uint32_t expected_kinds(const struct search_result *r)
{
	uint32_t i, bits = 0;

	for (i = 0; i < r->verdict_count; i++) {
		if (r->verdicts[i].is_expected)
			bits |= UINT32_C(1) << r->verdicts[i].kind;
	}
	return bits;
}

static void put_outcome(struct builder *b, uint32_t index)
{
	const struct outcome *from = &b->result->outcomes[index];
	struct record_outcome *o = &b->record->outcomes[index];

	b->outcomes[from->number] = index;
	*o = (struct record_outcome){
		.results =
			values_text(b, from->results, b->result->result_count),
		.words = values_text(b, from->words, b->result->word_count),
		.blocked = blocked_text(b, from),
		.verdicts = from->verdicts,
		.is_expected = !(from->verdicts & ~expected_kinds(b->result)),
		.runs = from->runs,
		.preemptions = from->preemptions,
	};
}

/* Returns how many numbers of switches there are; puts them at @to. */
static uint32_t put_switches(struct builder *b, uint32_t index,
			     struct record_switches *to)
{
	uint32_t ending = b->result->outcomes[index].number, i, count = 0;
	const struct switch_counts *c = &b->seen->switches[ending];

	for (i = 0; i < c->room; i++) {
		if (!c->runs[i])
			continue;
		if (to)
			to[count] =
				(struct record_switches){index, i, c->runs[i]};
		if (to && !count)
			b->record->outcomes[index].switches = i;
		count++;
	}
	return count;
}

static void put_outcomes(struct builder *b)
{
	struct record *r = b->record;
	uint32_t i, count = b->result->outcome_count, at = 0;

	r->outcome_count = count;
	r->outcomes = trace_alloc(r->memory, count * sizeof(*r->outcomes));
	b->outcomes = checked(calloc(count + 1ul, sizeof(*b->outcomes)));
	for (i = 0; i < count; i++) {
		put_outcome(b, i);
		r->switches_count += put_switches(b, i, NULL);
	}
	r->switches = trace_alloc(r->memory,
				  r->switches_count * sizeof(*r->switches));
	for (i = 0; i < count; i++)
		at += put_switches(b, i, r->switches + at);
}

/* ---- nodes ------------------------------------------------------------- */

static bool is_node(const struct state_ways *w, uint32_t index)
{
	const struct way_state *state = &w->states[index];

	return !index || state->ending || state->is_kept ||
	       state->ways_in != 1 || !state->first_move ||
	       state->first_move != state->last_move;
}

static int32_t outcome_of(const struct builder *b,
			  const struct way_state *state)
{
	if (state->ending)
		return (int32_t)b->outcomes[state->ending - 1];
	return state->first_move ? RECORD_OPEN : RECORD_CUT;
}

static void put_nodes(struct builder *b)
{
	const struct state_ways *w = &b->seen->ways;
	struct record *r = b->record;
	uint32_t i;

	b->nodes = checked(malloc((w->state_count + 1ul) * sizeof(*b->nodes)));
	for (i = 0; i < w->state_count; i++)
		b->nodes[i] = is_node(w, i) ? r->node_count++ : NOWHERE_YET;
	r->nodes = trace_alloc(r->memory, r->node_count * sizeof(*r->nodes));
	for (i = 0; i < w->state_count; i++) {
		if (b->nodes[i] == NOWHERE_YET)
			continue;
		r->nodes[b->nodes[i]] = (struct record_node){
			.outcome = outcome_of(b, &w->states[i]),
			.depth = w->states[i].depth,
		};
	}
}

/* ---- edges ------------------------------------------------------------- */

static void note_step(struct builder *b, uint32_t count,
		      const struct way_move *move)
{
	if (count == b->room) {
		b->room = b->room ? 2 * b->room : 256;
		b->trail =
			checked(realloc(b->trail, b->room * sizeof(*b->trail)));
		b->labels = checked(
			realloc(b->labels, b->room * sizeof(*b->labels)));
	}
	b->trail[count] = move->mover;
	b->labels[count] = move->label;
}

/* Steps of one mover in a row are one leg. */
static void put_legs(struct builder *b, uint32_t count, struct record_edge *e)
{
	const char **labels = b->seen->labels;
	struct record_leg *leg;
	uint32_t i;

	for (i = 0; i < count; i++)
		e->leg_count += !i || b->trail[i] != b->trail[i - 1];
	e->legs =
		trace_alloc(b->record->memory, e->leg_count * sizeof(*e->legs));
	leg = e->legs - 1;
	for (i = 0; i < count; i++) {
		if (!i || b->trail[i] != b->trail[i - 1])
			*++leg = (struct record_leg){
				.mover = b->movers[b->trail[i]],
				.first = labels[b->labels[i]],
			};
		leg->last = labels[b->labels[i]];
		leg->steps++;
	}
}

/* From a state that is a node to the next one that is. */
static void put_edge(struct builder *b, uint32_t state,
		     const struct way_move *move, struct record_edge *e)
{
	const struct state_ways *w = &b->seen->ways;
	const struct way_move *step = move;
	uint32_t count = 0;

	note_step(b, count++, step);
	while (b->nodes[step->to] == NOWHERE_YET) {
		step = &w->moves[w->states[step->to].first_move - 1];
		note_step(b, count++, step);
	}
	*e = (struct record_edge){
		.from = b->nodes[state],
		.to = b->nodes[step->to],
		.runs = move->runs,
		.is_counterexample = move->is_shown,
	};
	put_legs(b, count, e);
}

static uint32_t count_edges(const struct builder *b)
{
	const struct state_ways *w = &b->seen->ways;
	uint32_t i, m, count = 0;

	for (i = 0; i < w->state_count; i++) {
		for (m = w->states[i].first_move;
		     m && b->nodes[i] != NOWHERE_YET; m = w->moves[m - 1].next)
			count++;
	}
	return count;
}

static void put_edges(struct builder *b)
{
	const struct state_ways *w = &b->seen->ways;
	struct record *r = b->record;
	uint32_t i, m;

	r->edges = trace_alloc(r->memory, count_edges(b) * sizeof(*r->edges));
	for (i = 0; i < w->state_count; i++) {
		if (b->nodes[i] == NOWHERE_YET)
			continue;
		for (m = w->states[i].first_move; m; m = w->moves[m - 1].next)
			put_edge(b, i, &w->moves[m - 1],
				 &r->edges[r->edge_count++]);
	}
}

/* ---- the whole --------------------------------------------------------- */

/* Was everybody who could move in a state followed from there? */
static bool is_whole(const struct builder *b)
{
	const struct state_ways *w = &b->seen->ways;
	const struct way_state *state;
	uint32_t i, m, count;

	if (b->result->coverage != COVERAGE_EXHAUSTIVE || w->is_full)
		return false;
	for (i = 0; i < w->state_count; i++) {
		state = &w->states[i];
		count = 0;
		for (m = state->first_move; m; m = w->moves[m - 1].next)
			count++;
		if (count < state->choices)
			return false;
	}
	return true;
}

static void put_header(struct builder *b)
{
	const struct search_request *q = b->s->request;
	const struct search_result *result = b->result;
	struct record *r = b->record;

	r->scenario = text_of(b, q->scenario->name);
	r->title = text_of(b, q->scenario->title);
	r->schedule = text_of(b, q->schedule ? q->schedule->name : "");
	r->profile = text_of(b, q->profile);
	r->digest = digest_text(b);
	r->tool = FUTEXSIM_VERSION;
	r->strategy = strategy_name(result->strategy);
	r->granularity = granularity_name(result->granularity);
	r->coverage = coverage_name(result->coverage);
	r->runs = result->runs;
	r->states = b->seen->ways.state_count;
	r->moves = b->seen->ways.move_count - b->seen->ways.gone;
	r->states_are_merged = true;
	r->is_truncated = b->seen->ways.is_full;
	r->is_whole = is_whole(b);
}

void seen_build(struct seen *seen, const struct search *s,
		const struct search_result *result)
{
	struct builder b = {
		.seen = seen,
		.record = seen->record,
		.s = s,
		.result = result,
	};

	put_header(&b);
	name_movers(&b);
	put_outcomes(&b);
	put_nodes(&b);
	put_edges(&b);
	free(b.outcomes);
	free(b.nodes);
	free(b.movers);
	free(b.trail);
	free(b.labels);
}
