/*
 * tracks.c - which tracks there are, and how long what is on them lasts.
 */
#include "viz/export/tracks.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a thread is in, innermost last.  Slices of a track must lie one inside
 * the other, so whatever ends also ends what is in it.
 */
struct nest {
	uint32_t *begins; /* n */
	unsigned int count, room;
};

/* ---- events of the viewer ---------------------------------------------- */

json_t *tracks_string(const char *s)
{
	json_t *value = json_string(s ? s : "");

	return value ? value : json_string("?");
}

json_t *tracks_event(const char *phase, const char *name, uint32_t time,
		     unsigned int pid, unsigned int tid)
{
	json_t *e = json_object();

	json_object_set_new(e, "ph", json_string(phase));
	json_object_set_new(e, "name", tracks_string(name));
	json_object_set_new(e, "ts", json_integer(time));
	json_object_set_new(e, "pid", json_integer(pid));
	if (tid)
		json_object_set_new(e, "tid", json_integer(tid));
	return e;
}

void tracks_arg(json_t *event, const char *key, json_t *value)
{
	json_t *args = json_object_get(event, "args");

	if (!args) {
		args = json_object();
		json_object_set_new(event, "args", args);
	}
	json_object_set_new(args, key, value);
}

void tracks_put(struct tracks *k, json_t *event)
{
	fputs(k->has_written ? ",\n" : "\n", k->out);
	k->has_written = true;
	json_dumpf(event, k->out, JSON_COMPACT);
	json_decref(event);
}

/* ---- where ------------------------------------------------------------- */

unsigned int tracks_pid(const struct tracks *k, int32_t mover)
{
	return mover < 0 ? k->kernel_pid : k->pids[mover];
}

/* Threads, clock, signal, locks: after all processes. */
unsigned int tracks_tid(const struct tracks *k, int32_t mover)
{
	unsigned int first = k->words_pid + 1;

	if (mover >= 0)
		return first + (unsigned int)mover;
	first += k->t->thread_count;
	return mover == MOVER_CLOCK ? first : first + 1;
}

unsigned int tracks_lock_tid(const struct tracks *k, uint32_t object)
{
	return tracks_tid(k, MOVER_SIGNAL) + object;
}

static void number_processes(struct tracks *k)
{
	const struct trace *t = k->t;
	json_t *known = json_object();
	unsigned int count = 0;

	for (unsigned int i = 0; i < t->thread_count; i++) {
		const char *name = t->threads[i].process;
		json_t *pid = json_object_get(known, name ? name : "");

		if (!pid) {
			pid = json_integer(++count);
			json_object_set_new(known, name ? name : "", pid);
		}
		k->pids[i] = (unsigned int)json_integer_value(pid);
	}
	json_decref(known);
	k->kernel_pid = count + 1;
	k->locks_pid = count + 2;
	k->words_pid = count + 3;
}

/* ---- how long ---------------------------------------------------------- */

static void push(struct nest *nest, uint32_t n)
{
	nest->begins = story_grow(nest->begins, nest->count, &nest->room,
				  sizeof(*nest->begins));
	nest->begins[nest->count++] = n;
}

/* End what is in the nest from @from on; @last: the event that does it. */
static void end_from(struct tracks *k, struct nest *nest, unsigned int from,
		     uint32_t end, uint32_t last)
{
	while (nest->count > from) {
		struct tracks_span *span =
			&k->spans[nest->begins[--nest->count]];

		span->end = end;
		span->last = last;
	}
}

static bool is_wait(const struct event *e)
{
	return event_is_park(e) || e->kind == EVENT_SLEEP;
}

/* A thread that does something is not waiting any more. */
static void end_wait(struct tracks *k, struct nest *nest, uint32_t n)
{
	if (nest->count == 0)
		return;
	if (is_wait(&k->t->events[nest->begins[nest->count - 1] - 1]))
		end_from(k, nest, nest->count - 1, n, n);
}

