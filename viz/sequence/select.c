/*
 * select.c - which events of a trace become rows.
 *
 * A reader wants about thirty rows for a race of two waiters, not a hundred
 * and twenty.  So reference counts, clock readings, looks that found nothing
 * and locks that nobody else wanted stay out, unless the verdict, the scenario
 * or the user names them, or nothing is to be folded.
 */
#define _GNU_SOURCE
#include "viz/sequence/story.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* How far to look for the append that follows a drain. */
#define MOVE_EVENTS_MAX 4096u

enum {
	SHOWN = 1,
	HIDDEN, /* it would be shown, but for hide */
};

struct selection {
	struct story *s;
	const struct event *events;
	unsigned int count;
	unsigned char *is_shown; /* by event: SHOWN, HIDDEN or 0 */
	/* by object: the event that took the mutex, and whether others want
	   it meanwhile */
	uint32_t *taken_by;
	unsigned char *is_wanted;
	uint32_t *slept_for; /* by thread: mutex it sleeps for, or 0 */
	unsigned char *is_in_call; /* by thread */
	uint32_t *last_push; /* by object: event that queued on it */
	uint32_t *queues_held; /* by thread: mutexes of wait queues */
	uint32_t *others_held; /* by thread: mutexes usually not shown */
	uint32_t *waiting; /* by object: waiters queued on it */
};

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static bool matches(const struct trace_strings *globs, const char *point)
{
	for (unsigned int i = 0; i < globs->count; i++)
		if (fnmatch(globs->items[i], point, 0) == 0)
			return true;
	return false;
}

/* Named by focus: by point, by object, or by kind of object. */
static bool is_in_focus(const struct story *s, const struct event *e,
			const char *point)
{
	if (s->focus.count == 0)
		return false;
	if (matches(&s->focus, point))
		return true;
	/* A word in focus has a column; its every load is not meant. */
	if (e->object_kind == OBJECT_WORD)
		return false;
	return strings_have(&s->focus, object_kind_name(e->object_kind)) ||
	       (e->object &&
		strings_have(&s->focus, s->t->objects[e->object].name));
}

/* ---- by kind of event ------------------------------------------------------
 */

static bool is_other_mover(const struct selection *sel, unsigned int i,
			   int32_t thread)
{
	return sel->events[i].thread != thread;
}

/*
 * A look at the word with no queue locked decides nothing if the thread goes
 * on to lock the queue, and nobody runs in between who could change the word.
 */
static bool load_matters(const struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];

	if (e->thread < 0 || !sel->is_in_call[e->thread] || e->out < 0 ||
	    sel->queues_held[e->thread] > 0)
		return true;
	for (i++; i < sel->count; i++) {
		const struct event *next = &sel->events[i];

		if (is_other_mover(sel, i, e->thread) ||
		    next->kind == EVENT_RETURN)
			break;
		if (next->kind == EVENT_LOCK && next->object_kind == OBJECT_WQ)
			return false;
	}
	return true;
}

const struct event *drain_of(const struct story *s, const struct event *e)
{
	const struct event *drain = e;

	if (e->kind != EVENT_QUEUE_APPEND)
		return NULL;
	while (drain > s->t->events && e - drain < MOVE_EVENTS_MAX) {
		drain--;
		if (drain->thread != e->thread)
			break;
		if (drain->kind == EVENT_QUEUE_DRAIN && drain->peer == e->peer)
			return story_is_evidence(s, drain->n) ? NULL : drain;
	}
	return NULL;
}

const struct event *append_of(const struct story *s, const struct event *drain)
{
	const struct event *end = s->t->events + s->t->event_count;
	const struct event *e = drain + 1;

	if (drain->kind != EVENT_QUEUE_DRAIN)
		return NULL;
	for (; e < end && e - drain < MOVE_EVENTS_MAX; e++) {
		if (e->thread != drain->thread)
			return NULL;
		if (e->kind == EVENT_QUEUE_APPEND && e->peer == drain->peer)
			return drain_of(s, e) == drain ? e : NULL;
	}
	return NULL;
}

/* An entry that goes although somebody is, or will be, queued on it. */
static bool removal_matters(const struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];

	return e->object2 && (sel->waiting[e->object2] > 0 ||
			      sel->last_push[e->object2] > e->n);
}

