/*
 * run.c - setting up, running, holding the end against what was expected.
 */
#include "sim/run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/judge/evaluate.h"
#include "sim/judge/expect.h"
#include "sim/judge/judge.h"
#include "sim/run/recorder.h"
#include "sim/report/report.h"
#include "sim/base/version.h"

int run_quirks(const struct scenario *s, const char *profile, uint64_t *quirks)
{
	const struct profile_info *p = profile_find(profile);
	uint32_t i;

	if (!p)
		return -EINVAL;
	*quirks = p->quirks;
	for (i = 0; i < s->with.count; i++)
		*quirks |= UINT64_C(1) << quirk_find(s->with.items[i]);
	for (i = 0; i < s->without.count; i++)
		*quirks &= ~(UINT64_C(1) << quirk_find(s->without.items[i]));
	return 0;
}

bool run_is_one_of_many(const struct scenario *s,
			const struct schedule *schedule)
{
	return s->recorded.is_given || (s->explore.is_given && !schedule);
}

/* ---- watching properties ----------------------------------------------- */

/* Looks at every property before it lets the real policy choose. */
struct watch {
	struct policy policy;
	struct policy *inner;
	struct property_watch *properties;
};

static void watch_begin(struct policy *p, struct sim *sim)
{
	struct watch *w = (struct watch *)p;

	w->inner->begin(w->inner, sim);
}

static struct move watch_choose(struct policy *p, struct sim *sim)
{
	struct watch *w = (struct watch *)p;

	properties_look(w->properties, sim);
	return w->inner->choose(w->inner, sim);
}

static void watch_end(struct policy *p, struct sim *sim)
{
	struct watch *w = (struct watch *)p;

	properties_look(w->properties, sim);
	w->inner->end(w->inner, sim);
}

/* ---- the header of a trace --------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void copy_names(struct trace *t, struct trace_strings *to,
		       const struct name_list *from)
{
	uint32_t i;

	for (i = 0; i < from->count; i++)
		trace_strings_add(t, to, from->items[i]);
}

static const char *digest_of(struct trace *t, const struct scenario *s)
{
	XXH128_hash_t h = XXH3_128bits(s->source, s->source_size);

	return trace_format(t, "%016llx%016llx", (unsigned long long)h.high64,
			    (unsigned long long)h.low64);
}

static void fill_header(struct trace *t, const struct run_request *r)
{
	static const char *const modes[] = {"script", "random", "replay",
					    "search"};
	const struct scenario *s = r->scenario;
	int q;

	t->scenario = trace_string(t, s->name);
	t->title = s->title ? trace_string(t, s->title) : NULL;
	t->summary = s->summary ? trace_string(t, s->summary) : NULL;
	t->schedule = trace_string(t, r->schedule ? r->schedule->name : "");
	t->profile = trace_string(t, r->profile);
	t->policy = modes[r->mode];
	t->seed = r->seed;
	t->file = trace_string(t, base_name(s->path));
	t->source = trace_string(t, s->source);
	t->digest = digest_of(t, s);
	t->tool = FUTEXSIM_VERSION;
	for (q = 0; q < QUIRK_COUNT; q++) {
		if (r->quirks >> q & 1)
			trace_strings_add(t, &t->quirks, quirk_table[q].name);
	}
	copy_names(t, &t->focus, &s->focus);
	copy_names(t, &t->hide, &s->hide);
	copy_names(t, &t->highlight, &s->highlight);
}

/* ---- the run ----------------------------------------------------------- */

/* Policies of all modes; the one that is asked for is used. */
struct policies {
	struct policy_script script;
	struct policy_random random;
	struct policy_replay replay;
};

static struct policy *choose_policy(struct policies *p, struct run *run)
{
	const struct run_request *r = &run->request;

	switch (r->mode) {
	case RUN_SCRIPT:
		policy_script_init(&p->script, r->schedule, &run->states);
		return &p->script.policy;
	case RUN_RANDOM:
		policy_random_init(&p->random, r->seed);
		return &p->random.policy;
	case RUN_REPLAY:
		policy_replay_init(&p->replay, r->moves, r->move_count);
		return &p->replay.policy;
	case RUN_POLICY:
		return r->policy;
	}
	abort();
}

static void take_errors(struct run *run, const struct policies *p)
{
	if (run->request.mode == RUN_SCRIPT && p->script.error) {
		run->error = p->script.error;
		run->error_line = p->script.error_line;
		run->error_col = p->script.error_col;
	}
	if (run->request.mode == RUN_REPLAY)
		run->has_diverged = p->replay.has_diverged;
}

static bool *sleepers_of(const struct run *run)
{
	struct sim *sim = run->sim;
	bool *is_expected_blocked =
		arena_alloc(&sim->arena, sim->task_count * sizeof(bool));

	expect_sleepers(sim->scenario, run->request.schedule,
			is_expected_blocked);
	return is_expected_blocked;
}

static void take_lasso(struct run *run)
{
	const struct lasso *lasso = livelock_lasso(run->sim, &run->move_count);

	if (lasso) {
		run->has_lasso = true;
		run->lasso = *lasso;
	}
	livelock_free(run->sim);
}

static void judge_end(struct run *run, struct property_watch *properties,
		      const bool *is_expected_blocked)
{
	judge_rest(run->sim, is_expected_blocked);
	/* What was cut short has no end to be held against anything. */
	if (!run->error && !run->sim->is_at_limit) {
		properties_end(properties, run->sim,
			       run->request.is_one_of_many);
		expect_check(run->sim);
	}
	expect_conclude(run);
}

static void finish_trace(struct run *run, struct recorder *recorder)
{
	struct trace *t = recorder_finish(recorder, run->sim);
	char *state = report_state_json(run->states.last);

	fill_header(t, &run->request);
	t->expected = run->is_expected;
	t->end_state = trace_string(t, state);
	free(state);
	run->trace = t;
}

void run_scenario(struct sim *sim, const struct run_request *request,
		  struct run *run)
{
	struct policies policies;
	struct recorder recorder;
	bool *is_expected_blocked;
	struct watch watch = {
		.policy = {"watch", watch_begin, watch_choose, watch_end},
	};

	*run = (struct run){.request = *request, .sim = sim};
	sim_begin(sim, request->scenario, request->quirks);
	if (request->steps_max)
		sim->steps_max = request->steps_max;
	sim->stops = request->stops;
	watch.inner = choose_policy(&policies, run);
	watch.properties = properties_begin(sim);
	is_expected_blocked = sleepers_of(run);
	livelock_new(sim, is_expected_blocked, watch.properties);
	if (request->wants_trace)
		recorder_init(&recorder, sim);
	sim_run(sim, watch.properties ? &watch.policy : watch.inner,
		request->wants_trace ? &recorder.observer : NULL);
	take_errors(run, &policies);
	take_lasso(run);
	judge_end(run, watch.properties, is_expected_blocked);
	state_take(sim, "end", &run->states);
	if (request->wants_trace)
		finish_trace(run, &recorder);
}
