/*
 * forms.h - the forms in which a trace or a record can be written for a
 * reader, by name and by the ending of a file.
 */
#ifndef SIM_CLI_FORMS_H
#define SIM_CLI_FORMS_H

#include <stdbool.h>

enum form {
	FORM_SVG,
	FORM_PNG,
	FORM_PDF,
	FORM_DOT,
	FORM_TXT,
	FORM_MERMAID,
	FORM_HTML,
	FORM_MARKDOWN,
	FORM_PERFETTO,
	FORM_SHIVIZ,
	FORM_COUNT,
};

extern const char *const form_names[FORM_COUNT];

/* The endings, for messages and help. */
#define FORM_ENDINGS ".svg .png .pdf .dot .txt .mmd .html .md .json .shiviz"

/* What an option is about, which is not so in every form. */
enum form_use {
	USES_VIEW = 1, /* one of several views */
	USES_THEME = 2, /* colours */
	USES_FILTER = 4, /* what is shown: focus, hide, fold, around */
	USES_ASCII = 8, /* characters */
};

bool form_uses(enum form form, enum form_use use);

/* Does the ending of @path tell a form? */
bool form_of_path(const char *path, enum form *form);

#endif
