/*
 * palette.c - the colours of the themes as variables of the style sheet.
 *
 * A variable has the name of its colour in the light theme, as pictures have
 * it: --b3001b.  Dark is what the reader's system or the button says; paper is
 * always light.
 */
#include "viz/report/report.h"

#include <ctype.h>

#include "viz/canvas/theme.h"

static void put_colors(FILE *out, enum viz_theme theme)
{
	for (unsigned int i = 0; i < theme_row_count; i++) {
		const char *light = theme_rows[i].colors[VIZ_LIGHT];

		fputs("--", out);
		while (*++light)
			fputc(tolower((unsigned char)*light), out);
		fprintf(out, ":%s;", theme_rows[i].colors[theme]);
	}
	fprintf(out, "color-scheme:%s", theme == VIZ_DARK ? "dark" : "light");
}

int palette_write(FILE *out)
{
	fputs(":root{", out);
	put_colors(out, VIZ_LIGHT);
	fputs("}\n:root[data-theme=dark]{", out);
	put_colors(out, VIZ_DARK);
	fputs("}\n@media(prefers-color-scheme:dark){"
	      ":root:not([data-theme=light]){",
	      out);
	put_colors(out, VIZ_DARK);
	fputs("}}\n@media print{:root:root:root{", out);
	put_colors(out, VIZ_LIGHT);
	fputs("}}\n", out);
	return 0;
}
