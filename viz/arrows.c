/*
 * arrows.c - what one thread does to another: wakes, timers, signals, locks
 * handed over.
 */
#include "viz/story.h"

static const struct event *clock_reading(const struct story *s,
					 const struct event *arm)
{
	for (const struct event *e = arm; e > s->t->events; e--) {
		if (e->thread != arm->thread)
			continue;
		if (e->kind == EVENT_CLOCK_READ)
			return e;
		if (e->kind == EVENT_ENTER)
			break;
	}
	return NULL;
}

bool timer_duration(const struct story *s, const struct event *arm,
		    uint64_t *ns)
{
	const struct event *reading = clock_reading(s, arm);

	if (!reading || reading->out < 0 || arm->in == UINT64_MAX ||
	    arm->in < (uint64_t)reading->out)
		return false;
	*ns = arm->in - (uint64_t)reading->out;
	return true;
}

static const char *arm_label(struct story *s, const struct event *e)
{
	const char *name = thread_of(s->t, e->thread);
	uint64_t ns;

	if (!timer_duration(s, e, &ns))
		return story_format(s, "arm %s", name);
	return story_format(s, "arm %s +%s", name, words_of_time(s, ns));
}

static void point_at(struct story *s, struct row *row, enum arrow arrow,
		     int lane, const char *label)
{
	(void)s;
	if (lane < 0 || lane == row->lane)
		return;
	row->arrow = arrow;
	row->arrow_lane = lane;
	row->arrow_label = label;
}

/* The arrow of an event that has a row of its own. */
static void add_arrow(struct story *s, struct row *row)
{
	const struct event *e = row_event(s, row);
	int peer = story_lane_of(s, e->peer);

	if (e->kind == EVENT_WAKE && e->out)
		point_at(s, row, ARROW_WAKE, peer, "wake");
	else if (e->kind == EVENT_WAKE)
		point_at(s, row, ARROW_PERMIT, peer, "permit");
	else if (e->kind == EVENT_TIMER_FIRE)
		point_at(s, row, ARROW_FIRE, peer,
			 story_format(s, "expire t = %s",
				      words_of_time(s, e->time_ns)));
	else if ((e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL) &&
		 peer >= 0)
		point_at(s, row, ARROW_FIRE, peer, "signal");
	else if (e->kind == EVENT_SPURIOUS)
		point_at(s, row, ARROW_FIRE, peer, "for no reason");
	else if ((e->kind == EVENT_FORK || e->kind == EVENT_CLONE) &&
		 e->out > 0)
		point_at(s, row, ARROW_WAKE, peer, event_operation(e->kind));
	else if (e->kind == EVENT_UNLOCK && peer >= 0)
		point_at(s, row, ARROW_HAND, peer, "hands over");
	else if (e->kind == EVENT_TIMER_ARM)
		point_at(s, row, ARROW_ARM, s->clock_lane, arm_label(s, e));
}

/* Timers that are armed without a row of their own, on the way to a park. */
static void add_arm(struct story *s, const struct event *e)
{
	int i = story_lane_row(s, e->n, story_lane_of(s, e->thread));
	struct row *row;

	if (i < 0 || i + 1 >= (int)s->row_count || s->rows[i].n == e->n)
		return;
	row = &s->rows[i + 1];
	if (row->look == LOOK_PARK && row->mover == e->thread &&
	    !row->is_whole_call)
		point_at(s, row, ARROW_ARM, s->clock_lane, arm_label(s, e));
}

void story_arrows(struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].folded == 0)
			add_arrow(s, &s->rows[i]);
	if (s->row_count == 0)
		return;
	for (unsigned int i = 0; i < s->t->event_count; i++)
		if (s->t->events[i].kind == EVENT_TIMER_ARM)
			add_arm(s, &s->t->events[i]);
}
