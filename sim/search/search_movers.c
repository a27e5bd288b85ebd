/* search_movers.c - movers as numbers, and sets of them. */
#include "sim/search/search_internal.h"

/* ---- one mover --------------------------------------------------------- */

enum mover_kind mover_kind(uint32_t thread_count, uint16_t mover,
			   uint32_t *thread)
{
	uint32_t n = thread_count;

	*thread = mover;
	if (mover < n)
		return MOVER_IS_THREAD;
	if (mover == n)
		return MOVER_IS_CLOCK;
	*thread = (mover - n - 1) % n;
	if (mover <= 2 * n)
		return MOVER_IS_SIGNAL;
	return mover <= 3 * n ? MOVER_IS_SPURIOUS : MOVER_IS_END;
}

uint16_t mover_number(uint32_t thread_count, enum mover_kind kind,
		      uint32_t thread)
{
	uint32_t n = thread_count;

	switch (kind) {
	case MOVER_IS_THREAD:
		return (uint16_t)thread;
	case MOVER_IS_CLOCK:
		return (uint16_t)n;
	case MOVER_IS_SIGNAL:
		return (uint16_t)(n + 1 + thread);
	case MOVER_IS_SPURIOUS:
		return (uint16_t)(2 * n + 1 + thread);
	case MOVER_IS_END:
		return (uint16_t)(3 * n + 1);
	}
	return NO_MOVER;
}

bool choices_have(const struct choices *c, uint32_t threads, uint16_t mover)
{
	uint32_t i;

	switch (mover_kind(threads, mover, &i)) {
	case MOVER_IS_THREAD:
		return c->threads >> i & 1;
	case MOVER_IS_CLOCK:
		return c->clock;
	case MOVER_IS_SIGNAL:
		return c->signals >> i & 1;
	case MOVER_IS_SPURIOUS:
		return c->spurious >> i & 1;
	case MOVER_IS_END:
		return c->end;
	}
	return false;
}

void choices_remove(struct choices *c, uint32_t threads, uint16_t mover)
{
	uint32_t i;

	switch (mover_kind(threads, mover, &i)) {
	case MOVER_IS_THREAD:
		c->threads &= ~(UINT64_C(1) << i);
		break;
	case MOVER_IS_CLOCK:
		c->clock = false;
		break;
	case MOVER_IS_SIGNAL:
		c->signals &= ~(UINT64_C(1) << i);
		break;
	case MOVER_IS_SPURIOUS:
		c->spurious &= ~(UINT64_C(1) << i);
		break;
	case MOVER_IS_END:
		c->end = false;
		break;
	}
}

/* The first bit of @set from @from on; 64 if there is none. */
static uint32_t next_bit(uint64_t set, uint32_t from)
{
	if (from >= 64 || !(set >> from))
		return 64;
	return from + (uint32_t)__builtin_ctzll(set >> from);
}

uint16_t choices_next(const struct choices *c, uint32_t threads, uint16_t from)
{
	uint32_t n = threads, bit;

	bit = next_bit(c->threads, from);
	if (from < n && bit < n)
		return (uint16_t)bit;
	if (from <= n && c->clock)
		return (uint16_t)n;
	bit = next_bit(c->signals, from > n ? from - n - 1 : 0);
	if (bit < n)
		return (uint16_t)(n + 1 + bit);
	bit = next_bit(c->spurious, from > 2 * n ? from - 2 * n - 1 : 0);
	if (bit < n)
		return (uint16_t)(2 * n + 1 + bit);
	return c->end && from <= 3 * n + 1 ? (uint16_t)(3 * n + 1) : NO_MOVER;
}

/* Few bits are set, and counting them one by one is fastest. */
static uint32_t count_bits(uint64_t set)
{
	uint32_t count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

uint32_t choices_count(const struct choices *c)
{
	uint32_t count = count_bits(c->threads) + c->clock + c->end;

	if (c->signals | c->spurious)
		count += count_bits(c->signals) + count_bits(c->spurious);
	return count;
}
