/*
 * process.h - what processes do with themselves: fork, clone, exec, and the
 * end of their threads.
 *
 * A thread that some `clone`, or `fork` of its process, names is *unborn* until
 * then: it cannot move, is neither done nor blocked, and nobody finds it.  Who
 * never starts is missed by nobody.
 */
#ifndef SIM_MACHINE_PROCESS_H
#define SIM_MACHINE_PROCESS_H

#include "sim/machine/sim.h"

/* Is @task to end, because its process does? */
static inline bool process_takes_along(const struct task *task)
{
	return task->process->is_exiting && task->process->survivor != task;
}

/*
 * Every thread of the process but @task, which may be NULL, is interrupted and
 * ends on its way out.
 */
void process_kill(struct sim *sim, struct process *process,
		  const struct task *task);

/*
 * Is no other thread of its process there that can still do something?  Who has
 * come to the end of its program does no more.
 */
bool process_is_alone(struct sim *sim, const struct task *task);
/* Unmap all of @aspace if no thread has it any more. */
void process_clear_unused(struct sim *sim, struct aspace *aspace);

/* @task has just exited: called in the same step. */
void process_left(struct sim *sim, const struct task *task);

/*
 * The calls; each returns a tid or 0, or -errno.
 * Errors:  -EAGAIN if it runs or has run already, or if another thread of the
 *	    process is faster; -EINTR if the caller is about to end.
 * Source:  fork(2), clone(2), execve(2); copy_process, de_thread,
 *	    exec_mm_release of Linux 6.
 */
long call_fork(struct task *task, int arg);
long call_clone(struct task *task, int arg);
long call_exec(struct task *task, int arg);

#endif
