/*
 * search_dpor.c - one run of each class of equivalent ones: dynamic partial
 * order reduction with sleep sets and wakeup trees ("optimal", the default),
 * or with source sets.
 *
 * Two runs are equivalent if one becomes the other by exchanging neighbouring
 * steps that do not depend on each other.  After each run its races are looked
 * at; each is reversed at the node before its first step, unless that is
 * covered.  What has been tried at a node sleeps below it until a step that
 * depends on it wakes it.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_dpor.h"

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

struct dpor *dpor_new(void)
{
	return checked(calloc(1, sizeof(struct dpor)));
}

/* ---- nodes ------------------------------------------------------------- */

void dpor_node_clear(struct dpor_node *n)
{
	uint32_t i;

	for (i = 0; i < n->sleeper_count; i++) {
		if (n->sleepers[i].is_own)
			free((void *)(uintptr_t)n->sleepers[i].step);
	}
	n->sleeper_count = 0;
	wakeup_free(n->pending);
	n->pending = NULL;
}

void dpor_free(struct dpor *d)
{
	uint32_t i;

	if (!d)
		return;
	for (i = 0; i < d->room; i++) {
		dpor_node_clear(&d->nodes[i]);
		free(d->nodes[i].sleepers);
	}
	wakeup_free(d->next_subtree);
	free(d->nodes);
	free(d->clocks);
	free(d->accesses);
	free(d->slots);
	free(d->races);
	free(d->members);
	free(d);
}

void dpor_reserve(struct dpor *d, const struct search *s, uint32_t count)
{
	uint32_t room = d->room ? d->room : 64;

	d->end = mover_number(s->thread_count, MOVER_IS_END, 0);
	/* Without signals and the like the clock is the last mover. */
	d->lanes = s->has_options ? d->end + 1u : s->thread_count + 1;
	if (count <= d->room)
		return;
	while (room < count)
		room *= 2;
	d->nodes = checked(realloc(d->nodes, room * sizeof(*d->nodes)));
	memset(d->nodes + d->room, 0, (room - d->room) * sizeof(*d->nodes));
	d->clocks = checked(realloc(d->clocks, (size_t)room * d->lanes *
						       sizeof(*d->clocks)));
	d->room = room;
}

/* The next one; its step is not known yet. */
static struct dpor_node *open_node(struct dpor *d)
{
	struct dpor_node *n = &d->nodes[d->count++];

	n->freed = (struct choices){0};
	n->first_access = d->access_count;
	n->access_count = 0;
	n->previous = 0;
	n->everything = d->everything;
	return n;
}

static struct dpor_node *push_node(struct dpor *d, const struct search *s)
{
	struct dpor_node *n;

	dpor_reserve(d, s, d->count + 1);
	n = open_node(d);
	n->tried = 1;
	n->is_forced = false;
	return n;
}

void dpor_clear(struct dpor *d)
{
	uint32_t i, count = d->count > d->saved ? d->count : d->saved;

	race_truncate(d, 0);
	/* The step of the last node was forgotten before it got a new mover. */
	memset(d->last_of, 0, sizeof(d->last_of));
	d->everything = 0;
	for (i = 0; i < count; i++)
		dpor_node_clear(&d->nodes[i]);
	wakeup_free(d->next_subtree);
	d->next_subtree = NULL;
	d->race_count = 0;
	d->count = 0;
	d->replayed = 0;
	d->frozen = 0;
	d->saved = 0;
}

void dpor_add_sleeper(struct dpor_node *n, const struct footprint *step,
		      bool is_own, bool is_settled)
{
	if (n->sleeper_count == n->sleeper_room) {
		n->sleeper_room = n->sleeper_room ? 2 * n->sleeper_room : 4;
		n->sleepers = checked(realloc(
			n->sleepers, n->sleeper_room * sizeof(struct sleeper)));
	}
	n->sleepers[n->sleeper_count++] = (struct sleeper){
		.step = step, .is_own = is_own, .is_settled = is_settled};
}

static bool is_asleep(const struct dpor_node *n, uint16_t mover)
{
	uint32_t i;

	for (i = 0; i < n->sleeper_count; i++) {
		if (n->sleepers[i].step->mover == mover)
			return true;
	}
	return false;
}

/* Who slept at the node before, and does not depend on the step between. */
static void inherit_sleepers(struct dpor *d, struct dpor_node *n)
{
	const struct dpor_node *parent = n - 1;
	const struct access *access;
	const struct footprint *f;
	uint32_t i, k;
	bool wakes;

	for (i = 0; i < parent->sleeper_count; i++) {
		if (parent->sleepers[i].is_late)
			continue;
		f = parent->sleepers[i].step;
		wakes = f->mover == parent->mover;
		for (k = 0; k < parent->access_count && !wakes; k++) {
			access = &d->accesses[parent->first_access + k];
			wakes = footprint_wakes(f, &access->touch);
		}
		if (!wakes)
			dpor_add_sleeper(n, f, false,
					 parent->sleepers[i].is_settled);
	}
}

