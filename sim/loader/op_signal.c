/*
 * op_signal.c - what the operations on signals take.
 *
 *	kill thread|process SIGNAL
 *	sigaction SIGNAL handler=PROCEDURE|ignore|default [restart]
 *	sigmask block|unblock|set [SIGNAL...]
 */
#include "sim/loader/op_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Source: signal(7); SIGCONT goes on, which is nothing where nobody stops. */
#define SIGTSTP_NUMBER 20u
#define SIGTTOU_NUMBER 22u

bool op_read_target(struct op_reader *r, const struct op_token *t)
{
	return loader_receiver(r->l, r->node, t->offset, t->text,
			       &r->op->signal.thread, &r->op->signal.process);
}

bool op_read_signal(struct op_reader *r, const struct op_token *t)
{
	r->signal_at = t->offset;
	return loader_signal(r->l, r->node, t->offset, t->text,
			     &r->op->signal.number);
}

bool op_read_how(struct op_reader *r, const struct op_token *t)
{
	static const char *const names[] = {
		[SIGNAL_BLOCK] = "block",
		[SIGNAL_UNBLOCK] = "unblock",
		[SIGNAL_SET] = "set",
	};

	for (unsigned int i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], t->text) == 0) {
			r->op->signal.how = i;
			return true;
		}
	}
	loader_error_name(r->l, r->node, t->offset,
			  "expected block, unblock or set, found", t->text,
			  names, COUNT(names));
	return false;
}

bool op_read_member(struct op_reader *r, const struct op_token *t)
{
	uint32_t number;

	if (!loader_signal(r->l, r->node, t->offset, t->text, &number))
		return false;
	r->op->signal.set |= SIGNAL_BIT(number);
	return true;
}

bool op_read_handler(struct op_reader *r, const struct op_token *t)
{
	struct op_signal *s = &r->op->signal;

	if (r->has_handler)
		return op_usage_error(r, t->offset, "a second handler");
	r->has_handler = true;
	s->action = SIGNAL_HANDLED;
	if (strcmp(t->text, "ignore") == 0)
		s->action = SIGNAL_IGNORED;
	else if (strcmp(t->text, "default") == 0)
		s->action = SIGNAL_BY_DEFAULT;
	if (s->action != SIGNAL_HANDLED)
		return true;
	if (t->text[0] == '\0')
		return op_usage_error(r, t->offset, "expected a procedure");
	s->handler = loader_find(r->l, &r->l->procedures, r->node, t->offset,
				 "procedure", t->text);
	return s->handler != NOWHERE;
}

static bool check_action(struct op_reader *r, size_t offset)
{
	const struct op_signal *s = &r->op->signal;

	if (!r->has_handler)
		return op_usage_error(r, offset, "handler= must be there");
	if (s->restarts && s->action != SIGNAL_HANDLED)
		return op_usage_error(r, offset,
				      "`restart` goes with a procedure");
	if (s->action != SIGNAL_BY_DEFAULT || s->number < SIGTSTP_NUMBER ||
	    s->number > SIGTTOU_NUMBER)
		return true;
	loader_error_in(r->l, r->node, r->signal_at,
			"the default of this signal stops the process, which "
			"this machine cannot: give it a handler or ignore it");
	return false;
}

bool op_check_signal(struct op_reader *r, size_t offset)
{
	if (r->op->verb == VERB_SIGACTION)
		return check_action(r, offset);
	return r->op->verb != VERB_KILL ||
	       !loader_stops(r->l, r->node, r->signal_at, r->op->signal.number);
}
