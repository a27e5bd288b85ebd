/*
 * sim.h - one execution: its state, and the loop that steps it.
 *
 * Every call of model/kernel.h that is a scheduling point announces itself and
 * goes back to the loop; when a policy chooses its thread again, it acts,
 * commits the step, and runs on to the next announcement.  So between two
 * steps every thread that can move stands before a step that is known.
 *
 * All state hangs on one struct sim and its arena: a run can be dropped at any
 * step.  Threads, objects and wakers have small numbers in the order of their
 * making; nothing depends on host addresses.
 */
#ifndef SIM_MACHINE_SIM_H
#define SIM_MACHINE_SIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/futex.h"
#include "sim/machine/arena.h"
#include "sim/machine/aspace.h"
#include "sim/machine/fiber.h"
#include "sim/loader/scenario.h"
#include "sim/machine/snapshot.h"
#include "trace/event.h"
#include "trace/verdict.h"

#define SIM_STEPS_DEFAULT 1000000u
#define SIM_VERDICTS_MAX 16u
#define PHANTOMS_MAX 8u
#define SIGNAL_DEFAULT 10u /* SIGUSR1 */

struct sim;
struct task;
struct touch_log;
struct state_hash;
struct races;
struct lock_order;
struct livelock;

/* ---- what threads do --------------------------------------------------- */

/* A step or note: announced, then filled in and committed. */
struct step {
	enum event_kind kind;
	enum object_kind object_kind;
	uint64_t object; /* number of an object; OBJECT_WORD: its place */
	uint64_t object2;
	const struct ksite *site; /* NULL: user code */
	int32_t peer;
	uint32_t cause;
	bool has_values;
	bool has_permit;
	bool permit;
	uint64_t in;
	uint64_t in2;
	int64_t out;
	uint64_t old_value;
	uint64_t new_value;
	uint32_t size; /* user memory: bytes */
	const char *text;
};

enum task_state {
	TASK_RUNNABLE,
	TASK_PARKED, /* in kpark, until a waker fires */
	TASK_SLEEPING, /* in a mutex's FIFO */
	TASK_DONE,
	TASK_WAITING, /* in exec, until the other threads have gone */
	TASK_UNBORN, /* until a clone or fork starts it */
};

/* What an address was resolved to. */
struct resolved {
	uint64_t address;
	uint64_t value;
	uint64_t identity; /* 0: private */
	uint32_t space; /* private: whose table */
	uint32_t aspace; /* whose address it was */
	bool asked_private;
	bool is_set;
	struct place place;
};

/*
 * A futex wait in progress, by the waker that stands for it.  One that is in
 * several queues has a part for each word, and for each part all but @woke,
 * @task and @is_over is the part's own.
 */
struct kwaker {
	uint32_t references;
	uint32_t number;
	struct task *task;
	bool woke; /* the permit */
	bool is_over; /* the wait has returned */
	bool is_queued;
	bool is_charged;
	bool is_moved; /* by a requeue: then no value is waited for */
	uint32_t drained_at; /* taken off by a requeue */
	uint32_t appended_at; /* put into the target by it */
	uint32_t pushed_at; /* n of the note; 0: never queued */
	uint32_t left_at; /* n of the return of its wait */
	uint32_t charged_at; /* n of the note */
	uint32_t stored_at; /* n of the store of woken; 0: none */
	int32_t charged_by;
	uint32_t read_at; /* n of its last look at woken that said no */
	uint32_t bitset;
	uint64_t queue; /* object number, when queued */
	struct place place; /* the word it waits on */
	uint32_t expected; /* value it waits on */
	struct resolved key;
	struct kwaker *whole; /* of a part: what is parked */
	struct kwaker *parts; /* of the whole: the first one */
	struct kwaker *next_part;
	uint32_t part; /* which word of the call */
};

/* When a word of user memory last changed its value, and the wakes since. */
struct change {
	struct change *next;
	uint64_t place;
	uint32_t event; /* 0: it has not changed yet */
	int32_t mover;
	bool was_woken;
	uint32_t short_wake; /* n of one that found fewer than it asked for */
	uint32_t short_mask;
	struct resolved short_key;
};

struct ktimer {
	struct ktimer *next; /* armed, by deadline, then by arming */
	struct ktimer *previous;
	struct task *task;
	struct kwaker *waker;
	enum kclock clock;
	uint64_t deadline_ns; /* on that clock */
	uint32_t number; /* in the order of arming */
	bool has_fired;
	bool is_armed;
	uint32_t fired_at; /* n of the event */
};

