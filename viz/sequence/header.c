/*
 * header.c - the texts around the picture: title, facts, schedule, callout.
 */
#include "viz/sequence/story.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "viz/canvas/sheet.h"

#define SCHEDULE_CHARS_MAX 2000u

/* ---- header ------------------------------------------------------------ */

const char *story_title(const struct story *s)
{
	if (s->t->title && *s->t->title)
		return s->t->title;
	return s->t->scenario ? s->t->scenario : "";
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

/* "40 steps left out by --fold auto", and the like for each filter. */
static const char *folded(struct story *s)
{
	const char *by = viz_fold_name(s->o->fold);

	if (s->o->fold == VIZ_FOLD_NONE)
		return "   every step, by --fold none";
	if (s->calls_folded > 0 && s->steps_left_out > 0)
		return story_format(s,
				    "   %u calls folded and %u steps left out "
				    "by --fold %s",
				    s->calls_folded, s->steps_left_out, by);
	if (s->calls_folded > 0)
		return story_format(s, "   %u call%s folded by --fold %s",
				    s->calls_folded,
				    s->calls_folded > 1 ? "s" : "", by);
	if (s->steps_left_out > 0)
		return story_format(s, "   %u steps left out by --fold %s",
				    s->steps_left_out, by);
	return s->o->fold == VIZ_FOLD_CALLS ? "   --fold calls folds nothing"
					    : "";
}

static const char *around(struct story *s)
{
	uint32_t before = s->first - 1, after = s->t->event_count - s->last;

	if (s->o->around == 0)
		return "";
	return story_format(s,
			    "   --around %u±%u leaves out %u before and %u "
			    "after",
			    s->o->around, s->o->span, before, after);
}

static const char *hidden(struct story *s)
{
	if (s->steps_hidden == 0)
		return "";
	return story_format(s, "   %u step%s hidden by %s", s->steps_hidden,
			    s->steps_hidden > 1 ? "s" : "",
			    s->o->hide.count ? "--hide"
					     : "the scenario's 'hide'");
}

static const char *left_out(struct story *s)
{
	const char *text =
		story_format(s, "%s%s%s", around(s), folded(s), hidden(s));

	if (s->lanes_left_out > 0)
		text = story_format(s, "%s   %u thread%s not drawn", text,
				    s->lanes_left_out,
				    s->lanes_left_out > 1 ? "s" : "");
	if (s->columns_left_out > 0)
		text = story_format(s, "%s   %u column%s not drawn", text,
				    s->columns_left_out,
				    s->columns_left_out > 1 ? "s" : "");
	return text;
}

const char *story_facts(struct story *s)
{
	const struct trace *t = s->t;
	const char *text = sheet_facts(s->memory, t);

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

/* Where the violation is, if the picture does not show it. */
static const char *where_it_is(struct story *s)
{
	uint32_t at = s->verdict->at;

	if (at == 0 || story_is_inside(s, at))
		return "";
	return story_format(s, " That is step %u, %s.", at,
			    at < s->first ? "before this picture"
					  : "after this picture");
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
	lines[0] = text_cut(s->memory,
			    v->rule ? v->rule : verdict_name(v->kind), columns);
	what = story_format(s, "%s%s%s%s", what, stop, evidence_words(s),
			    where_it_is(s));
	return 1 + text_wrap(s->memory, what, columns, lines + 1, max - 1);
}
