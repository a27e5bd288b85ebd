/*
 * scenario_memory.c - processes, regions and words.
 */
#include "sim/loader/scenario_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Regions and words live in pages that must exist for them. */
#define PAGE_WORDS (PAGE_SIZE / WORDS_STRIDE)

/* ---- processes --------------------------------------------------------- */

enum {
	SHARES,
	FORKED
};

static const struct field process_fields[] = {
	[SHARES] = {"shares_memory_with", 0},
	[FORKED] = {"forked_from", 0},
};

static void add_process(struct loader *l, const char *name, struct mark mark)
{
	struct scenario *s = l->s;
	struct scenario_process *p = &s->processes[s->process_count];

	p->mark = mark;
	p->name = loader_copy(l, name);
	p->shares_memory_with = NOWHERE;
	p->forked_from = NOWHERE;
	name_index_add(&l->processes, p->name, s->process_count++);
}

/* Whether a process that is not declared is named: it is the first one. */
static bool needs_first(const struct tree_node *node)
{
	bool is_named = false;

	for (const struct tree_node *n = node->first; n; n = n->next) {
		if (strcmp(n->key->text, "P1") == 0)
			return false;
		for (const struct tree_node *v = n->first; v; v = v->next)
			if (strcmp(v->text, "P1") == 0)
				is_named = true;
	}
	return is_named;
}

static void declare_processes(struct loader *l, const struct tree_node *node)
{
	for (const struct tree_node *n = node->first; n; n = n->next) {
		uint32_t index;

		if (!loader_new_name(l, n->key, "process", true))
			l->processes.is_incomplete = true;
		else if (!name_index_find(&l->processes, n->key->text, &index))
			add_process(l, n->key->text, n->key->mark);
	}
}

/* A parent comes first: so there are no circles, and it can be made first. */
static uint32_t load_parent(struct loader *l, const struct tree_node *node,
			    uint32_t child)
{
	const char *text;
	uint32_t parent;

	if (!loader_text(l, node, "the name of a process", &text))
		return NOWHERE;
	parent = loader_find(l, &l->processes, node, 0, "process", text);
	if (parent == NOWHERE || parent < child)
		return parent;
	loader_error(
		l, node,
		parent == child
			? "process '%s' cannot get its memory from itself"
			: "process '%s' must be declared before the one that "
			  "gets its memory",
		text);
	return NOWHERE;
}

static void link_process(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(process_fields)];
	struct scenario_process *p;
	uint32_t index;

	if (!name_index_find(&l->processes, node->key->text, &index))
		return;
	p = &l->s->processes[index];
	if (node->kind == TREE_SCALAR && node->length == 0)
		return; /* `P:` without a value is a process like any other */
	if (!loader_fields(l, node, process_fields, COUNT(process_fields),
			   values))
		return;
	if (values[SHARES] && values[FORKED])
		loader_error(l, values[FORKED]->key,
			     "a process either shares memory or is forked");
	if (values[SHARES]) {
		p->shares_memory_with = load_parent(l, values[SHARES], index);
		if (p->shares_memory_with != NOWHERE)
			p->shares_memory_with =
				memory_owner(l->s, p->shares_memory_with);
	} else if (values[FORKED]) {
		p->forked_from = load_parent(l, values[FORKED], index);
	}
}

uint32_t memory_owner(const struct scenario *s, uint32_t process)
{
	uint32_t owner = s->processes[process].shares_memory_with;

	return owner == NOWHERE ? process : owner;
}

void load_processes(struct loader *l, const struct tree_node *node)
{
	static const struct mark start = {1, 1};
	uint32_t room = 1;

	if (node && loader_is_map(l, node))
		room += node->count;
	else if (node)
		l->processes.is_incomplete = true;
	if (room > SCENARIO_PROCESSES_MAX + 1) {
		loader_error(l, node->key,
			     "more than %u processes "
			     "(SCENARIO_PROCESSES_MAX): take some out",
			     SCENARIO_PROCESSES_MAX);
		l->processes.is_incomplete = true;
		node = NULL;
		room = 1;
	}
	l->s->processes =
		pool_alloc(l->s->pool, room, sizeof(*l->s->processes));
	if (room == 1 || needs_first(node))
		add_process(l, "P1", start);
	if (room == 1)
		return;
	declare_processes(l, node);
	for (const struct tree_node *n = node->first; n; n = n->next)
		link_process(l, n);
	if (l->s->process_count == 0)
		add_process(l, "P1", start);
}

