/*
 * locks.c - which lock was taken while which was held, from a trace.
 *
 * A trylock does not wait, so nothing leads to what it takes; but what it has
 * taken is held like any other.  Who is asleep before a lock at the end of the
 * trace would have taken it.
 */
#define _GNU_SOURCE
#include "viz/lock_order/locks.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* What a thread holds, in the order of taking. */
struct holding {
	uint32_t *items;
	uint32_t count, room;
	uint32_t asked; /* n of the event that put it to sleep; 0: awake */
};

/* ---- filters ----------------------------------------------------------- */

static bool is_evidence(const struct trace *t, uint32_t n)
{
	for (unsigned int i = 0; i < t->verdict_count; i++) {
		const struct verdict *v = &t->verdicts[i];

		if (v->at == n)
			return true;
		for (unsigned int k = 0; k < v->evidence_count; k++)
			if (v->evidence[k] == n)
				return true;
	}
	return false;
}

static bool is_wanted(const struct locks *l, const struct event *e)
{
	const struct viz_options *o = l->options;
	char point[POINT_NAME_MAX];

	if (o->around && (e->n + (uint64_t)o->span < o->around ||
			  e->n > (uint64_t)o->around + o->span))
		return false;
	if (o->hide.count == 0 || is_evidence(l->t, e->n))
		return true;
	event_point(e->kind, e->object_kind, point);
	for (unsigned int i = 0; i < o->hide.count; i++)
		if (fnmatch(o->hide.items[i], point, 0) == 0)
			return false;
	return true;
}

/* ---- steps ------------------------------------------------------------- */

static bool is_same(const struct locks_step *a, const struct locks_step *b)
{
	return a->from == b->from && a->to == b->to && a->thread == b->thread &&
	       a->held_count == b->held_count &&
	       memcmp(a->held, b->held, a->held_count * sizeof(*a->held)) == 0;
}

static bool is_known(const struct locks *l, const struct locks_step *step)
{
	for (unsigned int i = l->step_count; i-- > 0;)
		if (is_same(&l->steps[i], step))
			return true;
	return false;
}

static void add_step(struct locks *l, const struct event *e, uint32_t from,
		     const struct holding *h)
{
	struct locks_step step = {
		.from = from,
		.to = (uint32_t)e->object,
		.thread = e->thread,
		.n = e->n,
		.held_count = h->count,
		.held = h->items,
	};

	if (is_known(l, &step))
		return;
	if (l->step_count == l->step_room) {
		l->step_room = l->step_room ? 2 * l->step_room : 64;
		l->steps = realloc(l->steps, l->step_room * sizeof(*l->steps));
		if (!l->steps)
			abort();
	}
	step.held = zeroed(h->count, sizeof(*step.held));
	memcpy(step.held, h->items, h->count * sizeof(*step.held));
	l->steps[l->step_count++] = step;
}

static void add_steps(struct locks *l, const struct event *e,
		      const struct holding *h)
{
	if (h->count == 0)
		return;
	if (!is_wanted(l, e)) {
		l->hidden++;
		return;
	}
	for (uint32_t i = 0; i < h->count; i++)
		add_step(l, e, h->items[i], h);
}

static void take(struct holding *h, uint32_t lock)
{
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 4;
		h->items = realloc(h->items, h->room * sizeof(*h->items));
		if (!h->items)
			abort();
	}
	h->items[h->count++] = lock;
}

static void give_back(struct holding *h, uint32_t lock)
{
	uint32_t i = h->count;

	while (i && h->items[i - 1] != lock)
		i--;
	if (!i)
		return;
	memmove(&h->items[i - 1], &h->items[i],
		(h->count - i) * sizeof(*h->items));
	h->count--;
}

static void visit(struct locks *l, struct holding *h, const struct event *e)
{
	uint32_t lock = (uint32_t)e->object;

	if (e->kind == EVENT_SLEEP)
		h->asked = e->n;
	if (e->kind == EVENT_LOCK) {
		add_steps(l, e, h);
		h->asked = 0;
	}
	if (e->kind == EVENT_LOCK || (e->kind == EVENT_TRYLOCK && e->out))
		take(h, lock);
	else if (e->kind == EVENT_UNLOCK)
		give_back(h, lock);
}

static void find_steps(struct locks *l)
{
	const struct trace *t = l->t;
	struct holding *threads = zeroed(t->thread_count, sizeof(*threads));

	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].thread >= 0 && t->events[i].object)
			visit(l, &threads[t->events[i].thread], &t->events[i]);
	for (unsigned int i = 0; i < t->thread_count; i++) {
		if (threads[i].asked)
			add_steps(l, &t->events[threads[i].asked - 1],
				  &threads[i]);
		free(threads[i].items);
	}
	free(threads);
}

/* ---- pairs ------------------------------------------------------------- */

static int by_pair(const void *a, const void *b)
{
	const struct locks_step *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

static void find_pairs(struct locks *l)
{
	if (l->step_count > 1)
		qsort(l->steps, l->step_count, sizeof(*l->steps), by_pair);
	l->pairs = zeroed(l->step_count, sizeof(*l->pairs));
	for (unsigned int i = 0; i < l->step_count; i++) {
		const struct locks_step *s = &l->steps[i];

		if (i == 0 || s->from != s[-1].from || s->to != s[-1].to)
			l->pairs[l->pair_count++] =
				(struct locks_pair){s->from, s->to, i, 0};
		l->pairs[l->pair_count - 1].count++;
		l->is_lock[s->from] = true;
		l->is_lock[s->to] = true;
	}
	for (unsigned int i = 0; i < l->t->object_count; i++)
		l->lock_count += l->is_lock[i];
}

void locks_init(struct locks *l, const struct trace *t,
		const struct viz_options *options)
{
	*l = (struct locks){.t = t, .options = options};
	l->is_lock = zeroed(t->object_count, sizeof(*l->is_lock));
	l->knot_of = zeroed(t->object_count, sizeof(*l->knot_of));
	find_steps(l);
	find_pairs(l);
	locks_find_knots(l);
}

void locks_fini(struct locks *l)
{
	for (unsigned int i = 0; i < l->step_count; i++)
		free(l->steps[i].held);
	free(l->steps);
	free(l->pairs);
	free(l->is_lock);
	free(l->knot_of);
	free(l->knots);
}
