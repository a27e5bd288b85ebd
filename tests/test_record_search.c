/*
 * test_record_search.c - what a search records: its table, and ways that the
 * machine can go, all of which end as the record says.
 */
#include "tests/machine.h"
#include "tests/oracle.h"
#include "tests/searches.h"
#include "tests/suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_explain.h"
#include "sim/search/search_record.h"

/* ---- searching ----------------------------------------------------------- */

static void search(void)
{
	asked.wants_record = true;
	ck_assert_msg(!search_scenario(&asked, &found), "%s", found.error);
	ck_assert_ptr_nonnull(found.record);
}

static void done(void)
{
	search_result_free(&found);
	scenario_free(searched);
}

/* Owner: the caller frees it. */
static char *text_of_record(size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	ck_assert_int_eq(record_write(found.record, out), 0);
	fclose(out);
	return text;
}

static void assert_reads_back(void)
{
	char error[TRACE_ERROR_MAX];
	size_t size;
	char *text = text_of_record(&size);
	FILE *in = fmemopen(text, size, "r");
	struct record *read = record_read(in, "r", error);

	ck_assert_msg(read != NULL, "%s", error);
	record_free(read);
	fclose(in);
	free(text);
}

static const struct {
	struct search_sample sample;
	bool has_cache;
	bool is_whole; /* every way that there is */
} small[] = {
	{{"scenarios/timeout/swallows-wake-searched.yaml", STRATEGY_DPOR,
	  GRANULARITY_CALL, false, 0, NULL},
	 false,
	 false},
	{{"scenarios/timeout/swallows-wake-searched.yaml", STRATEGY_DFS,
	  GRANULARITY_CALL, false, 0, NULL},
	 true,
	 true},
	{{"scenarios/timeout/swallows-wake-searched.yaml", STRATEGY_AUTO,
	  GRANULARITY_CALL, false, 0, NULL},
	 false,
	 false},
	{{"scenarios/keys/child-unmaps-after-fork-searched.yaml", STRATEGY_DFS,
	  GRANULARITY_CALL, false, 0, NULL},
	 false,
	 true},
	{{"scenarios/signal/kill-of-a-robust-owner-searched.yaml", STRATEGY_DFS,
	  GRANULARITY_CALL, false, 0, NULL},
	 true,
	 true},
	{{"scenarios/exit/teardown-try-lock-searched.yaml", STRATEGY_DPOR,
	  GRANULARITY_KERNEL, false, 0, NULL},
	 false,
	 false},
	{{"scenarios/signal/taken-by-another-searched.yaml", STRATEGY_POS,
	  GRANULARITY_KERNEL, false, 50, NULL},
	 false,
	 false},
};
#define SMALL (sizeof(small) / sizeof(small[0]))

static void search_small(int i)
{
	search_prepare(&small[i].sample);
	asked.has_cache = small[i].has_cache;
	search();
}

/* ---- the table ----------------------------------------------------------- */

/* All that came to an end came by one edge. */
static uint64_t runs_into(const struct record *r, uint32_t outcome)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < r->edge_count; i++) {
		if (r->nodes[r->edges[i].to].outcome == (int32_t)outcome)
			sum += r->edges[i].runs;
	}
	return sum;
}

static void assert_table(void)
{
	const struct record *r = found.record;
	uint32_t i;

	ck_assert_uint_eq(r->runs, found.runs);
	ck_assert_uint_eq(r->outcome_count, found.outcome_count);
	for (i = 0; i < r->outcome_count; i++) {
		const struct record_outcome *o = &r->outcomes[i];

		ck_assert_uint_eq(o->runs, found.outcomes[i].runs);
		ck_assert_uint_eq(o->verdicts, found.outcomes[i].verdicts);
		ck_assert_uint_eq(o->preemptions,
				  found.outcomes[i].preemptions);
		ck_assert_uint_le(o->preemptions, o->switches);
		ck_assert_uint_eq(runs_into(r, i), o->runs);
	}
}

START_TEST(outcomes_are_those_of_the_table)
{
	search_prepare(&search_samples[_i]);
	search();
	assert_table();
	assert_reads_back();
	done();
}
END_TEST

START_TEST(small_searches_have_their_table_too)
{
	search_small(_i);
	assert_table();
	assert_reads_back();
	ck_assert_int_eq(found.record->is_whole, small[_i].is_whole);
	done();
}
END_TEST

/* What is seen does not depend on who looks. */
START_TEST(a_search_finds_the_same_without_a_record)
{
	char *text;

	search_prepare(&small[_i].sample);
	asked.has_cache = small[_i].has_cache;
	text = search_text();
	asked.wants_record = true;
	assert_search(text);
	free(text);
	scenario_free(searched);
}
END_TEST

