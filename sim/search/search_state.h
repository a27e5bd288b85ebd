/*
 * search_state.h - what a search has counted and found, as bytes: from a
 * worker to who adds up, and into a file.
 */
#ifndef SIM_SEARCH_SEARCH_STATE_H
#define SIM_SEARCH_SEARCH_STATE_H

#include "sim/search/search_internal.h"

void choices_write(struct bytes *to, const struct choices *c);
void choices_read(struct reader *from, struct choices *c);

/* Begin to count from nothing, as a worker does for each of its tasks. */
void tally_clear(struct search *s);
/* Counts of this pass, properties, and the distinct ends. */
void tally_write(const struct search *s, struct bytes *to);
/*
 * Add what a worker has written.  False if it makes no sense: then some of it
 * may have been added.
 */
bool tally_merge(struct search *s, struct reader *from);

/* The same and what passes before have left; as it stands, not added. */
void tally_save(const struct search *s, struct bytes *to);
bool tally_restore(struct search *s, struct reader *from);

#endif
