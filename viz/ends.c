/*
 * ends.c - how it ended for each thread: the cap of its lane, and whether a
 * bar that never ends is part of what is wrong.
 */
#include "viz/story.h"

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
		bar->is_bad = is_stuck && bar->to == s->row_count &&
			      s->t->threads[thread].blocked &&
			      is_victim(s, thread);
	}
}

static const char *blocked_cap(struct story *s, const char *end, bool is_bad)
{
	const char *mutex = strstr(end, "mutex:");

	if (mutex)
		return story_format(s, "waits for %s",
				    mutex + strlen("mutex:"));
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

static void cap_thread(struct story *s, struct lane *lane)
{
	const struct trace_thread *thread = &s->t->threads[lane->mover];
	const char *end = thread->end ? thread->end : "done";
	const char *result = NULL;

	if (thread->blocked) {
		lane->cap_is_bad =
			is_stuck_verdict(s) && is_victim(s, lane->mover);
		lane->cap = blocked_cap(s, end, lane->cap_is_bad);
		return;
	}
	lane->cap_is_bad = s->verdict && s->verdict->thread == lane->mover;
	if (strcmp(end, "done") == 0 || strncmp(end, "returned", 8) == 0)
		result = last_result(s, lane->mover);
	lane->cap = result ? story_format(s, "returned %s", result) : end;
}

static void cap_lanes(struct story *s)
{
	for (unsigned int i = 0; i < s->lane_count; i++) {
		struct lane *lane = &s->lanes[i];

		lane->cap_is_muted = lane->mover < 0;
		if (lane->mover >= 0)
			cap_thread(s, lane);
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
