/*
 * data.c - what the script of the page knows: the steps, and the state after
 * each of them.
 *
 * A state is a flat object: "l3" is who holds the lock in row 3 of the panel,
 * "q0" who waits in the first queue, "w1" a word, "t2" a thread, "o2" the line
 * of the scenario that thread is at.  Each step has what differs from the one
 * before it.
 */
#include "viz/report/report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "viz/world/world.h"

/* So many of a kind; what has a row of the story comes first. */
#define THINGS_MAX 64u

struct things {
	uint32_t items[THINGS_MAX]; /* objects, or threads */
	unsigned int count;
};

struct data {
	struct report *p;
	struct world *w;
	struct things locks, queues, words, flags, threads;
	unsigned int loud; /* so many locks have a row of the story */
	uint64_t *values; /* of flags, by object */
	bool *is_known;
	int32_t *lines; /* by thread: of the operation it is in */
	uint32_t n; /* events played for the last three */
};

static json_t *text(const char *s)
{
	json_t *value = json_string(s ? s : "");

	return value ? value : json_string("");
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		abort();
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		abort();
}

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- what there is ------------------------------------------------------- */

static void add(struct things *list, uint32_t item)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (list->items[i] == item)
			return;
	if (list->count < THINGS_MAX)
		list->items[list->count++] = item;
}

static bool is_flag(const struct event *e)
{
	return e->object_kind == OBJECT_WOKEN ||
	       e->object_kind == OBJECT_CANCELLED;
}

static bool is_queue_note(enum event_kind kind)
{
	return kind == EVENT_QUEUE_PUSH || kind == EVENT_QUEUE_APPEND;
}

static void find_threads(struct data *d)
{
	const struct trace *t = d->p->t;

	for (unsigned int i = 0; i < t->thread_count; i++)
		if (t->thread_count <= THINGS_MAX || d->p->s->lane_of[i] >= 0)
			add(&d->threads, i);
}

static void find_things(struct data *d)
{
	const struct trace *t = d->p->t;
	const struct story *s = d->p->s;

	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].lock)
			add(&d->locks, s->rows[i].lock);
	d->loud = d->locks.count;
	for (unsigned int i = 1; i < t->object_count; i++)
		if (t->objects[i].kind == OBJECT_WORD && t->objects[i].is_named)
			add(&d->words, i);
	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (!e->object)
			continue;
		if (event_is_mutex(e))
			add(&d->locks, (uint32_t)e->object);
		else if (is_queue_note(e->kind))
			add(&d->queues, (uint32_t)e->object);
		else if (e->object_kind == OBJECT_WORD)
			add(&d->words, (uint32_t)e->object);
		else if (is_flag(e) && e->has_values)
			add(&d->flags, (uint32_t)e->object);
	}
	find_threads(d);
}

/* "A.woken" of "woken:A". */
static const char *flag_name(struct data *d, uint32_t object)
{
	const struct trace *t = d->p->t;

	return story_format(d->p->s, "%s.%s", object_tail(t, object),
			    object_kind_name(t->objects[object].kind));
}

static const char *queue_name(struct data *d, uint32_t object)
{
	const struct trace *t = d->p->t;
	const char *name = t->objects[object].name;

	return strncmp(name, "wq:", 3) == 0 ? name + 3 : name;
}

static json_t *names_of_locks(struct data *d)
{
	json_t *list = json_array(), *lock;

	for (unsigned int i = 0; i < d->locks.count; i++) {
		uint32_t object = d->locks.items[i];

		lock = json_object();
		set(lock, "name", text(words_of_lock(d->p->s, object)));
		set(lock, "color", json_integer(d->p->s->colours[object]));
		set(lock, "quiet", json_boolean(i >= d->loud));
		append(list, lock);
	}
	return list;
}

static json_t *names_of_words(struct data *d)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < d->words.count; i++)
		append(list, text(d->p->t->objects[d->words.items[i]].name));
	for (unsigned int i = 0; i < d->flags.count; i++)
		append(list, text(flag_name(d, d->flags.items[i])));
	return list;
}

static json_t *names_of_queues(struct data *d)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < d->queues.count; i++)
		append(list, text(queue_name(d, d->queues.items[i])));
	return list;
}

static json_t *names_of_threads(struct data *d)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < d->threads.count; i++)
		append(list,
		       text(thread_of(d->p->t, (int32_t)d->threads.items[i])));
	return list;
}

/* ---- a state --------------------------------------------------------------
 */

static void play(struct data *d, uint32_t n)
{
	const struct trace *t = d->p->t;

	world_go(d->w, n);
	for (; d->n < n; d->n++) {
		const struct event *e = &t->events[d->n];

		if (e->thread >= 0 && e->op > 0)
			d->lines[e->thread] = e->op;
		if (!is_flag(e) || !e->object)
			continue;
		d->is_known[e->object] = true;
		d->values[e->object] =
			e->has_values ? e->new_value : (uint64_t)e->out;
	}
}

static void put(json_t *state, char kind, unsigned int i, json_t *value)
{
	char key[16];

	snprintf(key, sizeof(key), "%c%u", kind, i);
	set(state, key, value);
}

