/*
 * chart.c - texts and lines of a picture of outcomes.
 */
#include "viz/outcomes/chart.h"

#include <string.h>

#include "viz/canvas/measure.h"

static void put(struct chart *chart, long left, long y, const char *text,
		int size, const char *color, bool is_left)
{
	long width = mono_width(text_columns(text), size) + PT;
	bool is_muted = strcmp(color, SECONDARY) == 0;

	canvas_shape(chart->c, &(struct shape){
				       .class = is_muted ? "muted" : NULL,
				       .x = left + width / 2,
				       .y = y,
				       .width = width,
				       .height = (size * 13 + 9) / 10 * 10,
				       .label = text,
				       .size = size,
				       .color = color,
				       .is_left = is_left,
			       });
}

void chart_text(struct chart *chart, long x, long y, const char *text, int size,
		const char *color)
{
	put(chart, x, y, text, size, color, true);
}

void chart_number(struct chart *chart, long x, long y, const char *text,
		  int size, const char *color)
{
	long width = mono_width(text_columns(text), size) + PT;

	put(chart, x - width, y, text, size, color, false);
}

void chart_centred(struct chart *chart, long x, long y, const char *text,
		   int size, const char *color)
{
	long width = mono_width(text_columns(text), size) + PT;

	put(chart, x - width / 2, y, text, size, color, false);
}

void chart_heading(struct chart *chart, long y, const char *text)
{
	long width = sans_width(text_columns(text), HEAD_SIZE);

	canvas_shape(chart->c, &(struct shape){
				       .class = "title",
				       .x = SHEET_LEFT - 2 * PT + width / 2,
				       .y = y,
				       .width = width,
				       .height = 15 * PT,
				       .label = text,
				       .size = HEAD_SIZE,
				       .is_bold = true,
				       .is_left = true,
				       .is_sans = true,
			       });
}

void chart_rule(struct chart *chart, long x, long y, long width)
{
	canvas_shape(chart->c, &(struct shape){
				       .class = "rule",
				       .x = x + width / 2,
				       .y = y,
				       .width = width,
				       .height = 60,
				       .fill = RULE,
			       });
}
