/* program.h - the interpreter of a thread's program. */
#ifndef SIM_PROGRAM_H
#define SIM_PROGRAM_H

struct task;

/* Runs the program of @task->thread, on the task's own fiber. */
void program_run(struct task *task);

#endif
