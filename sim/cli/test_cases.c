/* test_cases.c - from a scenario to its runs and searches. */
#include "sim/cli/test_cases.h"

/* Does a search begin at the beginning?  What was written down by one does not
 * ask for another. */
static bool is_searched(const struct scenario *s)
{
	uint32_t i;

	if (!s->explore.is_given || s->recorded.is_given)
		return false;
	for (i = 0; i < s->schedule_count; i++) {
		if (schedule_is_prefix(&s->schedules[i]))
			return false;
	}
	return true;
}

struct receiver {
	void (*each)(const struct test_case *c, void *arg);
	void *arg;
};

static void pass_on(const struct receiver *to, const struct run_request *run,
		    const struct schedule *schedule, bool is_search)
{
	struct test_case c = {*run, is_search};

	c.run.schedule = schedule;
	to->each(&c, to->arg);
}

/* All runs of a profile come one after the other; its search is the first. */
static int on_run(struct run_request *request, void *arg)
{
	const struct scenario *s = request->scenario;
	const struct schedule *schedule = request->schedule;

	if (is_searched(s) && (!schedule || schedule == s->schedules))
		pass_on(arg, request, NULL, true);
	if (schedule_is_prefix(schedule))
		pass_on(arg, request, schedule, true);
	else if (schedule || !is_searched(s))
		pass_on(arg, request, schedule, false);
	return 0;
}

int test_cases_each(const struct scenario *s, const struct options *o,
		    void (*each)(const struct test_case *c, void *arg),
		    void *arg)
{
	struct receiver to = {each, arg};

	return cli_each_run(s, o, on_run, &to);
}

int test_cases_each_of_one(const struct scenario *s, const struct options *o,
			   void (*each)(const struct test_case *c, void *arg),
			   void *arg)
{
	struct receiver to = {each, arg};

	return cli_each_run_of_one(s, o, on_run, &to);
}

struct search_request test_case_search(const struct test_case *c)
{
	return (struct search_request){
		.scenario = c->run.scenario,
		.schedule = c->run.schedule,
		.profile = c->run.profile,
		.quirks = c->run.quirks,
		.is_overridden = c->run.is_overridden,
		.explore = c->run.scenario->explore,
		.has_cache = c->run.scenario->explore.has_cache,
		.has_symmetry = true,
		.jobs = 1,
	};
}
