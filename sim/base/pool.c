/*
 * pool.c - memory that is freed all at once: obstacks of libc.
 *
 * The macros of obstack.h align a pointer by arithmetic on a null pointer,
 * which UndefinedBehaviorSanitizer would report here.
 */
#include "sim/base/pool.h"

#include <obstack.h>
#include <stdlib.h>
#include <string.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

#define ALIGNS_FROM_NULL __attribute__((no_sanitize("pointer-overflow")))

struct scenario_pool {
	struct obstack obstack;
};

struct scenario_pool *pool_new(void)
{
	struct scenario_pool *pool = malloc(sizeof(*pool));

	if (!pool)
		abort();
	obstack_init(&pool->obstack);
	return pool;
}

void pool_free(struct scenario_pool *pool)
{
	obstack_free(&pool->obstack, NULL);
	free(pool);
}

ALIGNS_FROM_NULL
void *pool_alloc(struct scenario_pool *pool, size_t count, size_t size)
{
	void *memory = obstack_alloc(&pool->obstack, count * size);

	return memset(memory, 0, count * size);
}

ALIGNS_FROM_NULL
const char *pool_string(struct scenario_pool *pool, const char *text,
			size_t length)
{
	return obstack_copy0(&pool->obstack, text, length);
}
