/*
 * test_mutate.c - the model changed in one place: what the machine makes of
 * it, and who notices, by `test --mutate` and `quirks --matrix`.
 */
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/asan.h"
#include "sim/machine/mutation.h"

/* ---- on the machine ---------------------------------------------------- */

static struct {
	struct kmutex mutex;
	struct katomic woken;
	struct kref ref;
	struct kwaker *waker;
	uint64_t value;
	bool has;
} s;

/* The calls that are mutated below, as the macros of kernel.h make them. */
static const struct ksite *lock_site, *load_site, *put_site, *try_site;

static void lock_and_unlock(struct task *task)
{
	(void)task;
	lock_site = KSITE("lock", "&q->wq_mutex");
	kmutex_lock_at(&s.mutex, lock_site);
	kmutex_assert_held(&s.mutex);
	kmutex_unlock(&s.mutex);
}

static void lock_properly(struct task *task)
{
	(void)task;
	kmutex_lock(&s.mutex);
	kmutex_unlock(&s.mutex);
}

static void load_flag(struct task *task)
{
	(void)task;
	load_site = KSITE("load", "&state->woken");
	s.value = katomic_load_at(&s.woken, load_site);
}

static void put_reference(struct task *task)
{
	(void)task;
	put_site = KSITE("put", "ref");
	s.has |= kref_put_at(&s.ref, put_site);
}

static void try_lock(struct task *task)
{
	(void)task;
	try_site = KSITE("trylock", "aspace");
	s.has = kmutex_trylock_at(&s.mutex, try_site);
	if (s.has)
		kmutex_unlock(&s.mutex);
}

static void begin(uint32_t count)
{
	memset(&s, 0, sizeof(s));
	mutation_set(NULL);
	machine_begin(count);
	kmutex_init(&s.mutex, KOBJECT_WQ);
	katomic_init(&s.woken, KOBJECT_WOKEN, 1);
	kref_init(&s.ref, KOBJECT_ENTRY);
}

/* Each site is known once its thread has run. */
static void learn_sites(void)
{
	begin(4);
	machine_thread(0, lock_and_unlock);
	machine_thread(1, load_flag);
	machine_thread(2, put_reference);
	machine_thread(3, try_lock);
	machine_play("*");
}

static void mutate(struct mutation *m, enum mutation_kind kind,
		   const struct ksite *site)
{
	*m = (struct mutation){.kind = kind, .site = site};
	mutation_set(m);
}

/*
 * A has the mutex; B's lock is left out, and B gets in and out with nobody's
 * leave.  A still owns it, and gives it back.
 */
START_TEST(a_lock_that_is_left_out_is_not_unlocked_either)
{
	struct mutation m;

	learn_sites();
	begin(2);
	machine_thread(0, lock_properly);
	machine_thread(1, lock_and_unlock);
	mutate(&m, MUTATION_NO_LOCK, lock_site);
	machine_play("A B B A");
	assert_log("A:wq.lock B:wq.lock B:wq.unlock A:wq.unlock");
	assert_verdicts("");
	ck_assert_ptr_null(s.mutex.owner);
	ck_assert_uint_eq(machine.tasks[1].phantom_count, 0);
	mutation_set(NULL);
}
END_TEST

START_TEST(a_lock_elsewhere_stays_a_lock)
{
	struct mutation m;

	learn_sites();
	begin(2);
	machine_thread(0, lock_properly);
	machine_thread(1, lock_and_unlock);
	mutate(&m, MUTATION_NO_LOCK, lock_site);
	/* B believes it has it, which keeps nobody out. */
	machine_play("B A B A");
	assert_log("B:wq.lock A:wq.lock B:wq.unlock A:wq.unlock");
	mutation_set(NULL);
	begin(2);
	machine_thread(0, lock_properly);
	machine_thread(1, lock_and_unlock);
	machine_play("B A B AA");
	assert_log("B:wq.lock A:wq.sleep B:wq.unlock A:wq.lock(handed) "
		   "A:wq.unlock");
}
END_TEST

