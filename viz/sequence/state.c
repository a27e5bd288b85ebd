/*
 * state.c - the state panel: futex words and wait queues after each row.
 *
 * All events are played through, shown or not; a row has a cell where a word
 * or queue is not what it was after the row before.
 */
#include "viz/sequence/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A column while the events are played through. */
struct live {
	bool is_dirty;
	uint64_t value;
	uint64_t shown; /* value at the last cell */
	bool was_there, was_over; /* at the last cell */
	int32_t *queue; /* threads, head first */
	unsigned int count, room;
	int32_t removed[CHIPS_MAX]; /* since the last cell */
	unsigned int removed_count;
	struct existence existence; /* of a word */
};

static bool is_queue_note(const struct event *e)
{
	return e->kind >= EVENT_QUEUE_PUSH && e->kind <= EVENT_QUEUE_APPEND;
}

static bool changes_word(const struct event *e)
{
	return e->has_values && e->kind >= EVENT_USER_STORE &&
	       e->kind <= EVENT_USER_WRITE;
}

static bool is_word_access(const struct event *e)
{
	return e->kind >= EVENT_USER_LOAD && e->kind <= EVENT_USER_FAULT &&
	       e->object != 0;
}

/* ---- which columns ---------------------------------------------------------
 */

/* Whether some wait queue is for the word @object. */
static bool has_queue(const struct trace *t, uint32_t object)
{
	const char *name = t->objects[object].name;

	for (uint32_t i = 1; i < t->object_count; i++)
		if (t->objects[i].kind == OBJECT_WQ && t->objects[i].word &&
		    strcmp(t->objects[i].word, name) == 0)
			return true;
	return false;
}

/* How much an object wants a column; 0: not at all. */
static void score_objects(const struct story *s, unsigned char *scores)
{
	const struct trace *t = s->t;

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (s->o->around && story_is_inside(s, e->n) &&
		    is_queue_note(e) + is_word_access(e) > 0 && e->object)
			scores[story_same(s, e->object)] |= 4;
		if (is_queue_note(e) && e->object)
			scores[story_same(s, e->object)] |= 2;
		else if (changes_word(e) && e->object &&
			 e->old_value != e->new_value)
			scores[e->object] |= 3;
		else if (is_word_access(e))
			scores[e->object] |= 1;
	}
	for (uint32_t i = 1; i < t->object_count; i++) {
		const struct trace_object *o = &t->objects[i];

		if (!scores[i])
			continue;
		if (strings_have(&s->focus, o->name) ||
		    strings_have(&s->focus, o->word))
			scores[i] |= 4;
	}
}

static bool may_have_column(const struct story *s, uint32_t i)
{
	const struct trace_object *o = &s->t->objects[i];

	return o->kind == OBJECT_WQ ||
	       (o->kind == OBJECT_WORD && (o->is_named || has_queue(s->t, i)));
}

static void add_column(struct story *s, uint32_t object)
{
	const struct trace_object *o = &s->t->objects[object];
	struct column *column = &s->columns[s->column_count++];

	column->object = object;
	column->is_queue = o->kind == OBJECT_WQ;
	column->name =
		column->is_queue
			? story_format(s, "wq %s", object_tail(s->t, object))
			: o->name;
	column->name = words_fit(s, column->name, 14);
}

/* Clear the scores of the least wanted until the rest has room. */
static void drop_least(struct story *s, unsigned char *scores)
{
	unsigned int count = 0;

	for (uint32_t i = 1; i < s->t->object_count; i++)
		count += scores[i] > 0;
	for (unsigned int low = 1; count > COLUMNS_MAX; low++) {
		for (uint32_t i = s->t->object_count - 1;
		     i > 0 && count > COLUMNS_MAX; i--) {
			if (scores[i] != low)
				continue;
			scores[i] = 0;
			s->columns_left_out++;
			count--;
		}
	}
}

static void choose_columns(struct story *s)
{
	unsigned int count = s->t->object_count;
	unsigned char *scores = calloc(count + 1, 1);

	if (!scores)
		abort();
	score_objects(s, scores);
	for (uint32_t i = 1; i < count; i++)
		if (scores[i] && !may_have_column(s, i))
			scores[i] = 0;
	drop_least(s, scores);
	for (uint32_t i = 1; i < count; i++)
		if (scores[i] && s->t->objects[i].kind == OBJECT_WORD)
			add_column(s, i);
	for (uint32_t i = 1; i < count; i++)
		if (scores[i] && s->t->objects[i].kind == OBJECT_WQ)
			add_column(s, i);
	free(scores);
}

/* ---- playing the events ------------------------------------------------ */

static void push(struct live *live, int32_t thread)
{
	if (live->count == live->room) {
		live->room = live->room ? 2 * live->room : 8;
		live->queue =
			realloc(live->queue, live->room * sizeof(*live->queue));
		if (!live->queue)
			abort();
	}
	live->queue[live->count++] = thread;
	live->is_dirty = true;
}

