/*
 * races.c - vector clocks of threads and words, and what they say of two
 * accesses.
 *
 * Each access of a thread has a number of its own, and the clock of a thread
 * says for every thread which access of it was the last to happen before.  Of
 * each thread a word remembers its last access of each kind: if any access
 * races with a later one of somebody else, so does the last of that kind.
 */
#include "sim/judge/races.h"

#include <string.h>

#include "sim/judge/races_internal.h"
#include "sim/machine/program_internal.h"

/* Which kinds race with it if they are in no order. */
static const unsigned int conflicts[ACCESS_KIND_COUNT] = {
	[PLAIN_READ] = 1u << PLAIN_WRITE | 1u << ATOMIC_WRITE,
	[PLAIN_WRITE] = 1u << PLAIN_READ | 1u << PLAIN_WRITE |
			1u << ATOMIC_READ | 1u << ATOMIC_WRITE,
	[ATOMIC_READ] = 1u << PLAIN_WRITE,
	[ATOMIC_WRITE] = 1u << PLAIN_READ | 1u << PLAIN_WRITE,
};

/* What a step does to a word. */
struct access {
	enum access_kind kind;
	bool acquires;
	bool releases;
	bool replaces; /* what was released before: a store, no more */
};

/* ---- clocks ------------------------------------------------------------ */

static uint32_t *clock_new(struct sim *sim)
{
	return arena_alloc(&sim->arena, sim->races->count * sizeof(uint32_t));
}

static uint32_t *clock_of(struct sim *sim, uint32_t thread)
{
	uint32_t **clock = &sim->races->threads[thread];

	if (!*clock)
		*clock = clock_new(sim);
	return *clock;
}

static void join(const struct races *r, uint32_t *to, const uint32_t *from)
{
	uint32_t i;

	for (i = 0; from && i < r->count; i++) {
		if (to[i] < from[i])
			to[i] = from[i];
	}
}

/* ---- setting up -------------------------------------------------------- */

static bool has_plain_access(const struct scenario *s)
{
	uint32_t i, k;

	for (i = 0; i < s->thread_count; i++) {
		for (k = 0; k < s->threads[i].op_count; k++) {
			if (s->threads[i].ops[k].is_plain)
				return true;
		}
	}
	return false;
}

void races_begin(struct sim *sim)
{
	uint32_t count = sim->task_count;
	struct races *r;

	if ((sim->ignore >> VERDICT_DATA_RACE & 1) ||
	    !has_plain_access(sim->scenario))
		return;
	r = arena_alloc(&sim->arena, sizeof(*r));
	r->count = count;
	r->threads = arena_alloc(&sim->arena, count * sizeof(*r->threads));
	r->wakes = arena_alloc(&sim->arena, count * sizeof(*r->wakes));
	sim->races = r;
}

static struct race_word *word_at(struct sim *sim, uint64_t number)
{
	struct race_word **first =
		&sim->races->words[number / 4 % RACE_BUCKETS];
	struct race_word *w;

	for (w = *first; w; w = w->next) {
		if (w->number == number)
			return w;
	}
	w = arena_alloc(&sim->arena, sizeof(*w));
	w->number = number;
	w->next = *first;
	*first = w;
	return w;
}

/* ---- accesses ----------------------------------------------------------- */

/* The latest access that @clock does not have in its past, or NULL. */
static const struct past_access *find_race(const struct race_word *w,
					   const uint32_t *clock,
					   const struct past_access *now,
					   enum access_kind kind)
{
	const struct past_access *a, *found = NULL;
	unsigned int k;

	for (k = 0; k < ACCESS_KIND_COUNT; k++) {
		if (!(conflicts[kind] >> k & 1))
			continue;
		for (a = w->past[k]; a; a = a->next) {
			if (a->thread != now->thread &&
			    !race_has_in_past(clock, a) &&
			    (!found || a->event > found->event))
				found = a;
		}
	}
	return found;
}

static void remember(struct sim *sim, struct race_word *w,
		     enum access_kind kind, const struct past_access *now)
{
	struct past_access *a = w->past[kind], *next;

	while (a && a->thread != now->thread)
		a = a->next;
	if (!a) {
		a = arena_alloc(&sim->arena, sizeof(*a));
		a->next = w->past[kind];
		w->past[kind] = a;
	}
	next = a->next;
	*a = *now;
	a->next = next;
}

static void release(struct sim *sim, struct race_word *w, const uint32_t *clock,
		    const struct past_access *now, bool replaces)
{
	if (!w->released)
		w->released = clock_new(sim);
	else if (replaces)
		memset(w->released, 0, sim->races->count * sizeof(*clock));
	join(sim->races, w->released, clock);
	w->released_at = now->event;
	w->released_by = (int32_t)now->thread;
}

