/*
 * expect.h - what a scenario says is right, held against what happened.
 */
#ifndef SIM_JUDGE_EXPECT_H
#define SIM_JUDGE_EXPECT_H

#include "sim/run/run.h"

/*
 * For each thread whether it may be blocked in the end: `expect` says so, or a
 * line of the schedule says that it gets stuck.
 */
void expect_sleepers(const struct scenario *s, const struct schedule *schedule,
		     bool *is_blocked);

/* Returns, threads, words and queues; each that differs is a verdict. */
void expect_check(struct sim *sim);

/* Is the run as expected, all in all, an expected bug included? */
void expect_conclude(struct run *run);

/* Is a bug of the scenario expected to show in runs of @profile? */
bool expect_means_bug(const struct expected_bug *bug, const char *profile,
		      bool is_overridden);
/* Is a verdict of this kind the bug, or what it brings with it? */
bool expect_excuses(const struct expected_bug *bug, enum verdict_kind kind);

struct property_watch;

/* NULL if there is nothing to watch. */
struct property_watch *properties_begin(struct sim *sim);
/* Look at the state between two steps.  Does nothing for NULL. */
void properties_look(struct property_watch *w, struct sim *sim);
/* The same for property @i of a watch that exists. */
void properties_look_at(struct property_watch *w, struct sim *sim, uint32_t i);
/* @is_one_of_many: what must be reachable need not be in this run. */
void properties_end(struct property_watch *w, struct sim *sim,
		    bool is_one_of_many);
/*
 * Where @w stands, as bits by property, and back again: what was violated is
 * a verdict again.  For the first 64 properties; a search takes no more.
 */
void properties_save(const struct property_watch *w, uint64_t *held,
		     uint64_t *violated);
void properties_restore(struct property_watch *w, struct sim *sim,
			uint64_t held, uint64_t violated);
/*
 * Has property @i been kept by the run that has ended - for `reachable`, has it
 * come to pass?
 */
bool properties_has_held(const struct property_watch *w, const struct sim *sim,
			 uint32_t i);
/* What the verdict on property @i remembers of the run so far. */
bool properties_memory(const struct property_watch *w, uint32_t i);

#endif
