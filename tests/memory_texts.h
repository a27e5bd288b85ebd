/*
 * memory_texts.h - small scenarios in which threads begin in the middle, and
 * memory comes and goes: what a search has to take care of.
 */
#ifndef TESTS_MEMORY_TEXTS_H
#define TESTS_MEMORY_TEXTS_H

#include "sim/loader/exploration.h"

#define MEMORY_TEXT(rest) "futexsim: 1\nname: in-a-test\n" rest
#define FORKED                                                                 \
	"processes: {P1: , P2: {forked_from: P1}}\nmemory:\n"                  \
	"  words: {F: 0, G: 0}\nthreads:\n"
#define THREE_SHARE                                                            \
	"processes: {P1: , P2: , P3: }\nmemory:\n"                             \
	"  regions: {shm: {kind: shared}}\n"                                   \
	"  maps: [{process: P1, region: shm, at: 0x10000},"                    \
	" {process: P2, region: shm, at: 0x10000}]\n"                          \
	"  named: {S: {region: shm, value: 5}}\nthreads:\n"
#define ONE_PAGE(kind)                                                         \
	"memory:\n  regions: {page: {kind: " kind "}}\n"                       \
	"  maps: [{region: page, at: 0x10000}]\n"                              \
	"  named: {W: {region: page, value: 3}}\nthreads:\n"

static const struct {
	enum granularity granularity;
	const char *text;
} memory_texts[] = {
	/* The copy is of one moment. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT(FORKED
		     "  A: [store F 1, t = fork P2, a = load F]\n"
		     "  B: [store F 2, store G 1]\n"
		     "  C: {process: P2, run: [x = load F, y = load G]}\n")},
	{GRANULARITY_KERNEL,
	 MEMORY_TEXT(FORKED "  A: [t = fork P2]\n"
			    "  B: [store F 1]\n"
			    "  C: {process: P2, run: [x = load F]}\n")},
	/* Only the first of two forks is one. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT(FORKED "  A: [a = fork P2]\n"
			    "  B: [store F 1, b = fork P2]\n"
			    "  C: {process: P2, run: [x = xchg F 7]}\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  A: [t = clone T ctid=F ptid=F, r = futex_wait F 2]\n"
		     "  T: [exit]\n")},
	{GRANULARITY_KERNEL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  A: [a = clone T]\n"
		     "  B: [b = clone T ptid=G]\n"
		     "  T: [x = load G]\n")},
	/* What it says of itself, and whether anybody finds it. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  A: [a = clone T]\n"
		     "  B: [b = get_robust_list 3]\n"
		     "  T: [x = load F]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  A: [a = clone T, store F 1]\n"
		     "  B: [exit_group]\n"
		     "  T: [store G 1]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  A: [a = clone T, n = futex_wake F 1]\n"
		     "  T: [r = futex_wait F 0]\n"
		     "explore: {environment: {signals: [T]}}\n")},
	/* Who is killed where, and when the one that kills goes on. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  X: [e = exec, x = load F]\n"
		     "  A: [r = futex_wait F 0, store G 1]\n"
		     "  B: [store F 1]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  X: [e = exec]\n"
		     "  Y: [e = exec]\n"
		     "  A: [store F 1]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory: {words: {F: 0, G: 0}}\nthreads:\n"
		     "  X: [e = exec, x = load F]\n"
		     "  Y: [exit_group]\n"
		     "  A: [aspace_lock, store F 1, aspace_unlock]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT("processes: {P1: , P2: {shares_memory_with: P1}}\n"
		     "memory: {words: {F: 0, G: 1}}\nthreads:\n"
		     "  X: [i = set_tid_address G, e = exec]\n"
		     "  Y: {process: P2, run: [r = futex_wait G 1, exit]}\n")},
	/* Killed while it kills. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT("processes: {P1: , P2: }\n"
		     "memory: {words: {F: 0, G: 1}}\nthreads:\n"
		     "  X: [e = exec]\n"
		     "  A: [r = futex_wait F 0]\n"
		     "  K: {process: P2, run: [k = kill P1 SIGKILL]}\n")},
	/* Alone in its memory Y leaves its tid word as it is. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT(
		 "processes: {P1: , P2: {shares_memory_with: P1}}\n"
		 "memory: {words: {F: 0, G: 1}}\nthreads:\n"
		 "  X: [e = exec]\n"
		 "  Y: {process: P2, run: [i = set_tid_address G, exit]}\n")},
	/* The third sees the memory of the two, or what comes after it. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT(THREE_SHARE
		     "  A: {process: P1, run: [munmap 0x10000 4096]}\n"
		     "  B: {process: P2, run: [munmap 0x10000 4096]}\n"
		     "  C: {process: P3, run: [mmap 0x10000 4096 shm,"
		     " x = load 0x10000]}\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT(THREE_SHARE
		     "  A: {process: P1, run: [exit]}\n"
		     "  B: {process: P2, run: [store S 6, exit]}\n"
		     "  C: {process: P3, run: [mmap 0x10000 4096 shm,"
		     " x = load 0x10000]}\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT(
		 THREE_SHARE
		 "  A: {process: P1, run: [r = futex_wait S 5 timeout=1ms]}\n"
		 "  B: {process: P2, run: [munmap 0x10000 4096]}\n"
		 "  C: {process: P1, run: [munmap 0x10000 4096,"
		 " mmap 0x10000 4096 shm, n = futex_wake 0x10000 1]}\n")},
	/* The last of two takes it along. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT("processes: {P1: , P2: }\nmemory:\n"
		     "  regions: {shm: {kind: shared}}\n"
		     "  maps: [{process: P1, region: shm, at: 0x10000}]\n"
		     "  named: {S: {region: shm, value: 5}}\nthreads:\n"
		     "  A: {process: P1, run: [exit]}\n"
		     "  B: {process: P1, run: [exit]}\n"
		     "  C: {process: P2, run: [mmap 0x10000 4096 shm,"
		     " x = load 0x10000]}\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT(ONE_PAGE("private") "  A: [u = munmap 0x10000 4096, m = "
					 "mmap 0x10000 4096 page,"
					 " x = load W]\n"
					 "  B: [s = store W 4, y = load W]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT(ONE_PAGE("file") "  A: [m = mmap 0x10000 4096 page, n = "
				      "futex_wake W 1]\n"
				      "  B: [r = futex_wait W 3]\n")},
	{GRANULARITY_CALL,
	 MEMORY_TEXT(ONE_PAGE(
		 "shared") "  A: [m = mremap 0x10000 4096 4096 0x40000,"
			   " n = futex_wake 0x40000 1]\n"
			   "  B: [r = futex_wait 0x10000 3, x = load "
			   "0x40000]\n")},
	/* A's new queue goes, and another one gets its address. */
	{GRANULARITY_CALL,
	 MEMORY_TEXT("memory:\n"
		     "  regions: {one: {kind: shared}, two: {kind: shared}}\n"
		     "  maps: [{region: one, at: 0x10000},"
		     " {region: two, at: 0x20000}]\n"
		     "  named: {F: {region: one}, G: {region: two}}\n"
		     "threads:\n"
		     "  A: [r = futex_wait F 0]\n"
		     "  B: [m = futex_requeue F G wake=0 move=1]\n"
		     "  C: [munmap 0x20000 4096, mmap 0x20000 4096 two,"
		     " n = futex_wake 0x20000 1]\n")},
};

#define MEMORY_TEXTS (sizeof(memory_texts) / sizeof(memory_texts[0]))

#endif
