/*
 * cli_diff.c - futexsim diff: two traces side by side.
 *
 * As with diff(1), the exit code says whether they differ.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/json.h"
#include "sim/cli/cli.h"
#include "sim/cli/draw_filter.h"
#include "viz/diff/compare.h"

/* What is compared, how, and what came of it. */
struct diffing {
	const struct trace *traces[2];
	struct viz_options viz;
	enum form form;
	bool is_colored;
	bool is_ascii;
	char *data;
	size_t size;
};

/* ---- pictures and text ------------------------------------------------- */

static bool is_rendered(enum form form)
{
	return form == FORM_SVG || form == FORM_PNG || form == FORM_PDF;
}

static int make(struct diffing *d, char error[VIZ_ERROR_MAX])
{
	FILE *out = open_memstream(&d->data, &d->size);
	char *dot;
	int result;

	if (!out)
		return -errno;
	if (d->form == FORM_TXT)
		result = viz_diff_text(d->traces[0], d->traces[1], &d->viz,
				       d->is_colored, d->is_ascii, out, error);
	else
		result = viz_diff_dot(d->traces[0], d->traces[1], &d->viz, out,
				      error);
	if (fclose(out) && !result)
		result = -errno;
	if (result || !is_rendered(d->form))
		return result;
	dot = d->data;
	d->data = NULL;
	result = viz_render(dot, d->size, form_names[d->form], &d->data,
			    &d->size, error);
	free(dot);
	return result;
}

static int write_data(FILE *out, void *arg)
{
	const struct diffing *d = arg;

	errno = 0;
	if (fwrite(d->data, 1, d->size, out) != d->size || fflush(out))
		return errno ? -errno : -EIO;
	return 0;
}

static int say_trouble(const struct diffing *d, int result, const char *error)
{
	bool is_empty = result == -ENODATA;

	fprintf(stderr, "futexsim: error: %s%s\n", is_empty ? "" : "drawing: ",
		*error ? error : strerror(-result));
	if (is_empty)
		return draw_filter_is_empty(&d->viz) ? EXIT_INVALID
						     : EXIT_USAGE;
	return result == -ENOMEM ? EXIT_ENVIRONMENT : EXIT_INTERNAL;
}

static int draw(struct diffing *d, const char *path)
{
	char error[VIZ_ERROR_MAX] = "";
	int result, code;

	d->is_colored = !strcmp(path, "-") && wants_color(stdout);
	result = make(d, error);
	code = result ? say_trouble(d, result, error)
		      : cli_write(path, write_data, d);
	free(d->data);
	d->data = NULL;
	return code;
}

int cli_draw_diff(const struct options *o, const struct trace *left,
		  const struct trace *right, const char *path)
{
	struct diffing d = {
		.traces = {left, right},
		.form = FORM_TXT,
		.is_ascii = o->is_ascii,
	};

	form_of_path(path, &d.form);
	if (!draw_filter_read(o, &d.viz))
		return EXIT_USAGE;
	return draw(&d, path);
}

/* ---- JSON -------------------------------------------------------------- */

static json_t *event_json(const struct trace *t, uint32_t n)
{
	char point[POINT_NAME_MAX];
	const struct event *e;
	json_t *object;

	if (n == 0)
		return json_null();
	e = &t->events[n - 1];
	object = json_object();
	json_set(object, "step", json_integer(n));
	json_set(object, "thread", json_string(name_of_mover(t, e->thread)));
	json_set(object, "point",
		 json_string(event_point(e->kind, e->object_kind, point)));
	if (e->object)
		json_set(object, "object",
			 json_string(t->objects[e->object].name));
	if (e->has_values) {
		json_set(object, "old", json_integer((json_int_t)e->old_value));
		json_set(object, "new", json_integer((json_int_t)e->new_value));
	}
	json_set(object, "result", json_integer(e->out));
	if (e->src)
		json_set(object, "src", json_string(e->src));
	return object;
}

static json_t *difference_json(const struct comparison *c,
			       const struct difference *d)
{
	json_t *object;

	if (d->kind == DIFFERENCE_NONE)
		return json_null();
	object = json_object();
	json_set(object, "what", json_string(difference_name(d->kind)));
	json_set(object, "left", event_json(c->t[0], d->n[0]));
	json_set(object, "right", event_json(c->t[1], d->n[1]));
	return object;
}

static void print_json(const struct comparison *c)
{
	json_t *root = json_object(), *events = json_object();

	json_set(root, "equal", json_boolean(comparison_is_equal(c)));
	json_set(root, "first", difference_json(c, &c->first));
	json_set(root, "first_of_thread", difference_json(c, &c->effect));
	if (c->is_counted) {
		json_set(events, "alike", json_integer(c->alike));
		json_set(events, "left_only", json_integer(c->only[0]));
		json_set(events, "right_only", json_integer(c->only[1]));
	}
	json_set(root, "events", events);
	json_dumpf(root, stdout, JSON_INDENT(2));
	fputc('\n', stdout);
	json_decref(root);
}

