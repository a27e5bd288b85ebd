/*
 * svg.c - a picture of Graphviz as part of a page.
 *
 * What Graphviz writes is regular: one tag after the other, attributes in
 * double quotes, text escaped.  So the tags are copied one by one, and what
 * has no place in a page is left out on the way.
 */
#define _GNU_SOURCE /* memmem */
#include "viz/report/report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "viz/canvas/theme.h"

struct svg {
	FILE *out;
	const char *at, *end;
	const char *prefix;
	const char *label;
	long cut;
	bool is_band; /* in a row's group: its box is what one clicks on */
};

struct span {
	const char *text;
	size_t size;
};

static bool span_is(struct span s, const char *text)
{
	return s.size == strlen(text) && memcmp(s.text, text, s.size) == 0;
}

static bool begins(const struct svg *c, const char *text)
{
	size_t size = strlen(text);

	return (size_t)(c->end - c->at) >= size &&
	       memcmp(c->at, text, size) == 0;
}

/* Go on behind @text, or to the end. */
static void skip(struct svg *c, const char *text)
{
	size_t size = strlen(text);
	const char *found = memmem(c->at, (size_t)(c->end - c->at), text, size);

	c->at = found ? found + size : c->end;
}

/* ---- attributes -------------------------------------------------------- */

/* The next attribute of a tag's text from *@at on. */
static bool next_attribute(const char **at, const char *end, struct span *name,
			   struct span *value)
{
	const char *p = *at, *quote;

	while (p < end && isspace((unsigned char)*p))
		p++;
	name->text = p;
	while (p < end && *p != '=')
		p++;
	name->size = (size_t)(p - name->text);
	if (p + 1 >= end || p[1] != '"')
		return false;
	value->text = p + 2;
	quote = memchr(value->text, '"', (size_t)(end - value->text));
	if (!quote)
		return false;
	value->size = (size_t)(quote - value->text);
	*at = quote + 1;
	return true;
}

/* Ids of boxes without a name, and of the groups around tooltips. */
static bool is_useless_id(struct span id)
{
	size_t i = 0;

	if (id.size > 2 && memcmp(id.text, "a_", 2) == 0)
		return true;
	while (i < id.size && isalpha((unsigned char)id.text[i]))
		i++;
	if (i == id.size || (i != 1 || id.text[0] != 'n'))
		return i == 4 && id.size > 4 && !memcmp(id.text, "edge", 4);
	while (i < id.size && isdigit((unsigned char)id.text[i]))
		i++;
	return i == id.size;
}

/* A colour of the light theme becomes a variable, so that all themes fit. */
static void put_color(struct svg *c, struct span name, struct span value)
{
	fprintf(c->out, " %.*s=\"", (int)name.size, name.text);
	for (unsigned int i = 0; i < theme_row_count; i++) {
		const char *light = theme_rows[i].colors[VIZ_LIGHT];

		if (value.size != strlen(light) ||
		    strncasecmp(light, value.text, value.size) != 0)
			continue;
		fprintf(c->out, "var(--%.*s)\"", (int)value.size - 1,
			value.text + 1);
		return;
	}
	if (span_is(value, "transparent"))
		value = (struct span){"none", 4};
	fprintf(c->out, "%.*s\"", (int)value.size, value.text);
}

static void put_attribute(struct svg *c, struct span name, struct span value)
{
	if (span_is(name, "id")) {
		if (!is_useless_id(value))
			fprintf(c->out, " id=\"%s%.*s\"", c->prefix,
				(int)value.size, value.text);
	} else if (span_is(name, "fill") || span_is(name, "stroke")) {
		put_color(c, name, value);
	} else if (span_is(name, "font-family")) {
		bool is_mono =
			memmem(value.text, value.size, "Mono", 4) != NULL;

		fprintf(c->out, " class=\"%s\"", is_mono ? "mono" : "sans");
	} else if (memchr(name.text, ':', name.size) == NULL) {
		fprintf(c->out, " %.*s=\"%.*s\"", (int)name.size, name.text,
			(int)value.size, value.text);
	}
}

/* ---- tags ---------------------------------------------------------------- */

