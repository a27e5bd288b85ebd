/*
 * judge.c - verdicts that show while a run goes on: lost wake-ups, wrong keys,
 * bad memory.
 */
#include "sim/judge/judge.h"

#include <stdlib.h>

#include "sim/judge/races.h"
#include "sim/machine/program_internal.h"
#include "sim/run/names.h"
#include "sim/machine/touches.h"

static const char *op_text(const struct task *task)
{
	return task->op ? task->op->text : "its operation";
}

static int op_line(const struct task *task)
{
	return task->op ? task->op->mark.line : 0;
}

/* ---- waits and keys ---------------------------------------------------- */

void judge_wait(struct sim *sim, struct kwaker *w)
{
	struct task *task = w->task;

	(void)sim;
	if (task->key_count)
		w->key = task->keys[0];
	w->place = w->key.place;
	w->expected = task->wait_value;
	w->bitset = task->wait_mask;
	task->wait = w;
	task->was_charged = false;
	task->op_wait = task->op_index;
}

void judge_part(struct kwaker *w)
{
	struct task *task = w->task;
	const struct op *op = task->op;

	if (w->part < task->word_count)
		w->key = task->word_keys[w->part];
	w->place = w->key.place;
	w->bitset = task->wait_mask;
	if (op && 2 * w->part + 1 < op->more_count)
		w->expected = (uint32_t)program_evaluate(
			task, &op->more[2 * w->part + 1]);
}

static bool is_same_key(const struct resolved *a, const struct resolved *b)
{
	if (a->identity != b->identity || a->value != b->value)
		return false;
	return a->identity || a->space == b->space;
}

/*
 * Should a look-up of @key find what was queued under @other?  With the private
 * flag the caller has said that only this address space is meant, and one who
 * uses the flag and one who does not have no claim to meet.
 */
static bool has_claim(const struct resolved *key, const struct resolved *other)
{
	if (key->asked_private != other->asked_private)
		return false;
	return !key->asked_private || key->aspace == other->aspace;
}

/* Queued on the word of @key, but where a look-up of @key does not lead. */
static bool is_passed_over(const struct kwaker *w, const struct resolved *key)
{
	return w && w->is_queued && !w->is_over && !w->is_charged &&
	       place_is_same(w->place, key->place) && has_claim(key, &w->key) &&
	       !is_same_key(&w->key, key);
}

static struct kwaker *
find_passed_over(struct sim *sim, const struct resolved *key, uint32_t mask)
{
	struct kwaker *w;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		w = wait_first(sim->tasks[i].wait);
		for (; w; w = wait_next(w)) {
			if (is_passed_over(w, key) && (w->bitset & mask))
				return w;
		}
	}
	return NULL;
}

void judge_key(struct sim *sim, struct task *task, const struct resolved *key)
{
	/* Each word that a thread lets go of when it ends is a wake. */
	if (task->is_leaving) {
		judge_wake_done(sim, task);
		task->key_count = 0;
		task->op_charged = 0;
	}
	if (task->word_keys && task->word_count < task->op->more_count / 2)
		task->word_keys[task->word_count++] = *key;
	if (task->key_count < 2)
		task->keys[task->key_count++] = *key;
	if (task->key_count == 1 && task->wake_count) {
		touch_look(sim, key, TOUCH_READ);
		task->passed_over = find_passed_over(sim, key, task->wake_mask);
	}
}

static void wrong_key_missed(struct sim *sim, struct task *task,
			     struct kwaker *w)
{
	struct verdict *v =
		sim_verdict(sim, VERDICT_WRONG_KEY, (int32_t)task->index);

	if (!v)
		return;
	v->rule = "one word of memory is one futex, whoever looks it up";
	v->what = sim_format(
		sim,
		"%s wakes on %s, where %s sleeps, but looks under another key "
		"(0x%llx instead of 0x%llx) and passes it over",
		task->name, place_label(sim, w->place), w->task->name,
		(unsigned long long)task->keys[0].value,
		(unsigned long long)w->key.value);
	v->line = op_line(task);
	v->at = sim->event_count + 1;
	verdict_add_evidence(v, w->pushed_at);
}

/*
 * Remember the wakes on a word since its value last changed: one that finds
 * fewer than it asks for has passed by whoever sleeps there still.
 */
