/*
 * clock.c - clocks and timers of model/kernel.h.
 *
 * Virtual time is monotonic nanoseconds; the wall clock is that plus an
 * offset.  Timers have wall-clock deadlines and fire when the clock moves, one
 * at a time, the earliest first.
 */
#include "model/kernel.h"
#include "sim/machine/sim.h"

static uint64_t wall_ns(const struct sim *sim)
{
	uint64_t wall;

	if (__builtin_add_overflow(sim->now_ns, sim->wall_offset_ns, &wall))
		return KTIME_NEVER - 1;
	return wall;
}

static uint64_t read_clock(uint64_t (*clock)(const struct sim *sim),
			   const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step = sim_announce(sim->current, EVENT_CLOCK_READ,
					 OBJECT_CLOCK, 0, site);
	uint64_t now = clock(sim);

	step->out = (int64_t)now;
	sim_commit(sim->current);
	return now;
}

static uint64_t monotonic_ns(const struct sim *sim)
{
	return sim->now_ns;
}

uint64_t kclock_wall_ns_at(const struct ksite *site)
{
	return read_clock(wall_ns, site);
}

uint64_t kclock_monotonic_ns_at(const struct ksite *site)
{
	return read_clock(monotonic_ns, site);
}

/* By deadline; among equals by the order of arming. */
static void timer_insert(struct sim *sim, struct ktimer *timer)
{
	struct ktimer *t = sim->timers, *previous = NULL;

	while (t && t->deadline_ns <= timer->deadline_ns) {
		previous = t;
		t = t->next;
	}
	timer->previous = previous;
	timer->next = t;
	if (previous)
		previous->next = timer;
	else
		sim->timers = timer;
	if (t)
		t->previous = timer;
	timer->is_armed = true;
}

void timer_disarm(struct sim *sim, struct ktimer *timer)
{
	if (!timer->is_armed)
		return;
	if (timer->previous)
		timer->previous->next = timer->next;
	else
		sim->timers = timer->next;
	if (timer->next)
		timer->next->previous = timer->previous;
	timer->is_armed = false;
}

struct ktimer *ktimer_arm_at(uint64_t deadline_ns, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	struct step *step = sim_announce(task, EVENT_TIMER_ARM, OBJECT_TIMER,
					 task->index, site);
	struct ktimer *timer = arena_alloc(&sim->arena, sizeof(*timer));

	timer->task = task;
	timer->deadline_ns = deadline_ns;
	task->timer = timer;
	if (deadline_ns <= wall_ns(sim))
		timer->has_fired = true;
	else
		timer_insert(sim, timer);
	step->in = deadline_ns;
	step->out = timer->has_fired;
	sim_commit(task);
	return timer;
}

bool ktimer_poll_at(struct ktimer *t, struct kwaker *w,
		    const struct ksite *site)
{
	struct task *task = sim_running->current;
	struct step *step = sim_announce(task, EVENT_TIMER_POLL, OBJECT_TIMER,
					 task->index, site);

	step->out = t->has_fired;
	step->cause = t->fired_at;
	if (!t->has_fired) {
		if (t->waker)
			kwaker_put(t->waker);
		t->waker = kwaker_get(w);
	}
	sim_commit(task);
	return step->out;
}

void ktimer_cancel_at(struct ktimer *t, const struct ksite *site)
{
	struct sim *sim = sim_running;

	sim_announce(sim->current, EVENT_TIMER_CANCEL, OBJECT_TIMER,
		     sim->current->index, site);
	timer_disarm(sim, t);
	if (t->waker)
		kwaker_put(t->waker);
	t->waker = NULL;
	sim->current->timer = NULL;
	sim_commit(sim->current);
}
