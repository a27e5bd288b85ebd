/* expect.c - expectations and expected bugs. */
#include "sim/judge/expect.h"

#include <stdio.h>
#include <string.h>

#include "sim/run/names.h"

void expect_sleepers(const struct scenario *s, const struct schedule *schedule,
		     bool *is_blocked)
{
	const struct schedule_line *line;
	uint32_t i, j;

	for (i = 0; i < s->expect_thread_count; i++) {
		if (s->expect_threads[i].state == THREAD_BLOCKED)
			is_blocked[s->expect_threads[i].thread] = true;
	}
	for (i = 0; i < s->queue_count; i++) {
		for (j = 0; j < s->queues[i].thread_count; j++)
			is_blocked[s->queues[i].threads[j]] = true;
	}
	for (i = 0; schedule && i < schedule->line_count; i++) {
		line = &schedule->lines[i];
		if (line->kind == LINE_THREAD && line->stop == STOP_STUCK)
			is_blocked[line->thread] = true;
	}
}

static void unmet(struct sim *sim, int line, int32_t thread, const char *what)
{
	struct verdict *v = sim_verdict(sim, VERDICT_EXPECTATION, thread);

	if (!v)
		return;
	v->rule = "the end is as the scenario expects";
	v->what = what;
	v->line = line;
}

static const char *where_it_is(struct sim *sim, const struct task *task)
{
	if (task_is_blocked(task))
		return sim_format(sim, "blocked on %s",
				  task_blocked_on(sim, task));
	if (task->state == TASK_UNBORN)
		return "not started";
	return task->state == TASK_DONE ? "done" : "still running";
}

static void check_return(struct sim *sim, const struct expect_return *e)
{
	const struct task *task = &sim->tasks[e->thread];
	const char *name = task->thread->registers[e->reg];
	char expected[RESULT_TEXT_MAX], found[RESULT_TEXT_MAX];

	result_text(e->value, expected);
	result_text(task->registers[e->reg], found);
	if (!task->is_assigned[e->reg])
		unmet(sim, e->mark.line, (int32_t)e->thread,
		      sim_format(sim, "%s.%s should be %s, but %s is %s",
				 task->name, name, expected, task->name,
				 where_it_is(sim, task)));
	else if (task->registers[e->reg] != e->value)
		unmet(sim, e->mark.line, (int32_t)e->thread,
		      sim_format(sim, "%s.%s is %s, not %s", task->name, name,
				 found, expected));
}

static void check_thread(struct sim *sim, const struct expect_thread *e)
{
	const struct task *task = &sim->tasks[e->thread];
	bool is_met = e->state == THREAD_DONE ? task->state == TASK_DONE
					      : task_is_blocked(task);

	if (!is_met)
		unmet(sim, e->mark.line, (int32_t)e->thread,
		      sim_format(sim, "%s is %s, not %s", task->name,
				 where_it_is(sim, task),
				 e->state == THREAD_DONE ? "done" : "blocked"));
}

static void check_word(struct sim *sim, const struct expect_word *e)
{
	const struct scenario_word *word = &sim->scenario->words[e->word];
	struct place p = word_place(sim, word, NULL);
	uint32_t value = p.memory ? place_load32(sim, p) : word->value;

	if (value != e->value)
		unmet(sim, e->mark.line, EVENT_NOBODY,
		      sim_format(sim, "%s is %u, not %u", word->name, value,
				 e->value));
}

/* ---- queues ----------------------------------------------------------------
 */

struct queue_look {
	struct sim *sim;
	struct place place;
	bool is_it;
	char names[512];
};

static void add_name(char *names, size_t size, const char *name)
{
	size_t used = strlen(names);

	snprintf(names + used, size - used, "%s%s", used ? ", " : "", name);
}

static void on_entry(void *arg, uint64_t key, const struct kmutex *queue,
		     uint64_t pins)
{
	struct queue_look *l = arg;

	(void)key;
	(void)pins;
	l->is_it = place_is_same(l->sim->objects[queue->id].place, l->place);
}

static void on_waiter(void *arg, struct kwaker *waker, uint32_t bitset,
		      bool is_cancelled)
{
	struct queue_look *l = arg;

	(void)bitset;
	(void)is_cancelled;
	if (l->is_it)
		add_name(l->names, sizeof(l->names), waker->task->name);
}

