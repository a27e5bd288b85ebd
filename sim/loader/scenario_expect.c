/*
 * scenario_expect.c - what a run should end like, and how it is drawn.
 */
#include "sim/loader/scenario_internal.h"

#include <string.h>

#include "sim/loader/explore_names.h"
#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- returns: {A.r: 0} ------------------------------------------------- */

static void load_return(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	struct expect_return *e = &s->returns[s->return_count];
	const struct tree_node *key = node->key;
	const char *dot = strchr(key->text, '.');
	const char *thread;

	if (key->kind != TREE_SCALAR)
		return;
	loader_result(l, node, &e->value);
	if (!dot) {
		loader_error(l, key,
			     "expected THREAD.RESULT, such as A.r, found '%s'",
			     key->text);
		return;
	}
	e->mark = key->mark;
	thread = pool_string(s->pool, key->text, (size_t)(dot - key->text));
	e->thread = loader_find(l, &l->threads, key, 0, "thread", thread);
	if (e->thread == NOWHERE)
		return;
	e->reg = loader_find(l, loader_registers(l, e->thread), key,
			     (size_t)(dot + 1 - key->text), "result", dot + 1);
	if (e->reg != NOWHERE)
		s->return_count++;
}

static void load_returns(struct loader *l, const struct tree_node *node)
{
	if (!node || !loader_is_map(l, node))
		return;
	l->s->returns =
		pool_alloc(l->s->pool, node->count, sizeof(*l->s->returns));
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_return(l, n);
}

/* ---- threads: {A: done} ------------------------------------------------ */

const uint32_t *loader_find_threads(struct loader *l,
				    const struct tree_node *node,
				    uint32_t *thread, uint32_t *count)
{
	const struct scenario *s = l->s;
	uint32_t group;

	if (name_index_find(&l->groups, node->text, &group)) {
		*count = s->groups[group].count;
		return s->groups[group].threads;
	}
	*thread = loader_find(l, &l->threads, node, 0, "thread", node->text);
	*count = *thread != NOWHERE;
	return thread;
}

/* @room: how many more there may be; only duplicate keys exceed it. */
static void load_expect_thread(struct loader *l, const struct tree_node *node,
			       size_t room)
{
	static const char *const states[] = {
		[THREAD_DONE] = "done",
		[THREAD_BLOCKED] = "blocked",
	};
	struct scenario *s = l->s;
	unsigned int state = 0;
	const uint32_t *threads;
	uint32_t thread, count;

	if (node->key->kind != TREE_SCALAR)
		return;
	threads = loader_find_threads(l, node->key, &thread, &count);
	if (!loader_choice(l, node, states, COUNT(states), &state))
		return;
	for (uint32_t i = 0; i < count && s->expect_thread_count < room; i++)
		s->expect_threads[s->expect_thread_count++] =
			(struct expect_thread){node->key->mark, threads[i],
					       (enum thread_state)state};
}

static void load_expect_threads(struct loader *l, const struct tree_node *node)
{
	size_t count;

	if (!node || !loader_is_map(l, node))
		return;
	/* By its name, and by that of its group. */
	count = node->count + l->s->thread_count;
	l->s->expect_threads =
		pool_alloc(l->s->pool, count, sizeof(*l->s->expect_threads));
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_expect_thread(l, n, count);
}

/* ---- words: {F: 1}, queues: {F: [C]} ----------------------------------- */

static void load_expect_words(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;

	if (!node || !loader_is_map(l, node))
		return;
	s->expect_words =
		pool_alloc(s->pool, node->count, sizeof(*s->expect_words));
	for (const struct tree_node *n = node->first; n; n = n->next) {
		struct expect_word *e = &s->expect_words[s->expect_word_count];

		if (n->key->kind != TREE_SCALAR)
			continue;
		e->mark = n->key->mark;
		e->word = loader_find(l, &l->words, n->key, 0, "word",
				      n->key->text);
		if (loader_word_value(l, n, &e->value) && e->word != NOWHERE)
			s->expect_word_count++;
	}
}

