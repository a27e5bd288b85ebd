/*
 * beats.h - a run of the model as what real threads are to do.
 *
 * Operations are the grain: what happens inside of a call is left out, and a
 * run that stops a thread there has no beats.
 */
#ifndef SIM_HOST_BEATS_H
#define SIM_HOST_BEATS_H

#include "sim/host/host.h"

enum beat_kind {
	BEAT_BEGIN, /* thread begins op, with these arguments */
	BEAT_END, /* that operation gives value */
	BEAT_BLOCK, /* it sleeps in it */
	BEAT_FREE, /* it is awake again, by another's doing */
	BEAT_EXITED, /* it is no more */
	BEAT_FIRE, /* its deadline has passed; time is now_ns */
	BEAT_ADVANCE, /* time is now_ns */
	BEAT_SIGNAL, /* it gets signal number value */
	BEAT_SIGNAL_PROCESS, /* the process with index thread gets it */
	BEAT_HANDLER, /* it is in a handler; value: how deep */
	BEAT_RETURN, /* it leaves that */
	BEAT_DONE, /* it has come to the end of its program */
	BEAT_DYING, /* the process with index thread ends */
	BEAT_WORDS, /* words are as said, from first on */
};

/* A word of private memory that has a value from the start. */
struct beat_value {
	uint64_t address;
	uint32_t value;
};

struct beat {
	enum beat_kind kind;
	uint32_t thread;
	const struct op *op; /* of the operation the beat is about, or NULL */
	int64_t args[OP_ARGS_MAX]; /* BEGIN */
	int64_t *more; /* BEGIN: op->more, or NULL */
	struct beat_value *values; /* BEGIN of mmap: what is there then */
	uint32_t value_count;
	bool is_fresh; /* BEGIN of mmap: of shared memory that nobody has */
	uint64_t deadline_ns; /* BEGIN: monotonic, or KTIME_NEVER */
	uint64_t now_ns; /* after it; monotonic */
	int64_t wall_offset_ns;
	int64_t value;
	uint32_t level; /* BEGIN, END, BLOCK: in how many handlers */
	uint32_t first; /* WORDS: the first of beats.words */
	bool is_beyond; /* BEGIN: maps more of a region than there is */
	bool is_lost; /* BEGIN: its process is being killed */
};

/* A named word as the model has it. */
struct beat_word {
	uint32_t word;
	uint32_t value;
	uint32_t process; /* private: whose address space */
	uint64_t address; /* in it; BAD_ADDRESS: not mapped */
};

struct beats {
	struct beat *list;
	uint32_t count;
	uint32_t room;
	struct beat_word *words; /* scenario's words for each BEAT_WORDS */
	uint32_t word_count;
	uint32_t word_room;
	uint64_t *instants; /* deadlines and moves of the clock, ascending */
	uint32_t instant_count;
};

/*
 * Run the model.  Returns false if no host can do the like; then the report
 * says why.  Owner: beats_free, in either case.
 */
bool beats_record(struct beats *b, struct sim *sim,
		  const struct run_request *request,
		  struct host_report *report);
void beats_free(struct beats *b);

/* How many instants there are up to @ns. */
uint32_t beats_rank(const struct beats *b, uint64_t ns);

#endif
