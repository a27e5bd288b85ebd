/*
 * search_record_shown.c - the counterexample's way through the graph.
 *
 * The run that is reported was made smaller when the search was over, and may
 * be none of those that the search has made: it is run once more, and what is
 * new on its way is added.
 *
 * A search that looks for classes of runs has seen little of what could have
 * happened instead.  So from each state on the way everybody else who can move
 * does, and then whoever comes next.  These runs are not counted, and none of
 * them is new: each is equivalent to one that was made.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_explain.h"
#include "sim/search/search_record_graph.h"

/* Steps of runs that show what else could have happened. */
#define STEPS_INSTEAD_MAX 500000u

/* What the list has may be of any strategy, what is tried is of this one. */
static void begin_run(struct search *s)
{
	s->is_following = !s->seen->spine || s->seen->follow_count;
}

/* Who can move, and has not been followed from there; or NO_MOVER. */
static uint16_t choose_another(const struct search *s, const struct choices *c)
{
	const struct seen *r = s->seen;
	uint16_t mover = choices_next(c, s->thread_count, 0);

	while (mover != NO_MOVER &&
	       (mover == r->followed->items[s->depth] ||
		ways_has_move(&r->ways, r->spine[s->depth], mover)))
		mover = choices_next(c, s->thread_count, (uint16_t)(mover + 1));
	return mover;
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	struct seen *r = s->seen;
	uint16_t mover;

	if (s->depth < r->follow_count) {
		mover = r->followed->items[s->depth];
		if (r->spine && s->depth + 1 == r->follow_count)
			s->is_following = false;
		if (choices_have(c, s->thread_count, mover))
			return mover;
		s->end = RUN_DIVERGED;
		return NO_MOVER;
	}
	if (!r->spine)
		return NO_MOVER;
	if (s->depth > r->follow_count)
		return search_default(s, c);
	r->instead = choose_another(s, c);
	return r->instead;
}

static const struct strategy_ops shown_ops = {
	.begin_run = begin_run,
	.choose = choose,
};

/* A machine that knows nothing of the runs before. */
static void follow(struct search *s, const struct movers *list)
{
	s->seen->followed = list;
	s->seen->follow_count = list->count;
	s->ops = &shown_ops;
	s->is_symmetric = false;
	s->repeated = 0;
	s->save_count = 0;
	sim_fini(&s->sim);
	sim_init(&s->sim);
	search_run_once(s);
}

/* ---- a way that comes back --------------------------------------------- */

/* The counterexample, while other runs are made. */
struct shown_way {
	const struct movers *list;
	uint32_t *places;
	uint32_t *ways_on;
	uint32_t *labels_on;
	uint32_t count;
};

static uint32_t *copy_of(const uint32_t *from, uint32_t count)
{
	uint32_t *to = malloc((count + 1ul) * sizeof(*to));

	if (!to)
		abort();
	if (count)
		memcpy(to, from, count * sizeof(*to));
	return to;
}

static struct shown_way keep_way(const struct seen *r,
				 const struct movers *list, uint32_t count)
{
	return (struct shown_way){
		.list = list,
		.places = copy_of(r->places, count),
		.ways_on = copy_of(r->ways_on, count),
		.labels_on = copy_of(r->labels_on, count),
		.count = count,
	};
}

static void drop_way(struct shown_way *way)
{
	free(way->places);
	free(way->ways_on);
	free(way->labels_on);
}

/* The first depth at which the way is where it was before; its length. */
static uint32_t find_return(const struct seen *r, const struct shown_way *way)
{
	bool *is_seen = calloc(r->ways.state_count + 1ul, 1);
	uint32_t i;

	if (!is_seen)
		abort();
	for (i = 0; i < way->count && !is_seen[way->places[i]]; i++)
		is_seen[way->places[i]] = true;
	free(is_seen);
	return i;
}

