/*
 * sim.c - the step loop, and what it steps: threads, the clock, signals.
 */
#include "sim/machine/sim.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/fault.h"
#include "sim/judge/judge.h"
#include "sim/judge/livelock.h"
#include "sim/judge/lock_order.h"
#include "sim/judge/races.h"
#include "sim/machine/mutation.h"
#include "sim/machine/program.h"
#include "sim/machine/signal.h"
#include "sim/search/state_hash.h"
#include "sim/machine/touches.h"

struct sim *sim_running;

void sim_init(struct sim *sim)
{
	memset(sim, 0, sizeof(*sim));
	arena_init(&sim->arena);
	fault_install();
}

void sim_fini(struct sim *sim)
{
	snapshots_fini(sim);
	arena_fini(&sim->arena);
	free(sim->objects);
	sim->objects = NULL;
	fiber_pool_fini(&sim->stacks);
	if (sim_running == sim)
		sim_running = NULL;
}

struct task *sim_task_current(void)
{
	return sim_running->current;
}

/* ---- moves ------------------------------------------------------------------
 */

static void enter(struct sim *sim, struct task *task)
{
	sim->current = task;
	sim->mover = (int32_t)task->index;
	mutation_looks = 0;
	if (task->main)
		fiber_enter(&task->fiber);
	else
		program_step(task);
	sim->current = NULL;
}

static void commit(struct sim *sim, int32_t mover, const struct step *step,
		   bool is_step)
{
	sim->event_count++;
	if (sim->races && step->object_kind == OBJECT_WORD)
		races_step(sim, mover, step);
	if (sim->locks && lock_order_concerns(step->kind))
		lock_order_step(sim, mover, step);
	if (sim->touches)
		touches_of_step(sim, mover, step);
	if (sim->hasher && is_step)
		state_hash_step(sim, mover, step);
	if (sim->observer)
		sim->observer->event(sim->observer, sim, mover, step, is_step);
}

static void fire(struct sim *sim, struct ktimer *timer)
{
	uint64_t due = timer_due_ns(sim, timer);
	struct step step = {
		.kind = EVENT_TIMER_FIRE,
		.object_kind = OBJECT_TIMER,
		.peer = (int32_t)timer->task->index,
		.in = timer_wall_ns(sim, timer),
	};

	if (due > sim->now_ns)
		sim->now_ns = due;
	timer_disarm(sim, timer);
	timer->has_fired = true;
	timer->fired_at = sim->event_count + 1;
	if (timer->waker)
		step.out = waker_fire(sim, timer->waker);
	commit(sim, MOVER_CLOCK, &step, true);
}

static void advance(struct sim *sim, uint64_t now_ns)
{
	struct step step = {
		.kind = EVENT_CLOCK_ADVANCE,
		.object_kind = OBJECT_CLOCK,
		.peer = EVENT_NOBODY,
		.in = now_ns,
	};

	if (now_ns > sim->now_ns)
		sim->now_ns = now_ns;
	commit(sim, MOVER_CLOCK, &step, true);
}

static void deliver(struct sim *sim, struct task *task, uint64_t number)
{
	struct step step = {
		.kind = EVENT_SIGNAL,
		.object_kind = OBJECT_SIGNAL,
		.peer = (int32_t)task->index,
		.in = number,
	};

	step.out = signal_send(sim, task, (uint32_t)number);
	commit(sim, MOVER_SIGNAL, &step, true);
}

static void deliver_to_process(struct sim *sim, uint32_t index, uint64_t number)
{
	struct step step = {
		.kind = EVENT_SIGNAL,
		.object_kind = OBJECT_SIGNAL,
		.peer = EVENT_NOBODY,
		.in = number,
		.in2 = (uint64_t)index + 1,
	};
	struct task *chosen;

	step.out = signal_send_process(sim, &sim->processes[index],
				       (uint32_t)number, &chosen);
	if (chosen)
		step.peer = (int32_t)chosen->index;
	commit(sim, MOVER_SIGNAL, &step, true);
}

static void wake_for_no_reason(struct sim *sim, struct task *task)
{
	struct step step = {
		.kind = EVENT_SPURIOUS,
		.object_kind = OBJECT_TASK,
		.peer = (int32_t)task->index,
	};

	if (task->state == TASK_PARKED)
		step.out = sim_unblock(sim, task);
	commit(sim, MOVER_SIGNAL, &step, true);
}

