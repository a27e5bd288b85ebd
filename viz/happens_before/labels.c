/*
 * labels.c - where the label of a line finds room.
 *
 * Of all places in the gap between two lanes that cover neither a line nor
 * another label, the one nearest to the middle of the line.
 */
#include <stdlib.h>

#include "viz/happens_before/lines.h"

#define SAMPLES 24 /* points of a cubic curve, if it is not high */
#define LABEL_NEAR (7 * PT) /* to its line, to be seen as its label */
#define LABEL_FAR (100000 * PT)

static struct spot point_on(const struct spot *p, long t, long of)
{
	long u = of - t;
	long a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t;
	long d = t * t * t, all = of * of * of;

	return (struct spot){
		(a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x) / all,
		(a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y) / all};
}

/* Points so close that no label fits between two of them. */
static void sample_cubic(struct lines *l, const struct spot *at)
{
	long height = at[3].y > at[0].y ? at[3].y - at[0].y : at[0].y - at[3].y;
	long count = SAMPLES + height / (4 * PT);

	for (long t = 0; t <= count; t++) {
		if (l->sample_count == l->sample_room) {
			l->sample_room =
				l->sample_room ? 2 * l->sample_room : 1024;
			l->samples =
				realloc(l->samples,
					l->sample_room * sizeof(*l->samples));
			if (!l->samples)
				abort();
		}
		l->samples[l->sample_count++] = point_on(at, t, count);
	}
}

void line_sample(struct lines *l, const struct curve *c)
{
	for (unsigned int i = 0; i + 3 < c->count; i += 3)
		sample_cubic(l, c->at + i);
}

bool label_is_free(const struct lines *l, const struct label *r)
{
	for (unsigned int i = 0; i < l->label_count; i++) {
		const struct label *x = &l->labels[i];

		if (x->left < r->right && r->left < x->right &&
		    x->top < r->bottom && r->top < x->bottom)
			return false;
	}
	for (unsigned int i = 0; i < l->sample_count; i++) {
		const struct spot *p = &l->samples[i];

		if (p->y > r->top - PT && p->y < r->bottom + PT &&
		    p->x > r->left - PT && p->x < r->right + PT)
			return false;
	}
	return true;
}

void label_put(struct lines *l, const struct label *r, const char *text,
	       const char *color, uint32_t n)
{
	struct sketch *s = l->s;

	if (l->label_count < LABELS_MAX)
		l->labels[l->label_count++] = *r;
	canvas_shape(&s->c, &(struct shape){
				    .class = story_format(s->f->story,
							  "label at%u", n),
				    .x = (r->left + r->right) / 2,
				    .y = (r->top + r->bottom) / 2,
				    .width = r->right - r->left,
				    .height = r->bottom - r->top,
				    .label = text,
				    .color = color,
				    .size = NOTE_SIZE,
			    });
}

struct label label_at(struct spot middle, long width)
{
	return (struct label){middle.x - width / 2, middle.x + width / 2,
			      middle.y - LABEL_HEIGHT / 2,
			      middle.y + LABEL_HEIGHT / 2};
}

static long far_from(const struct label *r, const struct spot *p)
{
	long dx = p->x < r->left ? r->left - p->x : p->x - r->right;
	long dy = p->y < r->top ? r->top - p->y : p->y - r->bottom;

	return (dx > 0 ? dx : 0) + (dy > 0 ? dy : 0);
}

/* How far a label is from the nearest point of its curve. */
static long distance_to(const struct spot *curve, const struct label *r)
{
	long nearest = far_from(r, curve);

	for (long t = 1; t <= SAMPLES; t++) {
		struct spot p = point_on(curve, t, SAMPLES);

		if (far_from(r, &p) < nearest)
			nearest = far_from(r, &p);
	}
	return nearest;
}

struct room {
	struct label at;
	long cost; /* the farther from the middle of its curve, the more */
};

/* LABEL_FAR: it is not seen to belong to the curve. */
static long cost_of(const struct spot *curve, const struct label *r)
{
	struct spot middle = point_on(curve, 1, 2);
	long distance = distance_to(curve, r);
	long dx = (r->left + r->right) / 2 - middle.x;
	long dy = (r->top + r->bottom) / 2 - middle.y;

	if (distance > LABEL_NEAR)
		return LABEL_FAR;
	return 2 * distance + (dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy);
}

/* Try all places in the gap that @curve crosses; keep the nearest. */
static void find_room(const struct lines *l, const struct spot *curve,
		      long width, struct room *best)
{
	const struct sketch *s = l->s;
	long gap = s->pitch - s->box_width - 2 * PT;
	long left = curve[0].x < curve[3].x ? curve[0].x : curve[0].x - gap;
	long top = curve[0].y < curve[3].y ? curve[0].y : curve[3].y;
	long bottom = curve[0].y < curve[3].y ? curve[3].y : curve[0].y;

	for (long y = top - 9 * PT; y <= bottom + 9 * PT; y += 250) {
		for (long x = 0; x <= 2; x++) {
			long half = width / 2, room = gap - width - PT;
			struct spot middle = {left + PT + half + room * x / 2,
					      y};
			struct label r = label_at(middle, width);
			long cost = cost_of(curve, &r);

			if (cost >= best->cost || !label_is_free(l, &r))
				continue;
			best->at = r;
			best->cost = cost;
		}
	}
}

bool label_place(const struct lines *l, const struct curve *c, long width,
		 struct label *at)
{
	struct room room = {.cost = LABEL_FAR};

	find_room(l, c->at, width, &room);
	if (room.cost == LABEL_FAR)
		find_room(l, c->at + c->count - 4, width, &room);
	*at = room.at;
	return room.cost < LABEL_FAR;
}
