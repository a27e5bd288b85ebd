/*
 * test_touches.c - dependence where it takes more than the kinds of two events:
 * results, ranges, deadlines, and touches that no event tells of.
 */
#include "tests/suites.h"

#include <errno.h>

#include "trace/event.h"

/* ---- events ------------------------------------------------------------ */

static bool are_touches_dependent(struct touch a, struct touch b)
{
	bool is_dependent = touch_is_dependent(&a, &b);

	ck_assert_int_eq(is_dependent, touch_is_dependent(&b, &a));
	return is_dependent;
}

static bool are_dependent(struct event a, struct event b)
{
	bool is_dependent;

	b.thread = a.thread == 0 ? 1 : 0;
	is_dependent = event_is_dependent(&a, &b);
	ck_assert_int_eq(is_dependent, event_is_dependent(&b, &a));
	return is_dependent;
}

#define EVENT(...) ((struct event){__VA_ARGS__})
#define TOUCH(...) ((struct touch){__VA_ARGS__})

/*
 * A getter holds a reference or borrows one, so the count is not zero around
 * it.  Of two puts the last frees.  Memory that is freed is written to.
 */
START_TEST(references_are_ordered_only_where_the_last_one_may_go)
{
	const struct event get = EVENT(.kind = EVENT_REF_GET, .object = 9);
	const struct event put = EVENT(.kind = EVENT_REF_PUT, .object = 9);
	const struct event count = EVENT(.kind = EVENT_REF_COUNT, .object = 9);
	const struct touch freed = {9, 0, TOUCH_REF, TOUCH_WRITE};

	ck_assert(!are_dependent(get, get));
	ck_assert(!are_dependent(get, put));
	ck_assert(are_dependent(put, put));
	ck_assert(!are_dependent(count, count));
	ck_assert(are_dependent(count, get));
	ck_assert(are_dependent(count, put));
	for (int mode = TOUCH_GET; mode <= TOUCH_COUNT; mode++)
		ck_assert(are_touches_dependent(
			freed, TOUCH(9, 0, TOUCH_REF, (enum touch_mode)mode)));
}
END_TEST

START_TEST(a_comparison_that_fails_has_only_looked)
{
	struct event failed =
		EVENT(.kind = EVENT_USER_CAS, .object = 64, .in2 = 1, .out = 2);
	struct event done =
		EVENT(.kind = EVENT_USER_CAS, .object = 64, .in2 = 1, .out = 1);
	struct event load = EVENT(.kind = EVENT_USER_LOAD, .object = 64);

	ck_assert(!are_dependent(failed, failed));
	ck_assert(!are_dependent(failed, load));
	ck_assert(are_dependent(failed, done));
	ck_assert(are_dependent(done, done));
	ck_assert(are_dependent(done, load));
	failed.in2 = UINT32_MAX - EFAULT + 1; /* -EFAULT in 32 bits, no more */
	failed.out = -EFAULT;
	ck_assert(!are_dependent(failed, load));
}
END_TEST

/*
 * 24 bytes at 64 are the words 64, 68 ... 84.  Misaligned by two, four bytes
 * are in two words.
 */
START_TEST(a_range_touches_every_word_that_it_has_a_byte_of)
{
	struct event read =
		EVENT(.kind = EVENT_USER_READ, .object = 64, .size = 24);
	struct event store =
		EVENT(.kind = EVENT_USER_STORE, .object = 60, .size = 4);

	ck_assert(!are_dependent(read, store));
	for (store.object = 64; store.object < 88; store.object += 4)
		ck_assert(are_dependent(read, store));
	ck_assert(!are_dependent(read, store));
	read.object = 66;
	read.size = 4;
	for (store.object = 60; store.object <= 72; store.object += 4)
		ck_assert_int_eq(are_dependent(read, store),
				 store.object == 64 || store.object == 68);
}
END_TEST

START_TEST(a_range_of_more_words_than_fit_touches_everything)
{
	struct event read =
		EVENT(.kind = EVENT_USER_READ, .object = 64, .size = 32);
	struct event lock = EVENT(.kind = EVENT_LOCK, .object = 1);
	struct touch touches[EVENT_TOUCHES_MAX];

	ck_assert_uint_eq(event_touches(&read, touches), 8);
	ck_assert_uint_eq(touches[7].place, 92);
	ck_assert(!are_dependent(read, lock));
	read.size = 33;
	ck_assert_uint_eq(event_touches(&read, touches), 1);
	ck_assert(are_dependent(read, lock));
	read.size = UINT32_MAX;
	ck_assert(are_dependent(read, lock));
	read.size = 32;
	read.object = 65; /* 65 ... 96: nine words */
	ck_assert(are_dependent(read, lock));
}
END_TEST

