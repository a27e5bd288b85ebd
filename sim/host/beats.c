/*
 * beats.c - watching the model run, and writing down its beats.
 *
 * A policy of its own stands before that of the script.  Before each move it
 * compares every thread with what it was before the last one.
 */
#include "sim/host/beats.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/beats_internal.h"
#include "sim/host/operations.h"
#include "sim/machine/process.h"

/* ---- lists ------------------------------------------------------------- */

void *beats_grown(void *list, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 64;
	list = realloc(list, *room * size);
	if (!list)
		abort();
	return list;
}

struct beat *beats_add(struct watcher *w, struct sim *sim, enum beat_kind kind,
		       uint32_t thread)
{
	struct beats *b = w->beats;
	struct beat *beat;

	b->list = beats_grown(b->list, b->count, &b->room, sizeof(*b->list));
	beat = &b->list[b->count++];
	*beat = (struct beat){
		.kind = kind,
		.thread = thread,
		.deadline_ns = KTIME_NEVER,
		.now_ns = sim->now_ns,
		.wall_offset_ns = (int64_t)sim->wall_offset_ns,
	};
	if (kind == BEAT_WORDS || kind == BEAT_ADVANCE || kind == BEAT_DYING ||
	    kind == BEAT_SIGNAL_PROCESS)
		return beat;
	beat->op = sim->tasks[thread].op;
	beat->level = w->seen[thread].level;
	return beat;
}

void beats_refuse(struct watcher *w, enum host_reason reason,
		  const char *format, ...)
{
	va_list args;

	if (w->is_refused)
		return;
	w->is_refused = true;
	w->report->outcome = HOST_REFUSED;
	w->report->reason = reason;
	va_start(args, format);
	vsnprintf(w->report->text, sizeof(w->report->text), format, args);
	va_end(args);
}

/* ---- the next move ------------------------------------------------------- */

static const struct schedule_line *line_of(const struct watcher *w)
{
	const struct schedule *s = w->script.schedule;

	return s && w->script.line < s->line_count ? &s->lines[w->script.line]
						   : NULL;
}

/* Has it made a part of its operation's steps, or what amounts to it? */
static bool is_inside(const struct seen *seen, const struct task *task)
{
	return seen->has_begun[seen->level] && !seen->is_freed &&
	       task->state == TASK_RUNNABLE && !process_takes_along(task);
}

static bool is_anybody_inside(const struct watcher *w, const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (is_inside(&w->seen[i], &sim->tasks[i]))
			return true;
	}
	return false;
}

static void refuse_inside(struct watcher *w, const struct task *task,
			  const struct schedule_line *line)
{
	if (line)
		beats_refuse(w, HOST_INSIDE, "line %d stops %s inside a call",
			     line->mark.line, task->name);
	else
		beats_refuse(w, HOST_INSIDE, "%s is stopped inside a call",
			     task->name);
}

/* An operation of many steps must not be left in the middle of them. */
static void check_others(struct watcher *w, struct sim *sim,
			 const struct move *move)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (!(move->kind == MOVE_STEP && i == move->thread) &&
		    is_inside(&w->seen[i], &sim->tasks[i]))
			refuse_inside(w, &sim->tasks[i], w->seen[i].line);
	}
}

/*
 * A thread whose deadline has passed, or that got a signal, or that was woken
 * by one of several words, leaves its queues at once.  Held back it could
 * still be woken there.  And a signal is handled at once.
 */
static bool is_held_back(const struct seen *seen, const struct task *task)
{
	return (seen->is_freed && seen->is_queued_yet) ||
	       task->step.kind == EVENT_DELIVER;
}

static void check_leavers(struct watcher *w, struct sim *sim, uint32_t thread)
{
	const struct seen *seen;
	uint32_t i;

	if (!operation_may_reach(sim->tasks[thread].op->verb))
		return;
	for (i = 0; i < sim->task_count; i++) {
		seen = &w->seen[i];
		if (i != thread && is_held_back(seen, &sim->tasks[i]))
			refuse_inside(w, &sim->tasks[i], line_of(w));
	}
}

static void check_deadlines(struct watcher *w, struct sim *sim)
{
	const struct ktimer *t = sim_next_timer(sim);

	if (t && timer_due_ns(sim, t) <= sim->now_ns)
		beats_refuse(
			w, HOST_TIME,
			"the deadline of %s passes and nothing comes of it",
			t->task->name);
}

static void check_fire(struct watcher *w, struct sim *sim, uint32_t thread)
{
	const struct ktimer *first = sim_next_timer(sim);
	const struct ktimer *timer = task_timer(sim, &sim->tasks[thread]);

	if (first && timer &&
	    timer_due_ns(sim, timer) > timer_due_ns(sim, first))
		beats_refuse(w, HOST_TIME,
			     "the deadline of %s passes before the earlier one "
			     "of %s",
			     timer->task->name, first->task->name);
}

/* Is its next step the first of an operation? */
static bool begins(const struct seen *seen, const struct task *task)
{
	return !seen->has_begun[seen->level] && !task->is_in_fiber &&
	       task->step.kind != EVENT_DELIVER &&
	       task->op->verb != VERB_SIGRETURN;
}

