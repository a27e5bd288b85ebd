/* policy_random.c - a uniform choice among all that can move. */
#include "sim/run/policy.h"
#include "sim/base/random.h"

/* The @nth thread that can move. */
static uint32_t pick(const struct sim *sim, uint64_t nth)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (task_can_move(&sim->tasks[i]) && nth-- == 0)
			return i;
	}
	return 0;
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct policy_random *p = (struct policy_random *)policy;
	const struct ktimer *timer = sim_next_timer(sim);
	uint64_t count = 0, nth;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++)
		count += task_can_move(&sim->tasks[i]);
	if (!count && !timer)
		return (struct move){.kind = MOVE_STOP};
	nth = random_below(&p->state, count + !!timer);
	if (nth == count)
		return (struct move){.kind = MOVE_FIRE,
				     .thread = timer->task->index};
	return (struct move){.kind = MOVE_STEP, .thread = pick(sim, nth)};
}

static void nothing(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

void policy_random_init(struct policy_random *p, uint64_t seed)
{
	*p = (struct policy_random){
		.policy = {"random", nothing, choose, nothing},
		.state = seed,
	};
}
