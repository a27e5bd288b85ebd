/*
 * setup.c - a machine at the beginning of a run: processes, their tables,
 * threads that stand before their first step.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/judge/lock_order.h"
#include "sim/judge/races.h"
#include "sim/machine/program.h"
#include "sim/machine/sim.h"

static void reset(struct sim *sim, uint64_t quirks)
{
	struct arena arena = sim->arena;
	struct fiber_pool stacks = sim->stacks;
	struct object *objects = sim->objects;
	uint32_t room = sim->object_room;

	snapshots_fini(sim);
	arena_reset(&arena);
	memset(sim, 0, sizeof(*sim));
	sim->arena = arena;
	sim->stacks = stacks;
	sim->objects = objects;
	sim->object_room = room;
	sim->steps_max = SIM_STEPS_DEFAULT;
	sim->results_end = &sim->results;
	sim->object_count = 1;
	sim->mover = MOVER_NONE;
	sim_running = sim;
	futex_system_init(&sim->futex, quirks);
}

/* A program has ended: the thread is done, but it has not exited. */
static void task_entry(void *arg)
{
	struct task *task = arg;

	task->main(task);
	task->state = TASK_DONE;
	fiber_finish(&task->fiber);
}

static void task_setup(struct sim *sim, struct task *task, const char *name,
		       void (*main)(struct task *task))
{
	char *stack;

	task->index = (uint32_t)(task - sim->tasks);
	task->name = name;
	task->main = main;
	stack = fiber_pool_stack(&sim->stacks, task->index);
	if (!stack) {
		fputs("futexsim: error: no memory for another thread\n",
		      stderr);
		exit(7);
	}
	task->fiber.stack = stack;
	if (main)
		fiber_init(&task->fiber, stack, task_entry, task);
	sim->current = task;
	futex_thread_init(&task->futex);
	sim->current = NULL;
}

static void processes_setup(struct sim *sim, uint64_t quirks)
{
	uint32_t i;
	struct process *p;

	for (i = 0; i < sim->process_count; i++) {
		p = &sim->processes[i];
		if (quirks >> QUIRK_PRIVATE_TABLE_PER_PROCESS & 1) {
			p->table = futex_table_new();
			sim->objects[p->table->table_mutex.id].process = i;
		} else if (!p->aspace->table) {
			p->aspace->table = futex_table_new();
			sim->objects[p->aspace->table->table_mutex.id].process =
				i;
		}
	}
}

static void registers_setup(struct sim *sim, struct task *task)
{
	uint32_t count = task->thread->register_count;
	uint32_t procedures = sim->scenario->procedure_count;

	task->regions =
		arena_alloc(&sim->arena, procedures * sizeof(*task->regions));
	task->registers =
		arena_alloc(&sim->arena, count * sizeof(*task->registers));
	task->is_assigned =
		arena_alloc(&sim->arena, count * sizeof(*task->is_assigned));
}

static void tasks_setup(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct task *task;
	uint32_t i;

	sim->task_count = s->thread_count;
	sim->tasks =
		arena_alloc(&sim->arena, s->thread_count * sizeof(*sim->tasks));
	for (i = 0; i < s->thread_count; i++) {
		task = &sim->tasks[i];
		task->thread = &s->threads[i];
		task->process = &sim->processes[s->threads[i].process];
		registers_setup(sim, task);
		task_setup(sim, task, s->threads[i].name, NULL);
		if (s->threads[i].is_cloned || s->threads[i].is_forked)
			task->state = TASK_UNBORN;
		else
			task->is_made = true;
	}
}

void sim_begin(struct sim *sim, const struct scenario *scenario,
	       uint64_t quirks)
{
	uint32_t i;

	reset(sim, quirks);
	sim->scenario = scenario;
	sim->now_ns = scenario->start_ns;
	sim->wall_offset_ns = scenario->wall_offset_ns;
	sim->ignore = scenario->ignore;
	sim->futex.shared_tables.operations = scenario->shared_table_operations;
	sim->process_count = scenario->process_count;
	sim->processes = arena_alloc(
		&sim->arena, scenario->process_count * sizeof(*sim->processes));
	for (i = 0; i < scenario->process_count; i++) {
		sim->processes[i].index = i;
		sim->processes[i].name = scenario->processes[i].name;
		sim->processes[i].is_started =
			!scenario->processes[i].starts_later;
	}
	aspace_setup(sim);
	processes_setup(sim, quirks);
	tasks_setup(sim);
	races_begin(sim);
	lock_order_begin(sim);
}

void sim_begin_empty(struct sim *sim, uint64_t quirks, uint32_t task_count)
{
	reset(sim, quirks);
	sim->task_count = task_count;
	sim->tasks = arena_alloc(&sim->arena, task_count * sizeof(*sim->tasks));
	sim->process_count = 1;
	sim->processes = arena_alloc(&sim->arena, sizeof(*sim->processes));
	sim->processes->name = "P1";
	aspace_setup(sim);
	processes_setup(sim, quirks);
	lock_order_begin(sim);
}

void sim_set_task(struct sim *sim, uint32_t index, const char *name,
		  void (*main)(struct task *task), void *arg)
{
	sim->tasks[index].arg = arg;
	sim->tasks[index].process = sim->processes;
	task_setup(sim, &sim->tasks[index], name, main);
}