/* An operation that has finished. */
struct result {
	struct result *next;
	uint32_t thread;
	uint32_t op_index;
	const struct op *op; /* NULL in unit tests */
	int64_t value;
	uint64_t time_ns;
	uint32_t event; /* n of the event that ended it */
};

/* What a process does about a signal. */
struct signal_action {
	enum signal_kind kind;
	uint32_t procedure; /* SIGNAL_HANDLED */
	bool restarts; /* SA_RESTART */
};

/* How the call in progress goes on, by the first signal on its way back. */
enum signal_answer {
	ANSWER_NO_SIGNAL,
	ANSWER_INTERRUPT, /* EINTR */
	ANSWER_RESTART,
};

/* What a call that is made again knows of the time before. */
struct signal_again {
	const int64_t *arguments; /* its arguments then, or NULL */
	uint64_t due_ns; /* when it gives up; 0: nothing is said */
};

/* What a thread's signals are about; see signal.h. */
struct task_signals {
	uint64_t pending; /* sent to it; bit by number, SIGNAL_BIT */
	uint64_t blocked;
	bool is_called; /* looks for signals of its process as well */
	bool is_dying; /* it knows that its process was killed */
	enum signal_answer answer;
	struct signal_frame *frames; /* handlers it is in, innermost first */
	uint32_t frame_count;
	struct signal_again again; /* the present or next call */
	uint64_t armed_due_ns; /* of the call's timer; 0: it had none */
};

struct task {
	uint32_t index;
	const struct scenario_thread *thread; /* NULL in unit tests */
	const char *name;
	struct process *process;
	struct futex_thread futex;
	struct fiber fiber;
	void (*main)(struct task *task); /* unit tests; NULL: its program */
	void *arg;
	bool is_in_fiber; /* in the middle of something, on its own stack */
	bool is_announced; /* its next announcement has been made */

	enum task_state state;
	bool has_exited; /* by exit: wakers do nothing any more */
	bool is_made; /* by a clone, which may not have started it yet */
	struct step step; /* the one it stands before, if runnable */
	struct step last; /* the last one it committed */
	uint32_t step_count; /* steps it has made */
	struct kmutex *mutex; /* TASK_SLEEPING: what for */
	struct task *next_sleeper;
	uint32_t phantoms[PHANTOMS_MAX]; /* mutexes it only believes to hold */
	uint32_t phantom_count; /* 0 but under a mutation (mutation.h) */
	uint32_t freed_by; /* n of the event that made it runnable */

	bool is_interrupted;
	struct task_signals signals;
	struct kwaker *interrupt_waker;
	struct kwaker *wait; /* the wait it is in, or NULL */
	struct ktimer *timer; /* that it has armed, or NULL */
	uint32_t block_count; /* allocations so far */
	uint32_t object_count; /* objects it has made so far */
	uint32_t op_wait; /* op_index of its last wait */

	/* the program */
	uint32_t op_index; /* of the present or next operation */
	uint32_t op_finished; /* how many have ended */
	bool is_in_op;
	bool is_leaving; /* on its way out */
	const struct op *op; /* the present one */
	uint32_t entered_at; /* n of its first event */
	int64_t *registers;
	bool *is_assigned;
	int64_t last_wait_result; /* for returned(T, E) */
	bool has_wait_result;
	struct place lost_at; /* the word whose wake-up it lost */
	bool was_charged; /* its last wait was charged: charged(T) */
	struct mark_list *marks;
	uint32_t pc; /* place in the program of the present or next one */
	uint32_t next_pc; /* where it goes on after the present one */
	bool *regions; /* by procedure: is it inside? */

	/* the call in progress, for the verdicts */
	bool is_wait;
	uint32_t wait_value; /* what it expects the word to be */
	uint32_t wait_mask;
	uint32_t wake_count; /* how many it is to wake or move */
	uint32_t wake_count2; /* and on its second word */
	uint32_t wake_mask;
	struct resolved keys[2];
	unsigned int key_count;
	struct resolved *word_keys; /* of a wait on several words */
	uint32_t word_count; /* of these that are known */
	uint32_t op_charged; /* waiters this operation has charged or moved */
	struct kwaker *passed_over; /* queued on my word under another key */
};

struct mark_list {
	struct mark_list *next;
	const char *name;
};

struct process {
	uint32_t index;
	const char *name;
	struct aspace *aspace;
	struct futex_table *table;
	bool is_started; /* it was forked, or was there from the start */
	bool is_exiting; /* exit_group, or all but the survivor */
	struct task *survivor; /* is in exec, and goes on alone */
	struct signal_action actions[SIGNALS_MAX + 1]; /* by number */
	uint64_t pending; /* signals to it as a whole that nobody has taken */
	uint32_t killed_by; /* number of the signal that ends it, or 0 */
};

