/*
 * scenario_params.c - the parameters of a scenario and of what it includes, and
 * their values wherever ${name} stands.
 *
 * The tree is changed before anything else is read from it, so the rest of the
 * loader knows nothing of parameters; each patched scalar still knows where
 * its bytes stand in the file.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VALUE_MAX 24

/* ---- params: {n: {default: 2, min: 1, max: 8}} ------------------------- */

enum {
	DEFAULT,
	MIN,
	MAX
};

static const struct field param_fields[] = {
	[DEFAULT] = {"default", FIELD_REQUIRED},
	[MIN] = {"min", 0},
	[MAX] = {"max", 0},
};

/* What was given for it last, or NULL. */
static const char *given_value(const struct loader *l, const char *name)
{
	size_t length = strlen(name);
	const char *value = NULL;

	for (unsigned int i = 0; l->given && i < l->given->count; i++) {
		const char *item = l->given->items[i];

		if (strncmp(item, name, length) == 0 && item[length] == '=')
			value = item + length + 1;
	}
	return value;
}

static bool take_given(struct loader *l, const struct tree_node *key,
		       const char *text, int64_t min, int64_t max,
		       uint64_t *bits)
{
	struct number number;

	if (scalar_integer(text, &number) != SCALAR_OK) {
		loader_error(l, key,
			     "the value given for '%s' is '%s', not an integer",
			     key->text, text);
		return false;
	}
	*bits = number.bits;
	if (number_is_within(number, min, (uint64_t)max))
		return true;
	loader_error(l, key,
		     "the value given for '%s' is %s: it must be from %" PRId64
		     " to %" PRId64,
		     key->text, text, min, max);
	return false;
}

/* Its limits and its default.  Returns whether they are good. */
static bool load_limits(struct loader *l, const struct tree_node *node,
			const struct tree_node **values, struct param *p)
{
	uint64_t bits = 0;

	if (!loader_fields(l, node, param_fields, COUNT(param_fields),
			   values) ||
	    !loader_integer(l, values[MIN], INT64_MIN, INT64_MAX,
			    (uint64_t *)&p->min) ||
	    !loader_integer(l, values[MAX], INT64_MIN, INT64_MAX,
			    (uint64_t *)&p->max))
		return false;
	if (p->min > p->max) {
		loader_error(l, node, "min is greater than max");
		return false;
	}
	if (!values[DEFAULT] ||
	    !loader_integer(l, values[DEFAULT], INT64_MIN, INT64_MAX, &bits))
		return false;
	p->value = (int64_t)bits;
	if (p->value < p->min || p->value > p->max)
		loader_error(l, values[DEFAULT],
			     "the default is %s: it must be from %" PRId64
			     " to %" PRId64,
			     values[DEFAULT]->text, p->min, p->max);
	return p->value >= p->min && p->value <= p->max;
}

/* The first value in the matrix, if it is one: load_matrix checks it. */
static bool take_from_matrix(struct loader *l, const char *name,
			     const struct param *p, int64_t *value)
{
	const char *text = matrix_value(l, name);
	struct number number;

	if (!text || scalar_integer(text, &number) != SCALAR_OK ||
	    !number_is_within(number, p->min, (uint64_t)p->max))
		return false;
	*value = (int64_t)number.bits;
	return true;
}

static void load_param(struct loader *l, const struct tree_node *node,
		       struct param *p)
{
	const struct tree_node *values[COUNT(param_fields)];
	const char *given = given_value(l, node->key->text);
	char *text = tree_alloc(&l->tree, VALUE_MAX);
	uint64_t bits = 0;
	bool is_good;

	*p = (struct param){node->key->mark, text,	0,
			    INT64_MIN,	     INT64_MAX, false};
	is_good = load_limits(l, node, values, p);
	if (is_good && given)
		p->is_given =
			take_given(l, node->key, given, p->min, p->max, &bits);
	if (p->is_given)
		p->value = (int64_t)bits;
	snprintf(text, VALUE_MAX, "%" PRId64, p->value);
	if (p->is_given ||
	    (is_good && !given &&
	     take_from_matrix(l, node->key->text, p, &p->value))) {
		snprintf(text, VALUE_MAX, "%" PRId64, p->value);
		patch_text(l, values[DEFAULT]->start, values[DEFAULT]->end,
			   text);
	}
}

/* Names that were given and are no parameters. */
static void check_given(struct loader *l)
{
	char name[SCENARIO_NAME_MAX + 1];
	struct tree_node file = {.kind = TREE_BROKEN};
	uint32_t index;

	for (unsigned int i = 0; l->given && i < l->given->count; i++) {
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(l->given->items[i], "="),
			 l->given->items[i]);
		if (!l->params.is_incomplete &&
		    !name_index_find(&l->params, name, &index))
			loader_error_unknown(l, &file, 0, "unknown parameter",
					     name, &l->params, NULL);
	}
}

/* Another file, or this one twice, which has been said. */
static void say_twice(struct loader *l, const struct tree_node *key)
{
	struct mark mark, own = key->mark;
	const char *place;
	uint32_t index;

	name_index_find(&l->params, key->text, &index);
	mark = l->param_list[index].mark;
	place = scenario_place(l->s, &mark.line);
	if (place != scenario_place(l->s, &own.line))
		loader_error(l, key,
			     "there is a parameter '%s' already, on line %d of "
			     "%s",
			     key->text, mark.line, place);
}

