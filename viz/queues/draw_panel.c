/*
 * draw_panel.c - a panel: keys, and the waiters on each queue.
 */
#include <string.h>

#include "viz/queues/drawing.h"

/* ---- how they look ----------------------------------------------------- */

const struct fate_look fate_looks[FATE_COUNT] = {
	[FATE_STAYS] = {NEUTRAL, PAPER, 10, false, "waits", NULL},
	[FATE_WOKEN] = {OK_STROKE, OK_FILL, 20, false, "woken", "wake"},
	[FATE_MOVED] = {LOCK0_STROKE, LOCK0_FILL, 20, false, "requeued",
			"requeue"},
	[FATE_LEFT] = {TIMER_STROKE, TIMER_FILL, 14, true, "leaves by itself",
		       "leave"},
	[FATE_DROPPED] = {SECONDARY, PANEL_FILL, 14, true,
			  "had given up: dropped", "drop"},
	[FATE_JOINED] = {INK, PAPER, 20, false, "joins", "join"},
};
static const struct fate_look bad_look = {
	BAD_STROKE, BAD_FILL, 18, false, "• part of the violation", NULL};

static const struct fate_look *look_of(const struct queue_waiter *w)
{
	return w->is_bad ? &bad_look : &fate_looks[w->fate];
}

static void add_to_legend(struct drawing *d, const struct fate_look *look)
{
	legend_add_shape(&d->legend,
			 &(struct shape){.width = 16 * PT,
					 .height = 10 * PT,
					 .fill = look->fill,
					 .stroke = look->stroke,
					 .pen = look->pen,
					 .is_dashed = look->is_dashed},
			 look->legend);
}

static const char *format_id(struct drawing *d, const char *prefix,
			     unsigned int side, unsigned int row,
			     unsigned int i)
{
	return trace_format(d->s->memory, "%s%u_%u_%u", prefix, side, row, i);
}

static const char *at_class(struct drawing *d, const char *what, uint32_t n)
{
	return n ? trace_format(d->s->memory, "%s at%u", what, n) : what;
}

/* ---- boxes ------------------------------------------------------------- */

static long box_x(const struct drawing *d, unsigned int side, unsigned int i)
{
	return d->left[side] + PAD + d->key_width + LINK +
	       i * (d->waiter_width + LINK) + d->waiter_width / 2;
}

static long row_y(const struct drawing *d, unsigned int side, unsigned int row)
{
	return d->top[side] + HEAD + row * (d->box_height + ROW_GAP) +
	       d->box_height / 2;
}

/* The lines of a box, one below the other around its middle. */
static void draw_lines(struct drawing *d, long x, long y,
		       const struct text *lines, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		queues_text(d, x, y + (2 * (long)i - (long)count + 1) * 6 * PT,
			    d->waiter_width - 4 * PT, &lines[i]);
}

static void draw_waiter(struct drawing *d, unsigned int side, unsigned int row,
			unsigned int i, const struct queue_waiter *w)
{
	const struct fate_look *look = look_of(w);
	const char *color = fate_looks[w->fate].stroke;
	const char *class = at_class(d, "waiter", w->n);
	struct text lines[3] = {
		{w->name, INK, class, TEXT_SIZE, true, false},
		{w->state, SECONDARY, class, NOTE_SIZE, false, false},
		{w->mark, color, class, NOTE_SIZE, false, false},
	};
	long x = box_x(d, side, i), y = row_y(d, side, row);

	canvas_shape(&d->c,
		     &(struct shape){
			     .id = format_id(d, "w", side, row, i),
			     .class = class,
			     .x = x,
			     .y = y,
			     .width = d->waiter_width,
			     .height = d->box_height,
			     .fill = look->fill,
			     .stroke = look->stroke,
			     .pen = look->pen,
			     .is_dashed = look->is_dashed,
			     .tooltip = w->n ? trace_format(d->s->memory,
							    "step %u", w->n)
					     : NULL,
		     });
	draw_lines(d, x, y, lines, w->mark ? 3 : 2);
	add_to_legend(d, look);
}

/* "5 → G" of the waiters that are folded, of the fate that most of them have.
 */
static const struct queue_waiter *
most_of(const struct queue_waiter *w, unsigned int count, unsigned int *times)
{
	const struct queue_waiter *found = NULL;

	*times = 0;
	for (unsigned int i = 0; i < count; i++) {
		unsigned int same = 0;

		for (unsigned int k = 0; w[i].mark && k < count; k++)
			same += w[k].mark && !strcmp(w[k].mark, w[i].mark);
		if (same > *times) {
			*times = same;
			found = &w[i];
		}
	}
	return found;
}

