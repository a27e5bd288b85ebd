/* program_internal.h - what the parts of the interpreter share. */
#ifndef SIM_MACHINE_PROGRAM_INTERNAL_H
#define SIM_MACHINE_PROGRAM_INTERNAL_H

#include <stdint.h>

struct operand;
struct task;

/* The value of an argument, as @task sees it now; 0 if it is not given. */
int64_t program_evaluate(struct task *task, const struct operand *operand);

/* The futex calls by their own words, and by raw numbers. */
long call_futex(struct task *task, int command);
long call_raw(struct task *task, int arg);

/* mmap, munmap, mprotect, mremap by the kind of their event: call_map.c */
long call_map(struct task *task, int arg);
long call_waitv(struct task *task, int arg);

/* Set the wall clock: clock.c. */
long call_clock_settime(struct task *task, int arg);

#endif
