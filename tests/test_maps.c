/*
 * test_maps.c - mremap, what becomes of memory that is unmapped, and addresses
 * that are used again.  mmap, munmap and mprotect are in test_memory.c.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <errno.h>

#include "sim/machine/area.h"

#define AT UINT64_C(0x10000)
#define ELSEWHERE UINT64_C(0x40000)
#define PAGES(kind, pages)                                                     \
	"memory:\n  regions: {page: {kind: " kind ", pages: 8}}\n"             \
	"  maps: [{region: page, at: 0x10000, offset: 4096, pages: " pages     \
	"}]\n"

static struct aspace *aspace(void)
{
	return machine.processes[0].aspace;
}

static uint64_t page(unsigned int n)
{
	return AT + n * (uint64_t)PAGE_SIZE;
}

static int remap(uint64_t addr, uint64_t len, uint64_t new_len, uint64_t target)
{
	return aspace_remap(&machine, aspace(), addr, len, new_len,
			    target ? &target : NULL);
}

static int map_again(uint64_t addr, uint64_t len, uint64_t offset)
{
	const struct mapping mapping = {
		.offset = offset,
		.prot = PROT_R | PROT_W,
	};

	return aspace_map(&machine, aspace(), addr, len, &mapping);
}

static void put(uint64_t addr, uint32_t value)
{
	place_store32(&machine, aspace_place(aspace(), addr), value);
}

static uint32_t get(uint64_t addr)
{
	return place_load32(&machine, aspace_place(aspace(), addr));
}

static void assert_area(unsigned int index, uint64_t start, uint64_t end,
			uint64_t offset)
{
	const struct area *area = &aspace()->areas[index];

	ck_assert_uint_lt(index, aspace()->area_count);
	ck_assert_uint_eq(area->start, start);
	ck_assert_uint_eq(area->end, end);
	ck_assert_uint_eq(area->offset, offset);
}

/* ---- mremap ------------------------------------------------------------ */

START_TEST(a_part_that_moves_keeps_pages_and_offsets)
{
	machine_begin_with(PAGES("shared", "4"), 1);
	put(page(1), 7);
	ck_assert_int_eq(remap(page(1), 8192, 8192, ELSEWHERE), 0);
	ck_assert_uint_eq(aspace()->area_count, 3);
	assert_area(0, page(0), page(1), 4096);
	assert_area(1, page(3), page(4), 4 * 4096);
	assert_area(2, ELSEWHERE, ELSEWHERE + 8192, 8192);
	ck_assert_uint_eq(get(ELSEWHERE), 7);
	ck_assert_ptr_null(aspace_find(aspace(), page(1)));
	/* One thing, three views of it. */
	ck_assert_uint_eq(aspace()->areas[0].memory->identity->strong_count, 3);
}
END_TEST

START_TEST(a_file_that_moves_keeps_its_handle)
{
	struct kidentity *handle;

	machine_begin_with(PAGES("file", "2"), 1);
	handle = aspace()->areas[0].handle;
	ck_assert_int_eq(remap(page(0), 8192, 4096, ELSEWHERE), 0);
	ck_assert_uint_eq(aspace()->area_count, 1);
	ck_assert_ptr_eq(aspace()->areas[0].handle, handle);
	ck_assert_uint_eq(handle->strong_count, 1);
}
END_TEST

/* Apart by mprotect and alike again, they are one for mremap. */
START_TEST(equal_neighbours_move_as_one)
{
	machine_begin_with(PAGES("private", "3"), 1);
	aspace_protect(&machine, aspace(), page(1), 4096, PROT_R);
	ck_assert_int_eq(remap(page(0), 3 * 4096, 3 * 4096, ELSEWHERE),
			 -EFAULT);
	aspace_protect(&machine, aspace(), page(1), 4096, PROT_R | PROT_W);
	ck_assert_int_eq(remap(page(0), 3 * 4096, 3 * 4096, ELSEWHERE), 0);
	assert_area(0, ELSEWHERE, ELSEWHERE + 4096, 4096);
	assert_area(2, ELSEWHERE + 8192, ELSEWHERE + 3 * 4096, 3 * 4096);
}
END_TEST

