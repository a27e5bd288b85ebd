/*
 * user.c - accesses to user memory, by the model and by programs.
 *
 * A page that is absent, or no page at all, faults: the handler takes the
 * address-space mutex, and so the access may sleep.  Then the access is made
 * again, or fails.
 */
#include "sim/machine/user.h"

#include <errno.h>
#include <string.h>

#include "sim/machine/program_internal.h"
#include "sim/machine/signal.h"
#include "sim/machine/sim.h"
#include "sim/search/state_hash.h"
#include "sim/machine/touches.h"

struct access {
	enum event_kind kind;
	uint64_t addr;
	uint32_t size;
	bool is_write;
	const struct ksite *site;
};

static bool is_allowed(const struct area *area, const struct access *a)
{
	return area && (area->prot & (a->is_write ? PROT_W : PROT_R));
}

static bool is_present(const struct area *area, uint64_t addr)
{
	return !area->is_present ||
	       area->is_present[(addr - area->start) / PAGE_SIZE];
}

/* The fault handler.  Returns whether the access may be tried again. */
static bool handle_fault(struct task *task, const struct access *a)
{
	struct aspace *aspace = task->process->aspace;
	struct area *area;
	bool is_good;

	kmutex_lock_at(&aspace->mutex, a->site);
	area = aspace_find(aspace, a->addr);
	is_good = is_allowed(area, a);
	touch_map(sim_running, aspace, TOUCH_READ);
	if (is_good && area->is_present) {
		area->is_present[(a->addr - area->start) / PAGE_SIZE] = true;
		touch_map(sim_running, aspace, TOUCH_WRITE);
	}
	kmutex_unlock_at(&aspace->mutex, a->site);
	return is_good;
}

/* Addresses that no handler is asked about. */
static bool is_hopeless(const struct access *a)
{
	return a->addr < USER_START || a->addr == BAD_ADDRESS ||
	       a->addr % (a->size > 8 ? 8 : a->size);
}

/*
 * Announce the access and see it through faults.  Returns where the bytes are,
 * with the step announced and not yet committed; NULL if there is none, and
 * then nothing is left to commit.
 */
static unsigned char *reach(struct task *task, const struct access *a)
{
	struct sim *sim = sim_running;
	struct aspace *aspace = task->process->aspace;
	struct area *area;
	struct place place;
	struct step *step;

	do {
		place = aspace_place(aspace, a->addr);
		step = sim_announce(task, a->kind, OBJECT_WORD,
				    place_number(place), a->site);
		step->in = a->addr;
		step->size = a->size;
		touch_map(sim, aspace, TOUCH_READ);
		if (is_hopeless(a)) {
			step->out = -EFAULT;
			sim_commit(task);
			return NULL;
		}
		area = aspace_find(aspace, a->addr);
		if (is_allowed(area, a) && is_present(area, a->addr)) {
			place = aspace_place(aspace, a->addr);
			step->object = place_number(place);
			return place_bytes(sim, place);
		}
		step->kind = EVENT_USER_FAULT;
		task->is_in_op = true;
		sim_commit(task);
	} while (handle_fault(task, a));
	return NULL;
}

/*
 * The same for who cannot wait for a fault to be handled: what is not there is
 * announced and committed as a failed access.
 */
static unsigned char *reach_nofault(struct task *task, const struct access *a)
{
	struct sim *sim = sim_running;
	struct aspace *aspace = task->process->aspace;
	struct place place = aspace_place(aspace, a->addr);
	struct area *area;
	struct step *step;

	step = sim_announce(task, a->kind, OBJECT_WORD, place_number(place),
			    a->site);
	step->in = a->addr;
	step->size = a->size;
	touch_map(sim, aspace, TOUCH_READ);
	place = aspace_place(aspace, a->addr);
	area = aspace_find(aspace, a->addr);
	if (is_hopeless(a) || !is_allowed(area, a) ||
	    !is_present(area, a->addr)) {
		step->out = -EFAULT;
		sim_commit(task);
		return NULL;
	}
	step->object = place_number(place);
	return place_bytes(sim, place);
}

/* Remember when a word changed, for the story of a stranded waiter. */
static void note_change(struct sim *sim, const struct step *step)
{
	struct change *c;

	if (step->old_value == step->new_value)
		return;
	touch_change(sim, step->object);
	c = sim_change(sim, step->object);
	c->event = sim->event_count + 1;
	c->mover = sim->mover;
	c->was_woken = false;
	c->short_wake = 0;
}

