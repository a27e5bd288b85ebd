/*
 * state_hash_signals.c - signals as they enter the hash of a state: what is
 * pending and blocked, the handlers that a thread is in, the actions of a
 * process.
 */
#include "sim/machine/signal.h"
#include "sim/search/state_hash_internal.h"

static void put_due(struct state_hash *h, uint64_t due_ns)
{
	uint64_t now = h->sim->now_ns;

	/* One that has passed is like any other. */
	if (due_ns && due_ns != KTIME_NEVER)
		due_ns = due_ns > now ? due_ns - now + 1 : 1;
	state_put(h, due_ns);
}

static void put_again(struct state_hash *h, const struct signal_again *again)
{
	uint32_t i;

	put_due(h, again->due_ns);
	state_put(h, again->arguments != NULL);
	for (i = 0; again->arguments && i < OP_ARGS_MAX; i++)
		state_put(h, (uint64_t)again->arguments[i]);
}

void state_put_signals(struct state_hash *h, const struct task *task)
{
	const struct task_signals *s = &task->signals;
	const struct signal_frame *f;
	bool is_standing = task->is_in_fiber;

	if (!h->has_signals || task->state == TASK_DONE)
		return;
	state_put(h, s->pending);
	state_put(h, s->blocked);
	state_put(h, (uint64_t)(is_standing ? task->next_pc : 0) << 32 |
			     (uint64_t)s->frame_count << 8 |
			     (uint64_t)(is_standing ? s->answer : 0) << 3 |
			     (uint64_t)(task->step.kind == EVENT_DELIVER) << 2 |
			     (uint64_t)s->is_called << 1 | s->is_dying);
	put_again(h, &s->again);
	if (is_standing)
		put_due(h, s->armed_due_ns);
	for (f = s->frames; f; f = f->below) {
		state_put(h, (uint64_t)f->return_pc << 32 |
				     (uint64_t)f->number << 1 | f->was_inside);
		state_put(h, f->procedure);
		state_put(h, f->blocked);
		put_again(h, &f->again);
	}
}

void state_put_actions(struct state_hash *h, const struct process *p)
{
	const struct signal_action *a;
	uint32_t i;

	if (!h->has_signals)
		return;
	state_put(h, p->pending);
	state_put(h, p->killed_by);
	for (i = 1; i <= SIGNALS_MAX; i++) {
		a = &p->actions[i];
		if (a->kind == SIGNAL_UNSET)
			continue;
		state_put(h, (uint64_t)i << 40 | (uint64_t)a->procedure << 8 |
				     (uint64_t)a->restarts << 4 | a->kind);
	}
	state_put(h, 0);
}
