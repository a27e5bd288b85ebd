/*
 * scenario_explore.c - how a scenario is to be searched, and what may happen
 * by itself meanwhile.
 */
#include "sim/loader/scenario_internal.h"

#include <stdio.h>
#include <string.h>

#include "sim/loader/explore_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- bounds ------------------------------------------------------------ */

enum {
	PREEMPTIONS,
	STEPS,
	EXECUTIONS,
	TIME,
	MEMORY
};

static const struct field bounds_fields[] = {
	[PREEMPTIONS] = {"preemptions", 0}, [STEPS] = {"steps", 0},
	[EXECUTIONS] = {"executions", 0},   [TIME] = {"time", 0},
	[MEMORY] = {"memory", 0},
};

/* NO_BOUND is what is not written, so it cannot be. */
#define BOUND_MAX (NO_BOUND - 1)

static void load_bounds(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(bounds_fields)];
	struct search_bounds *b = &l->s->explore.bounds;

	if (!node || !loader_fields(l, node, bounds_fields,
				    COUNT(bounds_fields), values))
		return;
	loader_integer(l, values[PREEMPTIONS], 0, EXPLORE_PREEMPTIONS_MAX,
		       &b->preemptions);
	loader_integer(l, values[STEPS], 1, EXPLORE_STEPS_MAX, &b->steps);
	loader_integer(l, values[EXECUTIONS], 1, BOUND_MAX, &b->executions);
	if (loader_duration(l, values[TIME], &b->time_ns) && b->time_ns == 0)
		loader_error(l, values[TIME], "%s is too short: at least 1ns",
			     values[TIME]->text);
	if (loader_bytes(l, values[MEMORY], &b->memory) && b->memory == 0)
		loader_error(l, values[MEMORY], "%s is too small: at least 1",
			     values[MEMORY]->text);
}

/* ---- signals: [A, {B: 2}], or {A: 1, B: 2} ----------------------------- */

/* Who is named, and the node that says so, by thread. */
struct receivers {
	struct loader *l;
	const struct tree_node **given;
	bool are_keys; /* of one map: the same one twice is known */
};

static void say_twice(struct receivers *r, uint32_t thread,
		      const struct tree_node *node)
{
	const struct tree_node *first = r->given[thread];

	if (r->are_keys && strcmp(first->text, node->text) == 0)
		return;
	loader_error(r->l, node,
		     "thread '%s' is named already, in line %d: say how many "
		     "signals it may get, as in {%s: 2}",
		     r->l->s->threads[thread].name, first->mark.line,
		     node->text);
}

/* @name is a thread or a group, @count a number or NULL. */
static void load_receiver(struct receivers *r, const struct tree_node *name,
			  const struct tree_node *count)
{
	struct loader *l = r->l;
	const uint32_t *threads;
	uint32_t thread, thread_count;
	uint64_t number = 1;
	const char *text;

	if ((count && name->kind != TREE_SCALAR) ||
	    !loader_text(l, name, "a thread, or {THREAD: NUMBER}", &text))
		return;
	threads = loader_find_threads(l, name, &thread, &thread_count);
	loader_integer(l, count, 1, EXPLORE_SIGNALS_MAX, &number);
	for (uint32_t i = 0; i < thread_count; i++) {
		const struct tree_node **given = &r->given[threads[i]];

		if (*given) {
			say_twice(r, threads[i], name);
			return;
		}
		*given = name;
		l->s->explore.signals[threads[i]] = (uint32_t)number;
	}
}

static void load_signals(struct loader *l, const struct tree_node *node)
{
	struct receivers r = {.l = l};

	if (!node || node->kind == TREE_BROKEN)
		return;
	if (node->kind != TREE_MAP && !loader_is_list(l, node, "threads"))
		return;
	r.given = tree_alloc(&l->tree,
			     ((size_t)l->s->thread_count + 1) * sizeof(node));
	r.are_keys = node->kind == TREE_MAP;
	memset(r.given, 0, l->s->thread_count * sizeof(node));
	for (const struct tree_node *n = node->first; n; n = n->next) {
		if (r.are_keys)
			load_receiver(&r, n->key, n);
		else if (n->kind == TREE_MAP && n->count == 1)
			load_receiver(&r, n->first->key, n->first);
		else
			load_receiver(&r, n, NULL);
	}
}

/* ---- environment ------------------------------------------------------- */

enum {
	TIMEOUTS,
	SIGNALS,
	SPURIOUS
};

static const struct field environment_fields[] = {
	[TIMEOUTS] = {"timeouts", 0},
	[SIGNALS] = {"signals", 0},
	[SPURIOUS] = {"spurious_wakeups", 0},
};

