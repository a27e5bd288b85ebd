/*
 * state_hash.c - threads, time and judgement as they enter the hash of a
 * state, and the whole of it.
 *
 * The regions that a thread is in follow from its place in the program, and
 * what predicates ask of kernel objects from those.
 *
 * Interchangeable threads enter in the order of what can be said of each
 * without naming others, so that a state and one that comes of it by renaming
 * have one hash.  Where that leaves two alike their own order decides; then
 * the two states may be told apart, but different ones never become one.
 */
#include "sim/search/state_hash.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/hash128.h"
#include "sim/search/state_hash_internal.h"

/* A duration above this may end in overflow, which asks for absolute times. */
#define SECONDS_RELATIVE INT64_C(0x100000000)

/* ---- what a scenario can tell apart ------------------------------------ */

static bool has_absolute_time(const struct op *op)
{
	if (op->verb == VERB_FUTEX)
		return true;
	if (op->timeout == TIMEOUT_NONE)
		return false;
	return op->verb == VERB_FUTEX_WAIT_BITSET ||
	       op->verb == VERB_FUTEX_WAITV ||
	       op->timeout_sec > SECONDS_RELATIVE;
}

static bool is_requeue(const struct op *op)
{
	return op->verb == VERB_FUTEX_REQUEUE ||
	       op->verb == VERB_FUTEX_CMP_REQUEUE ||
	       op->verb == VERB_FUTEX_WAKE_OP || op->verb == VERB_FUTEX;
}

static void look_at_op(struct state_hash *h, const struct op *op)
{
	h->has_absolute_time |= has_absolute_time(op);
	h->has_requeue |= is_requeue(op);
	h->has_clock_settime |= op->verb == VERB_CLOCK_SETTIME;
	h->has_parts |= op->verb == VERB_FUTEX_WAITV;
	h->has_exit_group |=
		op->verb == VERB_EXIT_GROUP || op->verb == VERB_EXEC;
	h->has_thread_words |= op->verb == VERB_CLONE;
	h->has_lock_order |= op->verb == VERB_ASPACE_LOCK;
	h->has_thread_words |= op->verb == VERB_SET_TID_ADDRESS ||
			       op->verb == VERB_SET_ROBUST_LIST;
}

static void ask_mark(struct state_hash *h, const char *name)
{
	uint32_t i;

	for (i = 0; i < h->mark_count; i++) {
		if (!strcmp(h->marks[i], name))
			return;
	}
	if (h->mark_count == STATE_MARKS_MAX)
		h->has_too_many_marks = true;
	else
		h->marks[h->mark_count++] = name;
}

static void look_at_expr(struct state_hash *h, const struct expr *e)
{
	if (!e)
		return;
	h->asks_charged |= e->kind == EXPR_CHARGED;
	h->asks_returned |= e->kind == EXPR_RETURNED;
	h->asks_keys |= e->kind == EXPR_KEY;
	if (e->kind == EXPR_MARKED)
		ask_mark(h, e->name);
	look_at_expr(h, e->left);
	look_at_expr(h, e->right);
}

static void look_at_scenario(struct state_hash *h, const struct search *s)
{
	const struct scenario *scenario = s->scenario;
	uint32_t i, k;

	for (i = 0; i < scenario->thread_count; i++) {
		for (k = 0; k < scenario->threads[i].op_count; k++)
			look_at_op(h, &scenario->threads[i].ops[k]);
		h->has_owed_wakes |= s->is_expected_blocked[i];
	}
	for (i = 0; i < scenario->property_count; i++)
		look_at_expr(h, scenario->properties[i].that);
	h->has_owed_wakes |= h->has_requeue;
	h->has_changing_maps = s->log.has_changing_maps;
	h->has_signals = s->log.has_signals;
	h->has_exit_group |= h->has_signals;
	h->has_several_keys = s->log.has_several_keys;
}

bool state_hash_has_room(const struct scenario *s)
{
	struct state_hash h = {.mark_count = 0};
	uint32_t i;

	for (i = 0; i < s->property_count; i++)
		look_at_expr(&h, s->properties[i].that);
	return !h.has_too_many_marks;
}

