/* drawing.c - a trace or a record in one of the forms. */
#include "sim/cli/drawing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/draw_filter.h"
#include "sim/cli/record_table.h"
#include "sim/cli/trace_command.h"

/* ---- forms ------------------------------------------------------------- */

static int make_markdown(const struct drawing *d, FILE *out,
			 char error[VIZ_ERROR_MAX])
{
	char *command = trace_command(d->trace, d->path);
	int result = viz_markdown(d->trace, &d->viz, command, out, error);

	free(command);
	return result;
}

static int make_report(const struct drawing *d, FILE *out,
		       char error[VIZ_ERROR_MAX])
{
	char *command = trace_command(d->trace, d->path);
	struct viz_report report = {
		.trace = d->trace,
		.commands = {command},
		.command_count = command ? 1 : 0,
	};
	int result = viz_report(&report, &d->viz, out, error);

	free(command);
	return result;
}

static int make(const struct drawing *d, FILE *out, char error[VIZ_ERROR_MAX])
{
	switch (d->form) {
	case FORM_SVG:
	case FORM_PNG:
	case FORM_PDF:
	case FORM_DOT:
		return viz_dot(d->view, d->trace, d->record, &d->viz, out,
			       error);
	case FORM_TXT:
		if (d->view == VIZ_OUTCOMES)
			return record_table(d->record, d->is_ascii, out, error);
		return viz_sequence_text(d->trace, &d->viz, d->is_colored,
					 d->is_ascii, out, error);
	case FORM_MERMAID:
		return viz_mermaid(d->trace, &d->viz, out, error);
	case FORM_HTML:
		return make_report(d, out, error);
	case FORM_MARKDOWN:
		return make_markdown(d, out, error);
	case FORM_PERFETTO:
		return viz_perfetto(d->trace, out, error);
	case FORM_SHIVIZ:
		return viz_shiviz(d->trace, out, error);
	case FORM_COUNT:
		break;
	}
	return -EINVAL;
}

/* Into memory, so that nothing is written if it fails. */
static int make_data(struct drawing *d, char error[VIZ_ERROR_MAX])
{
	FILE *out = open_memstream(&d->data, &d->size);
	int result;

	if (!out)
		return -errno;
	error[0] = '\0';
	result = make(d, out, error);
	if (fclose(out) && !result)
		result = -errno;
	return result;
}

static bool is_rendered(enum form form)
{
	return form == FORM_SVG || form == FORM_PNG || form == FORM_PDF;
}

static int render(struct drawing *d, char error[VIZ_ERROR_MAX])
{
	char *dot = d->data;
	size_t size = d->size;
	int result = viz_render(dot, size, form_names[d->form], &d->data,
				&d->size, error);

	free(dot);
	return result;
}

/* ---- what went wrong --------------------------------------------------- */

/* Is there something to show if nothing is filtered? */
static bool is_fault_of_filter(const struct drawing *d)
{
	struct drawing all = *d;
	char error[VIZ_ERROR_MAX];
	int result;

	if (draw_filter_is_empty(&d->viz))
		return false;
	all.viz.focus.count = all.viz.hide.count = all.viz.around = 0;
	all.data = NULL;
	result = make_data(&all, error);
	free(all.data);
	return !result;
}

static int say_nothing_to_show(const struct drawing *d, const char *reason)
{
	bool is_filtered = is_fault_of_filter(d);

	fputs("futexsim: error: ", stderr);
	if (d->path && !is_filtered)
		fprintf(stderr, "%s: ", d->path);
	fprintf(stderr, "%s\n", *reason ? reason : "there is nothing to show");
	return is_filtered ? EXIT_USAGE : EXIT_INVALID;
}

/* What a view or a form refuses to do with these options. */
static bool is_refusal(int result, const char *error)
{
	return result == -E2BIG || (result == -EINVAL && *error);
}

/* @is_rendering: it is Graphviz that complains. */
static int say_trouble(const struct drawing *d, int result, const char *error,
		       bool is_rendering)
{
	if (result == -ENODATA)
		return say_nothing_to_show(d, error);
	if (!is_rendering && is_refusal(result, error)) {
		fprintf(stderr, "futexsim: error: %s\n", error);
		return EXIT_USAGE;
	}
	fprintf(stderr, "futexsim: error: drawing: %s\n",
		*error ? error : strerror(-result));
	if (result == -E2BIG)
		return EXIT_USAGE;
	return result == -ENOMEM ? EXIT_ENVIRONMENT : EXIT_INTERNAL;
}

/* ---- writing ----------------------------------------------------------- */

static int write_data(FILE *out, void *arg)
{
	const struct drawing *d = arg;

	errno = 0;
	if (fwrite(d->data, 1, d->size, out) != d->size || fflush(out))
		return errno ? -errno : -EIO;
	return 0;
}

int drawing_write(struct drawing *d, const char *path)
{
	char error[VIZ_ERROR_MAX];
	bool is_rendering = false;
	int result, code;

	d->is_colored = !strcmp(path, "-") && wants_color(stdout);
	result = make_data(d, error);
	if (!result && is_rendered(d->form)) {
		is_rendering = true;
		result = render(d, error);
	}
	code = result ? say_trouble(d, result, error, is_rendering)
		      : cli_write(path, write_data, d);
	free(d->data);
	return code;
}
