/* query.c - the questions that policies and reports ask a machine. */
#include "sim/machine/sim.h"

bool task_can_move(const struct task *task)
{
	return task->state == TASK_RUNNABLE;
}

bool sim_can_any_move(const struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (task_can_move(&sim->tasks[i]))
			return true;
	}
	return false;
}

bool task_is_blocked(const struct task *task)
{
	return task->state == TASK_PARKED || task->state == TASK_SLEEPING ||
	       task->state == TASK_WAITING;
}

struct ktimer *task_timer(const struct sim *sim, const struct task *task)
{
	struct ktimer *t;

	for (t = sim->timers; t; t = t->next) {
		if (t->task == task && t->deadline_ns != KTIME_NEVER)
			return t;
	}
	return NULL;
}

struct ktimer *sim_next_timer(const struct sim *sim)
{
	if (sim->timers && sim->timers->deadline_ns != KTIME_NEVER)
		return sim->timers;
	return NULL;
}

const char *task_blocked_on(const struct sim *sim, const struct task *task)
{
	static const char *const names[OBJECT_KIND_COUNT] = {
		[OBJECT_WQ] = "mutex:wq",
		[OBJECT_TABLE] = "mutex:table",
		[OBJECT_REGISTRY] = "mutex:registry",
		[OBJECT_CLEANUP] = "mutex:cleanup",
		[OBJECT_ASPACE] = "mutex:aspace",
	};

	if (task->state == TASK_PARKED)
		return "futex";
	if (task->state == TASK_SLEEPING)
		return names[sim->objects[task->mutex->id].kind];
	if (task->state == TASK_WAITING)
		return "threads";
	return "nothing";
}

bool sim_has_verdict(const struct sim *sim, enum verdict_kind kind)
{
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		if (sim->verdicts[i].kind == kind)
			return true;
	}
	return false;
}
