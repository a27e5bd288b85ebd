/* forms.c - forms by name and by the ending of a file. */
#include "sim/cli/forms.h"

#include <stddef.h>
#include <string.h>

#define PICTURE (USES_VIEW | USES_THEME | USES_FILTER)

const char *const form_names[FORM_COUNT] = {
	[FORM_SVG] = "svg",	      [FORM_PNG] = "png",
	[FORM_PDF] = "pdf",	      [FORM_DOT] = "dot",
	[FORM_TXT] = "txt",	      [FORM_MERMAID] = "mermaid",
	[FORM_HTML] = "html",	      [FORM_MARKDOWN] = "md",
	[FORM_PERFETTO] = "perfetto", [FORM_SHIVIZ] = "shiviz",
};

static const struct form_row {
	const char *ending;
	unsigned int uses; /* of enum form_use */
} rows[FORM_COUNT] = {
	[FORM_SVG] = {".svg", PICTURE},
	[FORM_PNG] = {".png", PICTURE},
	[FORM_PDF] = {".pdf", PICTURE},
	[FORM_DOT] = {".dot", PICTURE},
	[FORM_TXT] = {".txt", USES_FILTER | USES_ASCII},
	[FORM_MERMAID] = {".mmd", USES_FILTER},
	[FORM_HTML] = {".html", USES_FILTER | USES_THEME},
	[FORM_MARKDOWN] = {".md", USES_FILTER},
	/* What chrome://tracing takes ends so. */
	[FORM_PERFETTO] = {".json", 0},
	[FORM_SHIVIZ] = {".shiviz", 0},
};

bool form_uses(enum form form, enum form_use use)
{
	return rows[form].uses & use;
}

bool form_of_path(const char *path, enum form *form)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');

	for (unsigned int i = 0; dot && i < FORM_COUNT; i++) {
		if (strcmp(dot, rows[i].ending) != 0)
			continue;
		*form = (enum form)i;
		return true;
	}
	return false;
}
