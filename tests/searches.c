/* searches.c - small searches of many kinds, and their results as text. */
#include "tests/searches.h"

#include <stdlib.h>

#include "tests/machine.h"

/* Tasks of a few runs each. */
static const struct search_pace fine = {400, 400, 1, 6, 0};

const struct search_sample search_samples[SEARCH_SAMPLES] = {
	{"scenarios/user/barrier.yaml", STRATEGY_DPOR, GRANULARITY_CALL, true,
	 0, NULL},
	{"scenarios/user/barrier.yaml", STRATEGY_SOURCE, GRANULARITY_CALL,
	 false, 0, NULL},
	{"scenarios/user/barrier.yaml", STRATEGY_DFS, GRANULARITY_CALL, true,
	 3000, NULL},
	{"scenarios/user/once-twice.yaml", STRATEGY_DPOR, GRANULARITY_CALL,
	 true, 0, NULL},
	{"scenarios/user/semaphore-loses-a-post.yaml", STRATEGY_DFS,
	 GRANULARITY_CALL, false, 0, NULL},
	{"scenarios/user/event-searched.yaml", STRATEGY_AUTO, GRANULARITY_CALL,
	 true, 0, NULL},
	{"scenarios/user/robust-relock-forgets-a-waiter.yaml", STRATEGY_AUTO,
	 GRANULARITY_CALL, true, 0, NULL},
	{"scenarios/exit/teardown-try-lock-searched.yaml", STRATEGY_DPOR,
	 GRANULARITY_KERNEL, false, 0, NULL},
	{"scenarios/exit/clear-child-tid-searched.yaml", STRATEGY_AUTO,
	 GRANULARITY_KERNEL, false, 0, "linux"},
	{"scenarios/aspace/lazy-page.yaml", STRATEGY_DPOR, GRANULARITY_KERNEL,
	 false, 0, NULL},
	{"scenarios/timeout/swallows-wake-searched.yaml", STRATEGY_DPOR,
	 GRANULARITY_KERNEL, false, 2000, NULL},
	{"tests/bench/readers.yaml", STRATEGY_DPOR, GRANULARITY_CALL, false, 0,
	 NULL},
	{"tests/bench/drepper.yaml", STRATEGY_RANDOM, GRANULARITY_CALL, false,
	 500, NULL},
	{"tests/bench/drepper.yaml", STRATEGY_PCT, GRANULARITY_CALL, false, 500,
	 NULL},
	{"tests/bench/drepper.yaml", STRATEGY_POS, GRANULARITY_CALL, false, 500,
	 NULL},
};

struct search_request asked;
struct search_result found;
struct scenario *searched;

struct scenario *search_load(const char *path)
{
	struct scenario *s;
	struct diagnostics d;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	ck_assert_ptr_nonnull(s);
	diagnostics_fini(&d);
	return s;
}

void search_prepare(const struct search_sample *s)
{
	search_pace = fine;
	searched = search_load(s->path);
	asked = (struct search_request){
		.scenario = searched,
		.profile =
			s->profile ? s->profile : searched->profiles.items[0],
		.explore = searched->explore,
		.has_symmetry = s->has_symmetry,
		.jobs = 1,
	};
	asked.explore.strategy = s->strategy;
	asked.explore.granularity = s->granularity;
	asked.explore.bounds = (struct search_bounds){
		NO_BOUND, NO_BOUND, s->executions ? s->executions : NO_BOUND,
		NO_BOUND, NO_BOUND};
	run_quirks(searched, asked.profile, &asked.quirks);
}

static void put_values(FILE *out, const struct search_value *v, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (v[i].is_set)
			fprintf(out, " %s=%ld", v[i].name, (long)v[i].value);
}

static void put_outcome(FILE *out, const struct outcome *o)
{
	uint32_t i;

	fprintf(out, "%lu runs, first %lu, %u preemptions, verdicts %x:",
		(unsigned long)o->runs, (unsigned long)o->first_run,
		o->preemptions, o->verdicts);
	put_values(out, o->results, found.result_count);
	put_values(out, o->words, found.word_count);
	for (i = 0; i < o->blocked_count; i++)
		fprintf(out, " [%s]", o->blocked[i]);
	fputs(" by", out);
	for (i = 0; i < o->movers.count; i++)
		fprintf(out, " %u", o->movers.items[i]);
	fputc('\n', out);
}

static void put_rest(FILE *out)
{
	uint32_t i;

	for (i = 0; i < found.property_count; i++)
		fprintf(out, "%s: %lu of %lu\n",
			found.properties[i].property->name,
			(unsigned long)found.properties[i].held,
			(unsigned long)found.properties[i].of);
	for (i = 0; i < found.verdict_count; i++)
		fprintf(out, "%s: %lu runs: %s\n",
			verdict_name(found.verdicts[i].kind),
			(unsigned long)found.verdicts[i].runs,
			found.verdicts[i].what);
	for (i = 0; i < found.pass_count; i++)
		fprintf(out, "pass %s %lu: %lu runs%s\n",
			strategy_name(found.passes[i].strategy),
			(unsigned long)found.passes[i].preemptions,
			(unsigned long)found.passes[i].runs,
			found.passes[i].is_complete ? ", complete" : "");
}

/* The result as text; the caller frees it. */
static char *text_of_result(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	fprintf(out, "%lu runs, %lu blocked, %lu cut, %lu events\n",
		(unsigned long)found.runs, (unsigned long)found.runs_blocked,
		(unsigned long)found.runs_cut, (unsigned long)found.events);
	fprintf(out, "end %d, coverage %d, first bug %lu, expected %d\n",
		found.end, found.coverage, (unsigned long)found.first_bug_run,
		found.is_expected);
	for (i = 0; i < found.outcome_count; i++)
		put_outcome(out, &found.outcomes[i]);
	put_rest(out);
	fclose(out);
	return text;
}

char *search_text(void)
{
	int error = search_scenario(&asked, &found);
	char *text;

	ck_assert_msg(!error, "%s", found.error);
	text = text_of_result();
	search_result_free(&found);
	return text;
}

void assert_search(const char *expected)
{
	char *text = search_text();

	ck_assert_str_eq(text, expected);
	free(text);
}
