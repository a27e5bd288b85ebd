/* explore_options.h - options of a search, laid over what its file says. */
#ifndef SIM_CLI_EXPLORE_OPTIONS_H
#define SIM_CLI_EXPLORE_OPTIONS_H

#include "sim/cli/options.h"

/* What is not given stays as it is in @e, a copy of the scenario's. */
void explore_options_apply(const struct options *o, struct exploration *e);

#endif
