/*
 * names.h - what things are called in reports and traces.
 */
#ifndef SIM_RUN_NAMES_H
#define SIM_RUN_NAMES_H

#include "sim/machine/sim.h"

/*
 * The name of an object, such as "wq:F", "table:P1", "woken:A".  Entries that
 * were made anew under the same key get "#2", "#3".  Lives in the arena.
 */
const char *object_name(struct sim *sim, uint64_t number);

/* A word of user memory: its name, or "shm+0x1000". */
const char *place_label(struct sim *sim, struct place p);

/* What a thread that is in a wait waits on: "F", "F or G". */
const char *wait_label(struct sim *sim, const struct task *task);

/* "A", "clock", "signal". */
const char *sim_mover_name(const struct sim *sim, int32_t mover);

/* "-ETIMEDOUT" for a negative errno, else the number.  At least 24 bytes. */
#define RESULT_TEXT_MAX 32
char *result_text(int64_t value, char buf[RESULT_TEXT_MAX]);

/* What a shared table belongs to: the region's name, "lib#2" for a handle. */
const char *identity_name(struct sim *sim, uint64_t address);
/* The same without the number of the handle. */
const char *identity_region(struct sim *sim, uint64_t address);

#endif
