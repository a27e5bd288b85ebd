/*
 * area.c - mmap, munmap and mprotect on the list of areas.
 *
 * A call that touches part of an area splits it.  The parts have starts of
 * their own; what they show of the memory, and their handle, stay.
 */
#include "sim/machine/area.h"

#include <errno.h>
#include <string.h>

#include "sim/machine/sim.h"
#include "sim/machine/touches.h"
#include "sim/search/state_hash.h"

struct area *area_insert(struct sim *sim, struct aspace *aspace, uint64_t start)
{
	struct area *areas = aspace->areas;
	uint32_t i = aspace->area_count;

	if (aspace->area_count == aspace->area_room) {
		aspace->area_room =
			aspace->area_room ? aspace->area_room * 2 : 8;
		areas = arena_alloc(&sim->arena,
				    aspace->area_room * sizeof(*areas));
		if (aspace->area_count)
			memcpy(areas, aspace->areas,
			       aspace->area_count * sizeof(*areas));
		aspace->areas = areas;
	}
	for (; i > 0 && areas[i - 1].start > start; i--)
		areas[i] = areas[i - 1];
	aspace->area_count++;
	memset(&areas[i], 0, sizeof(areas[i]));
	areas[i].start = start;
	return &areas[i];
}

void area_take_off(struct aspace *aspace, struct area *area)
{
	uint32_t i = (uint32_t)(area - aspace->areas);

	aspace->area_count--;
	memmove(&aspace->areas[i], &aspace->areas[i + 1],
		(aspace->area_count - i) * sizeof(*area));
}

void area_hold(struct sim *sim, const struct area *area)
{
	uint64_t page = area->offset / PAGE_SIZE;
	uint64_t end = page + (area->end - area->start) / PAGE_SIZE;

	if (area->kind == KAREA_SHARED)
		identity_get(sim, area->memory->identity);
	if (area->handle)
		identity_get(sim, area->handle);
	for (; page < end; page++)
		area->memory->was_mapped[page] = true;
}

static void area_remove(struct sim *sim, struct aspace *aspace,
			struct area *area)
{
	if (area->kind == KAREA_SHARED)
		identity_put(sim, area->memory->identity);
	if (area->handle)
		identity_put(sim, area->handle);
	area_take_off(aspace, area);
}

void aspace_clear(struct sim *sim, struct aspace *aspace)
{
	while (aspace->area_count)
		area_remove(sim, aspace,
			    &aspace->areas[aspace->area_count - 1]);
}

bool *present_copy(struct sim *sim, const struct area *area, uint64_t from)
{
	uint64_t pages = (area->end - area->start) / PAGE_SIZE - from;
	bool *copy = arena_alloc(&sim->arena, pages * sizeof(*copy));

	memcpy(copy, area->is_present + from, pages * sizeof(*copy));
	return copy;
}

enum karea_kind area_kind(const struct sim *sim, uint32_t region)
{
	switch (sim->scenario->regions[region].kind) {
	case REGION_PRIVATE:
		return KAREA_PRIVATE;
	case REGION_SHARED:
		return KAREA_SHARED;
	case REGION_FILE:
		return KAREA_FILE;
	}
	return KAREA_PRIVATE;
}

struct kidentity *handle_new(struct sim *sim, uint32_t region)
{
	return identity_new(sim, region, ++sim->memory.handle_counts[region]);
}

void area_split(struct sim *sim, struct aspace *aspace, uint64_t at)
{
	struct area *low = aspace_find(aspace, at), *high;
	struct area whole;
	uint64_t skipped;

	if (!low || low->start == at)
		return;
	whole = *low;
	skipped = at - whole.start;
	low->end = at;
	high = area_insert(sim, aspace, at);
	*high = whole;
	high->start = at;
	high->offset += skipped;
	if (whole.is_present)
		high->is_present =
			present_copy(sim, &whole, skipped / PAGE_SIZE);
	area_hold(sim, high);
}

/* ---- ranges ------------------------------------------------------------ */