/* ---- the command ------------------------------------------------------- */

/* By --to, by the ending of -o, or text. */
static bool choose_form(const struct options *o, struct diffing *d)
{
	d->form = FORM_TXT;
	if (o->has_form)
		d->form = o->form;
	else if (o->output && strcmp(o->output, "-") &&
		 !form_of_path(o->output, &d->form)) {
		fprintf(stderr,
			"futexsim: error: '%s' does not end in .svg, .png, "
			".pdf, .dot or .txt; --to tells the form whatever the "
			"name\n",
			o->output);
		return false;
	}
	if (d->form != FORM_TXT && d->form != FORM_DOT &&
	    !is_rendered(d->form)) {
		fprintf(stderr,
			"futexsim: error: a comparison has no form '%s'; it "
			"has svg, png, pdf, dot and txt\n",
			form_names[d->form]);
		return false;
	}
	if (o->is_ascii && d->form != FORM_TXT) {
		fprintf(stderr,
			"futexsim: error: --ascii is for text, not to "
			"be used with --to %s\n",
			form_names[d->form]);
		return false;
	}
	if (o->has_theme && d->form == FORM_TXT) {
		fputs("futexsim: error: --theme is for pictures, not to be "
		      "used with --to txt\n",
		      stderr);
		return false;
	}
	return true;
}

static void *joined(const void *a, unsigned int a_count, const void *b,
		    unsigned int b_count, size_t size)
{
	char *all = calloc((size_t)a_count + b_count + 1, size);

	if (!all)
		abort();
	if (a_count)
		memcpy(all, a, a_count * size);
	if (b_count)
		memcpy(all + a_count * size, b, b_count * size);
	return all;
}

/* Each name must mean something in one of the two, and so must a step. */
static bool is_filter_sound(const struct diffing *d)
{
	const struct trace *a = d->traces[0], *b = d->traces[1];
	struct trace both = {
		.threads = joined(a->threads, a->thread_count, b->threads,
				  b->thread_count, sizeof(*a->threads)),
		.thread_count = a->thread_count + b->thread_count,
		.objects = joined(a->objects, a->object_count, b->objects,
				  b->object_count, sizeof(*a->objects)),
		.object_count = a->object_count + b->object_count,
		.events = joined(a->events, a->event_count, b->events,
				 b->event_count, sizeof(*a->events)),
		.event_count = a->event_count + b->event_count,
	};
	struct viz_options names = d->viz, around = {.around = d->viz.around};
	bool is_sound;

	names.around = 0;
	is_sound = draw_filter_check(&names, &both);
	is_sound &= draw_filter_check(&around,
				      a->event_count > b->event_count ? a : b);
	free(both.threads);
	free(both.objects);
	free(both.events);
	return is_sound;
}

/* With a file or JSON the picture is one thing, what is printed another. */
static int compare_them(const struct options *o, struct diffing *d)
{
	bool is_printed = !o->output || !strcmp(o->output, "-");
	struct comparison c;
	int code = 0;

	if (!draw_filter_is_empty(&d->viz) && !is_filter_sound(d))
		return EXIT_USAGE;
	compare_traces(d->traces[0], d->traces[1], &c);
	if (!is_printed || !o->is_json)
		code = draw(d, is_printed ? "-" : o->output);
	if (code)
		return code;
	if (o->is_json)
		print_json(&c);
	else if (!is_printed)
		printf("%s: %s\n", comparison_is_equal(&c) ? "equal" : "differ",
		       difference_text(c.first.kind));
	fflush(stdout);
	return comparison_is_equal(&c) ? EXIT_EXPECTED : EXIT_BUG;
}

int cli_diff(const struct options *o, int count, char **arguments)
{
	struct diffing d = {.is_ascii = o->is_ascii};
	struct trace *left, *right;
	int code = EXIT_INVALID;

	(void)count;
	if (!draw_filter_read(o, &d.viz) || !choose_form(o, &d))
		return EXIT_USAGE;
	if (!strcmp(arguments[0], "-") && !strcmp(arguments[1], "-")) {
		fputs("futexsim: error: only one of the two can be '-'\n",
		      stderr);
		return EXIT_USAGE;
	}
	left = cli_read_trace(arguments[0]);
	right = cli_read_trace(arguments[1]);
	if (left && right) {
		d.traces[0] = left;
		d.traces[1] = right;
		code = compare_them(o, &d);
	}
	trace_free(left);
	trace_free(right);
	return code;
}