static void declare_params(struct loader *l, const struct tree_node *map)
{
	for (const struct tree_node *n = map->first; n; n = n->next) {
		uint32_t index = l->params.count;

		if (!loader_new_name(l, n->key, "parameter", true))
			l->params.is_incomplete = true;
		else if (strcmp(n->key->text, "profile") == 0 && l->matrix)
			loader_error(l, n->key,
				     "'profile' stands for the profiles in a "
				     "matrix: give the parameter another name");
		else if (name_index_add(&l->params, n->key->text, index))
			load_param(l, n, &l->param_list[index]);
		else
			say_twice(l, n->key);
	}
}

/* Of the scenario, or of a file that it includes. */
static void declare_map(struct loader *l, const struct tree_node *node)
{
	if (!node)
		return;
	if (loader_is_map(l, node))
		declare_params(l, node);
	else
		l->params.is_incomplete = true;
}

/* Room for all of them.  Returns false if there are too many. */
static bool make_room(struct loader *l, const struct tree_node *node)
{
	uint64_t count = node ? node->count : 0;

	for (uint32_t i = 0; i < l->included_count; i++)
		if (l->included[i].params)
			count += l->included[i].params->count;
	if (count <= SCENARIO_PARAMS_MAX) {
		l->param_list = tree_alloc(
			&l->tree, (count + 1) * sizeof(*l->param_list));
		return true;
	}
	loader_error(l, node ? node : l->tree.root,
		     "more than %u parameters (SCENARIO_PARAMS_MAX): take some "
		     "out",
		     SCENARIO_PARAMS_MAX);
	l->params.is_incomplete = true;
	return false;
}

/* ---- ${name} ----------------------------------------------------------- */

/* A text that grows, and where it differs from the file. */
struct filling {
	struct loader *l;
	struct tree_node *node;
	char *text;
	size_t length;
	struct tree_patch *patches;
	unsigned int count;
};

static void append(struct filling *f, const char *text, size_t length)
{
	memcpy(f->text + f->length, text, length);
	f->length += length;
}

/* The value of what stands between the braces; NULL after an error. */
static const char *value_at(struct filling *f, const char *name, size_t length)
{
	struct loader *l = f->l;
	const char *copy = pool_string(l->tree.memory, name, length);
	size_t offset = (size_t)(name - f->node->text);
	uint32_t index;

	if (name[length] != '}') {
		loader_error_in(l, f->node, offset,
				"a } is missing: write ${name}");
		return NULL;
	}
	index = loader_find(l, &l->params, f->node, offset, "parameter", copy);
	return index == NOWHERE ? NULL : l->param_list[index].text;
}

static bool fill_text(struct filling *f)
{
	const char *text = f->node->text, *next;
	const char *end = text + f->node->length;
	bool is_good = true;

	while ((next = strstr(text, "${"))) {
		size_t length = strcspn(next + 2, "} \t\n");
		const char *value = value_at(f, next + 2, length);

		append(f, text, (size_t)(next - text));
		text = next + 2 + length + (next[2 + length] == '}');
		is_good &= value != NULL;
		if (!value)
			continue;
		f->patches[f->count++] = (struct tree_patch){
			f->length, strlen(value), (size_t)(text - next)};
		append(f, value, strlen(value));
	}
	append(f, text, (size_t)(end - text));
	return is_good;
}

static void fill_scalar(struct loader *l, struct tree_node *node)
{
	struct filling f = {.l = l, .node = node};
	size_t pieces = 0;

	if (node->kind != TREE_SCALAR)
		return;
	for (const char *c = node->text; (c = strstr(c, "${")); c += 2)
		pieces++;
	if (!pieces)
		return;
	f.text = tree_alloc(&l->tree, node->length + pieces * VALUE_MAX + 1);
	f.patches = tree_alloc(&l->tree, pieces * sizeof(*f.patches));
	if (!fill_text(&f)) {
		node->kind = TREE_BROKEN;
		return;
	}
	node->text = f.text;
	node->length = f.length;
	node->patches = f.patches;
	node->patch_count = f.count;
}

/* Where values are said, none is put in. */
static bool says_values(const struct loader *l, const struct tree_node *node)
{
	if (node == l->matrix)
		return true;
	for (uint32_t i = 0; i < l->included_count; i++)
		if (l->included[i].params == node)
			return true;
	return false;
}

/* No deeper than the tree is. */
static void fill(struct loader *l, struct tree_node *node)
{
	bool is_key_patched = false;

	if (says_values(l, node))
		return;
	fill_scalar(l, node);
	for (struct tree_node *n = node->first; n; n = n->next) {
		if (n->key) {
			fill_scalar(l, n->key);
			is_key_patched |= n->key->patch_count > 0;
		}
		fill(l, n);
	}
	if (is_key_patched)
		tree_check_keys(node, l->d);
}

void load_params(struct loader *l, const struct tree_node *node)
{
	if (make_room(l, node)) {
		declare_map(l, node);
		for (uint32_t i = 0; i < l->included_count; i++)
			declare_map(l, l->included[i].params);
	}
	check_given(l);
	if (!strstr(l->s->source, "${"))
		return;
	for (struct tree_node *n = l->tree.root->first; n; n = n->next)
		if (n != node)
			fill(l, n);
}
