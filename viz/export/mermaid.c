/*
 * mermaid.c - the sequence diagram in the language Mermaid, which forges
 * render in Markdown.
 *
 * A box for each process, a note for each run of a thread with a line for each
 * step, an arrow for what one thread does to another.  Locks held and queues
 * cannot be told in it.  The step at fault is in a red frame together with
 * what is wrong; marks say the same without colour.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "viz/canvas/sheet.h"
#include "viz/export/escape.h"
#include "viz/sequence/story.h"

/* Forges refuse longer ones; Mermaid counts UTF-16 units. */
#define MERMAID_CHARS_MAX 50000u
/*
 * A note over several lanes reaches from the first to the last and is not made
 * wider for its text: lanes are at least 200 pixels apart, and it juts out by
 * 25 at both ends.  A column is about 7.2 pixels.
 */
#define LANE_COLUMNS 27u
#define JUT_COLUMNS 4u
#define NOTE_COLUMNS 48u /* over one lane: as wide as its text */
#define NOTE_COLUMNS_MAX 96u
#define NOTE_LINES 16u
#define FAULT "rect rgba(179,0,27,0.15)"

struct diagram {
	struct story *s;
	FILE *out;
	const char **ids; /* by lane */
	int note; /* lane of the note that is being written, or -1 */
};

/* ---- names ------------------------------------------------------------- */

/* Words that begin a statement, in any case; and what names of ours are. */
static bool is_keyword(const char *name)
{
	static const char *const words[] = {
		"accdescr",    "acctitle", "activate",	 "actor",
		"alt",	       "and",	   "as",	 "autonumber",
		"box",	       "break",	   "create",	 "critical",
		"deactivate",  "destroy",  "details",	 "else",
		"end",	       "left",	   "link",	 "links",
		"loop",	       "note",	   "off",	 "opt",
		"option",      "over",	   "par",	 "par_over",
		"participant", "property", "properties", "rect",
		"right",       "title",	   "sequence",	 "sequencediagram",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i], name) == 0)
			return true;
	return false;
}

/* A letter, then letters and digits: the name can stand for itself. */
static bool is_plain(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!*name || !strchr(letters, *name) || is_keyword(name))
		return false;
	name += strspn(name, letters);
	return name[strspn(name, "0123456789")] == '\0';
}

static bool is_taken(const struct diagram *d, unsigned int lane, const char *id)
{
	for (unsigned int i = 0; i < lane; i++)
		if (strcmp(d->ids[i], id) == 0)
			return true;
	return false;
}

static void choose_ids(struct diagram *d)
{
	struct story *s = d->s;
	unsigned int number = 0;

	d->ids = trace_alloc(s->memory, (s->lane_count + 1) * sizeof(char *));
	for (unsigned int i = 0; i < s->lane_count; i++) {
		const char *id = s->lanes[i].name;

		while (!is_plain(id) || is_taken(d, i, id))
			id = story_format(s, "t%u", number++);
		d->ids[i] = id;
	}
}

/* ---- head -------------------------------------------------------------- */

static void print_statement(struct diagram *d, const char *keyword,
			    const char *text)
{
	fprintf(d->out, "    %s", keyword);
	escape_mermaid(d->out, text);
	fputc('\n', d->out);
}

static void print_participant(struct diagram *d, unsigned int lane)
{
	const char *name = d->s->lanes[lane].name;

	fprintf(d->out, "    participant %s", d->ids[lane]);
	if (strcmp(d->ids[lane], name) != 0) {
		fputs(" as ", d->out);
		escape_mermaid(d->out, name);
	}
	fputc('\n', d->out);
}

static void print_participants(struct diagram *d)
{
	struct story *s = d->s;

	for (unsigned int i = 0; i < s->panel_count; i++) {
		const struct panel *panel = &s->panels[i];

		if (panel->count == 0)
			continue;
		print_statement(d, "box ", panel->name);
		for (unsigned int k = 0; k < panel->count; k++)
			print_participant(d, panel->first + k);
		fputs("    end\n", d->out);
	}
}

/* ---- notes ------------------------------------------------------------- */

