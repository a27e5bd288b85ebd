/*
 * draw_bars.c - what lasts: threads parked or waiting, timers, locks held.
 */
#include "viz/sequence/picture.h"

#define NOTE_ROWS_MAX 14u

static long row_end(const struct picture *p, unsigned int row)
{
	return row < p->s->row_count ? p->row_y[row] : p->cap_y - 8 * PT;
}

static const struct row *first_row(const struct picture *p,
				   const struct bar *bar)
{
	return &p->s->rows[bar->from];
}

/* A thin upright box. */
static struct shape upright(long x, long width, long top, long bottom)
{
	return (struct shape){
		.x = x,
		.y = (top + bottom) / 2,
		.width = width,
		.height = bottom - top,
	};
}

/* From row to row, for scripts: "parkbar at12 from12 to40", "to0": no end. */
static const char *bar_class(struct picture *p, const char *what,
			     const struct bar *bar)
{
	const struct story *s = p->s;
	uint32_t to = bar->to < s->row_count ? s->rows[bar->to].n : 0;

	if (bar->is_open)
		return story_format(p->s, "%s from0 to%u", what, to);
	return story_format(p->s, "%s at%u from%u to%u", what,
			    s->rows[bar->from].n, s->rows[bar->from].n, to);
}

/* The upper end of a bar, that is of the first row if it began before that. */
static long bar_top(const struct picture *p, const struct bar *bar, long top)
{
	return bar->is_open ? p->start_y + 2 * PT : top;
}

/* ---- parked threads ---------------------------------------------------- */

static bool is_crossed(const struct picture *p, unsigned int row, int lane)
{
	const struct row *r = &p->s->rows[row];
	int low, high;

	if (r->arrow == ARROW_NONE)
		return false;
	low = r->lane < r->arrow_lane ? r->lane : r->arrow_lane;
	high = r->lane < r->arrow_lane ? r->arrow_lane : r->lane;
	return low <= lane && lane <= high;
}

/* The lock is the waiter's from here on: a note of who has it comes before. */
static bool is_given(const struct row *row, const struct bar *bar)
{
	return bar->kind == BAR_WAIT && row->arrow == ARROW_HAND &&
	       row->arrow_lane == bar->lane;
}

/*
 * The first row below the bar's top where @lines of text cross no arrow; -1
 * if there is none.
 */
static int note_row(const struct picture *p, const struct bar *bar,
		    unsigned int lines)
{
	unsigned int first = bar->from + !bar->is_open;

	for (unsigned int i = first; i < first + NOTE_ROWS_MAX; i++) {
		unsigned int last = i + lines - 1;

		if (last >= bar->to || last >= p->s->row_count ||
		    is_given(&p->s->rows[last], bar))
			break;
		if (!is_crossed(p, i, bar->lane) &&
		    !is_crossed(p, last, bar->lane))
			return (int)i;
	}
	return -1;
}

static void draw_note(struct picture *p, const struct bar *bar, long y,
		      const char *text)
{
	long width = mono_width(text_columns(text), NOTE_SIZE) + 2 * PT;
	long left = p->lane_x[bar->lane] + PARK_WIDTH / 2 + 3 * PT;

	canvas_shape(&p->c, &(struct shape){
				    .class = bar_class(p, "muted", bar),
				    .x = left + width / 2,
				    .y = y,
				    .width = width,
				    .height = 12 * PT,
				    .label = text,
				    .color = SECONDARY,
				    .size = NOTE_SIZE,
				    .is_left = true,
			    });
}

static bool note_fits(const struct picture *p, const struct bar *bar,
		      const char *note)
{
	long room = p->lane_width[bar->lane] / 2 + 3 * PT;

	return note && mono_width(text_columns(note), NOTE_SIZE) <= room;
}

static void draw_park_note(struct picture *p, const struct bar *bar)
{
	bool has_both =
		note_fits(p, bar, bar->note) && note_fits(p, bar, bar->note2);
	int row = has_both ? note_row(p, bar, 2) : -1;

	if (row >= 0) {
		draw_note(p, bar, p->row_y[row], bar->note);
		draw_note(p, bar, p->row_y[row] + 11 * PT, bar->note2);
		return;
	}
	row = note_row(p, bar, 1);
	if (row >= 0 && note_fits(p, bar, bar->note))
		draw_note(p, bar, p->row_y[row], bar->note);
}

static void draw_park(struct picture *p, const struct bar *bar)
{
	bool is_wait = bar->kind == BAR_WAIT;
	long top = bar_top(p, bar, p->row_y[bar->from] + p->row_height / 2);
	long bottom = row_end(p, bar->to);
	struct shape shape;

	if (is_wait && bar->to < p->s->row_count)
		bottom -= p->row_height / 2 - 2 * PT;
	if (bottom <= top)
		return;
	shape = upright(p->lane_x[bar->lane], PARK_WIDTH, top, bottom);
	if (!bar->is_open)
		shape.id = step_id(p, "park", first_row(p, bar)->n);
	shape.class =
		bar_class(p,
			  is_wait ? bar->is_bad ? "waitbar forever" : "waitbar"
			  : bar->is_bad ? "parkbar forever"
					: "parkbar",
			  bar);
	shape.fill = bar->is_bad ? BAD_FILL : PAPER;
	shape.stroke = bar->is_bad ? BAD_STROKE
		       : is_wait   ? lock_stroke(bar->colour)
				   : NEUTRAL;
	shape.pen = bar->is_bad ? 13 : 10;
	shape.is_dashed = true;
	canvas_shape(&p->c, &shape);
	draw_park_note(p, bar);
}