static void access_word(struct sim *sim, struct race_word *w,
			const struct access *access, struct past_access *now)
{
	uint32_t *clock = clock_of(sim, now->thread);
	const struct past_access *other;

	now->number = ++clock[now->thread];
	if (access->acquires)
		join(sim->races, clock, w->released);
	other = find_race(w, clock, now, access->kind);
	if (other)
		race_tell(sim, w, other, now);
	remember(sim, w, access->kind, now);
	if (access->releases)
		release(sim, w, clock, now, access->replaces);
}

static const struct access a_read = {ATOMIC_READ, true, false, false};
static const struct access a_store = {ATOMIC_WRITE, false, true, true};
static const struct access a_change = {ATOMIC_WRITE, true, true, false};

/* NULL: a fault, which is no access yet. */
static const struct access *access_of(const struct step *step)
{
	enum event_kind kind = step->kind;

	if (kind == EVENT_USER_CAS)
		return (uint64_t)step->out == step->in2 ? &a_change : &a_read;
	if (kind == EVENT_USER_LOAD || kind == EVENT_USER_READ ||
	    kind == EVENT_TIMEOUT_READ)
		return &a_read;
	if (kind == EVENT_USER_STORE || kind == EVENT_USER_WRITE)
		return &a_store;
	if (kind == EVENT_USER_XCHG || kind == EVENT_USER_FETCH)
		return &a_change;
	return NULL;
}

/* Nothing was there, or it could not be had. */
static bool has_failed(const struct step *step)
{
	uint32_t unit = step->size > 8 ? 8 : step->size;

	return !step->object || !unit || step->in % unit ||
	       (step->size == 4 && step->out < 0);
}

static uint64_t argument(struct task *task, unsigned int i)
{
	return (uint64_t)program_evaluate(task, &task->op->args[i]);
}

/*
 * A wake looks at its word to see whether there is memory, and not at what is
 * in it, as a requeue does at its target; some kernels do not look at all.
 */
static bool is_look_at_nothing(struct task *task, const struct step *step)
{
	uint64_t command;
	enum verb verb;

	if (!step->site || step->kind != EVENT_USER_LOAD || !task->op)
		return false;
	verb = task->op->verb;
	if (verb == VERB_FUTEX_CMP_REQUEUE)
		return step->in != argument(task, 0);
	if (verb != VERB_FUTEX)
		return verb == VERB_FUTEX_WAKE ||
		       verb == VERB_FUTEX_WAKE_BITSET ||
		       verb == VERB_FUTEX_WAKE_OP || verb == VERB_FUTEX_REQUEUE;
	command = argument(task, 1) & 127;
	if (command == FUTEX_CMP_REQUEUE)
		return step->in != argument(task, 0);
	return command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET ||
	       command == FUTEX_REQUEUE;
}

static struct access as_plain(const struct access *a)
{
	return (struct access){
		.kind = a->kind == ATOMIC_READ ? PLAIN_READ : PLAIN_WRITE,
	};
}

/* Each word of it; what is in the next page is another step's. */
static void access_words(struct sim *sim, struct task *task,
			 const struct step *step, const struct access *access,
			 struct past_access *now)
{
	struct race_word *w;
	struct place place;
	uint32_t at;

	for (at = 0; at < step->size; at += 4) {
		if (at && (step->in + at) % PAGE_SIZE == 0)
			break;
		place = aspace_place(task->process->aspace, step->in + at);
		w = word_at(sim, place_number(place));
		w->place = place;
		access_word(sim, w, access, now);
	}
}

void races_step(struct sim *sim, int32_t mover, const struct step *step)
{
	const struct access *found = access_of(step);
	struct past_access now = {.event = sim->event_count};
	struct access access;
	struct task *task;

	if (mover < 0 || !found || has_failed(step))
		return;
	task = &sim->tasks[mover];
	if (is_look_at_nothing(task, step))
		return;
	now.thread = task->index;
	now.op = task->op;
	now.is_kernel = step->site != NULL;
	access = !step->site && task->op && task->op->is_plain ? as_plain(found)
							       : *found;
	access_words(sim, task, step, &access, &now);
}

/* ---- threads ----------------------------------------------------------- */

void races_charge(struct sim *sim, const struct task *task,
		  const struct kwaker *w)
{
	uint32_t **wake = &sim->races->wakes[w->task->index];

	if (w->is_over)
		return;
	if (!*wake)
		*wake = clock_new(sim);
	join(sim->races, *wake, clock_of(sim, task->index));
}

/* One that says that it was not woken has learned of no wake-up. */
void races_return(struct sim *sim, const struct task *task, int64_t value)
{
	uint32_t **wake = &sim->races->wakes[task->index];

	if (*wake && value >= 0)
		join(sim->races, clock_of(sim, task->index), *wake);
	*wake = NULL;
}

void races_start(struct sim *sim, const struct task *parent,
		 const struct task *child)
{
	join(sim->races, clock_of(sim, child->index),
	     clock_of(sim, parent->index));
}
