/*
 * snapshot.c - the queues at two moments, and what becomes of whom in between.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "viz/queues/snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viz/queues/taking.h"

/* ---- texts ------------------------------------------------------------- */

static const char *thread_name(const struct trace *t, int32_t thread)
{
	if (thread < 0 || (unsigned int)thread >= t->thread_count)
		return "?";
	return t->threads[thread].name;
}

static const char *time_text(struct trace *memory, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "µs"}};

	for (unsigned int i = 0; i < 3 && ns > 0; i++)
		if (ns % units[i].ns == 0)
			return trace_format(memory, "%" PRIu64 " %s",
					    ns / units[i].ns, units[i].unit);
	return ns ? trace_format(memory, "%" PRIu64 " ns", ns) : "0";
}

static const char *state_text(struct snapshot *s,
			      const struct world_thread *thread)
{
	switch (thread->state) {
	case WORLD_PARKED:
		if (!thread->has_timer || thread->deadline_ns == UINT64_MAX)
			return "no timer";
		return trace_format(s->memory, "until %s",
				    time_text(s->memory, thread->deadline_ns));
	case WORLD_WAITING:
		return "waits for lock";
	case WORLD_RUNNING:
		return "awake";
	case WORLD_UNBORN:
	case WORLD_DONE:
	case WORLD_EXITED:
		break;
	}
	return world_state_name(thread->state);
}

/* How the call ends whose thread leaves a queue by itself. */
static const char *leaving_text(const struct snapshot *s, const struct event *e)
{
	const struct event *end = s->t->events + s->t->event_count;
	int32_t thread = e->peer;

	for (; e < end; e++) {
		if (e->thread != thread || e->kind != EVENT_RETURN)
			continue;
		if (e->out == -ETIMEDOUT)
			return "timed out →";
		return e->out == -EINTR ? "interrupted →" : "leaves →";
	}
	return "leaves →";
}

/* ---- waiters ----------------------------------------------------------- */

/* The note that takes @thread off @object; the @nth, from 0; or NULL. */
static const struct event *taking_off(const struct snapshot *s, uint32_t object,
				      int32_t thread, unsigned int nth)
{
	for (uint32_t i = 0; i < s->note_count; i++) {
		const struct event *e = s->notes[i];

		if (!is_joining(e) && e->object == object &&
		    e->peer == thread && nth-- == 0)
			return e;
	}
	return NULL;
}

/* The last note that puts @thread on @object in these steps, or NULL. */
static const struct event *putting_on(const struct snapshot *s, uint32_t object,
				      int32_t thread)
{
	for (uint32_t i = s->note_count; i > 0; i--) {
		const struct event *e = s->notes[i - 1];

		if (is_joining(e) && e->object == object && e->peer == thread)
			return e;
	}
	return NULL;
}

/* The append that follows a drain of the same waiter, or NULL. */
static const struct event *append_after(const struct snapshot *s,
					const struct event *drain)
{
	for (uint32_t i = 0; i < s->note_count; i++) {
		const struct event *e = s->notes[i];

		if (e > drain && e->kind == EVENT_QUEUE_APPEND &&
		    e->peer == drain->peer)
			return e;
	}
	return NULL;
}

static const struct event *drain_before(const struct snapshot *s,
					const struct event *append)
{
	const struct event *e = append;

	while (e-- > s->t->events)
		if (e->kind == EVENT_QUEUE_DRAIN && e->peer == append->peer)
			return e;
	return NULL;
}

static const char *row_name(const struct taking *k, uint64_t object)
{
	unsigned int row =
		object < k->s->t->object_count ? k->row_of[object] : 0;

	return row ? k->s->rows[row - 1].name : "?";
}

static void tell_before(struct taking *k, struct queue_waiter *w,
			const struct event *e)
{
	struct snapshot *s = k->s;
	const struct event *append;

	w->n = e->n;
	w->is_bad = is_of_violation(s->t, e->n);
	if (e->kind == EVENT_QUEUE_CHARGE) {
		w->fate = FATE_WOKEN;
		w->mark = "wake →";
	} else if (e->kind == EVENT_QUEUE_DRAIN) {
		append = append_after(s, e);
		w->fate = FATE_MOVED;
		w->mark = append ? trace_format(s->memory, "→ %s",
						row_name(k, append->object))
				 : "taken off →";
	} else if (e->kind == EVENT_QUEUE_DROP) {
		w->fate = FATE_DROPPED;
		w->mark = "dropped →";
	} else {
		w->fate = FATE_LEFT;
		w->mark = leaving_text(s, e);
	}
}

