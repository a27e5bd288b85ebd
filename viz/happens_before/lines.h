/*
 * lines.h - lines with places, and the labels that must not cover them.
 */
#ifndef VIZ_HAPPENS_BEFORE_LINES_H
#define VIZ_HAPPENS_BEFORE_LINES_H

#include "viz/happens_before/sketch.h"

#define CURVE_MAX 10u
#define LABELS_MAX 240u
#define LABEL_HEIGHT (10 * PT)

/* A link with its place. */
struct curve {
	struct spot at[CURVE_MAX];
	unsigned int count;
};

struct label {
	long left, right, top, bottom;
};

struct lines {
	struct sketch *s;
	struct curve *curves; /* by link */
	struct spot *samples; /* points on all curves */
	unsigned int sample_count, sample_room;
	struct label labels[LABELS_MAX];
	unsigned int label_count;
	unsigned int *passing; /* by level: lines that pass lanes below it */
};

/* Note where a curve is, for labels to stay clear of. */
void line_sample(struct lines *l, const struct curve *c);
bool label_is_free(const struct lines *l, const struct label *r);
struct label label_at(struct spot middle, long width);
/* The best room of @width beside @c; false if there is none. */
bool label_place(const struct lines *l, const struct curve *c, long width,
		 struct label *at);
/* Draw it, and keep others off. */
void label_put(struct lines *l, const struct label *r, const char *text,
	       const char *color, uint32_t n);

#endif
