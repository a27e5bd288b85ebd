/*
 * chart.h - locks and their order with places: what is drawn.
 */
#ifndef VIZ_LOCK_ORDER_CHART_H
#define VIZ_LOCK_ORDER_CHART_H

#include "viz/canvas/layout.h"
#include "viz/canvas/sheet.h"
#include "viz/lock_order/locks.h"
#include "viz/sequence/story.h"

/* Beyond, only cycles and their neighbours are drawn. */
#define CHART_LOCKS_MAX 15u
/* Who is named on an edge. */
#define CHART_NAMES_MAX 3u

struct chart {
	struct locks *l;
	struct trace *memory; /* strings hang on it */
	struct sheet sheet; /* without its width */
	bool *is_shown; /* by object */
	unsigned int left_out; /* locks */
};

/* "deadlock possible", or why not. */
const char *chart_judgement(struct chart *c, unsigned int knot);

/* Errors: those of layout_run, and of the stream. */
int chart_draw(struct chart *c, FILE *out, char error[VIZ_ERROR_MAX]);

#endif