struct state_hash *state_hash_new(const struct search *s)
{
	struct state_hash *h = calloc(1, sizeof(*h));

	if (!h)
		abort();
	h->scenario = s->scenario;
	h->thread_count = s->thread_count;
	look_at_scenario(h, s);
	return h;
}

void state_hash_free(struct state_hash *h)
{
	if (!h)
		return;
	free(h->words);
	free(h->names);
	free(h->addresses);
	free(h);
}

bool state_hash_has_locks(const struct state_hash *h)
{
	return h->has_lock_order;
}

void state_hash_begin(struct state_hash *h, struct sim *sim)
{
	h->sim = sim;
	h->record =
		arena_alloc(&sim->arena,
			    sizeof(*h->record) +
				    h->thread_count * sizeof(*h->record->past));
}

/* ---- a thread ---------------------------------------------------------- */

enum {
	TIMER_NONE,
	TIMER_ARMED,
	TIMER_FIRED,
};

static uint64_t timer_flags(const struct task *task)
{
	const struct ktimer *t = task->timer;

	if (!t)
		return TIMER_NONE;
	return (t->has_fired ? TIMER_FIRED : TIMER_ARMED) |
	       (uint64_t)(t->waker != NULL) << 2;
}

static uint64_t marks_of(const struct state_hash *h, const struct task *task)
{
	const struct mark_list *m;
	uint64_t bits = 0;
	uint32_t i;

	for (i = 0; i < h->mark_count; i++) {
		for (m = task->marks; m; m = m->next) {
			if (!strcmp(m->name, h->marks[i]))
				bits |= UINT64_C(1) << i;
		}
	}
	return bits;
}

/* Whom a signal would wake: nobody, the present wait, or out of turn. */
static uint64_t interrupt_flags(const struct task *task)
{
	if (!task->interrupt_waker)
		return 0;
	return task->interrupt_waker->is_over ? 1 : 2;
}

static uint64_t flags_of(const struct state_hash *h, const struct search *s,
			 const struct task *task)
{
	bool can_get_signals = s->has_options || h->has_exit_group;
	uint64_t flags = (uint64_t)task->state;

	flags = flags << 1 | task->has_exited;
	flags = flags << 1 | task->is_made;
	flags = flags << 1 | task->is_leaving;
	flags = flags << 1 | task->is_in_op;
	flags = flags << 1 | task->is_in_fiber;
	flags = flags << 1 | task->is_interrupted;
	flags = flags << 1 | (task->wait != NULL);
	flags = flags << 3 | timer_flags(task);
	flags = flags << 2 | (can_get_signals ? interrupt_flags(task) : 0);
	flags = flags << 1 | (h->asks_charged && task->was_charged);
	flags = flags << 1 | (h->asks_returned && task->has_wait_result);
	flags = flags << 1 | s->is_expected_blocked[task->index];
	flags = flags << 1 | (s->is_symmetric && task->step_count > 0);
	return flags;
}

/* What key() makes a number of. */
static void put_key(struct state_hash *h, const struct resolved *key)
{
	state_put(h, (uint64_t)key->space << 1 | key->is_set);
	state_put(h, key->identity);
	state_put(h, key->value);
}

static void put_registers(struct state_hash *h, const struct task *task)
{
	uint32_t i, count = task->thread->register_count;
	uint64_t bits = 0;

	for (i = 0; i < count; i++) {
		state_put(h, task->is_assigned[i] ? (uint64_t)task->registers[i]
						  : 0);
		bits = bits << 1 | task->is_assigned[i];
		if (i % 64 == 63 || i == count - 1)
			state_put(h, bits);
	}
}

static const struct change *change_of(const struct sim *sim, uint64_t place)
{
	const struct change *c = sim->changes;

	while (c && c->place != place)
		c = c->next;
	return c;
}

/* Has a wake that fell short passed it by? */
static bool is_passed_by(const struct sim *sim, const struct kwaker *w)
{
	const struct change *c = change_of(sim, place_number(w->place));

	return c && c->short_wake > w->drained_at;
}

