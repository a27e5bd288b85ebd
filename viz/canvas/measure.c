/*
 * measure.c - how wide a text is, and how it is cut and wrapped.
 */
#include "viz/canvas/measure.h"

/* ---- measuring -------------------------------------------------------------
 */

unsigned int character_size(const char *s)
{
	unsigned int size = 1;

	while (((unsigned char)s[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* Characters from Hangul on are wide in most fonts, symbols are not. */
static bool is_wide(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] < 0xe1)
		return false;
	return u[0] != 0xe2 || u[1] >= 0xba;
}

unsigned int text_columns(const char *s)
{
	unsigned int columns = 0;

	for (; *s; s += character_size(s))
		columns += is_wide(s) ? 2 : 1;
	return columns;
}

const char *text_cut(struct trace *memory, const char *text, unsigned int max)
{
	unsigned int columns = 0;
	const char *end = text;

	if (text_columns(text) <= max)
		return text;
	while (*end && columns + (is_wide(end) ? 2 : 1) < max) {
		columns += is_wide(end) ? 2 : 1;
		end += character_size(end);
	}
	return trace_format(memory, "%.*s…", (int)(end - text), text);
}

/* ---- wrapping ---------------------------------------------------------- */

/* The bytes of @text that fit a line of @columns, broken at a space. */
static size_t line_length(const char *text, unsigned int columns)
{
	const char *end = text, *space = NULL;
	unsigned int used = 0;

	for (; *end && *end != '\n'; end += character_size(end)) {
		if (*end == ' ')
			space = end;
		used += is_wide(end) ? 2 : 1;
		if (used > columns)
			break;
	}
	if (*end && *end != '\n' && space && space > text)
		end = space;
	return (size_t)(end - text);
}

unsigned int text_wrap(struct trace *memory, const char *text,
		       unsigned int columns, const char **lines,
		       unsigned int max)
{
	unsigned int count = 0;

	while (*text && count < max) {
		size_t size = line_length(text, columns);
		const char *rest = text + size;

		while (*rest == ' ' || *rest == '\n')
			rest++;
		while (size > 0 && text[size - 1] == ' ')
			size--;
		lines[count] = trace_format(memory, "%.*s", (int)size, text);
		if (*rest && count + 1 == max)
			lines[count] =
				trace_format(memory, "%s …", lines[count]);
		count++;
		if (rest == text)
			break;
		text = rest;
	}
	return count;
}
