/*
 * outcomes.c - how often a search ended in what.
 *
 * From above: bars for the classes of ends, what it takes to fail, shares by
 * number of context switches, the distinct ends.
 */
#include "viz/outcomes/outcomes.h"

#include <errno.h>

#include "viz/outcomes/chart.h"
#include "viz/outcomes/interleavings.h"

#define PART_GAP (14 * PT) /* above and below a line between parts */

/* ---- counting ---------------------------------------------------------- */

static void count_fewest(struct chart_class *k, const struct record_outcome *o)
{
	if (!k->is_counted || o->preemptions < k->preemptions)
		k->preemptions = o->preemptions;
	if (!k->is_counted || o->switches < k->switches)
		k->switches = o->switches;
	k->is_counted = true;
}

static void count(struct chart *chart)
{
	const struct record *r = chart->r;

	for (uint32_t i = 0; i < r->outcome_count; i++) {
		const struct record_outcome *o = &r->outcomes[i];
		struct chart_class *k = &chart->classes[class_of(o)];

		if (o->runs > 0)
			count_fewest(k, o);
		k->is_expected =
			o->is_expected && (k->outcomes == 0 || k->is_expected);
		k->outcomes++;
		k->runs += o->runs;
		chart->runs += o->runs;
	}
}

static uint64_t runs_that_fail(const struct chart *chart)
{
	uint64_t runs = 0;

	for (unsigned int i = 0; i < CLASS_COUNT; i++)
		if (class_is_bad(i))
			runs += chart->classes[i].runs;
	return runs;
}

static bool has_failures(const struct chart *chart)
{
	for (unsigned int i = 0; i < CLASS_COUNT; i++)
		if (class_is_bad(i) && chart->classes[i].outcomes > 0)
			return true;
	return false;
}

/* ---- the head ---------------------------------------------------------- */

/* What the counts mean. */
static const char *meaning(const struct chart *chart)
{
	if (chart->all_ways > 0)
		return trace_format(
			chart->memory,
			"%s interleavings; a run ends where it meets a state "
			"that is known",
			interleavings_text(chart->memory, chart->all_ways));
	if (chart->is_part)
		return "not all runs were seen: counts are at least (≥), "
		       "shares those of the runs that were seen";
	if (!chart->r->is_whole)
		return "all ends were seen; of runs that differ only in the "
		       "order of independent steps one is counted";
	return NULL;
}

static struct sheet make_sheet(struct chart *chart)
{
	const struct record *r = chart->r;
	struct sheet s = {
		.title = r->title && *r->title ? r->title
			 : r->scenario	       ? r->scenario
					       : "",
		.is_bad = has_failures(chart),
	};

	s.lines[s.line_count++] =
		trace_format(chart->memory, "outcomes   %s",
			     sheet_record_facts(chart->memory, r));
	s.lines[s.line_count++] = search_facts(chart->memory, r);
	if (meaning(chart))
		s.lines[s.line_count++] = meaning(chart);
	s.badge = class_badge(chart->memory, CLASS_OK, r);
	if (s.is_bad)
		s.badge = trace_format(
			chart->memory, "✗ %s%s FAIL",
			chart->is_part ? "≥ " : "",
			number_text(chart->memory, runs_that_fail(chart)));
	s.width = sheet_width(&s) + PT;
	if (s.width < chart->width)
		s.width = chart->width;
	chart->width = s.width;
	return s;
}

/* ---- the whole --------------------------------------------------------- */

static long part_end(struct chart *chart, long y)
{
	chart_rule(chart, 0, y + PART_GAP, chart->width);
	return y + 2 * PART_GAP;
}

static void draw(struct chart *chart)
{
	struct sheet sheet = make_sheet(chart);
	long y = sheet_top(&sheet);

	sheet_draw(&sheet, chart->c);
	y = chart_bars(chart, y);
	y = chart_fewest(chart, y + PART_GAP);
	y = part_end(chart, y);
	y = chart_columns(chart, y);
	y = part_end(chart, y);
	y = chart_table(chart, y);
	legend_draw(&chart->legend, chart->c, y + PART_GAP, chart->width);
}

int outcomes_dot(const struct record *r, const struct viz_options *o, FILE *out,
		 char error[VIZ_ERROR_MAX])
{
	struct canvas canvas;
	struct chart chart = {.r = r, .c = &canvas, .width = CHART_WIDTH};
	int result = search_check_options(o, error);
	long width;

	if (result != 0)
		return result;
	if (!r || r->outcome_count == 0) {
		snprintf(error, VIZ_ERROR_MAX,
			 "no run of the search came to an end: there are no "
			 "outcomes to show");
		return -ENODATA;
	}
	chart.memory = trace_new(0);
	chart.is_part = search_is_part(r);
	count(&chart);
	if (!interleavings_count(r, chart.ways, &chart.all_ways))
		chart.all_ways = 0;
	width = chart_table_width(&chart);
	if (chart.width < width)
		chart.width = width;
	canvas_begin(&canvas, out, "outcomes", o->theme);
	draw(&chart);
	canvas_end(&canvas);
	trace_free(chart.memory);
	return ferror(out) ? -EIO : 0;
}
