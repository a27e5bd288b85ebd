/*
 * draw_between.c - the arrow from one moment to the other, and the callout.
 */
#include "viz/queues/drawing.h"

/* ---- the arrow --------------------------------------------------------- */

struct note {
	const char *text;
	const char *color;
};

static unsigned int arrow_notes(struct drawing *d, struct note *notes)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < FATE_COUNT; i++)
		if (d->s->fates[i] > 0)
			notes[count++] = (struct note){
				trace_format(d->s->memory, "%s %u",
					     fate_looks[i].verb,
					     d->s->fates[i]),
				fate_looks[i].stroke};
	if (count == 0)
		notes[count++] = (struct note){"no change", SECONDARY};
	return count;
}

void queues_measure_arrow(struct drawing *d)
{
	struct note notes[FATE_COUNT];
	unsigned int count = arrow_notes(d, notes);

	d->arrow_width = queues_width_of(queues_steps(d), NOTE_SIZE);
	for (unsigned int i = 0; i < count; i++)
		d->arrow_width = queues_longer(
			d->arrow_width,
			queues_width_of(notes[i].text, NOTE_SIZE));
	d->arrow_width = queues_longer(d->arrow_width + 24 * PT, 90 * PT);
}

static void draw_arrow_notes(struct drawing *d, long x, long y, bool is_left)
{
	struct note notes[FATE_COUNT];
	unsigned int count = arrow_notes(d, notes);

	for (unsigned int i = 0; i < count; i++)
		queues_text(d, x, y + i * 12 * PT, d->arrow_width - 12 * PT,
			    &(struct text){.text = notes[i].text,
					   .color = notes[i].color,
					   .size = NOTE_SIZE,
					   .is_left = is_left});
}

static const struct line_style arrow_style = {
	.id = "then", .color = INK, .pen = 20, .has_tip = true};

static void draw_arrow_right(struct drawing *d)
{
	long x0 = d->left[0] + d->panel_width + 8 * PT;
	long x1 = d->left[1] - 8 * PT;
	long y = d->top[0] + d->panel_height / 2;

	canvas_line(&d->c, "panel0", "panel1", x0, x1, y, &arrow_style);
	queues_text(d, (x0 + x1) / 2, y - 11 * PT, d->arrow_width - 12 * PT,
		    &(struct text){.text = queues_steps(d),
				   .color = SECONDARY,
				   .size = NOTE_SIZE});
	draw_arrow_notes(d, (x0 + x1) / 2, y + 12 * PT, false);
}

long queues_arrow_height(struct drawing *d)
{
	struct note notes[FATE_COUNT];

	return queues_longer(34 * PT,
			     (arrow_notes(d, notes) + 1) * 12 * PT + 12 * PT);
}

static void draw_arrow_down(struct drawing *d)
{
	long x = d->left[0] + PAD + d->key_width / 2;
	long y0 = d->top[0] + d->panel_height + 5 * PT;
	long y1 = d->top[1] - 5 * PT;
	struct spot at[4] = {{x, y0},
			     {x, y0 + (y1 - y0) / 3},
			     {x, y0 + 2 * (y1 - y0) / 3},
			     {x, y1}};
	long beside = x + 14 * PT + d->arrow_width / 2;

	canvas_curve(&d->c, "panel0", "panel1", at, 4, &arrow_style);
	queues_text(d, beside, y0 + 6 * PT, d->arrow_width - 12 * PT,
		    &(struct text){.text = queues_steps(d),
				   .color = SECONDARY,
				   .size = NOTE_SIZE,
				   .is_left = true});
	draw_arrow_notes(d, beside, y0 + 18 * PT, true);
}

void queues_arrow(struct drawing *d)
{
	if (d->is_stacked)
		draw_arrow_down(d);
	else
		draw_arrow_right(d);
}

/* ---- callout ----------------------------------------------------------- */

void queues_fill_callout(struct drawing *d)
{
	const struct verdict *v = d->s->t->verdicts;
	long room = d->sheet.width - 2 * MARGIN - 30 * PT;
	unsigned int columns = (unsigned int)(room / mono_width(1, SMALL_SIZE));

	if (!d->s->is_bad)
		return;
	if (v->rule)
		d->callout_count = text_wrap(d->s->memory, v->rule, columns,
					     d->callout, 2);
	if (v->what)
		d->callout_count += text_wrap(d->s->memory, v->what, columns,
					      d->callout + d->callout_count,
					      CALLOUT_LINES - d->callout_count);
}

long queues_callout(struct drawing *d, long y)
{
	long height = d->callout_count * CALLOUT_LINE + 10 * PT;
	long width = d->sheet.width - 2 * MARGIN;

	if (d->callout_count == 0)
		return y;
	canvas_shape(&d->c, &(struct shape){.id = "callout",
					    .class = "callout",
					    .x = d->sheet.width / 2,
					    .y = y + height / 2,
					    .width = width,
					    .height = height,
					    .fill = PAPER,
					    .stroke = BAD_STROKE,
					    .pen = 10});
	canvas_shape(&d->c, &(struct shape){.class = "callout",
					    .x = MARGIN + 2 * PT,
					    .y = y + height / 2,
					    .width = 4 * PT,
					    .height = height,
					    .fill = BAD_STROKE});
	for (unsigned int i = 0; i < d->callout_count; i++)
		queues_text(d, d->sheet.width / 2 + 4 * PT,
			    y + 5 * PT + CALLOUT_LINE * i + CALLOUT_LINE / 2,
			    width - 16 * PT,
			    &(struct text){.text = d->callout[i],
					   .class = "callout",
					   .color = i ? SECONDARY : BAD_STROKE,
					   .size = SMALL_SIZE,
					   .is_left = true});
	return y + height + 8 * PT;
}
