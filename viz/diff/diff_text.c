/*
 * diff_text.c - two traces side by side as text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/canvas/grid.h"
#include "viz/canvas/sheet.h"
#include "viz/diff/pages.h"

#define ROW_COLUMNS 44u /* of the text of a row */
#define NAME_COLUMNS 12u

struct page {
	struct pages *p;
	FILE *out;
	bool color;
	bool is_ascii;
	struct grid line;
	unsigned int digits, names, texts; /* columns */
};

/* What ASCII has instead. */
static const char *const substitutes[][2] = {
	{"→", "->"},  {"⋯", "..."}, {"…", "..."}, {"×", "x"},
	{"≠", "!="},  {"µ", "u"},   {"±", "+-"},  {"✓ ", ""},
	{"✗ ", "! "}, {"✗", "!"},   {"─", "-"},
};

static const char *plain(struct page *g, const char *text)
{
	struct story *s = g->p->s[0];
	const char *result = text;

	if (!g->is_ascii)
		return text;
	for (size_t i = 0; i < sizeof(substitutes) / sizeof(*substitutes);
	     i++) {
		const char *from = substitutes[i][0], *at;

		while ((at = strstr(result, from)))
			result = story_format(s, "%.*s%s%s", (int)(at - result),
					      result, substitutes[i][1],
					      at + strlen(from));
	}
	return result;
}

/* ---- rows -------------------------------------------------------------- */

static void measure(struct page *g)
{
	uint32_t last = 1;

	for (unsigned int side = 0; side < 2; side++) {
		struct story *s = g->p->s[side];

		for (unsigned int i = 0; i < s->row_count; i++) {
			struct row *row = &s->rows[i];
			unsigned int name, text;

			row->text = text_cut(s->memory, plain(g, row->text),
					     ROW_COLUMNS);
			text = text_columns(row->text);
			name = text_columns(name_of_mover(s->t, row->mover));
			g->texts = text > g->texts ? text : g->texts;
			g->names = name > g->names ? name : g->names;
			last = row->n > last ? row->n : last;
		}
	}
	g->names = g->names > NAME_COLUMNS ? NAME_COLUMNS : g->names;
	for (g->digits = 1; last >= 10; last /= 10)
		g->digits++;
}

/* Columns of a side: mark, number, name, text. */
static unsigned int side_width(const struct page *g)
{
	return 2 + g->digits + 2 + g->names + 2 + g->texts;
}

static unsigned int side_left(const struct page *g, unsigned int side)
{
	return side ? side_width(g) + 5 : 0;
}

static enum ink ink_of(const struct row *row)
{
	if (row->is_violation)
		return INK_BAD;
	return row->is_evidence ? INK_RED : INK_PLAIN;
}

static void put_row(struct page *g, unsigned int side, int index)
{
	struct story *s = g->p->s[side];
	unsigned int x = side_left(g, side);
	const struct row *row;

	if (index < 0)
		return;
	row = &s->rows[index];
	if (row->is_violation || row->is_evidence)
		grid_put(&g->line, x, row->is_violation ? plain(g, "✗") : "*",
			 INK_RED);
	if (row->look != LOOK_GAP)
		grid_put(&g->line, x + 2,
			 story_format(s, "%*u", (int)g->digits, row->n),
			 INK_DIM);
	grid_put(&g->line, x + 4 + g->digits,
		 row->look == LOOK_GAP
			 ? ""
			 : text_cut(s->memory, name_of_mover(s->t, row->mover),
				    NAME_COLUMNS),
		 INK_BOLD);
	grid_put(&g->line, x + 6 + g->digits + g->names, row->text,
		 ink_of(row));
}

static void put_level(struct page *g, const struct level *level)
{
	static const char *const marks[] = {
		[LEVEL_ALIKE] = " ",
		[LEVEL_CHANGED] = "|",
		[LEVEL_LEFT] = "<",
		[LEVEL_RIGHT] = ">",
	};

	grid_clear(&g->line);
	put_row(g, 0, level->row[0]);
	grid_put(&g->line, side_width(g) + 2, marks[level->mark], INK_YELLOW);
	put_row(g, 1, level->row[1]);
	grid_print(&g->line, g->color, g->out);
}

