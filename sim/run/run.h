/*
 * run.h - one run of a scenario, from its beginning to its verdict.
 */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include "sim/judge/livelock.h"
#include "sim/run/policy.h"
#include "sim/machine/sim.h"
#include "sim/run/state.h"
#include "trace/trace.h"

enum run_mode {
	RUN_SCRIPT,
	RUN_RANDOM,
	RUN_REPLAY,
	RUN_POLICY, /* a policy of the caller's */
};

struct run_request {
	const struct scenario *scenario;
	const struct schedule *schedule; /* NULL: none */
	const char *profile;
	uint64_t quirks; /* in force: bit per enum quirk */
	bool is_overridden; /* quirks are not those of profile and scenario */
	enum run_mode mode;
	uint64_t seed; /* RUN_RANDOM */
	const struct move *moves; /* RUN_REPLAY */
	uint32_t move_count;
	struct policy *policy; /* RUN_POLICY */
	const struct stops *stops; /* NULL: every step is one */
	bool is_one_of_many; /* of a search: `reachable` is not judged */
	uint32_t steps_max; /* 0: the default */
	bool wants_trace;
};

/*
 * What came of it.  Owner: the simulation's arena holds everything but the
 * trace, which is the caller's.
 */
struct run {
	struct run_request request;
	struct sim *sim;
	struct state_list states;
	struct trace *trace;
	bool is_expected;
	bool is_bug_expected; /* expected_bug is meant for this run */
	bool has_bug_shown;
	const char *note; /* why it is not as expected, or NULL */
	const char *error; /* a line of the schedule cannot be carried out */
	int error_line;
	int error_col;
	bool has_diverged;
	bool has_lasso; /* it has been round a fair cycle */
	struct lasso lasso;
	uint32_t move_count; /* with a cycle: of the whole run */
};

/* Run it on @sim, which is initialised and keeps its memory. */
void run_scenario(struct sim *sim, const struct run_request *request,
		  struct run *run);

/*
 * Is a run of this schedule, or of none, one of those that a search makes?
 * Then another one may reach what must be reachable, or show the known bug.
 */
bool run_is_one_of_many(const struct scenario *s,
			const struct schedule *schedule);

/*
 * The quirks of a profile with those of the scenario added and removed.
 * Errors: -EINVAL if there is no such profile.
 */
int run_quirks(const struct scenario *s, const char *profile, uint64_t *quirks);

#endif
