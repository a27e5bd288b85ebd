/*
 * words_parts.c - what the texts of boxes are made of: names, numbers, times.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "viz/sequence/words.h"

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
	enum object_kind kind;
	const char *name;

	object = story_same(s, object);
	if (object == 0)
		return "mutex";
	kind = t->objects[object].kind;
	name = object_kind_name(kind);

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

const char *words_of_value(struct story *s, uint64_t v)
{
	return v > 0xffff ? story_format(s, "0x%" PRIx64, v)
			  : story_format(s, "%" PRIu64, v);
}

const char *words_find(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	while (found && found != text && found[-1] != ' ')
		found = strstr(found + 1, key);
	return found;
}

/* The mask that matches all others has a name. */
static const char *name_mask(struct story *s, const char *text)
{
	static const char any[] = " 0xffffffff";
	const char *mask = strstr(text, any);

	if (!mask || !strstr(text, "_bitset"))
		return text;
	return story_format(s, "%.*s any%s", (int)(mask - text), text,
			    mask + strlen(any));
}

const char *words_of_call(struct story *s, const char *text)
{
	const char *equals = strstr(text, " = ");
	const char *space = strchr(text, ' ');
	const char *timeout;

	if (equals && equals == space)
		text = equals + strlen(" = ");
	text = name_mask(s, text);
	timeout = words_find(text, "timeout=");
	if (!timeout)
		return text;
	return story_format(s, "%.*s%s", (int)(timeout - text), text,
			    timeout + strlen("timeout="));
}
