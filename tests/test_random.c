/*
 * test_random.c - random runs, and replaying a run from its moves.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

/* The race of a deadline and a wake; three threads and a timer. */
static const char race[] = SCENARIO("threads:\n"
				    "  A: [r = futex_wait F 0 timeout=10ms]\n"
				    "  C: [r = futex_wait F 0]\n"
				    "  B: [n = futex_wake F 1]\n"
				    "expect: {threads: {C: blocked}}\n");

static struct run run;

/* The bytes of the trace of a run.  Owner: the caller frees them. */
static char *trace_of(const struct run_request *request)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	play_request(request, &run);
	ck_assert_int_eq(trace_write(run.trace, out), 0);
	fclose(out);
	return text;
}

static struct run_request random_request(const char *text, uint64_t seed)
{
	struct run_request request = request_of(text, "starry-0.5.11");

	request.mode = RUN_RANDOM;
	request.schedule = NULL;
	request.seed = seed;
	request.wants_trace = true;
	return request;
}

START_TEST(a_seed_gives_the_same_run_in_every_byte)
{
	struct run_request request = random_request(race, 42);
	char *first = trace_of(&request);
	char *second = trace_of(&request);

	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}
END_TEST

/* The seed itself stands in the first line: only what comes after counts. */
START_TEST(seeds_differ_in_what_they_do)
{
	struct run_request request = random_request(race, 1);
	char *first = trace_of(&request), *other;
	int differing = 0;
	uint64_t seed;

	for (seed = 2; seed <= 10; seed++) {
		request.seed = seed;
		other = trace_of(&request);
		differing +=
			strcmp(strchr(first, '\n'), strchr(other, '\n')) != 0;
		free(other);
	}
	free(first);
	/* Each of some hundred steps has several choices. */
	ck_assert_int_eq(differing, 9);
}
END_TEST

/*
 * Every run ends.  In some A returns ETIMEDOUT although the wake-up was spent
 * on it; never by the profile that has mended this.
 */
static int count_lost(const char *profile)
{
	struct run_request request = random_request(race, 0);
	int lost = 0;
	uint32_t i;

	run_quirks(request.scenario, profile, &request.quirks);
	request.wants_trace = false;
	for (request.seed = 0; request.seed < 5000; request.seed++) {
		play_request(&request, &run);
		ck_assert(!sim_can_any_move(&machine));
		ck_assert_ptr_null(sim_next_timer(&machine));
		for (i = 0; i < machine.verdict_count; i++)
			lost += machine.verdicts[i].kind == VERDICT_LOST_WAKEUP;
	}
	return lost;
}

START_TEST(among_many_seeds_some_find_the_race)
{
	int lost = count_lost("starry-0.5.11");

	ck_assert_int_gt(lost, 0);
	ck_assert_int_lt(lost, 2500);
	ck_assert_int_eq(count_lost("linux"), 0);
}
END_TEST

/* Six orders of three single steps; of 600 none comes up less than 50 times. */
START_TEST(all_orders_come_up_about_equally_often)
{
	static const char text[] = SCENARIO("threads:\n"
					    "  A: [mark a]\n"
					    "  B: [mark b]\n"
					    "  C: [mark c]\n");
	struct run_request request = random_request(text, 0);
	const struct result *r;
	int counts[27] = {0}, order, orders = 0;

	request.wants_trace = false;
	for (request.seed = 1; request.seed <= 600; request.seed++) {
		play_request(&request, &run);
		order = 0;
		for (r = machine.results; r; r = r->next)
			order = order * 3 + (int)r->thread;
		ck_assert_int_lt(order, 27);
		counts[order]++;
	}
	for (order = 0; order < 27; order++) {
		orders += counts[order] > 0;
		ck_assert(!counts[order] || counts[order] > 50);
	}
	ck_assert_int_eq(orders, 6);
}
END_TEST

