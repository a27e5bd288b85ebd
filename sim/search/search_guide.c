/*
 * search_guide.c - runs with the help of a list of movers.
 *
 * It uses the parts of a search, one run at a time, and leaves out what makes
 * a result of them: outcomes are not gathered.
 */
#include "sim/search/search_guide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Between two looks at the host's clock. */
#define RUNS_A_LOOK 64u

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void look_around(struct guide *g)
{
	const struct search_request *r = &g->request;

	if (r->is_cancelled && atomic_load(r->is_cancelled))
		g->is_stopped = true;
	if (g->until > 0 && now() >= g->until)
		g->is_stopped = true;
}

/* ---- one run ----------------------------------------------------------- */

/* A long run counts for several: the budget is one of time after all. */
static void run_once(struct guide *g)
{
	struct search *s = &g->search;
	uint64_t before = g->runs;

	search_run_once(s);
	g->runs += 1 + s->sim.step_count / GUIDE_STEPS_A_RUN;
	if (before / RUNS_A_LOOK != g->runs / RUNS_A_LOOK)
		look_around(g);
}

static void begin_following(struct search *s)
{
	struct guide *g = (struct guide *)s;

	g->next = 0;
	g->skipped = 0;
	g->stepped = 0;
	g->seen = (struct choices){0};
	if (g->steps_max)
		s->sim.steps_max = g->steps_max;
}

/* The last mover has done more than one step of the list. */
static void pass_over(struct guide *g)
{
	struct search *s = &g->search;
	uint32_t steps = s->sim.step_count - g->stepped;

	for (; s->depth && steps > 1 && g->next < g->list->count; steps--) {
		g->skipped +=
			g->list->items[g->next++] != s->trail[s->depth - 1];
	}
	g->stepped = s->sim.step_count;
}

static uint16_t choose_following(struct search *s, const struct choices *c)
{
	struct guide *g = (struct guide *)s;
	uint16_t mover;

	if (s->depth == g->looked_at)
		g->seen = *c;
	if (g->joins_steps)
		pass_over(g);
	while (g->next < g->list->count) {
		mover = g->list->items[g->next++];
		if (choices_have(c, s->thread_count, mover))
			return mover;
		g->skipped++;
	}
	return search_default(s, c);
}

static const struct strategy_ops follow_ops = {
	.begin_run = begin_following,
	.choose = choose_following,
};

void guide_follow(struct guide *g, const struct movers *list)
{
	struct search *s = &g->search;

	g->list = list;
	g->request.prefix = NULL;
	s->ops = &follow_ops;
	s->is_following = true;
	s->has_patient_locks = false;
	s->is_symmetric = false;
	s->repeated = 0;
	s->save_count = 0;
	run_once(g);
	s->is_following = false;
}

void guide_join_steps(struct guide *g, const struct movers *list)
{
	g->joins_steps = true;
	guide_follow(g, list);
	g->joins_steps = false;
}

/* ---- many -------------------------------------------------------------- */

static void open_strategy(struct search *s, enum strategy strategy,
			  uint64_t preemptions)
{
	bool is_dfs = strategy == STRATEGY_DFS;

	s->strategy = strategy;
	s->ops = is_dfs ? &dfs_ops : &dpor_ops;
	s->preemptions_max = preemptions;
	s->has_patient_locks = search_has_patience(s, strategy);
	s->repeated = 0;
	s->save_count = 0;
	if (is_dfs)
		s->dfs = dfs_new();
	else
		s->dpor = dpor_new();
}

static void close_strategy(struct search *s)
{
	dfs_free(s->dfs);
	dpor_free(s->dpor);
	s->dfs = NULL;
	s->dpor = NULL;
}

static void set_prefix(struct guide *g, const struct movers *list,
		       uint32_t count)
{
	g->prefix = (struct movers){list->items, count};
	g->request.prefix = count ? &g->prefix : NULL;
}

enum guide_end guide_search(struct guide *g, const struct movers *list,
			    uint32_t count, enum strategy strategy,
			    uint64_t preemptions, uint64_t budget,
			    bool (*is_wanted)(struct guide *g, void *arg),
			    void *arg)
{
	struct search *s = &g->search;
	uint64_t end =
		budget < g->runs_max - g->runs ? g->runs + budget : g->runs_max;
	enum guide_end how = GUIDE_SPENT;

	set_prefix(g, list, count);
	s->is_symmetric = g->is_symmetric;
	open_strategy(s, strategy, preemptions);
	while (g->runs < end && guide_has_budget(g)) {
		run_once(g);
		if (s->end == RUN_DIVERGED)
			break;
		if (guide_is_whole(g) && is_wanted(g, arg)) {
			how = GUIDE_FOUND;
			break;
		}
		if (!s->ops->end_run(s)) {
			how = GUIDE_ALL;
			break;
		}
	}
	close_strategy(s);
	return how;
}

/* ---- what came of it --------------------------------------------------- */

bool guide_is_whole(const struct guide *g)
{
	return g->search.end == RUN_AT_REST || g->search.end == RUN_AT_LIMIT;
}

uint32_t guide_kinds(const struct guide *g)
{
	const struct sim *sim = &g->search.sim;
	uint32_t i, kinds = 0;

	for (i = 0; i < sim->verdict_count; i++)
		kinds |= UINT32_C(1) << sim->verdicts[i].kind;
	return kinds;
}

bool guide_has_passed(const struct guide *g)
{
	return g->search.end == RUN_AT_REST && !g->search.sim.verdict_count;
}

struct movers guide_trail(const struct guide *g)
{
	return (struct movers){g->search.trail, g->search.depth};
}

struct movers movers_copy(const struct movers *movers, struct arena *arena)
{
	size_t size = movers->count * sizeof(*movers->items);
	struct movers copy = {arena_alloc(arena, size + 1), movers->count};

	if (size)
		memcpy(copy.items, movers->items, size);
	return copy;
}

/* ---- the guide --------------------------------------------------------- */

int guide_init(struct guide *g, const struct search_request *request,
	       uint64_t budget)
{
	uint64_t time_ns = request->explore.bounds.time_ns;
	struct search_result result = {0};

	*g = (struct guide){.request = *request, .runs_max = budget};
	g->request.prefix = NULL;
	g->request.has_cache = false;
	g->request.jobs = 1;
	if (time_ns != NO_BOUND)
		g->until = now() + (double)time_ns / 1e9;
	if (search_init(&g->search, &g->request, &result))
		return -EINVAL;
	g->is_symmetric = g->search.is_symmetric;
	return 0;
}

void guide_fini(struct guide *g)
{
	search_fini(&g->search);
}

bool guide_has_budget(struct guide *g)
{
	return g->runs < g->runs_max && !g->is_stopped;
}
