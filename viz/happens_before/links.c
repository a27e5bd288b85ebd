/*
 * links.c - boxes in lanes, and the lines between them.
 *
 * Whatever is folded away, two boxes are joined by a way in the picture if and
 * only if the order has one between their events; and no line is drawn where
 * another way leads.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/figure.h"

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- boxes ------------------------------------------------------------- */

static void add_box(struct figure *f, uint32_t n, unsigned int folded)
{
	unsigned int i = f->box_count++;
	struct figure_box *b = &f->boxes[i];
	int lane = order_lane(f->order, n);
	struct figure_lane *l = &f->lanes[lane];

	*b = (struct figure_box){
		.n = n,
		.lane = (unsigned int)lane,
		.before = l->last,
		.after = -1,
		.folded = folded,
	};
	if (l->last >= 0)
		f->boxes[l->last].after = (int)i;
	else
		l->first = (int)i;
	l->last = (int)i;
	f->box_of[order_index(f->order, n)] = (int)i;
}

static void make_boxes(struct figure *f)
{
	const struct order *o = f->order;
	unsigned int *folded = zeroed(f->lane_count, sizeof(*folded));

	f->box_count = 0;
	for (unsigned int i = 0; i < f->lane_count; i++) {
		f->lanes[i].first = -1;
		f->lanes[i].last = -1;
	}
	for (uint32_t n = o->begin; n < o->end; n++) {
		int lane = order_lane(o, n);

		f->box_of[order_index(o, n)] = -1;
		if (lane < 0)
			continue;
		if (f->is_shown[order_index(o, n)]) {
			add_box(f, n, folded[lane]);
			folded[lane] = 0;
		} else {
			folded[lane] += f->t->events[n - 1].step;
		}
	}
	for (unsigned int i = 0; i < f->lane_count; i++)
		f->lanes[i].folded = folded[i];
	free(folded);
}

/* ---- links ------------------------------------------------------------- */

/* A place among the boxes from which a way leads to a box. */
struct source {
	int box;
	bool is_spare;
};

/* The last box of @lane that is at or before @n; -1: none. */
static int box_at(const struct figure *f, unsigned int lane, uint32_t n)
{
	unsigned int low = 0, high = f->box_count;
	int found;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (f->boxes[middle].n <= n)
			low = middle + 1;
		else
			high = middle;
	}
	for (found = (int)low - 1; found >= 0; found--)
		if (f->boxes[found].lane == lane)
			return found;
	return -1;
}

static void add_link(struct figure *f, int from, int to, enum order_kind kind,
		     uint32_t object)
{
	if (f->link_count == f->link_room) {
		f->link_room = f->link_room ? 2 * f->link_room : 64;
		f->links = realloc(f->links, f->link_room * sizeof(*f->links));
		if (!f->links)
			abort();
	}
	f->links[f->link_count++] =
		(struct figure_link){.from = (unsigned int)from,
				     .to = (unsigned int)to,
				     .kind = kind,
				     .object = object};
}

/* The order's own edge between the two events, if there is one. */
static void add_way(struct figure *f, int from, int to)
{
	const struct order *o = f->order;
	uint32_t a = f->boxes[from].n, b = f->boxes[to].n;
	unsigned int low = 0, high = o->edge_count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (o->edges[middle].to < b)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < o->edge_count && o->edges[low].to == b; low++)
		if (o->edges[low].from == a) {
			add_link(f, from, to, o->edges[low].kind,
				 o->edges[low].object);
			return;
		}
	add_link(f, from, to, ORDER_THROUGH, 0);
}

/* By box and lane: the last box of the lane that comes before it, plus 1. */
struct pasts {
	unsigned int *cells;
	unsigned int lanes;
};

static unsigned int *past_of(const struct pasts *p, int box)
{
	return p->cells + (size_t)box * p->lanes;
}

static void join(const struct pasts *p, unsigned int *to, int box)
{
	const unsigned int *from = past_of(p, box);

	for (unsigned int i = 0; i < p->lanes; i++)
		if (to[i] < from[i])
			to[i] = from[i];
}

/* Another source, or the box above, is behind it already. */
static bool is_spare(const struct figure *f, const struct pasts *p,
		     const struct source *sources, unsigned int lane, int box)
{
	int before = f->boxes[box].before;
	unsigned int wanted = (unsigned int)sources[lane].box + 1;

	if (before >= 0 && past_of(p, before)[lane] >= wanted)
		return true;
	for (unsigned int i = 0; i < p->lanes; i++)
		if (i != lane && sources[i].box >= 0 &&
		    past_of(p, sources[i].box)[lane] >= wanted)
			return true;
	return false;
}

static void link_threads(struct figure *f, const struct pasts *p, int box,
			 struct source *sources)
{
	const struct order *o = f->order;
	const struct figure_box *b = &f->boxes[box];
	unsigned int *past = past_of(p, box);

	for (unsigned int i = 0; i < p->lanes; i++) {
		uint32_t n =
			o->past[(size_t)order_index(o, b->n) * p->lanes + i];

		sources[i].box = i != b->lane && order_is_thread(o, i) && n
					 ? box_at(f, i, n)
					 : -1;
	}
	for (unsigned int i = 0; i < p->lanes; i++)
		sources[i].is_spare =
			sources[i].box < 0 || is_spare(f, p, sources, i, box);
	for (unsigned int i = 0; i < p->lanes; i++) {
		if (sources[i].is_spare)
			continue;
		add_way(f, sources[i].box, box);
		join(p, past, sources[i].box);
	}
}

/*
 * What the clock and the senders of signals do is of no order by itself: each
 * goes to the first box at or after what it ends.
 */
static void link_movers(struct figure *f)
{
	const struct order *o = f->order;

	for (unsigned int i = 0; i < o->edge_count; i++) {
		const struct order_edge *e = &o->edges[i];
		int lane = order_lane(o, e->to), from, to;

		if (!e->is_needed ||
		    order_is_thread(o, (unsigned int)order_lane(o, e->from)))
			continue;
		from = f->box_of[order_index(o, e->from)];
		to = f->box_of[order_index(o, e->to)];
		if (from < 0)
			continue;
		if (to < 0) {
			to = box_at(f, (unsigned int)lane, e->to);
			to = to < 0 ? f->lanes[lane].first : f->boxes[to].after;
		}
		if (to >= 0)
			add_link(f, from, to, e->kind, e->object);
	}
}

void figure_link(struct figure *f)
{
	struct pasts p = {.lanes = f->lane_count};
	struct source *sources = zeroed(p.lanes, sizeof(*sources));

	f->link_count = 0;
	make_boxes(f);
	p.cells = zeroed((size_t)f->box_count * p.lanes, sizeof(*p.cells));
	for (int i = 0; i < (int)f->box_count; i++) {
		unsigned int *past = past_of(&p, i);
		const struct figure_box *b = &f->boxes[i];

		if (b->before >= 0 && order_is_thread(f->order, b->lane))
			join(&p, past, b->before);
		link_threads(f, &p, i, sources);
		past[b->lane] = (unsigned int)i + 1;
	}
	link_movers(f);
	free(p.cells);
	free(sources);
}
