/*
 * aspace.c - setting up memory as a scenario says, and finding words in it.
 */
#include "sim/machine/aspace.h"

#include <string.h>

#include "sim/machine/area.h"
#include "sim/machine/objects.h"
#include "sim/machine/sim.h"
#include "sim/machine/touches.h"
#include "sim/search/state_hash.h"

/* ---- places ------------------------------------------------------------ */

struct area *aspace_find(struct aspace *aspace, uint64_t addr)
{
	uint32_t i;

	for (i = 0; i < aspace->area_count; i++) {
		if (addr < aspace->areas[i].start)
			return NULL;
		if (addr < aspace->areas[i].end)
			return &aspace->areas[i];
	}
	return NULL;
}

struct place aspace_place(struct aspace *aspace, uint64_t addr)
{
	const struct area *area = aspace_find(aspace, addr);

	if (!area)
		return (struct place){NULL, addr};
	return (struct place){area->memory, area->offset + addr - area->start};
}

bool place_is_same(struct place a, struct place b)
{
	return a.memory && a.memory == b.memory && a.offset == b.offset;
}

uint64_t place_number(struct place p)
{
	if (!p.memory)
		return 0;
	return ((uint64_t)p.memory->index + 1) << 40 | p.offset;
}

struct place word_place(struct sim *sim, const struct scenario_word *word,
			struct aspace *aspace)
{
	const struct scenario_region *r = &sim->scenario->regions[word->region];
	struct memory *m = NULL;
	uint32_t i;

	if (r->kind != REGION_PRIVATE)
		m = sim->memory.shared[word->region];
	else if (aspace)
		m = aspace->copies[word->region];
	for (i = 0; !m && i < sim->process_count; i++)
		m = sim->processes[i].aspace->copies[word->region];
	/* Left behind by an exec. */
	if (!m && r->kind == REGION_PRIVATE)
		m = sim->memory.first[word->region];
	return (struct place){m, word->offset};
}

uint64_t word_address(struct sim *sim, const struct scenario_word *word,
		      struct aspace *aspace)
{
	struct place p = word_place(sim, word, aspace);
	const struct area *area;
	uint32_t i;

	for (i = 0; i < aspace->area_count; i++) {
		area = &aspace->areas[i];
		if (area->memory == p.memory && p.offset >= area->offset &&
		    p.offset - area->offset < area->end - area->start)
			return area->start + (p.offset - area->offset);
	}
	return BAD_ADDRESS;
}

const char *place_name(struct sim *sim, struct place p)
{
	const struct scenario *s = sim->scenario;
	uint32_t i;

	for (i = 0; s && p.memory && i < s->word_count; i++) {
		if (s->words[i].region == p.memory->region &&
		    s->words[i].offset == p.offset)
			return s->words[i].name;
	}
	return NULL;
}

/* ---- address spaces ---------------------------------------------------- */

struct aspace *aspace_new(struct sim *sim, uint32_t owner)
{
	struct aspace *a = arena_alloc(&sim->arena, sizeof(*a));
	uint32_t regions = sim->memory.region_count;

	/* Those of the start have the numbers of their processes. */
	a->index = sim->is_started
			   ? sim->process_count + sim->memory.aspace_count++
			   : owner;
	a->owner = owner;
	a->mutex.id = sim_object_new(sim, OBJECT_ASPACE, &a->mutex);
	sim->objects[a->mutex.id].mutex = &a->mutex;
	sim->objects[a->mutex.id].process = owner;
	a->copies = arena_alloc(&sim->arena, regions * sizeof(*a->copies));
	return a;
}

/* The handle of a file map: shared within its group, else a new one. */
static struct kidentity *map_handle(struct sim *sim,
				    const struct scenario_map *map)
{
	struct kidentity **slot;

	if (sim->scenario->regions[map->region].kind != REGION_FILE)
		return NULL;
	if (!map->handle_group)
		return handle_new(sim, map->region);
	slot = &sim->memory.handle_groups[map->handle_group];
	if (!*slot)
		*slot = handle_new(sim, map->region);
	return *slot;
}

static void aspace_add_map(struct sim *sim, struct aspace *aspace,
			   const struct scenario_map *map)
{
	struct area *area = area_insert(sim, aspace, map->at);

	area->start = map->at;
	area->end = map->at + (uint64_t)map->pages * PAGE_SIZE;
	area->memory = memory_of(sim, aspace, map->region);
	area->kind = area_kind(sim, map->region);
	area->offset = map->offset;
	area->prot = map->prot;
	area->handle = map_handle(sim, map);
	area_hold(sim, area);
	if (map->lazy)
		area->is_present =
			arena_alloc(&sim->arena, map->pages * sizeof(bool));
}