/* A step of the clock is told by the timer that fires next, if one does. */
static bool advance_matters(const struct selection *sel, unsigned int i)
{
	return i + 1 >= sel->count ||
	       sel->events[i + 1].kind != EVENT_TIMER_FIRE;
}

static bool is_plain_mutex(const struct event *e)
{
	return e->object_kind == OBJECT_WQ || e->object_kind == OBJECT_TABLE;
}

static bool is_usually_shown(const struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];

	switch (e->kind) {
	case EVENT_LOCK:
	case EVENT_UNLOCK:
		return is_plain_mutex(e);
	case EVENT_TRYLOCK:
		return is_plain_mutex(e) || !e->out;
	case EVENT_LOAD:
		return e->object_kind == OBJECT_WOKEN;
	case EVENT_STORE:
	case EVENT_SWAP:
	case EVENT_ADD:
	case EVENT_SUB:
		return e->object_kind == OBJECT_WOKEN ||
		       e->object_kind == OBJECT_CANCELLED;
	case EVENT_INTERRUPT_TAKE:
	case EVENT_TIMER_POLL:
		return e->out != 0;
	case EVENT_TIMEOUT_READ:
		return e->out < 0;
	case EVENT_WAKE:
		return e->thread >= 0;
	case EVENT_CLOCK_ADVANCE:
		return advance_matters(sel, i);
	case EVENT_USER_LOAD:
		return load_matters(sel, i);
	case EVENT_USER_STORE:
		/* A thread that ends clears its tid, which may be nowhere. */
		return e->out >= 0 || e->in != 0;
	case EVENT_QUEUE_DRAIN:
		return !append_of(sel->s, e);
	case EVENT_ENTRY_REMOVE:
		return removal_matters(sel, i);
	case EVENT_SLEEP:
	case EVENT_BLOCK:
	case EVENT_ENTER:
	case EVENT_RETURN:
	case EVENT_MARK:
	case EVENT_CLOCK_SET:
	case EVENT_TIMER_ARM:
	case EVENT_TIMER_FIRE:
	case EVENT_SIGNAL:
	case EVENT_SPURIOUS:
	case EVENT_KILL:
	case EVENT_DELIVER:
	case EVENT_SIGRETURN:
	case EVENT_USER_CAS:
	case EVENT_USER_XCHG:
	case EVENT_USER_FETCH:
	case EVENT_USER_READ:
	case EVENT_USER_WRITE:
	case EVENT_USER_FAULT:
	case EVENT_MAP:
	case EVENT_UNMAP:
	case EVENT_PROTECT:
	case EVENT_REMAP:
	case EVENT_FORK:
	case EVENT_CLONE:
	case EVENT_EXEC:
	case EVENT_QUEUE_PUSH:
	case EVENT_QUEUE_CHARGE:
	case EVENT_QUEUE_REMOVE:
	case EVENT_QUEUE_DROP:
	case EVENT_QUEUE_APPEND:
	case EVENT_BUG:
		return true;
	case EVENT_REF_GET:
	case EVENT_REF_PUT:
	case EVENT_REF_COUNT:
	case EVENT_RESUME:
	case EVENT_YIELD:
	case EVENT_INTERRUPT_REGISTER:
	case EVENT_EXIT:
	case EVENT_CLOCK_READ:
	case EVENT_TIMER_CANCEL:
	case EVENT_ENTRY_INSERT:
	case EVENT_TABLE_INSERT:
	case EVENT_TABLE_REMOVE:
	case EVENT_KIND_COUNT:
		return false;
	}
	return false;
}

/* What the user wants to see all of. */
static bool is_asked_for(const struct selection *sel, const struct event *e)
{
	return (sel->s->o->fold == VIZ_FOLD_NONE && e->step) ||
	       (sel->s->o->around != 0 && sel->s->o->around == e->n);
}

static bool is_found(const struct selection *sel, const struct event *e)
{
	return story_is_evidence(sel->s, e->n) ||
	       (sel->s->verdict && sel->s->verdict->at == e->n);
}

