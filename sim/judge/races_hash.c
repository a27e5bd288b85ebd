/*
 * races_hash.c - who has which access in its past, as part of a state.
 *
 * Numbers of accesses grow with every loop, but future races ask only which
 * clock covers which access that is remembered; and that is all that clocks
 * hand on.
 */
#include "sim/base/hash128.h"
#include "sim/judge/races_internal.h"

enum holder {
	HOLDER_THREAD,
	HOLDER_WAKE,
	HOLDER_WORD,
};

/* @access is in the past of the holder; order says nothing. */
static void put_known(uint64_t sum[2], uint64_t access, enum holder kind,
		      uint64_t holder)
{
	hash128_add(sum, access, holder << 2 | (uint64_t)kind, 1);
}

static void hash_access(const struct races *r, const uint32_t *rank,
			const struct past_access *a, uint64_t name,
			uint64_t sum[2])
{
	const struct race_word *w;
	uint32_t i;

	for (i = 0; i < r->count; i++) {
		if (race_has_in_past(r->threads[i], a))
			put_known(sum, name, HOLDER_THREAD, rank[i]);
		if (race_has_in_past(r->wakes[i], a))
			put_known(sum, name, HOLDER_WAKE, rank[i]);
	}
	for (i = 0; i < RACE_BUCKETS; i++) {
		for (w = r->words[i]; w; w = w->next) {
			if (race_has_in_past(w->released, a))
				put_known(sum, name, HOLDER_WORD, w->number);
		}
	}
}

/* Whose access of which kind to which word, as one number. */
static uint64_t name_of(const struct race_word *w, unsigned int kind,
			uint32_t rank)
{
	uint64_t words[2] = {w->number, (uint64_t)rank << 8 | kind}, hash[2];

	hash128_of(words, 2, hash);
	return hash[0];
}

void races_hash(const struct sim *sim, const uint32_t *rank, uint64_t sum[2])
{
	const struct races *r = sim->races;
	const struct past_access *a;
	const struct race_word *w;
	unsigned int k;
	uint32_t i;

	for (i = 0; i < RACE_BUCKETS; i++) {
		for (w = r->words[i]; w; w = w->next) {
			if (w->is_told)
				hash128_add(sum, w->number, 0, 1);
			for (k = 0; k < ACCESS_KIND_COUNT; k++) {
				for (a = w->past[k]; a; a = a->next)
					hash_access(
						r, rank, a,
						name_of(w, k, rank[a->thread]),
						sum);
			}
		}
	}
}
