/*
 * text.c - the sequence diagram as text.
 *
 * Lanes are columns: a bar for a thread that can run, a broken one for a
 * parked one, nothing for one that is done.  Words and queues are at the
 * right, on the rows after which they are new.
 */
#include "viz/canvas/grid.h"
#include "viz/canvas/sheet.h"
#include "viz/sequence/story.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LANE_GAP 1u
#define TEXT_CALLOUT 84u

enum mark {
	MARK_RUNS,
	MARK_PARKED,
	MARK_LINE,
	MARK_LEFT,
	MARK_RIGHT,
	MARK_VIOLATION,
	MARK_EVIDENCE,
	MARK_CORNER,
	MARK_COUNT,
};

static const char *const marks[MARK_COUNT] = {"│", "┊", "─", "◀",
					      "▶", "✗", "*", "└"};
static const char *const ascii_marks[MARK_COUNT] = {"|", ":", "-", "<",
						    ">", "!", "*", "`"};

/* What ASCII has instead. */
static const char *const substitutes[][2] = {
	{"→", "->"}, {"⋯", "..."}, {"…", "..."}, {"×", "x"},   {"≠", "!="},
	{"µ", "u"},  {"±", "+-"},  {"✓ ", ""},	 {"✗ ", "! "}, {"−", "-"},
};

struct page {
	struct story *s;
	FILE *out;
	bool color;
	bool is_ascii;
	struct grid line;
	int digits;
	unsigned int *center; /* by lane: column */
	unsigned int *width; /* by lane */
	int *last_row; /* by lane: its last row, or -1 */
	unsigned int column_x[COLUMNS_MAX];
	unsigned int columns_end;
	unsigned int next_cell; /* that was not printed yet */
};

/* ---- text ------------------------------------------------------------------
 */

static const char *plain(struct page *t, const char *text)
{
	const char *result = "";

	if (!t->is_ascii)
		return text;
	while (*text) {
		unsigned int size = character_size(text);
		const char *with = NULL;

		for (size_t i = 0;
		     i < sizeof(substitutes) / sizeof(substitutes[0]) && !with;
		     i++) {
			const char *from = substitutes[i][0];

			if (strncmp(text, from, strlen(from)) != 0)
				continue;
			with = substitutes[i][1];
			size = (unsigned int)strlen(from);
		}
		result = with ? story_format(t->s, "%s%s", result, with)
			      : story_format(t->s, "%s%.*s", result, (int)size,
					     text);
		text += size;
	}
	return result;
}

static const char *mark(const struct page *t, enum mark m)
{
	return t->is_ascii ? ascii_marks[m] : marks[m];
}

static void print_line(struct page *t)
{
	grid_print(&t->line, t->color, t->out);
	grid_clear(&t->line);
}

/* ---- places ------------------------------------------------------------ */

static void widen_to(unsigned int *width, const char *text)
{
	unsigned int columns = text_columns(text);

	if (columns > *width)
		*width = columns;
}

static void measure(struct page *t)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++) {
		t->last_row[i] = -1;
		widen_to(&t->width[i], s->lanes[i].name);
		widen_to(&t->width[i], s->lanes[i].cap);
	}
	for (unsigned int i = 0; i < s->row_count; i++) {
		struct row *row = &s->rows[i];

		row->text = plain(t, row->text);
		if (row->look == LOOK_GAP)
			continue;
		t->last_row[row->lane] = (int)i;
		widen_to(&t->width[row->lane], row->text);
	}
}

/* "[A B]" */
static const char *cell_text(struct page *t, const struct cell *cell)
{
	const char *text = "[";

	if (cell->value)
		return cell->value;
	for (unsigned int i = cell->removed; i < cell->chip_count; i++)
		text = story_format(t->s, "%s%s%s", text,
				    i > cell->removed ? " " : "",
				    cell->chips[i]);
	if (cell->more)
		text = story_format(t->s, "%s ⋯%u", text, cell->more);
	return plain(t, story_format(t->s, "%s]", text));
}

static void place(struct page *t)
{
	struct story *s = t->s;
	unsigned int x = (unsigned int)t->digits + 4;
	unsigned int widths[COLUMNS_MAX] = {0};

	for (unsigned int i = 0; i < s->lane_count; i++) {
		t->center[i] = x + t->width[i] / 2;
		x += t->width[i] + LANE_GAP;
	}
	for (unsigned int i = 0; i < s->column_count; i++) {
		widen_to(&widths[i], s->columns[i].name);
		widen_to(&widths[i], cell_text(t, &s->columns[i].start));
	}
	for (unsigned int i = 0; i < s->cell_count; i++)
		widen_to(&widths[s->cells[i].column],
			 cell_text(t, &s->cells[i]));
	for (unsigned int i = 0; i < s->column_count; i++) {
		x += 2;
		t->column_x[i] = x;
		x += widths[i];
	}
	t->columns_end = x;
}

/* ---- lines ------------------------------------------------------------- */