static void load_queue(struct loader *l, const struct tree_node *node)
{
	struct scenario *s = l->s;
	struct expect_queue *q = &s->queues[s->queue_count];
	const char *text;
	bool is_good = node->key->kind == TREE_SCALAR;

	if (!is_good || !loader_is_list(l, node, "threads"))
		return;
	q->mark = node->key->mark;
	q->word = loader_find(l, &l->words, node->key, 0, "word",
			      node->key->text);
	q->threads = pool_alloc(s->pool, node->count, sizeof(*q->threads));
	for (const struct tree_node *n = node->first; n; n = n->next) {
		uint32_t thread = NOWHERE;

		if (loader_text(l, n, "the name of a thread", &text))
			thread = loader_find(l, &l->threads, n, 0, "thread",
					     text);
		if (thread == NOWHERE)
			is_good = false;
		else
			q->threads[q->thread_count++] = thread;
	}
	if (is_good && q->word != NOWHERE)
		s->queue_count++;
}

static void load_queues(struct loader *l, const struct tree_node *node)
{
	if (!node || !loader_is_map(l, node))
		return;
	l->s->queues =
		pool_alloc(l->s->pool, node->count, sizeof(*l->s->queues));
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_queue(l, n);
}

/* ---- always, never, eventually, reachable ------------------------------ */

enum {
	NAME,
	THAT,
	BUILTIN,
	BECAUSE
};

static const struct field property_fields[] = {
	[NAME] = {"name", FIELD_REQUIRED},
	[THAT] = {"that", 0},
	[BUILTIN] = {"builtin", 0},
	[BECAUSE] = {"because", 0},
};

static void load_property(struct loader *l, const struct tree_node *node,
			  enum property_kind kind, struct name_index *names)
{
	const struct tree_node *values[COUNT(property_fields)];
	struct property *p = &l->s->properties[l->s->property_count];
	const char *text;

	if (!loader_fields(l, node, property_fields, COUNT(property_fields),
			   values))
		return;
	l->s->property_count++;
	p->mark = node->mark;
	p->kind = kind;
	p->name = "";
	if (values[NAME] && loader_text(l, values[NAME], "a name", &text)) {
		p->name = loader_copy(l, text);
		if (!name_index_add(names, p->name, 0))
			loader_error(l, values[NAME],
				     "a second property with the name '%s'",
				     text);
	}
	if (values[BECAUSE] &&
	    loader_text(l, values[BECAUSE], "a reason", &text))
		p->because = loader_copy(l, text);
	if (!values[THAT] == !values[BUILTIN])
		loader_error(l, node, "either `that` or `builtin`");
	if (values[THAT])
		p->that = parse_condition(l, values[THAT]);
	if (values[BUILTIN] &&
	    (kind == PROPERTY_ALWAYS || kind == PROPERTY_EVENTUALLY))
		loader_error(l, values[BUILTIN]->key,
			     "`builtin` is a bug: it belongs to `never` or "
			     "`reachable`");
	loader_verdict(l, values[BUILTIN], &p->builtin);
}

/* The four lists, in the order of enum property_kind. */
static void load_properties(struct loader *l, const struct tree_node **lists)
{
	struct name_index names = {NULL, 0, false};
	struct scenario *s = l->s;
	size_t count = 0;

	for (unsigned int i = 0; i <= PROPERTY_REACHABLE; i++)
		count += lists[i] ? lists[i]->count : 0;
	s->properties = pool_alloc(s->pool, count, sizeof(*s->properties));
	for (unsigned int i = 0; i <= PROPERTY_REACHABLE; i++) {
		if (!lists[i] || !loader_is_list(l, lists[i], "properties"))
			continue;
		for (const struct tree_node *n = lists[i]->first; n;
		     n = n->next)
			load_property(l, n, i, &names);
	}
	name_index_fini(&names);
}

/* ---- expect ------------------------------------------------------------ */

/* The properties are in the order of enum property_kind. */
enum {
	ALWAYS,
	NEVER,
	EVENTUALLY,
	REACHABLE,
	RETURNS,
	THREADS,
	WORDS,
	QUEUES,
	COVERAGE,
};

static const struct field expect_fields[] = {
	[ALWAYS] = {"always", 0},	  [NEVER] = {"never", 0},
	[EVENTUALLY] = {"eventually", 0}, [REACHABLE] = {"reachable", 0},
	[RETURNS] = {"returns", 0},	  [THREADS] = {"threads", 0},
	[WORDS] = {"words", 0},		  [QUEUES] = {"queues", 0},
	[COVERAGE] = {"coverage", 0},
};

/* It speaks of a search.  COVERAGE_NONE has no word. */
static void load_coverage(struct loader *l, const struct tree_node *node)
{
	unsigned int choice;

	if (node &&
	    loader_choice(l, node, coverage_names + COVERAGE_ANY,
			  COUNT(coverage_names) - COVERAGE_ANY, &choice))
		l->s->explore.coverage = COVERAGE_ANY + choice;
}

