/*
 * walks.c - drawing the graph, and walking in it.
 */
#include "tests/walks.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/base/random.h"
#include "sim/search/search_cache.h"
#include "sim/search/search_internal.h"
#include "sim/search/state_hash.h"
#include "tests/oracle.h"

/* Steps of a run at random; where there are loops it is cut there. */
#define STEPS_MAX 500u
/* In place of a mover: who can move. */
#define WHO_CAN UINT16_MAX

/* From a state, by a mover, to where: numbers of the whole. */
struct edge {
	uint64_t from;
	uint64_t to;
	uint16_t mover;
	bool is_used;
};

struct place_on_way {
	struct choices left;
	uint64_t state;
	uint16_t mover;
};

struct graph {
	struct walks *walks;
	struct edge *edges;
	uint64_t edge_count;
	uint64_t slot_count; /* a power of two */
	struct place_on_way way[SEARCH_STEPS_DEFAULT];
	uint32_t count;
	bool is_drawn;
	uint64_t random;
	uint64_t last; /* state, in a run at random; 0: none */
	uint16_t mover;
};

/* There is one at a time; strategies have no place for it. */
static struct graph *graph;

/* ---- edges ------------------------------------------------------------- */

static struct edge *find(uint64_t from, uint16_t mover)
{
	uint64_t at = (from ^ mover * UINT64_C(0x9e3779b97f4a7c15)) &
		      (graph->slot_count - 1);

	while (graph->edges[at].is_used && (graph->edges[at].from != from ||
					    graph->edges[at].mover != mover))
		at = (at + 1) & (graph->slot_count - 1);
	return &graph->edges[at];
}

static void allocate(uint64_t slot_count)
{
	graph->slot_count = slot_count;
	graph->edges = calloc(slot_count, sizeof(*graph->edges));
	if (!graph->edges)
		abort();
}

static void grow(void)
{
	struct edge *old = graph->edges;
	uint64_t count = graph->slot_count, i;

	allocate(2 * count);
	for (i = 0; i < count; i++) {
		if (old[i].is_used)
			*find(old[i].from, old[i].mover) = old[i];
	}
	free(old);
}

static void draw(uint64_t from, uint16_t mover, uint64_t to)
{
	*find(from, mover) = (struct edge){from, to, mover, true};
	if (2 * ++graph->edge_count > graph->slot_count)
		grow();
}

/* ---- comparing --------------------------------------------------------- */

static void complain(const struct search *s, const char *what)
{
	size_t size;
	FILE *out;
	uint32_t i;

	if (graph->walks->difference)
		return;
	out = open_memstream(&graph->walks->difference, &size);
	fprintf(out, "%s after the movers", what);
	for (i = 0; i < s->depth; i++)
		fprintf(out, " %u", s->trail[i]);
	fclose(out);
}

static void compare(const struct search *s, uint64_t from, uint16_t mover,
		    uint64_t to, const char *what)
{
	const struct edge *e = find(from, mover);

	if (!e->is_used && !graph->walks->is_whole)
		return;
	graph->walks->steps++;
	if (!e->is_used || e->to != to)
		complain(s, what);
}

/* ---- as strategies ----------------------------------------------------- */

static uint64_t state_of(struct search *s)
{
	uint64_t hash[2];

	state_hash_take(s->sim.hasher, s, hash);
	return hash[0];
}

static uint64_t number_of(const struct choices *c)
{
	uint64_t numbers[5] = {c->threads, c->signals, c->spurious, c->clock,
			       c->end};

	return XXH3_64bits(numbers, sizeof(numbers));
}

/* The end of the run, as the state that it comes to. */
static uint64_t end_of(struct search *s)
{
	char *text = ending_of_run(&s->sim, false);
	uint64_t number = XXH3_64bits(text, strlen(text));

	free(text);
	return number;
}

static void begin_run(struct search *s)
{
	(void)s;
	graph->last = 0;
}

