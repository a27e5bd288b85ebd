/*
 * test_lock_order_view.c - the picture of which lock is taken while which is
 * held: its circles are those of the judge.
 *
 * Traces are made of words as in test_lock_order.c: "ab" locks a, then b; in
 * capitals it tries, and gets it; "-" gives all back.  One thread goes after
 * the other.
 */
#include "tests/suites.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/judge/lock_order.h"
#include "tests/machine.h"
#include "tests/trace_fixture.h"
#include "tests/views.h"
#include "viz/lock_order/locks.h"

static const struct viz_options no_options;

/* ---- traces of words --------------------------------------------------- */

static const char *lock_name(char c)
{
	static char name[16];

	snprintf(name, sizeof(name), "wq:%c", tolower(c));
	return name;
}

static void give_back(struct fixture *f, char *held)
{
	for (size_t i = strlen(held); i-- > 0;)
		fixture_unlock(f, OBJECT_WQ, lock_name(held[i]));
	*held = '\0';
}

static void work(struct fixture *f, const char *word)
{
	char held[32] = "";
	unsigned int count = 0;

	for (; *word; word++) {
		if (*word == '-') {
			give_back(f, held);
			count = 0;
			continue;
		}
		if (isupper((unsigned char)*word))
			fixture_step(f, EVENT_TRYLOCK, OBJECT_WQ,
				     lock_name(*word))
				->out = 1;
		else
			fixture_lock(f, OBJECT_WQ, lock_name(*word));
		held[count++] = (char)tolower(*word);
		held[count] = '\0';
	}
	give_back(f, held);
}

static struct fixture three_threads(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1",
					      "C", "P1", NULL};

	return fixture_begin("words", threads);
}

static struct trace *of_words(const char *a, const char *b, const char *c)
{
	const char *words[] = {a, b, c};
	struct fixture f = three_threads();

	for (char name = 'a'; name <= 'd'; name++)
		fixture_object(&f, OBJECT_WQ, lock_name(name));
	for (f.thread = 0; f.thread < 3; f.thread++)
		work(&f, words[f.thread]);
	return f.t;
}

/* Does the picture say what @says and nothing else of circles? */
static void assert_circle(const char *a, const char *b, const char *c,
			  const char *says)
{
	static const char *const all[] = {"deadlock possible", "held by all",
					  "one thread goes"};
	struct trace *t = of_words(a, b, c);
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	for (unsigned int i = 0; i < 3; i++)
		ck_assert_msg(dot_has(dot, all[i]) ==
				      (strcmp(all[i], says) == 0),
			      "%s %s %s: %s", a, b, c, all[i]);
	free(dot);
	trace_free(t);
}

/* ---- circles ----------------------------------------------------------- */

START_TEST(circle_of_two_or_three_threads_is_a_deadlock)
{
	assert_circle("ab", "ba", "", "deadlock possible");
	assert_circle("ab", "bc", "ca", "deadlock possible");
	assert_circle("abc", "ca", "", "deadlock possible");
	assert_circle("ab", "ab", "", "");
	assert_circle("ab", "bc", "ac", "");
}
END_TEST

START_TEST(one_thread_does_not_wait_for_itself)
{
	assert_circle("ab-ba", "", "", "one thread goes");
	assert_circle("ab-ba", "ab", "", "deadlock possible");
	assert_circle("ab-bc-ca", "", "", "one thread goes");
}
END_TEST

START_TEST(gate_lets_one_thread_in_at_a_time)
{
	assert_circle("cab", "cba", "", "held by all");
	assert_circle("cab", "ba", "", "deadlock possible");
	assert_circle("cab-ab", "cba", "", "deadlock possible");
}
END_TEST

START_TEST(trylock_leads_from_but_not_to)
{
	assert_circle("ab", "bA", "", "");
	assert_circle("ab", "Ba", "", "deadlock possible");
}
END_TEST

/* Letters of the fixture and of the judge's own test mean the same. */
static struct kmutex mutexes[4];
static const char *works[3];

static void unlock_all(struct task *task)
{
	for (unsigned int i = 4; i-- > 0;)
		if (mutexes[i].owner == task)
			kmutex_unlock(&mutexes[i]);
}

static void work_of(struct task *task)
{
	for (const char *c = works[task->index]; *c; c++) {
		if (*c == '-')
			unlock_all(task);
		else
			kmutex_lock(&mutexes[*c - 'a']);
	}
	unlock_all(task);
}

/* What the judge says of the same words. */
static bool is_judged(char words[3][8])
{
	machine_begin(3);
	for (unsigned int i = 0; i < 4; i++)
		kmutex_init(&mutexes[i], KOBJECT_WQ);
	for (unsigned int i = 0; i < 3; i++) {
		works[i] = words[i];
		machine_thread(i, work_of);
	}
	machine_play("*");
	return sim_has_verdict(&machine, VERDICT_LOCK_ORDER);
}

static uint32_t next(uint32_t *state, uint32_t end)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % end;
}

