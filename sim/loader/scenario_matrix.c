/*
 * scenario_matrix.c - `matrix`: profiles, and parameters that run through
 * several values.
 *
 * A combination of values is a scenario of its own: the text is read once for
 * each, and a value is given to each parameter as on the command line.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 24

/* ---- reading ----------------------------------------------------------- */

static const struct tree_node *profiles_of(const struct tree_node *matrix)
{
	const struct tree_node *n =
		matrix && matrix->kind == TREE_MAP ? matrix->first : NULL;

	while (n &&
	       (n->key->kind != TREE_SCALAR || strcmp(n->key->text, "profile")))
		n = n->next;
	return n;
}

static void find_twice(struct loader *l, const struct tree_node *list)
{
	for (const struct tree_node *a = list->first; a; a = a->next)
		for (const struct tree_node *b = list->first; b != a;
		     b = b->next)
			if (a->kind == TREE_SCALAR && b->kind == TREE_SCALAR &&
			    !strcmp(a->text, b->text)) {
				loader_error(l, a, "'%s' is there twice",
					     a->text);
				break;
			}
}

static bool is_bad_list(struct loader *l, const struct tree_node *list,
			const char *of)
{
	if (!loader_is_list(l, list, of))
		return true;
	if (list->count > SCENARIO_MATRIX_MAX)
		loader_error(
			l, list,
			"more than %u combinations (SCENARIO_MATRIX_MAX): "
			"take some values out, " RAISE(SCENARIO_MATRIX_MAX),
			SCENARIO_MATRIX_MAX);
	else if (!list->count)
		loader_error(l, list, "an empty list: the matrix has no runs");
	else
		find_twice(l, list);
	return !list->count || list->count > SCENARIO_MATRIX_MAX;
}

void load_matrix_profiles(struct loader *l, const struct tree_node *matrix,
			  const struct tree_node *profile)
{
	const struct tree_node *list = profiles_of(matrix);

	if (!list)
		return;
	if (profile)
		loader_error(l, profile->key,
			     "the profiles are in the matrix: take 'profile' "
			     "out here or there");
	if (!is_bad_list(l, list, "profiles"))
		loader_profiles(l, list, &l->s->profiles);
}

const char *matrix_value(struct loader *l, const char *name)
{
	const struct tree_node *n = l->matrix;

	if (!n || n->kind != TREE_MAP)
		return NULL;
	for (n = n->first; n; n = n->next)
		if (n->key->kind == TREE_SCALAR && !strcmp(n->key->text, name))
			break;
	if (!n || n->kind != TREE_LIST || !n->first ||
	    n->first->kind != TREE_SCALAR)
		return NULL;
	return n->first->text;
}

/* The values of one parameter; one that was given stands for all. */
static void load_axis(struct loader *l, const struct tree_node *list,
		      uint32_t param)
{
	struct scenario_matrix *m = &l->s->matrix;
	const struct param *p = &l->param_list[param];
	struct matrix_axis *axis;
	uint64_t bits = 0;

	if (is_bad_list(l, list, "values"))
		return;
	axis = &m->axes[m->axis_count++];
	axis->name = loader_copy(l, list->key->text);
	axis->values = pool_alloc(l->s->pool, list->count, sizeof(int64_t));
	for (const struct tree_node *n = list->first; n; n = n->next) {
		if (!loader_integer(l, n, INT64_MIN, INT64_MAX, &bits))
			continue;
		if ((int64_t)bits < p->min || (int64_t)bits > p->max)
			loader_error(l, n,
				     "%s must be from %" PRId64 " to %" PRId64,
				     axis->name, p->min, p->max);
		axis->values[axis->count++] = (int64_t)bits;
	}
	if (p->is_given) {
		axis->values[0] = p->value;
		axis->count = 1;
	}
	if (!axis->count)
		m->axis_count--;
	patch_list(l, list, p->text);
}