static bool starts_later(const struct task *task)
{
	return task->thread->is_cloned || task->thread->is_forked;
}

static void make_move(struct sim *sim, const struct move *move)
{
	struct task *task = &sim->tasks[move->thread];

	sim->step_count++;
	switch (move->kind) {
	case MOVE_STEP:
		/* It comes after what has started the thread. */
		if (!task->step_count++ && task->thread && starts_later(task))
			sim_touch(sim, TOUCH_TASK, TOUCH_READ, task->index, 0);
		enter(sim, task);
		break;
	case MOVE_FIRE:
		sim->mover = MOVER_CLOCK;
		fire(sim, task_timer(sim, task));
		break;
	case MOVE_ADVANCE:
		sim->mover = MOVER_CLOCK;
		advance(sim, move->ns);
		break;
	case MOVE_SIGNAL:
		sim->mover = MOVER_SIGNAL;
		deliver(sim, task, move->ns);
		break;
	case MOVE_SIGNAL_PROCESS:
		sim->mover = MOVER_SIGNAL;
		deliver_to_process(sim, move->thread, move->ns);
		break;
	case MOVE_SPURIOUS:
		sim->mover = MOVER_SIGNAL;
		wake_for_no_reason(sim, task);
		break;
	case MOVE_STOP:
		break;
	}
}

static void start(struct sim *sim, struct task *task)
{
	if (task->state == TASK_UNBORN)
		return;
	if (task->main) {
		enter(sim, task);
		return;
	}
	sim->current = task;
	sim->mover = (int32_t)task->index;
	program_prepare(task);
	sim->current = NULL;
}

/* Every thread runs to its first announcement: local work only. */
void sim_start(struct sim *sim)
{
	uint32_t i;

	sim->is_started = true;

	for (i = 0; i < sim->task_count && !sim->is_over; i++)
		start(sim, &sim->tasks[i]);
}

static bool is_within_limit(struct sim *sim)
{
	struct verdict *v;

	if (sim->step_count < sim->steps_max)
		return true;
	sim->is_at_limit = true;
	if (sim->livelock && livelock_judge(sim))
		return false;
	v = sim_verdict(sim, VERDICT_STEP_LIMIT, EVENT_NOBODY);
	if (v) {
		v->rule = "a run ends within its limit of steps, which "
			  "--max-steps or, in a search, --steps raises";
		v->what = sim_format(sim,
				     "%u steps were made and it had not ended",
				     sim->step_count);
	}
	return false;
}

void sim_run(struct sim *sim, struct policy *policy, struct observer *observer)
{
	struct move move;

	sim->policy = policy;
	sim->observer = observer;
	sim_running = sim;
	switch (sigsetjmp(sim->crash, 0)) {
	case 0:
		break;
	case SIGVTALRM:
		mutation_end_step(sim);
		return;
	default:
		judge_crash(sim);
		return;
	}
	if (!sim->is_started)
		sim_start(sim);
	policy->begin(policy, sim);
	while (!sim->is_over) {
		if (sim->livelock)
			livelock_look(sim);
		move = policy->choose(policy, sim);
		if (move.kind == MOVE_STOP || !is_within_limit(sim))
			break;
		make_move(sim, &move);
	}
	policy->end(policy, sim);
}

/* ---- what threads do to the machine ------------------------------------ */

/*
 * Do others come first?  If not, the step is part of the one before it, and
 * counts; a thread that never stops is stopped by the limit.
 */
bool sim_stops_at(struct sim *sim, struct task *task, const struct step *step)
{
	const struct stops *stops = sim->stops;

	if (!stops || !task->step_count)
		return true;
	if (step->site ? stops->kernel[step->kind] >> step->object_kind & 1
		       : stops->program >> step->kind & 1)
		return true;
	if (sim->step_count >= sim->steps_max)
		return true;
	sim->step_count++;
	task->step_count++;
	return false;
}

void sim_prepare(struct task *task, enum event_kind kind,
		 enum object_kind object_kind, uint64_t object,
		 const struct ksite *site)
{
	struct step *step = &task->step;

	/* Field by field: faster than clearing it whole. */
	step->kind = kind;
	step->object_kind = object_kind;
	step->object = object;
	step->object2 = 0;
	step->site = site;
	step->peer = EVENT_NOBODY;
	step->cause = 0;
	step->has_values = false;
	step->has_permit = false;
	step->permit = false;
	step->in = 0;
	step->in2 = 0;
	step->out = 0;
	step->old_value = 0;
	step->new_value = 0;
	step->size = 0;
	step->text = NULL;
}

