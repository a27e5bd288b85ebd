/*
 * perfetto.c - the trace as JSON of trace events, for Perfetto and
 * chrome://tracing.
 *
 * A track for each thread: its calls, inside of them its steps, and what
 * lasts: parked, waiting for a lock, in a handler.  A track for each lock: who
 * holds it; threads take locks crosswise, which slices of one track cannot
 * show.  Counters are words and lengths of queues.  Flow arrows lead from what
 * wakes a thread to where it runs on.
 *
 * The time of it all is the number of the event, as microseconds: virtual time
 * stands still while threads run, and is among the arguments.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viz/export/tracks.h"

#define TIME_BASE                                                              \
	"1 us is one event of the trace; virtual time is in args.virtual_ns"

/* ---- names of tracks --------------------------------------------------- */

static void name_track(struct tracks *k, const char *what, unsigned int pid,
		       unsigned int tid, const char *name)
{
	json_t *e = tracks_event("M", what, 0, pid, tid);

	tracks_arg(e, "name", tracks_string(name));
	tracks_put(k, e);
}

static void sort_track(struct tracks *k, const char *what, unsigned int pid,
		       unsigned int tid, unsigned int index)
{
	json_t *e = tracks_event("M", what, 0, pid, tid);

	tracks_arg(e, "sort_index", json_integer(index));
	tracks_put(k, e);
}

static void name_thread(struct tracks *k, unsigned int pid, unsigned int tid,
			const char *name)
{
	name_track(k, "thread_name", pid, tid, name);
	sort_track(k, "thread_sort_index", pid, tid, tid);
}

static void name_process(struct tracks *k, unsigned int pid, const char *name)
{
	name_track(k, "process_name", pid, 0, name);
	sort_track(k, "process_sort_index", pid, 0, pid);
}

static void name_processes(struct tracks *k)
{
	const struct trace *t = k->t;
	unsigned int last = 0;

	for (unsigned int i = 0; i < t->thread_count; i++) {
		const char *process = t->threads[i].process;

		if (k->pids[i] <= last)
			continue;
		last = k->pids[i];
		name_process(k, last,
			     process && *process ? process : "threads");
	}
	name_process(k, k->kernel_pid, "kernel");
	name_process(k, k->locks_pid, "locks: who holds them");
	name_process(k, k->words_pid, "words and queues");
}

static void name_all(struct tracks *k)
{
	const struct trace *t = k->t;

	name_processes(k);
	for (unsigned int i = 0; i < t->thread_count; i++)
		name_thread(k, k->pids[i], tracks_tid(k, (int32_t)i),
			    t->threads[i].name);
	name_thread(k, k->kernel_pid, tracks_tid(k, MOVER_CLOCK), "clock");
	name_thread(k, k->kernel_pid, tracks_tid(k, MOVER_SIGNAL), "signal");
	for (uint32_t i = 1; i < t->object_count; i++)
		if (k->is_lock[i])
			name_thread(k, k->locks_pid, tracks_lock_tid(k, i),
				    t->objects[i].name);
}

/* ---- counters ---------------------------------------------------------- */

static void put_counter(struct tracks *k, uint32_t n, uint32_t object,
			const char *unit, uint64_t value)
{
	json_t *e = tracks_event("C", k->t->objects[object].name, n,
				 k->words_pid, 0);

	tracks_arg(e, unit, json_integer((json_int_t)value));
	tracks_put(k, e);
}

static void put_start(struct tracks *k)
{
	const struct trace *t = k->t;

	for (uint32_t i = 1; i < t->object_count; i++) {
		if (t->objects[i].kind == OBJECT_WORD)
			put_counter(k, 0, i, "value", t->objects[i].value);
		else if (t->objects[i].kind == OBJECT_WQ)
			put_counter(k, 0, i, "waiters", 0);
	}
}

static void put_queue(struct tracks *k, const struct event *e)
{
	bool is_longer =
		e->kind == EVENT_QUEUE_PUSH || e->kind == EVENT_QUEUE_APPEND;
	uint32_t *length = &k->lengths[e->object];

	if (is_longer)
		++*length;
	else if (*length > 0)
		--*length;
	put_counter(k, e->n, (uint32_t)e->object, "waiters", *length);
}