static void load_environment(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(environment_fields)];
	struct exploration *e = &l->s->explore;
	unsigned int timeouts = TIMEOUTS_ANY;
	uint64_t spurious = 0;

	if (!node || !loader_fields(l, node, environment_fields,
				    COUNT(environment_fields), values))
		return;
	loader_choice(l, values[TIMEOUTS], timeouts_names,
		      COUNT(timeouts_names), &timeouts);
	e->timeouts = timeouts;
	load_signals(l, values[SIGNALS]);
	loader_integer(l, values[SPURIOUS], 0, EXPLORE_SPURIOUS_MAX, &spurious);
	e->spurious = (uint32_t)spurious;
}

/* ---- preempt_at -------------------------------------------------------- */

/* The one way to write a pattern: "task.block" for task.park, "wq.*" for wq. */
static const char *usual_pattern(struct loader *l, const char *pattern)
{
	char usual[SCENARIO_NAME_MAX];
	enum event_kind kind;
	enum object_kind object;

	if (event_point_parse(pattern, &kind, &object))
		return loader_copy(l, event_point(kind, object, usual));
	if (strcmp(pattern, "user") == 0 || strpbrk(pattern, ".*"))
		return pattern;
	snprintf(usual, sizeof(usual), "%s.*", pattern);
	return loader_copy(l, usual);
}

static void load_preempt_at(struct loader *l, const struct tree_node *node)
{
	struct name_list *list = &l->s->explore.preempt_at;

	loader_patterns(l, node, true, list);
	if (node && node->kind == TREE_LIST && node->count == 0)
		loader_error(l, node,
			     "an empty list: name a point, or leave "
			     "`preempt_at` out");
	if (node && list->count > EXPLORE_PATTERNS_MAX)
		loader_error(l, node,
			     "more than %u patterns (EXPLORE_PATTERNS_MAX): "
			     "one with a star names many points",
			     EXPLORE_PATTERNS_MAX);
	for (uint32_t i = 0; i < list->count; i++)
		list->items[i] = usual_pattern(l, list->items[i]);
}

/* ---- the whole --------------------------------------------------------- */

enum {
	STRATEGY,
	GRANULARITY,
	BOUNDS,
	SEED,
	DEPTH,
	ENVIRONMENT,
	PREEMPT_AT,
	CACHE
};

static const struct field explore_fields[] = {
	[STRATEGY] = {"strategy", 0},	  [GRANULARITY] = {"granularity", 0},
	[BOUNDS] = {"bounds", 0},	  [SEED] = {"seed", 0},
	[DEPTH] = {"depth", 0},		  [ENVIRONMENT] = {"environment", 0},
	[PREEMPT_AT] = {"preempt_at", 0}, [CACHE] = {"cache", 0},
};

/* Coverage is what `expect` says. */
static void set_defaults(struct scenario *s)
{
	s->explore.strategy = STRATEGY_AUTO;
	s->explore.granularity = GRANULARITY_KERNEL;
	s->explore.bounds = (struct search_bounds){
		NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND,
	};
	s->explore.seed = 1;
	s->explore.depth = EXPLORE_DEPTH_DEFAULT;
	s->explore.timeouts = TIMEOUTS_ANY;
	s->explore.signals = pool_alloc(s->pool, (size_t)s->thread_count + 1,
					sizeof(*s->explore.signals));
}

static void load_strategy(struct loader *l, const struct tree_node **values)
{
	struct exploration *e = &l->s->explore;
	unsigned int strategy = e->strategy, granularity = e->granularity;
	uint64_t depth = e->depth;

	loader_choice(l, values[STRATEGY], strategy_names,
		      COUNT(strategy_names), &strategy);
	loader_choice(l, values[GRANULARITY], granularity_names,
		      COUNT(granularity_names), &granularity);
	loader_integer(l, values[SEED], 0, UINT64_MAX, &e->seed);
	loader_integer(l, values[DEPTH], 1, EXPLORE_DEPTH_MAX, &depth);
	e->strategy = strategy;
	e->granularity = granularity;
	e->depth = (uint32_t)depth;
}

/* With another strategy the cache of the program is refused, too. */
static void load_cache(struct loader *l, const struct tree_node **values)
{
	struct exploration *e = &l->s->explore;
	const struct tree_node *node = values[CACHE];

	if (!loader_flag(l, node, &e->has_cache) || !e->has_cache)
		return;
	e->cache_line = node->key->mark.line;
	e->cache_col = node->key->mark.col;
	if (e->strategy != STRATEGY_DFS &&
	    !(values[STRATEGY] && values[STRATEGY]->kind == TREE_BROKEN))
		loader_error(l, node->key,
			     "a cache is sound with `strategy: dfs` alone: "
			     "%s",
			     values[STRATEGY]
				     ? "search so, or leave `cache` out"
				     : "write that, too");
}

void load_explore(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(explore_fields)];

	set_defaults(l->s);
	if (!node || !loader_fields(l, node, explore_fields,
				    COUNT(explore_fields), values))
		return;
	l->s->explore.is_given = true;
	load_strategy(l, values);
	load_bounds(l, values[BOUNDS]);
	load_environment(l, values[ENVIRONMENT]);
	load_preempt_at(l, values[PREEMPT_AT]);
	load_cache(l, values);
}
