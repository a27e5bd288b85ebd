/*
 * columns.c - shares of the classes by number of context switches.
 *
 * Each column is 100 % of its runs; how many these are stands below it, so
 * that half of 2 runs does not look like half of 20,000.
 */
#include "viz/outcomes/chart.h"

#include <inttypes.h>
#include <string.h>

#include "viz/canvas/measure.h"

#define COLUMNS_MAX 24u
#define BINS_MAX 14u /* columns of several numbers: their names are longer */
#define LEFT (62 * PT) /* of the first column */
#define HEIGHT (170 * PT) /* of 100 % */
#define PITCH_MAX (46 * PT)
#define SEGMENT_MIN (2 * PT)
#define MARK_HEIGHT (11 * PT) /* a segment that has room for its mark */

struct column {
	uint64_t runs[CLASS_COUNT];
	uint64_t all;
};

struct columns {
	uint32_t first, per; /* switches of the first column; in each */
	unsigned int count;
	struct column items[COLUMNS_MAX];
	long pitch;
	bool is_used[CLASS_COUNT];
};

/* ---- counting ---------------------------------------------------------- */

static bool find_range(const struct record *r, uint32_t *first, uint32_t *last)
{
	bool is_any = false;

	for (uint32_t i = 0; i < r->switches_count; i++) {
		const struct record_switches *s = &r->switches[i];

		if (s->runs == 0)
			continue;
		*first = !is_any || s->switches < *first ? s->switches : *first;
		*last = !is_any || s->switches > *last ? s->switches : *last;
		is_any = true;
	}
	return is_any;
}

static bool count_columns(const struct chart *chart, struct columns *all)
{
	const struct record *r = chart->r;
	uint32_t last = 0, span;

	memset(all, 0, sizeof(*all));
	if (!find_range(r, &all->first, &last))
		return false;
	span = last - all->first;
	all->per = span < COLUMNS_MAX ? 1 : span / BINS_MAX + 1;
	all->count = span / all->per + 1;
	for (uint32_t i = 0; i < r->switches_count; i++) {
		const struct record_switches *s = &r->switches[i];
		unsigned int class = class_of(&r->outcomes[s->outcome]);
		struct column *c;

		if (s->runs == 0)
			continue;
		c = &all->items[(s->switches - all->first) / all->per];
		c->runs[class] += s->runs;
		c->all += s->runs;
		all->is_used[class] = true;
	}
	all->pitch = (chart->width - LEFT - SHEET_LEFT) / all->count;
	if (all->pitch > PITCH_MAX)
		all->pitch = PITCH_MAX;
	return true;
}

/* ---- drawing ----------------------------------------------------------- */

static struct shape segment_of(const struct chart *chart, unsigned int class,
			       long width, long height)
{
	const struct end_class *look = &end_classes[class];
	/* On what is bright in both themes text is dark in both. */
	bool is_bright = strcmp(look->bar, LOCK1_STROKE) == 0 &&
			 chart->c->theme == VIZ_DARK;

	return (struct shape){
		.class = class_is_bad(class) ? "bar bad" : "bar",
		.width = width,
		.height = height,
		.fill = look->bar,
		.stroke = look->rim,
		.pen = 6,
		.size = NOTE_SIZE,
		.color = is_bright ? PAPER : look->text,
	};
}

/*
 * The heights of a column's segments: what is there is seen, and together
 * they are 100 %: the tallest gives way.
 */
static void find_heights(const struct column *c, long heights[CLASS_COUNT])
{
	unsigned int tallest = 0;
	long left = HEIGHT;

	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		heights[i] = part_of_length(c->runs[i], c->all, HEIGHT);
		if (c->runs[i] > 0 && heights[i] < SEGMENT_MIN)
			heights[i] = SEGMENT_MIN;
		if (heights[i] > heights[tallest])
			tallest = i;
		left -= heights[i];
	}
	heights[tallest] += left;
}

static void draw_column(struct chart *chart, const struct columns *all,
			unsigned int index, long y)
{
	const struct column *c = &all->items[index];
	long x = LEFT + all->pitch * index + all->pitch / 2;
	long width = all->pitch * 3 / 4, heights[CLASS_COUNT];

	find_heights(c, heights);
	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		const char *mark = end_classes[i].mark;
		struct shape s = segment_of(chart, i, width, heights[i]);

		if (heights[i] == 0)
			continue;
		s.id = trace_format(chart->memory, "column%u_%s", index, mark);
		s.x = x;
		s.y = y - heights[i] / 2;
		if (heights[i] >= MARK_HEIGHT &&
		    mono_width(text_columns(mark), NOTE_SIZE) <= width)
			s.label = mark;
		canvas_shape(chart->c, &s);
		y -= heights[i];
	}
}

static const char *column_name(struct chart *chart, const struct columns *all,
			       unsigned int index)
{
	uint32_t from = all->first + index * all->per;

	if (all->per == 1)
		return trace_format(chart->memory, "%" PRIu32, from);
	return trace_format(chart->memory, "%" PRIu32 "–%" PRIu32, from,
			    from + all->per - 1);
}

/* In full where there is room. */
static const char *column_runs(struct chart *chart, const struct columns *all,
			       unsigned int index)
{
	uint64_t n = all->items[index].all;
	const char *text = number_text(chart->memory, n);

	if (mono_width(text_columns(text) + 1, NOTE_SIZE) <= all->pitch)
		return text;
	return number_short(chart->memory, n);
}

static void draw_axis(struct chart *chart, const struct columns *all, long y)
{
	static const char *const names[] = {"0 %", "50 %", "100 %"};
	long width = all->pitch * all->count;

	for (unsigned int i = 0; i < 3; i++) {
		long at = y - HEIGHT * i / 2;

		chart_rule(chart, LEFT, at, width);
		chart_number(chart, LEFT - 6 * PT, at, names[i], NOTE_SIZE,
			     SECONDARY);
	}
	chart_number(chart, LEFT - 6 * PT, y + 11 * PT, "switches", NOTE_SIZE,
		     SECONDARY);
	chart_number(chart, LEFT - 6 * PT, y + 25 * PT,
		     chart->is_part ? "runs ≥" : "runs", NOTE_SIZE, SECONDARY);
}

static void add_to_legend(struct chart *chart, const struct columns *all)
{
	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		struct shape s = segment_of(chart, i, 28 * PT, 12 * PT);

		s.label = end_classes[i].mark;
		if (all->is_used[i])
			legend_add_shape(&chart->legend, &s,
					 end_classes[i].words);
	}
}

long chart_columns(struct chart *chart, long y)
{
	struct columns all;

	if (!count_columns(chart, &all))
		return y;
	chart_heading(chart, y + 8 * PT,
		      "share of ends by number of context switches");
	y += 28 * PT + HEIGHT;
	draw_axis(chart, &all, y);
	for (unsigned int i = 0; i < all.count; i++) {
		long x = LEFT + all.pitch * i + all.pitch / 2;

		if (all.items[i].all > 0)
			draw_column(chart, &all, i, y);
		chart_centred(chart, x, y + 11 * PT,
			      column_name(chart, &all, i), NOTE_SIZE, INK);
		chart_centred(chart, x, y + 25 * PT,
			      column_runs(chart, &all, i), NOTE_SIZE,
			      SECONDARY);
	}
	add_to_legend(chart, &all);
	return y + 34 * PT;
}
