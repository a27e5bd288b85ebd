/*
 * mutation.h - the model, changed in one place, to see who notices.
 *
 * A mutation is of the program that runs, not of a run: it is set before a run
 * begins and stays.  The model knows nothing of it; the machine answers one
 * call of model/kernel.h otherwise than it should.
 */
#ifndef SIM_MACHINE_MUTATION_H
#define SIM_MACHINE_MUTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"
#include "model/quirks.h"

struct sim;
struct task;

enum mutation_kind {
	MUTATION_QUIRK_ON, /* in profiles without it */
	MUTATION_QUIRK_OFF, /* in profiles with it */
	MUTATION_NO_LOCK, /* neither locked nor unlocked */
	MUTATION_TRYLOCK_TAKES, /* whoever may have it */
	MUTATION_TRYLOCK_FAILS, /* even if it is free */
	MUTATION_NO_WAKE, /* the task sleeps on */
	MUTATION_FLAG_UNSEEN, /* a load of a flag gives false */
	MUTATION_SPLIT, /* a count is read, and written in another step */
	MUTATION_KIND_COUNT,
};

#define MUTATION_NAME_MAX 80

struct mutation {
	enum mutation_kind kind;
	enum quirk quirk; /* of the first two kinds */
	const struct ksite *site; /* of all others */
	char name[MUTATION_NAME_MAX]; /* "no-lock:wait.wq.1" */
};

/* ---- which there are --------------------------------------------------- */

/*
 * Every mutation there is, by kind, then by place.  Owner: the caller frees
 * the array.
 */
struct mutation *mutations_new(unsigned int *count);

/* The quirks that a run has under it. */
uint64_t mutation_quirks(const struct mutation *m, uint64_t quirks);

/* ---- in force ---------------------------------------------------------- */

/* From now on, in this process; NULL for none.  Owner: @m is borrowed. */
void mutation_set(const struct mutation *m);

/*
 * Note down which sites are passed: [site_count()], and which quirks are asked
 * for: bit per enum quirk.  NULL to stop.
 */
void mutation_record(bool *passed, uint64_t *asked);

/*
 * How often the watchdog has seen the present step, which is at work too long;
 * the loop sets it back at each step.
 */
extern volatile unsigned int mutation_looks;

/*
 * From now on a step that does not end in some seconds of processor time ends
 * its run.  It is for loops through lists that a mutation has spoiled; nothing
 * else takes so long.
 */
void mutation_guard_steps(void);
/* The present step is such a one. */
void mutation_end_step(struct sim *sim);

/* ---- for the parts of the machine -------------------------------------- */

/* For speed, looked at before anything else: is there anything to do here? */
extern bool mutation_is_watching;

bool mutation_here(enum mutation_kind kind, const struct ksite *site);

/* Is the call at @site, which is passed now, to be answered otherwise? */
static inline bool mutation_at(enum mutation_kind kind,
			       const struct ksite *site)
{
	return mutation_is_watching && mutation_here(kind, site);
}

/* @task believes that it holds the mutex. */
void phantom_take(struct task *task, const struct kmutex *m);
bool phantom_has(const struct task *task, const struct kmutex *m);
/* Returns whether it believed so; it does no longer. */
bool phantom_drop(struct task *task, const struct kmutex *m);

#endif
