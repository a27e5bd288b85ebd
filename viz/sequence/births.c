/*
 * births.c - threads that are not there from the start: a clone or fork
 * begins them, or nobody does.
 */
#include "viz/sequence/story.h"

#include <string.h>

static bool is_birth(const struct event *e)
{
	return (e->kind == EVENT_FORK || e->kind == EVENT_CLONE) &&
	       e->out > 0 && e->peer >= 0;
}

static bool is_never_started(const struct story *s, int32_t thread)
{
	const char *end = s->t->threads[thread].end;

	return end && strcmp(end, "not started") == 0;
}

/* A fork begins all threads of the copy but those that a clone begins. */
static bool begins_with(const struct story *s, const struct event *birth,
			const bool *is_cloned, int32_t thread)
{
	const struct trace_thread *threads = s->t->threads;

	if (thread == birth->peer)
		return true;
	return birth->kind == EVENT_FORK && !is_cloned[thread] &&
	       !is_never_started(s, thread) && threads[thread].process &&
	       threads[birth->peer].process &&
	       strcmp(threads[thread].process, threads[birth->peer].process) ==
		       0;
}

/* By thread: whether some clone names it. */
static bool *find_cloned(struct story *s)
{
	bool *is_cloned = trace_alloc(s->memory, s->t->thread_count + 1);

	for (unsigned int i = 0; i < s->t->event_count; i++) {
		const struct event *e = &s->t->events[i];

		if (e->kind == EVENT_CLONE && e->peer >= 0)
			is_cloned[e->peer] = true;
	}
	return is_cloned;
}

static void take_birth(struct story *s, const struct event *e,
		       const bool *is_cloned)
{
	unsigned int row = story_row_of(s, e->n);
	bool is_here = story_is_inside(s, e->n) && s->rows[row].n == e->n &&
		       s->rows[row].mover == e->thread;

	for (unsigned int i = 0; i < s->t->thread_count; i++) {
		int lane = story_lane_of(s, (int32_t)i);

		if (lane < 0 || !begins_with(s, e, is_cloned, (int32_t)i))
			continue;
		if (e->n > s->last)
			s->lanes[lane].born = s->row_count;
		else if (e->n >= s->first && e->n >= s->rows[0].n)
			s->lanes[lane].born = row;
		s->lanes[lane].is_born_here = is_here;
		if (is_here)
			story_point(s, &s->rows[row], ARROW_BIRTH, lane,
				    event_operation(e->kind));
	}
}

void story_births(struct story *s)
{
	const struct trace *t = s->t;
	const bool *is_cloned = find_cloned(s);

	for (unsigned int i = 0; i < s->lane_count; i++) {
		int32_t thread = s->lanes[i].mover;

		if (thread >= 0 && is_never_started(s, thread))
			s->lanes[i].born = s->row_count;
	}
	for (unsigned int i = 0; i < t->event_count && s->row_count > 0; i++)
		if (is_birth(&t->events[i]))
			take_birth(s, &t->events[i], is_cloned);
}
