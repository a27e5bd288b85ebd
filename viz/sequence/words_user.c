/*
 * words_user.c - the texts of accesses to user memory.
 */
#include "viz/sequence/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "plain " for an access that is not atomic: its operation says so. */
static const char *plain(const struct event *e)
{
	return e->text && words_find(e->text, "plain") ? "plain " : "";
}

/*
 * "fetch_add F 1" of "n = fetch_add F 1"; what the kernel does to a word in
 * the course of a call is an operation on it.
 */
static const char *fetch_verb(struct story *s, const struct event *e)
{
	const char *verb = e->text ? strstr(e->text, "fetch_") : NULL;

	if (!verb || e->kind != EVENT_USER_FETCH)
		return e->kind == EVENT_USER_FETCH ? "op"
						   : event_operation(e->kind);
	return story_format(s, "%.*s", (int)strcspn(verb, " "), verb);
}

static const char *words_for_load(struct story *s, const struct event *e)
{
	const char *result = e->out < 0 ? words_of_result(s, e->out)
					: words_of_value(s, (uint64_t)e->out);
	uint64_t expected;

	if (e->out < 0 || !expected_value(s, e, &expected) ||
	    (expected > 0xffff && (uint64_t)e->out == expected))
		return story_format(s, "%sload %s → %s", plain(e), word(s, e),
				    result);
	return story_format(s, "%sload %s → %s %s %s", plain(e), word(s, e),
			    result, (uint64_t)e->out == expected ? "==" : "≠",
			    words_of_value(s, expected));
}

const char *words_for_user(struct story *s, const struct event *e)
{
	const char *name = word(s, e);
	const char *old = words_of_value(s, e->old_value);
	const char *new = words_of_value(s, e->new_value);

	if (e->kind == EVENT_USER_LOAD)
		return words_for_load(s, e);
	if (e->kind == EVENT_USER_FAULT)
		return story_format(s, "page fault %s", name);
	if (e->kind == EVENT_USER_READ)
		return story_format(s, "read %s", name);
	if (e->out < 0)
		return story_format(s, "%s %s → %s", fetch_verb(s, e), name,
				    words_of_result(s, e->out));
	if (e->kind == EVENT_USER_STORE || e->kind == EVENT_USER_WRITE)
		return story_format(s, "%s%s %s = %s", plain(e),
				    event_operation(e->kind), name, new);
	if (e->kind == EVENT_USER_CAS && e->old_value != e->in2)
		return story_format(s, "cas %s %s: is %s", name,
				    words_of_value(s, e->in2), old);
	return story_format(s, "%s %s %s → %s", fetch_verb(s, e), name, old,
			    new);
}
