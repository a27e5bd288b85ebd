/*
 * dot.c - a canvas whose shapes are nodes of DOT text.
 */
#include "viz/canvas/dot.h"

#include <stdlib.h>
#include <string.h>

#include "viz/canvas/theme.h"

#define MONO "DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace"
#define SANS "DejaVu Sans,Verdana,Arial,sans-serif"
/* How far before its end a line stops, for an arrowhead of size 0.7. */
#define TIP_LENGTH 525L
/* The same for a bar across, which is drawn larger to be as wide. */
#define TEE_LENGTH 210L
#define TEE_SIZE "1"

long mono_width(unsigned int columns, int size)
{
	/*
	 * A character is 0.602 of its size wide; where Pango rounds that up to
	 * whole pixels, 0.618 for type of 8.5 points.
	 */
	return (long)columns * 620 * size / 100 + 1;
}

long sans_width(unsigned int columns, int size)
{
	return (long)columns * 830 * size / 100 + 1;
}

/* ---- numbers and text ------------------------------------------------------
 */

/* A length in points, with two digits. */
static void put_points(FILE *out, long length)
{
	if (length < 0)
		fputc('-', out);
	length = length < 0 ? -length : length;
	fprintf(out, "%ld.%02ld", length / PT, length % PT);
}

/* A length in inches, with four digits. */
static void put_inches(FILE *out, long length)
{
	long inches = (length * 10000 + 3600) / 7200;

	fprintf(out, "%ld.%04ld", inches / 10000, inches % 10000);
}

static void put_tenths(FILE *out, int tenths)
{
	if (tenths % 10 == 0)
		fprintf(out, "%d", tenths / 10);
	else
		fprintf(out, "%d.%d", tenths / 10, tenths % 10);
}

/* One character of a quoted string, which Graphviz is to show as it is. */
static void put_plain(FILE *out, char c)
{
	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else if (c == '&')
		fputs("&amp;", out);
	else
		fputc((unsigned char)c < ' ' ? ' ' : c, out);
}

/* The same in an HTML-like label, where \N and the like have a meaning, too. */
static void put_html(FILE *out, char c)
{
	if (c == '<')
		fputs("&lt;", out);
	else if (c == '>')
		fputs("&gt;", out);
	else if (c == '"')
		fputs("&quot;", out);
	else if (c == '\\')
		fputs("\\\\", out);
	else if (c == '&')
		fputs("&amp;", out);
	else
		fputc((unsigned char)c < ' ' ? ' ' : c, out);
}

static void put_text(FILE *out, const char *s, void (*put)(FILE *, char))
{
	for (; *s; s++)
		put(out, *s);
}

static void put_string(FILE *out, const char *key, const char *value)
{
	fprintf(out, " %s=\"", key);
	put_text(out, value, put_plain);
	fputc('"', out);
}

/* ---- colours ----------------------------------------------------------- */

const char *lock_stroke(unsigned int colour)
{
	static const char *const strokes[LOCK_COLOURS] = {
		LOCK0_STROKE, LOCK1_STROKE, LOCK2_STROKE, LOCK3_STROKE};

	return colour < LOCK_COLOURS ? strokes[colour] : NEUTRAL;
}

const char *lock_fill(unsigned int colour)
{
	static const char *const fills[LOCK_COLOURS] = {LOCK0_FILL, LOCK1_FILL,
							LOCK2_FILL, LOCK3_FILL};

	return colour < LOCK_COLOURS ? fills[colour] : PAPER;
}

static void put_color(struct canvas *c, const char *key, const char *light)
{
	put_string(c->out, key, theme_color(c->theme, light));
}

/* ---- shapes ------------------------------------------------------------ */

