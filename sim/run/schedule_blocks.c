/* schedule_blocks.c - from the events of a run to its hand-overs. */
#include "sim/run/schedule_blocks.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Who moved: two steps with equal ones may be of one block. */
struct actor {
	enum line_kind kind;
	uint32_t thread;
};

static struct actor actor_of(const struct event *e)
{
	if (e->kind == EVENT_TIMER_FIRE)
		return (struct actor){LINE_TIMER_FIRE, (uint32_t)e->peer};
	if (e->kind == EVENT_SIGNAL && e->in2)
		return (struct actor){LINE_SIGNAL, 0};
	if (e->kind == EVENT_SIGNAL)
		return (struct actor){LINE_SIGNAL, (uint32_t)e->peer};
	if (e->kind == EVENT_SPURIOUS)
		return (struct actor){LINE_SPURIOUS, (uint32_t)e->peer};
	if (e->kind == EVENT_CLOCK_ADVANCE)
		return (struct actor){LINE_CLOCK, 0};
	return (struct actor){LINE_THREAD, (uint32_t)e->thread};
}

/* Its digest is that of its text, so that it is the same on every machine. */
static uint64_t digest_of(uint64_t before, const struct trace *t,
			  const struct event *e)
{
	struct actor a = actor_of(e);
	const char *name = t->thread_count ? t->threads[a.thread].name : "";
	char point[POINT_NAME_MAX];
	uint64_t h;

	h = XXH3_64bits_withSeed(name, strlen(name), before + a.kind);
	event_point(e->kind, e->object_kind, point);
	return XXH3_64bits_withSeed(point, strlen(point), h);
}

const struct schedule_line *schedule_check_of(const struct run *run,
					      const struct verdict *v)
{
	const struct schedule *s = run->request.schedule;
	const struct schedule_line *line;
	uint32_t i;

	for (i = 0; s && i < s->line_count; i++) {
		line = &s->lines[i];
		if (v->kind == VERDICT_EXPECTATION &&
		    line->kind == LINE_CHECK && line->mark.line == v->line)
			return line;
	}
	return NULL;
}

/* ---- cutting ----------------------------------------------------------- */

/* A check that failed has its place between two lines. */
static bool is_checked(const struct run *run, uint32_t first, uint32_t last)
{
	const struct verdict *v;
	uint32_t i;

	for (i = 0; i < run->sim->verdict_count; i++) {
		v = &run->sim->verdicts[i];
		if (v->at >= first && v->at < last && schedule_check_of(run, v))
			return true;
	}
	return false;
}

static bool goes_on(const struct run *run, const struct schedule_block *b,
		    const struct event *e)
{
	struct actor a = actor_of(e);

	return b->kind == LINE_THREAD && a.kind == LINE_THREAD &&
	       a.thread == b->thread && !is_checked(run, b->last, e->n);
}

static void begin(struct schedule_block *b, const struct event *e,
		  uint64_t now_ns)
{
	struct actor a = actor_of(e);

	*b = (struct schedule_block){
		.kind = a.kind, .thread = a.thread, .first = e->n};
	if (a.kind == LINE_SIGNAL) {
		b->amount = e->in;
		b->process = (uint32_t)e->in2;
	}
	if (a.kind == LINE_CLOCK && e->in > now_ns)
		b->amount = e->in - now_ns;
}

static void cut(const struct run *run, struct schedule_blocks *blocks)
{
	const struct trace *t = run->trace;
	struct schedule_block *b = blocks->items;
	uint64_t now_ns = t->start_ns;
	const struct event *e;
	unsigned int i;

	for (i = 0; i < t->event_count; i++) {
		e = &t->events[i];
		if (!e->step)
			continue;
		if (!blocks->count || !goes_on(run, b, e)) {
			b = &blocks->items[blocks->count++];
			begin(b, e, now_ns);
		}
		b->last = e->n;
		b->steps++;
		b->digest = digest_of(b->digest, t, e);
		blocks->digest = digest_of(blocks->digest, t, e);
		blocks->steps++;
		now_ns = e->time_ns;
	}
}

/* ---- where a block ends ------------------------------------------------ */

static bool is_asleep_after(const struct event *e)
{
	return e->kind == EVENT_SLEEP || (e->kind == EVENT_BLOCK && !e->permit);
}

static bool is_at_same_point(const struct event *a, const struct event *b)
{
	char one[POINT_NAME_MAX], other[POINT_NAME_MAX];

	if (a->kind != b->kind)
		return false;
	return !strcmp(event_point(a->kind, a->object_kind, one),
		       event_point(b->kind, b->object_kind, other));
}

/* Can a line of a schedule name it? */
static bool has_name(const struct event *e)
{
	char point[POINT_NAME_MAX];
	enum object_kind object;
	enum event_kind kind;

	event_point(e->kind, e->object_kind, point);
	return event_is_of_thread(e->kind) &&
	       event_point_parse(point, &kind, &object) && kind == e->kind;
}

static uint32_t count_passings(const struct trace *t,
			       const struct schedule_block *b)
{
	const struct event *last = &t->events[b->last - 1];
	uint32_t n, count = 0;

	for (n = b->first; n <= b->last; n++) {
		if (t->events[n - 1].step &&
		    is_at_same_point(&t->events[n - 1], last))
			count++;
	}
	return count;
}

static void find_stop(const struct run *run, struct schedule_block *b,
		      bool is_last)
{
	const struct trace *t = run->trace;
	const struct event *last = &t->events[b->last - 1];

	if (is_last && run->sim->tasks[b->thread].state == TASK_DONE)
		b->stop = STOP_DONE;
	else if (is_asleep_after(last))
		b->stop = STOP_BLOCKED;
	else if (has_name(last))
		b->stop = STOP_AFTER;
	else
		b->stop = STOP_STEPS;
	if (b->stop == STOP_AFTER)
		b->nth = count_passings(t, b);
}

/*
 * Backwards, for it is the last block of a thread in which it ends.  What the
 * loader is told has ended may not be named any more by `timer: fire`.
 */
static void find_stops(const struct run *run, struct schedule_blocks *blocks)
{
	bool *is_seen = calloc(run->sim->task_count + 1, sizeof(*is_seen));
	struct schedule_block *b;
	uint32_t i;

	if (!is_seen)
		abort();
	for (i = blocks->count; i-- > 0;) {
		b = &blocks->items[i];
		if (b->kind == LINE_THREAD)
			find_stop(run, b, !is_seen[b->thread]);
		if (b->kind != LINE_CLOCK && b->kind != LINE_SIGNAL)
			is_seen[b->thread] = true;
	}
	free(is_seen);
}

void schedule_blocks_of(const struct run *run, struct schedule_blocks *blocks)
{
	*blocks = (struct schedule_blocks){0};
	blocks->items =
		calloc(run->trace->event_count + 1, sizeof(*blocks->items));
	if (!blocks->items)
		abort();
	cut(run, blocks);
	find_stops(run, blocks);
}
