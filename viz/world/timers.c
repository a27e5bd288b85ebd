/*
 * timers.c - which timer fires where, and how far the wall clock is ahead.
 */
#include "viz/world/plan.h"

#include <stdlib.h>

/* From the end: the next firing is that of the arming before it. */
static void find_fires(struct world_plan *p, const struct trace *t)
{
	uint32_t *next = plan_zeroed(t->thread_count, sizeof(*next));

	for (unsigned int i = t->event_count; i > 0; i--) {
		const struct event *e = &t->events[i - 1];

		if (e->kind == EVENT_TIMER_FIRE && plan_is_thread(t, e->peer))
			next[e->peer] = e->n;
		if (!plan_is_thread(t, e->thread))
			continue;
		if (e->kind == EVENT_TIMER_ARM)
			p->fires[i - 1] = next[e->thread];
		if (e->kind == EVENT_TIMER_ARM || e->kind == EVENT_TIMER_CANCEL)
			next[e->thread] = 0;
	}
	free(next);
}

/*
 * How far the wall clock is ahead at the start: who reads it tells, and a timer
 * fires when its deadline, a wall time, has come.
 */
static uint64_t find_wall_clock(const struct trace *t)
{
	uint64_t wall, ahead = 0;

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (e->kind == EVENT_CLOCK_SET && e->out == 0)
			break;
		if (e->kind != EVENT_CLOCK_READ && e->kind != EVENT_TIMER_FIRE)
			continue;
		wall = e->kind == EVENT_CLOCK_READ ? (uint64_t)e->out : e->in;
		if (wall != UINT64_MAX && wall > e->time_ns &&
		    wall - e->time_ns > ahead)
			ahead = wall - e->time_ns;
	}
	return ahead;
}

void plan_timers(struct world_plan *p, const struct trace *t)
{
	find_fires(p, t);
	p->wall_ahead_at_start_ns = find_wall_clock(t);
}
