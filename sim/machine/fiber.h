/*
 * fiber.h - a stack of its own for each simulated thread.
 *
 * Switching is Boost.Context's C ABI, linked statically: no system call, about
 * half the time of setjmp and longjmp (make bench measures it).  Each stack
 * ends in a guard page; switches are announced to AddressSanitizer and stacks
 * to valgrind.
 */
#ifndef SIM_MACHINE_FIBER_H
#define SIM_MACHINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#define FIBER_STACK_SIZE (64u * 1024)

struct fiber {
	void *context; /* where to go on */
	char *stack; /* lowest usable byte */
	void *fake_stack; /* AddressSanitizer's */
	void (*entry)(void *arg);
	void *arg;
};

/* Stacks are kept for the next run; fiber_pool_fini gives them back. */
struct fiber_pool {
	char **stacks;
	unsigned int count;
	unsigned int used;
};

/*
 * The @index-th stack, made if need be.  Errors: NULL if there is no memory.
 */
char *fiber_pool_stack(struct fiber_pool *pool, unsigned int index);
void fiber_pool_fini(struct fiber_pool *pool);

/*
 * Prepare @f to run @entry(@arg) on @stack at the first fiber_enter.  @entry
 * must not return.
 */
void fiber_init(struct fiber *f, char *stack, void (*entry)(void *arg),
		void *arg);

/*
 * May what is on a stack be copied away and back?  AddressSanitizer and
 * valgrind keep notes of their own about stacks, which cannot.
 */
bool fiber_can_be_copied(void);

/* From the scheduler into the fiber, until it leaves. */
void fiber_enter(struct fiber *f);

/* From the fiber back to the scheduler, until it is entered again. */
void fiber_leave(struct fiber *f);

/* The same, for the last time. */
_Noreturn void fiber_finish(struct fiber *f);

#endif
