/*
 * markdown.c - a comment for a review: verdict, story, diagram, the steps that
 * matter, and how to run it again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/export/escape.h"
#include "viz/export/prose.h"

#define TABLE_ROWS_MAX 32u
#define OTHERS_MAX 5u

struct comment {
	struct story *s;
	FILE *out;
};

/* ---- head -------------------------------------------------------------- */

static void put_heading(struct comment *c)
{
	const struct verdict *v = c->s->verdict;

	fprintf(c->out, "### %s ", v ? "✗" : "✓");
	if (v)
		fprintf(c->out, "%s: ", verdict_name(v->kind));
	escape_markdown(c->out, story_title(c->s));
	fputs("\n\n", c->out);
}

static void put_fact(struct comment *c, const char *what, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(c->out, ", %s ", what);
	escape_code(c->out, value, false);
}

static void put_facts(struct comment *c)
{
	const struct trace *t = c->s->t;

	fputs("Scenario ", c->out);
	escape_code(c->out, t->scenario ? t->scenario : "?", false);
	put_fact(c, "schedule", t->schedule);
	put_fact(c, "profile", t->profile);
	if (t->digest)
		put_fact(c, "hash", story_format(c->s, "%.8s", t->digest));
	fprintf(c->out, ", %u steps.\n\n", t->step_count);
}

static void put_place(struct comment *c, const struct verdict *v)
{
	if (v->at)
		fprintf(c->out, " at step %u", v->at);
	else
		fputs(" at the end", c->out);
	if (v->thread >= 0) {
		fputs(" of ", c->out);
		escape_markdown(c->out, thread_of(c->s->t, v->thread));
	}
	if (v->line > 0) {
		fputs(", line ", c->out);
		fprintf(c->out, "%d", v->line);
		fputs(" of the scenario", c->out);
	}
}

static void put_others(struct comment *c)
{
	const struct trace *t = c->s->t;
	unsigned int count = t->verdict_count;

	if (count > OTHERS_MAX + 1)
		count = OTHERS_MAX + 1;
	for (unsigned int i = 1; i < count; i++) {
		const struct verdict *v = &t->verdicts[i];

		fprintf(c->out, "- also **%s**", verdict_name(v->kind));
		put_place(c, v);
		fputs(": ", c->out);
		escape_markdown(c->out, v->what ? v->what : "");
		fputc('\n', c->out);
	}
	if (t->verdict_count > count)
		fprintf(c->out, "- and %u more\n", t->verdict_count - count);
	if (t->verdict_count > 1)
		fputc('\n', c->out);
}

static void put_fault(struct comment *c)
{
	const struct verdict *v = c->s->verdict;

	fprintf(c->out, "**Verdict: %s**", verdict_name(v->kind));
	put_place(c, v);
	fputs(". The rule: ", c->out);
	escape_markdown(c->out, v->rule ? v->rule : verdict_name(v->kind));
	fputs(".", c->out);
	if (c->s->t->expected)
		fputs(" The scenario expects this of the profile.", c->out);
	fputs("\n\n", c->out);
	put_others(c);
}

static void put_success(struct comment *c)
{
	const struct trace *t = c->s->t;

	if (t->expected)
		fprintf(c->out,
			"**Verdict: ok.** Nothing was found in %u steps, and "
			"the run ends as the scenario expects.\n\n",
			t->step_count);
	else
		fprintf(c->out,
			"**Verdict: not as expected.** Nothing was found in %u "
			"steps, yet the scenario expects something.\n\n",
			t->step_count);
	if (!t->summary || !*t->summary)
		return;
	fputs("What held: ", c->out);
	escape_markdown(c->out, t->summary);
	fputs("\n\n", c->out);
}

/* ---- table ------------------------------------------------------------- */

static bool matters(const struct row *row)
{
	if (row->is_violation || row->is_evidence || row->arrow != ARROW_NONE)
		return true;
	switch (row->look) {
	case LOOK_CALL:
	case LOOK_STORE:
	case LOOK_QUEUE:
	case LOOK_WAIT:
	case LOOK_PARK:
	case LOOK_WAKE:
	case LOOK_TIMER:
		return row->folded == 0;
	case LOOK_READ:
	case LOOK_LOCK:
	case LOOK_GAP:
		break;
	}
	return false;
}

static unsigned int distance(unsigned int a, unsigned int b)
{
	return a < b ? b - a : a - b;
}

/* Rows that matter within @reach of the violation; evidence always. */
static unsigned int choose(const struct story *s, unsigned int reach,
			   bool *chosen)
{
	unsigned int middle = s->violation_row >= 0
				      ? (unsigned int)s->violation_row
				      : s->row_count;
	unsigned int count = 0;

	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct row *row = &s->rows[i];

		chosen[i] = row->is_violation || row->is_evidence ||
			    (matters(row) && distance(i, middle) <= reach);
		count += chosen[i];
	}
	return count;
}