/* Of one that was not moved the rest follows from the arguments of the call. */
static void put_wait(struct state_hash *h, const struct kwaker *w)
{
	uint64_t flags = w->whole ? w->whole->woke : w->woke;

	flags = flags << 1 | w->is_queued;
	flags = flags << 1 | w->is_charged;
	flags = flags << 1 | w->is_moved;
	flags = flags << 1 | (w->pushed_at != 0);
	flags = flags << 1 | (h->has_owed_wakes && is_passed_by(h->sim, w));
	state_put(h, flags);
	if (!w->is_moved)
		return;
	state_put(h, w->key.value);
	state_put(h, w->key.identity);
	state_put(h, (uint64_t)w->key.space << 33 |
			     (uint64_t)w->key.aspace << 1 |
			     w->key.asked_private);
	state_put(h, place_number(w->place));
}

/* That an assertion has failed is said once. */
static void put_verdicts_of(struct state_hash *h, const struct task *task)
{
	const struct verdict *v;
	uint64_t sum[2] = {0, 0};
	uint32_t i;

	for (i = 0; i < h->sim->verdict_count; i++) {
		v = &h->sim->verdicts[i];
		if (v->kind == VERDICT_ASSERTION &&
		    v->thread == (int32_t)task->index)
			hash128_add(sum, v->kind, (uint64_t)v->line, 1);
	}
	state_put(h, sum[0]);
	state_put(h, sum[1]);
}

/* All that can be said without names. */
static void put_alone(struct state_hash *h, const struct search *s,
		      uint32_t index)
{
	const struct task *task = &h->sim->tasks[index];
	struct kwaker *w;

	state_put(h, flags_of(h, s, task) << 32 |
			     (task->state == TASK_DONE ? 0 : task->pc));
	put_registers(h, task);
	if (s->has_options)
		state_put(h, s->signals_left[index]);
	if (h->asks_returned)
		state_put(h, (uint64_t)task->last_wait_result);
	if (h->asks_keys)
		put_key(h, &task->keys[0]);
	if (h->mark_count)
		state_put(h, marks_of(h, task));
	if (h->has_thread_words) {
		state_put(h, task->futex.robust_list_head.value);
		state_put(h, task->futex.clear_child_tid.value);
	}
	if (h->sim->verdict_count)
		put_verdicts_of(h, task);
	for (w = wait_first(task->wait); w; w = wait_next(w))
		put_wait(h, w);
	state_put_signals(h, task);
	state_put_past(h, task);
}

/* ---- the order of threads ---------------------------------------------- */

static uint64_t digest_of(struct state_hash *h, const struct search *s,
			  uint32_t index)
{
	uint64_t hash[2];

	h->count = 0;
	state_put(h, h->in_line[index]);
	put_alone(h, s, index);
	hash128_of(h->words, h->count, hash);
	return hash[0];
}

/* Of one set, into the places that its threads have. */
static void sort_set(struct state_hash *h, const uint64_t *digests,
		     uint32_t first)
{
	const struct scenario_thread *threads = h->scenario->threads;
	uint32_t set = threads[first].symmetric;
	uint32_t members[SEARCH_THREADS_MAX], count = 0, i, k, place = 0;

	for (i = first; i < h->thread_count; i++) {
		if (threads[i].symmetric != set)
			continue;
		for (k = count++; k && digests[members[k - 1]] > digests[i];
		     k--)
			members[k] = members[k - 1];
		members[k] = i;
	}
	for (i = first; i < h->thread_count; i++) {
		if (threads[i].symmetric == set)
			h->order[i] = members[place++];
	}
}

static void sort_threads(struct state_hash *h, const struct search *s)
{
	const struct scenario_thread *threads = h->scenario->threads;
	uint64_t digests[SEARCH_THREADS_MAX];
	uint32_t i, k;

	state_find_lines(h);
	for (i = 0; i < h->thread_count; i++)
		digests[i] = digest_of(h, s, i);
	for (i = 0; i < h->thread_count; i++) {
		for (k = 0; k < i; k++) {
			if (threads[k].symmetric == threads[i].symmetric)
				break;
		}
		if (threads[i].symmetric && k == i)
			sort_set(h, digests, i);
	}
}