static void check_product(struct loader *l, const struct tree_node *matrix)
{
	struct scenario_matrix *m = &l->s->matrix;
	uint64_t product = l->s->profiles.count ? l->s->profiles.count : 1;
	uint64_t runs = product;

	for (uint32_t i = 0; i < m->axis_count; i++) {
		if (product <= SCENARIO_MATRIX_MAX)
			product *= m->axes[i].count;
	}
	if (product > SCENARIO_MATRIX_MAX)
		loader_error(
			l, matrix->key,
			"more than %u combinations (SCENARIO_MATRIX_MAX): "
			"take some values out, " RAISE(SCENARIO_MATRIX_MAX),
			SCENARIO_MATRIX_MAX);
	else
		m->combination_count = (uint32_t)(product / runs);
}

static void keep_given(struct loader *l)
{
	struct name_list *list = &l->s->matrix.given;

	list->items = pool_alloc(l->s->pool, l->given ? l->given->count : 0,
				 sizeof(char *));
	for (unsigned int i = 0; l->given && i < l->given->count; i++)
		list->items[list->count++] = loader_copy(l, l->given->items[i]);
}

void load_matrix(struct loader *l, const struct tree_node *node)
{
	struct scenario_matrix *m = &l->s->matrix;
	uint32_t param;

	m->combination_count = 1;
	l->s->combination = "";
	if (!node || !loader_is_map(l, node))
		return;
	m->is_given = true;
	m->text = l->s->source;
	m->text_size = l->s->source_size;
	m->axes = pool_alloc(l->s->pool, node->count, sizeof(*m->axes));
	for (const struct tree_node *n = node->first; n; n = n->next) {
		if (n->key->kind != TREE_SCALAR ||
		    !strcmp(n->key->text, "profile"))
			continue;
		if (name_index_find(&l->params, n->key->text, &param))
			load_axis(l, n, param);
		else if (!l->params.is_incomplete)
			loader_error_unknown(l, n->key, 0, "unknown parameter",
					     n->key->text, &l->params, NULL);
	}
	keep_given(l);
	check_product(l, node);
	if (m->axis_count) {
		char *name = scenario_combination_name(l->s, 0);

		l->s->combination = loader_copy(l, name);
		free(name);
	}
}

/* ---- combinations ------------------------------------------------------ */

/* The last axis changes first. */
static int64_t value_of(const struct scenario_matrix *m, uint32_t index,
			uint32_t axis)
{
	for (uint32_t i = m->axis_count; --i > axis;)
		index /= m->axes[i].count;
	return m->axes[axis].values[index % m->axes[axis].count];
}

char *scenario_combination_name(const struct scenario *s, uint32_t index)
{
	const struct scenario_matrix *m = &s->matrix;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (uint32_t i = 0; i < m->axis_count; i++)
		fprintf(out, "%s%s=%" PRId64, i ? ", " : "", m->axes[i].name,
			value_of(m, index, i));
	fclose(out);
	return text;
}

struct scenario *scenario_combination(const struct scenario *s, uint32_t index,
				      struct diagnostics *d)
{
	const struct scenario_matrix *m = &s->matrix;
	unsigned int count = m->given.count + m->axis_count;
	char(*values)[SCENARIO_NAME_MAX + VALUE_MAX + 2] =
		calloc(m->axis_count + 1, sizeof(*values));
	const char **items = calloc(count + 1, sizeof(*items));
	const struct scenario_params params = {items, count};
	struct scenario *combination;

	if (!values || !items)
		abort();
	for (uint32_t i = 0; i < m->given.count; i++)
		items[i] = m->given.items[i];
	for (uint32_t i = 0; i < m->axis_count; i++) {
		snprintf(values[i], sizeof(values[i]), "%s=%" PRId64,
			 m->axes[i].name, value_of(m, index, i));
		items[m->given.count + i] = values[i];
	}
	combination =
		scenario_parse_with(s->path, m->text, m->text_size, &params, d);
	free(items);
	free(values);
	return combination;
}