static uint16_t take(struct search *s, struct place_on_way *p)
{
	p->mover = choices_next(&p->left, s->thread_count, 0);
	choices_remove(&p->left, s->thread_count, p->mover);
	return p->mover;
}

static uint16_t choose_next(struct search *s, const struct choices *c)
{
	struct place_on_way *p = &graph->way[s->depth];
	uint64_t state;

	if (s->depth < graph->count)
		return p->mover;
	state = state_of(s);
	if (s->depth)
		draw(p[-1].state, p[-1].mover, state);
	if (find(state, WHO_CAN)->is_used)
		return NO_MOVER;
	draw(state, WHO_CAN, number_of(c));
	graph->walks->states++;
	*p = (struct place_on_way){.left = *c, .state = state};
	graph->count++;
	return take(s, p);
}

static bool end_next(struct search *s)
{
	struct place_on_way *p;

	if (s->end == RUN_AT_REST && graph->count) {
		p = &graph->way[graph->count - 1];
		draw(p->state, p->mover, end_of(s));
	}
	for (; graph->count; graph->count--) {
		p = &graph->way[graph->count - 1];
		if (!choices_count(&p->left))
			continue;
		take(s, p);
		s->repeated = graph->count - 1;
		return true;
	}
	return false;
}

static uint16_t choose_at_random(struct search *s, const struct choices *c)
{
	uint64_t state = state_of(s);
	uint64_t skip = random_below(&graph->random, choices_count(c));
	uint16_t mover = choices_next(c, s->thread_count, 0);

	if (graph->last)
		compare(s, graph->last, graph->mover, state,
			"comes to another state");
	compare(s, state, WHO_CAN, number_of(c), "others can move");
	if (s->depth == STEPS_MAX || graph->walks->difference)
		return NO_MOVER;
	while (skip--)
		mover = choices_next(c, s->thread_count, mover + 1);
	graph->last = state;
	graph->mover = mover;
	return mover;
}

static const struct strategy_ops draws = {
	.begin_run = begin_run,
	.choose = choose_next,
	.end_run = end_next,
	.comes_back = true,
};

static const struct strategy_ops walks = {
	.begin_run = begin_run,
	.choose = choose_at_random,
};

/* ---- all of it --------------------------------------------------------- */

static void draw_graph(struct search *s)
{
	struct walks *w = graph->walks;

	s->ops = &draws;
	do {
		search_run_once(s);
	} while (end_next(s) && w->states < w->states_max);
	w->is_whole = w->states < w->states_max;
}

static void walk(struct search *s)
{
	struct walks *w = graph->walks;
	uint64_t i;

	s->ops = &walks;
	s->repeated = 0;
	s->save_count = 0;
	graph->random = w->seed;
	for (i = 0; i < w->runs && !w->difference; i++) {
		search_run_once(s);
		if (s->end == RUN_AT_REST && graph->last)
			compare(s, graph->last, graph->mover, end_of(s),
				"comes to another end");
	}
}

void walks_compare(struct walks *w)
{
	struct search_request r = {
		.scenario = w->scenario,
		.profile = w->profile,
		.explore = w->explore,
		.has_cache = true,
		.jobs = 1,
	};
	struct search *s = calloc(1, sizeof(*s));
	struct search_result result = {0};

	graph = calloc(1, sizeof(*graph));
	if (!s || !graph)
		abort();
	graph->walks = w;
	allocate(1024);
	r.explore.strategy = STRATEGY_DFS;
	run_quirks(r.scenario, r.profile, &r.quirks);
	if (search_init(s, &r, &result))
		abort();
	s->strategy = STRATEGY_DFS;
	s->preemptions_max = NO_BOUND;
	s->cache = cache_new(s);
	draw_graph(s);
	walk(s);
	cache_free(s->cache);
	search_fini(s);
	free(s);
	free(graph->edges);
	free(graph);
}