static void order_threads(struct state_hash *h, const struct search *s)
{
	uint32_t i;

	for (i = 0; i < h->thread_count; i++)
		h->order[i] = i;
	if (s->is_symmetric)
		sort_threads(h, s);
	for (i = 0; i < h->thread_count; i++)
		h->rank[h->order[i]] = i;
}

/* ---- time -------------------------------------------------------------- */

static void put_time(struct state_hash *h)
{
	const struct sim *sim = h->sim;
	const struct ktimer *t, *other;
	uint32_t before;

	if (h->has_absolute_time)
		state_put(h, sim->now_ns);
	if (h->has_clock_settime)
		state_put(h, sim->wall_offset_ns);
	for (t = sim->timers; t; t = t->next) {
		state_put(h, h->rank[t->task->index] + 1);
		state_put(h, t->deadline_ns == KTIME_NEVER
				     ? KTIME_NEVER
				     : timer_due_ns(sim, t) - sim->now_ns);
		if (!h->has_clock_settime)
			continue;
		/* On which clock, and who is first when two become equal. */
		before = 0;
		for (other = sim->timers; other; other = other->next)
			before += other->number < t->number;
		state_put(h, (uint64_t)before << 1 | t->clock);
	}
	state_put(h, 0);
}

/* ---- judgement --------------------------------------------------------- */

static void put_change(uint64_t sum[2], const struct change *c)
{
	uint64_t flags = c->was_woken;

	if (!c->was_woken && !c->short_wake)
		return;
	flags = flags << 1 | (c->short_wake != 0);
	if (c->short_wake) {
		flags = flags << 1 | c->short_key.asked_private;
		flags = flags << 16 | c->short_key.aspace;
		flags = flags << 32 | c->short_mask;
	}
	hash128_add(sum, c->place, flags, 1);
}

static void put_judgement(struct state_hash *h, const struct search *s)
{
	const struct sim *sim = h->sim;
	const struct change *c;
	uint64_t sum[2] = {0, 0}, bits = 0;
	uint32_t i;

	/* There is room for so many of them. */
	state_put(h, sim->verdict_count);
	for (i = 0; i < sim->verdict_count; i++)
		bits |= UINT64_C(1) << sim->verdicts[i].kind;
	state_put(h, bits);
	for (i = 0; i < s->scenario->property_count; i++)
		state_put(h, properties_memory(s->properties, i));
	if (!h->has_owed_wakes)
		return;
	for (c = sim->changes; c; c = c->next)
		put_change(sum, c);
	state_put(h, sum[0]);
	state_put(h, sum[1]);
}

/* ---- the search -------------------------------------------------------- */

/* With a bound it matters who would have to be put aside. */
static void put_search(struct state_hash *h, const struct search *s)
{
	const struct task *last;

	state_put(h, s->spurious_left);
	if (s->preemptions_max == NO_BOUND || s->last == NO_MOVER) {
		state_put(h, 0);
		return;
	}
	last = &h->sim->tasks[s->last];
	if (s->has_yielded || last->state == TASK_DONE)
		state_put(h, 0);
	else
		state_put(h, h->rank[s->last] + 1);
}

/* ---- the whole --------------------------------------------------------- */

void state_hash_take(struct state_hash *h, const struct search *s,
		     uint64_t hash[2])
{
	uint32_t i;

	state_names_begin(h);
	order_threads(h, s);
	h->count = 0;
	state_put(h, h->record->memory[0]);
	state_put(h, h->record->memory[1]);
	put_time(h);
	state_put_kernel(h);
	for (i = 0; i < h->thread_count; i++) {
		put_alone(h, s, h->order[i]);
		state_put_past_links(h, &h->sim->tasks[h->order[i]]);
	}
	put_judgement(h, s);
	state_put_history(h);
	put_search(h, s);
	hash128_of(h->words, h->count, hash);
}
