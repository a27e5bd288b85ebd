/*
 * same.c - queues that are shown as one.
 *
 * A wait queue is freed when nobody needs it any more, and made anew for the
 * next one who waits on its word.  To a reader that is one queue, as long as
 * the two are never there at the same time; where they are, as in a race
 * between who removes an entry and who looks it up, telling them apart is the
 * point of the picture.
 */
#include "viz/sequence/story.h"

#include <stdlib.h>
#include <string.h>

/* How many of the latest groups to look at. */
#define GROUPS_MAX 256u

/* When a queue is in use. */
struct span {
	uint32_t first, last; /* events */
	uint32_t waiting;
};

static void note_use(const struct story *s, struct span *spans,
		     const struct event *e)
{
	struct span *span = &spans[e->object];
	bool is_note =
		e->kind >= EVENT_QUEUE_PUSH && e->kind <= EVENT_QUEUE_APPEND;

	if (e->object == 0 || s->t->objects[e->object].kind != OBJECT_WQ)
		return;
	if (!event_is_mutex(e) && !is_note)
		return;
	if (span->first == 0)
		span->first = e->n;
	span->last = e->n;
	if (!is_note)
		return;
	if (e->kind == EVENT_QUEUE_PUSH || e->kind == EVENT_QUEUE_APPEND)
		span->waiting++;
	else if (span->waiting > 0)
		span->waiting--;
}

static bool is_of_one_word(const struct trace_object *a,
			   const struct trace_object *b)
{
	return a->word && b->word && strcmp(a->word, b->word) == 0;
}

void story_join(struct story *s)
{
	const struct trace *t = s->t;
	size_t count = t->object_count + 1;
	struct span *spans = trace_alloc(s->memory, count * sizeof(*spans));
	uint32_t *firsts = trace_alloc(s->memory, count * sizeof(*firsts));
	unsigned int groups = 0;

	s->same = trace_alloc(s->memory, count * sizeof(*s->same));
	for (uint32_t i = 0; i < t->event_count; i++)
		note_use(s, spans, &t->events[i]);
	for (uint32_t i = 1; i < t->object_count; i++) {
		unsigned int g = groups;

		s->same[i] = i;
		if (t->objects[i].kind != OBJECT_WQ || !spans[i].first)
			continue;
		if (spans[i].waiting > 0)
			spans[i].last = t->event_count + 1;
		/* The latest group first: the others may be long over. */
		while (g > 0 && groups - g < GROUPS_MAX &&
		       !(is_of_one_word(&t->objects[firsts[g - 1]],
					&t->objects[i]) &&
			 spans[firsts[g - 1]].last < spans[i].first))
			g--;
		if (g == 0 || groups - g == GROUPS_MAX) {
			firsts[groups++] = i;
			continue;
		}
		s->same[i] = firsts[g - 1];
		spans[firsts[g - 1]].last = spans[i].last;
	}
}

uint32_t story_same(const struct story *s, uint64_t object)
{
	return object < s->t->object_count ? s->same[object] : 0;
}
