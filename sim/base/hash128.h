/*
 * hash128.h - hashes of rows of numbers: xxHash, 128 bits.
 */
#ifndef SIM_BASE_HASH128_H
#define SIM_BASE_HASH128_H

#include <stdint.h>
#include <xxhash.h>

static inline void hash128_of(const uint64_t *words, uint32_t count,
			      uint64_t hash[2])
{
	XXH128_hash_t h = XXH3_128bits(words, count * sizeof(*words));

	hash[0] = h.low64;
	hash[1] = h.high64;
}

/* Add (@sign 1) or take away (-1) a pair in a sum, where order is nothing. */
static inline void hash128_add(uint64_t sum[2], uint64_t a, uint64_t b,
			       int sign)
{
	uint64_t words[2] = {a, b}, hash[2];

	hash128_of(words, 2, hash);
	sum[0] += (uint64_t)(int64_t)sign * hash[0];
	sum[1] += (uint64_t)(int64_t)sign * hash[1];
}

#endif
