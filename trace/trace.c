/*
 * trace.c - the memory of a trace.
 *
 * Strings and small arrays are cut from large blocks and go all at once; the
 * three lists that grow (events, objects, verdicts) are arrays of their own.
 */
#define _GNU_SOURCE /* vasprintf */
#include "trace/trace.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384u

/* Memory is cut from the block at the head; full ones follow it. */
struct block {
	struct block *next;
	size_t used;
	size_t size;
	max_align_t data[];
};

struct trace_pool {
	struct block *blocks;
};

static void *zalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

struct trace *trace_new(unsigned int thread_count)
{
	struct trace *t = zalloc(sizeof(*t));

	t->pool = zalloc(sizeof(*t->pool));
	t->thread_count = thread_count;
	t->threads = trace_alloc(t, thread_count * sizeof(*t->threads));
	trace_add_object(t);
	return t;
}

void trace_free(struct trace *t)
{
	struct block *block, *next;

	if (!t)
		return;
	for (block = t->pool->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	free(t->pool);
	free(t->events);
	free(t->objects);
	free(t->verdicts);
	free(t);
}

static struct block *add_block(struct trace_pool *pool, size_t wanted)
{
	size_t size = wanted > BLOCK_SIZE ? wanted : BLOCK_SIZE;
	struct block *block = zalloc(sizeof(*block) + size);

	block->size = size;
	block->next = pool->blocks;
	pool->blocks = block;
	return block;
}

void *trace_alloc(struct trace *t, size_t size)
{
	struct block *block = t->pool->blocks;
	size_t align = sizeof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;
	void *p;

	if (!block || block->size - block->used < rounded)
		block = add_block(t->pool, rounded);
	p = (char *)block->data + block->used;
	block->used += rounded;
	return p;
}

const char *trace_string(struct trace *t, const char *s)
{
	size_t size;

	if (!s)
		return NULL;
	size = strlen(s) + 1;
	return memcpy(trace_alloc(t, size), s, size);
}

const char *trace_format(struct trace *t, const char *format, ...)
{
	const char *copy;
	va_list args;
	char *s;

	va_start(args, format);
	if (vasprintf(&s, format, args) < 0)
		abort();
	va_end(args);
	copy = trace_string(t, s);
	free(s);
	return copy;
}

void trace_strings_add(struct trace *t, struct trace_strings *list,
		       const char *s)
{
	size_t size = list->count * sizeof(*list->items);
	const char **items = trace_alloc(t, size + sizeof(*items));

	if (list->count > 0)
		memcpy(items, list->items, size);
	items[list->count++] = trace_string(t, s);
	list->items = items;
}

/* Make room for one more in an array of @count; returns the array. */
static void *grow(void *array, unsigned int count, size_t *room, size_t size)
{
	size_t wanted = *room ? 2 * *room : 16;

	if (count < *room)
		return array;
	array = realloc(array, wanted * size);
	if (!array)
		abort();
	*room = wanted;
	return array;
}

struct event *trace_add_event(struct trace *t)
{
	struct event *e;

	t->events = grow(t->events, t->event_count, &t->event_room,
			 sizeof(*t->events));
	e = &t->events[t->event_count++];
	*e = (struct event){
		.n = t->event_count,
		.thread = MOVER_NONE,
		.peer = EVENT_NOBODY,
	};
	return e;
}

struct trace_object *trace_add_object(struct trace *t)
{
	struct trace_object *o;

	t->objects = grow(t->objects, t->object_count, &t->object_room,
			  sizeof(*t->objects));
	o = &t->objects[t->object_count++];
	memset(o, 0, sizeof(*o));
	return o;
}

struct verdict *trace_add_verdict(struct trace *t)
{
	struct verdict *v;

	t->verdicts = grow(t->verdicts, t->verdict_count, &t->verdict_room,
			   sizeof(*t->verdicts));
	v = &t->verdicts[t->verdict_count++];
	*v = (struct verdict){.thread = EVENT_NOBODY};
	return v;
}
