/*
 * words.c - the text of an event's box.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "viz/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *object_tail(const struct trace *t, uint32_t object)
{
	const char *name, *colon;

	if (object == 0)
		return "?";
	name = t->objects[object].name;
	colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *thread_of(const struct trace *t, int32_t thread)
{
	if (thread < 0 || (unsigned int)thread >= t->thread_count)
		return "?";
	return t->threads[thread].name;
}

const char *words_of_lock(struct story *s, uint32_t object)
{
	const struct trace *t = s->t;
	enum object_kind kind = t->objects[object].kind;
	const char *name = object_kind_name(kind);

	if (s->kind_counts[kind] < 2 || !strchr(t->objects[object].name, ':'))
		return name;
	return story_format(s, "%s %s", name, object_tail(t, object));
}

const char *words_of_time(struct story *s, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "µs"}};

	for (unsigned int i = 0; i < 3 && ns > 0; i++)
		if (ns % units[i].ns == 0)
			return story_format(s, "%" PRIu64 " %s",
					    ns / units[i].ns, units[i].unit);
	return ns ? story_format(s, "%" PRIu64 " ns", ns) : "0";
}

const char *words_of_result(struct story *s, int64_t result)
{
	const char *name = NULL;

	if (result < 0 && result > -4096)
		name = strerrorname_np((int)-result);
	if (name)
		return name;
	if (result > 0xffff)
		return story_format(s, "0x%" PRIx64, (uint64_t)result);
	return story_format(s, "%" PRId64, result);
}

/* Small values in decimal, large ones, which are bits or addresses, in hex. */
static const char *value(struct story *s, uint64_t v)
{
	return v > 0xffff ? story_format(s, "0x%" PRIx64, v)
			  : story_format(s, "%" PRIu64, v);
}

/* Where @key stands in @text as a word of its own, or NULL. */
static const char *find_word(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	while (found && found != text && found[-1] != ' ')
		found = strstr(found + 1, key);
	return found;
}

const char *words_of_call(struct story *s, const char *text)
{
	const char *equals = strstr(text, " = ");
	const char *space = strchr(text, ' ');
	const char *timeout;

	if (equals && equals == space)
		text = equals + strlen(" = ");
	timeout = find_word(text, "timeout=");
	if (!timeout)
		return text;
	return story_format(s, "%.*s%s", (int)(timeout - text), text,
			    timeout + strlen("timeout="));
}

static const char *signal_name(struct story *s, uint64_t number)
{
	static const char *const names[] = {
		[1] = "SIGHUP",	  [2] = "SIGINT",   [9] = "SIGKILL",
		[10] = "SIGUSR1", [12] = "SIGUSR2", [14] = "SIGALRM",
		[15] = "SIGTERM", [17] = "SIGCHLD"};

	if (number < sizeof(names) / sizeof(names[0]) && names[number])
		return names[number];
	return story_format(s, "signal %" PRIu64, number);
}

/*
 * "woken" to its owner, "A.woken" to others.  Which wait of the thread it is
 * for, as in "woken:A#2", goes without saying.
 */
static const char *flag(struct story *s, const struct event *e)
{
	const char *owner = object_tail(s->t, e->object);
	const char *kind = object_kind_name(e->object_kind);
	size_t size = strcspn(owner, "#");
	const char *self = thread_of(s->t, e->thread);

	if (e->kind == EVENT_LOAD && strlen(self) == size &&
	    strncmp(self, owner, size) == 0)
		return kind;
	return story_format(s, "%.*s.%s", (int)size, owner, kind);
}

static const char *word(struct story *s, const struct event *e)
{
	if (e->object)
		return s->t->objects[e->object].name;
	return story_format(s, "0x%" PRIx64, e->in);
}

/*
 * The value that a wait on @e's word compares with, if the call in whose
 * course @e comes says so.
 */
