/*
 * restart.c - restarting calls, and where kernels part over it.
 *
 * The kernel at hand issues a call again with the arguments that it had.  One
 * that is to give up after a while then has all of that time before it again,
 * so that signals in quick succession keep it waiting for ever:
 *
 *	sleeper				others
 *	wait, at most 10 ms
 *					8 ms later: a signal
 *	handler; wait, at most 10 ms
 *					8 ms later: a signal
 *	handler; wait, at most 10 ms
 *
 * And it interrupts one thread for a signal that any thread may take:
 *
 *	chosen				another
 *	wait: interrupted
 *					returns from a call: takes the signal
 *	no signal is left: says EINTR
 */
#include "model/restart.h"

#include "model/quirks.h"

bool restart_after_handler(bool has_sa_restart, bool is_timed)
{
	if (!has_sa_restart)
		return false;
	return !is_timed || quirk(QUIRK_RESTART_STARTS_TIMEOUT_ANEW);
}

bool restart_without_signal(void)
{
	return !quirk(QUIRK_PROCESS_SIGNAL_INTERRUPTS_IN_VAIN);
}

bool restart_any_takes(void)
{
	return quirk(QUIRK_PROCESS_SIGNAL_INTERRUPTS_IN_VAIN);
}

bool restart_flag_is_kept(void)
{
	return quirk(QUIRK_INTERRUPT_KEPT_IN_USER_MODE);
}
