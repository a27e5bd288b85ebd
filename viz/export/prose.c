/*
 * prose.c - what happened, in sentences.
 *
 * Each step that another thread can notice is a predicate; those that follow
 * each other and are of one subject make a sentence.  Of many only the last
 * before the step at fault are told.
 */
#include "viz/export/prose.h"

#include <stdlib.h>
#include <string.h>

#include "viz/export/escape.h"

#define FACTS_MAX 12u

struct fact {
	uint32_t n;
	const char *subject; /* Markdown */
	const char *predicate; /* Markdown, without the step */
};

struct prose {
	struct story *s;
	struct fact *facts;
	unsigned int count, room;
	const struct event **calls; /* by thread: the call it is in, or NULL */
	bool *has_slept; /* by thread: in this call */
};

/* ---- pieces ------------------------------------------------------------ */

static const char *markdown(struct story *s, const char *text, bool is_code)
{
	const char *copy;
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);

	if (!out)
		abort();
	if (is_code)
		escape_code(out, text, false);
	else
		escape_markdown(out, text);
	fclose(out);
	copy = trace_string(s->memory, data);
	free(data);
	return copy;
}

static const char *name_of(const struct prose *p, int32_t thread)
{
	if (thread == MOVER_CLOCK)
		return "the clock";
	if (thread < 0)
		return "somebody";
	return markdown(p->s, thread_of(p->s->t, thread), false);
}

/* "in `futex_wait F 0`", or nothing. */
static const char *inside(const struct prose *p, int32_t thread)
{
	const struct event *call = thread >= 0 ? p->calls[thread] : NULL;

	if (!call || !call->text)
		return "";
	return story_format(p->s, " in %s", markdown(p->s, call->text, true));
}

static void add_fact(struct prose *p, uint32_t n, const char *subject,
		     const char *predicate)
{
	struct fact *fact;

	p->facts = story_grow(p->facts, p->count, &p->room, sizeof(*p->facts));
	fact = &p->facts[p->count++];
	fact->n = n;
	fact->subject = subject;
	fact->predicate = predicate;
}

/* ---- facts ------------------------------------------------------------- */

static void tell_park(struct prose *p, const struct event *e)
{
	const char *again = p->has_slept[e->thread] ? " again" : "";

	p->has_slept[e->thread] = true;
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s, "parks%s%s", again, inside(p, e->thread)));
}

static void tell_wake(struct prose *p, const struct event *e)
{
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s,
			      e->out ? "wakes %s%s"
				     : "unparks %s, which is awake,%s",
			      name_of(p, e->peer), inside(p, e->thread)));
}

static void tell_move(struct prose *p, const struct event *e)
{
	const struct event *drain = drain_of(p->s, e);

	if (!drain)
		return;
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(
			 p->s, "moves %s from %s to %s", name_of(p, e->peer),
			 markdown(p->s,
				  object_tail(p->s->t, (uint32_t)drain->object),
				  true),
			 markdown(p->s,
				  object_tail(p->s->t, (uint32_t)e->object),
				  true)));
}

static void tell_timer(struct prose *p, const struct event *e)
{
	add_fact(p, e->n,
		 story_format(p->s, "the timer of %s", name_of(p, e->peer)),
		 story_format(p->s, "fires at %s",
			      words_of_time(p->s, e->time_ns)));
}

static void tell_signal(struct prose *p, const struct event *e)
{
	const char *what = markdown(p->s, words_for(p->s, e), true);

	if (e->thread >= 0)
		add_fact(p, e->n, name_of(p, e->thread),
			 story_format(p->s, "sends %s", what));
	else
		add_fact(p, e->n, story_format(p->s, "the signal %s", what),
			 "comes");
}

static void tell_store(struct prose *p, const struct event *e)
{
	const char *what = e->text ? e->text : words_for(p->s, e);

	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s, "does %s", markdown(p->s, what, true)));
}

/* Of calls that slept. */
static void tell_return(struct prose *p, const struct event *e)
{
	const char *again = e->in ? " to be made again" : "";

	if (!p->has_slept[e->thread])
		return;
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s, "returns %s%s",
			      words_of_result(p->s, e->out), again));
}

static void tell_birth(struct prose *p, const struct event *e)
{
	if (e->peer < 0 || e->out < 0)
		return;
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s, "starts %s", name_of(p, e->peer)));
}

static void tell_lock_wait(struct prose *p, const struct event *e)
{
	if (e->object == 0)
		return;
	add_fact(p, e->n, name_of(p, e->thread),
		 story_format(p->s, "waits for the lock %s",
			      markdown(p->s, p->s->t->objects[e->object].name,
				       true)));
}

static bool changes_word(const struct event *e)
{
	return e->has_values && e->old_value != e->new_value &&
	       e->kind >= EVENT_USER_STORE && e->kind <= EVENT_USER_WRITE;
}

