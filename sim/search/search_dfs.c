/*
 * search_dfs.c - every interleaving, depth first, by running again.
 *
 * It leaves nothing out but what the bound on preemptions forbids, and so it
 * is what every other strategy is held against.  At each step the thread that
 * moved last goes on first; then the others in order.
 */
#include <stdlib.h>

#include "sim/search/search_cache.h"
#include "sim/search/search_state.h"

struct dfs_node {
	struct choices left; /* yet to be tried */
	uint32_t count; /* in all */
	uint32_t tried;
	uint16_t mover;
};

struct dfs {
	struct dfs_node *nodes;
	uint32_t count;
	uint32_t room;
	uint32_t base; /* depth of the first one: behind the prefix */
	bool is_restored; /* this run is the first of a state that was read */
	bool is_endless; /* a run that shows it: no choice behind the nodes */
};

struct dfs *dfs_new(void)
{
	struct dfs *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	return d;
}

void dfs_free(struct dfs *d)
{
	if (d)
		free(d->nodes);
	free(d);
}

static void begin_run(struct search *s)
{
	s->dfs->base = s->request->prefix ? s->request->prefix->count : 0;
}

static struct dfs_node *push_node(struct dfs *d)
{
	if (d->count == d->room) {
		d->room = d->room ? 2 * d->room : 256;
		d->nodes = realloc(d->nodes, d->room * sizeof(*d->nodes));
		if (!d->nodes)
			abort();
	}
	return &d->nodes[d->count++];
}

/* With no preemption left the last thread goes on while it can. */
static void forbid_preemption(struct search *s, struct choices *c)
{
	uint64_t last;

	if (s->last == NO_MOVER || s->has_yielded ||
	    s->preemptions < s->preemptions_max)
		return;
	last = UINT64_C(1) << s->last;
	if (!(c->threads & last) || c->threads == last)
		return;
	c->threads = last;
	s->was_bounded = true;
}

static void take(const struct search *s, struct dfs_node *n, uint16_t mover)
{
	n->mover = mover;
	n->tried++;
	choices_remove(&n->left, s->thread_count, mover);
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	struct dfs *d = s->dfs;
	uint32_t at = s->depth - d->base;
	struct dfs_node *n;

	if (at < d->count) {
		if (!d->is_restored ||
		    choices_have(c, s->thread_count, d->nodes[at].mover))
			return d->nodes[at].mover;
		s->end = RUN_DIVERGED;
		return NO_MOVER;
	}
	if (d->is_endless)
		return search_default(s, c);
	if (s->cache && cache_knows(s->cache, s))
		return NO_MOVER;
	n = push_node(d);
	*n = (struct dfs_node){.left = *c};
	forbid_preemption(s, &n->left);
	n->count = choices_count(&n->left);
	take(s, n, search_default(s, &n->left));
	return n->mover;
}

/* What the run that is over says of the states on its way. */
static void tell_cache(struct search *s)
{
	struct dfs *d = s->dfs;

	if (d->is_endless) {
		d->is_endless = false;
		d->count--;
		/* Round and round: nothing is left out. */
		s->runs_cut -= s->end == RUN_AT_LIMIT && s->lasso.depth;
	} else if (s->end == RUN_AT_REST || s->end == RUN_AT_LIMIT) {
		cache_end(s->cache, s);
		s->has_gaps |= s->end == RUN_AT_LIMIT;
	}
}

static bool end_run(struct search *s)
{
	struct dfs *d = s->dfs;
	struct dfs_node *n;

	d->is_restored = false;
	if (s->cache)
		tell_cache(s);
	for (; d->count; d->count--) {
		n = &d->nodes[d->count - 1];
		if (choices_are_none(&n->left)) {
			if (!s->cache || !cache_leave(s->cache))
				continue;
			d->is_endless = true;
			s->repeated = d->count - 1 + d->base;
			return true;
		}
		take(s, n, choices_next(&n->left, s->thread_count, 0));
		s->repeated = d->count - 1 + d->base;
		return true;
	}
	return false;
}

static double waiting(const struct search *s)
{
	const struct dfs *d = s->dfs;
	double part = 1, sum = 0;
	uint32_t i;

	for (i = 0; i < d->count && part > 1e-12; i++) {
		part /= d->nodes[i].count;
		sum += part * choices_count(&d->nodes[i].left);
	}
	return sum;
}

/* ---- as bytes ---------------------------------------------------------- */

static void node_write(const struct dfs_node *n, struct bytes *to)
{
	bytes_put(to, n->mover);
	bytes_put(to, n->count);
	bytes_put(to, n->tried);
	choices_write(to, &n->left);
}

static void node_read(struct reader *from, struct dfs_node *n)
{
	n->mover = (uint16_t)reader_get_below(from, NO_MOVER);
	n->count = reader_get_below(from, UINT32_MAX);
	n->tried = reader_get_below(from, UINT32_MAX);
	choices_read(from, &n->left);
	if (!n->count)
		from->is_bad = true;
}

static void write_nodes(const struct dfs *d, struct bytes *to)
{
	uint32_t i;

	bytes_put(to, d->count);
	for (i = 0; i < d->count; i++)
		node_write(&d->nodes[i], to);
}

static bool read_nodes(struct dfs *d, struct reader *from)
{
	uint32_t i, count = reader_get_count(from);

	d->count = 0;
	for (i = 0; i < count && !from->is_bad; i++)
		node_read(from, push_node(d));
	d->is_restored = true;
	return !from->is_bad;
}

static void write_state(const struct search *s, struct bytes *to)
{
	write_nodes(s->dfs, to);
}

static bool read_state(struct search *s, struct reader *from)
{
	return read_nodes(s->dfs, from);
}

/* Every other mover of those that are left at @n goes to @other. */
static void halve(const struct search *s, struct dfs_node *n,
		  struct dfs_node *other)
{
	uint16_t mover = choices_next(&n->left, s->thread_count, 0);
	bool is_given = true;

	*other = *n;
	for (; mover != NO_MOVER;
	     mover = choices_next(&n->left, s->thread_count,
				  (uint16_t)(mover + 1))) {
		choices_remove(is_given ? &n->left : &other->left,
			       s->thread_count, mover);
		is_given = !is_given;
	}
	take(s, other, choices_next(&other->left, s->thread_count, 0));
}

/* At the node nearest to the beginning where there is a choice left. */
static bool split(const struct search *s, struct bytes *state,
		  struct bytes *other)
{
	struct reader from = bytes_read(state);
	struct dfs d = {.nodes = NULL}, way;
	struct dfs_node half;
	uint32_t i = 0;

	read_nodes(&d, &from);
	while (i < d.count && choices_are_none(&d.nodes[i].left))
		i++;
	if (i < d.count) {
		halve(s, &d.nodes[i], &half);
		state->size = 0;
		write_nodes(&d, state);
		way = d;
		way.count = i + 1;
		way.nodes[i] = half;
		other->size = 0;
		write_nodes(&way, other);
	}
	free(d.nodes);
	return i < d.count;
}

const struct strategy_ops dfs_ops = {
	.begin_run = begin_run,
	.choose = choose,
	.end_run = end_run,
	.waiting = waiting,
	.write = write_state,
	.read = read_state,
	.split = split,
	.comes_back = true,
};
