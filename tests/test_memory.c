/*
 * test_memory.c - user memory and address spaces on the machine: faults, areas
 * that are split, places.
 */
#include "tests/machine.h"
#include "tests/suites.h"

#include <errno.h>
#include <string.h>

#define AT UINT64_C(0x10000)

/* What the threads of one test share. */
static struct {
	uint64_t address;
	int errors[4];
	uint32_t values[4];
	uint64_t words[4];
	bool is_found[4];
	struct karea areas[4];
} s;

static void begin_with(const char *memory, uint32_t count)
{
	memset(&s, 0, sizeof(s));
	machine_begin_with(memory, count);
}

/* Two lazy pages and one after them that may only be read. */
static void begin(uint32_t count)
{
	begin_with("memory:\n"
		   "  regions:\n"
		   "    R: {kind: private, pages: 2}\n"
		   "    C: {kind: private, pages: 1}\n"
		   "  maps:\n"
		   "    - {process: P1, region: R, at: 0x10000, pages: 2, "
		   "lazy: true}\n"
		   "    - {process: P1, region: C, at: 0x12000, pages: 1, "
		   "prot: r}\n"
		   "  named: {W: {region: R, offset: 8, value: 7}}\n",
		   count);
	s.address = AT + 8;
}

static struct aspace *aspace(void)
{
	return machine.processes[0].aspace;
}

/* ---- faults ------------------------------------------------------------ */

static void load_twice(struct task *task)
{
	(void)task;
	s.errors[0] = kuser_load32(s.address, &s.values[0]);
	s.errors[1] = kuser_load32(s.address, &s.values[1]);
}

START_TEST(an_absent_page_is_brought_in_under_the_address_space_mutex)
{
	begin(1);
	machine_thread(0, load_twice);
	machine_play("AAAA A");
	assert_log("A:user.fault A:aspace.lock A:aspace.unlock A:user.load=7 "
		   "A:user.load=7");
	ck_assert_uint_eq(s.values[0], 7);
	ck_assert_int_eq(s.errors[0], 0);
	/* The other page is still absent. */
	ck_assert(!aspace_find(aspace(), AT)->is_present[1]);
}
END_TEST

static void hold_address_space(struct task *task)
{
	(void)task;
	kaspace_lock();
	kaspace_unlock();
}

START_TEST(a_fault_sleeps_while_the_address_space_is_busy)
{
	begin(2);
	machine_thread(0, load_twice);
	machine_thread(1, hold_address_space);
	machine_play("B AA B AAA");
	assert_log("B:aspace.lock A:user.fault A:aspace.sleep B:aspace.unlock "
		   "A:aspace.lock(handed) A:aspace.unlock A:user.load=7");
	assert_verdicts("");
}
END_TEST

/* Another thread that faults on the same page finds it there in the end. */
START_TEST(two_threads_may_fault_on_one_page)
{
	begin(2);
	machine_thread(0, load_twice);
	machine_thread(1, load_twice);
	machine_play("AB AB AA BBB");
	assert_log("A:user.fault B:user.fault A:aspace.lock B:aspace.sleep "
		   "A:aspace.unlock A:user.load=7 B:aspace.lock(handed) "
		   "B:aspace.unlock B:user.load=7");
}
END_TEST

static void fault_with_mutex(struct task *task)
{
	(void)task;
	kaspace_lock();
	kuser_load32(s.address, &s.values[0]);
}

START_TEST(a_fault_with_the_address_space_mutex_held_is_a_kernel_bug)
{
	begin(1);
	machine_thread(0, fault_with_mutex);
	machine_play("AA A");
	assert_verdicts("kernel-bug");
}
END_TEST

/* No handler is asked about these, and none holds the mutex. */
static void assert_hopeless(uint64_t address)
{
	begin(1);
	s.address = address;
	machine_thread(0, load_twice);
	machine_play("A");
	assert_log("A:user.load=-14");
	ck_assert_int_eq(s.errors[0], -EFAULT);
}