static bool is_parked(const struct page *t, unsigned int row, int lane)
{
	for (unsigned int i = 0; i < t->s->bar_count; i++) {
		const struct bar *bar = &t->s->bars[i];

		if ((bar->kind == BAR_PARK || bar->kind == BAR_WAIT) &&
		    bar->lane == lane && row <= bar->to &&
		    (bar->from < row || bar->is_open))
			return true;
	}
	return false;
}

/* The lanes as they are just before row @row. */
static void put_lanes(struct page *t, unsigned int row)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++) {
		bool parked = is_parked(t, row, (int)i);
		int32_t thread = s->lanes[i].mover;
		bool is_done = thread >= 0 && !s->t->threads[thread].blocked &&
			       (int)row > t->last_row[i] && !parked &&
			       !s->lanes[i].goes_on;

		if (!is_done && row >= s->lanes[i].born)
			grid_put(&t->line, t->center[i],
				 mark(t, parked ? MARK_PARKED : MARK_RUNS),
				 INK_DIM);
	}
}

static enum ink lock_ink(const struct page *t, const struct row *row)
{
	static const enum ink inks[LOCK_COLOURS + 1] = {
		INK_BLUE, INK_YELLOW, INK_CYAN, INK_MAGENTA, INK_PLAIN};

	return row->lock ? inks[t->s->colours[row->lock]] : INK_PLAIN;
}

static enum ink row_ink(const struct page *t, const struct row *row)
{
	if (row->is_violation)
		return INK_BAD;
	if (row->is_evidence)
		return INK_RED;
	switch (row->look) {
	case LOOK_LOCK:
	case LOOK_WAIT:
		return lock_ink(t, row);
	case LOOK_STORE:
	case LOOK_QUEUE:
		return INK_BOLD;
	case LOOK_WAKE:
		return INK_GREEN;
	case LOOK_TIMER:
		return INK_MAGENTA;
	case LOOK_PARK:
	case LOOK_GAP:
		return INK_DIM;
	case LOOK_CALL:
	case LOOK_READ:
		break;
	}
	return INK_PLAIN;
}

static enum ink arrow_ink(const struct page *t, const struct row *row)
{
	switch (row->arrow) {
	case ARROW_WAKE:
	case ARROW_PERMIT:
		return INK_GREEN;
	case ARROW_HAND:
		return lock_ink(t, row);
	case ARROW_ARM:
	case ARROW_FIRE:
	case ARROW_SIGNAL:
	case ARROW_DELIVER:
		return INK_MAGENTA;
	case ARROW_BIRTH:
	case ARROW_NONE:
	case ARROW_COUNT:
		break;
	}
	return INK_BOLD;
}

/* The columns from @first to before @end, and then a tip. */
static void put_line(struct page *t, unsigned int first, unsigned int end,
		     enum ink ink)
{
	for (unsigned int x = first; x < end; x++)
		grid_put(&t->line, x, mark(t, MARK_LINE), ink);
}

static void put_arrow(struct page *t, const struct row *row, int lane,
		      unsigned int left, unsigned int right)
{
	unsigned int tip = t->center[lane];
	bool is_right = tip > right;
	bool is_in = row->arrow == ARROW_DELIVER;
	enum ink ink = arrow_ink(t, row);

	if (is_right)
		put_line(t, right, tip, ink);
	else
		put_line(t, tip + 1, left, ink);
	if (is_in)
		grid_put(&t->line, is_right ? right : left - 1,
			 mark(t, is_right ? MARK_LEFT : MARK_RIGHT), ink);
	else
		grid_put(&t->line, tip,
			 mark(t, is_right ? MARK_RIGHT : MARK_LEFT), ink);
}

static void put_arrows(struct page *t, const struct row *row, unsigned int left,
		       unsigned int right)
{
	enum ink ink = arrow_ink(t, row);

	put_arrow(t, row, row->arrow_lane, left, right);
	for (unsigned int i = 0; i < row->stop_count; i++) {
		int lane = row->stops[i];
		bool is_right = lane > row->lane;

		if (is_right == (row->arrow_lane > row->lane))
			grid_put(&t->line, t->center[lane],
				 mark(t, is_right ? MARK_RIGHT : MARK_LEFT),
				 ink);
		else
			put_arrow(t, row, lane, left, right);
	}
}

static void put_number(struct page *t, const struct row *row)
{
	enum ink ink =
		row->is_violation || row->is_evidence ? INK_RED : INK_DIM;
	const char *number = story_format(t->s, "%*u", t->digits, row->n);

	if (row->is_violation)
		grid_put(&t->line, 0, mark(t, MARK_VIOLATION), ink);
	else if (row->is_evidence)
		grid_put(&t->line, 0, mark(t, MARK_EVIDENCE), ink);
	grid_put(&t->line, 2, number, ink);
}

static void put_box(struct page *t, const struct row *row)
{
	unsigned int width = text_columns(row->text);
	unsigned int left = (unsigned int)t->digits + 4;

	if (row->look != LOOK_GAP)
		left = t->center[row->lane] - width / 2;
	grid_put(&t->line, left, row->text, row_ink(t, row));
	if (row->arrow != ARROW_NONE)
		put_arrows(t, row, left, left + width);
}

