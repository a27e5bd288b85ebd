/*
 * limit.c - a picture of a trace with too many rows.
 *
 * First whole calls that touch nothing of what is touched near the middle (the
 * violation, or the end, if there is none) are folded to a row each, the
 * farthest first; then others that are far.  If that is not enough, stretches
 * of rows are left out, with a gap in their place.
 */
#include "viz/sequence/story.h"

#include <stdlib.h>
#include <string.h>

/* Rows from the beginning that stay, for the reader to find his feet. */
#define FIRST_ROWS 12u
/* Rows around the middle that stay when all calls elsewhere are to fold. */
#define NEAR_CALL_ROWS 8u

struct call {
	unsigned int first, last; /* rows of its beginning and end */
	unsigned int distance;
	bool is_foreign; /* it touches nothing that is touched nearby */
};

/* How far is near. */
static unsigned int near_rows(const struct story *s)
{
	return s->o->fold == VIZ_FOLD_CALLS ? NEAR_CALL_ROWS : NEAR_ROWS;
}

static unsigned int distance_between(unsigned int a, unsigned int b)
{
	return a < b ? b - a : a - b;
}

/* ---- what is touched near the middle ----------------------------------- */

/*
 * What tells futexes apart: words, queues, what is said of a waiter.  The
 * mutexes of tables and address spaces are taken by every call.
 */
static uint32_t touched(const struct story *s, const struct event *e)
{
	enum object_kind kind;

	if (e->object == 0 || e->object >= s->t->object_count)
		return 0;
	kind = s->t->objects[e->object].kind;
	if (kind != OBJECT_TABLE && kind != OBJECT_REGISTRY &&
	    kind != OBJECT_ASPACE && kind != OBJECT_CLEANUP)
		return story_same(s, e->object);
	if (e->kind == EVENT_SLEEP || e->kind == EVENT_REMAP ||
	    e->kind == EVENT_UNMAP)
		return (uint32_t)e->object;
	return 0;
}

static void mark(const struct story *s, uint32_t n, unsigned char *is_near)
{
	const struct event *e = &s->t->events[n - 1];

	is_near[e->object < s->t->object_count ? e->object : 0] = 1;
	is_near[touched(s, e)] = 1;
	is_near[0] = 0;
}

static unsigned char *find_near(struct story *s, unsigned int middle)
{
	unsigned char *is_near = trace_alloc(s->memory, s->t->object_count + 1);

	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct row *row = &s->rows[i];
		bool is_close = distance_between(i, middle) <= near_rows(s);

		if (row->is_evidence || row->is_violation)
			mark(s, row->n, is_near);
		else if (is_close && touched(s, row_event(s, row)))
			mark(s, row->n, is_near);
	}
	return is_near;
}

/* Whether the call, with its steps that have no row, touches any of that. */
static bool is_foreign(const struct story *s, const struct call *c,
		       const unsigned char *is_near)
{
	int32_t thread = s->rows[c->first].mover;

	for (uint32_t n = s->rows[c->first].n; n <= s->rows[c->last].n; n++) {
		const struct event *e = &s->t->events[n - 1];

		if (e->thread == thread && is_near[touched(s, e)])
			return false;
	}
	return true;
}

/* ---- calls ------------------------------------------------------------- */

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

/* The foreign ones first, of those the farthest. */
static int by_worth(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->is_foreign != y->is_foreign)
		return x->is_foreign ? -1 : 1;
	if (x->distance != y->distance)
		return x->distance < y->distance ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static unsigned int distance_of(const struct call *c, unsigned int middle)
{
	if (c->first <= middle && middle <= c->last)
		return 0;
	return distance_between(c->last < middle ? c->last : c->first, middle);
}

static unsigned int find_calls(struct story *s, struct call *calls)
{
	unsigned int middle = story_middle(s), count = 0;
	const unsigned char *is_near = find_near(s, middle);

	for (unsigned int i = 0; i < s->row_count; i++) {
		struct call c = {.first = i};

		if (s->rows[i].folded || s->rows[i].end ||
		    row_event(s, &s->rows[i])->kind != EVENT_ENTER)
			continue;
		c.last = end_of_call(s, i);
		if (c.last == i || !can_fold(s, &c))
			continue;
		c.distance = distance_of(&c, middle);
		c.is_foreign = is_foreign(s, &c, is_near);
		if (c.distance > near_rows(s))
			calls[count++] = c;
	}
	qsort(calls, count, sizeof(*calls), by_worth);
	return count;
}

