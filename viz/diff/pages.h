/*
 * pages.h - two stories beside each other: which rows stand on one level.
 */
#ifndef VIZ_DIFF_PAGES_H
#define VIZ_DIFF_PAGES_H

#include "viz/diff/compare.h"
#include "viz/sequence/story.h"

enum level_mark {
	LEVEL_ALIKE,
	LEVEL_CHANGED, /* the same thread, and something else */
	LEVEL_LEFT, /* on one side only */
	LEVEL_RIGHT,
};

struct level {
	int row[2]; /* of the stories; -1: none */
	enum level_mark mark;
};

struct pages {
	struct comparison c;
	struct story *s[2];
	struct level *levels;
	unsigned int count;
	unsigned int first; /* the level of the first difference; count: none */
	unsigned int *level_of[2]; /* by row */
};

/*
 * Owner:  pages_fini frees; traces and options outlive them.
 * Errors: -ENODATA, with the reason in @error, if there is no row at all; then
 *	   there is nothing to free.
 */
int pages_init(struct pages *p, const struct trace *left,
	       const struct trace *right, const struct viz_options *o,
	       char error[VIZ_ERROR_MAX]);
void pages_fini(struct pages *p);

/* What both forms say of a difference. */
/* "event" of 1, else "events" */
const char *events_word(uint32_t count);
/* "step 46, A, woken.load of woken:A, 0 (model/wait.c:81)" */
const char *text_of_event(struct story *s, uint32_t n);
/* "next is A (left), B (right)", or what kind of difference it is. */
const char *text_of_first(struct pages *p);

#endif
