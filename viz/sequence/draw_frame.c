/*
 * draw_frame.c - what stands around the steps: panels, rows, heads and caps
 * of the lanes.
 */
#include "viz/sequence/picture.h"

/* A box from edge to edge. */
static struct shape span(long left, long right, long top, long bottom)
{
	return (struct shape){
		.x = (left + right) / 2,
		.y = (top + bottom) / 2,
		.width = right - left,
		.height = bottom - top,
	};
}

static void draw_panel(struct picture *p, const char *id, long left, long right,
		       const char *name)
{
	struct shape panel = span(left, right, p->top, p->bottom);
	struct shape title = span(left + 2 * PT, right - 2 * PT,
				  p->top + 1 * PT, p->top + 14 * PT);
	unsigned int columns =
		(unsigned int)(title.width / mono_width(1, SMALL_SIZE));

	panel.id = id;
	panel.class = "panel";
	panel.fill = PANEL_FILL;
	panel.stroke = RULE;
	canvas_shape(&p->c, &panel);
	title.class = "muted";
	title.label = text_cut(p->s->memory, name, columns);
	title.color = SECONDARY;
	title.size = SMALL_SIZE;
	title.is_sans = true;
	canvas_shape(&p->c, &title);
}

void draw_panels(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->panel_count; i++)
		draw_panel(p, step_id(p, "panel", i), p->panel_left[i],
			   p->panel_right[i], p->s->panels[i].name);
	if (p->state_left)
		draw_panel(p, "state", p->state_left, p->state_right,
			   "state after step");
}

/* One stripe for each run of rows of one mover, and a rule between runs. */
void draw_runs(struct picture *p)
{
	struct story *s = p->s;
	unsigned int first = 0;
	bool is_dark = false;

	for (unsigned int i = 1; i <= s->row_count; i++) {
		long x = p->gutter - 5 * PT;
		struct shape stripe;

		if (i < s->row_count && !s->rows[i].is_cut)
			continue;
		stripe = span(x - 150, x + 150,
			      p->row_y[first] - p->row_height / 2 + 50,
			      p->row_y[i - 1] + p->row_height / 2 - 50);
		stripe.class = "run";
		stripe.fill = is_dark ? PROGRAM : RULE;
		canvas_shape(&p->c, &stripe);
		if (i < s->row_count) {
			long y = p->row_y[i] - p->row_height / 2;
			struct shape rule =
				span(p->gutter, p->width, y - 25, y + 25);

			rule.class = "rule";
			rule.fill = RULE;
			canvas_shape(&p->c, &rule);
		}
		is_dark = !is_dark;
		first = i;
	}
}

/* The band of a row, which is what a viewer can click on, and its number. */
static void draw_row_band(struct picture *p, const struct row *row, long y)
{
	bool is_bad = row->is_violation;
	bool is_marked = is_bad || row->is_evidence;
	struct shape band =
		span(0, p->width, y - p->row_height / 2, y + p->row_height / 2);
	struct shape number =
		span(4 * PT, p->gutter - 8 * PT, y - 6 * PT, y + 6 * PT);
	const char *name =
		row->look == LOOK_GAP ? "" : p->s->lanes[row->lane].name;

	band.id = step_id(p, "row", row->n);
	band.class = is_bad ? "row badrow" : "row";
	band.fill = is_bad ? BAD_FILL : NULL;
	band.tooltip =
		story_format(p->s, "step %u: %s %s", row->n, name, row->text);
	canvas_shape(&p->c, &band);
	number.class = class_at(p, "num", row);
	number.label = story_format(p->s, "%s %*u",
				    is_bad	       ? "✗"
				    : row->is_evidence ? "•"
						       : " ",
				    p->digits, row->n);
	number.color = is_marked ? BAD_STROKE : SECONDARY;
	number.size = SMALL_SIZE;
	number.is_left = true;
	canvas_shape(&p->c, &number);
}

void draw_row_bands(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->row_count; i++)
		draw_row_band(p, &p->s->rows[i], p->row_y[i]);
}

/* A thread that is not there from the start has no line before its birth. */
static void draw_life(struct picture *p, unsigned int lane)
{
	unsigned int born = p->s->lanes[lane].born;
	struct shape line = span(p->lane_x[lane] - 45, p->lane_x[lane] + 45,
				 p->head_y + 9 * PT, p->cap_y - 7 * PT);
	long bottom = line.y + line.height / 2;

	if (born >= p->s->row_count && born > 0)
		return;
	if (born > 0 || p->s->lanes[lane].is_born_here) {
		line.height = bottom - p->row_y[born];
		line.y = bottom - line.height / 2;
	}
	line.class = "life";
	line.fill = LIFELINE;
	canvas_shape(&p->c, &line);
}

/* Whether the lane's thread begins later, or never. */
static bool is_late(const struct picture *p, unsigned int lane)
{
	return p->s->lanes[lane].born > 0 || p->s->lanes[lane].is_born_here;
}

void draw_lanes(struct picture *p)
{
	struct story *s = p->s;

	for (unsigned int i = 0; i < s->lane_count; i++)
		canvas_shape(&p->c, &(struct shape){
					    .id = step_id(p, "lane", i),
					    .class = "head",
					    .x = p->lane_x[i],
					    .y = p->head_y,
					    .width = p->lane_width[i],
					    .height = 18 * PT,
					    .fill = PAPER,
					    .stroke = SECONDARY,
					    .pen = 10,
					    .is_rounded = true,
					    .is_dashed = is_late(p, i),
					    .label = s->lanes[i].name,
					    .size = HEAD_SIZE,
					    .is_bold = true,
				    });
	for (unsigned int i = 0; i < s->lane_count; i++)
		draw_life(p, i);
}

/* A minus sign instead of a hyphen is for the eye only. */
static const char *cap_label(struct picture *p, const char *cap)
{
	return words_fit(p->s, cap, p->s->box_chars);
}

void draw_caps(struct picture *p)
{
	struct story *s = p->s;

	for (unsigned int i = 0; i < s->lane_count; i++) {
		const struct lane *lane = &s->lanes[i];
		bool is_bad = lane->cap_is_bad;

		canvas_shape(&p->c,
			     &(struct shape){
				     .id = step_id(p, "cap", i),
				     .class = is_bad ? "cap bad" : "cap",
				     .x = p->lane_x[i],
				     .y = p->cap_y,
				     .width = p->lane_width[i],
				     .height = 15 * PT,
				     .fill = is_bad ? BAD_FILL : PAPER,
				     .stroke = is_bad ? BAD_STROKE : PROGRAM,
				     .pen = is_bad ? 18 : 9,
				     .label = cap_label(p, lane->cap),
				     .color = is_bad		   ? BAD_STROKE
					      : lane->cap_is_muted ? SECONDARY
								   : INK,
				     .size = NOTE_SIZE,
				     .is_bold = is_bad,
			     });
	}
}
