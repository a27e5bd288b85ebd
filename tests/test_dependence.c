/*
 * test_dependence.c - which pairs of events may be swapped: all pairs of kinds
 * against a matrix that is written by hand.  Rules that need more than a kind
 * are in test_touches.c.
 */
#include "tests/suites.h"

#include <string.h>

#include "trace/event.h"

/* ---- all pairs of kinds ------------------------------------------------ */

/*
 * Kinds that behave alike, by what they touch.  "its" is the thread's that
 * makes the step, "a peer's" the other one's that the event names.
 */
enum family {
	LOCK, /* a mutex changes */
	SLEEP, /* a mutex changes; its sleep */
	TRY, /* a mutex is looked at */
	HAND, /* a mutex changes; a peer's sleep */
	LOAD,
	STORE,
	GET,
	PUT,
	COUNT,
	BLOCK, /* its sleep */
	WAKE, /* a peer's sleep */
	EXIT, /* its sleep, being there, wait */
	FLAG, /* its interrupt */
	RETURN, /* its interrupt, wait */
	CLOCK, /* time is read */
	ADVANCE, /* by the clock: time goes past any deadline */
	ARM, /* its timer; the armed ones by deadline */
	POLL, /* its timer */
	CANCEL, /* its timer; the armed ones */
	FIRE, /* by the clock: time, the armed ones, a peer's timer, sleep */
	SIGNAL, /* by a sender: a peer's interrupt, sleep */
	SPURIOUS, /* by a sender: a peer's sleep; how many are left */
	USER_READ,
	USER_WRITE,
	AREA, /* the areas of an address space */
	MAP, /* the same, and what all maps have in common */
	CHARGE, /* a peer's wait */
	BIRTH, /* a peer's sleep, being there */
	FORK, /* the same; the areas, and what all maps have in common */
	KILL, /* a peer's interrupt, sleep; is it there */
	NOTHING,
	BUG, /* the run is over */
	FAMILY_COUNT,
};

/*
 * When is an event of the row dependent on one of the column?
 *
 *	.	never		#	always
 *	o	same object (timers: same deadline)
 *	c	one's peer is the other's thread
 *	t	both have one peer, a third thread
 *	O	o or c		Q	o or t
 *
 * Columns in the order of enum family, up to the row's own.  Two events of the
 * clock are always dependent, having one mover; so are two of the sender of
 * signals to one thread.
 */
static const char *const expected[FAMILY_COUNT] = {
	/* Two changes of a mutex never commute, nor a look and a change. */
	[LOCK] = "o",
	[SLEEP] = "oo",
	[TRY] = "oo.",
	/* Handing over wakes: who sleeps, or is woken by somebody else. */
	[HAND] = "oOoQ",
	[LOAD] = ".....",
	[STORE] = "....oo",
	/* See references_are_ordered_only_where_the_last_one_may_go. */
	[GET] = ".......",
	[PUT] = ".......o",
	[COUNT] = "......oo.",
	/* Sleeping against what wakes. */
	[BLOCK] = "...c......",
	[WAKE] = ".c.t.....ct",
	[EXIT] = "...c......c.",
	/* A thread's flag is its own; only signals come from outside. */
	[FLAG] = ".............",
	[RETURN] = "..............",
	[CLOCK] = "...............",
	[ADVANCE] = "..............##",
	/* Armed after the clock moved it may have expired at once. */
	[ARM] = "...............#o",
	[POLL] = "..................",
	/* Without it another timer is next, or none. */
	[CANCEL] = "...............#...",
	/* Time and the next timer, whoever asks; else the one whose it is. */
	[FIRE] = ".c.t.....ctc..##Oc##",
	[SIGNAL] = ".c.t.....ctccc.....tt",
	/* The last one takes the chance from all others. */
	[SPURIOUS] = ".c.t.....ctc.......tt#",
	[USER_READ] = ".......................",
	[USER_WRITE] = "......................oo",
	[AREA] = "........................o",
	[MAP] = "........................o#",
	/* Charged before the wait is over, or after. */
	[CHARGE] = "...........c.c............t",
	/* Not there before; a copy is of what others map as well. */
	[BIRTH] = ".c.t.....ctc.......ttt.....t",
	[FORK] = ".c.t.....ctc.......ttt..o#.t#",
	[KILL] = ".c.t.....ctccc.....ttt.....ttt",
	[NOTHING] = "...............................",
	/* What has not happened before does not happen after. */
	[BUG] = "################################",
};

#define DEADLINE 100

#define SAMPLE(kind_, ...)                                                     \
	{                                                                      \
		.kind = EVENT_##kind_, .family = __VA_ARGS__                   \
	}