static bool expected_value(struct story *s, const struct event *e,
			   uint64_t *expected)
{
	const struct event *call = e;
	char name[64], number[24], *end;
	const char *text;

	while (call > s->t->events &&
	       (call->thread != e->thread ||
		(call->kind != EVENT_ENTER && call->kind != EVENT_RETURN)))
		call--;
	if (call->kind != EVENT_ENTER || call->thread != e->thread ||
	    !call->text)
		return false;
	text = words_of_call(s, call->text);
	if (strncmp(text, "futex_wait", strlen("futex_wait")) != 0 ||
	    sscanf(text, "%*s %63s %23s", name, number) != 2 ||
	    strcmp(name, word(s, e)) != 0)
		return false;
	*expected = strtoull(number, &end, 0);
	return end != number && *end == '\0';
}

static const char *words_for_load(struct story *s, const struct event *e)
{
	const char *result = e->out < 0 ? words_of_result(s, e->out)
					: value(s, (uint64_t)e->out);
	uint64_t expected;

	if (e->out < 0 || !expected_value(s, e, &expected) ||
	    (expected > 0xffff && (uint64_t)e->out == expected))
		return story_format(s, "load %s → %s", word(s, e), result);
	return story_format(s, "load %s → %s %s %s", word(s, e), result,
			    (uint64_t)e->out == expected ? "==" : "≠",
			    value(s, expected));
}

static const char *words_for_user(struct story *s, const struct event *e)
{
	const char *name = word(s, e);
	const char *old = value(s, e->old_value);
	const char *new = value(s, e->new_value);

	if (e->kind == EVENT_USER_LOAD)
		return words_for_load(s, e);
	if (e->kind == EVENT_USER_FAULT)
		return story_format(s, "page fault %s", name);
	if (e->kind == EVENT_USER_READ)
		return story_format(s, "read %s", name);
	if (e->out < 0)
		return story_format(s, "%s %s → %s", event_operation(e->kind),
				    name, words_of_result(s, e->out));
	if (e->kind == EVENT_USER_STORE || e->kind == EVENT_USER_WRITE)
		return story_format(s, "%s %s = %s", event_operation(e->kind),
				    name, new);
	if (e->kind == EVENT_USER_CAS && e->old_value != e->in2)
		return story_format(s, "cas %s %s: is %s", name,
				    value(s, e->in2), old);
	return story_format(s, "%s %s %s → %s", event_operation(e->kind), name,
			    old, new);
}

static const char *words_for_mutex(struct story *s, const struct event *e)
{
	const char *name = e->object ? words_of_lock(s, e->object)
				     : object_kind_name(e->object_kind);

	if (e->kind == EVENT_SLEEP)
		return story_format(s, "wait for %s", name);
	if (e->kind == EVENT_TRYLOCK)
		return story_format(s, "try %s → %s", name,
				    e->out ? "taken" : "busy");
	if (e->kind == EVENT_LOCK && e->in == 1)
		return story_format(s, "lock %s, handed", name);
	return story_format(s, "%s %s", event_operation(e->kind), name);
}

static const char *words_for_queue(struct story *s, const struct event *e)
{
	static const char *const verbs[EVENT_KIND_COUNT] = {
		[EVENT_QUEUE_PUSH] = "enqueue",
		[EVENT_QUEUE_CHARGE] = "dequeue",
		[EVENT_QUEUE_REMOVE] = "remove",
		[EVENT_QUEUE_DROP] = "drop",
		[EVENT_QUEUE_DRAIN] = "drain",
		[EVENT_QUEUE_APPEND] = "append",
	};
	const char *name = e->object ? words_of_lock(s, e->object) : "wq";
	const char *peer = thread_of(s->t, e->peer);
	const struct event *drain = drain_of(s, e);

	if (drain)
		return story_format(s, "move %s %s → %s", peer,
				    object_tail(s->t, drain->object),
				    object_tail(s->t, e->object));
	if (strcmp(name, "wq") == 0)
		return story_format(s, "%s %s", verbs[e->kind], peer);
	return story_format(s, "%s %s %s %s", verbs[e->kind], peer,
			    e->kind == EVENT_QUEUE_PUSH ||
					    e->kind == EVENT_QUEUE_APPEND
				    ? "on"
				    : "from",
			    object_tail(s->t, e->object));
}

