/*
 * viz.h - traces as pictures.
 *
 * A sequence diagram is first DOT text, which is what tests compare; Graphviz
 * then turns it into SVG, PNG or PDF inside this process.  The text form needs
 * no Graphviz.  All output is a function of the trace alone.
 */
#ifndef VIZ_VIZ_H
#define VIZ_VIZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "trace/trace.h"

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
};

/*
 * Write the sequence diagram of @t as DOT text for the engine nop2.
 * @options may be NULL.
 *
 * Errors: -EIO and the like from the stream.
 */
int viz_sequence_dot(const struct trace *t, const struct viz_options *options,
		     FILE *out);

/*
 * Write the sequence diagram of @t as text: lanes are columns.
 * @color: with terminal colours.  @ascii: no character beyond ASCII, of our
 * own; names stay as they are.
 *
 * Errors: -EIO and the like from the stream.
 */
int viz_sequence_text(const struct trace *t, const struct viz_options *options,
		      bool color, bool ascii, FILE *out);

#define VIZ_ERROR_MAX 512

/*
 * Render DOT text with the engine nop2 into @format: "svg", "png" or "pdf".
 * What Graphviz warns of is an error.
 *
 * Owner:  *@data is the caller's, by free().
 * Errors: -EINVAL if Graphviz does not take the text or the format, with its
 *	   words in @error.
 */
int viz_render(const char *dot, size_t size, const char *format, char **data,
	       size_t *size_out, char error[VIZ_ERROR_MAX]);

#endif
