/*
 * sheet.h - what every picture has around it: title, facts, badge, legend.
 *
 * The paper itself is the canvas's; head and legend are drawn onto it.
 */
#ifndef VIZ_CANVAS_SHEET_H
#define VIZ_CANVAS_SHEET_H

#include "viz/canvas/dot.h"

#define SHEET_LINES_MAX 8u
#define SHEET_LEFT (8 * PT) /* of texts at the left edge */

/*
 * The head: title in bold, lines in mono below it, badge at the right.
 * Owner: strings are the caller's and outlive the sheet.
 */
struct sheet {
	const char *title;
	const char *lines[SHEET_LINES_MAX]; /* each is wrapped to the width */
	unsigned int line_count;
	const char *badge; /* "✗ DEADLOCK", "✓ OK"; NULL: none */
	bool is_bad; /* the badge */
	long width; /* of the picture */
};

/* The least width for title and badge side by side; long titles are cut. */
long sheet_width(const struct sheet *s);
/* Where the picture begins, below the head. */
long sheet_top(const struct sheet *s);
/* The head, and paper behind it. */
void sheet_draw(const struct sheet *s, struct canvas *c);

/* "✗ LOST WAKE-UP" of the first verdict of @t, or "✓ OK". */
const char *sheet_badge(struct trace *memory, const struct trace *t);
/* "scenario NAME   hash H   profile P", of a trace and of a record. */
const char *sheet_facts(struct trace *memory, const struct trace *t);
const char *sheet_record_facts(struct trace *memory, const struct record *r);

/* ---- legend ------------------------------------------------------------ */

/* A sample and its meaning: a shape (of its own size) or a line. */
struct legend_item {
	struct shape shape; /* width 0: it is a line */
	struct line_style line;
	const char *text;
};

#define LEGEND_MAX 32u

/*
 * Only what the picture uses is added.  Of items with one text the first is
 * kept, and no more than LEGEND_MAX.
 * Owner: strings are the caller's and outlive the legend.
 */
struct legend {
	struct legend_item items[LEGEND_MAX];
	unsigned int count;
};

void legend_add_shape(struct legend *l, const struct shape *shape,
		      const char *text);
void legend_add_line(struct legend *l, const struct line_style *style,
		     const char *text);
/* In rows below @y; returns where it ends. */
long legend_draw(const struct legend *l, struct canvas *c, long y, long width);

#endif
