/*
 * dot.c - a canvas whose shapes are nodes of DOT text.
 */
#include "viz/dot.h"

#include <string.h>

#include "viz/story.h"

#define MONO "DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace"
#define SANS "DejaVu Sans,Verdana,Arial,sans-serif"
/* How far before its tip a line ends, for an arrowhead of size 0.7. */
#define TIP_LENGTH 525L

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

/* The same in an HTML-like label. */
static void put_html(FILE *out, char c)
{
	if (c == '<')
		fputs("&lt;", out);
	else if (c == '>')
		fputs("&gt;", out);
	else if (c == '"')
		fputs("&quot;", out);
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

static void put_label(FILE *out, const struct shape *s)
{
	int size = s->size ? s->size : TEXT_SIZE;

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
	if (s->color && strcmp(s->color, INK) != 0)
		put_string(out, "fontcolor", s->color);
	if (s->is_sans)
		put_string(out, "fontname", SANS);
}

static void put_style(FILE *out, const struct shape *s)
{
	const char *comma = "";

	if (!s->fill && !s->stroke)
		return;
	fputs(" style=\"", out);
	if (s->fill) {
		fputs("filled", out);
		comma = ",";
	}
	if (s->is_rounded) {
		fprintf(out, "%srounded", comma);
		comma = ",";
	}
	if (s->is_dashed)
		fprintf(out, "%sdashed", comma);
	fputc('"', out);
	if (s->fill)
		put_string(out, "fillcolor", s->fill);
	if (s->stroke) {
		put_string(out, "color", s->stroke);
		fputs(" penwidth=", out);
		put_tenths(out, s->pen ? s->pen : 8);
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
	put_style(c->out, s);
	put_label(c->out, s);
	if (s->tooltip)
		put_string(c->out, "tooltip", s->tooltip);
	fputs("];\n", c->out);
}

/* ---- lines ------------------------------------------------------------- */

static void put_position(FILE *out, long x, long y)
{
	fputc(' ', out);
	put_points(out, x);
	fputc(',', out);
	put_points(out, -y);
}

/* A straight line as a cubic curve, with the tip's own point before it. */
static void put_curve(FILE *out, long x0, long x1, long y, bool has_tip)
{
	long end = x1;

	fputs("pos=\"", out);
	if (has_tip) {
		end += x1 > x0 ? -TIP_LENGTH : TIP_LENGTH;
		fputs("e,", out);
		put_points(out, x1);
		fputc(',', out);
		put_points(out, -y);
		fputc(' ', out);
	}
	put_points(out, x0);
	fputc(',', out);
	put_points(out, -y);
	put_position(out, x0 + (end - x0) / 3, y);
	put_position(out, x0 + (end - x0) * 2 / 3, y);
	put_position(out, end, y);
	fputc('"', out);
}

void canvas_line(struct canvas *c, const char *from, const char *to, long x0,
		 long x1, long y, const struct line_style *style)
{
	fprintf(c->out, " \"%s\" -> \"%s\" [", from, to);
	put_curve(c->out, x0, x1, y, style->has_tip);
	put_string(c->out, "color", style->color);
	if (style->is_dashed)
		fputs(" style=dashed", c->out);
	fputs(" penwidth=", c->out);
	put_tenths(c->out, style->pen);
	if (!style->has_tip)
		fputs(" arrowhead=none", c->out);
	if (style->class)
		put_string(c->out, "class", style->class);
	if (style->id)
		put_string(c->out, "id", style->id);
	fputs("];\n", c->out);
}

/* ---- the whole --------------------------------------------------------- */

void canvas_begin(struct canvas *c, FILE *out, const char *name)
{
	c->out = out;
	c->nodes = 0;
	fputs("digraph \"", out);
	put_text(out, name, put_plain);
	fprintf(out,
		"\" {\n"
		" graph [layout=nop2 outputorder=nodesfirst bgcolor=\"" PAPER
		"\" pad=0.08 fontname=\"" SANS "\"];\n"
		" node [shape=box fixedsize=true label=\"\" margin=0 "
		"style=\"\" color=transparent penwidth=0 fontname=\"" MONO
		"\" fontsize=9 fontcolor=\"" INK "\"];\n"
		" edge [arrowsize=0.7];\n");
}

void canvas_end(struct canvas *c)
{
	fputs("}\n", c->out);
}
