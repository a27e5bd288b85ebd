/*
 * report.h - the parts of the report; private to viz/report/.
 *
 * The page is report.html with slots such as {{story}} in it, and each slot is
 * filled by a function.  All text of a trace passes html_text or, for the
 * script, json_data: none of it can become markup.
 */
#ifndef VIZ_REPORT_REPORT_H
#define VIZ_REPORT_REPORT_H

#include "viz/sequence/story.h"
#include "viz/viz.h"

struct report {
	const struct viz_report *r;
	const struct trace *t;
	const struct viz_options *options;
	bool is_dark; /* at first, whatever the reader's system says */
	struct story *s;
	char *style; /* of the page: palette.c, then report.css */
	FILE *out;
	char *error; /* VIZ_ERROR_MAX bytes */
};

/* ---- assets.c: the files that are built in --------------------------------
 */

struct asset {
	const char *data;
	size_t size;
};
struct asset asset_html(void);
struct asset asset_css(void);
struct asset asset_js(void);

/* ---- palette.c ------------------------------------------------------------
 */

/* The colours of all themes; 0. */
int palette_write(FILE *out);

/* ---- page.c -------------------------------------------------------------- */

/* @text as it is to be read, in content or in a quoted attribute. */
void html_text(FILE *out, const char *text);
/* The same, and "step 59" and "steps 46, 58" in it lead there. */
void html_story(const struct report *p, const char *text);
/* A source of a policy that lets @data in, and nothing else: "'sha256-...'" */
void html_hash(FILE *out, const char *data, size_t size);

/* ---- svg.c --------------------------------------------------------------- */

/*
 * Write the SVG of Graphviz as it may stand within a page: no prolog, comments
 * and tooltips, colours as variables of the style sheet, and ids that begin
 * with @prefix.  So many hundredths of a point of its top are @cut off.
 * @label: its name to those who do not see it.
 */
void svg_inline(FILE *out, const char *svg, size_t size, const char *prefix,
		long cut, const char *label);

/* ---- slots -------------------------------------------------------------- */

/* Each writes its part of the page to @p->out; 0 or -errno. */
int slot_palette(struct report *p);
int slot_title(struct report *p);
int slot_badge(struct report *p);
int slot_facts(struct report *p);
int slot_summary(struct report *p);
int slot_verdicts(struct report *p);
int slot_quirks(struct report *p);
int slot_runs(struct report *p);
int slot_steps(struct report *p);
int slot_source(struct report *p);
int slot_commands(struct report *p);
int slot_data(struct report *p);
int slot_compare(struct report *p);

/* One view as an inline picture, or why there is none. */
int slot_view(struct report *p, enum viz_view view);

#endif
