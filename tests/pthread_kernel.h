/*
 * pthread_kernel.h - the model on the threads of the host.
 *
 * A backend of model/kernel.h with real concurrency: it shows that the model
 * needs nothing but that interface, and lets ThreadSanitizer watch it.  One
 * process; user memory is an array of words; nothing ever faults but what is
 * outside it.
 */
#ifndef TESTS_PTHREAD_KERNEL_H
#define TESTS_PTHREAD_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"

/* User memory: private words, then words of shared pages, then of a file. */
#define HOST_WORDS 1024u
#define HOST_PRIVATE 0x10000u
#define HOST_SHARED (HOST_PRIVATE + 4 * HOST_WORDS)
#define HOST_FILE (HOST_SHARED + 4 * HOST_WORDS)
#define HOST_END (HOST_FILE + 4 * HOST_WORDS)

#define HOST_THREADS_MAX 64u

void host_init(uint64_t quirks);
/* Returns how many blocks were never freed. */
long host_fini(void);

/* The calling thread becomes task @tid, from 1 to HOST_THREADS_MAX. */
void host_enter(uint32_t tid);
void host_leave(void);

/* Set a task's interrupt flag and wake its waker, as a signal does. */
void host_signal(uint32_t tid);

/* User code: atomic accesses to its own memory. */
uint32_t host_load(uint64_t addr);
void host_store(uint64_t addr, uint32_t value);
/* Returns what was there. */
uint32_t host_cas(uint64_t addr, uint32_t old, uint32_t value);
uint32_t host_swap(uint64_t addr, uint32_t value);

/* ---- between pthread_kernel.c and pthread_user.c ----------------------- */

#define LOAD(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define STORE(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)
#define SWAP(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define ADD(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define SUB(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_SEQ_CST)

void host_user_init(void);
/* Weak references that nobody has dropped. */
int host_weak_count(void);

#endif
