/*
 * races.h - races whose numbers can be derived, and bad runs of them.
 */
#ifndef TESTS_RACES_H
#define TESTS_RACES_H

#include "sim/search/search.h"
#include "tests/machine.h"

/* ---- scenarios --------------------------------------------------------- */

/*
 * a = 0, b = 1, c = 2 comes of A B A B A alone.  A is put aside twice and B
 * once where they could go on: three preemptions, and fewer will not do.
 */
#define THREE_LOOKS                                                            \
	SCENARIO("threads:\n"                                                  \
		 "  A: [a = load F, b = load F, c = load F,\n"                 \
		 "      assert not (a == 0 and b == 1 and c == 2)]\n"          \
		 "  B: [store F 1, store F 2]\n"                               \
		 "  C: [load G, load G, load G, load G]\n")
/* B gives way between its stores, and that costs nothing: two. */
#define TWO_LOOKS                                                              \
	SCENARIO("threads:\n"                                                  \
		 "  A: [a = load F, b = load F, c = load F,\n"                 \
		 "      assert not (a == 0 and b == 1 and c == 2)]\n"          \
		 "  B: [store F 1, yield, store F 2]\n"                        \
		 "  C: [load G, load G, load G, load G]\n")
/* Both load before both store: one of them is put aside in between. */
#define LOST_UPDATE                                                            \
	SCENARIO("threads:\n"                                                  \
		 "  A: [n = load F, store F n+1]\n"                            \
		 "  B: [n = load F, store F n+1]\n"                            \
		 "explore: {environment: {signals: {A: 1}}}\n"                 \
		 "expect: {words: {F: 2}}\n")

/*
 * What is recorded for B before A's look at its deadline is lost by A.  Whoever
 * of A and B goes on until it blocks or ends leaves the other a whole wake-up
 * or a whole timeout: one preemption is needed.  See
 * scenarios/timeout/swallows-wake.yaml.
 */
#define P01 "scenarios/timeout/swallows-wake-searched.yaml"
/* As bench and published searches of it have it: one; see there. */
#define MUTANT "scenarios/user/relock-forgets-a-waiter-searched.yaml"

/* ---- runs -------------------------------------------------------------- */

#define BUDGET 100000u

/* Owner: the caller frees it. */
struct scenario *file_scenario(const char *path);
struct search_request request_on(const struct scenario *s, const char *profile);
/* Search by @strategy within a number of executions. */
void search_by(struct search_request r, enum strategy strategy,
	       uint64_t executions, struct search_result *result);

/* A list that is only read. */
struct movers movers_of(const uint16_t *items, uint32_t count);

/*
 * Single runs, until one has @kind and more than @more_than preemptions.
 * Owner: @result holds it, and is to be freed.
 */
struct movers bad_run(const struct search_request *r, enum verdict_kind kind,
		      uint32_t more_than, struct search_result *result);

bool replays_to(const struct search_request *r, const struct movers *movers,
		enum verdict_kind kind);

#endif
