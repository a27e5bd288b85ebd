/*
 * search_wakeup.c - what is yet to be tried at a node: wakeup trees.
 *
 * A race of two steps e and f is reversed at the node before e: first
 * everything that came after e and does not depend on it, then the mover of f.
 * If a mover that sleeps there, or begins a sequence that waits there, is an
 * *initial* of that sequence - it is in it, and can go first without changing
 * what the sequence does - then whatever would be found is found elsewhere.
 *
 * Source: Abdulla, Aronis, Jonsson, Sagonas, "Source sets: a foundation for
 * optimal dynamic partial order reduction", JACM 64(4), 2017; the names are
 * theirs.
 *
 * The last step of a sequence was seen after e, never before it: there it can
 * do more than it did (a failing compare-and-swap succeeds, a free mutex is
 * busy).  Such a step is "not sure", and where it matters that it does not
 * depend on something, it is taken to depend on it.
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

/* ---- trees ------------------------------------------------------------- */

void wakeup_free(struct wakeup *w)
{
	struct wakeup *next;

	for (; w; w = next) {
		next = w->next;
		wakeup_free(w->child);
		free(w->step);
		free(w);
	}
}

static struct wakeup *wakeup_new(struct footprint *step)
{
	struct wakeup *w = checked(calloc(1, sizeof(*w)));

	w->step = step;
	w->is_new = true;
	return w;
}

struct wakeup *wakeup_of(struct footprint *step)
{
	return wakeup_new(step);
}

void wakeup_add_guess(struct wakeup **pending, uint16_t mover)
{
	for (; *pending; pending = &(*pending)->next) {
		if ((*pending)->step->mover == mover)
			return;
	}
	*pending = wakeup_new(footprint_new(mover, NULL, 0, false));
}

/* ---- a sequence -------------------------------------------------------- */

/*
 * Steps of the present run, in order; the last is the second of a race.  Or
 * steps that another task has found.
 */
struct sequence {
	const struct dpor *d; /* NULL: of another task */
	const struct footprint *const *steps; /* then these */
	uint32_t *items; /* indexes of nodes or steps; taken out: GONE */
	uint32_t count;
	uint32_t left;
	bool is_coarse; /* steps of several events */
	bool is_whole; /* of all that the run had, and it was not cut off */
};

#define GONE UINT32_MAX

static void sequence_init(struct sequence *v, struct dpor *d,
			  const struct race *race)
{
	/*
	 * Of the whole run: who sleeps must not depend on what comes after
	 * the race either.  The end is no step.
	 */
	uint32_t last = d->count, k;

	if (d->member_room < d->count) {
		d->member_room = 2 * d->count;
		d->members = checked(realloc(
			d->members, d->member_room * sizeof(*d->members)));
	}
	*v = (struct sequence){
		.d = d,
		.items = d->members,
		.is_coarse = d->is_coarse,
		.is_whole = d->is_optimal && !d->is_cut_off,
	};
	for (k = race->first + 1; k < last; k++) {
		if (k != race->second && d->nodes[k].mover != d->end &&
		    !race_happens_before(d, race->first, k))
			v->items[v->count++] = k;
	}
	v->items[v->count++] = race->second;
	v->left = v->count;
}

static bool is_left(const struct sequence *v, uint32_t at)
{
	return v->items[at] != GONE;
}

static bool is_unsure(const struct sequence *v, uint32_t at)
{
	return v->d ? at == v->count - 1 : !v->steps[v->items[at]]->is_sure;
}

static uint16_t mover_at(const struct sequence *v, uint32_t at)
{
	return v->d ? v->d->nodes[v->items[at]].mover
		    : v->steps[v->items[at]]->mover;
}

static uint32_t find(const struct sequence *v, uint16_t mover)
{
	uint32_t i;

	for (i = 0; i < v->count; i++) {
		if (is_left(v, i) && mover_at(v, i) == mover)
			return i;
	}
	return GONE;
}

/*
 * Kinds of touches that a step may come to have when it is made earlier: what
 * it hands over, frees, joins or shows then is not known.
 */
static bool may_come(const struct touch *t)
{
	return t->kind == TOUCH_TASK || t->kind == TOUCH_LOOK ||
	       t->kind == TOUCH_CHANGE || t->kind == TOUCH_SHOW ||
	       t->kind == TOUCH_BEGIN || t->kind == TOUCH_ALL;
}

