/*
 * workers.h - a row of tasks, each in a process of its own.
 *
 * What a task finds comes back as bytes and is told in the order of the row,
 * whatever the number of processes.  A task that crashes takes nothing else
 * along.
 */
#ifndef SIM_CLI_WORKERS_H
#define SIM_CLI_WORKERS_H

#include "sim/cli/options.h"
#include "sim/search/search_bytes.h"

/* How a task has ended. */
struct task_end {
	int exit_code; /* 0: as it should; else see text */
	char text[96]; /* "its process was ended by signal 11 (...)" */
};

struct workers {
	uint32_t jobs; /* processes at a time */
	uint32_t count; /* tasks */
	/* In a process of its own; what it puts into @result comes back. */
	void (*task)(uint32_t index, struct bytes *result, void *arg);
	/* In this process, in order.  After a crash there is no result. */
	void (*done)(uint32_t index, const struct task_end *end,
		     const struct bytes *result, void *arg);
	/* Now and then; @finished tasks, in any order.  May be NULL. */
	void (*tick)(uint32_t finished, double seconds, void *arg);
	void *arg;
};

/* Returns 0, or an exit code after an error message. */
int workers_run(const struct workers *w);

/* As many as the options say, or as there are processors. */
uint32_t workers_wanted(const struct options *o);

/* Text in a result.  Owner: the caller frees it. */
char *reader_get_text(struct reader *r);

#endif
