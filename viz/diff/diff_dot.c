/*
 * diff_dot.c - two traces side by side as a picture.
 *
 * Each side is a small sequence diagram; rows that are alike stand on one
 * level, a rule across both marks the first difference, and what is on one side
 * only has a band behind it and a mark between the sides.
 */
#include <errno.h>
#include <stdlib.h>

#include "viz/diff/sides.h"

static long larger(long a, long b)
{
	return a > b ? a : b;
}

const char *side_id(struct side *side, const char *prefix, uint32_t n)
{
	return story_format(side->s, "%c_%s%u", side->name[0], prefix, n);
}

const char *side_class(struct side *side, const char *what,
		       const struct row *row)
{
	return story_format(side->s, "%s %c_at%u", what, side->name[0], row->n);
}

long side_row_y(const struct sheet_of_two *d, unsigned int side,
		unsigned int row)
{
	return d->y[d->p.level_of[side][row]];
}

void draw_words(struct sheet_of_two *d, long left, long right, long y,
		const struct shape *like)
{
	struct shape shape = *like;

	shape.x = (left + right) / 2;
	shape.y = y;
	shape.width = right - left;
	shape.height = (like->size > TEXT_SIZE ? 15 : 12) * PT;
	shape.is_left = true;
	canvas_shape(&d->c, &shape);
}

/* ---- places ------------------------------------------------------------ */

static void measure_lanes(struct side *side)
{
	struct story *s = side->s;
	long threads = LANE_MIN;
	size_t size = (s->lane_count + 1) * sizeof(long);

	side->x = trace_alloc(s->memory, size);
	side->width = trace_alloc(s->memory, size);
	for (unsigned int i = 0; i < s->lane_count; i++)
		side->width[i] =
			larger(mono_width(text_columns(s->lanes[i].name),
					  HEAD_SIZE),
			       mono_width(text_columns(s->lanes[i].cap),
					  NOTE_SIZE)) +
			BOX_PAD;
	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct row *row = &s->rows[i];

		if (row->look != LOOK_GAP)
			side->width[row->lane] = larger(
				side->width[row->lane],
				mono_width(text_columns(row->text), TEXT_SIZE) +
					BOX_PAD);
	}
	for (unsigned int i = 0; i < s->lane_count; i++)
		if (s->lanes[i].mover >= 0)
			threads = larger(threads, side->width[i]);
	for (unsigned int i = 0; i < s->lane_count; i++)
		if (s->lanes[i].mover >= 0)
			side->width[i] = threads;
}

static void place_side(struct side *side, long left)
{
	const char *facts = sheet_facts(side->s->memory, side->s->t);
	long least = mono_width(text_columns(facts), NOTE_SIZE) + 20 * PT;
	long x = left + GUTTER;

	measure_lanes(side);
	side->left = left;
	for (unsigned int i = 0; i < side->s->lane_count; i++) {
		side->x[i] = x + side->width[i] / 2;
		x += side->width[i] + LANE_GAP;
	}
	side->right = larger(x, left + least);
}

static void fill_notes(struct sheet_of_two *d, struct side *side)
{
	long room = side->right - side->left - 24 * PT;
	const struct trace *t = side->s->t;

	(void)d;
	if (t->verdict_count)
		side->note_count = story_callout(
			side->s,
			(unsigned int)(room / mono_width(1, SMALL_SIZE)),
			side->notes, NOTE_LINES);
}

static void place_levels(struct sheet_of_two *d)
{
	long y = d->top + HEAD_HEIGHT;

	d->y = trace_alloc(d->p.s[0]->memory, (d->p.count + 1) * sizeof(long));
	d->height = d->p.count > LOW_LEVELS ? ROW_LOW : ROW_HEIGHT;
	for (unsigned int i = 0; i <= d->p.count; i++) {
		if (i == d->p.first && !comparison_is_equal(&d->p.c)) {
			d->rule_y = y + RULE_HEIGHT / 2;
			y += RULE_HEIGHT;
		}
		d->y[i] = y + d->height / 2;
		if (i < d->p.count)
			y += d->height;
	}
	d->bottom = y + CAP_HEIGHT;
}

static const char *title_of(struct sheet_of_two *d)
{
	const struct story *a = d->p.s[0];

	return story_format(d->p.s[0], "compared: %s", story_title(a));
}

/* The line that says it all, below the title. */
static const char *summary_of(struct sheet_of_two *d)
{
	const struct comparison *c = &d->p.c;

	if (comparison_is_equal(c))
		return story_format(d->p.s[0], "the traces are equal: %u %s",
				    c->alike, events_word(c->alike));
	if (!c->is_counted)
		return "the traces are too different to say what is alike";
	return story_format(d->p.s[0],
			    "%u %s alike, %u left only, %u right only",
			    c->alike, c->alike == 1 ? "event is" : "events are",
			    c->only[0], c->only[1]);
}

static const char *effect_of(struct sheet_of_two *d)
{
	const struct difference *e = &d->p.c.effect;

	return story_format(d->p.s[0],
			    "first step of a thread that is not as in the "
			    "other:   left: %s   right: %s",
			    text_of_event(d->p.s[0], e->n[0]),
			    text_of_event(d->p.s[1], e->n[1]));
}

static void place(struct sheet_of_two *d)
{
	place_side(&d->sides[0], MARGIN);
	place_side(&d->sides[1], d->sides[0].right + MIDDLE);
	d->sheet.title = title_of(d);
	d->sheet.lines[d->sheet.line_count++] = summary_of(d);
	if (d->p.c.effect.kind != DIFFERENCE_NONE)
		d->sheet.lines[d->sheet.line_count++] = effect_of(d);
	d->sheet.width =
		larger(d->sides[1].right + MARGIN, sheet_width(&d->sheet));
	d->sides[1].right = d->sheet.width - MARGIN;
	fill_notes(d, &d->sides[0]);
	fill_notes(d, &d->sides[1]);
	d->top = sheet_top(&d->sheet);
	place_levels(d);
}

/* ---- the whole --------------------------------------------------------- */

static void draw(struct sheet_of_two *d)
{
	long y = d->bottom + 8 * PT, left, right;

	sheet_draw(&d->sheet, &d->c);
	draw_side(d, &d->sides[0]);
	draw_side(d, &d->sides[1]);
	draw_bands(d);
	draw_rows_of(d, 0);
	draw_rows_of(d, 1);
	draw_rule(d);
	draw_marks(d);
	left = draw_notes_of(d, &d->sides[0], y);
	right = draw_notes_of(d, &d->sides[1], y);
	y = larger(left, right);
	fill_legend(d);
	legend_draw(&d->legend, &d->c, y, d->sheet.width);
}

int viz_diff_dot(const struct trace *a, const struct trace *b,
		 const struct viz_options *options, FILE *out,
		 char error[VIZ_ERROR_MAX])
{
	struct sheet_of_two *d = calloc(1, sizeof(*d));
	int result;

	if (!d)
		abort();
	error[0] = '\0';
	result = pages_init(&d->p, a, b, options, error);
	if (!result) {
		d->sides[0] = (struct side){.s = d->p.s[0], .name = "left"};
		d->sides[1] = (struct side){.s = d->p.s[1], .name = "right"};
		place(d);
		canvas_begin(&d->c, out, "compared",
			     options ? options->theme : VIZ_LIGHT);
		draw(d);
		canvas_end(&d->c);
		pages_fini(&d->p);
	}
	free(d);
	if (result)
		return result;
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
