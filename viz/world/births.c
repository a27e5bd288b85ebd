/*
 * births.c - threads that begin in the course of a trace.
 *
 * Those are the ones that a clone or a fork names, and those that never began.
 */
#include "viz/world/plan.h"

#include <stdlib.h>
#include <string.h>

static bool is_same_process(const struct trace *t, int32_t a, int32_t b)
{
	const char *of_a = t->threads[a].process;
	const char *of_b = t->threads[b].process;

	return of_a && of_b && strcmp(of_a, of_b) == 0;
}

/* A fork begins all threads of the process that nobody clones. */
static void find_late(struct world_plan *p, const struct trace *t)
{
	int32_t count = (int32_t)t->thread_count;
	const struct event *e = t->events;

	for (int32_t i = 0; i < count; i++)
		p->is_late[i] = plan_ends_as(t, i, "not started");
	for (; e < t->events + t->event_count; e++) {
		if (!plan_is_thread(t, e->peer))
			continue;
		if (e->kind == EVENT_CLONE)
			p->is_late[e->peer] = true;
		if (e->kind != EVENT_FORK)
			continue;
		for (int32_t i = 0; i < count; i++)
			p->is_late[i] |= is_same_process(t, i, e->peer);
	}
}

/* A clone ends with its last step, for the number may have to be told first. */
static uint32_t end_of_clone(const struct trace *t, const struct event *clone)
{
	const struct event *e = clone + 1;
	uint32_t last = clone->n;

	for (; e < t->events + t->event_count; e++) {
		if (e->thread != clone->thread)
			continue;
		if (e->kind == EVENT_RETURN || e->kind == EVENT_DELIVER ||
		    e->kind == EVENT_EXIT)
			break;
		last = e->n;
	}
	return last;
}

static void begin_process(struct world_plan *p, const struct trace *t,
			  const struct event *fork, uint32_t *born_at,
			  const bool *is_cloned)
{
	for (int32_t i = 0; i < (int32_t)t->thread_count; i++) {
		if (!p->is_late[i] || born_at[i] || is_cloned[i] ||
		    !is_same_process(t, i, fork->peer) ||
		    plan_ends_as(t, i, "not started"))
			continue;
		born_at[i] = fork->n;
	}
}

static void find_births(struct world_plan *p, const struct trace *t,
			uint32_t *born_at)
{
	const struct event *end = t->events + t->event_count;
	bool *is_cloned = plan_zeroed(t->thread_count, sizeof(*is_cloned));

	for (const struct event *e = t->events; e < end; e++)
		if (e->kind == EVENT_CLONE && plan_is_thread(t, e->peer))
			is_cloned[e->peer] = true;
	for (const struct event *e = t->events; e < end; e++) {
		if (!plan_is_thread(t, e->peer) || e->out < 0)
			continue;
		if (e->kind == EVENT_FORK)
			begin_process(p, t, e, born_at, is_cloned);
		else if (e->kind == EVENT_CLONE && !born_at[e->peer] &&
			 !plan_ends_as(t, e->peer, "not started"))
			born_at[e->peer] = end_of_clone(t, e);
	}
	free(is_cloned);
}

void plan_births(struct world_plan *p, const struct trace *t)
{
	uint32_t *born_at = plan_zeroed(t->thread_count, sizeof(*born_at));

	find_late(p, t);
	find_births(p, t, born_at);
	for (uint32_t i = 0; i < t->thread_count; i++)
		if (born_at[i])
			plan_turn(p, born_at[i], TURN_STATE, i, WORLD_RUNNING);
	free(born_at);
}
