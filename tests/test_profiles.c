/* test_profiles.c - the tables of quirks and profiles. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

START_TEST(every_quirk_says_what_it_is)
{
	unsigned int i, j;

	for (i = 0; i < QUIRK_COUNT; i++) {
		ck_assert_ptr_nonnull(quirk_table[i].name);
		ck_assert_ptr_nonnull(quirk_table[i].summary);
		ck_assert_ptr_nonnull(quirk_table[i].source);
		ck_assert_ptr_nonnull(quirk_table[i].scenario);
		ck_assert_ptr_nonnull(quirk_table[i].place);
		for (j = 0; j < i; j++)
			ck_assert_str_ne(quirk_table[i].name,
					 quirk_table[j].name);
		ck_assert_int_eq(quirk_find(quirk_table[i].name), (int)i);
	}
}
END_TEST

START_TEST(unknown_names_are_not_found)
{
	ck_assert_int_eq(quirk_find("timeout-swallows"), -1);
	ck_assert_int_eq(quirk_find(""), -1);
	ck_assert_ptr_null(profile_find("starry"));
	ck_assert_ptr_null(profile_find(""));
}
END_TEST

START_TEST(every_profile_is_found_and_the_default_is_first)
{
	unsigned int i;

	for (i = 0; i < profile_count; i++)
		ck_assert_ptr_eq(profile_find(profile_table[i].name),
				 &profile_table[i]);
	ck_assert_str_eq(profile_table[0].name, "starry-0.5.11");
}
END_TEST

START_TEST(linux_has_no_quirk)
{
	ck_assert_uint_eq(profile_find("linux")->quirks, 0);
}
END_TEST

/* A profile has all that was not yet mended at its time. */
START_TEST(older_profiles_have_what_younger_ones_have_and_more)
{
	static const char *const names[] = {
		"starry-0.5.11",  "starry-pre-657", "starry-pre-545",
		"starry-pre-498", "starry-pre-302",
	};
	uint64_t younger, older;

	younger = profile_find(names[_i])->quirks;
	older = profile_find(names[_i + 1])->quirks;
	ck_assert_uint_eq(younger & ~older, 0);
	ck_assert_uint_ne(older & ~younger, 0);
}
END_TEST

START_TEST(every_quirk_belongs_to_some_profile)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = 0; i < profile_count; i++)
		all |= profile_table[i].quirks;
	ck_assert_uint_eq(all, (UINT64_C(1) << QUIRK_COUNT) - 1);
}
END_TEST

START_TEST(a_kernel_has_the_quirks_it_was_made_with)
{
	fake_set_quirks(WITH(KEY_FROM_AREA_START));
	ck_assert(quirk(QUIRK_KEY_FROM_AREA_START));
	ck_assert(!quirk(QUIRK_TIMEOUT_SWALLOWS_WAKE));
}
END_TEST

Suite *profiles_suite(void)
{
	const TTest *const tests[] = {
		every_quirk_says_what_it_is,
		unknown_names_are_not_found,
		every_profile_is_found_and_the_default_is_first,
		linux_has_no_quirk,
		every_quirk_belongs_to_some_profile,
		a_kernel_has_the_quirks_it_was_made_with,
	};
	Suite *suite = MODEL_SUITE("profiles", tests);

	tcase_add_loop_test(case_with(suite, "ages", starry_setup),
			    older_profiles_have_what_younger_ones_have_and_more,
			    0, 4);
	return suite;
}
