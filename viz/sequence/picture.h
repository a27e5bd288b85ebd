/*
 * picture.h - a story with places: where everything is on the canvas.
 *
 * sequence.c places, the draw_*.c draw; the order of drawing is the order in
 * which things cover each other.  Lengths as in dot.h.
 */
#ifndef VIZ_SEQUENCE_PICTURE_H
#define VIZ_SEQUENCE_PICTURE_H

#include "viz/canvas/sheet.h"
#include "viz/sequence/story.h"

#define GAP (14 * PT) /* between panels */
#define SLOT (7 * PT) /* from one lock bar to the next */
#define BOX_PAD (14 * PT) /* of a box beyond its text */
#define PARK_WIDTH (9 * PT)
#define BAR_REACH (5 * PT)
#define CHIP_HEIGHT (13 * PT)
#define LINE (13 * PT) /* of the callout */
#define CALLOUT_LINES_MAX 9u

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

	struct sheet sheet;
	const char *callout[CALLOUT_LINES_MAX];
	unsigned int callout_count;
	long callout_y; /* its upper edge */
};

/* chips of the state panel */
long chip_width(const char *label);
long value_width(const char *label);
long cell_width(const struct cell *cell);

/* draw_frame.c */
void draw_panels(struct picture *p);
void draw_runs(struct picture *p);
void draw_row_bands(struct picture *p);
void draw_lanes(struct picture *p);
void draw_caps(struct picture *p);

/* draw_bars.c */
void draw_parks(struct picture *p);
void draw_timers(struct picture *p);
void draw_holds(struct picture *p);
long timer_x(const struct picture *p, const struct bar *bar);
/* The middle of a bar, which reaches BAR_REACH to either side at most. */
long bar_x(const struct picture *p, const struct bar *bar);

/* draw_rows.c */
void draw_boxes(struct picture *p);
/* The shape of a box without its place and text. */
struct shape look_shape(enum look look, unsigned int colour);

/* Mark it as the violation, or as evidence, if @row is. */
void mark_shape(struct shape *shape, const struct row *row);

/* draw_arrows.c */
void draw_arrows(struct picture *p);
struct line_style arrow_style(enum arrow arrow, unsigned int colour);

/* draw_state.c */
void draw_state(struct picture *p);
/* Without a place; value: in a box of its own if it is new. */
struct shape chip_shape(const char *label, bool is_removed);
struct shape value_shape(const char *label, bool is_new);

/* draw_notes.c */
void draw_callout(struct picture *p);

/* draw_legend.c */
void draw_legend(struct picture *p);

/* The class of what belongs to the step of @row, after @what. */
const char *class_at(struct picture *p, const char *what,
		     const struct row *row);
const char *step_id(struct picture *p, const char *prefix, uint32_t n);
/* The colour of the row's lock. */
unsigned int row_colour(const struct story *s, const struct row *row);

#endif