static void note_wake(struct sim *sim, const struct task *task)
{
	uint64_t place = place_number(task->keys[0].place);
	struct change *c;

	if (!place)
		return;
	touch_change(sim, place);
	c = sim_change(sim, place);
	c->was_woken = true;
	if (task->op_charged >= task->wake_count)
		return;
	c->short_wake = sim->event_count + 1;
	c->short_mask = task->wake_mask;
	c->short_key = task->keys[0];
}

void judge_wake_done(struct sim *sim, struct task *task)
{
	struct kwaker *w = task->passed_over;

	task->passed_over = NULL;
	if (!task->key_count || !task->wake_count)
		return;
	note_wake(sim, task);
	if (w && task->op_charged < task->wake_count)
		wrong_key_missed(sim, task, w);
}

void judge_waking(struct sim *sim, struct task *task, unsigned int word)
{
	if (!word || task->key_count <= word)
		return;
	judge_wake_done(sim, task);
	task->keys[0] = task->keys[word];
	task->op_charged = 0;
	task->wake_count = task->wake_count2;
	touch_look(sim, &task->keys[0], TOUCH_READ);
	task->passed_over =
		find_passed_over(sim, &task->keys[0], task->wake_mask);
}

/* Did the last wake that fell short look for waiters like @w? */
static bool was_passed_by(const struct kwaker *w, const struct change *c)
{
	return c && c->short_wake > w->drained_at &&
	       (c->short_mask & w->bitset) && has_claim(&c->short_key, &w->key);
}

bool judge_is_owed(const struct kwaker *w, const struct change *c)
{
	if (w->is_moved)
		return was_passed_by(w, c);
	return !c || !c->was_woken || was_passed_by(w, c);
}

/* ---- queues ------------------------------------------------------------ */

static void lost_after_end(struct sim *sim, struct task *task, struct kwaker *w,
			   uint32_t at)
{
	struct verdict *v =
		sim_verdict(sim, VERDICT_LOST_WAKEUP, (int32_t)w->task->index);

	if (!v)
		return;
	v->rule = "a wake-up is charged to a thread that waits";
	v->what = sim_format(sim,
			     "%s's %s is charged to %s, whose wait is over "
			     "already; nobody acts on the wake-up",
			     task->name, op_text(task), w->task->name);
	v->line = op_line(task);
	v->at = at;
	verdict_add_evidence(v, w->pushed_at);
}

static void wrong_key_charged(struct sim *sim, struct task *task,
			      struct kwaker *w, uint32_t at)
{
	struct verdict *v =
		sim_verdict(sim, VERDICT_WRONG_KEY, (int32_t)task->index);

	if (!v)
		return;
	v->rule = "a wake-up goes to a waiter on the same word";
	v->what = sim_format(sim,
			     "%s wakes on %s, but %s, who waits on %s, is "
			     "charged",
			     task->name, place_label(sim, task->keys[0].place),
			     w->task->name, place_label(sim, w->place));
	v->line = op_line(task);
	v->at = at;
	verdict_add_evidence(v, w->pushed_at);
}

static void charge(struct sim *sim, struct task *task, struct kwaker *w,
		   uint32_t at)
{
	w->is_queued = false;
	w->is_charged = true;
	w->charged_at = at;
	w->charged_by = (int32_t)task->index;
	if (task->last.object_kind == OBJECT_WOKEN)
		w->stored_at = at - 1;
	task->op_charged++;
	if (w->task->wait && w->task->wait == (w->whole ? w->whole : w))
		w->task->was_charged = true;
	if (sim->races)
		races_charge(sim, task, w);
	if (w->is_over)
		lost_after_end(sim, task, w, at);
	else if (task->key_count && task->keys[0].place.memory &&
		 w->place.memory &&
		 !place_is_same(task->keys[0].place, w->place))
		wrong_key_charged(sim, task, w, at);
}

/* A requeue begins to move it: from now on it waits on the target's word, for
 * no value of it.
 */
static void move(struct sim *sim, struct task *task, struct kwaker *w,
		 uint32_t at)
{
	w->is_moved = true;
	task->op_charged++;
	w->drained_at = at;
	if (task->key_count < 2)
		return;
	w->key = task->keys[1];
	w->place = task->keys[1].place;
	touch_change(sim, place_number(w->place));
}

