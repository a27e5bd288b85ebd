/* explore_names.c - the words of a search. */
#include "sim/loader/explore_names.h"

#include <string.h>

const char *const strategy_names[STRATEGY_COUNT] = {
	[STRATEGY_AUTO] = "auto",     [STRATEGY_DFS] = "dfs",
	[STRATEGY_DPOR] = "dpor",     [STRATEGY_SOURCE] = "source",
	[STRATEGY_RANDOM] = "random", [STRATEGY_PCT] = "pct",
	[STRATEGY_POS] = "pos",
};

const char *const granularity_names[GRANULARITY_CALL + 1] = {
	[GRANULARITY_KERNEL] = "kernel",
	[GRANULARITY_CALL] = "call",
};

const char *const timeouts_names[TIMEOUTS_NEVER + 1] = {
	[TIMEOUTS_ANY] = "any",
	[TIMEOUTS_IDLE] = "idle",
	[TIMEOUTS_NEVER] = "never",
};

const char *const coverage_names[COVERAGE_EXHAUSTIVE + 1] = {
	[COVERAGE_NONE] = "any",
	[COVERAGE_ANY] = "any",
	[COVERAGE_WITHIN_BOUNDS] = "within-bounds",
	[COVERAGE_EXHAUSTIVE] = "exhaustive",
};

const char *strategy_name(enum strategy s)
{
	return strategy_names[s];
}

const char *granularity_name(enum granularity g)
{
	return granularity_names[g];
}

const char *timeouts_name(enum timeouts t)
{
	return timeouts_names[t];
}

const char *coverage_name(enum coverage c)
{
	return coverage_names[c];
}

bool point_matches(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	size_t before = star ? (size_t)(star - pattern) : strlen(pattern);
	size_t after = star ? strlen(star + 1) : 0;
	size_t length = strlen(name);

	if (strncmp(name, pattern, before) != 0)
		return false;
	if (!star)
		return name[before] == '\0' || name[before] == '.';
	return length >= before + after &&
	       strcmp(name + length - after, star + 1) == 0;
}
