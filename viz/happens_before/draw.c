/*
 * draw.c - the drawing of a happens-before picture: lanes, boxes, legend.
 */
#include <string.h>

#include "viz/happens_before/sketch.h"

#define GAP (58 * PT) /* between boxes of neighbouring lanes */
#define GAP_PAD (8 * PT) /* beside the widest label in it */
#define PANEL_PAD (13 * PT) /* beside its boxes */
#define EDGE (10 * PT) /* of the picture */
#define BOX_LEAST (132 * PT)
#define BOX_PAD (14 * PT)
#define TEXT_CHARS_MAX 36u
#define TEXT_CHARS_MANY 28u /* in many lanes */
#define LANES_MANY 6u
#define ROW (30 * PT)
#define ROW_TIGHT (27 * PT) /* a number of folded steps still fits */
#define LEVELS_TIGHT 45u
#define AISLE (4 * PT) /* between lines that pass a lane and such a number */
#define WIDTH_LEAST (480 * PT)

/* ---- places ------------------------------------------------------------ */

static unsigned int lanes_used(const struct figure *f)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < f->lane_count; i++)
		count += f->lanes[i].first >= 0;
	return count;
}

static void write_texts(struct sketch *s, unsigned int chars)
{
	struct figure *f = s->f;

	for (unsigned int i = 0; i < f->box_count; i++) {
		struct figure_box *b = &f->boxes[i];
		const char *words =
			words_for(f->story, &f->t->events[b->n - 1]);
		const char *text =
			story_format(f->story, "%u  %s", b->n, words);
		long width;

		b->text = text_cut(f->story->memory, text, chars);
		width = mono_width(text_columns(b->text), TEXT_SIZE) + BOX_PAD;
		if (width > s->box_width)
			s->box_width = width;
	}
}

static void set_places(struct sketch *s)
{
	struct figure *f = s->f;
	unsigned int lanes = lanes_used(f);
	long label = sketch_label_width(s) + GAP_PAD;
	long inner;

	s->box_width = BOX_LEAST;
	write_texts(s, lanes > LANES_MANY ? TEXT_CHARS_MANY : TEXT_CHARS_MAX);
	s->pitch = s->box_width + (label > GAP ? label : GAP);
	inner = (long)lanes * s->pitch;
	s->sheet.width = inner + 2 * EDGE;
	if (s->sheet.width < sheet_width(&s->sheet) + PT)
		s->sheet.width = sheet_width(&s->sheet) + PT;
	if (s->sheet.width < WIDTH_LEAST)
		s->sheet.width = WIDTH_LEAST;
	s->first_x = (s->sheet.width - inner) / 2 + s->pitch / 2;
	s->aisle = sketch_has_far_links(s) ? AISLE : 0;
	s->row = (f->level_count > LEVELS_TIGHT ? ROW_TIGHT : ROW) + s->aisle;
	s->top = sheet_top(&s->sheet);
	s->first_y = s->top + 56 * PT;
	s->bottom = s->first_y + s->row * (long)f->level_count + 14 * PT;
}

long sketch_x(const struct sketch *s, unsigned int box)
{
	return s->first_x + s->pitch * (long)place_of(s->f, box);
}

long sketch_y(const struct sketch *s, unsigned int box)
{
	return s->first_y + s->row * (long)s->f->boxes[box].level;
}

/* ---- lanes ------------------------------------------------------------- */

static void draw_lane(struct sketch *s, const struct figure_lane *l)
{
	long x = s->first_x + s->pitch * (long)l->place;
	bool is_kernel = l->mover < 0;

	canvas_shape(&s->c, &(struct shape){
				    .class = "panel",
				    .x = x,
				    .y = (s->top + s->bottom) / 2,
				    .width = s->box_width + 2 * PANEL_PAD,
				    .height = s->bottom - s->top,
				    .fill = PANEL_FILL,
				    .stroke = RULE,
				    .pen = 8,
			    });
	canvas_shape(&s->c,
		     &(struct shape){
			     .class = "lane",
			     .x = x,
			     .y = s->top + 18 * PT,
			     .width = s->box_width,
			     .height = 20 * PT,
			     .fill = is_kernel ? TIMER_FILL : PAPER,
			     .stroke = is_kernel ? TIMER_STROKE : INK,
			     .pen = 8,
			     .is_rounded = true,
			     .label = text_cut(s->f->story->memory, l->name,
					       TEXT_CHARS_MANY - 8),
			     .size = HEAD_SIZE,
			     .is_bold = true,
			     .tooltip = l->name,
		     });
}

