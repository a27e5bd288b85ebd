/*
 * picture_boxes.c - DOT text of a picture, made and taken apart again.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/picture_boxes.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dot_text picture_of(enum viz_view view, const struct record *r,
			   const struct viz_options *options)
{
	struct dot_text dot;
	char error[VIZ_ERROR_MAX] = "";
	FILE *out = open_memstream(&dot.data, &dot.size);
	int result = viz_dot(view, NULL, r, options, out, error);

	fclose(out);
	ck_assert_msg(result == 0, "%s", error);
	return dot;
}

void picture_renders(struct dot_text dot)
{
	char error[VIZ_ERROR_MAX] = "", *svg;
	size_t size;
	int result = viz_render(dot.data, dot.size, "svg", &svg, &size, error);

	ck_assert_msg(result == 0, "%s", error);
	free(svg);
}

/* ---- boxes ------------------------------------------------------------- */

/* The value of @key in @line, without its quotation marks. */
static void take(const char *line, const char *key, char *value, size_t size)
{
	char *wanted;
	const char *at;
	size_t length;

	ck_assert_int_gt(asprintf(&wanted, " %s=", key), 0);
	at = strstr(line, wanted);
	value[0] = '\0';
	if (at) {
		at += strlen(wanted);
		length = strcspn(at + 1, *at == '"' ? "\"" : " ]");
		snprintf(value, size, "%.*s", (int)length + (*at != '"'),
			 at + (*at == '"'));
	}
	free(wanted);
}

static double number_of(const char *line, const char *key, double otherwise)
{
	char text[64];

	take(line, key, text, sizeof(text));
	return *text ? strtod(text, NULL) : otherwise;
}

static bool take_box(const char *line, struct box *b)
{
	char place[64], *rest;

	memset(b, 0, sizeof(*b));
	if (strncmp(line, " \"", 2) != 0 || strstr(line, "\" -> \""))
		return false;
	snprintf(b->id, sizeof(b->id), "%.*s", (int)strcspn(line + 2, "\""),
		 line + 2);
	take(line, "class", b->class, sizeof(b->class));
	take(line, "label", b->label, sizeof(b->label));
	take(line, "pos", place, sizeof(place));
	b->x = strtod(place, &rest);
	b->y = -strtod(rest + 1, NULL);
	b->width = number_of(line, "width", 0) * 72;
	b->height = number_of(line, "height", 0) * 72;
	b->font = number_of(line, "fontsize", 9);
	return strcmp(b->id, "bg") != 0;
}

struct boxes picture_boxes(struct dot_text dot)
{
	struct boxes b = {0};
	char *copy = strdup(dot.data), *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		b.items = realloc(b.items, (b.count + 1) * sizeof(*b.items));
		b.count += take_box(line, &b.items[b.count]);
	}
	free(copy);
	return b;
}

unsigned int boxes_with_id(const struct boxes *b, const char *begin)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < b->count; i++)
		count += !strncmp(b->items[i].id, begin, strlen(begin));
	return count;
}

unsigned int boxes_with_label(const struct boxes *b, const char *label)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < b->count; i++) {
		const char *text = b->items[i].label;
		size_t size = strlen(label);

		count += !strncmp(text, label, size) &&
			 (!text[size] || !strcmp(text + size, "\\l"));
	}
	return count;
}

bool boxes_overlap(const struct box *a, const struct box *b)
{
	/* Half a point is the rounding of inches, and lines that touch. */
	return fabs(a->x - b->x) + 0.5 < (a->width + b->width) / 2 &&
	       fabs(a->y - b->y) + 0.5 < (a->height + b->height) / 2;
}

/* Lines and bands lie behind what they belong to. */
static bool is_behind(const struct box *b)
{
	return !strncmp(b->class, "rule", 4) || !strncmp(b->class, "band", 4);
}

static bool are_clear(const struct box *a, const struct box *b)
{
	return is_behind(a) || is_behind(b) || !boxes_overlap(a, b);
}

void boxes_are_readable(const struct boxes *b)
{
	for (unsigned int i = 0; i < b->count; i++) {
		const struct box *box = &b->items[i];

		ck_assert_msg(box->font >= 8, "%s is small", box->id);
		for (unsigned int k = 0; k < i; k++)
			ck_assert_msg(are_clear(box, &b->items[k]),
				      "%s '%s' overlaps %s '%s'", box->id,
				      box->label, b->items[k].id,
				      b->items[k].label);
	}
}

/* ---- golden ------------------------------------------------------------ */

void picture_is_golden(struct dot_text dot, const char *name)
{
	char *path, *golden = NULL;
	size_t room = 0;
	ssize_t size;
	FILE *file;

	ck_assert_int_gt(asprintf(&path, "tests/golden/%s.dot", name), 0);
	if (getenv("GOLDEN")) {
		file = fopen(path, "w");
		fwrite(dot.data, 1, dot.size, file);
		fclose(file);
	}
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot open %s", path);
	size = getdelim(&golden, &room, '\0', file);
	fclose(file);
	ck_assert_msg(size == (ssize_t)dot.size &&
			      !memcmp(golden, dot.data, dot.size),
		      "the picture is not that of %s", path);
	free(golden);
	free(path);
}
