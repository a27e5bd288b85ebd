/* recorder.c - from steps of the machine to events of a trace. */
#include "sim/run/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/clocks.h"
#include "sim/run/names.h"

/* ---- objects ---------------------------------------------------------------
 */

static uint32_t new_object(struct recorder *r, enum object_kind kind)
{
	struct trace_object *o = trace_add_object(r->trace);

	o->kind = kind;
	return (uint32_t)(o - r->trace->objects);
}

static uint32_t numbered_object(struct recorder *r, struct sim *sim,
				uint64_t number)
{
	uint32_t room = r->object_room;

	if (number >= room) {
		room = (uint32_t)number * 2 + 64;
		r->objects = realloc(r->objects, room * sizeof(*r->objects));
		if (!r->objects)
			abort();
		memset(r->objects + r->object_room, 0,
		       (room - r->object_room) * sizeof(*r->objects));
		r->object_room = room;
	}
	if (!r->objects[number])
		r->objects[number] = new_object(r, sim->objects[number].kind);
	return r->objects[number];
}

static uint32_t word_object(struct recorder *r, struct sim *sim,
			    struct place where)
{
	uint64_t place = place_number(where);
	struct recorded_word *w;
	uint32_t i;

	if (!place)
		return 0;
	for (i = 0; i < r->word_count; i++) {
		if (r->words[i].place == place)
			return r->words[i].object;
	}
	if (r->word_count == r->word_room) {
		r->word_room = r->word_room ? r->word_room * 2 : 16;
		r->words = realloc(r->words, r->word_room * sizeof(*r->words));
		if (!r->words)
			abort();
	}
	w = &r->words[r->word_count++];
	w->place = place;
	w->where = where;
	w->object = new_object(r, OBJECT_WORD);
	r->trace->objects[w->object].value = place_load32(sim, where);
	return w->object;
}

/* The value before the step that made the word known, not after it. */
static uint32_t word_of_step(struct recorder *r, struct sim *sim,
			     const struct step *step, int32_t mover)
{
	uint32_t known = r->trace->object_count;
	struct aspace *aspace = sim->tasks[mover].process->aspace;
	uint32_t object = word_object(r, sim, aspace_place(aspace, step->in));

	if (object >= known && step->has_values)
		r->trace->objects[object].value = step->old_value;
	return object;
}

static uint32_t object_of(struct recorder *r, struct sim *sim,
			  const struct step *step, int32_t mover)
{
	switch (step->object_kind) {
	case OBJECT_WORD:
		return word_of_step(r, sim, step, mover);
	case OBJECT_WQ:
	case OBJECT_TABLE:
	case OBJECT_REGISTRY:
	case OBJECT_CLEANUP:
	case OBJECT_ASPACE:
	case OBJECT_WOKEN:
	case OBJECT_CANCELLED:
	case OBJECT_STATE:
	case OBJECT_ENTRY:
	case OBJECT_ROBUST:
	case OBJECT_CTID:
	case OBJECT_QUEUE:
		return numbered_object(r, sim, step->object);
	case OBJECT_NONE:
	case OBJECT_TASK:
	case OBJECT_TIMER:
	case OBJECT_INTERRUPT:
	case OBJECT_CLOCK:
	case OBJECT_SIGNAL:
	case OBJECT_SYSCALL:
	case OBJECT_TIMEOUT:
	case OBJECT_KERNEL:
	case OBJECT_KIND_COUNT:
		break;
	}
	return 0;
}

/* ---- events ------------------------------------------------------------ */

/* The operation without the name its result goes to. */
static const char *op_text(struct recorder *r, const struct op *op)
{
	const char *text = op->text;

	if (op->result != NOWHERE)
		text = strchr(text, '=') + 1;
	while (*text == ' ')
		text++;
	return trace_string(r->trace, text);
}

static void fill_origin(struct recorder *r, struct event *e,
			const struct task *task, const struct step *step)
{
	const struct op *op = task->op;

	if (op) {
		e->op = op->mark.line;
		e->op_index = task->op_index;
		if (!step->site && step->kind != EVENT_RESUME)
			e->text = op_text(r, op);
	}
	if (step->site)
		e->src = trace_format(r->trace, "%s:%d", step->site->file,
				      step->site->line);
}

static void fill(struct event *e, const struct step *step)
{
	e->kind = step->kind;
	e->object_kind = step->object_kind;
	e->peer = step->peer;
	e->cause = step->cause;
	e->has_values = step->has_values;
	e->has_permit = step->has_permit;
	e->permit = step->permit;
	e->in = step->in;
	e->in2 = step->in2;
	e->out = step->out;
	if (!step->has_values)
		return;
	e->old_value = step->old_value;
	e->new_value = step->new_value;
}

static void fill_clock(struct recorder *r, struct event *e)
{
	const uint32_t *clock;
	uint32_t *copy;
	size_t size = r->trace->thread_count * sizeof(*copy);

	if (!r->clocks)
		return;
	clock = clocks_of(r->clocks, e);
	copy = trace_alloc(r->trace, size);
	memcpy(copy, clock, size);
	e->clk = copy;
}

