/*
 * script_points.h - steps held against the points of a schedule: "before
 * wq.lock", "after woken.load, of A, with the value 0".
 */
#ifndef SIM_RUN_SCRIPT_POINTS_H
#define SIM_RUN_SCRIPT_POINTS_H

#include "sim/machine/sim.h"

/* Is @step at the point of @line, of the word or thread that it names? */
bool step_is_at(struct sim *sim, const struct step *step,
		const struct schedule_line *line);

/* What a step has given or left behind, for `value:`. */
int64_t step_value(const struct step *step);

#endif
