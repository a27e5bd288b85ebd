/* test_key.c - from an address to a key: modes, areas, teardown. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#define START 0x10000u
#define END 0x14000u

static struct kidentity *pages, *handle;

/* An area [START, END) that begins one page into what it maps. */
static void map(enum karea_kind kind)
{
	pages = fake_identity_new(0x7000);
	handle = fake_identity_new(0x8000);
	fake_map(fake_process_first(),
		 (struct karea){
			 .kind = kind,
			 .start = START,
			 .offset = 0x1000,
			 .pages = kind == KAREA_PRIVATE ? NULL : pages,
			 .handle = kind == KAREA_FILE ? handle : NULL,
		 },
		 END);
}

static void assert_key(struct futex_key key, uint64_t value,
		       const struct kidentity *region)
{
	ck_assert_uint_eq(futex_key_as_usize(&key), value);
	ck_assert_ptr_eq(key.region, region);
	futex_key_drop(&key);
	ck_assert_ptr_null(key.region);
}

START_TEST(an_address_outside_all_areas_is_private)
{
	map(KAREA_SHARED);
	assert_key(futex_key_new_current(START - 4, FUTEX_KEY_AUTO), START - 4,
		   NULL);
	assert_key(futex_key_new_current(END, FUTEX_KEY_AUTO), END, NULL);
}
END_TEST

START_TEST(an_address_in_a_private_area_is_private)
{
	map(KAREA_PRIVATE);
	assert_key(futex_key_new_current(START + 8, FUTEX_KEY_AUTO), START + 8,
		   NULL);
}
END_TEST

START_TEST(an_address_in_shared_pages_is_an_offset_into_its_area)
{
	map(KAREA_SHARED);
	assert_key(futex_key_new_current(START, FUTEX_KEY_AUTO), 0, pages);
	assert_key(futex_key_new_current(END - 4, FUTEX_KEY_AUTO),
		   END - 4 - START, pages);
}
END_TEST

START_TEST(an_address_in_a_file_goes_by_the_handle_of_its_mmap)
{
	map(KAREA_FILE);
	assert_key(futex_key_new_current(START + 8, FUTEX_KEY_AUTO), 8, handle);
}
END_TEST

START_TEST(private_mode_takes_no_notice_of_the_area)
{
	const enum karea_kind kinds[] = {KAREA_SHARED, KAREA_FILE};

	map(kinds[_i]);
	assert_key(futex_key_new_current(START + 8, FUTEX_KEY_PRIVATE),
		   START + 8, NULL);
}
END_TEST

START_TEST(every_mode_takes_the_address_space_mutex)
{
	futex_key_new_current(START, FUTEX_KEY_PRIVATE);
	fake_assert_log("aspace.lock aspace.unlock");
	futex_key_new_current(START, FUTEX_KEY_AUTO);
	fake_assert_log("aspace.lock aspace.unlock");
}
END_TEST

START_TEST(resolving_without_the_mutex_is_a_kernel_bug)
{
	fake_assert_bug(futex_key_new(START, FUTEX_KEY_AUTO));
}
END_TEST

/* The first of two areas that is asked for ends where the second begins. */
START_TEST(the_area_that_holds_the_address_is_the_one_that_counts)
{
	struct kidentity *other = fake_identity_new(0x9000);

	map(KAREA_SHARED);
	fake_map(fake_process_first(),
		 (struct karea){
			 .kind = KAREA_SHARED, .start = END, .pages = other},
		 END + 0x1000);
	assert_key(futex_key_new_current(END - 4, FUTEX_KEY_AUTO),
		   END - 4 - START, pages);
	assert_key(futex_key_new_current(END, FUTEX_KEY_AUTO), 0, other);
}
END_TEST

/* A key pins the address of its region; fake_fini() counts the pins. */
START_TEST(a_dropped_key_may_be_dropped_again)
{
	struct futex_key key;

	map(KAREA_SHARED);
	key = futex_key_new_current(START, FUTEX_KEY_AUTO);
	futex_key_drop(&key);
	futex_key_drop(&key);
}
END_TEST

START_TEST(the_observer_is_told_what_was_asked_and_found)
{
	struct fake_key_note note;
	struct futex_key key;

	map(KAREA_SHARED);
	key = futex_key_new_current(START + 8, FUTEX_KEY_AUTO);
	note = fake_key_note();
	ck_assert_uint_eq(note.addr, START + 8);
	ck_assert_uint_eq(note.key, 8);
	ck_assert_ptr_eq(note.region, pages);
	ck_assert(!note.asked_private);
	futex_key_drop(&key);
	futex_key_new_current(START + 8, FUTEX_KEY_PRIVATE);
	note = fake_key_note();
	ck_assert_uint_eq(note.key, START + 8);
	ck_assert_ptr_null(note.region);
	ck_assert(note.asked_private);
}
END_TEST

/* ---- teardown ---------------------------------------------------------- */

START_TEST(teardown_finds_the_shared_key_while_the_mutex_is_free)
{
	map(KAREA_SHARED);
	assert_key(futex_key_new_current_teardown(START + 8), 8, pages);
	fake_assert_log("aspace.trylock aspace.unlock");
}
END_TEST

static long resolve_teardown(void *arg)
{
	struct futex_key *key = arg;

	*key = futex_key_new_current_teardown(START + 8);
	return 0;
}

START_TEST(teardown_gives_a_private_key_while_the_mutex_is_busy)
{
	struct futex_key key;
	struct fake_task *a = fake_task_new("A", resolve_teardown, &key);

	map(KAREA_SHARED);
	fake_aspace_lock(fake_process_first());
	fake_log_clear();
	fake_run(a);
	assert_done(a, 0);
	fake_assert_log("A:aspace.trylock");
	fake_aspace_unlock(fake_process_first());
	assert_key(key, START + 8, NULL);
	ck_assert_ptr_null(fake_key_note().region);
}
END_TEST

Suite *key_suite(void)
{
	const TTest *const tests[] = {
		an_address_outside_all_areas_is_private,
		an_address_in_a_private_area_is_private,
		an_address_in_shared_pages_is_an_offset_into_its_area,
		an_address_in_a_file_goes_by_the_handle_of_its_mmap,
		every_mode_takes_the_address_space_mutex,
		resolving_without_the_mutex_is_a_kernel_bug,
		the_area_that_holds_the_address_is_the_one_that_counts,
		a_dropped_key_may_be_dropped_again,
		the_observer_is_told_what_was_asked_and_found,
		teardown_finds_the_shared_key_while_the_mutex_is_free,
		teardown_gives_a_private_key_while_the_mutex_is_busy,
	};
	Suite *suite = MODEL_SUITE("key", tests);
	TCase *loop = tcase_create("kinds");

	tcase_add_checked_fixture(loop, starry_setup, model_teardown);
	tcase_add_loop_test(loop, private_mode_takes_no_notice_of_the_area, 0,
			    2);
	suite_add_tcase(suite, loop);
	return suite;
}
