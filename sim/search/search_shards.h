/*
 * search_shards.h - a pass of a search as a row of tasks.
 *
 * A task is a part of the search with a state of its own (the way to where it
 * is, and what it has yet to try), as bytes.  The first task goes on for a
 * limited number of events; what it has found is added up, what it has left
 * goes to the end of the row, divided if there are few tasks.
 *
 * That is all there is to worker processes, too: they take tasks ahead of
 * their turn, but what comes of them is added up in order, and each task was
 * fixed when it was put in the row.  So the result is the same, to the byte,
 * for every number of workers and every timing, and for a search that was
 * ended and went on from a file.
 */
#ifndef SIM_SEARCH_SEARCH_SHARDS_H
#define SIM_SEARCH_SEARCH_SHARDS_H

#include "sim/search/search_internal.h"
#include "sim/search/search_shared.h"

/*
 * How a pass is divided.  A test makes it fine, so that small searches are
 * divided at all; the parts of one search must agree.
 */
struct search_pace {
	uint64_t budget_min; /* events of a task's turn */
	uint64_t budget_max;
	uint64_t budget_part; /* of all events so far, between those */
	uint32_t tasks; /* that are to be there */
	double seconds; /* between two files to go on from */
};
extern struct search_pace search_pace;

struct worker;
struct checkpoint; /* what was read, until it is gone on with */

struct shard {
	struct shard *next;
	struct shared_place place; /* dpor */
	struct bytes state;
	uint64_t budget; /* events of its turn */
	double waiting; /* what part of the whole is left in it, about */
	/* what a worker has made of it, ahead of its turn */
	bool is_taken;
	bool is_done;
	struct bytes result;
};

struct shards {
	struct shard *first;
	struct shard *last;
	uint32_t count;
	struct shared shared;
};

/* Of what a task may do in a turn, at this point of the search. */
uint64_t shards_budget(const struct search *s);

/* The whole pass as one task: what s->ops begins with. */
void shards_begin(struct search *s);
void shards_end(struct search *s);
/* Take turns until all is done, or s->why or s->error says otherwise. */
void shards_run(struct search *s);

/* Make this state the one that s->ops goes on from. */
bool shards_load(struct search *s, struct reader from);
/* The first task has had its turn: it has @state left, or nothing. */
void shards_turn(struct search *s, bool has_more, const struct bytes *state,
		 double waiting);

void shards_write(const struct search *s, struct bytes *to);
bool shards_read(struct search *s, struct reader *from);

/* ---- search_parallel.c ------------------------------------------------- */

/* Owner: the caller ends it with crew_free, which may be given NULL. */
struct crew *crew_new(struct search *s, uint32_t jobs);
void crew_free(struct crew *c);
/*
 * See that somebody works, and wait until the first task is done; false if
 * s->why or s->error says not to.
 */
bool crew_wait(struct crew *c, struct search *s);
/* These tasks are not wanted any more. */
void crew_forget(struct crew *c);
/*
 * Add up what has come of the first task.  False if it would go past a bound:
 * then its turn has to be taken again, with an eye on it.
 */
bool crew_turn(struct search *s);

/* ---- search_checkpoint.c ----------------------------------------------- */

/* Write s->request->checkpoint if it is time to, or if @is_last. */
void checkpoint_write(struct search *s, bool is_last);
/* Read s->request->resume.  Returns 0 or -errno, and s->error_text. */
int checkpoint_read(struct search *s);
/* The pass that the file is in the midst of has begun: go on with it. */
bool checkpoint_resume(struct search *s);
void checkpoint_free(struct checkpoint *c);
/* Put the digest of a file at its end, where it has its place. */
void checkpoint_seal(uint8_t *data, size_t size);

#endif
