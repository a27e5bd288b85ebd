/*
 * drawing.h - the picture of a snapshot: what the files that draw share.
 */
#ifndef VIZ_QUEUES_DRAWING_H
#define VIZ_QUEUES_DRAWING_H

#include "viz/canvas/measure.h"
#include "viz/canvas/sheet.h"
#include "viz/queues/snapshot.h"

#define WIDTH_MIN (470 * PT)
#define WIDTH_MAX (900 * PT) /* of panels side by side */
#define IN_A_ROW 6u /* waiters; of more the middle ones are folded */
#define FIRST_SHOWN 3u
#define LAST_SHOWN 2u
#define MARGIN (6 * PT)
#define PAD (11 * PT) /* within a panel */
#define LINK (20 * PT) /* from box to box */
#define HEAD (44 * PT) /* of a panel, above its rows */
#define ROW_GAP (16 * PT)
#define NAME_COLUMNS 14u
#define CALL_COLUMNS 72u /* of a call in the head */
#define CALLOUT_LINES 6u
#define CALLOUT_LINE (13 * PT)

struct drawing {
	struct snapshot *s;
	struct canvas c;
	struct sheet sheet;
	struct legend legend;
	long key_width, waiter_width, box_height;
	long panel_width, panel_height;
	long left[2], top[2]; /* of the panels */
	long arrow_width; /* with its texts, between panels side by side */
	bool is_stacked;
	bool has_marks; /* boxes have a third line */
	const char *callout[CALLOUT_LINES];
	unsigned int callout_count;
};

/* How a waiter looks, by what becomes of it. */
struct fate_look {
	const char *stroke, *fill;
	int pen;
	bool is_dashed;
	const char *legend;
	const char *verb; /* beside the arrow */
};

extern const struct fate_look fate_looks[FATE_COUNT];

/* One line of text. */
struct text {
	const char *text;
	const char *color;
	const char *class;
	int size;
	bool is_bold;
	bool is_left;
};

/* @x: its middle. */
void queues_text(struct drawing *d, long x, long y, long width,
		 const struct text *t);
long queues_width_of(const char *text, int size);
long queues_longer(long a, long b);
/* How many boxes stand for the waiters of a queue. */
unsigned int queues_boxes(const struct queue_side *side);
/* "F  = 1" and "key 0x1000  lock: B". */
const char *queues_key_name(struct drawing *d, const struct queue_row *row,
			    const struct queue_side *side);
const char *queues_key_note(struct drawing *d, const struct queue_row *row,
			    const struct queue_side *side);
/* "steps 48–70" */
const char *queues_steps(struct drawing *d);

/* draw_panel.c */
void queues_panel(struct drawing *d, unsigned int side);

/* draw_between.c: the arrow and the callout */
void queues_measure_arrow(struct drawing *d);
long queues_arrow_height(struct drawing *d);
void queues_arrow(struct drawing *d);
void queues_fill_callout(struct drawing *d);
/* Returns where it ends. */
long queues_callout(struct drawing *d, long y);

#endif
