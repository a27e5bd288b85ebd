/*
 * restart.h - what becomes of a call that was interrupted: on the way back to
 * user mode it is made again, or says EINTR.
 */
#ifndef MODEL_RESTART_H
#define MODEL_RESTART_H

#include <stdbool.h>

/*
 * A handler runs on the way back.  Is the call, which would say EINTR, made
 * again after it?  @is_timed: the call has a time after which it gives up, and
 * the kernel would have to know how much of it is left.
 *
 * Source:  signal(7): a wait on a futex restarts with SA_RESTART; Linux:
 *	    futex_wait() and nanosleep say ERESTART_RESTARTBLOCK if they are
 *	    timed, which is EINTR where a handler ran.
 */
bool restart_after_handler(bool has_sa_restart, bool is_timed);

/*
 * No signal was left for this thread.  Is the call made again, with what is
 * left of its time?
 *
 * Source:  Linux: get_signal() finds none, and the call restarts.
 */
bool restart_without_signal(void);

/*
 * May a thread take a signal that was sent to its process when another one was
 * chosen, and interrupted, to handle it?
 *
 * Source:  Linux: a thread looks for signals if TIF_SIGPENDING is set.
 */
bool restart_any_takes(void);

/*
 * Does the interrupt flag of a signal that finds its thread in user mode, and
 * of which nothing else is left, keep for the next call?
 *
 * Source:  Linux: TIF_SIGPENDING is cleared when the last one is handled.
 */
bool restart_flag_is_kept(void);

#endif