START_TEST(addresses_that_nothing_can_be_mapped_at_fault_at_once)
{
	assert_hopeless(AT + 2);
	assert_hopeless(AT + 1);
	assert_hopeless(0);
	assert_hopeless(0xffc);
	assert_hopeless(BAD_ADDRESS);
}
END_TEST

START_TEST(an_address_that_is_not_mapped_faults_in_the_handler)
{
	static const uint64_t addresses[] = {0x1000, AT - 4, 0x13000};
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		begin(1);
		s.address = addresses[i];
		machine_thread(0, load_twice);
		machine_play("AAA");
		assert_log("A:user.fault A:aspace.lock A:aspace.unlock");
		ck_assert_int_eq(s.errors[0], -EFAULT);
	}
}
END_TEST

static void load_and_store(struct task *task)
{
	(void)task;
	s.errors[0] = kuser_load32(s.address, &s.values[0]);
	s.errors[1] = kuser_store32(s.address, 1);
	s.errors[2] = kuser_cas32(s.address, 0, 1, &s.values[1]);
	s.errors[3] = kuser_write64(s.address, 1);
}

START_TEST(a_page_that_may_only_be_read_cannot_be_written)
{
	begin(1);
	s.address = 0x12000;
	machine_thread(0, load_and_store);
	machine_play("A AAA AAA AAA");
	ck_assert_int_eq(s.errors[0], 0);
	ck_assert_int_eq(s.errors[1], -EFAULT);
	ck_assert_int_eq(s.errors[2], -EFAULT);
	ck_assert_int_eq(s.errors[3], -EFAULT);
	ck_assert_uint_eq(
		place_load32(&machine, aspace_place(aspace(), 0x12000)), 0);
}
END_TEST

/* A load faults too when even reading is forbidden. */
START_TEST(a_page_without_any_permission_cannot_be_read)
{
	begin(1);
	s.address = 0x12000;
	ck_assert_int_eq(
		aspace_protect(&machine, aspace(), 0x12000, PAGE_SIZE, 0), 0);
	machine_thread(0, load_twice);
	machine_play("AAA");
	ck_assert_int_eq(s.errors[0], -EFAULT);
}
END_TEST

/* ---- accesses ---------------------------------------------------------- */

static void every_access(struct task *task)
{
	(void)task;
	kuser_store32(AT, 5);
	kuser_cas32(AT, 4, 9, &s.values[0]);
	kuser_load32(AT, &s.values[1]);
	kuser_cas32(AT, 5, 9, &s.values[2]);
	kuser_load32(AT, &s.values[3]);
	kuser_write64(AT + 16, UINT64_C(0x100000002));
	kuser_read64(AT + 16, s.words, 1);
	kuser_load32(AT + 20, &s.values[0]);
}

START_TEST(accesses_of_the_kernel_do_what_they_say)
{
	begin(1);
	machine_thread(0, every_access);
	machine_play("AAAA AAAA AA A");
	ck_assert_uint_eq(s.values[1], 5); /* 4 was expected: no change */
	ck_assert_uint_eq(s.values[2], 5);
	ck_assert_uint_eq(s.values[3], 9);
	ck_assert_uint_eq(s.words[0], UINT64_C(0x100000002));
	ck_assert_uint_eq(s.values[0], 1); /* its high half */
}
END_TEST

static void read_across(struct task *task)
{
	(void)task;
	s.errors[0] = kuser_read64(AT + PAGE_SIZE - 8, s.words, 2);
	s.errors[1] =
		kuser_read64(AT + 2 * PAGE_SIZE + PAGE_SIZE - 8, s.words, 2);
}

