/*
 * draw_middle.c - what belongs to both sides: marks, the rule, callouts,
 * legend.
 */
#include "viz/diff/sides.h"

/* ---- between the sides ------------------------------------------------- */

void draw_marks(struct sheet_of_two *d)
{
	static const char *const marks[] = {
		[LEVEL_ALIKE] = NULL,
		[LEVEL_CHANGED] = "≠",
		[LEVEL_LEFT] = "←",
		[LEVEL_RIGHT] = "→",
	};

	for (unsigned int i = 0; i < d->p.count; i++) {
		const char *mark = marks[d->p.levels[i].mark];

		if (!mark)
			continue;
		canvas_shape(&d->c, &(struct shape){
					    .class = "mark",
					    .x = d->sides[0].right + MIDDLE / 2,
					    .y = d->y[i],
					    .width = 16 * PT,
					    .height = 12 * PT,
					    .label = mark,
					    .color = SECONDARY,
					    .size = TEXT_SIZE,
				    });
	}
}

void draw_rule(struct sheet_of_two *d)
{
	const char *text = story_format(d->p.s[0], "first difference: %s",
					text_of_first(&d->p));
	long width = mono_width(text_columns(text), TEXT_SIZE) + 16 * PT;
	long left = d->sides[0].left, right = d->sides[1].right;

	if (comparison_is_equal(&d->p.c))
		return;
	canvas_shape(&d->c, &(struct shape){
				    .id = "first_difference",
				    .class = "rule",
				    .x = (left + right) / 2,
				    .y = d->rule_y,
				    .width = right - left,
				    .height = 150,
				    .fill = INK,
			    });
	canvas_shape(&d->c, &(struct shape){
				    .class = "rule",
				    .x = (left + right) / 2,
				    .y = d->rule_y,
				    .width = width,
				    .height = 15 * PT,
				    .fill = PAPER,
				    .stroke = INK,
				    .pen = 12,
				    .is_rounded = true,
				    .label = text,
			    });
}

/* ---- below ------------------------------------------------------------- */

long draw_notes_of(struct sheet_of_two *d, struct side *side, long y)
{
	long height = side->note_count * NOTE_LINE + 10 * PT;

	if (side->note_count == 0)
		return y;
	canvas_shape(&d->c, &(struct shape){
				    .id = side_id(side, "callout", 0),
				    .class = "callout",
				    .x = (side->left + side->right) / 2,
				    .y = y + height / 2,
				    .width = side->right - side->left,
				    .height = height,
				    .fill = PAPER,
				    .stroke = BAD_STROKE,
				    .pen = 10,
			    });
	canvas_shape(&d->c, &(struct shape){.class = "callout",
					    .x = side->left + 2 * PT,
					    .y = y + height / 2,
					    .width = 4 * PT,
					    .height = height,
					    .fill = BAD_STROKE});
	for (unsigned int i = 0; i < side->note_count; i++)
		draw_words(d, side->left + 12 * PT, side->right - 4 * PT,
			   y + 5 * PT + NOTE_LINE * i + NOTE_LINE / 2,
			   &(struct shape){.class = "callout",
					   .label = side->notes[i],
					   .color = i ? SECONDARY : BAD_STROKE,
					   .size = SMALL_SIZE});
	return y + height + 8 * PT;
}

static const char *const look_texts[] = {
	[LOOK_CALL] = "call begins or ends",
	[LOOK_READ] = "read",
	[LOOK_STORE] = "store",
	[LOOK_QUEUE] = "queue or table",
	[LOOK_LOCK] = "lock",
	[LOOK_WAIT] = "waits for",
	[LOOK_PARK] = "park",
	[LOOK_WAKE] = "unpark",
	[LOOK_TIMER] = "timer or signal",
	[LOOK_GAP] = "steps left out",
};

static const char *const arrow_texts[ARROW_COUNT] = {
	[ARROW_WAKE] = "wakes",		 [ARROW_PERMIT] = "leaves a permit",
	[ARROW_ARM] = "arms timer",	 [ARROW_FIRE] = "expires",
	[ARROW_SIGNAL] = "signal",	 [ARROW_DELIVER] = "handler begins",
	[ARROW_BIRTH] = "starts thread", [ARROW_HAND] = "hands the lock over",
};

static const char *look_text(struct story *s, const struct row *row)
{
	if (row->is_violation)
		return "✗ the violation";
	if (row->is_evidence)
		return "• evidence";
	if (row->lock && (row->look == LOOK_LOCK || row->look == LOOK_WAIT))
		return story_format(s, "%s %s", look_texts[row->look],
				    words_of_lock(s, row->lock));
	return look_texts[row->look];
}

static void explain_row(struct sheet_of_two *d, struct story *s,
			const struct row *row)
{
	struct shape shape = look_shape(row->look, row_colour(s, row));
	struct line_style style;

	shape.width = 18 * PT;
	shape.height = 10 * PT;
	mark_shape(&shape, row);
	legend_add_shape(&d->legend, &shape, look_text(s, row));
	if (row->arrow == ARROW_NONE)
		return;
	style = arrow_style(row->arrow, row_colour(s, row));
	style.has_tip = true;
	legend_add_line(&d->legend, &style, arrow_texts[row->arrow]);
}

static void explain_marks(struct sheet_of_two *d)
{
	static const char *const texts[] = {
		[LEVEL_ALIKE] = NULL,
		[LEVEL_CHANGED] = "≠ the thread does it otherwise",
		[LEVEL_LEFT] = "← left only",
		[LEVEL_RIGHT] = "→ right only",
	};

	for (unsigned int i = 0; i < d->p.count; i++)
		if (texts[d->p.levels[i].mark])
			legend_add_shape(&d->legend,
					 &(struct shape){.width = 18 * PT,
							 .height = 10 * PT,
							 .fill = CALL_FILL},
					 texts[d->p.levels[i].mark]);
}

void fill_legend(struct sheet_of_two *d)
{
	for (unsigned int k = 0; k < 2; k++) {
		struct story *s = d->sides[k].s;

		for (unsigned int i = 0; i < s->row_count; i++)
			explain_row(d, s, &s->rows[i]);
		for (unsigned int i = 0; i < s->bar_count; i++)
			if (s->bars[i].kind == BAR_PARK)
				legend_add_shape(
					&d->legend,
					&(struct shape){.width = PARK_WIDTH,
							.height = 11 * PT,
							.fill = PAPER,
							.stroke = NEUTRAL,
							.pen = 9,
							.is_dashed = true},
					"parked");
	}
	explain_marks(d);
}