/* Show an event, unless somebody wants it hidden. */
static void show(struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];
	char point[POINT_NAME_MAX];

	if (sel->is_shown[i])
		return;
	sel->is_shown[i] = SHOWN;
	if (sel->s->hide.count == 0 || is_found(sel, e))
		return;
	if (!matches(&sel->s->hide,
		     event_point(e->kind, e->object_kind, point)))
		return;
	sel->is_shown[i] = HIDDEN;
	sel->s->steps_hidden += story_is_inside(sel->s, e->n);
}

static bool is_shown(const struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];
	char point[POINT_NAME_MAX];

	if (is_found(sel, e) || is_asked_for(sel, e) ||
	    is_usually_shown(sel, i))
		return true;
	return sel->s->focus.count > 0 &&
	       is_in_focus(sel->s, e,
			   event_point(e->kind, e->object_kind, point));
}

/* ---- mutexes that are usually not shown -------------------------------- */

/* Somebody else wanted a mutex while it was held: show both ends of that. */
static void note_mutex(struct selection *sel, const struct event *e)
{
	uint32_t o = e->object;
	bool slept = e->thread >= 0 && sel->slept_for[e->thread] == o;

	if (o == 0 || is_plain_mutex(e) || e->thread < 0)
		return;
	if (e->kind == EVENT_LOCK || (e->kind == EVENT_TRYLOCK && e->out))
		sel->others_held[e->thread]++;
	else if (e->kind == EVENT_UNLOCK && sel->others_held[e->thread] > 0)
		sel->others_held[e->thread]--;
	if (e->kind == EVENT_SLEEP) {
		sel->slept_for[e->thread] = o;
		sel->is_wanted[o] = 1;
	} else if (e->kind == EVENT_TRYLOCK && !e->out) {
		sel->is_wanted[o] = 1;
	} else if (e->kind != EVENT_UNLOCK) {
		sel->taken_by[o] = e->n;
		sel->is_wanted[o] = slept;
		sel->slept_for[e->thread] = 0;
	} else {
		if (sel->is_wanted[o])
			show(sel, e->n - 1);
		if (sel->is_wanted[o] && sel->taken_by[o])
			show(sel, sel->taken_by[o] - 1);
		sel->is_wanted[o] = 0;
		sel->taken_by[o] = 0;
	}
}

/* A mutex that outlives the call it was taken in is worth a look. */
static void note_kept(struct selection *sel, const struct event *e)
{
	if (e->thread < 0 || e->kind != EVENT_RETURN ||
	    sel->others_held[e->thread] == 0)
		return;
	for (unsigned int o = 1; o < sel->s->t->object_count; o++)
		if (sel->taken_by[o] &&
		    sel->events[sel->taken_by[o] - 1].thread == e->thread)
			sel->is_wanted[o] = 1;
}

/* Those still held at the end. */
static void show_held(struct selection *sel)
{
	for (unsigned int o = 1; o < sel->s->t->object_count; o++)
		if (sel->taken_by[o])
			show(sel, sel->taken_by[o] - 1);
}

/* ---- rows ------------------------------------------------------------------
 */

/* A timer that is armed on the way to the park is told by the park's row. */
static bool is_told_by_park(const struct selection *sel, unsigned int i)
{
	int32_t thread = sel->events[i].thread;

	if (sel->events[i].kind != EVENT_TIMER_ARM ||
	    sel->s->o->fold == VIZ_FOLD_NONE ||
	    sel->s->o->around == sel->events[i].n ||
	    story_is_evidence(sel->s, sel->events[i].n))
		return false;
	for (i++; i < sel->count && sel->events[i].thread == thread; i++)
		if (sel->is_shown[i] == SHOWN)
			return event_is_park(&sel->events[i]);
	return false;
}

/* Of two accesses that race neither is more to blame than the other. */
static bool is_violation(const struct story *s, uint32_t n)
{
	const struct verdict *v = s->verdict;

	if (!v || v->kind != VERDICT_DATA_RACE)
		return v && v->at == n;
	return v->at == n || (v->evidence_count && v->evidence[0] == n);
}

