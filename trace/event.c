/*
 * event.c - dependence: which events may not be swapped.
 *
 * Two events may be swapped where they are neighbours if each can happen, and
 * does the same, before and after the other.  Whoever can make another event
 * possible or impossible therefore touches what that event touches.
 *
 * A result counts where it says that nothing was changed (a lock that was not
 * got, a comparison that failed): two such events stay what they are when they
 * are swapped, and one that does change the place conflicts with both.
 *
 * A pair that nobody has thought of is dependent: an event of an unknown kind
 * touches everything, and modes commute only where commuting[] says so.
 */
#include "trace/event.h"

#define BIT(mode) (1u << (mode))

/* One more touch.  Returns how many there are. */
static inline unsigned int put(struct touch *out, unsigned int n,
			       enum touch_kind kind, enum touch_mode mode,
			       uint64_t place)
{
	out[n].place = place;
	out[n].detail = 0;
	out[n].kind = kind;
	out[n].mode = mode;
	return n + 1;
}

static unsigned int touches_all(struct touch *out)
{
	return put(out, 0, TOUCH_ALL, TOUCH_WRITE, 0);
}

/*
 * Into the queue of the mutex, and asleep: a wake-up of this thread before it
 * falls asleep does nothing, one after it makes it look again.
 */
static unsigned int touches_of_sleep(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_MUTEX, TOUCH_WRITE, e->object);
	return put(out, 1, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->thread);
}

/* Hands over, and so wakes: only one of two wakes finds the thread asleep. */
static unsigned int touches_of_unlock(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_MUTEX, TOUCH_WRITE, e->object);
	if (e->peer < 0)
		return 1;
	return put(out, 1, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
}

/*
 * Wakers do nothing to who has exited, and its number names nobody any more.
 * A wait that it was in is over.
 */
static unsigned int touches_of_exit(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->thread);
	put(out, 1, TOUCH_EXIT, TOUCH_WRITE, (uint64_t)e->thread);
	return put(out, 2, TOUCH_WAIT, TOUCH_WRITE, (uint64_t)e->thread);
}

/*
 * Clears the interrupt flag; a call that does not is treated alike.  The wait
 * is over: who is charged with a wake-up before that must return 0, and a
 * wake-up charged after it is lost.
 */
static unsigned int touches_of_return(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_INTERRUPT, TOUCH_WRITE, (uint64_t)e->thread);
	return put(out, 1, TOUCH_WAIT, TOUCH_WRITE, (uint64_t)e->thread);
}

/* ---- time -------------------------------------------------------------- */

/*
 * Time may go past any deadline: as if a timer fired that is later than all.
 */
static unsigned int touches_of_advance(struct touch *out)
{
	put(out, 0, TOUCH_CLOCK, TOUCH_WRITE, 0);
	put(out, 1, TOUCH_TIMERS, TOUCH_FIRE, 0);
	out[1].detail = UINT64_MAX;
	return 2;
}

/*
 * Joins the armed timers, which may change which one is next, or has expired
 * at once.  Both are a matter of its deadline against those of other timers,
 * so it need not touch the clock: firing the timer of time D makes the wall
 * clock at least D and, had it been less, no more than D, so that a deadline
 * after D has expired before it if and only if it has after it.
 */
static unsigned int touches_of_arm(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_TIMERS, TOUCH_ARM, 0);
	out[0].detail = e->in;
	return put(out, 1, TOUCH_TIMER, TOUCH_WRITE, (uint64_t)e->thread);
}

/* Leaves the armed timers: then another one is next, or none. */
static unsigned int touches_of_cancel(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_TIMERS, TOUCH_CANCEL, 0);
	return put(out, 1, TOUCH_TIMER, TOUCH_WRITE, (uint64_t)e->thread);
}

/* Moves the clock, takes the earliest timer, marks it, wakes whose it is. */
static unsigned int touches_of_fire(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_CLOCK, TOUCH_WRITE, 0);
	put(out, 1, TOUCH_TIMERS, TOUCH_FIRE, 0);
	out[1].detail = e->in;
	put(out, 2, TOUCH_TIMER, TOUCH_WRITE, (uint64_t)e->peer);
	return put(out, 3, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
}

