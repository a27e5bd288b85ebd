/*
 * words.c - the text of an event's box.
 */
#include "viz/sequence/words.h"

#include <inttypes.h>
#include <string.h>

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

static const char *words_for_mutex(struct story *s, const struct event *e)
{
	const char *name = e->object ? words_of_lock(s, e->object)
				     : object_kind_name(e->object_kind);

	if (e->kind == EVENT_SLEEP && e->peer >= 0)
		return story_format(s, "wait for %s, %s has it", name,
				    thread_of(s->t, e->peer));
	if (e->kind == EVENT_SLEEP)
		return story_format(s, "wait for %s", name);
	if (e->kind == EVENT_TRYLOCK)
		return story_format(s, "try %s → %s", name,
				    e->out ? "taken" : "busy");
	if (e->kind == EVENT_LOCK && e->in == 1)
		return story_format(s, "lock %s, handed", name);
	return story_format(s, "%s %s", event_operation(e->kind), name);
}

static const char *queue_name(const struct story *s, uint64_t object)
{
	return object_tail(s->t, story_same(s, object));
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
				    queue_name(s, drain->object),
				    queue_name(s, e->object));
	if (strcmp(name, "wq") == 0)
		return story_format(s, "%s %s", verbs[e->kind], peer);
	return story_format(s, "%s %s %s %s", verbs[e->kind], peer,
			    e->kind == EVENT_QUEUE_PUSH ||
					    e->kind == EVENT_QUEUE_APPEND
				    ? "on"
				    : "from",
			    queue_name(s, e->object));
}

/* "entry A" of "ref:entry:A" */
static const char *counted(struct story *s, const struct event *e)
{
	const char *name, *colon;

	if (e->object == 0)
		return object_kind_name(e->object_kind);
	name = object_tail(s->t, e->object);
	colon = strchr(name, ':');
	if (!colon)
		return story_format(s, "%s %s",
				    object_kind_name(e->object_kind), name);
	return story_format(s, "%.*s %s", (int)(colon - name), name, colon + 1);
}

static const char *words_for_ref(struct story *s, const struct event *e)
{
	if (e->kind == EVENT_REF_COUNT)
		return story_format(s, "refs of %s → %" PRId64, counted(s, e),
				    e->out);
	return story_format(s, "%s %s %" PRIu64 " → %" PRIu64,
			    event_operation(e->kind), counted(s, e),
			    e->old_value, e->new_value);
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
	if (e->kind == EVENT_CLOCK_SET && e->out < 0)
		return story_format(s, "wall clock → %s",
				    words_of_result(s, e->out));
	if (e->kind == EVENT_CLOCK_SET)
		return story_format(s, "wall clock = %s",
				    words_of_time(s, e->in));
	if (e->kind == EVENT_TIMER_FIRE)
		return story_format(s, "fires for %s",
				    thread_of(s->t, e->peer));
	if (e->kind == EVENT_TIMER_POLL)
		return e->out ? "timer → expired" : "timer → not yet";
	if (e->kind == EVENT_SPURIOUS)
		return story_format(s, "wakes %s", thread_of(s->t, e->peer));
	if (e->kind == EVENT_TIMER_ARM && e->out)
		return "arm timer → too late";
	return story_format(s, "%s timer", event_operation(e->kind));
}

static const char *deliver_words(struct story *s, const struct event *e,
				 const char *name)
{
	if (!e->text || strcmp(e->text, "handler") == 0)
		return story_format(s, "handle %s", name);
	if (strncmp(e->text, "ends ", strlen("ends ")) == 0)
		return story_format(s, "%s %s", name, e->text);
	return story_format(s, "handle %s: %s", name, e->text);
}

static const char *words_for_signal(struct story *s, const struct event *e)
{
	const char *name = signal_name(s, e->in);

	if (e->kind == EVENT_DELIVER && !e->in)
		return "no signal left";
	if (e->kind == EVENT_DELIVER)
		return deliver_words(s, e, name);
	if (e->kind == EVENT_SIGRETURN)
		return story_format(s, "sigreturn %s", name);
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
			   : e->object2 ? queue_name(s, e->object2)
					: words_of_value(s, e->in);

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
				    words_of_value(s, (uint64_t)e->out));
	if (e->kind == EVENT_STORE)
		return story_format(s, "%s = %s", flag(s, e),
				    words_of_value(s, e->new_value));
	return story_format(s, "%s %s → %s", flag(s, e),
			    words_of_value(s, e->old_value),
			    words_of_value(s, e->new_value));
}

static const char *words_for_birth(struct story *s, const struct event *e)
{
	const char *peer = thread_of(s->t, e->peer);

	if (e->out < 0)
		return story_format(s, "%s → %s", event_operation(e->kind),
				    words_of_result(s, e->out));
	if (e->kind == EVENT_FORK)
		return story_format(s, "copy mm, start %s", peer);
	return story_format(s, "start %s", peer);
}

/* "unmap 0x11000+4096" */
static const char *words_for_area(struct story *s, const struct event *e)
{
	const char *text =
		story_format(s, "%s 0x%" PRIx64 "+%" PRIu64,
			     event_operation(e->kind), e->in, e->in2);

	if (e->out >= 0)
		return text;
	return story_format(s, "%s → %s", text, words_of_result(s, e->out));
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
		return words_for_area(s, e);
	case EVENT_FORK:
	case EVENT_CLONE:
		return words_for_birth(s, e);
	case EVENT_EXEC:
		return "exec: new mm";
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

/* Without a word of the text that says what the next one is. */
static const char *drop_key(struct story *s, const char *text, const char *key)
{
	const char *found = words_find(text, key);

	if (!found)
		return text;
	return story_format(s, "%.*s%s", (int)(found - text), text,
			    found + strlen(key));
}

/* A call that is too long for its box. */
static const char *shorten(struct story *s, const char *text)
{
	static const char *const keys[] = {"wake=", "wake2=", "move="};

	if (strncmp(text, "futex_", strlen("futex_")) != 0)
		return text;
	if (text_columns(text) > s->box_chars)
		text += strlen("futex_");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_columns(text) > s->box_chars)
			text = drop_key(s, text, keys[i]);
	return text;
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
	else
		text = shorten(s, text);
	return words_fit(s, text, s->box_chars);
}
