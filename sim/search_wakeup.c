/*
 * search_wakeup.c - what is yet to be tried at a node: wakeup trees.
 *
 * A race of two steps e and f is reversed at the node before e: first
 * everything that came after e and does not depend on it, then the mover of f.
 * If a mover that sleeps there, or a sequence that waits there, is a *weak
 * initial* of that sequence - it can go first without changing what the
 * sequence does - then whatever would be found is found elsewhere.
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

#include "sim/search_dpor.h"

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* ---- footprints -------------------------------------------------------- */

struct footprint *footprint_new(uint16_t mover, const struct touch *touches,
				uint32_t count, bool is_sure)
{
	struct footprint *f =
		checked(malloc(sizeof(*f) + count * sizeof(*touches)));

	f->mover = mover;
	f->is_sure = is_sure;
	f->count = count;
	if (count)
		memcpy(f->touches, touches, count * sizeof(*touches));
	return f;
}

struct footprint *footprint_of_step(const struct dpor *d, uint32_t index,
				    bool is_sure)
{
	const struct dpor_node *n = &d->nodes[index];
	struct footprint *f = footprint_new(n->mover, NULL, 0, is_sure);
	uint32_t i;

	f = checked(
		realloc(f, sizeof(*f) + n->access_count * sizeof(*f->touches)));
	f->count = n->access_count;
	for (i = 0; i < n->access_count; i++)
		f->touches[i] = d->accesses[n->first_access + i].touch;
	return f;
}

bool footprint_is_dependent(const struct footprint *a, const struct touch *b,
			    uint32_t count)
{
	uint32_t i, k;

	for (k = 0; k < count; k++) {
		if (b[k].kind == TOUCH_ALL)
			return true;
	}
	for (i = 0; i < a->count; i++) {
		for (k = 0; k < count; k++) {
			if (touch_is_dependent(&a->touches[i], &b[k]))
				return true;
		}
	}
	return false;
}

/*
 * Two puts of a reference commute unless one is the last.  If the one just made
 * has left one reference, it is the sleeper's, whose put is then the last.
 */
bool footprint_wakes(const struct footprint *sleeper, const struct touch *made)
{
	const struct touch *t;
	uint32_t i;

	if (made->kind == TOUCH_ALL)
		return true;
	for (i = 0; i < sleeper->count; i++) {
		t = &sleeper->touches[i];
		if (t->kind == TOUCH_REF && t->mode == TOUCH_PUT &&
		    made->mode == TOUCH_PUT && made->detail > 1)
			continue;
		if (touch_is_dependent(t, made))
			return true;
	}
	return false;
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
	return w;
}

struct wakeup *wakeup_guess(uint16_t mover)
{
	return wakeup_new(footprint_new(mover, NULL, 0, false));
}

/* ---- a sequence -------------------------------------------------------- */

/* Steps of the present run, in order; the last is the second of a race. */
struct sequence {
	const struct dpor *d;
	uint32_t *items; /* indexes of nodes; taken out: GONE */
	uint32_t count;
	uint32_t left;
	uint32_t before; /* steps before this one are a prefix of it */
};

#define GONE UINT32_MAX

static const uint32_t *clock_of(const struct dpor *d, uint32_t step)
{
	return d->clocks + (size_t)step * d->lanes;
}

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
		.d = d, .items = d->members, .before = race->first};
	for (k = race->first + 1; k < last; k++) {
		if (k != race->second && d->nodes[k].mover != d->lanes - 1 &&
		    !race_happens_before(d, race->first, k))
			v->items[v->count++] = k;
	}
	v->items[v->count++] = race->second;
	v->left = v->count;
}

static bool is_last(const struct sequence *v, uint32_t at)
{
	return at == v->count - 1;
}

static bool is_left(const struct sequence *v, uint32_t at)
{
	return v->items[at] != GONE;
}