START_TEST(an_access_to_nowhere_touches_no_word)
{
	struct event store = EVENT(.kind = EVENT_USER_STORE, .out = -EFAULT);
	struct event other = EVENT(.kind = EVENT_USER_STORE, .object = 0);

	ck_assert(!are_dependent(store, other));
}
END_TEST

START_TEST(only_an_unlock_that_hands_over_wakes)
{
	struct event unlock =
		EVENT(.kind = EVENT_UNLOCK, .object = 1, .peer = EVENT_NOBODY);
	struct event wake = EVENT(.kind = EVENT_WAKE, .peer = 2);

	ck_assert(!are_dependent(unlock, wake));
	unlock.peer = 3;
	ck_assert(!are_dependent(unlock, wake));
	unlock.peer = 2;
	ck_assert(are_dependent(unlock, wake));
	unlock.peer = 0; /* is a thread */
	wake.peer = 0;
	ck_assert(are_dependent(unlock, wake));
}
END_TEST

START_TEST(timers_with_one_deadline_fire_in_the_order_of_arming)
{
	struct event a = EVENT(.kind = EVENT_TIMER_ARM, .in = 5);
	struct event b = EVENT(.kind = EVENT_TIMER_ARM, .in = 5);

	ck_assert(are_dependent(a, b));
	b.in = 6;
	ck_assert(!are_dependent(a, b));
}
END_TEST

/*
 * All there is to a clock with other timers: it shows @wall, the earliest of
 * them is due at @next.  Fire and arm in both orders and compare.
 */
static bool fire_and_arm_commute(uint64_t wall, uint64_t next, uint64_t mine)
{
	uint64_t after = wall > next ? wall : next;
	bool would_fire_mine = mine > wall && mine < next;

	return !would_fire_mine && (mine <= wall) == (mine <= after);
}

START_TEST(arming_is_ordered_with_firing_unless_its_deadline_is_later)
{
	struct event arm = EVENT(.kind = EVENT_TIMER_ARM);
	struct event fire = EVENT(.kind = EVENT_TIMER_FIRE, .peer = 2,
				  .thread = MOVER_CLOCK);
	uint64_t wall;

	for (arm.in = 0; arm.in < 8; arm.in++) {
		for (fire.in = 0; fire.in < 8; fire.in++) {
			ck_assert_int_eq(are_dependent(fire, arm),
					 arm.in <= fire.in);
			for (wall = 0; wall < 8; wall++)
				ck_assert(fire_and_arm_commute(wall, fire.in,
							       arm.in) ||
					  are_dependent(fire, arm));
		}
	}
	arm.in = UINT64_MAX - 1;
	fire.kind = EVENT_CLOCK_ADVANCE;
	fire.in = 1;
	ck_assert(are_dependent(fire, arm));
}
END_TEST

/* Both signals come from one sender; those to two threads from two. */
START_TEST(signals_to_two_threads_have_two_movers)
{
	struct event a = EVENT(.kind = EVENT_SIGNAL, .thread = MOVER_SIGNAL);
	struct event b = a;

	a.peer = 0;
	b.peer = 1;
	ck_assert(!event_is_dependent(&a, &b));
	b.peer = 0;
	ck_assert(event_is_dependent(&a, &b));
}
END_TEST

/* The end writes what all that may still happen reads. */
START_TEST(the_end_of_the_options_conflicts_with_each_of_them)
{
	const struct touch end = {TOUCH_OPTION_END, 0, TOUCH_OPTION,
				  TOUCH_WRITE};
	const enum event_kind options[] = {EVENT_SIGNAL, EVENT_SPURIOUS};
	struct touch touches[EVENT_TOUCHES_MAX];

	for (int i = 0; i < 2; i++) {
		struct event e = EVENT(.kind = options[i], .peer = 0);
		unsigned int conflicts = 0, count = event_touches(&e, touches);

		while (count-- > 0)
			conflicts += are_touches_dependent(end, touches[count]);
		ck_assert_uint_eq(conflicts, 1);
	}
}
END_TEST

/* ---- what the machine tells -------------------------------------------- */

/* A call on a thread's number reads whether it is there. */
START_TEST(who_looks_for_a_thread_is_ordered_with_its_exit)
{
	const struct event leave = EVENT(.kind = EVENT_EXIT, .thread = 2);
	const struct touch look = {2, 0, TOUCH_EXIT, TOUCH_READ};
	struct touch touches[EVENT_TOUCHES_MAX];
	unsigned int conflicts = 0, count = event_touches(&leave, touches);

	while (count-- > 0)
		conflicts += are_touches_dependent(look, touches[count]);
	ck_assert_uint_eq(conflicts, 1);
}
END_TEST