static void tell_after(struct taking *k, struct queue_waiter *w,
		       const struct event *e)
{
	struct snapshot *s = k->s;
	const struct event *drain;

	w->n = e->n;
	w->is_bad |= is_of_violation(s->t, e->n);
	if (e->kind == EVENT_QUEUE_PUSH) {
		w->fate = FATE_JOINED;
		w->mark = "joins";
		return;
	}
	drain = drain_before(s, e);
	w->fate = FATE_MOVED;
	w->mark = drain ? trace_format(s->memory, "from %s",
				       row_name(k, drain->object))
			: "moved";
}

/* The verdict is about this thread, and it never gets off this queue. */
static bool sleeps_for_ever(const struct snapshot *s, uint32_t object,
			    int32_t thread)
{
	const struct trace *t = s->t;

	if (!t->verdict_count || t->verdicts[0].thread != thread ||
	    !t->threads[thread].blocked)
		return false;
	for (uint32_t n = s->after + 1; n <= t->event_count; n++) {
		const struct event *e = &t->events[n - 1];

		if (is_queue_note(e) && e->peer == thread &&
		    e->object == object)
			return false;
	}
	return true;
}

/* How many of the first @count on the queue are @thread. */
static unsigned int times_on(const struct world_queue *q, unsigned int count,
			     int32_t thread)
{
	unsigned int times = 0;

	for (unsigned int i = 0; i < count; i++)
		times += q->threads[i] == thread;
	return times;
}

static void tell_waiter(struct taking *k, unsigned int side, uint32_t object,
			unsigned int i, struct queue_waiter *w)
{
	const struct world *world = k->worlds[side];
	const struct world_queue *q = &world->queues[object];
	const struct event *e;

	w->thread = q->threads[i];
	w->name = thread_name(k->s->t, w->thread);
	w->state = state_text(k->s, &world->threads[w->thread]);
	if (side == 0) {
		e = taking_off(k->s, object, w->thread,
			       times_on(q, i, w->thread));
		if (e)
			tell_before(k, w, e);
		return;
	}
	w->is_bad = sleeps_for_ever(k->s, object, w->thread);
	e = putting_on(k->s, object, w->thread);
	if (e)
		tell_after(k, w, e);
}

/* ---- rows -------------------------------------------------------------- */

static const char *value_of(const struct taking *k, uint32_t object,
			    unsigned int side)
{
	const struct trace *t = k->s->t;
	const char *word = t->objects[object].word;
	uint64_t value;

	for (uint32_t i = 1; word && i < t->object_count; i++) {
		if (t->objects[i].kind != OBJECT_WORD || !t->objects[i].name ||
		    strcmp(t->objects[i].name, word) != 0)
			continue;
		value = k->worlds[side]->words[i];
		return trace_format(k->s->memory,
				    value > 0xffff ? "0x%" PRIx64 : "%" PRIu64,
				    value);
	}
	return NULL;
}

static void fill_side(struct taking *k, struct queue_row *row,
		      unsigned int side)
{
	struct queue_side *to = &row->sides[side];
	const struct world *w = k->worlds[side];

	to->value = value_of(k, row->objects[0], side);
	for (unsigned int i = 0; i < row->object_count; i++) {
		uint32_t object = row->objects[i];
		const struct world_queue *q = &w->queues[object];

		if (w->holders[object] >= 0)
			to->holder = thread_name(k->s->t, w->holders[object]);
		if (q->count == 0)
			continue;
		to->count = q->count;
		to->waiters = trace_alloc(k->s->memory,
					  q->count * sizeof(*to->waiters));
		for (unsigned int m = 0; m < q->count; m++)
			tell_waiter(k, side, object, m, &to->waiters[m]);
	}
	for (unsigned int i = 0; i < to->count; i++)
		row->is_changed |= to->waiters[i].fate != FATE_STAYS ||
				   to->waiters[i].is_bad;
}