void load_expect(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(expect_fields)];

	if (!node || !loader_fields(l, node, expect_fields,
				    COUNT(expect_fields), values))
		return;
	load_returns(l, values[RETURNS]);
	load_expect_threads(l, values[THREADS]);
	load_expect_words(l, values[WORDS]);
	load_queues(l, values[QUEUES]);
	load_properties(l, values);
	load_coverage(l, values[COVERAGE]);
}

/* ---- expected_bug ------------------------------------------------------ */

enum {
	ID,
	KIND,
	PROFILES,
	STRICT
};

static const struct field bug_fields[] = {
	[ID] = {"id", FIELD_REQUIRED},
	[KIND] = {"kind", FIELD_REQUIRED},
	[PROFILES] = {"profiles", 0},
	[STRICT] = {"strict", 0},
};

void load_expected_bug(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(bug_fields)];
	struct expected_bug *bug = &l->s->bug;
	struct name_list profiles = {NULL, 0};
	const char *text;

	if (!node ||
	    !loader_fields(l, node, bug_fields, COUNT(bug_fields), values))
		return;
	bug->mark = node->mark;
	bug->is_given = true;
	bug->strict = true;
	if (values[ID] && loader_text(l, values[ID], "an id", &text))
		bug->id = loader_copy(l, text);
	loader_verdict(l, values[KIND], &bug->kind);
	if (values[PROFILES])
		loader_profiles(l, values[PROFILES], &profiles);
	bug->profiles = profiles.items;
	bug->profile_count = profiles.count;
	loader_flag(l, values[STRICT], &bug->strict);
}

/* ---- diagram ----------------------------------------------------------- */

enum {
	TITLE,
	FOCUS,
	HIDE,
	HIGHLIGHT
};

static const struct field diagram_fields[] = {
	[TITLE] = {"title", 0},
	[FOCUS] = {"focus", 0},
	[HIDE] = {"hide", 0},
	[HIGHLIGHT] = {"highlight", 0},
};

/* "wq.lock", "wq.*", "*.lock" or "wq"; or another name of a point. */
static void check_pattern(struct loader *l, const struct tree_node *node,
			  bool is_stop)
{
	enum event_kind kind;
	enum object_kind object;
	bool is_known = event_point_parse(node->text, &kind, &object);
	bool is_fit = is_known && (!is_stop || event_is_of_thread(kind));

	loader_points(l);
	for (unsigned int i = 0; i < l->point_count && !is_fit; i++) {
		if (!point_matches(node->text, l->point_names[i]))
			continue;
		is_known = true;
		is_fit = !is_stop || event_is_of_thread(l->point_kinds[i]);
	}
	if (!is_known)
		loader_error_name(l, node, 0, "no point has the name",
				  node->text, l->point_names, l->point_count);
	else if (!is_fit)
		loader_error(l, node, "no thread stops at '%s'", node->text);
}

void loader_patterns(struct loader *l, const struct tree_node *node,
		     bool is_stop, struct name_list *list)
{
	if (!node)
		return;
	loader_names(l, node, "points", list);
	if (node->kind != TREE_LIST)
		return;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (n->kind == TREE_SCALAR && n->length > 0)
			check_pattern(l, n, is_stop);
}

static void load_focus(struct loader *l, const struct tree_node *node)
{
	uint32_t index;

	if (!node)
		return;
	loader_names(l, node, "threads and words", &l->s->focus);
	if (node->kind != TREE_LIST || l->threads.is_incomplete ||
	    l->words.is_incomplete)
		return;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (n->kind == TREE_SCALAR && n->length > 0 &&
		    !name_index_find(&l->threads, n->text, &index) &&
		    !name_index_find(&l->words, n->text, &index))
			loader_error_unknown(l, n, 0, "unknown thread or word",
					     n->text, &l->threads, &l->words);
}

void load_diagram(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(diagram_fields)];
	const char *text;

	if (!node || !loader_fields(l, node, diagram_fields,
				    COUNT(diagram_fields), values))
		return;
	if (values[TITLE] && loader_text(l, values[TITLE], "a title", &text))
		l->s->title = loader_copy(l, text);
	load_focus(l, values[FOCUS]);
	loader_patterns(l, values[HIDE], false, &l->s->hide);
	loader_patterns(l, values[HIGHLIGHT], false, &l->s->highlight);
}
