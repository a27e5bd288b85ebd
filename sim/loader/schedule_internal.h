/*
 * schedule_internal.h - what the parts of the reader of schedules share.
 */
#ifndef SIM_LOADER_SCHEDULE_INTERNAL_H
#define SIM_LOADER_SCHEDULE_INTERNAL_H

#include "sim/loader/scenario_internal.h"

#define LINE_WORDS_MAX 5

/* A line that is being read. */
struct line_reader {
	struct loader *l;
	const struct tree_node *value; /* what stands after the colon */
	struct schedule_line *line;
	int *ended; /* by thread: the line that ran it until done, or 0 */
};

/* The words of a scalar, and where in it they begin. */
struct line_words {
	char *text[LINE_WORDS_MAX + 1];
	size_t offset[LINE_WORDS_MAX + 1];
	unsigned int count;
};

void line_cut(struct loader *l, const char *source, struct line_words *w);
bool line_is_at(const struct line_words *w, unsigned int index,
		const char *text);

/* A thread that has not ended; NOWHERE if there is none of that name. */
uint32_t line_find_thread(struct line_reader *r, const struct tree_node *node,
			  size_t offset, const char *name);

/* A line that moves a thread: schedule_stop.c */
void line_read_thread(struct line_reader *r);

#endif
