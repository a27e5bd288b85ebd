/*
 * futex.h - the futex subsystem as its callers see it: the system calls, the
 * exit of a thread, and what a kernel must make at boot and at clone.
 */
#ifndef MODEL_FUTEX_H
#define MODEL_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"
#include "model/quirks.h"
#include "model/restart.h"
#include "model/table.h"

#define FUTEX_WAIT 0u
#define FUTEX_WAKE 1u
#define FUTEX_REQUEUE 3u
#define FUTEX_CMP_REQUEUE 4u
#define FUTEX_WAKE_OP 5u
#define FUTEX_WAIT_BITSET 9u
#define FUTEX_WAKE_BITSET 10u
#define FUTEX_PRIVATE_FLAG 128u
#define FUTEX_CLOCK_REALTIME 256u
#define FUTEX_BITSET_MATCH_ANY 0xffffffffu

/* The words that futex_waitv takes, and what may be said of each. */
#define FUTEX_WAITV_MAX 128u
#define FUTEX_32 2u

/* The clocks that it knows, by their numbers; as in time.h. */
#define FUTEX_CLOCKID_REALTIME 0u
#define FUTEX_CLOCKID_MONOTONIC 1u

#define FUTEX_WAITERS 0x80000000u
#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_TID_MASK 0x3fffffffu

#define ROBUST_LIST_HEAD_SIZE 24u
#define ROBUST_LIST_LIMIT 2048u

/* The statics of the subsystem; one in each kernel. */
struct futex_system {
	struct futex_tables shared_tables;
	uint64_t quirks; /* bit per enum quirk; never changes */
};

void futex_system_init(struct futex_system *system, uint64_t quirks);

/* What the subsystem keeps for each thread. */
struct futex_thread {
	struct katomic robust_list_head; /* user address, 0: none */
	struct katomic clear_child_tid; /* user address, 0: none */
};

void futex_thread_init(struct futex_thread *thread);

/*
 * futex(2).  @timeout is the user address of a struct timespec, or val2 for
 * the requeue commands and FUTEX_WAKE_OP; the caller has pushed raw numbers,
 * unchecked.
 *
 * Returns the result of the call, or -errno.
 * Source:  sys_futex of starry-kernel 0.5.11; futex(2).
 */
long sys_futex(uint64_t uaddr, uint32_t op, uint32_t val, uint64_t timeout,
	       uint64_t uaddr2, uint32_t val3);

/*
 * futex_waitv: wait on @nr words at once, listed in an array at @waiters.
 * @timeout is the user address of a time on the clock @clockid, or 0.
 *
 * Returns the place in the array of a word that was woken.
 * Errors:  -EINVAL, -EFAULT, -EAGAIN if a word differs, -ETIMEDOUT, -EINTR,
 *	    -ENOSYS.
 * Source:  kernel/futex/syscalls.c and waitwake.c of Linux.
 */
long sys_futex_waitv(uint64_t waiters, uint32_t nr, uint32_t flags,
		     uint64_t timeout, uint32_t clockid);

/* Errors: -EINVAL if @len is not ROBUST_LIST_HEAD_SIZE. */
long sys_set_robust_list(uint64_t head, uint64_t len);
/* Errors: -ESRCH, -EFAULT.  @tid 0 is the caller. */
long sys_get_robust_list(uint32_t tid, uint64_t head_ptr, uint64_t len_ptr);
/* Returns the caller's tid. */
long sys_set_tid_address(uint64_t ptr);

/*
 * What a thread that ends does for others: clear its tid word and wake one
 * waiter, then mark the robust mutexes it held.
 *
 * Returns 0, or the -errno that cut the robust walk short.
 */
int futex_thread_exit(void);

/*
 * What a thread does for others when it leaves its address space for a new one:
 * the same, in the order of Linux, and then it has neither.  An error of the
 * robust walk is nobody's concern.
 *
 * Source:  exec_mm_release of Linux: futex_exec_release, mm_release.
 */
void futex_thread_exec(void);

/* ---- looking in from outside ----------------------------------------------
 */

/*
 * Called for each entry of a table by ascending key and, after it, for each of
 * its waiters, head first.  @pins counts the references to the entry besides
 * the table's own.  @is_cancelled: its sleeper has given up.
 */
struct futex_visitor {
	void (*entry)(void *arg, uint64_t key, const struct kmutex *queue,
		      uint64_t pins);
	void (*waiter)(void *arg, struct kwaker *waker, uint32_t bitset,
		       bool is_cancelled);
	void *arg;
};

/* No locks are taken: the machine must be at rest. */
void futex_table_visit(const struct futex_table *table,
		       const struct futex_visitor *visitor);

/* Each shared table by ascending address of what is mapped. */
void futex_tables_visit(const struct futex_tables *tables,
			void (*visit)(void *arg, uint64_t identity,
				      const struct futex_table *table),
			void *arg);

#endif
