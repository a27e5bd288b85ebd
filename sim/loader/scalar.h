/*
 * scalar.h - what the text of a scalar means: numbers, durations, names of
 * errors and signals.
 *
 * libyaml leaves this to us, and so `no` is a word and `010` is refused.
 */
#ifndef SIM_LOADER_SCALAR_H
#define SIM_LOADER_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

/* An integer of -2^63 to 2^64-1; bits are its low 64 bits. */
struct number {
	bool is_negative;
	uint64_t bits;
};

enum scalar_result {
	SCALAR_OK,
	SCALAR_OTHER, /* something else altogether */
	SCALAR_TOO_BIG, /* beyond 64 bits */
	SCALAR_NO_UNIT, /* a duration without its unit */
	SCALAR_NOT_WHOLE, /* no whole number of nanoseconds */
};

/* [-]decimal or [-]0xhex; no leading zeros. */
enum scalar_result scalar_integer(const char *text, struct number *number);

/* Whether it is a number from @min to @max. */
bool number_is_within(struct number number, int64_t min, uint64_t max);

/* An integer or an exact decimal with ns, us, ms, s, m or h.  Units: ns. */
enum scalar_result scalar_duration(const char *text, uint64_t *ns);

/* An integer, or a decimal one with KiB, MiB or GiB.  Units: bytes. */
enum scalar_result scalar_bytes(const char *text, uint64_t *bytes);

/* SEC:NSEC, each an integer that is kept in 64 bits, unchecked. */
enum scalar_result scalar_timespec(const char *text, int64_t *sec,
				   int64_t *nsec);

bool scalar_bool(const char *text, bool *value);

/* ETIMEDOUT and so on; 0 if there is no such error. */
int scalar_errno(const char *name);
/* The @index-th of these names, from 0; NULL past the end. */
const char *scalar_errno_at(unsigned int index);

/* SIGUSR1 and so on, or a number of 1 to 64; 0 if there is no such signal. */
unsigned int scalar_signal(const char *text);
/* The @index-th of these names, from 0; NULL past the end. */
const char *scalar_signal_at(unsigned int index);

/* A letter or _, then letters, digits and _; with @dash also -. */
bool scalar_is_name(const char *text, bool dash);
bool scalar_is_name_start(char c);
bool scalar_is_name_part(char c);

#endif
