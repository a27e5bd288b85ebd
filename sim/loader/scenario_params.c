/*
 * scenario_params.c - the parameters of a scenario, and their values wherever
 * ${name} stands.
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

/* Put the value that was given in the place of the default. */
static void patch_source(struct loader *l, const struct tree_node *node,
			 const char *text, size_t *shift)
{
	struct scenario *s = l->s;
	size_t start = node->start + *shift, end = node->end + *shift;
	size_t length = strlen(text);
	size_t size = s->source_size - (end - start) + length;
	char *source = pool_alloc(s->pool, 1, size + 1);

	memcpy(source, s->source, start);
	memcpy(source + start, text, length);
	memcpy(source + start + length, s->source + end, s->source_size - end);
	s->source = source;
	s->source_size = size;
	*shift += length - (node->end - node->start);
}

static void load_param(struct loader *l, const struct tree_node *node,
		       uint32_t index, size_t *shift)
{
	const struct tree_node *values[COUNT(param_fields)];
	const char *given = given_value(l, node->key->text);
	int64_t min = INT64_MIN, max = INT64_MAX;
	uint64_t bits = 0;
	char *text = tree_alloc(&l->tree, VALUE_MAX);

	l->param_texts[index] = text;
	strcpy(text, "0");
	if (!loader_fields(l, node, param_fields, COUNT(param_fields),
			   values) ||
	    !loader_integer(l, values[MIN], INT64_MIN, INT64_MAX,
			    (uint64_t *)&min) ||
	    !loader_integer(l, values[MAX], INT64_MIN, INT64_MAX,
			    (uint64_t *)&max))
		return;
	if (min > max)
		loader_error(l, node, "min is greater than max");
	else if (!values[DEFAULT] ||
		 !loader_integer(l, values[DEFAULT], INT64_MIN, INT64_MAX,
				 &bits))
		return;
	else if ((int64_t)bits < min || (int64_t)bits > max)
		loader_error(l, values[DEFAULT],
			     "the default is %s: it must be from %" PRId64
			     " to %" PRId64,
			     values[DEFAULT]->text, min, max);
	else if (given && take_given(l, node->key, given, min, max, &bits)) {
		snprintf(text, VALUE_MAX, "%" PRId64, (int64_t)bits);
		patch_source(l, values[DEFAULT], text, shift);
	}
	snprintf(text, VALUE_MAX, "%" PRId64, (int64_t)bits);
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

static void declare_params(struct loader *l, const struct tree_node *map)
{
	size_t shift = 0;

	if (map->count > SCENARIO_PARAMS_MAX) {
		loader_error(l, map,
			     "more than %u parameters (SCENARIO_PARAMS_MAX): "
			     "take some out",
			     SCENARIO_PARAMS_MAX);
		l->params.is_incomplete = true;
		return;
	}
	l->param_texts =
		tree_alloc(&l->tree, (map->count + 1) * sizeof(char *));
	for (const struct tree_node *n = map->first; n; n = n->next) {
		uint32_t index = l->params.count;

		if (!loader_new_name(l, n->key, "parameter", true))
			l->params.is_incomplete = true;
		else if (name_index_add(&l->params, n->key->text, index))
			load_param(l, n, index, &shift);
	}
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
	return index == NOWHERE ? NULL : l->param_texts[index];
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

/* No deeper than the tree is. */
static void fill(struct loader *l, struct tree_node *node)
{
	bool is_key_patched = false;

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
	if (node && loader_is_map(l, node))
		declare_params(l, node);
	else if (node)
		l->params.is_incomplete = true;
	check_given(l);
	if (!strstr(l->s->source, "${"))
		return;
	for (struct tree_node *n = l->tree.root->first; n; n = n->next)
		if (n != node)
			fill(l, n);
}
