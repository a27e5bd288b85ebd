/*
 * mapped.c - when there is a word: its page may be mapped later than the first
 * row, be unmapped before the last, or be a child's copy.
 *
 * An address of a process means one word from one change of the map there to
 * the next.  A word is there while some address means it.  What the trace does
 * not tell is taken to be there all the time.
 */
#include "viz/sequence/story.h"

#include <stdlib.h>
#include <string.h>

/* An address at which a process has accessed the word. */
struct view {
	const char *process;
	uint64_t address;
	uint32_t since; /* n of the last change of the map there */
	bool is_used; /* since then */
};

struct views {
	struct view *items;
	unsigned int count, room;
};

static const char *process_of(const struct trace *t, const struct event *e)
{
	if (e->thread < 0 || (unsigned int)e->thread >= t->thread_count)
		return NULL;
	return t->threads[e->thread].process;
}

static bool is_access(const struct event *e, uint32_t object)
{
	return e->object == object && e->kind >= EVENT_USER_LOAD &&
	       e->kind <= EVENT_USER_FAULT && (e->out >= 0 || e->has_values);
}

/* Does @e change what @view means?  An area that moves takes its words along.
 */
static bool changes_view(const struct trace *t, const struct event *e,
			 const struct view *view)
{
	const char *process;

	if (e->kind != EVENT_MAP && e->kind != EVENT_UNMAP &&
	    e->kind != EVENT_EXEC)
		return false;
	process = process_of(t, e);
	if (e->out < 0 || !process || strcmp(process, view->process) != 0)
		return false;
	return e->kind == EVENT_EXEC ||
	       (view->address >= e->in && view->address - e->in < e->in2);
}

static struct view *find_view(const struct views *views, const char *process,
			      uint64_t address)
{
	for (unsigned int i = 0; i < views->count; i++)
		if (views->items[i].address == address &&
		    strcmp(views->items[i].process, process) == 0)
			return &views->items[i];
	return NULL;
}

/* n of the fork that begins the process; 0: it is there from the start. */
static uint32_t fork_of(const struct trace *t, const char *process)
{
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (e->kind == EVENT_FORK && e->out >= 0 && e->peer >= 0 &&
		    (unsigned int)e->peer < t->thread_count &&
		    strcmp(t->threads[e->peer].process, process) == 0)
			return e->n;
	}
	return 0;
}

/*
 * The second word of a name is a copy that a fork made.  One of another name
 * may be its parent's as well.
 */
static uint32_t view_start(const struct trace *t, uint32_t object,
			   const char *process)
{
	return strchr(t->objects[object].name, '#') ? fork_of(t, process) : 0;
}

/* False if it is not known whose access some event is. */
static bool collect(struct views *views, const struct trace *t, uint32_t object)
{
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];
		const char *process;

		if (!is_access(e, object))
			continue;
		process = process_of(t, e);
		if (!process)
			return false;
		if (find_view(views, process, e->in))
			continue;
		views->items = story_grow(views->items, views->count,
					  &views->room, sizeof(*views->items));
		views->items[views->count++] = (struct view){
			.process = process,
			.address = e->in,
			.since = view_start(t, object, process),
		};
	}
	return true;
}

/* ---- from there to gone ------------------------------------------------ */

static void add_turn(struct existence *x, uint32_t n, int change,
		     const struct event *e)
{
	x->turns = story_grow(x->turns, x->count, &x->room, sizeof(*x->turns));
	x->turns[x->count++] = (struct existence_turn){
		.n = n,
		.change = change,
		.has_value = e && (e->has_values || e->kind == EVENT_USER_LOAD),
		.value = !e		 ? 0
			 : e->has_values ? e->old_value
					 : (uint64_t)e->out,
	};
}

static void follow(struct existence *x, const struct views *views,
		   const struct trace *t, uint32_t object)
{
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];
		struct view *view;

		for (unsigned int k = 0; k < views->count; k++) {
			view = &views->items[k];
			if (!changes_view(t, e, view))
				continue;
			if (view->is_used)
				add_turn(x, e->n, -1, NULL);
			view->is_used = false;
			view->since = e->n;
		}
		if (!is_access(e, object))
			continue;
		view = find_view(views, process_of(t, e), e->in);
		if (!view->is_used)
			add_turn(x, view->since, 1, e);
		view->is_used = true;
	}
}

/* Of one event what comes before what goes: the word is never gone between. */
static int compare_turns(const void *a, const void *b)
{
	const struct existence_turn *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	if (x->change != y->change)
		return y->change - x->change;
	return x->value < y->value ? -1 : x->value > y->value;
}

void existence_find(struct existence *x, const struct trace *t, uint32_t object)
{
	struct views views = {0};

	*x = (struct existence){0};
	if (collect(&views, t, object) && views.count > 0)
		follow(x, &views, t, object);
	if (x->count > 0)
		qsort(x->turns, x->count, sizeof(*x->turns), compare_turns);
	else
		x->there = 1;
	free(views.items);
}

void existence_go(struct existence *x, uint32_t n, uint64_t *value)
{
	bool was_there = x->there > 0;

	for (; x->next < x->count && x->turns[x->next].n <= n; x->next++) {
		const struct existence_turn *turn = &x->turns[x->next];

		if (x->there == 0 && turn->n > 0 && turn->has_value)
			*value = turn->value;
		x->there += turn->change;
	}
	x->is_over = x->there == 0 && (was_there || x->is_over);
}

void existence_free(struct existence *x)
{
	free(x->turns);
}
