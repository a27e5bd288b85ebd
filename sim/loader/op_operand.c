/*
 * op_operand.c - the operands and options of an operation.
 */
#include "sim/loader/op_internal.h"

#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct mark mark_of(const struct op_reader *r, size_t offset)
{
	return tree_mark_at(&r->l->tree, r->node, offset);
}

/* ---- operands ---------------------------------------------------------- */

static bool wrong_number(struct op_reader *r, const struct op_token *t,
			 const char *wanted, enum scalar_result result)
{
	if (result == SCALAR_TOO_BIG)
		loader_error_in(r->l, r->node, t->offset,
				"'%s' does not fit into 64 bits", t->text);
	else if (t->text[0] == '\0')
		loader_error_in(r->l, r->node, t->offset,
				"expected %s, found nothing", wanted);
	else
		loader_error_in(r->l, r->node, t->offset,
				"expected %s, found '%s'", wanted, t->text);
	return false;
}

/* Digits or a minus: a number and nothing else. */
static bool read_number(struct op_reader *r, const struct op_token *t,
			const char *wanted, uint64_t *bits)
{
	struct number number;
	enum scalar_result result = scalar_integer(t->text, &number);

	if (result != SCALAR_OK)
		return wrong_number(r, t, wanted, result);
	*bits = number.bits;
	return true;
}

/* The "+4" of "W+4". */
static bool read_displacement(struct op_reader *r, const struct op_token *t,
			      const char *text, int64_t *value)
{
	struct op_token rest = {(char *)text + 1,
				t->offset + (size_t)(text - t->text) + 1};
	uint64_t bits = 0;

	if (text[1] == '-')
		return wrong_number(r, &rest, "a number", SCALAR_OTHER);
	if (!read_number(r, &rest, "a number", &bits))
		return false;
	*value = (int64_t)(*text == '-' ? -bits : bits);
	return true;
}

static bool unknown_name(struct op_reader *r, const struct op_token *t,
			 const char *name, bool is_address)
{
	struct loader *l = r->l;
	const struct name_index *results = loader_registers(l, r->thread);

	if (!scalar_is_name(name, false))
		wrong_number(r, t,
			     is_address ? "a word, result or address"
					: "a number or result",
			     SCALAR_OTHER);
	else if (results->is_incomplete ||
		 (is_address && l->words.is_incomplete))
		return false;
	else if (is_address)
		loader_error_unknown(l, r->node, t->offset,
				     "unknown word or result", name, &l->words,
				     results);
	else
		loader_error_unknown(l, r->node, t->offset, "unknown result",
				     name, results, NULL);
	return false;
}

static bool read_name(struct op_reader *r, const struct op_token *t,
		      bool is_address, struct operand *o)
{
	size_t length = strcspn(t->text, "+-");
	char name[SCENARIO_TEXT_MAX + 1];
	struct loader *l = r->l;

	memcpy(name, t->text, length);
	name[length] = '\0';
	if (name_index_find(loader_registers(l, r->thread), name, &o->index)) {
		o->kind = OPERAND_REGISTER;
	} else if (!name_index_find(&l->words, name, &o->index)) {
		return unknown_name(r, t, name, is_address);
	} else if (is_address) {
		o->kind = OPERAND_WORD;
	} else {
		loader_error_in(l, r->node, t->offset,
				"'%s' is a word; here stands a number or the "
				"name of a result",
				name);
		return false;
	}
	return t->text[length] == '\0' ||
	       read_displacement(r, t, t->text + length, &o->value);
}

bool op_read_operand(struct op_reader *r, const struct op_token *t,
		     bool is_address, struct operand *o)
{
	uint64_t bits = 0;

	o->col = mark_of(r, t->offset).col;
	if (scalar_is_name_start(t->text[0]))
		return read_name(r, t, is_address, o);
	if (!read_number(r, t,
			 is_address ? "a word, result or address"
				    : "a number or result",
			 &bits))
		return false;
	o->kind = OPERAND_INTEGER;
	o->value = (int64_t)bits;
	return true;
}

static bool read_region(struct op_reader *r, const struct op_token *t)
{
	r->op->region = loader_find(r->l, &r->l->regions, r->node, t->offset,
				    "region", t->text);
	return r->op->region != NOWHERE;
}

static bool read_procedure(struct op_reader *r, const struct op_token *t)
{
	r->op->procedure = loader_find(r->l, &r->l->procedures, r->node,
				       t->offset, "procedure", t->text);
	return r->op->procedure != NOWHERE;
}

