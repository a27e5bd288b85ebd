/*
 * scenario_starts.c - processes and threads that start in the middle of a run,
 * and whether they can.
 *
 * Whatever a `fork` or `clone` names is not there until then, in whichever
 * branch of a program it stands.
 */
#include "sim/loader/scenario_internal.h"

/* ---- who starts whom --------------------------------------------------- */

static void note_fork(struct loader *l, const struct scenario_thread *thread,
		      const struct op *op)
{
	struct scenario *s = l->s;
	struct scenario_process *child = &s->processes[op->starts];

	child->starts_later = true;
	if (child->forked_from == NOWHERE)
		diagnostics_add(l->d, op->mark.line, op->args[0].col,
				"process '%s' is not forked: declare it as "
				"`{forked_from: %s}`",
				child->name,
				s->processes[thread->process].name);
	else if (child->forked_from != thread->process)
		diagnostics_add(l->d, op->mark.line, op->args[0].col,
				"process '%s' is forked from '%s', and this "
				"thread is not of that one",
				child->name,
				s->processes[child->forked_from].name);
}

static void note_clone(struct loader *l, const struct scenario_thread *thread,
		       const struct op *op)
{
	struct scenario *s = l->s;
	struct scenario_thread *made = &s->threads[op->starts];

	made->is_cloned = true;
	if (made == thread)
		diagnostics_add(l->d, op->mark.line, op->args[0].col,
				"thread '%s' cannot start itself", made->name);
	else if (made->process != NOWHERE &&
		 memory_owner(s, made->process) !=
			 memory_owner(s, thread->process))
		diagnostics_add(l->d, op->mark.line, op->args[0].col,
				"thread '%s' is of process '%s', which does "
				"not share memory with this one: use `fork`",
				made->name, s->processes[made->process].name);
}

static void note_op(struct loader *l, const struct scenario_thread *thread,
		    const struct op *op)
{
	if (op->starts == NOWHERE || thread->process == NOWHERE)
		return;
	if (op->verb == VERB_FORK)
		note_fork(l, thread, op);
	else if (op->verb == VERB_CLONE)
		note_clone(l, thread, op);
}

/* Threads of a group share their operations, but not who they are. */
static void note_all(struct loader *l)
{
	const struct scenario *s = l->s;
	const struct scenario_thread *t;

	for (uint32_t i = 0; i < s->thread_count; i++) {
		t = &s->threads[i];
		if (t->first != i)
			continue;
		for (uint32_t k = 0; k < t->op_count; k++)
			note_op(l, t, &t->ops[k]);
	}
}

/* ---- whether they can -------------------------------------------------- */

static bool has_thread(const struct scenario *s, uint32_t process)
{
	for (uint32_t i = 0; i < s->thread_count; i++) {
		if (s->threads[i].process == process &&
		    !s->threads[i].is_cloned)
			return true;
	}
	return false;
}

/* Its memory comes from @parent, which is not there at the start. */
static void check_late_parent(struct loader *l,
			      const struct scenario_process *p, uint32_t parent)
{
	const char *name = l->s->processes[parent].name;

	diagnostics_add(l->d, p->mark.line, p->mark.col,
			"process '%s' is forked from '%s', which starts with "
			"`fork %s`: start this one with `fork %s` in a thread "
			"of it",
			p->name, name, name, p->name);
}

static void check_process(struct loader *l, uint32_t process)
{
	const struct scenario *s = l->s;
	const struct scenario_process *p = &s->processes[process];

	if (p->starts_later && !has_thread(s, process))
		diagnostics_add(l->d, p->mark.line, p->mark.col,
				"process '%s' has no thread that `fork` could "
				"start",
				p->name);
	if (!p->starts_later && p->forked_from != NOWHERE &&
	    s->processes[memory_owner(s, p->forked_from)].starts_later)
		check_late_parent(l, p, memory_owner(s, p->forked_from));
	for (uint32_t i = 0; p->starts_later && i < s->map_count; i++) {
		if (s->maps[i].process != process)
			continue;
		diagnostics_add(l->d, s->maps[i].mark.line, s->maps[i].mark.col,
				"process '%s' has the maps of '%s' when it is "
				"forked, and none of its own",
				p->name, s->processes[p->forked_from].name);
	}
}

/* A thread of a process that shares memory which is not there yet. */
static void check_thread(struct loader *l, struct scenario_thread *t)
{
	const struct scenario *s = l->s;
	uint32_t owner = memory_owner(s, t->process);

	t->is_forked = s->processes[t->process].starts_later;
	if (t->is_forked || t->is_cloned || !s->processes[owner].starts_later)
		return;
	diagnostics_add(l->d, t->mark.line, t->mark.col,
			"thread '%s' shares the memory of process '%s', which "
			"starts with `fork %s`: start it with `clone %s`",
			t->name, s->processes[owner].name,
			s->processes[owner].name, t->name);
}

void check_starts(struct loader *l)
{
	struct scenario *s = l->s;

	if (l->processes.is_incomplete)
		return;
	note_all(l);
	if (l->threads.is_incomplete)
		return;
	for (uint32_t i = 0; i < s->process_count; i++)
		check_process(l, i);
	for (uint32_t i = 0; i < s->thread_count; i++) {
		if (s->threads[i].process != NOWHERE)
			check_thread(l, &s->threads[i]);
	}
}
