/*
 * agent.c - what an agent does: wait for a command, carry it out, answer.
 *
 * Everything here runs on a thread that shares the thread pointer of the one
 * that made it, or runs in a copy of it: no libc function that is more than
 * a system call, no errno, and no sanitizer (see Makefile) may be used.
 */
#define _GNU_SOURCE
#include "sim/host/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>

#if !defined(__x86_64__)

long agent_spawn(struct agent_block *child)
{
	(void)child;
	return -ENOSYS;
}

struct agent_action agent_empty_action(void)
{
	return (struct agent_action){0};
}

struct agent_action agent_handler_action(bool restarts)
{
	(void)restarts;
	return (struct agent_action){0};
}

#else

#define SIGNALS 64
#define KERNEL_SA_RESTORER 0x04000000

/* ---- system calls ------------------------------------------------------ */

static long call6(uint64_t number, uint64_t a, uint64_t b, uint64_t c,
		  uint64_t d, uint64_t e, uint64_t f)
{
	register uint64_t r10 __asm__("r10") = d;
	register uint64_t r8 __asm__("r8") = e;
	register uint64_t r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static void futex_wait(uint32_t *word, uint32_t value)
{
	call6(SYS_futex, (uint64_t)word, FUTEX_WAIT, value, 0, 0, 0);
}

static void futex_wake(uint32_t *word)
{
	call6(SYS_futex, (uint64_t)word, FUTEX_WAKE, 1, 0, 0, 0);
}

/* ---- the beginning of a thread ----------------------------------------- */

__attribute__((used, noreturn)) void agent_main(struct agent_block *self);

/*
 * The child comes out of the call on its own stack, where nothing can be
 * returned to.  Its block is in rdx, which the call leaves alone.
 */
long agent_spawn(struct agent_block *child)
{
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%rdx, %%rdi\n\t"
			 "call agent_main\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(result)
			 : "a"((long)SYS_clone3), "D"(&child->spawn),
			   "S"(sizeof(child->spawn)), "d"(child)
			 : "rcx", "r11", "memory");
	return result;
}

/* ---- user memory -------------------------------------------------------
 *
 * An access that faults comes back with -EFAULT: the signal handler moves the
 * thread from the instruction that faulted to the exit beside it.
 */

extern const char agent_load_place[], agent_cas_place[], agent_fault_place[];
int agent_load(const uint32_t *word, uint32_t *value);
int agent_cas(uint32_t *word, uint32_t *old, uint32_t value);

__asm__(".text\n"
	".globl agent_load, agent_cas\n"
	".globl agent_load_place, agent_cas_place, agent_fault_place\n"
	"agent_load:\n"
	"agent_load_place:\n"
	"	movl (%rdi), %eax\n"
	"	movl %eax, (%rsi)\n"
	"	xorl %eax, %eax\n"
	"	ret\n"
	"agent_cas:\n"
	"	movl (%rsi), %eax\n"
	"agent_cas_place:\n"
	"	lock cmpxchgl %edx, (%rdi)\n"
	"	movl %eax, (%rsi)\n"
	"	xorl %eax, %eax\n"
	"	ret\n"
	"agent_fault_place:\n"
	"	movl $-14, %eax\n"
	"	ret\n");

static uint32_t changed(const struct agent_slot *b, uint32_t old)
{
	uint32_t operand = (uint32_t)b->args[1];

	switch (b->change) {
	case AGENT_SET:
		return operand;
	case AGENT_CAS:
		return old == operand ? (uint32_t)b->args[2] : old;
	case AGENT_ADD:
		return old + operand;
	case AGENT_SUB:
		return old - operand;
	case AGENT_OR:
		return old | operand;
	case AGENT_AND:
		return old & operand;
	case AGENT_XOR:
		return old ^ operand;
	}
	return old;
}

static int64_t change_word(const struct agent_slot *b)
{
	uint32_t *word = (uint32_t *)b->args[0];
	uint32_t old, found;
	int error;

	/* Write what is there, or what was guessed: then all is known. */
	old = 0;
	do {
		found = old;
		error = agent_cas(word, &found, changed(b, old));
		if (error)
			return error;
		if (found == old)
			return old;
		old = found;
	} while (true);
}

static int64_t load_word(const struct agent_slot *b)
{
	uint32_t value;
	int error = agent_load((const uint32_t *)b->args[0], &value);

	return error ? error : (int64_t)value;
}

/* ---- the loop ---------------------------------------------------------- */

static int64_t carry_out(struct agent_slot *slot)
{
	switch (slot->work) {
	case AGENT_CALL:
		return call6(slot->number, slot->args[0], slot->args[1],
			     slot->args[2], slot->args[3], slot->args[4],
			     slot->args[5]);
	case AGENT_LOAD:
		return load_word(slot);
	case AGENT_CHANGE:
		return change_word(slot);
	case AGENT_SPAWN:
		return agent_spawn(slot->child);
	case AGENT_RETURN:
		return 0;
	}
	return -ENOSYS;
}

