/*
 * sheet.c - what every picture has around it: title, facts, badge, legend.
 */
#include "viz/canvas/sheet.h"

#include <ctype.h>
#include <string.h>

#include "viz/canvas/measure.h"

#define FIRST_LINE (34 * PT) /* its middle, below the title */
#define LINE_HEIGHT (14 * PT)
#define BELOW_LINES (48 * PT) /* of the picture, with no line at all */
/* A title of more columns is cut, rather than making the picture wider. */
#define TITLE_COLUMNS_MAX 56u
#define BADGE_ROOM (30 * PT) /* around the badge, beyond its text */
#define LINES_MAX (3 * SHEET_LINES_MAX)

/* ---- head -------------------------------------------------------------- */

static long badge_width(const struct sheet *s)
{
	return s->badge ? sans_width(text_columns(s->badge), BADGE_SIZE) : 0;
}

long sheet_width(const struct sheet *s)
{
	unsigned int columns = text_columns(s->title);

	if (columns > TITLE_COLUMNS_MAX)
		columns = TITLE_COLUMNS_MAX;
	return (long)columns * sans_width(1, TITLE_SIZE) + badge_width(s) +
	       BADGE_ROOM;
}

static unsigned int wrap(const struct sheet *s, struct trace *memory,
			 const char **lines)
{
	long room = s->width - 2 * SHEET_LEFT;
	unsigned int columns = (unsigned int)(room / mono_width(1, SMALL_SIZE));
	unsigned int count = 0;

	for (unsigned int i = 0; i < s->line_count; i++)
		count += text_wrap(memory, s->lines[i], columns, lines + count,
				   3);
	return count;
}

long sheet_top(const struct sheet *s)
{
	struct trace *memory = trace_new(0);
	const char *lines[LINES_MAX];
	unsigned int count = wrap(s, memory, lines);

	trace_free(memory);
	return BELOW_LINES + LINE_HEIGHT * count;
}

static void draw_title(const struct sheet *s, struct canvas *c,
		       struct trace *memory)
{
	long width = s->width - badge_width(s) - BADGE_ROOM;
	long columns = width / sans_width(1, TITLE_SIZE);

	if (columns < 1)
		return;
	canvas_shape(c, &(struct shape){
				.class = "title",
				.x = 5 * PT + width / 2,
				.y = 14 * PT,
				.width = width,
				.height = 22 * PT,
				.label = text_cut(memory, s->title,
						  (unsigned int)columns),
				.size = TITLE_SIZE,
				.is_bold = true,
				.is_left = true,
				.is_sans = true,
			});
}

static void draw_badge(const struct sheet *s, struct canvas *c)
{
	long width = badge_width(s) + 8 * PT;
	const char *color = s->is_bad ? BAD_STROKE : OK_STROKE;

	if (!s->badge)
		return;
	canvas_shape(c,
		     &(struct shape){
			     .id = "verdict",
			     .class = s->is_bad ? "verdict bad" : "verdict ok",
			     .x = s->width - width / 2 - 2 * PT,
			     .y = 15 * PT,
			     .width = width,
			     .height = 20 * PT,
			     .fill = color,
			     .stroke = color,
			     .is_rounded = true,
			     .label = s->badge,
			     .color = PAPER,
			     .size = BADGE_SIZE,
			     .is_bold = true,
			     .is_sans = true,
		     });
}

static void draw_line(const struct sheet *s, struct canvas *c, long y,
		      const char *text)
{
	canvas_shape(c, &(struct shape){
				.class = "muted",
				.x = (SHEET_LEFT + s->width) / 2,
				.y = y,
				.width = s->width - SHEET_LEFT,
				.height = 12 * PT,
				.label = text,
				.color = SECONDARY,
				.size = SMALL_SIZE,
				.is_left = true,
			});
}

void sheet_draw(const struct sheet *s, struct canvas *c)
{
	struct trace *memory = trace_new(0);
	const char *lines[LINES_MAX];
	unsigned int count = wrap(s, memory, lines);
	long height = BELOW_LINES + LINE_HEIGHT * count;

	canvas_shape(c, &(struct shape){
				.id = "bg",
				.x = s->width / 2,
				.y = height / 2,
				.width = s->width,
				.height = height,
				.fill = PAPER,
			});
	draw_title(s, c, memory);
	draw_badge(s, c);
	for (unsigned int i = 0; i < count; i++)
		draw_line(s, c, FIRST_LINE + LINE_HEIGHT * i, lines[i]);
	trace_free(memory);
}

/* ---- texts of the head ------------------------------------------------- */

const char *sheet_badge(struct trace *memory, const struct trace *t)
{
	const char *name;
	char buf[32];
	unsigned int i;

	if (t->verdict_count == 0)
		return "✓ OK";
	if (t->verdicts[0].kind == VERDICT_LOST_WAKEUP)
		return "✗ LOST WAKE-UP";
	name = verdict_name(t->verdicts[0].kind);
	for (i = 0; name[i] && i + 1 < sizeof(buf); i++)
		buf[i] = name[i] == '-' ? ' ' : (char)toupper(name[i]);
	buf[i] = '\0';
	return trace_format(memory, "✗ %s", buf);
}

static const char *facts(struct trace *memory, const char *scenario,
			 const char *schedule, const char *digest,
			 const char *profile)
{
	const char *text =
		trace_format(memory, "scenario %s", scenario ? scenario : "?");

	if (schedule && *schedule)
		text = trace_format(memory, "%s   schedule %s", text, schedule);
	if (digest)
		text = trace_format(memory, "%s   hash %.8s", text, digest);
	if (profile)
		text = trace_format(memory, "%s   profile %s", text, profile);
	return text;
}

const char *sheet_facts(struct trace *memory, const struct trace *t)
{
	return facts(memory, t->scenario, t->schedule, t->digest, t->profile);
}

const char *sheet_record_facts(struct trace *memory, const struct record *r)
{
	return facts(memory, r->scenario, r->schedule, r->digest, r->profile);
}