START_TEST(a_move_replaces_what_is_at_its_target)
{
	machine_begin_with(PAGES("private", "2"), 1);
	ck_assert_int_eq(map_again(ELSEWHERE, 8192, 4 * 4096), 0);
	put(page(1), 7);
	put(ELSEWHERE + 4096, 8);
	ck_assert_int_eq(remap(page(1), 4096, 4096, ELSEWHERE), 0);
	ck_assert_uint_eq(get(ELSEWHERE), 7);
	ck_assert_uint_eq(get(ELSEWHERE + 4096), 8);
}
END_TEST

/* With an old length of 0; in private memory that means nothing. */
START_TEST(shared_memory_can_be_shown_twice)
{
	machine_begin_with(PAGES("shared", "2"), 1);
	ck_assert_int_eq(remap(page(1), 0, 4096, ELSEWHERE), 0);
	put(ELSEWHERE, 7);
	ck_assert_uint_eq(get(page(1)), 7);
	machine_begin_with(PAGES("private", "2"), 1);
	ck_assert_int_eq(remap(page(1), 0, 4096, ELSEWHERE), -EINVAL);
}
END_TEST

START_TEST(a_mapping_grows_where_there_is_room)
{
	machine_begin_with(PAGES("private", "2"), 1);
	ck_assert_int_eq(map_again(page(4), 4096, 0), 0);
	/* Not from the middle, not over another, not beyond the region. */
	ck_assert_int_eq(remap(page(0), 4096, 8192, 0), -ENOMEM);
	ck_assert_int_eq(remap(page(0), 8192, 5 * 4096, 0), -ENOMEM);
	ck_assert_int_eq(remap(page(0), 8192, 8 * 4096, 0), -EINVAL);
	ck_assert_int_eq(remap(page(0), 8192, 3 * 4096, 0), 0);
	assert_area(0, page(0), page(3), 4096);
}
END_TEST

START_TEST(what_a_lazy_mapping_grows_by_is_absent)
{
	machine_begin_with("memory:\n  regions: {page: {kind: private, pages: "
			   "4}}\n  maps: [{region: page, at: 0x10000, pages: "
			   "1, lazy: true}]\n",
			   1);
	aspace()->areas[0].is_present[0] = true;
	ck_assert_int_eq(remap(page(0), 4096, 8192, 0), 0);
	ck_assert(aspace()->areas[0].is_present[0]);
	ck_assert(!aspace()->areas[0].is_present[1]);
	ck_assert_int_eq(remap(page(0), 8192, 12288, ELSEWHERE), 0);
	ck_assert(aspace()->areas[0].is_present[0]);
	ck_assert(!aspace()->areas[0].is_present[2]);
}
END_TEST

/* ---- what is unmapped -------------------------------------------------- */

START_TEST(private_pages_are_gone_when_they_are_unmapped)
{
	machine_begin_with(PAGES("private", "2"), 1);
	put(page(0), 7);
	put(page(1), 8);
	aspace_unmap(&machine, aspace(), page(0), 4096);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
	ck_assert_uint_eq(get(page(0)), 0);
	ck_assert_uint_eq(get(page(1)), 8);
}
END_TEST

/* Page 0 is unmapped, but page 1 keeps all of it. */
START_TEST(shared_memory_is_gone_with_its_last_page)
{
	const struct memory *before;

	machine_begin_with(PAGES("shared", "2"), 1);
	before = aspace()->areas[0].memory;
	put(page(0), 7);
	aspace_unmap(&machine, aspace(), page(0), 4096);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
	ck_assert_uint_eq(get(page(0)), 7);
	aspace_unmap(&machine, aspace(), page(0), 8192);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
	ck_assert_uint_eq(get(page(0)), 0);
	ck_assert_ptr_ne(aspace()->areas[0].memory, before);
}
END_TEST

START_TEST(a_file_stays)
{
	machine_begin_with(PAGES("file", "1"), 1);
	put(page(0), 7);
	aspace_unmap(&machine, aspace(), page(0), 4096);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
	ck_assert_uint_eq(get(page(0)), 7);
}
END_TEST

/* ---- addresses --------------------------------------------------------- */

static struct kidentity *identity(void)
{
	return aspace()->areas[0].memory->identity;
}

static void replace(void)
{
	aspace_unmap(&machine, aspace(), page(0), 8192);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
}