/* Up to six letters; no lock is taken that is held already. */
static void invent(char word[8], uint32_t *state)
{
	unsigned int length = next(state, 7), held = 0, used = 0;

	for (unsigned int i = 0; i < length; i++) {
		unsigned int lock = next(state, 5);

		if (lock == 4 || held >> lock & 1) {
			word[used++] = '-';
			held = 0;
		} else {
			word[used++] = (char)('a' + lock);
			held |= 1u << lock;
		}
	}
	word[used] = '\0';
}

START_TEST(circles_are_those_of_the_judge)
{
	uint32_t state = 1;
	unsigned int deadlocks = 0;

	for (unsigned int i = 0; i < 400; i++) {
		char words[3][8];
		struct trace *t;
		struct locks l;
		bool is_deadlock = false;

		for (unsigned int k = 0; k < 3; k++)
			invent(words[k], &state);
		t = of_words(words[0], words[1], words[2]);
		locks_init(&l, t, &no_options);
		for (unsigned int k = 0; k < l.knot_count; k++)
			is_deadlock |= l.knots[k].circle == CIRCLE_DEADLOCK;
		ck_assert_msg(is_deadlock == is_judged(words), "%s %s %s",
			      words[0], words[1], words[2]);
		deadlocks += is_deadlock;
		locks_fini(&l);
		trace_free(t);
	}
	/* Neither all nor none, or nothing was tried. */
	ck_assert_uint_gt(deadlocks, 30);
	ck_assert_uint_lt(deadlocks, 370);
}
END_TEST

static unsigned int drawn, cycles;

static void check_run(const struct run *run)
{
	char *dot = view_dot(VIZ_LOCK_ORDER, run->trace, NULL);
	bool is_told = sim_has_verdict(run->sim, VERDICT_LOCK_ORDER);

	/* A scenario that ignores the verdict has no judge. */
	if (dot && run->sim->locks)
		ck_assert_msg(dot_has(dot, "deadlock possible") == is_told,
			      "%s", run->trace->scenario);
	ck_assert(dot || !is_told);
	drawn += dot != NULL;
	cycles += is_told;
	free(dot);
}

START_TEST(shipped_runs_have_a_cycle_if_the_judge_says_so)
{
	each_shipped_run(check_run);
	ck_assert_uint_gt(drawn, 50);
	ck_assert_uint_gt(cycles, 0);
}
END_TEST

/* ---- what is on an edge ------------------------------------------------ */

