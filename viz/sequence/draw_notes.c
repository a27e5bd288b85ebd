/*
 * draw_notes.c - the callout below the violation.
 */
#include "viz/sequence/picture.h"

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

/* What is wrong at the end belongs to the last step. */
static const char *callout_class(struct picture *p, const char *what)
{
	int row = p->s->violation_row;

	if (row < 0)
		row = (int)p->s->row_count - 1;
	return class_at(p, what, &p->s->rows[row]);
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
