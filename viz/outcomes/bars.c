/*
 * bars.c - a bar for each class of ends, and what it takes to fail.
 */
#include "viz/outcomes/chart.h"

#include "viz/canvas/measure.h"
#include "viz/outcomes/interleavings.h"

#define BAR_ROW (25 * PT)
#define BAR_HEIGHT (16 * PT)
#define BAR_LENGTH (280 * PT) /* of all runs */
#define BAR_MIN (2 * PT)
#define ROW (15 * PT)

static const char *words_of(struct chart *chart, unsigned int class)
{
	const struct chart_class *k = &chart->classes[class];

	if (class == CLASS_OK || !k->is_expected)
		return end_classes[class].words;
	return trace_format(chart->memory, "%s (expected)",
			    end_classes[class].words);
}

/* Where bars begin: right of the longest name. */
static long bars_left(struct chart *chart)
{
	unsigned int columns = 8;

	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		unsigned int n = text_columns(words_of(chart, i));

		if (chart->classes[i].outcomes > 0 && n > columns)
			columns = n;
	}
	return SHEET_LEFT + mono_width(columns, TEXT_SIZE) + 14 * PT;
}

static void draw_bar(struct chart *chart, unsigned int class, long left, long y)
{
	const struct chart_class *k = &chart->classes[class];
	const struct end_class *look = &end_classes[class];
	long length = chart->runs
			      ? part_of_length(k->runs, chart->runs, BAR_LENGTH)
			      : 0;
	const char *text = trace_format(
		chart->memory, "%s%s  %s", chart->is_part ? "≥ " : "",
		counted(chart->memory, k->runs, "run"),
		part_text(chart->memory, k->runs, chart->runs));

	if (length < BAR_MIN && k->runs > 0)
		length = BAR_MIN;
	chart_text(chart, SHEET_LEFT, y, words_of(chart, class), TEXT_SIZE,
		   INK);
	if (length > 0)
		canvas_shape(chart->c,
			     &(struct shape){
				     .id = trace_format(chart->memory, "bar_%s",
							look->mark),
				     .class = class_is_bad(class) ? "bar bad"
								  : "bar",
				     .x = left + length / 2,
				     .y = y,
				     .width = length,
				     .height = BAR_HEIGHT,
				     .fill = look->bar,
				     .stroke = look->rim,
				     .pen = 6,
			     });
	if (k->outcomes > 1)
		text = trace_format(
			chart->memory, "%s  %s", text,
			counted(chart->memory, k->outcomes, "distinct end"));
	chart_text(chart, left + length + 8 * PT, y, text, TEXT_SIZE, INK);
	if (chart->all_ways > 0)
		chart_text(chart, left, y + BAR_HEIGHT / 2 + 7 * PT,
			   trace_format(chart->memory,
					"%s of all interleavings (%s)",
					interleavings_part(chart->memory,
							   chart->ways[class],
							   chart->all_ways),
					interleavings_text(chart->memory,
							   chart->ways[class])),
			   NOTE_SIZE, SECONDARY);
}

long chart_bars(struct chart *chart, long y)
{
	long left = bars_left(chart);

	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		if (chart->classes[i].outcomes == 0)
			continue;
		draw_bar(chart, i, left, y + BAR_ROW / 2);
		y += chart->all_ways > 0 ? BAR_ROW + 13 * PT : BAR_ROW;
	}
	return y;
}

/* ---- what it takes ----------------------------------------------------- */

/*
 * Who leaves out runs that are equivalent to others, or beyond a bound, may
 * have left out the one that takes less.
 */
static const char *at_most(const struct chart *chart, uint32_t n)
{
	bool is_sure = n == 0 || (chart->r->is_whole && !chart->is_part);

	return is_sure ? "" : "≤ ";
}

static void draw_fewest(struct chart *chart, unsigned int class, long y)
{
	const struct chart_class *k = &chart->classes[class];
	struct trace *m = chart->memory;
	const char *text =
		trace_format(m, "%s%s, %s%s", at_most(chart, k->preemptions),
			     counted(m, k->preemptions, "preemption"),
			     at_most(chart, k->switches),
			     trace_format(m, "%s context switch%s",
					  number_text(m, k->switches),
					  k->switches == 1 ? "" : "es"));

	chart_text(chart, SHEET_LEFT, y, end_classes[class].words, TEXT_SIZE,
		   INK);
	chart_text(chart, bars_left(chart), y, text, TEXT_SIZE, INK);
}

long chart_fewest(struct chart *chart, long y)
{
	bool fails = false;

	for (unsigned int i = 0; i < CLASS_COUNT; i++)
		fails |= class_is_bad(i) && chart->classes[i].outcomes > 0;
	chart_heading(chart, y + ROW / 2, "fewest preemptions that fail");
	y += ROW + 6 * PT;
	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		if (!class_is_bad(i) || chart->classes[i].outcomes == 0)
			continue;
		draw_fewest(chart, i, y + ROW / 2);
		y += ROW;
	}
	if (!fails) {
		chart_text(chart, SHEET_LEFT, y + ROW / 2,
			   chart->is_part ? "no run that was seen fails"
					  : "no run fails",
			   TEXT_SIZE, INK);
		y += ROW;
	}
	return y;
}
