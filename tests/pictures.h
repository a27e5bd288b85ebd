/*
 * pictures.h - sequence diagrams for tests, and looking into them.
 */
#ifndef TESTS_PICTURES_H
#define TESTS_PICTURES_H

#include "viz/viz.h"

/* Owner: data is the test's, by free(). */
struct text {
	char *data;
	size_t size;
};

/* DOT text of the sequence diagram; it has to come out. */
struct text picture_dot_with(const struct trace *t,
			     const struct viz_options *options);
struct text picture_dot_of(const struct trace *t);
struct text picture_text_of(const struct trace *t, bool color, bool ascii);
struct text picture_render(struct text dot, const char *format);
struct text picture_load(const char *path);
/*
 * The reason why there is no picture, neither as DOT nor as text; it has to be
 * -ENODATA and the same for both.
 */
char *picture_refusal(const struct trace *t, const struct viz_options *options);

/* How often, and whether, @what stands in it. */
unsigned int picture_count(struct text text, const char *what);
bool picture_has(struct text text, const char *what);
/* Whether it stands in the labels of @dot, one after the other. */
bool picture_says(struct text dot, const char *what);

#endif
