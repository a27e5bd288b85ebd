/*
 * boxes.c - which events have a box.
 *
 * What orders threads, what the verdict names, calls, parks and wake-ups, what
 * happens to queues and to the words that the verdict is about.  The rest is
 * folded into numbers on the lines.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/figure.h"

#define FAR UINT32_MAX

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- what is named ----------------------------------------------------- */

static bool is_seed(const struct figure *f, uint32_t n)
{
	const struct verdict *v = f->story->verdict;

	if (n == f->order->first || n == f->order->second)
		return true;
	if (!v)
		return false;
	for (unsigned int i = 0; i < v->evidence_count; i++)
		if (v->evidence[i] == n)
			return true;
	return v->at == n;
}

static bool matches(const struct trace_strings *globs, const char *point)
{
	for (unsigned int i = 0; i < globs->count; i++)
		if (fnmatch(globs->items[i], point, 0) == 0)
			return true;
	return false;
}

static bool is_in_focus(const struct figure *f, const struct event *e,
			const char *point)
{
	const struct trace_strings *focus = &f->options->focus;

	if (focus->count == 0)
		return false;
	if (matches(focus, point) ||
	    strings_have(focus, object_kind_name(e->object_kind)))
		return true;
	if (e->object && strings_have(focus, f->t->objects[e->object].name))
		return true;
	return e->thread >= 0 &&
	       strings_have(focus, f->t->threads[e->thread].name);
}

/* ---- by kind ----------------------------------------------------------- */

/* Words and flags that the verdict is about. */
static bool *contested(const struct figure *f)
{
	bool *is_contested = zeroed(f->t->object_count, sizeof(bool));

	for (uint32_t n = f->order->begin; n < f->order->end; n++) {
		const struct event *e = &f->t->events[n - 1];

		if (is_seed(f, n) && (access_reads(e) || access_writes(e)))
			is_contested[e->object] = true;
	}
	is_contested[0] = false;
	return is_contested;
}

static bool is_of_queue(const struct event *e)
{
	return e->kind >= EVENT_QUEUE_PUSH && e->kind <= EVENT_QUEUE_APPEND;
}

static bool is_usually_shown(const struct figure *f, const struct event *e,
			     const bool *is_contested)
{
	if (e->object && is_contested[e->object] &&
	    (access_reads(e) || access_writes(e)))
		return true;
	if (e->kind == EVENT_ENTER || e->kind == EVENT_RETURN ||
	    e->kind == EVENT_MARK || e->kind == EVENT_BUG)
		return true;
	if (e->kind == EVENT_BLOCK || e->kind == EVENT_WAKE ||
	    e->kind == EVENT_CLONE || e->kind == EVENT_FORK ||
	    e->kind == EVENT_KILL || e->kind == EVENT_EXEC)
		return true;
	if (e->kind == EVENT_SLEEP || (e->kind == EVENT_TRYLOCK && !e->out))
		return !f->order->is_of_words;
	if (e->kind == EVENT_SIGNAL || e->kind == EVENT_DELIVER)
		return !f->order->is_of_words;
	if (e->object_kind == OBJECT_WORD && !e->src &&
	    (access_reads(e) || access_writes(e)))
		return true;
	return is_of_queue(e);
}

static bool is_near(const struct figure *f, uint32_t n)
{
	uint32_t at = f->options->around, span = f->options->span;

	return !at || (n + span >= at && n <= (uint64_t)at + span);
}

/* What is shown for what it is, before any edge is looked at. */
static bool is_chosen(const struct figure *f, const struct event *e,
		      const bool *is_contested, const bool *is_end)
{
	char point[POINT_NAME_MAX];

	if (order_lane(f->order, e->n) < 0 || !is_near(f, e->n))
		return false;
	if (is_seed(f, e->n))
		return true;
	event_point(e->kind, e->object_kind, point);
	if (matches(&f->story->hide, point))
		return false;
	return f->options->fold == VIZ_FOLD_NONE || is_in_focus(f, e, point) ||
	       is_end[order_index(f->order, e->n)] ||
	       (e->thread >= 0 && is_usually_shown(f, e, is_contested));
}

/* ---- calls ------------------------------------------------------------- */

/* By event: the n with which its call began, or its own. */
static uint32_t *calls_of(const struct figure *f)
{
	const struct order *o = f->order;
	uint32_t *call = zeroed(o->end - o->begin, sizeof(*call));
	uint32_t *in = zeroed(o->lane_count, sizeof(*in));

	for (uint32_t n = o->begin; n < o->end; n++) {
		const struct event *e = &f->t->events[n - 1];
		int lane = order_lane(o, n);

		if (lane < 0)
			continue;
		if (e->kind == EVENT_ENTER)
			in[lane] = n;
		call[order_index(o, n)] = in[lane] ? in[lane] : n;
		if (e->kind == EVENT_RETURN)
			in[lane] = 0;
	}
	free(in);
	return call;
}

