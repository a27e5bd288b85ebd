/*
 * op_futex.c - what futex_wake_op and futex_waitv take besides words and
 * counts.
 *
 *	op=add:1 op=or:3:shift cmp=lt:-1	the encoded word of
 *FUTEX_WAKE_OP W v [W v ...]				the words of futex_waitv
 */
#include "sim/loader/op_internal.h"

#include <stdio.h>
#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Both by their numbers in the encoding. */
static const char *const operations[] = {"set", "add", "or", "andn", "xor"};
static const char *const comparisons[] = {"eq", "ne", "lt", "le", "gt", "ge"};

#define OP_SHIFT 8u /* the operand is a power of two */

/* ---- op= and cmp= ------------------------------------------------------ */

/* The number of the name before the colon. */
static bool read_kind(struct op_reader *r, const struct op_token *t,
		      const char *what, const char *const *names,
		      unsigned int count, uint32_t *number)
{
	size_t length = strcspn(t->text, ":");
	char name[SCENARIO_TEXT_MAX + 1];

	memcpy(name, t->text, length);
	name[length] = '\0';
	for (*number = 0; *number < count; (*number)++)
		if (strcmp(names[*number], name) == 0)
			return true;
	loader_error_name(r->l, r->node, t->offset, what, name, names, count);
	return false;
}

/* Twelve bits, with a sign or without. */
static bool read_operand12(struct op_reader *r, const struct op_token *t,
			   uint32_t *bits)
{
	struct number number;
	enum scalar_result result = scalar_integer(t->text, &number);

	if (result == SCALAR_OK && (int64_t)number.bits >= -2048 &&
	    (int64_t)number.bits <= 4095) {
		*bits = (uint32_t)number.bits & 0xfff;
		return true;
	}
	loader_error_in(r->l, r->node, t->offset,
			"expected a number of twelve bits, -2048 to 4095, "
			"found '%s'",
			t->text);
	return false;
}

/* What stands behind the colon; @t is moved there. */
static bool skip_kind(struct op_reader *r, struct op_token *t)
{
	size_t length = strcspn(t->text, ":");

	if (t->text[length] != ':')
		return op_usage_error(r, t->offset + length,
				      "expected ':' and a number");
	t->text += length + 1;
	t->offset += length + 1;
	return true;
}

/* Takes ":shift" off the end. */
static bool take_shift(struct op_token *t)
{
	char *colon = strchr(t->text, ':');

	if (!colon || strcmp(colon, ":shift") != 0)
		return false;
	*colon = '\0';
	return true;
}

bool op_read_operation(struct op_reader *r, const struct op_token *t)
{
	struct op_token rest = *t;
	uint32_t number, bits;
	bool is_shift;

	if (r->has_operation)
		return op_usage_error(r, t->offset, "given twice");
	r->has_operation = true;
	if (!read_kind(r, t, "unknown operation on a word", operations,
		       COUNT(operations), &number) ||
	    !skip_kind(r, &rest))
		return false;
	is_shift = take_shift(&rest);
	if (!read_operand12(r, &rest, &bits))
		return false;
	r->op->wake_op |= (number | (is_shift ? OP_SHIFT : 0)) << 28;
	r->op->wake_op |= bits << 12;
	return true;
}

bool op_read_comparison(struct op_reader *r, const struct op_token *t)
{
	struct op_token rest = *t;
	uint32_t number, bits;

	if (r->has_comparison)
		return op_usage_error(r, t->offset, "given twice");
	r->has_comparison = true;
	if (!read_kind(r, t, "unknown comparison", comparisons,
		       COUNT(comparisons), &number) ||
	    !skip_kind(r, &rest) || !read_operand12(r, &rest, &bits))
		return false;
	r->op->wake_op |= number << 24 | bits;
	return true;
}

/* ---- futex_waitv ------------------------------------------------------- */

bool op_read_word(struct op_reader *r, const struct op_token *t)
{
	struct op *op = r->op;
	uint32_t index = op->more_count;

	if (index == 2 * OP_WORDS_MAX) {
		loader_error_in(r->l, r->node, t->offset,
				"more than %u words (OP_WORDS_MAX): take some "
				"away",
				OP_WORDS_MAX);
		return false;
	}
	if (!op->more)
		op->more =
			pool_alloc(r->l->s->pool, r->count, sizeof(*op->more));
	op->more_count++;
	return op_read_operand(r, t, index % 2 == 0, &op->more[index]);
}

bool op_check_futex(struct op_reader *r, size_t offset)
{
	if ((r->verb->options & VERB_WAKE_OP) &&
	    (!r->has_operation || !r->has_comparison))
		return op_usage_error(r, offset, "op= and cmp= must be there");
	if (r->op->more_count % 2)
		return op_usage_error(r, offset, "a word without a value");
	return true;
}