/* ---- regions ----------------------------------------------------------- */

enum {
	KIND,
	PAGES
};

static const struct field region_fields[] = {
	[KIND] = {"kind", FIELD_REQUIRED},
	[PAGES] = {"pages", 0},
};

static void load_region_kind(struct loader *l, const struct tree_node *node,
			     enum region_kind *kind)
{
	static const char *const names[] = {
		[REGION_PRIVATE] = "private",
		[REGION_SHARED] = "shared",
		[REGION_FILE] = "file",
	};
	const char *text;

	if (!node || !loader_text(l, node, "private, shared or file", &text))
		return;
	for (unsigned int i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], text) == 0) {
			*kind = i;
			return;
		}
	}
	loader_error_name(l, node, 0, "unknown kind of region", text, names,
			  COUNT(names));
}

static void load_region(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	struct scenario_region *r = &s->regions[s->region_count];
	const struct tree_node *values[COUNT(region_fields)];
	uint64_t pages = 1;

	if (!loader_new_name(l, node->key, "region", true)) {
		l->regions.is_incomplete = true;
		return;
	}
	r->mark = node->key->mark;
	r->name = loader_copy(l, node->key->text);
	r->pages = SCENARIO_PAGES_MAX; /* if it is not known: no follow-ups */
	if (!name_index_add(&l->regions, r->name, s->region_count))
		return;
	s->region_count++;
	if (!loader_fields(l, node, region_fields, COUNT(region_fields),
			   values))
		return;
	load_region_kind(l, values[KIND], &r->kind);
	if (values[PAGES] &&
	    !loader_integer(l, values[PAGES], 1, UINT64_MAX, &pages))
		return;
	if (pages > SCENARIO_PAGES_MAX) {
		loader_error(l, values[PAGES],
			     "more than %u pages (SCENARIO_PAGES_MAX): use "
			     "several regions",
			     SCENARIO_PAGES_MAX);
		return;
	}
	r->pages = (uint32_t)pages;
}

static void load_regions(struct loader *l, const struct tree_node *node)
{
	if (!loader_is_map(l, node)) {
		l->regions.is_incomplete = true;
		return;
	}
	if (node->count > SCENARIO_REGIONS_MAX) {
		loader_error(l, node->key,
			     "more than %u regions (SCENARIO_REGIONS_MAX): "
			     "take some out",
			     SCENARIO_REGIONS_MAX);
		l->regions.is_incomplete = true;
		return;
	}
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_region(l, n);
}

/* ---- words ------------------------------------------------------------- */

enum {
	REGION,
	OFFSET,
	VALUE
};

static const struct field word_fields[] = {
	[REGION] = {"region", FIELD_REQUIRED},
	[OFFSET] = {"offset", 0},
	[VALUE] = {"value", 0},
};

static struct scenario_word *
add_word(struct loader *l, const struct tree_node *key, bool is_short)
{
	struct scenario *s = l->s;
	struct scenario_word *w = &s->words[s->word_count];
	uint32_t other;

	if (!loader_new_name(l, key, "word", false)) {
		l->words.is_incomplete = true;
		return NULL;
	}
	w->mark = key->mark;
	w->name = loader_copy(l, key->text);
	w->region = NOWHERE;
	w->is_short = is_short;
	if (!name_index_add(&l->words, w->name, s->word_count)) {
		name_index_find(&l->words, w->name, &other);
		/* Twice in one map has been reported as a duplicate key. */
		if (s->words[other].is_short != is_short)
			loader_error(l, key, "word '%s' is already on line %d",
				     w->name, s->words[other].mark.line);
		return NULL;
	}
	s->word_count++;
	return w;
}