/* Each page is a fault of its own; the last one's neighbour is not there. */
START_TEST(words_that_cross_into_another_page_take_a_step_for_each)
{
	begin(1);
	machine_thread(0, read_across);
	machine_play("AAAA AAAA A AAA");
	assert_log("A:user.fault A:aspace.lock A:aspace.unlock A:user.read "
		   "A:user.fault A:aspace.lock A:aspace.unlock A:user.read "
		   "A:user.read A:user.fault A:aspace.lock A:aspace.unlock");
	ck_assert_int_eq(s.errors[0], 0);
	ck_assert_int_eq(s.errors[1], -EFAULT);
}
END_TEST

static void read_timespec(struct task *task)
{
	struct ktimespec time = {0, 0};

	(void)task;
	s.errors[0] = kuser_read_timespec(AT + 8, &time);
	s.words[0] = (uint64_t)time.sec;
	s.words[1] = (uint64_t)time.nsec;
	s.errors[1] = kuser_read_timespec(BAD_ADDRESS, &time);
}

/* The named word W is the low half of the seconds. */
START_TEST(a_timespec_is_two_words_of_user_memory)
{
	begin(1);
	machine_thread(0, read_timespec);
	machine_play("AAAA A");
	ck_assert_int_eq(s.errors[0], 0);
	ck_assert_uint_eq(s.words[0], 7);
	ck_assert_uint_eq(s.words[1], 0);
	ck_assert_int_eq(s.errors[1], -EFAULT);
}
END_TEST

/* ---- areas ------------------------------------------------------------- */

#define FOUR_PAGES(kind)                                                       \
	"memory:\n"                                                            \
	"  regions: {R: {kind: " kind ", pages: 8}}\n"                         \
	"  maps:\n"                                                            \
	"    - {process: P1, region: R, at: 0x10000, offset: 8192, "           \
	"pages: 4}\n"

static uint64_t page(unsigned int n)
{
	return AT + n * (uint64_t)PAGE_SIZE;
}

static void look_at_pages(struct task *task)
{
	unsigned int i;

	(void)task;
	kaspace_lock();
	for (i = 0; i < 4; i++)
		s.is_found[i] = kaspace_find_area(page(i), &s.areas[i]);
	kaspace_unlock();
}

static void look(void)
{
	machine_thread(0, look_at_pages);
	machine_play("AA");
}

START_TEST(an_area_knows_where_in_its_pages_it_begins)
{
	begin_with(FOUR_PAGES("shared"), 1);
	look();
	ck_assert(s.is_found[0] && s.is_found[3]);
	ck_assert_uint_eq(s.areas[3].start, page(0));
	ck_assert_uint_eq(s.areas[3].offset, 8192);
	ck_assert_int_eq(s.areas[3].kind, KAREA_SHARED);
	ck_assert_ptr_nonnull(s.areas[3].pages);
	ck_assert_ptr_null(s.areas[3].handle);
}
END_TEST

/* Page 1 goes: [0] and [2, 3] stay, each with the pages that it had. */
START_TEST(unmapping_the_middle_leaves_two_areas_with_their_offsets)
{
	begin_with(FOUR_PAGES("shared"), 1);
	ck_assert_int_eq(aspace_unmap(&machine, aspace(), page(1), PAGE_SIZE),
			 0);
	look();
	ck_assert(s.is_found[0] && !s.is_found[1] && s.is_found[2]);
	ck_assert_uint_eq(s.areas[0].offset, 8192);
	ck_assert_uint_eq(s.areas[2].start, page(2));
	ck_assert_uint_eq(s.areas[2].offset, 8192 + 2 * PAGE_SIZE);
	ck_assert_ptr_eq(s.areas[0].pages, s.areas[2].pages);
	ck_assert_uint_eq(aspace()->area_count, 2);
}
END_TEST