static uint16_t mover_at(const struct sequence *v, uint32_t at)
{
	return v->d->nodes[v->items[at]].mover;
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

static bool unsure_conflicts(const struct dpor *d, const struct touch *unsure,
			     uint32_t unsure_count, const struct touch *touches,
			     uint32_t count)
{
	uint32_t i;

	if (d->is_coarse && may_be_a_call(unsure, unsure_count))
		return true;
	for (i = 0; i < count; i++) {
		if (may_conflict(unsure, unsure_count, &touches[i]))
			return true;
	}
	return false;
}

/* Touches of a step of the run, copied out of its accesses. */
struct touches {
	struct touch items[64];
	uint32_t count;
	bool fits;
};

static void copy_touches(const struct dpor *d, uint32_t step,
			 struct touches *to)
{
	const struct dpor_node *n = &d->nodes[step];
	uint32_t i;

	to->fits = n->access_count <= 64;
	to->count = to->fits ? n->access_count : 0;
	for (i = 0; i < to->count; i++)
		to->items[i] = d->accesses[n->first_access + i].touch;
}

/* May the last step, made earlier, depend on step @other of the sequence? */
static bool last_may_depend(const struct sequence *v, uint32_t other)
{
	struct touches last, o;

	copy_touches(v->d, v->items[v->count - 1], &last);
	copy_touches(v->d, other, &o);
	return !last.fits || !o.fits ||
	       unsure_conflicts(v->d, last.items, last.count, o.items, o.count);
}

/* Can the step at @at go before all others that are left? */
static bool is_initial(const struct sequence *v, uint32_t at)
{
	const struct dpor *d = v->d;
	uint32_t i, other, step = v->items[at];
	const uint32_t *clock = clock_of(d, step);

	for (i = 0; i < at; i++) {
		if (!is_left(v, i))
			continue;
		other = v->items[i];
		if (is_last(v, at)
			    ? d->nodes[other].mover == d->nodes[step].mover ||
				      last_may_depend(v, other)
			    : clock[d->nodes[other].mover] >= other + 1)
			return false;
	}
	return true;
}

/* Does @f depend on nothing of what is left? */
static bool is_free(const struct sequence *v, const struct footprint *f)
{
	struct touches t;
	uint32_t i;

	for (i = 0; i < v->count; i++) {
		if (!is_left(v, i))
			continue;
		copy_touches(v->d, v->items[i], &t);
		if (!t.fits || footprint_is_dependent(f, t.items, t.count))
			return false;
		if (is_last(v, i) && unsure_conflicts(v->d, t.items, t.count,
						      f->touches, f->count))
			return false;
		if (!f->is_sure &&
		    (!f->count || unsure_conflicts(v->d, f->touches, f->count,
						   t.items, t.count)))
			return false;
	}
	return true;
}

/*
 * Is the mover of @f a weak initial of @v?  @at gets where it is, or GONE if it
 * is not in it.  For source sets, which keep only the first mover of a
 * sequence, it must be in it: what a free one is followed by, later races
 * would have to reverse step by step.
 */
static bool is_weak_initial(const struct sequence *v, const struct footprint *f,
			    uint32_t *at)
{
	*at = find(v, f->mover);
	if (*at != GONE)
		return is_initial(v, *at);
	return v->d->is_optimal && is_free(v, f);
}

/* ---- insertion --------------------------------------------------------- */

static bool is_asleep(const struct sequence *v, const struct dpor_node *n)
{
	uint32_t i, at;

	for (i = 0; i < n->sleeper_count; i++) {
		if (is_weak_initial(v, n->sleepers[i].step, &at))
			return true;
	}
	return false;
}

/* What is left of @v, as a branch of its own. */
static struct wakeup *branch_of(const struct sequence *v, bool is_optimal)
{
	struct wakeup *first = NULL, **to = &first;
	uint32_t i;

	for (i = 0; i < v->count; i++) {
		if (!is_left(v, i))
			continue;
		*to = wakeup_new(
			footprint_of_step(v->d, v->items[i], !is_last(v, i)));
		if (!is_optimal)
			break;
		to = &(*to)->child;
	}
	return first;
}

/* Down the tree as long as a branch begins what @v can begin with. */
static void insert(struct sequence *v, struct wakeup **level, bool is_optimal)
{
	struct wakeup *w;
	uint32_t at;

	for (;;) {
		while (*level && !is_weak_initial(v, (*level)->step, &at))
			level = &(*level)->next;
		w = *level;
		if (!w)
			break;
		if (at != GONE) {
			v->items[at] = GONE;
			v->left--;
		}
		/*
		 * A leaf leaves the rest free.  But its step was not sure: who
		 * was tried before it may sleep there, and then what is left
		 * of @v is not covered.
		 */
		if (!v->left || (!w->child && !is_optimal))
			return;
		level = &w->child;
	}
	*level = branch_of(v, is_optimal);
}

void wakeup_insert(struct dpor *d, const struct race *race)
{
	struct dpor_node *n = &d->nodes[race->first];
	struct sequence v;

	sequence_init(&v, d, race);
	if (is_asleep(&v, n))
		return;
	insert(&v, &n->pending, d->is_optimal);
}
