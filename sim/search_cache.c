/*
 * search_cache.c - a set of 128-bit hashes of states: open addressing, with
 * the fewest preemptions that each was reached with where they are bounded.
 */
#include "sim/search_cache.h"

#include <stdlib.h>

#include "sim/state_hash.h"

#define SLOTS_FIRST 4096u

struct slot {
	uint64_t hash[2]; /* both 0: free */
};

struct state_cache {
	struct state_hash *hasher;
	struct slot *slots;
	uint32_t *preemptions; /* by slot; NULL without a bound */
	uint64_t slot_count; /* a power of two */
	uint64_t count;
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

static void allocate(struct state_cache *c, uint64_t slot_count,
		     bool is_bounded)
{
	c->slot_count = slot_count;
	c->slots = checked(calloc(slot_count, sizeof(*c->slots)));
	c->preemptions = NULL;
	if (is_bounded)
		c->preemptions =
			checked(calloc(slot_count, sizeof(*c->preemptions)));
}

struct state_cache *cache_new(const struct search *s)
{
	struct state_cache *c = checked(calloc(1, sizeof(*c)));

	c->hasher = state_hash_new(s);
	allocate(c, SLOTS_FIRST, s->preemptions_max != NO_BOUND);
	return c;
}

void cache_free(struct state_cache *c)
{
	if (!c)
		return;
	state_hash_free(c->hasher);
	free(c->slots);
	free(c->preemptions);
	free(c);
}

struct state_hash *cache_begin_run(struct state_cache *c, struct sim *sim)
{
	state_hash_begin(c->hasher, sim);
	return c->hasher;
}

uint64_t cache_count(const struct state_cache *c)
{
	return c->count;
}

uint64_t cache_bytes(const struct state_cache *c)
{
	return c->slot_count * (sizeof(*c->slots) +
				(c->preemptions ? sizeof(*c->preemptions) : 0));
}

static bool is_free(const struct slot *slot)
{
	return !slot->hash[0] && !slot->hash[1];
}

/* Where the hash is, or where it belongs. */
static uint64_t find(const struct state_cache *c, const uint64_t hash[2])
{
	uint64_t at = hash[0] & (c->slot_count - 1);

	while (!is_free(&c->slots[at]) && (c->slots[at].hash[0] != hash[0] ||
					   c->slots[at].hash[1] != hash[1]))
		at = (at + 1) & (c->slot_count - 1);
	return at;
}

static void grow(struct state_cache *c)
{
	struct state_cache old = *c;
	uint64_t i, at;

	allocate(c, 2 * old.slot_count, old.preemptions != NULL);
	for (i = 0; i < old.slot_count; i++) {
		if (is_free(&old.slots[i]))
			continue;
		at = find(c, old.slots[i].hash);
		c->slots[at] = old.slots[i];
		if (c->preemptions)
			c->preemptions[at] = old.preemptions[i];
	}
	free(old.slots);
	free(old.preemptions);
}

static void add(struct state_cache *c, uint64_t at, const uint64_t hash[2],
		uint32_t preemptions)
{
	c->slots[at] = (struct slot){{hash[0], hash[1]}};
	if (c->preemptions)
		c->preemptions[at] = preemptions;
	c->count++;
	if (3 * c->count > 2 * c->slot_count)
		grow(c);
}

bool cache_knows(struct state_cache *c, const struct search *s)
{
	uint64_t hash[2], at;

	state_hash_take(c->hasher, s, hash);
	at = find(c, hash);
	if (is_free(&c->slots[at])) {
		add(c, at, hash, s->preemptions);
		return false;
	}
	if (!c->preemptions || c->preemptions[at] <= s->preemptions)
		return true;
	c->preemptions[at] = s->preemptions;
	return false;
}
