/*
 * scenario_included.c - the files that a scenario includes, out of the part of
 * the text that holds them: what they may say, and that each is there once.
 */
#include "sim/loader/scenario_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/scenario_include.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CYCLE_MAX 512

enum {
	FUTEXSIM,
	SUMMARY,
	PARAMS,
	INCLUDE,
	PROCEDURES,
	ALLOWED, /* the rest is of scenarios */
	INCLUDED = ALLOWED,
};

static const struct field included_fields[] = {
	[FUTEXSIM] = {"futexsim", 0}, /* load_version reports it */
	[SUMMARY] = {"summary", 0},	   [PARAMS] = {"params", 0},
	[INCLUDE] = {"include", 0},	   [PROCEDURES] = {"procedures", 0},
	[INCLUDED] = {"included", 0}, /* of the first file only */
	{"name", FIELD_ELSEWHERE},	   {"tags", FIELD_ELSEWHERE},
	{"refs", FIELD_ELSEWHERE},	   {"profile", FIELD_ELSEWHERE},
	{"quirks", FIELD_ELSEWHERE},	   {"ignore", FIELD_ELSEWHERE},
	{"memory", FIELD_ELSEWHERE},	   {"kernel", FIELD_ELSEWHERE},
	{"processes", FIELD_ELSEWHERE},	   {"threads", FIELD_ELSEWHERE},
	{"schedule", FIELD_ELSEWHERE},	   {"schedules", FIELD_ELSEWHERE},
	{"explore", FIELD_ELSEWHERE},	   {"expect", FIELD_ELSEWHERE},
	{"expected_bug", FIELD_ELSEWHERE}, {"diagram", FIELD_ELSEWHERE},
	{"matrix", FIELD_ELSEWHERE},	   {"recorded", FIELD_ELSEWHERE},
};

/* A file on the way from the scenario to the one that is looked at. */
struct way {
	const char *name;
	const struct way *before;
};

/* ---- what is wrong with an item ---------------------------------------- */

static bool is_on(const struct way *way, const char *name)
{
	for (; way; way = way->before)
		if (!strcmp(way->name, name))
			return true;
	return false;
}

/* "a.yaml, b.yaml, a.yaml" */
static void cycle(struct loader *l, const struct tree_node *item,
		  const struct way *way, const char *name)
{
	char text[CYCLE_MAX] = "";
	char part[CYCLE_MAX];

	for (; strcmp(way->name, name); way = way->before) {
		snprintf(part, sizeof(part), ", %.*s%.*s", 100, way->name,
			 (int)sizeof(part) - 110, text);
		strcpy(text, part);
	}
	loader_error(l, item, "files must not include themselves: %s%s, %s",
		     name, text, name);
}

static const struct included *find(const struct loader *l, const char *name)
{
	for (uint32_t i = 0; i < l->included_count; i++)
		if (!strcmp(l->included[i].name, name))
			return &l->included[i];
	return NULL;
}

/* The text of the file; NULL if it is not there, or was not readable. */
static const struct tree_node *
text_of(struct loader *l, const struct tree_node *item, const char *name)
{
	const struct tree_node *n = l->included_texts;

	if (l->tree.root->is_flow && !n) {
		loader_error(l, item,
			     "a scenario in braces cannot include a file: "
			     "write its keys in lines");
		return NULL;
	}
	n = n && n->kind == TREE_MAP ? n->first : NULL;
	for (; n; n = n->next)
		if (n->key->kind == TREE_SCALAR && !strcmp(n->key->text, name))
			break;
	if (!n)
		loader_error(l, item,
			     "'%s' is not part of this text: it should be "
			     "under `included`",
			     name);
	else if (n->kind == TREE_SCALAR && l->d->count == 0)
		loader_error(l, item, "'%s' is empty", name);
	return n && n->kind != TREE_SCALAR ? n : NULL;
}

static bool is_refused(struct loader *l, const struct tree_node *item,
		       const struct way *way, const char *name)
{
	const struct included *before = find(l, name);
	struct mark mark;

	if (is_on(way, name)) {
		cycle(l, item, way, name);
		return true;
	}
	if (!before && l->included_count < SCENARIO_INCLUDES_MAX)
		return false;
	if (!before) {
		loader_error(l, item,
			     "more than %u files (SCENARIO_INCLUDES_MAX): "
			     "include less, " RAISE(SCENARIO_INCLUDES_MAX),
			     SCENARIO_INCLUDES_MAX);
		return true;
	}
	mark = before->item->mark;
	loader_error(l, item, "'%s' is included already, on line %d of %s",
		     name, mark.line, scenario_place(l->s, &mark.line));
	return true;
}

/* ---- the files --------------------------------------------------------- */

static void follow(struct loader *l, const struct tree_node *list,
		   const struct way *way, unsigned int depth);

/* Each included file has the version first, as a scenario has. */
static void check_fields(struct loader *l, struct included *file,
			 const struct way *way, unsigned int depth)
{
	const struct tree_node *values[COUNT(included_fields)];
	const char *text = NULL;

	if (!loader_is_map(l, file->text) || !load_version(l, file->text))
		return;
	loader_fields(l, file->text, included_fields, COUNT(included_fields),
		      values);
	if (values[INCLUDED] && file->text != l->tree.root)
		loader_error(l, values[INCLUDED]->key,
			     "an included file has procedures and params only: "
			     "take 'included' out");
	loader_text(l, values[SUMMARY], "text", &text);
	file->procedures = values[PROCEDURES];
	file->params = values[PARAMS];
	follow(l, values[INCLUDE], way, depth + 1);
}

