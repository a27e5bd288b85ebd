/*
 * draw_notes.c - the callout below the violation, and the legend, which
 * explains what the picture uses and nothing else.
 */
#include "viz/picture.h"

#define LEGEND_LINE (15 * PT)

/* ---- callout ---------------------------------------------------------------
 */

/* Wide enough for its text, and to reach below the box it points at. */
static long callout_width(const struct picture *p, long left)
{
	unsigned int columns = 0;
	long reach = 0, width;

	for (unsigned int i = 0; i < p->callout_count; i++) {
		unsigned int n = text_columns(p->callout[i]);

		columns = n > columns ? n : columns;
	}
	width = mono_width(columns, SMALL_SIZE) + 24 * PT;
	if (p->s->violation_row >= 0)
		reach = p->lane_x[p->s->rows[p->s->violation_row].lane] +
			20 * PT - left;
	return width > reach ? width : reach;
}

static const char *callout_class(struct picture *p, const char *what)
{
	if (p->s->violation_row < 0)
		return what;
	return class_at(p, what, &p->s->rows[p->s->violation_row]);
}

static void draw_callout_box(struct picture *p, long left, long width,
			     long height)
{
	long y = p->callout_y + height / 2;

	canvas_shape(&p->c, &(struct shape){
				    .id = "callout",
				    .class = callout_class(p, "callout"),
				    .x = left + width / 2,
				    .y = y,
				    .width = width,
				    .height = height,
				    .fill = PAPER,
				    .stroke = BAD_STROKE,
				    .pen = 14,
			    });
	canvas_shape(&p->c, &(struct shape){
				    .class = callout_class(p, "calloutbar"),
				    .x = left + 2 * PT,
				    .y = y,
				    .width = 4 * PT,
				    .height = height,
				    .fill = BAD_STROKE,
			    });
	if (p->s->violation_row < 0)
		return;
	canvas_shape(
		&p->c,
		&(struct shape){
			.class = callout_class(p, "calloutbar"),
			.form = "triangle",
			.x = p->lane_x[p->s->rows[p->s->violation_row].lane],
			.y = p->callout_y - 150,
			.width = 9 * PT,
			.height = 6 * PT,
			.fill = BAD_STROKE,
		});
}

void draw_callout(struct picture *p)
{
	long left = p->gutter + 6 * PT;
	long width = callout_width(p, left);
	long height = p->callout_count * LINE + 12 * PT;

	if (p->callout_count == 0)
		return;
	draw_callout_box(p, left, width, height);
	for (unsigned int i = 0; i < p->callout_count; i++) {
		long room = width - 16 * PT;

		canvas_shape(&p->c,
			     &(struct shape){
				     .class = callout_class(p, "txt"),
				     .x = left + 12 * PT + room / 2,
				     .y = p->callout_y + 12 * PT + LINE * i,
				     .width = room,
				     .height = 13 * PT,
				     .label = p->callout[i],
				     .color = i == 0 ? BAD_STROKE : INK,
				     .size = SMALL_SIZE,
				     .is_bold = i == 0,
				     .is_left = true,
			     });
	}
}

/* ---- legend ------------------------------------------------------------ */

/* A pen that writes entries from left to right and wraps. */
struct legend {
	struct picture *p;
	long x, y;
	unsigned int lines; /* arrows so far, for their ids */
};

/* Room for an entry; x is then the left edge of its swatch. */
static void make_room(struct legend *l, long swatch, const char *text)
{
	long width =
		swatch + mono_width(text_columns(text), NOTE_SIZE) + 8 * PT;

	if (l->x > LEFT && l->x + width > l->p->width) {
		l->x = LEFT;
		l->y += LEGEND_LINE;
	}
}

static void put_words(struct legend *l, long swatch, const char *text)
{
	long width = mono_width(text_columns(text), NOTE_SIZE) + 4 * PT;

	l->x += swatch + 6 * PT;
	canvas_shape(&l->p->c, &(struct shape){
				       .class = "muted",
				       .x = l->x + width / 2,
				       .y = l->y,
				       .width = width,
				       .height = 12 * PT,
				       .label = text,
				       .color = SECONDARY,
				       .size = NOTE_SIZE,
				       .is_left = true,
			       });
	l->x += width + 12 * PT;
}

static void put_swatch(struct legend *l, struct shape shape, const char *text)
{
	make_room(l, shape.width, text);
	shape.x = l->x + shape.width / 2;
	shape.y = l->y;
	canvas_shape(&l->p->c, &shape);
	put_words(l, shape.width, text);
}

static void put_arrow(struct legend *l, const char *color, int pen,
		      bool is_dashed, const char *text)
{
	struct line_style style = {
		.color = color,
		.pen = pen,
		.is_dashed = is_dashed,
		.has_tip = true,
	};
	const char *from = step_id(l->p, "from", ++l->lines);
	const char *to = step_id(l->p, "to", l->lines);

	make_room(l, 18 * PT, text);
	canvas_shape(&l->p->c, &(struct shape){.id = from,
					       .x = l->x,
					       .y = l->y,
					       .width = PT,
					       .height = PT});
	canvas_shape(&l->p->c, &(struct shape){.id = to,
					       .x = l->x + 18 * PT,
					       .y = l->y,
					       .width = PT,
					       .height = PT});
	canvas_line(&l->p->c, from, to, l->x, l->x + 18 * PT, l->y, &style);
	put_words(l, 18 * PT, text);
}

