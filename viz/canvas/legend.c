/*
 * legend.c - what the signs of a picture mean, from left to right in rows.
 */
#include <stdio.h>
#include <string.h>

#include "viz/canvas/measure.h"
#include "viz/canvas/sheet.h"

#define ROW (15 * PT) /* at least */
#define TALL (13 * PT) /* samples that are taller make a row higher */
#define TALL_GAP (5 * PT)
#define SAMPLE_GAP (6 * PT) /* between a sample and its words */
#define ITEM_GAP (12 * PT) /* between its words and the next sample */
#define LINE_LENGTH (24 * PT) /* of a line as a sample */

static struct legend_item *add(struct legend *l, const char *text)
{
	for (unsigned int i = 0; i < l->count; i++)
		if (strcmp(l->items[i].text, text) == 0)
			return NULL;
	if (l->count == LEGEND_MAX)
		return NULL;
	l->items[l->count].text = text;
	return &l->items[l->count++];
}

void legend_add_shape(struct legend *l, const struct shape *shape,
		      const char *text)
{
	struct legend_item *item = add(l, text);

	if (item)
		item->shape = *shape;
}

void legend_add_line(struct legend *l, const struct line_style *style,
		     const char *text)
{
	struct legend_item *item = add(l, text);

	if (item)
		item->line = *style;
}

static long sample_width(const struct legend_item *item)
{
	return item->shape.width > 0 ? item->shape.width : LINE_LENGTH;
}

static long words_width(const struct legend_item *item)
{
	return mono_width(text_columns(item->text), NOTE_SIZE) + 4 * PT;
}

static long item_width(const struct legend_item *item)
{
	return sample_width(item) + SAMPLE_GAP + words_width(item);
}

/* The items from @first on that fit one row: at least one. */
static unsigned int row_end(const struct legend *l, unsigned int first,
			    long width)
{
	long x = SHEET_LEFT;
	unsigned int i = first;

	for (; i < l->count; i++) {
		if (i > first && x + item_width(&l->items[i]) > width)
			break;
		x += item_width(&l->items[i]) + ITEM_GAP;
	}
	return i;
}

static long row_height(const struct legend *l, unsigned int from,
		       unsigned int to)
{
	long height = ROW;

	for (; from < to; from++) {
		long sample = l->items[from].shape.height;

		if (sample > TALL && sample + TALL_GAP > height)
			height = sample + TALL_GAP;
	}
	return height;
}

static void draw_line(struct canvas *c, const struct legend_item *item,
		      unsigned int index, long x, long y)
{
	char from[32], to[32];
	struct shape end = {.x = x, .y = y, .width = PT, .height = PT};

	snprintf(from, sizeof(from), "legend-from%u", index);
	snprintf(to, sizeof(to), "legend-to%u", index);
	end.id = from;
	canvas_shape(c, &end);
	end.id = to;
	end.x = x + LINE_LENGTH;
	canvas_shape(c, &end);
	canvas_line(c, from, to, x, x + LINE_LENGTH, y, &item->line);
}

static void draw_item(struct canvas *c, const struct legend_item *item,
		      unsigned int index, long x, long y)
{
	struct shape shape = item->shape;
	long width = words_width(item);

	shape.id = NULL;
	shape.x = x + shape.width / 2;
	shape.y = y;
	if (shape.width > 0)
		canvas_shape(c, &shape);
	else
		draw_line(c, item, index, x, y);
	x += sample_width(item) + SAMPLE_GAP;
	canvas_shape(c, &(struct shape){
				.class = "muted",
				.x = x + width / 2,
				.y = y,
				.width = width,
				.height = 12 * PT,
				.label = item->text,
				.color = SECONDARY,
				.size = NOTE_SIZE,
				.is_left = true,
			});
}

long legend_draw(const struct legend *l, struct canvas *c, long y, long width)
{
	unsigned int i = 0;

	while (i < l->count) {
		unsigned int end = row_end(l, i, width);
		long height = row_height(l, i, end);
		long x = SHEET_LEFT;

		for (; i < end; i++) {
			draw_item(c, &l->items[i], i + 1, x, y + height / 2);
			x += item_width(&l->items[i]) + ITEM_GAP;
		}
		y += height;
	}
	return y;
}
