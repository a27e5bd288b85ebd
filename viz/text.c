/*
 * text.c - the sequence diagram as text.
 *
 * Lanes are columns: a bar for a thread that can run, a broken one for a
 * parked one, nothing for one that is done.  Words and queues are at the
 * right, on the rows after which they are new.
 */
#include "viz/grid.h"
#include "viz/story.h"

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
	{"→", "->"}, {"⋯", "..."}, {"…", "..."}, {"×", "x"},
	{"≠", "!="}, {"µ", "u"},   {"✓ ", ""},	 {"✗ ", "! "},
};

struct sheet {
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
};

/* ---- text ------------------------------------------------------------------
 */

static const char *plain(struct sheet *t, const char *text)
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

static const char *mark(const struct sheet *t, enum mark m)
{
	return t->is_ascii ? ascii_marks[m] : marks[m];
}

static void print_line(struct sheet *t)
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

static void measure(struct sheet *t)
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
		t->last_row[row->lane] = (int)i;
		if (row->look != LOOK_GAP)
			widen_to(&t->width[row->lane], row->text);
	}
}

/* "[A B]" */
static const char *cell_text(struct sheet *t, const struct cell *cell)
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

static void place(struct sheet *t)
{
	struct story *s = t->s;
	unsigned int x = (unsigned int)t->digits + 4;
	unsigned int widths[COLUMNS_MAX] = {0};

	for (unsigned int i = 0; i < s->lane_count; i++) {
		t->center[i] = x + t->width[i] / 2;
		x += t->width[i] + LANE_GAP;
	}
	for (unsigned int i = 0; i < s->column_count; i++)
		widen_to(&widths[i], s->columns[i].name);
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

static bool is_parked(const struct sheet *t, unsigned int row, int lane)
{
	for (unsigned int i = 0; i < t->s->bar_count; i++) {
		const struct bar *bar = &t->s->bars[i];

		if ((bar->kind == BAR_PARK || bar->kind == BAR_WAIT) &&
		    bar->lane == lane && bar->from < row && row <= bar->to)
			return true;
	}
	return false;
}

/* The lanes as they are just before row @row. */
static void put_lanes(struct sheet *t, unsigned int row)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++) {
		bool parked = is_parked(t, row, (int)i);
		int32_t thread = s->lanes[i].mover;
		bool is_done = thread >= 0 && !s->t->threads[thread].blocked &&
			       (int)row > t->last_row[i] && !parked;

		if (!is_done)
			grid_put(&t->line, t->center[i],
				 mark(t, parked ? MARK_PARKED : MARK_RUNS),
				 INK_DIM);
	}
}

static enum ink lock_ink(const struct sheet *t, const struct row *row)
{
	static const enum ink inks[LOCK_COLOURS + 1] = {
		INK_BLUE, INK_YELLOW, INK_CYAN, INK_MAGENTA, INK_PLAIN};

	return row->lock ? inks[t->s->colours[row->lock]] : INK_PLAIN;
}

static enum ink row_ink(const struct sheet *t, const struct row *row)
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

static void put_arrow(struct sheet *t, const struct row *row, unsigned int left,
		      unsigned int right)
{
	unsigned int tip = t->center[row->arrow_lane];
	enum ink ink = row->arrow == ARROW_WAKE || row->arrow == ARROW_PERMIT
			       ? INK_GREEN
		       : row->arrow == ARROW_HAND ? lock_ink(t, row)
						  : INK_MAGENTA;

	if (tip > right)
		for (unsigned int x = right; x < tip; x++)
			grid_put(&t->line, x, mark(t, MARK_LINE), ink);
	else
		for (unsigned int x = tip + 1; x < left; x++)
			grid_put(&t->line, x, mark(t, MARK_LINE), ink);
	grid_put(&t->line, tip, mark(t, tip > right ? MARK_RIGHT : MARK_LEFT),
		 ink);
}

static void put_number(struct sheet *t, const struct row *row)
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

