/*
 * test_commute.c - two neighbouring steps that are said to be independent
 * change places, and nothing comes of it.
 *
 * A scenario that was generated is run with every step chosen at random.  Then
 * it runs again for each such pair in it, with the two the other way round and
 * all others as they were.  Both must be possible, every thread must do and
 * see the same, and the end must be the same, down to the order of the queues.
 * This needs no search, and so it works where no search would come to an end.
 *
 * FUTEXSIM_COMMUTE=FIRST:COUNT goes through that many seeds instead.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"
#include "tests/call_texts.h"
#include "tests/generate.h"
#include "tests/machine.h"
#include "tests/memory_texts.h"
#include "tests/oracle.h"
#include "tests/suites.h"

/* ---- one run, by chance or by a list ----------------------------------- */

struct player {
	struct policy policy;
	struct observer observer;
	struct environment env;
	struct path path;
	uint64_t chance;
	const struct move *given; /* NULL: by chance */
	uint32_t given_count;
	bool has_diverged;
	/* what each mover did and saw: of all that is not a thread the last */
	FILE *logs[SEARCH_THREADS_MAX + 1];
	char *texts[SEARCH_THREADS_MAX + 1];
	size_t sizes[SEARCH_THREADS_MAX + 1];
};

static void begin(struct policy *policy, struct sim *sim)
{
	struct player *p = (struct player *)policy;

	p->path.count = 0;
	p->path.log.count = 0;
	p->has_diverged = false;
	/* That a signal comes too late is nobody's doing. */
	p->env = (struct environment){
		.explore = &sim->scenario->explore,
		.is_lenient = true,
	};
	sim->touches = &p->path.log;
	sim->observer = &p->observer;
}

static bool is_same(const struct move *a, const struct move *b)
{
	return a->kind == b->kind &&
	       (a->thread == b->thread || a->kind == MOVE_STOP);
}

static struct move given(struct player *p, const struct move *moves,
			 uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count && p->path.count < p->given_count; i++)
		if (is_same(&moves[i], &p->given[p->path.count]))
			return moves[i];
	p->has_diverged = count || p->path.count < p->given_count;
	return (struct move){.kind = MOVE_STOP};
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct player *p = (struct player *)policy;
	struct move moves[MOVES_MAX], move;
	uint32_t count = environment_moves(&p->env, sim, moves);

	p->path.from[p->path.count] = p->path.log.count;
	if (!p->given && !count)
		return (struct move){.kind = MOVE_STOP};
	if (p->given)
		move = given(p, moves, count);
	else
		move = moves[random_below(&p->chance, count)];
	if (p->has_diverged || (p->given && !count))
		return move;
	assert(p->path.count < ORACLE_STEPS_MAX);
	p->path.moves[p->path.count++] = move;
	environment_note(&p->env, &move);
	return move;
}

static void end(struct policy *policy, struct sim *sim)
{
	struct player *p = (struct player *)policy;

	p->path.from[p->path.count] = p->path.log.count;
	sim->touches = NULL;
}

/* A reference count is seen only where it is looked at. */
static void on_event(struct observer *o, struct sim *sim, int32_t mover,
		     const struct step *step, bool is_step)
{
	struct player *p = (struct player *)((char *)o -
					     offsetof(struct player, observer));
	char point[POINT_NAME_MAX];
	uint32_t log = mover < 0 ? sim->task_count : (uint32_t)mover;

	fprintf(p->logs[log], "%s %d %lld %d\n",
		event_point(step->kind, step->object_kind, point), is_step,
		(long long)step->out, step->permit);
}

static void open_logs(struct player *p, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		p->logs[i] = open_memstream(&p->texts[i], &p->sizes[i]);
}

static void free_logs(struct player *p, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		free(p->texts[i]);
}

static void put_queues(FILE *out, const struct state *state)
{
	const struct state_table *t;
	const struct state_entry *e;
	uint32_t i, j, k;

	for (i = 0; i < state->table_count; i++) {
		t = &state->tables[i];
		for (j = 0; j < t->entry_count; j++) {
			e = &t->entries[j];
			fprintf(out, " %s 0x%llx:", t->handle,
				(unsigned long long)e->key);
			for (k = 0; k < e->waiter_count; k++)
				fprintf(out, " %s/%x", e->waiters[k].thread,
					e->waiters[k].bitset);
		}
	}
}

/* Run it.  Returns how it ended, queues included; the caller frees it. */
static char *play(struct player *p, const struct scenario *s)
{
	struct run_request request = {
		.scenario = s,
		.profile = s->profiles.items[0],
		.mode = RUN_POLICY,
		.policy = &p->policy,
		.is_one_of_many = true,
		.steps_max = ORACLE_STEPS_MAX - 1,
	};
	struct run run;
	char *ending, *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	p->policy = (struct policy){"player", begin, choose, end};
	p->observer.event = on_event;
	run_quirks(s, request.profile, &request.quirks);
	open_logs(p, s->thread_count + 1);
	run_scenario(&machine, &request, &run);
	ending = ending_of_run(&machine, false);
	fputs(ending, out);
	free(ending);
	put_queues(out, run.states.last);
	for (i = 0; i <= s->thread_count; i++)
		fclose(p->logs[i]);
	fclose(out);
	return text;
}