/* Woken for no reason, it has left where it was moved to and waits anew. */
static void come_back(struct kwaker *w)
{
	const struct task *task = w->task;

	w->is_moved = false;
	w->key = w->whole ? task->word_keys[w->part] : task->keys[0];
	w->place = w->key.place;
}

void judge_queue(struct sim *sim, struct task *task, enum knote what,
		 uint64_t queue, struct kwaker *w, uint32_t at)
{
	touch_look(sim, &w->key, TOUCH_WRITE);
	switch (what) {
	case KNOTE_QUEUE_PUSH:
		if (w->is_moved)
			come_back(w);
		w->pushed_at = at;
		w->is_queued = true;
		w->queue = queue;
		break;
	case KNOTE_QUEUE_CHARGE:
		charge(sim, task, w, at);
		break;
	case KNOTE_QUEUE_REMOVE:
	case KNOTE_QUEUE_DROP:
		w->is_queued = false;
		break;
	case KNOTE_QUEUE_DRAIN:
		w->is_queued = false;
		move(sim, task, w, at);
		break;
	case KNOTE_QUEUE_APPEND:
		w->is_queued = true;
		w->queue = queue;
		w->appended_at = at;
		break;
	}
}

/* ---- the end of a wait ------------------------------------------------- */

static void lost_by_return(struct sim *sim, struct task *task, struct kwaker *w,
			   int64_t value)
{
	struct verdict *v =
		sim_verdict(sim, VERDICT_LOST_WAKEUP, (int32_t)task->index);
	char text[RESULT_TEXT_MAX];

	if (!v)
		return;
	v->rule = w->whole ? "a waiter that is charged with a wake-up returns "
			     "which word it was"
			   : "a waiter that is charged with a wake-up returns "
			     "0";
	v->what =
		sim_format(sim,
			   "%s's wake-up is charged to %s at step %u, yet "
			   "%s's wait returns %s; nobody acts on the wake-up",
			   sim_mover_name(sim, w->charged_by), task->name,
			   w->charged_at, task->name, result_text(value, text));
	v->line = op_line(task);
	v->at = sim->event_count + 1;
	verdict_add_evidence(v, w->stored_at);
	verdict_add_evidence(v, w->charged_at);
	verdict_add_evidence(v, w->read_at);
	task->lost_at = w->place;
}

void judge_return(struct sim *sim, struct task *task, int64_t value)
{
	struct kwaker *w = task->wait, *part;

	if (sim->races)
		races_return(sim, task, value);
	if (task->is_wait) {
		task->has_wait_result = true;
		task->last_wait_result = value;
	}
	/* A call that failed was no wake. */
	if (value >= 0 || task->is_leaving)
		judge_wake_done(sim, task);
	if (!w || w->is_over)
		return;
	for (part = wait_first(w); part; part = wait_next(part)) {
		if (part->is_charged && value < 0)
			lost_by_return(sim, task, part, value);
		if (part->is_queued)
			touch_look(sim, &part->key, TOUCH_WRITE);
		part->is_over = true;
		part->left_at = sim->event_count + 1;
	}
	w->is_over = true;
	w->left_at = sim->event_count + 1;
	task->wait = NULL;
}

/* ---- bad memory -------------------------------------------------------- */

#define POISONED UINT32_C(0xdbdbdbdb)

_Noreturn void judge_bad_object(struct sim *sim, uint32_t number,
				const struct ksite *site)
{
	if (number == POISONED)
		sim_bug(sim, VERDICT_USE_AFTER_FREE,
			sim_format(sim, "%s:%d touches memory that was freed",
				   site ? site->file : "the model",
				   site ? site->line : 0));
	sim_bug(sim, VERDICT_KERNEL_BUG,
		"something is used that was never made");
}

/* Back on the scheduler's stack after a fault in the model. */
void judge_crash(struct sim *sim)
{
	struct task *task = sim->current;
	struct verdict *v =
		sim_verdict(sim, VERDICT_USE_AFTER_FREE, (int32_t)task->index);

	if (v) {
		v->rule = "the kernel touches only memory that it has";
		v->what = sim_format(sim, "%s follows a bad pointer in %s",
				     task->name, op_text(task));
		v->line = op_line(task);
		v->at = sim->event_count;
	}
	sim->current = NULL;
	sim->is_over = true;
}
