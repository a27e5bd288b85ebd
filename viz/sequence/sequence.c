/*
 * sequence.c - the sequence diagram: places for everything, then the drawing.
 *
 * From left to right: step numbers, a stripe that changes shade at each switch
 * of threads, a panel per process, the kernel's panel, the state panel.  From
 * top to bottom: header, heads, one row per event, the callout below the
 * violation, caps, legend.  A row holds one box, so arrows are level and cross
 * no box.
 */
#include "viz/sequence/sequence.h"

#include "viz/sequence/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_MIN (470 * PT)
#define BOX_MIN (60 * PT)
#define COMPACT_ROWS 80u
#define FACT_LINES_MAX 4u
#define SCHEDULE_LINES_MAX 2u
/* With more lanes than this, boxes do not grow for the notes beside bars. */
#define ROOMY_LANES 6u

static long larger(long a, long b)
{
	return a > b ? a : b;
}

/* ---- widths ----------------------------------------------------------------
 */

static long text_width(const char *text, int size)
{
	return mono_width(text_columns(text), size);
}

/* The notes beside a bar take half of a box. */
static long note_width(const struct bar *bar)
{
	long width = 0;

	if (bar->note)
		width = text_width(bar->note, NOTE_SIZE);
	if (bar->note2)
		width = larger(width, text_width(bar->note2, NOTE_SIZE));
	return 2 * width;
}

/* Boxes of threads have one width, boxes of the kernel their own. */
static void measure_lanes(struct picture *p)
{
	struct story *s = p->s;
	long widest = BOX_MIN;

	for (unsigned int i = 0; i < s->lane_count; i++)
		p->lane_width[i] =
			text_width(s->lanes[i].name, HEAD_SIZE) + BOX_PAD;
	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct row *row = &s->rows[i];
		long *width;

		if (row->look == LOOK_GAP)
			continue;
		width = &p->lane_width[row->lane];
		*width = larger(*width,
				text_width(row->text, TEXT_SIZE) + BOX_PAD);
	}
	for (unsigned int i = 0; i < s->lane_count; i++) {
		const char *cap = s->lanes[i].cap;

		p->lane_width[i] =
			larger(p->lane_width[i],
			       text_width(cap, NOTE_SIZE) + BOX_PAD - 4 * PT);
		if (s->lanes[i].mover >= 0)
			widest = larger(widest, p->lane_width[i]);
	}
	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->lane_count <= ROOMY_LANES)
			widest = larger(widest, note_width(&s->bars[i]));
	for (unsigned int i = 0; i < s->lane_count; i++)
		if (s->lanes[i].mover >= 0)
			p->lane_width[i] = widest;
}

static void place_lanes(struct picture *p)
{
	struct story *s = p->s;
	long x = p->gutter;

	for (unsigned int k = 0; k < s->panel_count; k++) {
		struct panel *panel = &s->panels[k];
		long margin = panel->is_kernel
				      ? 10 * PT
				      : 6 * PT + 7 * PT + SLOT * s->slot_count;

		if (k > 0)
			x += GAP;
		p->panel_left[k] = x;
		for (unsigned int i = 0; i < panel->count; i++) {
			unsigned int lane = panel->first + i;

			x += margin;
			p->lane_x[lane] = x + p->lane_width[lane] / 2;
			x += p->lane_width[lane] + 10 * PT;
		}
		p->panel_right[k] = x;
	}
	p->width = x;
}

static void place_columns(struct picture *p)
{
	struct story *s = p->s;
	long x = p->width + (s->panel_count ? 2 * GAP : 0);

	if (s->column_count == 0)
		return;
	p->state_left = x;
	for (unsigned int i = 0; i < s->column_count; i++) {
		const struct column *column = &s->columns[i];

		p->column_width[i] = larger(
			text_width(column->name, SMALL_SIZE) + 4 * PT, 34 * PT);
		p->column_width[i] =
			larger(p->column_width[i], cell_width(&column->start));
	}
	for (unsigned int i = 0; i < s->cell_count; i++) {
		long *width = &p->column_width[s->cells[i].column];

		*width = larger(*width, cell_width(&s->cells[i]));
	}
	for (unsigned int i = 0; i < s->column_count; i++) {
		x += 10 * PT;
		p->column_x[i] = x;
		x += p->column_width[i];
	}
	x += 10 * PT;
	p->state_right = larger(
		x, p->state_left + text_width("state after step", SMALL_SIZE) +
			   20 * PT);
	p->width = p->state_right;
}

/* The last panel takes what is missing to the least width. */
static void widen(struct picture *p)
{
	if (p->width >= WIDTH_MIN)
		return;
	if (p->state_right)
		p->state_right = WIDTH_MIN;
	else if (p->s->panel_count > 0)
		p->panel_right[p->s->panel_count - 1] = WIDTH_MIN;
	p->width = WIDTH_MIN;
}