/* Keep calls that the verdict names, and those that share an edge with one. */
static void fold_calls(struct figure *f)
{
	const struct order *o = f->order;
	uint32_t *call = calls_of(f);
	size_t count = o->end - o->begin;
	bool *is_named = zeroed(count, sizeof(bool));
	bool *is_kept = zeroed(count, sizeof(bool));

	for (uint32_t n = o->begin; n < o->end; n++)
		if (is_seed(f, n) && call[order_index(o, n)])
			is_named[order_index(o, call[order_index(o, n)])] =
				true;
	memcpy(is_kept, is_named, count * sizeof(bool));
	for (unsigned int i = 0; i < o->edge_count; i++) {
		uint32_t a = call[order_index(o, o->edges[i].from)];
		uint32_t b = call[order_index(o, o->edges[i].to)];

		if (!o->edges[i].is_needed)
			continue;
		if (is_named[order_index(o, b)])
			is_kept[order_index(o, a)] = true;
		if (is_named[order_index(o, a)])
			is_kept[order_index(o, b)] = true;
	}
	for (uint32_t n = o->begin; n < o->end; n++) {
		uint32_t c = call[order_index(o, n)];

		if (c && !is_kept[order_index(o, c)])
			f->is_shown[order_index(o, n)] = false;
	}
	free(call);
	free(is_named);
	free(is_kept);
}

/* ---- choosing ---------------------------------------------------------- */

void figure_choose(struct figure *f)
{
	const struct order *o = f->order;
	bool *is_end = zeroed(o->end - o->begin, sizeof(bool));
	bool *is_contested = contested(f);

	for (unsigned int i = 0; i < o->edge_count; i++) {
		if (!o->edges[i].is_needed)
			continue;
		is_end[order_index(o, o->edges[i].from)] = true;
		is_end[order_index(o, o->edges[i].to)] = true;
	}
	for (uint32_t n = o->begin; n < o->end; n++)
		f->is_shown[order_index(o, n)] = is_chosen(
			f, &f->t->events[n - 1], is_contested, is_end);
	if (f->options->fold == VIZ_FOLD_CALLS)
		fold_calls(f);
	free(is_end);
	free(is_contested);
}

/* ---- limiting ---------------------------------------------------------- */

static void reach(uint32_t *distance, int box, uint32_t new, bool *is_changed)
{
	if (box < 0 || distance[box] <= new)
		return;
	distance[box] = new;
	*is_changed = true;
}

/* To the past is nearer than to the future: causes matter more. */
#define STEP_BACK 2u
#define STEP_ON 3u

static void spread(const struct figure *f, uint32_t *distance)
{
	bool is_changed = true;

	while (is_changed) {
		is_changed = false;
		for (unsigned int i = f->box_count; i-- > 0;) {
			uint32_t d = distance[i];

			if (d == FAR)
				continue;
			reach(distance, f->boxes[i].before, d + STEP_BACK,
			      &is_changed);
			reach(distance, f->boxes[i].after, d + STEP_ON,
			      &is_changed);
		}
		for (unsigned int i = f->link_count; i-- > 0;) {
			const struct figure_link *l = &f->links[i];

			if (distance[l->to] != FAR)
				reach(distance, (int)l->from,
				      distance[l->to] + STEP_BACK, &is_changed);
			if (distance[l->from] != FAR)
				reach(distance, (int)l->to,
				      distance[l->from] + STEP_ON, &is_changed);
		}
	}
}

/* From what the verdict names, or from the end of every lane. */
static void sow(const struct figure *f, uint32_t *distance)
{
	bool has_seed = false;

	for (unsigned int i = 0; i < f->box_count; i++) {
		bool is_named = is_seed(f, f->boxes[i].n) ||
				f->boxes[i].n == f->options->around;

		distance[i] = is_named ? 0 : FAR;
		has_seed |= is_named;
	}
	for (unsigned int i = 0; i < f->lane_count && !has_seed; i++)
		if (f->lanes[i].last >= 0)
			distance[f->lanes[i].last] = 0;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

bool figure_limit(struct figure *f)
{
	unsigned int max = f->options->fold == VIZ_FOLD_NONE
				   ? FIGURE_BOXES_UNFOLDED
				   : FIGURE_BOXES_MAX;
	uint32_t *distance, *sorted, last;
	unsigned int nearer = 0;

	if (f->box_count <= max)
		return false;
	distance = zeroed(f->box_count, sizeof(*distance));
	sorted = zeroed(f->box_count, sizeof(*sorted));
	sow(f, distance);
	spread(f, distance);
	memcpy(sorted, distance, f->box_count * sizeof(*sorted));
	qsort(sorted, f->box_count, sizeof(*sorted), by_value);
	last = sorted[max - 1];
	while (sorted[nearer] < last)
		nearer++;
	/* Of those on the border the later ones stay. */
	for (unsigned int i = f->box_count; i-- > 0;) {
		bool stays = distance[i] < last ||
			     (distance[i] == last && nearer < max);

		/* What has nothing to do with the violation tells nothing. */
		stays &= distance[i] != FAR;
		nearer += stays && distance[i] == last;
		f->is_shown[order_index(f->order, f->boxes[i].n)] = stays;
		f->left_out += !stays;
	}
	free(distance);
	free(sorted);
	return true;
}
