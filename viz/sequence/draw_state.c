/*
 * draw_state.c - the state panel: words and queues after each step that
 * changes them.
 */
#include "viz/sequence/picture.h"

#define CHIP_GAP (3 * PT)

long chip_width(const char *label)
{
	return mono_width(text_columns(label), TEXT_SIZE) + 860;
}

long value_width(const char *label)
{
	long width = mono_width(text_columns(label), TEXT_SIZE) + 11 * PT;

	return width > 22 * PT ? width : 22 * PT;
}

static long words_width(const char *text)
{
	return mono_width(text_columns(text), NOTE_SIZE) + 2 * PT;
}

long cell_width(const struct cell *cell)
{
	long width = 0;

	if (cell->value)
		return value_width(cell->value);
	for (unsigned int i = 0; i < cell->chip_count; i++)
		width += chip_width(cell->chips[i]) + CHIP_GAP;
	if (cell->is_empty)
		width += words_width("empty");
	if (cell->more)
		width += words_width("⋯1000");
	return width;
}

struct shape chip_shape(const char *label, bool is_removed)
{
	return (struct shape){
		.class = is_removed ? "ghost" : "chip",
		.width = chip_width(label),
		.height = CHIP_HEIGHT,
		.fill = is_removed ? NULL : PAPER,
		.stroke = is_removed ? SECONDARY : INK,
		.pen = is_removed ? 9 : 12,
		.is_dashed = is_removed,
		.label = label,
		.color = is_removed ? SECONDARY : INK,
	};
}

static void draw_chip(struct picture *p, long x, long y, const char *label,
		      bool is_removed, const struct row *row)
{
	struct shape shape = chip_shape(label, is_removed);

	shape.x = x + shape.width / 2;
	shape.y = y;
	if (row)
		shape.class = class_at(p, shape.class, row);
	canvas_shape(&p->c, &shape);
}

static void draw_words(struct picture *p, const char *class, long x, long y,
		       const char *text)
{
	long width = words_width(text);

	canvas_shape(&p->c, &(struct shape){
				    .class = class,
				    .x = x + width / 2,
				    .y = y,
				    .width = width,
				    .height = 12 * PT,
				    .label = text,
				    .color = SECONDARY,
				    .size = NOTE_SIZE,
				    .is_left = true,
			    });
}

struct shape value_shape(const char *label, bool is_new)
{
	return (struct shape){
		.class = is_new ? "value" : "muted",
		.width = value_width(label),
		.height = CHIP_HEIGHT,
		.fill = is_new ? PAPER : NULL,
		.stroke = is_new ? INK : NULL,
		.pen = 12,
		.label = label,
		.color = is_new ? INK : SECONDARY,
	};
}

/* In the middle of its column. */
static void draw_value(struct picture *p, unsigned int column, long y,
		       const char *value, const struct row *row)
{
	struct shape shape = value_shape(value, row != NULL);

	shape.x = p->column_x[column] + p->column_width[column] / 2;
	shape.y = y;
	if (row)
		shape.class = class_at(p, shape.class, row);
	canvas_shape(&p->c, &shape);
}

/* @row: what the cell is the state after; NULL: the state at the start. */
static void draw_cell(struct picture *p, const struct cell *cell,
		      const struct row *row, long y)
{
	long x = p->column_x[cell->column];
	const char *muted = row ? class_at(p, "muted", row) : "muted";

	if (cell->value) {
		draw_value(p, cell->column, y, cell->value, row);
		return;
	}
	for (unsigned int i = 0; i < cell->chip_count; i++) {
		draw_chip(p, x, y, cell->chips[i], i < cell->removed, row);
		x += chip_width(cell->chips[i]) + CHIP_GAP;
	}
	if (cell->is_empty)
		draw_words(p, muted, x, y, "empty");
	if (cell->more)
		draw_words(p, muted, x, y,
			   story_format(p->s, "⋯%u", cell->more));
}

static void draw_head(struct picture *p, unsigned int i)
{
	const struct column *column = &p->s->columns[i];
	long width = p->column_width[i];

	canvas_shape(&p->c, &(struct shape){
				    .class = "head2",
				    .x = p->column_x[i] + width / 2,
				    .y = p->head_y,
				    .width = width,
				    .height = 13 * PT,
				    .label = column->name,
				    .size = SMALL_SIZE,
				    .is_bold = true,
				    .is_left = column->is_queue,
			    });
	draw_cell(p, &column->start, NULL, p->start_y);
}

void draw_state(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->column_count; i++)
		draw_head(p, i);
	for (unsigned int i = 0; i < p->s->cell_count; i++) {
		const struct cell *cell = &p->s->cells[i];

		draw_cell(p, cell, &p->s->rows[cell->row], p->row_y[cell->row]);
	}
}
