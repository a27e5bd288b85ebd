/*
 * state_hash_past.c - what calls in progress have learned.
 *
 * Only what a step tells its thread is taken down: not the count that a
 * reference is raised to, not whether a mutex had to be waited for, not whether
 * the thread that it woke was asleep.
 */
#include <stddef.h>
#include <string.h>

#include "model/futex.h"
#include "sim/base/hash128.h"
#include "sim/search/state_hash_internal.h"

/* Lessons of a call that there is room for at first. */
#define LESSONS_FIRST 32u

extern const struct ksite __start_ksites[];

/* ---- user memory ------------------------------------------------------- */

static void change_word(struct state_hash *h, uint64_t place, uint32_t old,
			uint32_t value)
{
	if (old == value)
		return;
	hash128_add(h->record->memory, place, value, 1);
	hash128_add(h->record->memory, place, old, -1);
}

void state_hash_page(struct sim *sim, struct place place, int by)
{
	uint64_t number = place_number(place);
	const unsigned char *bytes = place_bytes(sim, place);
	uint32_t value, i;

	for (i = 0; i < PAGE_SIZE; i += sizeof(value)) {
		memcpy(&value, bytes + i, sizeof(value));
		if (by > 0)
			change_word(sim->hasher, number + i, 0, value);
		else
			change_word(sim->hasher, number + i, value, 0);
	}
}

/* Words of 32 bits; what is written in another size is several of them. */
static void note_write(struct state_hash *h, const struct step *step)
{
	uint32_t old[2], value[2], i;

	memcpy(old, &step->old_value, sizeof(old));
	memcpy(value, &step->new_value, sizeof(value));
	for (i = 0; i < step->size / 4 && i < 2; i++)
		change_word(h, step->object + 4 * i, old[i], value[i]);
}

/* ---- lessons ----------------------------------------------------------- */

static void make_room(struct sim *sim, struct past *p)
{
	uint32_t room = p->room ? 2 * p->room : LESSONS_FIRST;
	struct lesson *items = arena_alloc(&sim->arena, room * sizeof(*items));

	if (p->count)
		memcpy(items, p->items, p->count * sizeof(*items));
	p->items = items;
	p->room = room;
}

static struct lesson *add(struct sim *sim, struct past *p)
{
	if (p->count == p->room)
		make_room(sim, p);
	return &p->items[p->count++];
}

static uint32_t site_number(const struct ksite *site)
{
	return site ? (uint32_t)(site - __start_ksites) + 1 : 0;
}

static uint32_t what_of(const struct step *step)
{
	return (uint32_t)step->kind | (uint32_t)step->object_kind << 8 |
	       site_number(step->site) << 16;
}

/* Is the step about a thing that has a number among objects? */
static bool is_about_object(const struct step *step)
{
	switch (step->object_kind) {
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
		return true;
	case OBJECT_NONE:
	case OBJECT_WORD:
	case OBJECT_TASK:
	case OBJECT_TIMER:
	case OBJECT_INTERRUPT:
	case OBJECT_CLOCK:
	case OBJECT_SIGNAL:
	case OBJECT_SYSCALL:
	case OBJECT_TIMEOUT:
	case OBJECT_QUEUE:
	case OBJECT_KERNEL:
	case OBJECT_KIND_COUNT:
		break;
	}
	return false;
}

static uint64_t queue_length(const struct kmutex *m)
{
	/* The mutex is the first member of the queue. */
	const struct wait_queue *q = (const struct wait_queue *)m;
	const struct list *node;
	uint64_t length = 0;

	for (node = q->waiters.next; node != &q->waiters; node = node->next)
		length++;
	return length;
}

static uint64_t cleanup_key(const struct kmutex *m)
{
	const char *state =
		(const char *)m - offsetof(struct waiter_state, cleanup_mutex);

	return ((const struct waiter_state *)state)->cleanup.key;
}

/* What is read under a mutex and might show in no later step. */
static uint64_t guarded(const struct sim *sim, const struct step *step)
{
	const struct kmutex *m = sim->objects[step->object].mutex;

	if (step->object_kind == OBJECT_WQ)
		return queue_length(m);
	if (step->object_kind == OBJECT_CLEANUP)
		return cleanup_key(m);
	return 0;
}

/* The addresses of words that the operation names are looked up here. */
static uint64_t map_number(struct state_hash *h, const struct task *task)
{
	uint64_t hash[2];

	if (!h->has_changing_maps)
		return 0;
	h->count = 0;
	state_put_areas(h, task->process->aspace);
	hash128_of(h->words, h->count, hash);
	return hash[0];
}

static uint64_t look_at_clock(struct state_hash *h, struct past *p,
			      const struct step *step)
{
	if (h->has_absolute_time)
		return (uint64_t)step->out;
	p->has_read = true;
	p->read_at_ns = h->sim->now_ns;
	return 0;
}