START_TEST(a_trylock_takes_what_is_taken_or_fails_on_what_is_free)
{
	struct mutation m;

	learn_sites();
	begin(2);
	machine_thread(0, lock_properly);
	machine_thread(1, try_lock);
	mutate(&m, MUTATION_TRYLOCK_TAKES, try_site);
	machine_play("A BB A");
	ck_assert(s.has);
	assert_verdicts("");
	ck_assert_ptr_null(s.mutex.owner);
	begin(1);
	machine_thread(0, try_lock);
	mutate(&m, MUTATION_TRYLOCK_FAILS, try_site);
	machine_play("A");
	ck_assert(!s.has);
	ck_assert_ptr_null(s.mutex.owner);
	mutation_set(NULL);
}
END_TEST

START_TEST(a_flag_is_not_seen)
{
	struct mutation m;

	learn_sites();
	ck_assert_uint_eq(s.value, 1);
	begin(1);
	machine_thread(0, load_flag);
	mutate(&m, MUTATION_FLAG_UNSEEN, load_site);
	machine_play("A");
	ck_assert_uint_eq(s.value, 0);
	ck_assert_uint_eq(s.woken.value, 1);
	mutation_set(NULL);
}
END_TEST

/* Both read 2 and write 1: one of the two puts is lost, and nobody frees. */
START_TEST(a_count_that_is_changed_in_two_steps_loses_a_change)
{
	struct mutation m;

	learn_sites();
	begin(2);
	s.ref.count = 2;
	machine_thread(0, put_reference);
	machine_thread(1, put_reference);
	mutate(&m, MUTATION_SPLIT, put_site);
	machine_play("A B A B");
	ck_assert_uint_eq(s.ref.count, 1);
	ck_assert(!s.has);
	mutation_set(NULL);
	begin(2);
	s.ref.count = 2;
	machine_thread(0, put_reference);
	machine_thread(1, put_reference);
	machine_play("A B");
	ck_assert_uint_eq(s.ref.count, 0);
	ck_assert(s.has);
}
END_TEST

#ifndef HAS_ASAN
static void go_round(struct task *task)
{
	volatile unsigned int rounds = 0;

	(void)task;
	kmutex_lock(&s.mutex);
	for (;;)
		rounds++;
}

/* As a walk along a list that ends in itself does.  It takes seconds. */
START_TEST(a_step_that_does_not_end_ends_the_run)
{
	machine_setup();
	begin(1);
	machine_thread(0, go_round);
	mutation_guard_steps();
	machine_play("A");
	assert_verdicts("livelock");
	machine_teardown();
}
END_TEST
#endif

/* ---- the list ---------------------------------------------------------- */

START_TEST(names_of_mutations_are_their_own)
{
	unsigned int i, k, count;
	struct mutation *list = mutations_new(&count);

	ck_assert_uint_gt(count, 2 * QUIRK_COUNT);
	for (i = 0; i < count; i++) {
		for (k = 0; k < i; k++)
			ck_assert_str_ne(list[i].name, list[k].name);
	}
	free(list);
}
END_TEST

START_TEST(every_lock_of_the_model_is_in_the_list)
{
	const struct outcome *o = CALL("test", "--mutate=list");
	unsigned int locks = 0;
	const char *at;

	assert_code(o, 0);
	assert_out(o, "quirk-on:timeout-swallows-wake ");
	assert_out(o, "quirk-off:timeout-swallows-wake ");
	assert_out(o, "trylock-takes:key.aspace.1 ");
	assert_out(o, "trylock-fails:key.aspace.1 ");
	for (at = o->out; (at = strstr(at, "no-lock:")); at++)
		locks++;
	/* grep -c on model/: as many calls as the source has. */
	o = program_shell("grep -hE 'k(mutex|aspace)_lock\\(' model/*.c | "
			  "wc -l");
	ck_assert_uint_eq(locks, (unsigned int)atoi(o->out));
}
END_TEST