void draw_parks(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++)
		if (p->s->bars[i].kind == BAR_PARK ||
		    p->s->bars[i].kind == BAR_WAIT)
			draw_park(p, &p->s->bars[i]);
}

/* ---- timers and locks -------------------------------------------------- */

long timer_x(const struct picture *p, const struct bar *bar)
{
	return p->lane_x[bar->lane] + 7 * PT * (long)bar->slot;
}

static void draw_timer(struct picture *p, const struct bar *bar)
{
	struct shape line = upright(timer_x(p, bar), 3 * PT,
				    bar_top(p, bar, p->row_y[bar->from]),
				    row_end(p, bar->to));

	line.class = bar_class(p, "timer timerbar", bar);
	line.fill = TIMER_STROKE;
	canvas_shape(&p->c, &line);
	if (bar->is_open)
		return;
	line = upright(timer_x(p, bar), 8 * PT, p->row_y[bar->from] - 4 * PT,
		       p->row_y[bar->from] + 4 * PT);
	line.id = step_id(p, "arm", first_row(p, bar)->n);
	line.class = class_at(p, "timer", first_row(p, bar));
	line.form = "circle";
	line.fill = PAPER;
	line.stroke = TIMER_STROKE;
	line.pen = 15;
	canvas_shape(&p->c, &line);
}

void draw_timers(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++)
		if (p->s->bars[i].kind == BAR_TIMER)
			draw_timer(p, &p->s->bars[i]);
}

/* Only steps on the lock itself are tied to its bar. */
static bool is_tied(const struct picture *p, const struct bar *bar,
		    unsigned int row)
{
	const struct row *r;

	if (row >= p->s->row_count)
		return false;
	r = &p->s->rows[row];
	return r->lane == bar->lane && r->look == LOOK_LOCK &&
	       (r->lock == bar->lock || r->folded > 0);
}

static void draw_tie(struct picture *p, const struct bar *bar, long x,
		     unsigned int row)
{
	long right = p->lane_x[bar->lane] - p->lane_width[bar->lane] / 2;

	if (!is_tied(p, bar, row))
		return;
	canvas_shape(&p->c,
		     &(struct shape){
			     .class = class_at(p, "lk", &p->s->rows[row]),
			     .x = (x + right) / 2,
			     .y = p->row_y[row],
			     .width = right - x,
			     .height = 160,
			     .fill = lock_stroke(bar->colour),
		     });
}

/* The row in which who was handed a lock goes on with it. */
static unsigned int taking_row(const struct picture *p, const struct bar *bar)
{
	unsigned int i = bar->from;

	while (i < bar->to && !is_tied(p, bar, i))
		i++;
	return i;
}

static long hold_x(const struct picture *p, const struct bar *bar)
{
	long box = p->lane_x[bar->lane] - p->lane_width[bar->lane] / 2;

	return box - 3 * PT - 250 -
	       SLOT * (long)(p->s->slot_count - 1 - bar->slot);
}

long bar_x(const struct picture *p, const struct bar *bar)
{
	switch (bar->kind) {
	case BAR_HOLD:
		return hold_x(p, bar);
	case BAR_TIMER:
		return timer_x(p, bar);
	case BAR_PARK:
	case BAR_WAIT:
		break;
	}
	return p->lane_x[bar->lane];
}

static void draw_hold(struct picture *p, const struct bar *bar)
{
	long x = hold_x(p, bar);
	long half = p->row_height / 2 - 250;
	long top = bar_top(p, bar, p->row_y[bar->from] - half);
	long bottom = bar->to < p->s->row_count ? p->row_y[bar->to] + half
						: row_end(p, bar->to);
	struct shape shape = upright(x, 5 * PT, top, bottom);

	shape.class = bar_class(
		p, story_format(p->s, "lk hold lock%u", bar->colour), bar);
	shape.fill = lock_stroke(bar->colour);
	shape.tooltip =
		story_format(p->s, "%s holds %s", p->s->lanes[bar->lane].name,
			     p->s->t->objects[bar->lock].name);
	canvas_shape(&p->c, &shape);
	if (bar->is_handed)
		draw_tie(p, bar, x + 250, taking_row(p, bar));
	else if (!bar->is_open)
		draw_tie(p, bar, x + 250, bar->from);
	if (bar->to != bar->from || bar->is_open)
		draw_tie(p, bar, x + 250, bar->to);
}

void draw_holds(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++)
		if (p->s->bars[i].kind == BAR_HOLD)
			draw_hold(p, &p->s->bars[i]);
}
