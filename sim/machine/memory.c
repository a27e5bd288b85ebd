/*
 * memory.c - the memory behind regions, and what a kernel knows it by.
 *
 * What is known by an address has that address as long as anybody refers to it;
 * then another thing of its kind may get it.
 */
#include <string.h>

#include "sim/machine/area.h"
#include "sim/machine/sim.h"
#include "sim/machine/touches.h"
#include "sim/search/state_hash.h"

#define IDENTITY_BASE UINT64_C(0x100000000)
#define IDENTITY_STRIDE 0x1000u

/* ---- identities -------------------------------------------------------- */

/* Nobody holds it any more, and nobody knows its address. */
static bool is_free(const struct kidentity *id)
{
	return id->was_held && !id->is_replaced && !id->strong_count &&
	       !id->weak_count;
}

/*
 * An address that was given back is used again, and the lowest of them first:
 * so that whoever goes by an address without holding it is found out.  Pages
 * and handles are of different sizes, and never at one address.
 */
static uint64_t take_address(struct sim *sim, bool is_handle)
{
	struct machine_memory *m = &sim->memory;
	struct kidentity *id, *lowest = NULL;

	for (id = m->identities; id; id = id->next) {
		touch_identity(sim, id, TOUCH_READ);
		if (is_free(id) && is_handle == (id->number != 0) &&
		    (!lowest || id->address < lowest->address))
			lowest = id;
	}
	if (!lowest)
		return IDENTITY_BASE +
		       (uint64_t)m->identity_count++ * IDENTITY_STRIDE;
	lowest->is_replaced = true;
	return lowest->address;
}

struct kidentity *identity_new(struct sim *sim, uint32_t region,
			       uint32_t number)
{
	struct machine_memory *m = &sim->memory;
	struct kidentity *id = arena_alloc(&sim->arena, sizeof(*id));

	id->address = take_address(sim, number != 0);
	id->region = region;
	id->number = number;
	id->next = m->identities;
	m->identities = id;
	return id;
}

void identity_get(struct sim *sim, struct kidentity *id)
{
	touch_identity(sim, id, TOUCH_WRITE);
	id->strong_count++;
	id->was_held = true;
}

void identity_put(struct sim *sim, struct kidentity *id)
{
	touch_identity(sim, id, TOUCH_WRITE);
	if (--id->strong_count == 0)
		touch_weak(sim, id, TOUCH_WRITE);
}

/*
 * While it is there its weak references concern nobody; when it is gone the
 * last of them sets its address free.
 */
struct kidentity *kidentity_get_weak(struct kidentity *id)
{
	touch_weak(sim_running, id, TOUCH_COUNT);
	id->weak_count++;
	return id;
}

void kidentity_put_weak(struct kidentity *id)
{
	touch_weak(sim_running, id, TOUCH_COUNT);
	if (!id->strong_count)
		touch_identity(sim_running, id, TOUCH_WRITE);
	id->weak_count--;
}

uint64_t kidentity_address(const struct kidentity *id)
{
	return id->address;
}

/* ---- memory ------------------------------------------------------------ */

static struct memory *memory_new(struct sim *sim, uint32_t region)
{
	const struct scenario_region *r = &sim->scenario->regions[region];
	struct memory *m = arena_alloc(&sim->arena, sizeof(*m));

	m->index = sim->memory.memory_count++;
	m->region = region;
	m->pages = r->pages;
	if (r->kind == REGION_PRIVATE && !sim->memory.first[region])
		sim->memory.first[region] = m;
	m->page = arena_alloc(&sim->arena, r->pages * sizeof(*m->page));
	m->was_mapped = arena_alloc(&sim->arena, r->pages * sizeof(bool));
	if (r->kind == REGION_PRIVATE)
		return m;
	m->identity = identity_new(sim, region, 0);
	/* A file stays when nobody maps it. */
	if (r->kind == REGION_FILE)
		identity_get(sim, m->identity);
	return m;
}

/* Named words have their values from the start. */
static void memory_fill(struct sim *sim, struct memory *m)
{
	const struct scenario *s = sim->scenario;
	uint32_t i;

	for (i = 0; i < s->word_count; i++) {
		if (s->words[i].region == m->region && s->words[i].value)
			place_store32(sim,
				      (struct place){m, s->words[i].offset},
				      s->words[i].value);
	}
}

struct memory *memory_of(struct sim *sim, struct aspace *aspace,
			 uint32_t region)
{
	bool is_private = sim->scenario->regions[region].kind == REGION_PRIVATE;
	struct memory **slot = is_private ? &aspace->copies[region]
					  : &sim->memory.shared[region];

	if (!*slot) {
		*slot = memory_new(sim, region);
		memory_fill(sim, *slot);
	}
	return *slot;
}

/* Shared memory that nobody maps any more is gone, and this is other memory. */
struct memory *memory_to_map(struct sim *sim, struct aspace *aspace,
			     uint32_t region)
{
	struct memory *m = memory_of(sim, aspace, region);

	if (!m->identity)
		return m;
	touch_identity(sim, m->identity, TOUCH_READ);
	if (m->identity->was_held && !m->identity->strong_count)
		sim->memory.shared[region] = m = memory_new(sim, region);
	return m;
}

unsigned char *place_bytes(struct sim *sim, struct place p)
{
	unsigned char **page = &p.memory->page[p.offset / PAGE_SIZE];

	if (!*page)
		*page = arena_alloc(&sim->arena, PAGE_SIZE);
	return *page + p.offset % PAGE_SIZE;
}

uint32_t place_load32(struct sim *sim, struct place p)
{
	uint32_t value;

	if (!p.memory->page[p.offset / PAGE_SIZE])
		return 0;
	memcpy(&value, place_bytes(sim, p), sizeof(value));
	return value;
}

void place_store32(struct sim *sim, struct place p, uint32_t value)
{
	memcpy(place_bytes(sim, p), &value, sizeof(value));
}

/* All there is of it, with the new memory's own number. */
static void copy_pages(struct sim *sim, struct memory *to,
		       const struct memory *from)
{
	struct place place = {to, 0};
	uint32_t i;

	memcpy(to->was_mapped, from->was_mapped,
	       from->pages * sizeof(*from->was_mapped));
	for (i = 0; i < from->pages; i++) {
		if (!from->page[i])
			continue;
		place.offset = (uint64_t)i * PAGE_SIZE;
		memcpy(place_bytes(sim, place), from->page[i], PAGE_SIZE);
		if (sim->hasher)
			state_hash_page(sim, place, 1);
	}
}

struct memory *memory_copy(struct sim *sim, struct aspace *child,
			   const struct memory *memory)
{
	struct memory **slot = &child->copies[memory->region];

	if (!*slot) {
		*slot = memory_new(sim, memory->region);
		copy_pages(sim, *slot, memory);
	}
	return *slot;
}
