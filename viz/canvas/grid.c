/*
 * grid.c - one line of a text picture.
 */
#include "viz/canvas/grid.h"

#include <stdlib.h>
#include <string.h>

#include "viz/sequence/story.h"

static const char *const codes[INK_COUNT] = {
	[INK_PLAIN] = "0",	[INK_DIM] = "0;2",     [INK_BOLD] = "0;1",
	[INK_BLUE] = "0;34",	[INK_YELLOW] = "0;33", [INK_CYAN] = "0;36",
	[INK_MAGENTA] = "0;35", [INK_GREEN] = "0;32",  [INK_RED] = "0;1;31",
	[INK_BAD] = "0;1;41;97"};

void grid_init(struct grid *g, unsigned int width)
{
	g->width = width;
	g->glyphs = calloc(width + 1, sizeof(*g->glyphs));
	if (!g->glyphs)
		abort();
	grid_clear(g);
}

void grid_fini(struct grid *g)
{
	free(g->glyphs);
	g->glyphs = NULL;
}

void grid_clear(struct grid *g)
{
	for (unsigned int i = 0; i < g->width; i++)
		g->glyphs[i] = (struct glyph){" ", INK_PLAIN};
}

void grid_put(struct grid *g, unsigned int x, const char *text, enum ink ink)
{
	while (*text && x < g->width) {
		unsigned int size = character_size(text);
		unsigned int columns;

		g->glyphs[x].ink = ink;
		memset(g->glyphs[x].bytes, 0, sizeof(g->glyphs[x].bytes));
		memcpy(g->glyphs[x].bytes, text, size < 4 ? size : 4);
		columns = text_columns(g->glyphs[x].bytes);
		/* The second half of a wide character holds nothing. */
		if (columns == 2 && x + 1 < g->width)
			g->glyphs[x + 1] = (struct glyph){"", ink};
		x += columns;
		text += size;
	}
}

void grid_print(const struct grid *g, bool color, FILE *out)
{
	unsigned int end = g->width;
	enum ink ink = INK_PLAIN;

	while (end > 0 && strcmp(g->glyphs[end - 1].bytes, " ") == 0)
		end--;
	for (unsigned int i = 0; i < end; i++) {
		const struct glyph *glyph = &g->glyphs[i];

		if (color && glyph->ink != ink)
			fprintf(out, "\033[%sm", codes[glyph->ink]);
		ink = glyph->ink;
		fputs(glyph->bytes, out);
	}
	if (color && ink != INK_PLAIN)
		fputs("\033[0m", out);
	fputc('\n', out);
}