/* ---- who notices ------------------------------------------------------- */

#define UNDER_THE_LOCK "scenarios/wait/mismatch-under-the-lock.yaml"

START_TEST(a_lock_that_a_scenario_needs_is_missed)
{
	const struct outcome *o =
		CALL("test", "--mutate=no-lock:wait.wq.1", UNDER_THE_LOCK);

	assert_code(o, 0);
	assert_out(o, "no-lock:wait.wq.1  expectation     " UNDER_THE_LOCK);
	assert_out(o, "1 mutation, 1 noticed, 0 survived\n");
}
END_TEST

START_TEST(what_nobody_notices_survives)
{
	const struct outcome *o =
		CALL("test", "--mutate=no-lock:wait.wq.2", "scenarios/wait");

	assert_code(o, 1);
	assert_out(o, "no-lock:wait.wq.2  SURVIVED        model/wait.c:");
	assert_out(o, "none of which notices\n");
	assert_out(o, "1 mutation, 0 noticed, 1 survived\n");
	/* No run of it comes there. */
	o = CALL("test", "--mutate=no-lock:requeue.wq.1", UNDER_THE_LOCK);
	assert_code(o, 1);
	assert_out(o, "which no test passes\n");
}
END_TEST

START_TEST(a_quirk_is_noticed_by_its_own_scenario_first)
{
	const struct outcome *o;

	o = CALL("test", "--mutate=quirk-on:timeout-swallows-wake",
		 "scenarios/timeout");
	assert_code(o, 0);
	assert_out(o, "lost-wakeup     scenarios/timeout/swallows-wake.yaml "
		      "[linux]\n");
	o = CALL("test", "--mutate=quirk-off:timeout-swallows-wake",
		 "scenarios/timeout");
	assert_code(o, 0);
	assert_out(o, "known bug gone  scenarios/timeout/swallows-wake.yaml "
		      "[starry-0.5.11]\n");
}
END_TEST

START_TEST(a_typo_is_answered_with_the_nearest_name)
{
	const struct outcome *o =
		CALL("test", "--mutate=no-lok:wait.wq.1", UNDER_THE_LOCK);

	assert_code(o, 2);
	assert_whole_err(o, "futexsim: error: no mutation 'no-lok:wait.wq.1'; "
			    "nearest: no-lock:wait.wq.1\n");
	assert_code(CALL("test", "--mutate", "--tap", UNDER_THE_LOCK), 2);
}
END_TEST

/* Red with a mutation says nothing of a test that is red without. */
START_TEST(a_test_that_fails_as_it_is_is_an_error)
{
	const char *path = file_of(
		"bad.yaml", "futexsim: 1\nname: bad\nprofile: linux\n"
			    "memory: {words: {F: 0}}\nthreads: {A: [yield]}\n"
			    "expect: {words: {F: 1}}\n");
	const struct outcome *o =
		CALL("test", "--mutate=no-lock:wait.wq.1", path);

	assert_code(o, 1);
	assert_err(o, "futexsim: error: without a mutation ");
	assert_err(o, "bad.yaml [linux] fails: expectation\n");
	ck_assert_str_eq(o->out, "");
}
END_TEST

START_TEST(the_table_is_the_same_for_any_number_of_processes)
{
	char *first;
	const struct outcome *o;

	o = CALL("test", "--mutate", "--quiet", "-j", "1", UNDER_THE_LOCK);
	assert_code(o, 1);
	first = strdup(o->out);
	o = CALL("test", "--mutate", "--quiet", "-j", "5", UNDER_THE_LOCK);
	assert_code(o, 1);
	ck_assert_str_eq(o->out, first);
	free(first);
}
END_TEST

/* ---- the matrix -------------------------------------------------------- */

/* The scenarios that the table of quirks names, each of which it says shows
 * its quirk. */