static void put_rule(struct page *g)
{
	const char *text =
		plain(g, story_format(g->p->s[0], "─── first difference: %s ",
				      text_of_first(g->p)));

	grid_clear(&g->line);
	for (unsigned int i = text_columns(text);
	     i < side_left(g, 1) + side_width(g); i++)
		grid_put(&g->line, i, plain(g, "─"), INK_YELLOW);
	grid_put(&g->line, 0, text, INK_YELLOW);
	grid_print(&g->line, g->color, g->out);
}

static void put_heads(struct page *g)
{
	grid_clear(&g->line);
	for (unsigned int side = 0; side < 2; side++) {
		struct story *s = g->p->s[side];
		const char *badge = sheet_badge(s->memory, s->t);

		grid_put(&g->line, side_left(g, side),
			 story_format(s, "%s: %s", side ? "right" : "left",
				      plain(g, badge)),
			 s->t->verdict_count ? INK_RED : INK_GREEN);
	}
	grid_print(&g->line, g->color, g->out);
}

/* ---- above the rows ---------------------------------------------------- */

static void put_events(struct page *g, const struct difference *d)
{
	for (unsigned int side = 0; side < 2; side++)
		fprintf(g->out, "  %s %s\n", side ? "right:" : "left: ",
			plain(g, text_of_event(g->p->s[side], d->n[side])));
}

static void put_facts(struct page *g)
{
	for (unsigned int side = 0; side < 2; side++) {
		const struct trace *t = g->p->s[side]->t;

		fprintf(g->out, "%s %s, profile %s, %u %s: %s\n",
			side ? "right:" : "left: ",
			t->scenario ? t->scenario : "?",
			t->profile ? t->profile : "?", t->event_count,
			events_word(t->event_count),
			t->verdict_count ? verdict_name(t->verdicts[0].kind)
					 : "ok");
	}
}

static bool is_same(const struct difference *a, const struct difference *b)
{
	return a->n[0] == b->n[0] && a->n[1] == b->n[1];
}

static void put_summary(struct page *g)
{
	const struct comparison *c = &g->p->c;

	put_facts(g);
	if (comparison_is_equal(c)) {
		fprintf(g->out, "the traces are equal: %u %s\n", c->alike,
			events_word(c->alike));
		return;
	}
	fprintf(g->out, "first difference: %s\n",
		difference_text(c->first.kind));
	if (c->first.n[0] || c->first.n[1])
		put_events(g, &c->first);
	if (c->effect.kind != DIFFERENCE_NONE &&
	    !is_same(&c->first, &c->effect)) {
		fprintf(g->out,
			"first step of a thread that is not as in the other: "
			"%s\n",
			difference_text(c->effect.kind));
		put_events(g, &c->effect);
	}
	if (c->is_counted)
		fprintf(g->out, "%u %s alike, %u left only, %u right only\n",
			c->alike, c->alike == 1 ? "event is" : "events are",
			c->only[0], c->only[1]);
	else
		fputs("the traces are too different to say what is alike\n",
		      g->out);
}

static void put_rows(struct page *g)
{
	const struct pages *p = g->p;

	measure(g);
	grid_init(&g->line, side_left(g, 1) + side_width(g));
	fputc('\n', g->out);
	put_heads(g);
	for (unsigned int i = 0; i < p->count; i++) {
		if (i == p->first)
			put_rule(g);
		put_level(g, &p->levels[i]);
	}
	if (p->first == p->count && !comparison_is_equal(&p->c))
		put_rule(g);
	grid_fini(&g->line);
}

int viz_diff_text(const struct trace *a, const struct trace *b,
		  const struct viz_options *options, bool color, bool ascii,
		  FILE *out, char error[VIZ_ERROR_MAX])
{
	struct pages p;
	struct page g = {
		.p = &p, .out = out, .color = color, .is_ascii = ascii};
	int result;

	error[0] = '\0';
	result = pages_init(&p, a, b, options, error);
	if (result)
		return result;
	put_summary(&g);
	put_rows(&g);
	pages_fini(&p);
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
