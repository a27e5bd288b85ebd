/* touches.c - from steps to what they touch. */
#include "sim/machine/touches.h"

#include <stdlib.h>

/* ---- what a scenario can need ------------------------------------------ */

static bool changes_maps(const struct op *op)
{
	return op->verb == VERB_MMAP || op->verb == VERB_MUNMAP ||
	       op->verb == VERB_MPROTECT || op->verb == VERB_MREMAP ||
	       op->verb == VERB_FORK || op->verb == VERB_EXEC;
}

static bool is_about_signals(const struct op *op)
{
	return op->verb == VERB_KILL || op->verb == VERB_SIGACTION ||
	       op->verb == VERB_SIGMASK;
}

/* ... or are more than a flag that is set. */
static bool has_strong_signals(const struct scenario *s)
{
	const struct schedule_line *line;
	uint32_t i, k;

	for (i = 0; i < s->schedule_count; i++) {
		for (k = 0; k < s->schedules[i].line_count; k++) {
			line = &s->schedules[i].lines[k];
			if (line->kind == LINE_SIGNAL &&
			    (line->process != NOWHERE ||
			     line->signal == SIGNAL_KILL))
				return true;
		}
	}
	return false;
}

static bool requeues(const struct op *op)
{
	return op->verb == VERB_FUTEX_REQUEUE ||
	       op->verb == VERB_FUTEX_CMP_REQUEUE || op->verb == VERB_FUTEX;
}

static bool is_sleep_expected(const struct scenario *s)
{
	const struct schedule *schedule;
	uint32_t i, j;

	for (i = 0; i < s->expect_thread_count; i++) {
		if (s->expect_threads[i].state == THREAD_BLOCKED)
			return true;
	}
	for (i = 0; i < s->schedule_count; i++) {
		schedule = &s->schedules[i];
		for (j = 0; j < schedule->line_count; j++) {
			if (schedule->lines[j].kind == LINE_THREAD &&
			    schedule->lines[j].stop == STOP_STUCK)
				return true;
		}
	}
	return s->queue_count > 0;
}

void touch_log_init(struct touch_log *log, const struct scenario *s)
{
	const struct scenario_thread *t;
	uint32_t i, j;

	*log = (struct touch_log){0};
	for (i = 0; i < s->thread_count; i++) {
		t = &s->threads[i];
		for (j = 0; j < t->op_count; j++) {
			log->has_exit_group |=
				t->ops[j].verb == VERB_EXIT_GROUP ||
				t->ops[j].verb == VERB_EXEC;
			log->has_changing_maps |= changes_maps(&t->ops[j]);
			log->has_owed_wakes |= requeues(&t->ops[j]);
			log->has_signals |= is_about_signals(&t->ops[j]);
		}
	}
	log->has_signals |= has_strong_signals(s);
	for (i = 0; s->explore.signals && i < s->thread_count; i++)
		log->has_sent_signals |= s->explore.signals[i] > 0;
	log->has_exit_group |= log->has_signals;
	for (i = 0; i < s->map_count; i++)
		log->has_changing_maps |= s->maps[i].lazy;
	log->has_owed_wakes |= is_sleep_expected(s);
	/* Words of one process that are mapped once have one key each. */
	log->has_several_keys = s->process_count > 1 || s->map_count > 0 ||
				log->has_changing_maps;
}

void touch_log_fini(struct touch_log *log)
{
	free(log->items);
}

/* ---- logging ----------------------------------------------------------- */

static void make_room(struct touch_log *log, uint32_t count)
{
	if (log->count + count <= log->room)
		return;
	log->room = log->room ? log->room * 2 : 256;
	log->items = realloc(log->items, log->room * sizeof(*log->items));
	if (!log->items)
		abort();
}

void touch_add(struct touch_log *log, const struct touch *touch)
{
	make_room(log, 1);
	log->items[log->count++] = *touch;
}

/* Numbers that mean the same in every run. */
static uint64_t stable_object(const struct sim *sim, const struct step *step)
{
	if (step->object_kind == OBJECT_WORD)
		return step->object;
	if (step->object < sim->object_count)
		return sim->objects[step->object].serial;
	return step->object;
}

static unsigned int touches_of(const struct sim *sim, int32_t mover,
			       const struct step *step,
			       struct touch touches[EVENT_TOUCHES_MAX])
{
	struct event e;

	/* Only these fields are looked at. */
	e.kind = step->kind;
	e.object_kind = step->object_kind;
	e.object = stable_object(sim, step);
	e.thread = mover;
	e.peer = step->peer;
	e.in = step->in;
	e.in2 = step->in2;
	e.out = step->out;
	e.old_value = step->old_value;
	e.new_value = step->new_value;
	e.size = step->size;
	return event_touches(&e, touches);
}

unsigned int touches_of_pending(const struct sim *sim, const struct task *task,
				struct touch touches[EVENT_TOUCHES_MAX])
{
	return touches_of(sim, (int32_t)task->index, &task->step, touches);
}

void touches_of_step(struct sim *sim, int32_t mover, const struct step *step)
{
	struct touch_log *log = sim->touches;

	make_room(log, EVENT_TOUCHES_MAX);
	log->count += touches_of(sim, mover, step, log->items + log->count);
}

static enum touch_kind touch_of_object(const struct object *o)
{
	if (o->is_ref)
		return TOUCH_REF;
	return o->mutex ? TOUCH_MUTEX : TOUCH_ATOMIC;
}

void touches_of_free(struct sim *sim, const void *ptr, size_t size)
{
	const char *start = ptr;
	const struct object *o;
	const char *address;
	uint32_t i;

	for (i = 1; i < sim->object_count; i++) {
		o = &sim->objects[i];
		address = o->address;
		if (address >= start && address < start + size)
			sim_touch(sim, touch_of_object(o), TOUCH_WRITE,
				  o->serial, 0);
	}
}

/* Which futex a key names, as one number. */
static uint64_t key_number(const struct resolved *key)
{
	uint64_t n = key->value * UINT64_C(0x9e3779b97f4a7c15);

	n ^= key->identity ? key->identity << 1 : (uint64_t)key->space << 1 | 1;
	return n;
}

void touch_look(struct sim *sim, const struct resolved *key,
		enum touch_mode mode)
{
	if (sim->touches && sim->touches->has_several_keys && key->is_set)
		sim_touch(sim, TOUCH_LOOK, mode, place_number(key->place),
			  key_number(key));
}
