/*
 * escape.h - texts of a trace inside other languages.
 *
 * Names and texts of a trace may hold any character.  Each function writes one
 * so that its reader shows just that text and takes none of it as its own.
 */
#ifndef VIZ_EXPORT_ESCAPE_H
#define VIZ_EXPORT_ESCAPE_H

#include <stdbool.h>
#include <stdio.h>

/* Text of a note, a message or a name in a Mermaid diagram. */
void escape_mermaid(FILE *out, const char *text);
/* Prose of Markdown. */
void escape_markdown(FILE *out, const char *text);
/* The same as code; @is_cell: inside a table. */
void escape_code(FILE *out, const char *text, bool is_cell);
/* The longest run of backticks in @text. */
unsigned int escape_backticks(const char *text);

#endif