static void answer(struct agent_slot *slot, uint32_t command, int64_t result)
{
	slot->result = result;
	__atomic_store_n(&slot->answered, command, __ATOMIC_SEQ_CST);
	futex_wake(&slot->answered);
}

/* Do what is asked after @command, until told to return. */
static void serve(struct agent_slot *slot, uint32_t command)
{
	uint32_t asked;

	for (;;) {
		asked = __atomic_load_n(&slot->asked, __ATOMIC_SEQ_CST);
		if (asked == command) {
			futex_wait(&slot->asked, asked);
			continue;
		}
		command = asked;
		answer(slot, command, carry_out(slot));
		if (slot->work == AGENT_RETURN)
			return;
	}
}

/* ---- signals ----------------------------------------------------------- */

void agent_restore(void);
__asm__(".text\n"
	".globl agent_restore\n"
	"agent_restore:\n"
	"	movl $15, %eax\n"
	"	syscall\n");

static struct agent_block *block_of(uint64_t stack_pointer)
{
	return (struct agent_block *)(stack_pointer &
				      ~(uint64_t)(AGENT_SLOT - 1));
}

static bool has_faulted(int number, const siginfo_t *info, ucontext_t *u)
{
	greg_t *rip = &u->uc_mcontext.gregs[REG_RIP];

	if ((number != SIGSEGV && number != SIGBUS) || info->si_code <= 0)
		return false;
	if (*rip != (greg_t)agent_load_place && *rip != (greg_t)agent_cas_place)
		call6(SYS_exit_group, 1, 0, 0, 0, 0, 0);
	*rip = (greg_t)agent_fault_place;
	return true;
}

static void handle(int number, siginfo_t *info, void *context)
{
	has_faulted(number, info, context);
}

static void handle_by_procedure(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	struct agent_block *self =
		block_of((uint64_t)u->uc_mcontext.gregs[REG_RSP]);
	struct agent_slot *slot;

	if (has_faulted(number, info, u) || self->level + 1 == AGENT_LEVELS)
		return;
	slot = &self->slots[self->level + 1];
	self->level++;
	__atomic_add_fetch(&self->entered, 1, __ATOMIC_SEQ_CST);
	serve(slot, __atomic_load_n(&slot->answered, __ATOMIC_SEQ_CST));
	self->level--;
	__atomic_add_fetch(&self->left, 1, __ATOMIC_SEQ_CST);
}

struct agent_action agent_empty_action(void)
{
	struct agent_action action;

	action.handler = (uint64_t)handle;
	action.flags = SA_SIGINFO | SA_NODEFER | KERNEL_SA_RESTORER;
	action.restorer = (uint64_t)agent_restore;
	action.mask = 0;
	return action;
}

struct agent_action agent_handler_action(bool restarts)
{
	struct agent_action action = agent_empty_action();

	action.handler = (uint64_t)handle_by_procedure;
	action.flags &= ~(uint64_t)SA_NODEFER;
	if (restarts)
		action.flags |= SA_RESTART;
	return action;
}

/* No signal is blocked or has an effect, and no file is left by one. */
static void set_up_signals(void)
{
	struct agent_action action = agent_empty_action();
	uint64_t none[2];
	int i;

	none[0] = 0;
	none[1] = 0;
	for (i = 1; i <= SIGNALS; i++) {
		if (i != SIGKILL && i != SIGSTOP)
			call6(SYS_rt_sigaction, (uint64_t)i, (uint64_t)&action,
			      0, sizeof(action.mask), 0, 0);
	}
	call6(SYS_rt_sigprocmask, SIG_SETMASK, (uint64_t)none, 0,
	      sizeof(none[0]), 0, 0);
	call6(SYS_setrlimit, RLIMIT_CORE, (uint64_t)none, 0, 0, 0, 0);
}

/* ---- the beginning ----------------------------------------------------- */

/*
 * End when the conductor does.  Has it ended before that could be asked for,
 * the pipe to it has no writer any more.
 */
static void hold_on(const struct agent_block *self)
{
	struct pollfd end;

	call6(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
	call6(SYS_setsid, 0, 0, 0, 0, 0, 0);
	call6(SYS_close, (uint64_t)self->lifeline[1], 0, 0, 0, 0, 0);
	end.fd = self->lifeline[0];
	end.events = POLLIN;
	end.revents = 0;
	if (call6(SYS_poll, (uint64_t)&end, 1, 0, 0, 0, 0) > 0)
		call6(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

/* The first answer, to command 1, is that the agent is there. */
void agent_main(struct agent_block *self)
{
	static const char link[] = "/proc/thread-self";
	long size;

	if (self->is_warden) {
		hold_on(self);
		set_up_signals();
	}
	size = call6(SYS_readlinkat, (uint64_t)AT_FDCWD, (uint64_t)link,
		     (uint64_t)self->place, AGENT_PLACE_MAX - 1, 0, 0);
	answer(&self->slots[0], 1, size);
	serve(&self->slots[0], 1);
	call6(SYS_exit, 0, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}

#endif