/* The state at @depth once more, with what else can follow it. */
static uint32_t copy_state(struct seen *r, const struct shown_way *way,
			   uint32_t depth)
{
	/* No hash of a state is like that. */
	const uint64_t hash[2] = {UINT64_C(0x165667b19e3779f9) * (depth + 1),
				  UINT64_MAX};
	struct state_ways *w = &r->ways;
	uint32_t from = way->places[depth], m, to;
	uint32_t place = ways_state(w, hash, depth);

	if (place == NOWHERE_YET)
		return place;
	w->states[place].choices = w->states[from].choices;
	for (m = w->states[from].first_move; m; m = w->moves[m - 1].next) {
		to = w->moves[m - 1].to;
		if (w->moves[m - 1].mover != way->list->items[depth] &&
		    !w->states[to].is_stop)
			ways_move(w, place, to, w->moves[m - 1].mover,
				  w->moves[m - 1].label);
	}
	return place;
}

/*
 * The way's end, without the last move to it.  A run that was stopped has an
 * end of its own, for the state itself goes on.
 */
static uint32_t take_end(struct seen *r, const struct shown_way *way)
{
	/* No hash of a state is like that. */
	const uint64_t hash[2] = {UINT64_C(0x165667b19e3779f9), UINT64_MAX - 1};
	uint32_t last = way->ways_on[way->count - 1], place;
	struct state_ways *w = &r->ways;
	uint32_t end = w->moves[last].to;

	if (!w->states[end].is_stop)
		return end;
	if (!w->moves[last].runs) {
		ways_remove(w, way->places[way->count - 1], last);
		return end;
	}
	place = ways_state(w, hash, way->count);
	if (place != NOWHERE_YET) {
		w->states[place].ending = w->states[end].ending;
		w->states[place].is_stop = true;
	}
	return place;
}

/*
 * Where the run comes back to a state it goes on beside the graph: there is one
 * way from the start to its end, with all its steps.  Returns whether there was
 * room.
 */
static bool unroll(struct seen *r, struct shown_way *way)
{
	uint32_t first = find_return(r, way), i, to, end;

	if (first == way->count)
		return true;
	end = take_end(r, way);
	for (i = first; i <= way->count; i++) {
		to = i < way->count ? copy_state(r, way, i) : end;
		if (to == NOWHERE_YET)
			return false;
		way->ways_on[i - 1] = ways_move(&r->ways, way->places[i - 1],
						to, way->list->items[i - 1],
						way->labels_on[i - 1]);
		if (way->ways_on[i - 1] == NOWHERE_YET)
			return false;
		if (i < way->count)
			way->places[i] = to;
	}
	return true;
}

static void mark(struct seen *r, const struct shown_way *way)
{
	uint32_t i;

	for (i = 0; i < way->count; i++)
		r->ways.moves[way->ways_on[i]].is_shown = true;
}

/* ---- the step that decides --------------------------------------------- */

static bool is_of_rest(enum verdict_kind kind)
{
	return kind != VERDICT_LIVELOCK && kind != VERDICT_STEP_LIMIT;
}

/*
 * Both states of it are nodes.  What the bound on steps has ended may have
 * passed: then nothing is sure.
 */
static void explain(struct search *s, struct search_result *result,
		    const struct shown_way *way, enum verdict_kind kind)
{
	struct state_ways *w = &s->seen->ways;
	struct explanation *e;

	if (!s->request->explain_runs)
		return;
	e = arena_alloc(&result->arena, sizeof(*e));
	if (search_explain(s->request, way->list, s->request->explain_runs,
			   &result->arena, e))
		return;
	result->explanation = e;
	if (e->end != EXPLAIN_STEP || e->was_cut || !is_of_rest(kind) ||
	    e->failing.count != way->count)
		return;
	s->seen->record->decisive = e->certain;
	w->states[way->places[e->possible]].is_kept = true;
	w->states[w->moves[way->ways_on[e->possible]].to].is_kept = true;
}

static bool is_in_graph(const struct seen *r, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (r->ways_on[i] == NOWHERE_YET)
			return false;
	}
	return true;
}

/* As search_conclude chooses. */
static const struct outcome *first_of(const struct search_result *r,
				      enum verdict_kind kind)
{
	const struct outcome *best = NULL, *o;
	uint32_t i;

