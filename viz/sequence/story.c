/*
 * story.c - what a sequence diagram tells: the parts together, and what they
 * share.
 */
#define _GNU_SOURCE /* vasprintf */
#include "viz/sequence/story.h"

#include <errno.h>
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
		s->kind_counts[t->objects[e->object].kind] +=
			e->object != 0 && s->same[e->object] == e->object;
	}
}

/* What only holds once the rows stand. */
static void finish_rows(struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		struct row *row = &s->rows[i];

		if (!row->text)
			row->text = words_for_row(s, row);
		row->last = i + 1 < s->row_count ? row[1].n - 1 : s->last;
		row->is_cut = i > 0 && (row->lane != row[-1].lane ||
					row->look == LOOK_GAP);
		if (row->is_violation)
			s->violation_row = (int)i;
	}
}

/* The events around the one that was asked for; all, if none was. */
static void choose_window(struct story *s)
{
	uint32_t around = s->o->around, span = s->o->span;

	s->first = 1;
	s->last = s->t->event_count;
	if (around == 0)
		return;
	s->first = around > span ? around - span : 1;
	if (span < s->last && around < s->last - span)
		s->last = around + span;
}

struct story *story_new(const struct trace *t,
			const struct viz_options *options)
{
	static const struct viz_options none;
	struct story *s = must(calloc(1, sizeof(*s)));

	s->t = t;
	s->o = options ? options : &none;
	s->memory = trace_new(0);
	s->violation_row = -1;
	s->verdict = t->verdict_count > 0 ? &t->verdicts[0] : NULL;
	add_all(s, &s->focus, &t->focus);
	add_all(s, &s->focus, &t->highlight);
	add_all(s, &s->hide, &t->hide);
	add_all(s, &s->focus, &s->o->focus);
	add_all(s, &s->hide, &s->o->hide);
	choose_window(s);
	story_join(s);
	count_kinds(s);
	story_select(s);
	story_lanes(s);
	story_fold(s);
	story_limit(s);
	finish_rows(s);
	story_births(s);
	story_arrows(s);
	story_bars(s);
	story_ends(s);
	story_state(s);
	return s;
}

static void list_globs(FILE *out, const struct trace_strings *globs)
{
	for (unsigned int i = 0; i < globs->count; i++)
		fprintf(out, "%s'%s'", i ? ", " : " ", globs->items[i]);
}

/* Why there is no row, of a trace that has events. */
static void tell_filter(const struct story *s, FILE *out)
{
	const struct viz_options *o = s->o;

	if (o->around > s->t->event_count) {
		fprintf(out,
			"--around %u±%u: the trace has no step %u, its last "
			"one is %u",
			o->around, o->span, o->around, s->t->event_count);
		return;
	}
	if (o->hide.count > 0 && s->steps_hidden > 0) {
		fputs("--hide", out);
		list_globs(out, &o->hide);
		fputs(" leaves no step", out);
	} else if (s->hide.count > 0 && s->steps_hidden > 0) {
		fputs("'hide' of the scenario's diagram,", out);
		list_globs(out, &s->hide);
		fputs(", leaves no step", out);
	} else {
		fprintf(out, "no step%s changes anything",
			o->around ? "" : " of the trace");
	}
	if (o->around > 0)
		fprintf(out, " in --around %u±%u", o->around, o->span);
	if (s->steps_hidden == 0)
		fputs("; --fold none shows all steps", out);
}

int story_check(const struct story *s, char error[VIZ_ERROR_MAX])
{
	FILE *out;

	error[0] = '\0';
	if (s->row_count > 0)
		return 0;
	out = fmemopen(error, VIZ_ERROR_MAX, "w");
	if (!out)
		return -ENODATA;
	if (s->t->event_count == 0)
		fputs("the trace has no events", out);
	else
		tell_filter(s, out);
	fclose(out);
	error[VIZ_ERROR_MAX - 1] = '\0';
	return -ENODATA;
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

bool story_is_inside(const struct story *s, uint32_t n)
{
	return s->first <= n && n <= s->last;
}

unsigned int story_middle(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].is_violation)
			return i;
	if (s->o->around > 0)
		return story_row_of(s, s->o->around);
	return s->row_count ? s->row_count - 1 : 0;
}

static unsigned int lanes_between(const struct row *row, int lane)
{
	return (unsigned int)abs(lane - row->lane);
}

/* The far end is the lane farthest away. */
void story_point(struct story *s, struct row *row, enum arrow arrow, int lane,
		 const char *label)
{
	int *stops;

	if (lane < 0 || lane == row->lane)
		return;
	if (row->arrow == ARROW_NONE) {
		row->arrow = arrow;
		row->arrow_lane = lane;
		row->arrow_label = label;
		return;
	}
	if (row->arrow != arrow || lane == row->arrow_lane)
		return;
	stops = trace_alloc(s->memory, (row->stop_count + 1) * sizeof(*stops));
	for (unsigned int i = 0; i < row->stop_count; i++) {
		if (row->stops[i] == lane)
			return;
		stops[i] = row->stops[i];
	}
	if (lanes_between(row, lane) > lanes_between(row, row->arrow_lane)) {
		int far = row->arrow_lane;

		row->arrow_lane = lane;
		lane = far;
	}
	stops[row->stop_count++] = lane;
	row->stops = stops;
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
