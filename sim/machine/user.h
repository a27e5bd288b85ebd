/*
 * user.h - user memory as programs use it: the same faults as the kernel's
 * accesses, and the atomic operations that only programs have.
 */
#ifndef SIM_MACHINE_USER_H
#define SIM_MACHINE_USER_H

#include <stdbool.h>
#include <stdint.h>

struct task;

enum user_operation {
	USER_LOAD,
	USER_STORE,
	USER_CAS,
	USER_XCHG,
	USER_ADD,
	USER_SUB,
	USER_OR,
	USER_AND,
	USER_XOR,
};

/* Announce the access without stopping. */
void user_announce(struct task *task, uint64_t addr,
		   enum user_operation operation);

/* Is it over in one step: neither a fault to handle nor a mutex to wait for? */
bool user_is_direct(struct task *task, uint64_t addr,
		    enum user_operation operation);

/*
 * One operation of the present thread on a 32-bit word; a step.  @expected is
 * for USER_CAS.  On success calls @done, if any, in the same step with the old
 * value.
 * Returns 0 or -EFAULT; @old gets the old value.
 */
int user_access(uint64_t addr, enum user_operation operation, uint32_t operand,
		uint32_t expected, uint32_t *old,
		void (*done)(struct task *task, int64_t value));

#endif
