/* program.h - the interpreter of a thread's program. */
#ifndef SIM_MACHINE_PROGRAM_H
#define SIM_MACHINE_PROGRAM_H

struct task;

/*
 * Local work up to the next operation that makes a step, which is announced;
 * at the end of the program the thread is done.
 */
void program_prepare(struct task *task);

/* From the step that @task stands before to the next one at which it stops. */
void program_step(struct task *task);

#endif
