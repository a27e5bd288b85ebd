/*
 * search_lasso.h - runs of a search that go round for ever.
 */
#ifndef SIM_SEARCH_SEARCH_LASSO_H
#define SIM_SEARCH_SEARCH_LASSO_H

#include "sim/search/search_internal.h"

/*
 * The run has come to its limit of steps.  If it has been round a fair cycle
 * (livelock.h) its verdict becomes `livelock`, and s->lasso says up to where
 * it is needed.
 */
void lasso_judge(struct search *s);

/*
 * Run @list, and see where it closes a fair cycle: s->lasso.  Returns whether
 * it does.
 */
bool lasso_measure(struct search *s, const struct movers *list);

/*
 * The search with a cache is over.  If the states that it has seen have a fair
 * cycle, make the next run the one that shows it.  Not with interchangeable
 * threads, whose states are known up to renaming.
 */
bool lasso_prepare(struct search *s);
void lasso_done(struct search *s);

void lasso_fini(struct search *s);

extern const struct strategy_ops lasso_ops;

#endif
