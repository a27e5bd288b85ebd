/* cli_draw.c - futexsim draw: a trace or the record of a search as a picture.
 */
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/draw_filter.h"
#include "sim/cli/drawing.h"
#include "viz/viz.h"

/* ---- pictures of other commands ---------------------------------------- */

bool cli_is_picture(const char *path)
{
	enum form form;

	return form_of_path(path, &form);
}

bool cli_can_draw(const char *path)
{
	if (!strcmp(path, "-") || cli_is_picture(path))
		return true;
	fprintf(stderr,
		"futexsim: error: '%s' does not end in one of %s, which tell "
		"the form\n",
		path, FORM_ENDINGS);
	return false;
}

int cli_draw_trace(const struct options *o, const struct trace *t,
		   const char *path)
{
	struct drawing d = {
		.trace = t,
		.view = VIZ_SEQUENCE,
		.form = FORM_TXT,
		.is_ascii = o->is_ascii,
	};

	form_of_path(path, &d.form);
	if (!draw_filter_read(o, &d.viz))
		return EXIT_USAGE;
	return drawing_write(&d, path);
}

/* ---- the command: what is asked for ------------------------------------ */

static bool say_useless(enum form form, const char *option, const char *why)
{
	fprintf(stderr, "futexsim: error: --%s %s with --to %s\n", option, why,
		form_names[form]);
	return false;
}

/* Every form has the sequence diagram; outcomes are a table as text. */
static bool has_form(enum viz_view view, enum form form)
{
	return view == VIZ_SEQUENCE || form_uses(form, USES_VIEW) ||
	       (view == VIZ_OUTCOMES && form == FORM_TXT);
}

static bool is_view_of(enum viz_view view, enum form form)
{
	if (has_form(view, form))
		return true;
	fprintf(stderr,
		"futexsim: error: --view %s has no form '%s'; it has svg, png, "
		"pdf%s, by --to or by the ending of -o\n",
		viz_view_name(view), form_names[form],
		view == VIZ_OUTCOMES ? ", dot and txt" : " and dot");
	return false;
}

static bool say_no_effect(enum viz_view view, const char *option)
{
	fprintf(stderr,
		"futexsim: error: --%s leaves nothing out of --view %s\n",
		option, viz_view_name(view));
	return false;
}

/* Wait queues are shown whole, and so are locks and ends. */
static bool can_leave_out(const struct options *o, enum viz_view view)
{
	if (view == VIZ_QUEUES && o->hide_count > 0)
		return say_no_effect(view, "hide");
	if (o->has_fold && (view == VIZ_QUEUES || view == VIZ_LOCK_ORDER ||
			    view == VIZ_OUTCOMES))
		return say_no_effect(view, "fold");
	return true;
}

static bool is_sensible(const struct options *o, enum form form)
{
	if (o->is_ascii && !form_uses(form, USES_ASCII))
		return say_useless(form, "ascii",
				   "is for text, not to be used");
	if (o->has_theme && !form_uses(form, USES_THEME))
		return say_useless(form, "theme",
				   "is for pictures, not to be used");
	if (form_uses(form, USES_FILTER))
		return true;
	if (o->focus_count || o->hide_count || o->around || o->has_fold)
		return say_useless(form,
				   o->focus_count  ? "focus"
				   : o->hide_count ? "hide"
				   : o->around	   ? "around"
						   : "fold",
				   "leaves nothing out");
	return true;
}

/*
 * The form by --to, or by the ending of -o; of FORM_COUNT the view decides, and
 * that depends on what there is to draw.
 */
static bool choose_form(const struct options *o, const char *path,
			enum form *form)
{
	*form = FORM_COUNT;
	if (o->has_form)
		*form = o->form;
	else if (!strcmp(path, "-"))
		return true;
	else if (!form_of_path(path, form)) {
		fprintf(stderr,
			"futexsim: error: '%s' does not end in one of %s; --to "
			"tells the form whatever the name\n",
			path, FORM_ENDINGS);
		return false;
	}
	return is_sensible(o, *form);
}

