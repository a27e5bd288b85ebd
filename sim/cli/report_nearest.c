/*
 * report_nearest.c - the run that passes and is nearest to the one that is
 * told, and the step after which none does.
 */
#include "sim/cli/report_parts.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/shown.h"

/* Of the failing run the step with number @n; the told run must have it too. */
static uint32_t same_step(const struct reporting *r, const struct trace *t,
			  uint32_t after)
{
	const struct event *e, *told;
	uint32_t i;

	for (i = after; i < t->event_count && !t->events[i].step; i++)
		;
	if (i >= t->event_count || i >= r->trace->event_count)
		return 0;
	e = &t->events[i];
	told = &r->trace->events[i];
	return e->kind == told->kind && e->thread == told->thread ? told->n : 0;
}

/* How many events come of the first @count movers of the failing run. */
static uint32_t events_of(struct reporting *r, const struct search_request *q,
			  const struct explanation *e, uint32_t count)
{
	struct movers movers = {e->failing.items, count};
	struct run run;

	search_replay(q, &movers, false, &r->sim, &run);
	return r->sim.event_count;
}

/*
 * Is it sure that no run passes which begins so?  What the bound on steps has
 * ended could have passed later, as can whatever goes round.
 */
static bool is_decided(const struct trace *t, const struct explanation *e)
{
	uint32_t i;

	for (i = 0; i < t->verdict_count; i++) {
		if (t->verdicts[i].kind == VERDICT_LIVELOCK ||
		    t->verdicts[i].kind == VERDICT_STEP_LIMIT)
			return false;
	}
	return e->end == EXPLAIN_STEP && !e->was_cut;
}

static void take_explanation(struct reporting *r,
			     const struct search_request *q,
			     const struct explanation *e)
{
	struct run run;

	if (!e->has_passing)
		return;
	if (is_decided(r->trace, e)) {
		uint32_t after = events_of(r, q, e, e->possible);

		search_replay(q, &e->failing, true, &r->sim, &run);
		r->report.decisive = same_step(r, run.trace, after);
		trace_free(run.trace);
	}
	search_replay(q, &e->passing, true, &r->sim, &run);
	r->passing = run.trace;
}

static bool is_of_run(const struct explanation *e, const struct movers *movers)
{
	return e->failing.count >= movers->count &&
	       !memcmp(e->failing.items, movers->items,
		       movers->count * sizeof(*movers->items));
}

void reporting_explain(struct reporting *r, const struct search_request *q,
		       const struct movers *movers,
		       const struct explanation *known)
{
	struct explanation e;
	struct arena arena;

	arena_init(&arena);
	if (known && is_of_run(known, movers))
		take_explanation(r, q, known);
	else if (!search_explain(q, movers, reporting_runs(r), &arena, &e))
		take_explanation(r, q, &e);
	arena_fini(&arena);
}

void reporting_explain_run(struct reporting *r,
			   const struct run_request *request)
{
	struct shown *shown = malloc(sizeof(*shown));

	if (!shown)
		abort();
	if (!shown_make(shown, r->o, request)) {
		reporting_explain(r, &shown->request, &shown->movers, NULL);
		if (r->passing)
			reporting_add_explain(r, request);
	}
	shown_fini(shown);
	free(shown);
}

void reporting_forget_passing(struct reporting *r)
{
	trace_free(r->passing);
	r->passing = NULL;
	r->report.decisive = 0;
}