/* Bold type needs an HTML-like label; left-justified, a table around it. */
static void put_bold(FILE *out, const struct shape *s)
{
	if (s->is_left)
		fprintf(out,
			" label=<<table border=\"0\" cellborder=\"0\" "
			"cellpadding=\"0\" cellspacing=\"0\" "
			"fixedsize=\"true\" width=\"%ld\" height=\"%ld\"><tr>"
			"<td align=\"left\"><b>",
			s->width / PT - 1, s->height / PT - 1);
	else
		fputs(" label=<<b>", out);
	put_text(out, s->label, put_html);
	fputs(s->is_left ? "</b></td></tr></table>>" : "</b>>", out);
}

static void put_label(struct canvas *c, const struct shape *s)
{
	FILE *out = c->out;
	int size = s->size ? s->size : TEXT_SIZE;
	const char *color =
		theme_text_color(c->theme, s->color ? s->color : INK);

	if (!s->label || !*s->label)
		return;
	if (s->is_bold) {
		put_bold(out, s);
	} else {
		fputs(" label=\"", out);
		put_text(out, s->label, put_plain);
		fputs(s->is_left ? "\\l\"" : "\"", out);
	}
	if (size != TEXT_SIZE) {
		fputs(" fontsize=", out);
		put_tenths(out, size);
	}
	if (strcmp(color, theme_color(c->theme, INK)) != 0)
		put_string(out, "fontcolor", color);
	if (s->is_sans)
		put_string(out, "fontname", SANS);
}

/* What a theme does instead of colours, to boxes. */
static const char *theme_style(const struct canvas *c, const struct shape *s)
{
	if (s->form && strcmp(s->form, "box") != 0)
		return NULL;
	if (s->fill && theme_has_corners(c->theme, s->fill))
		return "diagonals";
	if (s->stroke && !s->is_dashed && theme_is_dotted(c->theme, s->stroke))
		return "dotted";
	return NULL;
}

static void put_styles(struct canvas *c, const struct shape *s)
{
	const char *const styles[] = {
		s->fill ? "filled" : NULL,
		s->is_rounded ? "rounded" : NULL,
		s->is_dashed ? "dashed" : NULL,
		theme_style(c, s),
	};
	const char *comma = "";

	fputs(" style=\"", c->out);
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (!styles[i])
			continue;
		fprintf(c->out, "%s%s", comma, styles[i]);
		comma = ",";
	}
	fputc('"', c->out);
}

static void put_outline(struct canvas *c, const struct shape *s)
{
	if (!s->fill && !s->stroke)
		return;
	put_styles(c, s);
	if (s->fill)
		put_color(c, "fillcolor", s->fill);
	if (s->stroke) {
		put_color(c, "color", s->stroke);
		fputs(" penwidth=", c->out);
		put_tenths(c->out, theme_pen(c->theme, s->pen ? s->pen : 8));
	}
}

void canvas_shape(struct canvas *c, const struct shape *s)
{
	c->nodes++;
	if (s->id)
		fprintf(c->out, " \"%s\" [id=\"%s\"", s->id, s->id);
	else
		fprintf(c->out, " \"n%u\" [id=\"n%u\"", c->nodes, c->nodes);
	if (s->class)
		put_string(c->out, "class", s->class);
	if (s->form)
		put_string(c->out, "shape", s->form);
	fputs(" pos=\"", c->out);
	put_points(c->out, s->x);
	fputc(',', c->out);
	put_points(c->out, -s->y);
	fputs("\" width=", c->out);
	put_inches(c->out, s->width);
	fputs(" height=", c->out);
	put_inches(c->out, s->height);
	put_outline(c, s);
	put_label(c, s);
	if (s->tooltip)
		put_string(c->out, "tooltip", s->tooltip);
	fputs("];\n", c->out);
}

/* ---- lines ------------------------------------------------------------- */

static void put_place(FILE *out, struct spot p)
{
	put_points(out, p.x);
	fputc(',', out);
	put_points(out, -p.y);
}

/* The integer square root. */
static long root(long n)
{
	long r = n, next = (n + 1) / 2;

	while (next < r) {
		r = next;
		next = (r + n / r) / 2;
	}
	return r;
}

