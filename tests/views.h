/*
 * views.h - views of traces as tests draw them.
 */
#ifndef TESTS_VIEWS_H
#define TESTS_VIEWS_H

#include "viz/viz.h"

/*
 * The view as DOT text; NULL if there is nothing to draw, which must have a
 * reason.  Owner: to be freed.
 */
char *view_dot(enum viz_view view, const struct trace *t,
	       const struct viz_options *o);
/* There is nothing to draw, and the reason has @reason in it. */
void assert_no_view(enum viz_view view, const struct trace *t,
		    const struct viz_options *o, const char *reason);
/* Graphviz makes SVG of it, without a word. */
void assert_renders(const char *dot);
/* Is @what in @dot, which may be NULL? */
bool dot_has(const char *dot, const char *what);
/*
 * @dot is the content of @path; with GOLDEN in the environment it becomes that.
 */
void assert_golden_view(const char *dot, const char *path);

/* Give a trace that was built by hand the clocks that a run would have. */
struct trace *with_clocks(struct trace *t);

#endif
