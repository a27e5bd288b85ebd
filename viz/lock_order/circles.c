/*
 * circles.c - locks that lead to each other, and whether that is a deadlock
 * that may happen.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/lock_order/locks.h"

/* Beyond so many looks a circle is taken for one that cannot happen. */
#define LOOKS_MAX 2000000u

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- knots ------------------------------------------------------------- */

/* Mark all that can be reached from @from, along the pairs or against them. */
static void reach(const struct locks *l, uint32_t from, bool *is_reached,
		  bool is_back)
{
	bool is_changed = true;

	memset(is_reached, 0, l->t->object_count * sizeof(*is_reached));
	is_reached[from] = true;
	while (is_changed) {
		is_changed = false;
		for (unsigned int i = 0; i < l->pair_count; i++) {
			const struct locks_pair *p = &l->pairs[i];
			uint32_t a = is_back ? p->to : p->from;
			uint32_t b = is_back ? p->from : p->to;

			if (!is_reached[a] || is_reached[b])
				continue;
			is_reached[b] = true;
			is_changed = true;
		}
	}
}

static bool leads_to_itself(const struct locks *l, uint32_t lock)
{
	for (unsigned int i = 0; i < l->pair_count; i++)
		if (l->pairs[i].from == lock && l->pairs[i].to == lock)
			return true;
	return false;
}

static void find_knots(struct locks *l)
{
	uint32_t count = l->t->object_count;
	bool *on = zeroed(count, sizeof(bool)), *back = zeroed(count, 1);

	for (uint32_t i = 0; i < count; i++)
		l->knot_of[i] = -1;
	l->knots = zeroed(l->lock_count, sizeof(*l->knots));
	for (uint32_t i = 0; i < count; i++) {
		unsigned int size = 0;

		if (!l->is_lock[i] || l->knot_of[i] >= 0)
			continue;
		reach(l, i, on, false);
		reach(l, i, back, true);
		for (uint32_t k = 0; k < count; k++)
			size += on[k] && back[k];
		if (size < 2 && !leads_to_itself(l, i))
			continue;
		for (uint32_t k = 0; k < count; k++)
			if (on[k] && back[k])
				l->knot_of[k] = (int)l->knot_count;
		l->knots[l->knot_count++].size = size;
	}
	free(on);
	free(back);
}

/* ---- circles ----------------------------------------------------------- */

struct search {
	struct locks *l;
	struct locks_step *circle[LOCKS_CIRCLE_MAX];
	unsigned int count;
	unsigned int looks;
	bool ignores_gates;
};

static uint32_t common_lock(const struct locks_step *a,
			    const struct locks_step *b)
{
	for (uint32_t i = 0; i < a->held_count; i++)
		for (uint32_t k = 0; k < b->held_count; k++)
			if (a->held[i] == b->held[k])
				return a->held[i];
	return 0;
}

static bool can_follow(struct search *s, const struct locks_step *e)
{
	if (s->count == LOCKS_CIRCLE_MAX ||
	    s->circle[s->count - 1]->to != e->from)
		return false;
	for (unsigned int i = 0; i < s->count; i++) {
		if (s->circle[i]->from == e->from)
			return false;
		if (s->circle[i]->thread == e->thread)
			return false;
		if (!s->ignores_gates && common_lock(s->circle[i], e))
			return false;
	}
	return true;
}

static bool close_circle(struct search *s)
{
	struct locks *l = s->l;

	if (s->circle[s->count - 1]->to == s->circle[0]->from)
		return true;
	for (unsigned int i = 0; i < l->step_count; i++) {
		if (++s->looks > LOOKS_MAX)
			return false;
		if (!can_follow(s, &l->steps[i]))
			continue;
		s->circle[s->count++] = &l->steps[i];
		if (close_circle(s))
			return true;
		s->count--;
	}
	return false;
}

static bool find_circle(struct search *s, int knot)
{
	struct locks *l = s->l;

	s->looks = 0;
	for (unsigned int i = 0; i < l->step_count; i++) {
		if (l->knot_of[l->steps[i].from] != knot ||
		    l->knot_of[l->steps[i].to] != knot)
			continue;
		s->circle[0] = &l->steps[i];
		s->count = 1;
		if (close_circle(s))
			return true;
	}
	return false;
}

/* A lock that is held at two steps of the circle. */
static uint32_t gate_of(const struct search *s)
{
	for (unsigned int i = 0; i < s->count; i++)
		for (unsigned int k = 0; k < i; k++)
			if (common_lock(s->circle[i], s->circle[k]))
				return common_lock(s->circle[i], s->circle[k]);
	return 0;
}

static void judge(struct locks *l, unsigned int knot)
{
	struct locks_knot *k = &l->knots[knot];
	struct search s = {.l = l};

	if (find_circle(&s, (int)knot)) {
		k->circle = CIRCLE_DEADLOCK;
		for (unsigned int i = 0; i < s.count; i++)
			s.circle[i]->is_closing = true;
		return;
	}
	s.ignores_gates = true;
	if (find_circle(&s, (int)knot)) {
		k->circle = CIRCLE_GATED;
		k->gate = gate_of(&s);
		return;
	}
	k->circle = CIRCLE_ONE_THREAD;
}

void locks_find_knots(struct locks *l)
{
	find_knots(l);
	for (unsigned int i = 0; i < l->knot_count; i++)
		judge(l, i);
}
