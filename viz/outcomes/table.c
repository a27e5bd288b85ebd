/*
 * table.c - the distinct ends in rows: what came back, how often, and what it
 * takes to get there.
 *
 * Rows are in the order of the search.  If there are too many, those that fail
 * come before those that are well, and the last line counts the rest.  Results
 * that are the same in all ends are not told.
 */
#include "viz/outcomes/chart.h"

#include <stdlib.h>

#include "viz/canvas/measure.h"

#define ROW (14 * PT)
#define GAP (12 * PT)
#define TEXT_COLUMNS_MAX 64u /* of a text, unless there is room for more */
#define TEXT_COLUMNS_WIDE 128u
#define WIDTH_MAX (1100 * PT)
#define FAILING_MAX (CHART_TABLE_MAX * 3 / 4)

enum table_column {
	END,
	RUNS,
	PART,
	PREEMPTIONS,
	SWITCHES,
	RESULTS,
	WORDS,
	BLOCKED,
	COLUMN_COUNT,
};

static const char *const titles[COLUMN_COUNT] = {
	"end",	    "runs",    "part",	"preemptions",
	"switches", "results", "words", "blocked",
};

struct table {
	struct trace *memory;
	const char *cells[CHART_TABLE_MAX][COLUMN_COUNT];
	uint32_t rows[CHART_TABLE_MAX]; /* outcomes */
	unsigned int count;
	long widths[COLUMN_COUNT]; /* 0: no row has anything there */
	long width;
	unsigned int text_columns; /* longer texts are cut */
	uint32_t left_out;
	uint64_t runs_left_out;
};

/* ---- rows -------------------------------------------------------------- */

static bool is_numeric(enum table_column column)
{
	return column >= RUNS && column <= SWITCHES;
}

/* How many rows those that fail, or those that are well, get. */
static unsigned int room_for(const struct record *r, bool fails)
{
	uint32_t failing = 0, well;

	for (uint32_t i = 0; i < r->outcome_count; i++)
		failing += r->outcomes[i].verdicts != 0;
	well = r->outcome_count - failing;
	if (fails)
		return CHART_TABLE_MAX -
		       (well < CHART_TABLE_MAX - FAILING_MAX
				? well
				: CHART_TABLE_MAX - FAILING_MAX);
	return CHART_TABLE_MAX -
	       (failing < FAILING_MAX ? failing : FAILING_MAX);
}

static void choose_rows(struct table *t, const struct record *r)
{
	unsigned int room[2] = {room_for(r, false), room_for(r, true)};

	for (uint32_t i = 0; i < r->outcome_count; i++) {
		unsigned int *left = &room[r->outcomes[i].verdicts != 0];

		if (*left > 0 && t->count < CHART_TABLE_MAX) {
			t->rows[t->count++] = i;
			(*left)--;
		} else {
			t->left_out++;
			t->runs_left_out += r->outcomes[i].runs;
		}
	}
}

/* ---- cells ------------------------------------------------------------- */

static const char *cell_of(struct table *t, const struct record *r,
			   uint64_t all, uint32_t outcome,
			   enum table_column column)
{
	const struct record_outcome *o = &r->outcomes[outcome];
	const char *text = "";

	switch (column) {
	case END:
		text = trace_format(t->memory, "%s%s",
				    class_is_bad(class_of(o)) ? "✗ " : "",
				    end_classes[class_of(o)].words);
		break;
	case RUNS:
		text = number_text(t->memory, o->runs);
		break;
	case PART:
		text = part_text(t->memory, o->runs, all);
		break;
	case PREEMPTIONS:
		text = o->runs ? number_text(t->memory, o->preemptions) : "−";
		break;
	case SWITCHES:
		text = o->runs ? number_text(t->memory, o->switches) : "−";
		break;
	case RESULTS:
		text = results_text(t->memory, r, outcome, false);
		break;
	case WORDS:
		text = results_text(t->memory, r, outcome, true);
		break;
	case BLOCKED:
		text = o->blocked;
		break;
	case COLUMN_COUNT:
		break;
	}
	return text ? text_cut(t->memory, text, t->text_columns) : "";
}

