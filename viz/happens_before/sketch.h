/*
 * sketch.h - a figure with measures: what the parts of the drawing share.
 */
#ifndef VIZ_HAPPENS_BEFORE_SKETCH_H
#define VIZ_HAPPENS_BEFORE_SKETCH_H

#include "viz/happens_before/figure.h"

#define BOX_HEIGHT (17 * PT)

struct sketch {
	struct figure *f;
	struct canvas c;
	struct sheet sheet;
	struct legend legend;
	unsigned int *colours; /* by object: of a lock */
	long box_width, pitch; /* from lane to lane */
	long first_x, first_y; /* middle of the first lane and level */
	long row;
	long aisle; /* what lines that pass lanes take of a row */
	long top, bottom; /* of the lanes */
	bool has_folded;
};

/* The middle of a box. */
long sketch_x(const struct sketch *s, unsigned int box);
long sketch_y(const struct sketch *s, unsigned int box);
const char *sketch_id(const struct sketch *s, unsigned int box);

/* draw_links.c */
/* Locks have the colours of the sequence diagram, others what is left. */
void sketch_colours(struct sketch *s);
/* Of the widest label of a line. */
long sketch_label_width(struct sketch *s);
/* Does a line pass lanes on its way? */
bool sketch_has_far_links(const struct sketch *s);
/* All lines, their labels, and what the legend says of them. */
void sketch_links(struct sketch *s);

#endif
