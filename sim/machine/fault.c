/* fault.c - from a signal handler back to the step loop. */
#include "sim/machine/fault.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/machine/asan.h"
#include "sim/machine/sim.h"

#ifdef HAS_ASAN
void fault_install(void)
{
}
#else
static char alternate_stack[64 * 1024];

static void handle(int number)
{
	if (sim_running && sim_running->current)
		siglongjmp(sim_running->crash, number);
	signal(number, SIG_DFL);
	raise(number);
}

void fault_install(void)
{
	static bool is_installed;
	stack_t stack = {
		.ss_sp = alternate_stack,
		.ss_size = sizeof(alternate_stack),
	};
	/* SA_NODEFER: the mask is not restored on the way out. */
	struct sigaction action = {
		.sa_handler = handle,
		.sa_flags = SA_ONSTACK | SA_NODEFER,
	};

	if (is_installed)
		return;
	is_installed = true;
	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}
#endif