static const char *words_for_ref(struct story *s, const struct event *e)
{
	const char *name = e->object ? s->t->objects[e->object].name : "";

	if (e->kind == EVENT_REF_COUNT)
		return story_format(s, "count %s → %" PRId64, name, e->out);
	return story_format(s, "%s %s %" PRIu64 " → %" PRIu64,
			    event_operation(e->kind), name, e->old_value,
			    e->new_value);
}

static const char *words_for_task(struct story *s, const struct event *e)
{
	if (e->kind == EVENT_BLOCK)
		return e->has_permit && e->permit ? "park → permit" : "park";
	if (e->kind == EVENT_WAKE)
		return story_format(s, "unpark %s%s", thread_of(s->t, e->peer),
				    e->out ? "" : ", awake");
	if (e->kind == EVENT_INTERRUPT_REGISTER)
		return "register interrupt";
	if (e->kind == EVENT_INTERRUPT_TAKE)
		return story_format(s, "interrupt → %" PRId64, e->out);
	if (e->kind == EVENT_MARK && e->text)
		return e->text;
	return event_operation(e->kind);
}

static const char *words_for_time(struct story *s, const struct event *e)
{
	if (e->kind == EVENT_CLOCK_ADVANCE || e->kind == EVENT_CLOCK_READ)
		return story_format(s, "clock → %s",
				    words_of_time(s, e->time_ns));
	if (e->kind == EVENT_CLOCK_SET)
		return e->out < 0 ? "wall clock not set" : "set wall clock";
	if (e->kind == EVENT_TIMER_FIRE)
		return story_format(s, "fires for %s",
				    thread_of(s->t, e->peer));
	if (e->kind == EVENT_TIMER_POLL)
		return e->out ? "timer → set" : "timer → unset";
	if (e->kind == EVENT_SPURIOUS)
		return story_format(s, "wakes %s", thread_of(s->t, e->peer));
	return story_format(s, "%s timer", event_operation(e->kind));
}

static const char *words_for_signal(struct story *s, const struct event *e)
{
	const char *name = signal_name(s, e->in);

	if (e->kind == EVENT_DELIVER && !e->in)
		return "no signal left";
	if (e->kind == EVENT_DELIVER)
		return story_format(s, "%s: %s", name, e->text ? e->text : "?");
	if (e->kind == EVENT_SIGRETURN)
		return story_format(s, "%s handled", name);
	if (e->out < 0)
		return story_format(s, "%s → %s", name,
				    words_of_result(s, e->out));
	return story_format(s, "%s → %s", name,
			    e->peer < 0 ? "pending" : thread_of(s->t, e->peer));
}

static const char *words_for_entry(struct story *s, const struct event *e)
{
	bool is_table =
		e->kind == EVENT_TABLE_INSERT || e->kind == EVENT_TABLE_REMOVE;
	const char *name = is_table	? object_tail(s->t, e->object)
			   : e->object2 ? object_tail(s->t, e->object2)
					: value(s, e->in);

	return story_format(s, "%s %s %s", event_operation(e->kind),
			    is_table ? "table" : "entry", name);
}

static const char *words_for_call(struct story *s, const struct event *e)
{
	if (e->kind == EVENT_RETURN)
		return story_format(s, "ret %s%s", words_of_result(s, e->out),
				    e->in ? ", again" : "");
	return e->text ? words_of_call(s, e->text) : "system call";
}

static const char *words_for_flag(struct story *s, const struct event *e)
{
	if (e->kind == EVENT_LOAD)
		return story_format(s, "%s → %s", flag(s, e),
				    value(s, (uint64_t)e->out));
	if (e->kind == EVENT_STORE)
		return story_format(s, "%s = %s", flag(s, e),
				    value(s, e->new_value));
	return story_format(s, "%s %s → %s", flag(s, e), value(s, e->old_value),
			    value(s, e->new_value));
}