static void put_box(struct sheet *t, const struct row *row)
{
	unsigned int width = text_columns(row->text);
	unsigned int left = t->center[row->lane] - width / 2;

	if (row->look == LOOK_GAP)
		left = (unsigned int)t->digits + 4;
	grid_put(&t->line, left, row->text, row_ink(t, row));
	if (row->arrow != ARROW_NONE)
		put_arrow(t, row, left, left + width);
}

static void put_state(struct sheet *t, unsigned int row)
{
	for (unsigned int i = 0; i < t->s->cell_count; i++) {
		const struct cell *cell = &t->s->cells[i];

		if (cell->row == row)
			grid_put(&t->line, t->column_x[cell->column],
				 cell_text(t, cell), INK_BOLD);
	}
}

static void print_row(struct sheet *t, unsigned int i)
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

static void print_callout(struct sheet *t)
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

static void print_wrapped(struct sheet *t, const char *text,
			  unsigned int lines_max)
{
	unsigned int columns = t->line.width < 76 ? 76 : t->line.width;
	const char *lines[4];
	unsigned int count =
		story_wrap(t->s, plain(t, text), columns, lines, lines_max);

	for (unsigned int i = 0; i < count; i++)
		fprintf(t->out, "%s%s%s\n", t->color ? "\033[0;2m" : "",
			lines[i], t->color ? "\033[0m" : "");
}

static void print_header(struct sheet *t)
{
	const char *badge = plain(t, story_badge(t->s));

	if (t->color)
		fprintf(t->out, "\033[0;1m%s\033[0m   \033[0;1;%sm%s\033[0m\n",
			story_title(t->s), t->s->verdict ? "41;97" : "32",
			badge);
	else
		fprintf(t->out, "%s   %s\n", plain(t, story_title(t->s)),
			badge);
	print_wrapped(t, story_facts(t->s), 3);
	print_wrapped(t, story_schedule(t->s), 2);
	fputc('\n', t->out);
}

static void put_centered(struct sheet *t, unsigned int lane, const char *text,
			 enum ink ink)
{
	grid_put(&t->line, t->center[lane] - text_columns(text) / 2, text, ink);
}

static void print_heads(struct sheet *t)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++)
		put_centered(t, i, s->lanes[i].name, INK_BOLD);
	for (unsigned int i = 0; i < s->column_count; i++)
		grid_put(&t->line, t->column_x[i], s->columns[i].name,
			 INK_BOLD);
	print_line(t);
	for (unsigned int i = 0; i < s->column_count; i++)
		if (s->columns[i].start)
			grid_put(&t->line, t->column_x[i], s->columns[i].start,
				 INK_DIM);
	print_line(t);
}

static void print_caps(struct sheet *t)
{
	struct story *s = t->s;

	for (unsigned int i = 0; i < s->lane_count; i++)
		put_centered(t, i, s->lanes[i].cap,
			     s->lanes[i].cap_is_bad ? INK_RED : INK_DIM);
	print_line(t);
}

static void print_all(struct sheet *t)
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

int viz_sequence_text(const struct trace *trace,
		      const struct viz_options *options, bool color, bool ascii,
		      FILE *out)
{
	struct sheet t = {.s = story_new(trace, options),
			  .out = out,
			  .color = color,
			  .is_ascii = ascii,
			  .digits = 4};
	size_t size = (t.s->lane_count + 1) * sizeof(unsigned int);

	for (uint32_t n = trace->event_count; n >= 10000; n /= 10)
		t.digits++;
	t.center = trace_alloc(t.s->memory, size);
	t.width = trace_alloc(t.s->memory, size);
	t.last_row = trace_alloc(t.s->memory, size);
	measure(&t);
	place(&t);
	grid_init(&t.line, t.columns_end > 100 ? t.columns_end : 100);
	print_all(&t);
	grid_fini(&t.line);
	story_free(t.s);
	errno = 0;
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
