/*
 * record_lines.c - the lines of a record that are not its first or its last.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/record_format.h"

static const char *const outcome_keys[] = {
	"outcome",  "results", "words",	      "blocked",  "verdicts",
	"expected", "runs",    "preemptions", "switches", NULL,
};
static const char *const switches_keys[] = {"of", "switches", "runs", NULL};
static const char *const node_keys[] = {"node", "depth", "outcome", "cut",
					NULL};
static const char *const edge_keys[] = {"from",		  "to",	  "runs",
					"counterexample", "legs", NULL};

const char *const record_part_names[RECORD_PARTS + 1] = {
	"outcomes", "switches", "nodes", "edges", NULL};

/* ---- lists ------------------------------------------------------------- */

/* One more, zeroed; NULL if there are too many. */
static void *add(struct reader *r, enum record_part part)
{
	struct record_list *list = &record_reader(r)->lists[part];
	char *item;

	if (list->count == list->max) {
		reader_fail_at(r, 1, "over %u %s", list->max,
			       record_part_names[part]);
		return NULL;
	}
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->items = realloc(list->items, list->room * list->size);
		if (!list->items)
			abort();
	}
	item = (char *)list->items + list->count++ * list->size;
	return memset(item, 0, list->size);
}

/* ---- fields ------------------------------------------------------------ */

/* The index of one of the things of a list that came before. */
static bool index_of(struct reader *r, const json_t *line, const char *key,
		     enum record_part part, uint32_t *value)
{
	uint32_t count = record_reader(r)->lists[part].count;

	if (!record_u32(r, line, key, UINT32_MAX, value))
		return false;
	if (*value >= count)
		return reader_fail(r, key,
				   "field '%s' is %u, and there are %u %s", key,
				   *value, count, record_part_names[part]);
	return true;
}

/* A list is numbered from 0. */
static bool in_order(struct reader *r, const json_t *line, const char *key,
		     enum record_part part)
{
	uint32_t n = 0, wanted = record_reader(r)->lists[part].count - 1;

	if (!record_u32(r, line, key, UINT32_MAX, &n))
		return false;
	return n == wanted ||
	       reader_fail(r, key, "%s %u is wanted here", key, wanted);
}

/* The few texts of legs come again and again. */
static const char *kept(struct reader *r, const json_t *value)
{
	const char *text = json_string_value(value), *copy;
	json_t *strings = record_reader(r)->strings;
	const json_t *found = json_object_get(strings, text);

	if (found)
		return (const char *)(uintptr_t)json_integer_value(found);
	copy = trace_string(r->t, text);
	json_object_set_new(strings, text,
			    json_integer((json_int_t)(uintptr_t)copy));
	return copy;
}

/* ---- lines ------------------------------------------------------------- */

static bool read_verdicts(struct reader *r, const json_t *line, uint32_t *bits)
{
	enum verdict_kind kind;
	json_t *array, *item;
	const char *name;
	size_t i;

	if (!field_array(r, line, "verdicts", &array))
		return false;
	json_array_foreach(array, i, item)
	{
		name = json_string_value(item);
		if (!name || !verdict_parse(name, &kind))
			return reader_fail(r, "verdicts",
					   "unknown verdict '%.60s'",
					   name ? name : "");
		*bits |= UINT32_C(1) << kind;
	}
	return true;
}

static bool read_outcome(struct reader *r, const json_t *line)
{
	struct record_outcome *o = add(r, RECORD_OUTCOMES);

	if (!o)
		return false;
	o->results = o->words = o->blocked = "";
	return fields_check(r, line, outcome_keys) &&
	       in_order(r, line, "outcome", RECORD_OUTCOMES) &&
	       field_string(r, line, "results", &o->results) &&
	       field_string(r, line, "words", &o->words) &&
	       field_string(r, line, "blocked", &o->blocked) &&
	       read_verdicts(r, line, &o->verdicts) &&
	       field_bool(r, line, "expected", &o->is_expected) &&
	       record_u64(r, line, "runs", UINT64_MAX, &o->runs) &&
	       record_u32(r, line, "preemptions", UINT32_MAX,
			  &o->preemptions) &&
	       record_u32(r, line, "switches", UINT32_MAX, &o->switches);
}

static bool read_switches(struct reader *r, const json_t *line)
{
	struct record_switches *s = add(r, RECORD_SWITCHES);

	if (!s || !fields_check(r, line, switches_keys) ||
	    !index_of(r, line, "of", RECORD_OUTCOMES, &s->outcome) ||
	    !record_u32(r, line, "switches", UINT32_MAX, &s->switches) ||
	    !record_u64(r, line, "runs", UINT64_MAX, &s->runs))
		return false;
	if (record_reader(r)->lists[RECORD_SWITCHES].count == 1 ||
	    s[-1].outcome < s->outcome ||
	    (s[-1].outcome == s->outcome && s[-1].switches < s->switches))
		return true;
	return reader_fail(r, "of",
			   "switches come in ascending order, by "
			   "outcome and by number");
}