/* The innermost that began with @kind ends with @e. */
static void end_kind(struct tracks *k, struct nest *nest, enum event_kind kind,
		     const struct event *e)
{
	for (unsigned int i = nest->count; i > 0; i--) {
		if (k->t->events[nest->begins[i - 1] - 1].kind != kind)
			continue;
		end_from(k, nest, i - 1, e->n + 1, e->n);
		return;
	}
}

static void take_event(struct tracks *k, struct nest *nest,
		       const struct event *e)
{
	if (e->step)
		end_wait(k, nest, e->n);
	if (e->kind == EVENT_RETURN)
		end_kind(k, nest, EVENT_ENTER, e);
	else if (e->kind == EVENT_SIGRETURN)
		end_kind(k, nest, EVENT_DELIVER, e);
	else if (e->kind == EVENT_EXIT)
		end_from(k, nest, 0, e->n + 1, e->n);
	else if (e->kind == EVENT_ENTER || is_wait(e) ||
		 (e->kind == EVENT_DELIVER && e->in))
		push(nest, e->n);
}

static void measure_spans(struct tracks *k)
{
	const struct trace *t = k->t;
	struct nest *nests = trace_alloc(k->s->memory, (t->thread_count + 1) *
							       sizeof(*nests));

	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].thread >= 0)
			take_event(k, &nests[t->events[i].thread],
				   &t->events[i]);
	for (unsigned int i = 0; i < t->thread_count; i++) {
		end_from(k, &nests[i], 0, t->event_count + 1, 0);
		free(nests[i].begins);
	}
}

static void measure_holds(struct tracks *k)
{
	const struct trace *t = k->t;
	uint32_t *held = trace_alloc(k->s->memory,
				     (t->object_count + 1) * sizeof(*held));

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (!event_is_mutex(e) || e->object == 0 || e->thread < 0)
			continue;
		k->is_lock[e->object] = true;
		if (e->kind == EVENT_SLEEP ||
		    (e->kind == EVENT_TRYLOCK && !e->out))
			continue;
		if (held[e->object])
			k->holds[held[e->object]] =
				e->kind == EVENT_UNLOCK ? e->n + 1 : e->n;
		held[e->object] = e->kind == EVENT_UNLOCK ? 0 : e->n;
	}
	for (uint32_t i = 1; i < t->object_count; i++)
		if (held[i])
			k->holds[held[i]] = t->event_count + 1;
}

/* ---- causes ------------------------------------------------------------ */

const struct event *tracks_cause(const struct tracks *k, const struct event *e)
{
	if (e->cause == EVENT_NO_CAUSE || e->cause >= e->n)
		return NULL;
	return &k->t->events[e->cause - 1];
}

/* From the last event to the first, so that lists are in order. */
static void list_effects(struct tracks *k)
{
	for (unsigned int i = k->t->event_count; i > 0; i--) {
		const struct event *e = &k->t->events[i - 1];
		const struct event *cause = tracks_cause(k, e);

		if (!cause)
			continue;
		k->more_effects[e->n] = k->effects[cause->n];
		k->effects[cause->n] = e->n;
	}
}

/* ---- the whole --------------------------------------------------------- */

struct tracks *tracks_new(const struct trace *t, FILE *out)
{
	struct story *s = story_new(t, NULL);
	struct tracks *k = trace_alloc(s->memory, sizeof(*k));
	size_t events = t->event_count + 1, objects = t->object_count + 1;

	k->t = t;
	k->s = s;
	k->out = out;
	k->pids = trace_alloc(s->memory,
			      (t->thread_count + 1) * sizeof(*k->pids));
	k->spans = trace_alloc(s->memory, events * sizeof(*k->spans));
	k->holds = trace_alloc(s->memory, events * sizeof(*k->holds));
	k->is_lock = trace_alloc(s->memory, objects * sizeof(*k->is_lock));
	k->lengths = trace_alloc(s->memory, objects * sizeof(*k->lengths));
	k->effects = trace_alloc(s->memory, events * sizeof(*k->effects));
	k->more_effects =
		trace_alloc(s->memory, events * sizeof(*k->more_effects));
	number_processes(k);
	measure_spans(k);
	measure_holds(k);
	list_effects(k);
	return k;
}

void tracks_free(struct tracks *k)
{
	story_free(k->s);
}
