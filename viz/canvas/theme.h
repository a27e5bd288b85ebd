/*
 * theme.h - which colours the themes have.
 *
 * Who draws names a colour as the light theme has it (dot.h); the canvas puts
 * the colour of its theme in its place.
 */
#ifndef VIZ_CANVAS_THEME_H
#define VIZ_CANVAS_THEME_H

#include "viz/viz.h"

/* One role of a colour, by theme. */
struct theme_row {
	const char *colors[VIZ_THEME_COUNT];
};

extern const struct theme_row theme_rows[];
extern const unsigned int theme_row_count;

/*
 * The colour of @theme in place of @light.  What is no colour of dot.h
 * ("transparent") stays as it is.
 */
const char *theme_color(enum viz_theme theme, const char *light);

/*
 * The same for words.  Colours of locks are made for bars and lines; words in
 * them would be too faint to read, and are in INK.
 */
const char *theme_text_color(enum viz_theme theme, const char *light);

/* How thick a line of @pen tenths of a point is; never thin in print. */
int theme_pen(enum viz_theme theme, int pen);

/*
 * What is told from other things by its colour alone: is a line or an outline
 * of this colour dotted, has a box of this fill its corners cut?
 */
bool theme_is_dotted(enum viz_theme theme, const char *light);
bool theme_has_corners(enum viz_theme theme, const char *light);

#endif
