/*
 * report_search_table.c - the table of outcomes of a search.
 *
 * Every cell is text before the first is printed, so that each column is as
 * wide as its widest cell.
 */
#include "sim/report/report_search_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/names.h"

enum column {
	NUMBER,
	RUNS,
	PART,
	RESULTS,
	WORDS,
	BLOCKED,
	VERDICTS,
	SCHEDULE,
	COLUMN_COUNT,
};

static const char *const titles[COLUMN_COUNT] = {
	"#",	 "runs",    "part",	"results",
	"words", "blocked", "verdicts", "schedule",
};

#define WIDTH_MAX 200u /* longer cells push the rest of their row along */

struct row {
	char *cells[COLUMN_COUNT];
};

struct table {
	struct row rows[REPORT_OUTCOMES_MAX];
	uint32_t count;
	unsigned int width[COLUMN_COUNT];
};

/* ---- cells ------------------------------------------------------------- */

static void write_values(const struct search_value *values, uint32_t count,
			 FILE *out)
{
	char text[RESULT_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < count; i++)
		fprintf(out, "%s%s=%s", i ? " " : "", values[i].name,
			values[i].is_set ? result_text(values[i].value, text)
					 : "-");
}

static void write_blocked(const struct outcome *o, FILE *out)
{
	uint32_t i;

	for (i = 0; i < o->blocked_count; i++)
		fprintf(out, "%s%s", i ? " " : "", o->blocked[i]);
}

static void write_kinds(uint32_t kinds, FILE *out)
{
	const char *between = "";
	int kind;

	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (!(kinds >> kind & 1))
			continue;
		fprintf(out, "%s%s", between,
			verdict_name((enum verdict_kind)kind));
		between = " ";
	}
}

/* The passes before the last one may have made more runs than that. */
static double runs_of_outcomes(const struct search_result *r)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->outcome_count; i++)
		sum += r->outcomes[i].runs;
	return sum ? (double)sum : 1;
}

static void write_cell(const struct search_result *r, uint32_t index,
		       enum column column, FILE *out)
{
	const struct outcome *o = &r->outcomes[index];
	double all = runs_of_outcomes(r);

	switch (column) {
	case NUMBER:
		fprintf(out, "%" PRIu32, index + 1);
		break;
	case RUNS:
		fprintf(out, "%" PRIu64, o->runs);
		break;
	case PART:
		fprintf(out, "%.1f%%", 100.0 * (double)o->runs / all);
		break;
	case RESULTS:
		write_values(o->results, r->result_count, out);
		break;
	case WORDS:
		write_values(o->words, r->word_count, out);
		break;
	case BLOCKED:
		write_blocked(o, out);
		break;
	case VERDICTS:
		write_kinds(o->verdicts, out);
		break;
	case SCHEDULE:
		fputs(o->schedule ? o->schedule : "", out);
		break;
	case COLUMN_COUNT:
		break;
	}
}

static char *cell_of(const struct search_result *r, uint32_t index,
		     enum column column)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	write_cell(r, index, column, out);
	fclose(out);
	return text;
}

static void make(struct table *t, const struct search_result *r)
{
	unsigned int width, column;
	uint32_t i;

	*t = (struct table){.count = r->outcome_count};
	if (t->count > REPORT_OUTCOMES_MAX)
		t->count = REPORT_OUTCOMES_MAX;
	for (i = 0; i < t->count; i++) {
		for (column = 0; column < COLUMN_COUNT; column++) {
			t->rows[i].cells[column] =
				cell_of(r, i, (enum column)column);
			width = (unsigned int)strlen(t->rows[i].cells[column]);
			if (width > WIDTH_MAX)
				width = WIDTH_MAX;
			if (width > t->width[column])
				t->width[column] = width;
		}
	}
	/* A title makes no column: where nothing stands is no column. */
	for (column = 0; column < COLUMN_COUNT; column++) {
		width = (unsigned int)strlen(titles[column]);
		if (t->width[column] && width > t->width[column])
			t->width[column] = width;
	}
}

/* ---- printing ---------------------------------------------------------- */

static unsigned int last_column(const struct table *t)
{
	unsigned int column = COLUMN_COUNT;

	while (column > 0 && !t->width[column - 1])
		column--;
	return column;
}

/* Numbers stand to the right, and nothing is padded at the end of a line. */
static void print_row(const struct table *t, const char *const *cells,
		      FILE *out)
{
	unsigned int column, blanks = 0, end = last_column(t);

	for (column = 0; column < end; column++) {
		unsigned int width = t->width[column];
		unsigned int size = (unsigned int)strlen(cells[column]);
		unsigned int gap = size < width ? width - size : 0;

		if (!width)
			continue;
		blanks += 2;
		if (column <= PART)
			blanks += gap;
		if (size)
			fprintf(out, "%*s%s", (int)blanks, "", cells[column]);
		if (size)
			blanks = 0;
		if (column > PART)
			blanks += size ? gap : width;
	}
	fputc('\n', out);
}

void search_print_outcomes(const struct search_result *r, FILE *out)
{
	unsigned int column;
	struct table t;
	uint32_t i;

	make(&t, r);
	if (t.count)
		print_row(&t, titles, out);
	for (i = 0; i < t.count; i++) {
		print_row(&t, (const char *const *)t.rows[i].cells, out);
		for (column = 0; column < COLUMN_COUNT; column++)
			free(t.rows[i].cells[column]);
	}
	if (t.count < r->outcome_count)
		fprintf(out, "  and %" PRIu32 " more: --format json has all\n",
			r->outcome_count - t.count);
}
