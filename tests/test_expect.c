/*
 * test_expect.c - expectations on the end, properties of the whole run, and
 * bugs that are expected.
 */
#include "tests/machine.h"
#include "tests/suites.h"

static struct run run;

static void play(const char *text, const char *profile)
{
	machine_play_whole(text, profile, &run);
}

/* ---- expectations ------------------------------------------------------ */

/* One thread that stores and sleeps, one that ends; then @expect. */
#define EXPECTING(expect)                                                      \
	SCENARIO("threads:\n"                                                  \
		 "  A: [s = store F 1, r = futex_wait G 0]\n"                  \
		 "  B: [n = futex_wake F 1]\n"                                 \
		 "schedule: [all: until stuck, A: until stuck]\n" expect)

static void assert_unmet(const char *text, const char *what)
{
	play(text, "linux");
	assert_verdicts("expectation");
	ck_assert_str_eq(machine_verdict()->what, what);
	/* Four lines of SCENARIO and threads, one of the schedule. */
	ck_assert_int_eq(machine_verdict()->line, 8);
	ck_assert(!run.is_expected);
}

START_TEST(every_unmet_expectation_is_told_with_what_was_found)
{
	play(EXPECTING("expect: {returns: {B.n: 0, A.s: 0}, words: {F: 1}, "
		       "threads: {A: blocked, B: done}, "
		       "queues: {G: [A], F: []}}\n"),
	     "linux");
	assert_verdicts("");
	assert_unmet(EXPECTING("expect: {returns: {B.n: 1}}\n"),
		     "B.n is 0, not 1");
	assert_unmet(EXPECTING("expect: {returns: {B.n: ETIMEDOUT}}\n"),
		     "B.n is 0, not -ETIMEDOUT");
	assert_unmet(EXPECTING("expect: {returns: {A.r: 0}}\n"),
		     "A.r should be 0, but A is blocked on futex");
	assert_unmet(EXPECTING("expect: {words: {F: 2}}\n"), "F is 1, not 2");
	assert_unmet(EXPECTING("expect: {threads: {A: done}}\n"),
		     "A is blocked on futex, not done");
	assert_unmet(EXPECTING("expect: {threads: {B: blocked}}\n"),
		     "B is done, not blocked");
	assert_unmet(EXPECTING("expect: {queues: {F: [A]}}\n"),
		     "the queue of F is [], not [A]");
	assert_unmet(EXPECTING("expect: {queues: {G: []}}\n"),
		     "the queue of G is [A], not []");
}
END_TEST

START_TEST(queues_are_expected_from_their_head_on)
{
	const char *text = SCENARIO("threads:\n"
				    "  A: [futex_wait F 0]\n"
				    "  B: [futex_wait F 0]\n"
				    "schedule: [B: until blocked, "
				    "A: until blocked]\n"
				    "expect: {queues: {F: [A, B]}}\n");

	play(text, "linux");
	assert_verdicts("expectation");
	ck_assert_str_eq(machine_verdict()->what,
			 "the queue of F is [B, A], not "
			 "[A, B]");
}
END_TEST

/* ---- properties -------------------------------------------------------- */

#define WITH_PROPERTY(property)                                                \
	SCENARIO("threads: {A: [store F 1, store F 2, mark here]}\n"           \
		 "expect: {" property "}\n")

static void assert_property(const char *text, const char *what)
{
	play(text, "linux");
	assert_verdicts(what ? "expectation" : "");
	if (what)
		ck_assert_str_eq(machine_verdict()->what, what);
}

START_TEST(a_property_is_looked_at_between_any_two_steps)
{
	assert_property(WITH_PROPERTY("always: [{name: p, that: F <= 2}]"),
			NULL);
	assert_property(WITH_PROPERTY("always: [{name: p, that: F != 1, "
				      "because: x}]"),
			"p does not always hold: x");
	/* After the store of 1, the first event. */
	ck_assert_uint_eq(machine_verdict()->at, 1);
	assert_property(WITH_PROPERTY("never: [{name: p, that: F == 3}]"),
			NULL);
	assert_property(WITH_PROPERTY("never: [{name: p, that: F == 2}]"),
			"p came to pass");
	ck_assert_uint_eq(machine_verdict()->at, 2);
	assert_property(WITH_PROPERTY("eventually: [{name: p, that: "
				      "marked(A, here)}]"),
			NULL);
	assert_property(WITH_PROPERTY("eventually: [{name: p, that: F == 3}]"),
			"p did not come to pass");
	assert_property(WITH_PROPERTY("reachable: [{name: p, that: F == 1}]"),
			NULL);
	assert_property(WITH_PROPERTY("reachable: [{name: p, that: "
				      "blocked(A)}]"),
			"p did not come to pass");
}
END_TEST

