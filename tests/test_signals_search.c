/*
 * test_signals_search.c - signals in searches: every way of searching finds
 * what there is to find (compare.h).
 */
#include "tests/compare.h"
#include "tests/machine.h"
#include "tests/suites.h"

#define SHARED_BY_TWO                                                          \
	"processes: {P1: , P2: }\n"                                            \
	"memory:\n"                                                            \
	"  regions: {a: {kind: shared}}\n"                                     \
	"  maps: [{process: P1, region: a, at: 0x10000},\n"                    \
	"         {process: P2, region: a, at: 0x10000}]\n"                    \
	"  named: {F: {region: a}, G: {region: a, offset: 4}}\n"

static const char *const searched_texts[] = {
	/* A handler comes before or after each of two stores. */
	SCENARIO("procedures: {h: [seen = load F]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h, store F 1, store F 2]\n"
		 "  B: [kill A SIGUSR1]\n"),
	/* ... that others look at. */
	SCENARIO("procedures: {h: [f = xchg F 5]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h, store G 1]\n"
		 "  B: [kill A SIGUSR1]\n"
		 "  C: [f = load F, g = load G]\n"),
	SCENARIO("procedures: {h: [store F 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h restart, r = load G]\n"
		 "  B: [store G 1]\n"
		 "explore: {environment: {signals: [A]}}\n"),
	/* Of two with one handler who takes it depends on their masks. */
	SCENARIO("procedures: {h: [n = fetch_add F 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGTERM handler=h, sigmask block SIGTERM]\n"
		 "  B: [kill P1 SIGTERM]\n"),
	SCENARIO("procedures: {h: [n = load G]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGTERM handler=h, mark a]\n"
		 "  B: [store G 1]\n"
		 "  C: [sigmask block SIGTERM, kill P1 SIGTERM]\n"),
	/* Whether there is a handler when it comes. */
	SCENARIO("procedures: {h: [seen = load G]}\n"
		 "threads:\n"
		 "  A: [store F 1, store G 1]\n"
		 "  B: [sigaction SIGUSR1 handler=h, kill A SIGUSR1, sigaction "
		 "SIGUSR1 handler=ignore]\n"),
	/* All ends, wherever the others are. */
	SCENARIO("threads:\n"
		 "  A: [store F 1, store G 1]\n"
		 "  B: [kill A SIGKILL]\n"),
	SCENARIO("threads:\n"
		 "  A: [sigaction SIGTERM handler=default, r = load F, store G "
		 "r]\n"
		 "  B: [store F 3, kill P1 SIGTERM]\n"),
	"futexsim: 1\nname: t\n" SHARED_BY_TWO "threads:\n"
	"  A: [store F 1, store G 1, r = load F]\n"
	"  K: {process: P2, run: [sent = kill P1 SIGKILL, f = load F, g = "
	"load G]}\n",
	"futexsim: 1\nname: t\n" SHARED_BY_TWO "procedures: {h: [store F 7]}\n"
	"threads:\n"
	"  A: [sigaction SIGUSR1 handler=h, store G 1]\n"
	"  K: {process: P2, run: [g = load G, f = load F]}\n"
	"explore: {environment: {signals: [A]}}\n",
	/* Two states that differ in what is pending alone, ... */
	SCENARIO("procedures: {h: [store F 1]}\n"
		 "threads:\n"
		 "  A: [sigmask block SIGUSR1, sigaction SIGUSR1 "
		 "handler=ignore, sigaction SIGUSR1 handler=h, sigmask set, "
		 "g = load G]\n"
		 "  B: [kill A SIGUSR1, store G 1]\n"),
	/* ... in what is blocked (v is 2 in the end, as in the beginning), ...
	 */
	SCENARIO("procedures: {h: [store G 1]}\n"
		 "threads:\n"
		 "  A:\n"
		 "    - sigaction SIGUSR1 handler=h\n"
		 "    - v = load F\n"
		 "    - {if: v == 0, then: [sigmask block SIGUSR1], else: "
		 "[sigmask set]}\n"
		 "    - v = xchg F 2\n"
		 "    - v = load F\n"
		 "    - kill A SIGUSR1\n"
		 "  B: [store F 1]\n"),
	/* ... and in what is done about it. */
	SCENARIO("procedures: {h: [store F 1], g: [store G 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h, kill A SIGUSR1]\n"
		 "  B: [sigaction SIGUSR1 handler=g]\n"),
	/* A sleep and what ends it. */
	SCENARIO("procedures: {h: [store F 1]}\n"
		 "threads:\n"
		 "  A: [r = nanosleep 1ms, f = load F]\n"
		 "  B: [store F 1, store F 2]\n"),
};

START_TEST(searches_agree)
{
	struct scenario *s = scenario_of(searched_texts[_i / 2]);

	compared = 0;
	compare_all(s, searched_texts[_i / 2],
		    _i % 2 ? "linux" : "starry-0.5.11", GRANULARITY_KERNEL,
		    60000);
	compare_all(s, searched_texts[_i / 2],
		    _i % 2 ? "linux" : "starry-0.5.11", GRANULARITY_CALL,
		    60000);
	ck_assert_uint_eq(compared, 2);
	scenario_free(s);
}
END_TEST

/* The calls that are interrupted take too many steps for all orders. */
static const char *const searched_calls[] = {
	SCENARIO("procedures: {h: [store G 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h restart, r = futex_wait F "
		 "0, g = load G]\n"
		 "  B: [store F 1, n = futex_wake F 1]\n"
		 "explore: {environment: {signals: [A]}}\n"),
	SCENARIO("procedures: {h: [store F 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h, r = futex_wait F 0, s = "
		 "futex_wait F 0]\n"
		 "  B: [kill A SIGUSR1, n = futex_wake F 1]\n"),
	SCENARIO("procedures: {h: [store G 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGTERM handler=h restart, r = futex_wait F "
		 "0]\n"
		 "  B: [n = futex_wake F 1, m = futex_wake F 1]\n"
		 "  C: [kill P1 SIGTERM]\n"),
	SCENARIO("procedures: {h: [store G 1]}\n"
		 "threads:\n"
		 "  A: [sigaction SIGUSR1 handler=h restart, r = futex_wait F "
		 "0 timeout=1ms]\n"
		 "explore: {environment: {signals: {A: 2}}}\n"),
	SCENARIO("threads:\n"
		 "  A: [r = futex_wait F 0]\n"
		 "  B: [kill A SIGKILL, store F 1]\n"),
};

START_TEST(searches_of_calls_agree)
{
	struct scenario *s = scenario_of(searched_calls[_i / 2]);

	compared = 0;
	compare_all(s, searched_calls[_i / 2],
		    _i % 2 ? "linux" : "starry-0.5.11", GRANULARITY_CALL,
		    60000);
	ck_assert_uint_eq(compared, 1);
	compare_long(s, searched_calls[_i / 2]);
	scenario_free(s);
}
END_TEST

/* ---- the suite --------------------------------------------------------- */

Suite *signals_search_suite(void)
{
	Suite *suite = suite_create("signals_search");
	TCase *searches = tcase_create("searches");
	const int texts = sizeof(searched_texts) / sizeof(*searched_texts);
	const int calls = sizeof(searched_calls) / sizeof(*searched_calls);

	tcase_add_checked_fixture(searches, machine_setup, machine_teardown);
	tcase_set_timeout(searches, 0);
	tcase_add_loop_test(searches, searches_agree, 0, 2 * texts);
	tcase_add_loop_test(searches, searches_of_calls_agree, 0, 2 * calls);
	suite_add_tcase(suite, searches);
	return suite;
}