/* ---- choosing ---------------------------------------------------------- */

/* What was left of the sequence that the parent follows. */
static struct wakeup *take_subtree(struct dpor *d)
{
	struct wakeup *subtree = d->next_subtree;

	d->next_subtree = NULL;
	return subtree;
}

/* What begins with who sleeps leads nowhere, whoever tries it. */
static void drop_asleep(struct dpor *d, struct dpor_node *n)
{
	struct wakeup **to = &n->pending, *w;

	while ((w = *to)) {
		if (!is_asleep(n, w->step->mover)) {
			to = &w->next;
			continue;
		}
		*to = w->next;
		w->next = NULL;
		wakeup_free(w);
		d->infeasible++;
	}
}

/* The first branch at @n that can be followed; its tail goes to the child. */
static uint16_t follow(struct dpor *d, const struct search *s,
		       struct dpor_node *n)
{
	struct wakeup *w;
	uint16_t mover;

	while (n->pending) {
		w = n->pending;
		n->pending = w->next;
		mover = w->step->mover;
		w->next = NULL;
		if (choices_have(&n->choices, s->thread_count, mover) &&
		    !is_asleep(n, mover)) {
			d->next_subtree = w->child;
			w->child = NULL;
			wakeup_free(w);
			return mover;
		}
		d->infeasible++;
		wakeup_free(w);
	}
	return NO_MOVER;
}

/* Every other mover is to be tried here too. */
static void expand(const struct search *s, struct dpor_node *n)
{
	uint16_t mover = choices_next(&n->choices, s->thread_count, 0);

	for (; mover != NO_MOVER;
	     mover = choices_next(&n->choices, s->thread_count,
				  (uint16_t)(mover + 1))) {
		if (mover != n->mover && !is_asleep(n, mover))
			wakeup_add_guess(&n->pending, mover);
	}
}

/*
 * The step of a bug comes after everything.  Who waited for a mutex would have
 * been seen to race for it had the run gone on.
 */
static void expand_all(struct dpor *d, const struct search *s)
{
	uint32_t i;

	for (i = 0; i < d->count; i++) {
		if ((d->nodes[i].is_lock || i == d->count - 1) &&
		    !d->nodes[i].is_forced)
			expand(s, &d->nodes[i]);
	}
}

static uint16_t choose_freely(const struct search *s, struct dpor_node *n)
{
	struct choices awake = n->choices;
	uint32_t i;

	for (i = 0; i < n->sleeper_count; i++)
		choices_remove(&awake, s->thread_count,
			       n->sleepers[i].step->mover);
	if (!choices_count(&awake))
		return NO_MOVER;
	return search_default(s, &awake);
}

static uint16_t choose_forced(struct search *s, struct dpor_node *n)
{
	n->is_forced = true;
	return search_forced(s);
}

static uint16_t choose_new(struct dpor *d, struct search *s,
			   struct dpor_node *n)
{
	const struct movers *prefix = s->request->prefix;
	uint16_t mover;

	if (prefix && s->depth < prefix->count)
		return choose_forced(s, n);
	n->pending = take_subtree(d);
	drop_asleep(d, n);
	mover = follow(d, s, n);
	return mover == NO_MOVER ? choose_freely(s, n) : mover;
}

/*
 * What may happen by itself and could before the last step, but cannot any
 * more: no later step of it is there to be in a race, so it is tried before.
 */
static void try_what_vanished(struct dpor *d, const struct search *s,
			      const struct choices *now)
{
	struct dpor_node *n = &d->nodes[d->count - 1];
	struct choices gone = n->choices;
	uint16_t mover = (uint16_t)s->thread_count;

	if (n->is_forced)
		return;
	if (n->mover == s->thread_count)
		gone.clock = false;
	gone.end = false;
	for (mover = choices_next(&gone, s->thread_count, mover);
	     mover != NO_MOVER; mover = choices_next(&gone, s->thread_count,
						     (uint16_t)(mover + 1))) {
		if (mover != n->mover &&
		    !choices_have(now, s->thread_count, mover) &&
		    !is_asleep(n, mover))
			wakeup_add_guess(&n->pending, mover);
	}
}

/* Who can move at @n, the @at-th, and could not before the step to it. */
static void note_freed(struct dpor *d, const struct search *s,
		       const struct dpor_node *n, uint32_t at)
{
	struct choices freed = n->freed;
	uint16_t mover;

	if (choices_are_none(&freed))
		return;
	for (mover = choices_next(&freed, s->thread_count, 0);
	     mover != NO_MOVER; mover = choices_next(&freed, s->thread_count,
						     (uint16_t)(mover + 1)))
		d->freed_at[mover] = at;
}