/* ---- the command: what there is ---------------------------------------- */

struct input {
	struct trace *trace;
	struct record *record;
};

static void close_input(struct input *in)
{
	if (in->trace)
		trace_free(in->trace);
	if (in->record)
		record_free(in->record);
}

static bool read_input(const char *path, struct input *in)
{
	char error[TRACE_ERROR_MAX];
	const char *name = strcmp(path, "-") ? path : "<stdin>";
	FILE *file = cli_open_input(path);

	*in = (struct input){0};
	if (!file)
		return false;
	if (record_is_one(file))
		in->record = record_read(file, name, error);
	else
		in->trace = trace_read(file, name, error);
	if (file != stdin)
		fclose(file);
	if (in->record || in->trace)
		return true;
	fprintf(stderr, "%s\n", error);
	return false;
}

/* Of a record there are two views, and few forms. */
static int check_record(const struct drawing *d, const struct options *o)
{
	if (!viz_view_is_of_record(d->view)) {
		fprintf(stderr,
			"futexsim: error: %s is the record of a search; --view "
			"%s is drawn from a trace, --view exploration and "
			"--view outcomes from a record\n",
			d->path, viz_view_name(d->view));
		return EXIT_INVALID;
	}
	if (!draw_filter_is_empty(&d->viz)) {
		fprintf(stderr,
			"futexsim: error: --%s picks events of a trace, and %s "
			"is the record of a search\n",
			o->focus_count	? "focus"
			: o->hide_count ? "hide"
					: "around",
			d->path);
		return EXIT_USAGE;
	}
	return 0;
}

static int check_trace(const struct drawing *d)
{
	if (viz_view_is_of_record(d->view)) {
		fprintf(stderr,
			"futexsim: error: %s is a trace; --view %s is drawn "
			"from the record of a search, which 'futexsim explore "
			"--record' writes\n",
			d->path, viz_view_name(d->view));
		return EXIT_INVALID;
	}
	return draw_filter_check(&d->viz, d->trace) ? 0 : EXIT_USAGE;
}

/* Text if it is not said otherwise, or DOT text of a view that has none. */
static void choose_view(const struct options *o, struct drawing *d)
{
	bool is_text = d->form == FORM_COUNT || d->form == FORM_TXT;

	d->view = o->has_view ? o->view
		  : d->trace  ? VIZ_SEQUENCE
		  : is_text   ? VIZ_OUTCOMES
			      : VIZ_EXPLORATION;
}

static bool check_form(const struct options *o, struct drawing *d)
{
	if (d->form == FORM_COUNT) {
		d->form = has_form(d->view, FORM_TXT) ? FORM_TXT : FORM_DOT;
		if (!is_sensible(o, d->form))
			return false;
	}
	return is_view_of(d->view, d->form) && can_leave_out(o, d->view);
}

static int draw_input(const struct options *o, struct drawing *d,
		      const struct input *in, const char *output)
{
	int code;

	d->trace = in->trace;
	d->record = in->record;
	choose_view(o, d);
	code = in->record ? check_record(d, o) : check_trace(d);
	if (!code && !check_form(o, d))
		code = EXIT_USAGE;
	return code ? code : drawing_write(d, output);
}

int cli_draw(const struct options *o, int count, char **arguments)
{
	const char *output = o->output ? o->output : "-";
	struct drawing d = {.path = arguments[0], .is_ascii = o->is_ascii};
	struct input in;
	int code;

	(void)count;
	if (!choose_form(o, output, &d.form) || !draw_filter_read(o, &d.viz))
		return EXIT_USAGE;
	if (!read_input(arguments[0], &in)) {
		close_input(&in);
		return EXIT_INVALID;
	}
	code = draw_input(o, &d, &in, output);
	close_input(&in);
	return code;
}