static void take_item(struct loader *l, const struct tree_node *item,
		      const struct way *way, unsigned int depth)
{
	struct included *file;
	struct way here = {NULL, way};
	const char *text, *reason;
	char *name;

	if (!loader_text(l, item, "the name of a file", &text))
		return;
	reason = include_refused(text);
	if (reason) {
		loader_error(l, item, "'%s' %s", text, reason);
		return;
	}
	if (depth > SCENARIO_INCLUDE_DEPTH_MAX) {
		loader_error(l, item,
			     "files include one another deeper than %d "
			     "(SCENARIO_INCLUDE_DEPTH_MAX): take out a "
			     "level, " RAISE(SCENARIO_INCLUDE_DEPTH_MAX),
			     SCENARIO_INCLUDE_DEPTH_MAX);
		return;
	}
	name = include_name(way->before ? way->name : "", text);
	here.name = loader_copy(l, name);
	free(name);
	if (is_refused(l, item, way, here.name))
		return;
	file = &l->included[l->included_count++];
	file->name = here.name;
	file->item = item;
	file->text = text_of(l, item, here.name);
	if (file->text)
		check_fields(l, file, &here, depth);
}

/* No deeper than SCENARIO_INCLUDE_DEPTH_MAX. */
static void follow(struct loader *l, const struct tree_node *list,
		   const struct way *way, unsigned int depth)
{
	if (!list || !loader_is_list(l, list, "files"))
		return;
	for (const struct tree_node *n = list->first; n; n = n->next)
		take_item(l, n, way, depth);
}

/* ---- the whole --------------------------------------------------------- */

/* What nobody includes is there in vain, in a text that somebody has written.
 */
static void check_texts(struct loader *l, const struct tree_node *texts)
{
	if (!texts || !loader_is_map(l, texts) || l->is_assembled)
		return;
	for (const struct tree_node *n = texts->first; n; n = n->next)
		if (n->key->kind == TREE_SCALAR && !find(l, n->key->text))
			loader_error(l, n->key, "nothing includes '%s'",
				     n->key->text);
}

static void note_places(struct loader *l, const struct tree_node *texts)
{
	struct scenario *s = l->s;

	if (!l->is_assembled || !texts || texts->kind != TREE_MAP)
		return;
	s->includes = pool_alloc(s->pool, texts->count, sizeof(*s->includes));
	for (const struct tree_node *n = texts->first; n; n = n->next) {
		struct scenario_include *i = &s->includes[s->include_count++];
		char *path = include_name(s->path, n->key->text);

		i->path = loader_copy(l, path);
		i->first = n->key->mark.line + 1;
		i->indent = n->key->mark.col - 1 + INCLUDED_INDENT / 2;
		free(path);
	}
}

void load_included(struct loader *l, const struct tree_node *list,
		   const struct tree_node *texts)
{
	const char *slash = strrchr(l->s->path, '/');
	struct way way = {slash ? slash + 1 : l->s->path, NULL};

	l->included_texts = texts;
	l->included = tree_alloc(&l->tree,
				 SCENARIO_INCLUDES_MAX * sizeof(*l->included));
	note_places(l, texts);
	follow(l, list, &way, 1);
	check_texts(l, texts);
}

void load_inclusion(struct loader *l, const struct tree_node *root)
{
	const char *slash = strrchr(l->s->path, '/');
	struct way way = {slash ? slash + 1 : l->s->path, NULL};
	struct included *file;

	for (const struct tree_node *n = root->first; n; n = n->next)
		if (n->key->kind == TREE_SCALAR &&
		    !strcmp(n->key->text, included_fields[INCLUDED].name))
			l->included_texts = n;
	l->included = tree_alloc(&l->tree, (SCENARIO_INCLUDES_MAX + 1) *
						   sizeof(*l->included));
	note_places(l, l->included_texts);
	file = &l->included[l->included_count++];
	file->name = loader_copy(l, way.name);
	file->item = root;
	file->text = root;
	check_fields(l, file, &way, 0);
}

static bool is_allowed(const char *key)
{
	for (unsigned int i = 0; i <= INCLUDED; i++)
		if (!strcmp(included_fields[i].name, key))
			return true;
	return false;
}

bool is_for_inclusion(const struct tree_node *root)
{
	bool has_any = false;

	if (root->kind != TREE_MAP)
		return false;
	for (const struct tree_node *n = root->first; n; n = n->next) {
		if (n->key->kind != TREE_SCALAR || !is_allowed(n->key->text))
			return false;
		has_any |= !strcmp(n->key->text, "procedures") ||
			   !strcmp(n->key->text, "params");
	}
	return has_any;
}

const char *scenario_place(const struct scenario *s, int *line)
{
	uint32_t i = s->include_count;

	while (i > 0 && s->includes[i - 1].first > *line)
		i--;
	if (!i)
		return s->path;
	*line -= s->includes[i - 1].first - 1;
	return s->includes[i - 1].path;
}

void scenario_diagnostics(const struct scenario *s, struct diagnostics *d)
{
	diagnostics_init(d, s->path);
	diagnostics_set_source(d, s->source, s->source_size);
	for (uint32_t i = 0; i < s->include_count; i++)
		diagnostics_add_file(d, s->includes[i].path,
				     s->includes[i].first,
				     s->includes[i].indent);
}