static const struct outcome *matrix_of_own(const char *options)
{
	char *command = NULL;
	const struct outcome *o;
	size_t size;
	FILE *out = open_memstream(&command, &size);
	int q;

	ck_assert_ptr_nonnull(out);
	fprintf(out, "futexsim quirks --quiet --matrix %s", options);
	for (q = 0; q < QUIRK_COUNT; q++)
		fprintf(out, " scenarios/%s", quirk_table[q].scenario);
	fclose(out);
	o = program_shell(command);
	free(command);
	return o;
}

START_TEST(every_quirk_is_noticed_by_a_scenario)
{
	const struct outcome *o = matrix_of_own("");
	char expected[64];

	assert_code(o, 0);
	snprintf(expected, sizeof(expected), "%d quirks, %d noticed, 0 not\n",
		 QUIRK_COUNT, QUIRK_COUNT);
	assert_out(o, expected);
}
END_TEST

/* On and off: the own scenario runs profiles with the quirk and without. */
START_TEST(each_quirk_is_noticed_both_ways_by_its_own_scenario)
{
	const struct outcome *o = matrix_of_own("--format json");
	json_t *root = json_loads(o->out, 0, NULL), *list, *one;
	const char *path, *own;
	size_t q, i;
	bool is_own;

	ck_assert_ptr_nonnull(root);
	list = json_object_get(root, "quirks");
	ck_assert_uint_eq(json_array_size(list), QUIRK_COUNT);
	for (q = 0; q < QUIRK_COUNT; q++) {
		own = quirk_table[q].scenario;
		is_own = false;
		json_array_foreach(
			json_object_get(json_array_get(list, q), "noticed_by"),
			i, one)
		{
			path = json_string_value(
				json_object_get(one, "scenario"));
			is_own |= !strcmp(path + strlen("scenarios/"), own) &&
				  json_is_true(json_object_get(one, "on")) &&
				  json_is_true(json_object_get(one, "off"));
		}
		ck_assert_msg(is_own, "%s and %s", quirk_table[q].name, own);
	}
	json_decref(root);
}
END_TEST

START_TEST(a_quirk_that_nobody_notices_fails_the_matrix)
{
	const struct outcome *o = CALL("quirks", "--matrix", "scenarios/wait");

	assert_code(o, 1);
	assert_out(o, "teardown-try-lock                 0 scenarios\n");
	assert_code(CALL("quirks", "--matrix"), 2);
	assert_code(CALL("quirks", "scenarios/wait"), 2);
	assert_code(CALL("quirks", "--format", "json"), 2);
}
END_TEST

Suite *mutate_suite(void)
{
	const TTest *const on_machine[] = {
		a_lock_that_is_left_out_is_not_unlocked_either,
		a_lock_elsewhere_stays_a_lock,
		a_trylock_takes_what_is_taken_or_fails_on_what_is_free,
		a_flag_is_not_seen,
		a_count_that_is_changed_in_two_steps_loses_a_change,
	};

	return MACHINE_SUITE("mutation", on_machine);
}

Suite *noticing_suite(void)
{
	const TTest *const tests[] = {
#ifndef HAS_ASAN
		a_step_that_does_not_end_ends_the_run,
#endif
		names_of_mutations_are_their_own,
		every_lock_of_the_model_is_in_the_list,
		a_lock_that_a_scenario_needs_is_missed,
		what_nobody_notices_survives,
		a_quirk_is_noticed_by_its_own_scenario_first,
		a_typo_is_answered_with_the_nearest_name,
		a_test_that_fails_as_it_is_is_an_error,
		the_table_is_the_same_for_any_number_of_processes,
		every_quirk_is_noticed_by_a_scenario,
		each_quirk_is_noticed_both_ways_by_its_own_scenario,
		a_quirk_that_nobody_notices_fails_the_matrix,
	};

	return PROGRAM_SUITE("noticing", tests);
}