static void close_note(struct diagram *d)
{
	if (d->note >= 0)
		fputc('\n', d->out);
	d->note = -1;
}

/* A line of the note over @lane; the note goes on while the lane is one. */
static void add_line(struct diagram *d, int lane, const char *text)
{
	if (d->note == lane) {
		fputs("<br/>", d->out);
	} else {
		close_note(d);
		fprintf(d->out, "    Note over %s: ", d->ids[lane]);
		d->note = lane;
	}
	escape_mermaid(d->out, text);
}

/* A note over all lanes. */
static void print_wide(struct diagram *d, const char *const *lines,
		       unsigned int count)
{
	unsigned int last = d->s->lane_count - 1;

	close_note(d);
	fprintf(d->out, "    Note over %s", d->ids[0]);
	if (last > 0)
		fprintf(d->out, ",%s", d->ids[last]);
	fputs(": ", d->out);
	for (unsigned int i = 0; i < count; i++) {
		if (i > 0)
			fputs("<br/>", d->out);
		escape_mermaid(d->out, lines[i]);
	}
	fputc('\n', d->out);
}

static unsigned int wide_columns(const struct story *s)
{
	unsigned int columns = (s->lane_count - 1) * LANE_COLUMNS + JUT_COLUMNS;

	if (s->lane_count == 1)
		return NOTE_COLUMNS;
	return columns < NOTE_COLUMNS_MAX ? columns : NOTE_COLUMNS_MAX;
}

/* Add @text to the @count lines of a note over all lanes. */
static unsigned int wrap(struct story *s, const char *text, const char **lines,
			 unsigned int count)
{
	if (count >= NOTE_LINES || !*text)
		return count;
	return count + text_wrap(s->memory, text, wide_columns(s),
				 lines + count, NOTE_LINES - count);
}

/* What is wrong, and the rule; one line of the callout is as long as it is. */
static void print_callout(struct diagram *d)
{
	struct story *s = d->s;
	const char *lines[NOTE_LINES], *texts[2] = {"", ""};
	unsigned int count;

	story_callout(s, UINT32_MAX / 2, texts, 2);
	count = wrap(s,
		     story_format(s, "%s: %s", sheet_badge(s->memory, s->t),
				  texts[0]),
		     lines, 0);
	print_wide(d, lines, wrap(s, texts[1], lines, count));
}

/* ---- rows -------------------------------------------------------------- */

static const char *mark_of(const struct row *row)
{
	if (row->is_violation)
		return "✗ ";
	return row->is_evidence ? "• " : "";
}

static bool is_dashed(enum arrow arrow)
{
	switch (arrow) {
	case ARROW_ARM:
	case ARROW_SIGNAL:
	case ARROW_DELIVER:
	case ARROW_BIRTH:
	case ARROW_HAND:
		return true;
	case ARROW_NONE:
	case ARROW_WAKE:
	case ARROW_PERMIT:
	case ARROW_FIRE:
	case ARROW_COUNT:
		break;
	}
	return false;
}

/* What the arrow says; the thread that it points at goes without saying. */
static const char *arrow_words(struct diagram *d, const struct row *row)
{
	if (row->arrow == ARROW_PERMIT)
		return "wake, it is awake and keeps a permit";
	if (row->arrow == ARROW_HAND)
		return story_format(d->s, "%s, handed over", row->text);
	if (row->arrow == ARROW_SIGNAL || row->arrow == ARROW_DELIVER)
		return row->text;
	return row->arrow_label ? row->arrow_label : row->text;
}

/* An arrow that comes beside what a step does is told after it. */
static bool has_own_line(const struct diagram *d, const struct row *row)
{
	return row->arrow == ARROW_NONE || row->is_whole_call ||
	       (row->arrow == ARROW_ARM &&
		row_event(d->s, row)->kind != EVENT_TIMER_ARM);
}

