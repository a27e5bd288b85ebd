/*
 * remap.c - mremap: grow and shrink in place, move, map a second time.
 *
 * A range that was split by mprotect and is alike again counts as one, as it
 * does where equal neighbours are merged.  What moves keeps its pages, its
 * handle, and the offset of each page; only its addresses change.
 *
 * Source:  mremap(2); mm/mremap.c of Linux 6.
 */
#include <errno.h>
#include <string.h>

#include "sim/machine/area.h"
#include "sim/machine/sim.h"

/* Does @next go on where @area ends, in address and in memory? */
static bool is_continued(const struct area *area, const struct area *next)
{
	return next->start == area->end && next->memory == area->memory &&
	       next->offset == area->offset + (area->end - area->start) &&
	       next->prot == area->prot && next->handle == area->handle;
}

/* The last of the areas that are one with @area. */
static struct area *last_of_run(struct aspace *aspace, struct area *area)
{
	struct area *end = aspace->areas + aspace->area_count;

	while (area + 1 < end && is_continued(area, area + 1))
		area++;
	return area;
}

static uint64_t region_size(const struct memory *memory)
{
	return (uint64_t)memory->pages * PAGE_SIZE;
}

/* Can what stands at @addr become @new_len bytes long? */
static int check_size(struct aspace *aspace, uint64_t addr, uint64_t len,
		      uint64_t new_len)
{
	struct area *area = aspace_find(aspace, addr);
	uint64_t offset = area->offset + (addr - area->start);

	if (!len && !area->memory->identity)
		return -EINVAL;
	if (len > last_of_run(aspace, area)->end - addr)
		return -EFAULT;
	if (new_len > region_size(area->memory) - offset)
		return -EINVAL;
	return 0;
}

/* Let @area show @grown bytes more. */
static void extend(struct sim *sim, struct aspace *aspace, struct area *area,
		   uint64_t grown)
{
	uint64_t pages = (area->end - area->start) / PAGE_SIZE;
	uint64_t offset = area->offset + (area->end - area->start);
	bool *is_present;

	if (!grown)
		return;
	if (area->is_present) {
		is_present =
			arena_alloc(&sim->arena, (pages + grown / PAGE_SIZE) *
							 sizeof(*is_present));
		memcpy(is_present, area->is_present,
		       pages * sizeof(*is_present));
		area->is_present = is_present;
	}
	area_freshen(sim, aspace, area->memory, offset, grown);
	memset(area->memory->was_mapped + offset / PAGE_SIZE, true,
	       grown / PAGE_SIZE);
	area->end += grown;
}

static int resize(struct sim *sim, struct aspace *aspace, uint64_t addr,
		  uint64_t len, uint64_t new_len)
{
	struct area *last;
	int error;

	if (new_len <= len)
		return new_len == len
			       ? 0
			       : aspace_unmap(sim, aspace, addr + new_len,
					      len - new_len);
	error = check_size(aspace, addr, len, new_len);
	if (error)
		return error;
	last = last_of_run(aspace, aspace_find(aspace, addr));
	if (addr + len != last->end || addr + new_len > USER_END ||
	    area_overlaps(aspace, last->end, new_len - len))
		return -ENOMEM;
	extend(sim, aspace, last, new_len - len);
	return 0;
}

/* A second view of shared memory. */
static void show_again(struct sim *sim, struct aspace *aspace, uint64_t addr,
		       uint64_t new_len, uint64_t target)
{
	struct area from = *aspace_find(aspace, addr);
	struct area *area = area_insert(sim, aspace, target);

	*area = from;
	area->start = target;
	area->end = target + new_len;
	area->offset += addr - from.start;
	if (from.is_present)
		area->is_present = arena_alloc(
			&sim->arena, new_len / PAGE_SIZE * sizeof(bool));
	area_hold(sim, area);
}

/* One area after the other, to the same distance. */
static void shift(struct sim *sim, struct aspace *aspace, uint64_t addr,
		  uint64_t len, uint64_t target)
{
	uint64_t at = addr;
	struct area *area;
	struct area moved;

	area_split(sim, aspace, addr);
	area_split(sim, aspace, addr + len);
	while (at < addr + len) {
		area = aspace_find(aspace, at);
		moved = *area;
		at = moved.end;
		area_take_off(aspace, area);
		moved.start = moved.start - addr + target;
		moved.end = moved.end - addr + target;
		*area_insert(sim, aspace, moved.start) = moved;
	}
}

static int move(struct sim *sim, struct aspace *aspace, uint64_t addr,
		uint64_t len, uint64_t new_len, uint64_t target)
{
	int error;

	if (target % PAGE_SIZE || target < USER_START || new_len > USER_END ||
	    target > USER_END - new_len)
		return -EINVAL;
	if (addr + len > target && target + new_len > addr)
		return -EINVAL;
	/* The old way: what is there goes before the rest is looked at. */
	aspace_unmap(sim, aspace, target, new_len);
	if (len > new_len) {
		aspace_unmap(sim, aspace, addr + new_len, len - new_len);
		len = new_len;
	}
	error = aspace_find(aspace, addr)
			? check_size(aspace, addr, len, new_len)
			: -EFAULT;
	if (error)
		return error;
	if (!len) {
		show_again(sim, aspace, addr, new_len, target);
		return 0;
	}
	shift(sim, aspace, addr, len, target);
	extend(sim, aspace, aspace_find(aspace, target + len - 1),
	       new_len - len);
	return 0;
}

int aspace_remap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len, uint64_t new_len, const uint64_t *target)
{
	if (addr % PAGE_SIZE)
		return -EINVAL;
	len = whole_pages(len);
	new_len = whole_pages(new_len);
	if (!new_len || addr > USER_END || len > USER_END - addr)
		return -EINVAL;
	if (!aspace_find(aspace, addr))
		return -EFAULT;
	if (target)
		return move(sim, aspace, addr, len, new_len, *target);
	return resize(sim, aspace, addr, len, new_len);
}