static const struct sample {
	enum event_kind kind;
	enum family family;
	enum object_kind object_kind;
	int64_t out;
	uint64_t in2;
	uint64_t in;
	bool is_alone; /* has no peer although others of its kind do */
} samples[] = {
	SAMPLE(LOCK, LOCK),
	SAMPLE(LOCK, LOCK, .in = 1),
	SAMPLE(SLEEP, SLEEP),
	SAMPLE(TRYLOCK, LOCK, .out = 1),
	SAMPLE(TRYLOCK, TRY, .out = 0),
	SAMPLE(UNLOCK, HAND),
	SAMPLE(UNLOCK, LOCK, .is_alone = true),
	SAMPLE(LOAD, LOAD),
	SAMPLE(STORE, STORE),
	SAMPLE(SWAP, STORE),
	SAMPLE(ADD, STORE),
	SAMPLE(SUB, STORE),
	SAMPLE(REF_GET, GET),
	SAMPLE(REF_PUT, PUT),
	SAMPLE(REF_COUNT, COUNT),
	SAMPLE(BLOCK, BLOCK),
	SAMPLE(RESUME, BLOCK),
	SAMPLE(WAKE, WAKE),
	SAMPLE(YIELD, NOTHING),
	SAMPLE(INTERRUPT_REGISTER, FLAG),
	SAMPLE(INTERRUPT_TAKE, FLAG),
	SAMPLE(DELIVER, FLAG),
	SAMPLE(SIGRETURN, FLAG),
	SAMPLE(KILL, KILL),
	SAMPLE(KILL, NOTHING, .is_alone = true),
	SAMPLE(ENTER, NOTHING),
	SAMPLE(RETURN, RETURN),
	SAMPLE(MARK, NOTHING),
	SAMPLE(EXIT, EXIT),
	SAMPLE(CLOCK_READ, CLOCK),
	SAMPLE(CLOCK_ADVANCE, ADVANCE),
	/* Which timer is next is measured anew: as if all were over. */
	SAMPLE(CLOCK_SET, BUG),
	SAMPLE(TIMER_ARM, ARM, .in = DEADLINE),
	SAMPLE(TIMER_POLL, POLL),
	SAMPLE(TIMER_CANCEL, CANCEL),
	SAMPLE(TIMER_FIRE, FIRE, .in = DEADLINE),
	SAMPLE(SIGNAL, SIGNAL),
	SAMPLE(SPURIOUS, SPURIOUS),
	SAMPLE(USER_LOAD, USER_READ),
	SAMPLE(USER_STORE, USER_WRITE),
	SAMPLE(USER_CAS, USER_WRITE, .in2 = 7, .out = 7),
	SAMPLE(USER_CAS, USER_READ, .in2 = 7, .out = 8),
	SAMPLE(USER_XCHG, USER_WRITE),
	SAMPLE(USER_FETCH, USER_WRITE),
	SAMPLE(USER_READ, USER_READ),
	SAMPLE(USER_WRITE, USER_WRITE),
	SAMPLE(USER_FAULT, USER_READ),
	SAMPLE(TIMEOUT_READ, USER_READ, .object_kind = OBJECT_WORD),
	SAMPLE(TIMEOUT_READ, NOTHING, .object_kind = OBJECT_TIMEOUT),
	SAMPLE(MAP, MAP),
	SAMPLE(UNMAP, AREA),
	SAMPLE(PROTECT, AREA),
	SAMPLE(REMAP, MAP),
	SAMPLE(EXEC, MAP),
	SAMPLE(CLONE, BIRTH),
	SAMPLE(FORK, FORK),
	SAMPLE(QUEUE_PUSH, NOTHING),
	SAMPLE(QUEUE_CHARGE, CHARGE),
	SAMPLE(QUEUE_REMOVE, NOTHING),
	SAMPLE(QUEUE_DROP, NOTHING),
	SAMPLE(QUEUE_DRAIN, NOTHING),
	SAMPLE(QUEUE_APPEND, NOTHING),
	SAMPLE(ENTRY_INSERT, NOTHING),
	SAMPLE(ENTRY_REMOVE, NOTHING),
	SAMPLE(TABLE_INSERT, NOTHING),
	SAMPLE(TABLE_REMOVE, NOTHING),
	SAMPLE(BUG, BUG),
};

#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

/* How the two events of a pair are placed. */
enum relation {
	APART, /* peers 2 and 3 */
	CROSSED, /* the other one */
	MEETING, /* peer 2 for both */
	RELATION_COUNT,
};