static void fill_row(struct table *t, const struct chart *chart, unsigned int i)
{
	for (unsigned int k = 0; k < COLUMN_COUNT; k++) {
		const char *text = cell_of(t, chart->r, chart->runs, t->rows[i],
					   (enum table_column)k);
		long width = mono_width(text_columns(text), NOTE_SIZE);

		t->cells[i][k] = text;
		if (*text && width > t->widths[k])
			t->widths[k] = width;
	}
}

static void fill_cells(struct table *t, const struct chart *chart)
{
	t->width = SHEET_LEFT;
	for (unsigned int k = 0; k < COLUMN_COUNT; k++)
		t->widths[k] = 0;
	for (unsigned int i = 0; i < t->count; i++)
		fill_row(t, chart, i);
	for (unsigned int k = 0; k < COLUMN_COUNT; k++) {
		long title = mono_width(text_columns(titles[k]), NOTE_SIZE);

		if (t->widths[k] == 0)
			continue;
		if (t->widths[k] < title)
			t->widths[k] = title;
		t->width += t->widths[k] + GAP;
	}
}

/* Texts tell the ends apart: they are cut no more than they have to be. */
static void fill(struct table *t, const struct chart *chart)
{
	choose_rows(t, chart->r);
	for (t->text_columns = TEXT_COLUMNS_WIDE;; t->text_columns -= 8) {
		fill_cells(t, chart);
		if (t->width <= WIDTH_MAX ||
		    t->text_columns <= TEXT_COLUMNS_MAX)
			break;
	}
}

long chart_table_width(const struct chart *chart)
{
	struct table *t = calloc(1, sizeof(*t));
	long width;

	if (!t)
		abort();
	t->memory = chart->memory;
	fill(t, chart);
	width = t->width;
	free(t);
	return width;
}

/* ---- drawing ----------------------------------------------------------- */

static void draw_cell(struct chart *chart, const struct table *t,
		      enum table_column column, long x, long y,
		      const char *text, const char *color)
{
	if (!*text)
		return;
	if (is_numeric(column))
		chart_number(chart, x + t->widths[column] + PT, y, text,
			     NOTE_SIZE, color);
	else
		chart_text(chart, x, y, text, NOTE_SIZE, color);
}

static void draw_row(struct chart *chart, const struct table *t,
		     const char *const *cells, long y, const char *color)
{
	long x = SHEET_LEFT;

	for (unsigned int k = 0; k < COLUMN_COUNT; k++) {
		if (t->widths[k] == 0)
			continue;
		draw_cell(chart, t, (enum table_column)k, x, y, cells[k],
			  color);
		x += t->widths[k] + GAP;
	}
}

static void draw_band(struct chart *chart, const struct table *t, long y)
{
	canvas_shape(chart->c, &(struct shape){
				       .class = "band bad",
				       .x = t->width / 2,
				       .y = y,
				       .width = t->width - 8 * PT,
				       .height = ROW,
				       .fill = BAD_FILL,
			       });
}

static long draw_rows(struct chart *chart, const struct table *t, long y)
{
	draw_row(chart, t, titles, y + ROW / 2, SECONDARY);
	y += ROW;
	chart_rule(chart, SHEET_LEFT, y, t->width - 2 * SHEET_LEFT);
	y += 2 * PT;
	for (unsigned int i = 0; i < t->count; i++) {
		const struct record_outcome *o =
			&chart->r->outcomes[t->rows[i]];

		if (class_is_bad(class_of(o)))
			draw_band(chart, t, y + ROW / 2);
		draw_row(chart, t, t->cells[i], y + ROW / 2, INK);
		y += ROW;
	}
	return y;
}

long chart_table(struct chart *chart, long y)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	t->memory = chart->memory;
	fill(t, chart);
	chart_heading(chart, y + 8 * PT,
		      "distinct ends, with the fewest preemptions and switches "
		      "of each");
	y = draw_rows(chart, t, y + 20 * PT);
	if (t->left_out > 0) {
		chart_text(
			chart, SHEET_LEFT, y + ROW / 2,
			trace_format(chart->memory, "⋯ %s more, in %s",
				     counted(chart->memory, t->left_out, "end"),
				     counted(chart->memory, t->runs_left_out,
					     "run")),
			NOTE_SIZE, SECONDARY);
		y += ROW;
	}
	free(t);
	return y;
}