uint64_t whole_pages(uint64_t len)
{
	return (len + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

static bool is_in_user_memory(uint64_t addr, uint64_t len)
{
	return len <= USER_END && addr <= USER_END - len;
}

bool area_overlaps(const struct aspace *aspace, uint64_t addr, uint64_t len)
{
	uint32_t i;

	for (i = 0; i < aspace->area_count; i++) {
		if (aspace->areas[i].start < addr + len &&
		    aspace->areas[i].end > addr)
			return true;
	}
	return false;
}

/* Does an area of @aspace show the page at @offset of @memory? */
static bool is_shown(const struct aspace *aspace, const struct memory *memory,
		     uint64_t offset)
{
	const struct area *area;
	uint32_t i;

	for (i = 0; i < aspace->area_count; i++) {
		area = &aspace->areas[i];
		if (area->memory == memory && offset >= area->offset &&
		    offset - area->offset < area->end - area->start)
			return true;
	}
	return false;
}

void area_freshen(struct sim *sim, struct aspace *aspace, struct memory *memory,
		  uint64_t offset, uint64_t len)
{
	struct place place = {memory, offset};

	if (memory->identity)
		return;
	for (; place.offset < offset + len; place.offset += PAGE_SIZE) {
		unsigned char **page = &memory->page[place.offset / PAGE_SIZE];

		if (!*page || !memory->was_mapped[place.offset / PAGE_SIZE] ||
		    is_shown(aspace, memory, place.offset))
			continue;
		if (sim->hasher)
			state_hash_page(sim, place, -1);
		*page = NULL;
	}
}

/* ---- calls ------------------------------------------------------------- */

static void unmap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		  uint64_t len)
{
	uint32_t i = 0;

	area_split(sim, aspace, addr);
	area_split(sim, aspace, addr + len);
	while (i < aspace->area_count) {
		if (aspace->areas[i].start >= addr &&
		    aspace->areas[i].end <= addr + len)
			area_remove(sim, aspace, &aspace->areas[i]);
		else
			i++;
	}
}

int aspace_unmap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len)
{
	if (addr % PAGE_SIZE || !len || !is_in_user_memory(addr, len))
		return -EINVAL;
	unmap(sim, aspace, addr, whole_pages(len));
	return 0;
}

/* Up to the first hole: what comes before it has changed. */
static int protect(struct sim *sim, struct aspace *aspace, uint64_t addr,
		   uint64_t end, uint32_t prot)
{
	struct area *area;

	area_split(sim, aspace, addr);
	while (addr < end) {
		area = aspace_find(aspace, addr);
		if (!area)
			return -ENOMEM;
		if (area->end > end) {
			area_split(sim, aspace, end);
			area = aspace_find(aspace, addr);
		}
		area->prot = prot;
		addr = area->end;
	}
	return 0;
}

int aspace_protect(struct sim *sim, struct aspace *aspace, uint64_t addr,
		   uint64_t len, uint32_t prot)
{
	uint64_t size = whole_pages(len);

	if (addr % PAGE_SIZE)
		return -EINVAL;
	if (!len)
		return 0;
	if (size < len || addr + size < addr)
		return -ENOMEM;
	return protect(sim, aspace, addr, addr + size, prot);
}

/* Can @len bytes at @addr show what @mapping says? */
static int check_map(const struct sim *sim, const struct aspace *aspace,
		     uint64_t addr, uint64_t len, const struct mapping *mapping)
{
	uint64_t size =
		(uint64_t)sim->scenario->regions[mapping->region].pages *
		PAGE_SIZE;

	if (addr % PAGE_SIZE || !len || addr < USER_START)
		return -EINVAL;
	if (!is_in_user_memory(addr, len))
		return -ENOMEM;
	if (mapping->offset % PAGE_SIZE || mapping->offset > size ||
	    whole_pages(len) > size - mapping->offset)
		return -EINVAL;
	if (mapping->keeps && area_overlaps(aspace, addr, whole_pages(len)))
		return -EEXIST;
	return 0;
}

static void show(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len, const struct mapping *mapping)
{
	struct memory *memory = memory_to_map(sim, aspace, mapping->region);
	struct area *area;

	area_freshen(sim, aspace, memory, mapping->offset, len);
	area = area_insert(sim, aspace, addr);
	area->end = addr + len;
	area->kind = area_kind(sim, mapping->region);
	area->memory = memory;
	area->offset = mapping->offset;
	area->prot = mapping->prot;
	if (area->kind == KAREA_FILE)
		area->handle = handle_new(sim, mapping->region);
	if (mapping->is_lazy)
		area->is_present = arena_alloc(&sim->arena,
					       len / PAGE_SIZE * sizeof(bool));
	area_hold(sim, area);
}

int aspace_map(struct sim *sim, struct aspace *aspace, uint64_t addr,
	       uint64_t len, const struct mapping *mapping)
{
	int error = check_map(sim, aspace, addr, len, mapping);

	if (error)
		return error;
	len = whole_pages(len);
	unmap(sim, aspace, addr, len);
	show(sim, aspace, addr, len, mapping);
	return 0;
}
