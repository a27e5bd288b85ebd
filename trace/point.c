/*
 * point.c - the names of points.
 *
 * One row for each kind of event says what its operation is called, what the
 * first part of the point's name is, and with which objects it can happen.
 * Mutexes and kernel words take the first part from their object; the others
 * have one of their own, so that "ref.put" or "queue.push" is the same point
 * whichever object it happens to.
 */
#include "trace/event.h"

#include <stdio.h>
#include <string.h>

#define BIT(object) (1u << (object))
#define MUTEXES                                                                \
	(BIT(OBJECT_WQ) | BIT(OBJECT_TABLE) | BIT(OBJECT_REGISTRY) |           \
	 BIT(OBJECT_CLEANUP) | BIT(OBJECT_ASPACE))
#define WORDS                                                                  \
	(BIT(OBJECT_WOKEN) | BIT(OBJECT_CANCELLED) | BIT(OBJECT_ROBUST) |      \
	 BIT(OBJECT_CTID))

static const char *const object_names[OBJECT_KIND_COUNT] = {
	[OBJECT_NONE] = "none",	      [OBJECT_WQ] = "wq",
	[OBJECT_TABLE] = "table",     [OBJECT_REGISTRY] = "registry",
	[OBJECT_CLEANUP] = "cleanup", [OBJECT_ASPACE] = "aspace",
	[OBJECT_WOKEN] = "woken",     [OBJECT_CANCELLED] = "cancelled",
	[OBJECT_STATE] = "state",     [OBJECT_ENTRY] = "entry",
	[OBJECT_ROBUST] = "robust",   [OBJECT_CTID] = "ctid",
	[OBJECT_WORD] = "user",	      [OBJECT_TASK] = "task",
	[OBJECT_TIMER] = "timer",     [OBJECT_INTERRUPT] = "interrupt",
	[OBJECT_CLOCK] = "clock",     [OBJECT_SIGNAL] = "signal",
	[OBJECT_SYSCALL] = "syscall", [OBJECT_TIMEOUT] = "timeout",
	[OBJECT_QUEUE] = "queue",     [OBJECT_KERNEL] = "kernel",
};

/*
 * prefix: NULL if the object's name is the first part.  objects: the objects
 * it can happen to; with a prefix, the one that a parsed name stands for.
 */
struct kind_row {
	const char *operation;
	const char *prefix;
	uint32_t objects;
};

static const struct kind_row kinds[EVENT_KIND_COUNT] = {
	[EVENT_LOCK] = {"lock", NULL, MUTEXES},
	[EVENT_SLEEP] = {"sleep", NULL, MUTEXES},
	[EVENT_TRYLOCK] = {"trylock", NULL, MUTEXES},
	[EVENT_UNLOCK] = {"unlock", NULL, MUTEXES},
	[EVENT_LOAD] = {"load", NULL, WORDS},
	[EVENT_STORE] = {"store", NULL, WORDS},
	[EVENT_SWAP] = {"swap", NULL, 0},
	[EVENT_ADD] = {"add", NULL, 0},
	[EVENT_SUB] = {"sub", NULL, 0},
	[EVENT_REF_GET] = {"get", "ref", BIT(OBJECT_NONE)},
	[EVENT_REF_PUT] = {"put", "ref", BIT(OBJECT_NONE)},
	[EVENT_REF_COUNT] = {"count", "ref", BIT(OBJECT_NONE)},
	[EVENT_BLOCK] = {"block", "task", BIT(OBJECT_TASK)},
	[EVENT_RESUME] = {"resume", "task", BIT(OBJECT_TASK)},
	[EVENT_WAKE] = {"wake", "task", BIT(OBJECT_TASK)},
	[EVENT_YIELD] = {"yield", "task", BIT(OBJECT_TASK)},
	[EVENT_INTERRUPT_REGISTER] = {"register", "interrupt",
				      BIT(OBJECT_INTERRUPT)},
	[EVENT_INTERRUPT_TAKE] = {"take", "interrupt", BIT(OBJECT_INTERRUPT)},
	[EVENT_ENTER] = {"enter", "syscall", BIT(OBJECT_SYSCALL)},
	[EVENT_RETURN] = {"return", "syscall", BIT(OBJECT_SYSCALL)},
	[EVENT_MARK] = {"mark", "task", BIT(OBJECT_TASK)},
	[EVENT_EXIT] = {"exit", "task", BIT(OBJECT_TASK)},
	[EVENT_CLONE] = {"clone", "task", BIT(OBJECT_TASK)},
	[EVENT_CLOCK_READ] = {"read", "clock", BIT(OBJECT_CLOCK)},
	[EVENT_CLOCK_ADVANCE] = {"advance", "clock", BIT(OBJECT_CLOCK)},
	[EVENT_CLOCK_SET] = {"set", "clock", BIT(OBJECT_CLOCK)},
	[EVENT_TIMER_ARM] = {"arm", "timer", BIT(OBJECT_TIMER)},
	[EVENT_TIMER_POLL] = {"poll", "timer", BIT(OBJECT_TIMER)},
	[EVENT_TIMER_CANCEL] = {"cancel", "timer", BIT(OBJECT_TIMER)},
	[EVENT_TIMER_FIRE] = {"fire", "timer", BIT(OBJECT_TIMER)},
	[EVENT_SIGNAL] = {"send", "signal", BIT(OBJECT_SIGNAL)},
	[EVENT_SPURIOUS] = {"spurious", "task", BIT(OBJECT_TASK)},
	[EVENT_KILL] = {"kill", "signal", BIT(OBJECT_SIGNAL)},
	[EVENT_DELIVER] = {"deliver", "signal", BIT(OBJECT_SIGNAL)},
	[EVENT_SIGRETURN] = {"return", "signal", BIT(OBJECT_SIGNAL)},
	[EVENT_USER_LOAD] = {"load", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_STORE] = {"store", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_CAS] = {"cas", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_XCHG] = {"xchg", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_FETCH] = {"fetch", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_READ] = {"read", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_WRITE] = {"write", "user", BIT(OBJECT_WORD)},
	[EVENT_USER_FAULT] = {"fault", "user", BIT(OBJECT_WORD)},
	[EVENT_TIMEOUT_READ] = {"read", "timeout", BIT(OBJECT_TIMEOUT)},
	[EVENT_MAP] = {"map", "area", BIT(OBJECT_ASPACE)},
	[EVENT_UNMAP] = {"unmap", "area", BIT(OBJECT_ASPACE)},
	[EVENT_PROTECT] = {"protect", "area", BIT(OBJECT_ASPACE)},
	[EVENT_REMAP] = {"remap", "area", BIT(OBJECT_ASPACE)},
	[EVENT_FORK] = {"fork", "aspace", BIT(OBJECT_ASPACE)},
	[EVENT_EXEC] = {"exec", "aspace", BIT(OBJECT_ASPACE)},
	[EVENT_QUEUE_PUSH] = {"push", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_QUEUE_CHARGE] = {"charge", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_QUEUE_REMOVE] = {"remove", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_QUEUE_DROP] = {"drop", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_QUEUE_DRAIN] = {"drain", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_QUEUE_APPEND] = {"append", "queue", BIT(OBJECT_QUEUE)},
	[EVENT_ENTRY_INSERT] = {"insert", "entry", BIT(OBJECT_ENTRY)},
	[EVENT_ENTRY_REMOVE] = {"remove", "entry", BIT(OBJECT_ENTRY)},
	[EVENT_TABLE_INSERT] = {"insert", "table", BIT(OBJECT_TABLE)},
	[EVENT_TABLE_REMOVE] = {"remove", "table", BIT(OBJECT_TABLE)},
	[EVENT_BUG] = {"bug", "kernel", BIT(OBJECT_KERNEL)},
};