static bool *choose_rows(const struct story *s)
{
	bool *chosen = trace_alloc(s->memory, s->row_count * sizeof(bool));
	unsigned int reach = s->row_count;

	while (choose(s, reach, chosen) > TABLE_ROWS_MAX && reach > 0)
		reach--;
	return chosen;
}

static const char *cell_text(struct story *s, const struct cell *cell)
{
	const char *name = s->columns[cell->column].name;
	const char *text = story_format(s, "%s [", name);

	if (cell->value)
		return story_format(s, "%s = %s", name, cell->value);
	for (unsigned int i = cell->removed; i < cell->chip_count; i++)
		text = story_format(s, "%s%s%s", text,
				    i > cell->removed ? " " : "",
				    cell->chips[i]);
	if (cell->more)
		text = story_format(s, "%s ⋯%u", text, cell->more);
	return story_format(s, "%s]", text);
}

/* The latest cell of @column in the rows after @before up to @row. */
static const struct cell *latest(const struct story *s, int before, int row,
				 unsigned int column)
{
	const struct cell *found = NULL;

	for (unsigned int i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		if (cell->column == column && (int)cell->row > before &&
		    (int)cell->row <= row)
			found = cell;
	}
	return found;
}

static void put_state(struct comment *c, int before, int row)
{
	const char *separator = "";

	for (unsigned int i = 0; i < c->s->column_count; i++) {
		const struct cell *cell = latest(c->s, before, row, i);

		if (!cell)
			continue;
		fputs(separator, c->out);
		escape_code(c->out, cell_text(c->s, cell), true);
		separator = ", ";
	}
}

static void put_row(struct comment *c, int before, int i)
{
	struct story *s = c->s;
	const struct row *row = &s->rows[i];

	if (row->is_violation)
		fprintf(c->out, "| **✗ %u** | ", row->n);
	else
		fprintf(c->out, "| %s%u | ", row->is_evidence ? "• " : "",
			row->n);
	escape_markdown(c->out, s->lanes[row->lane].name);
	fputs(" | ", c->out);
	escape_code(c->out, row->text, true);
	if (row->arrow != ARROW_NONE) {
		fputs(" → ", c->out);
		escape_markdown(c->out, s->lanes[row->arrow_lane].name);
	}
	fputs(" | ", c->out);
	put_state(c, before, i);
	fputs(" |\n", c->out);
}

static void put_table(struct comment *c)
{
	const bool *chosen = choose_rows(c->s);
	unsigned int left_out = 0;
	int before = -1;

	fputs("| step | thread | what | after it |\n"
	      "| ---: | --- | --- | --- |\n",
	      c->out);
	for (unsigned int i = 0; i < c->s->row_count; i++) {
		if (!chosen[i]) {
			left_out += matters(&c->s->rows[i]);
			continue;
		}
		put_row(c, before, (int)i);
		before = (int)i;
	}
	fputc('\n', c->out);
	if (c->s->verdict)
		fputs("✗ is the step at fault, • is evidence. ", c->out);
	fputs("Looks and locks without consequence are left out", c->out);
	if (left_out > 0)
		fprintf(c->out, ", and so are %u steps far from the %s",
			left_out, c->s->verdict ? "fault" : "end");
	fputs(".\n\n", c->out);
}

/* ---- the whole --------------------------------------------------------- */

static void put_fence(FILE *out, unsigned int count, const char *language)
{
	while (count-- > 0)
		fputc('`', out);
	fprintf(out, "%s\n", language);
}

static void put_command(struct comment *c, const char *command)
{
	unsigned int fence = escape_backticks(command) + 1;

	if (fence < 3)
		fence = 3;
	fputs("Reproduce:\n\n", c->out);
	put_fence(c->out, fence, "sh");
	fprintf(c->out, "%s\n", command);
	put_fence(c->out, fence, "");
}

static int put_all(struct comment *c, const struct viz_options *options,
		   const char *command, char error[VIZ_ERROR_MAX])
{
	int result;

	put_heading(c);
	put_facts(c);
	if (c->s->verdict)
		put_fault(c);
	else
		put_success(c);
	prose_write(c->s, c->out);
	fputs("\n```mermaid\n", c->out);
	result = viz_mermaid(c->s->t, options, c->out, error);
	if (result)
		return result;
	fputs("```\n\n", c->out);
	put_table(c);
	if (command)
		put_command(c, command);
	return 0;
}

int viz_markdown(const struct trace *t, const struct viz_options *options,
		 const char *command, FILE *out, char error[VIZ_ERROR_MAX])
{
	struct comment c = {.s = story_new(t, options)};
	char *text = NULL;
	size_t size = 0;
	int result;

	c.out = open_memstream(&text, &size);
	if (!c.out)
		abort();
	result = story_check(c.s, error);
	if (!result)
		result = put_all(&c, options, command, error);
	fclose(c.out);
	story_free(c.s);
	errno = 0;
	if (!result && (fwrite(text, 1, size, out) != size || fflush(out) != 0))
		result = errno ? -errno : -EIO;
	free(text);
	return result;
}
