/*
 * line.c - one line of JSON under construction.
 */
#include "trace/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct line *l, const char *s, size_t size)
{
	if (l->size + size > l->room) {
		l->room = 2 * (l->size + size) + 256;
		l->data = realloc(l->data, l->room);
		if (!l->data)
			abort();
	}
	memcpy(l->data + l->size, s, size);
	l->size += size;
}

void line_fini(struct line *l)
{
	free(l->data);
	*l = (struct line){0};
}

void line_start(struct line *l)
{
	l->size = 0;
	line_raw(l, "{");
	l->first = true;
}

void line_raw(struct line *l, const char *s)
{
	append(l, s, strlen(s));
}

/*
 * The length of the UTF-8 sequence at @s, 0 if there is none: overlong forms,
 * surrogates and what lies beyond U+10FFFF are none.
 */
static unsigned int utf8_length(const unsigned char *s)
{
	unsigned int count = s[0] < 0x80   ? 1
			     : s[0] < 0xc2 ? 0
			     : s[0] < 0xe0 ? 2
			     : s[0] < 0xf0 ? 3
			     : s[0] < 0xf5 ? 4
					   : 0;

	for (unsigned int i = 1; i < count; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return count;
}

static void append_control(struct line *l, unsigned char c)
{
	static const char letters[] = "btnvfr";
	char buf[8];

	if (c >= '\b' && c <= '\r' && c != '\v')
		snprintf(buf, sizeof(buf), "\\%c", letters[c - '\b']);
	else
		snprintf(buf, sizeof(buf), "\\u%04x", c);
	line_raw(l, buf);
}

static void append_quoted(struct line *l, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;
	unsigned int count;

	line_raw(l, "\"");
	for (; *s; s += count ? count : 1) {
		count = utf8_length(s);
		if (count == 0)
			line_raw(l, "\\ufffd");
		else if (*s < 0x20)
			append_control(l, *s);
		else if (*s == '"' || *s == '\\')
			append(l, *s == '"' ? "\\\"" : "\\\\", 2);
		else
			append(l, (const char *)s, count);
	}
	line_raw(l, "\"");
}

void line_key(struct line *l, const char *key)
{
	if (!l->first)
		line_raw(l, ",");
	l->first = false;
	if (!key)
		return;
	append_quoted(l, key);
	line_raw(l, ":");
}

void line_open(struct line *l, const char *key, char bracket)
{
	line_key(l, key);
	append(l, &bracket, 1);
	l->first = true;
}

void line_close(struct line *l, char bracket)
{
	append(l, &bracket, 1);
	l->first = false;
}

void line_string(struct line *l, const char *key, const char *s)
{
	if (!s)
		return;
	line_key(l, key);
	append_quoted(l, s);
}

void line_bool(struct line *l, const char *key, bool value)
{
	line_key(l, key);
	line_raw(l, value ? "true" : "false");
}

void line_signed(struct line *l, const char *key, int64_t value)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRId64, value);
	line_key(l, key);
	line_raw(l, buf);
}

void line_unsigned(struct line *l, const char *key, uint64_t value)
{
	char buf[24];

	if (value <= INT64_MAX) {
		line_signed(l, key, (int64_t)value);
		return;
	}
	snprintf(buf, sizeof(buf), "0x%" PRIx64, value);
	line_string(l, key, buf);
}