/* Names that mean a point but are not what it is called. */
static const struct alias {
	const char *name;
	enum event_kind kind;
	enum object_kind object;
} aliases[] = {
	{"task.park", EVENT_BLOCK, OBJECT_TASK},
	{"task.unpark", EVENT_WAKE, OBJECT_TASK},
	{"task.enter", EVENT_ENTER, OBJECT_SYSCALL},
	{"task.return", EVENT_RETURN, OBJECT_SYSCALL},
	{"interrupt.swap", EVENT_INTERRUPT_TAKE, OBJECT_INTERRUPT},
	{"timer.expire", EVENT_TIMER_FIRE, OBJECT_TIMER},
};

const char *event_operation(enum event_kind kind)
{
	return kinds[kind].operation;
}

const char *object_kind_name(enum object_kind object)
{
	return object_names[object];
}

char *event_point(enum event_kind kind, enum object_kind object,
		  char buf[POINT_NAME_MAX])
{
	const struct kind_row *row = &kinds[kind];

	snprintf(buf, POINT_NAME_MAX, "%s.%s",
		 row->prefix ? row->prefix : object_names[object],
		 row->operation);
	return buf;
}

bool event_is_of_thread(enum event_kind kind)
{
	return kind < EVENT_QUEUE_PUSH && kind != EVENT_CLOCK_ADVANCE &&
	       kind != EVENT_TIMER_FIRE && kind != EVENT_SIGNAL &&
	       kind != EVENT_SPURIOUS;
}

bool event_point_at(unsigned int index, enum event_kind *kind,
		    enum object_kind *object)
{
	for (unsigned int k = 0; k < EVENT_KIND_COUNT; k++) {
		for (unsigned int o = 0; o < OBJECT_KIND_COUNT; o++) {
			if (!(kinds[k].objects & BIT(o)) || index-- > 0)
				continue;
			*kind = k;
			*object = o;
			return true;
		}
	}
	return false;
}

static bool parse_alias(const char *name, enum event_kind *kind,
			enum object_kind *object)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(aliases[i].name, name) == 0) {
			*kind = aliases[i].kind;
			*object = aliases[i].object;
			return true;
		}
	}
	return false;
}

/* Whether @prefix, @size bytes, is the first part of the name. */
static bool has_prefix(const char *prefix, size_t size, const char *name)
{
	return strncmp(prefix, name, size) == 0 && name[size] == '\0';
}

static bool parse_row(const struct kind_row *row, const char *prefix,
		      size_t size, enum object_kind *object)
{
	for (unsigned int o = 0; o < OBJECT_KIND_COUNT; o++) {
		const char *name = row->prefix ? row->prefix : object_names[o];

		if (!(row->objects & BIT(o)) || !has_prefix(prefix, size, name))
			continue;
		*object = o;
		return true;
	}
	return false;
}

bool event_point_parse(const char *name, enum event_kind *kind,
		       enum object_kind *object)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return false;
	for (unsigned int k = 0; k < EVENT_KIND_COUNT; k++) {
		if (strcmp(kinds[k].operation, dot + 1) != 0 ||
		    !parse_row(&kinds[k], name, (size_t)(dot - name), object))
			continue;
		*kind = k;
		return true;
	}
	return parse_alias(name, kind, object);
}
