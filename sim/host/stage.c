/*
 * stage.c - making the warden, processes, mappings and threads, in this order:
 * a child is made when its parent has all its mappings and no second thread.
 */
#define _GNU_SOURCE
#include "sim/host/stage.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/host/stage_internal.h"

/* ---- processes and threads ----------------------------------------------- */

/* The first thread of a process, or NOWHERE. */
static uint32_t first_of(const struct scenario *s, uint32_t process)
{
	uint32_t i;

	for (i = 0; i < s->thread_count; i++) {
		if (s->threads[i].process == process &&
		    !s->threads[i].is_cloned)
			return i;
	}
	return NOWHERE;
}

/* Is it the one that gets a namespace of its own? */
static bool is_nested(const struct stage *stage, uint32_t process)
{
	return stage->is_nested &&
	       process == stage->scenario->threads[0].process;
}

/*
 * What is made by a process is in its namespace, and ends with it.  So the
 * first thread's process is made last, out of a model that the others are made
 * of as well: see make_inner.
 */
static bool make_process(struct stage *stage, uint32_t index)
{
	const struct scenario *s = stage->scenario;
	const struct scenario_process *p = &s->processes[index];
	uint32_t thread = first_of(s, index);
	struct agent_block *maker = stage_warden(stage), *b;
	uint64_t flags = 0;

	if (is_nested(stage, index))
		thread = NOWHERE;
	b = thread == NOWHERE ? stage_spare(stage, index)
			      : stage_agent(stage, thread);
	if (p->shares_memory_with != NOWHERE) {
		maker = stage->leaders[p->shares_memory_with];
		flags |= CLONE_VM;
	} else if (p->forked_from != NOWHERE) {
		maker = stage->leaders[p->forked_from];
	}
	stage_set_up(b, flags);
	stage_number(stage, b, index, thread);
	stage->leaders[index] = b;
	return stage_spawn(stage, maker, b) && stage_make_maps(stage, index);
}

/* It takes over the address space of its model, which ends. */
static bool make_inner(struct stage *stage)
{
	uint32_t process = stage->scenario->threads[0].process;
	struct agent_block *model = stage->leaders[process];
	struct agent_block *b = stage_agent(stage, 0);

	stage_set_up(b, CLONE_VM | CLONE_NEWPID);
	stage_number(stage, b, process, 0);
	stage->leaders[process] = b;
	return stage_spawn(stage, model, b) && stage_end(stage, model);
}

/* What a thread of a process shares with the others. */
#define THREAD_FLAGS                                                           \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |    \
	 CLONE_SYSVSEM)

static bool make_thread(struct stage *stage, uint32_t index)
{
	uint32_t process = stage->scenario->threads[index].process;
	struct agent_block *b = stage_agent(stage, index);

	if (b == stage->leaders[process])
		return true;
	stage_set_up(b, THREAD_FLAGS);
	stage_number(stage, b, process, index);
	return stage_spawn(stage, stage->leaders[process], b);
}

struct agent_block *stage_prepare_fork(struct stage *stage, uint32_t process)
{
	uint32_t thread = first_of(stage->scenario, process);
	struct agent_block *b = stage_agent(stage, thread);

	stage_set_up(b, 0);
	stage_number(stage, b, process, thread);
	stage->leaders[process] = b;
	return b;
}

bool stage_forked(struct stage *stage, uint32_t process)
{
	const struct scenario *s = stage->scenario;
	uint32_t i;

	if (!stage_await_birth(stage, stage->leaders[process]))
		return false;
	for (i = 0; i < s->thread_count; i++) {
		if (s->threads[i].process == process &&
		    !s->threads[i].is_cloned && !make_thread(stage, i))
			return false;
	}
	return true;
}

struct agent_block *stage_prepare_clone(struct stage *stage, uint32_t thread,
					uint32_t maker, uint64_t ctid,
					uint64_t ptid)
{
	const struct scenario_thread *threads = stage->scenario->threads;
	uint32_t process = threads[thread].process;
	struct agent_block *b = stage_agent(stage, thread);

	stage_set_up(b, process == threads[maker].process ? THREAD_FLAGS
							  : CLONE_VM);
	stage_number(stage, b, process, thread);
	if (ctid) {
		b->spawn.flags |= CLONE_CHILD_CLEARTID;
		b->spawn.child_tid = ctid;
	}
	if (ptid) {
		b->spawn.flags |= CLONE_PARENT_SETTID;
		b->spawn.parent_tid = ptid;
	}
	if (!stage->leaders[process])
		stage->leaders[process] = b;
	return b;
}

bool stage_cloned(struct stage *stage, uint32_t thread)
{
	return stage_await_birth(stage, stage_agent(stage, thread));
}

/* Has the first thread a robust list, in whose words its tid stands? */
static bool needs_tid_one(const struct scenario *s)
{
	uint32_t i;

	for (i = 0; s->thread_count && i < s->threads[0].op_count; i++) {
		if (s->threads[0].ops[i].verb == VERB_SET_ROBUST_LIST)
			return true;
	}
	return false;
}

/* Is it there from the start? */
static bool is_there(const struct scenario *s, uint32_t process)
{
	uint32_t owner = s->processes[process].shares_memory_with, i;

	if (s->processes[process].starts_later ||
	    (owner != NOWHERE && s->processes[owner].starts_later))
		return false;
	for (i = 0; i < s->thread_count; i++) {
		if (s->threads[i].process == process && s->threads[i].is_cloned)
			return first_of(s, process) != NOWHERE;
	}
	return true;
}

static bool make_all(struct stage *stage)
{
	const struct scenario *s = stage->scenario;
	uint32_t i;

	for (i = 0; i < s->process_count; i++) {
		if (is_there(s, i) && !make_process(stage, i))
			return false;
	}
	if (stage->is_nested && !make_inner(stage))
		return false;
	for (i = 0; i < s->thread_count; i++) {
		if (!s->threads[i].is_cloned && !s->threads[i].is_forked &&
		    !make_thread(stage, i))
			return false;
	}
	return true;
}

bool stage_open(struct stage *stage, const struct scenario *s,
		const struct host_options *options, struct host_report *report)
{
	*stage = (struct stage){
		.scenario = s,
		.report = report,
		.patience = options->patience,
		.is_nested = needs_tid_one(s),
		.lifeline = -1,
		.ceiling = stage_ceiling(),
	};
	if (s->thread_count > HOST_THREADS_MAX)
		return stage_refuse(stage, "it has more than %u threads",
				    HOST_THREADS_MAX);
	if (stage->is_nested &&
	    (s->threads[0].is_cloned || s->threads[0].is_forked))
		return stage_refuse(stage, "its first thread has a robust list "
					   "and is not there from the start");
	stage->leaders = calloc(s->process_count + 1, sizeof(*stage->leaders));
	if (!stage->leaders)
		abort();
	return stage_make_blocks(stage) && stage_make_files(stage) &&
	       stage_make_warden(stage) && make_all(stage);
}

void stage_close(struct stage *stage)
{
	uint32_t i;

	if (stage->warden > 0) {
		kill(stage->warden, SIGKILL);
		while (waitpid(stage->warden, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (stage->lifeline >= 0)
		close(stage->lifeline);
	for (i = 0; stage->files && i < stage->scenario->region_count; i++) {
		if (stage->files[i] >= 0)
			close(stage->files[i]);
	}
	if (stage->mapping)
		munmap(stage->mapping, stage->mapping_size);
	free(stage->files);
	free(stage->is_replaced);
	free(stage->leaders);
	*stage = (struct stage){0};
}
