/*
 * search_conclude.c - from outcomes to verdicts: which bugs there are, by how
 * many runs, the best run that shows each, and whether all is as expected.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/loader/explore_names.h"
#include "sim/search/search_internal.h"
#include "sim/search/search_lasso.h"

/* Runs that a counterexample may cost to be made smaller. */
#define MINIMIZE_RUNS 4000u

static const char *keep(struct search_result *r, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(arena_alloc(&r->arena, size), text, size);
}

static bool has(const struct outcome *o, enum verdict_kind kind)
{
	return o->verdicts >> kind & 1;
}

/* The outcome of this kind that takes the fewest preemptions, then steps. */
static const struct outcome *best_of(const struct search_result *r,
				     enum verdict_kind kind, uint64_t *runs)
{
	const struct outcome *best = NULL, *o;
	uint32_t i;

	*runs = 0;
	for (i = 0; i < r->outcome_count; i++) {
		o = &r->outcomes[i];
		if (!has(o, kind))
			continue;
		*runs += o->runs;
		if (!best || o->preemptions < best->preemptions ||
		    (o->preemptions == best->preemptions &&
		     o->movers.count < best->movers.count))
			best = o;
	}
	return best;
}

static const char *what_of(struct search *s, struct search_result *r,
			   const struct search_verdict *v)
{
	const char *what = "";
	struct run run;
	uint32_t i;

	search_replay(s->request, &v->movers, false, &s->sim, &run);
	for (i = 0; i < s->sim.verdict_count; i++) {
		if (s->sim.verdicts[i].kind == v->kind) {
			what = s->sim.verdicts[i].what;
			break;
		}
	}
	return keep(r, what);
}

static uint64_t minimize_runs(const struct search_request *q)
{
	return q->minimize_runs ? q->minimize_runs : MINIMIZE_RUNS;
}

static void add_kind(struct search *s, struct search_result *r,
		     enum verdict_kind kind)
{
	struct search_verdict *v = &r->verdicts[r->verdict_count];
	uint64_t runs;
	const struct outcome *best = best_of(r, kind, &runs);

	if (!best)
		return;
	r->verdict_count++;
	v->kind = kind;
	v->runs = runs;
	v->movers = best->movers;
	/* Once round says it all. */
	if (kind == VERDICT_LIVELOCK && lasso_measure(s, &v->movers))
		v->movers.count = s->lasso.depth;
	search_minimize(s->request, kind, minimize_runs(s->request), &r->arena,
			&v->movers);
	v->preemptions = search_preemptions(s->request, &v->movers, &s->sim);
	v->what = what_of(s, r, v);
}

/* A guard against tests that pass because nothing happens. */
static void add_unreached(const struct search *s, struct search_result *r)
{
	const struct property_count *p;
	struct search_verdict *v;
	char text[256];
	uint32_t i;

	for (i = 0; i < r->property_count; i++) {
		p = &r->properties[i];
		if (p->property->kind != PROPERTY_REACHABLE ||
		    s->property_ever[i])
			continue;
		snprintf(text, sizeof(text), "%s never comes to pass",
			 p->property->name);
		if (r->coverage == COVERAGE_ANY || r->end == SEARCH_STEPS) {
			snprintf(text, sizeof(text),
				 "%s has not come to pass in the runs made",
				 p->property->name);
			r->note = keep(r, text);
			continue;
		}
		v = &r->verdicts[r->verdict_count++];
		*v = (struct search_verdict){.kind = VERDICT_EXPECTATION,
					     .what = keep(r, text)};
	}
}

/* ---- as expected? ------------------------------------------------------ */

static void conclude_bug(struct search *s, struct search_result *r)
{
	const struct expected_bug *bug = &s->scenario->bug;
	bool has_shown = false, is_excused = true;
	char text[256];
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		r->verdicts[i].is_expected =
			expect_excuses(bug, r->verdicts[i].kind);
		has_shown |= r->verdicts[i].kind == bug->kind;
		is_excused &= r->verdicts[i].is_expected;
	}
	r->is_expected =
		has_shown ? is_excused : !bug->strict && !r->verdict_count;
	if (has_shown && !is_excused)
		r->note = "there is more than the expected bug";
	if (has_shown || !bug->strict)
		return;
	snprintf(text, sizeof(text), "the expected bug %s (%s) did not show",
		 bug->id, verdict_name(bug->kind));
	r->note = keep(r, text);
}

static void conclude_coverage(struct search *s, struct search_result *r)
{
	char text[128];

	/* One run with the bug is all that a known bug asks for. */
	if (r->coverage >= s->explore->coverage)
		return;
	snprintf(text, sizeof(text), "coverage is %s, and %s is required",
		 coverage_name(r->coverage),
		 coverage_name(s->explore->coverage));
	r->is_expected = false;
	r->note = keep(r, text);
}

/* Then no run says anything about how runs end. */
static void conclude_cut_runs(struct search_result *r)
{
	if (r->verdict_count || !r->runs || r->runs_cut < r->runs)
		return;
	r->is_expected = false;
	r->note = "the bound on steps has cut every run";
}

void search_conclude(struct search *s, struct search_result *r)
{
	const struct search_request *q = s->request;
	int kind;

	r->verdicts = arena_alloc(&r->arena,
				  (VERDICT_KIND_COUNT + r->property_count) *
					  sizeof(*r->verdicts));
	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (kind != VERDICT_STEP_LIMIT)
			add_kind(s, r, (enum verdict_kind)kind);
	}
	add_unreached(s, r);
	if (expect_means_bug(&s->scenario->bug, q->profile, q->is_overridden))
		conclude_bug(s, r);
	else
		r->is_expected = !r->verdict_count && !r->note;
	conclude_cut_runs(r);
	conclude_coverage(s, r);
}
