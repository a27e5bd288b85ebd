/*
 * search_minimize.c - a run of the same kind of verdict that a reader follows
 * more easily: as few preemptions as can be, then as few steps.
 *
 * Two ways to it.  Small changes of the list that is known, each tried by one
 * run: what a thread did in two parts is put together, parts are left out.
 * Then every run within a bound on preemptions, for bounds that are smaller:
 * what is not found there is ruled out.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_guide.h"
#include "sim/search/search_lasso.h"

/* The part of the budget for the last pass, which can only save steps. */
#define STEPS_PASS_PART 4u
/* How much longer a changed run may get before it is given up. */
#define STEPS_FACTOR 4u
#define STEPS_SLACK 1000u

struct minimizer {
	struct guide guide;
	enum verdict_kind kind;
	struct movers given;
	uint32_t base; /* movers of it that stay */
	struct movers best;
	uint32_t room; /* of best and draft each */
	uint32_t preemptions;
	uint32_t steps;
	struct movers draft; /* what is tried next */
	bool is_changed; /* best is not what was given */
	bool goes_round; /* it ends where a fair cycle closes */
};

/* ---- the best so far --------------------------------------------------- */

static void make_room(struct minimizer *m, uint32_t count)
{
	if (count < m->room)
		return;
	m->room = 2 * count + 1;
	m->best.items =
		realloc(m->best.items, m->room * sizeof(*m->best.items));
	m->draft.items =
		realloc(m->draft.items, m->room * sizeof(*m->draft.items));
	if (!m->best.items || !m->draft.items)
		abort();
}

/* What it takes of the run just made to show the verdict. */
static uint32_t steps_of(const struct minimizer *m)
{
	const struct search *s = &m->guide.search;

	return m->goes_round ? s->lasso.steps : s->sim.step_count;
}

static void take(struct minimizer *m)
{
	const struct search *s = &m->guide.search;
	uint32_t depth = m->goes_round ? s->lasso.depth : s->depth;

	make_room(m, depth);
	memcpy(m->best.items, s->trail, depth * sizeof(*s->trail));
	m->best.count = depth;
	m->preemptions = s->preemptions;
	m->steps = steps_of(m);
}

static bool has_kind(const struct minimizer *m)
{
	return guide_is_whole(&m->guide) &&
	       (!m->goes_round || m->guide.search.lasso.depth) &&
	       guide_kinds(&m->guide) >> m->kind & 1;
}

/* Of two that are as good the one that is known stays. */
static bool is_better(const struct minimizer *m)
{
	const struct search *s = &m->guide.search;

	if (!has_kind(m))
		return false;
	if (s->preemptions != m->preemptions)
		return s->preemptions < m->preemptions;
	return steps_of(m) < m->steps;
}

static bool take_if_better(struct minimizer *m)
{
	if (!is_better(m))
		return false;
	take(m);
	m->is_changed = true;
	return true;
}

/* ---- blocks ------------------------------------------------------------ */

/* What one mover does in a row: [first, end). */
struct block {
	uint32_t first;
	uint32_t end;
	uint16_t mover;
};

static bool block_at(const struct minimizer *m, uint32_t first, struct block *b)
{
	const struct movers *l = &m->best;

	if (first >= l->count)
		return false;
	*b = (struct block){first, first + 1, l->items[first]};
	while (b->mover < m->guide.search.thread_count && b->end < l->count &&
	       l->items[b->end] == b->mover)
		b->end++;
	return true;
}

/* The next block of the same thread. */
static bool next_of_same(const struct minimizer *m, const struct block *b,
			 struct block *next)
{
	uint32_t i;

	for (i = b->end; i < m->best.count; i++) {
		if (m->best.items[i] == b->mover)
			return block_at(m, i, next);
	}
	return false;
}

static bool is_thread(const struct minimizer *m, const struct block *b)
{
	return b->mover < m->guide.search.thread_count;
}

static void put(struct minimizer *m, uint32_t from, uint32_t end)
{
	memcpy(m->draft.items + m->draft.count, m->best.items + from,
	       (end - from) * sizeof(*m->draft.items));
	m->draft.count += end - from;
}

/* ---- changes: each fills the draft, or says that there is none --------- */

/* What the thread does next is done at once. */
static bool join_early(struct minimizer *m, const struct block *b)
{
	struct block next;

	if (!is_thread(m, b) || !next_of_same(m, b, &next))
		return false;
	put(m, 0, b->end);
	put(m, next.first, next.end);
	put(m, b->end, next.first);
	put(m, next.end, m->best.count);
	return true;
}

/* What it does is done when it goes on. */
static bool join_late(struct minimizer *m, const struct block *b)
{
	struct block next;

	if (!is_thread(m, b) || !next_of_same(m, b, &next))
		return false;
	put(m, 0, b->first);
	put(m, b->end, next.first);
	put(m, b->first, b->end);
	put(m, next.first, m->best.count);
	return true;
}

/* It runs on until it blocks: what it cannot do then is skipped. */
static bool run_on(struct minimizer *m, const struct block *b)
{
	uint32_t i;
	int pass;

	if (!is_thread(m, b))
		return false;
	put(m, 0, b->end);
	for (pass = 0; pass < 2; pass++) {
		for (i = b->end; i < m->best.count; i++) {
			if ((m->best.items[i] == b->mover) == !pass)
				put(m, i, i + 1);
		}
	}
	return true;
}

