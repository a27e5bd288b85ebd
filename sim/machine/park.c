/*
 * park.c - wakers, parking, yielding and the interrupt flag of
 * model/kernel.h.
 */
#include "model/kernel.h"
#include "sim/judge/judge.h"
#include "sim/machine/mutation.h"
#include "sim/machine/sim.h"

struct kwaker *kwaker_new_bare(void)
{
	struct sim *sim = sim_running;
	struct kwaker *w = arena_alloc(&sim->arena, sizeof(*w));

	w->references = 1;
	w->number = ++sim->waker_count;
	w->task = sim->current;
	w->charged_by = EVENT_NOBODY;
	return w;
}

struct kwaker *kwaker_new(void)
{
	struct kwaker *w = kwaker_new_bare();

	judge_wait(sim_running, w);
	return w;
}

struct kwaker *kwaker_new_part(struct kwaker *whole, unsigned int index)
{
	struct sim *sim = sim_running;
	struct kwaker *w = arena_alloc(&sim->arena, sizeof(*w));
	struct kwaker **end = &whole->parts;

	while (*end)
		end = &(*end)->next_part;
	*end = w;
	w->references = 1;
	w->number = ++sim->waker_count;
	w->task = whole->task;
	w->charged_by = EVENT_NOBODY;
	w->whole = whole;
	w->part = index;
	judge_part(w);
	return w;
}

struct kwaker *wait_first(struct kwaker *w)
{
	return w && w->parts ? w->parts : w;
}

struct kwaker *wait_next(struct kwaker *part)
{
	return part->next_part;
}

struct kwaker *kwaker_get(struct kwaker *w)
{
	w->references++;
	return w;
}

void kwaker_put(struct kwaker *w)
{
	if (!w->references)
		sim_bug(sim_running, VERDICT_DOUBLE_FREE,
			"a waker is dropped that nobody holds");
	w->references--;
}

bool kpark_at(struct kwaker *w, const struct ksite *site)
{
	struct task *task = sim_running->current;
	struct step *step =
		sim_announce(task, EVENT_BLOCK, OBJECT_TASK, task->index, site);

	step->has_permit = true;
	step->permit = w->woke;
	if (w->woke) {
		w->woke = false;
		sim_commit(task);
		return false;
	}
	sim_commit(task);
	*step = (struct step){
		.kind = EVENT_RESUME,
		.object_kind = OBJECT_TASK,
		.object = task->index,
		.site = site,
		.peer = EVENT_NOBODY,
	};
	sim_block(task, TASK_PARKED);
	step->cause = task->freed_by;
	sim_commit(task);
	return true;
}

void kunpark_at(struct kwaker *w, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step = sim_announce(sim->current, EVENT_WAKE, OBJECT_TASK,
					 w->task->index, site);

	step->peer = (int32_t)w->task->index;
	if (!mutation_at(MUTATION_NO_WAKE, site))
		step->out = waker_fire(sim, w);
	sim_commit(sim->current);
}

void kyield_at(const struct ksite *site)
{
	struct task *task = sim_running->current;

	sim_announce(task, EVENT_YIELD, OBJECT_TASK, task->index, site);
	sim_commit(task);
}

void kinterrupt_register_at(struct kwaker *w, const struct ksite *site)
{
	struct task *task = sim_running->current;

	sim_announce(task, EVENT_INTERRUPT_REGISTER, OBJECT_INTERRUPT,
		     task->index, site);
	if (task->interrupt_waker)
		kwaker_put(task->interrupt_waker);
	task->interrupt_waker = kwaker_get(w);
	sim_commit(task);
}

bool kinterrupt_take_at(const struct ksite *site)
{
	struct task *task = sim_running->current;
	struct step *step = sim_announce(task, EVENT_INTERRUPT_TAKE,
					 OBJECT_INTERRUPT, task->index, site);

	step->out = task->is_interrupted;
	task->is_interrupted = false;
	sim_commit(task);
	return step->out;
}