static void put_change(struct tracks *k, const struct event *e)
{
	if (e->object == 0)
		return;
	if (e->kind >= EVENT_QUEUE_PUSH && e->kind <= EVENT_QUEUE_APPEND)
		put_queue(k, e);
	else if (e->has_values && e->kind >= EVENT_USER_STORE &&
		 e->kind <= EVENT_USER_WRITE && e->old_value != e->new_value)
		put_counter(k, e->n, (uint32_t)e->object, "value",
			    e->new_value);
}

/* ---- slices ------------------------------------------------------------ */

static bool is_violation(const struct tracks *k, uint32_t n)
{
	for (unsigned int i = 0; i < k->t->verdict_count; i++)
		if (k->t->verdicts[i].at == n)
			return true;
	return false;
}

static void add_values(json_t *out, const struct event *e)
{
	if (e->has_values) {
		tracks_arg(out, "old", json_integer((json_int_t)e->old_value));
		tracks_arg(out, "new", json_integer((json_int_t)e->new_value));
	}
	if (e->out)
		tracks_arg(out, "out", json_integer(e->out));
	if (e->has_permit)
		tracks_arg(out, "permit", json_boolean(e->permit));
}

static void add_arguments(struct tracks *k, json_t *out, const struct event *e)
{
	const struct trace *t = k->t;
	char point[POINT_NAME_MAX];

	tracks_arg(out, "n", json_integer(e->n));
	tracks_arg(out, "point",
		   json_string(event_point(e->kind, e->object_kind, point)));
	if (e->object)
		tracks_arg(out, "object",
			   tracks_string(t->objects[e->object].name));
	add_values(out, e);
	tracks_arg(out, "virtual_ns", json_integer((json_int_t)e->time_ns));
	if (e->op)
		tracks_arg(out, "line", json_integer(e->op));
	if (e->src)
		tracks_arg(out, "src", tracks_string(e->src));
	if (is_violation(k, e->n)) {
		tracks_arg(out, "violation", json_true());
		/* The viewer's name for red. */
		json_object_set_new(out, "cname", json_string("terrible"));
	} else if (story_is_evidence(k->s, e->n)) {
		tracks_arg(out, "evidence", json_true());
	}
}

static json_t *slice_of(struct tracks *k, const struct event *e,
			const char *name, uint32_t end)
{
	json_t *out = tracks_event("X", name, e->n, tracks_pid(k, e->thread),
				   tracks_tid(k, e->thread));

	json_object_set_new(out, "dur", json_integer(end - e->n));
	return out;
}

static void put_slice(struct tracks *k, const struct event *e, const char *name,
		      uint32_t end)
{
	json_t *out = slice_of(k, e, name, end);

	add_arguments(k, out, e);
	tracks_put(k, out);
}

/* The call, with what it returned. */
static void put_call(struct tracks *k, const struct event *e)
{
	const struct tracks_span *span = &k->spans[e->n];
	json_t *out = slice_of(k, e, words_for(k->s, e), span->end);

	add_arguments(k, out, e);
	if (span->last)
		tracks_arg(out, "returned",
			   tracks_string(words_of_result(
				   k->s, k->t->events[span->last - 1].out)));
	tracks_put(k, out);
}

static void put_wait(struct tracks *k, const struct event *e)
{
	const struct tracks_span *span = &k->spans[e->n];
	json_t *out = slice_of(
		k, e, e->kind == EVENT_BLOCK ? "parked" : words_for(k->s, e),
		span->end);

	add_arguments(k, out, e);
	if (!span->last)
		tracks_arg(out, "until", json_string("the end of the trace"));
	tracks_put(k, out);
}

static void put_hold(struct tracks *k, const struct event *e)
{
	json_t *out = tracks_event("X", thread_of(k->t, e->thread), e->n,
				   k->locks_pid,
				   tracks_lock_tid(k, (uint32_t)e->object));

	json_object_set_new(out, "dur", json_integer(k->holds[e->n] - e->n));
	tracks_arg(out, "n", json_integer(e->n));
	tracks_put(k, out);
}

