/*
 * picture.h - a story with places: where everything is on the canvas.
 *
 * sequence.c places, the draw_*.c draw; the order of drawing is the order in
 * which things cover each other.  Lengths as in dot.h.
 */
#ifndef VIZ_PICTURE_H
#define VIZ_PICTURE_H

#include "viz/dot.h"
#include "viz/story.h"

#define GAP (14 * PT) /* between panels */
#define SLOT (7 * PT) /* from one lock bar to the next */
#define BOX_PAD (14 * PT) /* of a box beyond its text */
#define PARK_WIDTH (9 * PT)
#define CHIP_HEIGHT (13 * PT)
#define LINE (13 * PT) /* of the callout */
#define CALLOUT_LINES_MAX 9u
#define HEADER_LINES_MAX 6u
#define LEFT (8 * PT) /* of texts at the left edge */

struct picture {
	struct story *s;
	struct canvas c;

	long width;
	long gutter; /* where the first panel begins */
	int digits; /* of the largest step number */
	long top; /* of the panels */
	long head_y, start_y;
	long row_height;
	long *row_y; /* middle of each row */
	long rows_end; /* below the last row and callout */
	long cap_y;
	long bottom; /* of the panels */

	long *lane_x; /* middle of each lane */
	long *lane_width; /* of its boxes */
	long *panel_left, *panel_right;
	long state_left, state_right; /* 0: no state panel */
	long column_x[COLUMNS_MAX]; /* left */
	long column_width[COLUMNS_MAX];

	const char *header[HEADER_LINES_MAX];
	unsigned int header_count;
	const char *callout[CALLOUT_LINES_MAX];
	unsigned int callout_count;
	long callout_y; /* its upper edge */
};

/* chips of the state panel */
long chip_width(const char *label);
long value_width(const char *label);
long cell_width(const struct cell *cell);

/* draw_frame.c */
void draw_paper(struct picture *p);
void draw_panels(struct picture *p);
void draw_runs(struct picture *p);
void draw_row_bands(struct picture *p);
void draw_lanes(struct picture *p);
void draw_caps(struct picture *p);

/* draw_rows.c */
void draw_parks(struct picture *p);
void draw_timers(struct picture *p);
void draw_holds(struct picture *p);
void draw_boxes(struct picture *p);
void draw_arrows(struct picture *p);

/* draw_state.c */
void draw_state(struct picture *p);
void draw_chip(struct picture *p, long x, long y, const char *label,
	       bool is_removed, uint32_t n);

/* draw_notes.c */
void draw_callout(struct picture *p);
void draw_legend(struct picture *p);

/* The class of what belongs to the step of @row, after @what. */
const char *class_at(struct picture *p, const char *what,
		     const struct row *row);
const char *step_id(struct picture *p, const char *prefix, uint32_t n);
/* Colours of a lock by its number; neutral ones beyond. */
const char *lock_stroke(unsigned int colour);
const char *lock_fill(unsigned int colour);

#endif