/* More threads and objects than anything has room for at the start. */
START_TEST(three_hundred_threads_are_no_trouble)
{
	static char text[16384];
	struct run_request request;
	size_t used = 0;
	int i;

	used += (size_t)sprintf(text, SCENARIO("threads:\n"));
	for (i = 0; i < 300; i++)
		used += (size_t)sprintf(text + used,
					"  T%d: [r = futex_wait F 0]\n", i);
	sprintf(text + used,
		"  W: [store F 1, n = futex_wake F 1000]\n"
		"schedule: [%s, W: until done, %s]\n",
		"T0: 1 steps, all: finish, T7: until blocked",
		"all: until stuck");
	request = request_of(text, "linux");
	play_request(&request, &run);
	ck_assert_ptr_null(run.error);
	/* T0 finished its wait up to where it sleeps, and T7 sleeps too. */
	ck_assert_int_eq(result_of("W", "n"), 2);
	ck_assert_int_eq(result_of("T0", "r"), 0);
	ck_assert_int_eq(result_of("T7", "r"), 0);
	ck_assert_int_eq(result_of("T299", "r"), -11);
	request = random_request(text, 5);
	play_request(&request, &run);
	ck_assert(!sim_can_any_move(&machine));
	ck_assert_uint_eq(machine.result_count, 302);
}
END_TEST

/* ---- replay ------------------------------------------------------------ */

#define MOVES_MAX 2000

static uint32_t moves_of(const struct trace *t, struct move moves[MOVES_MAX])
{
	const struct event *e;
	uint32_t i, count = 0;

	for (i = 0; i < t->event_count; i++) {
		e = &t->events[i];
		if (!e->step)
			continue;
		ck_assert_uint_lt(count, MOVES_MAX);
		moves[count++] = e->thread >= 0
					 ? (struct move){MOVE_STEP,
							 (uint32_t)e->thread, 0}
					 : (struct move){MOVE_FIRE,
							 (uint32_t)e->peer, 0};
	}
	return count;
}

/* Not the header, which says how it was made, nor the digest of all lines. */
static const char *events_of(char *text)
{
	char *digest = strstr(text, ",\"digest\":");

	while (strstr(digest + 1, ",\"digest\":"))
		digest = strstr(digest + 1, ",\"digest\":");
	*digest = '\0';
	return strchr(text, '\n');
}

START_TEST(the_moves_of_a_random_run_give_the_same_run)
{
	static struct move moves[MOVES_MAX];
	struct run_request request = random_request(race, 0);
	char *first, *second;
	uint64_t seed;

	for (seed = 1; seed <= 20; seed++) {
		request.mode = RUN_RANDOM;
		request.seed = seed;
		first = trace_of(&request);
		request.mode = RUN_REPLAY;
		request.moves = moves;
		request.move_count = moves_of(run.trace, moves);
		second = trace_of(&request);
		ck_assert(!run.has_diverged);
		ck_assert_str_eq(events_of(first), events_of(second));
		free(first);
		free(second);
	}
}
END_TEST

START_TEST(a_move_that_cannot_be_made_diverges)
{
	static const struct move nobody_there[] = {{MOVE_STEP, 3, 0}};
	static const struct move no_timer[] = {{MOVE_FIRE, 1, 0}};
	static const struct move no_thread[] = {{MOVE_SIGNAL, 9, 0}};
	static const struct move *const all[] = {nobody_there, no_timer,
						 no_thread};
	struct run_request request = random_request(race, 0);
	size_t i;

	request.mode = RUN_REPLAY;
	request.move_count = 1;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		request.moves = all[i];
		play_request(&request, &run);
		ck_assert(run.has_diverged);
		ck_assert(!run.is_expected);
		ck_assert_uint_eq(machine.step_count, 0);
	}
}
END_TEST

/* A wait that sleeps has eleven or more steps; a hundred are too many. */
START_TEST(a_sleeper_cannot_be_moved)
{
	static struct move moves[100];
	struct run_request request = random_request(race, 0);

	request.mode = RUN_REPLAY;
	request.moves = moves;
	request.move_count = 100;
	play_request(&request, &run);
	ck_assert(run.has_diverged);
	ck_assert_int_eq(machine.tasks[0].state, TASK_PARKED);
	ck_assert_uint_lt(machine.step_count, 100);
}
END_TEST

Suite *random_suite(void)
{
	const TTest *const tests[] = {
		a_seed_gives_the_same_run_in_every_byte,
		seeds_differ_in_what_they_do,
		among_many_seeds_some_find_the_race,
		all_orders_come_up_about_equally_often,
		three_hundred_threads_are_no_trouble,
		the_moves_of_a_random_run_give_the_same_run,
		a_move_that_cannot_be_made_diverges,
		a_sleeper_cannot_be_moved,
	};

	return MACHINE_SUITE("random", tests);
}
