/*
 * scenario_maps.c - which process sees which region where.
 *
 * The scenario gets the maps as written.  To check them the loader's list
 * goes on: with the map of the short words, then, for each forked process,
 * with copies of its parent's.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Above this are the stacks of the machine's own threads. */
#define USER_END UINT64_C(0x7ff000000000)

/* A map as written, and what is still to be found out about it. */
struct draft {
	const struct tree_node *handle;
	bool is_broken;
};

struct drafts {
	struct draft *items;
	uint32_t count;
	uint32_t groups; /* handle groups given out */
};

enum {
	PROCESS,
	REGION,
	AT,
	OFFSET,
	PAGES,
	LAZY,
	PROT,
	HANDLE
};

static const struct field map_fields[] = {
	[PROCESS] = {"process", 0},    [REGION] = {"region", FIELD_REQUIRED},
	[AT] = {"at", FIELD_REQUIRED}, [OFFSET] = {"offset", 0},
	[PAGES] = {"pages", 0},	       [LAZY] = {"lazy", 0},
	[PROT] = {"prot", 0},	       [HANDLE] = {"handle", 0},
};

/* ---- one map ----------------------------------------------------------- */

static bool load_names(struct loader *l, const struct tree_node **values,
		       struct scenario_map *m)
{
	const char *text;

	m->process = 0;
	if (values[PROCESS]) {
		if (!loader_text(l, values[PROCESS], "the name of a process",
				 &text))
			return false;
		m->process = loader_find(l, &l->processes, values[PROCESS], 0,
					 "process", text);
	}
	m->region = NOWHERE;
	if (values[REGION] &&
	    loader_text(l, values[REGION], "the name of a region", &text))
		m->region = loader_find(l, &l->regions, values[REGION], 0,
					"region", text);
	if (m->process == NOWHERE || m->region == NOWHERE)
		return false;
	m->process = memory_owner(l->s, m->process);
	return true;
}

static bool page_aligned(struct loader *l, const struct tree_node *node,
			 uint64_t *value)
{
	if (!node)
		return true;
	if (!loader_integer(l, node, 0, UINT64_MAX, value))
		return false;
	if (*value % PAGE_SIZE == 0)
		return true;
	loader_error(l, node, "%s is not a multiple of the page size, %u",
		     node->text, PAGE_SIZE);
	return false;
}

/* Where in the region it begins, and how many pages of it there are. */
static bool load_extent(struct loader *l, const struct tree_node **values,
			struct scenario_map *m)
{
	const struct scenario_region *r = &l->s->regions[m->region];
	uint64_t pages, first;

	if (!page_aligned(l, values[OFFSET], &m->offset))
		return false;
	first = m->offset / PAGE_SIZE;
	pages = first < r->pages ? r->pages - first : 1;
	if (!loader_integer(l, values[PAGES], 1, UINT64_MAX, &pages))
		return false;
	if (first >= r->pages || pages > r->pages - first) {
		loader_error(l,
			     first >= r->pages ? values[OFFSET] : values[PAGES],
			     "the map goes beyond region '%s', which has %u "
			     "page%s",
			     r->name, r->pages, r->pages == 1 ? "" : "s");
		return false;
	}
	m->pages = (uint32_t)pages;
	return true;
}

static bool load_place(struct loader *l, const struct tree_node **values,
		       struct scenario_map *m)
{
	if (!values[AT] || !page_aligned(l, values[AT], &m->at))
		return false;
	if (m->at < PAGE_SIZE) {
		loader_error(l, values[AT],
			     "the page at address 0 cannot be mapped");
		return false;
	}
	if (m->at > USER_END || m->pages > (USER_END - m->at) / PAGE_SIZE) {
		loader_error(l, values[AT],
			     "beyond the end of user memory, 0x%" PRIx64,
			     USER_END);
		return false;
	}
	return true;
}

static bool load_options(struct loader *l, const struct tree_node **values,
			 struct scenario_map *m)
{
	const char *text;
	bool is_good = loader_flag(l, values[LAZY], &m->lazy);

	m->prot = PROT_R | PROT_W;
	if (values[PROT])
		is_good &= loader_text(l, values[PROT], "none, r, w or rw",
				       &text) &&
			   loader_prot(l, values[PROT], 0, text, &m->prot);
	if (values[HANDLE] && l->s->regions[m->region].kind != REGION_FILE) {
		loader_error(l, values[HANDLE]->key,
			     "only maps of a file have a handle; region '%s' "
			     "is none",
			     l->s->regions[m->region].name);
		is_good = false;
	}
	return is_good;
}

static bool load_map(struct loader *l, const struct tree_node *node,
		     struct scenario_map *m, const struct tree_node **handle)
{
	const struct tree_node *values[COUNT(map_fields)];
	bool is_good;