static bool read_mark(struct op_reader *r, const struct op_token *t)
{
	if (!loader_new_name_in(r->l, r->node, t->offset, t->text, "mark",
				true))
		return false;
	r->op->name = loader_copy(r->l, t->text);
	return true;
}

bool op_usage_error(struct op_reader *r, size_t offset, const char *what)
{
	const char *usage = r->verb->usage;

	loader_error_in(r->l, r->node, offset, "%s: %s%s%s", what,
			r->verb->name, *usage ? " " : "", usage);
	return false;
}

static bool read_timeout(struct op_reader *r, const struct op_token *t);

static bool read_argument(struct op_reader *r, const struct op_token *t)
{
	struct op *op = r->op;

	switch (r->verb->args[r->args]) {
	case '\0':
		return op_usage_error(r, t->offset, "too many arguments");
	case 'R':
		r->args++;
		return read_region(r, t);
	case 'P':
		r->args++;
		return loader_prot(r->l, r->node, t->offset, t->text,
				   &op->prot);
	case 'M':
		r->args++;
		return read_mark(r, t);
	case 'C':
		r->args++;
		return read_procedure(r, t);
	case 'T':
		r->args++;
		return op_read_target(r, t);
	case 'F':
		r->args++;
		return op_read_fork(r, t);
	case 'K':
		r->args++;
		return op_read_clone(r, t);
	case 'S':
		r->args++;
		return op_read_signal(r, t);
	case 'B':
		r->args++;
		return op_read_how(r, t);
	case 'L':
		return op_read_member(r, t);
	case 'W':
		return op_read_word(r, t);
	case 'D':
		r->args++;
		return read_timeout(r, t);
	default:
		r->args++;
		return op_read_operand(
			r, t, strchr("Aa", r->verb->args[r->args - 1]) != NULL,
			&op->args[r->args - 1]);
	}
}

/* ---- options ----------------------------------------------------------- */

static const struct option {
	const char *name; /* with = if a value follows */
	unsigned int bit;
} options[] = {
	{"private", VERB_PRIVATE},  {"realtime", VERB_REALTIME},
	{"plain", VERB_PLAIN},	    {"lazy", VERB_LAZY},
	{"timeout=", VERB_TIMEOUT}, {"until=", VERB_UNTIL},
	{"wake=", VERB_WAKE},	    {"move=", VERB_WAKE_MOVE},
	{"wake2=", VERB_WAKE_OP},   {"op=", VERB_WAKE_OP},
	{"cmp=", VERB_WAKE_OP},	    {"flags=", VERB_WAITV},
	{"clock=", VERB_WAITV},	    {"offset=", VERB_OFFSET},
	{"handler=", VERB_HANDLER}, {"restart", VERB_RESTART},
	{"prot=", VERB_PROT},	    {"noreplace", VERB_NOREPLACE},
	{"ctid=", VERB_TID_WORDS},  {"ptid=", VERB_TID_WORDS},
};

static bool read_timeout(struct op_reader *r, const struct op_token *t)
{
	struct op *op = r->op;
	enum scalar_result result;
	uint64_t ns;

	if (op->timeout != TIMEOUT_NONE)
		return op_usage_error(r, t->offset, "a second timeout");
	if (strcmp(t->text, "bad") == 0) {
		op->timeout = TIMEOUT_BAD;
		return true;
	}
	if (strchr(t->text, ':')) {
		op->timeout = TIMEOUT_RAW;
		result = scalar_timespec(t->text, &op->timeout_sec,
					 &op->timeout_nsec);
		return result == SCALAR_OK ||
		       wrong_number(r, t, "SEC:NSEC", result);
	}
	op->timeout = TIMEOUT_DURATION;
	if (t->text[0] == '\0')
		return wrong_number(r, t, "a duration such as 10ms",
				    SCALAR_OTHER);
	if (!loader_duration_text(r->l, r->node, t->offset, t->text, &ns))
		return false;
	op->timeout_sec = (int64_t)(ns / 1000000000);
	op->timeout_nsec = (int64_t)(ns % 1000000000);
	return true;
}

/* wake=, move= and wake2= come after the positional arguments. */
static bool read_count(struct op_reader *r, const struct op_token *t,
		       bool is_second)
{
	struct operand *o = &r->op->args[strlen(r->verb->args) + is_second];

	if (o->kind != OPERAND_NONE)
		return op_usage_error(r, t->offset, "given twice");
	return op_read_operand(r, t, false, o);
}

