/*
 * escape.c - texts of a trace inside Mermaid and Markdown.
 */
#include "viz/export/escape.h"

#include <string.h>
#include <strings.h>

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static bool is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/*
 * A colon in prose stays.  "wrap:" would begin a text that is wrapped, and
 * after "style" Mermaid looks for a colon and a number sign without a space
 * between them.
 */
static bool is_harmless_colon(const char *text, const char *colon)
{
	if (colon[1] != ' ')
		return false;
	return colon - text < 4 || strncasecmp(colon - 4, "wrap", 4) != 0;
}

/*
 * Mermaid knows characters by number.  What it could take for its own goes
 * that way: the ends of statements, comments, directives, markup, formulas.
 */
void escape_mermaid(FILE *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (is_control(c))
			fputc(' ', out);
		else if ((c == ':' && is_harmless_colon(text, p)) ||
			 c >= 0x80 || is_alnum(c) ||
			 strchr(" .,_-+*/=()[]!?~^'", c))
			fputc(c, out);
		else
			fprintf(out, "#%u;", c);
	}
}

/*
 * Any punctuation may be escaped by a backslash.  That is not enough for what
 * forges look for in what Markdown has made of it: mentions, numbers of
 * issues, formulas.
 */
void escape_markdown(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_control(c))
			fputc(' ', out);
		else if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '@' || c == '#' || c == '$')
			fprintf(out, "<span>%c</span>", c);
		else if (strchr("\\`*_{}[]|~", c))
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
}

unsigned int escape_backticks(const char *text)
{
	unsigned int longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void put_fence(FILE *out, unsigned int count)
{
	while (count-- > 0)
		fputc('`', out);
}

/* A table takes bars before anything else, even those inside of code. */
void escape_code(FILE *out, const char *text, bool is_cell)
{
	unsigned int fence = escape_backticks(text) + 1;
	bool is_padded = fence > 1 || !*text;

	put_fence(out, fence);
	if (is_padded)
		fputc(' ', out);
	for (; *text; text++) {
		if (is_control((unsigned char)*text))
			fputc(' ', out);
		else if (*text == '|' && is_cell)
			fputs("\\|", out);
		else
			fputc(*text, out);
	}
	if (is_padded)
		fputc(' ', out);
	put_fence(out, fence);
}