	m->mark = node->mark;
	*handle = NULL;
	if (!loader_fields(l, node, map_fields, COUNT(map_fields), values))
		return false;
	*handle = values[HANDLE];
	if (!load_names(l, values, m))
		return false;
	is_good = load_options(l, values, m);
	return load_extent(l, values, m) && load_place(l, values, m) && is_good;
}

/* ---- handles ----------------------------------------------------------- */

static void join(struct scenario *s, struct drafts *drafts, uint32_t a,
		 uint32_t b)
{
	struct scenario_map *m = &s->maps[a], *other = &s->maps[b];

	if (!other->handle_group)
		other->handle_group =
			m->handle_group ? m->handle_group : ++drafts->groups;
	m->handle_group = other->handle_group;
}

static bool is_same_region(const struct scenario *s, uint32_t a, uint32_t b)
{
	return a != b && s->maps[a].region == s->maps[b].region;
}

/* The label is a process: its first map of the region, before this one. */
static uint32_t map_of_process(const struct loader *l, uint32_t map,
			       const char *label)
{
	const struct scenario *s = l->s;
	uint32_t process;

	if (!name_index_find(&l->processes, label, &process))
		return NOWHERE;
	process = memory_owner(s, process);
	for (uint32_t i = 0; i < map; i++)
		if (s->maps[i].process == process && is_same_region(s, i, map))
			return i;
	return NOWHERE;
}

/* The label is a number: the map of the region that stands at that index. */
static uint32_t map_at(const struct loader *l, const struct drafts *drafts,
		       uint32_t map, const char *label)
{
	struct number number;

	if (scalar_integer(label, &number) == SCALAR_OK &&
	    number_is_within(number, 0, drafts->count - 1) &&
	    is_same_region(l->s, (uint32_t)number.bits, map))
		return (uint32_t)number.bits;
	return NOWHERE;
}

static uint32_t map_with(const struct loader *l, const struct drafts *drafts,
			 uint32_t map, const char *label)
{
	for (uint32_t i = 0; i < drafts->count; i++) {
		const struct tree_node *other = drafts->items[i].handle;

		if (other && is_same_region(l->s, i, map) &&
		    strcmp(other->text, label) == 0)
			return i;
	}
	return NOWHERE;
}

/*
 * The map whose handle a label stands for, or NOWHERE.  A number that several
 * maps have is a label like any other, unless it points back at a map that
 * has none.
 */
static uint32_t labelled(const struct loader *l, const struct drafts *drafts,
			 uint32_t map, const char *label)
{
	uint32_t process = map_of_process(l, map, label);
	uint32_t index = map_at(l, drafts, map, label);
	uint32_t with = map_with(l, drafts, map, label);

	if (process != NOWHERE)
		return process;
	if (index < map && !drafts->items[index].handle)
		return index;
	return with != NOWHERE ? with : index;
}

static void resolve_handles(struct loader *l, struct drafts *drafts)
{
	for (uint32_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->items[i];
		const char *text;
		uint32_t other;

		if (!draft->handle || draft->is_broken ||
		    !loader_text(l, draft->handle, "a label", &text))
			continue;
		other = labelled(l, drafts, i, text);
		if (other == NOWHERE)
			loader_error(l, draft->handle,
				     "handle '%s' is nobody else's: no other "
				     "map of region '%s' has it, nor is it a "
				     "process that maps it earlier, or the "
				     "index of another map",
				     text,
				     l->s->regions[l->s->maps[i].region].name);
		else
			join(l->s, drafts, i, other);
	}
}

/* ---- inheritance ------------------------------------------------------- */

/* A copy of each of the parent's maps. */
static bool inherit(struct loader *l, uint32_t child, uint32_t parent,
		    uint32_t room)
{
	uint32_t count = l->map_count;

	for (uint32_t i = 0; i < count; i++) {
		if (l->maps[i].process != parent)
			continue;
		if (l->map_count == room)
			return false;
		l->maps[l->map_count] = l->maps[i];
		l->maps[l->map_count++].process = child;
	}
	return true;
}

/* Parents come before their children. */
static bool inherit_all(struct loader *l, uint32_t room)
{
	const struct scenario *s = l->s;

	for (uint32_t i = 0; i < s->process_count; i++) {
		uint32_t parent = s->processes[i].forked_from;

		if (parent != NOWHERE &&
		    !inherit(l, i, memory_owner(s, parent), room))
			return false;
	}
	return true;
}

/* ---- overlap ----------------------------------------------------------- */

static uint64_t end_of(const struct scenario_map *m)
{
	return m->at + (uint64_t)m->pages * PAGE_SIZE;
}

static int by_address(const void *a, const void *b)
{
	const struct scenario_map *left = *(struct scenario_map *const *)a;
	const struct scenario_map *right = *(struct scenario_map *const *)b;

	if (left->process != right->process)
		return left->process < right->process ? -1 : 1;
	if (left->at != right->at)
		return left->at < right->at ? -1 : 1;
	return left < right ? -1 : left > right;
}