static void add_row(struct selection *sel, unsigned int i)
{
	const struct event *e = &sel->events[i];
	struct story *s = sel->s;
	struct row *row = story_add_row(s);
	char point[POINT_NAME_MAX];

	row->n = e->n;
	row->mover = e->thread;
	row->look = story_look(e);
	if (event_is_mutex(e))
		row->lock = story_same(s, e->object);
	row->is_evidence = story_is_evidence(s, e->n);
	row->is_violation = is_violation(s, e->n);
	event_point(e->kind, e->object_kind, point);
	row->is_pinned =
		row->is_evidence || row->is_violation ||
		is_in_focus(s, e, point) || e->n == s->o->around ||
		(e->thread >= 0 &&
		 strings_have(&s->focus, s->t->threads[e->thread].name));
}

static void note_pushes(struct selection *sel)
{
	for (unsigned int i = 0; i < sel->count; i++)
		if (sel->events[i].kind == EVENT_QUEUE_PUSH ||
		    sel->events[i].kind == EVENT_QUEUE_APPEND)
			sel->last_push[sel->events[i].object] = i + 1;
}

static void count_queues(struct selection *sel, const struct event *e)
{
	if (e->thread < 0 || e->object_kind != OBJECT_WQ)
		return;
	if (e->kind == EVENT_LOCK || (e->kind == EVENT_TRYLOCK && e->out))
		sel->queues_held[e->thread]++;
	else if (e->kind == EVENT_UNLOCK && sel->queues_held[e->thread] > 0)
		sel->queues_held[e->thread]--;
}

static void count_waiters(struct selection *sel, const struct event *e)
{
	if (e->kind == EVENT_QUEUE_PUSH || e->kind == EVENT_QUEUE_APPEND)
		sel->waiting[e->object]++;
	else if (e->kind >= EVENT_QUEUE_CHARGE &&
		 e->kind <= EVENT_QUEUE_DRAIN && sel->waiting[e->object] > 0)
		sel->waiting[e->object]--;
}

/* A thread that ends is told of if another one has waited for that. */
static void note_cause(struct selection *sel, const struct event *e)
{
	if (e->kind == EVENT_RESUME && e->cause && e->cause <= sel->count &&
	    sel->events[e->cause - 1].kind == EVENT_EXIT)
		show(sel, e->cause - 1);
}

static void choose(struct selection *sel)
{
	for (unsigned int i = 0; i < sel->count; i++) {
		const struct event *e = &sel->events[i];

		if (e->thread >= 0 && e->kind == EVENT_ENTER)
			sel->is_in_call[e->thread] = 1;
		if (e->thread >= 0 && e->kind == EVENT_RETURN)
			sel->is_in_call[e->thread] = 0;
		count_queues(sel, e);
		count_waiters(sel, e);
		if (e->thread != MOVER_NONE && is_shown(sel, i))
			show(sel, i);
		if (event_is_mutex(e))
			note_mutex(sel, e);
		note_kept(sel, e);
		note_cause(sel, e);
	}
	show_held(sel);
}

void story_select(struct story *s)
{
	const struct trace *t = s->t;
	struct selection sel = {
		.s = s,
		.events = t->events,
		.count = t->event_count,
		.is_shown = zeroed(t->event_count, 1),
		.taken_by = zeroed(t->object_count, sizeof(uint32_t)),
		.is_wanted = zeroed(t->object_count, 1),
		.slept_for = zeroed(t->thread_count, sizeof(uint32_t)),
		.is_in_call = zeroed(t->thread_count, 1),
		.last_push = zeroed(t->object_count, sizeof(uint32_t)),
		.queues_held = zeroed(t->thread_count, sizeof(uint32_t)),
		.others_held = zeroed(t->thread_count, sizeof(uint32_t)),
		.waiting = zeroed(t->object_count, sizeof(uint32_t)),
	};

	note_pushes(&sel);
	choose(&sel);
	for (unsigned int i = 0; i < sel.count; i++)
		if (sel.is_shown[i] == SHOWN && story_is_inside(s, i + 1) &&
		    !is_told_by_park(&sel, i))
			add_row(&sel, i);
	free(sel.is_shown);
	free(sel.taken_by);
	free(sel.is_wanted);
	free(sel.slept_for);
	free(sel.is_in_call);
	free(sel.last_push);
	free(sel.queues_held);
	free(sel.others_held);
	free(sel.waiting);
}