/* What the thread gets to know by its step. */
static uint64_t told(struct state_hash *h, struct past *p,
		     const struct task *task, const struct step *step)
{
	enum event_kind kind = step->kind;

	if (kind == EVENT_LOCK)
		return guarded(h->sim, step);
	if (kind == EVENT_REF_PUT)
		return !step->new_value;
	if (kind == EVENT_BLOCK)
		return step->permit;
	if (kind == EVENT_CLOCK_READ)
		return look_at_clock(h, p, step);
	if (kind == EVENT_ENTER || kind == EVENT_USER_FAULT)
		return map_number(h, task);
	if (kind == EVENT_DELIVER)
		return step->in;
	if (kind == EVENT_TIMER_ARM)
		p->has_read = false;
	if (kind == EVENT_TIMER_ARM || kind == EVENT_REF_GET ||
	    kind == EVENT_WAKE)
		return 0;
	return (uint64_t)step->out;
}

/* ---- told by the machine ----------------------------------------------- */

void state_hash_op(struct sim *sim, const struct task *task)
{
	struct past *p = &sim->hasher->record->past[task->index];

	p->count = 0;
	p->home = 0;
	p->state = 0;
	p->has_read = false;
}

void state_hash_step(struct sim *sim, int32_t mover, const struct step *step)
{
	struct state_hash *h = sim->hasher;
	struct past *p;
	struct lesson *l;

	if (mover < 0)
		return;
	if (step->has_values && step->object_kind == OBJECT_WORD)
		note_write(h, step);
	if (!sim->tasks[mover].is_in_fiber || step->kind == EVENT_SLEEP ||
	    step->kind == EVENT_RESUME)
		return;
	p = &h->record->past[mover];
	if (step->kind == EVENT_BLOCK && p->home) {
		p->count = 0;
		return;
	}
	l = add(sim, p);
	*l = (struct lesson){.what = what_of(step)};
	l->value = told(h, p, &sim->tasks[mover], step);
	if (is_about_object(step))
		l->object = (uint32_t)step->object;
	if (step->object_kind == OBJECT_STATE)
		p->last_state = l->object;
}

void state_hash_value(struct sim *sim, uint64_t value)
{
	struct past *p = &sim->hasher->record->past[sim->current->index];

	*add(sim, p) = (struct lesson){.what = EVENT_USER_READ, .value = value};
}

void state_hash_waiter(struct sim *sim, enum knote what, uint32_t queue,
		       const struct kwaker *waker)
{
	struct past *p = &sim->hasher->record->past[sim->current->index];

	/* A wait on several words has no one place to come back to. */
	if (what == KNOTE_QUEUE_PUSH && !waker->whole) {
		/* The reference that the queue holds was taken just before. */
		p->home = queue;
		p->state = p->last_state;
	}
	*add(sim, p) = (struct lesson){
		.what = (uint32_t)what | LESSON_WAKER,
		.waker = waker,
	};
}

void state_hash_block(struct sim *sim, const char *what, int by)
{
	/* "waiter", "waiter_state": judged when everything is at rest. */
	if (what[0] == 'w')
		sim->hasher->record->wait_blocks += (uint64_t)(int64_t)by;
}

/* ---- into the state ---------------------------------------------------- */

static bool is_standing(const struct task *task)
{
	return task->state != TASK_DONE && task->is_in_fiber;
}

static void put_keys(struct state_hash *h, const struct task *task)
{
	const struct resolved *k;
	unsigned int i;

	for (i = 0; i < task->key_count; i++) {
		k = &task->keys[i];
		state_put(h, k->value);
		state_put(h, k->identity);
		state_put(h, (uint64_t)k->space << 33 |
				     (uint64_t)k->aspace << 1 |
				     k->asked_private);
		state_put(h, place_number(k->place));
	}
}

void state_put_past(struct state_hash *h, const struct task *task)
{
	const struct past *p = &h->record->past[task->index];
	uint32_t i;

	if (!is_standing(task))
		return;
	state_put(h, what_of(&task->step));
	state_put(h, (uint64_t)task->op_charged << 32 |
			     (uint64_t)task->key_count << 1 |
			     (task->passed_over != NULL));
	state_put(h, (uint64_t)p->count << 1 | p->has_read);
	if (p->has_read)
		state_put(h, h->sim->now_ns - p->read_at_ns);
	if (h->has_several_keys || h->has_changing_maps)
		put_keys(h, task);
	for (i = 0; i < p->count; i++) {
		state_put(h, p->items[i].what);
		if (!(p->items[i].what & LESSON_WAKER))
			state_put(h, p->items[i].value);
	}
}

void state_put_past_links(struct state_hash *h, const struct task *task)
{
	const struct past *p = &h->record->past[task->index];
	uint32_t i;

	if (!is_standing(task))
		return;
	if (is_about_object(&task->step))
		state_put_object(h, task->step.object);
	state_put_object(h, p->home);
	if (p->home) {
		state_put_object(h, p->state);
		state_put_object(h, h->sim->objects[p->home].table);
	}
	for (i = 0; i < p->count; i++) {
		if (p->items[i].what & LESSON_WAKER)
			state_put_waker(h, p->items[i].waker);
		else if (p->items[i].object)
			state_put_object(h, p->items[i].object);
	}
}
