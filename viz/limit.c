/*
 * limit.c - a picture of a trace with too many rows.
 *
 * First whole calls far from the violation (or from the end, if there is
 * none) are folded to a row each, the farthest first.  If that is not enough,
 * stretches of rows are left out, with a gap in their place.
 */
#include "viz/story.h"

#include <stdlib.h>
#include <string.h>

/* Rows from the beginning that stay, for the reader to find his feet. */
#define FIRST_ROWS 12u

struct call {
	unsigned int first, last; /* rows of its beginning and end */
	unsigned int distance;
};

static unsigned int middle_of(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].is_violation)
			return i;
	return s->row_count - 1;
}

static unsigned int distance_between(unsigned int a, unsigned int b)
{
	return a < b ? b - a : a - b;
}

/* Whether the rows of @c's lane within it may all go. */
static bool can_fold(const struct story *s, const struct call *c)
{
	for (unsigned int i = c->first; i <= c->last; i++)
		if (s->rows[i].lane == s->rows[c->first].lane &&
		    s->rows[i].is_pinned)
			return false;
	return true;
}

/* The row in which the call that begins in row @first ends; @first if none. */
static unsigned int end_of_call(const struct story *s, unsigned int first)
{
	for (unsigned int i = first + 1; i < s->row_count; i++) {
		if (s->rows[i].lane != s->rows[first].lane)
			continue;
		if (row_event(s, &s->rows[i])->kind == EVENT_RETURN)
			return i;
		if (row_event(s, &s->rows[i])->kind == EVENT_ENTER)
			break;
	}
	return first;
}

static int by_distance(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static unsigned int find_calls(const struct story *s, struct call *calls)
{
	unsigned int middle = middle_of(s), count = 0;

	for (unsigned int i = 0; i < s->row_count; i++) {
		struct call c = {.first = i};

		if (s->rows[i].folded || s->rows[i].end ||
		    row_event(s, &s->rows[i])->kind != EVENT_ENTER)
			continue;
		c.last = end_of_call(s, i);
		if (c.last == i || !can_fold(s, &c))
			continue;
		c.distance =
			c.first <= middle && middle <= c.last
				? 0
				: distance_between(c.last < middle ? c.last
								   : c.first,
						   middle);
		if (c.distance > NEAR_ROWS)
			calls[count++] = c;
	}
	qsort(calls, count, sizeof(*calls), by_distance);
	return count;
}

/* Mark the rows of a call, but for its first, to be removed; how many. */
static unsigned int fold_call(struct story *s, const struct call *c,
			      unsigned char *is_gone)
{
	struct row *row = &s->rows[c->first];
	unsigned int gone = 0, steps = 1;

	for (unsigned int i = c->first + 1; i <= c->last; i++) {
		if (s->rows[i].lane != row->lane)
			continue;
		steps += s->rows[i].folded ? s->rows[i].folded : 1;
		is_gone[i] = 1;
		gone++;
	}
	row->folded = steps;
	row->end = s->rows[c->last].n;
	row->is_whole_call = true;
	s->calls_folded++;
	return gone;
}

static void remove_gone(struct story *s, const unsigned char *is_gone)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->row_count; i++)
		if (!is_gone[i])
			s->rows[kept++] = s->rows[i];
	s->row_count = kept;
}

static void fold_calls(struct story *s, unsigned char *is_gone)
{
	struct call *calls = calloc(s->row_count, sizeof(*calls));
	unsigned int count, rows = s->row_count;

	if (!calls)
		abort();
	count = find_calls(s, calls);
	for (unsigned int i = 0; i < count && rows > ROWS_MAX; i++)
		rows -= fold_call(s, &calls[i], is_gone);
	free(calls);
	remove_gone(s, is_gone);
}

/* Turn the rows from @first up to, not including, @end into one gap. */
static void leave_out(struct story *s, unsigned int first, unsigned int end,
		      unsigned char *is_gone)
{
	uint32_t next =
		end < s->row_count ? s->rows[end].n : s->t->event_count + 1;
	struct row *row = &s->rows[first];
	unsigned int steps = next - row->n;

	row->look = LOOK_GAP;
	row->folded = steps;
	row->end = 0;
	row->text = story_format(s, "⋯ %u steps left out", steps);
	s->steps_left_out += steps;
	for (unsigned int i = first + 1; i < end; i++)
		is_gone[i] = 1;
}

static void leave_out_far(struct story *s, unsigned char *is_gone)
{
	unsigned int middle = middle_of(s);
	unsigned int near = (ROWS_MAX - FIRST_ROWS) / 2 - NEAR_ROWS / 2;
	unsigned int i = FIRST_ROWS;

	memset(is_gone, 0, s->row_count);
	while (i < s->row_count) {
		unsigned int first = i;

		while (i < s->row_count && !s->rows[i].is_evidence &&
		       !s->rows[i].is_violation &&
		       distance_between(i, middle) > near)
			i++;
		if (i > first + 1)
			leave_out(s, first, i, is_gone);
		i++;
	}
	remove_gone(s, is_gone);
}

void story_limit(struct story *s)
{
	unsigned char *is_gone;

	if (s->row_count <= ROWS_MAX)
		return;
	is_gone = calloc(s->row_count, 1);
	if (!is_gone)
		abort();
	fold_calls(s, is_gone);
	if (s->row_count > ROWS_MAX)
		leave_out_far(s, is_gone);
	free(is_gone);
}
