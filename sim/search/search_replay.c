/*
 * search_replay.c - a list of movers, once more.
 *
 * The machine is the same as in the search: the schedule that comes first, the
 * places where threads stop, the limit of steps.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_internal.h"

struct follower {
	struct policy policy;
	const struct movers *movers;
	struct policy_script script;
	uint32_t next;
	bool is_in_script;
	bool has_diverged;
	uint16_t last;
	uint32_t preemptions;
	struct stops stops;
	bool has_stops;
};

static void begin(struct policy *policy, struct sim *sim)
{
	struct follower *f = (struct follower *)policy;

	if (f->is_in_script)
		f->script.policy.begin(&f->script.policy, sim);
}

static bool is_scripted(struct follower *f, struct sim *sim, struct move *move)
{
	if (!f->is_in_script)
		return false;
	*move = f->script.policy.choose(&f->script.policy, sim);
	if (move->kind != MOVE_STOP)
		return true;
	f->is_in_script = false;
	sim->stops = f->has_stops ? &f->stops : NULL;
	return f->script.error != NULL;
}

static bool can_move(const struct sim *sim, uint16_t mover)
{
	uint32_t i;

	switch (mover_kind(sim->task_count, mover, &i)) {
	case MOVER_IS_THREAD:
		return task_can_move(&sim->tasks[i]);
	case MOVER_IS_CLOCK:
		return sim_next_timer(sim) != NULL;
	case MOVER_IS_SPURIOUS:
		return sim->tasks[i].state == TASK_PARKED;
	case MOVER_IS_SIGNAL:
	case MOVER_IS_END:
		break;
	}
	return true;
}

/* A list that ends where somebody can move is one that a limit has cut. */
static bool has_not_ended(struct sim *sim)
{
	if (sim_can_any_move(sim) && sim->step_count < sim->steps_max)
		sim->steps_max = sim->step_count;
	return sim->step_count >= sim->steps_max;
}

/* One more move, which the limit of steps keeps from being made. */
static struct move at_end(struct sim *sim)
{
	if (has_not_ended(sim))
		return (struct move){.kind = MOVE_ADVANCE};
	return (struct move){.kind = MOVE_STOP};
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct follower *f = (struct follower *)policy;
	struct move move = {.kind = MOVE_STOP};
	uint16_t mover;

	if (is_scripted(f, sim, &move))
		return move;
	if (f->next == f->movers->count)
		return at_end(sim);
	mover = f->movers->items[f->next++];
	if (!can_move(sim, mover)) {
		f->has_diverged = true;
		return move;
	}
	f->preemptions += search_cost(sim, f->last, mover);
	if (mover < sim->task_count)
		f->last = mover;
	return search_move_on(sim, mover);
}

static void end(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

static void follower_init(struct follower *f, const struct search_request *r,
			  const struct movers *movers)
{
	*f = (struct follower){
		.policy = {"search", begin, choose, end},
		.movers = movers,
		.is_in_script = r->schedule != NULL,
		.last = NO_MOVER,
	};
	f->has_stops = search_stops(&r->explore, &f->stops);
	if (r->schedule)
		policy_script_init(&f->script, r->schedule, NULL);
}

static void replay(const struct search_request *r, struct follower *f,
		   bool wants_trace, struct sim *sim, struct run *run)
{
	struct run_request request = {
		.scenario = r->scenario,
		.schedule = r->schedule,
		.profile = r->profile,
		.quirks = r->quirks,
		.is_overridden = r->is_overridden,
		.mode = RUN_POLICY,
		.policy = &f->policy,
		.stops = f->is_in_script || !f->has_stops ? NULL : &f->stops,
		.is_one_of_many = true,
		.steps_max = search_steps_max(&r->explore),
		.wants_trace = wants_trace,
	};

	run_scenario(sim, &request, run);
	run->has_diverged |= f->has_diverged;
	run->request.policy = NULL;
	run->request.stops = NULL;
}

void search_replay(const struct search_request *r, const struct movers *movers,
		   bool wants_trace, struct sim *sim, struct run *run)
{
	struct follower f;

	follower_init(&f, r, movers);
	replay(r, &f, wants_trace, sim, run);
}

uint32_t search_preemptions(const struct search_request *r,
			    const struct movers *movers, struct sim *sim)
{
	struct follower f;
	struct run run;

	follower_init(&f, r, movers);
	replay(r, &f, false, sim, &run);
	return f.preemptions;
}
