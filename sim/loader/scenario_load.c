/*
 * scenario_load.c - a scenario file as a whole: its text, its top-level keys,
 * and what is said about it in a line each.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/quirks.h"
#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FUTEXSIM,
	NAME,
	SUMMARY,
	TAGS,
	REFS,
	PROFILE,
	QUIRKS,
	IGNORE,
	MEMORY,
	KERNEL,
	PROCESSES,
	THREADS,
	SCHEDULE,
	SCHEDULES,
	EXPLORE,
	EXPECT,
	EXPECTED_BUG,
	DIAGRAM,
	PARAMS,
	MATRIX,
	INCLUDE,
	INCLUDED,
	PROCEDURES,
	RECORDED,
};

static const struct field top_fields[] = {
	[FUTEXSIM] = {"futexsim", 0}, /* load_version reports it */
	[NAME] = {"name", FIELD_REQUIRED},
	[SUMMARY] = {"summary", 0},
	[TAGS] = {"tags", 0},
	[REFS] = {"refs", 0},
	[PROFILE] = {"profile", 0},
	[QUIRKS] = {"quirks", 0},
	[IGNORE] = {"ignore", 0},
	[MEMORY] = {"memory", 0},
	[KERNEL] = {"kernel", 0},
	[PROCESSES] = {"processes", 0},
	[THREADS] = {"threads", FIELD_REQUIRED},
	[SCHEDULE] = {"schedule", 0},
	[SCHEDULES] = {"schedules", 0},
	[EXPLORE] = {"explore", 0},
	[EXPECT] = {"expect", 0},
	[EXPECTED_BUG] = {"expected_bug", 0},
	[DIAGRAM] = {"diagram", 0},
	[PARAMS] = {"params", 0},
	[MATRIX] = {"matrix", 0},
	[INCLUDE] = {"include", 0},
	[INCLUDED] = {"included", 0},
	[PROCEDURES] = {"procedures", 0},
	[RECORDED] = {"recorded", 0},
};

/* ---- version, name, texts ---------------------------------------------- */

/* A file of another version is not looked at any further. */
bool load_version(struct loader *l, const struct tree_node *root)
{
	const struct tree_node *first = root->first;
	struct number number;

	if (!first || strcmp(first->key->text, "futexsim") != 0) {
		loader_error(l, first ? first->key : root,
			     "the first key must be the version: `futexsim: "
			     "1`");
		return true;
	}
	if (first->kind == TREE_SCALAR && strcmp(first->text, "1") == 0)
		return true;
	if (first->kind == TREE_SCALAR &&
	    scalar_integer(first->text, &number) == SCALAR_OK) {
		loader_error(l, first,
			     "version %s of the format is not supported: this "
			     "version of futexsim reads version 1",
			     first->text);
		return false;
	}
	loader_error(l, first, "the version must be 1");
	return true;
}

static void load_name(struct loader *l, const struct tree_node *node)
{
	const char *text;

	l->s->name = "";
	if (!node || !loader_text(l, node, "a name", &text))
		return;
	l->s->name = loader_copy(l, text);
	l->s->name_mark = node->mark;
	if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		loader_error(l, node,
			     "the name of a scenario has the letters a to z, "
			     "digits and - only");
	else if (strlen(text) > SCENARIO_NAME_MAX)
		loader_error(l, node,
			     "a name of more than %u letters "
			     "(SCENARIO_NAME_MAX): shorten it",
			     SCENARIO_NAME_MAX);
}

static void load_summary(struct loader *l, const struct tree_node *node)
{
	const char *text;
	size_t length;

	if (!node || !loader_text(l, node, "text", &text))
		return;
	length = strlen(text);
	while (length > 0 && text[length - 1] == '\n')
		length--;
	l->s->summary = pool_string(l->s->pool, text, length);
}

/* ---- profile, quirks, ignore ------------------------------------------- */

static void load_profile(struct loader *l, const struct tree_node *node)
{
	struct name_list *list = &l->s->profiles;

	if (node) {
		loader_profiles(l, node, list);
		return;
	}
	if (list->items)
		return; /* they are in the matrix */
	list->items = pool_alloc(l->s->pool, 1, sizeof(char *));
	list->items[list->count++] = profile_table[0].name;
}

enum {
	WITH,
	WITHOUT
};

