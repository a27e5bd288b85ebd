/*
 * compare.c - where two traces differ first, and how much.
 */
#include "viz/diff/compare.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* ---- names ------------------------------------------------------------- */

const char *name_of_mover(const struct trace *t, int32_t mover)
{
	if (mover >= 0 && (unsigned int)mover < t->thread_count)
		return t->threads[mover].name;
	if (mover == MOVER_CLOCK)
		return "clock";
	return mover == MOVER_SIGNAL ? "signal" : "";
}

static const char *object_name(const struct trace *t, uint64_t object)
{
	if (object == 0 || object >= t->object_count)
		return "";
	return t->objects[object].name ? t->objects[object].name : "";
}

const char *difference_name(enum difference_kind kind)
{
	static const char *const names[DIFFERENCE_KIND_COUNT] = {
		[DIFFERENCE_NONE] = "none",   [DIFFERENCE_MOVER] = "mover",
		[DIFFERENCE_POINT] = "point", [DIFFERENCE_VALUE] = "value",
		[DIFFERENCE_END] = "end",     [DIFFERENCE_VERDICT] = "verdict",
	};

	return names[kind];
}

const char *difference_text(enum difference_kind kind)
{
	static const char *const texts[DIFFERENCE_KIND_COUNT] = {
		[DIFFERENCE_NONE] = "no difference",
		[DIFFERENCE_MOVER] = "somebody else moves",
		[DIFFERENCE_POINT] = "the thread does something else",
		[DIFFERENCE_VALUE] = "the step comes out otherwise",
		[DIFFERENCE_END] = "one of them ends",
		[DIFFERENCE_VERDICT] = "the same steps are judged otherwise",
	};

	return texts[kind];
}

/* ---- two events -------------------------------------------------------- */

bool is_same_mover(const struct trace *a, const struct event *x,
		   const struct trace *b, const struct event *y)
{
	return strcmp(name_of_mover(a, x->thread),
		      name_of_mover(b, y->thread)) == 0;
}

