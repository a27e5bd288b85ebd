/* call_map.c - the memory map calls: each holds the mutex while it works. */
#include "sim/machine/program_internal.h"
#include "sim/machine/sim.h"

static int map(struct sim *sim, struct task *task, uint64_t addr, uint64_t len)
{
	const struct op *op = task->op;
	const struct mapping mapping = {
		.region = op->region,
		.offset = op->offset,
		.prot = op->prot,
		.is_lazy = op->lazy,
		.keeps = op->keeps,
	};

	return aspace_map(sim, task->process->aspace, addr, len, &mapping);
}

/* Old address, old length, new length, and perhaps where to. */
static int remap(struct sim *sim, struct task *task, uint64_t addr,
		 uint64_t len)
{
	const struct op *op = task->op;
	uint64_t new_len = (uint64_t)program_evaluate(task, &op->args[2]);
	uint64_t target = (uint64_t)program_evaluate(task, &op->args[3]);
	bool is_fixed = op->args[3].kind != OPERAND_NONE;

	return aspace_remap(sim, task->process->aspace, addr, len, new_len,
			    is_fixed ? &target : NULL);
}

static int change(struct task *task, enum event_kind kind, uint64_t addr,
		  uint64_t len)
{
	struct sim *sim = sim_running;
	struct aspace *aspace = task->process->aspace;

	if (kind == EVENT_MAP)
		return map(sim, task, addr, len);
	if (kind == EVENT_UNMAP)
		return aspace_unmap(sim, aspace, addr, len);
	if (kind == EVENT_PROTECT)
		return aspace_protect(sim, aspace, addr, len, task->op->prot);
	return remap(sim, task, addr, len);
}

long call_map(struct task *task, int arg)
{
	const struct op *op = task->op;
	enum event_kind kind = (enum event_kind)arg;
	struct aspace *aspace = task->process->aspace;
	uint64_t addr = (uint64_t)program_evaluate(task, &op->args[0]);
	uint64_t len = (uint64_t)program_evaluate(task, &op->args[1]);
	struct step *step;
	int error;

	kaspace_lock_at(NULL);
	step = sim_announce(task, kind, OBJECT_ASPACE, aspace->mutex.id, NULL);
	error = change(task, kind, addr, len);
	step->in = addr;
	step->in2 = len;
	step->out = error;
	sim_commit(task);
	kaspace_unlock_at(NULL);
	return error;
}
