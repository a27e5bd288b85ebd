/*
 * chart.h - the parts of a picture of outcomes.
 */
#ifndef VIZ_OUTCOMES_CHART_H
#define VIZ_OUTCOMES_CHART_H

#include "viz/canvas/sheet.h"
#include "viz/outcomes/classes.h"

#define CHART_WIDTH (660 * PT) /* at least */
#define CHART_TABLE_MAX 16u /* rows of the table of outcomes */

/* The ends of one class. */
struct chart_class {
	uint64_t runs;
	uint32_t outcomes; /* distinct */
	bool is_counted; /* it has runs, and so */
	uint32_t preemptions, switches; /* the fewest */
	bool is_expected; /* all of them */
};

struct chart {
	const struct record *r;
	struct trace *memory; /* of texts */
	struct canvas *c;
	struct legend legend;
	struct chart_class classes[CLASS_COUNT];
	uint64_t runs; /* of all classes */
	double ways[CLASS_COUNT], all_ways; /* interleavings; 0: unknown */
	bool is_part; /* there may be more */
	long width;
};

/* Each draws from @y down and returns where it ends. */
long chart_bars(struct chart *chart, long y);
long chart_fewest(struct chart *chart, long y);
long chart_columns(struct chart *chart, long y);
long chart_table(struct chart *chart, long y);

/* Which rows the table has, and how wide it is; before the canvas is open. */
long chart_table_width(const struct chart *chart);

/* ---- texts ------------------------------------------------------------- */

/* A text whose left edge, or whose right edge, is at @x. */
void chart_text(struct chart *chart, long x, long y, const char *text, int size,
		const char *color);
void chart_number(struct chart *chart, long x, long y, const char *text,
		  int size, const char *color);
/* In the middle of a column. */
void chart_centred(struct chart *chart, long x, long y, const char *text,
		   int size, const char *color);
/* The head of a part, in bold. */
void chart_heading(struct chart *chart, long y, const char *text);
/* A fine line from @x to @x + @width. */
void chart_rule(struct chart *chart, long x, long y, long width);

#endif
