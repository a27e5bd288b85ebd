/*
 * call_texts.h - small scenarios of calls that are about several words or
 * clocks, on Linux: what a search has to take care of.
 */
#ifndef TESTS_CALL_TEXTS_H
#define TESTS_CALL_TEXTS_H

#include "sim/loader/exploration.h"

#define CALL_TEXT(threads)                                                     \
	"futexsim: 1\nname: in-a-test\nprofile: linux\n"                       \
	"memory: {words: {F: 0, G: 0, H: 0}}\nthreads:\n" threads
#define ADDS " wake=1 wake2=1 op=add:1 "

static const struct {
	enum granularity granularity;
	const char *text;
} call_texts[] = {
	/* Both change G; the second may see what the first has made of it. */
	{GRANULARITY_KERNEL,
	 CALL_TEXT("  A: [n = futex_wake_op F G" ADDS "cmp=eq:0 private]\n"
		   "  B: [old = fetch_add G 1]\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [n = futex_wake_op F G" ADDS "cmp=eq:0]\n"
		   "  B: [n = futex_wake_op G F" ADDS "cmp=eq:0]\n"
		   "  C: [r = futex_wait G 0]\n")},
	/* Woken, too late, or not there yet; on either word. */
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [n = futex_wake_op F G" ADDS "cmp=eq:0 private]\n"
		   "  B: [r = futex_wait G 0 private]\n"
		   "  C: [r = futex_wait F 0 private timeout=1ms]\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [n = futex_wake_op F G" ADDS "cmp=gt:0]\n"
		   "  B: [r = futex_wait G 0, s = futex_wait F 0]\n"
		   "  C: [store G 1]\n")},
	/* One of two words, both, or none. */
	{GRANULARITY_KERNEL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0 private]\n"
		   "  B: [store G 1]\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0 until=10ms]\n"
		   "  B: [store F 1, n = futex_wake F 1]\n"
		   "  C: [n = futex_wake G 1]\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0]\n"
		   "  B: [r = futex_waitv G 0 F 0]\n"
		   "  C: [n = futex_wake G 1, m = futex_wake F 1]\n")},
	/* Moved away from one of them, or woken there before. */
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0]\n"
		   "  B: [n = futex_requeue F H wake=0 move=1]\n"
		   "  C: [n = futex_wake F 1, m = futex_wake H 1]\n")},
	/* It starts again, at the end of both queues. */
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0]\n"
		   "  B: [r = futex_wait F 0]\n"
		   "  C: [n = futex_wake F 1, store G 1]\n"
		   "explore: {environment: {spurious_wakeups: 1}}\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_wait F 0]\n"
		   "  B: [r = futex_wait F 0]\n"
		   "  C: [n = futex_requeue F G wake=0 move=1, store F 1]\n"
		   "explore: {environment: {spurious_wakeups: 1}}\n")},
	/* Past its time before it begins, while it sleeps, or not at all. */
	{GRANULARITY_KERNEL,
	 CALL_TEXT("  A: [r = futex_wait_bitset F 0 1 until=1h realtime"
		   " private]\n"
		   "  B: [s = clock_settime 2h]\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_wait F 0 timeout=10ms, mark a]\n"
		   "  B: [s = clock_settime 1h]\n"
		   "  C: [r = futex_waitv F 0 until=30m realtime, mark c]\n")},
	/* Which of two timers is next depends on the clock. */
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_wait F 0 timeout=10ms, store G 1]\n"
		   "  B: [r = futex_wait_bitset F 0 1 until=20ms realtime,"
		   " g = xchg G 2]\n"
		   "  C: [s = clock_settime 15ms, t = clock_settime 12ms]\n")},
	/* A signal before the word, the queue, the clock, or the sleep. */
	{GRANULARITY_KERNEL,
	 CALL_TEXT("  A: [r = futex_wait F 0 timeout=1ms private]\n"
		   "explore: {environment: {signals: [A]}}\n")},
	{GRANULARITY_CALL,
	 CALL_TEXT("  A: [r = futex_waitv F 0 G 0 until=1ms private]\n"
		   "  B: [n = futex_wake G 1 private]\n"
		   "explore: {environment: {signals: [A]}}\n")},
	/* Is anybody left to tell? */
	{GRANULARITY_CALL, CALL_TEXT("  A: [set_tid_address F, exit]\n"
				     "  B: [set_tid_address G, exit]\n")},
};

#define CALL_TEXTS (sizeof(call_texts) / sizeof(call_texts[0]))

#endif
