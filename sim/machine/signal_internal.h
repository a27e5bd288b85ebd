/* signal_internal.h - what sending and taking of signals share. */
#ifndef SIM_MACHINE_SIGNAL_INTERNAL_H
#define SIM_MACHINE_SIGNAL_INTERNAL_H

#include "sim/machine/signal.h"

/* The number of the first in @set; 0: it is empty. */
static inline uint32_t signal_lowest(uint64_t set)
{
	return set ? (uint32_t)__builtin_ctzll(set) + 1 : 0;
}

bool signal_is_ignored_by_default(uint32_t number);

/* What @task may take now: of what was sent to it, and to its process. */
uint64_t signal_takeable(const struct task *task, bool of_process);

/* Every thread of the process is interrupted and ends on its way out. */
void signal_kill(struct sim *sim, struct process *process, uint32_t number);

#endif