struct step *sim_announce(struct task *task, enum event_kind kind,
			  enum object_kind object_kind, uint64_t object,
			  const struct ksite *site)
{
	if (task->is_announced) {
		task->is_announced = false;
		return &task->step;
	}
	sim_prepare(task, kind, object_kind, object, site);
	if (sim_stops_at(sim_running, task, &task->step))
		fiber_leave(&task->fiber);
	return &task->step;
}

void sim_commit(struct task *task)
{
	struct sim *sim = sim_running;

	if (sim->is_brief) {
		task->last.kind = task->step.kind;
		task->last.object_kind = task->step.object_kind;
		task->last.site = task->step.site;
	} else {
		task->last = task->step;
	}
	commit(sim, (int32_t)task->index, &task->step, true);
}

uint32_t sim_note(struct sim *sim, const struct step *step)
{
	commit(sim, sim->mover, step, false);
	return sim->event_count;
}

void sim_block(struct task *task, enum task_state state)
{
	task->state = state;
	fiber_leave(&task->fiber);
}

bool sim_unblock(struct sim *sim, struct task *task)
{
	if (!task_is_blocked(task))
		return false;
	task->state = TASK_RUNNABLE;
	task->freed_by = sim->event_count + 1;
	return true;
}

bool waker_fire(struct sim *sim, struct kwaker *w)
{
	if (w->task->has_exited)
		return false;
	if (w->whole)
		w = w->whole;
	w->woke = true;
	return sim_unblock(sim, w->task);
}

struct change *sim_change(struct sim *sim, uint64_t place)
{
	struct change *c = sim->changes;

	while (c && c->place != place)
		c = c->next;
	if (c)
		return c;
	c = arena_alloc(&sim->arena, sizeof(*c));
	c->place = place;
	c->next = sim->changes;
	sim->changes = c;
	return c;
}

bool task_interrupt(struct sim *sim, struct task *task)
{
	struct kwaker *w = task->interrupt_waker;
	bool was_blocked;

	if (task->state == TASK_UNBORN)
		return false;
	/* In exec, and killed itself now. */
	if (task->state == TASK_WAITING && task->process->survivor != task)
		return sim_unblock(sim, task);
	task->is_interrupted = true;
	if (!w)
		return false;
	task->interrupt_waker = NULL;
	was_blocked = waker_fire(sim, w);
	kwaker_put(w);
	return was_blocked;
}

void sim_add_result(struct sim *sim, struct task *task, int64_t value)
{
	struct result *r = arena_alloc(&sim->arena, sizeof(*r));

	r->thread = task->index;
	r->op_index = task->op_index;
	r->op = task->op;
	r->value = value;
	r->time_ns = sim->now_ns;
	r->event = sim->event_count + 1;
	*sim->results_end = r;
	sim->results_end = &r->next;
	sim->result_count++;
}

/* ---- verdicts and text ------------------------------------------------- */

struct verdict *sim_verdict(struct sim *sim, enum verdict_kind kind,
			    int32_t thread)
{
	struct verdict *v;

	if (sim->ignore >> kind & 1 || sim->verdict_count == SIM_VERDICTS_MAX)
		return NULL;
	v = &sim->verdicts[sim->verdict_count++];
	*v = (struct verdict){.kind = kind, .thread = thread};
	return v;
}

const char *sim_format(struct sim *sim, const char *format, ...)
{
	char buf[1024];
	va_list args;
	size_t size;

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	size = strlen(buf) + 1;
	return memcpy(arena_alloc(&sim->arena, size), buf, size);
}

_Noreturn void sim_bug(struct sim *sim, enum verdict_kind kind,
		       const char *what)
{
	struct task *task = sim->current;
	struct verdict *v;

	v = sim_verdict(sim, kind, task ? (int32_t)task->index : EVENT_NOBODY);
	if (v) {
		v->rule = "the kernel keeps its own rules";
		v->what = what;
		v->at = sim->event_count;
		v->line = task && task->op ? task->op->mark.line : 0;
	}
	sim->is_over = true;
	if (!task) {
		fprintf(stderr, "futexsim: error: %s\n", what);
		abort();
	}
	for (;;)
		fiber_leave(&task->fiber);
}
