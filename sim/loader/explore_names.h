/*
 * explore_names.h - the words of a search: as files, options and reports have
 * them.
 */
#ifndef SIM_LOADER_EXPLORE_NAMES_H
#define SIM_LOADER_EXPLORE_NAMES_H

#include "sim/loader/scenario.h"

/* By enum.  Where nothing is required, any coverage will do. */
extern const char *const strategy_names[STRATEGY_COUNT];
extern const char *const granularity_names[GRANULARITY_CALL + 1];
extern const char *const timeouts_names[TIMEOUTS_NEVER + 1];
extern const char *const coverage_names[COVERAGE_EXHAUSTIVE + 1];

const char *strategy_name(enum strategy s);
const char *granularity_name(enum granularity g);
const char *timeouts_name(enum timeouts t);
const char *coverage_name(enum coverage c);

/*
 * Is the point @name one of those that @pattern means?  "wq.lock" means itself,
 * "wq" and "wq.*" all that begin so; one star stands for anything.
 */
bool point_matches(const char *pattern, const char *name);

#endif
