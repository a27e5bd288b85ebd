/*
 * area.h - the list of areas of an address space: insert, split, remove.
 * Shared by the parts of aspace.
 */
#ifndef SIM_MACHINE_AREA_H
#define SIM_MACHINE_AREA_H

#include "sim/machine/aspace.h"

/* Room for an area that starts at @start, in its place, zeroed. */
struct area *area_insert(struct sim *sim, struct aspace *aspace,
			 uint64_t start);
/* The presence of the pages of @area from page @from on, copied. */
bool *present_copy(struct sim *sim, const struct area *area, uint64_t from);
enum karea_kind area_kind(const struct sim *sim, uint32_t region);

struct kidentity *identity_new(struct sim *sim, uint32_t region);
/* The handle that one mmap of a file makes. */
struct kidentity *handle_new(struct sim *sim, uint32_t region);
/* The memory behind @region as @aspace sees it, made if need be. */
struct memory *memory_of(struct sim *sim, struct aspace *aspace,
			 uint32_t region);

#endif
