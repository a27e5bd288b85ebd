/*
 * permits.c - who has a permit: a wake-up that the next park takes without
 * sleeping.
 *
 * A permit belongs to the waker of one wait.  Wake-ups give it, timers and
 * signals only if the waiter has left its waker with them; who they find is not
 * told, but the next park says whether there was a permit.
 */
#include "viz/world/plan.h"

#include <stdlib.h>
#include <string.h>

/* By thread, since its wait began or it last parked. */
struct wait {
	bool has_interrupt; /* its waker can be found by signals */
	bool has_poll; /* and by its timer */
	bool is_parked; /* what would be a permit lets it go on */
	uint32_t given_at; /* n of the event that gave it a permit; 0: none */
	uint32_t since; /* n of the event that began it */
};

struct permits {
	struct world_plan *plan;
	const struct trace *t;
	struct wait *waits;
};

/* The threads of a process are killed in the course of these calls. */
static bool may_kill(const struct event *e)
{
	if (e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL ||
	    e->kind == EVENT_DELIVER || e->kind == EVENT_EXIT)
		return true;
	return e->kind == EVENT_ENTER && e->text &&
	       (strncmp(e->text, "exit_group", 10) == 0 ||
		strncmp(e->text, "exec", 4) == 0);
}

/* Where a permit came from of which no event tells. */
static uint32_t find_giver(const struct permits *p, const struct event *park)
{
	const struct event *e = park - 1;

	for (; e >= p->t->events && e->n > p->waits[park->thread].since; e--)
		if (e->thread != park->thread && may_kill(e))
			return e->n;
	return park->n - 1;
}

static void give(struct permits *p, const struct event *e)
{
	struct wait *wait;

	if (!plan_is_thread(p->t, e->peer))
		return;
	wait = &p->waits[e->peer];
	if (e->kind == EVENT_TIMER_FIRE && !wait->has_poll)
		return;
	if ((e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL) &&
	    !wait->has_interrupt)
		return;
	if (e->kind == EVENT_TIMER_FIRE)
		wait->has_poll = false;
	else if (e->kind != EVENT_WAKE)
		wait->has_interrupt = false;
	if (wait->is_parked)
		wait->is_parked = false;
	else if (!wait->given_at)
		wait->given_at = e->n;
}

/* There was a permit from @from on, up to @e. */
static void tell(struct permits *p, uint32_t from, const struct event *e)
{
	uint32_t thread = (uint32_t)e->thread;

	plan_turn(p->plan, from, TURN_PERMIT, thread, true);
	plan_turn(p->plan, e->n, TURN_PERMIT, thread, false);
}

static void take_park(struct permits *p, const struct event *e)
{
	struct wait *wait = &p->waits[e->thread];

	if (e->has_permit && e->permit)
		tell(p, wait->given_at ? wait->given_at : find_giver(p, e), e);
	wait->is_parked = !(e->has_permit && e->permit);
	wait->given_at = 0;
	wait->since = e->n;
}

/* A wait begins or is over: its waker goes, and with it the permit. */
static void take_bound(struct permits *p, const struct event *e)
{
	struct wait *wait = &p->waits[e->thread];

	if (wait->given_at)
		tell(p, wait->given_at, e);
	*wait = (struct wait){.since = e->n};
}

static void take_own(struct permits *p, const struct event *e)
{
	struct wait *wait = &p->waits[e->thread];

	if (e->kind == EVENT_BLOCK)
		take_park(p, e);
	else if (e->kind == EVENT_RESUME)
		wait->is_parked = false;
	else if (e->kind == EVENT_ENTER || e->kind == EVENT_RETURN ||
		 e->kind == EVENT_EXIT)
		take_bound(p, e);
	else if (e->kind == EVENT_INTERRUPT_REGISTER)
		wait->has_interrupt = true;
	else if (e->kind == EVENT_TIMER_POLL)
		wait->has_poll = !e->out;
	else if (e->kind == EVENT_TIMER_CANCEL)
		wait->has_poll = false;
}

void plan_permits(struct world_plan *plan, const struct trace *t)
{
	struct permits p = {
		.plan = plan,
		.t = t,
		.waits = plan_zeroed(t->thread_count, sizeof(struct wait)),
	};
	const struct event *end = t->events + t->event_count;

	for (const struct event *e = t->events; e < end; e++) {
		if (e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE ||
		    e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL)
			give(&p, e);
		if (plan_is_thread(t, e->thread))
			take_own(&p, e);
	}
	for (uint32_t i = 0; i < t->thread_count; i++)
		if (p.waits[i].given_at)
			plan_turn(plan, p.waits[i].given_at, TURN_PERMIT, i,
				  true);
	free(p.waits);
}
