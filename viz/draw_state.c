/*
 * draw_state.c - the state panel: words and queues after each step that
 * changes them.
 */
#include "viz/picture.h"

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

void draw_chip(struct picture *p, long x, long y, const char *label,
	       bool is_removed, uint32_t n)
{
	long width = chip_width(label);

	canvas_shape(&p->c, &(struct shape){
				    .class = story_format(
					    p->s, n ? "%s at%u" : "%s",
					    is_removed ? "ghost" : "chip", n),
				    .x = x + width / 2,
				    .y = y,
				    .width = width,
				    .height = CHIP_HEIGHT,
				    .fill = is_removed ? NULL : PAPER,
				    .stroke = is_removed ? SECONDARY : INK,
				    .pen = is_removed ? 9 : 12,
				    .is_dashed = is_removed,
				    .label = label,
				    .color = is_removed ? SECONDARY : INK,
			    });
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

/* In the middle of its column. */
static void draw_value(struct picture *p, unsigned int column, long y,
		       const char *value, const char *class, bool is_new)
{
	long width = value_width(value);
	long x = p->column_x[column] + p->column_width[column] / 2;

	canvas_shape(&p->c, &(struct shape){
				    .class = class,
				    .x = x,
				    .y = y,
				    .width = width,
				    .height = CHIP_HEIGHT,
				    .fill = is_new ? PAPER : NULL,
				    .stroke = is_new ? INK : NULL,
				    .pen = 12,
				    .label = value,
				    .color = is_new ? INK : SECONDARY,
			    });
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
	if (column->is_queue)
		draw_words(p, "muted", p->column_x[i], p->start_y, "empty");
	else
		draw_value(p, i, p->start_y, column->start, "muted", false);
}

static void draw_cell(struct picture *p, const struct cell *cell)
{
	const struct row *row = &p->s->rows[cell->row];
	long x = p->column_x[cell->column];
	long y = p->row_y[cell->row];

	if (cell->value) {
		draw_value(p, cell->column, y, cell->value,
			   class_at(p, "chip", row), true);
		return;
	}
	for (unsigned int i = 0; i < cell->chip_count; i++) {
		draw_chip(p, x, y, cell->chips[i], i < cell->removed, row->n);
		x += chip_width(cell->chips[i]) + CHIP_GAP;
	}
	if (cell->is_empty)
		draw_words(p, class_at(p, "muted", row), x, y, "empty");
	if (cell->more)
		draw_words(p, class_at(p, "muted", row), x, y,
			   story_format(p->s, "⋯%u", cell->more));
}

void draw_state(struct picture *p)
{
	for (unsigned int i = 0; i < p->s->column_count; i++)
		draw_head(p, i);
	for (unsigned int i = 0; i < p->s->cell_count; i++)
		draw_cell(p, &p->s->cells[i]);
}
