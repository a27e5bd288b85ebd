/*
 * touches.h - what each step touches, told to whoever asks.
 *
 * Most of it follows from the event (trace/event.h).  The rest is told here by
 * the parts of the machine: things that a step reads or changes besides, for
 * the next thread, for a verdict or for a property.
 */
#ifndef SIM_MACHINE_TOUCHES_H
#define SIM_MACHINE_TOUCHES_H

#include "sim/machine/sim.h"

struct touch_log {
	struct touch *items;
	uint32_t count;
	uint32_t room;
	/* What this scenario can tell apart at all. */
	bool has_exit_group;
	bool has_changing_maps;
	bool has_sent_signals; /* by the environment of a search */
	bool has_signals; /* that are handled, blocked, sent by threads ... */
	bool has_several_keys; /* one word may be looked up under two */
	bool has_owed_wakes; /* a verdict asks what came after a change */
};

/* Which of these the scenario can need. */
void touch_log_init(struct touch_log *log, const struct scenario *s);
void touch_log_fini(struct touch_log *log);

/* Add one; the caller has looked whether anybody asks. */
void touch_add(struct touch_log *log, const struct touch *touch);

/* What the event of a step touches by itself. */
void touches_of_step(struct sim *sim, int32_t mover, const struct step *step);

/* The same for the step that @task stands before, as far as it is known. */
unsigned int touches_of_pending(const struct sim *sim, const struct task *task,
				struct touch touches[EVENT_TOUCHES_MAX]);

/* All objects in @size bytes at @ptr end here. */
void touches_of_free(struct sim *sim, const void *ptr, size_t size);

static inline void sim_touch(struct sim *sim, enum touch_kind kind,
			     enum touch_mode mode, uint64_t place,
			     uint64_t detail)
{
	struct touch touch = {place, detail, kind, mode};

	if (sim->touches)
		touch_add(sim->touches, &touch);
}

/* @task looks whether its process is in exit_group. */
static inline void touch_leaving(struct sim *sim, const struct task *task)
{
	if (sim->touches && sim->touches->has_exit_group)
		sim_touch(sim, TOUCH_LEAVING, TOUCH_READ, task->process->index,
			  0);
}

/* Areas and the presence of pages. */
static inline void touch_map(struct sim *sim, const struct aspace *aspace,
			     enum touch_mode mode)
{
	if (sim->touches && sim->touches->has_changing_maps)
		sim_touch(sim, TOUCH_MAP, mode,
			  sim->objects[aspace->mutex.id].serial, 0);
}

/*
 * Whether a thing is there that is known by its address: read by whoever looks
 * for an address to use again, written by whoever may set it free.
 */
static inline void touch_identity(struct sim *sim, const struct kidentity *id,
				  enum touch_mode mode)
{
	if (sim->touches && sim->touches->has_changing_maps)
		sim_touch(sim, TOUCH_MAP, mode, id->address, 0);
}

/* Its weak references: they count each other out, but not against its end. */
static inline void touch_weak(struct sim *sim, const struct kidentity *id,
			      enum touch_mode mode)
{
	if (sim->touches && sim->touches->has_changing_maps)
		sim_touch(sim, TOUCH_MAP, mode, id->address + 1, 0);
}

/* When the word at @place changed, and the wakes since. */
static inline void touch_change(struct sim *sim, uint64_t place)
{
	if (sim->touches && sim->touches->has_owed_wakes)
		sim_touch(sim, TOUCH_CHANGE, TOUCH_WRITE, place, 0);
}

/* A word is looked up (read), or someone joins or leaves its queue (write). */
void touch_look(struct sim *sim, const struct resolved *key,
		enum touch_mode mode);

#endif
