/*
 * schedule_blocks.h - a run as the hand-overs it is made of: what one mover did
 * before another one moved, and the line of a schedule that does it again.
 */
#ifndef SIM_RUN_SCHEDULE_BLOCKS_H
#define SIM_RUN_SCHEDULE_BLOCKS_H

#include "sim/run/run.h"

/* What one mover did in a row.  Threads may do many steps, all others one. */
struct schedule_block {
	enum line_kind kind; /* LINE_THREAD, _CLOCK, _TIMER_FIRE, _SIGNAL or
				_SPURIOUS */
	uint32_t thread; /* whom it concerns; LINE_CLOCK: 0 */
	uint32_t first; /* n of its first event and of its last step */
	uint32_t last;
	uint32_t steps;
	enum stop_kind stop; /* LINE_THREAD: STOP_DONE, _BLOCKED, _AFTER or
				_STEPS */
	uint32_t nth; /* STOP_AFTER: which passing of the last step's point */
	uint64_t amount; /* LINE_CLOCK: ns; LINE_SIGNAL: number */
	uint32_t process; /* LINE_SIGNAL: index + 1, or 0: to the thread */
	uint64_t digest; /* of movers and points */
};

struct schedule_blocks {
	struct schedule_block *items; /* to be freed */
	uint32_t count;
	uint32_t steps;
	uint64_t digest; /* of all of it */
};

/* @run has a trace, and its machine is as it was left. */
void schedule_blocks_of(const struct run *run, struct schedule_blocks *blocks);

/* The check in the schedule of @run that @v says did not hold, or NULL. */
const struct schedule_line *schedule_check_of(const struct run *run,
					      const struct verdict *v);

/* How a block is told from another in a file: the end of its digest. */
static inline unsigned int schedule_block_mark(const struct schedule_block *b)
{
	return b->digest & 0xffff;
}

#endif