static void on_event(struct observer *o, struct sim *sim, int32_t mover,
		     const struct step *step, bool is_step)
{
	struct recorder *r = (struct recorder *)o;
	uint32_t object = object_of(r, sim, step, mover);
	uint32_t object2 = 0;
	struct event *e;

	if (step->object2)
		object2 = numbered_object(r, sim, step->object2);
	e = trace_add_event(r->trace);
	fill(e, step);
	e->thread = mover;
	e->step = is_step;
	e->time_ns = sim->now_ns;
	e->object = object;
	e->object2 = object2;
	if (mover >= 0)
		fill_origin(r, e, &sim->tasks[mover], step);
	if (step->text && step->kind != EVENT_ENTER &&
	    step->kind != EVENT_RETURN)
		e->text = trace_string(r->trace, step->text);
	fill_clock(r, e);
	r->trace->step_count += is_step;
}

/* ---- beginning and end ------------------------------------------------- */

void recorder_init(struct recorder *r, struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct trace_thread *thread;
	uint32_t i;

	*r = (struct recorder){.observer = {on_event}};
	r->trace = trace_new(sim->task_count);
	r->clocks = clocks_new(sim->task_count);
	r->trace->start_ns = sim->now_ns;
	for (i = 0; i < sim->task_count; i++) {
		thread = &r->trace->threads[i];
		thread->name = trace_string(r->trace, sim->tasks[i].name);
		thread->process =
			trace_string(r->trace, sim->tasks[i].process->name);
	}
	for (i = 0; s && i < s->word_count; i++)
		word_object(r, sim, word_place(sim, &s->words[i], NULL));
}

static bool is_taken(const struct trace *t, const char *name)
{
	uint32_t i;

	for (i = 1; i < t->object_count; i++) {
		if (t->objects[i].name && !strcmp(t->objects[i].name, name))
			return true;
	}
	return false;
}

/*
 * Things of one name: the second gets "#2".  Private copies of a page have the
 * words of that page, and a region may get a table again after a sweep.
 */
static const char *unique_name(struct trace *t, const char *wanted)
{
	const char *name = trace_string(t, wanted);
	unsigned int nth = 1;

	while (is_taken(t, name))
		name = trace_format(t, "%s#%u", wanted, ++nth);
	return name;
}

static void name_words(struct recorder *r, struct sim *sim)
{
	struct trace *t = r->trace;
	struct trace_object *o;
	struct place p;
	uint32_t i;

	for (i = 0; i < r->word_count; i++) {
		p = r->words[i].where;
		o = &t->objects[r->words[i].object];
		o->name = unique_name(t, place_label(sim, p));
		o->is_named = place_name(sim, p);
		o->key = p.offset;
	}
}

/* As the trace calls the word, if anybody has touched it. */
static const char *word_name(struct recorder *r, struct sim *sim,
			     struct place p)
{
	struct trace *t = r->trace;
	uint32_t i;

	for (i = 0; i < r->word_count; i++) {
		if (r->words[i].place == place_number(p))
			return t->objects[r->words[i].object].name;
	}
	return trace_string(t, place_label(sim, p));
}

/* After the words, which have the first claim to a name. */
static void name_objects(struct recorder *r, struct sim *sim)
{
	struct trace *t = r->trace;
	struct trace_object *o;
	const struct object *object;
	uint32_t i;

	for (i = 1; i < r->object_room && i < sim->object_count; i++) {
		if (!r->objects[i])
			continue;
		o = &t->objects[r->objects[i]];
		object = &sim->objects[i];
		o->name = unique_name(t, object_name(sim, i));
		o->key = object->key;
		if (object->kind == OBJECT_WQ && object->has_key)
			o->word = word_name(r, sim, object->place);
	}
}

/* How each thread stands at the end, for the last row of a picture. */
static const char *thread_end(struct trace *t, struct sim *sim,
			      const struct task *task)
{
	const struct result *r, *last = NULL;
	char text[RESULT_TEXT_MAX];

	if (task_is_blocked(task))
		return trace_format(t, "blocked: %s",
				    task_blocked_on(sim, task));
	if (task_can_move(task))
		return "runnable";
	if (task->state == TASK_UNBORN)
		return "not started";
	if (task->has_exited)
		return "exited";
	for (r = sim->results; r; r = r->next) {
		if (r->thread == task->index)
			last = r;
	}
	if (!last)
		return "done";
	return trace_format(t, "returned %s", result_text(last->value, text));
}

static void take_verdicts(struct trace *t, const struct sim *sim)
{
	struct verdict *v;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		v = trace_add_verdict(t);
		*v = sim->verdicts[i];
		v->what = trace_string(t, v->what);
		v->rule = trace_string(t, v->rule);
	}
}

struct trace *recorder_finish(struct recorder *r, struct sim *sim)
{
	struct trace *t = r->trace;
	uint32_t i;

	name_words(r, sim);
	name_objects(r, sim);
	for (i = 0; i < sim->task_count; i++) {
		t->threads[i].end = thread_end(t, sim, &sim->tasks[i]);
		t->threads[i].blocked = task_is_blocked(&sim->tasks[i]);
	}
	take_verdicts(t, sim);
	t->end_ns = sim->now_ns;
	free(r->objects);
	free(r->words);
	clocks_free(r->clocks);
	*r = (struct recorder){0};
	return t;
}
