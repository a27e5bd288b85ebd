/* model_suites.c - the suites that run on the fake kernel. */
#include "tests/suites.h"

#include <stddef.h>

suite_maker *const suites[] = {
	fake_suite,	     wait_queue_suite,
	wait_suite,	     table_suite,
	key_suite,	     requeue_suite,
	syscall_suite,	     syscall_requeue_suite,
	robust_suite,	     exit_suite,
	profiles_suite,	     quirks_suite,
	quirks_queues_suite, quirks_calls_suite,
	quirks_waits_suite,  wake_op_suite,
	waitv_suite,	     NULL,
};
