/* arena.c - bump allocation with quarantine. */
#include "sim/machine/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE (256u * 1024)
#define BLOCK_MAGIC UINT64_C(0x6b636f6c42657246)

void arena_init(struct arena *a)
{
	*a = (struct arena){0};
}

void arena_fini(struct arena *a)
{
	struct arena_chunk *c = a->first, *next;

	while (c) {
		next = c->next;
		free(c->bytes);
		free(c);
		c = next;
	}
	arena_init(a);
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *c;

	for (c = a->first; c; c = c->next)
		c->used = 0;
	a->current = a->first;
	a->bytes = 0;
	a->last_block = NULL;
}

static _Noreturn void out_of_memory(void)
{
	fputs("futexsim: error: out of memory\n", stderr);
	exit(7);
}

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c = calloc(1, sizeof(*c));

	if (!c)
		out_of_memory();
	c->size = size > CHUNK_SIZE ? size : CHUNK_SIZE;
	c->bytes = malloc(c->size);
	if (!c->bytes)
		out_of_memory();
	return c;
}

/* The next chunk that has room, made if need be. */
static struct arena_chunk *chunk_with_room(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->current;
	struct arena_chunk *made;

	while (c && c->size - c->used < size && c->next)
		c = c->next;
	if (!c || c->size - c->used < size) {
		made = chunk_new(size);
		if (c)
			c->next = made;
		else
			a->first = made;
		c = made;
	}
	a->current = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->current;
	void *p;

	size = (size + 15) & ~(size_t)15;
	if (!c || c->size - c->used < size)
		c = chunk_with_room(a, size);
	a->bytes += size;
	if (a->bytes > ARENA_BYTES_MAX)
		out_of_memory();
	p = c->bytes + c->used;
	c->used += size;
	return memset(p, 0, size);
}

void *arena_block_new(struct arena *a, size_t size, const char *what,
		      int32_t owner, uint64_t address)
{
	struct arena_block *block = arena_alloc(a, sizeof(*block) + size);

	block->magic = BLOCK_MAGIC;
	block->previous = a->last_block;
	block->what = what;
	block->address = address;
	block->size = (uint32_t)size;
	block->owner = owner;
	a->last_block = block;
	return block + 1;
}

struct arena_block *arena_block_of(const void *ptr)
{
	struct arena_block *block = (struct arena_block *)ptr - 1;

	return block->magic == BLOCK_MAGIC ? block : NULL;
}

void arena_block_free(struct arena_block *block)
{
	block->is_freed = true;
	memset(block + 1, ARENA_POISON, block->size);
}

bool arena_block_is_dirty(const struct arena_block *block)
{
	const unsigned char *bytes = (const unsigned char *)(block + 1);

	/* All bytes are the first one if each is the one before it. */
	return block->size && (bytes[0] != ARENA_POISON ||
			       memcmp(bytes, bytes + 1, block->size - 1) != 0);
}
