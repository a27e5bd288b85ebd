/*
 * record_table.c - the table of a search's ends.
 *
 * It tells what the picture of outcomes does, but of all results and of all
 * ends.  Numbers are to the right, texts to the left.
 */
#include "sim/cli/record_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/canvas/measure.h"
#include "viz/outcomes/classes.h"

#define GAP 2 /* blanks between columns */

enum column {
	END,
	RUNS,
	PART,
	PREEMPTIONS,
	SWITCHES,
	VERDICTS,
	RESULTS,
	WORDS,
	BLOCKED,
	COLUMN_COUNT,
};

static const char *const titles[COLUMN_COUNT] = {
	"end",	    "runs",    "part",	"preemptions", "switches",
	"verdicts", "results", "words", "blocked",
};

typedef const char *row[COLUMN_COUNT];

struct table {
	const struct record *r;
	bool is_ascii;
	uint64_t runs;
	row *rows; /* by outcome */
	unsigned int widths[COLUMN_COUNT]; /* 0: no row has anything there */
};

static bool is_numeric(enum column column)
{
	return column >= RUNS && column <= SWITCHES;
}

static const char *verdicts_text(struct trace *memory,
				 const struct record_outcome *o)
{
	const char *text = "";

	for (unsigned int i = 0; i < VERDICT_KIND_COUNT; i++)
		if (o->verdicts >> i & 1)
			text = trace_format(memory, "%s%s%s", text,
					    *text ? ", " : "",
					    verdict_name((enum verdict_kind)i));
	if (*text && o->is_expected)
		text = trace_format(memory, "%s (expected)", text);
	return text;
}

static const char *cell_of(const struct table *t,
			   const struct record_outcome *o, enum column column)
{
	struct trace *memory = t->r->memory;
	const char *none = t->is_ascii ? "-" : "−";

	switch (column) {
	case END:
		return end_classes[class_of(o)].words;
	case RUNS:
		return number_text(memory, o->runs);
	case PART:
		return part_text(memory, o->runs, t->runs);
	case PREEMPTIONS:
		return o->runs ? number_text(memory, o->preemptions) : none;
	case SWITCHES:
		return o->runs ? number_text(memory, o->switches) : none;
	case VERDICTS:
		return verdicts_text(memory, o);
	case RESULTS:
		return o->results;
	case WORDS:
		return o->words;
	case BLOCKED:
		return o->blocked;
	case COLUMN_COUNT:
		break;
	}
	return "";
}

static void fill(struct table *t)
{
	const struct record *r = t->r;

	for (uint32_t i = 0; i < r->outcome_count; i++)
		t->runs += r->outcomes[i].runs;
	for (uint32_t i = 0; i < r->outcome_count; i++) {
		for (unsigned int k = 0; k < COLUMN_COUNT; k++) {
			const char *text =
				cell_of(t, &r->outcomes[i], (enum column)k);
			unsigned int width;

			t->rows[i][k] = text ? text : "";
			width = text_columns(t->rows[i][k]);
			if (width > t->widths[k])
				t->widths[k] = width;
		}
	}
	for (unsigned int k = 0; k < COLUMN_COUNT; k++)
		if (t->widths[k] > 0 && t->widths[k] < strlen(titles[k]))
			t->widths[k] = (unsigned int)strlen(titles[k]);
}

/* A name cannot command the terminal. */
static void print_text(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text,
		      out);
}

/* Blanks are kept back until something follows them. */
static void print_row(const struct table *t, const char *const *cells,
		      FILE *out)
{
	unsigned int blanks = 0;

	for (unsigned int k = 0; k < COLUMN_COUNT; k++) {
		unsigned int columns = text_columns(cells[k]);
		unsigned int rest = t->widths[k] - columns;

		if (t->widths[k] == 0)
			continue;
		if (is_numeric((enum column)k)) {
			blanks += rest;
			rest = 0;
		}
		if (columns > 0) {
			fprintf(out, "%*s", (int)blanks, "");
			print_text(cells[k], out);
			blanks = 0;
		}
		blanks += columns > 0 ? rest + GAP : t->widths[k] + GAP;
	}
	fputc('\n', out);
}

static void print_head(const struct record *r, FILE *out)
{
	const char *title = r->title && *r->title ? r->title : r->scenario;

	print_text(title ? title : "outcomes", out);
	fputs("\nscenario ", out);
	print_text(r->scenario ? r->scenario : "?", out);
	if (r->schedule && *r->schedule) {
		fputs(", schedule ", out);
		print_text(r->schedule, out);
	}
	fputs(", profile ", out);
	print_text(r->profile ? r->profile : "?", out);
	fputc('\n', out);
	print_text(search_facts(r->memory, r), out);
	fputc('\n', out);
	if (search_is_part(r))
		fputs("not all runs were seen: parts are of those that were\n",
		      out);
	fputs("distinct ends, with the fewest preemptions and switches of "
	      "each\n\n",
	      out);
}

int record_table(const struct record *r, bool is_ascii, FILE *out,
		 char error[VIZ_ERROR_MAX])
{
	struct table t = {.r = r, .is_ascii = is_ascii};

	if (r->outcome_count == 0) {
		snprintf(error, VIZ_ERROR_MAX,
			 "no run of the search came to an end: there are no "
			 "outcomes to show");
		return -ENODATA;
	}
	t.rows = calloc(r->outcome_count, sizeof(*t.rows));
	if (!t.rows)
		return -ENOMEM;
	fill(&t);
	print_head(r, out);
	print_row(&t, titles, out);
	for (uint32_t i = 0; i < r->outcome_count; i++)
		print_row(&t, t.rows[i], out);
	free(t.rows);
	return ferror(out) ? -EIO : 0;
}
