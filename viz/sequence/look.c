/*
 * look.c - the look of a row, by what its event does.
 */
#include "viz/sequence/story.h"

/* A compare-and-swap that finds another value leaves the word as it is. */
static bool writes_word(const struct event *e)
{
	return e->out >= 0 &&
	       (e->kind != EVENT_USER_CAS || e->old_value == e->in2);
}

enum look story_look(const struct event *e)
{
	switch (e->kind) {
	case EVENT_LOCK:
	case EVENT_UNLOCK:
		return LOOK_LOCK;
	case EVENT_SLEEP:
		return LOOK_WAIT;
	case EVENT_BLOCK:
		return event_is_park(e) ? LOOK_PARK : LOOK_READ;
	case EVENT_WAKE:
		return LOOK_WAKE;
	case EVENT_ENTER:
	case EVENT_RETURN:
	case EVENT_MARK:
	case EVENT_EXIT:
		return LOOK_CALL;
	case EVENT_STORE:
	case EVENT_SWAP:
	case EVENT_ADD:
	case EVENT_SUB:
	case EVENT_USER_STORE:
	case EVENT_USER_CAS:
	case EVENT_USER_XCHG:
	case EVENT_USER_FETCH:
	case EVENT_USER_WRITE:
		return writes_word(e) ? LOOK_STORE : LOOK_READ;
	case EVENT_CLOCK_ADVANCE:
	case EVENT_CLOCK_SET:
	case EVENT_TIMER_ARM:
	case EVENT_TIMER_FIRE:
	case EVENT_SIGNAL:
	case EVENT_SPURIOUS:
	case EVENT_KILL:
	case EVENT_DELIVER:
	case EVENT_SIGRETURN:
		return LOOK_TIMER;
	case EVENT_MAP:
	case EVENT_UNMAP:
	case EVENT_PROTECT:
	case EVENT_REMAP:
	case EVENT_FORK:
	case EVENT_CLONE:
	case EVENT_EXEC:
	case EVENT_QUEUE_PUSH:
	case EVENT_QUEUE_CHARGE:
	case EVENT_QUEUE_REMOVE:
	case EVENT_QUEUE_DROP:
	case EVENT_QUEUE_DRAIN:
	case EVENT_QUEUE_APPEND:
	case EVENT_ENTRY_INSERT:
	case EVENT_ENTRY_REMOVE:
	case EVENT_TABLE_INSERT:
	case EVENT_TABLE_REMOVE:
	case EVENT_BUG:
		return LOOK_QUEUE;
	case EVENT_TRYLOCK:
		return e->out ? LOOK_LOCK : LOOK_WAIT;
	case EVENT_LOAD:
	case EVENT_REF_GET:
	case EVENT_REF_PUT:
	case EVENT_REF_COUNT:
	case EVENT_RESUME:
	case EVENT_YIELD:
	case EVENT_INTERRUPT_REGISTER:
	case EVENT_INTERRUPT_TAKE:
	case EVENT_CLOCK_READ:
	case EVENT_TIMER_POLL:
	case EVENT_TIMER_CANCEL:
	case EVENT_USER_LOAD:
	case EVENT_USER_READ:
	case EVENT_USER_FAULT:
	case EVENT_TIMEOUT_READ:
	case EVENT_KIND_COUNT:
		break;
	}
	return LOOK_READ;
}