void aspace_fork(struct sim *sim, struct aspace *child,
		 const struct aspace *parent)
{
	const struct area *from;
	struct area *area;
	uint32_t i;

	for (i = 0; i < parent->area_count; i++) {
		from = &parent->areas[i];
		area = area_insert(sim, child, from->start);
		*area = *from;
		if (from->kind == KAREA_PRIVATE)
			area->memory = memory_copy(sim, child, from->memory);
		if (from->is_present)
			area->is_present = present_copy(sim, from, 0);
		area_hold(sim, area);
	}
}

static void maps_setup(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct process *p;
	uint32_t i;

	for (i = 0; i < s->map_count; i++) {
		p = &sim->processes[s->maps[i].process];
		aspace_add_map(sim, p->aspace, &s->maps[i]);
	}
}

/* The area that short-form words live in; its region is the last one. */
static void words_setup(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct scenario_map map = {.at = WORDS_BASE, .prot = PROT_R | PROT_W};
	uint32_t i;

	for (i = 0; i < s->word_count; i++) {
		if (!s->words[i].is_short)
			continue;
		map.region = s->words[i].region;
		map.pages = s->regions[map.region].pages;
		aspace_add_map(sim, sim->processes[0].aspace, &map);
		return;
	}
}

static uint32_t handle_group_count(const struct scenario *s)
{
	uint32_t i, count = 0;

	for (i = 0; s && i < s->map_count; i++) {
		if (s->maps[i].handle_group > count)
			count = s->maps[i].handle_group;
	}
	return count + 1;
}

/*
 * Processes come in the order of declaration, and a parent before its child;
 * the child's copy is made when all maps of the parent are there.
 */
void aspace_setup(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct machine_memory *m = &sim->memory;
	const struct scenario_process *declared;
	uint32_t i, region_count = s ? s->region_count : 0;
	uint32_t group_count = handle_group_count(s);

	m->region_count = region_count;
	m->shared = arena_alloc(&sim->arena, region_count * sizeof(*m->shared));
	m->first = arena_alloc(&sim->arena, region_count * sizeof(*m->first));
	m->handle_counts = arena_alloc(
		&sim->arena, region_count * sizeof(*m->handle_counts));
	m->handle_groups = arena_alloc(&sim->arena,
				       group_count * sizeof(*m->handle_groups));
	for (i = 0; i < sim->process_count; i++) {
		declared = s ? &s->processes[i] : NULL;
		if (declared && declared->shares_memory_with != NOWHERE)
			sim->processes[i].aspace =
				sim->processes[declared->shares_memory_with]
					.aspace;
		else
			sim->processes[i].aspace = aspace_new(sim, i);
	}
	if (!s)
		return;
	for (i = 0; i < region_count; i++) {
		if (s->regions[i].kind != REGION_PRIVATE)
			memory_of(sim, NULL, i);
	}
	words_setup(sim);
	maps_setup(sim);
	for (i = 0; i < sim->process_count; i++) {
		if (s->processes[i].forked_from != NOWHERE &&
		    !s->processes[i].starts_later)
			aspace_fork(sim, sim->processes[i].aspace,
				    sim->processes[s->processes[i].forked_from]
					    .aspace);
	}
}

/* ---- model/kernel.h ---------------------------------------------------- */

void kaspace_lock_at(const struct ksite *site)
{
	kmutex_lock_at(&sim_task_current()->process->aspace->mutex, site);
}

bool kaspace_trylock_at(const struct ksite *site)
{
	return kmutex_trylock_at(&sim_task_current()->process->aspace->mutex,
				 site);
}

void kaspace_unlock_at(const struct ksite *site)
{
	kmutex_unlock_at(&sim_task_current()->process->aspace->mutex, site);
}

bool kaspace_find_area(uint64_t addr, struct karea *out)
{
	struct aspace *aspace = sim_task_current()->process->aspace;
	const struct area *area = aspace_find(aspace, addr);

	kmutex_assert_held(&aspace->mutex);
	if (!area)
		return false;
	*out = (struct karea){
		.kind = area->kind,
		.start = area->start,
		.offset = area->offset,
		.pages = area->memory->identity,
		.handle = area->handle,
		.is_hidden = !(area->prot & PROT_R),
		.is_read_only = !(area->prot & PROT_W),
	};
	return true;
}