static void find_freed(const struct search *s, struct dpor_node *n)
{
	const struct dpor_node *parent = n - 1;
	const struct choices *now = &n->choices, *before = &parent->choices;

	n->freed = (struct choices){
		.threads = now->threads & ~before->threads,
		.signals = now->signals & ~before->signals,
		.spurious = now->spurious & ~before->spurious,
		.clock = now->clock && !before->clock,
		.end = now->end && !before->end,
	};
	choices_remove(&n->freed, s->thread_count, parent->mover);
}

/* The first run of a state that was read finds out again what it left out. */
static uint16_t restore(struct dpor *d, struct search *s,
			const struct choices *c)
{
	struct dpor_node *n = open_node(d);

	n->choices = *c;
	if (s->depth) {
		inherit_sleepers(d, n);
		find_freed(s, n);
		note_freed(d, s, n, s->depth);
	}
	if (choices_have(c, s->thread_count, n->mover))
		return n->mover;
	s->end = RUN_DIVERGED;
	return NO_MOVER;
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	struct dpor *d = s->dpor;
	struct dpor_node *n;

	if (s->depth < d->saved)
		return restore(d, s, c);
	if (s->depth < d->count) {
		n = &d->nodes[s->depth];
		note_freed(d, s, n, s->depth);
		return n->mover;
	}
	if (d->count)
		try_what_vanished(d, s, c);
	n = push_node(d, s);
	n->choices = *c;
	if (s->depth) {
		inherit_sleepers(d, n);
		find_freed(s, n);
		note_freed(d, s, n, s->depth);
	}
	n->mover = choose_new(d, s, n);
	if (n->mover == NO_MOVER) {
		dpor_node_clear(n);
		d->count--;
		return NO_MOVER;
	}
	if (n->mover == mover_number(s->thread_count, MOVER_IS_END, 0))
		expand(s, n);
	return n->mover;
}

static void took(struct search *s, uint16_t mover)
{
	struct dpor *d = s->dpor;

	struct dpor_node *n;
	enum event_kind kind;

	if (s->depth <= d->replayed)
		return;
	n = &d->nodes[d->count - 1];
	n->is_lock = false;
	n->is_unlock = false;
	if (s->has_patient_locks && mover < s->thread_count) {
		kind = s->sim.tasks[mover].last.kind;
		n->is_lock = kind == EVENT_LOCK;
		n->is_unlock = kind == EVENT_UNLOCK;
	}
	race_add_step(d, s);
	/* Between steps that were made before, races were looked at before. */
	if (s->depth < d->saved)
		d->race_count = 0;
}

/* ---- runs -------------------------------------------------------------- */

static void begin_run(struct search *s)
{
	struct dpor *d = s->dpor;
	uint32_t k;

	d->is_optimal = s->strategy == STRATEGY_DPOR;
	d->is_coarse = s->has_stops;
	memset(d->freed_at, 0, sizeof(d->freed_at));
	for (k = 1; k < s->repeated; k++)
		note_freed(d, s, &d->nodes[k], k);
}

/*
 * The node's step is done: it sleeps while the others are tried.  That nothing
 * more happens is no step, and is tried again wherever it can be.
 */
static void put_to_sleep(struct dpor *d, const struct search *s,
			 struct dpor_node *n)
{
	if (n->mover == mover_number(s->thread_count, MOVER_IS_END, 0))
		return;
	dpor_add_sleeper(n,
			 footprint_of_step(d, (uint32_t)(n - d->nodes), true),
			 true, true);
}

static bool end_run(struct search *s)
{
	struct dpor *d = s->dpor;
	struct dpor_node *n;
	uint32_t i;

	/* A bug cut it short: what else could have come before it? */
	if (s->sim.is_over && d->count)
		expand_all(d, s);
	else if (s->end == RUN_AT_REST && d->count)
		try_what_vanished(d, s, &s->choices);
	d->is_cut_off = s->end == RUN_CUT_OFF;
	for (i = 0; i < d->race_count; i++)
		wakeup_insert(d, &d->races[i]);
	d->race_count = 0;
	wakeup_free(take_subtree(d));
	d->saved = 0;
	while (d->count > d->frozen) {
		n = &d->nodes[d->count - 1];
		if (n->pending) {
			put_to_sleep(d, s, n);
			race_truncate(d, d->count - 1);
			n->mover = follow(d, s, n);
			if (n->mover != NO_MOVER) {
				n->tried++;
				d->replayed = d->count - 1;
				s->repeated = d->replayed;
				return true;
			}
		} else {
			race_truncate(d, d->count - 1);
		}
		dpor_node_clear(n);
		d->count--;
	}
	return false;
}

const struct strategy_ops dpor_ops = {
	.begin_run = begin_run,
	.choose = choose,
	.took = took,
	.end_run = end_run,
	.waiting = dpor_waiting,
	.write = dpor_write,
	.read = dpor_read,
	.wants_touches = true,
	.comes_back = true,
};