/* What is known of a mutex, atomic word or reference count. */
struct object {
	enum object_kind kind;
	int32_t owner; /* thread that made it */
	uint32_t wait; /* OBJECT_WOKEN ...: op index of the owner */
	uint32_t made_at; /* OBJECT_WQ: n of its entry's insertion */
	uint32_t removed_at; /* OBJECT_WQ: of its removal; 0: it is there */
	uint32_t counted_at[2]; /* reference count: last two looks at it */
	bool is_ref; /* a reference count, not what it counts */
	bool has_key; /* OBJECT_WQ: key, table and place are known */
	uint64_t key;
	uint64_t table; /* OBJECT_WQ: object number of the table */
	struct place place; /* OBJECT_WQ: the word it was made for */
	uint64_t identity; /* OBJECT_TABLE: of what is mapped; 0 private */
	uint32_t process; /* OBJECT_TABLE: private: whose */
	struct kmutex *mutex; /* where it is, for reports */
	const void *address; /* of the mutex, word or count itself */
	uint64_t serial; /* (owner, n-th of it): the same in every run */
};

/* ---- who chooses ------------------------------------------------------- */

enum move_kind {
	MOVE_STEP, /* thread takes its step */
	MOVE_FIRE, /* the clock fires the timer of thread */
	MOVE_ADVANCE, /* the clock goes on to ns, where no timer is due */
	MOVE_SIGNAL, /* thread gets signal number ns */
	MOVE_SIGNAL_PROCESS, /* the process with index thread gets it */
	MOVE_SPURIOUS, /* thread, which is parked, wakes for no reason */
	MOVE_STOP,
};

struct move {
	enum move_kind kind;
	uint32_t thread;
	uint64_t ns;
};

/* Answers every choice; the machine cannot tell one from another. */
struct policy {
	const char *name;
	void (*begin)(struct policy *p, struct sim *sim);
	struct move (*choose)(struct policy *p, struct sim *sim);
	void (*end)(struct policy *p, struct sim *sim);
};

/*
 * Where a thread stops for the others: bits of kinds of objects by kind of
 * event, and bits of kinds of events for the steps that programs make.  What
 * lies between two stops is one step of the search.
 */
struct stops {
	uint32_t kernel[EVENT_KIND_COUNT];
	uint64_t program;
};

/* ---- the whole --------------------------------------------------------- */

/* Told of every step and note; may be NULL. */
struct observer {
	void (*event)(struct observer *o, struct sim *sim, int32_t mover,
		      const struct step *step, bool is_step);
};

struct sim {
	struct arena arena;
	struct fiber_pool stacks;
	const struct scenario *scenario; /* NULL in unit tests */
	struct futex_system futex;

	struct task *tasks;
	uint32_t task_count;
	struct process *processes;
	uint32_t process_count;
	struct machine_memory memory;
	struct object *objects; /* [0] unused; kept from run to run */
	uint32_t object_count;
	uint32_t object_room;
	uint32_t waker_count;

	uint64_t now_ns; /* monotonic */
	uint64_t wall_offset_ns;
	struct ktimer *timers; /* armed, in the order of firing */
	uint32_t timer_count; /* that were ever armed */
	uint32_t boot_blocks; /* allocated by no thread */
	uint32_t boot_objects; /* made by no thread */
	struct change *changes;
	struct races *races; /* NULL: no access is plain, or nobody asks */
	struct lock_order *locks; /* in what order; NULL: nobody asks */

	struct task *current;
	int32_t mover; /* thread index, or MOVER_* */
	uint32_t event_count; /* n of the last event */
	uint32_t step_count;
	uint32_t steps_max;
	bool is_over; /* a kernel bug ended it */

	struct result *results; /* in order of completion */
	struct result **results_end;
	uint32_t result_count;

	uint32_t verdict_count;
	uint32_t ignore; /* bit per verdict kind */

	struct observer *observer;
	struct policy *policy;
	struct touch_log *touches; /* what steps touch; NULL: nobody asks */
	const struct stops *stops; /* NULL: every step is one */
	struct state_hash *hasher; /* of states; NULL: nobody asks */
	bool is_brief; /* of task->last only the point is kept */
	struct livelock *livelock; /* looks for fair cycles; NULL: nobody */
	bool is_round; /* the policy lets everybody move in turn, for ever */
	bool is_at_limit; /* of steps: that is what ended it */
	bool is_started; /* threads stand before their first steps */

