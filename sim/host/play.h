/*
 * play.h - a performance in progress: what the parts of enact share.
 */
#ifndef SIM_HOST_PLAY_H
#define SIM_HOST_PLAY_H

#include "sim/host/enact.h"
#include "sim/run/names.h"

/* An operation in progress. */
struct doing {
	const struct beat *begun; /* NULL: there is none */
	const struct beat *ended; /* its end in the model, not yet compared */
	bool has_asked; /* its agent has that to do, else result is given */
	int64_t result;
};

/* What is known of a thread. */
struct actor {
	struct agent_block *b;
	struct doing
		doing[AGENT_LEVELS]; /* of its program, of handlers in it */
	uint32_t level; /* of handlers, in the model */
	uint32_t handlers; /* that it has come to, in the model */
	bool sleeps; /* in the model */
	bool is_freed; /* in the model, and has not been seen awake */
	bool is_dying; /* with its process, in the model */
	bool has_exited; /* in the model */
	uint64_t deadline; /* real; 0: none that will pass */
};

struct play {
	struct stage *stage;
	const struct beats *beats;
	const struct host_options *options;
	struct host_report *report;
	struct actor *actors;
	uint32_t actor_count;
	uint64_t origin; /* when the first instant would be, less a gap */
	uint64_t now_ns; /* virtual */
	uint32_t dying; /* threads whose process has ended, and they not yet */
	bool is_over;
	bool is_late;
};

/* What a thread is in, and which operation that is; NULL: none. */
struct doing *actor_doing(struct actor *a);
const struct op *actor_op(struct actor *a);

/* Is it in a handler that the model has not come to? */
bool actor_is_handling(const struct actor *a);

/* ---- what came of it: each ends the performance -------------------------- */

void play_differ(struct play *p, uint32_t thread, const struct op *op,
		 const char *model, const char *kernel);
/* A deadline has passed before the scenario has come to it. */
void play_late(struct play *p);
/* What the kernel made of the operation of @level, in words. */
const char *play_outcome(struct play *p, struct actor *a, uint32_t level,
			 enum sight sight, char text[RESULT_TEXT_MAX]);

/* ---- time ---------------------------------------------------------------- */

/* When @ns of the model is, here. */
uint64_t play_real_time(const struct play *p, uint64_t ns);
/* While no deadline is running, the present instant may as well be now. */
void play_restart_clock(struct play *p);
/* The wall clock less the monotonic one. */
int64_t play_wall_offset(void);
void play_sleep_until(uint64_t ns);

/* ---- everybody in their places ------------------------------------------- */

/*
 * What became of the command of @level: answered, ended, asleep if it may be.
 * SIGHT_BUSY also if a handler has come in between.
 */
enum sight play_await(const struct play *p, struct actor *a, uint32_t level,
		      bool may_sleep);
/* Who sleeps in the model sleeps here, and who is awake has come back. */
void play_settle(struct play *p);
void play_settle_sleeper(struct play *p, struct actor *a, uint32_t thread);

#endif
