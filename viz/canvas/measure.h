/*
 * measure.h - how wide a text is, and how it is cut and wrapped.
 */
#ifndef VIZ_CANVAS_MEASURE_H
#define VIZ_CANVAS_MEASURE_H

#include "trace/trace.h"

/* Columns that a text takes: code points, wide ones twice. */
unsigned int text_columns(const char *s);
/* The length in bytes of the character at @s, at least 1. */
unsigned int character_size(const char *s);
/* At most @max columns of @s, with an ellipsis if it was longer. */
const char *text_cut(struct trace *memory, const char *text, unsigned int max);
/*
 * Wrap @text to lines of @columns; what is beyond @max ends in an ellipsis.
 * Returns the number of lines, at most @max.
 */
unsigned int text_wrap(struct trace *memory, const char *text,
		       unsigned int columns, const char **lines,
		       unsigned int max);

#endif
