/*
 * suites.h - every suite there is.  tests/main.c runs those of its program:
 * model_suites.c lists the ones that run on the fake kernel, tool_suites.c
 * all others.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include <check.h>

typedef Suite *suite_maker(void);

/* The suites of this program; NULL ends the list. */
extern suite_maker *const suites[];

/* On the fake kernel. */
Suite *fake_suite(void);
Suite *wait_queue_suite(void);
Suite *wait_suite(void);
Suite *table_suite(void);
Suite *key_suite(void);
Suite *requeue_suite(void);
Suite *syscall_suite(void);
Suite *syscall_requeue_suite(void);
Suite *robust_suite(void);
Suite *exit_suite(void);
Suite *profiles_suite(void);
Suite *quirks_suite(void);
Suite *quirks_queues_suite(void);
Suite *quirks_calls_suite(void);
Suite *quirks_waits_suite(void);
Suite *wake_op_suite(void);
Suite *waitv_suite(void);

/* On the machine, or on none. */
Suite *loader_suite(void);
Suite *trace_suite(void);
Suite *record_suite(void);
Suite *record_search_suite(void);
Suite *record_cli_suite(void);
Suite *viz_suite(void);
Suite *sequence_suite(void);
Suite *sequence_marks_suite(void);
Suite *sequence_truth_suite(void);
Suite *exploration_suite(void);
Suite *outcomes_suite(void);
Suite *happens_before_suite(void);
Suite *lock_order_view_suite(void);
Suite *before_runs_suite(void);
Suite *layout_suite(void);
Suite *export_suite(void);
Suite *perfetto_suite(void);
Suite *shiviz_suite(void);
Suite *canvas_suite(void);
Suite *themes_suite(void);
Suite *world_suite(void);
Suite *queues_view_suite(void);
Suite *diff_suite(void);
Suite *kernel_suite(void);
Suite *clock_suite(void);
Suite *sim_suite(void);
Suite *memory_suite(void);
Suite *maps_suite(void);
Suite *processes_suite(void);
Suite *judge_suite(void);
Suite *races_suite(void);
Suite *lock_order_suite(void);
Suite *livelock_suite(void);
Suite *expect_suite(void);
Suite *evaluate_suite(void);
Suite *script_suite(void);
Suite *random_suite(void);
Suite *cases_suite(void);
Suite *cli_suite(void);
Suite *draw_cli_suite(void);
Suite *report_suite(void);
Suite *report_cli_suite(void);
Suite *replay_suite(void);
Suite *files_suite(void);
Suite *points_suite(void);
Suite *language_suite(void);
Suite *matrix_suite(void);
Suite *reference_suite(void);
Suite *commute_suite(void);
Suite *signals_suite(void);
Suite *signals_search_suite(void);
Suite *soundness_suite(void);
Suite *shards_suite(void);
Suite *checkpoint_suite(void);
Suite *classes_suite(void);
Suite *prefix_suite(void);
Suite *schedule_suite(void);
Suite *replay_schedule_suite(void);
Suite *search_report_suite(void);
Suite *explore_suite(void);
Suite *dependence_suite(void);
Suite *touches_suite(void);
Suite *states_suite(void);
Suite *cache_suite(void);
Suite *explore_options_suite(void);
Suite *minimize_suite(void);
Suite *explain_suite(void);
Suite *shown_suite(void);
Suite *workers_suite(void);
Suite *mutate_suite(void);
Suite *noticing_suite(void);
Suite *host_suite(void);
Suite *fmt_suite(void);

#endif
