/*
 * fake_kernel.h - a kernel for unit tests of model/.
 *
 * One thing runs at a time, and the test says what.  The test itself is a task
 * (tid 1) and may call the model directly as long as nothing it calls has to
 * sleep, or with fake_on_park().  Further tasks run, when the test says so,
 * until they sleep, end, or reach a point the test has named; so a race is
 * written down as the list of its steps:
 *
 *	fake_run(a);				A sleeps
 *	fake_clock_advance(10);
 *	fake_run_past(a, "woken.load");		A has seen: not woken
 *	...
 *
 * Every point is logged, with the task's name in front unless it is the
 * test's: "wq.lock A:user.load".  What a reference count belongs to follows
 * its point: "ref.get(entry)".
 *
 * fake_fini() fails the test if memory, a reference, a waker, a timer, a held
 * mutex or a task that has begun and not ended is left over.  Misuse is a
 *kernel bug, as is kbug() itself.
 */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"

/* ---- set-up ----------------------------------------------------------------
 */

/* One process, the test's task in it, time 0, a kernel with @quirks. */
void fake_init(uint64_t quirks);
void fake_fini(void);
void fake_set_quirks(uint64_t quirks);

/* Nothing is checked at the end: the test leaves a broken kernel behind. */
void fake_abandon(void);

/* ---- the log ----------------------------------------------------------- */

const char *fake_log(void);
void fake_log_clear(void);
/* Assert what was logged since the last look, and forget it. */
void fake_assert_log(const char *expected);

/* The same for notes: "push:A", "charge:A", "entry+0x1000", "table-0x7000". */
void fake_assert_notes(const char *expected);

/* What knote_key() was told last. */
struct fake_key_note {
	uint64_t addr;
	uint64_t key;
	const struct kidentity *region; /* NULL: private */
	bool asked_private;
};
struct fake_key_note fake_key_note(void);

/* ---- tasks ------------------------------------------------------------- */

struct fake_task;

/* Does nothing until it is run.  Owner: the fake kernel. */
struct fake_task *fake_task_new(const char *name, long (*run)(void *arg),
				void *arg);

/* Until it sleeps or is done.  Fails the test if it cannot move. */
void fake_run(struct fake_task *t);
/* Until it is just about to pass @point, or just has. */
void fake_run_to(struct fake_task *t, const char *point);
void fake_run_past(struct fake_task *t, const char *point);
/* Until no task can move; in the order of their making, round and round. */
void fake_run_all(void);
/* A signal to every task that sleeps, then all run to their ends. */
void fake_end_all(void);

bool fake_is_done(const struct fake_task *t);
bool fake_is_asleep(const struct fake_task *t);
/* What @run returned; fails the test if it is not done. */
long fake_result(const struct fake_task *t);
/* The kernel bug that ended it; NULL if none did. */
const char *fake_bug(const struct fake_task *t);
uint32_t fake_tid(const struct fake_task *t);

/* It wakes for no reason; it is to be run. */
void fake_make_ready(struct fake_task *t);

/* A signal to @t; NULL: the test's own task. */
void fake_signal(struct fake_task *t);
/* The way out of a system call: clears the interrupt flag.  NULL: as above. */
bool fake_clear_interrupt(struct fake_task *t);

/* What happens when the test's own task would sleep. */
void fake_on_park(void (*callback)(void *arg), void *arg);

/* Assert that @statement, run by the test's own task, is a kernel bug. */
#define fake_assert_bug(statement)                                             \
	do {                                                                   \
		if (!setjmp(*fake_bug_frame())) {                              \
			statement;                                             \
			fake_fail("there was no kernel bug");                  \
		}                                                              \
	} while (0)
jmp_buf *fake_bug_frame(void);

/* ---- processes and address spaces -------------------------------------- */

struct fake_process;

struct fake_process *fake_process_first(void);
/* With an address space of its own, or sharing that of @with. */
struct fake_process *fake_process_new(struct fake_process *with);
void fake_task_move(struct fake_task *t, struct fake_process *p);

struct kidentity *fake_identity_new(uint64_t address);

/* An area of the first process' address space up to @end. */
void fake_map(struct fake_process *p, struct karea area, uint64_t end);
void fake_unmap_all(struct fake_process *p);

/* As a sibling inside mmap does, on behalf of nobody in particular. */
void fake_aspace_lock(struct fake_process *p);
void fake_aspace_unlock(struct fake_process *p);

/* ---- user memory: one for all processes -------------------------------- */

void fake_store(uint64_t addr, uint32_t value);
void fake_store64(uint64_t addr, uint64_t value);
void fake_store_timespec(uint64_t addr, int64_t sec, int64_t nsec);
/* Fails the test if nothing is there. */
uint32_t fake_load(uint64_t addr);
uint64_t fake_load64(uint64_t addr);
/* No page there any more: -EFAULT. */
void fake_forget(uint64_t addr);
/* The next access to the word faults and takes the address-space mutex. */
void fake_make_lazy(uint64_t addr);

/* ---- time -------------------------------------------------------------- */

/* Due timers fire, by deadline. */
void fake_clock_advance(uint64_t ns);
/* The wall clock is ahead of the monotonic one by @ns. */
void fake_set_wall_offset(uint64_t ns);
unsigned int fake_timer_count(void);

/* ---- memory ------------------------------------------------------------ */

/* How many blocks made as @what are alive; NULL: all. */
unsigned int fake_alive(const char *what);

/* Fail the test, from whatever task. */
void fake_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
