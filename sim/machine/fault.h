/*
 * fault.h - a bad pointer in the model ends a run, not the tool.
 */
#ifndef SIM_MACHINE_FAULT_H
#define SIM_MACHINE_FAULT_H

/*
 * Catch SIGSEGV and SIGBUS while a thread of the running execution is on the
 * processor; the step loop then reports them.  Does nothing under
 * AddressSanitizer, which has more to say.
 */
void fault_install(void);

#endif
