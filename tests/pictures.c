/*
 * pictures.c - sequence diagrams for tests, and looking into them.
 */
#define _GNU_SOURCE /* open_memstream, getdelim */
#include "tests/pictures.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct text picture_dot_with(const struct trace *t,
			     const struct viz_options *options)
{
	struct text text;
	FILE *out = open_memstream(&text.data, &text.size);

	ck_assert_int_eq(viz_dot(VIZ_SEQUENCE, t, NULL, options, out,
				 (char[VIZ_ERROR_MAX]){0}),
			 0);
	fclose(out);
	return text;
}

struct text picture_dot_of(const struct trace *t)
{
	return picture_dot_with(t, NULL);
}

struct text picture_text_of(const struct trace *t, bool color, bool ascii)
{
	struct text text;
	FILE *out = open_memstream(&text.data, &text.size);

	ck_assert_int_eq(viz_sequence_text(t, NULL, color, ascii, out,
					   (char[VIZ_ERROR_MAX]){0}),
			 0);
	fclose(out);
	return text;
}

struct text picture_render(struct text dot, const char *format)
{
	struct text picture;
	char error[VIZ_ERROR_MAX];
	int result = viz_render(dot.data, dot.size, format, &picture.data,
				&picture.size, error);

	ck_assert_msg(result == 0, "%s", error);
	return picture;
}

struct text picture_load(const char *path)
{
	struct text text = {0};
	size_t room = 0;
	FILE *in = fopen(path, "r");

	ck_assert_msg(in != NULL, "cannot open %s", path);
	if (getdelim(&text.data, &room, '\0', in) > 0)
		text.size = strlen(text.data);
	fclose(in);
	return text;
}

unsigned int picture_count(struct text text, const char *what)
{
	unsigned int n = 0;

	for (const char *p = text.data; (p = strstr(p, what)); p++)
		n++;
	return n;
}

bool picture_has(struct text text, const char *what)
{
	return strstr(text.data, what) != NULL;
}

bool picture_says(struct text dot, const char *what)
{
	char *words = calloc(1, dot.size + 1);
	size_t size = 0;
	bool says;

	for (const char *p = dot.data; (p = strstr(p, " label=\""));) {
		p += strlen(" label=\"");
		while (*p && *p != '"' && strncmp(p, "\\l\"", 3) != 0)
			words[size++] = *p++;
		words[size++] = ' ';
	}
	words[size] = '\0';
	says = strstr(words, what) != NULL;
	free(words);
	return says;
}

char *picture_refusal(const struct trace *t, const struct viz_options *options)
{
	char *error = calloc(1, VIZ_ERROR_MAX), *again = NULL;
	struct text text;
	FILE *out = open_memstream(&text.data, &text.size);

	again = calloc(1, VIZ_ERROR_MAX);
	ck_assert_int_eq(viz_dot(VIZ_SEQUENCE, t, NULL, options, out, error),
			 -ENODATA);
	ck_assert_int_eq(
		viz_sequence_text(t, options, false, false, out, again),
		-ENODATA);
	fclose(out);
	ck_assert_uint_eq(text.size, 0);
	ck_assert_str_eq(error, again);
	free(text.data);
	free(again);
	return error;
}