static void put_objects(struct data *d, json_t *state)
{
	struct report *p = d->p;

	for (unsigned int i = 0; i < d->locks.count; i++) {
		int32_t holder = d->w->holders[d->locks.items[i]];

		put(state, 'l', i,
		    holder < 0 ? json_null() : text(thread_of(p->t, holder)));
	}
	for (unsigned int i = 0; i < d->queues.count; i++) {
		const struct world_queue *q = &d->w->queues[d->queues.items[i]];
		json_t *list = json_array();

		for (uint32_t k = 0; k < q->count && k < THINGS_MAX; k++)
			append(list, text(thread_of(p->t, q->threads[k])));
		put(state, 'q', i, list);
	}
	for (unsigned int i = 0; i < d->words.count; i++)
		put(state, 'w', i,
		    text(words_of_result(
			    p->s, (int64_t)d->w->words[d->words.items[i]])));
	for (unsigned int i = 0; i < d->flags.count; i++) {
		uint32_t object = d->flags.items[i];

		put(state, 'w', d->words.count + i,
		    d->is_known[object]
			    ? text(words_of_result(p->s,
						   (int64_t)d->values[object]))
			    : json_null());
	}
}

/* "parked until 10 ms", "waiting for wq F" */
static const char *thread_state(struct data *d, const struct world_thread *th)
{
	struct story *s = d->p->s;
	const char *name = world_state_name(th->state);

	if (th->state == WORLD_WAITING && th->object)
		return story_format(s, "%s for %s", name,
				    words_of_lock(s, th->object));
	if (th->state == WORLD_PARKED && th->has_timer &&
	    th->deadline_ns != UINT64_MAX)
		return story_format(s, "%s until %s", name,
				    words_of_time(s, th->deadline_ns));
	if (th->has_permit)
		return story_format(s, "%s, has a permit", name);
	return name;
}

static void put_threads(struct data *d, json_t *state)
{
	const struct trace *t = d->p->t;

	for (unsigned int i = 0; i < d->threads.count; i++) {
		uint32_t thread = d->threads.items[i];
		const struct world_thread *th = &d->w->threads[thread];
		json_t *value = json_array();
		const char *call =
			th->call ? t->events[th->call - 1].text : NULL;

		append(value, text(thread_state(d, th)));
		append(value, text(call));
		put(state, 't', i, value);
		put(state, 'o', i, json_integer(d->lines[thread]));
	}
}

static json_t *state_after(struct data *d, uint32_t n)
{
	json_t *state = json_object();

	play(d, n);
	put_objects(d, state);
	put_threads(d, state);
	return state;
}

/* What is in @now and was not so before. */
static json_t *difference(json_t *before, json_t *now)
{
	json_t *changed = json_object(), *value;
	const char *key;

	json_object_foreach(now, key, value)
	{
		if (json_equal(json_object_get(before, key), value))
			continue;
		if (json_object_set(changed, key, value))
			abort();
	}
	return changed;
}

/* ---- steps --------------------------------------------------------------- */

static json_t *step(struct data *d, const struct row *row)
{
	const struct event *e = row_event(d->p->s, row);
	json_t *object = json_object();

	set(object, "n", json_integer(row->n));
	set(object, "who",
	    text(row->look == LOOK_GAP || row->lane < 0
			 ? ""
			 : d->p->s->lanes[row->lane].name));
	set(object, "text", text(row->text));
	set(object, "time", text(words_of_time(d->p->s, e->time_ns)));
	if (e->src)
		set(object, "src", text(e->src));
	if (e->op > 0)
		set(object, "line", json_integer(e->op));
	if (row->is_violation)
		set(object, "bad", json_true());
	else if (row->is_evidence)
		set(object, "proof", json_true());
	return object;
}

static json_t *steps(struct data *d)
{
	const struct story *s = d->p->s;
	json_t *list = json_array(), *before = json_object(), *now, *object;

	for (unsigned int i = 0; i < s->row_count; i++) {
		now = state_after(d, s->rows[i].last);
		object = step(d, &s->rows[i]);
		set(object, "now", difference(before, now));
		append(list, object);
		json_decref(before);
		before = now;
	}
	json_decref(before);
	return list;
}

/* The violation's step; what is wrong with the end is so after the last one. */
static json_t *verdict_step(const struct trace *t)
{
	if (!t->verdict_count)
		return json_integer(0);
	return json_integer(t->verdicts[0].at ? t->verdicts[0].at
					      : t->event_count);
}

static json_t *make_data(struct data *d)
{
	const struct trace *t = d->p->t;
	json_t *all = json_object();

	set(all, "verdict", verdict_step(t));
	set(all, "why", text(t->verdict_count ? t->verdicts[0].what : NULL));
	set(all, "locks", names_of_locks(d));
	set(all, "queues", names_of_queues(d));
	set(all, "words", names_of_words(d));
	set(all, "threads", names_of_threads(d));
	set(all, "start", state_after(d, 0));
	set(all, "steps", steps(d));
	return all;
}

/* JSON has these characters within strings alone. */
static int put_json(const char *buffer, size_t size, void *arg)
{
	FILE *out = arg;

	for (size_t i = 0; i < size; i++) {
		if (strchr("<>&", buffer[i]) && buffer[i])
			fprintf(out, "\\u%04x", (unsigned char)buffer[i]);
		else
			fputc(buffer[i], out);
	}
	return 0;
}

int slot_data(struct report *p)
{
	const struct trace *t = p->t;
	struct data d = {
		.p = p,
		.w = world_new(t),
		.values = zeroed(t->object_count, sizeof(uint64_t)),
		.is_known = zeroed(t->object_count, sizeof(bool)),
		.lines = zeroed(t->thread_count, sizeof(int32_t)),
	};
	json_t *all;
	int result;

	find_things(&d);
	all = make_data(&d);
	result = json_dump_callback(all, put_json, p->out, JSON_COMPACT);
	json_decref(all);
	world_free(d.w);
	free(d.values);
	free(d.is_known);
	free(d.lines);
	return result ? -EIO : 0;
}
