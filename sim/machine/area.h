/*
 * area.h - the list of areas of an address space: insert, split, remove.
 * Shared by the parts of aspace.
 */
#ifndef SIM_MACHINE_AREA_H
#define SIM_MACHINE_AREA_H

#include "sim/machine/aspace.h"

/* Where user memory ends. */
#define USER_END UINT64_C(0x7ff000000000)

/* Room for an area that starts at @start, in its place, zeroed. */
struct area *area_insert(struct sim *sim, struct aspace *aspace,
			 uint64_t start);
/* The presence of the pages of @area from page @from on, copied. */
bool *present_copy(struct sim *sim, const struct area *area, uint64_t from);
enum karea_kind area_kind(const struct sim *sim, uint32_t region);

/* An area shows what it shows; every one that is filled in, and its end. */
void area_hold(struct sim *sim, const struct area *area);

/* If an area crosses @at, make it two that meet there. */
void area_split(struct sim *sim, struct aspace *aspace, uint64_t at);
/* Take it off the list; what it shows is held on to. */
void area_take_off(struct aspace *aspace, struct area *area);
/* Does any area lie in these @len bytes? */
bool area_overlaps(const struct aspace *aspace, uint64_t addr, uint64_t len);
/*
 * These pages of @memory are about to be shown: private ones that were unmapped
 * are gone, and others stand there, all zeroes.
 */
void area_freshen(struct sim *sim, struct aspace *aspace, struct memory *memory,
		  uint64_t offset, uint64_t len);
uint64_t whole_pages(uint64_t len);

/* The @number-th handle of the region, or 0: its pages. */
struct kidentity *identity_new(struct sim *sim, uint32_t region,
			       uint32_t number);
/* One more area shows it, or one less. */
void identity_get(struct sim *sim, struct kidentity *id);
void identity_put(struct sim *sim, struct kidentity *id);
/* The handle that one mmap of a file makes. */
struct kidentity *handle_new(struct sim *sim, uint32_t region);
/* The memory behind @region as @aspace sees it, made if need be. */
struct memory *memory_of(struct sim *sim, struct aspace *aspace,
			 uint32_t region);
/* The same, for a call that maps it. */
struct memory *memory_to_map(struct sim *sim, struct aspace *aspace,
			     uint32_t region);

/* A copy of the private memory of its parent, for @child. */
struct memory *memory_copy(struct sim *sim, struct aspace *child,
			   const struct memory *memory);

#endif
