/*
 * header.c - the texts around the picture: title, facts, schedule, callout.
 */
#include "viz/story.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEDULE_CHARS_MAX 2000u

/* ---- measuring -------------------------------------------------------------
 */

unsigned int character_size(const char *s)
{
	unsigned int size = 1;

	while (((unsigned char)s[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* Characters from Hangul on are wide in most fonts, symbols are not. */
static bool is_wide(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] < 0xe1)
		return false;
	return u[0] != 0xe2 || u[1] >= 0xba;
}

unsigned int text_columns(const char *s)
{
	unsigned int columns = 0;

	for (; *s; s += character_size(s))
		columns += is_wide(s) ? 2 : 1;
	return columns;
}

const char *words_cut(struct story *s, const char *text, unsigned int max)
{
	unsigned int columns = 0;
	const char *end = text;

	if (text_columns(text) <= max)
		return text;
	while (*end && columns + (is_wide(end) ? 2 : 1) < max) {
		columns += is_wide(end) ? 2 : 1;
		end += character_size(end);
	}
	return story_format(s, "%.*s…", (int)(end - text), text);
}

/* ---- wrapping ---------------------------------------------------------- */

/* The bytes of @text that fit a line of @columns, broken at a space. */
static size_t line_length(const char *text, unsigned int columns)
{
	const char *end = text, *space = NULL;
	unsigned int used = 0;

	for (; *end && *end != '\n'; end += character_size(end)) {
		if (*end == ' ')
			space = end;
		used += is_wide(end) ? 2 : 1;
		if (used > columns)
			break;
	}
	if (*end && *end != '\n' && space && space > text)
		end = space;
	return (size_t)(end - text);
}

unsigned int story_wrap(struct story *s, const char *text, unsigned int columns,
			const char **lines, unsigned int max)
{
	unsigned int count = 0;

	while (*text && count < max) {
		size_t size = line_length(text, columns);
		const char *rest = text + size;

		while (*rest == ' ' || *rest == '\n')
			rest++;
		lines[count] = story_format(s, "%.*s", (int)size, text);
		if (*rest && count + 1 == max)
			lines[count] = story_format(s, "%s …", lines[count]);
		count++;
		if (rest == text)
			break;
		text = rest;
	}
	return count;
}

/* ---- header ------------------------------------------------------------ */

const char *story_title(const struct story *s)
{
	if (s->t->title && *s->t->title)
		return s->t->title;
	return s->t->scenario ? s->t->scenario : "";
}

const char *story_badge(struct story *s)
{
	const char *name;
	char buf[32];
	unsigned int i;

	if (!s->verdict)
		return "✓ OK";
	if (s->verdict->kind == VERDICT_LOST_WAKEUP)
		return "✗ LOST WAKE-UP";
	name = verdict_name(s->verdict->kind);
	for (i = 0; name[i] && i + 1 < sizeof(buf); i++)
		buf[i] = name[i] == '-' ? ' ' : (char)toupper(name[i]);
	buf[i] = '\0';
	return story_format(s, "✗ %s", buf);
}

/* Other kinds of verdicts; unmet expectations follow from them. */
static const char *other_verdicts(struct story *s)
{
	const char *text = "";
	uint32_t told = 1u << VERDICT_EXPECTATION;

	if (s->verdict)
		told |= 1u << s->verdict->kind;
	for (unsigned int i = 1; i < s->t->verdict_count; i++) {
		enum verdict_kind kind = s->t->verdicts[i].kind;

		if (told & 1u << kind)
			continue;
		told |= 1u << kind;
		text = story_format(s, "%s%s%s", text,
				    *text ? ", " : "   also ",
				    verdict_name(kind));
	}
	return text;
}

static const char *left_out(struct story *s)
{
	const char *text = "";

	if (s->calls_folded > 0)
		text = story_format(s, "   %u calls folded", s->calls_folded);
	if (s->steps_left_out > 0)
		text = story_format(s, "%s   %u steps left out", text,
				    s->steps_left_out);
	if (s->lanes_left_out > 0)
		text = story_format(s, "%s   %u threads not drawn", text,
				    s->lanes_left_out);
	if (s->columns_left_out > 0)
		text = story_format(s, "%s   %u words and queues not drawn",
				    text, s->columns_left_out);
	return text;
}

const char *story_facts(struct story *s)
{
	const struct trace *t = s->t;
	const char *text =
		story_format(s, "scenario %s", t->scenario ? t->scenario : "?");

	if (t->schedule && *t->schedule)
		text = story_format(s, "%s   schedule %s", text, t->schedule);
	if (t->digest)
		text = story_format(s, "%s   hash %.8s", text, t->digest);
	if (t->profile)
		text = story_format(s, "%s   profile %s", text, t->profile);
	if (t->policy && strcmp(t->policy, "random") == 0)
		text = story_format(s, "%s   seed %" PRIu64, text, t->seed);
	return story_format(s, "%s   steps %u%s%s", text, t->step_count,
			    other_verdicts(s), left_out(s));
}

static const char *mover_of(const struct trace *t, int32_t mover)
{
	if (mover == MOVER_CLOCK)
		return "timer";
	return mover == MOVER_SIGNAL ? "signal" : thread_of(t, mover);
}

const char *story_schedule(struct story *s)
{
	const struct trace *t = s->t;
	const char *text = "schedule ";

	for (unsigned int i = 0; i < t->event_count;) {
		int32_t mover = t->events[i].thread;
		unsigned int count = 0;

		for (; i < t->event_count &&
		       (!t->events[i].step || t->events[i].thread == mover);
		     i++)
			count += t->events[i].step;
		if (count > 1)
			text = story_format(s, "%s %s×%u", text,
					    mover_of(t, mover), count);
		else if (count == 1)
			text = story_format(s, "%s %s", text,
					    mover_of(t, mover));
		if (strlen(text) > SCHEDULE_CHARS_MAX)
			break;
	}
	return text;
}

/* ---- callout ----------------------------------------------------------- */

/* Whether the number @n stands in @text. */
static bool has_number(const char *text, uint32_t n)
{
	char number[16];
	size_t size = (size_t)snprintf(number, sizeof(number), "%u", n);

	for (const char *p = text; (p = strstr(p, number)); p += size)
		if ((p == text || !isalnum((unsigned char)p[-1])) &&
		    !isalnum((unsigned char)p[size]))
			return true;
	return false;
}

/* The steps of evidence that the verdict's own words do not name. */
static const char *evidence_words(struct story *s)
{
	const struct verdict *v = s->verdict;
	const char *text = "";
	unsigned int count = 0;

	for (unsigned int i = 0; i < v->evidence_count; i++) {
		if (v->what && has_number(v->what, v->evidence[i]))
			continue;
		text = story_format(s, "%s%s%u", text, count ? ", " : "",
				    v->evidence[i]);
		count++;
	}
	if (count == 0)
		return "";
	return story_format(s, " See step%s %s.", count > 1 ? "s" : "", text);
}

unsigned int story_callout(struct story *s, unsigned int columns,
			   const char **lines, unsigned int max)
{
	const struct verdict *v = s->verdict;
	const char *what, *stop;

	if (!v)
		return 0;
	what = v->what ? v->what : "";
	stop = *what && !strchr(".!?", what[strlen(what) - 1]) ? "." : "";
	lines[0] = words_cut(s, v->rule ? v->rule : verdict_name(v->kind),
			     columns);
	what = story_format(s, "%s%s%s", what, stop, evidence_words(s));
	return 1 + story_wrap(s, what, columns, lines + 1, max - 1);
}
