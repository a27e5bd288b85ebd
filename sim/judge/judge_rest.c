/*
 * judge_rest.c - verdicts on a machine at rest: threads that nobody will free,
 * and things that nobody will.
 */
#include <stdio.h>
#include <string.h>

#include "sim/judge/judge.h"
#include "sim/judge/lock_order.h"
#include "sim/run/names.h"

/* ---- stuck threads ----------------------------------------------------- */

/* Its deadline may still come; then the run is not over for it. */
static bool is_stuck(const struct sim *sim, const struct task *task)
{
	return task_is_blocked(task) && !task_timer(sim, task);
}

static const struct change *change_of(const struct sim *sim, struct place p)
{
	const struct change *c;
	uint64_t number = place_number(p);

	for (c = sim->changes; c; c = c->next) {
		if (c->place == number)
			return c;
	}
	return NULL;
}

/*
 * Who is expected to sleep is stranded all the same if a wake-up is owed; the
 * schedule line "until stuck" and an expectation excuse a sleep, not a loss.
 */
static bool is_owed(struct sim *sim, const struct kwaker *w, bool is_expected)
{
	const struct change *c;

	if (!w->place.memory || !w->pushed_at)
		return false;
	c = change_of(sim, w->place);
	if (w->is_moved)
		return judge_is_owed(w, c);
	if (place_load32(sim, w->place) == w->expected)
		return false;
	return !is_expected || judge_is_owed(w, c);
}

/* The word on which it is, or NULL. */
static const struct kwaker *
stranded_part(struct sim *sim, const struct task *task, bool is_expected)
{
	struct kwaker *w;

	if (task->state != TASK_PARKED)
		return NULL;
	for (w = wait_first(task->wait); w; w = wait_next(w)) {
		if (is_owed(sim, w, is_expected))
			return w;
	}
	return NULL;
}

static const char *stranded_text(struct sim *sim, const struct task *task,
				 const struct kwaker *w, const struct change *c)
{
	const char *word = place_label(sim, w->place);
	bool is_removed = sim->objects[w->queue].removed_at;

	if (w->is_moved)
		return sim_format(sim,
				  "%s sleeps on %s, to which it was moved, and "
				  "a wake-up there has passed it by",
				  task->name, word);
	return sim_format(sim,
			  "%s sleeps on %s%s for the value %u, but it is "
			  "%u%s%s, and no wake-up is on its way",
			  task->name, word,
			  is_removed ? ", in a queue that no look-up finds,"
				     : "",
			  w->expected, place_load32(sim, w->place),
			  c && c->event ? " since a step of " : "",
			  c && c->event ? sim_mover_name(sim, c->mover) : "");
}

static void stranded(struct sim *sim, const struct task *task,
		     const struct kwaker *w)
{
	const struct change *c = change_of(sim, w->place);
	struct verdict *v =
		sim_verdict(sim, VERDICT_LOST_WAKEUP, (int32_t)task->index);

	if (!v)
		return;
	v->rule = w->is_moved ? "a wake-up finds who was moved"
			      : "nobody sleeps on a word whose value has "
				"changed";
	v->what = stranded_text(sim, task, w, c);
	v->line = task->op ? task->op->mark.line : 0;
	verdict_add_evidence(v, w->pushed_at);
	verdict_add_evidence(v, w->drained_at);
	verdict_add_evidence(v, w->appended_at);
	verdict_add_evidence(v, sim->objects[w->queue].removed_at);
	if (!c)
		return;
	verdict_add_evidence(v, w->is_moved ? 0 : c->event);
	verdict_add_evidence(v, w->is_moved ? c->short_wake : 0);
}

/* Who would have been next: the story of a lost wake-up ends with them. */
static void name_victims(struct sim *sim, struct verdict *v)
{
	struct place place = sim->tasks[v->thread].lost_at;
	const struct task *task;
	struct kwaker *w;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task->state != TASK_PARKED)
			continue;
		w = wait_first(task->wait);
		while (w && !(w->is_queued && place_is_same(w->place, place)))
			w = wait_next(w);
		if (w)
			v->what = sim_format(sim, "%s; %s sleeps on", v->what,
					     task->name);
	}
}

