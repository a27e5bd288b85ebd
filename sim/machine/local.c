/* local.c - branches, jumps, assignments, assertions, procedures. */
#include "sim/machine/local.h"

#include "sim/judge/evaluate.h"
#include "sim/machine/sim.h"

static void set_verdict(struct sim *sim, struct verdict *v, const struct op *op,
			const char *rule, const char *what)
{
	v->rule = rule;
	v->what = what;
	v->line = op->mark.line;
	v->at = sim->event_count;
}

/* In a loop it is said once. */
static bool has_failed(const struct sim *sim, const struct task *task,
		       const struct op *op)
{
	const struct verdict *v;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		v = &sim->verdicts[i];
		if (v->kind == VERDICT_ASSERTION &&
		    v->thread == (int32_t)task->index &&
		    v->line == op->mark.line)
			return true;
	}
	return false;
}

static void check(struct task *task, const struct op *op)
{
	struct sim *sim = sim_running;
	struct verdict *v;

	if (evaluate_own(task, op->expr) || has_failed(sim, task, op))
		return;
	v = sim_verdict(sim, VERDICT_ASSERTION, (int32_t)task->index);
	if (v)
		set_verdict(sim, v, op, "what a program asserts holds",
			    sim_format(sim, "%s: '%s' does not hold",
				       task->name, op->text));
}

/* The thread does not come back, and so the run is over. */
static void livelock(struct task *task, const struct op *op)
{
	struct sim *sim = sim_running;
	struct verdict *v =
		sim_verdict(sim, VERDICT_LIVELOCK, (int32_t)task->index);

	if (!v)
		v = sim_verdict(sim, VERDICT_STEP_LIMIT, (int32_t)task->index);
	if (v)
		set_verdict(sim, v, op, "every loop of a program makes a step",
			    sim_format(sim, "%s runs on without a step",
				       task->name));
	sim->is_over = true;
}

/* Returns where it goes on. */
static uint32_t run(struct task *task, const struct op *op, uint32_t pc)
{
	if (op->verb == VERB_JUMP)
		return op->target;
	if (op->verb == VERB_BRANCH)
		return evaluate_own(task, op->expr) ? pc + 1 : op->target;
	if (op->verb == VERB_ASSIGN) {
		task->registers[op->result] = evaluate_own(task, op->expr);
		task->is_assigned[op->result] = true;
	} else if (op->verb == VERB_ASSERT) {
		check(task, op);
	} else {
		task->regions[op->procedure] = op->verb == VERB_REGION_ENTER;
	}
	return pc + 1;
}

bool local_run(struct task *task)
{
	const struct scenario_thread *thread = task->thread;
	uint32_t work = 0;

	while (task->pc != thread->main_count &&
	       verb_is_local(thread->ops[task->pc].verb)) {
		if (++work > LOCAL_WORK_MAX) {
			livelock(task, &thread->ops[task->pc]);
			return false;
		}
		task->pc = run(task, &thread->ops[task->pc], task->pc);
	}
	return task->pc != thread->main_count;
}
