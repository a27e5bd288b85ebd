/*
 * generate_more.c - operations of scenarios that have a theme: calls about
 * several words and clocks, signals, threads that begin in the middle, plain
 * accesses, memory that goes and comes back.
 */
#include "tests/generate.h"
#include "tests/generate_internal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct recipe operations[] = {
	{6, {40, 1}, HAS_CALLS, "%r = futex_wake_op %w %g wake=%n wake2=%z %u"},
	{6, {60, 2}, HAS_CALLS, "%r = futex_waitv F %v G %v"},
	{4,
	 {80, 2},
	 HAS_CALLS | HAS_CLOCK,
	 "%r = futex_waitv F %v G %v until=%d"},
	{4,
	 {80, 2},
	 HAS_CALLS | HAS_CLOCK,
	 "%r = futex_waitv F %v G %v until=%d realtime"},
	{4, {4, 1}, HAS_CALLS, "%r = clock_settime %d"},
	{3,
	 {50, 2},
	 HAS_CALLS | HAS_CLOCK,
	 "%r = futex_wait_bitset %w %v 1 until=%d realtime"},
	{7, {4, 1}, HAS_SIGNALS, "%r = kill %k SIGUSR1"},
	{3, {4, 1}, HAS_SIGNALS, "%r = kill P1 SIGUSR1"},
	{1, {6, 1}, HAS_SIGNALS, "%r = kill %k SIGKILL"},
	{4, {3, 1}, HAS_SIGNALS, "sigaction SIGUSR1 handler=on restart"},
	{3, {3, 1}, HAS_SIGNALS, "sigaction SIGUSR1 handler=on"},
	{1, {3, 1}, HAS_SIGNALS, "sigaction SIGUSR1 handler=ignore"},
	{1, {3, 1}, HAS_SIGNALS, "sigaction SIGUSR1 handler=default"},
	{3, {3, 1}, HAS_SIGNALS, "sigmask block SIGUSR1"},
	{3, {3, 1}, HAS_SIGNALS, "sigmask unblock SIGUSR1"},
	{3, {6, 2}, HAS_SIGNALS | HAS_CLOCK, "%r = nanosleep %d"},
	{6, {4, 1}, HAS_BIRTHS, "%r = clone %c"},
	{4, {6, 1}, HAS_BIRTHS, "%r = clone %c ctid=%w ptid=%w"},
	{10, {6, 1}, HAS_FORKS, "%r = fork P2"},
	{8, {1, 1}, HAS_PLAIN, "store %w %x plain"},
	{8, {1, 1}, HAS_PLAIN, "%r = load %w plain"},
	{5, {5, 1}, HAS_REUSE, "munmap 0x20000 4096"},
	{5, {5, 1}, HAS_REUSE, "mmap 0x20000 4096 two"},
	{3, {5, 1}, HAS_REUSE, "mmap 0x10000 4096 two"},
	{2, {5, 1}, HAS_REUSE, "munmap 0x10000 4096"},
	{2, {5, 1}, HAS_REUSE, "%r = mremap 0x20000 4096 4096 0x30000"},
	{3, {20, 1}, HAS_REUSE, "%r = futex_wake 0x20000 1"},
	{3, {40, 2}, HAS_REUSE, "%r = futex_wait 0x20000 %v"},
	{2, {40, 1}, HAS_REUSE, "%r = futex_requeue F 0x20000 wake=0 move=1"},
};

const struct recipe *generate_themed(struct generator *g, unsigned int has)
{
	if (!g->themes || generate_chance(g, 35))
		return NULL;
	return generate_pick(g, operations, COUNT(operations), has);
}

/* One theme, or two. */
void generate_themes(struct generator *g, uint64_t seed)
{
	static const unsigned int themes[] = {
		HAS_CALLS, HAS_SIGNALS, HAS_BIRTHS, HAS_PLAIN, HAS_REMAPS,
	};

	if (seed < GENERATE_THEMED)
		return;
	g->themes = themes[generate_below(g, COUNT(themes))];
	if (generate_chance(g, 40))
		g->themes |= themes[generate_below(g, COUNT(themes))];
}
