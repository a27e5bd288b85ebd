/*
 * pages.c - which rows of two stories stand on one level.
 *
 * Rows are paired by who moves and what they say.  What is left between two
 * pairs and is of one thread at one point is a change; the rest is on one side.
 */
#include "viz/diff/pages.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static uint64_t *keys_of_rows(struct story *s)
{
	uint64_t *keys = must(calloc(s->row_count + 1, sizeof(*keys)));

	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct row *row = &s->rows[i];
		uint64_t key = key_of_text(name_of_mover(s->t, row->mover), 2);

		keys[i] = key_of_text(row->text, key);
	}
	return keys;
}

static void add_level(struct pages *p, int left, int right,
		      enum level_mark mark)
{
	p->levels[p->count] = (struct level){{left, right}, mark};
	if (left >= 0)
		p->level_of[0][left] = p->count;
	if (right >= 0)
		p->level_of[1][right] = p->count;
	p->count++;
}

/* ---- between two pairs ------------------------------------------------- */

static bool is_change(const struct pages *p, unsigned int left,
		      unsigned int right)
{
	const struct story *a = p->s[0], *b = p->s[1];
	const struct event *x = row_event(a, &a->rows[left]);
	const struct event *y = row_event(b, &b->rows[right]);

	return x->kind == y->kind && x->object_kind == y->object_kind &&
	       is_same_mover(a->t, x, b->t, y);
}

/* Rows @from[] .. @to[] have no pair. */
static void add_gap(struct pages *p, const unsigned int from[2],
		    const unsigned int to[2])
{
	unsigned int left = from[0], right = from[1];

	for (; left < to[0]; left++) {
		unsigned int other = right;

		while (other < to[1] && !is_change(p, left, other))
			other++;
		if (other == to[1]) {
			add_level(p, (int)left, -1, LEVEL_LEFT);
			continue;
		}
		for (; right < other; right++)
			add_level(p, -1, (int)right, LEVEL_RIGHT);
		add_level(p, (int)left, (int)right++, LEVEL_CHANGED);
	}
	for (; right < to[1]; right++)
		add_level(p, -1, (int)right, LEVEL_RIGHT);
}

static void place_rows(struct pages *p)
{
	uint32_t counts[2] = {p->s[0]->row_count, p->s[1]->row_count};
	uint64_t *a = keys_of_rows(p->s[0]), *b = keys_of_rows(p->s[1]);
	uint32_t *pair = must(calloc(counts[0] + 1, sizeof(*pair)));
	unsigned int from[2] = {0, 0};

	align_keys(a, counts[0], b, counts[1], pair);
	for (uint32_t i = 0; i < counts[0]; i++) {
		if (pair[i] == ALIGN_NONE)
			continue;
		add_gap(p, from, (const unsigned int[2]){i, pair[i]});
		add_level(p, (int)i, (int)pair[i], LEVEL_ALIKE);
		from[0] = i + 1;
		from[1] = pair[i] + 1;
	}
	add_gap(p, from, counts);
	free(a);
	free(b);
	free(pair);
}

/* ---- the first difference ---------------------------------------------- */

/* Does the row tell of the event @n or of one after it? */
static bool reaches(const struct row *row, uint32_t n, enum level_mark mark)
{
	if (row->n >= n || row->end >= n)
		return true;
	/* A card for several steps, which are not all the same. */
	return row->folded > 0 && row->last >= n && mark != LEVEL_ALIKE;
}

/* Is a row of the level at the first difference, or after it? */
static bool is_after(const struct pages *p, const struct level *level)
{
	for (unsigned int side = 0; side < 2; side++) {
		uint32_t n = p->c.first.n[side];

		if (level->row[side] >= 0 && n &&
		    reaches(&p->s[side]->rows[level->row[side]], n,
			    level->mark))
			return true;
	}
	return false;
}

/*
 * Up to the first difference the events are the same; if rows are not, that is
 * because the one story has more to tell about them than the other.
 */
static void find_first(struct pages *p)
{
	for (p->first = 0; p->first < p->count; p->first++) {
		struct level *level = &p->levels[p->first];

		if (is_after(p, level))
			break;
		if (level->mark != LEVEL_CHANGED)
			level->mark = LEVEL_ALIKE;
	}
}

/* ---- texts ------------------------------------------------------------- */

static const char *values_of(struct story *s, const struct event *e)
{
	if (e->has_values)
		return story_format(s, ", %" PRIu64 " → %" PRIu64, e->old_value,
				    e->new_value);
	if (e->kind == EVENT_ENTER || e->kind == EVENT_LOCK ||
	    e->kind == EVENT_UNLOCK || e->kind == EVENT_BLOCK ||
	    e->kind == EVENT_RESUME || !e->step)
		return "";
	return story_format(s, ", %s", words_of_result(s, e->out));
}

const char *events_word(uint32_t count)
{
	return count == 1 ? "event" : "events";
}

const char *text_of_event(struct story *s, uint32_t n)
{
	const struct event *e;
	char point[POINT_NAME_MAX];
	const char *of = "";

	if (n == 0 || n > s->t->event_count)
		return "the trace has ended";
	e = &s->t->events[n - 1];
	if (e->object && e->object < s->t->object_count)
		of = story_format(s, " of %s", s->t->objects[e->object].name);
	else if (e->peer >= 0)
		of = story_format(s, " of %s", thread_of(s->t, e->peer));
	return story_format(s, "step %u, %s, %s%s%s%s%s%s", n,
			    name_of_mover(s->t, e->thread),
			    event_point(e->kind, e->object_kind, point), of,
			    values_of(s, e), e->src ? " (" : "",
			    e->src ? e->src : "", e->src ? ")" : "");
}

const char *text_of_first(struct pages *p)
{
	const struct difference *d = &p->c.first;
	const struct trace *a = p->c.t[0], *b = p->c.t[1];

	if (d->kind != DIFFERENCE_MOVER)
		return difference_text(d->kind);
	return story_format(p->s[0], "next is %s (left), %s (right)",
			    name_of_mover(a, a->events[d->n[0] - 1].thread),
			    name_of_mover(b, b->events[d->n[1] - 1].thread));
}

/* ---- for both forms ---------------------------------------------------- */

int pages_init(struct pages *p, const struct trace *left,
	       const struct trace *right, const struct viz_options *o,
	       char error[VIZ_ERROR_MAX])
{
	size_t rows = 0;
	int result = 0;

	*p = (struct pages){0};
	compare_traces(left, right, &p->c);
	for (unsigned int side = 0; side < 2; side++) {
		p->s[side] = story_new(p->c.t[side], o);
		rows += p->s[side]->row_count;
		p->level_of[side] = must(calloc(p->s[side]->row_count + 1,
						sizeof(unsigned int)));
	}
	p->levels = must(calloc(rows + 1, sizeof(*p->levels)));
	if (rows == 0) {
		result = story_check(p->s[0], error);
		pages_fini(p);
		return result ? result : -ENODATA;
	}
	place_rows(p);
	find_first(p);
	return 0;
}

void pages_fini(struct pages *p)
{
	for (unsigned int side = 0; side < 2; side++) {
		story_free(p->s[side]);
		free(p->level_of[side]);
	}
	free(p->levels);
}
