/*
 * scenario_ops.c - one operation: from its text to struct op.
 *
 *	[name =] verb arg... key=value... flag...
 *	name = expression
 *	assert expression
 *
 * The text is cut into tokens that know where they stand; the verb's row in
 * the table says what each of them may be.
 */
#include "sim/loader/op_internal.h"

#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- tokens ------------------------------------------------------------ */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Lists of words may be long, everything else is short. */
static unsigned int tokens_max(const struct op_reader *r)
{
	enum verb verb;

	if (r->count && verb_find(r->tokens[0].text, &verb) &&
	    strchr(verb_table[verb].args, 'W'))
		return OP_TOKENS_MAX;
	return OP_TOKENS_USUAL;
}

/*
 * Cut @text, which begins at @offset of the node's text, at its blanks.
 * Returns false if there are too many pieces.
 */
static bool cut(struct op_reader *r, char *text, size_t offset)
{
	char *start = text;

	for (;;) {
		while (is_space(*text))
			text++;
		if (*text == '\0')
			return true;
		if (r->count == tokens_max(r))
			break;
		r->tokens[r->count].text = text;
		r->tokens[r->count++].offset = offset + (size_t)(text - start);
		while (*text && !is_space(*text))
			text++;
		if (*text)
			*text++ = '\0';
	}
	loader_error_in(r->l, r->node, offset + (size_t)(text - start),
			"too many words for one operation");
	return false;
}

/* ---- the whole --------------------------------------------------------- */

/* What stands before the first "=", if it is one word: the result's name. */
static char *result_name(struct op_reader *r, char *text, size_t *rest)
{
	size_t start = strspn(text, " \t\n");
	size_t end = start + strcspn(text + start, " \t\n=");
	size_t equals = end + strspn(text + end, " \t\n");

	if (text[equals] != '=' || end == start)
		return NULL;
	text[end] = '\0';
	*rest = equals + 1;
	r->tokens[0].text = text + start;
	r->tokens[0].offset = start;
	return text + start;
}

static void unknown_verb(struct op_reader *r, const struct op_token *t)
{
	const char *names[VERB_WRITTEN];

	for (unsigned int i = 0; i < VERB_WRITTEN; i++)
		names[i] = verb_table[i].name;
	loader_error_name(r->l, r->node, t->offset, "unknown operation",
			  t->text, names, COUNT(names));
}

static bool missing(struct op_reader *r, size_t offset)
{
	const char *left = r->verb->args + r->args;
	size_t args = strlen(r->verb->args);

	if (*left != '\0' && !strchr("avLW", *left))
		return op_usage_error(r, offset, "missing arguments");
	if ((r->verb->options & VERB_WAKE) &&
	    (r->op->args[args].kind == OPERAND_NONE ||
	     r->op->args[args + 1].kind == OPERAND_NONE))
		return op_usage_error(r, offset,
				      r->verb->options & VERB_WAKE_OP
					      ? "wake= and wake2= must be there"
					      : "wake= and move= must be "
						"there");
	return true;
}

/* The offset of mmap is known now, and the region it is in. */
static bool check_mmap(struct op_reader *r)
{
	const struct scenario_region *region;

	if (r->op->verb != VERB_MMAP)
		return true;
	if (!r->has_prot)
		r->op->prot = PROT_R | PROT_W;
	region = &r->l->s->regions[r->op->region];
	if (r->op->offset < (uint64_t)region->pages * PAGE_SIZE)
		return true;
	loader_error_in(r->l, r->node, r->offset_at,
			"the offset is beyond region '%s', which has %u "
			"page%s",
			region->name, region->pages,
			region->pages == 1 ? "" : "s");
	return false;
}

/* All tokens are looked at, so that each error is found. */
static bool read_operation(struct op_reader *r)
{
	const struct op_token *verb = &r->tokens[0];
	bool is_good = true;

	if (!verb_find(verb->text, &r->op->verb)) {
		unknown_verb(r, verb);
		return false;
	}
	r->verb = &verb_table[r->op->verb];
	if (r->op->verb == VERB_ASSERT)
		return false; /* only with a result, which it has not */
	for (unsigned int i = 1; i < r->count; i++)
		is_good &= op_read_token(r, &r->tokens[i]);
	return is_good && missing(r, verb->offset) && check_mmap(r) &&
	       op_check_signal(r, verb->offset) &&
	       op_check_futex(r, verb->offset);
}

/* Room for one more register: it doubles. */
static void make_room(struct loader *l, struct scenario_thread *t)
{
	uint32_t count = t->register_count;
	const char **registers;

	if (count & (count - 1))
		return;
	registers = pool_alloc(l->s->pool, (size_t)count * 2 + 1,
			       sizeof(*registers));
	if (count)
		memcpy(registers, t->registers, count * sizeof(*registers));
	t->registers = registers;
}

/* The register a result goes to; a name may be used again and again. */
static bool take_result(struct op_reader *r, const char *name, size_t offset)
{
	struct loader *l = r->l;
	struct scenario_thread *t = &l->s->threads[r->thread];
	struct name_index *names = loader_registers(l, r->thread);
	uint32_t word;

	if (!loader_new_name_in(l, r->node, offset, name, "result", false)) {
		names->is_incomplete = true;
		return false;
	}
	if (name_index_find(&l->words, name, &word)) {
		loader_error_in(l, r->node, offset,
				"'%s' is a word: give the result another name",
				name);
		return false;
	}
	if (name_index_find(names, name, &r->op->result))
		return true;
	make_room(l, t);
	r->op->result = t->register_count++;
	t->registers[r->op->result] = loader_copy(l, name);
	name_index_add(names, t->registers[r->op->result], r->op->result);
	return true;
}

