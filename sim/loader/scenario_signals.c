/*
 * scenario_signals.c - names of signals, whom they go to, and the handlers of
 * each thread.
 *
 * A handler is a procedure that some operation of the file installs.  Its
 * operations stand behind the program of every thread that may have to run it:
 * of the processes in which it is installed, and of those made from them.
 */
#include "sim/loader/scenario_internal.h"

#include <stdlib.h>

#include "sim/loader/scalar.h"

#define NAMES_MAX 64u

bool loader_signal(struct loader *l, const struct tree_node *node,
		   size_t offset, const char *text, uint32_t *number)
{
	const char *names[NAMES_MAX];
	unsigned int count = 0;

	*number = scalar_signal(text);
	if (*number)
		return true;
	for (; count < NAMES_MAX && scalar_signal_at(count); count++)
		names[count] = scalar_signal_at(count);
	loader_error_name(l, node, offset,
			  "expected the name of a signal or a number from 1 "
			  "to 64, found",
			  text, names, count);
	return false;
}

bool loader_stops(struct loader *l, const struct tree_node *node, size_t offset,
		  uint32_t number)
{
	if (number != SIGNAL_STOP)
		return false;
	loader_error_in(l, node, offset,
			"SIGSTOP stops a process, which this machine cannot: "
			"let a schedule hold its threads back");
	return true;
}

bool loader_receiver(struct loader *l, const struct tree_node *node,
		     size_t offset, const char *name, uint32_t *thread,
		     uint32_t *process)
{
	bool is_thread = name_index_find(&l->threads, name, thread);
	bool is_process = name_index_find(&l->processes, name, process);
	uint32_t group;

	if (is_thread && is_process)
		loader_error_in(l, node, offset,
				"'%s' is a thread and a process: rename one "
				"of them",
				name);
	else if (name_index_find(&l->groups, name, &group))
		loader_error_in(l, node, offset,
				"'%s' is a group: name one of its threads, "
				"such as '%s1'",
				name, name);
	else if (!is_thread && !is_process && !l->threads.is_incomplete &&
		 !l->processes.is_incomplete)
		loader_error_unknown(l, node, offset,
				     "unknown thread or process", name,
				     &l->threads, &l->processes);
	if (!is_thread)
		*thread = NOWHERE;
	if (!is_process)
		*process = NOWHERE;
	return is_thread != is_process;
}

/* ---- handlers ---------------------------------------------------------- */

/* [process][procedure]: may its threads have to run it? */
struct handlers {
	struct loader *l;
	bool *used;
	bool has_new;
};

static bool *used_by(struct handlers *h, uint32_t process)
{
	return h->used + (size_t)process * h->l->s->procedure_count;
}

static void use(struct handlers *h, uint32_t process, uint32_t procedure)
{
	bool *used = used_by(h, process);

	h->has_new |= !used[procedure];
	used[procedure] = true;
}

static void find_installed(struct handlers *h)
{
	const struct scenario *s = h->l->s;
	const struct scenario_thread *t;
	const struct op_signal *op;

	for (uint32_t i = 0; i < s->thread_count; i++) {
		t = &s->threads[i];
		for (uint32_t k = 0; t->process != NOWHERE && k < t->op_count;
		     k++) {
			op = &t->ops[k].signal;
			if (t->ops[k].verb == VERB_SIGACTION &&
			    op->action == SIGNAL_HANDLED &&
			    op->handler != NOWHERE)
				use(h, t->process, op->handler);
		}
	}
}

/* A process comes after the one that it was made from. */
static void inherit(struct handlers *h)
{
	const struct scenario *s = h->l->s;
	uint32_t parent;

	for (uint32_t i = 0; i < s->process_count; i++) {
		parent = s->processes[i].forked_from;
		if (parent == NOWHERE)
			parent = s->processes[i].shares_memory_with;
		for (uint32_t k = 0;
		     parent != NOWHERE && k < s->procedure_count; k++) {
			if (used_by(h, parent)[k])
				use(h, i, k);
		}
	}
}

/* What a handler installs is there only when the handler is loaded. */
void load_all_handlers(struct loader *l)
{
	struct scenario *s = l->s;
	struct handlers h = {.l = l};

	h.used = calloc((size_t)s->process_count * s->procedure_count + 1, 1);
	if (!h.used)
		abort();
	do {
		h.has_new = false;
		find_installed(&h);
		inherit(&h);
		for (uint32_t i = 0; i < s->thread_count && h.has_new; i++) {
			if (s->threads[i].first == i &&
			    s->threads[i].process != NOWHERE)
				load_handlers(
					l, i,
					used_by(&h, s->threads[i].process));
		}
	} while (h.has_new);
	free(h.used);
}
