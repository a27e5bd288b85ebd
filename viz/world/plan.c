/*
 * plan.c - when threads are freed and have come to their end.
 *
 * A thread that runs on after it was blocked names as its cause the event that
 * freed it.  Where there is none, as with a thread that did not get to run any
 * more, the events in between are asked.
 */
#include "viz/world/plan.h"

#include <stdlib.h>
#include <string.h>

void *plan_zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

void plan_turn(struct world_plan *p, uint32_t n, enum world_turn_kind kind,
	       uint32_t index, uint64_t value)
{
	if (p->turn_count == p->turn_room) {
		p->turn_room = p->turn_room ? 2 * p->turn_room : 64;
		p->turns = realloc(p->turns, p->turn_room * sizeof(*p->turns));
		if (!p->turns)
			abort();
	}
	p->turns[p->turn_count++] = (struct world_turn){n, kind, index, value};
}

bool plan_is_thread(const struct trace *t, int32_t thread)
{
	return thread >= 0 && (unsigned int)thread < t->thread_count;
}

bool plan_ends_as(const struct trace *t, int32_t thread, const char *end)
{
	const char *text = t->threads[thread].end;

	return text && strncmp(text, end, strlen(end)) == 0;
}

/* ---- threads that are freed -------------------------------------------- */

static bool is_blocking(const struct event *e)
{
	return e->kind == EVENT_SLEEP ||
	       (e->kind == EVENT_BLOCK && !(e->has_permit && e->permit));
}

/* May @e have freed @thread?  A signal may free all threads of a process. */
static bool may_free(const struct event *e, int32_t thread)
{
	if (e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE ||
	    e->kind == EVENT_SPURIOUS)
		return e->peer == thread && e->out;
	if (e->kind == EVENT_UNLOCK)
		return e->peer == thread;
	return e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL ||
	       e->kind == EVENT_DELIVER || e->kind == EVENT_EXIT;
}

/* The first event between two of @thread's that frees it. */
static uint32_t find_freeing(const struct trace *t, const struct event *from,
			     const struct event *to)
{
	for (const struct event *e = from + 1; e < to; e++)
		if (may_free(e, from->thread) && e->peer == from->thread)
			return e->n;
	for (const struct event *e = from + 1; e < to; e++)
		if (may_free(e, from->thread))
			return e->n;
	return to > t->events ? to[-1].n : 0;
}

/*
 * What a call does without a step of its own, such as exit_group that kills
 * the other threads, belongs to the step before: the cause is one too late.
 */
static uint32_t freed_by(const struct trace *t, const struct event *from,
			 const struct event *next)
{
	uint32_t cause = next->cause;

	if (cause <= from->n || cause > next->n)
		return find_freeing(t, from, next);
	if (may_free(&t->events[cause - 1], from->thread) && cause < next->n)
		return cause;
	return cause - 1;
}

static void find_freed(struct world_plan *p, const struct trace *t)
{
	const struct event **blocked =
		plan_zeroed(t->thread_count, sizeof(struct event *));
	const struct event *end = t->events + t->event_count;

	for (const struct event *e = t->events; e < end; e++) {
		if (!plan_is_thread(t, e->thread))
			continue;
		if (blocked[e->thread])
			plan_turn(p, freed_by(t, blocked[e->thread], e),
				  TURN_STATE, (uint32_t)e->thread,
				  WORLD_RUNNING);
		blocked[e->thread] = is_blocking(e) ? e : NULL;
	}
	for (int32_t i = 0; i < (int32_t)t->thread_count; i++)
		if (blocked[i] && plan_ends_as(t, i, "runnable"))
			plan_turn(p, find_freeing(t, blocked[i], end),
				  TURN_STATE, (uint32_t)i, WORLD_RUNNING);
	free(blocked);
}

/* ---- threads that are at their end ------------------------------------- */

/* Who never moved is done when it begins. */
static uint32_t born_at(const struct world_plan *p, uint32_t thread)
{
	for (unsigned int i = 0; i < p->turn_count; i++)
		if (p->turns[i].index == thread)
			return p->turns[i].n;
	return 0;
}

static void find_done(struct world_plan *p, const struct trace *t)
{
	uint32_t *last = plan_zeroed(t->thread_count, sizeof(*last));

	for (unsigned int i = 0; i < t->event_count; i++)
		if (plan_is_thread(t, t->events[i].thread))
			last[t->events[i].thread] = t->events[i].n;
	for (uint32_t i = 0; i < t->thread_count; i++) {
		if (!plan_ends_as(t, (int32_t)i, "done") &&
		    !plan_ends_as(t, (int32_t)i, "returned"))
			continue;
		if (!last[i] && p->is_late[i])
			last[i] = born_at(p, i);
		plan_turn(p, last[i], TURN_STATE, i, WORLD_DONE);
	}
	free(last);
}

/* ---- together ------------------------------------------------------------
 */

/* With one event a thread is freed or begins before it is at its end. */
static int compare_turns(const void *a, const void *b)
{
	const struct world_turn *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static void find_touched(struct world_plan *p, const struct trace *t)
{
	for (unsigned int i = t->event_count; i > 0; i--) {
		const struct event *e = &t->events[i - 1];

		if (e->object < t->object_count)
			p->touched_at[e->object] = e->n;
		if (e->object2 < t->object_count)
			p->touched_at[e->object2] = e->n;
	}
}

struct world_plan *plan_new(const struct trace *t)
{
	struct world_plan *p = plan_zeroed(1, sizeof(*p));

	p->touched_at = plan_zeroed(t->object_count, sizeof(*p->touched_at));
	p->is_late = plan_zeroed(t->thread_count, sizeof(*p->is_late));
	p->armed_at = plan_zeroed(t->thread_count, sizeof(*p->armed_at));
	p->fires = plan_zeroed(t->event_count, sizeof(*p->fires));
	plan_births(p, t);
	find_freed(p, t);
	find_done(p, t);
	plan_permits(p, t);
	plan_words(p, t);
	plan_timers(p, t);
	find_touched(p, t);
	if (p->turn_count)
		qsort(p->turns, p->turn_count, sizeof(*p->turns),
		      compare_turns);
	return p;
}

void plan_free(struct world_plan *p)
{
	free(p->turns);
	free(p->touched_at);
	free(p->is_late);
	free(p->armed_at);
	free(p->fires);
	free(p);
}
