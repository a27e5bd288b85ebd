/*
 * atomic.c - atomic words and reference counts of model/kernel.h.
 */
#include "model/kernel.h"
#include "sim/machine/mutation.h"
#include "sim/machine/objects.h"
#include "sim/machine/sim.h"

/* ---- atomic words ------------------------------------------------------ */

void katomic_init(struct katomic *a, enum kobject kind, uint64_t value)
{
	*a = (struct katomic){
		.id = sim_object_new(sim_running, object_kind_of(kind), a),
		.kind = kind,
		.value = value,
	};
}

/* Announce; on return it is this thread's turn to act. */
static struct step *atomic_step(struct katomic *a, enum event_kind kind,
				const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step;
	enum object_kind object = sim_object(sim, a->id, site)->kind;

	step = sim_announce(sim->current, kind, object, a->id, site);
	sim_object(sim, a->id, site);
	step->old_value = a->value;
	step->new_value = a->value;
	step->has_values = kind != EVENT_LOAD;
	step->out = (int64_t)a->value;
	return step;
}

static uint64_t atomic_write(struct katomic *a, struct step *step,
			     uint64_t value)
{
	step->new_value = value;
	a->value = value;
	sim_commit(sim_running->current);
	return step->old_value;
}

uint64_t katomic_load_at(struct katomic *a, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct task *task = sim->current;
	struct step *step = atomic_step(a, EVENT_LOAD, site);
	uint64_t value;

	if (mutation_at(MUTATION_FLAG_UNSEEN, site))
		step->out = 0;
	value = (uint64_t)step->out;
	sim_commit(task);
	if (!value && task->wait && task->last.object_kind == OBJECT_WOKEN)
		task->wait->read_at = sim->event_count;
	return value;
}

void katomic_store_at(struct katomic *a, uint64_t value,
		      const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_STORE, site);

	step->out = 0;
	atomic_write(a, step, value);
}

uint64_t katomic_swap_at(struct katomic *a, uint64_t value,
			 const struct ksite *site)
{
	return atomic_write(a, atomic_step(a, EVENT_SWAP, site), value);
}

uint64_t katomic_add_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_ADD, site);

	return atomic_write(a, step, step->old_value + value);
}

uint64_t katomic_sub_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	struct step *step = atomic_step(a, EVENT_SUB, site);

	return atomic_write(a, step, step->old_value - value);
}

/* ---- reference counts -------------------------------------------------- */

void kref_init(struct kref *r, enum kobject kind)
{
	*r = (struct kref){
		.id = sim_object_new(sim_running, object_kind_of(kind), r),
		.kind = kind,
		.count = 1,
	};
	sim_running->objects[r->id].is_ref = true;
}

static struct step *ref_step(struct kref *r, enum event_kind kind,
			     const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step;
	enum object_kind object = sim_object(sim, r->id, site)->kind;

	step = sim_announce(sim->current, kind, object, r->id, site);
	sim_object(sim, r->id, site);
	step->old_value = r->count;
	step->new_value = r->count;
	return step;
}

/*
 * Under MUTATION_SPLIT the count is read in one step and written in the next,
 * whatever others have made of it meanwhile.
 */
static struct step *ref_change(struct kref *r, enum event_kind kind,
			       const struct ksite *site)
{
	struct step *step;
	uint64_t seen;

	if (!mutation_at(MUTATION_SPLIT, site))
		return ref_step(r, kind, site);
	ref_step(r, EVENT_REF_COUNT, site);
	seen = r->count;
	sim_commit(sim_running->current);
	step = ref_step(r, kind, site);
	r->count = seen;
	return step;
}

void kref_get_at(struct kref *r, const struct ksite *site)
{
	struct step *step = ref_change(r, EVENT_REF_GET, site);

	step->has_values = true;
	step->new_value = ++r->count;
	sim_commit(sim_running->current);
}

bool kref_put_at(struct kref *r, const struct ksite *site)
{
	struct step *step = ref_change(r, EVENT_REF_PUT, site);
	uint64_t left;

	if (!r->count)
		sim_bug(sim_running, VERDICT_KERNEL_BUG,
			"a reference is dropped that nobody holds");
	left = --r->count;
	step->has_values = true;
	step->new_value = left;
	sim_commit(sim_running->current);
	return !left;
}

uint64_t kref_count_at(struct kref *r, const struct ksite *site)
{
	struct sim *sim = sim_running;
	struct step *step = ref_step(r, EVENT_REF_COUNT, site);
	struct object *object;

	step->out = (int64_t)r->count;
	sim_commit(sim->current);
	object = &sim->objects[r->id];
	object->counted_at[0] = object->counted_at[1];
	object->counted_at[1] = sim->event_count;
	return (uint64_t)step->out;
}
