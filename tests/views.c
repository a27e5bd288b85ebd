/*
 * views.c - views of traces as tests draw them.
 */
#include "tests/views.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/clocks.h"

static char error[VIZ_ERROR_MAX];

char *view_dot(enum viz_view view, const struct trace *t,
	       const struct viz_options *o)
{
	char *data;
	size_t size;
	FILE *out = open_memstream(&data, &size);
	int result = viz_dot(view, t, NULL, o, out, error);

	fclose(out);
	ck_assert_msg(result == 0 || result == -ENODATA, "%d: %s", result,
		      error);
	if (result == 0)
		return data;
	ck_assert_msg(*error, "no reason");
	ck_assert_uint_eq(size, 0);
	free(data);
	return NULL;
}

void assert_no_view(enum viz_view view, const struct trace *t,
		    const struct viz_options *o, const char *reason)
{
	ck_assert_ptr_null(view_dot(view, t, o));
	ck_assert_msg(strstr(error, reason) != NULL, "%s", error);
}

void assert_renders(const char *dot)
{
	char *picture;
	size_t size;

	ck_assert_msg(viz_render(dot, strlen(dot), "svg", &picture, &size,
				 error) == 0,
		      "%s", error);
	free(picture);
}

bool dot_has(const char *dot, const char *what)
{
	return dot && strstr(dot, what);
}

void assert_golden_view(const char *dot, const char *path)
{
	char *golden = NULL;
	size_t room = 0;
	FILE *file;

	if (getenv("GOLDEN")) {
		file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		fputs(dot, file);
		fclose(file);
	}
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot open %s", path);
	ck_assert(getdelim(&golden, &room, '\0', file) > 0);
	fclose(file);
	ck_assert_msg(strcmp(dot, golden) == 0, "the picture is not that of %s",
		      path);
	free(golden);
}

struct trace *with_clocks(struct trace *t)
{
	struct clocks *clocks = clocks_new(t->thread_count);
	size_t size = t->thread_count * sizeof(uint32_t);

	for (unsigned int i = 0; i < t->event_count; i++) {
		uint32_t *copy = trace_alloc(t, size);

		memcpy(copy, clocks_of(clocks, &t->events[i]), size);
		t->events[i].clk = copy;
	}
	clocks_free(clocks);
	return t;
}