/* The first bar of a kind, or NULL. */
static const struct bar *find_bar(const struct story *s, enum bar_kind kind)
{
	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].kind == kind)
			return &s->bars[i];
	return NULL;
}

static bool has_arrow(const struct story *s, enum arrow arrow)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].arrow == arrow)
			return true;
	return false;
}

static void put_locks(struct legend *l)
{
	struct story *s = l->p->s;

	for (unsigned int i = 0; i < LOCK_COLOURS; i++)
		if (s->lock_of_colour[i])
			put_swatch(
				l,
				(struct shape){.class = "lk",
					       .width = 5 * PT,
					       .height = 12 * PT,
					       .fill = lock_stroke(i)},
				story_format(s, "holds %s",
					     words_of_lock(
						     s, s->lock_of_colour[i])));
}

static void put_bars(struct legend *l)
{
	const struct bar *wait = find_bar(l->p->s, BAR_WAIT);
	struct shape shape = {.class = "parkbar",
			      .width = PARK_WIDTH,
			      .height = 12 * PT,
			      .fill = PAPER,
			      .stroke = NEUTRAL,
			      .is_dashed = true};

	if (find_bar(l->p->s, BAR_PARK))
		put_swatch(l, shape, "parked");
	if (!wait)
		return;
	shape.stroke = lock_stroke(wait->colour);
	put_swatch(l, shape, "waits for a lock");
}

/* The colour of the first lock that is handed over. */
static const char *hand_colour(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].arrow == ARROW_HAND)
			return lock_stroke(s->colours[s->rows[i].lock]);
	return NEUTRAL;
}

static void put_arrows(struct legend *l)
{
	struct story *s = l->p->s;

	if (has_arrow(s, ARROW_WAKE))
		put_arrow(l, OK_STROKE, 18, false, "wake");
	if (has_arrow(s, ARROW_PERMIT))
		put_arrow(l, OK_STROKE, 13, true, "wake of a thread awake");
	if (has_arrow(s, ARROW_HAND))
		put_arrow(l, hand_colour(s), 18, false, "lock handed over");
	if (has_arrow(s, ARROW_ARM))
		put_arrow(l, TIMER_STROKE, 13, true, "arm timer");
	if (has_arrow(s, ARROW_FIRE))
		put_arrow(l, TIMER_STROKE, 13, false, "expire / signal");
}

/* A chip of the state panel explains itself with a thread's name. */
static void put_chips(struct legend *l)
{
	struct story *s = l->p->s;
	const char *queued = NULL, *removed = NULL;

	for (unsigned int i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		if (cell->removed > 0 && !removed)
			removed = cell->chips[0];
		if (cell->chip_count > cell->removed && !queued)
			queued = cell->chips[cell->removed];
	}
	if (queued) {
		make_room(l, chip_width(queued), "queued");
		draw_chip(l->p, l->x, l->y, queued, false, 0);
		put_words(l, chip_width(queued), "queued");
	}
	if (removed) {
		make_room(l, chip_width(removed), "just removed");
		draw_chip(l->p, l->x, l->y, removed, true, 0);
		put_words(l, chip_width(removed), "just removed");
	}
}

static bool has_folded(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].folded > 0)
			return true;
	return false;
}

static void put_marks(struct legend *l)
{
	struct story *s = l->p->s;
	bool has_evidence = false;

	for (unsigned int i = 0; i < s->row_count; i++)
		has_evidence |= s->rows[i].is_evidence;
	if (has_folded(s))
		put_swatch(l,
			   (struct shape){.class = "ev",
					  .width = 20 * PT,
					  .height = CHIP_HEIGHT,
					  .fill = PAPER,
					  .stroke = NEUTRAL,
					  .label = "⋯n",
					  .size = NOTE_SIZE},
			   "n steps folded");
	put_swatch(l,
		   (struct shape){.class = "run",
				  .width = 3 * PT,
				  .height = 12 * PT,
				  .fill = PROGRAM},
		   "uninterrupted run");
	if (s->violation_row >= 0)
		put_swatch(l,
			   (struct shape){.class = "calloutbar",
					  .width = 18 * PT,
					  .height = 11 * PT,
					  .fill = BAD_STROKE},
			   "violating step");
	if (has_evidence)
		put_swatch(l,
			   (struct shape){.class = "evid",
					  .width = 18 * PT,
					  .height = 11 * PT,
					  .fill = BAD_FILL,
					  .stroke = BAD_STROKE,
					  .pen = 18,
					  .is_rounded = true},
			   "• evidence");
}

void draw_legend(struct picture *p)
{
	struct legend l = {.p = p, .x = LEFT, .y = p->bottom + 14 * PT};

	put_locks(&l);
	put_bars(&l);
	put_arrows(&l);
	put_chips(&l);
	put_marks(&l);
}
