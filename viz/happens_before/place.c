/*
 * place.c - which lane stands where, and which box on which level.
 *
 * A box is one level below the lowest of those that come before it.  The two
 * that race have no way between them and are lifted to one level.  Lanes are
 * put so that lines are short, and the two that race side by side.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/figure.h"

/* How much the racing pair wants to be close, in links. */
#define PAIR_WEIGHT 6ul
/* More than all links together: the pair is side by side. */
#define APART 1000000ul

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- levels ------------------------------------------------------------ */

static bool sink(struct figure_box *b, unsigned int level)
{
	if (b->level >= level)
		return false;
	b->level = level;
	return true;
}

/* One round; the boxes come in an order of time, so few are needed. */
static bool sink_all(struct figure *f)
{
	bool is_changed = false;
	unsigned int link = 0;

	for (unsigned int i = 0; i < f->box_count; i++) {
		struct figure_box *b = &f->boxes[i];

		if (b->before >= 0)
			is_changed |= sink(b, f->boxes[b->before].level + 1);
		for (; link < f->link_count && f->links[link].to == i; link++)
			is_changed |= sink(
				b, f->boxes[f->links[link].from].level + 1);
	}
	if (f->first < 0)
		return is_changed;
	is_changed |= sink(&f->boxes[f->first], f->boxes[f->second].level);
	return sink(&f->boxes[f->second], f->boxes[f->first].level) ||
	       is_changed;
}

static int by_end(const void *a, const void *b)
{
	const struct figure_link *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static unsigned int deepest(const struct figure *f)
{
	unsigned int level = 0;

	for (unsigned int i = 0; i < f->box_count; i++)
		if (f->boxes[i].level > level)
			level = f->boxes[i].level;
	return level;
}

/*
 * What nothing comes before, such as a signal, goes down to just above what it
 * leads to.
 */
static void lower(struct figure *f, unsigned int lane)
{
	for (int i = f->lanes[lane].last; i >= 0; i = f->boxes[i].before) {
		struct figure_box *b = &f->boxes[i];
		unsigned int below = f->level_count;

		if (b->after >= 0)
			below = f->boxes[b->after].level;
		for (unsigned int k = 0; k < f->link_count; k++) {
			const struct figure_link *l = &f->links[k];

			if (l->from == (unsigned int)i &&
			    f->boxes[l->to].level < below)
				below = f->boxes[l->to].level;
			if (l->to == (unsigned int)i)
				below = 0; /* a timer stays with who arms it */
		}
		if (below > b->level + 1)
			b->level = below - 1;
	}
}

static void find_levels(struct figure *f)
{
	if (f->link_count > 1)
		qsort(f->links, f->link_count, sizeof(*f->links), by_end);
	while (sink_all(f)) {
		if (deepest(f) <= f->box_count)
			continue;
		/* Two timers that fire in a row are between them. */
		f->first = f->second = -1;
		for (unsigned int i = 0; i < f->box_count; i++)
			f->boxes[i].level = 0;
	}
	f->level_count = deepest(f) + 1;
	for (unsigned int i = 0; i < f->lane_count; i++)
		if (!order_is_thread(f->order, i))
			lower(f, i);
}

/* ---- lanes ------------------------------------------------------------- */

struct lanes {
	const struct figure *f;
	unsigned int *used; /* lanes with boxes, as they stand */
	unsigned int count;
	unsigned long *links; /* [lane][lane] how many there are */
	unsigned int *place; /* by lane */
	unsigned int *best;
	unsigned long best_cost;
};

static unsigned long distance(const struct lanes *l, unsigned int a,
			      unsigned int b)
{
	unsigned int x = l->place[a], y = l->place[b];

	return x < y ? y - x : x - y;
}

static unsigned long cost_of(const struct lanes *l)
{
	const struct figure *f = l->f;
	unsigned long cost = 0, apart;

	for (unsigned int i = 0; i < l->count; i++)
		l->place[l->used[i]] = i;
	for (unsigned int i = 0; i < l->count; i++)
		for (unsigned int k = 0; k < i; k++)
			cost += l->links[l->used[i] * f->lane_count +
					 l->used[k]] *
				distance(l, l->used[i], l->used[k]);
	if (f->first < 0)
		return cost;
	apart = distance(l, f->boxes[f->first].lane, f->boxes[f->second].lane);
	return cost + PAIR_WEIGHT * apart + APART * (apart - 1);
}

static void keep_best(struct lanes *l)
{
	unsigned long cost = cost_of(l);

	if (cost >= l->best_cost)
		return;
	l->best_cost = cost;
	memcpy(l->best, l->used, l->count * sizeof(*l->best));
}

static void swap(struct lanes *l, unsigned int i, unsigned int k)
{
	unsigned int lane = l->used[i];

	l->used[i] = l->used[k];
	l->used[k] = lane;
}

/* The next order in the order of numbers; false after the last one. */
static bool next_order(struct lanes *l)
{
	unsigned int i = l->count - 1, k = l->count - 1;

	while (i > 0 && l->used[i - 1] >= l->used[i])
		i--;
	if (i == 0)
		return false;
	while (l->used[k] <= l->used[i - 1])
		k--;
	swap(l, i - 1, k);
	for (k = l->count - 1; i < k; i++, k--)
		swap(l, i, k);
	return true;
}

/* Move one lane to another place as long as that is for the better. */
static void improve(struct lanes *l)
{
	unsigned long before;

	do {
		before = l->best_cost;
		for (unsigned int i = 0; i < l->count; i++) {
			for (unsigned int k = i; k + 1 < l->count; k++) {
				swap(l, k, k + 1);
				keep_best(l);
			}
			memcpy(l->used, l->best, l->count * sizeof(*l->used));
			for (unsigned int k = i; k > 0; k--) {
				swap(l, k, k - 1);
				keep_best(l);
			}
			memcpy(l->used, l->best, l->count * sizeof(*l->used));
		}
	} while (l->best_cost < before);
}

static void count_links(struct lanes *l)
{
	const struct figure *f = l->f;

	for (unsigned int i = 0; i < f->link_count; i++) {
		unsigned int a = f->boxes[f->links[i].from].lane;
		unsigned int b = f->boxes[f->links[i].to].lane;

		l->links[a * f->lane_count + b]++;
		l->links[b * f->lane_count + a]++;
	}
}

static void sort_lanes(struct figure *f)
{
	struct lanes l = {
		.f = f,
		.used = zeroed(f->lane_count, sizeof(*l.used)),
		.links = zeroed((size_t)f->lane_count * f->lane_count,
				sizeof(*l.links)),
		.place = zeroed(f->lane_count, sizeof(*l.place)),
		.best = zeroed(f->lane_count, sizeof(*l.best)),
		.best_cost = -1ul,
	};

	for (unsigned int i = 0; i < f->lane_count; i++)
		if (f->lanes[i].first >= 0)
			l.used[l.count++] = i;
	count_links(&l);
	keep_best(&l);
	if (l.count <= FIGURE_LANES_SORTED)
		while (next_order(&l))
			keep_best(&l);
	else
		improve(&l);
	for (unsigned int i = 0; i < l.count; i++)
		f->lanes[l.best[i]].place = i;
	free(l.used);
	free(l.links);
	free(l.place);
	free(l.best);
}

void figure_place(struct figure *f)
{
	const struct order *o = f->order;

	f->first = o->first ? f->box_of[order_index(o, o->first)] : -1;
	f->second = o->first ? f->box_of[order_index(o, o->second)] : -1;
	if (f->first < 0 || f->second < 0)
		f->first = f->second = -1;
	find_levels(f);
	sort_lanes(f);
}