/* ---- heights ----------------------------------------------------------- */

static unsigned int columns_in(long width, int size)
{
	return (unsigned int)(width / mono_width(1, size));
}

static void place_header(struct picture *p)
{
	struct story *s = p->s;
	struct sheet *sheet = &p->sheet;
	/* Less than the sheet wraps at: an ellipsis may be added. */
	unsigned int columns =
		columns_in(p->width - 2 * SHEET_LEFT, SMALL_SIZE) - 2;

	sheet->title = story_title(s);
	sheet->badge = sheet_badge(s->memory, s->t);
	sheet->is_bad = s->verdict != NULL;
	sheet->width = p->width;
	sheet->line_count = text_wrap(s->memory, story_facts(s), columns,
				      sheet->lines, FACT_LINES_MAX);
	sheet->line_count +=
		text_wrap(s->memory, story_schedule(s), columns,
			  sheet->lines + sheet->line_count, SCHEDULE_LINES_MAX);
	p->top = sheet_top(sheet);
	p->head_y = p->top + 26 * PT;
	p->start_y = p->top + 42 * PT;
}

static void place_callout(struct picture *p)
{
	long room = p->width - p->gutter - 32 * PT;
	unsigned int columns = columns_in(room, SMALL_SIZE);

	p->callout_count = story_callout(p->s, columns > 84 ? 84 : columns,
					 p->callout, CALLOUT_LINES_MAX);
}

static long callout_height(const struct picture *p)
{
	return p->callout_count * LINE + 12 * PT;
}

static void place_rows(struct picture *p)
{
	struct story *s = p->s;
	long y = p->top + 50 * PT;

	p->row_height = (s->row_count > COMPACT_ROWS ? 16 : 18) * PT;
	for (unsigned int i = 0; i < s->row_count; i++) {
		p->row_y[i] = y + p->row_height / 2;
		y += p->row_height;
		if ((int)i == s->violation_row ||
		    (s->violation_row < 0 && i + 1 == s->row_count)) {
			p->callout_y = y + 3 * PT;
			if (p->callout_count > 0)
				y += callout_height(p) + 8 * PT;
		}
	}
	p->rows_end = y;
	p->cap_y = y + 15 * PT;
	p->bottom = p->cap_y + 23 * PT;
}

static void place_gutter(struct picture *p)
{
	uint32_t n = p->s->row_count ? p->s->rows[p->s->row_count - 1].n : 1;

	for (p->digits = 1; n >= 10; n /= 10)
		p->digits++;
	p->gutter = larger(40 * PT,
			   mono_width((unsigned int)p->digits + 2, SMALL_SIZE) +
				   18 * PT);
}

static void place(struct picture *p)
{
	struct story *s = p->s;
	size_t lanes = (s->lane_count + 1) * sizeof(long);
	size_t panels = (s->panel_count + 1) * sizeof(long);

	p->lane_x = trace_alloc(s->memory, lanes);
	p->lane_width = trace_alloc(s->memory, lanes);
	p->panel_left = trace_alloc(s->memory, panels);
	p->panel_right = trace_alloc(s->memory, panels);
	p->row_y = trace_alloc(s->memory, (s->row_count + 1) * sizeof(long));
	place_gutter(p);
	measure_lanes(p);
	place_lanes(p);
	place_columns(p);
	widen(p);
	place_header(p);
	place_callout(p);
	place_rows(p);
}

/* ---- shared by the drawing --------------------------------------------- */

const char *class_at(struct picture *p, const char *what, const struct row *row)
{
	return story_format(p->s, "%s at%u", what, row->n);
}

const char *step_id(struct picture *p, const char *prefix, uint32_t n)
{
	return story_format(p->s, "%s%u", prefix, n);
}

unsigned int row_colour(const struct story *s, const struct row *row)
{
	return row->lock ? s->colours[row->lock] : LOCK_COLOURS;
}

static void draw(struct picture *p)
{
	sheet_draw(&p->sheet, &p->c);
	draw_panels(p);
	draw_runs(p);
	draw_row_bands(p);
	draw_lanes(p);
	draw_parks(p);
	draw_timers(p);
	draw_holds(p);
	draw_state(p);
	draw_boxes(p);
	draw_arrows(p);
	draw_callout(p);
	draw_caps(p);
	draw_legend(p);
}

int sequence_dot(const struct trace *t, const struct viz_options *o, FILE *out,
		 char error[VIZ_ERROR_MAX])
{
	struct picture p = {.s = story_new(t, o)};
	int result = story_check(p.s, error);

	if (result == 0) {
		place(&p);
		canvas_begin(&p.c, out, t->scenario ? t->scenario : "trace",
			     o->theme);
		draw(&p);
		canvas_end(&p.c);
	}
	story_free(p.s);
	if (result < 0)
		return result;
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