/* Cells are in the order of their rows. */
static void put_state(struct page *t, unsigned int row)
{
	struct story *s = t->s;

	for (;
	     t->next_cell < s->cell_count && s->cells[t->next_cell].row <= row;
	     t->next_cell++) {
		const struct cell *cell = &s->cells[t->next_cell];

		grid_put(&t->line, t->column_x[cell->column],
			 cell_text(t, cell), INK_BOLD);
	}
}

static void print_row(struct page *t, unsigned int i)
{
	const struct row *row = &t->s->rows[i];

	if (row->is_cut) {
		put_lanes(t, i);
		print_line(t);
	}
	if (row->look != LOOK_GAP)
		put_lanes(t, i);
	put_number(t, row);
	put_box(t, row);
	put_state(t, i);
	print_line(t);
}

static void print_callout(struct page *t)
{
	const char *lines[12];
	unsigned int count = story_callout(t->s, TEXT_CALLOUT, lines, 12);
	unsigned int x = (unsigned int)t->digits + 3;

	for (unsigned int i = 0; i < count; i++) {
		if (i == 0)
			grid_put(&t->line, x, mark(t, MARK_CORNER), INK_RED);
		grid_put(&t->line, x + 2, plain(t, lines[i]), INK_RED);
		print_line(t);
	}
}

/* ---- the whole --------------------------------------------------------- */

static void print_wrapped(struct page *t, const char *text,
			  unsigned int lines_max)
{
	unsigned int columns = t->line.width < 76 ? 76 : t->line.width;
	const char *lines[4];
	unsigned int count = text_wrap(t->s->memory, plain(t, text), columns,
				       lines, lines_max);

	for (unsigned int i = 0; i < count; i++)
		fprintf(t->out, "%s%s%s\n", t->color ? "\033[0;2m" : "",
			lines[i], t->color ? "\033[0m" : "");
}

static void print_header(struct page *t)
{
	const char *badge = plain(t, sheet_badge(t->s->memory, t->s->t));

	if (t->color)
		fprintf(t->out, "\033[0;1m%s\033[0m   \033[0;1;%sm%s\033[0m\n",
			story_title(t->s), t->s->verdict ? "41;97" : "32",
			badge);
	else
		fprintf(t->out, "%s   %s\n", plain(t, story_title(t->s)),
			badge);
	print_wrapped(t, story_facts(t->s), 4);
	print_wrapped(t, story_schedule(t->s), 2);
	fputc('\n', t->out);
}

static void put_centered(struct page *t, unsigned int lane, const char *text,
			 enum ink ink)
{
	grid_put(&t->line, t->center[lane] - text_columns(text) / 2, text, ink);
}

static void print_heads(struct page *t)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++)
		put_centered(t, i, s->lanes[i].name, INK_BOLD);
	for (unsigned int i = 0; i < s->column_count; i++)
		grid_put(&t->line, t->column_x[i], s->columns[i].name,
			 INK_BOLD);
	print_line(t);
	for (unsigned int i = 0; i < s->column_count; i++)
		if (!s->columns[i].start.is_empty)
			grid_put(&t->line, t->column_x[i],
				 cell_text(t, &s->columns[i].start), INK_DIM);
	print_line(t);
}

static void print_caps(struct page *t)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++)
		put_centered(t, i, s->lanes[i].cap,
			     s->lanes[i].cap_is_bad ? INK_RED : INK_DIM);
	print_line(t);
}

static void print_all(struct page *t)
{
	struct story *s = t->s;

	print_header(t);
	print_heads(t);
	for (unsigned int i = 0; i < s->row_count; i++) {
		print_row(t, i);
		if ((int)i == s->violation_row)
			print_callout(t);
	}
	if (s->violation_row < 0)
		print_callout(t);
	print_caps(t);
}

static void print_story(struct page *t)
{
	size_t size = (t->s->lane_count + 1) * sizeof(unsigned int);

	for (uint32_t n = t->s->t->event_count; n >= 10000; n /= 10)
		t->digits++;
	t->center = trace_alloc(t->s->memory, size);
	t->width = trace_alloc(t->s->memory, size);
	t->last_row = trace_alloc(t->s->memory, size);
	measure(t);
	place(t);
	grid_init(&t->line, t->columns_end > 100 ? t->columns_end : 100);
	print_all(t);
	grid_fini(&t->line);
}

int viz_sequence_text(const struct trace *trace,
		      const struct viz_options *options, bool color, bool ascii,
		      FILE *out, char error[VIZ_ERROR_MAX])
{
	struct page t = {.s = story_new(trace, options),
			 .out = out,
			 .color = color,
			 .is_ascii = ascii,
			 .digits = 4};
	int result = story_check(t.s, error);

	if (result == 0)
		print_story(&t);
	story_free(t.s);
	if (result < 0)
		return result;
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
