/*
 * recorder.h - the observer that makes a trace of a run.
 */
#ifndef SIM_RUN_RECORDER_H
#define SIM_RUN_RECORDER_H

#include "sim/machine/sim.h"
#include "trace/trace.h"

struct recorder {
	struct observer observer;
	struct trace *trace;
	uint32_t *objects; /* trace index of a numbered object; 0: none yet */
	uint32_t object_room;
	struct recorded_word *words;
	uint32_t word_count;
	uint32_t word_room;
	struct clocks *clocks; /* NULL: too many threads for vector clocks */
};

/* A place of user memory that has an index in the trace. */
struct recorded_word {
	uint64_t place;
	struct place where;
	uint32_t object;
};

/* Start to record @sim, which has begun and not run yet. */
void recorder_init(struct recorder *r, struct sim *sim);

/*
 * Name everything and take over the verdicts.
 * Owner: the caller gets the trace.
 */
struct trace *recorder_finish(struct recorder *r, struct sim *sim);

#endif
