/*
 * stage_agents.c - agents: where their blocks are, what numbers they have, how
 * they are made.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/host/stage_internal.h"

/* ---- trouble ------------------------------------------------------------- */

bool stage_unable(struct stage *stage, const char *format, ...)
{
	va_list args;

	stage->report->outcome = HOST_UNABLE;
	va_start(args, format);
	vsnprintf(stage->report->text, sizeof(stage->report->text), format,
		  args);
	va_end(args);
	return false;
}

bool stage_refuse(struct stage *stage, const char *format, ...)
{
	va_list args;

	stage->report->outcome = HOST_REFUSED;
	stage->report->reason = HOST_MEMORY;
	va_start(args, format);
	vsnprintf(stage->report->text, sizeof(stage->report->text), format,
		  args);
	va_end(args);
	return false;
}

/* ---- blocks: the warden's, one a thread, one a process without any ------- */

static struct agent_block *block_at(const struct stage *stage, uint32_t index)
{
	return (struct agent_block *)(void *)(stage->blocks +
					      (size_t)index * AGENT_SLOT);
}

struct agent_block *stage_warden(const struct stage *stage)
{
	return block_at(stage, 0);
}

struct agent_block *stage_agent(const struct stage *stage, uint32_t thread)
{
	return block_at(stage, thread + 1);
}

struct agent_block *stage_spare(const struct stage *stage, uint32_t process)
{
	return block_at(stage, stage->scenario->thread_count + 1 + process);
}

bool stage_make_blocks(struct stage *stage)
{
	const struct scenario *s = stage->scenario;
	size_t count = (size_t)s->thread_count + s->process_count + 1;
	uint64_t start;
	void *p;

	stage->mapping_size = (count + 1) * AGENT_SLOT;
	p = mmap(NULL, stage->mapping_size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return stage_unable(stage, "no memory for threads: %s",
				    strerror(errno));
	stage->mapping = p;
	start = ((uint64_t)p + AGENT_SLOT - 1) & ~(uint64_t)(AGENT_SLOT - 1);
	stage->blocks = (char *)p + (start - (uint64_t)p);
	return true;
}

/* ---- numbers ------------------------------------------------------------- */

int64_t stage_tid(const struct stage *stage, int64_t tid)
{
	return tid == 1 && !stage->is_nested ? FIRST_TID : tid;
}

int64_t stage_tid_back(const struct stage *stage, int64_t tid)
{
	return tid == FIRST_TID && !stage->is_nested ? 1 : tid;
}

bool stage_is_inner(const struct stage *stage, uint32_t process)
{
	const struct scenario *s = stage->scenario;
	const struct scenario_process *p;

	if (!stage->is_nested || process == NOWHERE)
		return false;
	p = &s->processes[process];
	return process == s->threads[0].process ||
	       (p->starts_later && stage_is_inner(stage, p->forked_from));
}

int64_t stage_pid(const struct stage *stage, uint32_t process)
{
	const struct agent_block *b = stage->leaders[process];
	uint32_t i;

	for (i = 0; i < stage->scenario->thread_count; i++) {
		if (b == stage_agent(stage, i))
			return stage_tid(stage, (int64_t)i + 1);
	}
	return 0;
}

/* ---- making agents ------------------------------------------------------- */

bool stage_await_birth(struct stage *stage, struct agent_block *b)
{
	if (agent_wait(b, 0, false, stage->patience) != SIGHT_DONE)
		return stage_unable(stage, "a thread does not start");
	if (b->slots[0].result <= 0)
		return stage_unable(stage, "/proc cannot be read");
	return true;
}

void stage_set_up(struct agent_block *b, uint64_t flags)
{
	memset(&b->spawn, 0, sizeof(b->spawn));
	b->spawn.flags = flags;
	b->spawn.stack = (uint64_t)b;
	b->spawn.stack_size = AGENT_SLOT;
	b->slots[0].asked = 1; /* the first answer is that it is there */
	b->slots[0].answered = 0;
}

/* Every number is chosen, or those given by chance would be in the way. */
void stage_number(const struct stage *stage, struct agent_block *b,
		  uint32_t process, uint32_t thread)
{
	int32_t other = FIRST_TID + 1 +
			(thread == NOWHERE
				 ? (int32_t)HOST_THREADS_MAX + (int32_t)process
				 : (int32_t)thread);

	b->set_tid[0] =
		thread == NOWHERE
			? other
			: (int32_t)stage_tid(stage, (int64_t)thread + 1);
	b->set_tid[1] = other;
	b->spawn.set_tid = (uint64_t)b->set_tid;
	b->spawn.set_tid_size = stage_is_inner(stage, process) ? 2 : 1;
}

bool stage_spawn(struct stage *stage, struct agent_block *maker,
		 struct agent_block *child)
{
	struct agent_slot *slot = &maker->slots[0];

	slot->work = AGENT_SPAWN;
	slot->child = child;
	agent_ask(slot);
	if (agent_wait(maker, 0, false, stage->patience) != SIGHT_DONE)
		return stage_unable(stage, "a thread does not answer");
	if (slot->result == -ENOSYS)
		return stage_unable(stage, "this kernel has no clone3");
	if (slot->result < 0)
		return stage_unable(stage, "a thread cannot be made: %s",
				    strerror((int)-slot->result));
	return stage_await_birth(stage, child);
}

bool stage_make_warden(struct stage *stage)
{
	struct agent_block *b = stage_warden(stage);
	long pid;

	if (pipe2(b->lifeline, O_CLOEXEC))
		return stage_unable(stage, "no pipe can be made: %s",
				    strerror(errno));
	stage->lifeline = b->lifeline[1];
	b->is_warden = true;
	stage_set_up(b, CLONE_NEWPID);
	b->spawn.exit_signal = SIGCHLD;
	fflush(NULL);
	pid = agent_spawn(b);
	if (pid == -EPERM) {
		b->spawn.flags |= CLONE_NEWUSER;
		pid = agent_spawn(b);
	}
	close(b->lifeline[0]);
	if (pid == -ENOSYS)
		return stage_unable(stage, "this kernel has no clone3");
	if (pid < 0)
		return stage_unable(stage, "no PID namespace can be made: %s",
				    strerror((int)-pid));
	stage->warden = (int)pid;
	return stage_await_birth(stage, b);
}

long stage_call(struct stage *stage, struct agent_block *b, uint64_t number,
		const uint64_t args[AGENT_ARGS])
{
	struct agent_slot *slot = &b->slots[0];

	slot->work = AGENT_CALL;
	slot->number = number;
	memcpy(slot->args, args, sizeof(slot->args));
	agent_ask(slot);
	if (agent_wait(b, 0, false, stage->patience) != SIGHT_DONE)
		return -ETIMEDOUT;
	return slot->result;
}

bool stage_end(struct stage *stage, struct agent_block *b)
{
	struct agent_slot *slot = &b->slots[0];

	slot->work = AGENT_CALL;
	slot->number = SYS_exit;
	slot->args[0] = 0;
	agent_ask(slot);
	return agent_await_end(b, stage->patience) ||
	       stage_unable(stage, "a thread does not end");
}