static void draw_cap(struct sketch *s, const struct figure_lane *l)
{
	if (!l->cap)
		return;
	canvas_shape(&s->c,
		     &(struct shape){
			     .class = "cap",
			     .x = s->first_x + s->pitch * (long)l->place,
			     .y = s->bottom - 10 * PT,
			     .width = s->box_width + 2 * PANEL_PAD - 2 * PT,
			     .height = 12 * PT,
			     .label = text_cut(s->f->story->memory, l->cap,
					       TEXT_CHARS_MANY),
			     .color = l->cap_is_bad ? BAD_STROKE : SECONDARY,
			     .size = NOTE_SIZE,
		     });
}

static void draw_lanes(struct sketch *s)
{
	for (unsigned int i = 0; i < s->f->lane_count; i++) {
		if (s->f->lanes[i].first < 0)
			continue;
		draw_lane(s, &s->f->lanes[i]);
		draw_cap(s, &s->f->lanes[i]);
	}
}

static void draw_band(struct sketch *s)
{
	if (s->f->first < 0)
		return;
	canvas_shape(&s->c, &(struct shape){
				    .class = "race",
				    .x = s->sheet.width / 2,
				    .y = sketch_y(s, (unsigned int)s->f->first),
				    .width = s->sheet.width - 4 * PT,
				    .height = s->row - 3 * PT,
				    .fill = BAD_FILL,
			    });
}

/* ---- boxes ------------------------------------------------------------- */

static unsigned int colour_of(const struct sketch *s, const struct event *e)
{
	return e->object ? s->colours[e->object] : LOCK_COLOURS;
}

static void set_look(const struct sketch *s, const struct figure_box *b,
		     struct shape *shape)
{
	unsigned int colour = colour_of(s, &s->f->t->events[b->n - 1]);

	shape->fill = PAPER;
	shape->stroke = NEUTRAL;
	shape->pen = 9;
	shape->is_rounded = true;
	switch (b->look) {
	case LOOK_CALL:
		shape->fill = CALL_FILL;
		break;
	case LOOK_STORE:
		shape->stroke = INK;
		shape->pen = 16;
		break;
	case LOOK_QUEUE:
		shape->stroke = INK;
		shape->pen = 16;
		shape->is_rounded = false;
		break;
	case LOOK_LOCK:
	case LOOK_WAIT:
		shape->fill = b->look == LOOK_WAIT ? PAPER : lock_fill(colour);
		shape->stroke = lock_stroke(colour);
		shape->is_dashed = b->look == LOOK_WAIT;
		shape->is_rounded = false;
		break;
	case LOOK_PARK:
		shape->is_dashed = true;
		break;
	case LOOK_WAKE:
		shape->fill = OK_FILL;
		shape->stroke = OK_STROKE;
		break;
	case LOOK_TIMER:
		shape->fill = TIMER_FILL;
		shape->stroke = TIMER_STROKE;
		break;
	case LOOK_READ:
	case LOOK_GAP:
		break;
	}
}

/* What the verdict says of it covers its look, but for the form. */
static void set_verdict(const struct figure_box *b, struct shape *shape)
{
	if (!b->is_violation && !b->is_evidence && !b->is_racing)
		return;
	shape->is_dashed = false;
	shape->stroke = BAD_STROKE;
	shape->fill = b->is_racing ? PAPER : BAD_FILL;
	shape->pen = b->is_racing ? 26 : 18;
	if (!b->is_violation || b->is_racing)
		return;
	shape->fill = BAD_STROKE;
	shape->color = PAPER;
	shape->is_bold = true;
}

