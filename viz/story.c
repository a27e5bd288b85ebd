/*
 * story.c - what a sequence diagram tells: the parts together, and what they
 * share.
 */
#define _GNU_SOURCE /* vasprintf */
#include "viz/story.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void add_all(struct story *s, struct trace_strings *list,
		    const struct trace_strings *more)
{
	for (unsigned int i = 0; i < more->count; i++)
		trace_strings_add(s->memory, list, more->items[i]);
}

/* How many mutexes of each kind there are, to know when a name is needed. */
static void count_kinds(struct story *s)
{
	const struct trace *t = s->t;
	bool *is_counted = trace_alloc(s->memory, t->object_count);

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (!event_is_mutex(e) || is_counted[e->object])
			continue;
		is_counted[e->object] = true;
		s->kind_counts[t->objects[e->object].kind] += e->object != 0;
	}
}

/* What only holds once the rows stand. */
static void finish_rows(struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		struct row *row = &s->rows[i];

		if (!row->text)
			row->text = words_for_row(s, row);
		row->last =
			i + 1 < s->row_count ? row[1].n - 1 : s->t->event_count;
		row->is_cut = i > 0 && (row->lane != row[-1].lane ||
					row->look == LOOK_GAP);
		if (row->is_violation)
			s->violation_row = (int)i;
	}
}

struct story *story_new(const struct trace *t,
			const struct viz_options *options)
{
	struct story *s = must(calloc(1, sizeof(*s)));

	s->t = t;
	s->memory = trace_new(0);
	s->violation_row = -1;
	s->verdict = t->verdict_count > 0 ? &t->verdicts[0] : NULL;
	add_all(s, &s->focus, &t->focus);
	add_all(s, &s->focus, &t->highlight);
	add_all(s, &s->hide, &t->hide);
	if (options) {
		add_all(s, &s->focus, &options->focus);
		add_all(s, &s->hide, &options->hide);
	}
	count_kinds(s);
	story_select(s);
	story_lanes(s);
	story_fold(s);
	story_limit(s);
	finish_rows(s);
	story_arrows(s);
	story_bars(s);
	story_ends(s);
	story_state(s);
	return s;
}

void story_free(struct story *s)
{
	if (!s)
		return;
	trace_free(s->memory);
	free(s->rows);
	free(s->bars);
	free(s->cells);
	free(s);
}

const char *story_format(struct story *s, const char *format, ...)
{
	const char *copy;
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	copy = trace_string(s->memory, text);
	free(text);
	return copy;
}

void *story_grow(void *array, unsigned int count, unsigned int *room,
		 size_t size)
{
	if (count >= *room) {
		*room = *room ? 2 * *room : 64;
		array = must(realloc(array, *room * size));
	}
	memset((char *)array + count * size, 0, size);
	return array;
}

struct row *story_add_row(struct story *s)
{
	s->rows = story_grow(s->rows, s->row_count, &s->row_room,
			     sizeof(*s->rows));
	s->rows[s->row_count].lane = -1;
	s->rows[s->row_count].arrow_lane = -1;
	return &s->rows[s->row_count++];
}

unsigned int story_row_of(const struct story *s, uint32_t n)
{
	unsigned int low = 0, high = s->row_count;

	while (high - low > 1) {
		unsigned int middle = (low + high) / 2;

		if (s->rows[middle].n <= n)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int story_lane_row(const struct story *s, uint32_t n, int lane)
{
	int row = (int)story_row_of(s, n);

	while (row >= 0 && (s->rows[row].lane != lane || s->rows[row].n > n))
		row--;
	return row;
}

int story_lane_of(const struct story *s, int32_t mover)
{
	if (mover == MOVER_CLOCK)
		return s->clock_lane;
	if (mover == MOVER_SIGNAL)
		return s->signal_lane;
	if (mover < 0 || (unsigned int)mover >= s->t->thread_count)
		return -1;
	return s->lane_of[mover];
}

const struct event *row_event(const struct story *s, const struct row *row)
{
	return &s->t->events[row->n - 1];
}

bool strings_have(const struct trace_strings *list, const char *name)
{
	for (unsigned int i = 0; name && i < list->count; i++)
		if (strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

bool event_is_park(const struct event *e)
{
	return e->kind == EVENT_BLOCK && !(e->has_permit && e->permit);
}

bool event_is_mutex(const struct event *e)
{
	return e->kind == EVENT_LOCK || e->kind == EVENT_SLEEP ||
	       e->kind == EVENT_TRYLOCK || e->kind == EVENT_UNLOCK;
}

bool story_is_evidence(const struct story *s, uint32_t n)
{
	const struct verdict *v = s->verdict;

	if (!v)
		return false;
	for (unsigned int i = 0; i < v->evidence_count; i++)
		if (v->evidence[i] == n)
			return true;
	for (unsigned int i = 1; i < s->t->verdict_count; i++)
		if (s->t->verdicts[i].at == n && v->at != n)
			return true;
	return false;
}
