/*
 * draw_rows.c - the boxes of the steps.
 */
#include "viz/sequence/picture.h"

struct shape look_shape(enum look look, unsigned int colour)
{
	switch (look) {
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

void mark_shape(struct shape *shape, const struct row *row)
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

/* What the legend has to explain: the look, or the mark in its place. */
static const char *box_class(struct picture *p, const char *look,
			     const struct row *row)
{
	if (row->is_violation)
		return "ev bad-step";
	if (row->is_evidence)
		return "ev evidence";
	if (row->folded > 0 && row->look != LOOK_GAP)
		return story_format(p->s, "%s card", look);
	return look;
}

static void draw_box(struct picture *p, const struct row *row, long y)
{
	struct story *s = p->s;
	struct shape shape = look_shape(row->look, row_colour(p->s, row));

	if (row->look != LOOK_GAP) {
		shape.x = p->lane_x[row->lane];
		shape.width = p->lane_width[row->lane];
	} else {
		long left = p->panel_left[0] + 10 * PT;
		long right = p->panel_right[s->panel_count - 1] - 10 * PT;

		shape.x = (left + right) / 2;
		shape.width = right - left;
	}
	shape.y = y;
	shape.height = p->row_height - 4 * PT;
	mark_shape(&shape, row);
	shape.class = class_at(p, box_class(p, shape.class, row), row);
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