/* A handle is made by the mmap call, and a split makes none. */
START_TEST(protecting_a_part_of_a_file_mapping_keeps_its_handle)
{
	begin_with(FOUR_PAGES("file"), 1);
	ck_assert_int_eq(aspace_protect(&machine, aspace(), page(1),
					2 * PAGE_SIZE, PROT_R),
			 0);
	look();
	ck_assert_uint_eq(aspace()->area_count, 3);
	ck_assert_uint_eq(s.areas[1].start, page(1));
	ck_assert_uint_eq(s.areas[2].start, page(1));
	ck_assert_uint_eq(s.areas[3].start, page(3));
	ck_assert_uint_eq(s.areas[1].offset, 8192 + PAGE_SIZE);
	ck_assert_ptr_nonnull(s.areas[0].handle);
	ck_assert_ptr_eq(s.areas[0].handle, s.areas[1].handle);
	ck_assert_ptr_eq(s.areas[0].handle, s.areas[3].handle);
	ck_assert_uint_eq(aspace_find(aspace(), page(0))->prot,
			  PROT_R | PROT_W);
	ck_assert_uint_eq(aspace_find(aspace(), page(1))->prot, PROT_R);
}
END_TEST

/* Mapping a file again, over page 1, is a call of its own. */
START_TEST(mapping_a_file_again_makes_a_new_handle_for_the_same_file)
{
	const struct mapping mapping = {.offset = 4096,
					.prot = PROT_R | PROT_W};

	begin_with(FOUR_PAGES("file"), 1);
	ck_assert_int_eq(
		aspace_map(&machine, aspace(), page(1), PAGE_SIZE, &mapping),
		0);
	look();
	ck_assert_ptr_ne(s.areas[0].handle, s.areas[1].handle);
	ck_assert_ptr_eq(s.areas[0].pages, s.areas[1].pages);
	ck_assert_uint_ne(kidentity_address(s.areas[0].handle),
			  kidentity_address(s.areas[1].handle));
	ck_assert_uint_eq(s.areas[1].offset, 4096);
}
END_TEST

START_TEST(a_split_of_a_lazy_area_keeps_which_pages_are_there)
{
	begin(1);
	machine_thread(0, load_twice);
	s.address = page(1);
	machine_play("AAAA");
	ck_assert_int_eq(
		aspace_protect(&machine, aspace(), page(1), PAGE_SIZE, PROT_R),
		0);
	ck_assert(!aspace_find(aspace(), page(0))->is_present[0]);
	ck_assert(aspace_find(aspace(), page(1))->is_present[0]);
}
END_TEST

START_TEST(calls_on_the_memory_map_refuse_what_linux_refuses)
{
	const struct mapping beyond = {.offset = 8 * 4096, .prot = PROT_R};
	const struct mapping whole = {.prot = PROT_R};
	struct aspace *a;

	begin_with(FOUR_PAGES("shared"), 1);
	a = aspace();
	ck_assert_int_eq(aspace_unmap(&machine, a, AT + 4, 4096), -EINVAL);
	ck_assert_int_eq(aspace_unmap(&machine, a, AT, 0), -EINVAL);
	/* Nothing is there, and nothing need be. */
	ck_assert_int_eq(aspace_unmap(&machine, a, 0x100000, 4096), 0);
	ck_assert_int_eq(aspace_protect(&machine, a, AT, 0, PROT_R), 0);
	ck_assert_int_eq(aspace_protect(&machine, a, AT, 5 * 4096, PROT_R),
			 -ENOMEM);
	/* Beyond the end of the region. */
	ck_assert_int_eq(aspace_map(&machine, a, AT, 4096, &beyond), -EINVAL);
	/* More than there is of user memory. */
	ck_assert_int_eq(aspace_map(&machine, a, AT, UINT64_MAX, &whole),
			 -ENOMEM);
	/* The page before the hole is changed all the same. */
	ck_assert_uint_eq(a->area_count, 1);
	ck_assert_uint_eq(a->areas[0].prot, PROT_R);
}
END_TEST

static void look_without_mutex(struct task *task)
{
	(void)task;
	kyield();
	kaspace_find_area(AT, &s.areas[0]);
}

START_TEST(looking_for_an_area_without_the_mutex_is_a_kernel_bug)
{
	begin(1);
	machine_thread(0, look_without_mutex);
	machine_play("A");
	assert_verdicts("kernel-bug");
}
END_TEST

