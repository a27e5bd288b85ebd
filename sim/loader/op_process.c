/*
 * op_process.c - what the operations of processes take.
 *
 *	fork PROCESS
 *	clone THREAD [ctid=W] [ptid=W]
 *	mmap ... [prot=P] [noreplace]
 */
#include "sim/loader/op_internal.h"

#include <string.h>

bool op_read_fork(struct op_reader *r, const struct op_token *t)
{
	r->op->args[0].col = tree_mark_at(&r->l->tree, r->node, t->offset).col;
	r->op->starts = loader_find(r->l, &r->l->processes, r->node, t->offset,
				    "process", t->text);
	return r->op->starts != NOWHERE;
}

bool op_read_clone(struct op_reader *r, const struct op_token *t)
{
	r->op->args[0].col = tree_mark_at(&r->l->tree, r->node, t->offset).col;
	r->op->starts = loader_find(r->l, &r->l->threads, r->node, t->offset,
				    "thread", t->text);
	return r->op->starts != NOWHERE;
}

bool op_read_tid_word(struct op_reader *r, const struct op_token *t,
		      bool is_parents)
{
	struct operand *o = &r->op->args[1 + is_parents];

	if (o->kind != OPERAND_NONE)
		return op_usage_error(r, t->offset, "given twice");
	return op_read_operand(r, t, true, o);
}

bool op_read_prot(struct op_reader *r, const struct op_token *t)
{
	if (r->has_prot)
		return op_usage_error(r, t->offset, "given twice");
	r->has_prot = true;
	return loader_prot(r->l, r->node, t->offset, t->text, &r->op->prot);
}
