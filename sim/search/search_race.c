/*
 * search_race.c - happens-before among the steps of a run, and its races.
 *
 * Every step has a vector clock: for each mover the last of its steps that
 * happens before.  Two dependent steps are in a race if nothing between them
 * orders them; trying them the other way round gives another class of runs.
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

/* ---- places ------------------------------------------------------------ */

static uint32_t find_slot(const struct dpor *d, const struct touch *t)
{
	uint64_t hash = (t->place ^ (uint64_t)t->kind << 56) *
			UINT64_C(0x9e3779b97f4a7c15);
	uint32_t at = (uint32_t)(hash >> 40) & (d->slot_count - 1);

	while (d->slots[at].is_used &&
	       (d->slots[at].place != t->place || d->slots[at].kind != t->kind))
		at = (at + 1) & (d->slot_count - 1);
	return at;
}

/* Places are few; a table that fills up is made anew. */
static void grow_slots(struct dpor *d)
{
	uint32_t i, at;

	free(d->slots);
	d->slot_count = d->slot_count ? 4 * d->slot_count : 256;
	d->slots = checked(calloc(d->slot_count, sizeof(*d->slots)));
	d->slots_used = 0;
	for (i = 0; i < d->access_count; i++) {
		at = find_slot(d, &d->accesses[i].touch);
		if (!d->slots[at].is_used)
			d->slots_used++;
		d->slots[at].is_used = true;
		d->slots[at].place = d->accesses[i].touch.place;
		d->slots[at].kind = d->accesses[i].touch.kind;
		d->slots[at].last = i + 1;
		d->accesses[i].slot = at;
	}
}

static uint32_t slot_of(struct dpor *d, const struct touch *t)
{
	uint32_t at;

	if (2 * d->slots_used >= d->slot_count)
		grow_slots(d);
	at = find_slot(d, t);
	if (!d->slots[at].is_used) {
		d->slots[at] = (struct place_slot){
			.place = t->place, .kind = t->kind, .is_used = true};
		d->slots_used++;
	}
	return at;
}

static void add_access(struct dpor *d, const struct touch *t, uint32_t slot,
		       uint32_t step)
{
	struct access *a;

	if (d->access_count == d->access_room) {
		d->access_room = d->access_room ? 2 * d->access_room : 1024;
		d->accesses = checked(
			realloc(d->accesses, d->access_room * sizeof(*a)));
	}
	a = &d->accesses[d->access_count++];
	a->touch = *t;
	a->step = step;
	a->slot = slot;
	a->previous = d->slots[slot].last;
	d->slots[slot].last = d->access_count;
}

/* The same touch twice in a step tells nothing new. */
static bool is_repeated(const struct dpor *d, const struct touch *t,
			uint32_t slot, uint32_t step)
{
	uint32_t at = d->slots[slot].last;
	const struct access *a;

	for (; at; at = a->previous) {
		a = &d->accesses[at - 1];
		if (a->step != step)
			return false;
		if (a->touch.mode == t->mode && a->touch.detail == t->detail)
			return true;
	}
	return false;
}

/* ---- clocks ------------------------------------------------------------ */

static uint32_t *clock_of(const struct dpor *d, uint32_t step)
{
	return d->clocks + (size_t)step * d->lanes;
}

bool race_happens_before(const struct dpor *d, uint32_t a, uint32_t b)
{
	return clock_of(d, b)[d->nodes[a].mover] >= a + 1;
}

static void join(const struct dpor *d, uint32_t *to, const uint32_t *from)
{
	uint32_t i;

	for (i = 0; i < d->lanes; i++) {
		if (to[i] < from[i])
			to[i] = from[i];
	}
}

/* ---- candidates -------------------------------------------------------- */

/* Earlier steps that depend on the new one, each once, latest first. */
struct candidates {
	uint32_t items[256];
	uint32_t count;
};

/* Keeps order; more than there is room for is handled by the caller. */
static bool add_candidate(struct candidates *c, uint32_t step)
{
	uint32_t at = c->count;

	while (at && c->items[at - 1] < step)
		at--;
	if (at && c->items[at - 1] == step)
		return true;
	if (c->count == sizeof(c->items) / sizeof(*c->items))
		return false;
	memmove(&c->items[at + 1], &c->items[at],
		(c->count - at) * sizeof(*c->items));
	c->items[at] = step;
	c->count++;
	return true;
}

/*
 * Does @later order everything before it at its place?  A write of a plain
 * kind conflicts with every mode, so what is older happens before it.
 */
static bool is_barrier(const struct touch *t)
{
	return t->mode == TOUCH_WRITE && t->kind != TOUCH_LOOK &&
	       t->kind != TOUCH_TIMERS;
}

bool race_is_between(const struct touch *a, const struct touch *b)
{
	if (a->kind == TOUCH_REF && a->mode == TOUCH_PUT &&
	    b->mode == TOUCH_PUT && a->detail && b->detail)
		return false;
	return touch_is_dependent(a, b);
}

