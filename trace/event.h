/*
 * event.h - one thing that happened, as plain data.
 *
 * An execution is a list of events.  A *step* is an event at which the
 * scheduler had a choice; a *note* tells of a change that the step before it
 * made (a waiter joins a queue, an entry leaves a table).  The point of an
 * event, such as "wq.lock", is the name of its object's kind and of what was
 * done to it; schedules and pictures use the same names.
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum event_kind {
	/* mutexes */
	EVENT_LOCK, /* taken; in: 1 if it was handed over */
	EVENT_SLEEP, /* busy, or spuriously woken: sleeps in its FIFO */
	EVENT_TRYLOCK, /* out: 1 if taken */
	EVENT_UNLOCK, /* peer: the thread it was handed to */
	/* kernel words */
	EVENT_LOAD, /* out: value */
	EVENT_STORE, /* old, new */
	EVENT_SWAP,
	EVENT_ADD,
	EVENT_SUB,
	EVENT_REF_GET, /* old, new */
	EVENT_REF_PUT,
	EVENT_REF_COUNT, /* out: count */
	/* threads */
	EVENT_BLOCK, /* permit: taken, and so it did not sleep */
	EVENT_RESUME, /* runs on after it was unparked; cause */
	EVENT_WAKE, /* unpark; peer; out: 1 if that thread was blocked */
	EVENT_YIELD,
	EVENT_INTERRUPT_REGISTER,
	EVENT_INTERRUPT_TAKE, /* out: 1 if the flag was set */
	EVENT_ENTER, /* a system call begins; text */
	EVENT_RETURN, /* it ends; out; in: 1 if it is made again */
	EVENT_MARK, /* text */
	EVENT_EXIT, /* the thread is gone */
	EVENT_CLONE, /* peer: a thread that begins; out: tid */
	/* time */
	EVENT_CLOCK_READ, /* out: ns */
	EVENT_CLOCK_ADVANCE, /* in: ns */
	EVENT_CLOCK_SET, /* in: wall clock ns; out: 0 or -errno */
	EVENT_TIMER_ARM, /* in: deadline, wall clock ns */
	EVENT_TIMER_POLL, /* out: 1 if it has fired */
	EVENT_TIMER_CANCEL,
	EVENT_TIMER_FIRE, /* by the clock; peer: whose timer */
	EVENT_SIGNAL, /* peer: to whom; in: number; in2: process + 1, or 0 */
	EVENT_SPURIOUS, /* peer wakes for no reason; out: 1 if it slept */
	EVENT_KILL, /* by a thread; peer: chosen; in: number; out: result */
	EVENT_DELIVER, /* on the way to user mode; in: number; 0: none left */
	EVENT_SIGRETURN, /* a handler is over; in: number */
	/* user memory; in: address */
	EVENT_USER_LOAD, /* out: value or -errno */
	EVENT_USER_STORE, /* old, new */
	EVENT_USER_CAS, /* in2: expected; old, new */
	EVENT_USER_XCHG,
	EVENT_USER_FETCH, /* fetch_add, _sub, _or, _and, _xor */
	EVENT_USER_READ, /* 64-bit words */
	EVENT_USER_WRITE,
	EVENT_USER_FAULT, /* the page is brought in under the mutex */
	EVENT_TIMEOUT_READ,
	/* address space */
	EVENT_MAP,
	EVENT_UNMAP,
	EVENT_PROTECT,
	EVENT_REMAP, /* moved, grown or shrunk */
	EVENT_FORK, /* peer: first thread of the copy; out: tid */
	EVENT_EXEC, /* leaves the address space for a new one */
	/* notes */
	EVENT_QUEUE_PUSH, /* obj: the queue; peer: the waiter */
	EVENT_QUEUE_CHARGE, /* taken off and counted as woken */
	EVENT_QUEUE_REMOVE, /* took itself off */
	EVENT_QUEUE_DROP, /* was cancelled, taken off on the way */
	EVENT_QUEUE_DRAIN, /* taken off, to be appended to another */
	EVENT_QUEUE_APPEND, /* appended after a requeue */
	EVENT_ENTRY_INSERT, /* obj: the table; in: key; obj2: the queue */
	EVENT_ENTRY_REMOVE,
	EVENT_TABLE_INSERT, /* obj: the table */
	EVENT_TABLE_REMOVE,
	EVENT_BUG, /* text */
	EVENT_KIND_COUNT,
};

/* Kinds of objects; the first part of a point's name. */
enum object_kind {
	OBJECT_NONE,
	OBJECT_WQ,
	OBJECT_TABLE,
	OBJECT_REGISTRY,
	OBJECT_CLEANUP,
	OBJECT_ASPACE,
	OBJECT_WOKEN,
	OBJECT_CANCELLED,
	OBJECT_STATE,
	OBJECT_ENTRY,
	OBJECT_ROBUST,
	OBJECT_CTID,
	OBJECT_WORD, /* a word of user memory */
	OBJECT_TASK,
	OBJECT_TIMER,
	OBJECT_INTERRUPT,
	OBJECT_CLOCK,
	OBJECT_SIGNAL,
	OBJECT_SYSCALL,
	OBJECT_TIMEOUT,
	OBJECT_QUEUE,
	OBJECT_KERNEL,
	OBJECT_KIND_COUNT,
};

/* Movers that are not threads. */
#define MOVER_CLOCK (-1) /* the clock: timers fire */
#define MOVER_SIGNAL (-2) /* the sender of a signal */
#define MOVER_NONE (-3)

/* "No such thing" in the fields peer, cause and op. */
#define EVENT_NOBODY (-4)
#define EVENT_NO_CAUSE 0

/*
 * One event.  Strings are owned by the trace it is part of.  Fields that mean
 * nothing for its kind are zero, peer is EVENT_NOBODY.
 */
