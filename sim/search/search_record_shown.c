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

/* A way that comes back to where it was goes on from there at once. */
static void mark(struct seen *r, uint32_t count)
{
	struct state_ways *w = &r->ways;
	uint32_t *left = calloc(w->state_count + 1ul, sizeof(*left)), i, at;

	if (!left)
		abort();
	/* The last time that the way leaves each state. */
	for (i = 0; i < count; i++)
		left[r->places[i]] = r->ways_on[i] + 1;
	for (at = 0; left[at]; at = w->moves[left[at] - 1].to)
		w->moves[left[at] - 1].is_shown = true;
	free(left);
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
static bool show(struct search *s, const struct search_result *result,
		 const struct movers *list, enum verdict_kind kind)
{
	struct seen *r = s->seen;
	uint32_t outcome;

	follow(s, list);
	if (s->end == RUN_DIVERGED || s->depth < list->count)
		return false;
	outcome = outcome_of(s, result, kind);
	if (outcome == result->outcome_count)
		return false;
	seen_end(r, s, result->outcomes[outcome].number);
	if (!is_in_graph(r, s->depth))
		return false;
	mark(r, s->depth);
	r->record->counterexample = (int32_t)outcome;
	if (result->coverage == COVERAGE_EXHAUSTIVE)
		try_others(s, s->depth);
	return true;
}

void seen_show(struct search *s, const struct search_result *result)
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
