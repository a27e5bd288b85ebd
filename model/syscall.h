/*
 * syscall.h - one call of futex(2) as its parts pass it on.
 */
#ifndef MODEL_SYSCALL_H
#define MODEL_SYSCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/key.h"
#include "model/table.h"
#include "model/wait.h"

/* The arguments of one call, parsed. */
struct futex_call {
	uint64_t uaddr;
	uint32_t cmd;
	bool is_realtime;
	enum futex_key_mode mode;
	uint32_t val;
	uint64_t timeout; /* val2 for the requeue commands and FUTEX_WAKE_OP */
	uint64_t uaddr2;
	uint32_t val3;
	struct futex_key key; /* of uaddr */
	struct futex_table *table;
	struct wait_timeout until; /* of the waits */
};

/*
 * Read the struct timespec at @addr: a duration, or a time on @clock.
 * Errors:  -EFAULT, -EINVAL.
 */
int futex_read_timeout(uint64_t addr, bool is_time, enum kclock clock,
		       struct wait_timeout *timeout);

/* At most how many the count of a wake names. */
uint32_t futex_wake_count(uint32_t given);

/* A word that a lock is held over; -EFAULT if its page is not there. */
int futex_load_locked(uint64_t addr, uint32_t *word);

/* FUTEX_REQUEUE and FUTEX_CMP_REQUEUE. */
long futex_requeue(struct futex_call *c);
/* FUTEX_WAKE_OP. */
long futex_wake_op(struct futex_call *c);

#endif
