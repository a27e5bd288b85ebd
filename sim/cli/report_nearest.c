/*
 * report_nearest.c - the run that passes and is nearest to the one that is
 * told, and the step after which none does.
 */
#include "sim/cli/report_parts.h"

#include <stdlib.h>

#include "sim/cli/shown.h"
#include "sim/search/search_explain.h"

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

void reporting_explain(struct reporting *r, const struct search_request *q,
		       const struct movers *movers)
{
	struct explanation e;
	struct arena arena;
	struct run run;

	arena_init(&arena);
	if (!search_explain(q, movers, reporting_runs(r), &arena, &e) &&
	    e.has_passing) {
		if (e.end == EXPLAIN_STEP) {
			uint32_t after = events_of(r, q, &e, e.possible);

			search_replay(q, &e.failing, true, &r->sim, &run);
			r->report.decisive = same_step(r, run.trace, after);
			trace_free(run.trace);
		}
		search_replay(q, &e.passing, true, &r->sim, &run);
		r->passing = run.trace;
	}
	arena_fini(&arena);
}

void reporting_explain_run(struct reporting *r,
			   const struct run_request *request)
{
	struct shown *shown = malloc(sizeof(*shown));

	if (!shown)
		abort();
	if (!shown_make(shown, r->o, request)) {
		reporting_explain(r, &shown->request, &shown->movers);
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
