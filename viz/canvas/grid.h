/*
 * grid.h - one line of a text picture: characters with a colour each.
 */
#ifndef VIZ_CANVAS_GRID_H
#define VIZ_CANVAS_GRID_H

#include <stdbool.h>
#include <stdio.h>

/* Colours by what they mean; GRID_PLAIN is the terminal's own. */
enum ink {
	INK_PLAIN,
	INK_DIM,
	INK_BOLD,
	INK_BLUE,
	INK_YELLOW,
	INK_CYAN,
	INK_MAGENTA,
	INK_GREEN,
	INK_RED,
	INK_BAD, /* the violation itself */
	INK_COUNT,
};

struct glyph {
	char bytes[5];
	enum ink ink;
};

/* Owner: grid_fini frees. */
struct grid {
	struct glyph *glyphs;
	unsigned int width;
};

void grid_init(struct grid *g, unsigned int width);
void grid_fini(struct grid *g);
void grid_clear(struct grid *g);
/* Put text from column @x on; what is beyond the width is dropped. */
void grid_put(struct grid *g, unsigned int x, const char *text, enum ink ink);
/* Print without trailing blanks, and a newline. */
void grid_print(const struct grid *g, bool color, FILE *out);

#endif
