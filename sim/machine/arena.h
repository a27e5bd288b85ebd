/*
 * arena.h - all memory of one execution.
 *
 * Blocks are carved off chunks one after the other and never reused within a
 * run.  A freed block is poisoned and stays where it is (quarantine), so that
 * touching it can be told; a reset forgets everything at once and keeps the
 * chunks for the next run.
 *
 * The model's blocks have simulated addresses: (thread, how many blocks it had
 * asked for), independent of the host and of what other threads allocate.
 */
#ifndef SIM_MACHINE_ARENA_H
#define SIM_MACHINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run that needs more is stopped. */
#define ARENA_BYTES_MAX (UINT64_C(2) << 30)

#define ARENA_POISON 0xdb

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	size_t used;
	char *bytes;
};

struct arena {
	struct arena_chunk *first;
	struct arena_chunk *current;
	uint64_t bytes; /* in use by this run */
	struct arena_block *last_block; /* the newest of the model's */
};

/* In front of each of the model's blocks. */
struct arena_block {
	uint64_t magic;
	struct arena_block *previous;
	const char *what;
	uint64_t address; /* simulated */
	uint32_t size;
	int32_t owner; /* thread index */
	bool is_freed;
};

void arena_init(struct arena *a);
void arena_fini(struct arena *a);
/* Forget everything; keep the chunks. */
void arena_reset(struct arena *a);

/* Zeroed memory of the machine itself; never freed singly. */
void *arena_alloc(struct arena *a, size_t size);

/* A zeroed block of the model. */
void *arena_block_new(struct arena *a, size_t size, const char *what,
		      int32_t owner, uint64_t address);

/* Its header; NULL if @ptr is no start of a block. */
struct arena_block *arena_block_of(const void *ptr);

/* Poison it and put it into quarantine. */
void arena_block_free(struct arena_block *block);

/* Has somebody written to it since it was freed? */
bool arena_block_is_dirty(const struct arena_block *block);

#endif
