/*
 * window.c - which steps are shown.
 *
 * A call changes queues as a whole, so the steps are those of a call, from its
 * beginning to its end or to where it goes to sleep.
 */
#include "viz/queues/snapshot.h"

#include <stdlib.h>

bool is_queue_note(const struct event *e)
{
	return e->kind >= EVENT_QUEUE_PUSH && e->kind <= EVENT_QUEUE_APPEND;
}

bool is_joining(const struct event *e)
{
	return e->kind == EVENT_QUEUE_PUSH || e->kind == EVENT_QUEUE_APPEND;
}

bool is_of_violation(const struct trace *t, uint32_t n)
{
	const struct verdict *v = t->verdict_count ? &t->verdicts[0] : NULL;

	if (!v || n == 0)
		return false;
	for (unsigned int i = 0; i < v->evidence_count; i++)
		if (v->evidence[i] == n)
			return true;
	return v->at == n;
}

/* ---- the part of a call that an event lies in -------------------------- */

/* Steps of one thread between two of its sleeps, within a call. */
struct stretch {
	uint32_t first, last;
	uint32_t call; /* its enter; 0: in no call */
};

static bool is_sleep(const struct event *e)
{
	return e->kind == EVENT_BLOCK && !(e->has_permit && e->permit);
}

static bool is_bound(const struct event *e)
{
	return e->kind == EVENT_RETURN || e->kind == EVENT_EXIT;
}

/* The enter of the call that @e lies in, or 0. */
static uint32_t call_of(const struct trace *t, const struct event *e)
{
	int32_t thread = e->thread;

	if (is_bound(e) && e > t->events)
		e--;
	for (; e >= t->events; e--) {
		if (e->thread != thread)
			continue;
		if (e->kind == EVENT_ENTER)
			return e->n;
		if (is_bound(e))
			return 0;
	}
	return 0;
}

static uint32_t begin_of(const struct event *e, uint32_t call)
{
	int32_t thread = e->thread;

	for (; e->n > call; e--)
		if (e->thread == thread && e->kind == EVENT_RESUME)
			return e->n;
	return call;
}

static uint32_t end_of(const struct trace *t, const struct event *e)
{
	const struct event *end = t->events + t->event_count;
	int32_t thread = e->thread;
	uint32_t last = e->n;

	for (; e < end; e++) {
		if (e->thread != thread)
			continue;
		last = e->n;
		if (is_sleep(e) || is_bound(e))
			break;
	}
	return last;
}

static struct stretch stretch_of(const struct trace *t, uint32_t n)
{
	const struct event *e = &t->events[n - 1];
	struct stretch s = {.first = n, .last = n};

	if (e->thread < 0)
		return s;
	s.call = call_of(t, e);
	if (!s.call)
		return s;
	s.first = begin_of(e, s.call);
	s.last = end_of(t, e);
	return s;
}

#define MOVES_OTHERS 1000u /* more than a call's own comings and goings */

/* ---- which one --------------------------------------------------------- */

/* How much a stretch does to queues: most if it wakes or moves others. */
static unsigned int weight_of(const struct trace *t, const struct stretch *s,
			      int32_t thread)
{
	static const unsigned int weights[EVENT_KIND_COUNT] = {
		[EVENT_QUEUE_PUSH] = 1,
		[EVENT_QUEUE_REMOVE] = 1,
		[EVENT_QUEUE_CHARGE] = MOVES_OTHERS,
		[EVENT_QUEUE_DROP] = MOVES_OTHERS,
		[EVENT_QUEUE_APPEND] = MOVES_OTHERS,
	};
	unsigned int weight = 0;

	for (uint32_t n = s->first; n <= s->last; n++) {
		const struct event *e = &t->events[n - 1];

		if (e->thread != thread || !is_queue_note(e))
			continue;
		weight += weights[e->kind];
	}
	return weight;
}

static unsigned int weight_at(const struct trace *t, uint32_t n)
{
	struct stretch s;

	if (n == 0 || n > t->event_count)
		return 0;
	s = stretch_of(t, n);
	return weight_of(t, &s, t->events[n - 1].thread);
}

/*
 * The first event of the violation in whose call a queue changes, if possible
 * by more than that the caller joins or leaves; or 0.
 */
static uint32_t event_of_violation(const struct trace *t)
{
	const struct verdict *v = t->verdict_count ? &t->verdicts[0] : NULL;
	uint32_t found = 0;

	for (unsigned int i = 0; v && i <= v->evidence_count; i++) {
		uint32_t n = i ? v->evidence[i - 1] : v->at;
		unsigned int weight = weight_at(t, n);

		if (weight >= MOVES_OTHERS)
			return n;
		if (weight > 0 && found == 0)
			found = n;
	}
	return found;
}

/* An event of the call that moves most waiters; 0 if none does. */
static uint32_t event_of_most(const struct trace *t)
{
	uint32_t *done = calloc(t->thread_count + 1, sizeof(*done));
	unsigned int most = 0;
	uint32_t found = 0;

	if (!done)
		abort();
	for (uint32_t n = 1; n <= t->event_count; n++) {
		const struct event *e = &t->events[n - 1];
		unsigned int weight;
		struct stretch s;

		if (!is_queue_note(e) || e->thread < 0 || n <= done[e->thread])
			continue;
		s = stretch_of(t, n);
		done[e->thread] = s.last;
		weight = weight_of(t, &s, e->thread);
		if (weight > most) {
			most = weight;
			found = n;
		}
	}
	free(done);
	return found;
}

static void take_stretch(struct snapshot *s, uint32_t n)
{
	struct stretch stretch = stretch_of(s->t, n);

	s->before = stretch.first - 1;
	s->after = stretch.last;
	s->call = stretch.call;
	s->mover = s->t->events[n - 1].thread;
}

void snapshot_choose(struct snapshot *s, const struct viz_options *o)
{
	uint32_t count = s->t->event_count;
	uint32_t n = o->around;

	s->mover = MOVER_NONE;
	if (n == 0)
		n = event_of_violation(s->t);
	if (n == 0)
		n = event_of_most(s->t);
	if (n == 0 || n > count)
		return;
	if (o->around == 0 || o->span == 0) {
		take_stretch(s, n);
		return;
	}
	s->before = n > o->span ? n - o->span - 1 : 0;
	s->after = o->span < count - n ? n + o->span : count;
}
