/* state.c - taking down the state of a machine. */
#include "sim/run/state.h"

#include "sim/run/names.h"
#include "sim/loader/verbs.h"

/* Tables, entries and waiters are counted first and filled in after. */
struct taking {
	struct sim *sim;
	struct state *state;
	bool is_counting;
	struct state_table *table;
	uint32_t entries;
	uint32_t waiters;
	uint32_t waiter_room;
};

static void on_entry(void *arg, uint64_t key, const struct kmutex *queue,
		     uint64_t pins)
{
	struct taking *t = arg;
	struct state_entry *e;
	struct sim *sim = t->sim;

	(void)pins;
	t->entries++;
	if (t->is_counting)
		return;
	e = &t->table->entries[t->table->entry_count++];
	e->key = key;
	e->word = place_name(sim, sim->objects[queue->id].place);
	e->waiters =
		arena_alloc(&sim->arena, t->waiter_room * sizeof(*e->waiters));
}

static void on_waiter(void *arg, struct kwaker *waker, uint32_t bitset,
		      bool is_cancelled)
{
	struct taking *t = arg;
	struct state_entry *e;

	(void)is_cancelled;
	t->waiters++;
	if (t->is_counting)
		return;
	e = &t->table->entries[t->table->entry_count - 1];
	e->waiters[e->waiter_count].thread = waker->task->name;
	e->waiters[e->waiter_count].bitset = bitset;
	e->waiter_count++;
}

static void take_table(struct taking *t, const struct futex_table *table,
		       bool is_shared, const char *owner)
{
	struct futex_visitor visitor = {on_entry, on_waiter, t};
	struct state *s = t->state;

	t->entries = 0;
	t->waiters = 0;
	t->is_counting = true;
	futex_table_visit(table, &visitor);
	if (!t->entries && !is_shared)
		return;
	t->table = &s->tables[s->table_count++];
	t->table->is_shared = is_shared;
	t->table->owner = owner;
	t->table->handle = owner;
	t->table->entries = arena_alloc(
		&t->sim->arena, t->entries * sizeof(*t->table->entries));
	t->waiter_room = t->waiters;
	t->is_counting = false;
	futex_table_visit(table, &visitor);
}

static void count_shared(void *arg, uint64_t identity,
			 const struct futex_table *table)
{
	struct state *s = arg;

	(void)identity;
	(void)table;
	s->shared_tables++;
}

static void take_shared(void *arg, uint64_t identity,
			const struct futex_table *table)
{
	struct taking *t = arg;

	take_table(t, table, true, identity_region(t->sim, identity));
	t->table->handle = identity_name(t->sim, identity);
}

static void take_tables(struct sim *sim, struct state *s)
{
	struct taking t = {.sim = sim, .state = s};
	struct process *p;
	uint32_t i;

	futex_tables_visit(&sim->futex.shared_tables, count_shared, s);
	s->operations = sim->futex.shared_tables.operations;
	s->tables = arena_alloc(&sim->arena,
				(s->shared_tables + sim->process_count) *
					sizeof(*s->tables));
	for (i = 0; i < sim->process_count; i++) {
		p = &sim->processes[i];
		if (p->table)
			take_table(&t, p->table, false, p->name);
		else if (p->aspace->owner == i)
			take_table(&t, p->aspace->table, false, p->name);
	}
	futex_tables_visit(&sim->futex.shared_tables, take_shared, &t);
}

static void take_words(struct sim *sim, struct state *s)
{
	const struct scenario *scenario = sim->scenario;
	struct place p;
	uint32_t i;

	s->words = arena_alloc(&sim->arena,
			       scenario->word_count * sizeof(*s->words));
	for (i = 0; i < scenario->word_count; i++) {
		p = word_place(sim, &scenario->words[i], NULL);
		s->words[i].name = scenario->words[i].name;
		s->words[i].value = p.memory ? place_load32(sim, p)
					     : scenario->words[i].value;
	}
	s->word_count = scenario->word_count;
}

static void take_blocked(struct sim *sim, struct state *s,
			 const struct task *task)
{
	struct state_blocked *b = &s->blocked[s->blocked_count++];
	const struct kwaker *w = task->wait;

	b->thread = task->name;
	b->op_index = task->op_index;
	b->op = task->op ? verb_name(task->op->verb) : "";
	b->text = task->op ? task->op->text : "";
	b->on = task_blocked_on(sim, task);
	if (task->state == TASK_SLEEPING) {
		b->what = object_name(sim, task->mutex->id);
	} else if (task->state == TASK_WAITING) {
		b->what = task->process->name;
	} else if (w) {
		b->what = wait_label(sim, task);
		b->has_expected = !w->parts && !w->is_moved && w->place.memory;
		b->expected = w->expected;
		b->value = b->has_expected ? place_load32(sim, w->place) : 0;
	}
}

void state_take(struct sim *sim, const char *at, struct state_list *list)
{
	struct state *s = arena_alloc(&sim->arena, sizeof(*s));
	uint32_t i;

	s->at = at;
	s->time_ns = sim->now_ns;
	take_tables(sim, s);
	take_words(sim, s);
	s->blocked =
		arena_alloc(&sim->arena, sim->task_count * sizeof(*s->blocked));
	for (i = 0; i < sim->task_count; i++) {
		if (task_is_blocked(&sim->tasks[i]))
			take_blocked(sim, s, &sim->tasks[i]);
	}
	if (list->last)
		list->last->next = s;
	else
		list->first = s;
	list->last = s;
}