static void finish_stories(struct sim *sim)
{
	struct verdict *v;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		v = &sim->verdicts[i];
		if (v->kind == VERDICT_LOST_WAKEUP && v->thread >= 0)
			name_victims(sim, v);
	}
}

/* "A (futex F), B (mutex:wq, held by A)" */
static void describe(struct sim *sim, const struct task *task, char *buf,
		     size_t size)
{
	const char *on = task_blocked_on(sim, task);
	size_t used = strlen(buf);
	const struct task *owner;

	if (task->state == TASK_PARKED && task->wait) {
		snprintf(buf + used, size - used, "%s%s (futex %s)",
			 used ? ", " : "", task->name, wait_label(sim, task));
		return;
	}
	if (task->state == TASK_WAITING) {
		snprintf(buf + used, size - used, "%s%s (threads of %s)",
			 used ? ", " : "", task->name, task->process->name);
		return;
	}
	owner = task->mutex ? task->mutex->owner : NULL;
	snprintf(buf + used, size - used, "%s%s (%s, held by %s)",
		 used ? ", " : "", task->name, on,
		 owner ? owner->name : "nobody");
}

static void deadlock(struct sim *sim, const struct task *first, const char *who,
		     unsigned int count)
{
	struct verdict *v =
		sim_verdict(sim, VERDICT_DEADLOCK, (int32_t)first->index);

	if (!v)
		return;
	v->rule = "every thread that is not expected to sleep gets on";
	v->what = sim_format(sim, "nobody can free %s%s", who,
			     count > 1 ? "" : "; no thread can move");
	v->line = first->op ? first->op->mark.line : 0;
	if (first->wait)
		verdict_add_evidence(v, wait_first(first->wait)->pushed_at);
}

static void judge_stuck(struct sim *sim, const bool *is_expected_blocked)
{
	const struct task *first = NULL;
	const struct kwaker *w;
	const struct task *task;
	char who[512] = "";
	unsigned int count = 0;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (!is_stuck(sim, task))
			continue;
		w = stranded_part(sim, task, is_expected_blocked[i]);
		if (w) {
			stranded(sim, task, w);
			continue;
		}
		if (is_expected_blocked[i])
			continue;
		if (!first)
			first = task;
		describe(sim, task, who, sizeof(who));
		count++;
	}
	if (first)
		deadlock(sim, first, who, count);
}

/* ---- leaks ------------------------------------------------------------- */

struct entry_check {
	struct sim *sim;
	const struct futex_table *table;
	uint64_t key;
	uint64_t pins;
	uint64_t live; /* waiters that still wait */
	uint64_t gone; /* waiters whose wait is over */
	bool has_entry;
	bool is_quiet; /* nobody is in a call that could hold an entry */
	const struct kmutex *queue;
	const struct kwaker *ghost; /* one whose wait is over */
};

/* When it was made, and who looked whether it may go and left it. */
static void add_leak_evidence(struct entry_check *c, struct verdict *v)
{
	/* The queue is the first member of its entry. */
	const struct futex_entry *entry = (const struct futex_entry *)c->queue;
	const struct object *ref = &c->sim->objects[entry->ref.id];

	verdict_add_evidence(v, c->sim->objects[c->queue->id].made_at);
	verdict_add_evidence(v, c->ghost ? c->ghost->pushed_at
					 : ref->counted_at[0]);
	verdict_add_evidence(v,
			     c->ghost ? c->ghost->left_at : ref->counted_at[1]);
}

static void leaked_entry(struct entry_check *c)
{
	struct sim *sim = c->sim;
	struct verdict *v = sim_verdict(sim, VERDICT_LEAK, EVENT_NOBODY);
	const char *queue, *table;

	if (!v)
		return;
	queue = object_name(sim, c->queue->id);
	table = object_name(sim, c->table->table_mutex.id);
	v->rule = "what nobody uses any more is given back";
	add_leak_evidence(c, v);
	if (c->gone)
		v->what = sim_format(
			sim,
			"%s of %s still lists %llu waiter%s whose wait "
			"is over",
			queue, table, (unsigned long long)c->gone,
			c->gone == 1 ? "" : "s");
	else
		v->what = sim_format(sim,
				     "the entry 0x%llx stays in %s although "
				     "nobody holds it and nobody waits",
				     (unsigned long long)c->key, table);
}

