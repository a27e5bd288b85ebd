/*
 * random.h - splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", 2014): the same numbers on every machine.
 */
#ifndef SIM_BASE_RANDOM_H
#define SIM_BASE_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* From 0 to @count - 1: the high half of a product, hardly any bias. */
static inline uint64_t random_below(uint64_t *state, uint64_t count)
{
	return (uint64_t)((unsigned __int128)random_next(state) * count >> 64);
}

#endif