/* The text of a card that goes on with a call: how it ends, if it does. */
static const char *rest_of_call(struct story *s, const struct row *head,
				const struct row *last)
{
	const struct event *e = row_event(s, last);
	const char *text =
		words_for(s, e->kind == EVENT_RETURN ? e : row_event(s, head));

	text = story_format(s, "⋯%u %s", head->folded, text);
	return words_fit(s, text, s->box_chars);
}

/* One card for the rows of a lane from @first on that nobody interrupts. */
static unsigned int fold_run(struct story *s, unsigned int first,
			     const struct call *c, unsigned char *is_gone)
{
	struct row *row = &s->rows[first];
	unsigned int i, steps = row->folded ? row->folded : 1;

	for (i = first + 1; i <= c->last && s->rows[i].lane == row->lane; i++) {
		steps += s->rows[i].folded ? s->rows[i].folded : 1;
		is_gone[i] = 1;
	}
	if (i == first + 1)
		return i;
	row->folded = steps;
	row->end = s->rows[i - 1].n;
	row->is_whole_call = true;
	row->look = LOOK_CALL;
	row->lock = 0;
	if (first > c->first)
		row->text = rest_of_call(s, row, &s->rows[i - 1]);
	return i;
}

/*
 * Mark the rows of a call that go; how many.  Where others run in between,
 * each part has its card, so that what it changes is seen in its place.
 */
static unsigned int fold_call(struct story *s, const struct call *c,
			      unsigned char *is_gone)
{
	unsigned int i = c->first, gone = 0;

	while (i <= c->last) {
		unsigned int first = i;

		i = s->rows[i].lane == s->rows[c->first].lane
			    ? fold_run(s, i, c, is_gone)
			    : i + 1;
		gone += i - first - 1;
	}
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
	bool is_wanted = s->o->fold == VIZ_FOLD_CALLS;

	if (!calls)
		abort();
	count = find_calls(s, calls);
	for (unsigned int i = 0; i < count; i++)
		if (rows > ROWS_MAX || (is_wanted && calls[i].is_foreign))
			rows -= fold_call(s, &calls[i], is_gone);
	free(calls);
	remove_gone(s, is_gone);
}

/* ---- cards of several calls -------------------------------------------- */

static bool is_card(const struct row *row)
{
	return row->is_whole_call && row->end != 0;
}

/* Calls of one thread that follow each other become one card. */
static void join_cards(struct story *s)
{
	unsigned int kept = 0, i = 0;

	while (i < s->row_count) {
		struct row row = s->rows[i];
		unsigned int calls = 1;

		for (i++; is_card(&row) && i < s->row_count &&
			  is_card(&s->rows[i]) && s->rows[i].lane == row.lane;
		     i++) {
			row.folded += s->rows[i].folded;
			row.end = s->rows[i].end;
			calls++;
		}
		if (calls > 1)
			row.text = story_format(s, "⋯%u %u calls", row.folded,
						calls);
		s->rows[kept++] = row;
	}
	s->row_count = kept;
}

/* ---- gaps -------------------------------------------------------------- */

/* Turn the rows from @first up to, not including, @end into one gap. */
static void leave_out(struct story *s, unsigned int first, unsigned int end,
		      unsigned char *is_gone)
{
	uint32_t next = end < s->row_count ? s->rows[end].n : s->last + 1;
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
	unsigned int middle = story_middle(s);
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

	if (s->o->fold == VIZ_FOLD_NONE ||
	    (s->row_count <= ROWS_MAX && s->o->fold == VIZ_FOLD_AUTO))
		return;
	is_gone = calloc(s->row_count + 1, 1);
	if (!is_gone)
		abort();
	fold_calls(s, is_gone);
	join_cards(s);
	if (s->row_count > ROWS_MAX)
		leave_out_far(s, is_gone);
	free(is_gone);
}
