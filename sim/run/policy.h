/*
 * policy.h - who moves next: the answers that exist.
 */
#ifndef SIM_RUN_POLICY_H
#define SIM_RUN_POLICY_H

#include "sim/machine/sim.h"
#include "sim/run/state.h"

/*
 * A schedule of the scenario, line by line.  A line that cannot be carried out
 * ends the run: then @error says what and @error_line where.
 */
/* How many passed points an error lists. */
#define PASSED_MAX 32u

struct policy_script {
	struct policy policy;
	const struct schedule *schedule; /* NULL: every thread until stuck */
	uint32_t line;
	bool is_begun; /* the present line */
	uint32_t passings; /* of the point it waits for */
	uint32_t first_step; /* the thread's step count when it began */
	uint32_t seen_step; /* up to which its points are noted */
	uint32_t finished; /* the thread's operations when it began */
	uint32_t next_thread; /* of `all:` */
	bool is_in_turn; /* that thread has made a step of its turn */
	bool has_moved; /* somebody did, in this round of `all:` */
	uint64_t clock_target; /* ns */
	struct {
		enum event_kind kind;
		enum object_kind object;
	} passed[PASSED_MAX]; /* in this line, for the error */
	uint32_t passed_count; /* may be more than are kept */
	const char *error;
	int error_line;
	int error_col;
	struct state_list *states; /* of `show`, appended to; may be NULL */
};

void policy_script_init(struct policy_script *p,
			const struct schedule *schedule,
			struct state_list *states);

/* Uniform choice among all that can move, from @seed. */
struct policy_random {
	struct policy policy;
	uint64_t state;
};

void policy_random_init(struct policy_random *p, uint64_t seed);

/* A list of moves, made once before. */
struct policy_replay {
	struct policy policy;
	const struct move *moves;
	uint32_t count;
	uint32_t next;
	bool has_diverged; /* a move could not be made */
};

void policy_replay_init(struct policy_replay *p, const struct move *moves,
			uint32_t count);

#endif
