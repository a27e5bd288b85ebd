/*
 * taking.h - a snapshot while it is taken.
 */
#ifndef VIZ_QUEUES_TAKING_H
#define VIZ_QUEUES_TAKING_H

#include "viz/queues/snapshot.h"

/* Where the work stands: one of the worlds is at each moment. */
struct taking {
	struct snapshot *s;
	const struct viz_options *o;
	struct world *worlds[2];
	unsigned int *row_of; /* by object: row + 1; 0: none */
};

/* rows.c: which queues are shown */
void rows_choose(struct taking *k);
/* Leave out rows beyond the limit, those first that do not change. */
void rows_limit(struct snapshot *s);

#endif