static bool gather(struct dpor *d, const struct touch *t, uint32_t slot,
		   uint32_t step, const uint32_t *clock, struct candidates *c)
{
	const struct access *a;
	uint32_t at;

	for (at = d->slots[slot].last; at; at = a->previous) {
		a = &d->accesses[at - 1];
		if (a->step == step || !race_is_between(&a->touch, t))
			continue;
		if (clock[d->nodes[a->step].mover] < a->step + 1 &&
		    !add_candidate(c, a->step))
			return false;
		if (is_barrier(&a->touch))
			break;
	}
	return true;
}

/* ---- a step ------------------------------------------------------------ */

static void add_race(struct dpor *d, uint32_t first, uint32_t second)
{
	if (d->race_count == d->race_room) {
		d->race_room = d->race_room ? 2 * d->race_room : 256;
		d->races = checked(
			realloc(d->races, d->race_room * sizeof(*d->races)));
	}
	d->races[d->race_count++] = (struct race){first, second};
}

/*
 * Could the mover of @second go at @first?  Not if it was that very step that
 * let it.
 */
static bool is_reversible(const struct dpor *d, const struct search *s,
			  uint32_t first, uint32_t second)
{
	uint16_t mover = d->nodes[second].mover;

	if (d->nodes[first].is_forced)
		return false;
	if (mover == s->thread_count && s->explore->timeouts == TIMEOUTS_IDLE)
		return false;
	return d->freed_at[mover] != first + 1 ||
	       choices_have(&d->nodes[first].choices, s->thread_count, mover);
}

/* Everything that came before: of all movers. */
static void depend_on_all(struct dpor *d, struct search *s, uint32_t step,
			  uint32_t *clock)
{
	uint32_t i;

	for (i = step; i-- > 0;) {
		if (clock[d->nodes[i].mover] >= i + 1)
			continue;
		if (is_reversible(d, s, i, step))
			add_race(d, i, step);
		join(d, clock, clock_of(d, i));
	}
}

/*
 * A mutex that was given back and then taken: the two who took it are in a
 * race, if nothing else orders them.  Nobody can take it before it is given
 * back.
 */
static void add_lock_race(struct dpor *d, const struct search *s,
			  uint32_t unlock, uint32_t step, const uint32_t *clock)
{
	const struct access *a = NULL;
	uint32_t at = d->accesses[d->nodes[unlock].first_access].previous;

	for (; at; at = a->previous) {
		a = &d->accesses[at - 1];
		if (d->nodes[a->step].mover == d->nodes[unlock].mover)
			break;
	}
	if (!at || clock[d->nodes[a->step].mover] >= a->step + 1)
		return;
	if (is_reversible(d, s, a->step, step))
		add_race(d, a->step, step);
}

static void take_candidates(struct dpor *d, struct search *s,
			    const struct candidates *c, uint32_t step,
			    uint32_t *clock)
{
	uint32_t i, k;

	for (k = 0; k < c->count; k++) {
		i = c->items[k];
		if (clock[d->nodes[i].mover] >= i + 1)
			continue;
		if (d->nodes[i].is_unlock && d->nodes[step].is_lock)
			add_lock_race(d, s, i, step, clock);
		else if (is_reversible(d, s, i, step))
			add_race(d, i, step);
		join(d, clock, clock_of(d, i));
	}
}

/* Its touches, one by one; returns whether it depends on everything. */
static bool take_touches(struct dpor *d, const struct search *s, uint32_t step,
			 const uint32_t *clock, struct candidates *c)
{
	const struct touch *t;
	bool is_all = false;
	uint32_t i, slot;

	for (i = 0; i < s->log.count; i++) {
		t = &s->log.items[i];
		slot = slot_of(d, t);
		if (is_repeated(d, t, slot, step))
			continue;
		is_all |= t->kind == TOUCH_ALL ||
			  !gather(d, t, slot, step, clock, c);
		add_access(d, t, slot, step);
	}
	return is_all;
}

void race_add_step(struct dpor *d, struct search *s)
{
	uint32_t step = d->count - 1;
	struct dpor_node *n = &d->nodes[step];
	uint32_t *clock = clock_of(d, step);
	struct candidates c = {.count = 0};

	n->previous = d->last_of[n->mover];
	if (n->previous)
		memcpy(clock, clock_of(d, n->previous - 1),
		       d->lanes * sizeof(*clock));
	else
		memset(clock, 0, d->lanes * sizeof(*clock));
	n->first_access = d->access_count;
	n->everything = d->everything;
	if (d->everything &&
	    clock[d->nodes[d->everything - 1].mover] < d->everything)
		add_candidate(&c, d->everything - 1);
	if (take_touches(d, s, step, clock, &c)) {
		depend_on_all(d, s, step, clock);
		d->everything = step + 1;
	} else {
		take_candidates(d, s, &c, step, clock);
	}
	n->access_count = d->access_count - n->first_access;
	clock[n->mover] = step + 1;
	d->last_of[n->mover] = step + 1;
}

void race_truncate(struct dpor *d, uint32_t count)
{
	const struct access *a;
	uint32_t k;

	for (k = d->count; k-- > count;) {
		while (d->access_count > d->nodes[k].first_access) {
			a = &d->accesses[--d->access_count];
			d->slots[a->slot].last = a->previous;
		}
		d->last_of[d->nodes[k].mover] = d->nodes[k].previous;
		d->everything = d->nodes[k].everything;
	}
}