/* ---- what may happen --------------------------------------------------- */

/* Sets the flag and fires the waker.  It need not happen before the end. */
static unsigned int touches_of_signal(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_OPTION, TOUCH_READ, TOUCH_OPTION_END);
	if (e->peer < 0)
		return 1;
	put(out, 1, TOUCH_INTERRUPT, TOUCH_WRITE, (uint64_t)e->peer);
	return put(out, 2, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
}

/*
 * A thread sends one.  Of a signal to a process the machine tells the rest: who
 * might have been chosen.
 */
static unsigned int touches_of_kill(const struct event *e, struct touch *out)
{
	if (e->peer < 0)
		return 0;
	put(out, 0, TOUCH_INTERRUPT, TOUCH_WRITE, (uint64_t)e->peer);
	put(out, 1, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
	return put(out, 2, TOUCH_EXIT, TOUCH_READ, (uint64_t)e->peer);
}

/*
 * Possible only while the thread is parked, and only so often in a run: the
 * last one takes the chance from all other threads.
 */
static unsigned int touches_of_spurious(const struct event *e,
					struct touch *out)
{
	put(out, 0, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
	put(out, 1, TOUCH_OPTION, TOUCH_READ, TOUCH_OPTION_END);
	return put(out, 2, TOUCH_OPTION, TOUCH_WRITE, TOUCH_OPTION_SPURIOUS);
}

/* ---- memory ------------------------------------------------------------ */

/*
 * Each word that has a byte in the range.  Nowhere is nobody's: the access has
 * failed, and what it found out about the map the machine tells.
 */
static unsigned int touches_of_words(const struct event *e,
				     enum touch_mode mode, struct touch *out)
{
	uint64_t first = e->object & ~UINT64_C(3);
	uint64_t bytes = (e->object & 3) + (e->size ? e->size : 4);
	unsigned int i, count;

	if (!e->object)
		return 0;
	if (bytes > 4 * EVENT_TOUCHES_MAX)
		return touches_all(out);
	count = (unsigned int)(bytes + 3) / 4;
	for (i = 0; i < count; i++)
		put(out, i, TOUCH_WORD, mode, first + 4 * i);
	return count;
}

/*
 * Changes areas of one address space.  What is mapped anew may get numbers
 * (of memory, of a file's handle) in the order of all such calls.
 */
static unsigned int touches_of_map(const struct event *e, struct touch *out)
{
	unsigned int n = put(out, 0, TOUCH_MAP, TOUCH_WRITE, e->object);

	return e->kind == EVENT_UNMAP || e->kind == EVENT_PROTECT
		       ? n
		       : put(out, n, TOUCH_MAP, TOUCH_WRITE, 0);
}

/*
 * The thread is there from now on and can move, be woken and be found by its
 * number.  What else a fork reads and makes the machine tells.
 */
static unsigned int touches_of_birth(const struct event *e, struct touch *out)
{
	put(out, 0, TOUCH_TASK, TOUCH_WRITE, (uint64_t)e->peer);
	return put(out, 1, TOUCH_EXIT, TOUCH_WRITE, (uint64_t)e->peer);
}

/* Reads all memory of the address space: each access there touches its map. */
static unsigned int touches_of_fork(const struct event *e, struct touch *out)
{
	unsigned int n = touches_of_birth(e, out);

	n = put(out, n, TOUCH_MAP, TOUCH_WRITE, e->object);
	return put(out, n, TOUCH_MAP, TOUCH_WRITE, 0);
}

/* ---- events ------------------------------------------------------------ */

unsigned int event_touches(const struct event *e,
			   struct touch out[EVENT_TOUCHES_MAX])
{
	uint64_t object = e->object;
	uint64_t own = (uint64_t)e->thread, peer = (uint64_t)e->peer;

	switch (e->kind) {
	case EVENT_LOCK: /* handed over or found free, it has a new owner */
		return put(out, 0, TOUCH_MUTEX, TOUCH_WRITE, object);
	case EVENT_SLEEP:
		return touches_of_sleep(e, out);
	case EVENT_TRYLOCK: /* one that fails has only looked */
		return put(out, 0, TOUCH_MUTEX,
			   e->out ? TOUCH_WRITE : TOUCH_READ, object);
	case EVENT_UNLOCK:
		return touches_of_unlock(e, out);
	case EVENT_LOAD:
		return put(out, 0, TOUCH_ATOMIC, TOUCH_READ, object);
	case EVENT_STORE:
	case EVENT_SWAP:
	case EVENT_ADD: /* gives the old value: sums do not commute */
	case EVENT_SUB:
		return put(out, 0, TOUCH_ATOMIC, TOUCH_WRITE, object);
	case EVENT_REF_GET:
		return put(out, 0, TOUCH_REF, TOUCH_GET, object);
	case EVENT_REF_PUT:
		put(out, 0, TOUCH_REF, TOUCH_PUT, object);
		out[0].detail = e->new_value;
		return 1;
	case EVENT_REF_COUNT:
		return put(out, 0, TOUCH_REF, TOUCH_COUNT, object);
	case EVENT_BLOCK: /* asleep, or takes the permit */
	case EVENT_RESUME: /* possible only after a wake-up */
		return put(out, 0, TOUCH_TASK, TOUCH_WRITE, own);
	case EVENT_WAKE: /* leaves a permit; the second finds it runnable */
		return put(out, 0, TOUCH_TASK, TOUCH_WRITE, peer);
	case EVENT_INTERRUPT_REGISTER: /* whom the next signal wakes */
	case EVENT_INTERRUPT_TAKE: /* clears the flag */
		return put(out, 0, TOUCH_INTERRUPT, TOUCH_WRITE, own);
	case EVENT_RETURN:
		return touches_of_return(e, out);
	case EVENT_EXIT:
		return touches_of_exit(e, out);
	case EVENT_CLOCK_READ:
		return put(out, 0, TOUCH_CLOCK, TOUCH_READ, 0);
	case EVENT_CLOCK_ADVANCE:
		return touches_of_advance(out);
	case EVENT_TIMER_ARM:
		return touches_of_arm(e, out);
	case EVENT_TIMER_POLL: /* looks, or leaves its waker */
		return put(out, 0, TOUCH_TIMER, TOUCH_WRITE, own);
	case EVENT_TIMER_CANCEL:
		return touches_of_cancel(e, out);
	case EVENT_TIMER_FIRE:
		return touches_of_fire(e, out);
	case EVENT_SIGNAL:
		return touches_of_signal(e, out);
	case EVENT_SPURIOUS:
		return touches_of_spurious(e, out);
	case EVENT_KILL:
		return touches_of_kill(e, out);
	case EVENT_DELIVER: /* takes what is pending; blocks some, unblocks */
	case EVENT_SIGRETURN:
		return put(out, 0, TOUCH_INTERRUPT, TOUCH_WRITE, own);
	case EVENT_USER_CAS: /* one that fails has only looked */
		return touches_of_words(e,
					(uint64_t)e->out == e->in2 ? TOUCH_WRITE
								   : TOUCH_READ,
					out);
	case EVENT_USER_LOAD:
	case EVENT_USER_READ:
	case EVENT_USER_FAULT: /* what it does to the map the machine tells */
		return touches_of_words(e, TOUCH_READ, out);
	case EVENT_USER_STORE:
	case EVENT_USER_XCHG:
	case EVENT_USER_FETCH:
	case EVENT_USER_WRITE:
		return touches_of_words(e, TOUCH_WRITE, out);
	case EVENT_TIMEOUT_READ: /* of memory, or of the scenario */
		return e->object_kind == OBJECT_WORD
			       ? touches_of_words(e, TOUCH_READ, out)
			       : 0;
	case EVENT_MAP:
	case EVENT_UNMAP:
	case EVENT_PROTECT:
	case EVENT_REMAP:
	case EVENT_EXEC:
		return touches_of_map(e, out);
	case EVENT_FORK:
		return touches_of_fork(e, out);
	case EVENT_CLONE:
		return touches_of_birth(e, out);
	case EVENT_QUEUE_CHARGE: /* is the wait over, or does it count? */
		return put(out, 0, TOUCH_WAIT, TOUCH_WRITE, peer);
	case EVENT_YIELD: /* gives way, and that is all */
	case EVENT_ENTER: /* a thread's own business */
	case EVENT_MARK:
	case EVENT_QUEUE_PUSH: /* under the mutex that their step holds */
	case EVENT_QUEUE_REMOVE:
	case EVENT_QUEUE_DROP:
	case EVENT_QUEUE_DRAIN:
	case EVENT_QUEUE_APPEND:
	case EVENT_ENTRY_INSERT:
	case EVENT_ENTRY_REMOVE:
	case EVENT_TABLE_INSERT:
	case EVENT_TABLE_REMOVE:
		return 0;
	case EVENT_CLOCK_SET: /* which timer is next, by another measure */
	case EVENT_BUG: /* ends the run: nothing else happens any more */
	case EVENT_KIND_COUNT:
		break;
	}
	return touches_all(out);
}

/* ---- pairs ------------------------------------------------------------- */

/*
 * Which modes commute, whatever the place.  Two loads do.  Who adds a holder
 * to a count is one or borrows from one, and so the count cannot reach zero
 * between a get and a put; of two puts, the last frees.  Counts look, at what
 * gets and puts change.  Whoever arms and whoever cancels have two timers.  A
 * mutex that was taken and given back is as it was, but for who meets it held.
 */
static const uint16_t commuting[TOUCH_MODE_COUNT] = {
	[TOUCH_READ] = BIT(TOUCH_READ),
	[TOUCH_GET] = BIT(TOUCH_GET) | BIT(TOUCH_PUT),
	[TOUCH_PUT] = BIT(TOUCH_GET),
	[TOUCH_COUNT] = BIT(TOUCH_COUNT),
	[TOUCH_ARM] = BIT(TOUCH_CANCEL),
	[TOUCH_CANCEL] = BIT(TOUCH_ARM) | BIT(TOUCH_CANCEL),
	[TOUCH_PASS] = BIT(TOUCH_PASS),
};

/*
 * Timers fire by deadline, equal ones in the order of arming; one that is due
 * when it is armed has expired.
 */
static bool are_timers_dependent(const struct touch *a, const struct touch *b)
{
	if (a->mode == TOUCH_ARM && b->mode == TOUCH_ARM)
		return a->detail == b->detail;
	if (a->mode == TOUCH_ARM && b->mode == TOUCH_FIRE)
		return a->detail <= b->detail;
	if (a->mode == TOUCH_FIRE && b->mode == TOUCH_ARM)
		return b->detail <= a->detail;
	return !(commuting[a->mode] >> b->mode & 1);
}

/*
 * A look-up asks who waits on the word under another key than its own; for the
 * same key the mutex of the queue puts the two in order.
 */
static bool are_looks_dependent(const struct touch *a, const struct touch *b)
{
	return a->mode != b->mode && a->detail != b->detail;
}

bool touch_is_dependent(const struct touch *a, const struct touch *b)
{
	if (a->kind == TOUCH_ALL || b->kind == TOUCH_ALL)
		return true;
	if (a->kind != b->kind || a->place != b->place)
		return false;
	if (a->kind == TOUCH_TIMERS)
		return are_timers_dependent(a, b);
	if (a->kind == TOUCH_LOOK)
		return are_looks_dependent(a, b);
	return !(commuting[a->mode] >> b->mode & 1);
}

/* The sender of signals is one for each thread. */
static bool is_same_mover(const struct event *a, const struct event *b)
{
	return a->thread == b->thread &&
	       (a->thread != MOVER_SIGNAL || a->peer == b->peer);
}

bool event_is_dependent(const struct event *a, const struct event *b)
{
	struct touch of_a[EVENT_TOUCHES_MAX], of_b[EVENT_TOUCHES_MAX];
	unsigned int i, j, count_a, count_b;

	if (is_same_mover(a, b))
		return true;
	count_a = event_touches(a, of_a);
	count_b = event_touches(b, of_b);
	/* Even what touches nothing does not happen after the end of a run. */
	if ((count_a && of_a[0].kind == TOUCH_ALL) ||
	    (count_b && of_b[0].kind == TOUCH_ALL))
		return true;
	for (i = 0; i < count_a; i++) {
		for (j = 0; j < count_b; j++) {
			if (touch_is_dependent(&of_a[i], &of_b[j]))
				return true;
		}
	}
	return false;
}