/* A look-up asks who waits under another key; joining changes the answer. */
START_TEST(looks_conflict_with_joins_under_another_key)
{
	const struct touch look = {64, 1, TOUCH_LOOK, TOUCH_READ};
	struct touch join = {64, 2, TOUCH_LOOK, TOUCH_WRITE};
	struct touch other = {64, 2, TOUCH_LOOK, TOUCH_READ};

	ck_assert(are_touches_dependent(look, join));
	ck_assert(!are_touches_dependent(look, other));
	other.mode = TOUCH_WRITE;
	join.detail = 1;
	ck_assert(!are_touches_dependent(join, other));
	ck_assert(!are_touches_dependent(look, join));
	join.detail = 2;
	join.place = 68;
	ck_assert(!are_touches_dependent(look, join));
}
END_TEST

START_TEST(passing_through_a_mutex_conflicts_with_holding_it)
{
	const struct touch pass = {1, 0, TOUCH_MUTEX, TOUCH_PASS};

	ck_assert(!are_touches_dependent(pass, pass));
	for (int mode = 0; mode < TOUCH_PASS; mode++)
		ck_assert(are_touches_dependent(
			pass, TOUCH(1, 0, TOUCH_MUTEX, (enum touch_mode)mode)));
}
END_TEST

START_TEST(everything_conflicts_with_any_touch)
{
	for (int kind = 0; kind < TOUCH_KIND_COUNT; kind++) {
		for (int mode = 0; mode < TOUCH_MODE_COUNT; mode++)
			ck_assert(are_touches_dependent(
				TOUCH(0, 0, TOUCH_ALL, TOUCH_READ),
				TOUCH(0, 0, (enum touch_kind)kind,
				      (enum touch_mode)mode)));
	}
}
END_TEST

START_TEST(other_places_are_read_together_and_written_alone)
{
	const enum touch_kind kinds[] = {
		TOUCH_MAP,  TOUCH_LEAVING, TOUCH_MEMORY, TOUCH_CHANGE,
		TOUCH_SHOW, TOUCH_BEGIN,   TOUCH_OPTION, TOUCH_EXIT,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct touch read = {3, 0, kinds[i], TOUCH_READ};
		struct touch write = {3, 0, kinds[i], TOUCH_WRITE};

		ck_assert(!are_touches_dependent(read, read));
		ck_assert(are_touches_dependent(read, write));
		ck_assert(are_touches_dependent(write, write));
		write.place = 4;
		ck_assert(!are_touches_dependent(read, write));
		write.place = 3;
		write.kind = TOUCH_ATOMIC;
		ck_assert(!are_touches_dependent(read, write));
	}
}
END_TEST

/*
 * Read, count, cancel and pass with themselves, get with itself: 5; get with
 * put and arm with cancel, in both orders: 4.
 */
START_TEST(modes_commute_only_where_it_was_thought_of)
{
	unsigned int commuting = 0;

	for (int a = 0; a < TOUCH_MODE_COUNT; a++) {
		for (int b = 0; b < TOUCH_MODE_COUNT; b++)
			commuting += !are_touches_dependent(
				TOUCH(1, 0, TOUCH_MUTEX, (enum touch_mode)a),
				TOUCH(1, 0, TOUCH_MUTEX, (enum touch_mode)b));
	}
	ck_assert_uint_eq(commuting, 9);
}
END_TEST

Suite *touches_suite(void)
{
	Suite *suite = suite_create("touches");
	TCase *events = tcase_create("events");
	TCase *machine = tcase_create("machine");

	tcase_add_test(events,
		       references_are_ordered_only_where_the_last_one_may_go);
	tcase_add_test(events, a_comparison_that_fails_has_only_looked);
	tcase_add_test(events,
		       a_range_touches_every_word_that_it_has_a_byte_of);
	tcase_add_test(events,
		       a_range_of_more_words_than_fit_touches_everything);
	tcase_add_test(events, an_access_to_nowhere_touches_no_word);
	tcase_add_test(events, only_an_unlock_that_hands_over_wakes);
	tcase_add_test(events,
		       timers_with_one_deadline_fire_in_the_order_of_arming);
	tcase_add_test(
		events,
		arming_is_ordered_with_firing_unless_its_deadline_is_later);
	tcase_add_test(events, signals_to_two_threads_have_two_movers);
	tcase_add_test(events,
		       the_end_of_the_options_conflicts_with_each_of_them);
	suite_add_tcase(suite, events);
	tcase_add_test(machine,
		       who_looks_for_a_thread_is_ordered_with_its_exit);
	tcase_add_test(machine, looks_conflict_with_joins_under_another_key);
	tcase_add_test(machine,
		       passing_through_a_mutex_conflicts_with_holding_it);
	tcase_add_test(machine, everything_conflicts_with_any_touch);
	tcase_add_test(machine,
		       other_places_are_read_together_and_written_alone);
	tcase_add_test(machine, modes_commute_only_where_it_was_thought_of);
	suite_add_tcase(suite, machine);
	return suite;
}
