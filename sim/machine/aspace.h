/*
 * aspace.h - regions, address spaces, areas, and words of user memory.
 *
 * A *place* is physical: a page of a region and the offset in it.  Two
 * addresses mean the same word if they lead to the same place.  Private
 * regions have a copy for each address space.
 */
#ifndef SIM_MACHINE_ASPACE_H
#define SIM_MACHINE_ASPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"
#include "sim/loader/scenario.h"

/* Addresses below this are no user space. */
#define USER_START 0x1000u
/* Where a thread's struct timespec seems to be; never mapped. */
#define TIMESPEC_ADDRESS UINT64_C(0x7ffffffff000)
/* Where the words of a thread's futex_waitv seem to be; never mapped. */
#define WAITV_ADDRESS UINT64_C(0x7fffffffd000)
/* An address that nothing is ever mapped at. */
#define BAD_ADDRESS UINT64_C(0xfffffffffffff000)
/* Two 64-bit slots of a thread's own stack, for get_robust_list. */
#define SCRATCH_ADDRESS UINT64_C(0x7fffffffe000)

/* Memory behind a region, or behind one copy of a private one. */
struct memory {
	uint32_t index;
	uint32_t region; /* index into the scenario's, or NOWHERE */
	uint32_t pages;
	unsigned char **page; /* [pages], NULL until touched */
	bool *was_mapped; /* [pages], private: then it is gone when it is not */
	struct kidentity *identity;
};

struct place {
	struct memory *memory; /* NULL: nowhere */
	uint64_t offset;
};

/*
 * It is there as long as an area shows it, the pages of a file always.  Its
 * address is not given to another one while anybody refers to it weakly; then
 * the next that is made gets it.
 */
struct kidentity {
	struct kidentity *next; /* all there are, newest first */
	uint64_t address;
	uint32_t strong_count; /* areas */
	uint32_t weak_count;
	bool was_held; /* it has had an area */
	bool is_replaced; /* its address names another one now */
	uint32_t region; /* index into the scenario's regions */
	uint32_t number; /* which handle of that region; 0: the pages */
};

struct area {
	uint64_t start;
	uint64_t end;
	enum karea_kind kind;
	struct memory *memory;
	uint64_t offset; /* of start in memory */
	uint32_t prot;
	bool *is_present; /* for each page; NULL: all are */
	struct kidentity *handle;
};

struct aspace {
	uint32_t index;
	uint32_t owner; /* process it was made for, or the first that has it */
	struct kmutex mutex;
	struct futex_table *table;
	struct area *areas; /* by start */
	uint32_t area_count;
	uint32_t area_room;
	struct memory **copies; /* of private regions, by region index */
};

/* All memory of the machine. */
struct machine_memory {
	struct memory **shared; /* of regions that are not private */
	struct memory **first; /* copies of private ones: the first made */
	uint32_t region_count;
	uint32_t memory_count;
	uint32_t aspace_count;
	uint32_t identity_count;
	struct kidentity *identities;
	uint32_t *handle_counts; /* by region */
	struct kidentity **handle_groups; /* by group */
	uint32_t handle_group_room;
};

struct sim;
struct task;

/* Make regions and address spaces as the scenario says. */
void aspace_setup(struct sim *sim);

/* The area of @aspace that holds @addr, or NULL. */
struct area *aspace_find(struct aspace *aspace, uint64_t addr);
/* Where @addr leads in @aspace; memory NULL if nowhere. */
struct place aspace_place(struct aspace *aspace, uint64_t addr);
bool place_is_same(struct place a, struct place b);
/* A number for a place, the same for the same word in every run. */
uint64_t place_number(struct place p);

/* The value at a place that exists. */
uint32_t place_load32(struct sim *sim, struct place p);
void place_store32(struct sim *sim, struct place p, uint32_t value);
unsigned char *place_bytes(struct sim *sim, struct place p);

/* Where a named word is: for @aspace, or for the first that has it. */
struct place word_place(struct sim *sim, const struct scenario_word *word,
			struct aspace *aspace);
/* Its address in @aspace; BAD_ADDRESS if it is not mapped there. */
uint64_t word_address(struct sim *sim, const struct scenario_word *word,
		      struct aspace *aspace);
/* The name of the word at a place, or NULL. */
const char *place_name(struct sim *sim, struct place p);

/* What is to be shown by mmap, and how. */
struct mapping {
	uint32_t region;
	uint64_t offset; /* of its first page in the region */
	uint32_t prot;
	bool is_lazy;
	bool keeps; /* MAP_FIXED_NOREPLACE: what is there stays */
};

/*
 * The memory map calls, with the mutex held.  Each returns 0 or -errno, as
 * mmap(2), munmap(2), mprotect(2) and mremap(2) of Linux; what goes beyond the
 * end of a region is -EINVAL.
 * Units: bytes.
 */
int aspace_map(struct sim *sim, struct aspace *aspace, uint64_t addr,
	       uint64_t len, const struct mapping *mapping);
int aspace_unmap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len);
int aspace_protect(struct sim *sim, struct aspace *aspace, uint64_t addr,
		   uint64_t len, uint32_t prot);
/* In place, or with MREMAP_FIXED to *@target, if it is not NULL. */
int aspace_remap(struct sim *sim, struct aspace *aspace, uint64_t addr,
		 uint64_t len, uint64_t new_len, const uint64_t *target);

/* An empty one for process @owner. */
struct aspace *aspace_new(struct sim *sim, uint32_t owner);
/* A copy of the parent: shared areas keep pages and handles. */
void aspace_fork(struct sim *sim, struct aspace *child,
		 const struct aspace *parent);
/* Nobody has it any more: unmap all. */
void aspace_clear(struct sim *sim, struct aspace *aspace);

#endif