/* A locks a and b with steps 1 and 2, B with 5 and 6, C c with 9 ... */
START_TEST(edge_names_each_thread_with_its_first_step)
{
	struct trace *t = of_words("ab-ab", "ab", "ac");
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	/* A: 1 to 4 and 5 to 8; B: 9 to 12; C: 13, 14. */
	ck_assert(dot_has(dot, "label=\"A 2, B 10\""));
	ck_assert(dot_has(dot, "label=\"C 14\""));
	assert_renders(dot);
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(more_than_three_threads_are_counted)
{
	static const char *const threads[] = {"A", "P", "B", "P", "C", "P",
					      "D", "P", "E", "P", NULL};
	struct fixture f = fixture_begin("five", threads);
	char *dot;

	for (f.thread = 0; f.thread < 5; f.thread++)
		work(&f, "ab");
	dot = view_dot(VIZ_LOCK_ORDER, f.t, NULL);
	ck_assert(dot_has(dot, "label=\"A 2, B 6, C 10, +2\""));
	free(dot);
	trace_free(f.t);
}
END_TEST

/* Who closes the circle comes first: C, though B was there before. */
START_TEST(thread_that_closes_the_circle_comes_first)
{
	struct trace *t = of_words("ab", "bc", "ca-bc");
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	/* A 2, B 6, C 10 is the circle; C's own b -> c is not on it. */
	ck_assert(dot_has(dot, "label=\"B 6, C 14\""));
	free(dot);
	trace_free(t);
}
END_TEST

/* Asleep at the end: B would have locked a. */
START_TEST(who_waits_at_the_end_would_have_locked)
{
	struct fixture f = three_threads();
	char *dot;

	f.thread = 0;
	fixture_lock(&f, OBJECT_WQ, "wq:a");
	f.thread = 1;
	fixture_lock(&f, OBJECT_WQ, "wq:b");
	f.thread = 0;
	fixture_step(&f, EVENT_SLEEP, OBJECT_WQ, "wq:b");
	f.thread = 1;
	fixture_step(&f, EVENT_SLEEP, OBJECT_WQ, "wq:a");
	dot = view_dot(VIZ_LOCK_ORDER, f.t, NULL);
	ck_assert(dot_has(dot, "deadlock possible"));
	ck_assert(dot_has(dot, "label=\"A 3\""));
	ck_assert(dot_has(dot, "label=\"B 4\""));
	free(dot);
	trace_free(f.t);
}
END_TEST

/* ---- many locks -------------------------------------------------------- */

/* A chain of @count locks, each taken while the one before is held. */
static struct trace *chain(unsigned int count, bool is_closed)
{
	struct fixture f = three_threads();
	char name[2][24];

	for (unsigned int i = 0; i + 1 < count; i++) {
		snprintf(name[0], sizeof(name[0]), "wq:%u", i);
		snprintf(name[1], sizeof(name[1]), "wq:%u", i + 1);
		fixture_lock(&f, OBJECT_WQ, name[0]);
		fixture_lock(&f, OBJECT_WQ, name[1]);
		fixture_unlock(&f, OBJECT_WQ, name[1]);
		fixture_unlock(&f, OBJECT_WQ, name[0]);
	}
	f.thread = 1;
	if (is_closed) {
		fixture_lock(&f, OBJECT_WQ, "wq:11");
		fixture_lock(&f, OBJECT_WQ, "wq:10");
	}
	return f.t;
}

START_TEST(of_many_locks_the_cycle_and_its_neighbours_are_drawn)
{
	struct trace *t = chain(20, true);
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	/* 10 and 11, with 9 before and 12 behind them. */
	ck_assert(dot_has(dot, "16 of 20 locks not drawn: far from the cycle"));
	for (unsigned int i = 0; i < 20; i++) {
		char label[32];

		snprintf(label, sizeof(label), "tooltip=\"wq:%u\"", i);
		ck_assert_int_eq(dot_has(dot, label), i >= 9 && i <= 12);
	}
	assert_renders(dot);
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(of_many_locks_without_a_cycle_some_are_drawn)
{
	struct trace *t = chain(20, false);
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	ck_assert(dot_has(dot, "5 of 20 locks not drawn"));
	assert_renders(dot);
	free(dot);
	trace_free(t);
}
END_TEST

/* ---- nothing to draw --------------------------------------------------- */

START_TEST(nothing_to_draw_has_a_reason)
{
	const char *globs[] = {"wq.*"};
	struct viz_options o = {.hide = {globs, 1}};
	struct trace *t = of_words("a", "b-a", "");

	assert_no_view(VIZ_LOCK_ORDER, t, NULL,
		       "no thread takes a lock while it holds another");
	trace_free(t);
	t = of_words("ab", "", "");
	assert_no_view(VIZ_LOCK_ORDER, t, &o,
		       "nothing is left by --hide 'wq.*'");
	o = (struct viz_options){.around = 40, .span = 2};
	assert_no_view(VIZ_LOCK_ORDER, t, &o, "in --around 40±2");
	trace_free(t);
	t = trace_new(1);
	assert_no_view(VIZ_LOCK_ORDER, t, NULL, "the trace has no events");
	trace_free(t);
}
END_TEST

/* ---- golden and themes ------------------------------------------------- */

/* Places are those of the installed version of Graphviz: leave them out. */
static void drop_places(char *dot)
{
	static const char *const keys[] = {"pos=\"", "width=", "height="};
	char *to = dot;

	for (char *from = dot; *from;) {
		bool is_place = false;
		bool is_key = from > dot && strchr(" [", from[-1]);

		for (unsigned int i = 0; is_key && i < 3 && !is_place; i++)
			is_place = strncmp(from, keys[i], strlen(keys[i])) == 0;
		if (!is_place) {
			*to++ = *from++;
			continue;
		}
		from += strcspn(from, "=") + 1;
		from = *from == '"' ? strchr(from + 1, '"') + 1
				    : from + strcspn(from, " ]");
	}
	*to = '\0';
}

static struct trace *circle(void)
{
	struct trace *t = of_words("ab", "bc-d", "ca-da");
	struct verdict *v = trace_add_verdict(t);

	v->kind = VERDICT_LOCK_ORDER;
	v->rule = "mutexes are locked in one order";
	v->what = "they are not";
	v->thread = 2;
	v->at = 13;
	return t;
}

START_TEST(dot_is_the_golden_one)
{
	struct trace *t = circle();
	char *dot = view_dot(VIZ_LOCK_ORDER, t, NULL);

	assert_renders(dot);
	drop_places(dot);
	assert_golden_view(dot, "tests/golden/circle.locks.dot");
	free(dot);
	trace_free(t);
}
END_TEST

START_TEST(every_theme_renders)
{
	struct trace *t = circle();

	for (unsigned int i = 0; i < VIZ_THEME_COUNT; i++) {
		struct viz_options o = {.theme = (enum viz_theme)i};
		char *dot = view_dot(VIZ_LOCK_ORDER, t, &o);

		assert_renders(dot);
		free(dot);
	}
	trace_free(t);
}
END_TEST

Suite *lock_order_view_suite(void)
{
	const TTest *const tests[] = {
		circle_of_two_or_three_threads_is_a_deadlock,
		one_thread_does_not_wait_for_itself,
		gate_lets_one_thread_in_at_a_time,
		trylock_leads_from_but_not_to,
		circles_are_those_of_the_judge,
		shipped_runs_have_a_cycle_if_the_judge_says_so,
		edge_names_each_thread_with_its_first_step,
		more_than_three_threads_are_counted,
		thread_that_closes_the_circle_comes_first,
		who_waits_at_the_end_would_have_locked,
		of_many_locks_the_cycle_and_its_neighbours_are_drawn,
		of_many_locks_without_a_cycle_some_are_drawn,
		nothing_to_draw_has_a_reason,
		dot_is_the_golden_one,
		every_theme_renders,
	};

	return MACHINE_SUITE("lock-order-view", tests);
}
