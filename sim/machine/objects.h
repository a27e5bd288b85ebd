/*
 * objects.h - numbers for mutexes, atomic words and reference counts.
 */
#ifndef SIM_MACHINE_OBJECTS_H
#define SIM_MACHINE_OBJECTS_H

#include "sim/machine/sim.h"

/* What the trace calls a kind of the model's. */
enum object_kind object_kind_of(enum kobject kind);

/* The next number. */
uint32_t sim_object_new(struct sim *sim, enum object_kind kind,
			const void *address);

/*
 * What is known under a number that the model handed in.  One that was never
 * given out ends the run: it is poison, and the memory was freed.
 */
struct object *sim_object(struct sim *sim, uint32_t number,
			  const struct ksite *site);

#endif