/* It waits until all others are done. */
static bool wait_long(struct minimizer *m, const struct block *b)
{
	uint32_t i;
	int pass;

	if (!is_thread(m, b))
		return false;
	put(m, 0, b->first);
	for (pass = 0; pass < 2; pass++) {
		for (i = b->first; i < m->best.count; i++) {
			if ((m->best.items[i] == b->mover) == !!pass)
				put(m, i, i + 1);
		}
	}
	return true;
}

/* Clock, signal or spurious wake-up are not needed, or happen by themselves. */
static bool leave_out(struct minimizer *m, const struct block *b)
{
	put(m, 0, b->first);
	put(m, b->end, m->best.count);
	return true;
}

/* The rest goes as it goes. */
static bool cut_tail(struct minimizer *m, const struct block *b)
{
	put(m, 0, b->end);
	return true;
}

static bool (*const changes[])(struct minimizer *m, const struct block *b) = {
	cut_tail, leave_out, join_early, join_late, run_on, wait_long,
};

/* Who loops for ever is given up early, unless it is what is looked for. */
static void limit_steps(struct minimizer *m)
{
	uint32_t max = search_steps_max(&m->guide.request.explore);
	uint64_t some = (uint64_t)STEPS_FACTOR * m->steps + STEPS_SLACK;

	if (m->goes_round)
		m->guide.steps_max = m->steps;
	else if (m->kind != VERDICT_STEP_LIMIT)
		m->guide.steps_max = some < max ? (uint32_t)some : max;
}

static bool try_change(struct minimizer *m, size_t change,
		       const struct block *b)
{
	m->draft.count = 0;
	if (!changes[change](m, b) || !guide_has_budget(&m->guide))
		return false;
	limit_steps(m);
	guide_follow(&m->guide, &m->draft);
	return take_if_better(m);
}

/* Each change at each block; a better run is changed on from the same place. */
static bool sweep(struct minimizer *m)
{
	bool has_improved = false;
	uint32_t at = m->base;
	struct block b;
	size_t i;

	while (block_at(m, at, &b)) {
		for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
			if (!try_change(m, i, &b))
				continue;
			has_improved = true;
			if (!block_at(m, at, &b))
				return true;
		}
		at = b.end;
	}
	return has_improved;
}

static void polish(struct minimizer *m)
{
	while (guide_has_budget(&m->guide) && sweep(m))
		continue;
}

/* ---- every run within a bound ------------------------------------------ */

static bool note(struct guide *g, void *arg)
{
	(void)g;
	take_if_better(arg);
	return false;
}

static enum guide_end search_within(struct minimizer *m, uint64_t bound,
				    uint64_t budget)
{
	return guide_search(&m->guide, &m->given, m->base, STRATEGY_DFS, bound,
			    budget, note, m);
}

/* Half of what is left, so that a larger bound gets its turn; all, at last. */
static uint64_t share(const struct minimizer *m, uint64_t bound)
{
	uint64_t left = m->guide.runs_max - m->guide.runs;

	return bound + 1 < m->preemptions ? (left + 1) / 2 : left;
}

/*
 * Bounds that are smaller, and then the same one, which can save steps.
 * Returns whether fewer preemptions are ruled out.
 */
static bool deepen(struct minimizer *m)
{
	uint64_t bound, ruled_out = 0; /* below this one */

	for (bound = 0; bound < m->preemptions; bound++) {
		if (!guide_has_budget(&m->guide))
			break;
		if (search_within(m, bound, share(m, bound)) == GUIDE_ALL)
			ruled_out = bound + 1;
	}
	if (ruled_out <= m->preemptions)
		search_within(m, m->preemptions,
			      m->guide.runs_max / STEPS_PASS_PART);
	return m->preemptions <= ruled_out;
}

/* ---- the whole --------------------------------------------------------- */

static bool minimize(struct minimizer *m, struct arena *arena,
		     struct movers *movers)
{
	bool is_sure;

	m->given = *movers;
	m->goes_round = m->kind == VERDICT_LIVELOCK &&
			lasso_measure(&m->guide.search, movers);
	if (m->goes_round)
		m->guide.steps_max = m->guide.search.lasso.steps;
	guide_follow(&m->guide, movers);
	if (!has_kind(m))
		return false;
	take(m);
	polish(m);
	/* Runs of another length are no shorter ways round. */
	is_sure = !m->goes_round && deepen(m);
	polish(m);
	if (m->is_changed)
		*movers = movers_copy(&m->best, arena);
	return is_sure;
}

bool search_minimize(const struct search_request *request,
		     enum verdict_kind kind, uint64_t budget,
		     struct arena *arena, struct movers *movers)
{
	struct minimizer *m = calloc(1, sizeof(*m));
	bool is_sure = false;

	if (!m)
		abort();
	m->kind = kind;
	m->base = request->prefix ? request->prefix->count : 0;
	if (!guide_init(&m->guide, request, budget)) {
		is_sure = minimize(m, arena, movers);
		guide_fini(&m->guide);
	}
	free(m->best.items);
	free(m->draft.items);
	free(m);
	return is_sure;
}