/* @at, moved by @length towards @to. */
static struct spot towards(struct spot at, struct spot to, long length)
{
	long dx = to.x - at.x, dy = to.y - at.y;
	long distance = root(dx * dx + dy * dy);

	if (distance == 0)
		return at;
	return (struct spot){at.x + dx * length / distance,
			     at.y + dy * length / distance};
}

static void put_line_style(struct canvas *c, const struct line_style *style)
{
	put_color(c, "color", style->color);
	if (style->is_dashed)
		fputs(" style=dashed", c->out);
	else if (theme_is_dotted(c->theme, style->color))
		fputs(" style=dotted", c->out);
	fputs(" penwidth=", c->out);
	put_tenths(c->out, theme_pen(c->theme, style->pen));
	if (style->has_tee)
		fputs(" arrowhead=tee arrowsize=" TEE_SIZE, c->out);
	else if (!style->has_tip)
		fputs(" arrowhead=none", c->out);
	if (style->class)
		put_string(c->out, "class", style->class);
	if (style->id)
		put_string(c->out, "id", style->id);
}

/* How far before its end a line stops, for what it ends in. */
static long ending(const struct line_style *style)
{
	if (style->has_tee)
		return TEE_LENGTH;
	return style->has_tip ? TIP_LENGTH : 0;
}

/* Curves through @at, whose last place is before @tip if there is a tip. */
static void put_line(struct canvas *c, const char *from, const char *to,
		     const struct spot *at, unsigned int count, struct spot tip,
		     const struct line_style *style)
{
	fprintf(c->out, " \"%s\" -> \"%s\" [pos=\"", from, to);
	if (ending(style) > 0) {
		fputs("e,", c->out);
		put_place(c->out, tip);
		fputc(' ', c->out);
	}
	for (unsigned int i = 0; i < count; i++) {
		if (i > 0)
			fputc(' ', c->out);
		put_place(c->out, at[i]);
	}
	fputc('"', c->out);
	put_line_style(c, style);
	fputs("];\n", c->out);
}

void canvas_line(struct canvas *c, const char *from, const char *to, long x0,
		 long x1, long y, const struct line_style *style)
{
	long end = x1 + (x1 > x0 ? -ending(style) : ending(style));
	struct spot at[] = {
		{x0, y},
		{x0 + (end - x0) / 3, y},
		{x0 + (end - x0) * 2 / 3, y},
		{end, y},
	};

	put_line(c, from, to, at, 4, (struct spot){x1, y}, style);
}

void canvas_curve(struct canvas *c, const char *from, const char *to,
		  const struct spot *at, unsigned int count,
		  const struct line_style *style)
{
	struct spot tip = at[count - 1], near = at[count - 2];
	struct spot *all = calloc(count, sizeof(*all));

	if (!all)
		abort();
	memcpy(all, at, count * sizeof(*all));
	/* The tangent at the end, where the last control point is on it. */
	if (near.x == tip.x && near.y == tip.y)
		near = at[count - 3];
	all[count - 1] = towards(tip, near, ending(style));
	put_line(c, from, to, all, count, tip, style);
	free(all);
}

/* ---- the whole --------------------------------------------------------- */

void canvas_begin(struct canvas *c, FILE *out, const char *name,
		  enum viz_theme theme)
{
	c->theme = theme;
	c->out = out;
	c->nodes = 0;
	fputs("digraph \"", out);
	put_text(out, name, put_plain);
	fprintf(out,
		"\" {\n"
		" graph [layout=nop2 outputorder=nodesfirst bgcolor=\"%s\" "
		"pad=0.08 fontname=\"" SANS "\"];\n"
		" node [shape=box fixedsize=true label=\"\" margin=0 "
		"style=\"\" color=transparent penwidth=0 fontname=\"" MONO
		"\" fontsize=9 fontcolor=\"%s\"];\n"
		" edge [arrowsize=0.7];\n",
		theme_color(theme, PAPER), theme_color(theme, INK));
}

void canvas_end(struct canvas *c)
{
	fputs("}\n", c->out);
}