static void fill(struct taking *k)
{
	static const enum fate fates[EVENT_KIND_COUNT] = {
		[EVENT_QUEUE_PUSH] = FATE_JOINED,
		[EVENT_QUEUE_CHARGE] = FATE_WOKEN,
		[EVENT_QUEUE_REMOVE] = FATE_LEFT,
		[EVENT_QUEUE_DROP] = FATE_DROPPED,
		[EVENT_QUEUE_APPEND] = FATE_MOVED,
	};
	struct snapshot *s = k->s;

	rows_choose(k);
	for (unsigned int i = 0; i < s->row_count; i++)
		for (unsigned int side = 0; side < 2; side++)
			fill_side(k, &s->rows[i], side);
	rows_limit(s);
	for (uint32_t n = s->before + 1; n <= s->after; n++) {
		const struct event *e = &s->t->events[n - 1];

		s->is_bad |= is_of_violation(s->t, n);
		if (is_queue_note(e) && e->kind != EVENT_QUEUE_DRAIN)
			s->fates[fates[e->kind]]++;
	}
}

/* ---- together ------------------------------------------------------------
 */

static uint32_t first_push(const struct trace *t)
{
	for (uint32_t n = 1; n <= t->event_count; n++)
		if (is_joining(&t->events[n - 1]))
			return n;
	return 0;
}

static bool is_empty(const struct snapshot *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].sides[0].count || s->rows[i].sides[1].count)
			return false;
	return true;
}

static void say_why(const struct snapshot *s, const struct viz_options *o,
		    char error[VIZ_ERROR_MAX])
{
	uint32_t first = first_push(s->t);

	if (!first)
		snprintf(error, VIZ_ERROR_MAX,
			 "no wait queue ever has a waiter");
	else if (o->around > s->t->event_count)
		snprintf(error, VIZ_ERROR_MAX,
			 "--around: there is no step %u, the last is %u",
			 o->around, s->t->event_count);
	else
		snprintf(error, VIZ_ERROR_MAX,
			 "--around: no wait queue has a waiter before or after "
			 "steps %u to %u; the first to join one does so at "
			 "step %u",
			 s->before + 1, s->after, first);
}

static void find_notes(struct snapshot *s)
{
	const struct event **notes;
	uint32_t count = 0;

	for (uint32_t n = s->before + 1; n <= s->after; n++)
		count += is_queue_note(&s->t->events[n - 1]);
	notes = trace_alloc(s->memory, (count + 1) * sizeof(*notes));
	s->notes = notes;
	s->note_count = count;
	for (uint32_t n = s->before + 1; n <= s->after; n++)
		if (is_queue_note(&s->t->events[n - 1]))
			*notes++ = &s->t->events[n - 1];
}

static void take(struct snapshot *s, const struct viz_options *o)
{
	struct taking k = {.s = s, .o = o};

	for (unsigned int side = 0; side < 2; side++) {
		uint32_t n = side ? s->after : s->before;

		k.worlds[side] = world_new(s->t);
		world_go(k.worlds[side], n);
		s->times[side] =
			time_text(s->memory, n ? s->t->events[n - 1].time_ns
					       : s->t->start_ns);
	}
	find_notes(s);
	fill(&k);
	world_free(k.worlds[0]);
	world_free(k.worlds[1]);
}

struct snapshot *snapshot_new(const struct trace *t,
			      const struct viz_options *o,
			      char error[VIZ_ERROR_MAX])
{
	struct trace *memory = trace_new(0);
	struct snapshot *s = trace_alloc(memory, sizeof(*s));
	uint32_t push = first_push(t);

	*s = (struct snapshot){.t = t, .memory = memory};
	snapshot_choose(s, o);
	take(s, o);
	if (is_empty(s) && o->around == 0 && push) {
		/* Who waits leaves in the same steps: then the joining. */
		*s = (struct snapshot){.t = t,
				       .memory = memory,
				       .before = push - 1,
				       .after = push,
				       .mover = MOVER_NONE};
		take(s, o);
	}
	if (!is_empty(s))
		return s;
	say_why(s, o, error);
	snapshot_free(s);
	return NULL;
}

void snapshot_free(struct snapshot *s)
{
	if (s)
		trace_free(s->memory);
}
