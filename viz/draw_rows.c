/*
 * draw_rows.c - the steps: boxes, the bars beside and between them, arrows.
 */
#include "viz/picture.h"

/* From box to label; the label is left out if less than this remains. */
#define LABEL_GAP (13 * PT)
#define LABEL_REST (34 * PT)
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

/* The first row below the bar's top where two lines of text cross no arrow. */
static unsigned int note_row(const struct picture *p, const struct bar *bar)
{
	unsigned int first = bar->from + 1;

	for (unsigned int i = first; i < first + NOTE_ROWS_MAX; i++) {
		if (i + 1 >= bar->to || i + 1 >= p->s->row_count)
			break;
		if (!is_crossed(p, i, bar->lane) &&
		    !is_crossed(p, i + 1, bar->lane))
			return i;
	}
	return first;
}

static void draw_note(struct picture *p, const struct bar *bar, long y,
		      const char *text)
{
	long width = mono_width(text_columns(text), NOTE_SIZE) + 2 * PT;
	long left = p->lane_x[bar->lane] + PARK_WIDTH / 2 + 3 * PT;

	canvas_shape(&p->c,
		     &(struct shape){
			     .class = class_at(p, "muted", first_row(p, bar)),
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

static void draw_park_note(struct picture *p, const struct bar *bar)
{
	unsigned int row = note_row(p, bar);
	long room = p->lane_width[bar->lane] / 2 + 3 * PT;
	long y = p->row_y[bar->from] + (long)(row - bar->from) * p->row_height;

	if (row >= bar->to || row >= p->s->row_count)
		return;
	y = p->row_y[row];
	if (mono_width(6, NOTE_SIZE) <= room)
		draw_note(p, bar, y, "parked");
	if (bar->note && row + 1 < bar->to && row + 1 < p->s->row_count &&
	    mono_width(text_columns(bar->note), NOTE_SIZE) <= room)
		draw_note(p, bar, y + 11 * PT, bar->note);
}

static void draw_park(struct picture *p, const struct bar *bar)
{
	bool is_wait = bar->kind == BAR_WAIT;
	long top = p->row_y[bar->from] + p->row_height / 2;
	long bottom = row_end(p, bar->to);
	struct shape shape;

	if (is_wait && bar->to < p->s->row_count)
		bottom -= p->row_height / 2 - 2 * PT;
	if (bottom <= top)
		return;
	shape = upright(p->lane_x[bar->lane], PARK_WIDTH, top, bottom);
	shape.id = step_id(p, "park", first_row(p, bar)->n);
	shape.class = class_at(p, bar->is_bad ? "parkbar forever" : "parkbar",
			       first_row(p, bar));
	shape.fill = bar->is_bad ? BAD_FILL : PAPER;
	shape.stroke = bar->is_bad ? BAD_STROKE
		       : is_wait   ? lock_stroke(bar->colour)
				   : NEUTRAL;
	shape.pen = bar->is_bad ? 13 : 10;
	shape.is_dashed = true;
	canvas_shape(&p->c, &shape);
	if (!is_wait)
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

static long timer_x(const struct picture *p, const struct bar *bar)
{
	return p->lane_x[bar->lane] + 7 * PT * (long)bar->slot;
}

void draw_timers(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++) {
		const struct bar *bar = &p->s->bars[i];
		const struct row *row = first_row(p, bar);
		struct shape line;

		if (bar->kind != BAR_TIMER)
			continue;
		line = upright(timer_x(p, bar), 3 * PT, p->row_y[bar->from],
			       row_end(p, bar->to));
		line.class = class_at(p, "timer", row);
		line.fill = TIMER_STROKE;
		canvas_shape(&p->c, &line);
		line = upright(timer_x(p, bar), 8 * PT,
			       p->row_y[bar->from] - 4 * PT,
			       p->row_y[bar->from] + 4 * PT);
		line.id = step_id(p, "arm", row->n);
		line.class = class_at(p, "timer", row);
		line.form = "circle";
		line.fill = PAPER;
		line.stroke = TIMER_STROKE;
		line.pen = 15;
		canvas_shape(&p->c, &line);
	}
}

static void draw_tie(struct picture *p, const struct bar *bar, long x,
		     unsigned int row)
{
	long right = p->lane_x[bar->lane] - p->lane_width[bar->lane] / 2;

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

static void draw_hold(struct picture *p, const struct bar *bar)
{
	long box = p->lane_x[bar->lane] - p->lane_width[bar->lane] / 2;
	long x = box - 3 * PT - 250 -
		 SLOT * (long)(p->s->slot_count - 1 - bar->slot);
	long half = p->row_height / 2 - 250;
	long bottom = bar->to < p->s->row_count ? p->row_y[bar->to] + half
						: row_end(p, bar->to);
	struct shape shape =
		upright(x, 5 * PT, p->row_y[bar->from] - half, bottom);

	shape.class = class_at(p, "lk", first_row(p, bar));
	shape.fill = lock_stroke(bar->colour);
	shape.tooltip =
		story_format(p->s, "%s holds %s", p->s->lanes[bar->lane].name,
			     p->s->t->objects[bar->lock].name);
	canvas_shape(&p->c, &shape);
	draw_tie(p, bar, x + 250, bar->from);
	if (bar->to < p->s->row_count && bar->to != bar->from)
		draw_tie(p, bar, x + 250, bar->to);
}

void draw_holds(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++)
		if (p->s->bars[i].kind == BAR_HOLD)
			draw_hold(p, &p->s->bars[i]);
}

/* ---- boxes ------------------------------------------------------------- */

static struct shape look_shape(const struct picture *p, const struct row *row)
{
	unsigned int colour =
		row->lock ? p->s->colours[row->lock] : LOCK_COLOURS;

	switch (row->look) {
	case LOOK_CALL:
		return (struct shape){.class = "ev ev-call",
				      .fill = CALL_FILL,
				      .stroke = NEUTRAL,
				      .pen = 11,
				      .is_rounded = true};
	case LOOK_READ:
		return (struct shape){.class = "ev ev-read",
				      .fill = PAPER,
				      .stroke = NEUTRAL,
				      .pen = 9,
				      .is_rounded = true};
	case LOOK_STORE:
		return (struct shape){.class = "ev ev-store",
				      .fill = PAPER,
				      .stroke = INK,
				      .pen = 15,
				      .is_rounded = true};
	case LOOK_QUEUE:
		return (struct shape){.class = "ev ev-queue",
				      .fill = PAPER,
				      .stroke = INK,
				      .pen = 15};
	case LOOK_LOCK:
		return (struct shape){.class = "ev ev-lock",
				      .fill = lock_fill(colour),
				      .stroke = lock_stroke(colour),
				      .pen = 9};
	case LOOK_WAIT:
		return (struct shape){.class = "ev ev-wait",
				      .fill = PAPER,
				      .stroke = lock_stroke(colour),
				      .pen = 9,
				      .is_dashed = true};
	case LOOK_PARK:
		return (struct shape){.class = "ev ev-park",
				      .fill = PAPER,
				      .stroke = NEUTRAL,
				      .pen = 9,
				      .is_rounded = true,
				      .is_dashed = true};
	case LOOK_WAKE:
		return (struct shape){.class = "ev ev-wake",
				      .fill = OK_FILL,
				      .stroke = OK_STROKE,
				      .pen = 14,
				      .is_rounded = true};
	case LOOK_TIMER:
		return (struct shape){.class = "ev ev-timer",
				      .fill = TIMER_FILL,
				      .stroke = TIMER_STROKE,
				      .pen = 14,
				      .is_rounded = true};
	case LOOK_GAP:
		break;
	}
	return (struct shape){.class = "ev ev-gap",
			      .fill = PAPER,
			      .stroke = RULE,
			      .is_dashed = true,
			      .color = SECONDARY};
}

static void mark_shape(struct shape *shape, const struct row *row)
{
	if (row->is_violation) {
		shape->fill = shape->stroke = BAD_STROKE;
		shape->color = PAPER;
		shape->pen = 20;
		shape->is_bold = true;
	} else if (row->is_evidence) {
		shape->fill = BAD_FILL;
		shape->stroke = BAD_STROKE;
		shape->pen = 18;
	}
}

static const char *row_tooltip(struct picture *p, const struct row *row)
{
	const struct event *e = row_event(p->s, row);
	char point[POINT_NAME_MAX];

	if (row->look == LOOK_GAP)
		return NULL;
	return story_format(p->s, "step %u, t = %s, %s: %s%s%s", row->n,
			    words_of_time(p->s, e->time_ns),
			    p->s->lanes[row->lane].name,
			    event_point(e->kind, e->object_kind, point),
			    e->src ? " at " : "", e->src ? e->src : "");
}

static void draw_box(struct picture *p, const struct row *row, long y)
{
	struct story *s = p->s;
	struct shape shape = look_shape(p, row);

	shape.x = p->lane_x[row->lane];
	shape.width = p->lane_width[row->lane];
	if (row->look == LOOK_GAP) {
		long left = p->panel_left[0] + 10 * PT;
		long right = p->panel_right[s->panel_count - 1] - 10 * PT;

		shape.x = (left + right) / 2;
		shape.width = right - left;
	}
	shape.y = y;
	shape.height = p->row_height - 4 * PT;
	mark_shape(&shape, row);
	shape.class = class_at(p, shape.class, row);
	if (row->folded > 0 && row->look != LOOK_GAP) {
		struct shape back = shape;

		back.x += 2 * PT;
		back.y += 2 * PT;
		canvas_shape(&p->c, &back);
	}
	shape.id = step_id(p, "s", row->n);
	shape.label = row->text;
	shape.tooltip = row_tooltip(p, row);
	canvas_shape(&p->c, &shape);
}

void draw_boxes(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->row_count; i++)
		draw_box(p, &p->s->rows[i], p->row_y[i]);
}

/* ---- arrows ------------------------------------------------------------ */

static struct line_style arrow_style(const struct picture *p,
				     const struct row *row)
{
	switch (row->arrow) {
	case ARROW_WAKE:
		return (struct line_style){
			.class = "wake", .color = OK_STROKE, .pen = 18};
	case ARROW_PERMIT:
		return (struct line_style){.class = "wake",
					   .color = OK_STROKE,
					   .pen = 13,
					   .is_dashed = true};
	case ARROW_ARM:
		return (struct line_style){.class = "timer",
					   .color = TIMER_STROKE,
					   .pen = 13,
					   .is_dashed = true};
	case ARROW_FIRE:
		return (struct line_style){
			.class = "timer", .color = TIMER_STROKE, .pen = 13};
	case ARROW_HAND:
		return (struct line_style){
			.class = "lk",
			.color = lock_stroke(p->s->colours[row->lock]),
			.pen = 18};
	case ARROW_NONE:
		break;
	}
	return (struct line_style){.class = "", .color = INK, .pen = 10};
}

/* Where an arrow's tip is: beside a parked bar, a timer or the lifeline. */
static long arrow_end(const struct picture *p, unsigned int i, int direction)
{
	const struct row *row = &p->s->rows[i];
	long x = p->lane_x[row->arrow_lane];

	for (unsigned int k = 0; k < p->s->bar_count; k++) {
		const struct bar *bar = &p->s->bars[k];

		if (row->arrow == ARROW_ARM && bar->kind == BAR_TIMER &&
		    bar->from == i)
			x = timer_x(p, bar);
	}
	return x - direction * (row->arrow == ARROW_ARM ? 500 : 600);
}

static void draw_arrow_label(struct picture *p, const struct row *row,
			     long left, long right, long y)
{
	struct line_style style = arrow_style(p, row);

	canvas_shape(&p->c, &(struct shape){
				    .class = class_at(p, style.class, row),
				    .x = (left + right) / 2,
				    .y = y,
				    .width = right - left,
				    .height = 11 * PT,
				    .fill = PANEL_FILL,
				    .label = row->arrow_label,
				    .color = style.color,
				    .size = NOTE_SIZE,
			    });
}

static void draw_arrow(struct picture *p, unsigned int i)
{
	const struct row *row = &p->s->rows[i];
	struct line_style style = arrow_style(p, row);
	int direction = row->arrow_lane > row->lane ? 1 : -1;
	long start =
		p->lane_x[row->lane] + direction * p->lane_width[row->lane] / 2;
	long end = arrow_end(p, i, direction);
	long label =
		mono_width(text_columns(row->arrow_label), NOTE_SIZE) + 6 * PT;
	const char *from = step_id(p, "s", row->n);
	const char *to = step_id(p, "lane", (uint32_t)row->arrow_lane);

	style.class = class_at(p, style.class, row);
	if ((end - start) * direction >= LABEL_GAP + label + LABEL_REST) {
		long left = start + direction * LABEL_GAP;
		long right = left + direction * label;
		struct line_style solid = style;

		/* Too short for a pattern: a dash and a stray dot. */
		solid.is_dashed = false;
		canvas_line(&p->c, from, to, start, left, p->row_y[i], &solid);
		draw_arrow_label(p, row, left < right ? left : right,
				 left < right ? right : left, p->row_y[i]);
		start = right;
	}
	style.has_tip = true;
	style.id = step_id(p, "a", row->n);
	canvas_line(&p->c, from, to, start, end, p->row_y[i], &style);
}

void draw_arrows(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->row_count; i++)
		if (p->s->rows[i].arrow != ARROW_NONE)
			draw_arrow(p, i);
}