/* Would a step that is not sure, made as a writer, conflict with @t? */
static bool may_conflict(const struct touch *unsure, uint32_t count,
			 const struct touch *t)
{
	struct touch as_write;
	uint32_t i;

	if (may_come(t))
		return true;
	for (i = 0; i < count; i++) {
		/* Where it faulted, a word may have been. */
		if (unsure[i].kind == TOUCH_MAP && t->kind == TOUCH_WORD)
			return true;
		as_write = unsure[i];
		if (as_write.kind != TOUCH_TIMERS &&
		    as_write.kind != TOUCH_LOOK)
			as_write.mode = TOUCH_WRITE;
		if (touch_is_dependent(&as_write, t))
			return true;
	}
	return false;
}

/*
 * A step of several events, a call, may do anything else: of one that was an
 * access to user memory alone it is known what it touches.
 */
static bool may_be_a_call(const struct touch *unsure, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (unsure[i].kind != TOUCH_WORD &&
		    unsure[i].kind != TOUCH_CHANGE &&
		    unsure[i].kind != TOUCH_SHOW &&
		    unsure[i].kind != TOUCH_LEAVING &&
		    unsure[i].kind != TOUCH_BEGIN)
			return true;
	}
	return false;
}

static bool unsure_conflicts(bool is_coarse, const struct touch *unsure,
			     uint32_t unsure_count, const struct touch *touches,
			     uint32_t count)
{
	uint32_t i;

	if (is_coarse && may_be_a_call(unsure, unsure_count))
		return true;
	/* Where a signal can come in between, it may be anything. */
	for (i = 0; i < unsure_count; i++) {
		if (unsure[i].kind == TOUCH_SIGNAL)
			return true;
	}
	for (i = 0; i < count; i++) {
		if (may_conflict(unsure, unsure_count, &touches[i]))
			return true;
	}
	return false;
}

/* Touches of a step, copied out. */
struct touches {
	struct touch items[64];
	uint32_t count;
	bool fits;
};

static void copy_touches(const struct sequence *v, uint32_t at,
			 struct touches *to)
{
	const struct dpor_node *n = NULL;
	const struct footprint *f = NULL;
	uint32_t i, count;

	if (v->d)
		n = &v->d->nodes[v->items[at]];
	else
		f = v->steps[v->items[at]];
	count = n ? n->access_count : f->count;
	to->fits = count <= 64;
	to->count = to->fits ? count : 0;
	for (i = 0; i < to->count; i++)
		to->items[i] = n ? v->d->accesses[n->first_access + i].touch
				 : f->touches[i];
}

/* May the step at @at, made earlier, depend on the one at @other? */
static bool may_depend(const struct sequence *v, uint32_t at, uint32_t other)
{
	struct touches last, o;

	if (mover_at(v, at) == mover_at(v, other))
		return true;
	copy_touches(v, at, &last);
	copy_touches(v, other, &o);
	return !last.fits || !o.fits ||
	       unsure_conflicts(v->is_coarse, last.items, last.count, o.items,
				o.count);
}

/* Did the step at @at happen after the one at @other, which was before it? */
static bool happens_after(const struct sequence *v, uint32_t at, uint32_t other)
{
	const struct footprint *a, *b;
	uint32_t i, k;

	if (v->d)
		return race_happens_before(v->d, v->items[other], v->items[at]);
	a = v->steps[v->items[at]];
	b = v->steps[v->items[other]];
	if (a->mover == b->mover)
		return true;
	for (i = 0; i < a->count; i++) {
		for (k = 0; k < b->count; k++) {
			if (race_is_between(&a->touches[i], &b->touches[k]))
				return true;
		}
	}
	return false;
}

/* Can the step at @at go before all others that are left? */
static bool is_initial(const struct sequence *v, uint32_t at)
{
	uint32_t i;

	for (i = 0; i < at; i++) {
		if (is_left(v, i) &&
		    (is_unsure(v, at) ? may_depend(v, at, i)
				      : happens_after(v, at, i)))
			return false;
	}
	return true;
}

