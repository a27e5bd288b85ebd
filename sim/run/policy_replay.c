/* policy_replay.c - the moves of an execution, once more. */
#include "sim/run/policy.h"

static bool can_make(const struct sim *sim, const struct move *m)
{
	switch (m->kind) {
	case MOVE_STEP:
		return m->thread < sim->task_count &&
		       task_can_move(&sim->tasks[m->thread]);
	case MOVE_FIRE:
		return m->thread < sim->task_count &&
		       task_timer(sim, &sim->tasks[m->thread]);
	case MOVE_SIGNAL:
		return m->thread < sim->task_count && m->ns &&
		       m->ns <= SIGNALS_MAX;
	case MOVE_SIGNAL_PROCESS:
		return m->thread < sim->process_count && m->ns &&
		       m->ns <= SIGNALS_MAX;
	case MOVE_SPURIOUS:
		return m->thread < sim->task_count &&
		       sim->tasks[m->thread].state == TASK_PARKED;
	case MOVE_ADVANCE:
	case MOVE_STOP:
		return true;
	}
	return false;
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct policy_replay *p = (struct policy_replay *)policy;
	const struct move *m;

	if (p->next == p->count)
		return (struct move){.kind = MOVE_STOP};
	m = &p->moves[p->next++];
	if (!can_make(sim, m)) {
		p->has_diverged = true;
		return (struct move){.kind = MOVE_STOP};
	}
	return *m;
}

static void nothing(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

void policy_replay_init(struct policy_replay *p, const struct move *moves,
			uint32_t count)
{
	*p = (struct policy_replay){
		.policy = {"replay", nothing, choose, nothing},
		.moves = moves,
		.count = count,
	};
}