/* ---- expressions ------------------------------------------------------- */

static bool is_operator(const char *text)
{
	static const char *const symbols[] = {
		"+", "-", "==", "!=", "<=", ">=", "<", ">"};

	for (size_t i = 0; i < COUNT(symbols); i++)
		if (strncmp(text, symbols[i], strlen(symbols[i])) == 0)
			return true;
	return false;
}

/*
 * Whether what stands behind "name =" computes something.  The word of an
 * operation is one wherever it stands; a word that is not known is meant to
 * be one, unless an operator follows.
 */
static bool is_expression(const struct op_reader *r, size_t rest)
{
	const struct name_index *results = loader_registers(r->l, r->thread);
	const char *text = r->node->text + rest;
	char name[SCENARIO_TEXT_MAX + 1];
	size_t length = 0;
	uint32_t index;
	enum verb verb;

	text += strspn(text, " \t\n");
	while (scalar_is_name_part(text[length]))
		length++;
	if (text[0] == '\0' || text[0] == '=')
		return false;
	if (!scalar_is_name_start(text[0]))
		return true;
	memcpy(name, text, length);
	name[length] = '\0';
	if (verb_find(name, &verb))
		return false;
	if (name_index_find(results, name, &index) || scalar_errno(name) ||
	    name_index_find(&r->l->words, name, &index))
		return true;
	text += length;
	text += strspn(text, " \t\n");
	return text[0] == '.' || text[0] == '(' || is_operator(text) ||
	       (results->is_incomplete && *text == '\0');
}

static bool read_expression(struct op_reader *r, size_t offset, enum verb verb)
{
	r->op->verb = verb;
	r->verb = &verb_table[verb];
	r->op->expr = parse_own(r->l, r->node, offset, r->thread,
				verb == VERB_ASSERT);
	return r->op->expr;
}

/* How many bytes "assert" and the blanks around it are, or 0. */
static size_t assert_length(const char *text)
{
	size_t start = strspn(text, " \t\n");
	size_t length = start + strlen("assert");

	if (strncmp(text + start, "assert", strlen("assert")) != 0 ||
	    scalar_is_name_part(text[length]))
		return 0;
	return length + strspn(text + length, " \t\n");
}

/* ---- the text of an operation ------------------------------------------ */

static bool read_scalar(struct op_reader *r)
{
	char *text = tree_alloc(&r->l->tree, r->node->length + 1);
	struct op_token result = {NULL, 0};
	size_t rest = 0;
	bool is_good;

	memcpy(text, r->node->text, r->node->length + 1);
	result.text = result_name(r, text, &rest);
	result.offset = r->tokens[0].offset;
	if (!result.text && assert_length(text))
		return read_expression(r, assert_length(text), VERB_ASSERT);
	if (result.text && is_expression(r, rest)) {
		is_good = read_expression(r, rest, VERB_ASSIGN);
		return take_result(r, result.text, result.offset) && is_good;
	}
	is_good = cut(r, text + rest, rest);
	if (is_good && r->count == 0) {
		loader_error_in(r->l, r->node, rest, "expected an operation");
		is_good = false;
	}
	is_good = is_good && read_operation(r);
	if (!result.text)
		return is_good;
	if (r->verb && !r->verb->has_result) {
		loader_error_in(r->l, r->node, result.offset,
				"`%s` has no result", r->verb->name);
		is_good = false;
	}
	return take_result(r, result.text, result.offset) && is_good;
}

/* The text on one line. */
static const char *one_line(struct loader *l, const struct tree_node *node)
{
	size_t start = strspn(node->text, " \t\n");
	size_t end = node->length;
	char *text;

	while (end > start && is_space(node->text[end - 1]))
		end--;
	text = (char *)pool_string(l->s->pool, node->text + start, end - start);
	for (char *c = text; *c; c++)
		if (is_space(*c))
			*c = ' ';
	return text;
}

bool load_op(struct loader *l, uint32_t thread, const struct tree_node *node,
	     struct op *op)
{
	struct op_reader r = {.l = l, .node = node, .thread = thread, .op = op};
	bool is_good;

	op->mark = node->mark;
	op->result = NOWHERE;
	op->region = NOWHERE;
	op->starts = NOWHERE;
	op->text = "";
	if (node->kind == TREE_LIST) {
		loader_error(l, node, "expected an operation, found a list");
	} else if (node->length > SCENARIO_TEXT_MAX) {
		loader_error(l, node,
			     "an operation of more than %u bytes "
			     "(SCENARIO_TEXT_MAX): shorten it",
			     SCENARIO_TEXT_MAX);
	} else if (node->kind == TREE_SCALAR) {
		op->text = one_line(l, node);
		is_good = read_scalar(&r);
		if (op->result == NOWHERE && !is_good && r.count == 0)
			loader_registers(l, thread)->is_incomplete = true;
		return is_good;
	}
	loader_registers(l, thread)->is_incomplete = true;
	return false;
}