	for (i = 0; i < r->outcome_count; i++) {
		o = &r->outcomes[i];
		if (o->verdicts >> kind & 1 &&
		    (!best || o->preemptions < best->preemptions))
			best = o;
	}
	return best;
}

/* Which outcome the run that was made has, or one of its kind. */
static uint32_t outcome_of(struct search *s, const struct search_result *result,
			   enum verdict_kind kind)
{
	const struct outcome *best = first_of(result, kind);
	uint32_t i, ending;

	if (s->end == RUN_AT_REST && endings_find(&s->endings, s, &ending)) {
		for (i = 0; i < result->outcome_count; i++) {
			if (result->outcomes[i].number == ending)
				return i;
		}
	}
	if (s->end == RUN_AT_REST)
		return result->outcome_count;
	return best ? (uint32_t)(best - result->outcomes)
		    : result->outcome_count;
}

/* Returns whether there was somebody to be tried at @depth, and he moved. */
static bool try_another(struct search *s, uint32_t depth)
{
	uint32_t ending;

	s->seen->follow_count = depth;
	s->seen->instead = NO_MOVER;
	search_run_once(s);
	if (s->seen->instead == NO_MOVER)
		return false;
	if (s->end != RUN_CUT_OFF && s->end != RUN_DIVERGED &&
	    endings_find(&s->endings, s, &ending))
		seen_end(s->seen, s, ending);
	return ways_has_move(&s->seen->ways, s->seen->spine[depth],
			     s->seen->instead);
}

/* The last ones first: there it is decided. */
static void try_others(struct search *s, uint32_t count)
{
	const struct movers *prefix = s->request->prefix;
	struct seen *r = s->seen;
	size_t size = count * sizeof(*r->spine);
	uint32_t first = prefix ? prefix->count : 0;
	uint64_t steps = 0;

	if (!count)
		return;
	r->spine = malloc(size);
	if (!r->spine)
		abort();
	memcpy(r->spine, r->places, size);
	s->has_patient_locks = search_has_patience(s, s->strategy);
	s->is_symmetric = r->is_symmetric;
	while (count-- > first && steps < STEPS_INSTEAD_MAX) {
		while (try_another(s, count))
			steps += s->depth;
		steps += s->depth;
	}
	free(r->spine);
	r->spine = NULL;
}

/* Returns whether the run of @list leads to one of the outcomes. */
static bool show(struct search *s, struct search_result *result,
		 const struct movers *list, enum verdict_kind kind)
{
	struct seen *r = s->seen;
	struct shown_way way;
	uint32_t outcome;
	bool has_room;

	follow(s, list);
	if (s->end == RUN_DIVERGED || s->depth < list->count)
		return false;
	outcome = outcome_of(s, result, kind);
	if (outcome == result->outcome_count)
		return false;
	seen_end(r, s, result->outcomes[outcome].number);
	if (!is_in_graph(r, s->depth))
		return false;
	way = keep_way(r, list, s->depth);
	if (result->coverage == COVERAGE_EXHAUSTIVE)
		try_others(s, s->depth);
	has_room = unroll(r, &way);
	if (has_room) {
		mark(r, &way);
		r->record->counterexample = (int32_t)outcome;
		explain(s, result, &way, kind);
	}
	drop_way(&way);
	return has_room;
}

void seen_show(struct search *s, struct search_result *result)
{
	struct seen *r = s->seen;
	const struct search_verdict *v = NULL;
	uint32_t i;

	for (i = 0; i < result->verdict_count && !v; i++) {
		if (result->verdicts[i].movers.items)
			v = &result->verdicts[i];
	}
	if (!v)
		return;
	r->is_symmetric = s->is_symmetric;
	r->ways.states_max = RECORD_NODES_MAX;
	r->ways.moves_max = RECORD_EDGES_MAX;
	/* What is smaller may end otherwise: then the run that was seen. */
	if (!show(s, result, &v->movers, v->kind))
		show(s, result, &first_of(result, v->kind)->movers, v->kind);
}
