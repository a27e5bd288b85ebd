/*
 * draw_side.c - one side of a comparison: panel, lanes, rows.
 */
#include "viz/diff/sides.h"

/* ---- frame ------------------------------------------------------------- */

static void draw_side_badge(struct sheet_of_two *d, struct side *side)
{
	const struct trace *t = side->s->t;
	const char *badge = sheet_badge(side->s->memory, t);
	const char *color = t->verdict_count ? BAD_STROKE : OK_STROKE;
	long width = sans_width(text_columns(badge), TEXT_SIZE) + 12 * PT;

	canvas_shape(&d->c, &(struct shape){
				    .id = side_id(side, "verdict", 0),
				    .class = t->verdict_count ? "verdict bad"
							      : "verdict ok",
				    .x = side->right - width / 2 - 6 * PT,
				    .y = d->top + 13 * PT,
				    .width = width,
				    .height = 16 * PT,
				    .fill = color,
				    .stroke = color,
				    .is_rounded = true,
				    .label = badge,
				    .color = PAPER,
				    .size = TEXT_SIZE,
				    .is_bold = true,
				    .is_sans = true,
			    });
}

static void draw_lane(struct sheet_of_two *d, struct side *side, unsigned int i)
{
	long from = d->top + HEAD_HEIGHT - 4 * PT, to = d->bottom - CAP_HEIGHT;
	const struct lane *lane = &side->s->lanes[i];

	canvas_shape(&d->c, &(struct shape){
				    .id = side_id(side, "lane", i),
				    .class = "lifeline",
				    .x = side->x[i],
				    .y = (from + to) / 2,
				    .width = 80,
				    .height = to - from,
				    .fill = LIFELINE,
			    });
	canvas_shape(&d->c, &(struct shape){
				    .x = side->x[i],
				    .y = d->top + HEAD_HEIGHT - 13 * PT,
				    .width = side->width[i],
				    .height = 15 * PT,
				    .label = lane->name,
				    .size = HEAD_SIZE,
				    .is_bold = true,
				    .is_sans = true,
			    });
	canvas_shape(&d->c,
		     &(struct shape){
			     .class = lane->cap_is_bad ? "cap bad" : "cap",
			     .x = side->x[i],
			     .y = to + 14 * PT,
			     .width = side->width[i],
			     .height = 14 * PT,
			     .fill = lane->cap_is_bad ? BAD_FILL : PAPER,
			     .stroke = lane->cap_is_bad ? BAD_STROKE : RULE,
			     .pen = 8,
			     .is_rounded = true,
			     .label = lane->cap,
			     .color = lane->cap_is_bad ? BAD_STROKE : SECONDARY,
			     .size = NOTE_SIZE,
		     });
}

void draw_side(struct sheet_of_two *d, struct side *side)
{
	struct story *s = side->s;

	canvas_shape(&d->c, &(struct shape){
				    .id = side_id(side, "panel", 0),
				    .class = "panel",
				    .x = (side->left + side->right) / 2,
				    .y = (d->top + d->bottom) / 2,
				    .width = side->right - side->left,
				    .height = d->bottom - d->top,
				    .fill = PANEL_FILL,
				    .stroke = RULE,
				    .pen = 8,
			    });
	draw_words(d, side->left + 10 * PT, side->right - 110 * PT,
		   d->top + 13 * PT,
		   &(struct shape){.label = side->name,
				   .size = HEAD_SIZE,
				   .is_bold = true,
				   .is_sans = true});
	draw_words(d, side->left + 10 * PT, side->right - 2 * PT,
		   d->top + 29 * PT,
		   &(struct shape){.class = "muted",
				   .label = sheet_facts(s->memory, s->t),
				   .color = SECONDARY,
				   .size = NOTE_SIZE});
	draw_side_badge(d, side);
}

/* ---- rows -------------------------------------------------------------- */

/* What differs has a band behind it, on the sides that it is on. */
void draw_bands(struct sheet_of_two *d)
{
	for (unsigned int i = 0; i < d->p.count; i++) {
		const struct level *level = &d->p.levels[i];

		for (unsigned int k = 0; k < 2; k++) {
			const struct side *side = &d->sides[k];

			if (level->mark == LEVEL_ALIKE || level->row[k] < 0)
				continue;
			canvas_shape(
				&d->c,
				&(struct shape){
					.class = "differs",
					.x = (side->left + side->right) / 2,
					.y = d->y[i],
					.width = side->right - side->left -
						 2 * PT,
					.height = d->height,
					.fill = CALL_FILL,
				});
		}
	}
}

