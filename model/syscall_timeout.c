/*
 * syscall_timeout.c - from a struct timespec to how long a wait may take.
 */
#include "model/syscall.h"

#include <errno.h>

#include "model/futex.h"

#define NSEC_PER_SEC 1000000000

/* Seconds and nanoseconds, both in range, as a duration that saturates. */
static uint64_t to_ns(const struct ktimespec *ts)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)ts->sec, (uint64_t)NSEC_PER_SEC,
				   &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)ts->nsec, &ns))
		return KTIME_NEVER;
	return ns;
}

static uint64_t saturating_sub(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t saturating_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? KTIME_NEVER : sum;
}

static uint64_t clock_ns(enum kclock clock)
{
	return clock == KCLOCK_WALL ? kclock_wall_ns() : kclock_monotonic_ns();
}

/*
 * What the timespec means.  Turned into a duration here and now, a time is
 * missed when somebody sets the clock, and a duration on the wall clock, too:
 * scenarios/clock/set-forward.yaml.
 */
static struct wait_timeout timeout_of(uint64_t ns, bool is_time,
				      enum kclock clock)
{
	if (ns == KTIME_NEVER)
		return (struct wait_timeout){.ns = KTIME_NEVER};
	if (quirk(QUIRK_DEADLINES_ON_WALL_CLOCK)) {
		if (is_time)
			ns = saturating_sub(ns, clock_ns(clock));
		return (struct wait_timeout){.ns = ns, .is_duration = true};
	}
	if (!is_time) {
		clock = KCLOCK_MONOTONIC;
		ns = saturating_add(ns, kclock_monotonic_ns());
	}
	return (struct wait_timeout){.ns = ns, .clock = clock};
}

int futex_read_timeout(uint64_t addr, bool is_time, enum kclock clock,
		       struct wait_timeout *timeout)
{
	struct ktimespec ts;
	int error;

	*timeout = (struct wait_timeout){.ns = KTIME_NEVER};
	if (!addr)
		return 0;
	error = kuser_read_timespec(addr, &ts);
	if (error)
		return error;
	if (ts.sec < 0 || ts.nsec < 0 || ts.nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*timeout = timeout_of(to_ns(&ts), is_time, clock);
	return 0;
}
