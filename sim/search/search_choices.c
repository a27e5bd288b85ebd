/*
 * search_choices.c - who can move at a step: threads, the clock, signals,
 * wake-ups for no reason, and the end.
 */
#include "sim/search/search_internal.h"

/*
 * Of interchangeable threads that have not begun only the first may: any run
 * becomes one in which they begin in order if they are renamed.
 */
static bool must_wait_its_turn(const struct search *s, uint32_t i)
{
	const struct task *tasks = s->sim.tasks;
	uint32_t set = tasks[i].thread->symmetric;
	uint32_t k;

	if (!set || tasks[i].step_count)
		return false;
	for (k = 0; k < i; k++) {
		if (tasks[k].thread->symmetric == set && !tasks[k].step_count)
			return true;
	}
	return false;
}

static bool stands_before_a_held_mutex(const struct sim *sim,
				       const struct task *task)
{
	const struct step *step = &task->step;
	const struct kmutex *m;

	if (step->kind != EVENT_LOCK || step->object >= sim->object_count)
		return false;
	m = sim->objects[step->object].mutex;
	return m && m->owner && m->owner != task;
}

bool search_goes_on(const struct sim *sim, uint16_t thread)
{
	const struct task *task = &sim->tasks[thread];

	return task_can_move(task) &&
	       !(task->last.kind == EVENT_YIELD && !task->last.site);
}

/*
 * A list that is given may be of a search with patience or without it: what
 * either lets happen may happen.
 */
static bool is_given(const struct search *s)
{
	const struct movers *prefix = s->request->prefix;

	return s->is_following || (prefix && s->depth < prefix->count);
}

/* @waiting gets those that wait patiently. */
static uint64_t threads_that_can(const struct search *s, uint64_t *waiting)
{
	const struct sim *sim = &s->sim;
	bool are_patient = s->has_patient_locks || is_given(s);
	uint64_t set = 0;
	uint32_t i;

	*waiting = 0;
	for (i = 0; i < sim->task_count; i++) {
		if (!task_can_move(&sim->tasks[i]) ||
		    (s->is_symmetric && must_wait_its_turn(s, i)))
			continue;
		if (are_patient &&
		    stands_before_a_held_mutex(sim, &sim->tasks[i]))
			*waiting |= UINT64_C(1) << i;
		else
			set |= UINT64_C(1) << i;
	}
	return set;
}

static bool can_clock_move(const struct search *s, const struct choices *c)
{
	switch (s->explore->timeouts) {
	case TIMEOUTS_ANY:
		return sim_next_timer(&s->sim) != NULL;
	case TIMEOUTS_IDLE:
		return !c->threads && sim_next_timer(&s->sim);
	case TIMEOUTS_NEVER:
		break;
	}
	return false;
}

/* What may happen by itself, and need not. */
static void find_options(const struct search *s, struct choices *c)
{
	const struct sim *sim = &s->sim;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (s->signals_left[i] && sim->tasks[i].state != TASK_DONE &&
		    sim->tasks[i].state != TASK_UNBORN)
			c->signals |= UINT64_C(1) << i;
		if (s->spurious_left && sim->tasks[i].state == TASK_PARKED)
			c->spurious |= UINT64_C(1) << i;
	}
	c->end = (c->signals || c->spurious) && !c->threads && !c->clock;
}

void search_find_choices(const struct search *s, struct choices *c)
{
	uint64_t waiting;

	*c = (struct choices){.threads = threads_that_can(s, &waiting)};
	c->clock = can_clock_move(s, c);
	if (is_given(s))
		c->threads |= waiting;
	else if (!c->threads && !c->clock)
		c->threads = waiting;
	if (s->has_options)
		find_options(s, c);
}

uint16_t search_default(const struct search *s, const struct choices *c)
{
	uint16_t next;

	if (s->last != NO_MOVER && !s->has_yielded &&
	    (c->threads >> s->last & 1))
		return s->last;
	if (c->threads) {
		next = choices_next(
			c, s->thread_count,
			s->last == NO_MOVER ? 0 : (uint16_t)(s->last + 1));
		if (next < s->thread_count)
			return next;
	} else if (c->end) {
		return mover_number(s->thread_count, MOVER_IS_END, 0);
	}
	return choices_next(c, s->thread_count, 0);
}