START_TEST(one_search_gives_the_same_bytes_each_time)
{
	size_t size, size_again;
	char *text, *again;

	search_small(_i);
	text = text_of_record(&size);
	search_result_free(&found);
	search();
	again = text_of_record(&size_again);
	ck_assert_uint_eq(size, size_again);
	ck_assert_str_eq(text, again);
	free(text);
	free(again);
	done();
}
END_TEST

/* ---- ways ---------------------------------------------------------------- */

#define WAYS_MAX 400u
#define STEPS_MAX 4096u

/* A way from the start, as it grows and shrinks. */
struct way {
	uint16_t items[STEPS_MAX];
	uint32_t count;
	uint32_t edge_count;
	uint32_t ends; /* that were reached */
};

static uint16_t mover_of(const char *name)
{
	uint32_t n = searched->thread_count, i;

	if (!strcmp(name, "clock"))
		return mover_number(n, MOVER_IS_CLOCK, 0);
	if (!strcmp(name, "end"))
		return mover_number(n, MOVER_IS_END, 0);
	for (i = 0; i < n; i++) {
		if (!strcmp(name, searched->threads[i].name))
			return (uint16_t)i;
		if (!strncmp(name, "signal to ", 10) &&
		    !strcmp(name + 10, searched->threads[i].name))
			return mover_number(n, MOVER_IS_SIGNAL, i);
		if (!strncmp(name, "spurious to ", 12) &&
		    !strcmp(name + 12, searched->threads[i].name))
			return mover_number(n, MOVER_IS_SPURIOUS, i);
	}
	ck_abort_msg("who is %s?", name);
	return 0;
}

static void take(struct way *w, const struct record_edge *e)
{
	uint32_t i, k;

	for (i = 0; i < e->leg_count; i++) {
		for (k = 0; k < e->legs[i].steps; k++) {
			ck_assert_uint_lt(w->count, STEPS_MAX);
			w->items[w->count++] = mover_of(e->legs[i].mover);
		}
	}
	w->edge_count++;
}

/* The machine goes that way, and ends as it says. */
static void assert_ends(const struct way *w, uint32_t outcome)
{
	struct movers movers = {(uint16_t *)(uintptr_t)w->items, w->count};
	char *wanted =
		ending_of_outcome(searched, &found.outcomes[outcome], false);
	struct run run;
	char *is;

	search_replay(&asked, &movers, false, &machine, &run);
	ck_assert(!run.has_diverged);
	is = ending_of_run(&machine, false);
	ck_assert_str_eq(is, wanted);
	free(is);
	free(wanted);
}

static void go_on(struct way *w, uint32_t node)
{
	const struct record *r = found.record;
	uint32_t e, count = w->count;

	if (r->nodes[node].outcome >= 0) {
		assert_ends(w, (uint32_t)r->nodes[node].outcome);
		w->ends++;
	}
	/* No way is longer if it goes round nowhere. */
	if (w->edge_count > r->edge_count)
		return;
	for (e = 0; e < r->edge_count && w->ends < WAYS_MAX; e++) {
		if (r->edges[e].from != node)
			continue;
		take(w, &r->edges[e]);
		go_on(w, r->edges[e].to);
		w->count = count;
		w->edge_count--;
	}
}

START_TEST(every_way_can_be_gone_and_ends_as_it_says)
{
	struct way w = {.count = 0};

	search_small(_i);
	go_on(&w, 0);
	ck_assert_uint_ge(w.ends, found.outcome_count);
	done();
}
END_TEST

/* What follows from a state is its own affair. */
START_TEST(a_mover_leads_from_one_state_to_one)
{
	const struct record *r;
	uint32_t i, k;

	search_prepare(&search_samples[_i]);
	search();
	r = found.record;
	for (i = 0; i < r->edge_count; i++) {
		for (k = i; k-- && r->edges[k].from == r->edges[i].from;)
			ck_assert_str_ne(r->edges[k].legs[0].mover,
					 r->edges[i].legs[0].mover);
	}
	done();
}
END_TEST

/* Ways that are marked, from the start on. */
START_TEST(the_counterexample_shows_the_first_verdict)
{
	struct way w = {.count = 0};
	const struct record *r;
	struct run run;
	uint32_t e, node = 0;

	search_small(_i);
	r = found.record;
	if (!found.verdict_count) {
		ck_assert_int_eq(r->counterexample, -1);
		done();
		return;
	}
	ck_assert_int_ge(r->counterexample, 0);
	while (r->nodes[node].outcome < 0) {
		for (e = 0; !r->edges[e].is_counterexample ||
			    r->edges[e].from != node;)
			ck_assert_uint_lt(++e, r->edge_count);
		take(&w, &r->edges[e]);
		node = r->edges[e].to;
	}
	ck_assert_int_eq(r->nodes[node].outcome, r->counterexample);
	search_replay(&asked, &(struct movers){w.items, w.count}, false,
		      &machine, &run);
	ck_assert(sim_has_verdict(&machine, found.verdicts[0].kind));
	done();
}
END_TEST

