/* tool_suites.c - the suites that run on the machine, or on none. */
#include "tests/suites.h"

#include <stddef.h>

/* clang-format off */
suite_maker *const suites[] = {
	loader_suite,
	trace_suite,
	viz_suite,
	kernel_suite,
	clock_suite,
	sim_suite,
	memory_suite,
	judge_suite,
	expect_suite,
	evaluate_suite,
	script_suite,
	random_suite,
	cases_suite,
	cli_suite,
	replay_suite,
	files_suite,
	points_suite,
	language_suite,
	commute_suite,
	soundness_suite,
	classes_suite,
	prefix_suite,
	explore_options_suite,
	dependence_suite,
	touches_suite,
	schedule_suite,
	replay_schedule_suite,
	search_report_suite,
	explore_suite,
	minimize_suite,
	explain_suite,
	shown_suite,
	NULL,
};
