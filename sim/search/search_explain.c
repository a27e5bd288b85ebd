/*
 * search_explain.c - which step of a run made its failure certain.
 *
 * Backwards from the end, in strides that double, every run that begins as the
 * failing one does is made, up to equivalence, until one passes; then the
 * stretch between is halved.  The end of a run leaves little to be tried, and
 * where something passes it is mostly found at once.
 */
#include "sim/search/search_explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_guide.h"

enum probe {
	PROBE_PASSES,
	PROBE_FAILS,
	PROBE_UNKNOWN,
};

struct explainer {
	struct guide guide;
	struct explanation *e;
	struct movers draft;
	struct arena *arena;
	uint32_t preemptions; /* of the passing run */
	uint32_t steps;
};

/* ---- a run that passes ------------------------------------------------- */

/* How many movers two runs have in common before they part. */
static uint32_t shared(const struct movers *a, const struct movers *b)
{
	uint32_t i = 0;

	while (i < a->count && i < b->count && a->items[i] == b->items[i])
		i++;
	return i;
}

/* The longer they go together the nearer; then what is easier to follow. */
static bool is_nearer(const struct explainer *x, uint32_t common)
{
	const struct search *s = &x->guide.search;

	if (!x->e->has_passing || common != x->e->possible)
		return !x->e->has_passing || common > x->e->possible;
	if (s->preemptions != x->preemptions)
		return s->preemptions < x->preemptions;
	return s->sim.step_count < x->steps;
}

/* Returns whether the run just made passes. */
static bool note(struct explainer *x)
{
	struct movers trail = guide_trail(&x->guide);
	uint32_t common = shared(&trail, &x->e->failing);

	x->e->was_cut |= x->guide.search.end == RUN_AT_LIMIT;
	if (!guide_has_passed(&x->guide))
		return false;
	if (is_nearer(x, common)) {
		x->e->has_passing = true;
		x->e->possible = common;
		x->e->passing = movers_copy(&trail, x->arena);
		x->preemptions = x->guide.search.preemptions;
		x->steps = x->guide.search.sim.step_count;
	}
	return true;
}

static bool has_passed(struct guide *g, void *arg)
{
	(void)g;
	return note(arg);
}

/* ---- what to try first ------------------------------------------------- */

static void put(struct explainer *x, uint32_t from, uint32_t end)
{
	memcpy(x->draft.items + x->draft.count, x->e->failing.items + from,
	       (end - from) * sizeof(*x->draft.items));
	x->draft.count += end - from;
}

static bool follow(struct explainer *x)
{
	if (!guide_has_budget(&x->guide))
		return false;
	guide_follow(&x->guide, &x->draft);
	return note(x);
}

/* Somebody else moves, and the rest goes on as it did, or as it likes. */
static bool try_another(struct explainer *x, uint32_t count, uint16_t mover)
{
	bool has_any;

	x->draft.count = 0;
	put(x, 0, count);
	x->draft.items[x->draft.count++] = mover;
	has_any = follow(x);
	put(x, count, x->e->failing.count);
	return follow(x) || has_any;
}

/* Returns whether one of the runs that come to mind passes. */
static bool try_others(struct explainer *x, uint32_t count)
{
	uint32_t threads = x->guide.search.thread_count;
	struct choices choices;
	bool has_any;
	uint16_t mover;

	x->guide.looked_at = count;
	x->draft.count = 0;
	put(x, 0, count);
	has_any = follow(x);
	choices = x->guide.seen;
	for (mover = choices_next(&choices, threads, 0); mover != NO_MOVER;
	     mover = choices_next(&choices, threads, (uint16_t)(mover + 1))) {
		if (mover != x->e->failing.items[count])
			has_any |= try_another(x, count, mover);
	}
	return has_any;
}

/* ---- searching --------------------------------------------------------- */

/* Half of what is left, so that there is something for the next one. */
static uint64_t share(const struct explainer *x)
{
	return (x->guide.runs_max - x->guide.runs + 1) / 2;
}

/* Does any run that begins with the first @count movers pass? */
static enum probe probe(struct explainer *x, uint32_t count)
{
	if (try_others(x, count))
		return PROBE_PASSES;
	if (!guide_has_budget(&x->guide))
		return PROBE_UNKNOWN;
	switch (guide_search(&x->guide, &x->e->failing, count, STRATEGY_DPOR,
			     NO_BOUND, share(x), has_passed, x)) {
	case GUIDE_FOUND:
		return PROBE_PASSES;
	case GUIDE_ALL:
		return PROBE_FAILS;
	case GUIDE_SPENT:
		break;
	}
	return PROBE_UNKNOWN;
}

/* Back from the end until something passes, or there is nothing before. */
static void go_back(struct explainer *x)
{
	uint32_t at = x->e->certain, stride = 1;

	while (at && !x->e->has_passing) {
		at = at > stride ? at - stride : 0;
		stride *= 2;
		if (probe(x, at) == PROBE_FAILS)
			x->e->certain = at;
	}
}

/* Where the budget does not reach, what is shorter is left alone as well. */
static void halve(struct explainer *x)
{
	uint32_t low = x->e->possible, middle;

	while (x->e->certain > low + 1) {
		middle = low + (x->e->certain - low) / 2;
		if (probe(x, middle) == PROBE_FAILS)
			x->e->certain = middle;
		else
			low = middle;
		if (low < x->e->possible)
			low = x->e->possible;
	}
}

/* ---- the whole --------------------------------------------------------- */

static int explain(struct explainer *x, const struct movers *failing)
{
	struct explanation *e = x->e;
	struct movers trail;

	guide_follow(&x->guide, failing);
	if (!guide_is_whole(&x->guide) || guide_has_passed(&x->guide))
		return -EINVAL;
	trail = guide_trail(&x->guide);
	e->failing = movers_copy(&trail, x->arena);
	e->certain = trail.count;
	x->draft.items = arena_alloc(x->arena, (trail.count + 1) *
						       sizeof(*x->draft.items));
	go_back(x);
	if (e->has_passing) {
		halve(x);
		if (e->certain == e->possible + 1)
			try_others(x, e->possible);
	}
	return 0;
}

static enum explain_end end_of(const struct explanation *e)
{
	if (e->has_passing)
		return e->certain == e->possible + 1 ? EXPLAIN_STEP
						     : EXPLAIN_SPENT;
	return e->certain ? EXPLAIN_SPENT : EXPLAIN_NEVER;
}

int search_explain(const struct search_request *request,
		   const struct movers *failing, uint64_t budget,
		   struct arena *arena, struct explanation *explanation)
{
	struct explainer *x = calloc(1, sizeof(*x));
	struct search_request r = *request;
	int error;

	if (!x)
		abort();
	/* Who begins first is given: threads are not renamed. */
	r.has_symmetry = false;
	*explanation = (struct explanation){0};
	x->e = explanation;
	x->arena = arena;
	error = guide_init(&x->guide, &r, budget);
	if (!error) {
		error = explain(x, failing);
		explanation->runs = x->guide.runs;
		explanation->end = end_of(explanation);
		guide_fini(&x->guide);
	}
	free(x);
	return error;
}
