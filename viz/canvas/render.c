/*
 * render.c - DOT text into a picture, by Graphviz inside this process.
 *
 * libcgraph parses, libgvc renders.  Whatever they have to say goes into the
 * error message, and anything they have to say is an error: a text that does
 * not fit its box is a mistake in the layout.
 */
#define _GNU_SOURCE
#include "viz/viz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

/* Graphviz reports to a function without context. */
static char *report;
static size_t report_size;

static int take_report(char *text)
{
	size_t used = strlen(report);
	size_t i;

	for (i = 0; text[i] && used + 1 < report_size; i++)
		report[used++] = text[i] == '\n' ? ' ' : text[i];
	report[used] = '\0';
	while (used > 0 && report[used - 1] == ' ')
		report[--used] = '\0';
	return 0;
}

static bool is_known_format(const char *format)
{
	return strcmp(format, "svg") == 0 || strcmp(format, "png") == 0 ||
	       strcmp(format, "pdf") == 0;
}

/* Cairo has no bitmaps beyond that, and would make the picture smaller. */
#define PIXELS_MAX 32767
#define TOO_LARGE                                                              \
	"it is too large for a PNG; SVG and PDF have no such limit, "          \
	"--around, --fold and --hide show less"

static bool is_too_large(Agraph_t *graph)
{
	const boxf all = GD_bb(graph);
	const double pixels = 96.0 / 72.0, margin = 16;

	return (all.UR.x - all.LL.x + margin) * pixels > PIXELS_MAX ||
	       (all.UR.y - all.LL.y + margin) * pixels > PIXELS_MAX;
}

static void render_graph(GVC_t *gvc, Agraph_t *graph, const char *format,
			 char **data, size_t *size)
{
	char *made = NULL;
	unsigned int made_size = 0;

	if (gvLayout(gvc, graph, "nop2") != 0)
		return;
	if (!strcmp(format, "png") && is_too_large(graph))
		take_report((char[]){TOO_LARGE});
	else if (gvRenderData(gvc, graph, format, &made, &made_size) == 0 &&
		 made) {
		*data = malloc(made_size + 1);
		if (!*data)
			abort();
		memcpy(*data, made, made_size);
		(*data)[made_size] = '\0';
		*size = made_size;
	}
	if (made)
		gvFreeRenderData(made);
	gvFreeLayout(gvc, graph);
}

static void render_text(const char *dot, const char *format, char **data,
			size_t *size)
{
	/*
	 * One context for the whole process: the text layout of Graphviz
	 * 2.43 remembers the name of the last font, which a context frees.
	 */
	static GVC_t *gvc;
	Agraph_t *graph;

	if (!gvc)
		gvc = gvContext();
	graph = agmemread(dot);
	if (!graph)
		return;
	render_graph(gvc, graph, format, data, size);
	agclose(graph);
}

/*
 * Cairo writes the time of day into a PDF.  Overwrite it in place, so that the
 * same trace gives the same bytes and nothing in the file moves.
 */
static void fix_date(char *data, size_t size)
{
	static const char key[] = "/CreationDate (D:";
	static const char date[] = "20000101000000";
	char *found = memmem(data, size, key, sizeof(key) - 1);
	size_t left = found ? size - (size_t)(found - data) : 0;

	if (left > sizeof(key) + sizeof(date))
		memcpy(found + sizeof(key) - 1, date, sizeof(date) - 1);
}

int viz_render(const char *dot, size_t size, const char *format, char **data,
	       size_t *size_out, char error[VIZ_ERROR_MAX])
{
	char *text = strndup(dot, size);
	agusererrf before;

	if (!text)
		abort();
	*data = NULL;
	*size_out = 0;
	error[0] = '\0';
	report = error;
	report_size = VIZ_ERROR_MAX;
	before = agseterrf(take_report);
	if (is_known_format(format))
		render_text(text, format, data, size_out);
	else
		take_report((char[]){"the format must be svg, png or pdf"});
	agseterrf(before);
	free(text);
	if (*data && !strcmp(format, "pdf"))
		fix_date(*data, *size_out);
	if (*data && !*error)
		return 0;
	free(*data);
	*data = NULL;
	if (!*error)
		take_report((char[]){"Graphviz gave no picture"});
	return strcmp(error, TOO_LARGE) ? -EINVAL : -E2BIG;
}