/* Does @f, which is sure, depend on nothing of what is left? */
static bool is_free(const struct sequence *v, const struct footprint *f)
{
	struct touches t;
	uint32_t i;

	for (i = 0; i < v->count; i++) {
		if (!is_left(v, i))
			continue;
		copy_touches(v, i, &t);
		if (!t.fits || footprint_is_dependent(f, t.items, t.count))
			return false;
		if (is_unsure(v, i) &&
		    unsure_conflicts(v->is_coarse, t.items, t.count, f->touches,
				     f->count))
			return false;
	}
	return true;
}

/* Is @mover an initial of @v?  @at gets where it is. */
static bool begins(const struct sequence *v, uint16_t mover, uint32_t *at)
{
	*at = find(v, mover);
	return *at != GONE && is_initial(v, *at);
}

/* ---- insertion --------------------------------------------------------- */

/*
 * Who sleeps and is not in @v, but does not depend on it either, can go first,
 * too: it is a weak initial.  What follows @v may depend on it, and come before
 * it; that was found when it was tried, and waits to be tried itself with all
 * that leads there - if it was tried before, by this task, and with a whole
 * sequence.
 */
static bool covers(const struct sequence *v, const struct sleeper *sleeper)
{
	const struct footprint *f = sleeper->step;
	uint32_t at;

	if (begins(v, f->mover, &at))
		return true;
	return at == GONE && v->is_whole && sleeper->is_settled &&
	       is_free(v, f);
}

static bool is_asleep(const struct sequence *v, const struct sleeper *sleepers,
		      uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (covers(v, &sleepers[i]))
			return true;
	}
	return false;
}

static struct footprint *copy_step(const struct sequence *v, uint32_t at)
{
	const struct footprint *f;

	if (v->d)
		return footprint_of_step(v->d, v->items[at], !is_unsure(v, at));
	f = v->steps[v->items[at]];
	return footprint_new(f->mover, f->touches, f->count, f->is_sure);
}

/* What is left of @v, as a branch of its own. */
static struct wakeup *branch_of(const struct sequence *v, bool is_whole)
{
	struct wakeup *first = NULL, **to = &first;
	uint32_t i;

	for (i = 0; i < v->count; i++) {
		if (!is_left(v, i))
			continue;
		*to = wakeup_new(copy_step(v, i));
		if (!is_whole)
			break;
		to = &(*to)->child;
	}
	return first;
}

/* Down the tree as long as a branch begins what @v can begin with. */
static void insert(struct sequence *v, struct wakeup **level, bool is_whole)
{
	struct wakeup *w;
	uint32_t at;

	for (;;) {
		while (*level && !begins(v, (*level)->step->mover, &at))
			level = &(*level)->next;
		w = *level;
		if (!w)
			break;
		v->items[at] = GONE;
		v->left--;
		/*
		 * A leaf leaves the rest free.  But its step was not sure: who
		 * was tried before it may sleep there, and then what is left
		 * of @v is not covered.
		 */
		if (!v->left || (!w->child && !is_whole))
			return;
		level = &w->child;
	}
	*level = branch_of(v, is_whole);
}

/* Who passes a sequence on to others passes on all of it. */
void wakeup_insert(struct dpor *d, const struct race *race)
{
	struct dpor_node *n = &d->nodes[race->first];
	struct sequence v;

	sequence_init(&v, d, race);
	if (!is_asleep(&v, n->sleepers, n->sleeper_count))
		insert(&v, &n->pending,
		       d->is_optimal || race->first < d->frozen);
}

/* Nothing but its mover is known of it. */
static void insert_guess(struct wakeup **pending,
			 const struct sleeper *sleepers, uint32_t count,
			 uint16_t mover)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (sleepers[i].step->mover == mover)
			return;
	}
	wakeup_add_guess(pending, mover);
}

void wakeup_insert_steps(struct wakeup **pending,
			 const struct sleeper *sleepers, uint32_t sleeper_count,
			 const struct footprint *const *steps, uint32_t count,
			 bool is_coarse)
{
	struct sequence v = {.steps = steps,
			     .count = count,
			     .left = count,
			     .is_coarse = is_coarse};
	uint32_t i;

	if (count == 1 && !steps[0]->is_sure && !steps[0]->count) {
		insert_guess(pending, sleepers, sleeper_count, steps[0]->mover);
		return;
	}
	v.items = checked(calloc(count, sizeof(*v.items)));
	for (i = 0; i < count; i++)
		v.items[i] = i;
	if (!is_asleep(&v, sleepers, sleeper_count))
		insert(&v, pending, true);
	free(v.items);
}
