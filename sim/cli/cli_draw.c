/* cli_draw.c - futexsim draw: a trace as a picture. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "viz/viz.h"

enum form {
	FORM_DOT,
	FORM_TEXT,
	FORM_RENDERED,
};

struct drawing {
	const struct options *o;
	const struct trace *trace;
	struct viz_options viz;
	enum form form;
	const char *format; /* svg, png, pdf */
	char *data;
	size_t size;
};

/* The form is told by the file's ending. */
static bool choose_form(struct drawing *d, const char *path)
{
	const char *dot = strrchr(path, '.');

	d->format = dot ? dot + 1 : "";
	if (!strcmp(path, "-") || !strcmp(d->format, "txt"))
		d->form = FORM_TEXT;
	else if (!strcmp(d->format, "dot"))
		d->form = FORM_DOT;
	else if (!strcmp(d->format, "svg") || !strcmp(d->format, "png") ||
		 !strcmp(d->format, "pdf"))
		d->form = FORM_RENDERED;
	else
		return false;
	return true;
}

static int render(struct drawing *d)
{
	char error[VIZ_ERROR_MAX] = "";
	char *dot = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&dot, &size);
	int result;

	if (!out)
		return EXIT_ENVIRONMENT;
	result = viz_sequence_dot(d->trace, &d->viz, out);
	fclose(out);
	if (!result)
		result = viz_render(dot, size, d->format, &d->data, &d->size,
				    error);
	free(dot);
	if (!result)
		return 0;
	fprintf(stderr, "futexsim: error: Graphviz: %s\n",
		error[0] ? error : strerror(-result));
	return EXIT_INTERNAL;
}

static int write_drawing(FILE *out, void *arg)
{
	struct drawing *d = arg;

	switch (d->form) {
	case FORM_DOT:
		return viz_sequence_dot(d->trace, &d->viz, out);
	case FORM_TEXT:
		return viz_sequence_text(d->trace, &d->viz, wants_color(out),
					 d->o->is_ascii, out);
	case FORM_RENDERED:
		return fwrite(d->data, 1, d->size, out) == d->size ? 0 : -EIO;
	}
	return 0;
}

bool cli_is_picture(const char *path)
{
	struct drawing d = {0};

	return strcmp(path, "-") && choose_form(&d, path);
}

bool cli_can_draw(const char *path)
{
	struct drawing d = {0};

	if (choose_form(&d, path))
		return true;
	fprintf(stderr,
		"futexsim: error: '%s' does not end in .svg, .png, .pdf, .dot "
		"or .txt\n",
		path);
	return false;
}

int cli_draw_trace(const struct options *o, const struct trace *t,
		   const char *path)
{
	struct drawing d = {.o = o, .trace = t};
	int code = 0;

	choose_form(&d, path);
	d.viz.focus.items = (const char **)o->focus;
	d.viz.focus.count = o->focus_count;
	d.viz.hide.items = (const char **)o->hide;
	d.viz.hide.count = o->hide_count;
	if (d.form == FORM_RENDERED)
		code = render(&d);
	if (!code)
		code = cli_write(path, write_drawing, &d);
	free(d.data);
	return code;
}

int cli_draw(const struct options *o, int count, char **arguments)
{
	const char *path = o->output ? o->output : "-";
	struct trace *t;
	int code;

	(void)count;
	if (!cli_can_draw(path))
		return EXIT_USAGE;
	t = cli_read_trace(arguments[0]);
	if (!t)
		return EXIT_INVALID;
	code = cli_draw_trace(o, t, path);
	trace_free(t);
	return code;
}