START_TEST(an_address_that_nobody_knows_is_used_again)
{
	const struct kidentity *before;
	uint64_t address;

	machine_begin_with(PAGES("shared", "1"), 1);
	before = identity();
	address = kidentity_address(before);
	replace();
	ck_assert_ptr_ne(identity(), before);
	ck_assert_uint_eq(kidentity_address(identity()), address);
}
END_TEST

START_TEST(a_weak_reference_keeps_the_address_and_not_the_memory)
{
	struct kidentity *held;

	machine_begin_with(PAGES("shared", "1"), 1);
	held = kidentity_get_weak(identity());
	put(page(0), 7);
	replace();
	ck_assert_uint_ne(kidentity_address(identity()),
			  kidentity_address(held));
	ck_assert_uint_eq(get(page(0)), 0);
	/* Let go of, it is free, and the lowest of the free ones goes first. */
	kidentity_put_weak(held);
	replace();
	ck_assert_uint_eq(kidentity_address(identity()),
			  kidentity_address(held));
}
END_TEST

START_TEST(each_mmap_of_a_file_frees_the_handle_of_the_one_it_replaces)
{
	uint64_t address;

	machine_begin_with(PAGES("file", "1"), 1);
	address = kidentity_address(aspace()->areas[0].handle);
	ck_assert_int_eq(map_again(page(0), 4096, 4096), 0);
	ck_assert_uint_eq(kidentity_address(aspace()->areas[0].handle),
			  address);
}
END_TEST

/*
 * Keys that do not hold on to their regions: what a sleeper would be in for.
 * The weak reference of A's key is taken away while it sleeps.
 */
static const char reuse[] = "futexsim: 1\nname: in-a-test\nmemory:\n"
			    "  regions: {shm: {kind: shared}}\n"
			    "  maps: [{region: shm, at: 0x10000}]\n"
			    "  named: {W: {region: shm}}\n"
			    "threads:\n"
			    "  A: [r = futex_wait W 0]\n"
			    "  B: [munmap 0x10000 4096, mmap 0x10000 4096 shm, "
			    "n = futex_wake 0x10000 1]\n";

struct forgetful {
	struct policy policy;
	struct task *task;
};

static void nothing(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

/* A until it sleeps, then its key forgets, then B. */
static struct move choose(struct policy *policy, struct sim *sim)
{
	(void)policy;
	if (task_can_move(&sim->tasks[0]))
		return (struct move){.kind = MOVE_STEP, .thread = 0};
	if (!sim->tasks[1].step_count)
		sim->memory.shared[0]->identity->weak_count = 0;
	if (task_can_move(&sim->tasks[1]))
		return (struct move){.kind = MOVE_STEP, .thread = 1};
	return (struct move){.kind = MOVE_STOP};
}

START_TEST(without_its_weak_reference_a_key_would_mean_other_memory)
{
	struct policy policy = {"forgetful", nothing, choose, nothing};
	struct run_request request = request_of(reuse, "linux");
	struct run run;

	request.mode = RUN_POLICY;
	request.policy = &policy;
	play_request(&request, &run);
	ck_assert_int_eq(result_of("B", "n"), 1);
	ck_assert_int_eq(machine_verdict()->kind, VERDICT_WRONG_KEY);
}
END_TEST

START_TEST(with_it_a_wake_of_other_memory_finds_nobody)
{
	struct run run;

	play_scenario(reuse, "linux", &run);
	ck_assert_int_eq(result_of("B", "n"), 0);
	assert_verdicts("deadlock");
}
END_TEST

Suite *maps_suite(void)
{
	const TTest *const tests[] = {
		a_part_that_moves_keeps_pages_and_offsets,
		a_file_that_moves_keeps_its_handle,
		equal_neighbours_move_as_one,
		a_move_replaces_what_is_at_its_target,
		shared_memory_can_be_shown_twice,
		a_mapping_grows_where_there_is_room,
		what_a_lazy_mapping_grows_by_is_absent,
		private_pages_are_gone_when_they_are_unmapped,
		shared_memory_is_gone_with_its_last_page,
		a_file_stays,
		an_address_that_nobody_knows_is_used_again,
		a_weak_reference_keeps_the_address_and_not_the_memory,
		each_mmap_of_a_file_frees_the_handle_of_the_one_it_replaces,
		without_its_weak_reference_a_key_would_mean_other_memory,
		with_it_a_wake_of_other_memory_finds_nobody,
	};

	return MACHINE_SUITE("maps", tests);
}
