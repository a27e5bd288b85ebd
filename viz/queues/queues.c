/*
 * queues.c - wait queues before and after some steps.
 *
 * Two panels with the same keys on the same rows, waiters head first, and an
 * arrow between them that says what happened.  What becomes of a waiter stands
 * in its box: lines from panel to panel would run through the rows.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "viz/queues/queues.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viz/queues/drawing.h"

long queues_longer(long a, long b)
{
	return a > b ? a : b;
}

long queues_width_of(const char *text, int size)
{
	return text ? mono_width(text_columns(text), size) : 0;
}

void queues_text(struct drawing *d, long x, long y, long width,
		 const struct text *t)
{
	canvas_shape(&d->c,
		     &(struct shape){
			     .class = t->class,
			     .x = x,
			     .y = y,
			     .width = width,
			     .height = (t->size > TEXT_SIZE ? 15 : 12) * PT,
			     .label = t->text,
			     .color = t->color,
			     .size = t->size,
			     .is_bold = t->is_bold,
			     .is_left = t->is_left,
			     .is_sans = t->is_bold,
		     });
}

/* ---- measuring --------------------------------------------------------- */

/* How many boxes stand for the waiters of a queue. */
unsigned int queues_boxes(const struct queue_side *side)
{
	if (side->count > IN_A_ROW)
		return FIRST_SHOWN + 1 + LAST_SHOWN;
	return side->count ? side->count : 1;
}

const char *queues_key_note(struct drawing *d, const struct queue_row *row,
			    const struct queue_side *side)
{
	if (!side->holder)
		return row->key;
	return trace_format(d->s->memory, "%s  lock: %s", row->key,
			    side->holder);
}

const char *queues_key_name(struct drawing *d, const struct queue_row *row,
			    const struct queue_side *side)
{
	const char *name = text_cut(d->s->memory, row->name, NAME_COLUMNS);

	if (!side->value)
		return name;
	return trace_format(d->s->memory, "%s  = %s", name, side->value);
}

static void measure_side(struct drawing *d, struct queue_row *row,
			 struct queue_side *side)
{
	d->key_width = queues_longer(
		d->key_width,
		queues_width_of(queues_key_note(d, row, side), NOTE_SIZE) +
			16 * PT);
	d->key_width = queues_longer(
		d->key_width,
		sans_width(text_columns(queues_key_name(d, row, side)),
			   TEXT_SIZE) +
			16 * PT);
	for (unsigned int i = 0; i < side->count; i++) {
		struct queue_waiter *w = &side->waiters[i];
		long width = queues_longer(queues_width_of(w->state, NOTE_SIZE),
					   queues_width_of(w->mark, NOTE_SIZE));

		w->name = text_cut(d->s->memory, w->name, NAME_COLUMNS);
		if (w->is_bad)
			w->name = trace_format(d->s->memory, "• %s", w->name);
		width = queues_longer(
			width, sans_width(text_columns(w->name), TEXT_SIZE));
		d->waiter_width =
			queues_longer(d->waiter_width, width + 12 * PT);
		d->has_marks |= w->mark != NULL;
	}
}

static void measure(struct drawing *d)
{
	struct snapshot *s = d->s;
	unsigned int most = 1;
	bool is_long = false;

	d->key_width = 96 * PT;
	d->waiter_width = 76 * PT;
	for (unsigned int i = 0; i < s->row_count; i++)
		for (unsigned int side = 0; side < 2; side++) {
			struct queue_side *q = &s->rows[i].sides[side];

			measure_side(d, &s->rows[i], q);
			is_long |= q->count > IN_A_ROW;
			if (queues_boxes(q) > most)
				most = queues_boxes(q);
		}
	d->box_height = (d->has_marks ? 44 : 32) * PT;
	d->panel_width =
		2 * PAD + d->key_width + most * (LINK + d->waiter_width);
	d->panel_height =
		HEAD + (d->box_height + ROW_GAP) * s->row_count - ROW_GAP + PAD;
	d->is_stacked =
		is_long ||
		2 * d->panel_width + d->arrow_width + 2 * MARGIN > WIDTH_MAX;
}

/* ---- head -------------------------------------------------------------- */

const char *queues_steps(struct drawing *d)
{
	const struct snapshot *s = d->s;

	if (s->before + 1 >= s->after)
		return trace_format(s->memory, "step %u", s->after);
	return trace_format(s->memory, "steps %u–%u", s->before + 1, s->after);
}

