/*
 * arrows.c - what one thread does to another: wakes, timers, signals, locks
 * handed over.
 */
#include "viz/sequence/story.h"

static const char *arm_label(struct story *s, const struct event *e)
{
	const char *name = thread_of(s->t, e->thread);
	const char *until;
	uint64_t ns;

	until = timer_deadline(s, e);
	if (!timer_is_absolute(s, e) && timer_duration(s, e, &ns))
		return story_format(s, "arm %s +%s", name,
				    words_of_time(s, ns));
	return story_format(s, "arm %s%s%s", name, until ? " " : "",
			    until ? until : "");
}

/* The arrow of an event that has a row of its own. */
static void add_arrow(struct story *s, struct row *row)
{
	const struct event *e = row_event(s, row);
	int peer = story_lane_of(s, e->peer);

	if (e->kind == EVENT_WAKE && e->out)
		story_point(s, row, ARROW_WAKE, peer, "wake");
	else if (e->kind == EVENT_WAKE)
		story_point(s, row, ARROW_PERMIT, peer, "permit");
	else if (e->kind == EVENT_TIMER_FIRE)
		story_point(s, row, ARROW_FIRE, peer,
			    story_format(s, "expire t = %s",
					 words_of_time(s, e->time_ns)));
	else if ((e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL) &&
		 e->out >= 0)
		story_point(s, row, ARROW_SIGNAL, peer, "signal");
	else if (e->kind == EVENT_SPURIOUS)
		story_point(s, row, ARROW_SIGNAL, peer, "for no reason");
	else if (e->kind == EVENT_DELIVER && e->in)
		story_point(s, row, ARROW_DELIVER, s->signal_lane, "deliver");
	else if (e->kind == EVENT_UNLOCK)
		story_point(s, row, ARROW_HAND, peer, "hands over");
	else if (e->kind == EVENT_TIMER_ARM)
		story_point(s, row, ARROW_ARM, s->clock_lane, arm_label(s, e));
}

/* Whom a call that is one card wakes. */
static void add_card(struct story *s, struct row *row)
{
	for (uint32_t n = row->n; row->is_whole_call && n <= row->end; n++) {
		const struct event *e = &s->t->events[n - 1];

		if (e->kind == EVENT_WAKE && e->out && e->thread == row->mover)
			story_point(s, row, ARROW_WAKE,
				    story_lane_of(s, e->peer), "wake");
	}
}

/* Timers that are armed without a row of their own, on the way to a park. */
static void add_arm(struct story *s, const struct event *e)
{
	int i = story_lane_row(s, e->n, story_lane_of(s, e->thread));
	struct row *row;

	if (i + 1 >= (int)s->row_count || (i >= 0 && s->rows[i].n == e->n))
		return;
	row = &s->rows[i + 1];
	if (row->look == LOOK_PARK && row->mover == e->thread &&
	    row->n > e->n && !row->is_whole_call)
		story_point(s, row, ARROW_ARM, s->clock_lane, arm_label(s, e));
}

/*
 * A wait that is ended by what has no row for it: the end of a process breaks
 * off the calls of its threads, the last thread to go lets exec go on.
 */
static void add_break(struct story *s, const struct event *resume)
{
	const struct event *e = &s->t->events[resume->cause - 1];
	int row = story_lane_row(s, e->n, story_lane_of(s, e->thread));

	if (row < 0 || s->rows[row].look == LOOK_GAP ||
	    s->rows[row].is_whole_call)
		return;
	story_point(s, &s->rows[row], ARROW_SIGNAL,
		    story_lane_of(s, resume->thread),
		    e->kind == EVENT_EXIT ? "has ended" : "breaks off");
}

static bool is_break(const struct story *s, const struct event *e)
{
	const struct event *cause;

	if (e->kind != EVENT_RESUME || e->cause == 0 || e->cause > e->n)
		return false;
	cause = &s->t->events[e->cause - 1];
	return cause->thread >= 0 && cause->kind != EVENT_WAKE &&
	       cause->kind != EVENT_KILL && cause->kind != EVENT_UNLOCK;
}

void story_arrows(struct story *s)
{
	if (s->row_count == 0)
		return;
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].folded == 0)
			add_arrow(s, &s->rows[i]);
		else
			add_card(s, &s->rows[i]);
	for (uint32_t n = 1; n <= s->t->event_count; n++) {
		const struct event *e = &s->t->events[n - 1];

		if (e->kind == EVENT_TIMER_ARM && story_is_inside(s, n))
			add_arm(s, e);
		else if (is_break(s, e) && story_is_inside(s, e->cause))
			add_break(s, e);
	}
}