static void put_event(struct tracks *k, const struct event *e)
{
	bool is_wait = event_is_park(e) || e->kind == EVENT_SLEEP;

	if (e->kind == EVENT_ENTER && k->spans[e->n].end)
		put_call(k, e);
	else if (is_wait && k->spans[e->n].end)
		put_wait(k, e);
	else if (k->spans[e->n].end)
		put_slice(k, e, words_for(k->s, e), k->spans[e->n].end);
	else
		put_slice(k, e, words_for(k->s, e), e->n + 1);
	if (k->holds[e->n])
		put_hold(k, e);
}

/* ---- marks and arrows -------------------------------------------------- */

static void put_mark(struct tracks *k, const struct event *e)
{
	json_t *out;

	if (e->kind != EVENT_WAKE && e->kind != EVENT_TIMER_FIRE &&
	    e->kind != EVENT_SIGNAL && e->kind != EVENT_KILL &&
	    e->kind != EVENT_SPURIOUS)
		return;
	out = tracks_event("i", words_for(k->s, e), e->n,
			   tracks_pid(k, e->thread), tracks_tid(k, e->thread));
	json_object_set_new(out, "s", json_string("t"));
	tracks_put(k, out);
}

static void put_flow(struct tracks *k, const char *phase, uint32_t id,
		     const struct event *e)
{
	json_t *out =
		tracks_event(phase, "wakes", e->n, tracks_pid(k, e->thread),
			     tracks_tid(k, e->thread));

	json_object_set_new(out, "cat", json_string("cause"));
	json_object_set_new(out, "id", json_integer(id));
	if (*phase == 'f')
		json_object_set_new(out, "bp", json_string("e"));
	tracks_put(k, out);
}

/* Arrows are numbered by where they end. */
static void put_flows(struct tracks *k, const struct event *e)
{
	if (tracks_cause(k, e))
		put_flow(k, "f", e->n, e);
	for (uint32_t n = k->effects[e->n]; n; n = k->more_effects[n])
		put_flow(k, "s", n, e);
}

/* Verdicts that are found at @at, or at the end if it is 0. */
static void put_verdicts(struct tracks *k, uint32_t at)
{
	uint32_t time = at ? at : k->t->event_count + 1;

	for (unsigned int i = 0; i < k->t->verdict_count; i++) {
		const struct verdict *v = &k->t->verdicts[i];
		json_t *out;

		if (v->at != at)
			continue;
		out = tracks_event("i", verdict_name(v->kind), time,
				   k->kernel_pid, tracks_tid(k, MOVER_CLOCK));
		json_object_set_new(out, "s", json_string("g"));
		tracks_arg(out, "what", tracks_string(v->what));
		tracks_arg(out, "rule", tracks_string(v->rule));
		tracks_put(k, out);
	}
}

/* ---- the whole --------------------------------------------------------- */

static void put_other_data(struct tracks *k)
{
	const struct trace *t = k->t;
	json_t *data = json_object();

	json_object_set_new(data, "time_base", json_string(TIME_BASE));
	json_object_set_new(data, "scenario", tracks_string(t->scenario));
	json_object_set_new(data, "schedule", tracks_string(t->schedule));
	json_object_set_new(data, "profile", tracks_string(t->profile));
	json_object_set_new(data, "digest", tracks_string(t->digest));
	json_object_set_new(data, "tool", tracks_string(t->tool));
	json_object_set_new(
		data, "verdict",
		json_string(t->verdict_count > 0
				    ? verdict_name(t->verdicts[0].kind)
				    : "ok"));
	fputs("\n],\"displayTimeUnit\":\"ns\",\"otherData\":", k->out);
	json_dumpf(data, k->out, JSON_COMPACT);
	fputs("}\n", k->out);
	json_decref(data);
}

int viz_perfetto(const struct trace *t, FILE *out, char error[VIZ_ERROR_MAX])
{
	struct tracks *k;

	error[0] = '\0';
	if (t->event_count == 0) {
		snprintf(error, VIZ_ERROR_MAX, "the trace has no events");
		return -ENODATA;
	}
	k = tracks_new(t, out);
	errno = 0;
	fputs("{\"traceEvents\":[", out);
	name_all(k);
	put_start(k);
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		put_event(k, e);
		put_change(k, e);
		put_mark(k, e);
		put_flows(k, e);
		put_verdicts(k, e->n);
	}
	put_verdicts(k, 0);
	put_other_data(k);
	tracks_free(k);
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
