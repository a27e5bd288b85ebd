/*
 * viz.h - traces and records of searches as pictures.
 *
 * A picture is first DOT text, which is what tests compare; Graphviz then
 * turns it into SVG, PNG or PDF inside this process.  Text, Mermaid, Markdown,
 * logs for other viewers and the report need no file beside the trace.  All
 * output is a function of what is drawn and of the options alone.
 *
 * Errors: of all that write to a stream: -EIO and the like from the stream;
 *	   -ENODATA if there is nothing to show, with the reason in @error.
 */
#ifndef VIZ_VIZ_H
#define VIZ_VIZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "trace/record.h"
#include "trace/trace.h"

#define VIZ_ERROR_MAX 512

enum viz_view {
	VIZ_SEQUENCE,
	VIZ_HAPPENS_BEFORE,
	VIZ_QUEUES,
	VIZ_LOCK_ORDER,
	VIZ_EXPLORATION, /* of a record */
	VIZ_OUTCOMES, /* of a record */
	VIZ_VIEW_COUNT,
};

enum viz_theme {
	VIZ_LIGHT,
	VIZ_DARK,
	VIZ_PRINT, /* tells things apart without colours */
	VIZ_THEME_COUNT,
};

enum viz_fold {
	VIZ_FOLD_AUTO, /* what has no content; more if there is too much */
	VIZ_FOLD_NONE, /* every step has its row */
	VIZ_FOLD_CALLS, /* calls that touch nothing near the violation */
	VIZ_FOLD_COUNT,
};

/*
 * What to show, in addition to what the trace's own lists say.  An entry of
 * @focus is a thread, a word or other object, a kind of object ("aspace") or a
 * glob over points ("ref.*"): matching events are always shown.  @hide holds
 * globs over points: matching events are not shown unless they are evidence.
 * Owner: the caller.
 */
struct viz_options {
	struct trace_strings focus;
	struct trace_strings hide;
	enum viz_theme theme;
	enum viz_fold fold;
	uint32_t around; /* n of an event; 0: the whole trace */
	uint32_t span; /* so many events before and after it */
};

/* "happens-before" and so on; the inverses give false for no such name. */
const char *viz_view_name(enum viz_view view);
bool viz_view_parse(const char *name, enum viz_view *view);
const char *viz_theme_name(enum viz_theme theme);
bool viz_theme_parse(const char *name, enum viz_theme *theme);
const char *viz_fold_name(enum viz_fold fold);
bool viz_fold_parse(const char *name, enum viz_fold *fold);

/* Is @view drawn from the record of a search?  Else it is from a trace. */
bool viz_view_is_of_record(enum viz_view view);

/*
 * Write @view as DOT text for the engine nop2: of @t, or of @r if it is one of
 * a record; the other may be NULL.  @options may be NULL.
 */
int viz_dot(enum viz_view view, const struct trace *t, const struct record *r,
	    const struct viz_options *options, FILE *out,
	    char error[VIZ_ERROR_MAX]);

/*
 * Write the sequence diagram of @t as text: lanes are columns.
 * @color: with terminal colours.  @ascii: no character beyond ASCII, of our
 * own; names stay as they are.
 */
int viz_sequence_text(const struct trace *t, const struct viz_options *options,
		      bool color, bool ascii, FILE *out,
		      char error[VIZ_ERROR_MAX]);

/*
 * The same as a Mermaid sequence diagram, which forges render in Markdown.
 */
int viz_mermaid(const struct trace *t, const struct viz_options *options,
		FILE *out, char error[VIZ_ERROR_MAX]);

/*
 * A comment for a review, in Markdown: verdict, story, Mermaid, table of steps.
 * @command: what reproduces it, or NULL.
 */
int viz_markdown(const struct trace *t, const struct viz_options *options,
		 const char *command, FILE *out, char error[VIZ_ERROR_MAX]);

/* The trace for Perfetto and chrome://tracing: JSON of trace events. */
int viz_perfetto(const struct trace *t, FILE *out, char error[VIZ_ERROR_MAX]);
/* The trace for ShiViz: a log with vector clocks. */
int viz_shiviz(const struct trace *t, FILE *out, char error[VIZ_ERROR_MAX]);

/*
 * Two traces side by side, rows that are alike on one level, the first
 * difference marked; as DOT text and as text.
 */
int viz_diff_dot(const struct trace *a, const struct trace *b,
		 const struct viz_options *options, FILE *out,
		 char error[VIZ_ERROR_MAX]);
int viz_diff_text(const struct trace *a, const struct trace *b,
		  const struct viz_options *options, bool color, bool ascii,
		  FILE *out, char error[VIZ_ERROR_MAX]);

/* What a report tells of; what is NULL it leaves out. */
struct viz_report {
	const struct trace *trace;
	const struct trace *passing; /* the nearest run that passes */
	uint32_t decisive; /* n of the event after which none does; 0: unknown
			    */
	const struct record *record; /* of the search */
	const char *no_record; /* why there is none; NULL: nobody searched */
	const char *commands[8]; /* that reproduce it */
	unsigned int command_count;
};

/* Write one HTML file that needs nothing else. */
int viz_report(const struct viz_report *report,
	       const struct viz_options *options, FILE *out,
	       char error[VIZ_ERROR_MAX]);

/*
 * Render DOT text with the engine nop2 into @format: "svg", "png" or "pdf".
 * What Graphviz warns of is an error.
 *
 * Owner:  *@data is the caller's, by free().
 * Errors: -EINVAL if Graphviz does not take the text or the format, with its
 *	   words in @error; -E2BIG if it is too large for a PNG.
 */
int viz_render(const char *dot, size_t size, const char *format, char **data,
	       size_t *size_out, char error[VIZ_ERROR_MAX]);

#endif
