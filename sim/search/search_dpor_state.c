/*
 * search_dpor_state.c - the state of the reduction between two runs, as bytes.
 *
 * Written are the movers of the present run and what is known at each of its
 * nodes.  Clocks, accesses and who inherits whose sleep are not: the first run
 * of a state that was read makes the same steps again and finds them anew.
 *
 * The first nodes may be frozen: other tasks search there too.  Branches that
 * are found for them are kept with them, marked as new, and are taken from
 * there by who shares them out (search_shared.c).
 */
#include <stdlib.h>

#include "sim/search/search_dpor.h"
#include "sim/search/search_state.h"

/* ---- branches ---------------------------------------------------------- */

void wakeup_write(struct bytes *to, const struct wakeup *w)
{
	for (; w; w = w->next) {
		bytes_put(to, 1);
		bytes_put(to, w->is_new);
		footprint_write(to, w->step);
		wakeup_write(to, w->child);
	}
	bytes_put(to, 0);
}

static struct wakeup *level_read(struct reader *from, uint32_t depth)
{
	struct wakeup *first = NULL, **last = &first;
	bool is_new;

	if (depth > SEARCH_STEPS_DEFAULT)
		from->is_bad = true;
	while (!from->is_bad && reader_get_below(from, 2)) {
		is_new = reader_get_below(from, 2);
		*last = wakeup_of(footprint_read(from));
		(*last)->is_new = is_new;
		(*last)->child = level_read(from, depth + 1);
		last = &(*last)->next;
	}
	return first;
}

struct wakeup *wakeup_read(struct reader *from)
{
	return level_read(from, 0);
}

/* ---- nodes ------------------------------------------------------------- */

static void sleepers_write(struct bytes *to, const struct saved_node *n)
{
	uint32_t i, count = 0;

	for (i = 0; i < n->sleeper_count; i++)
		count += n->sleepers[i].is_own;
	bytes_put(to, count);
	for (i = 0; i < n->sleeper_count; i++) {
		if (!n->sleepers[i].is_own)
			continue;
		bytes_put(to, n->sleepers[i].is_late);
		footprint_write(to, n->sleepers[i].step);
	}
}

void saved_node_write(struct bytes *to, const struct saved_node *n)
{
	bytes_put(to, n->mover);
	bytes_put(to, (uint64_t)n->is_forced | (uint64_t) !!n->step << 1);
	bytes_put(to, n->tried);
	choices_write(to, &n->choices);
	sleepers_write(to, n);
	wakeup_write(to, n->pending);
	if (n->step)
		footprint_write(to, n->step);
}

void saved_node_read(struct reader *from, struct dpor_node *n, bool is_settled,
		     struct footprint **step)
{
	struct footprint *f;
	uint32_t i, count, flags;
	bool is_late;

	n->mover = (uint16_t)reader_get_below(from, LANES_MAX);
	flags = reader_get_below(from, 4);
	n->is_forced = flags & 1;
	n->tried = reader_get_below(from, UINT32_MAX);
	choices_read(from, &n->choices);
	count = reader_get_count(from);
	for (i = 0; i < count && !from->is_bad; i++) {
		is_late = reader_get_below(from, 2);
		dpor_add_sleeper(n, footprint_read(from), true, is_settled);
		n->sleepers[i].is_late = is_late;
	}
	n->pending = wakeup_read(from);
	f = flags & 2 ? footprint_read(from) : NULL;
	if (step)
		*step = f;
	else
		free(f);
}

/* ---- all of it --------------------------------------------------------- */

/*
 * Who shares the nodes out needs to know what the steps touched: that of the
 * last frozen node, if it was not made before, and those of own nodes.
 */
static void node_write(const struct dpor *d, uint32_t index, bool is_made,
		       struct bytes *to)
{
	const struct dpor_node *n = &d->nodes[index];
	struct footprint *step = NULL;

	if (is_made && index + 1 >= d->frozen)
		step = footprint_of_step(d, index, true);
	saved_node_write(to, &(struct saved_node){
				     .mover = n->mover,
				     .is_forced = n->is_forced,
				     .tried = n->tried,
				     .choices = n->choices,
				     .sleepers = n->sleepers,
				     .sleeper_count = n->sleeper_count,
				     .pending = n->pending,
				     .step = step,
			     });
	free(step);
}

/* The step of the last node is yet to be made, unless all is done. */
void dpor_write(const struct search *s, struct bytes *to)
{
	const struct dpor *d = s->dpor;
	uint32_t i, count = d->count;

	bytes_put(to, d->frozen);
	for (i = 0; i < d->frozen; i++)
		node_write(d, i, i + 1 < count || count == d->frozen, to);
	bytes_put(to, count - d->frozen);
	for (; i < count; i++)
		node_write(d, i, i + 1 < count, to);
	wakeup_write(to, d->next_subtree);
}

bool dpor_read(struct search *s, struct reader *from)
{
	struct dpor *d = s->dpor;
	uint32_t i, own;

	dpor_clear(d);
	d->frozen = reader_get_count(from);
	dpor_reserve(d, s, d->frozen + 1);
	for (; d->saved < d->frozen && !from->is_bad; d->saved++)
		saved_node_read(from, &d->nodes[d->saved], false, NULL);
	own = reader_get_count(from);
	dpor_reserve(d, s, d->frozen + own + 1);
	for (i = 0; i < own && !from->is_bad; i++, d->saved++)
		saved_node_read(from, &d->nodes[d->saved], true, NULL);
	d->next_subtree = wakeup_read(from);
	return !from->is_bad;
}

/* What others try at frozen nodes is not counted. */
double dpor_waiting(const struct search *s)
{
	const struct dpor *d = s->dpor;
	double part = 1, sum = 0;
	const struct wakeup *w;
	uint32_t i, left;

	for (i = 0; i < d->count && part > 1e-12; i++) {
		left = 0;
		for (w = d->nodes[i].pending; w; w = w->next)
			left++;
		part /= d->nodes[i].tried + left;
		if (i >= d->frozen)
			sum += part * left;
	}
	return sum;
}