struct event {
	uint32_t n; /* 1, 2, 3 ... in the trace, notes included */
	int32_t thread; /* index of the mover's thread, or MOVER_* */
	enum event_kind kind;
	enum object_kind object_kind;
	uint64_t object; /* index into the trace's objects; 0: none */
	uint32_t object2; /* a second one, for notes on entries */
	int32_t peer; /* the other thread: woken, handed to, queued */
	int32_t op; /* line in the scenario; 0: none */
	uint32_t op_index; /* which operation of its thread; from 0 */
	uint32_t cause; /* n of the event that enabled it; 0: none */
	bool step; /* a scheduling point; else a note */
	bool has_values; /* old and new_value mean something */
	bool has_permit; /* permit means something */
	bool permit; /* a wake-up was consumed without sleeping */
	uint64_t time_ns; /* virtual time, monotonic */
	uint64_t in;
	uint64_t in2;
	int64_t out;
	uint64_t old_value;
	uint64_t new_value;
	uint32_t size; /* bytes of user memory; not kept in files */
	const char *text; /* what the operation is, for enter, mark, bug */
	const char *src; /* "model/wait.c:88"; NULL for user code */
	const uint32_t *clk; /* vector clock, one per thread; NULL if none */
};

/* "lock", "enter" ...: the second part of the point. */
const char *event_operation(enum event_kind kind);
const char *object_kind_name(enum object_kind kind);

/*
 * Write the point's name, such as "wq.lock", into @buf.
 * Returns @buf.
 */
#define POINT_NAME_MAX 32
char *event_point(enum event_kind kind, enum object_kind object,
		  char buf[POINT_NAME_MAX]);

/* The pair that has this name or alias; false if there is none. */
bool event_point_parse(const char *name, enum event_kind *kind,
		       enum object_kind *object);

/*
 * Is an event of this kind a step that a thread makes?  Notes are not, nor is
 * what the clock and the senders of signals do: nobody can be stopped there.
 */
bool event_is_of_thread(enum event_kind kind);

/*
 * Every valid point name in a fixed order; @index from 0.  Returns false past
 * the end.
 */
bool event_point_at(unsigned int index, enum event_kind *kind,
		    enum object_kind *object);

/* ---- dependence -------------------------------------------------------- */

/*
 * What an event reads or changes.  Two events of different movers are
 * dependent if they touch one place in ways that do not commute: then their
 * order may matter, and a search tries both.  The reason for each kind stands
 * in event.c.
 */
enum touch_kind {
	TOUCH_ALL, /* conflicts with all, even with what touches nothing */
	TOUCH_MUTEX, /* place: object */
	TOUCH_ATOMIC,
	TOUCH_REF, /* detail of a put: how many are left */
	TOUCH_WORD, /* place: of four bytes of user memory */
	TOUCH_TASK, /* place: thread: is it blocked, has it a permit */
	TOUCH_INTERRUPT, /* place: thread: flag and waker */
	TOUCH_EXIT, /* place: thread: is it there */
	TOUCH_CLOCK, /* virtual time */
	TOUCH_TIMERS, /* which timer is next; detail: deadline */
	TOUCH_TIMER, /* place: thread: has its timer fired */
	TOUCH_WAIT, /* place: thread: is its wait over, is it charged */
	/* told by the machine alone, or by it as well */
	TOUCH_MAP, /* place: address space: areas, pages; 0: their numbers */
	TOUCH_LEAVING, /* place: process: is it in exit_group */
	TOUCH_SIGNAL, /* place: process: actions, what is pending for it */
	TOUCH_MEMORY, /* place: object: is the block it is in freed */
	TOUCH_LOOK, /* place: word; detail: the key it was looked up under */
	TOUCH_CHANGE, /* place: word: last change and wakes since */
	TOUCH_SHOW, /* place: property that can see the step */
	TOUCH_OPTION, /* place: enum touch_option: what may still happen */
	TOUCH_BEGIN, /* place: set of interchangeable threads */
	TOUCH_KIND_COUNT,
};

enum touch_mode {
	TOUCH_READ,
	TOUCH_WRITE,
	TOUCH_GET, /* reference counts */
	TOUCH_PUT,
	TOUCH_COUNT,
	TOUCH_ARM, /* timers */
	TOUCH_CANCEL,
	TOUCH_FIRE,
	TOUCH_PASS, /* a mutex was taken and given back within one step */
	TOUCH_MODE_COUNT,
};

/* Places of TOUCH_OPTION. */
enum touch_option {
	TOUCH_OPTION_END, /* written by what ends the run, else read */
	TOUCH_OPTION_SPURIOUS, /* how many wake-ups for no reason are left */
};

struct touch {
	uint64_t place;
	uint64_t detail;
	enum touch_kind kind;
	enum touch_mode mode;
};

#define EVENT_TOUCHES_MAX 8

/*
 * What @e touches by itself, from its fields alone: kind, object and its kind,
 * thread, peer, in, in2, out, size.  Here an object is any number that means
 * the same thing in both events that are compared; of OBJECT_WORD it is the
 * place, and neighbouring words differ by 4.  The event has happened: before
 * it does, its result is not known, and it may turn out to touch more.
 * Returns how many of @out are filled in; most notes, and steps that concern
 * their thread alone, touch nothing.
 */
unsigned int event_touches(const struct event *e,
			   struct touch out[EVENT_TOUCHES_MAX]);

/* Do they share a place, in ways that do not commute? */
bool touch_is_dependent(const struct touch *a, const struct touch *b);

/*
 * May the order of two events matter?  True for two of one mover.  A pair that
 * is not known is dependent.
 */
bool event_is_dependent(const struct event *a, const struct event *b);

#endif
