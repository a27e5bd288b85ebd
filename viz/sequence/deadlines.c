/*
 * deadlines.c - until when a timer is armed.
 *
 * The call that arms it says so, as a duration or as a time on one of the two
 * clocks.  The event of the timer knows only the wall clock, whose distance
 * from the other one a trace does not tell.
 */
#include "viz/sequence/story.h"

#include <stdio.h>
#include <string.h>

#define SECOND 1000000000ull

/* "15ms", "3600:4000000", which is seconds and nanoseconds, or "7". */
static bool parse_time(const char *token, uint64_t *ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {{"", 1},
		     {"ns", 1},
		     {"us", 1000},
		     {"ms", 1000000},
		     {"s", SECOND},
		     {"m", 60 * SECOND},
		     {"h", 3600 * SECOND}};
	unsigned long long number, rest;
	char unit[4] = "", more;

	if (sscanf(token, "%llu:%llu%c", &number, &rest, &more) == 2) {
		*ns = number * SECOND + rest;
		return number < UINT32_MAX && rest < SECOND;
	}
	if (sscanf(token, "%llu%3[a-z]%c", &number, unit, &more) < 1 ||
	    strspn(token, "0123456789") + strlen(unit) != strlen(token))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		*ns = number * units[i].ns;
		if (strcmp(units[i].name, unit) == 0)
			return number <= INT64_MAX / units[i].ns;
	}
	return false;
}

/* What stands after @key, such as " until=", in the call; NULL: nothing. */
static const char *argument(struct story *s, const struct event *arm,
			    const char *key)
{
	const struct event *call = arm;
	const char *found;

	while (call > s->t->events &&
	       (call->thread != arm->thread || call->kind != EVENT_ENTER))
		call--;
	if (call->thread != arm->thread || call->kind != EVENT_ENTER ||
	    !call->text)
		return NULL;
	found = strstr(call->text, key);
	if (!found)
		return NULL;
	found += strlen(key);
	return story_format(s, "%.*s", (int)strcspn(found, " "), found);
}

/* The clock as the call has read it, which is the one it counts from. */
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

bool timer_duration(struct story *s, const struct event *arm, uint64_t *ns)
{
	const struct event *reading = clock_reading(s, arm);
	const char *timeout = argument(s, arm, " timeout=");

	if (timeout && parse_time(timeout, ns))
		return true;
	if (!reading || reading->out < 0 || arm->in == UINT64_MAX ||
	    arm->in < (uint64_t)reading->out)
		return false;
	*ns = arm->in - (uint64_t)reading->out;
	return true;
}

bool timer_is_absolute(struct story *s, const struct event *arm)
{
	return argument(s, arm, " until=") != NULL;
}

static const char *until_of_call(struct story *s, const struct event *arm)
{
	const char *until = argument(s, arm, " until=");
	bool is_wall = argument(s, arm, " realtime") != NULL;
	uint64_t ns;

	if (!until)
		return NULL;
	if (parse_time(until, &ns))
		until = words_of_time(s, ns);
	return story_format(s, "until %s%s", until, is_wall ? " wall" : "");
}

const char *timer_deadline(struct story *s, const struct event *arm)
{
	const struct event *reading = clock_reading(s, arm);
	uint64_t from = reading ? reading->time_ns : arm->time_ns;
	const char *until = until_of_call(s, arm);
	uint64_t ns;

	if (until || !timer_duration(s, arm, &ns))
		return until;
	return story_format(s, "until %s", words_of_time(s, from + ns));
}