/* ---- places ------------------------------------------------------------ */

static const char twice_mapped[] =
	"memory:\n"
	"  regions: {R: {kind: shared, pages: 2}}\n"
	"  maps:\n"
	"    - {process: P1, region: R, at: 0x10000, pages: 2}\n"
	"    - {process: P1, region: R, at: 0x20000, offset: 4096, pages: 1}\n";

static void store_high_load_low(struct task *task)
{
	(void)task;
	kuser_store32(0x11004, 3);
	kuser_load32(0x20004, &s.values[0]);
}

START_TEST(two_addresses_may_be_one_place)
{
	begin_with(twice_mapped, 1);
	machine_thread(0, store_high_load_low);
	machine_play("AA");
	ck_assert_uint_eq(s.values[0], 3);
	ck_assert(place_is_same(aspace_place(aspace(), 0x11004),
				aspace_place(aspace(), 0x20004)));
	ck_assert(!place_is_same(aspace_place(aspace(), 0x10004),
				 aspace_place(aspace(), 0x20004)));
	/* Nowhere is no place, not even the same one. */
	ck_assert(!place_is_same(aspace_place(aspace(), 0x90000),
				 aspace_place(aspace(), 0x90000)));
}
END_TEST

static const char forked[] =
	"processes: {P1: {}, P2: {forked_from: P1}, "
	"P3: {shares_memory_with: P1}}\n"
	"memory:\n"
	"  regions: {R: {kind: private, pages: 1}, S: {kind: shared, pages: "
	"1}}\n"
	"  maps:\n"
	"    - {process: P1, region: R, at: 0x10000, pages: 1}\n"
	"    - {process: P1, region: S, at: 0x20000, pages: 1}\n";

START_TEST(a_fork_copies_private_memory_and_shares_the_rest)
{
	struct aspace *parent, *child;
	struct place p;

	begin_with(forked, 1);
	parent = machine.processes[0].aspace;
	child = machine.processes[1].aspace;
	ck_assert_ptr_eq(machine.processes[2].aspace, parent);
	ck_assert_ptr_ne(child, parent);
	p = aspace_place(parent, 0x10000);
	place_store32(&machine, p, 1);
	ck_assert(!place_is_same(p, aspace_place(child, 0x10000)));
	ck_assert_uint_eq(place_load32(&machine, aspace_place(child, 0x10000)),
			  0);
	ck_assert(place_is_same(aspace_place(parent, 0x20000),
				aspace_place(child, 0x20000)));
}
END_TEST

Suite *memory_suite(void)
{
	const TTest *const tests[] = {
		an_absent_page_is_brought_in_under_the_address_space_mutex,
		a_fault_sleeps_while_the_address_space_is_busy,
		two_threads_may_fault_on_one_page,
		a_fault_with_the_address_space_mutex_held_is_a_kernel_bug,
		addresses_that_nothing_can_be_mapped_at_fault_at_once,
		an_address_that_is_not_mapped_faults_in_the_handler,
		a_page_that_may_only_be_read_cannot_be_written,
		a_page_without_any_permission_cannot_be_read,
		accesses_of_the_kernel_do_what_they_say,
		words_that_cross_into_another_page_take_a_step_for_each,
		a_timespec_is_two_words_of_user_memory,
		an_area_knows_where_in_its_pages_it_begins,
		unmapping_the_middle_leaves_two_areas_with_their_offsets,
		protecting_a_part_of_a_file_mapping_keeps_its_handle,
		mapping_a_file_again_makes_a_new_handle_for_the_same_file,
		a_split_of_a_lazy_area_keeps_which_pages_are_there,
		calls_on_the_memory_map_refuse_what_linux_refuses,
		looking_for_an_area_without_the_mutex_is_a_kernel_bug,
		two_addresses_may_be_one_place,
		a_fork_copies_private_memory_and_shares_the_rest,
	};

	return MACHINE_SUITE("memory", tests);
}
