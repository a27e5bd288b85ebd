/*
 * ends.c - how it ended for each thread: the cap of its lane, and whether a
 * bar that never ends is part of what is wrong.
 */
#include "viz/sequence/story.h"

#include <string.h>

static bool is_stuck_verdict(const struct story *s)
{
	for (unsigned int i = 0; i < s->t->verdict_count; i++) {
		enum verdict_kind kind = s->t->verdicts[i].kind;

		if (kind == VERDICT_DEADLOCK || kind == VERDICT_LOST_WAKEUP ||
		    kind == VERDICT_WRONG_KEY || kind == VERDICT_LIVELOCK)
			return true;
	}
	return false;
}

/*
 * Whether a thread that never went on is part of what is wrong: the verdicts
 * name it, or name no thread that is blocked.
 */
static bool is_victim(const struct story *s, int32_t thread)
{
	bool names_blocked = false;

	for (unsigned int i = 0; i < s->t->verdict_count; i++) {
		int32_t named = s->t->verdicts[i].thread;

		if (named < 0 || (unsigned int)named >= s->t->thread_count)
			continue;
		if (named == thread)
			return true;
		names_blocked |= s->t->threads[named].blocked;
	}
	return !names_blocked;
}

static void mark_stuck(struct story *s)
{
	bool is_stuck = is_stuck_verdict(s);

	for (unsigned int i = 0; i < s->bar_count; i++) {
		struct bar *bar = &s->bars[i];
		int32_t thread = s->lanes[bar->lane].mover;

		if (bar->kind == BAR_HOLD || bar->kind == BAR_TIMER)
			continue;
		bar->is_bad = is_stuck && !bar->is_closed &&
			      s->t->threads[thread].blocked &&
			      is_victim(s, thread);
	}
}

static const char *blocked_cap(struct story *s, const char *end, bool is_bad)
{
	const char *mutex = strstr(end, "mutex:");

	if (mutex)
		return story_format(s, "waits for %s%s",
				    mutex + strlen("mutex:"),
				    is_bad ? " forever" : "");
	return is_bad ? "parked forever" : "parked";
}

/* What the thread's last call returned, NULL if it made none. */
static const char *last_result(struct story *s, int32_t thread)
{
	for (unsigned int i = s->t->event_count; i > 0; i--) {
		const struct event *e = &s->t->events[i - 1];

		if (e->thread == thread && e->kind == EVENT_RETURN)
			return words_of_result(s, e->out);
	}
	return NULL;
}

static bool goes_on(const struct story *s, int32_t thread)
{
	for (uint32_t i = s->last; i < s->t->event_count; i++)
		if (s->t->events[i].thread == thread)
			return true;
	return false;
}

/* What it does when the picture ends, though it does more after that. */
static const char *cap_of_now(const struct story *s, unsigned int lane)
{
	if (s->lanes[lane].born == s->row_count)
		return "not begun";
	for (unsigned int i = 0; i < s->bar_count; i++) {
		const struct bar *bar = &s->bars[i];

		if (bar->lane != (int)lane || bar->to != s->row_count)
			continue;
		if (bar->kind == BAR_PARK)
			return "parked";
		if (bar->kind == BAR_WAIT)
			return "waits for a lock";
	}
	return "goes on";
}

/* ", holds wq", if it ends with a lock that it has not given back. */
static const char *kept_locks(struct story *s, unsigned int lane)
{
	const char *text = "";

	for (unsigned int i = 0; i < s->bar_count; i++) {
		const struct bar *bar = &s->bars[i];

		if (bar->lane == (int)lane && bar->kind == BAR_HOLD &&
		    !bar->is_closed)
			text = story_format(s, "%s, holds %s", text,
					    words_of_lock(s, bar->lock));
	}
	return text;
}

/* A loop that never comes to a step: the program is not over. */
static bool runs_on(const struct story *s, int32_t thread)
{
	for (unsigned int i = 0; i < s->t->verdict_count; i++)
		if (s->t->verdicts[i].kind == VERDICT_LIVELOCK &&
		    s->t->verdicts[i].thread == thread)
			return true;
	return false;
}

static void cap_thread(struct story *s, unsigned int index)
{
	struct lane *lane = &s->lanes[index];
	const struct trace_thread *thread = &s->t->threads[lane->mover];
	const char *end = thread->end ? thread->end : "done";
	const char *result = NULL;

	lane->goes_on = goes_on(s, lane->mover);
	if (lane->goes_on) {
		lane->cap = cap_of_now(s, index);
		lane->cap_is_muted = true;
		return;
	}
	if (thread->blocked) {
		lane->cap_is_bad =
			is_stuck_verdict(s) && is_victim(s, lane->mover);
		lane->cap = blocked_cap(s, end, lane->cap_is_bad);
		lane->cap = story_format(s, "%s%s", lane->cap,
					 kept_locks(s, index));
		return;
	}
	lane->cap_is_bad = s->verdict && s->verdict->thread == lane->mover;
	lane->cap_is_muted = strcmp(end, "not started") == 0;
	if (strcmp(end, "done") == 0 || strncmp(end, "returned", 8) == 0)
		result = last_result(s, lane->mover);
	lane->cap = runs_on(s, lane->mover) ? "runs on"
		    : result ? story_format(s, "returned %s", result)
			     : end;
	lane->cap = story_format(s, "%s%s", lane->cap, kept_locks(s, index));
}

static void cap_lanes(struct story *s)
{
	for (unsigned int i = 0; i < s->lane_count; i++) {
		struct lane *lane = &s->lanes[i];

		lane->cap_is_muted = lane->mover < 0;
		if (lane->mover >= 0)
			cap_thread(s, i);
		else
			lane->cap = "idle";
	}
	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].kind == BAR_TIMER &&
		    s->bars[i].to == s->row_count)
			s->lanes[s->bars[i].lane].cap = "armed";
}

void story_ends(struct story *s)
{
	mark_stuck(s);
	cap_lanes(s);
}