static void look_at(void *arg, uint64_t identity,
		    const struct futex_table *table)
{
	struct queue_look *l = arg;
	struct futex_visitor visitor = {on_entry, on_waiter, l};

	(void)identity;
	l->is_it = false;
	futex_table_visit(table, &visitor);
}

/* Who is queued on a word, whatever table it is in. */
static void look_everywhere(struct queue_look *l)
{
	struct sim *sim = l->sim;
	struct process *p;
	uint32_t i;

	for (i = 0; i < sim->process_count; i++) {
		p = &sim->processes[i];
		if (p->table)
			look_at(l, 0, p->table);
		else if (p->aspace->owner == i)
			look_at(l, 0, p->aspace->table);
	}
	futex_tables_visit(&sim->futex.shared_tables, look_at, l);
}

static void check_queue(struct sim *sim, const struct expect_queue *e)
{
	const struct scenario_word *word = &sim->scenario->words[e->word];
	struct queue_look look = {.sim = sim};
	char expected[512] = "";
	uint32_t i;

	look.place = word_place(sim, word, NULL);
	look_everywhere(&look);
	for (i = 0; i < e->thread_count; i++)
		add_name(expected, sizeof(expected),
			 sim->tasks[e->threads[i]].name);
	if (strcmp(look.names, expected))
		unmet(sim, e->mark.line, EVENT_NOBODY,
		      sim_format(sim, "the queue of %s is [%s], not [%s]",
				 word->name, look.names, expected));
}

void expect_check(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	uint32_t i;

	for (i = 0; i < s->return_count; i++)
		check_return(sim, &s->returns[i]);
	for (i = 0; i < s->expect_thread_count; i++)
		check_thread(sim, &s->expect_threads[i]);
	for (i = 0; i < s->expect_word_count; i++)
		check_word(sim, &s->expect_words[i]);
	for (i = 0; i < s->queue_count; i++)
		check_queue(sim, &s->queues[i]);
}

/* ---- the conclusion ---------------------------------------------------- */

bool expect_means_bug(const struct expected_bug *bug, const char *profile,
		      bool is_overridden)
{
	uint32_t i;

	if (!bug->is_given || is_overridden)
		return false;
	for (i = 0; i < bug->profile_count; i++) {
		if (!strcmp(bug->profiles[i], profile))
			return true;
	}
	return !bug->profile_count;
}

/* What a bug of another kind brings with it. */
static bool is_consequence(enum verdict_kind kind)
{
	return kind == VERDICT_EXPECTATION || kind == VERDICT_DEADLOCK ||
	       kind == VERDICT_LOST_WAKEUP || kind == VERDICT_ASSERTION;
}

bool expect_excuses(const struct expected_bug *bug, enum verdict_kind kind)
{
	return kind == bug->kind || is_consequence(kind);
}

static uint32_t count_unexcused(const struct run *run,
				const struct expected_bug *bug)
{
	const struct sim *sim = run->sim;
	uint32_t i, count = 0;

	for (i = 0; i < sim->verdict_count; i++)
		count += !expect_excuses(bug, sim->verdicts[i].kind);
	return count;
}

static void conclude_bug(struct run *run, const struct expected_bug *bug)
{
	struct sim *sim = run->sim;
	bool must_show = bug->strict && run->request.mode != RUN_RANDOM &&
			 !run->request.is_one_of_many;

	run->has_bug_shown = sim_has_verdict(sim, bug->kind);
	if (run->has_bug_shown) {
		run->is_expected = !count_unexcused(run, bug);
		if (!run->is_expected)
			run->note = "there is more than the expected bug";
		return;
	}
	run->is_expected = !must_show && !sim->verdict_count;
	if (must_show)
		run->note = sim_format(sim,
				       "the expected bug %s (%s) did not "
				       "show",
				       bug->id, verdict_name(bug->kind));
}

void expect_conclude(struct run *run)
{
	const struct expected_bug *bug = &run->request.scenario->bug;

	const struct run_request *r = &run->request;

	run->is_bug_expected =
		expect_means_bug(bug, r->profile, r->is_overridden);
	if (run->error || run->has_diverged)
		run->is_expected = false;
	else if (run->is_bug_expected)
		conclude_bug(run, bug);
	else
		run->is_expected = !run->sim->verdict_count;
}