/* Can the node lead to an end at which all is well? */
static bool has_way_out(const struct record *r, uint32_t node)
{
	bool *is_good = calloc(r->node_count, 1), changes = true, result;
	uint32_t i;

	for (i = 0; i < r->node_count; i++)
		is_good[i] = r->nodes[i].outcome >= 0 &&
			     !r->outcomes[r->nodes[i].outcome].verdicts;
	while (changes) {
		changes = false;
		for (i = 0; i < r->edge_count; i++) {
			changes |= is_good[r->edges[i].to] &&
				   !is_good[r->edges[i].from];
			is_good[r->edges[i].from] |= is_good[r->edges[i].to];
		}
	}
	result = is_good[node];
	free(is_good);
	return result;
}

/*
 * B has charged its wake-up to A, whose timer has not fired: A would return 0.
 * The classes that a search runs do not say so: what A could do instead is in
 * one that begins otherwise.
 */
START_TEST(what_could_have_happened_instead_is_there)
{
	struct search_sample sample = search_samples[10];
	const struct record_edge *last = NULL;
	const struct record *r;
	uint32_t i, node = 0;

	sample.executions = 0;
	search_prepare(&sample);
	search();
	r = found.record;
	while (has_way_out(r, node)) {
		for (i = 0; !r->edges[i].is_counterexample ||
			    r->edges[i].from != node;)
			ck_assert_uint_lt(++i, r->edge_count);
		last = &r->edges[i];
		node = last->to;
	}
	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last->legs[0].mover, "clock");
	ck_assert_uint_eq(last->leg_count, 1);
	done();
}
END_TEST

/* The counterexample's movers; returns its last node. */
static uint32_t take_shown(struct way *w, bool *is_node_after)
{
	const struct record *r = found.record;
	uint32_t e, node = 0;

	is_node_after[0] = true;
	while (r->nodes[node].outcome < 0) {
		for (e = 0; !r->edges[e].is_counterexample ||
			    r->edges[e].from != node;)
			ck_assert_uint_lt(++e, r->edge_count);
		take(w, &r->edges[e]);
		is_node_after[w->count] = true;
		node = r->edges[e].to;
	}
	return node;
}

/* The search makes 2,000 runs, and what passes is in none of them. */
START_TEST(the_step_that_decides_is_kept)
{
	bool is_node_after[STEPS_MAX] = {false};
	struct way w = {.count = 0};
	struct run run;
	uint32_t decisive;

	search_prepare(&search_samples[10]);
	asked.explain_runs = 20000;
	search();
	decisive = found.record->decisive;
	ck_assert_uint_gt(decisive, 1);
	ck_assert_ptr_nonnull(found.explanation);
	take_shown(&w, is_node_after);
	ck_assert(is_node_after[decisive - 1]);
	ck_assert(is_node_after[decisive]);
	ck_assert_uint_eq(found.explanation->possible, decisive - 1);
	ck_assert_mem_eq(found.explanation->passing.items, w.items,
			 (decisive - 1) * sizeof(*w.items));
	search_replay(&asked, &found.explanation->passing, false, &machine,
		      &run);
	ck_assert(!run.has_diverged);
	ck_assert_uint_eq(machine.verdict_count, 0);
	assert_reads_back();
	done();
}
END_TEST

static uint32_t edges_into(const struct record *r, uint32_t node)
{
	uint32_t i, count = 0;

	for (i = 0; i < r->edge_count; i++)
		count += r->edges[i].to == node;
	return count;
}

/*
 * A cycle of six steps after the seventh, as the file of the scenario says:
 * thirteen.  Whoever is stopped is stopped where he is, after fourteen.
 */
START_TEST(a_run_that_is_stopped_ends_after_all_its_steps)
{
	static const struct search_sample sample = {
		"scenarios/verdicts/livelock-fair-cycle-searched.yaml",
		STRATEGY_DFS,
		GRANULARITY_KERNEL,
		false,
		0,
		"linux"};
	bool is_node_after[STEPS_MAX] = {false};
	struct way w = {.count = 0};
	const struct record *r;
	struct run run;
	uint32_t i, end;

	search_prepare(&sample);
	asked.explore.bounds.steps = 14;
	asked.explain_runs = 20000;
	search();
	r = found.record;
	end = take_shown(&w, is_node_after);
	ck_assert_uint_eq(w.count, 13);
	ck_assert_uint_eq(r->nodes[end].depth, 13);
	ck_assert_uint_eq(r->decisive, 0);
	ck_assert_uint_eq(found.verdicts[0].kind, VERDICT_LIVELOCK);
	search_replay(&asked, &(struct movers){w.items, w.count}, false,
		      &machine, &run);
	ck_assert(!run.has_diverged);
	ck_assert(run.has_lasso);
	for (i = 0; i < r->node_count; i++) {
		if (r->nodes[i].outcome < 0 || i == end ||
		    !r->outcomes[r->nodes[i].outcome].verdicts)
			continue;
		ck_assert_uint_eq(r->nodes[i].depth, 14);
		ck_assert_uint_eq(edges_into(r, i), 1);
	}
	assert_reads_back();
	done();
}
END_TEST