/* Thread 0 makes the first event of a pair, thread 1 the second. */
static struct event sample_event(const struct sample *s, int32_t thread,
				 bool is_same_object, enum relation relation)
{
	struct event e = {
		.thread = thread,
		.kind = s->kind,
		.object_kind = s->object_kind,
		.object = 0x1000,
		.in = s->in,
		.in2 = s->in2,
		.out = s->out,
	};
	const int32_t peers[RELATION_COUNT] = {2 + thread, 1 - thread, 2};

	if (!is_same_object)
		e.object += 0x100 * (uint64_t)thread;
	/* Later than those that fire, and different from each other. */
	if (!is_same_object && s->family == ARM)
		e.in += 1 + (uint64_t)thread;
	e.peer = s->is_alone ? EVENT_NOBODY : peers[relation];
	if (s->family == FIRE || s->family == ADVANCE)
		e.thread = MOVER_CLOCK;
	if (s->family == SIGNAL || s->family == SPURIOUS)
		e.thread = MOVER_SIGNAL;
	return e;
}

static bool is_expected(enum family a, enum family b, bool is_same_object,
			enum relation relation)
{
	switch (a >= b ? expected[a][b] : expected[b][a]) {
	case '.':
		return false;
	case '#':
		return true;
	case 'o':
		return is_same_object;
	case 'c':
		return relation == CROSSED;
	case 't':
		return relation == MEETING;
	case 'O':
		return is_same_object || relation == CROSSED;
	case 'Q':
		return is_same_object || relation == MEETING;
	}
	ck_abort_msg("no such letter");
	return false;
}

static void check_pair(const struct sample *x, const struct sample *y)
{
	for (int i = 0; i < 2 * RELATION_COUNT; i++) {
		bool is_same = i % 2;
		enum relation relation = (enum relation)(i / 2);
		struct event a = sample_event(x, 0, is_same, relation);
		struct event b = sample_event(y, 1, is_same, relation);
		bool wanted =
			is_expected(x->family, y->family, is_same, relation);

		if (event_is_dependent(&a, &b) == wanted &&
		    event_is_dependent(&b, &a) == wanted)
			continue;
		ck_abort_msg("%s (%d) and %s (%d), %s object, relation %d: "
			     "wanted %d",
			     event_operation(x->kind), (int)(x - samples),
			     event_operation(y->kind), (int)(y - samples),
			     is_same ? "same" : "another", relation, wanted);
	}
}

START_TEST(every_pair_of_kinds_is_as_the_matrix_says)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		ck_assert_uint_eq(strlen(expected[i]), i + 1);
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		for (size_t j = 0; j < SAMPLE_COUNT; j++)
			check_pair(&samples[i], &samples[j]);
	}
}
END_TEST

/* A kind that is added has to be thought about, above. */
START_TEST(every_kind_of_event_has_a_sample)
{
	bool is_seen[EVENT_KIND_COUNT] = {false};

	for (size_t i = 0; i < SAMPLE_COUNT; i++)
		is_seen[samples[i].kind] = true;
	for (int k = 0; k < EVENT_KIND_COUNT; k++)
		ck_assert_msg(is_seen[k], "%s (%d) has none",
			      event_operation((enum event_kind)k), k);
}
END_TEST

START_TEST(two_events_of_one_mover_are_dependent)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		for (size_t j = 0; j < SAMPLE_COUNT; j++) {
			struct event a =
				sample_event(&samples[i], 0, true, APART);
			struct event b =
				sample_event(&samples[j], 0, false, APART);

			if (a.thread == b.thread)
				ck_assert(event_is_dependent(&a, &b));
		}
	}
}
END_TEST

START_TEST(a_kind_that_is_not_known_depends_on_everything)
{
	struct event stranger = {.kind = EVENT_KIND_COUNT, .thread = 1};
	struct event mark = {.kind = EVENT_MARK, .thread = 0};

	ck_assert(event_is_dependent(&stranger, &mark));
	ck_assert(event_is_dependent(&mark, &stranger));
	stranger.kind = (enum event_kind)(EVENT_KIND_COUNT + 1);
	ck_assert(event_is_dependent(&stranger, &mark));
}
END_TEST

Suite *dependence_suite(void)
{
	Suite *suite = suite_create("dependence");
	TCase *tcase = tcase_create("pairs");

	tcase_add_test(tcase, every_pair_of_kinds_is_as_the_matrix_says);
	tcase_add_test(tcase, every_kind_of_event_has_a_sample);
	tcase_add_test(tcase, two_events_of_one_mover_are_dependent);
	tcase_add_test(tcase, a_kind_that_is_not_known_depends_on_everything);
	suite_add_tcase(suite, tcase);
	return suite;
}