static bool read_node(struct reader *r, const json_t *line)
{
	struct record_node *n = add(r, RECORD_NODES);
	uint32_t outcome = 0;
	bool is_cut = false;

	if (!n || !fields_check(r, line, node_keys) ||
	    !in_order(r, line, "node", RECORD_NODES) ||
	    !record_u32(r, line, "depth", UINT32_MAX, &n->depth) ||
	    !field_bool(r, line, "cut", &is_cut))
		return false;
	n->outcome = is_cut ? RECORD_CUT : RECORD_OPEN;
	if (!json_object_get(line, "outcome"))
		return true;
	if (is_cut)
		return reader_fail(r, "cut",
				   "a node that is cut has no "
				   "outcome");
	if (!index_of(r, line, "outcome", RECORD_OUTCOMES, &outcome))
		return false;
	n->outcome = (int32_t)outcome;
	return true;
}

static bool read_leg(struct reader *r, const json_t *item,
		     struct record_leg *leg)
{
	const json_t *mover = json_array_get(item, 0);
	const json_t *first = json_array_get(item, 1);
	const json_t *last = json_array_get(item, 2);
	uint64_t steps = 0;

	if (json_array_size(item) != 4 || !json_is_string(mover) ||
	    !json_is_string(first) || !json_is_string(last))
		return reader_fail(r, "legs",
				   "a leg is [mover, first, last, steps]");
	if (!value_unsigned(r, json_array_get(item, 3), "legs", UINT32_MAX,
			    &steps))
		return false;
	if (!steps)
		return reader_fail(r, "legs", "a leg has one step at least");
	*leg = (struct record_leg){kept(r, mover), kept(r, first),
				   kept(r, last), (uint32_t)steps};
	return true;
}

static bool read_legs(struct reader *r, const json_t *line,
		      struct record_edge *e)
{
	json_t *array, *item;
	size_t i;

	if (!field_required(r, line, "legs") ||
	    !field_array(r, line, "legs", &array))
		return false;
	if (!json_array_size(array))
		return reader_fail(r, "legs", "an edge has one leg at least");
	e->leg_count = (uint32_t)json_array_size(array);
	e->legs = trace_alloc(r->t, e->leg_count * sizeof(*e->legs));
	json_array_foreach(array, i, item)
	{
		if (!read_leg(r, item, &e->legs[i]))
			return false;
	}
	return true;
}

static bool read_edge(struct reader *r, const json_t *line)
{
	const struct record_list *nodes =
		&record_reader(r)->lists[RECORD_NODES];
	struct record_edge *e = add(r, RECORD_EDGES);

	if (!e || !fields_check(r, line, edge_keys) ||
	    !index_of(r, line, "from", RECORD_NODES, &e->from) ||
	    !index_of(r, line, "to", RECORD_NODES, &e->to) ||
	    !record_u64(r, line, "runs", UINT64_MAX, &e->runs) ||
	    !field_bool(r, line, "counterexample", &e->is_counterexample) ||
	    !read_legs(r, line, e))
		return false;
	if (((const struct record_node *)nodes->items)[e->from].outcome !=
	    RECORD_OPEN)
		return reader_fail(r, "from", "node %u is an end", e->from);
	if (record_reader(r)->lists[RECORD_EDGES].count > 1 &&
	    e[-1].from > e->from)
		return reader_fail(r, "from",
				   "edges come in ascending order of 'from'");
	return true;
}

/* ---- which line ------------------------------------------------------- */

bool record_read_line(struct reader *r, const json_t *line)
{
	static bool (*const readers[])(struct reader * r,
				       const json_t *line) = {
		read_outcome, read_switches, read_node, read_edge};
	static const char *const keys[] = {"outcome", "of", "node", "from"};
	enum record_part part = RECORD_OUTCOMES;

	if (json_object_get(line, keys[RECORD_NODES]))
		part = RECORD_NODES;
	else if (json_object_get(line, keys[RECORD_EDGES]))
		part = RECORD_EDGES;
	else if (json_object_get(line, keys[RECORD_SWITCHES]))
		part = RECORD_SWITCHES;
	else if (!json_object_get(line, keys[RECORD_OUTCOMES]))
		return reader_fail_at(r, 1, "this line is none of a record");
	if (part < record_reader(r)->part)
		return reader_fail(r, keys[part],
				   "%s come before %s in a record",
				   record_part_names[part],
				   record_part_names[record_reader(r)->part]);
	record_reader(r)->part = part;
	return readers[part](r, line);
}
