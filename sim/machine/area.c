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

static void area_remove(struct aspace *aspace, struct area *area)
{
	uint32_t i = (uint32_t)(area - aspace->areas);

	aspace->area_count--;
	memmove(&aspace->areas[i], &aspace->areas[i + 1],
		(aspace->area_count - i) * sizeof(*area));
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
	struct kidentity *id = identity_new(sim, region);

	id->number = ++sim->memory.handle_counts[region];
	return id;
}

/* If an area crosses @at, make it two that meet there. */
static void split_at(struct sim *sim, struct aspace *aspace, uint64_t at)
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
}

/* Is it a range of whole pages that does not wrap? */
static bool is_range(uint64_t addr, uint64_t len)
{
	return addr % PAGE_SIZE == 0 && len && addr >= USER_START &&
	       addr + len > addr;
}

static uint64_t whole_pages(uint64_t len)
{
	return (len + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

int aspace_unmap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len)
{
	uint32_t i = 0;

	len = whole_pages(len);
	if (!is_range(addr, len))
		return -EINVAL;
	split_at(sim, aspace, addr);
	split_at(sim, aspace, addr + len);
	while (i < aspace->area_count) {
		if (aspace->areas[i].start >= addr &&
		    aspace->areas[i].end <= addr + len)
			area_remove(aspace, &aspace->areas[i]);
		else
			i++;
	}
	return 0;
}

/* Is every page of the range mapped? */
static bool is_covered(struct aspace *aspace, uint64_t addr, uint64_t len)
{
	const struct area *area;
	uint64_t at = addr;

	while (at < addr + len) {
		area = aspace_find(aspace, at);
		if (!area)
			return false;
		at = area->end;
	}
	return true;
}

int aspace_protect(struct sim *sim, struct aspace *aspace, uint64_t addr,
		   uint64_t len, uint32_t prot)
{
	uint32_t i;

	len = whole_pages(len);
	if (!len && addr % PAGE_SIZE == 0)
		return 0;
	if (!is_range(addr, len))
		return -EINVAL;
	if (!is_covered(aspace, addr, len))
		return -ENOMEM;
	split_at(sim, aspace, addr);
	split_at(sim, aspace, addr + len);
	for (i = 0; i < aspace->area_count; i++) {
		if (aspace->areas[i].start >= addr &&
		    aspace->areas[i].end <= addr + len)
			aspace->areas[i].prot = prot;
	}
	return 0;
}

int aspace_map(struct sim *sim, struct aspace *aspace, uint64_t addr,
	       uint64_t len, uint32_t region, uint64_t offset, bool is_lazy,
	       uint32_t prot)
{
	uint64_t size =
		(uint64_t)sim->scenario->regions[region].pages * PAGE_SIZE;
	struct area *area;
	int error;

	len = whole_pages(len);
	if (offset % PAGE_SIZE || offset > size || len > size - offset)
		return -EINVAL;
	error = aspace_unmap(sim, aspace, addr, len);
	if (error)
		return error;
	area = area_insert(sim, aspace, addr);
	area->end = addr + len;
	area->kind = area_kind(sim, region);
	area->memory = memory_of(sim, aspace, region);
	area->offset = offset;
	area->prot = prot;
	if (area->kind == KAREA_FILE)
		area->handle = handle_new(sim, region);
	if (is_lazy)
		area->is_present = arena_alloc(&sim->arena,
					       len / PAGE_SIZE * sizeof(bool));
	return 0;
}
