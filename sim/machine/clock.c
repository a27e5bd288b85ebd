/*
 * clock.c - clocks and timers of model/kernel.h.
 *
 * Virtual time is monotonic nanoseconds; the wall clock is that plus an
 * offset, which can be set.  A timer has a deadline on one of the two and is
 * due at a monotonic time; timers fire when the clock moves, one at a time, the
 * one that is due first.
 */
#include <errno.h>

#include "model/kernel.h"
#include "sim/machine/program_internal.h"
#include "sim/machine/sim.h"

#define NSEC_PER_SEC INT64_C(1000000000)

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

uint64_t timer_due_ns(const struct sim *sim, const struct ktimer *timer)
{
	uint64_t ns = timer->deadline_ns;

	if (ns == KTIME_NEVER || timer->clock == KCLOCK_MONOTONIC)
		return ns;
	return ns > sim->wall_offset_ns ? ns - sim->wall_offset_ns : 0;
}

uint64_t timer_wall_ns(const struct sim *sim, const struct ktimer *timer)
{
	uint64_t wall;

	if (timer->clock == KCLOCK_WALL)
		return timer->deadline_ns;
	if (__builtin_add_overflow(timer->deadline_ns, sim->wall_offset_ns,
				   &wall))
		return KTIME_NEVER;
	return wall;
}

static bool fires_before(const struct sim *sim, const struct ktimer *a,
			 const struct ktimer *b)
{
	uint64_t due_a = timer_due_ns(sim, a), due_b = timer_due_ns(sim, b);

	return due_a != due_b ? due_a < due_b : a->number < b->number;
}

/* In the order of firing; among equals by the order of arming. */
static void timer_insert(struct sim *sim, struct ktimer *timer)
{
	struct ktimer *t = sim->timers, *previous = NULL;

	while (t && fires_before(sim, t, timer)) {
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

struct ktimer *ktimer_arm_at(enum kclock clock, uint64_t deadline_ns,
			     const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	struct step *step = sim_announce(task, EVENT_TIMER_ARM, OBJECT_TIMER,
					 task->index, site);
	struct ktimer *timer = arena_alloc(&sim->arena, sizeof(*timer));

	timer->task = task;
	timer->clock = clock;
	timer->deadline_ns = deadline_ns;
	timer->number = ++sim->timer_count;
	task->timer = timer;
	task->signals.armed_due_ns = timer_due_ns(sim, timer);
	if (timer_due_ns(sim, timer) <= sim->now_ns)
		timer->has_fired = true;
	else
		timer_insert(sim, timer);
	step->in = timer_wall_ns(sim, timer);
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

/* ---- setting the wall clock -------------------------------------------- */

/* What fires when has changed for some of them, and not for others. */
static void sort_timers(struct sim *sim)
{
	struct ktimer *timer, *next;

	timer = sim->timers;
	sim->timers = NULL;
	for (; timer; timer = next) {
		next = timer->next;
		timer_insert(sim, timer);
	}
}

/* The argument, as far as it is valid whatever the time is. */
static long wanted_ns(const struct op *op, uint64_t *wall)
{
	if (op->timeout == TIMEOUT_BAD)
		return -EFAULT;
	if (op->timeout_sec < 0 || op->timeout_nsec < 0 ||
	    op->timeout_nsec >= NSEC_PER_SEC ||
	    op->timeout_sec >= INT64_MAX / NSEC_PER_SEC)
		return -EINVAL;
	*wall = (uint64_t)(op->timeout_sec * NSEC_PER_SEC + op->timeout_nsec);
	return 0;
}

/*
 * Source:  clock_settime(2): CLOCK_REALTIME cannot be set to less than
 *	    CLOCK_MONOTONIC.
 */
long call_clock_settime(struct task *task, int arg)
{
	struct sim *sim = sim_running;
	uint64_t wall = 0;
	struct step *step;
	long result;

	(void)arg;
	result = wanted_ns(task->op, &wall);
	step = sim_announce(task, EVENT_CLOCK_SET, OBJECT_CLOCK, 0, NULL);
	if (!result && wall < sim->now_ns)
		result = -EINVAL;
	step->in = wall;
	step->out = result;
	if (!result) {
		sim->wall_offset_ns = wall - sim->now_ns;
		sort_timers(sim);
	}
	sim_commit(task);
	return result;
}