static void announce(struct watcher *w, struct sim *sim,
		     const struct move *move)
{
	bool is_of_thread = move->kind != MOVE_SIGNAL_PROCESS;
	const struct task *task = &sim->tasks[is_of_thread ? move->thread : 0];
	struct seen *seen = &w->seen[is_of_thread ? move->thread : 0];

	switch (move->kind) {
	case MOVE_STEP:
		if (begins(seen, task)) {
			check_leavers(w, sim, move->thread);
			beats_begin(w, sim, task);
		}
		seen->is_freed = false;
		seen->line = line_of(w);
		break;
	case MOVE_FIRE:
		check_fire(w, sim, move->thread);
		break;
	case MOVE_SIGNAL:
		if (is_held_back(seen, task))
			refuse_inside(w, task, line_of(w));
		beats_add(w, sim, BEAT_SIGNAL, move->thread)->value =
			(int64_t)move->ns;
		break;
	case MOVE_SIGNAL_PROCESS:
		beats_add(w, sim, BEAT_SIGNAL_PROCESS, move->thread)->value =
			(int64_t)move->ns;
		break;
	case MOVE_SPURIOUS:
		beats_refuse(w, HOST_MODEL_ONLY, "%s wakes for no reason",
			     task->name);
		break;
	case MOVE_ADVANCE:
	case MOVE_STOP:
		break;
	}
}

/* Are there lines from @from on that look at the state? */
static bool has_looked(const struct watcher *w, uint32_t from)
{
	const struct schedule *s = w->script.schedule;
	uint32_t i;

	for (i = from; s && i < w->script.line; i++) {
		if (s->lines[i].kind == LINE_CHECK ||
		    s->lines[i].kind == LINE_SHOW)
			return true;
	}
	return false;
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct watcher *w = (struct watcher *)policy;
	uint32_t line = w->script.line;
	struct move move;

	beats_look(w, sim);
	move = w->script.policy.choose(&w->script.policy, sim);
	if (has_looked(w, line) && !is_anybody_inside(w, sim))
		beats_words(w, sim);
	if (move.kind != MOVE_STOP) {
		check_others(w, sim, &move);
		if (move.kind != MOVE_FIRE)
			check_deadlines(w, sim);
		announce(w, sim, &move);
	}
	if (w->is_refused)
		move.kind = MOVE_STOP;
	w->last = move;
	return move;
}

static void start(struct policy *policy, struct sim *sim)
{
	struct watcher *w = (struct watcher *)policy;
	uint32_t i;

	w->next_result = &sim->results;
	for (i = 0; i < sim->task_count; i++)
		w->seen[i].state = sim->tasks[i].state;
}

static void end(struct policy *policy, struct sim *sim)
{
	struct watcher *w = (struct watcher *)policy;
	const struct move nobody = {.kind = MOVE_STOP};

	beats_look(w, sim);
	check_deadlines(w, sim);
	check_others(w, sim, &nobody);
	beats_words(w, sim);
}

/* ---- instants ------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void list_instants(struct beats *b, uint64_t last)
{
	uint64_t *list = calloc(b->count + 1, sizeof(*list));
	const struct beat *beat;
	uint32_t i, count = 0, kept = 0;

	if (!list)
		abort();
	for (i = 0; i < b->count; i++) {
		beat = &b->list[i];
		if (beat->kind == BEAT_FIRE || beat->kind == BEAT_ADVANCE)
			list[count++] = beat->now_ns;
		else if (beat->kind == BEAT_BEGIN && beat->deadline_ns <= last)
			list[count++] = beat->deadline_ns;
	}
	qsort(list, count, sizeof(*list), by_time);
	for (i = 0; i < count; i++) {
		if (!kept || list[kept - 1] != list[i])
			list[kept++] = list[i];
	}
	b->instants = list;
	b->instant_count = kept;
}

uint32_t beats_rank(const struct beats *b, uint64_t ns)
{
	uint32_t i;

	for (i = 0; i < b->instant_count && b->instants[i] <= ns; i++)
		;
	return i;
}

/* ---- the whole ----------------------------------------------------------- */

/* By the file, that is: who changes them by an option knows it. */
static bool has_changed_quirks(const struct run_request *r)
{
	return !r->is_overridden &&
	       profile_find(r->profile)->quirks != r->quirks;
}

/* A run that breaks down has no end to compare. */
static void check_end(struct watcher *w, struct sim *sim)
{
	static const enum verdict_kind kinds[] = {
		VERDICT_STEP_LIMIT,	VERDICT_LIVELOCK,    VERDICT_KERNEL_BUG,
		VERDICT_USE_AFTER_FREE, VERDICT_DOUBLE_FREE,
	};
	size_t i;

	if (w->script.error)
		beats_refuse(w, HOST_NO_END, "line %d: %s",
			     w->script.error_line, w->script.error);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (sim_has_verdict(sim, kinds[i]))
			beats_refuse(w, HOST_NO_END,
				     "in the model it ends in %s",
				     verdict_name(kinds[i]));
	}
}

bool beats_record(struct beats *b, struct sim *sim,
		  const struct run_request *request, struct host_report *report)
{
	struct watcher w = {
		.policy = {"host", start, choose, end},
		.beats = b,
		.report = report,
		.last = {.kind = MOVE_STOP},
	};

	*b = (struct beats){0};
	if (has_changed_quirks(request)) {
		beats_refuse(&w, HOST_QUIRKS, "the file changes the profile");
		return false;
	}
	policy_script_init(&w.script, request->schedule, NULL);
	sim_begin(sim, request->scenario, request->quirks);
	if (request->steps_max)
		sim->steps_max = request->steps_max;
	w.seen = calloc(sim->task_count + 1, sizeof(*w.seen));
	w.is_dying = calloc(sim->process_count + 1, sizeof(*w.is_dying));
	if (!w.seen || !w.is_dying)
		abort();
	sim_run(sim, &w.policy, NULL);
	check_end(&w, sim);
	list_instants(b, sim->now_ns);
	free(w.seen);
	free(w.is_dying);
	return !w.is_refused;
}

void beats_free(struct beats *b)
{
	uint32_t i;

	for (i = 0; i < b->count; i++) {
		free(b->list[i].more);
		free(b->list[i].values);
	}
	free(b->list);
	free(b->words);
	free(b->instants);
	*b = (struct beats){0};
}
