/*
 * rows.c - which queues are shown, and on which rows.
 */
#include "viz/queues/taking.h"

#include <inttypes.h>
#include <string.h>

/* "F" of "wq:F". */
static const char *tail(const struct trace *t, uint32_t object)
{
	const char *name = t->objects[object].name;
	const char *colon = name ? strchr(name, ':') : NULL;

	return colon ? colon + 1 : name ? name : "?";
}

static bool is_focused(const struct taking *k, uint32_t object)
{
	const struct trace_object *o = &k->s->t->objects[object];
	const struct trace_strings *focus = &k->o->focus;

	for (unsigned int i = 0; i < focus->count; i++)
		if ((o->word && strcmp(focus->items[i], o->word) == 0) ||
		    (o->name && strcmp(focus->items[i], o->name) == 0))
			return true;
	return false;
}

static bool is_in_use(const struct world *w, uint32_t queue)
{
	return w->queues[queue].count > 0 || w->holders[queue] >= 0;
}

/* Queues that somebody is on, that change, or that the call has locked. */
static void mark_shown(struct taking *k, bool *is_shown)
{
	const struct snapshot *s = k->s;
	const struct trace *t = s->t;

	for (uint32_t i = 1; i < t->object_count; i++)
		is_shown[i] = t->objects[i].kind == OBJECT_WQ &&
			      (is_in_use(k->worlds[0], i) ||
			       is_in_use(k->worlds[1], i) || is_focused(k, i));
	for (uint32_t n = s->before + 1; n <= s->after; n++) {
		const struct event *e = &t->events[n - 1];

		if (e->object == 0 || e->object >= t->object_count)
			continue;
		if (is_queue_note(e) ||
		    (e->kind == EVENT_LOCK && e->thread == s->mover &&
		     t->objects[e->object].kind == OBJECT_WQ))
			is_shown[e->object] = true;
	}
}

static bool is_of_one_word(const struct trace *t, uint32_t a, uint32_t b)
{
	const struct trace_object *x = &t->objects[a], *y = &t->objects[b];

	return x->word && y->word && strcmp(x->word, y->word) == 0 &&
	       x->key == y->key;
}

/*
 * An entry that comes again has a new queue: the two share a row, unless there
 * are waiters on both, as when one word has got two keys.
 */
static bool may_share(const struct taking *k, const struct queue_row *row,
		      uint32_t object)
{
	for (unsigned int i = 0; i < row->object_count; i++) {
		uint32_t other = row->objects[i];

		if (!is_of_one_word(k->s->t, other, object))
			return false;
		for (unsigned int side = 0; side < 2; side++)
			if (k->worlds[side]->queues[other].count > 0 &&
			    k->worlds[side]->queues[object].count > 0)
				return false;
	}
	return true;
}

static void join_row(struct taking *k, unsigned int row, uint32_t object)
{
	struct queue_row *r = &k->s->rows[row];
	uint32_t *objects = trace_alloc(k->s->memory, (r->object_count + 1) *
							      sizeof(*objects));

	if (r->object_count)
		memcpy(objects, r->objects, r->object_count * sizeof(*objects));
	objects[r->object_count++] = object;
	r->objects = objects;
	k->row_of[object] = row + 1;
}

static void add_row(struct taking *k, uint32_t object)
{
	struct snapshot *s = k->s;
	unsigned int row = 0;

	while (row < s->row_count && !may_share(k, &s->rows[row], object))
		row++;
	if (row == s->row_count) {
		s->row_count++;
		s->rows[row].name = tail(s->t, object);
		s->rows[row].key = trace_format(s->memory, "key 0x%" PRIx64,
						s->t->objects[object].key);
	}
	join_row(k, row, object);
}

void rows_choose(struct taking *k)
{
	struct snapshot *s = k->s;
	uint32_t count = s->t->object_count;
	bool *is_shown = trace_alloc(s->memory, count + 1);
	size_t room = 0;

	mark_shown(k, is_shown);
	for (uint32_t i = 1; i < count; i++)
		room += is_shown[i];
	s->rows = trace_alloc(s->memory, (room + 1) * sizeof(*s->rows));
	k->row_of = trace_alloc(s->memory, (count + 1) * sizeof(*k->row_of));
	for (uint32_t i = 1; i < count; i++)
		if (is_shown[i])
			add_row(k, i);
}

/* Rows that change are kept, then the first ones. */
void rows_limit(struct snapshot *s)
{
	unsigned int changed = 0, kept = 0, room;

	for (unsigned int i = 0; i < s->row_count; i++)
		changed += s->rows[i].is_changed;
	if (changed > QUEUE_ROWS_MAX)
		changed = QUEUE_ROWS_MAX;
	room = QUEUE_ROWS_MAX - changed;
	for (unsigned int i = 0; i < s->row_count; i++) {
		unsigned int *left = s->rows[i].is_changed ? &changed : &room;

		if (*left == 0) {
			s->left_out++;
			continue;
		}
		(*left)--;
		s->rows[kept++] = s->rows[i];
	}
	s->row_count = kept;
}