static void draw_box(struct sketch *s, unsigned int i)
{
	const struct figure_box *b = &s->f->boxes[i];
	const char *what = b->is_violation  ? "box bad"
			   : b->is_evidence ? "box evidence"
					    : "box";
	struct shape shape = {
		.id = sketch_id(s, i),
		.class = story_format(s->f->story, "%s at%u", what, b->n),
		.x = sketch_x(s, i),
		.y = sketch_y(s, i),
		.width = s->box_width,
		.height = BOX_HEIGHT,
		.label = b->text,
		.tooltip = s->f->t->events[b->n - 1].src,
	};

	set_look(s, b, &shape);
	set_verdict(b, &shape);
	canvas_shape(&s->c, &shape);
}

/* How many steps are folded before a box, beside the line to it. */
static void draw_folded(struct sketch *s, long x, long y, unsigned int folded,
			uint32_t n)
{
	const char *text;
	long width;

	if (folded == 0)
		return;
	text = story_format(s->f->story, "+%u", folded);
	width = mono_width(text_columns(text), NOTE_SIZE) + 2 * PT;
	canvas_shape(&s->c, &(struct shape){
				    .class = story_format(s->f->story,
							  "muted at%u", n),
				    .x = x + 5 * PT + width / 2,
				    .y = y,
				    .width = width,
				    .height = 10 * PT,
				    .label = text,
				    .color = SECONDARY,
				    .size = NOTE_SIZE,
			    });
	s->has_folded = true;
}

static void draw_boxes(struct sketch *s)
{
	struct figure *f = s->f;

	for (unsigned int i = 0; i < f->box_count; i++) {
		const struct figure_box *b = &f->boxes[i];

		if (order_is_thread(f->order, b->lane))
			draw_folded(s, sketch_x(s, i),
				    sketch_y(s, i) - BOX_HEIGHT / 2 -
					    (s->row - s->aisle - BOX_HEIGHT) /
						    2 +
					    s->aisle / 4,
				    b->folded, b->n);
		draw_box(s, i);
	}
	for (unsigned int i = 0; i < f->lane_count; i++) {
		const struct figure_lane *l = &f->lanes[i];

		if (l->last < 0 || !order_is_thread(f->order, i))
			continue;
		draw_folded(s, sketch_x(s, (unsigned int)l->last),
			    sketch_y(s, (unsigned int)l->last) +
				    BOX_HEIGHT / 2 + 6 * PT + s->aisle * 5 / 4,
			    l->folded, f->boxes[l->last].n);
	}
}

/* ---- legend ------------------------------------------------------------ */

static void explain_boxes(struct sketch *s)
{
	bool is_violation = false, is_evidence = false;
	struct shape sample = {
		.width = 16 * PT,
		.height = 11 * PT,
		.is_rounded = true,
		.stroke = BAD_STROKE,
	};

	for (unsigned int i = 0; i < s->f->box_count; i++) {
		const struct figure_box *b = &s->f->boxes[i];

		is_violation |= b->is_violation && !b->is_racing;
		is_evidence |= b->is_evidence && !b->is_racing;
	}
	sample.fill = BAD_STROKE;
	if (is_violation)
		legend_add_shape(&s->legend, &sample, "violation");
	sample.fill = BAD_FILL;
	sample.pen = 18;
	if (is_evidence)
		legend_add_shape(&s->legend, &sample, "evidence");
}

/* ---- the whole --------------------------------------------------------- */

void figure_draw(struct figure *f, const struct sheet *sheet, FILE *out)
{
	struct sketch s = {.f = f, .sheet = *sheet};

	sketch_colours(&s);
	set_places(&s);
	canvas_begin(&s.c, out, "happens-before", f->options->theme);
	sheet_draw(&s.sheet, &s.c);
	draw_lanes(&s);
	draw_band(&s);
	draw_boxes(&s);
	sketch_links(&s);
	explain_boxes(&s);
	legend_draw(&s.legend, &s.c, s.bottom + 6 * PT, s.sheet.width);
	canvas_end(&s.c);
}