static void draw_park(struct sheet_of_two *d, unsigned int k,
		      const struct bar *bar)
{
	struct side *side = &d->sides[k];
	long from = side_row_y(d, k, bar->from);
	long to = bar->to < side->s->row_count ? side_row_y(d, k, bar->to)
					       : d->bottom - CAP_HEIGHT;

	canvas_shape(&d->c,
		     &(struct shape){
			     .class = bar->is_bad ? "park bad" : "park",
			     .x = side->x[bar->lane],
			     .y = (from + to) / 2,
			     .width = PARK_WIDTH,
			     .height = to - from,
			     .fill = bar->is_bad ? BAD_FILL : PAPER,
			     .stroke = bar->is_bad ? BAD_STROKE : NEUTRAL,
			     .pen = 9,
			     .is_dashed = true,
		     });
}

static void draw_parks_of(struct sheet_of_two *d, unsigned int k)
{
	const struct story *s = d->sides[k].s;

	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].kind == BAR_PARK &&
		    s->bars[i].from < s->row_count)
			draw_park(d, k, &s->bars[i]);
}

static void draw_number(struct sheet_of_two *d, struct side *side,
			const struct row *row, long y)
{
	bool is_bad = row->is_violation || row->is_evidence;
	const char *mark = row->is_violation ? "✗ " : is_bad ? "• " : "";

	if (row->look == LOOK_GAP)
		return;
	canvas_shape(&d->c, &(struct shape){
				    .id = side_id(side, "row", row->n),
				    .class = side_class(side, "step", row),
				    .x = side->left + GUTTER / 2,
				    .y = y,
				    .width = GUTTER - 4 * PT,
				    .height = 12 * PT,
				    .label = story_format(side->s, "%s%u", mark,
							  row->n),
				    .color = is_bad ? BAD_STROKE : SECONDARY,
				    .size = NOTE_SIZE,
			    });
}

static void draw_box(struct sheet_of_two *d, struct side *side,
		     const struct row *row, long y)
{
	struct shape shape = look_shape(row->look, row_colour(side->s, row));

	shape.x = side->x[row->lane];
	shape.width = side->width[row->lane];
	if (row->look == LOOK_GAP) {
		shape.x = (side->left + side->right) / 2;
		shape.width = side->right - side->left - 20 * PT;
	}
	shape.y = y;
	shape.height = d->height - 4 * PT;
	mark_shape(&shape, row);
	shape.id = side_id(side, "s", row->n);
	shape.class = side_class(side, shape.class, row);
	shape.label = row->text;
	canvas_shape(&d->c, &shape);
}

static void draw_arrow_of(struct sheet_of_two *d, struct side *side,
			  const struct row *row, long y)
{
	struct line_style style;
	bool is_right = row->arrow_lane > row->lane;
	long from, to;

	if (row->arrow == ARROW_NONE || row->arrow_lane < 0 ||
	    row->look == LOOK_GAP || row->lane == row->arrow_lane)
		return;
	style = arrow_style(row->arrow, row_colour(side->s, row));
	style.class = side_class(side, style.class, row);
	style.has_tip = true;
	from = side->x[row->lane] +
	       (is_right ? 1 : -1) * side->width[row->lane] / 2;
	to = side->x[row->arrow_lane] - (is_right ? 6 : -6) * PT;
	if (row->arrow == ARROW_DELIVER) {
		long swap = from;

		from = to;
		to = swap;
	}
	canvas_line(&d->c, side_id(side, "s", row->n),
		    side_id(side, "lane", (uint32_t)row->arrow_lane), from, to,
		    y, &style);
}

void draw_rows_of(struct sheet_of_two *d, unsigned int k)
{
	struct side *side = &d->sides[k];

	for (unsigned int i = 0; i < side->s->lane_count; i++)
		draw_lane(d, side, i);
	draw_parks_of(d, k);
	for (unsigned int i = 0; i < side->s->row_count; i++) {
		const struct row *row = &side->s->rows[i];
		long y = side_row_y(d, k, i);

		draw_number(d, side, row, y);
		draw_box(d, side, row, y);
		draw_arrow_of(d, side, row, y);
	}
}
