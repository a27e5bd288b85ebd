/*
 * draw_arrows.c - arrows from box to lane, with their labels.
 */
#include "viz/sequence/picture.h"

/* From box to label; the label is left out if less than this remains. */
#define LABEL_GAP (13 * PT)
#define LABEL_REST (34 * PT)
/* What is enough where the label has to give way to a bar. */
#define LABEL_REST_MIN (20 * PT)

struct line_style arrow_style(enum arrow arrow, unsigned int colour)
{
	switch (arrow) {
	case ARROW_WAKE:
		return (struct line_style){
			.class = "wake", .color = OK_STROKE, .pen = 18};
	case ARROW_PERMIT:
		return (struct line_style){.class = "wake permit",
					   .color = OK_STROKE,
					   .pen = 13,
					   .is_dashed = true};
	case ARROW_ARM:
		return (struct line_style){.class = "timer arm",
					   .color = TIMER_STROKE,
					   .pen = 13,
					   .is_dashed = true};
	case ARROW_FIRE:
		return (struct line_style){.class = "timer fire",
					   .color = TIMER_STROKE,
					   .pen = 13};
	case ARROW_SIGNAL:
		return (struct line_style){.class = "timer signal",
					   .color = TIMER_STROKE,
					   .pen = 13};
	case ARROW_DELIVER:
		return (struct line_style){.class = "timer deliver",
					   .color = TIMER_STROKE,
					   .pen = 13};
	case ARROW_BIRTH:
		return (struct line_style){
			.class = "birth", .color = INK, .pen = 13};
	case ARROW_HAND:
		return (struct line_style){.class = "lk hand",
					   .color = lock_stroke(colour),
					   .pen = 18};
	case ARROW_NONE:
	case ARROW_COUNT:
		break;
	}
	return (struct line_style){.class = "", .color = INK, .pen = 10};
}

static struct line_style row_style(const struct picture *p,
				   const struct row *row)
{
	return arrow_style(row->arrow, row_colour(p->s, row));
}

/* Where an arrow's tip is: beside a parked bar, a timer or the lifeline. */
static long arrow_end(const struct picture *p, unsigned int i, int lane)
{
	const struct row *row = &p->s->rows[i];
	int direction = lane > row->lane ? 1 : -1;
	long x = p->lane_x[lane];

	for (unsigned int k = 0; k < p->s->bar_count; k++) {
		const struct bar *bar = &p->s->bars[k];

		if (row->arrow == ARROW_ARM && bar->kind == BAR_TIMER &&
		    bar->from == i && !bar->is_open)
			x = timer_x(p, bar);
	}
	if (row->arrow == ARROW_DELIVER)
		return x;
	return x - direction * (row->arrow == ARROW_ARM ? 500 : 600);
}

static void draw_arrow_label(struct picture *p, const struct row *row,
			     long left, long right, long y)
{
	struct line_style style = row_style(p, row);

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

static long box_side(const struct picture *p, const struct row *row,
		     int direction)
{
	return p->lane_x[row->lane] + direction * p->lane_width[row->lane] / 2;
}

/* Further tips: on the way of the arrow, or a line to the other side. */
static void draw_stops(struct picture *p, unsigned int i)
{
	const struct row *row = &p->s->rows[i];
	struct line_style style = row_style(p, row);

	style.class = class_at(p, style.class, row);
	style.has_tip = true;
	for (unsigned int k = 0; k < row->stop_count; k++) {
		int lane = row->stops[k];
		int direction = lane > row->lane ? 1 : -1;
		long end = arrow_end(p, i, lane);
		long start = box_side(p, row, direction);

		if (direction == (row->arrow_lane > row->lane ? 1 : -1))
			start = end - direction * 8 * PT;
		canvas_line(&p->c, step_id(p, "s", row->n),
			    step_id(p, "lane", (uint32_t)lane), start, end,
			    p->row_y[i], &style);
	}
}

/* Is there a bar in the row between @left and @right?  A gap means its end. */
static bool has_bar(const struct picture *p, unsigned int row, long left,
		    long right)
{
	for (unsigned int i = 0; i < p->s->bar_count; i++) {
		const struct bar *bar = &p->s->bars[i];
		long x = bar_x(p, bar);

		if (bar->from <= row && row <= bar->to &&
		    x + BAR_REACH > left && x - BAR_REACH < right)
			return true;
	}
	return false;
}

/* How far from @start the label begins; 0: there is no room for it. */
static long label_offset(const struct picture *p, unsigned int row, long start,
			 long end, long label)
{
	long room = (end - start) * (end < start ? -1 : 1) - label;
	long rest = LABEL_REST;

	for (long gap = LABEL_GAP; gap + rest <= room; gap += 2 * PT) {
		long near = start + (end < start ? -gap : gap);
		long far = near + (end < start ? -label : label);

		if (!has_bar(p, row, near < far ? near : far,
			     near < far ? far : near))
			return gap;
		rest = LABEL_REST_MIN;
	}
	return 0;
}

/* A line with its label in a gap, @start being the end beside the label. */
static void draw_arrow(struct picture *p, unsigned int i)
{
	const struct row *row = &p->s->rows[i];
	struct line_style style = row_style(p, row);
	int direction = row->arrow_lane > row->lane ? 1 : -1;
	long start = box_side(p, row, direction);
	long end = arrow_end(p, i, row->arrow_lane);
	long label =
		mono_width(text_columns(row->arrow_label), NOTE_SIZE) + 6 * PT;
	const char *from = step_id(p, "s", row->n);
	const char *to = step_id(p, "lane", (uint32_t)row->arrow_lane);
	bool is_in = row->arrow == ARROW_DELIVER;
	long offset = label_offset(p, i, start, end, label);

	style.class = class_at(p, style.class, row);
	if (offset > 0) {
		long left = start + direction * offset;
		long right = left + direction * label;
		struct line_style solid = style;

		/* Too short for a pattern: a dash and a stray dot. */
		solid.is_dashed &= offset > LABEL_GAP;
		solid.has_tip = is_in;
		if (is_in)
			canvas_line(&p->c, to, from, left, start, p->row_y[i],
				    &solid);
		else
			canvas_line(&p->c, from, to, start, left, p->row_y[i],
				    &solid);
		draw_arrow_label(p, row, left < right ? left : right,
				 left < right ? right : left, p->row_y[i]);
		start = right;
		style.has_tip = !is_in;
	} else {
		style.has_tip = true;
	}
	style.id = step_id(p, "a", row->n);
	if (is_in)
		canvas_line(&p->c, to, from, end, start, p->row_y[i], &style);
	else
		canvas_line(&p->c, from, to, start, end, p->row_y[i], &style);
}

void draw_arrows(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->row_count; i++) {
		if (p->s->rows[i].arrow == ARROW_NONE)
			continue;
		draw_arrow(p, i);
		draw_stops(p, i);
	}
}