static void print_arrow(struct diagram *d, const struct row *row, int lane)
{
	bool is_back = row->arrow == ARROW_DELIVER;
	const char *from = d->ids[is_back ? lane : row->lane];
	const char *to = d->ids[is_back ? row->lane : lane];
	const char *mark = has_own_line(d, row) ? "" : mark_of(row);

	close_note(d);
	fprintf(d->out, "    %s%s%s: ", from,
		is_dashed(row->arrow) ? "-->>" : "->>", to);
	escape_mermaid(d->out, story_format(d->s, "%s%u %s", mark, row->n,
					    arrow_words(d, row)));
	fputc('\n', d->out);
}

static void print_arrows(struct diagram *d, const struct row *row)
{
	if (row->arrow == ARROW_NONE)
		return;
	for (unsigned int i = 0; i < row->stop_count; i++)
		print_arrow(d, row, row->stops[i]);
	print_arrow(d, row, row->arrow_lane);
}

static void print_row(struct diagram *d, const struct row *row)
{
	if (row->look == LOOK_GAP) {
		print_wide(d, &row->text, 1);
		return;
	}
	if (row->is_violation) {
		close_note(d);
		fputs("    " FAULT "\n", d->out);
	}
	if (has_own_line(d, row))
		add_line(d, row->lane,
			 story_format(d->s, "%s%u %s", mark_of(row), row->n,
				      row->text));
	print_arrows(d, row);
	if (!row->is_violation)
		return;
	if (row == &d->s->rows[d->s->violation_row])
		print_callout(d);
	close_note(d);
	fputs("    end\n", d->out);
}

/* ---- the end ----------------------------------------------------------- */

/* What became of each thread, in one note. */
static void print_ends(struct diagram *d)
{
	struct story *s = d->s;
	const char *text = "At the end", *separator = " ";
	const char *lines[NOTE_LINES];

	for (unsigned int i = 0; i < s->lane_count; i++) {
		if (s->lanes[i].mover < 0)
			continue;
		text = story_format(s, "%s%s%s %s", text, separator,
				    s->lanes[i].name, s->lanes[i].cap);
		separator = "; ";
	}
	print_wide(d, lines, wrap(s, text, lines, 0));
}

static void print_all(struct diagram *d)
{
	struct story *s = d->s;

	fputs("sequenceDiagram\n", d->out);
	print_statement(d, "accTitle: ",
			story_format(s, "%s, %s", story_title(s),
				     sheet_badge(s->memory, s->t)));
	print_statement(d, "accDescr: ", story_facts(s));
	print_participants(d);
	for (unsigned int i = 0; i < s->row_count; i++)
		print_row(d, &s->rows[i]);
	close_note(d);
	if (s->violation_row < 0 && s->verdict) {
		fputs("    " FAULT "\n", d->out);
		print_callout(d);
		fputs("    end\n", d->out);
	}
	print_ends(d);
}

static size_t count_units(const char *text)
{
	size_t count = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		count += (c & 0xc0) != 0x80;
		count += c >= 0xf0;
	}
	return count;
}

static int write_text(const char *text, size_t size, FILE *out,
		      char error[VIZ_ERROR_MAX])
{
	size_t units = count_units(text);

	if (units > MERMAID_CHARS_MAX) {
		snprintf(error, VIZ_ERROR_MAX,
			 "the diagram has %zu characters, and Mermaid takes "
			 "%u: fold more, or show the steps around one",
			 units, MERMAID_CHARS_MAX);
		return -ENODATA;
	}
	errno = 0;
	if (fwrite(text, 1, size, out) != size || fflush(out) != 0)
		return errno ? -errno : -EIO;
	return 0;
}

int viz_mermaid(const struct trace *t, const struct viz_options *options,
		FILE *out, char error[VIZ_ERROR_MAX])
{
	struct diagram d = {.s = story_new(t, options), .note = -1};
	char *text = NULL;
	size_t size = 0;
	int result;

	result = story_check(d.s, error);
	if (result) {
		story_free(d.s);
		return result;
	}
	d.out = open_memstream(&text, &size);
	if (!d.out)
		abort();
	choose_ids(&d);
	print_all(&d);
	fclose(d.out);
	story_free(d.s);
	result = write_text(text, size, out, error);
	free(text);
	return result;
}
