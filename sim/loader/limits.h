/* limits.h - how much a scenario may have of what. */
#ifndef SIM_LOADER_LIMITS_H
#define SIM_LOADER_LIMITS_H

/*
 * Limits.  Their message names them and says what to do.  Those that grow with
 * what is asked for can be raised when the program is built:
 *
 *	make CPPFLAGS=-DSCENARIO_MATRIX_MAX=5000
 */
#ifndef SCENARIO_BYTES_MAX
#define SCENARIO_BYTES_MAX 4194304u
#endif
#ifndef SCENARIO_DEPTH_MAX
#define SCENARIO_DEPTH_MAX 32
#endif
#ifndef SCENARIO_NODES_MAX
#define SCENARIO_NODES_MAX 1000000u
#endif
#ifndef SCENARIO_THREADS_MAX
#define SCENARIO_THREADS_MAX 4096u
#endif
#ifndef SCENARIO_OPS_MAX
#define SCENARIO_OPS_MAX 200000u /* operations of one thread, written out */
#endif
#ifndef SCENARIO_OPS_ALL_MAX
#define SCENARIO_OPS_ALL_MAX 1000000u /* of all threads together */
#endif
#ifndef SCENARIO_STEPS_MAX
#define SCENARIO_STEPS_MAX 200000u /* lines of one schedule */
#endif
#ifndef SCENARIO_INCLUDE_DEPTH_MAX
#define SCENARIO_INCLUDE_DEPTH_MAX 8 /* files that include one another */
#endif
#ifndef SCENARIO_INCLUDES_MAX
#define SCENARIO_INCLUDES_MAX 256u /* files in all */
#endif
#ifndef SCENARIO_MATRIX_MAX
#define SCENARIO_MATRIX_MAX 1000u /* profiles times values of parameters */
#endif
/* The end of their message. */
#define RAISE(limit) "or raise it with make CPPFLAGS=-D" #limit "=N"

#define SCENARIO_PROCESSES_MAX 1024u
#define SCENARIO_PARAMS_MAX 1024u
#define SCENARIO_PAGES_MAX 4096u /* pages of one region */
#define SCENARIO_NAME_MAX 64u
#define SCENARIO_EXPR_DEPTH_MAX 64u
#define SCENARIO_EXPR_COST_MAX 1000000u /* pieces looked at to evaluate one */
#define SCENARIO_TEXT_MAX 4096u /* bytes of an operation or expression */
#define SCENARIO_REGIONS_MAX 4096u
#define SCENARIO_MAPS_MAX 16384u /* inherited ones included */
#define SCENARIO_MAPPED_MAX 262144u /* pages of all maps together */
#define EXPLORE_PREEMPTIONS_MAX 1000000u
#define EXPLORE_STEPS_MAX 100000000u
#define EXPLORE_DEPTH_MAX 64u
#define EXPLORE_SIGNALS_MAX 1000u /* to one thread */
#define EXPLORE_SPURIOUS_MAX 1000u
#define EXPLORE_PATTERNS_MAX 1000u
#define PAGE_SIZE 4096u

#endif