static const struct field quirk_fields[] = {
	[WITH] = {"with", 0},
	[WITHOUT] = {"without", 0},
};

/* Returns a bit for each quirk in the list. */
static uint64_t load_quirk_list(struct loader *l, const struct tree_node *node,
				struct name_list *list)
{
	const char *names[QUIRK_COUNT];
	uint64_t quirks = 0;

	for (unsigned int i = 0; i < QUIRK_COUNT; i++)
		names[i] = quirk_table[i].name;
	loader_names(l, node, "quirks", list);
	if (!node || node->kind != TREE_LIST)
		return 0;
	for (const struct tree_node *n = node->first; n; n = n->next) {
		int q = quirk_find(n->text);

		if (q >= 0)
			quirks |= UINT64_C(1) << q;
		else if (n->kind == TREE_SCALAR && n->length > 0)
			loader_error_name(l, n, 0, "unknown quirk", n->text,
					  names, COUNT(names));
	}
	return quirks;
}

static void load_quirks(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(quirk_fields)];
	uint64_t both;

	if (!node ||
	    !loader_fields(l, node, quirk_fields, COUNT(quirk_fields), values))
		return;
	both = load_quirk_list(l, values[WITH], &l->s->with);
	both &= load_quirk_list(l, values[WITHOUT], &l->s->without);
	for (unsigned int i = 0; i < QUIRK_COUNT; i++)
		if (both >> i & 1)
			loader_error(l, node->key,
				     "quirk '%s' is both with and without",
				     quirk_table[i].name);
}

static void load_ignore(struct loader *l, const struct tree_node *node)
{
	enum verdict_kind kind;

	if (!node || !loader_is_list(l, node, "verdict words"))
		return;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (loader_verdict(l, n, &kind))
			l->s->ignore |= 1u << kind;
}

/* ---- kernel ------------------------------------------------------------ */

enum {
	OPERATIONS,
	TIME,
	WALL_OFFSET
};

static const struct field kernel_fields[] = {
	[OPERATIONS] = {"shared_table_operations", 0},
	[TIME] = {"time", 0},
	[WALL_OFFSET] = {"wall_offset", 0},
};

static void load_kernel(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(kernel_fields)];
	struct scenario *s = l->s;
	uint64_t operations = 0;

	if (!node || !loader_fields(l, node, kernel_fields,
				    COUNT(kernel_fields), values))
		return;
	if (loader_integer(l, values[OPERATIONS], 0, UINT32_MAX, &operations))
		s->shared_table_operations = (uint32_t)operations;
	loader_duration(l, values[TIME], &s->start_ns);
	loader_duration(l, values[WALL_OFFSET], &s->wall_offset_ns);
	if (s->wall_offset_ns > UINT64_MAX - s->start_ns)
		loader_error(l, values[WALL_OFFSET],
			     "the wall clock would start after 2^64-1 ns");
}

/* ---- the whole --------------------------------------------------------- */

/* What everything else is made of. */
static void load_values(struct loader *l, const struct tree_node **values)
{
	l->matrix = values[MATRIX];
	load_included(l, values[INCLUDE], values[INCLUDED]);
	load_params(l, values[PARAMS]);
	load_matrix_profiles(l, values[MATRIX], values[PROFILE]);
	load_profile(l, values[PROFILE]);
	load_matrix(l, values[MATRIX]);
}

static void load_top(struct loader *l, const struct tree_node *root)
{
	const struct tree_node *values[COUNT(top_fields)];

	if (!loader_is_map(l, root) || !load_version(l, root))
		return;
	if (is_for_inclusion(root)) {
		loader_error(l, root,
			     "this file is there to be included: it has "
			     "neither a name nor threads");
		return;
	}
	loader_fields(l, root, top_fields, COUNT(top_fields), values);
	load_values(l, values);
	load_name(l, values[NAME]);
	load_summary(l, values[SUMMARY]);
	loader_names(l, values[TAGS], "tags", &l->s->tags);
	loader_names(l, values[REFS], "addresses", &l->s->refs);
	load_quirks(l, values[QUIRKS]);
	load_ignore(l, values[IGNORE]);
	load_kernel(l, values[KERNEL]);
	load_processes(l, values[PROCESSES]);
	load_memory(l, values[MEMORY]);
	declare_procedures(l, values[PROCEDURES]);
	load_threads(l, values[THREADS]);
	check_starts(l);
	check_words_mapped(l);
	load_schedules(l, values[SCHEDULE], values[SCHEDULES]);
	load_expect(l, values[EXPECT]);
	load_expected_bug(l, values[EXPECTED_BUG]);
	load_diagram(l, values[DIAGRAM]);
	load_explore(l, values[EXPLORE]);
	load_recorded(l, values[RECORDED]);
}

