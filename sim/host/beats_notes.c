/*
 * beats_notes.c - what a move has done, told from what threads were before it.
 *
 * The order within a move is that in which a host is to see it: who is freed,
 * then what has ended, then who sleeps or is gone.
 */
#include "sim/host/beats_internal.h"

/* The call that a handler came in between ends before the handler does. */
static void note_end(struct seen *seen, struct beat *beat)
{
	while (beat->level && !seen->has_begun[beat->level])
		beat->level--;
	seen->has_begun[beat->level] = false;
}

static void note_results(struct watcher *w, struct sim *sim)
{
	const struct result *r;
	struct beat *beat;

	for (; *w->next_result; w->next_result = &(*w->next_result)->next) {
		r = *w->next_result;
		beat = beats_add(w, sim, BEAT_END, r->thread);
		beat->op = r->op;
		beat->value = r->value;
		note_end(&w->seen[r->thread], beat);
	}
}

/*
 * Is it free of its sleep and yet in a queue?  So it is if nobody took it out,
 * or out of one of several only.
 */
static bool is_leaving(const struct watcher *w, const struct task *task)
{
	return w->last.kind == MOVE_FIRE || task->is_interrupted ||
	       task->op->verb == VERB_FUTEX_WAITV;
}

static void note_freed(struct watcher *w, struct sim *sim)
{
	struct seen *seen;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		seen = &w->seen[i];
		if (seen->state != TASK_PARKED ||
		    sim->tasks[i].state == TASK_PARKED)
			continue;
		beats_add(w, sim, BEAT_FREE, i);
		seen->is_freed = true;
		seen->is_queued_yet = is_leaving(w, &sim->tasks[i]);
	}
}

/* A thread stands in as many handlers as its machine has frames for. */
static void note_handlers(struct watcher *w, struct sim *sim, uint32_t thread)
{
	const struct task *task = &sim->tasks[thread];
	struct seen *seen = &w->seen[thread];
	uint32_t level = task->signals.frame_count;

	if (level > seen->level + 1)
		beats_refuse(w, HOST_MODEL_ONLY, "%s gets two signals at once",
			     task->name);
	if (level >= AGENT_LEVELS)
		beats_refuse(w, HOST_MODEL_ONLY,
			     "%s is in more than %u handlers", task->name,
			     AGENT_LEVELS - 1);
	if (w->is_refused)
		return;
	if (level > seen->level) {
		seen->level = level;
		seen->has_begun[level] = false;
		beats_add(w, sim, BEAT_HANDLER, thread);
	} else if (level < seen->level) {
		beats_add(w, sim, BEAT_RETURN, thread);
		seen->level = level;
	}
}

/*
 * In the model a thread that is done outlives its process.  Here it does not,
 * and lets go of what it has.
 */
static void check_done(struct watcher *w, struct sim *sim, uint32_t process)
{
	const struct task *task;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task->process->index == process &&
		    task->state == TASK_DONE && !task->has_exited &&
		    (task->futex.robust_list_head.value ||
		     task->futex.clear_child_tid.value))
			beats_refuse(w, HOST_MODEL_ONLY,
				     "%s is done when its process ends, and "
				     "never lets go of what it has",
				     task->name);
	}
}

static void note_ends_of_processes(struct watcher *w, struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->process_count; i++) {
		if (sim->processes[i].is_exiting && !w->is_dying[i]) {
			beats_add(w, sim, BEAT_DYING, i);
			check_done(w, sim, i);
		}
		w->is_dying[i] = sim->processes[i].is_exiting;
	}
}

static void note_states(struct watcher *w, struct sim *sim)
{
	const struct task *task;
	struct seen *seen;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		task = &sim->tasks[i];
		seen = &w->seen[i];
		if (task->state == TASK_PARKED && seen->state != TASK_PARKED)
			beats_add(w, sim, BEAT_BLOCK, i);
		if (task->state == TASK_SLEEPING)
			beats_refuse(
				w, HOST_INSIDE,
				"%s waits for a lock that another thread holds "
				"in the middle of a call",
				task->name);
		if (task->has_exited && !seen->has_exited) {
			beats_add(w, sim, BEAT_EXITED, i);
			seen->has_begun[seen->level] = false;
		} else if (task->state == TASK_DONE &&
			   seen->state != TASK_DONE) {
			beats_add(w, sim, BEAT_DONE, i);
		}
		seen->state = task->state;
		seen->has_exited = task->has_exited;
	}
}

void beats_look(struct watcher *w, struct sim *sim)
{
	uint32_t i;

	if (w->last.kind == MOVE_FIRE)
		beats_add(w, sim, BEAT_FIRE, w->last.thread);
	if (w->last.kind == MOVE_ADVANCE)
		beats_add(w, sim, BEAT_ADVANCE, 0);
	note_ends_of_processes(w, sim);
	note_freed(w, sim);
	for (i = 0; i < sim->task_count; i++)
		note_handlers(w, sim, i);
	note_results(w, sim);
	note_states(w, sim);
	w->last.kind = MOVE_STOP;
}
