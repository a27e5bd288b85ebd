/*
 * record_fixture.h - records of searches that never were, to draw.
 */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include "trace/record.h"

/*
 * Two threads and the clock, whole and merged:
 *
 *	0 -A(3)-> 1 -A(2) B(1)-> 4 lost	the counterexample
 *	0 -B-> 2, 1 -B-> 2
 *	2 -A-> 3 ok, 2 -clock(1) A(2)-> 5 ok
 */
struct record *fixture_record_small(void);
/* The same without the way to the lost wake-up: two results, both well. */
struct record *fixture_record_well(void);
/* The same with one result only. */
struct record *fixture_record_single(void);
/* A loop of two mixed states, and one without an end; the rest is small. */
struct record *fixture_record_loop(void);
/* The ways of the small one were cut but for the counterexample. */
struct record *fixture_record_cut(void);

/*
 * Four toy threads that add to words, read and wait for them, in all
 * interleavings up to @states states; 2,000 random ones are its runs.  The
 * programs come from @seed.
 */
struct record *fixture_record_lattice(uint64_t seed, uint32_t states);

#endif
