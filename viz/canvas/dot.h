/*
 * dot.h - a canvas whose shapes are nodes of DOT text.
 *
 * Lengths are hundredths of a point, whole numbers: so the text is the same
 * on every machine.  x goes right, y goes down from the top of the canvas.
 * Shapes lie above those that were drawn before them; lines lie above all
 * shapes.
 */
#ifndef VIZ_CANVAS_DOT_H
#define VIZ_CANVAS_DOT_H

#include <stdbool.h>
#include <stdio.h>

#include "viz/viz.h"

#define PT 100L /* one point */

#define INK "#1B1F24"
#define PAPER "#FFFFFF"
#define SECONDARY "#57606A"
#define NEUTRAL "#6E7781"
#define CALL_FILL "#E7EBF0"
#define RULE "#C9D1D9"
#define PANEL_FILL "#F3F5F8"
#define LIFELINE "#AAB4BE"
#define PROGRAM "#8C96A0"
#define OK_STROKE "#00795A"
#define OK_FILL "#DDF3EC"
#define OK_BAR "#8FD3BE" /* far from BAD_STROKE in luminance */
#define TIMER_STROKE "#8E4A8B"
#define TIMER_FILL "#F5E6F4"
#define BAD_STROKE "#B3001B"
#define BAD_FILL "#FDECEE"
#define LOCK0_STROKE "#0072B2"
#define LOCK0_FILL "#DCEBF5"
#define LOCK1_STROKE "#D98C00" /* deadlock, too */
#define LOCK1_FILL "#FCEFD2"
#define LOCK2_STROKE "#3B9FC9"
#define LOCK2_FILL "#E0F2FA"
#define LOCK3_STROKE "#7A6A9B"
#define LOCK3_FILL "#ECE8F3"

/* Colours of a lock by its number; neutral ones beyond. */
#define LOCK_COLOURS 4u
const char *lock_stroke(unsigned int colour);
const char *lock_fill(unsigned int colour);

/* Sizes of type in tenths of a point. */
#define TITLE_SIZE 150
#define HEAD_SIZE 105
#define BADGE_SIZE 100
#define TEXT_SIZE 90
#define SMALL_SIZE 85
#define NOTE_SIZE 80

/*
 * A box and the text in it.  Fields left zero: no id, no class, no outline,
 * no fill, no label, centred text in TEXT_SIZE, mono, INK.
 */
struct shape {
	const char *id;
	const char *class;
	const char *form; /* NULL: "box"; "circle", "octagon", "diamond" ... */
	long x, y; /* centre */
	long width, height;
	const char *fill;
	const char *stroke;
	int pen; /* tenths of a point */
	bool is_rounded;
	bool is_dashed;
	const char *label;
	const char *color; /* of the label; a lock's is INK */
	int size; /* of the label */
	bool is_bold;
	bool is_left;
	bool is_sans;
	const char *tooltip;
};

struct canvas {
	FILE *out;
	enum viz_theme theme;
	unsigned int nodes; /* so far; names shapes that have no id */
};

/*
 * Colours are always given as those above, which are the light theme's; the
 * canvas puts those of @theme in their place (theme.h).
 */
void canvas_begin(struct canvas *c, FILE *out, const char *name,
		  enum viz_theme theme);
void canvas_end(struct canvas *c);
void canvas_shape(struct canvas *c, const struct shape *shape);

struct line_style {
	const char *id;
	const char *class;
	const char *color;
	int pen; /* tenths of a point */
	bool is_dashed;
	bool has_tip;
	bool has_tee; /* it ends in a bar across: nobody takes it up */
};
/* A horizontal line from @x0 to @x1, between two shapes by id. */
void canvas_line(struct canvas *c, const char *from, const char *to, long x0,
		 long x1, long y, const struct line_style *style);

struct spot {
	long x, y;
};
/*
 * A cubic curve from @at[0] to @at[3]; more of them follow each other, each
 * beginning where the last one ends: 4, 7, 10 ... places.
 */
void canvas_curve(struct canvas *c, const char *from, const char *to,
		  const struct spot *at, unsigned int count,
		  const struct line_style *style);

/* Width of @columns characters of mono type of @size tenths of a point. */
long mono_width(unsigned int columns, int size);
/* A width in which @columns characters of bold sans type surely fit. */
long sans_width(unsigned int columns, int size);

#endif