static void draw_folded(struct drawing *d, unsigned int side, unsigned int row,
			const struct queue_waiter *w, unsigned int count)
{
	unsigned int times;
	const struct queue_waiter *most = most_of(w, count, &times);
	const struct fate_look *look = most ? look_of(most) : &fate_looks[0];
	long x = box_x(d, side, FIRST_SHOWN), y = row_y(d, side, row);
	struct text lines[2] = {
		{trace_format(d->s->memory, "⋯%u", count), INK, "waiter",
		 TEXT_SIZE, true, false},
	};

	for (unsigned int i = 0; i < count; i++)
		if (w[i].is_bad)
			look = &bad_look;
	canvas_shape(&d->c,
		     &(struct shape){
			     .id = format_id(d, "w", side, row, FIRST_SHOWN),
			     .class = "waiter",
			     .x = x,
			     .y = y,
			     .width = d->waiter_width,
			     .height = d->box_height,
			     .fill = look->fill,
			     .stroke = look->stroke,
			     .pen = look->pen,
			     .is_dashed = look->is_dashed,
		     });
	if (most)
		lines[1] = (struct text){
			trace_format(d->s->memory, "%u× %s", times, most->mark),
			look->stroke,
			"waiter",
			NOTE_SIZE,
			false,
			false};
	draw_lines(d, x, y, lines, most ? 2 : 1);
	add_to_legend(d, look);
}

static void draw_empty(struct drawing *d, unsigned int side, unsigned int row)
{
	canvas_shape(&d->c, &(struct shape){
				    .id = format_id(d, "w", side, row, 0),
				    .class = "muted",
				    .x = box_x(d, side, 0),
				    .y = row_y(d, side, row),
				    .width = d->waiter_width,
				    .height = d->box_height,
				    .stroke = RULE,
				    .pen = 8,
				    .is_dashed = true,
				    .label = "empty",
				    .color = SECONDARY,
				    .size = NOTE_SIZE,
			    });
}

static void draw_key(struct drawing *d, unsigned int side, unsigned int row)
{
	struct queue_row *r = &d->s->rows[row];
	struct queue_side *q = &r->sides[side];
	long x = d->left[side] + PAD + d->key_width / 2;
	long y = row_y(d, side, row);

	canvas_shape(&d->c, &(struct shape){
				    .id = format_id(d, "k", side, row, 0),
				    .class = "key",
				    .x = x,
				    .y = y,
				    .width = d->key_width,
				    .height = 32 * PT,
				    .fill = CALL_FILL,
				    .stroke = NEUTRAL,
				    .pen = 10,
			    });
	queues_text(d, x, y - 7 * PT, d->key_width - 12 * PT,
		    &(struct text){.text = queues_key_name(d, r, q),
				   .size = TEXT_SIZE,
				   .is_bold = true,
				   .is_left = true});
	queues_text(d, x, y + 7 * PT, d->key_width - 12 * PT,
		    &(struct text){.text = queues_key_note(d, r, q),
				   .color = SECONDARY,
				   .size = NOTE_SIZE,
				   .is_left = true});
}

static void draw_links(struct drawing *d, unsigned int side, unsigned int row,
		       unsigned int boxes)
{
	static const struct line_style style = {
		.color = NEUTRAL, .pen = 12, .has_tip = true};

	for (unsigned int i = 0; i < boxes; i++) {
		long to = box_x(d, side, i) - d->waiter_width / 2;

		canvas_line(&d->c,
			    i ? format_id(d, "w", side, row, i - 1)
			      : format_id(d, "k", side, row, 0),
			    format_id(d, "w", side, row, i), to - LINK, to,
			    row_y(d, side, row), &style);
	}
}

static void draw_row(struct drawing *d, unsigned int side, unsigned int row)
{
	struct queue_side *q = &d->s->rows[row].sides[side];
	unsigned int boxes = queues_boxes(q);
	unsigned int folded = q->count > boxes ? q->count - boxes + 1 : 0;

	if (q->count == 7)
		folded = 7 - FIRST_SHOWN - LAST_SHOWN;
	draw_key(d, side, row);
	if (q->count == 0) {
		draw_empty(d, side, row);
		return;
	}
	for (unsigned int i = 0; i < boxes; i++) {
		unsigned int at =
			folded && i > FIRST_SHOWN ? i + folded - 1 : i;

		if (folded && i == FIRST_SHOWN)
			draw_folded(d, side, row, &q->waiters[i], folded);
		else
			draw_waiter(d, side, row, i, &q->waiters[at]);
	}
	draw_links(d, side, row, boxes);
}

/* ---- panels ------------------------------------------------------------ */

void queues_panel(struct drawing *d, unsigned int side)
{
	struct snapshot *s = d->s;
	long x = d->left[side] + d->panel_width / 2;
	uint32_t n = side ? s->after : s->before + 1;

	canvas_shape(&d->c, &(struct shape){
				    .id = side ? "panel1" : "panel0",
				    .class = "panel",
				    .x = x,
				    .y = d->top[side] + d->panel_height / 2,
				    .width = d->panel_width,
				    .height = d->panel_height,
				    .fill = PANEL_FILL,
				    .stroke = RULE,
				    .pen = 8,
			    });
	queues_text(d, x, d->top[side] + 13 * PT, d->panel_width - 2 * PAD,
		    &(struct text){
			    .text = trace_format(s->memory, "%s step %u",
						 side ? "after" : "before", n),
			    .size = HEAD_SIZE,
			    .is_bold = true,
			    .is_left = true});
	queues_text(d, x, d->top[side] + 29 * PT, d->panel_width - 2 * PAD,
		    &(struct text){.text = trace_format(s->memory, "t = %s",
							s->times[side]),
				   .color = SECONDARY,
				   .size = NOTE_SIZE,
				   .is_left = true});
	for (unsigned int row = 0; row < s->row_count; row++)
		draw_row(d, side, row);
}
