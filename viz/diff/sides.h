/*
 * sides.h - two small sequence diagrams on one canvas: their places.
 */
#ifndef VIZ_DIFF_SIDES_H
#define VIZ_DIFF_SIDES_H

#include "viz/canvas/sheet.h"
#include "viz/diff/pages.h"
#include "viz/sequence/picture.h"

#define MARGIN (6 * PT)
#define MIDDLE (26 * PT) /* between the sides: marks */
#define GUTTER (38 * PT) /* step numbers */
#define LANE_GAP (12 * PT)
#define LANE_MIN (64 * PT)
#define ROW_HEIGHT (18 * PT)
#define ROW_LOW (16 * PT) /* if there are many */
#define LOW_LEVELS 80u
#define RULE_HEIGHT (22 * PT)
#define HEAD_HEIGHT (58 * PT) /* of a side, above its rows */
#define CAP_HEIGHT (28 * PT)
#define NOTE_LINES 8u
#define NOTE_LINE (13 * PT)

struct side {
	struct story *s;
	const char *name; /* "left"; its first letter is before ids */
	long left, right;
	long *x, *width; /* by lane */
	const char *notes[NOTE_LINES];
	unsigned int note_count;
};

struct sheet_of_two {
	struct pages p;
	struct side sides[2];
	struct canvas c;
	struct sheet sheet;
	struct legend legend;
	long top, bottom; /* of the panels */
	long height; /* of a row */
	long *y; /* by level: its middle */
	long rule_y;
};

/* Ids are prefixed with a letter for the side: "l_s45". */
const char *side_id(struct side *side, const char *prefix, uint32_t n);
const char *side_class(struct side *side, const char *what,
		       const struct row *row);
/* Middle of a row. */
long side_row_y(const struct sheet_of_two *d, unsigned int side,
		unsigned int row);
/* A line of text from @left to @right; @like: its type. */
void draw_words(struct sheet_of_two *d, long left, long right, long y,
		const struct shape *like);

/* draw_side.c */
void draw_side(struct sheet_of_two *d, struct side *side);
void draw_bands(struct sheet_of_two *d);
void draw_rows_of(struct sheet_of_two *d, unsigned int side);

/* draw_middle.c */
void draw_marks(struct sheet_of_two *d);
void draw_rule(struct sheet_of_two *d);
/* The callout below a side; returns where it ends. */
long draw_notes_of(struct sheet_of_two *d, struct side *side, long y);
void fill_legend(struct sheet_of_two *d);

#endif
