/* clocks.c - vector clocks, one for each thread and two for each thing. */
#include "sim/run/clocks.h"

#include <stdlib.h>
#include <string.h>

/* What has changed a thing, and what has changed or looked at it. */
struct thing {
	uint32_t *written;
	uint32_t *touched;
};

struct clocks {
	uint32_t count;
	uint32_t *threads; /* [count][count] */
	uint32_t *wakes; /* [count][count]: what has woken each thread */
	struct thing *things;
	uint32_t thing_count;
	uint32_t nobody[CLOCKS_THREADS_MAX]; /* for movers without a lane */
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

struct clocks *clocks_new(uint32_t thread_count)
{
	struct clocks *c;
	size_t cells = (size_t)thread_count * thread_count;

	if (!thread_count || thread_count > CLOCKS_THREADS_MAX)
		return NULL;
	c = checked(calloc(1, sizeof(*c)));
	c->count = thread_count;
	c->threads = checked(calloc(cells, sizeof(*c->threads)));
	c->wakes = checked(calloc(cells, sizeof(*c->wakes)));
	return c;
}

void clocks_free(struct clocks *c)
{
	uint32_t i;

	if (!c)
		return;
	for (i = 0; i < c->thing_count; i++) {
		free(c->things[i].written);
		free(c->things[i].touched);
	}
	free(c->things);
	free(c->threads);
	free(c->wakes);
	free(c);
}

static void join(const struct clocks *c, uint32_t *to, const uint32_t *from)
{
	uint32_t i;

	for (i = 0; i < c->count; i++) {
		if (to[i] < from[i])
			to[i] = from[i];
	}
}

static struct thing *thing_at(struct clocks *c, uint32_t object)
{
	uint32_t count = c->thing_count;

	if (object >= count) {
		count = object * 2 + 16;
		c->things =
			checked(realloc(c->things, count * sizeof(*c->things)));
		memset(c->things + c->thing_count, 0,
		       (count - c->thing_count) * sizeof(*c->things));
		c->thing_count = count;
	}
	if (!c->things[object].written) {
		c->things[object].written =
			checked(calloc(c->count, sizeof(uint32_t)));
		c->things[object].touched =
			checked(calloc(c->count, sizeof(uint32_t)));
	}
	return &c->things[object];
}

static bool only_looks(enum event_kind kind)
{
	return kind == EVENT_LOAD || kind == EVENT_USER_LOAD ||
	       kind == EVENT_USER_READ || kind == EVENT_REF_COUNT ||
	       kind == EVENT_TIMEOUT_READ;
}

static bool wakes(enum event_kind kind)
{
	return kind == EVENT_WAKE || kind == EVENT_TIMER_FIRE ||
	       kind == EVENT_SIGNAL || kind == EVENT_SPURIOUS ||
	       kind == EVENT_KILL || kind == EVENT_CLONE || kind == EVENT_FORK;
}

static bool is_woken(enum event_kind kind)
{
	return kind == EVENT_RESUME || kind == EVENT_INTERRUPT_TAKE ||
	       kind == EVENT_TIMER_POLL || kind == EVENT_DELIVER;
}

/* The first step of a thread: what has started it comes before. */
static bool begins(const struct event *event, const uint32_t *clock)
{
	return event->step && event->thread >= 0 && clock[event->thread] == 1;
}

const uint32_t *clocks_of(struct clocks *c, const struct event *event)
{
	uint32_t *clock = c->nobody;
	struct thing *thing = NULL;

	if (event->thread >= 0)
		clock = c->threads + (size_t)event->thread * c->count;
	else
		memset(c->nobody, 0, sizeof(c->nobody));
	if (event->step && event->thread >= 0)
		clock[event->thread]++;
	if (is_woken(event->kind) || begins(event, clock))
		join(c, clock, c->wakes + (size_t)event->thread * c->count);
	if (event->object)
		thing = thing_at(c, event->object);
	if (thing) {
		join(c, clock,
		     only_looks(event->kind) ? thing->written : thing->touched);
		join(c, thing->touched, clock);
		if (!only_looks(event->kind))
			join(c, thing->written, clock);
	}
	if (wakes(event->kind) && event->peer >= 0)
		join(c, c->wakes + (size_t)event->peer * c->count, clock);
	return clock;
}
