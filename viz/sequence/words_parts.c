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

/* ---- texts that are too long ------------------------------------------- */

/* What stands between names. */
#define BETWEEN " .:,=+"
/* Of a name that is cut something is left: "lo…ng". */
#define NAME_MIN 5u
/* Shorter ones would save too little for what they lose. */
#define NAME_LONG 8u

struct name {
	const char *at;
	size_t size;
	unsigned int columns;
};

/* The widest name from @text on. */
static struct name widest_name(struct story *s, const char *text)
{
	struct name widest = {text, 0, 0};

	while (*text) {
		size_t size = strcspn(text, BETWEEN);
		unsigned int columns =
			text_columns(story_format(s, "%.*s", (int)size, text));

		if (columns > widest.columns)
			widest = (struct name){text, size, columns};
		text += size;
		text += strspn(text, BETWEEN);
	}
	return widest;
}

/* The last @columns of what ends at @end. */
static const char *last_columns(const char *at, const char *end,
				unsigned int columns)
{
	while (at < end && text_columns(at) - text_columns(end) > columns)
		at += character_size(at);
	return at;
}

/* @text without @excess columns from the middle of a name. */
static const char *cut_name(struct story *s, const char *text, struct name name,
			    unsigned int excess)
{
	unsigned int left = name.columns > excess + NAME_MIN
				    ? name.columns - excess
				    : NAME_MIN;
	const char *end = name.at + name.size;
	const char *head = text_cut(
		s->memory, story_format(s, "%.*s", (int)name.size, name.at),
		left / 2 + 1);
	unsigned int used = text_columns(head);

	return story_format(
		s, "%.*s%s%s", (int)(name.at - text), text, head,
		last_columns(name.at, end, left > used ? left - used : 0));
}

/*
 * @text with its names cut, still too long.  Names that were not long are
 * better whole.
 */
static const char *cut_end(struct story *s, const char *whole, const char *text,
			   unsigned int columns)
{
	bool is_long = widest_name(s, whole).columns > columns / 2;

	return text_cut(s->memory, is_long ? text : whole, columns);
}

const char *words_fit(struct story *s, const char *text, unsigned int columns)
{
	const char *whole = text;
	unsigned int all;

	while ((all = text_columns(text)) > columns) {
		unsigned int excess = all - columns;
		const char *rest = text + strcspn(text, BETWEEN);
		/* The first word says what is done, if it is no name. */
		struct name name = widest_name(s, rest);

		if (name.columns < excess + NAME_MIN)
			name = widest_name(s, text);
		if (name.columns < NAME_LONG)
			return cut_end(s, whole, text, columns);
		text = cut_name(s, text, name, excess);
		if (text_columns(text) >= all)
			return cut_end(s, whole, text, columns);
	}
	return text;
}

/* ---- names and numbers ------------------------------------------------- */

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