static uint32_t load32(const unsigned char *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static void write32(struct task *task, unsigned char *bytes, uint32_t value)
{
	task->step.has_values = true;
	task->step.old_value = load32(bytes);
	task->step.new_value = value;
	note_change(sim_running, &task->step);
	if (sim_running->snapshots.count)
		snapshot_note(sim_running, bytes);
	memcpy(bytes, &value, sizeof(value));
}

/* ---- the kernel's accesses ------------------------------------------------
 */

int kuser_load32_at(uint64_t addr, uint32_t *out, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_LOAD, addr, 4, false, site};
	unsigned char *bytes = reach(task, &a);

	if (!bytes)
		return -EFAULT;
	*out = load32(bytes);
	task->step.out = *out;
	sim_commit(task);
	return 0;
}

int kuser_load32_nofault_at(uint64_t addr, uint32_t *out,
			    const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_LOAD, addr, 4, false, site};
	unsigned char *bytes = reach_nofault(task, &a);

	if (!bytes)
		return -EFAULT;
	*out = load32(bytes);
	task->step.out = *out;
	sim_commit(task);
	return 0;
}

int kuser_fetch32_nofault_at(uint64_t addr, enum kfetch op, uint32_t operand,
			     uint32_t *old_out, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_FETCH, addr, 4, true, site};
	unsigned char *bytes = reach_nofault(task, &a);

	if (!bytes)
		return -EFAULT;
	*old_out = load32(bytes);
	task->step.out = *old_out;
	write32(task, bytes, kfetch_apply(op, *old_out, operand));
	sim_commit(task);
	return 0;
}

int kuser_fault_in_at(uint64_t addr, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_FAULT, addr, 4, true, site};
	struct place place = aspace_place(task->process->aspace, addr);

	sim_announce(task, a.kind, OBJECT_WORD, place_number(place), site);
	task->step.in = addr;
	task->step.size = a.size;
	sim_commit(task);
	if (is_hopeless(&a) || !handle_fault(task, &a))
		return -EFAULT;
	return 0;
}

int kuser_store32_at(uint64_t addr, uint32_t value, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_STORE, addr, 4, true, site};
	unsigned char *bytes = reach(task, &a);

	if (!bytes)
		return -EFAULT;
	write32(task, bytes, value);
	sim_commit(task);
	return 0;
}

int kuser_cas32_at(uint64_t addr, uint32_t old, uint32_t new_value,
		   uint32_t *old_out, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_CAS, addr, 4, true, site};
	unsigned char *bytes = reach(task, &a);

	if (!bytes)
		return -EFAULT;
	*old_out = load32(bytes);
	task->step.in2 = old;
	task->step.out = *old_out;
	write32(task, bytes, *old_out == old ? new_value : *old_out);
	sim_commit(task);
	return 0;
}

/* A thread's own stack, which is always there. */
static bool is_scratch(uint64_t addr)
{
	return addr >= SCRATCH_ADDRESS && addr < SCRATCH_ADDRESS + 16;
}

/* 64-bit words, which may cross into another page; one step for each page. */
static int read_words(struct access *a, uint64_t *out, unsigned int words)
{
	struct task *task = sim_task_current();
	uint64_t addr = a->addr;
	unsigned char *bytes = reach(task, a);
	unsigned int i;

	for (i = 0; bytes && i < words; i++) {
		if (i && (addr + 8 * i) % PAGE_SIZE == 0) {
			sim_commit(task);
			a->addr = addr + 8 * i;
			bytes = reach(task, a);
			if (!bytes)
				break;
			bytes -= 8 * i;
		}
		memcpy(&out[i], bytes + 8 * i, 8);
		if (i && sim_running->hasher)
			state_hash_value(sim_running, out[i]);
	}
	if (!bytes)
		return -EFAULT;
	task->step.out = (int64_t)out[0];
	sim_commit(task);
	return 0;
}

int kuser_read64_at(uint64_t addr, uint64_t *out, unsigned int words,
		    const struct ksite *site)
{
	struct access a = {EVENT_USER_READ, addr, 8 * words, false, site};

	return read_words(&a, out, words);
}

int kuser_write64_at(uint64_t addr, uint64_t value, const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_USER_WRITE, addr, 8, true, site};
	unsigned char *bytes;

	if (is_scratch(addr))
		return 0;
	bytes = reach(task, &a);
	if (!bytes)
		return -EFAULT;
	task->step.has_values = true;
	memcpy(&task->step.old_value, bytes, 8);
	task->step.new_value = value;
	if (sim_running->snapshots.count)
		snapshot_note(sim_running, bytes);
	memcpy(bytes, &value, 8);
	sim_commit(task);
	return 0;
}