/* ---- two runs ---------------------------------------------------------- */

static struct player first, second;
static unsigned int pairs;

static _Noreturn void complain(const char *source, uint32_t at,
			       const char *what, const char *a, const char *b)
{
	char *text;
	struct move *m = &first.path.moves[at];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	for (i = 0; i < first.path.count; i++)
		fprintf(out, "%d:%u ", (int)first.path.moves[i].kind,
			first.path.moves[i].thread);
	fclose(out);
	ck_abort_msg(
		"%s\nmoves: %s\nsteps %u (%d:%u, %d:%u) change places: %s\n"
		"%s\n---\n%s",
		source, text, at, (int)m[0].kind, m[0].thread, (int)m[1].kind,
		m[1].thread, what, a, b);
}

static void compare(const char *source, const struct scenario *s, uint32_t at,
		    const char *ending)
{
	char *other = play(&second, s);
	uint32_t i;

	if (second.has_diverged)
		complain(source, at, "a step cannot be made any more", ending,
			 other);
	if (strcmp(ending, other))
		complain(source, at, "the end is another one", ending, other);
	for (i = 0; i <= s->thread_count; i++)
		if (strcmp(first.texts[i], second.texts[i]))
			complain(source, at, "a thread sees something else",
				 first.texts[i], second.texts[i]);
	free_logs(&second, s->thread_count + 1);
	free(other);
	pairs++;
}

/* A bug that ends the run, and the end itself, come after all else. */
static uint32_t last_to_swap(void)
{
	uint32_t count = first.path.count;
	bool has_end = count && first.path.moves[count - 1].kind == MOVE_STOP;

	return count - (machine.is_over || has_end);
}

static void swap_each_pair(const char *source, const struct scenario *s,
			   const char *ending)
{
	static struct move moves[ORACLE_STEPS_MAX];
	uint32_t end_at = last_to_swap(), i;

	for (i = 0; i + 1 < end_at; i++) {
		if (path_is_dependent(&first.path, i, i + 1, false))
			continue;
		memcpy(moves, first.path.moves, sizeof(moves));
		moves[i] = first.path.moves[i + 1];
		moves[i + 1] = first.path.moves[i];
		second.given = moves;
		second.given_count = first.path.count;
		compare(source, s, i, ending);
	}
}

static void try_text(const char *source, uint64_t seed)
{
	struct scenario *s = scenario_of(source);
	char *ending;

	/* Properties look at more than the steps know. */
	s->ignore |= 1u << VERDICT_EXPECTATION;
	s->explore.timeouts = TIMEOUTS_ANY;
	touch_log_init(&first.path.log, s);
	touch_log_init(&second.path.log, s);
	first.chance = seed;
	ending = play(&first, s);
	swap_each_pair(source, s, ending);
	free(ending);
	free_logs(&first, s->thread_count + 1);
	touch_log_fini(&first.path.log);
	touch_log_fini(&second.path.log);
	scenario_free(s);
}

static void try_seed(uint64_t seed)
{
	char *source = generate_scenario(seed, GRANULARITY_CALL, 1e9);

	try_text(source, seed);
	free(source);
}

/* Of a hundred steps or so in each, some have a stranger beside them. */
START_TEST(independent_neighbours_change_places)
{
	const char *range = getenv("FUTEXSIM_COMMUTE");
	uint64_t seed = 0, count = 60, i;
	char *rest;

	if (range) {
		seed = strtoull(range, &rest, 10);
		count = *rest ? strtoull(rest + 1, NULL, 10) : 1;
	}
	for (i = 0; i < count; i++)
		try_seed(seed + i);
	ck_assert_uint_gt(pairs, 5 * count);
}
END_TEST

START_TEST(so_they_do_in_scenarios_with_a_theme)
{
	uint64_t seed;

	for (seed = 0; seed < 100; seed++)
		try_seed(GENERATE_THEMED + seed);
	ck_assert_uint_gt(pairs, 5 * 100);
}
END_TEST

/* Each of them in some orders. */
START_TEST(so_they_do_where_threads_begin_and_memory_goes)
{
	uint64_t seed;
	size_t i;

	for (i = 0; i < MEMORY_TEXTS; i++)
		for (seed = 0; seed < 20; seed++)
			try_text(memory_texts[i].text, seed);
	ck_assert_uint_gt(pairs, 20 * MEMORY_TEXTS);
}
END_TEST

START_TEST(so_they_do_where_calls_have_several_words_and_clocks)
{
	uint64_t seed;
	size_t i;

	for (i = 0; i < CALL_TEXTS; i++)
		for (seed = 0; seed < 20; seed++)
			try_text(call_texts[i].text, seed);
	ck_assert_uint_gt(pairs, 20 * CALL_TEXTS);
}
END_TEST

Suite *commute_suite(void)
{
	const TTest *const tests[] = {
		independent_neighbours_change_places,
		so_they_do_in_scenarios_with_a_theme,
		so_they_do_where_threads_begin_and_memory_goes,
		so_they_do_where_calls_have_several_words_and_clocks,
	};

	return MACHINE_SUITE("commute", tests);
}