/* A file that is there to be included: what it uses is somewhere else. */
static void load_to_be_included(struct loader *l, const struct tree_node *root)
{
	load_inclusion(l, root);
	l->params.is_incomplete = true;
	load_params(l, NULL);
	load_processes(l, NULL);
	load_memory(l, NULL);
	l->words.is_incomplete = true;
	l->regions.is_incomplete = true;
	l->procedures.is_incomplete = true;
	declare_procedures(l, NULL);
	load_threads(l, NULL);
}

static void loader_fini(struct loader *l)
{
	name_index_fini(&l->params);
	name_index_fini(&l->procedures);
	name_index_fini(&l->groups);
	name_index_fini(&l->processes);
	name_index_fini(&l->regions);
	name_index_fini(&l->words);
	name_index_fini(&l->threads);
	name_index_fini(&l->marks);
	for (uint32_t i = 0; l->registers && i <= l->s->thread_count; i++)
		name_index_fini(&l->registers[i]);
	free(l->registers);
	free(l->patches);
	tree_fini(&l->tree);
}

static struct scenario *scenario_new(const char *path, const char *text,
				     size_t size)
{
	struct scenario *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->pool = pool_new();
	s->path = pool_string(s->pool, path, strlen(path));
	s->source = pool_string(s->pool, text, size);
	s->source_size = size;
	return s;
}

static bool is_too_big(size_t size, struct diagnostics *d)
{
	if (size <= SCENARIO_BYTES_MAX)
		return false;
	diagnostics_add(
		d, 1, 1,
		"more than %u bytes (SCENARIO_BYTES_MAX): split the "
		"file into several scenarios, " RAISE(SCENARIO_BYTES_MAX),
		SCENARIO_BYTES_MAX);
	return true;
}

struct scenario *scenario_parse_text(const char *path, const char *text,
				     size_t size,
				     const struct scenario_params *params,
				     bool is_assembled, struct diagnostics *d)
{
	struct loader l = {
		.d = d,
		.given = params,
		.is_assembled = is_assembled,
		.words_region = NOWHERE,
	};
	unsigned int before = d->count + d->dropped;

	if (is_too_big(size, d))
		return NULL;
	l.s = scenario_new(path, text, size);
	tree_init(&l.tree, l.s->source, size, d);
	if (l.tree.root) {
		load_top(&l, l.tree.root);
		patch_source(&l);
	}
	loader_fini(&l);
	if (d->count + d->dropped == before)
		return l.s;
	diagnostics_set_source(d, text, size);
	scenario_free(l.s);
	return NULL;
}

struct scenario *scenario_parse_with(const char *path, const char *text,
				     size_t size,
				     const struct scenario_params *params,
				     struct diagnostics *d)
{
	size_t skip = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	return scenario_parse_text(path, text + skip, size - skip, params, true,
				   d);
}

struct scenario *scenario_parse(const char *path, const char *text, size_t size,
				struct diagnostics *d)
{
	return scenario_parse_with(path, text, size, NULL, d);
}

bool scenario_parse_inclusion(const char *path, const char *text, size_t size,
			      bool is_assembled, struct diagnostics *d,
			      uint32_t *procedures, uint32_t *params)
{
	struct loader l = {
		.d = d,
		.is_assembled = is_assembled,
		.words_region = NOWHERE,
	};

	if (is_too_big(size, d))
		return false;
	l.s = scenario_new(path, text, size);
	tree_init(&l.tree, l.s->source, size, d);
	if (l.tree.root)
		load_to_be_included(&l, l.tree.root);
	*procedures = l.s->procedure_count;
	*params = l.params.count;
	loader_fini(&l);
	scenario_free(l.s);
	if (d->count)
		diagnostics_set_source(d, text, size);
	return !d->count;
}