/* The words of the operation are the only array that a program has. */
int kuser_read_waitv(uint64_t addr, unsigned int index, struct kwaitv *out)
{
	struct task *task = sim_task_current();
	const struct op *op = task->op;

	if (addr != WAITV_ADDRESS || !op || index >= op->more_count / 2)
		return -EFAULT;
	*out = (struct kwaitv){
		.uaddr = (uint64_t)program_evaluate(task, &op->more[2 * index]),
		.val = (uint64_t)program_evaluate(task,
						  &op->more[2 * index + 1]),
		.flags = op->has_word_flags
				 ? op->word_flags
				 : FUTEX_32 |
					   (op->is_private ? FUTEX_PRIVATE_FLAG
							   : 0),
	};
	return 0;
}

int kuser_read_timespec_at(uint64_t addr, struct ktimespec *out,
			   const struct ksite *site)
{
	struct task *task = sim_task_current();
	struct access a = {EVENT_TIMEOUT_READ, addr, 16, false, site};
	uint64_t words[2];
	int error;

	if (addr == TIMESPEC_ADDRESS && task->op) {
		sim_announce(task, EVENT_TIMEOUT_READ, OBJECT_TIMEOUT, 0, site);
		out->sec = task->op->timeout_sec;
		out->nsec = task->op->timeout_nsec;
		signal_remaining(task, out);
		sim_commit(task);
		return 0;
	}
	error = read_words(&a, words, 2);
	if (error)
		return error;
	out->sec = (int64_t)words[0];
	out->nsec = (int64_t)words[1];
	signal_remaining(task, out);
	return 0;
}

/* ---- programs' accesses ------------------------------------------------ */

static const enum event_kind access_kinds[] = {
	[USER_LOAD] = EVENT_USER_LOAD, [USER_STORE] = EVENT_USER_STORE,
	[USER_CAS] = EVENT_USER_CAS,   [USER_XCHG] = EVENT_USER_XCHG,
	[USER_ADD] = EVENT_USER_FETCH, [USER_SUB] = EVENT_USER_FETCH,
	[USER_OR] = EVENT_USER_FETCH,  [USER_AND] = EVENT_USER_FETCH,
	[USER_XOR] = EVENT_USER_FETCH,
};

void user_announce(struct task *task, uint64_t addr,
		   enum user_operation operation)
{
	struct place place = aspace_place(task->process->aspace, addr);

	sim_prepare(task, access_kinds[operation], OBJECT_WORD,
		    place_number(place), NULL);
}

bool user_is_direct(struct task *task, uint64_t addr,
		    enum user_operation operation)
{
	struct access a = {access_kinds[operation], addr, 4,
			   operation != USER_LOAD, NULL};
	const struct area *area;

	if (is_hopeless(&a))
		return true;
	area = aspace_find(task->process->aspace, addr);
	return is_allowed(area, &a) && is_present(area, addr);
}

static uint32_t apply(enum user_operation operation, uint32_t old,
		      uint32_t operand, uint32_t expected)
{
	switch (operation) {
	case USER_LOAD:
		return old;
	case USER_STORE:
	case USER_XCHG:
		return operand;
	case USER_CAS:
		return old == expected ? operand : old;
	case USER_ADD:
		return old + operand;
	case USER_SUB:
		return old - operand;
	case USER_OR:
		return old | operand;
	case USER_AND:
		return old & operand;
	case USER_XOR:
		return old ^ operand;
	}
	return old;
}

int user_access(uint64_t addr, enum user_operation operation, uint32_t operand,
		uint32_t expected, uint32_t *old,
		void (*done)(struct task *task, int64_t value))
{
	struct task *task = sim_task_current();
	struct access a = {access_kinds[operation], addr, 4,
			   operation != USER_LOAD, NULL};
	unsigned char *bytes = reach(task, &a);

	if (!bytes)
		return -EFAULT;
	*old = load32(bytes);
	task->step.in2 = expected;
	task->step.out = *old;
	if (operation != USER_LOAD)
		write32(task, bytes, apply(operation, *old, operand, expected));
	done(task, operation == USER_STORE ? 0 : *old);
	sim_commit(task);
	return 0;
}
