/*
 * operations_time.c - timeouts: on the model's clock, and on the host's.
 *
 * A deadline is turned into a time on the host's clocks, unless it is out of
 * range, and then the kernel gets to see just that.
 */
#include "model/futex.h"
#include "sim/host/operations_internal.h"

#define NSEC_PER_SEC INT64_C(1000000000)
#define LONG_NS UINT64_C(3600000000000) /* outlasts every comparison */

static bool is_time(const struct op *op)
{
	return (op->timeout == TIMEOUT_DURATION ||
		op->timeout == TIMEOUT_RAW) &&
	       op->timeout_sec >= 0 && op->timeout_nsec >= 0 &&
	       op->timeout_nsec < NSEC_PER_SEC;
}

/* Saturates. */
static uint64_t in_ns(const struct op *op)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)op->timeout_sec,
				   (uint64_t)NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)op->timeout_nsec, &ns))
		return KTIME_NEVER;
	return ns;
}

static bool is_absolute(const struct op *op)
{
	return op->verb == VERB_FUTEX_WAIT_BITSET ||
	       op->verb == VERB_FUTEX_WAITV;
}

bool operation_is_on_wall_clock(const struct op *op)
{
	return op->has_clock ? op->clock == FUTEX_CLOCKID_REALTIME
			     : op->is_realtime;
}

uint64_t operation_deadline(const struct beat *beat)
{
	const struct op *op = beat->op;
	uint64_t ns, offset = 0, deadline;

	if (!is_time(op))
		return KTIME_NEVER;
	ns = in_ns(op);
	if (ns == KTIME_NEVER)
		return ns;
	if (!is_absolute(op))
		return __builtin_add_overflow(ns, beat->now_ns, &deadline)
			       ? KTIME_NEVER
			       : deadline;
	if (operation_is_on_wall_clock(op))
		offset = (uint64_t)beat->wall_offset_ns;
	return ns > offset ? ns - offset : 0;
}

static void put_raw(struct agent_slot *slot, const struct op *op)
{
	slot->timespec[0] = op->timeout_sec;
	slot->timespec[1] = op->timeout_nsec;
}

static void put_ns(struct agent_slot *slot, uint64_t ns)
{
	slot->timespec[0] = (int64_t)(ns / (uint64_t)NSEC_PER_SEC);
	slot->timespec[1] = (int64_t)(ns % (uint64_t)NSEC_PER_SEC);
}

static void put_relative(const struct job *job)
{
	const struct moment *m = job->moment;
	uint64_t ns = in_ns(job->beat->op);

	if (!ns || ns >= LONG_NS)
		put_raw(job->slot, job->beat->op);
	else
		put_ns(job->slot, m->deadline_ns > m->now_ns
					  ? m->deadline_ns - m->now_ns
					  : 1);
}

static void put_absolute(const struct job *job)
{
	const struct op *op = job->beat->op;
	uint64_t ns = job->moment->deadline_ns;

	if (job->beat->deadline_ns == KTIME_NEVER ||
	    job->beat->deadline_ns >= KTIME_NEVER / 4) {
		put_raw(job->slot, op);
		return;
	}
	if (operation_is_on_wall_clock(op))
		ns += (uint64_t)job->moment->wall_offset_ns;
	put_ns(job->slot, ns);
}

/* The address of a timeout, as an argument. */
uint64_t operation_timeout(const struct job *job)
{
	const struct op *op = job->beat->op;

	switch (op->timeout) {
	case TIMEOUT_NONE:
		return 0;
	case TIMEOUT_BAD:
		return BAD_ADDRESS;
	case TIMEOUT_DURATION:
	case TIMEOUT_RAW:
		break;
	}
	if (!is_time(op))
		put_raw(job->slot, op);
	else if (is_absolute(op))
		put_absolute(job);
	else
		put_relative(job);
	return (uint64_t)job->slot->timespec;
}