static bool is_same_point(const struct event *x, const struct event *y)
{
	return x->kind == y->kind && x->object_kind == y->object_kind;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_object(const struct trace *a, uint64_t x,
			   const struct trace *b, uint64_t y)
{
	return strcmp(object_name(a, x), object_name(b, y)) == 0;
}

static bool is_same_value(const struct trace *a, const struct event *x,
			  const struct trace *b, const struct event *y)
{
	return x->in == y->in && x->in2 == y->in2 && x->out == y->out &&
	       x->has_values == y->has_values && x->old_value == y->old_value &&
	       x->new_value == y->new_value && x->has_permit == y->has_permit &&
	       x->permit == y->permit && is_same_text(x->text, y->text) &&
	       is_same_object(a, x->object, b, y->object) &&
	       is_same_object(a, x->object2, b, y->object2) &&
	       strcmp(name_of_mover(a, x->peer), name_of_mover(b, y->peer)) ==
		       0;
}

static enum difference_kind difference_of(const struct trace *a,
					  const struct event *x,
					  const struct trace *b,
					  const struct event *y)
{
	if (!is_same_mover(a, x, b, y))
		return DIFFERENCE_MOVER;
	if (!is_same_point(x, y))
		return DIFFERENCE_POINT;
	return is_same_value(a, x, b, y) ? DIFFERENCE_NONE : DIFFERENCE_VALUE;
}

/* ---- the first in order ------------------------------------------------ */

static bool is_judged_alike(const struct trace *a, const struct trace *b)
{
	if (a->verdict_count != b->verdict_count)
		return false;
	for (unsigned int i = 0; i < a->verdict_count; i++)
		if (a->verdicts[i].kind != b->verdicts[i].kind ||
		    !is_same_text(a->verdicts[i].what, b->verdicts[i].what))
			return false;
	return true;
}

static void find_first(struct comparison *c)
{
	const struct trace *a = c->t[0], *b = c->t[1];
	uint32_t i = 0;

	for (; i < a->event_count && i < b->event_count; i++) {
		c->first.kind =
			difference_of(a, &a->events[i], b, &b->events[i]);
		if (c->first.kind != DIFFERENCE_NONE)
			break;
	}
	if (i < a->event_count || i < b->event_count) {
		c->first.n[0] = i < a->event_count ? i + 1 : 0;
		c->first.n[1] = i < b->event_count ? i + 1 : 0;
		if (!c->first.n[0] || !c->first.n[1])
			c->first.kind = DIFFERENCE_END;
	} else if (!is_judged_alike(a, b)) {
		c->first.kind = DIFFERENCE_VERDICT;
	}
}

/* ---- the first of a thread --------------------------------------------- */

/*
 * How many references there are, and what time it is, tells of the order of
 * others, and of nothing that a thread does.
 */
static bool is_noise(const struct event *e)
{
	return e->kind == EVENT_REF_GET || e->kind == EVENT_REF_PUT ||
	       e->kind == EVENT_REF_COUNT || e->kind == EVENT_CLOCK_READ;
}

/* The events of each thread, chained: numbers, 0 ends. */
struct chains {
	uint32_t *first; /* by thread */
	uint32_t *next; /* by event - 1 */
};

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static void chain(struct chains *c, const struct trace *t)
{
	c->first = zeroed(t->thread_count, sizeof(*c->first));
	c->next = zeroed(t->event_count, sizeof(*c->next));
	for (uint32_t n = t->event_count; n > 0; n--) {
		int32_t thread = t->events[n - 1].thread;

		if (thread < 0 || (unsigned int)thread >= t->thread_count)
			continue;
		c->next[n - 1] = c->first[thread];
		c->first[thread] = n;
	}
}

static void unchain(struct chains *c)
{
	free(c->first);
	free(c->next);
}

/* Looked for beyond the place that it has in the other trace. */
#define THREADS_TRIED 1000u

static int32_t thread_named(const struct trace *t, const char *name,
			    unsigned int likely)
{
	if (likely < t->thread_count &&
	    is_same_text(t->threads[likely].name, name))
		return (int32_t)likely;
	for (unsigned int i = 0; i < t->thread_count && i < THREADS_TRIED; i++)
		if (is_same_text(t->threads[i].name, name))
			return (int32_t)i;
	return EVENT_NOBODY;
}

/* Where the steps of one thread part; @x, @y: its first ones. */
static struct difference effect_of(const struct comparison *c,
				   const struct chains chains[2], uint32_t x,
				   uint32_t y)
{
	const struct trace *a = c->t[0], *b = c->t[1];
	struct difference d = {0};

	for (; x && y; x = chains[0].next[x - 1], y = chains[1].next[y - 1]) {
		const struct event *e = &a->events[x - 1];

		d.kind = difference_of(a, e, b, &b->events[y - 1]);
		if (d.kind == DIFFERENCE_POINT ||
		    (d.kind == DIFFERENCE_VALUE && !is_noise(e)))
			break;
	}
	if (!x && !y)
		return (struct difference){0};
	if (!x || !y)
		d.kind = DIFFERENCE_END;
	d.n[0] = x;
	d.n[1] = y;
	return d;
}

static uint32_t earliest(const struct difference *d)
{
	return d->n[0] ? d->n[0] : d->n[1];
}

/* Of a thread that only ends earlier nothing is said if another differs. */
static bool comes_before(const struct difference *d,
			 const struct difference *best)
{
	bool is_end = d->kind == DIFFERENCE_END;
	bool best_is_end = best->kind == DIFFERENCE_END;

	if (d->kind == DIFFERENCE_NONE)
		return false;
	if (best->kind == DIFFERENCE_NONE || is_end != best_is_end)
		return best->kind == DIFFERENCE_NONE || best_is_end;
	return earliest(d) < earliest(best);
}

static void find_effect(struct comparison *c)
{
	struct chains chains[2];

	chain(&chains[0], c->t[0]);
	chain(&chains[1], c->t[1]);
	for (unsigned int i = 0; i < c->t[0]->thread_count; i++) {
		int32_t right =
			thread_named(c->t[1], c->t[0]->threads[i].name, i);
		struct difference d;

		if (right < 0)
			continue;
		d = effect_of(c, chains, chains[0].first[i],
			      chains[1].first[right]);
		if (comes_before(&d, &c->effect))
			c->effect = d;
	}
	unchain(&chains[0]);
	unchain(&chains[1]);
}

/* ---- how much ---------------------------------------------------------- */

uint64_t key_of(const void *data, size_t size, uint64_t seed)
{
	return XXH64(data, size, seed);
}

uint64_t key_of_text(const char *text, uint64_t seed)
{
	return key_of(text ? text : "", text ? strlen(text) + 1 : 1, seed);
}

/* Numbers of references are left out, as above. */
static uint64_t key_of_event(const struct trace *t, const struct event *e)
{
	uint64_t key = key_of_text(name_of_mover(t, e->thread), 1);
	const uint64_t values[] = {e->in,	 e->in2,       (uint64_t)e->out,
				   e->old_value, e->new_value, e->permit};
	const uint32_t kinds[] = {e->kind, e->object_kind};

	key = key_of(kinds, sizeof(kinds), key);
	key = key_of_text(object_name(t, e->object), key);
	key = key_of_text(object_name(t, e->object2), key);
	key = key_of_text(name_of_mover(t, e->peer), key);
	key = key_of_text(e->text, key);
	return is_noise(e) ? key : key_of(values, sizeof(values), key);
}

uint64_t *keys_of_events(const struct trace *t)
{
	uint64_t *keys = calloc(t->event_count + 1, sizeof(*keys));

	if (!keys)
		abort();
	for (uint32_t i = 0; i < t->event_count; i++)
		keys[i] = key_of_event(t, &t->events[i]);
	return keys;
}

static void count(struct comparison *c)
{
	uint32_t counts[2] = {c->t[0]->event_count, c->t[1]->event_count};
	uint64_t *a = keys_of_events(c->t[0]), *b = keys_of_events(c->t[1]);
	uint32_t *pair = calloc(counts[0] + 1, sizeof(*pair));

	if (!pair)
		abort();
	c->is_counted = align_keys(a, counts[0], b, counts[1], pair);
	for (uint32_t i = 0; i < counts[0]; i++)
		c->alike += pair[i] != ALIGN_NONE;
	c->only[0] = counts[0] - c->alike;
	c->only[1] = counts[1] - c->alike;
	free(pair);
	free(a);
	free(b);
}

void compare_traces(const struct trace *left, const struct trace *right,
		    struct comparison *c)
{
	*c = (struct comparison){.t = {left, right}};
	find_first(c);
	if (c->first.kind == DIFFERENCE_NONE) {
		c->is_counted = true;
		c->alike = left->event_count;
		return;
	}
	find_effect(c);
	count(c);
}

bool comparison_is_equal(const struct comparison *c)
{
	return c->first.kind == DIFFERENCE_NONE;
}