/* ---- searches that end early ----------------------------------------------
 */

START_TEST(what_was_seen_before_a_bound_is_kept)
{
	search_prepare(&search_samples[10]);
	asked.explore.bounds.executions = 7;
	search();
	ck_assert_uint_eq(found.record->runs, 7);
	ck_assert_str_eq(found.record->coverage, "any");
	ck_assert(!found.record->is_truncated);
	assert_table();
	assert_reads_back();
	done();
}
END_TEST

START_TEST(a_record_that_is_full_has_all_figures)
{
	uint32_t max = seen_states_max;
	const struct record *r;
	uint32_t i;

	seen_states_max = 100;
	search_prepare(&search_samples[10]);
	search();
	seen_states_max = max;
	r = found.record;
	ck_assert(r->is_truncated);
	ck_assert(!r->is_whole);
	/* And those of the counterexample. */
	ck_assert_uint_ge(r->states, 100);
	ck_assert_uint_eq(r->outcome_count, found.outcome_count);
	for (i = 0; i < r->outcome_count; i++)
		ck_assert_uint_eq(r->outcomes[i].runs, found.outcomes[i].runs);
	ck_assert_int_ge(r->counterexample, 0);
	assert_reads_back();
	done();
}
END_TEST

/*
 * 28,486 classes of runs meet in a few thousand places.
 */
START_TEST(a_large_search_has_a_small_record)
{
	struct search_sample sample = search_samples[10];
	size_t size;
	char *text;

	sample.executions = 0;
	search_prepare(&sample);
	search();
	ck_assert_uint_eq(found.record->runs, 28486);
	assert_table();
	text = text_of_record(&size);
	ck_assert_uint_lt(size, 2000000);
	free(text);
	done();
}
END_TEST

/* ---- what is refused ------------------------------------------------------
 */

static void refused(const char *why)
{
	asked.wants_record = true;
	ck_assert_int_eq(search_scenario(&asked, &found), -EINVAL);
	ck_assert_str_eq(found.error, why);
	ck_assert_ptr_null(found.record);
	search_result_free(&found);
}

START_TEST(a_record_is_of_one_process_and_of_one_go)
{
	const char *files = "--record does not go with --checkpoint and "
			    "--resume: a file does not hold the states that "
			    "were seen";

	search_prepare(&search_samples[0]);
	asked.jobs = 2;
	refused("--record is of one process: states that another has seen are "
		"not told; use --jobs 1");
	asked.jobs = 1;
	asked.checkpoint = "c";
	refused(files);
	asked.checkpoint = NULL;
	asked.resume = "c";
	refused(files);
	scenario_free(searched);
}
END_TEST

Suite *record_search_suite(void)
{
	const TTest *const tests[] = {
		what_was_seen_before_a_bound_is_kept,
		a_record_that_is_full_has_all_figures,
		a_large_search_has_a_small_record,
		what_could_have_happened_instead_is_there,
		the_step_that_decides_is_kept,
		a_run_that_is_stopped_ends_after_all_its_steps,
		a_record_is_of_one_process_and_of_one_go,
	};
	const TTest *const small_tests[] = {
		small_searches_have_their_table_too,
		a_search_finds_the_same_without_a_record,
		one_search_gives_the_same_bytes_each_time,
		every_way_can_be_gone_and_ends_as_it_says,
		the_counterexample_shows_the_first_verdict,
	};
	Suite *suite = MACHINE_SUITE("record_search", tests);
	TCase *tc = tcase_create("small");
	size_t i;

	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	for (i = 0; i < sizeof(small_tests) / sizeof(small_tests[0]); i++)
		tcase_add_loop_test(tc, small_tests[i], 0, SMALL);
	tcase_add_loop_test(tc, outcomes_are_those_of_the_table, 0,
			    SEARCH_SAMPLES);
	tcase_add_loop_test(tc, a_mover_leads_from_one_state_to_one, 0,
			    SEARCH_SAMPLES);
	suite_add_tcase(suite, tc);
	return suite;
}