static void take_off(struct live *live, int32_t thread)
{
	unsigned int i = 0;

	while (i < live->count && live->queue[i] != thread)
		i++;
	if (i == live->count)
		return;
	memmove(&live->queue[i], &live->queue[i + 1],
		(live->count - i - 1) * sizeof(*live->queue));
	live->count--;
	live->is_dirty = true;
	if (live->removed_count < CHIPS_MAX)
		live->removed[live->removed_count++] = thread;
}

static void play(const struct story *s, struct live *live,
		 const struct event *e)
{
	if (changes_word(e)) {
		live->value = e->new_value;
	} else if (e->kind == EVENT_QUEUE_PUSH ||
		   e->kind == EVENT_QUEUE_APPEND) {
		push(live, e->peer);
	} else if (is_queue_note(e) && !append_of(s, e)) {
		take_off(live, e->peer);
	}
}

/* A word at its own time: what it holds, and whether there is one. */
static void look_at_word(struct live *live, uint32_t n)
{
	bool is_there;

	existence_go(&live->existence, n, &live->value);
	is_there = live->existence.there > 0;
	live->is_dirty = is_there != live->was_there ||
			 live->existence.is_over != live->was_over ||
			 (is_there && live->value != live->shown);
}

static void play_all(const struct story *s, struct live *lives,
		     const struct event *e)
{
	const struct event *drain = drain_of(s, e);

	for (unsigned int c = 0; c < s->column_count; c++) {
		uint32_t object = s->columns[c].object;

		/* A waiter that is moved leaves its queue as it is appended. */
		if (drain && story_same(s, drain->object) == object)
			take_off(&lives[c], drain->peer);
		if (story_same(s, e->object) == object)
			play(s, &lives[c], e);
		if (!s->columns[c].is_queue)
			look_at_word(&lives[c], e->n);
	}
}

static void fill_queue(struct story *s, struct cell *cell, struct live *live)
{
	cell->is_empty = live->count == 0;
	for (unsigned int i = 0; i < live->removed_count; i++)
		if (cell->chip_count < CHIPS_MAX / 2)
			cell->chips[cell->chip_count++] =
				thread_of(s->t, live->removed[i]);
	cell->removed = cell->chip_count;
	for (unsigned int i = 0; i < live->count; i++) {
		if (cell->chip_count < CHIPS_MAX)
			cell->chips[cell->chip_count++] =
				thread_of(s->t, live->queue[i]);
		else
			cell->more++;
	}
	live->removed_count = 0;
}

static void fill_cell(struct story *s, struct cell *cell, unsigned int column,
		      struct live *live)
{
	cell->column = column;
	live->is_dirty = false;
	if (s->columns[column].is_queue) {
		fill_queue(s, cell, live);
		return;
	}
	live->shown = live->value;
	live->was_there = live->existence.there > 0;
	live->was_over = live->existence.is_over;
	cell->value = live->existence.there
			      ? words_of_result(s, (int64_t)live->value)
		      : live->existence.is_over ? "unmapped"
						: "−";
}

static void add_cell(struct story *s, unsigned int row, unsigned int column,
		     struct live *live)
{
	s->cells = story_grow(s->cells, s->cell_count, &s->cell_room,
			      sizeof(*s->cells));
	s->cells[s->cell_count].row = row;
	fill_cell(s, &s->cells[s->cell_count++], column, live);
}

/* What there is before the first row. */
static void start_columns(struct story *s, struct live *lives)
{
	for (unsigned int c = 0; c < s->column_count; c++) {
		uint32_t object = s->columns[c].object;

		lives[c].value = lives[c].shown = s->t->objects[object].value;
		if (s->columns[c].is_queue)
			continue;
		existence_find(&lives[c].existence, s->t, object);
		existence_go(&lives[c].existence, 0, &lives[c].value);
	}
	for (uint32_t n = 1; n < s->first; n++)
		play_all(s, lives, &s->t->events[n - 1]);
	for (unsigned int c = 0; c < s->column_count; c++) {
		lives[c].removed_count = 0;
		fill_cell(s, &s->columns[c].start, c, &lives[c]);
	}
}

void story_state(struct story *s)
{
	struct live lives[COLUMNS_MAX] = {0};
	uint32_t n = s->first;

	choose_columns(s);
	if (s->row_count > 0)
		start_columns(s, lives);
	for (unsigned int row = 0; row < s->row_count; row++) {
		for (; n <= s->rows[row].last; n++)
			play_all(s, lives, &s->t->events[n - 1]);
		for (unsigned int c = 0; c < s->column_count; c++)
			if (lives[c].is_dirty)
				add_cell(s, row, c, &lives[c]);
	}
	for (unsigned int c = 0; c < s->column_count; c++) {
		free(lives[c].queue);
		existence_free(&lives[c].existence);
	}
}
