/*
 * line.h - one line of JSON under construction; private to the writer.
 *
 * Text is UTF-8.  A byte that is not becomes U+FFFD, so that a line is always
 * valid JSON whatever was in a name.
 */
#ifndef TRACE_LINE_H
#define TRACE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owner: line_fini frees data.  @first: no comma is due. */
struct line {
	char *data;
	size_t size;
	size_t room;
	bool first;
};

void line_fini(struct line *l);
/* Start anew with "{". */
void line_start(struct line *l);

/* Text as it is. */
void line_raw(struct line *l, const char *s);
/* A comma if one is due, then "key": unless @key is NULL. */
void line_key(struct line *l, const char *key);
void line_open(struct line *l, const char *key, char bracket);
void line_close(struct line *l, char bracket);

/* NULL strings leave no trace. */
void line_string(struct line *l, const char *key, const char *s);
void line_bool(struct line *l, const char *key, bool value);
void line_signed(struct line *l, const char *key, int64_t value);
/*
 * Numbers over INT64_MAX are strings such as "0xffffffffffffffff": JSON
 * readers in C have no integers that large.
 */
void line_unsigned(struct line *l, const char *key, uint64_t value);

#endif
