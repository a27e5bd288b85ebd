/*
 * stage.h - the real processes, threads and mappings of a scenario.
 *
 * Everything lives in a PID namespace of its own, under a warden that is its
 * first process: when the warden ends, and it ends with this program, the
 * kernel ends the rest.  In there the thread that a scenario calls tid 2 has
 * tid 2, for robust words hold tids.  Tid 1 is the warden's, so the first
 * thread has FIRST_TID instead, unless it has a robust list: then its process
 * gets a namespace within, where it is 1.  What it forks is in there, too.
 *
 * Memory is mapped where the scenario says, at the same numbers.
 */
#ifndef SIM_HOST_STAGE_H
#define SIM_HOST_STAGE_H

#include "sim/host/agent.h"
#include "sim/host/beats.h"
#include "sim/host/host.h"

#define FIRST_TID 20001

struct stage {
	const struct scenario *scenario;
	struct host_report *report; /* gets what goes wrong */
	uint64_t patience;
	char *blocks; /* the shared mapping, aligned */
	void *mapping;
	size_t mapping_size;
	int *files; /* memory of regions that are not private; -1: none */
	bool *is_replaced; /* by region: by memory that has no file */
	int warden; /* pid, 0: none */
	int lifeline; /* the end of a pipe that it watches; -1: none */
	bool is_nested; /* the first thread's process has its own namespace */
	uint64_t ceiling; /* where this program's own memory begins */
	struct agent_block **leaders; /* by process */
};

/*
 * Make it.  Returns false if it cannot be made: the report says why.
 * Owner: stage_close, in either case.
 */
bool stage_open(struct stage *stage, const struct scenario *s,
		const struct host_options *options, struct host_report *report);
void stage_close(struct stage *stage);

/* The agent that is thread @thread. */
struct agent_block *stage_agent(const struct stage *stage, uint32_t thread);

/* From the scenario's tids to those that a call takes, and back. */
int64_t stage_tid(const struct stage *stage, int64_t tid);
int64_t stage_tid_back(const struct stage *stage, int64_t tid);

/* Is @process in the namespace of the first thread, if that has its own? */
bool stage_is_inner(const struct stage *stage, uint32_t process);

/* The number of a process, as its threads know it; 0: it has none. */
int64_t stage_pid(const struct stage *stage, uint32_t process);

/* May a scenario touch these bytes, which are not this program's? */
bool stage_is_free(const struct stage *stage, uint64_t addr, uint64_t len);

/*
 * A fork has made the first thread of @process, which gets its others; an
 * agent has made @thread.  Each waits until they are there.
 */
bool stage_forked(struct stage *stage, uint32_t process);
bool stage_cloned(struct stage *stage, uint32_t thread);
/* Prepare the block of a thread that an agent is to make. */
struct agent_block *stage_prepare_fork(struct stage *stage, uint32_t process);
struct agent_block *stage_prepare_clone(struct stage *stage, uint32_t thread,
					uint32_t maker, uint64_t ctid,
					uint64_t ptid);

/* A call of an agent that waits for a command, and is no part of a scenario. */
long stage_call(struct stage *stage, struct agent_block *b, uint64_t number,
		const uint64_t args[AGENT_ARGS]);

/* Put values into memory that an agent has mapped. */
bool stage_write(struct stage *stage, const struct agent_block *b,
		 const struct beat_value *values, uint32_t count);

/* The value of a word of a region, or in the memory of an agent. */
bool stage_read(const struct stage *stage, const struct beat_word *word,
		uint32_t *value);

/* ---- agents ------------------------------------------------------------ */

/* What an agent was seen doing. */
enum sight {
	SIGHT_BUSY,
	SIGHT_DONE, /* it has answered */
	SIGHT_ASLEEP, /* in the call that it was told to make */
	SIGHT_GONE, /* it has ended */
};

/* Let it carry out what is in the slot. */
void agent_ask(struct agent_slot *slot);

/* What became of the command in its slot of @level. */
enum sight agent_look(const struct agent_block *b, uint32_t level);

/*
 * Wait, at most @patience ns, until it has answered or ended, or - if
 * @may_sleep - sleeps in its call.  Returns SIGHT_BUSY or SIGHT_ASLEEP if
 * it took too long.
 */
enum sight agent_wait(struct agent_block *b, uint32_t level, bool may_sleep,
		      uint64_t patience);
/*
 * Wait until a counter of its block has got to @count; false if it takes too
 * long.
 */
bool agent_await_count(const struct agent_block *b, const uint32_t *counter,
		       uint32_t count, uint64_t patience);
/* Has it a signal that it does not block and has not taken? */
bool agent_has_pending(const struct agent_block *b);

bool agent_is_gone(const struct agent_block *b);
/* Wait until it is; false if it takes more than @patience ns. */
bool agent_await_end(const struct agent_block *b, uint64_t patience);

uint64_t host_now(void);

#endif