static void load_named(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(word_fields)];
	struct scenario_word *w = add_word(l, node->key, false);
	const struct scenario_region *r;
	const char *text;

	if (!w ||
	    !loader_fields(l, node, word_fields, COUNT(word_fields), values))
		return;
	loader_word_value(l, values[VALUE], &w->value);
	if (!loader_integer(l, values[OFFSET], 0, UINT64_MAX, &w->offset))
		return;
	if (values[OFFSET] && w->offset % 4 != 0) {
		loader_error(l, values[OFFSET],
			     "a word is 4 bytes and stands at a multiple of 4");
		return;
	}
	if (!values[REGION] ||
	    !loader_text(l, values[REGION], "the name of a region", &text))
		return;
	w->region =
		loader_find(l, &l->regions, values[REGION], 0, "region", text);
	if (w->region == NOWHERE)
		return;
	r = &l->s->regions[w->region];
	if (w->offset >= (uint64_t)r->pages * PAGE_SIZE)
		loader_error(l, values[OFFSET],
			     "word '%s' is beyond region '%s', which has %u "
			     "bytes",
			     w->name, r->name, r->pages * PAGE_SIZE);
}

/* Short words are words of a region of their own, one for each cache line. */
static void load_short_words(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	struct scenario_region *r = &s->regions[s->region_count];
	uint32_t i = 0;

	l->words_region = s->region_count;
	r->mark = node->key->mark;
	r->name = "words";
	r->kind = REGION_PRIVATE;
	r->pages = (node->count + PAGE_WORDS - 1) / PAGE_WORDS;
	if (r->pages == 0)
		r->pages = 1;
	if (!name_index_add(&l->regions, r->name, s->region_count))
		loader_error(l, node->key,
			     "`words:` makes a region of the name 'words', "
			     "which is already there: rename that one");
	for (const struct tree_node *n = node->first; n; n = n->next, i++) {
		struct scenario_word *w = add_word(l, n->key, true);

		if (!w)
			continue;
		w->region = s->region_count;
		w->offset = (uint64_t)i * WORDS_STRIDE;
		loader_word_value(l, n, &w->value);
	}
	s->region_count++;
}

/* ---- the whole --------------------------------------------------------- */

enum {
	WORDS,
	REGIONS,
	MAPS,
	NAMED
};

static const struct field memory_fields[] = {
	[WORDS] = {"words", 0},
	[REGIONS] = {"regions", 0},
	[MAPS] = {"maps", 0},
	[NAMED] = {"named", 0},
};

static const struct tree_node *word_map(struct loader *l,
					const struct tree_node *node)
{
	if (node && loader_is_map(l, node))
		return node;
	if (node)
		l->words.is_incomplete = true;
	return NULL;
}

void load_memory(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(memory_fields)];
	const struct tree_node *words, *named;
	struct scenario *s = l->s;

	if (!node)
		return;
	if (!loader_fields(l, node, memory_fields, COUNT(memory_fields),
			   values)) {
		l->words.is_incomplete = true;
		l->regions.is_incomplete = true;
		l->is_map_broken = true;
		return;
	}
	words = word_map(l, values[WORDS]);
	named = word_map(l, values[NAMED]);
	if (words && words->count > SCENARIO_PAGES_MAX * PAGE_WORDS) {
		loader_error(
			l, words->key,
			"more than %u words, %u pages of them "
			"(SCENARIO_PAGES_MAX): use `regions:` and `named:`",
			SCENARIO_PAGES_MAX * PAGE_WORDS, SCENARIO_PAGES_MAX);
		l->words.is_incomplete = true;
		words = NULL;
	}
	s->words = pool_alloc(s->pool,
			      (words ? words->count : 0) +
				      (named ? named->count : 0),
			      sizeof(*s->words));
	s->regions = pool_alloc(
		s->pool, values[REGIONS] ? values[REGIONS]->count + 1 : 1,
		sizeof(*s->regions));
	if (values[REGIONS])
		load_regions(l, values[REGIONS]);
	if (words)
		load_short_words(l, words);
	for (const struct tree_node *n = named ? named->first : NULL; n;
	     n = n->next)
		load_named(l, n);
	load_maps(l, values[MAPS], words);
}
