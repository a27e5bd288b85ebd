/*
 * picture_boxes.h - DOT text of a picture, made and taken apart again.
 */
#ifndef TESTS_PICTURE_BOXES_H
#define TESTS_PICTURE_BOXES_H

#include "viz/viz.h"

struct dot_text {
	char *data;
	size_t size;
};

struct box {
	char id[64], class[64], label[160];
	double x, y, width, height; /* points; x, y: the centre */
	double font; /* size of type */
};

struct boxes {
	struct box *items;
	unsigned int count;
};

/* The picture, which there must be.  Owner: the caller frees data. */
struct dot_text picture_of(enum viz_view view, const struct record *r,
			   const struct viz_options *options);
/* Graphviz must take it without a word. */
void picture_renders(struct dot_text dot);
/* All shapes but the paper.  Owner: the caller frees items. */
struct boxes picture_boxes(struct dot_text dot);
/* How many have an id that begins so; how many have this label. */
unsigned int boxes_with_id(const struct boxes *b, const char *begin);
unsigned int boxes_with_label(const struct boxes *b, const char *label);
bool boxes_overlap(const struct box *a, const struct box *b);
/* No two overlap, and no type is smaller than 8 points. */
void boxes_are_readable(const struct boxes *b);
/* Compare with tests/golden/NAME.dot; GOLDEN=write writes it. */
void picture_is_golden(struct dot_text dot, const char *name);

#endif
