/*
 * pool.h - memory that is freed all at once.
 */
#ifndef SIM_BASE_POOL_H
#define SIM_BASE_POOL_H

#include <stddef.h>

struct scenario_pool;

/* None of these fails: without memory there is nothing left to do. */
struct scenario_pool *pool_new(void);
void pool_free(struct scenario_pool *pool);
/* Zeroed memory for @count things of @size bytes. */
void *pool_alloc(struct scenario_pool *pool, size_t count, size_t size);
/* A copy of @length bytes, and a NUL. */
const char *pool_string(struct scenario_pool *pool, const char *text,
			size_t length);

#endif