static const char *words_for_birth(struct story *s, const struct event *e)
{
	const char *peer = thread_of(s->t, e->peer);

	if (e->out < 0)
		return story_format(s, "%s → %s", event_operation(e->kind),
				    words_of_result(s, e->out));
	if (e->kind == EVENT_FORK)
		return story_format(s, "copy, %s starts", peer);
	return story_format(s, "%s starts", peer);
}

const char *words_for(struct story *s, const struct event *e)
{
	switch (e->kind) {
	case EVENT_LOCK:
	case EVENT_SLEEP:
	case EVENT_TRYLOCK:
	case EVENT_UNLOCK:
		return words_for_mutex(s, e);
	case EVENT_LOAD:
	case EVENT_STORE:
	case EVENT_SWAP:
	case EVENT_ADD:
	case EVENT_SUB:
		return words_for_flag(s, e);
	case EVENT_REF_GET:
	case EVENT_REF_PUT:
	case EVENT_REF_COUNT:
		return words_for_ref(s, e);
	case EVENT_BLOCK:
	case EVENT_RESUME:
	case EVENT_WAKE:
	case EVENT_YIELD:
	case EVENT_INTERRUPT_REGISTER:
	case EVENT_INTERRUPT_TAKE:
	case EVENT_MARK:
	case EVENT_EXIT:
		return words_for_task(s, e);
	case EVENT_ENTER:
	case EVENT_RETURN:
		return words_for_call(s, e);
	case EVENT_CLOCK_READ:
	case EVENT_CLOCK_ADVANCE:
	case EVENT_CLOCK_SET:
	case EVENT_TIMER_ARM:
	case EVENT_TIMER_POLL:
	case EVENT_TIMER_CANCEL:
	case EVENT_TIMER_FIRE:
	case EVENT_SPURIOUS:
		return words_for_time(s, e);
	case EVENT_SIGNAL:
	case EVENT_KILL:
	case EVENT_DELIVER:
	case EVENT_SIGRETURN:
		return words_for_signal(s, e);
	case EVENT_USER_LOAD:
	case EVENT_USER_STORE:
	case EVENT_USER_CAS:
	case EVENT_USER_XCHG:
	case EVENT_USER_FETCH:
	case EVENT_USER_READ:
	case EVENT_USER_WRITE:
	case EVENT_USER_FAULT:
		return words_for_user(s, e);
	case EVENT_TIMEOUT_READ:
		return "read timeout";
	case EVENT_MAP:
	case EVENT_UNMAP:
	case EVENT_PROTECT:
	case EVENT_REMAP:
		return story_format(s, "%s area", event_operation(e->kind));
	case EVENT_FORK:
	case EVENT_CLONE:
		return words_for_birth(s, e);
	case EVENT_EXEC:
		return "new address space";
	case EVENT_QUEUE_PUSH:
	case EVENT_QUEUE_CHARGE:
	case EVENT_QUEUE_REMOVE:
	case EVENT_QUEUE_DROP:
	case EVENT_QUEUE_DRAIN:
	case EVENT_QUEUE_APPEND:
		return words_for_queue(s, e);
	case EVENT_ENTRY_INSERT:
	case EVENT_ENTRY_REMOVE:
	case EVENT_TABLE_INSERT:
	case EVENT_TABLE_REMOVE:
		return words_for_entry(s, e);
	case EVENT_BUG:
		return story_format(s, "BUG %s", e->text ? e->text : "");
	case EVENT_KIND_COUNT:
		break;
	}
	return "?";
}

const char *words_for_row(struct story *s, const struct row *row)
{
	const char *text = words_for(s, row_event(s, row));
	const struct event *end = row->end ? &s->t->events[row->end - 1] : NULL;

	if (end && end->kind == EVENT_RETURN)
		text = story_format(s, "%s → %s%s", text,
				    words_of_result(s, end->out),
				    end->in ? ", again" : "");
	if (row->folded > 0)
		text = story_format(s, "⋯%u %s", row->folded, text);
	else if (text_columns(text) > s->box_chars &&
		 strncmp(text, "futex_", strlen("futex_")) == 0)
		text += strlen("futex_");
	return words_cut(s, text, s->box_chars);
}
