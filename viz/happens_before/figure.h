/*
 * figure.h - what the happens-before picture shows, and where.
 *
 *	boxes.c		which events have a box
 *	links.c		the lines between boxes: all of the order, and no more
 *	place.c		lanes side by side, levels
 *	draw.c		the drawing
 *	draw_links.c	its lines
 */
#ifndef VIZ_HAPPENS_BEFORE_FIGURE_H
#define VIZ_HAPPENS_BEFORE_FIGURE_H

#include "viz/canvas/sheet.h"
#include "viz/happens_before/order.h"
#include "viz/sequence/story.h"

/* Boxes; beyond, what is farthest from the violation is left out. */
#define FIGURE_BOXES_MAX 90u
#define FIGURE_BOXES_UNFOLDED 600u
#define FIGURE_LANES_SORTED 8u /* by trying every order */

struct figure_box {
	uint32_t n; /* event */
	unsigned int lane; /* index into the figure's lanes */
	int before; /* box above it in its lane, -1: none */
	int after;
	unsigned int folded; /* steps between that and this */
	unsigned int level;
	const char *text;
	enum look look;
	bool is_evidence;
	bool is_violation;
	bool is_racing;
	bool is_unread; /* a wake that nobody took up */
};

struct figure_link {
	unsigned int from, to; /* boxes */
	enum order_kind kind;
	uint32_t object;
};

struct figure_lane {
	int32_t mover;
	const char *name;
	int first, last; /* boxes */
	unsigned int folded; /* steps after its last box */
	unsigned int place; /* from the left */
	const char *cap; /* what became of it, or NULL */
	bool cap_is_bad;
};

struct figure {
	const struct trace *t;
	struct story *story; /* for words and colours */
	struct order *order;
	const struct viz_options *options;
	bool *is_shown; /* by event of the order */

	struct figure_box *boxes; /* by event */
	unsigned int box_count;
	int *box_of; /* by event of the order: its box, or -1 */
	struct figure_link *links;
	unsigned int link_count, link_room;
	struct figure_lane *lanes; /* by lane of the order */
	unsigned int lane_count;
	unsigned int level_count;
	unsigned int left_out; /* events with a box, but for the limit */
	int first, second; /* boxes of the pair, -1: not on one level */
};

/* Parts, in this order. */
void figure_choose(struct figure *f); /* boxes.c */
/*
 * links.c: sets boxes, lanes and links by what is shown.  The links are the
 * smallest set that orders the boxes just as the order does.
 */
void figure_link(struct figure *f);
/* boxes.c: leave out what is too much; true if there was something. */
bool figure_limit(struct figure *f);
void figure_place(struct figure *f); /* place.c */
/* draw.c */
void figure_draw(struct figure *f, const struct sheet *sheet, FILE *out);

/* "A.woken" of a flag, "F" of a word. */
const char *figure_thing(struct figure *f, uint32_t object);

/* Boxes of lanes that are left to right in the picture. */
static inline unsigned int place_of(const struct figure *f, unsigned int box)
{
	return f->lanes[f->boxes[box].lane].place;
}

#endif
