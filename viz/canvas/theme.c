/*
 * theme.c - which colours the themes have.
 *
 * In the dark theme what was light is dark and the other way round: text on a
 * red badge is the colour of the paper in both.  Bars that are well stay far
 * from the red ones in luminance.  Print has no hue: red becomes black, so
 * that a violation is the blackest thing on the page, and fills are white or
 * so light that a laser printer's dots leave the text sharp.  What is purple
 * elsewhere is dotted, and what is green has its corners cut: timers and wakes
 * would look like reads and stores.
 */
#include "viz/canvas/theme.h"

#include <string.h>

#include "viz/canvas/dot.h"

#define PRINT_PEN_MIN 10 /* tenths of a point */

/* clang-format off */
const struct theme_row theme_rows[] = {
	/* light         dark       print */
	{{INK,          "#E6EDF3", "#000000"}},
	{{PAPER,        "#0D1117", "#FFFFFF"}},
	{{SECONDARY,    "#9AA4AF", "#404040"}},
	{{NEUTRAL,      "#8B949E", "#595959"}},
	{{CALL_FILL,    "#2A313A", "#EBEBEB"}},
	{{RULE,         "#30363D", "#BFBFBF"}},
	{{PANEL_FILL,   "#161B22", "#FAFAFA"}},
	{{LIFELINE,     "#4A535E", "#8C8C8C"}},
	{{PROGRAM,      "#768390", "#6E6E6E"}},
	{{OK_STROKE,    "#3FC79A", "#404040"}},
	{{OK_FILL,      "#0C3A2D", "#FFFFFF"}},
	{{OK_BAR,       "#1C634D", "#DEDEDE"}},
	{{TIMER_STROKE, "#D58FD1", "#4D4D4D"}},
	{{TIMER_FILL,   "#3D2240", "#F2F2F2"}},
	{{BAD_STROKE,   "#FF6B7A", "#000000"}},
	{{BAD_FILL,     "#3A1519", "#DEDEDE"}},
	{{LOCK0_STROKE, "#4FA8E0", "#262626"}},
	{{LOCK0_FILL,   "#12324A", "#F7F7F7"}},
	{{LOCK1_STROKE, "#F0A92E", "#7A7A7A"}},
	{{LOCK1_FILL,   "#42310C", "#EBEBEB"}},
	{{LOCK2_STROKE, "#63C4EA", "#525252"}},
	{{LOCK2_FILL,   "#123443", "#F4F4F4"}},
	{{LOCK3_STROKE, "#B3A5E0", "#8F8F8F"}},
	{{LOCK3_FILL,   "#2C2544", "#FFFFFF"}},
};
/* clang-format on */
const unsigned int theme_row_count = sizeof(theme_rows) / sizeof(theme_rows[0]);

const char *theme_color(enum viz_theme theme, const char *light)
{
	for (unsigned int i = 0; i < theme_row_count; i++)
		if (strcmp(theme_rows[i].colors[VIZ_LIGHT], light) == 0)
			return theme_rows[i].colors[theme];
	return light;
}

static bool is_of_lock(const char *light)
{
	for (unsigned int i = 0; i < LOCK_COLOURS; i++)
		if (strcmp(lock_stroke(i), light) == 0)
			return true;
	return false;
}

const char *theme_text_color(enum viz_theme theme, const char *light)
{
	return theme_color(theme, is_of_lock(light) ? INK : light);
}

int theme_pen(enum viz_theme theme, int pen)
{
	if (theme != VIZ_PRINT || pen == 0)
		return pen;
	pen = pen * 13 / 10;
	return pen > PRINT_PEN_MIN ? pen : PRINT_PEN_MIN;
}

bool theme_is_dotted(enum viz_theme theme, const char *light)
{
	return theme == VIZ_PRINT && strcmp(light, TIMER_STROKE) == 0;
}

bool theme_has_corners(enum viz_theme theme, const char *light)
{
	return theme == VIZ_PRINT && strcmp(light, OK_FILL) == 0;
}