START_TEST(a_builtin_property_is_a_verdict_that_must_not_show)
{
	const char *text = SCENARIO("threads: {A: [futex_wait F 0]}\n"
				    "expect: {never: [{name: p, "
				    "builtin: deadlock}]}\n");

	play(text, "linux");
	assert_verdicts("deadlock expectation");
	play(SCENARIO("threads: {A: [yield]}\n"
		      "expect: {reachable: [{name: p, builtin: leak}]}\n"),
	     "linux");
	assert_verdicts("expectation");
	ck_assert_str_eq(machine_verdict()->what, "p did not come to pass");
}
END_TEST

/* ---- expected bugs ----------------------------------------------------- */

#define EXPECTED(rest)                                                         \
	"futexsim: 1\nname: in-a-test\n"                                       \
	"memory: {words: {F: 0, G: 0}}\n"                                      \
	"threads:\n"                                                           \
	"  A: [r = futex_wait F 0 timeout=10ms]\n"                             \
	"  B: [n = futex_wake F 1]\n"                                          \
	"schedule:\n"                                                          \
	"  - A: until blocked\n"                                               \
	"  - clock: advance 10ms\n"                                            \
	"  - A: {after: woken.load, value: 0}\n"                               \
	"  - B: until done\n"                                                  \
	"  - A: until done\n"                                                  \
	"expect: {returns: {A.r: 0}}\n"                                        \
	"expected_bug: {id: X, kind: lost-wakeup" rest "}\n"

/* The unmet expectation is what the bug brings with it. */
START_TEST(an_expected_bug_must_show)
{
	play(EXPECTED(", profiles: [starry-0.5.11]"), "starry-0.5.11");
	assert_verdicts("lost-wakeup expectation");
	ck_assert(run.is_expected && run.has_bug_shown);
	play(EXPECTED(""), "linux");
	assert_verdicts("");
	ck_assert(!run.is_expected);
	ck_assert_str_eq(run.note,
			 "the expected bug X (lost-wakeup) did not show");
	play(EXPECTED(", strict: false"), "linux");
	ck_assert(run.is_expected);
}
END_TEST

START_TEST(a_bug_that_is_expected_of_other_profiles_is_a_bug)
{
	play(EXPECTED(", profiles: [linux]"), "starry-0.5.11");
	ck_assert(!run.is_expected && !run.is_bug_expected);
	play(EXPECTED(", profiles: [starry-0.5.11]"), "linux");
	ck_assert(run.is_expected);
}
END_TEST

START_TEST(a_bug_is_not_expected_of_changed_quirks)
{
	struct run_request request = request_of(EXPECTED(""), "linux");

	request.is_overridden = true;
	play_request(&request, &run);
	assert_verdicts("");
	ck_assert(run.is_expected && !run.is_bug_expected);
	request.quirks = UINT64_C(1) << QUIRK_TIMEOUT_SWALLOWS_WAKE;
	play_request(&request, &run);
	assert_verdicts("lost-wakeup expectation");
	ck_assert(!run.is_expected);
}
END_TEST

/* A and C stay in the queue; B's wake is spent on A, and C leaks. */
START_TEST(more_than_the_expected_bug_is_not_expected)
{
	play(SCENARIO("threads:\n"
		      "  A: [futex_wait F 0 timeout=10ms]\n"
		      "  C: [futex_wait F 0 timeout=10ms]\n"
		      "  B: [futex_wake F 1]\n"
		      "schedule: [A: until blocked, C: until blocked, "
		      "clock: advance 10ms, A: until done, C: until done, "
		      "B: until done]\n"
		      "expected_bug: {id: X, kind: lost-wakeup}\n"),
	     "starry-pre-545");
	assert_verdicts("lost-wakeup leak");
	ck_assert(run.has_bug_shown);
	ck_assert(!run.is_expected);
	ck_assert_str_eq(run.note, "there is more than the expected bug");
}
END_TEST

Suite *expect_suite(void)
{
	const TTest *const tests[] = {
		every_unmet_expectation_is_told_with_what_was_found,
		queues_are_expected_from_their_head_on,
		a_property_is_looked_at_between_any_two_steps,
		a_builtin_property_is_a_verdict_that_must_not_show,
		an_expected_bug_must_show,
		a_bug_that_is_expected_of_other_profiles_is_a_bug,
		a_bug_is_not_expected_of_changed_quirks,
		more_than_the_expected_bug_is_not_expected,
	};

	return MACHINE_SUITE("expect", tests);
}
