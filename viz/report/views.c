/*
 * views.c - the pictures of the page, one in each tab.
 */
#include "viz/report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The title and the badge of the first picture are the page's own. */
#define TITLE_HEIGHT 3200L

#define NOT_SEARCHED                                                           \
	"This report tells of one run, and of no search. `futexsim report` "   \
	"on a scenario searches it, too."

/* What a picture shows, for those who do not see it. */
static const char *const labels[VIZ_VIEW_COUNT] = {
	[VIZ_SEQUENCE] = "Sequence diagram; the tab Steps tells it in words",
	[VIZ_HAPPENS_BEFORE] = "Happens-before graph: which step is ordered "
			       "before which",
	[VIZ_QUEUES] = "Wait queues before and after",
	[VIZ_LOCK_ORDER] = "Lock order: which lock is taken while which is "
			   "held",
	[VIZ_EXPLORATION] = "Exploration: which choices lead to which end",
	[VIZ_OUTCOMES] = "Outcomes: how many runs end in which way",
};

/* Ids of one page differ; the first picture's are as they are. */
static const char *const prefixes[VIZ_VIEW_COUNT] = {
	[VIZ_SEQUENCE] = "",	     [VIZ_HAPPENS_BEFORE] = "hb-",
	[VIZ_QUEUES] = "queues-",    [VIZ_LOCK_ORDER] = "locks-",
	[VIZ_EXPLORATION] = "tree-", [VIZ_OUTCOMES] = "ends-",
};

static void put_box(struct report *p, const char *svg, size_t size,
		    const char *prefix, long cut, const char *label)
{
	fprintf(p->out,
		"<div class=\"box\" tabindex=\"0\" role=\"region\" "
		"aria-label=\"%s, to be scrolled\">",
		strcmp(prefix, "") ? "Picture" : "Sequence diagram");
	svg_inline(p->out, svg, size, prefix, cut, label);
	fputs("</div>", p->out);
}

static int put_absent(struct report *p, const char *reason)
{
	fputs("<p class=\"absent\">", p->out);
	html_text(p->out, reason);
	fputs("</p>", p->out);
	p->error[0] = '\0';
	return 0;
}

static int put_dot(struct report *p, const char *dot, size_t dot_size,
		   const char *prefix, long cut, const char *label)
{
	char *svg = NULL;
	size_t size = 0;
	int result = viz_render(dot, dot_size, "svg", &svg, &size, p->error);

	if (!result)
		put_box(p, svg, size, prefix, cut, label);
	free(svg);
	return result;
}

static bool is_absent(const struct report *p, enum viz_view view)
{
	return viz_view_is_of_record(view) && !p->r->record;
}

int slot_view(struct report *p, enum viz_view view)
{
	char *dot = NULL;
	size_t size = 0;
	FILE *out;
	int result;

	if (is_absent(p, view))
		return put_absent(p, p->r->no_record ? p->r->no_record
						     : NOT_SEARCHED);
	out = open_memstream(&dot, &size);
	if (!out)
		return -ENOMEM;
	result = viz_dot(view, p->t, p->r->record, p->options, out, p->error);
	fclose(out);
	if (!result)
		result = put_dot(p, dot, size, prefixes[view],
				 view == VIZ_SEQUENCE ? TITLE_HEIGHT : 0,
				 labels[view]);
	else if (result == -ENODATA && view != VIZ_SEQUENCE)
		result = put_absent(p, p->error);
	free(dot);
	return result;
}

int slot_compare(struct report *p)
{
	char *dot = NULL;
	size_t size = 0;
	FILE *out;
	int result;

	if (!p->r->passing)
		return put_absent(p, p->t->verdict_count
					     ? "This report knows of no run "
					       "that passes."
					     : "This run passes; there is "
					       "nothing to hold it against.");
	out = open_memstream(&dot, &size);
	if (!out)
		return -ENOMEM;
	result = viz_diff_dot(p->t, p->r->passing, p->options, out, p->error);
	fclose(out);
	if (!result)
		result = put_dot(p, dot, size, "diff-", 0,
				 "This run beside the nearest one that passes");
	else if (result == -ENODATA)
		result = put_absent(p, p->error);
	free(dot);
	return result;
}
