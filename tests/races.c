/* races.c - bad runs of races. */
#include "tests/races.h"

struct scenario *file_scenario(const char *path)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	ck_assert_msg(s != NULL, "%s does not load", path);
	diagnostics_fini(&d);
	return s;
}

struct search_request request_on(const struct scenario *s, const char *profile)
{
	struct search_request r = {
		.scenario = s,
		.profile = profile,
		.explore = s->explore,
		.jobs = 1,
	};

	ck_assert_int_eq(run_quirks(s, profile, &r.quirks), 0);
	return r;
}

void search_by(struct search_request r, enum strategy strategy,
	       uint64_t executions, struct search_result *result)
{
	r.explore.strategy = strategy;
	r.explore.bounds.executions = executions;
	ck_assert_int_eq(search_scenario(&r, result), 0);
}

struct movers movers_of(const uint16_t *items, uint32_t count)
{
	/* It is only read. */
	return (struct movers){(uint16_t *)(uintptr_t)items, count};
}

struct movers bad_run(const struct search_request *request,
		      enum verdict_kind kind, uint32_t more_than,
		      struct search_result *result)
{
	struct search_request r = *request;
	const struct outcome *o;
	uint64_t seed;

	for (seed = 1; seed < 20000; seed++) {
		r.explore.seed = seed;
		search_by(r, seed % 2 ? STRATEGY_PCT : STRATEGY_RANDOM, 1,
			  result);
		o = &result->outcomes[0];
		if (o->verdicts >> kind & 1 && o->preemptions > more_than)
			return o->movers;
		search_result_free(result);
	}
	ck_abort_msg("no run with %s and so many preemptions",
		     verdict_name(kind));
}

bool replays_to(const struct search_request *r, const struct movers *movers,
		enum verdict_kind kind)
{
	struct run run;

	search_replay(r, movers, false, &machine, &run);
	return !run.has_diverged && sim_has_verdict(&machine, kind);
}
