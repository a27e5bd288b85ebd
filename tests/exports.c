/*
 * exports.c - traces in other forms, for tests of viz/export/.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/exports.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

char *export_with(const struct trace *t, enum export form,
		  const struct viz_options *options, char error[VIZ_ERROR_MAX])
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	int result = -1;

	ck_assert_ptr_nonnull(out);
	switch (form) {
	case EXPORT_MERMAID:
		result = viz_mermaid(t, options, out, error);
		break;
	case EXPORT_MARKDOWN:
		result = viz_markdown(t, options, "futexsim replay x.jsonl",
				      out, error);
		break;
	case EXPORT_PERFETTO:
		result = viz_perfetto(t, out, error);
		break;
	case EXPORT_SHIVIZ:
		result = viz_shiviz(t, out, error);
		break;
	}
	fclose(out);
	if (!result)
		return data;
	/* Nothing is written of what cannot be written whole. */
	ck_assert_uint_eq(size, 0);
	ck_assert_str_ne(error, "");
	free(data);
	return NULL;
}

char *export_of(const struct trace *t, enum export form)
{
	char error[VIZ_ERROR_MAX] = "";
	char *text = export_with(t, form, NULL, error);

	ck_assert_msg(text != NULL, "%s", error);
	return text;
}

static char *load(const char *path)
{
	char *data = NULL;
	size_t room = 0;
	FILE *in = fopen(path, "r");

	ck_assert_msg(in != NULL, "cannot open %s", path);
	ck_assert_int_gt(getdelim(&data, &room, '\0', in), 0);
	fclose(in);
	return data;
}

void assert_golden(const char *text, const char *name)
{
	char *path, *golden;

	ck_assert_int_gt(asprintf(&path, "tests/golden/%s", name), 0);
	if (getenv("GOLDEN")) {
		FILE *out = fopen(path, "w");

		ck_assert_ptr_nonnull(out);
		fputs(text, out);
		fclose(out);
	}
	golden = load(path);
	ck_assert_msg(strcmp(text, golden) == 0, "it is not what %s has", path);
	free(golden);
	free(path);
}

unsigned int count_of(const char *text, const char *what)
{
	unsigned int count = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		count++;
	return count;
}

/* ---- traces ------------------------------------------------------------ */

struct trace *fixture_nasty_names(void)
{
	static const char *const threads[] = {
		"end",	   "rgb(1,2,3) box", "a;b#c",	 "rgb(1,2,3) box",
		"wrap: x", "<b>&lt;</b>",    "`|*_@me$", "<b>&lt;</b>",
		"A",	   "%%{init: {}}%%", NULL};
	struct fixture f = fixture_begin("nasty | `name`", threads);
	struct verdict *v;

	f.t->title = "# <title> & `more` |";
	f.t->summary = "@everyone: see #12, $x$ and <script>alert(1)</script>";
	f.thread = 0;
	fixture_enter(&f, "mark style of:x#59; <b>");
	f.thread = 1;
	fixture_store(&f, "F", 0, 1);
	f.thread = 2;
	fixture_enter(&f, "mark %%{init: {'theme': 'forest'}}%% $$x^2$$");
	f.thread = 3;
	fixture_enter(&f, "mark `` | ``` ]]> \"quoted\"\\n");
	f.thread = 0;
	fixture_step(&f, EVENT_WAKE, OBJECT_TASK, NULL)->peer = 4;
	v = trace_add_verdict(f.t);
	v->kind = VERDICT_KERNEL_BUG;
	v->rule = "wrap: no; end #1";
	v->what = "<img src=x> & 'a' -->> b: \"c\"; | @me $1$ `d`";
	v->thread = 0;
	v->at = f.t->event_count;
	return f.t;
}

static void join(uint32_t *clock, const uint32_t *other, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (other[i] > clock[i])
			clock[i] = other[i];
}

void fixture_clocks(struct trace *t)
{
	unsigned int count = t->thread_count;
	size_t size = count * sizeof(uint32_t);
	uint32_t *threads = trace_alloc(t, count * size);
	uint32_t *objects = trace_alloc(t, t->object_count * size);

	for (unsigned int i = 0; i < t->event_count; i++) {
		struct event *e = &t->events[i];
		uint32_t *own = &threads[(unsigned int)e->thread * count];
		uint32_t *copy = trace_alloc(t, size);

		if (e->thread >= 0 && e->step) {
			uint32_t *object = &objects[e->object * count];

			if (e->object)
				join(own, object, count);
			own[e->thread]++;
			if (e->object)
				join(object, own, count);
		}
		if (e->thread >= 0)
			memcpy(copy, own, size);
		e->clk = copy;
	}
}
