/*
 * trace_run.c - from the events of a trace back to the moves that made them.
 */
#include "sim/run/trace_run.h"

#include <stdlib.h>
#include <string.h>

/* ---- from events back to moves ----------------------------------------- */

struct move trace_move(const struct event *e)
{
	if (e->thread >= 0)
		return (struct move){.kind = MOVE_STEP,
				     .thread = (uint32_t)e->thread};
	if (e->kind == EVENT_TIMER_FIRE)
		return (struct move){.kind = MOVE_FIRE,
				     .thread = (uint32_t)e->peer};
	if (e->kind == EVENT_SIGNAL && e->in2)
		return (struct move){.kind = MOVE_SIGNAL_PROCESS,
				     .thread = (uint32_t)(e->in2 - 1),
				     .ns = e->in};
	if (e->kind == EVENT_SIGNAL)
		return (struct move){.kind = MOVE_SIGNAL,
				     .thread = (uint32_t)e->peer,
				     .ns = e->in};
	if (e->kind == EVENT_SPURIOUS)
		return (struct move){.kind = MOVE_SPURIOUS,
				     .thread = (uint32_t)e->peer};
	return (struct move){.kind = MOVE_ADVANCE, .ns = e->in};
}

/* By its limit of steps: a livelock that is nobody's in particular, too. */
static bool was_cut(const struct verdict *v)
{
	return v->kind == VERDICT_STEP_LIMIT ||
	       (v->kind == VERDICT_LIVELOCK && v->thread == EVENT_NOBODY);
}

/* A run that was stopped is to be stopped at the same step. */
static uint32_t steps_max_of(const struct trace *t)
{
	unsigned int i;

	for (i = 0; i < t->verdict_count; i++) {
		if (was_cut(&t->verdicts[i]))
			return t->step_count;
	}
	return 0;
}

static bool breaks_the_machine(enum verdict_kind kind)
{
	return kind == VERDICT_KERNEL_BUG || kind == VERDICT_USE_AFTER_FREE ||
	       kind == VERDICT_DOUBLE_FREE;
}

/* The thread whose last move broke the machine and may have left no event. */
static int32_t breaker_of(const struct trace *t)
{
	const struct verdict *v;
	unsigned int i;

	for (i = 0; i < t->verdict_count; i++) {
		v = &t->verdicts[i];
		if (breaks_the_machine(v->kind) && v->thread >= 0 &&
		    v->at == t->event_count &&
		    !strcmp(t->threads[v->thread].end, "runnable"))
			return v->thread;
	}
	return EVENT_NOBODY;
}

static struct move *moves_of(const struct trace *t, uint32_t *count)
{
	struct move *moves = calloc(t->event_count + 3, sizeof(*moves));
	uint32_t i;

	if (!moves)
		abort();
	*count = 0;
	for (i = 0; i < t->event_count; i++) {
		if (t->events[i].step)
			moves[(*count)++] = trace_move(&t->events[i]);
	}
	if (breaker_of(t) >= 0)
		moves[(*count)++] = (struct move){
			.kind = MOVE_STEP, .thread = (uint32_t)breaker_of(t)};
	/* One more, which the limit of steps keeps from being made. */
	if (steps_max_of(t))
		moves[(*count)++] = (struct move){.kind = MOVE_ADVANCE};
	return moves;
}

static uint64_t quirks_of(const struct trace *t)
{
	uint64_t quirks = 0;
	unsigned int i;
	int q;

	for (i = 0; i < t->quirks.count; i++) {
		q = quirk_find(t->quirks.items[i]);
		if (q >= 0)
			quirks |= UINT64_C(1) << q;
	}
	return quirks;
}

/* ---- the request ------------------------------------------------------- */

static const struct schedule *schedule_of(const struct scenario *s,
					  const struct trace *t)
{
	uint32_t i;

	for (i = 0; i < s->schedule_count; i++) {
		if (!strcmp(s->schedules[i].name, t->schedule))
			return &s->schedules[i];
	}
	return NULL;
}

/*
 * A schedule is followed line by line again, for its checks are part of the
 * verdict; any other run is repeated move by move.
 */
static enum run_mode mode_of(const struct trace *t)
{
	return strcmp(t->policy, "script") ? RUN_REPLAY : RUN_SCRIPT;
}

void trace_run_request(const struct trace *t, const struct scenario *s,
		       struct run_request *request, struct move **moves)
{
	uint64_t own;

	*request = (struct run_request){
		.scenario = s,
		.schedule = schedule_of(s, t),
		.profile = t->profile,
		.quirks = quirks_of(t),
		.mode = mode_of(t),
		.seed = t->seed,
		.steps_max = steps_max_of(t),
		.is_one_of_many = !strcmp(t->policy, "search") ||
				  run_is_one_of_many(s, schedule_of(s, t)),
		.wants_trace = true,
	};
	*moves = moves_of(t, &request->move_count);
	request->moves = *moves;
	run_quirks(s, t->profile, &own);
	request->is_overridden = own != request->quirks;
}
