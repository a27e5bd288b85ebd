/* scenario_source.h - the text of a scenario, less some of its keys. */
#ifndef SIM_LOADER_SCENARIO_SOURCE_H
#define SIM_LOADER_SCENARIO_SOURCE_H

#include <stdio.h>

#include "sim/loader/scenario.h"

/*
 * Write the text of @s without those of its top-level keys that are in @keys,
 * and without the comments that belong to them.  Whatever follows is to be
 * indented by the blanks that are returned: it is part of the same map.
 */
int scenario_source_without(const struct scenario *s, const char *const *keys,
			    unsigned int count, FILE *out);

#endif