static const char *mover_name(const struct snapshot *s)
{
	if (s->mover >= 0 && (unsigned int)s->mover < s->t->thread_count)
		return s->t->threads[s->mover].name;
	return s->mover == MOVER_CLOCK ? "clock" : "signal";
}

static const char *result_text(struct drawing *d, int64_t result)
{
	const char *name = result < 0 && result > -4096
				   ? strerrorname_np((int)-result)
				   : NULL;

	return name ? name : trace_format(d->s->memory, "%" PRId64, result);
}

/* How the call went on at the end of these steps. */
static const char *end_text(struct drawing *d)
{
	const struct event *e = &d->s->t->events[d->s->after - 1];

	if (e->kind == EVENT_RETURN)
		return trace_format(d->s->memory, " → %s",
				    result_text(d, e->out));
	return e->kind == EVENT_BLOCK ? " → sleeps" : "";
}

static const char *call_text(struct drawing *d)
{
	const struct snapshot *s = d->s;
	const struct event *enter = s->call ? &s->t->events[s->call - 1] : NULL;

	if (s->mover == MOVER_NONE)
		return queues_steps(d);
	if (!enter || !enter->text)
		return trace_format(s->memory, "%s, %s", mover_name(s),
				    queues_steps(d));
	return trace_format(s->memory, "%s: %s%s", mover_name(s),
			    text_cut(s->memory, enter->text, CALL_COLUMNS),
			    end_text(d));
}

/* "wait queues: futex_requeue" */
static const char *title_text(struct drawing *d)
{
	const struct snapshot *s = d->s;
	const char *text = s->call ? s->t->events[s->call - 1].text : NULL;

	if (!text)
		return trace_format(s->memory, "wait queues: %s",
				    queues_steps(d));
	return trace_format(s->memory, "wait queues: %.*s",
			    (int)strcspn(text, " "), text);
}

static void fill_sheet(struct drawing *d)
{
	struct snapshot *s = d->s;
	const char *call = call_text(d);

	d->sheet.title = title_text(d);
	d->sheet.lines[d->sheet.line_count++] = sheet_facts(s->memory, s->t);
	d->sheet.lines[d->sheet.line_count++] =
		trace_format(s->memory, "%s   queue head at the left", call);
	if (s->left_out)
		d->sheet.lines[d->sheet.line_count++] = trace_format(
			s->memory, "%u more queues, left out", s->left_out);
	d->sheet.badge = sheet_badge(s->memory, s->t);
	d->sheet.is_bad = s->t->verdict_count > 0;
}

/* ---- the whole --------------------------------------------------------- */

static void place(struct drawing *d)
{
	long width = d->panel_width;

	if (!d->is_stacked)
		width = 2 * d->panel_width + d->arrow_width;
	width = queues_longer(width + 2 * MARGIN, WIDTH_MIN);
	d->sheet.width = queues_longer(width, sheet_width(&d->sheet));
	d->left[0] = d->left[1] = MARGIN;
	d->top[0] = d->top[1] = sheet_top(&d->sheet);
	if (d->is_stacked) {
		d->panel_width = d->sheet.width - 2 * MARGIN;
		d->top[1] += d->panel_height + queues_arrow_height(d);
		return;
	}
	d->panel_width = (d->sheet.width - 2 * MARGIN - d->arrow_width) / 2;
	d->left[1] += d->panel_width + d->arrow_width;
}

static void draw(struct drawing *d)
{
	long y = d->top[1] + d->panel_height + 8 * PT;

	sheet_draw(&d->sheet, &d->c);
	queues_panel(d, 0);
	queues_panel(d, 1);
	queues_arrow(d);
	y = queues_callout(d, y);
	legend_draw(&d->legend, &d->c, y, d->sheet.width);
}

int queues_dot(const struct trace *t, const struct viz_options *o, FILE *out,
	       char error[VIZ_ERROR_MAX])
{
	static const struct viz_options none;
	struct drawing *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	o = o ? o : &none;
	d->s = snapshot_new(t, o, error);
	if (!d->s) {
		free(d);
		return -ENODATA;
	}
	fill_sheet(d);
	queues_measure_arrow(d);
	measure(d);
	place(d);
	queues_fill_callout(d);
	canvas_begin(&d->c, out, t->scenario ? t->scenario : "queues",
		     o->theme);
	draw(d);
	canvas_end(&d->c);
	snapshot_free(d->s);
	free(d);
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