/* flags= and clock= of futex_waitv, as the kernel is to see them. */
static bool read_raw(struct op_reader *r, const struct op_token *t,
		     bool is_clock)
{
	uint64_t bits = 0;

	if (!read_number(r, t, "a number", &bits))
		return false;
	r->op->has_word_flags |= !is_clock;
	r->op->has_clock |= is_clock;
	*(is_clock ? &r->op->clock : &r->op->word_flags) = (uint32_t)bits;
	return true;
}

static bool read_offset(struct op_reader *r, const struct op_token *t)
{
	r->offset_at = t->offset;
	if (!read_number(r, t, "a number of bytes", &r->op->offset))
		return false;
	if (r->op->offset % PAGE_SIZE == 0)
		return true;
	loader_error_in(r->l, r->node, t->offset,
			"%s is not a multiple of the page size, %u", t->text,
			PAGE_SIZE);
	return false;
}

static bool wrong_option(struct op_reader *r, const struct op_token *t,
			 const struct option *o)
{
	if (o->bit == VERB_UNTIL && (r->verb->options & VERB_TIMEOUT))
		loader_error_in(r->l, r->node, t->offset,
				"`%s` takes timeout=, which is relative; "
				"until= belongs to futex_wait_bitset",
				r->verb->name);
	else
		loader_error_in(r->l, r->node, t->offset,
				"`%s` does not take '%s'", r->verb->name,
				o->name);
	return false;
}

static bool apply_option(struct op_reader *r, const struct op_token *t,
			 const struct option *o)
{
	size_t length = strlen(o->name);
	struct op_token value = {t->text + length, t->offset + length};

	switch ((enum verb_option)o->bit) {
	case VERB_PRIVATE:
		r->op->is_private = true;
		return true;
	case VERB_REALTIME:
		r->op->is_realtime = true;
		return true;
	case VERB_PLAIN:
		r->op->is_plain = true;
		return true;
	case VERB_LAZY:
		r->op->lazy = true;
		return true;
	case VERB_TIMEOUT:
	case VERB_UNTIL:
		return read_timeout(r, &value);
	case VERB_WAKE:
		return read_count(r, &value, false);
	case VERB_WAKE_MOVE:
		return read_count(r, &value, true);
	case VERB_WAKE_OP:
		if (o->name[0] == 'o')
			return op_read_operation(r, &value);
		if (o->name[0] == 'c')
			return op_read_comparison(r, &value);
		return read_count(r, &value, true);
	case VERB_WAITV:
		return read_raw(r, &value, o->name[0] == 'c');
	case VERB_OFFSET:
		return read_offset(r, &value);
	case VERB_PROT:
		return op_read_prot(r, &value);
	case VERB_NOREPLACE:
		r->op->keeps = true;
		return true;
	case VERB_TID_WORDS:
		return op_read_tid_word(r, &value, o->name[0] == 'p');
	case VERB_HANDLER:
		return op_read_handler(r, &value);
	case VERB_RESTART:
		r->op->signal.restarts = true;
		return true;
	}
	return false;
}

/* The option that the token is or begins with, or NULL. */
static const struct option *option_of(const struct op_token *t)
{
	for (size_t i = 0; i < COUNT(options); i++) {
		size_t length = strlen(options[i].name);

		if (strncmp(t->text, options[i].name, length) == 0 &&
		    (options[i].name[length - 1] == '=' ||
		     t->text[length] == '\0'))
			return &options[i];
	}
	return NULL;
}

static bool unknown_option(struct op_reader *r, const struct op_token *t)
{
	const char *names[COUNT(options)];
	unsigned int count = 0;

	for (size_t i = 0; i < COUNT(options); i++)
		if (options[i].bit & r->verb->options)
			names[count++] = options[i].name;
	t->text[strcspn(t->text, "=") + 1] = '\0';
	loader_error_name(r->l, r->node, t->offset, "unknown option", t->text,
			  names, count);
	return false;
}

bool op_read_token(struct op_reader *r, const struct op_token *t)
{
	const struct option *o = option_of(t);

	if (!o)
		return strchr(t->text, '=') ? unknown_option(r, t)
					    : read_argument(r, t);
	if (!(o->bit & r->verb->options))
		return wrong_option(r, t, o);
	return apply_option(r, t, o);
}