	/* a snapshot saves what comes before this */
	struct verdict verdicts[SIM_VERDICTS_MAX];
	sigjmp_buf crash; /* back to the loop from a fault in the model */
	struct snapshots snapshots;
};

/* The execution that is running; kernel.h has no other way to know. */
extern struct sim *sim_running;

/* Memory for executions, one after the other. */
void sim_init(struct sim *sim);
void sim_fini(struct sim *sim);

/*
 * Forget the last execution and set the machine up for @scenario.
 * Units:   @quirks: bit per enum quirk.
 * Owner:   @scenario is borrowed until the next begin.
 */
void sim_begin(struct sim *sim, const struct scenario *scenario,
	       uint64_t quirks);

/* For unit tests: an empty machine, and threads made of C functions. */
void sim_begin_empty(struct sim *sim, uint64_t quirks, uint32_t task_count);
void sim_set_task(struct sim *sim, uint32_t index, const char *name,
		  void (*main)(struct task *task), void *arg);

/* Let every thread come before its first step; sim_run does it if need be. */
void sim_start(struct sim *sim);

/* Step until the policy stops, nothing can be chosen, or a bug ends it. */
void sim_run(struct sim *sim, struct policy *policy, struct observer *observer);

/* ---- questions a policy asks ------------------------------------------- */

bool task_can_move(const struct task *task);
bool sim_can_any_move(const struct sim *sim);
/* Blocked, with nobody having freed it yet. */
bool task_is_blocked(const struct task *task);
/* Its armed timer that can fire, or NULL. */
struct ktimer *task_timer(const struct sim *sim, const struct task *task);
/* The earliest armed timer that can fire, or NULL. */
struct ktimer *sim_next_timer(const struct sim *sim);
/* Has the run such a verdict already? */
bool sim_has_verdict(const struct sim *sim, enum verdict_kind kind);
/* What @task is blocked on: "futex", "mutex:wq" ... */
const char *task_blocked_on(const struct sim *sim, const struct task *task);

/* ---- for the parts of the machine -------------------------------------- */

struct task *sim_task_current(void);

/*
 * Say what comes next and let others run until chosen again.  The caller then
 * acts, fills in task->step and commits it.
 */
struct step *sim_announce(struct task *task, enum event_kind kind,
			  enum object_kind object_kind, uint64_t object,
			  const struct ksite *site);
void sim_commit(struct task *task);
/* Say what comes next, and no more: the next announcement is this one. */
void sim_prepare(struct task *task, enum event_kind kind,
		 enum object_kind object_kind, uint64_t object,
		 const struct ksite *site);
/* Do others come before @task makes @step?  If not, it is counted. */
bool sim_stops_at(struct sim *sim, struct task *task, const struct step *step);
/* A note of the present mover.  Returns its n. */
uint32_t sim_note(struct sim *sim, const struct step *step);

/* Give up the processor until the state is runnable again. */
void sim_block(struct task *task, enum task_state state);
/* Make a blocked task runnable; false if it was not blocked. */
bool sim_unblock(struct sim *sim, struct task *task);

/* Record that an operation of @task has ended. */
void sim_add_result(struct sim *sim, struct task *task, int64_t value);

/* Leave a waker behind: set the permit and free its task. */
/* Timers: take it off the list of armed ones. */
void timer_disarm(struct sim *sim, struct ktimer *timer);
/* When it is due on the monotonic clock, and on the wall clock. */
uint64_t timer_due_ns(const struct sim *sim, const struct ktimer *timer);
uint64_t timer_wall_ns(const struct sim *sim, const struct ktimer *timer);

bool waker_fire(struct sim *sim, struct kwaker *w);
/* A waker of the present thread that stands for no wait on a futex. */
struct kwaker *kwaker_new_bare(void);

/*
 * The parts of a wait one after the other: itself, if it is in one queue.  NULL
 * at the end; @w may be NULL.
 */
struct kwaker *wait_first(struct kwaker *w);
struct kwaker *wait_next(struct kwaker *part);

/*
 * Set the interrupt flag and fire the interrupt waker, which is then gone: the
 * next poll registers one again.  Returns whether the task was blocked.
 */
bool task_interrupt(struct sim *sim, struct task *task);

/* What is known of a place by its number; made if need be. */
struct change *sim_change(struct sim *sim, uint64_t place);

/* Add a verdict, unless it is ignored or there are too many. */
struct verdict *sim_verdict(struct sim *sim, enum verdict_kind kind,
			    int32_t thread);
/* printf into the arena. */
const char *sim_format(struct sim *sim, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* End the run with a verdict, from inside a fiber. */
_Noreturn void sim_bug(struct sim *sim, enum verdict_kind kind,
		       const char *what);

#endif