static void tell_event(struct prose *p, const struct event *e)
{
	if (e->kind == EVENT_TIMER_FIRE)
		tell_timer(p, e);
	else if (e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL)
		tell_signal(p, e);
	else if (e->thread < 0)
		return;
	else if (event_is_park(e))
		tell_park(p, e);
	else if (e->kind == EVENT_SLEEP)
		tell_lock_wait(p, e);
	else if (e->kind == EVENT_WAKE)
		tell_wake(p, e);
	else if (e->kind == EVENT_QUEUE_APPEND)
		tell_move(p, e);
	else if (changes_word(e))
		tell_store(p, e);
	else if (e->kind == EVENT_RETURN)
		tell_return(p, e);
	else if (e->kind == EVENT_CLONE || e->kind == EVENT_FORK)
		tell_birth(p, e);
}

static void collect(struct prose *p)
{
	const struct trace *t = p->s->t;

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (e->thread >= 0 && e->kind == EVENT_ENTER) {
			p->calls[e->thread] = e;
			p->has_slept[e->thread] = false;
		}
		tell_event(p, e);
		if (e->thread >= 0 && e->kind == EVENT_RETURN)
			p->calls[e->thread] = NULL;
	}
}

/* ---- sentences --------------------------------------------------------- */

/* The last that are not after the step at fault. */
static void choose(const struct prose *p, unsigned int *first,
		   unsigned int *last)
{
	uint32_t at = p->s->verdict ? p->s->verdict->at : 0;

	*last = p->count;
	while (at > 0 && *last > 0 && p->facts[*last - 1].n > at)
		--*last;
	*first = *last > FACTS_MAX ? *last - FACTS_MAX : 0;
}

static void put_capital(FILE *out, const char *text)
{
	if (*text >= 'a' && *text <= 'z' && strchr(text, ' '))
		fputc(*text++ - 'a' + 'A', out);
	fputs(text, out);
}

static bool is_same(const struct fact *a, const struct fact *b)
{
	return strcmp(a->subject, b->subject) == 0;
}

/* "A does this, that and parks": what follows needs no verb again. */
static const char *short_form(const struct fact *fact, bool is_first)
{
	static const char does[] = "does ";
	size_t size = strlen(does);

	if (is_first || strncmp(fact->predicate, does, size) != 0 ||
	    strncmp(fact[-1].predicate, does, size) != 0)
		return fact->predicate;
	return fact->predicate + size;
}

/* All facts of one subject from @i on; returns the next one. */
static unsigned int put_sentence(const struct prose *p, unsigned int i,
				 unsigned int last, FILE *out)
{
	const struct fact *facts = p->facts;
	unsigned int first = i;

	put_capital(out, facts[i].subject);
	for (; i < last && is_same(&facts[i], &facts[first]); i++) {
		bool is_last =
			i + 1 == last || !is_same(&facts[i + 1], &facts[first]);

		if (i > first)
			fputs(is_last ? " and" : ",", out);
		fprintf(out, " %s (step %u)", short_form(&facts[i], i == first),
			facts[i].n);
	}
	fputs(". ", out);
	return i;
}

static void put_facts(const struct prose *p, FILE *out)
{
	unsigned int first, last;

	choose(p, &first, &last);
	if (first > 0)
		fprintf(out,
			"After %u earlier parks, wakes, stores and "
			"returns: ",
			first);
	while (first < last)
		first = put_sentence(p, first, last, out);
}

static void put_fault(struct story *s, FILE *out)
{
	const char *lines[2] = {"", ""};

	if (story_callout(s, UINT32_MAX / 2, lines, 2) < 2 || !*lines[1])
		return;
	fputs("**What goes wrong:** ", out);
	fputs(markdown(s, lines[1], false), out);
	fputc(' ', out);
}

/* "C is parked", but "A returned 0". */
static bool is_state(const char *cap)
{
	static const char *const states[] = {"parked", "done", "runnable",
					     "blocked"};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(cap, states[i], strlen(states[i])) == 0)
			return true;
	return false;
}

static void put_ends(struct story *s, FILE *out)
{
	const char *separator = "At the end ";

	for (unsigned int i = 0; i < s->lane_count; i++) {
		const struct lane *lane = &s->lanes[i];

		if (lane->mover < 0)
			continue;
		fprintf(out, "%s%s%s %s", separator,
			markdown(s, lane->name, false),
			is_state(lane->cap) ? " is" : "",
			markdown(s, lane->cap, false));
		separator = "; ";
	}
	fputs(".\n", out);
}

void prose_write(struct story *s, FILE *out)
{
	size_t threads = s->t->thread_count + 1;
	struct prose p = {
		.s = s,
		.calls = trace_alloc(s->memory, threads * sizeof(*p.calls)),
		.has_slept = trace_alloc(s->memory, threads * sizeof(bool)),
	};

	collect(&p);
	put_facts(&p, out);
	put_fault(s, out);
	put_ends(s, out);
	free(p.facts);
}
