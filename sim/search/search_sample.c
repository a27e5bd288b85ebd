/*
 * search_sample.c - strategies that draw lots: random walk, PCT, POS.
 *
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler
 * with probabilistic guarantees of finding bugs", 2010): every mover has a
 * priority, the highest goes, and at depth - 1 steps chosen before the run the
 * one that would go is put behind all others.
 *
 * POS (Yuan, Yang, Gu, "Partial order aware concurrency sampling", 2018):
 * every pending step has a random priority; after a step those that depend on
 * it get new ones.
 *
 * Run n of seed s draws from the n-th number that follows from s, so any run
 * can be made again alone.  How long runs are, PCT learns from run 0.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"
#include "sim/search/search_internal.h"
#include "sim/search/search_shards.h"

#define MOVERS_MAX (3 * SEARCH_THREADS_MAX + 2)

struct sample {
	uint64_t run;
	uint64_t end; /* runs from here on are another task's */
	uint64_t random;
	uint64_t priorities[MOVERS_MAX];
	uint32_t changes[64]; /* pct: at which steps; ascending */
	uint32_t change_count;
	uint32_t next_change;
	uint64_t lowest; /* pct: priority of the next that is put behind */
	uint32_t length; /* of run 0 */
};

struct sample *sample_new(void)
{
	struct sample *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->end = UINT64_MAX;
	return p;
}

void sample_free(struct sample *p)
{
	free(p);
}

static int ascending(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Priorities of movers are above those of all that are put behind. */
static void draw_priorities(struct sample *p)
{
	uint32_t i;

	for (i = 0; i < MOVERS_MAX; i++)
		p->priorities[i] = random_next(&p->random) | UINT64_C(1) << 63;
}

static void draw_changes(struct sample *p, uint32_t depth)
{
	uint32_t length = p->length ? p->length : 100, i;

	p->change_count = depth ? depth - 1 : 0;
	for (i = 0; i < p->change_count; i++)
		p->changes[i] = (uint32_t)random_below(&p->random, length);
	qsort(p->changes, p->change_count, sizeof(*p->changes), ascending);
	p->next_change = 0;
	p->lowest = p->change_count;
}

static void begin_run(struct search *s)
{
	struct sample *p = s->sample;
	uint64_t seed = s->explore->seed;

	p->random = random_next(&seed) + p->run * UINT64_C(0x9e3779b97f4a7c15);
	p->random = random_next(&p->random);
	if (s->strategy == STRATEGY_RANDOM)
		return;
	draw_priorities(p);
	if (s->strategy == STRATEGY_PCT)
		draw_changes(p, s->explore->depth);
}

static uint16_t nth(const struct search *s, const struct choices *c,
		    uint64_t index)
{
	uint16_t mover = choices_next(c, s->thread_count, 0);

	while (index-- > 0)
		mover = choices_next(c, s->thread_count, (uint16_t)(mover + 1));
	return mover;
}

static uint16_t highest(const struct search *s, const struct choices *c)
{
	uint16_t mover = choices_next(c, s->thread_count, 0), best = mover;

	for (; mover != NO_MOVER;
	     mover = choices_next(c, s->thread_count, (uint16_t)(mover + 1))) {
		if (s->sample->priorities[mover] > s->sample->priorities[best])
			best = mover;
	}
	return best;
}

static uint16_t choose_pct(struct search *s, const struct choices *c)
{
	struct sample *p = s->sample;
	uint16_t mover = highest(s, c);

	while (p->next_change < p->change_count &&
	       p->changes[p->next_change] <= s->depth) {
		p->next_change++;
		p->priorities[mover] = p->lowest--;
		mover = highest(s, c);
	}
	/* Who gives way in a loop lets all others on. */
	if (s->has_yielded && mover == s->last) {
		p->priorities[mover] = 0;
		mover = highest(s, c);
	}
	return mover;
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	if (s->strategy == STRATEGY_RANDOM)
		return nth(s, c,
			   random_below(&s->sample->random, choices_count(c)));
	if (s->strategy == STRATEGY_PCT)
		return choose_pct(s, c);
	return highest(s, c);
}

/* ---- POS --------------------------------------------------------------- */

static bool depends(const struct search *s, const struct task *task)
{
	struct touch touches[EVENT_TOUCHES_MAX];
	unsigned int i, k, count;

	count = touches_of_pending(&s->sim, task, touches);
	for (i = 0; i < count; i++) {
		for (k = 0; k < s->log.count; k++) {
			if (touch_is_dependent(&touches[i], &s->log.items[k]))
				return true;
		}
	}
	return false;
}

static void took(struct search *s, uint16_t mover)
{
	struct sample *p = s->sample;
	uint32_t i;

	if (s->strategy != STRATEGY_POS)
		return;
	p->priorities[mover] = random_next(&p->random);
	for (i = 0; i < s->thread_count; i++) {
		if (i != mover && task_can_move(&s->sim.tasks[i]) &&
		    depends(s, &s->sim.tasks[i]))
			p->priorities[i] = random_next(&p->random);
	}
}

/* ---- runs -------------------------------------------------------------- */

static bool end_run(struct search *s)
{
	struct sample *p = s->sample;

	if (!p->run)
		p->length = s->depth;
	p->run++;
	return p->run < p->end;
}

/* Of those that are asked for. */
static double waiting(const struct search *s)
{
	uint64_t all = s->explore->bounds.executions;

	if (s->runs_max < all)
		all = s->runs_max;
	return all == NO_BOUND ? 1 : 1 - (double)s->runs / (double)all;
}

/* ---- as bytes ---------------------------------------------------------- */

static void write_sample(const struct sample *p, struct bytes *to)
{
	bytes_put(to, p->run);
	bytes_put(to, p->end);
	bytes_put(to, p->length);
}

static bool read_sample(struct sample *p, struct reader *from)
{
	p->run = reader_get(from);
	p->end = reader_get(from);
	p->length = reader_get_below(from, UINT32_MAX);
	return !from->is_bad;
}

static void write_state(const struct search *s, struct bytes *to)
{
	write_sample(s->sample, to);
}

static bool read_state(struct search *s, struct reader *from)
{
	return read_sample(s->sample, from);
}

/* As many runs as a task makes at once, by what they have taken so far. */
static bool split(const struct search *s, struct bytes *state,
		  struct bytes *other)
{
	struct reader from = bytes_read(state);
	struct sample p = {.run = 0};
	uint64_t chunk, end;

	read_sample(&p, &from);
	chunk = s->events ? shards_budget(s) * s->runs / s->events : 1;
	if (!chunk)
		chunk = 1;
	if (!p.run || p.end - p.run <= chunk)
		return false;
	end = p.end;
	p.end = p.run + chunk;
	state->size = other->size = 0;
	write_sample(&p, state);
	p.run = p.end;
	p.end = end;
	write_sample(&p, other);
	return true;
}

const struct strategy_ops sample_ops = {
	.begin_run = begin_run,
	.choose = choose,
	.took = took,
	.end_run = end_run,
	.waiting = waiting,
	.write = write_state,
	.read = read_state,
	.split = split,
};

const struct strategy_ops pos_ops = {
	.begin_run = begin_run,
	.choose = choose,
	.took = took,
	.end_run = end_run,
	.waiting = waiting,
	.write = write_state,
	.read = read_state,
	.split = split,
	.wants_touches = true,
};