/* A length "764.52" in hundredths; @at goes behind it. */
static long hundredths(const char **at)
{
	long value = strtol(*at, (char **)at, 10) * 100;

	if (**at != '.')
		return value;
	++*at;
	for (long unit = 10; isdigit((unsigned char)**at); ++*at, unit /= 10)
		value += unit * (**at - '0');
	return value;
}

/*
 * Its width is in pixels, of which there are four in three points; its height
 * follows.
 */
static void put_svg_tag(struct svg *c, const char *end)
{
	static const char key[] = "viewBox=\"";
	const char *box =
		memmem(c->at, (size_t)(end - c->at), key, sizeof(key) - 1);
	long size[4] = {0};

	if (box)
		box += sizeof(key) - 1;
	for (int i = 0; box && i < 4; i++)
		size[i] = hundredths(&box);
	if (size[3] > c->cut)
		size[3] -= c->cut;
	fprintf(c->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" "
		"id=\"%ssvg\" role=\"img\" width=\"%ld\" "
		"viewBox=\"0 %ld.%02ld %ld.%02ld %ld.%02ld\" aria-label=\"",
		c->prefix, size[2] / 75, c->cut / 100, c->cut % 100,
		size[2] / 100, size[2] % 100, size[3] / 100, size[3] % 100);
	html_text(c->out, c->label);
	fputs("\">", c->out);
}

static void put_tag(struct svg *c, const char *end)
{
	static const char nothing[] = "fill=\"none\" stroke=\"transparent\"";
	const char *p = c->at;
	struct span name, value;
	bool is_group = begins(c, "<g ");

	if (is_group)
		c->is_band = memmem(p, (size_t)(end - p), "node row", 8) ||
			     (c->is_band &&
			      memmem(p, (size_t)(end - p), "id=\"a_", 6));
	else if (!c->is_band &&
		 memmem(p, (size_t)(end - p), nothing, sizeof(nothing) - 1))
		return;
	while (p < end && !isspace((unsigned char)*p) && *p != '>')
		fputc(*p++, c->out);
	while (next_attribute(&p, end, &name, &value))
		put_attribute(c, name, value);
	fputs(end[-1] == '/' ? "/>" : ">", c->out);
}

static bool is_left_out(const struct svg *c)
{
	return begins(c, "<?") || begins(c, "<!DOCTYPE") || begins(c, "<a ") ||
	       begins(c, "</a>");
}

static void take_tag(struct svg *c)
{
	const char *end;

	if (begins(c, "<!--")) {
		skip(c, "-->");
		return;
	}
	if (begins(c, "<title>")) {
		skip(c, "</title>");
		return;
	}
	end = memchr(c->at, '>', (size_t)(c->end - c->at));
	if (!end) {
		c->at = c->end;
		return;
	}
	if (begins(c, "<svg"))
		put_svg_tag(c, end);
	else if (begins(c, "</"))
		fprintf(c->out, "%.*s>", (int)(end - c->at), c->at);
	else if (!is_left_out(c))
		put_tag(c, end);
	c->at = end + 1;
}

/* What stands between tags; blanks there mean nothing. */
static void take_text(struct svg *c)
{
	const char *next = memchr(c->at, '<', (size_t)(c->end - c->at));
	const char *p = c->at;

	if (!next)
		next = c->end;
	while (p < next && isspace((unsigned char)*p))
		p++;
	if (p < next)
		fwrite(c->at, 1, (size_t)(next - c->at), c->out);
	else if (memchr(c->at, '\n', (size_t)(next - c->at)))
		fputc('\n', c->out);
	c->at = next;
}

void svg_inline(FILE *out, const char *svg, size_t size, const char *prefix,
		long cut, const char *label)
{
	struct svg c = {
		.out = out,
		.at = svg,
		.end = svg + size,
		.prefix = prefix,
		.label = label,
		.cut = cut,
	};

	/* What is before the picture itself: prolog, comments. */
	while (c.at < c.end && !begins(&c, "<svg"))
		c.at++;
	while (c.at < c.end) {
		if (*c.at == '<')
			take_tag(&c);
		else
			take_text(&c);
	}
}