static void end_entry(struct entry_check *c)
{
	if (!c->has_entry)
		return;
	if (c->gone || (!c->live && (!c->pins || c->is_quiet)))
		leaked_entry(c);
}

static void on_entry(void *arg, uint64_t key, const struct kmutex *queue,
		     uint64_t pins)
{
	struct entry_check *c = arg;

	end_entry(c);
	c->has_entry = true;
	c->key = key;
	c->queue = queue;
	c->pins = pins;
	c->live = 0;
	c->gone = 0;
	c->ghost = NULL;
}

static void on_waiter(void *arg, struct kwaker *waker, uint32_t bitset,
		      bool is_cancelled)
{
	struct entry_check *c = arg;

	(void)bitset;
	(void)is_cancelled;
	if (!waker->is_over) {
		c->live++;
		return;
	}
	c->gone++;
	c->ghost = waker;
}

static bool is_anyone_in_a_call(const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (sim->tasks[i].is_in_op)
			return true;
	}
	return false;
}

static void check_table(struct sim *sim, const struct futex_table *table)
{
	struct entry_check check = {.sim = sim};
	struct futex_visitor visitor = {on_entry, on_waiter, &check};

	check.table = table;
	check.is_quiet = !is_anyone_in_a_call(sim);
	futex_table_visit(table, &visitor);
	end_entry(&check);
}

static void check_shared(void *arg, uint64_t identity,
			 const struct futex_table *table)
{
	(void)identity;
	check_table(arg, table);
}

static void check_tables(struct sim *sim)
{
	struct process *p;
	uint32_t i;

	for (i = 0; i < sim->process_count; i++) {
		p = &sim->processes[i];
		if (p->table)
			check_table(sim, p->table);
		else if (p->aspace->owner == i)
			check_table(sim, p->aspace->table);
	}
	futex_tables_visit(&sim->futex.shared_tables, check_shared, sim);
}

static bool is_of_a_wait(const char *what)
{
	return !strcmp(what, "waiter") || !strcmp(what, "waiter_state");
}

/* With nobody in a call, no waiter and no state of one can be in use. */
static void check_blocks(struct sim *sim)
{
	const struct arena_block *block;
	struct verdict *v;

	for (block = sim->arena.last_block; block; block = block->previous) {
		if (block->is_freed || !is_of_a_wait(block->what))
			continue;
		v = sim_verdict(sim, VERDICT_LEAK, block->owner);
		if (!v)
			return;
		v->rule = "what nobody uses any more is given back";
		v->what = sim_format(sim, "a %s of %s outlives every call",
				     block->what,
				     sim_mover_name(sim, block->owner));
		return;
	}
}

/* Freed memory that somebody wrote to afterwards. */
static void check_quarantine(struct sim *sim)
{
	const struct arena_block *block;
	struct verdict *v;

	for (block = sim->arena.last_block; block; block = block->previous) {
		if (!block->is_freed || !arena_block_is_dirty(block))
			continue;
		v = sim_verdict(sim, VERDICT_USE_AFTER_FREE, block->owner);
		if (!v)
			return;
		v->rule = "freed memory is not touched";
		v->what = sim_format(sim,
				     "a %s was written to after it was "
				     "freed",
				     block->what);
		return;
	}
}

void judge_rest(struct sim *sim, const bool *is_expected_blocked)
{
	check_quarantine(sim);
	if (sim->is_over || sim_can_any_move(sim))
		return;
	lock_order_rest(sim);
	finish_stories(sim);
	judge_stuck(sim, is_expected_blocked);
	check_tables(sim);
	if (!is_anyone_in_a_call(sim) && !sim_has_verdict(sim, VERDICT_LEAK))
		check_blocks(sim);
}
