/*
 * exploration.h - how a scenario is to be searched, as plain data, and what a
 * search has noted down.  Part of scenario.h.
 */
#ifndef SIM_LOADER_EXPLORATION_H
#define SIM_LOADER_EXPLORATION_H

#include <stdbool.h>
#include <stdint.h>

struct name_list {
	const char **items;
	uint32_t count;
};

/* ---- search ------------------------------------------------------------ */

enum strategy {
	STRATEGY_AUTO, /* bounded passes first, then dpor */
	STRATEGY_DFS,
	STRATEGY_DPOR, /* optimal: wakeup trees */
	STRATEGY_SOURCE, /* source sets and sleep sets */
	STRATEGY_RANDOM,
	STRATEGY_PCT,
	STRATEGY_POS,
	STRATEGY_COUNT,
};

enum granularity {
	GRANULARITY_KERNEL, /* every step is a scheduling point */
	GRANULARITY_CALL, /* those of programs; a call runs until it blocks */
};

/* When the clock may move to the next deadline. */
enum timeouts {
	TIMEOUTS_ANY, /* at any step */
	TIMEOUTS_IDLE, /* when no thread can move */
	TIMEOUTS_NEVER,
};

enum coverage {
	COVERAGE_NONE, /* nothing is required */
	COVERAGE_ANY, /* said to be enough */
	COVERAGE_WITHIN_BOUNDS, /* all that the bounds let through */
	COVERAGE_EXHAUSTIVE,
};

#define NO_BOUND UINT64_MAX
#define EXPLORE_DEPTH_DEFAULT 3u

struct search_bounds {
	uint64_t preemptions; /* each: NO_BOUND if there is none */
	uint64_t steps; /* of one run */
	uint64_t executions;
	uint64_t time_ns; /* of the host's clock: where to give up, no more */
	uint64_t memory; /* bytes */
};

/* `explore:`, and the defaults of what it leaves out. */
struct exploration {
	bool is_given;
	enum strategy strategy;
	enum granularity granularity;
	struct search_bounds bounds;
	uint64_t seed;
	uint32_t depth; /* pct: number of ordering constraints */
	enum timeouts timeouts;
	uint32_t *signals; /* [thread_count]: how many each may get */
	uint32_t spurious; /* wake-ups for no reason, in all */
	struct name_list preempt_at; /* globs over points; "user" */
	bool has_cache; /* no state is searched twice */
	int cache_line; /* where the file says so; 0: an option does */
	int cache_col;
	enum coverage coverage; /* of expect: */
};

/* ---- a run that was written down --------------------------------------- */

struct recorded_block {
	unsigned int steps;
	unsigned int mark; /* of its movers and points */
};

/* `recorded:`, what came of the run that the schedule was made of. */
struct recorded {
	bool is_given;
	uint32_t verdicts; /* bit per enum verdict_kind */
	uint64_t steps;
	uint64_t max_steps; /* the limit that ended it; 0: none did */
	enum granularity granularity; /* of the search that found it */
	const char *digest; /* of its movers and points: 16 hex digits */
	struct recorded_block *blocks; /* by lines that move somebody */
	uint32_t block_count;
};

#endif
