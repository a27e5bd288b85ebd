/*
 * signal.h - signals: who gets one, when it is handled, and what then becomes
 * of the call that it cut short.
 *
 * To send a signal is one step: it is made pending for a thread, or for a
 * process and one of its threads is chosen; that thread is interrupted.  What
 * is pending is taken on the way back to user mode, which is
 *
 *	in the thread's last steps of a system call, in front of its return;
 *	at once, in a step in front of its next operation, if it is in user
 *	mode: a kernel interrupts the processor for that.
 *
 * A handler is a procedure whose operations stand behind the program.  To take
 * a signal that has one puts a frame on the thread's stack and sends it there;
 * the way back from there is a system call of its own.  While it runs its
 * signal is blocked.
 *
 * A signal that nobody has said anything about has an empty handler without
 * SA_RESTART.  Nothing of that shows: it sets the interrupt flag, which keeps
 * for the next call if the thread is in user mode, and the call uses it up.
 */
#ifndef SIM_MACHINE_SIGNAL_H
#define SIM_MACHINE_SIGNAL_H

#include "sim/machine/sim.h"

/* Handlers in handlers; more signals wait until one is over. */
#define SIGNAL_DEPTH_MAX 32u

/* A handler in progress. */
struct signal_frame {
	struct signal_frame *below;
	uint32_t number;
	uint32_t procedure;
	uint32_t return_pc; /* where it goes on after it */
	uint64_t blocked; /* what was blocked before it */
	bool was_inside; /* the procedure; see predicate in() */
	struct signal_again again; /* for the call that it goes on with */
};

/*
 * Send one, as part of the present step.  Each says whether somebody was
 * blocked and is not any more; @chosen gets the thread, or NULL.
 */
bool signal_send(struct sim *sim, struct task *task, uint32_t number);
bool signal_send_process(struct sim *sim, struct process *process,
			 uint32_t number, struct task **chosen);

/* Those of @set that wait for @process go to threads that do not block them. */
void signal_pass_on(struct sim *sim, struct process *process, uint64_t set);
bool signal_is_ignored(const struct process *process, uint32_t number);

/* Is there anything to be done in front of the next operation of @task? */
bool signal_is_due(const struct task *task);
/* Announce that. */
void signal_announce(struct task *task);
/* If there is not: what interrupted it on the way to user mode is over. */
void signal_settle(struct task *task);
/* Do it.  Where the thread goes on is in task->pc, unless it is to leave. */
void signal_step(struct task *task);

/*
 * In a call that is about to return @value: take what is pending.  Returns the
 * return step, announced and not committed.
 */
struct step *signal_way_back(struct task *task, int64_t value);
/* Is that call made again instead of returning @value? */
bool signal_restarts(struct task *task, int64_t value);
/* A call begins, or has come to its end. */
void signal_enter(struct task *task);
void signal_leave(struct task *task);
/*
 * The time that is left to a call which is made again: replaces what it reads,
 * if it reads a duration.
 */
void signal_remaining(struct task *task, struct ktimespec *time);

/* The operations (call_signal.c). */
long call_kill(struct task *task, int arg);
long call_sigaction(struct task *task, int arg);
long call_sigmask(struct task *task, int arg);
long call_nanosleep(struct task *task, int arg);
/* The end of a handler, in the present step. */
void signal_return(struct task *task, struct step *step);

/*
 * A thread that is made blocks what its maker does, the first one of a process
 * brings the actions along, and exec leaves only what is ignored.
 */
void signal_born(struct sim *sim, struct task *child,
		 const struct task *parent);
void signal_exec(struct process *process);

/* What the thread does now depends on which signals it gets. */
void touch_signals(struct sim *sim, const struct task *task,
		   enum touch_mode mode);

#endif
