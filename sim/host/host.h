/*
 * host.h - a scenario on the machine's own kernel, beside the model.
 *
 * The model runs first and is written down as a list of beats (beats.h): which
 * thread begins which operation, who sleeps, who is freed, when time passes.
 * Then real threads and processes (stage.h) carry out the same beats with real
 * calls and real mappings (enact.c), and every result is compared.
 */
#ifndef SIM_HOST_HOST_H
#define SIM_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/run/run.h"

#define HOST_GAP_DEFAULT UINT64_C(100000000) /* ns */
#define HOST_PATIENCE_DEFAULT UINT64_C(5000000000) /* ns */
#define HOST_THREADS_MAX 256u
#define HOST_BEATS_MAX 20000u
#define HOST_TEXT_MAX 256u

/*
 * Units:   ns.  @gap: real time between two deadlines or moves of the clock;
 *          it grows by itself when a machine is too slow for it.
 *          @patience: how long to wait for what must happen.
 */
struct host_options {
	uint64_t gap;
	uint64_t patience;
};

enum host_outcome {
	HOST_AGREES,
	HOST_DIFFERS,
	HOST_REFUSED, /* no real kernel can be made to do it */
	HOST_UNABLE, /* this machine does not let us */
};

/* Why a scenario is refused, for the sum; the text says more. */
enum host_reason {
	HOST_INSIDE, /* a thread is stopped inside a call */
	HOST_MODEL_ONLY, /* it does what only the model can */
	HOST_TIME, /* a deadline passes unseen */
	HOST_MEMORY, /* its memory cannot be had */
	HOST_NO_END, /* the model does not come to the end of it */
	HOST_QUIRKS, /* the file changes the profile */
	HOST_PROFILE, /* it says nothing about the profile */
	HOST_NOTHING, /* no operation comes to its end */
	HOST_SLOW, /* this machine is too slow for its deadlines */
	HOST_REASON_COUNT,
};

/* Where model and kernel part. */
struct host_difference {
	const char *thread; /* NULL: a word of memory */
	const char *word;
	uint32_t op_index;
	const char *op; /* as written */
	int line;
	char model[HOST_TEXT_MAX];
	char kernel[HOST_TEXT_MAX];
};

struct host_report {
	enum host_outcome outcome;
	enum host_reason reason; /* refused */
	char text[HOST_TEXT_MAX]; /* refused or unable: why */
	uint32_t operations; /* that were compared */
	uint32_t words; /* likewise, at the end */
	struct host_difference difference;
};

/* "stops a thread inside a call" */
const char *host_reason_text(enum host_reason reason);

/* A report that @op is why the scenario is refused. */
void host_refuse_op(struct host_report *report, enum host_reason reason,
		    const struct scenario *s, const struct op *op,
		    const char *why);

/*
 * Compare one run of a scenario.  @sim is initialised and keeps its memory.
 * Owner:   the texts of the report are the scenario's.
 */
void host_compare(struct sim *sim, const struct run_request *request,
		  const struct host_options *options,
		  struct host_report *report);

#endif