/* @a and @b overlap; the error is at the one that is not given by others. */
static void report_overlap(struct loader *l, const struct scenario_map *a,
			   const struct scenario_map *b, uint32_t own)
{
	const struct scenario_map *second = a > b ? a : b;
	const struct scenario_map *first = a > b ? b : a;
	bool is_words = second->region == l->words_region;

	if (first >= l->maps + own)
		return; /* both inherited: the parent's have been reported */
	if (is_words || second >= l->maps + own) {
		const struct scenario_map *other = first;

		first = second;
		second = other;
	}
	diagnostics_add(l->d, second->mark.line, second->mark.col,
			"the map overlaps %s of line %d, at 0x%" PRIx64
			" to 0x%" PRIx64 " of process '%s'",
			is_words ? "`words:`" : "the map", first->mark.line,
			first->at, end_of(first) - 1,
			l->s->processes[first->process].name);
}

/* @own: how many maps are not inherited. */
static void check_overlaps(struct loader *l, uint32_t own)
{
	struct scenario_map **maps = calloc(l->map_count + 1, sizeof(*maps));
	struct scenario_map *reach = NULL; /* the one that goes farthest */

	if (!maps)
		abort();
	for (uint32_t i = 0; i < l->map_count; i++)
		maps[i] = &l->maps[i];
	qsort(maps, l->map_count, sizeof(*maps), by_address);
	for (uint32_t i = 0; i < l->map_count; i++) {
		struct scenario_map *m = maps[i];

		if (reach && reach->process == m->process &&
		    m->at < end_of(reach))
			report_overlap(l, reach, m, own);
		if (!reach || reach->process != m->process ||
		    end_of(m) > end_of(reach))
			reach = m;
	}
	free(maps);
}

static void check_total(struct loader *l)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < l->map_count; i++)
		pages += l->maps[i].pages;
	if (pages > SCENARIO_MAPPED_MAX)
		diagnostics_add(l->d, 1, 1,
				"%" PRIu64 " pages are mapped, inherited ones "
				"included; at most %u can be "
				"(SCENARIO_MAPPED_MAX): use smaller regions",
				pages, SCENARIO_MAPPED_MAX);
}

/* ---- the whole --------------------------------------------------------- */

static void map_short_words(struct loader *l, struct mark mark)
{
	struct scenario_map *m = &l->maps[l->map_count++];

	m->mark = mark;
	m->process = 0;
	m->region = l->words_region;
	m->at = WORDS_BASE;
	m->pages = l->s->regions[m->region].pages;
}

static bool load_list(struct loader *l, const struct tree_node *node,
		      struct drafts *drafts)
{
	struct scenario *s = l->s;
	bool is_good = true;

	for (const struct tree_node *n = node->first; n; n = n->next) {
		struct draft *draft = &drafts->items[drafts->count++];

		draft->is_broken = !load_map(l, n, &s->maps[s->map_count++],
					     &draft->handle);
		is_good &= !draft->is_broken;
	}
	return is_good;
}

/* Without children, as many as are written, and the short words. */
static uint32_t room_for(struct loader *l, const struct tree_node *node)
{
	for (uint32_t i = 0; i < l->s->process_count; i++)
		if (l->s->processes[i].forked_from != NOWHERE)
			return SCENARIO_MAPS_MAX;
	return (node ? node->count : 0) + 1;
}

static void too_many(struct loader *l, const struct tree_node *node)
{
	loader_error(l, node->key,
		     "more than %u maps, inherited ones included "
		     "(SCENARIO_MAPS_MAX): take some out",
		     SCENARIO_MAPS_MAX);
}

/* Returns false if not every map is known. */
static bool load_declared(struct loader *l, const struct tree_node *node,
			  uint32_t room)
{
	struct drafts drafts = {NULL, 0, 0};
	bool is_good;

	l->maps = pool_alloc(l->s->pool, room, sizeof(*l->maps));
	l->s->maps = l->maps;
	if (!node)
		return true;
	drafts.items = tree_alloc(&l->tree, node->count * sizeof(struct draft));
	is_good = load_list(l, node, &drafts);
	resolve_handles(l, &drafts);
	l->map_count = l->s->map_count;
	return is_good;
}

void load_maps(struct loader *l, const struct tree_node *node,
	       const struct tree_node *words)
{
	uint32_t room = room_for(l, node), own;

	l->is_map_broken = true; /* until they are known */
	if (node && !loader_is_list(l, node, "maps"))
		return;
	if (node && node->count >= SCENARIO_MAPS_MAX) {
		too_many(l, node);
		return;
	}
	if (!load_declared(l, node, room))
		return;
	if (words)
		map_short_words(l, words->key->mark);
	own = l->map_count;
	if (!inherit_all(l, room)) {
		too_many(l, node ? node : words);
		return;
	}
	l->is_map_broken = false;
	check_overlaps(l, own);
	check_total(l);
}
